// Comfort on the feedback form and its receipt; without scripts both work the plain way.
d.addEventListener('DOMContentLoaded',function(){
var f=d.getElementById('f'),DAY=864e5,draft=DRAFT+'gop-y',main=d.getElementById('main'),msg,err,kept,content,max,sending,label

function id(x){return d.getElementById(x)}
function all(q,fn,from){[].forEach.call((from||f).querySelectorAll(q),fn)}
function value(n){var e=f.elements[n];return e?e.value:''}
function kind(){var k=f.querySelector('[name=kind]:checked');return k?k.value:''}
function size(){return content.value.trim().replace(/[\ud800-\udbff]./g,'-').length}
function say(t,n,m){return t.replace('{0}',typeof n=='number'?n.toLocaleString(root.lang):n).replace('{1}',m)}
function fields(fn){[].forEach.call(f.elements,function(e){if(e.name&&e.value&&e.type!='file'&&(e.checked||!/radio|checkbox/.test(e.type)))fn(e)})}
function files(){var l=[];all('[type=file]',function(e){l=l.concat([].slice.call(e.files||[]))});return l}
function button(t){f.querySelector('.send').textContent=t}

// Receipts that came while nobody looked, or whose page was left: kept for a week, a denunciation's never.
function receipts(box){
Object.keys(memory).concat(function(){try{return Object.keys(localStorage)}catch(e){return[]}}()).sort().forEach(function(k,i,ks){
var v=k.indexOf(RECEIPT)==0&&ks.indexOf(k)==i&&get(k),b
if(!v)return
if(new Date-v.t>7*DAY)return drop(k)
if(!box.firstChild)make('h2',T.receipts,box)
b=make('p',new Date(v.t).toLocaleString(root.lang)+' ',box)
b=make('p','',box)
make('button',T.open,b,function(){put(k,v);shown(v.p)}).className='quiet'
make('button',T.forget,b,function(){drop(k);location.reload()}).className='quiet'
})
if(box.firstChild)box.className='box'
}
// shown puts a receipt where the form was.
function shown(page){
[].slice.call(main.children).forEach(function(e){if(e.id!='bar')main.removeChild(e)})
main.insertAdjacentHTML('beforeend',page)
receipt()
d.title=id('receipt').textContent
scrollTo(0,0)
id('receipt').focus()
}
function receipt(){
var p=id('print'),key=id('receipt').getAttribute('data-key'),code=main.querySelector('.code').textContent
drop(HELD+key)
drop(draft)
show()
make('button',T.print,p,function(){print()}).className='quiet'
if(get(RECEIPT+code))make('button',T.forget,p,function(){drop(RECEIPT+code);location.href='/'}).className='quiet'
}
if(id('receipt'))return receipt()
if(!f)return

msg=id('msg');err=id('err');kept=id('kept');content=id('content');max=+f.getAttribute('data-max')
label=f.querySelector('.send').textContent
receipts(id('receipts'))

function left(){
var n=max-size()
id('left').textContent=n<0?say(T.over,max):n<max/10?say(T.left,n):''
}
function changed(){
var v={},any,secret=kind()=='denunciation'
fields(function(e){
if(e.type=='hidden'||e.name=='consent'||e.name=='publish'||secret&&/^contact/.test(e.name))return
any=v[e.name]=e.value
})
if(any)put(draft,{t:+new Date,v:v})
else drop(draft)
left()
}
f.addEventListener('change',changed)
f.addEventListener('input',changed)

// A draft of the last day comes back, says so, and never over what the page already holds. Consent is given anew.
var old=get(draft),some
if(old&&new Date-old.t<DAY){
Object.keys(old.v).forEach(function(n){
if(f.querySelector('[name="'+n+'"]:checked'))return
all('[name="'+n+'"]',function(e){
if(/radio|checkbox/.test(e.type)){if(e.value==old.v[n])e.checked=some=true}
else if(!e.value)e.value=old.v[n],some=true
})
})
all('details',function(e){all('select,input',function(x){if(x.value)e.open=true},e)})
if(some)kept.className='box has'
}else drop(draft)
kept.lastChild.onclick=function(){drop(draft);location.reload()}
left()

function clean(){
kept.className=msg.className=err.className=msg.textContent=err.textContent=''
all('.er',function(e){e.parentNode.removeChild(e)})
all('[aria-invalid]',function(e){
e.removeAttribute('aria-invalid')
e.setAttribute('aria-describedby',(e.getAttribute('aria-describedby')||'').replace(/(^| )e-\S+/g,'').trim())
})
}
function tell(box,look){box.className=look;box.setAttribute('role','alert');box.tabIndex=-1;box.focus()}
function note(text){make('p',text,msg);button(T.resend);tell(msg,'box')}
// fail shows errors as the server would: a linked list on top, and a message at each field.
function fail(list){
make('h2',T.fix,err)
var ul=make('ul','',err)
list.forEach(function(x){
var e=id(x.field),at,p,name=x.label
make(e?'a':'span',(name?name+': ':'')+x.message,make('li','',ul)).href='#'+x.field
if(!e)return
at=e.type=='radio'||e.type=='checkbox'?e.parentNode:e
p=at.parentNode.insertBefore(make('p',x.message,at.parentNode),at)
p.className='er'
p.id='e-'+x.field
if(e.type=='radio'){e=id('kinds');e.setAttribute('role','radiogroup')}
e.setAttribute('aria-invalid',true)
e.setAttribute('aria-describedby',p.id+' '+(e.getAttribute('aria-describedby')||''))
while(e!=f){if(e.tagName=='DETAILS')e.open=true;e=e.parentNode}
})
tell(err,'box bad')
}
function wrong(){
var k=kind(),named=k=='complaint'||k=='denunciation',list=[],many=+f.getAttribute('data-files'),mb=+f.getAttribute('data-size')
function need(n,is,message){if(is)list.push({field:n,message:message||id(n).getAttribute('data-need')})}
need('content',!size())
need('content',size()>max,say(T.over,max))
need('kind',!k)
need('contact.name',named&&!value('contact.name').trim())
need('contact.phone',named&&!value('contact.phone').trim()&&!value('contact.address').trim())
need('anonymous',named&&id('anonymous').checked)
need('files',files().length>many,say(T.many,many))
files().forEach(function(x){need('files',x.size>mb*1048576,say(T.large,x.name,mb))})
need('consent',!id('consent').checked)
return list
}

f.addEventListener('submit',function(ev){
var url=f.getAttribute('action'),key=f.elements.key,b=[],list,body,secret=kind()=='denunciation',some=files()[0],hold=!some&&!secret
if(some&&!window.FormData)return
ev.preventDefault()
if(sending)return
clean()
list=wrong()
if(list[0])return fail(list)
fields(function(e){b.push(e.name+'='+encodeURIComponent(e.value))})
body=some?new FormData(f):b.join('&')
// Kept before it is sent: a page closed halfway loses nothing, and the key makes sending twice harmless.
if(hold)put(HELD+key.value,{u:url,b:body,s:content.value})
sending=busy=1
button(T.posting)
post(url,body,function(is,j,x){
sending=busy=0
button(label)
if(is=='later'){
if(secret)return note(T.offlinesecret)
if(some)return note(T.offlinefiles)
drop(draft)
f.reset()
root.className='js sent'
d.querySelector('h1').textContent=T.thanks
again(x)
tell(id('bar'),id('bar').className)
return scrollTo(0,0)
}
drop(HELD+key.value)
if(is=='ok'){
if(!secret)put(RECEIPT+j.code,{t:+new Date,p:j.page})
return shown(j.page)
}
changed()
if(j.errors)return fail(j.errors)
if(j.key)key.value=j.key
note(reason(j))
},function(e){if(e.lengthComputable)button(say(T.posted,Math.floor(100*e.loaded/e.total)))})
})
})
