// Answers that could not be sent: kept on this device until the server acknowledges them.
// What follows in the same scope shows them, bar.js on a phone and kiosk.js on a tablet: it defines show(), called whenever
// the queue has changed, and sent(request, answer), called for each one acknowledged.
var d=document,root=d.documentElement,memory={},inMemory=0,HELD='sipas-q-',busy=0,pause=0,code=0,timer
root.className='js'

// Storage. Private mode and full disks throw: then memory has to do, and the page says that it must stay open.
function put(k,v){v=JSON.stringify(v);try{localStorage.setItem(k,v);delete memory[k]}catch(e){memory[k]=v;inMemory=1}}
function get(k){try{return JSON.parse(memory[k]||localStorage.getItem(k))}catch(e){return null}}
function drop(k){delete memory[k];try{localStorage.removeItem(k)}catch(e){}}
// held lists the keys of waiting answers, or of those that the server has refused, the oldest first.
function held(refused){
var ks=Object.keys(memory),i
try{for(i=0;i<localStorage.length;i++)ks.push(localStorage.key(i))}catch(e){}
return ks.filter(function(k,i){var v=k.indexOf(HELD)==0&&get(k);return v&&!v.no==!refused&&ks.indexOf(k)==i}).sort()
}

function make(tag,text,parent,click){
var e=d.createElement(tag);e.textContent=text
if(click){e.type='button';e.onclick=click}
return parent.appendChild(e)
}

// post calls done with the outcome: 'ok' (acknowledged), 'no' (refused for good) or 'later'.
// Only our own JSON counts: the sign-in page of a public Wi-Fi also answers 200. A body that is no text has files in it.
function post(url,body,done,progress){
var x=new XMLHttpRequest,text=body+''===body
x.open('POST',url)
x.timeout=text?3e4:12e5
if(text)x.setRequestHeader('Content-Type','application/x-www-form-urlencoded')
else x.upload.onprogress=progress
x.setRequestHeader('Accept','application/json')
x.onloadend=function(){
var s=x.status,j
try{j=JSON.parse(x.responseText)}catch(e){}
j=j||{}
done((s==200||s==201)&&(j.id||j.page)?'ok':s>399&&s<500&&s!=408&&s!=429&&j.title?'no':'later',j,x)
}
x.send(body)
}

// reason is what the server says about a refusal.
function reason(j){return[j.title,j.detail].filter(Boolean).join('. ').replace(/\.*$/,'.')}

// again tries later: in growing pauses, not before the server wants it, and not all phones at once.
function again(x){
code=x.status
pause=Math.min(Math.max(pause*2,5),300)
clearTimeout(timer)
timer=setTimeout(flush,1e3*Math.max(pause,+x.getResponseHeader('Retry-After')||0)*(1+Math.random()*.3))
show()
}

// flush sends one after the other, the same key every time: the server counts it once, however often it arrives.
function flush(){
var k=held()[0],v
if(busy)return
clearTimeout(timer)
show()
if(!k)return
v=get(k)
busy=1
show()
post(v.u,v.b,function(is,j,x){
busy=0
if(is=='later')return again(x)
pause=0
if(is=='ok'){drop(k);sent(x,v)}
else{v.no=reason(j);v.k=j.key;put(k,v)}
show()
flush()
})
}
d.addEventListener('DOMContentLoaded',function(){
flush()
addEventListener('online',flush)
d.addEventListener('visibilitychange',function(){if(!d.hidden)flush()})
})
