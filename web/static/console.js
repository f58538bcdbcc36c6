// Comfort for staff; every page works without it.
(function(){
var d=document
function all(q,fn,from){[].forEach.call((from||d).querySelectorAll(q),fn)}
function typing(e){return/^(INPUT|SELECT|TEXTAREA)$/.test(e.tagName)&&e.type!='checkbox'||e.isContentEditable}
function rows(){return[].slice.call(d.querySelectorAll('#list tbody tr')).filter(function(r){return r.querySelector('a')})}

// Keys: / filters, j and k walk along the rows, Enter opens (the link has the focus), x ticks, ? lists the keys.
function walk(step){
var list=rows(),at=list.indexOf(d.querySelector('tr.at')),to=list[Math.min(Math.max(at+step,0),list.length-1)]
if(!to)return
all('tr.at',function(r){r.classList.remove('at')})
to.classList.add('at')
to.querySelector('a').focus()
to.scrollIntoView({block:'nearest'})
}
d.addEventListener('keydown',function(e){
if(e.ctrlKey||e.metaKey||e.altKey||typing(e.target))return
var filter=d.querySelector('.filter input,.filter select'),keys=d.getElementById('keys')
if(e.key=='/'&&filter){e.preventDefault();filter.focus()}
else if(e.key=='j')walk(1)
else if(e.key=='k')walk(-1)
else if(e.key=='x'){var box=d.querySelector('tr.at input[type=checkbox]');if(box)box.checked=!box.checked}
else if(e.key=='?'&&keys.showModal&&!keys.open)keys.showModal()
})

d.addEventListener('DOMContentLoaded',function(){
var errors=d.querySelector('.box[role=alert]')
if(errors){errors.tabIndex=-1;errors.focus()}
all('[data-copy]',function(e){
var b=d.createElement('button'),text=e.textContent
if(!navigator.clipboard)return
b.type='button'
b.className='quiet'
b.textContent=e.getAttribute('data-copy')
b.onclick=function(){navigator.clipboard.writeText(text).then(function(){b.textContent=e.getAttribute('data-copied')})}
e.appendChild(b)
})
all('[data-print]',function(b){
b.hidden=false
b.onclick=function(){print()}
})
// A form sent twice by a double click is sent once. That is kept outside the form, whose properties are its fields.
all('form[method=post]',function(f){
var sent
f.addEventListener('submit',function(e){
if(sent)return e.preventDefault()
sent=true
setTimeout(function(){sent=false},4000)
})
})
})
})();
