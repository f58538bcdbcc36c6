// Keeps the kiosk's page on the tablet, so that it opens without a network. Whatever else is asked for goes its way.
var KEPT='sipas-kiosk'

// patient fetches; a network that swallows everything for eight seconds is a dead one.
function patient(request){
return new Promise(function(yes,no){
setTimeout(no,8e3)
fetch(request).then(yes,no)
})
}

addEventListener('install',function(){skipWaiting()})
addEventListener('activate',function(e){e.waitUntil(clients.claim())})
addEventListener('fetch',function(e){
if(e.request.mode!='navigate'||e.request.method!='GET')return
e.respondWith(caches.open(KEPT).then(function(c){
function kept(){return c.match(e.request,{ignoreVary:true})}
return patient(e.request).then(function(a){
if(a.ok)return c.put(e.request,a.clone()).then(function(){return a},function(){return a})
// The server or the proxy before it is away. That a code is closed or unknown is an answer.
if(a.status>499||a.status==429)return kept().then(function(k){return k||a})
return a
},function(){return kept().then(function(k){return k||Response.error()})})
}))
})
