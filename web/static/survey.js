// Comfort on the survey form; without scripts the form works the plain way.
d.addEventListener('DOMContentLoaded',function(){
var f=d.getElementById('f'),code=f.getAttribute('data-code'),draft=DRAFT+code,max=+f.getAttribute('data-max'),
comment=d.getElementById('comment'),kept=d.getElementById('kept'),err=d.getElementById('err'),msg=d.getElementById('msg'),
sending,wait,label=f.querySelector('.send').textContent

function all(q,fn,from){[].forEach.call((from||f).querySelectorAll(q),fn)}
function fields(fn){[].forEach.call(f.elements,function(e){if(e.name&&e.value&&(e.type!='radio'||e.checked))fn(e)})}
function chosen(q){var c=q.querySelector(':checked');return c?c.value:''}
function choose(q,v){all('input',function(e){e.checked=e.value===v},q)}
function size(){return comment.value.replace(/[\ud800-\udbff]./g,'-').length}
function button(text){all('.send',function(b){b.textContent=text})}
function up(e,re){while(!re.test(e.tagName+' '+e.className))e=e.parentNode;return e}

// update shows what follows from the choices: buttons of whole groups, ways to clear, characters left.
function update(){
all('.q',function(q){q.lastChild.className=chosen(q)?'cl has':'cl'})
all('.all button',function(b){
var same=true
all('.q',function(q){same=same&&chosen(q)==b.value},up(b,/^SECTION/))
b.setAttribute('aria-pressed',same)
})
clearTimeout(wait)
wait=setTimeout(function(){
var n=max-size()
d.getElementById('left').textContent=n<0?T.over.replace('{0}',max.toLocaleString(root.lang)):n<max?T.left.replace('{0}',n.toLocaleString(root.lang)):''
},700)
}
function changed(){
var v={},any
fields(function(e){if(e.type!='hidden')any=v[e.name]=e.value})
if(any&&code)put(draft,{t:+new Date,v:v})
else drop(draft)
update()
}
f.addEventListener('change',changed)
f.addEventListener('input',changed)

// Take a choice back. A second tap on the same face does not: people tap twice.
all('.q',function(q){
var b=make('button',T.clear,q,function(){choose(q);q.querySelector('input').focus();changed()})
make('span',': '+q.firstElementChild.textContent,b).className='vh'
})
// One answer for a whole factor; the same button again brings back what was there.
all('.all button',function(b){b.onclick=function(){
var s=up(b,/^SECTION/),on=b.getAttribute('aria-pressed')=='true'
if(!on&&!s.querySelector('[aria-pressed=true]')){s.was=[];all('.q',function(q){s.was.push(chosen(q))},s)}
all('.q',function(q,i){choose(q,on?s.was?s.was[i]:'':b.value)},s)
changed()
}})

// A draft of the last 24 hours comes back, says so, and never over what the page already holds.
var old=get(draft),some
if(old&&new Date-old.t<864e5){
Object.keys(old.v).forEach(function(n){
var at='[name="'+n+'"]'
if(f.querySelector(at+':checked'))return
all(at,function(e){
if(e.type=='radio'){if(e.value==old.v[n])e.checked=some=true}
else if(!e.value)e.value=old.v[n],some=true
})
})
if(some)kept.className='box has'
}else drop(draft)
all('details',function(e){if(e.querySelector(':checked'))e.open=true})
kept.lastChild.onclick=function(){f.reset();clean();changed();scrollTo(0,0)}
update()

function clean(){
kept.className=msg.className=err.className=msg.textContent=err.textContent=''
all('.er',function(e){e.parentNode.removeChild(e)})
all('[aria-invalid]',function(e){
e.removeAttribute('aria-invalid')
if(e==comment)e.setAttribute('aria-describedby','hint')
else e.removeAttribute('aria-describedby')
})
}
function tell(box,kind){box.className=kind;if(box.id!='bar')box.setAttribute('role','alert');box.tabIndex=-1;box.focus()}
// fail shows errors as the server would: a linked list on top, and a message at each field.
function fail(list){
make('h2',T.fix,err)
var ul=make('ul','',err)
list.forEach(function(x){
var id=x.field.replace(/^answers$/,'overall').replace('answers.','q').replace('extra.','x_').replace('profile.','p_'),e=d.getElementById(id),box,p,radio
make(e?'a':'span',x.message,make('li','',ul)).href='#'+id
if(!e)return
radio=e.type=='radio'
box=up(e,/ (q|fl)$/)
p=box.insertBefore(make('p',x.message,box),radio?box.children[1]:e)
p.className='er'
p.id='e-'+id
if(radio){e=box;e.setAttribute('role','radiogroup')}
e.setAttribute('aria-invalid',true)
e.setAttribute('aria-describedby',p.id+(e==comment?' hint':''))
e=up(e,/^(DETAILS|FORM)/)
if(e!=f)e.open=true
})
tell(err,'box bad')
}

f.addEventListener('submit',function(ev){
var url=f.getAttribute('action'),k,s=[],b=[],list=[],area=f.querySelector('[aria-required]')
ev.preventDefault()
if(sending)return
clean()
if(area&&!area.value)list.push({field:'area',message:T.area})
if(!f.querySelector('[name=overall]:checked,[name^=q]:checked'))list.push({field:'overall',message:T.need})
if(size()>max)list.push({field:'comment',message:T.over.replace('{0}',max.toLocaleString(root.lang))})
if(list[0])return fail(list)
fields(function(e){b.push(e.name+'='+encodeURIComponent(e.value))})
all('.q',function(q){var c=q.querySelector(':checked');if(c)s.push(q.firstElementChild.textContent+': '+c.parentNode.textContent.trim())})
// Kept before it is sent: a page closed halfway loses nothing, and the key makes sending twice harmless.
put(k=HELD+f.elements.key.value,{u:url,b:b.join('&'),s:s.concat(comment.value).join('\n')})
drop(draft)
sending=busy=1
button(T.posting)
post(url,b.join('&'),function(is,j,x){
sending=busy=0
button(label)
if(is=='later'){
f.reset()
root.className='js sent'
d.querySelector('h1').textContent=T.thanks
again(x)
s=d.getElementById('bar')
tell(s,s.className)
return scrollTo(0,0)
}
drop(k)
if(is=='ok'){
f.reset()
return location.replace(whereTo(x)||url+'/cam-on')
}
changed()
if(j.errors)return fail(j.errors)
if(j.key){f.elements.key.value=j.key;button(label=T.resend)}
make('p',reason(j),msg)
tell(msg,'box')
})
})
})
