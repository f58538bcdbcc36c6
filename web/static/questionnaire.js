// Writing a questionnaire. The buttons work without this script; with it the page says what is not saved yet.
(function(){
var d=document
function draft(){return d.getElementById('draft')}
function mark(f){f.setAttribute('data-unsaved','');f.querySelector('.unsaved').hidden=false}
d.addEventListener('input',function(e){var f=draft();if(f&&f.contains(e.target))mark(f)})
d.addEventListener('submit',function(e){if(e.target.id=='draft')e.target.leaving=true})
addEventListener('beforeunload',function(e){var f=draft();if(f&&f.hasAttribute('data-unsaved')&&!f.leaving)e.preventDefault()})
// What cannot be done in the page (the session has ended, the server is away) is done by sending the form plainly: the
// server then gives back what was typed.
function plainly(e){
var b=e.target,f=draft()
if(!f||b.name!='do'||!f.contains(b))return
if(e.type=='htmx:beforeOnLoad'&&e.detail.xhr.status==200)return
e.preventDefault()
var h=d.createElement('input')
h.type='hidden'
h.name='do'
h.value=b.value
f.appendChild(h)
f.leaving=true
f.submit()
}
d.addEventListener('htmx:beforeOnLoad',plainly)
d.addEventListener('htmx:sendError',plainly)
})();
