// The kiosk's page itself: kept on the tablet where that is allowed, loaded anew when the server has another edition, and the
// screen kept on.
var HERE=location.pathname+location.search,reached,stale,kept,awake

// look asks the server for the head of this page, and calls then(reached) if given.
// Only an answer of our own server counts: it bears a request id, the sign-in page of a public Wi-Fi does not.
function look(then){
var x=new XMLHttpRequest
x.open('HEAD',HERE)
x.timeout=3e4
x.onloadend=function(){
var s=x.status,tag=/"(\w+)"/.exec(x.getResponseHeader('ETag'))
reached=0
if(x.getResponseHeader('X-Request-Id')&&(s==200||s==404||s==410)){
stale=tag&&tag[1]!=K.Edition
heard(s==200)
}
show()
if(then)then(reached)
}
x.send()
}
// heard notes that the server is there, and whether it takes answers at present.
function heard(open){
var was=resting
reached=1
resting=!open
if(open)keepPage()
if(!was!=!resting&&at===0&&!given.overall&&!staffed)draw()
}

// keepPage stores the page and its worker, which only https and the machine itself allow; until it is stored, every time that
// the server is heard of.
function keepPage(){
var worker=navigator.serviceWorker
if(kept||!worker||!window.caches)return
worker.register('/kiosk/sw.js').then(function(){return caches.open('sipas-kiosk')}).then(function(c){
return c.match(HERE).then(function(page){return page||c.add(HERE)})
}).then(function(){return worker.ready}).then(function(){
kept=1
show()
if(navigator.storage&&navigator.storage.persist)return navigator.storage.persist()
}).then(null,function(){})
}

// stayAwake has to be asked for again each time the page comes back to the screen.
function stayAwake(){
if(navigator.wakeLock&&!d.hidden&&!awake)navigator.wakeLock.request('screen').then(function(lock){
awake=1
show()
lock.addEventListener('release',function(){awake=0})
},function(){})
}

d.addEventListener('DOMContentLoaded',function(){
keepPage()
stayAwake()
look()
setInterval(look,3e5)
addEventListener('online',function(){look()})
d.addEventListener('visibilitychange',stayAwake)
d.addEventListener('click',stayAwake)
})
