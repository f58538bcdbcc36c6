// The box on every citizen page that shows the answers kept on this phone.
// survey.js follows in the same scope and adds to the queue.
var DRAFT='sipas-d-',SENT='sipas-s',RECEIPT='sipas-r-',said='',listed=''

function whereTo(x){var l=x.getResponseHeader('Location');return /^\/(?!\/)/.test(l)?l:''}

function say(text){if(said!=text)d.querySelector('#bar p').textContent=said=text}
function show(){
var bar=d.getElementById('bar'),wait=held(),no=held(1),ks=wait.concat(no),list=bar.lastChild
if(wait[0])say(busy?T.sending:(code?T.busy:T.held)+' '+(inMemory?T.memory:T.count).replace('{0}',wait.length))
else if(said!=T.sent)say('')
bar.className=ks[0]||said?wait[0]&&!busy?'on go':'on':''
if(listed==ks+'-'+no)return
listed=ks+'-'+no
list.textContent=''
ks.forEach(function(k){
var v=get(k),b=make('div','',list),s
if(v.no)make('p',T.refused+' '+v.no+' '+T.kept,b)
s=make('details','',b)
make('summary',T.show,s)
make('pre',v.s,s)
if(v.k)make('button',T.again,b,function(){
drop(k)
put(HELD+v.k,{u:v.u,b:v.b.replace(/(^|&)key=[^&]*/,'$1key='+v.k),s:v.s})
flush()
})
make('button',T.discard,v.no?b:s,function(){drop(k);show()})
})
}

function sent(x){
var to=whereTo(x),j=JSON.parse(x.responseText)
if(j.page)put(RECEIPT+j.code,{t:+new Date,p:j.page}) // feedback.js shows it
say(' ')
say(T.sent)
put(SENT,1)
drop(SENT)
if(to)make('a',' '+T.receipt,d.querySelector('#bar p')).href=to
}
d.addEventListener('DOMContentLoaded',function(){
d.querySelector('#bar>button').onclick=flush
// Another tab has kept, sent or discarded something.
addEventListener('storage',function(e){if(e.key==SENT)say(T.sent);show()})
})
