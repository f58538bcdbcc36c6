// Typing in paper forms. Without this script Tab leads from cell to cell; with it the number itself does, and what it
// stands for is shown at once, so that a wrong one is seen before the form is saved.
(function(){
var d=document
d.addEventListener('DOMContentLoaded',function(){
var form=d.getElementById('paper')
if(!form)return
var save=d.getElementById('save'),stops=[].filter.call(form.elements,function(e){return e.type!='hidden'&&e.tagName!='FIELDSET'&&e.tagName!='OUTPUT'})
function go(from,step){var to=stops[stops.indexOf(from)+step];if(to)to.focus()}
function cell(e){return e.classList.contains('cell')}

// echo shows what the number in a cell stands for: beside it, and marked in its own list of answers.
function echo(c){
var list=d.getElementById(c.getAttribute('data-list')).children,at=list[c.value-1]
var said=c.value==='0'?c.getAttribute('data-none'):at?at.querySelector('span').textContent:'',wrong=c.value!==''&&!said
if(c.parentNode.classList.contains('pick'))[].forEach.call(list,function(li){li.classList.toggle('on',li==at)})
d.getElementById('w-'+c.name).textContent=wrong?form.getAttribute('data-range').replace('{0}',c.getAttribute('data-least')).replace('{1}',c.getAttribute('data-most')):said
if(wrong)c.setAttribute('aria-invalid','true')
else c.removeAttribute('aria-invalid')
return!wrong
}

form.addEventListener('input',function(e){
var c=e.target
if(!cell(c))return
var skip=/^[ .,+-]$/.test(c.value)
c.value=c.value.replace(/\D/g,'')
if(!echo(c))c.select()
else if(skip||c.value!==''&&(c.value==='0'||c.value*10>c.getAttribute('data-most')))go(c,1)
})
form.addEventListener('focusin',function(e){if(cell(e.target))e.target.select()})
form.addEventListener('keydown',function(e){
var c=e.target,step=0
if(e.altKey||e.metaKey)return
if(e.key=='Enter'&&(e.ctrlKey?c.tagName=='TEXTAREA':c.tagName=='SELECT')){e.preventDefault();save.click()}
if(e.ctrlKey||!cell(c))return
if(e.key=='ArrowDown'||e.key=='ArrowRight')step=1
if(e.key=='ArrowUp'||e.key=='ArrowLeft'||e.key=='Backspace'&&c.value==='')step=-1
if(step){e.preventDefault();go(c,step)}
})

// An area is found by its first letters as well, written without marks; by its number the browser finds it.
var area=d.getElementById('area'),typed='',last=0
function plain(s){return s.normalize('NFD').replace(/[\u0300-\u036f]/g,'').replace(/[đĐ]/g,'d').toLowerCase()}
if(area)area.addEventListener('keydown',function(e){
if(e.key.length!=1||/[\d ]/.test(e.key)||e.ctrlKey||e.altKey||e.metaKey)return
e.preventDefault()
typed=(e.timeStamp-last<1000?typed:'')+plain(e.key)
last=e.timeStamp
var found=[].filter.call(area.options,function(o){return plain(o.text).replace(/^\d+ · /,'').indexOf(typed)==0})[0]
if(found)area.value=found.value
})

;[].forEach.call(form.querySelectorAll('[hidden]'),function(e){e.hidden=false})
// The first cell of a form, rather than the box above it that says why it came back.
var first=form.querySelector('[autofocus]')
if(first)first.focus()
})
})();
