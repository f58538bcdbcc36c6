// The survey on a tablet at the desk: one thought a screen, and nothing of a citizen is left for the next.
// What a citizen has given lives in `given` and in the screen's elements until it goes into the queue. There is no draft, and
// no screen has an address, so that Back finds nothing.
HELD='sipas-k-'
var IDLE=45,WARN=20,THANKS=8,home=root.lang,lang=home,T=TEXTS[home],
given={},draft,started,at=0,idle=0,shown,touched,deaf=0,resting,view

function id(name){return d.getElementById(name)}
function fill(text,a,b){return text.replace('{0}',a).replace('{1}',b)}
function face(level,parent){parent.insertBefore(id('faces').children[level-1].cloneNode(true),parent.firstChild)}
function button(text,parent,kind,click){
var b=make('button',text,parent,click)
b.className=kind
return b
}

// steps lists the screens that follow the first.
function steps(){
var w=K.Languages[lang],list=[]
function group(prefix,questions,scale){
return questions.map(function(q){return{name:prefix+q.ID,text:q.Text,options:scale||q.Options,none:q.NotApplicable,faces:scale}})
}
if(w.Areas)list.push({title:T.whicharea,ask:[{name:'area',options:w.Areas}]})
w.Factors.forEach(function(f){list.push({title:f.Name,ask:group('q',f.Criteria,w.Scale)})})
if(w.Extra[0])list.push({title:T.extra,ask:group('x_',w.Extra)})
list.push({title:T.comment,note:fill(T.commenthint,K.MaxComment),write:1})
list.push({title:T.profile,note:T.profilehint,ask:group('p_',w.Profile)})
return list
}

// draw shows the screen `at`: 0 the first question, then the steps, 'thanks' after them.
function draw(){
var w=K.Languages[lang],main=id('main'),nav=id('nav'),head=id('head'),list,b
T=TEXTS[lang]
list=steps()
root.lang=lang
d.title=T.title+' – '+w.OfficeName
main.textContent=nav.textContent=''
root.className='js at'+(at>0?'step':at||'first')
id('office').textContent=w.OfficeName
while(head.children[2])head.removeChild(head.children[2])
if(at>0)button(T.restart,head,'lg',reset)
if(at!='thanks'){
b=button(T.other,head,'lg',function(){lang=b.lang;draw();head.lastChild.focus()})
b.lang=lang=='vi'?'en':'vi'
}
if(at=='thanks')drawThanks(main)
else if(at)drawStep(main,nav,list)
else if(resting)drawTitle(main,T.resting,T.elsewhere)
else drawFirst(main,w)
scrollTo(0,0)
// People tap twice: the second tap must not answer what has just come up.
deaf++
setTimeout(function(){deaf--},500)
}
function go(to){
at=to
draw()
id('h').focus()
}

function drawTitle(main,title,text){
var h=make('h1',title,main)
h.id='h'
h.tabIndex=-1
if(text)make('p',text,main).className='lead'
}

function drawFirst(main,w){
var p,row
drawTitle(main,T.heading)
p=make('p',[w.AreaName&&T.area+' '+w.AreaName,w.DeskName].filter(Boolean).join(' · '),main)
p.className='ctx'
row=make('div','',main)
row.className='first'
row.setAttribute('role','group')
row.setAttribute('aria-labelledby','h')
w.Scale.forEach(function(o){
var b=button('',row,'o',function(){
given.overall=o.Value
started=started||new Date().toISOString()
go(1)
})
make('span',o.Text,b)
face(o.Value,b)
b.setAttribute('aria-pressed',given.overall==o.Value)
})
make('p',T.touch+' '+T.about,main).className='note'
}

function drawStep(main,nav,list){
var s=list[at-1],w=K.Languages[lang],p
drawTitle(main,s.title)
if(at==1){
p=make('p','',main)
p.className='got'
make('span',fill(T.got,w.Scale[given.overall-1].Text),p)
face(given.overall,p)
}
if(s.note)make('p',s.note,main).className='note'
if(s.write)drawText(main)
else s.ask.forEach(function(q){drawQuestion(main,q)})
button(T.back,nav,'quiet',function(){go(at-1)})
make('span',fill(T.part,at,list.length),nav)
button(T.done,nav,at<list.length?'quiet':'send',finish)
if(at<list.length)button(T.next,nav,'send',function(){agree();go(at+1)})
}

function drawQuestion(main,q){
var box=make('div','',main),row
box.className='q'
box.setAttribute('role','radiogroup')
box.setAttribute('aria-labelledby',q.text?'t-'+q.name:'h')
if(q.text)make('p',q.text,box).id='t-'+q.name
row=make('div','',box)
row.className=q.faces?'sc':'ch'
q.options.concat(q.none?{Value:'0',Text:q.none}:[]).forEach(function(o){
var label=make('label','',row),r=make('input','',label)
label.className=q.faces&&o.Value==0?'o none':'o'
r.type='radio'
r.name=q.name
r.value=o.Value
r.checked=given[q.name]==o.Value
r.onchange=function(){given[q.name]=o.Value}
if(q.faces&&o.Value>0){
face(o.Value,label)
label.insertBefore(r,label.firstChild)
}
make('span',o.Text,label)
})
}

// Words are an answer only when a button has said so: half a sentence left behind is not sent.
function drawText(main){
var t=make('textarea',draft,main)
t.id='words'
t.rows=6
t.maxLength=K.MaxComment
t.autocomplete='off'
t.spellcheck=false
t.setAttribute('autocorrect','off')
t.setAttribute('aria-labelledby','h')
t.oninput=function(){draft=t.value}
make('p',T.words,main).className='note'
}
function agree(){given.comment=draft}

function drawThanks(main){
drawTitle(main,T.thanks,T.kept)
make('p',fill(T.public,location.host+'/ket-qua'),main)
button(T.person,main,'send',reset)
make('p',fill(T.auto,THANKS),main).className='note'
}

function finish(){
agree()
keep()
shown=0
go('thanks')
}

// key mints what survey.NewKey does: the hour in seven letters that sort by time, then 80 random bits, five a letter.
function key(){
var random=new Uint8Array(16),k=('000000'+(Math.floor(new Date/36e5)*8).toString(32)).slice(-7),i
crypto.getRandomValues(random)
for(i=0;i<16;i++)k+=(random[i]&31).toString(32)
return k.toUpperCase()
}

// keep puts what has been given into the queue, under a key of its own.
function keep(){
var v={},b=[],n
if(!given.overall)return
for(n in given)v[n]=given[n]
v.lang=lang
v.questionnaire=K.Questionnaire
v.startedAt=started
v.key=key()
for(n in v)if(v[n])b.push(n+'='+encodeURIComponent(v[n]))
given={}
put(HELD+ +new Date+'-'+v.key,{u:K.Action,b:b.join('&'),t:+new Date})
flush()
look()
}

// reset makes the tablet new for whoever comes next.
function reset(){
given={}
draft=''
started=touched=idle=at=0
lang=home
warn(0)
draw()
if(d.activeElement)d.activeElement.blur()
// Whoever enlarged the page leaves it at its size.
if(!window.visualViewport||visualViewport.scale!=1){
id('view').content=view+',maximum-scale=1'
setTimeout(function(){id('view').content=view},300)
}
}

// warn shows how many seconds are left; 0 takes the warning away.
function warn(left){
var box=id('soon')
if(!left){
if(box.firstChild)box.textContent=box.className=''
return
}
if(!box.firstChild){
box.className='on'
make('p',fill(T.soon,left),box).className='vh'
make('p','',box).setAttribute('aria-hidden',true)
button(T.stay,box,'quiet')
}
box.children[1].textContent=fill(T.soon,left)
}

// tick counts the seconds in which nobody has touched anything. Whoever has chosen a level and walked away has answered.
function tick(){
idle++
if(staffed){if(idle>=IDLE)staff(0)}
else if(at=='thanks'){if(++shown>=THANKS)reset()}
else if(given.overall){
if(idle>=IDLE){keep();reset()}
else if(idle>=IDLE-WARN)warn(IDLE-idle)
}
else if(touched&&idle>=IDLE)reset()
else if(stale&&!touched&&!busy&&!unsafe())location.reload()
}
function touch(e){
idle=0
touched=1
// The warning goes with the touch on anything else, and with the click on itself: a finger must not fall through it.
if(!id('soon').contains(e.target))warn(0)
}

d.addEventListener('DOMContentLoaded',function(){
view=id('view').content
reset()
setInterval(tick,1e3)
id('soon').onclick=function(){warn(0)}
'pointerdown touchstart mousedown keydown input wheel'.split(' ').forEach(function(e){d.addEventListener(e,touch,true)})
// Nothing goes into the clipboard, where the next citizen would find it, and no menu of the browser opens.
'copy cut contextmenu dragstart'.split(' ').forEach(function(name){
d.addEventListener(name,function(e){if(name!='contextmenu'||e.target.id!='words')e.preventDefault()})
})
d.addEventListener('click',function(e){if(deaf){e.preventDefault();e.stopPropagation()}},true)
// Screen off, or another application: this citizen's visit is over.
d.addEventListener('visibilitychange',function(){if(d.hidden){keep();reset()}})
addEventListener('pagehide',keep)
addEventListener('pageshow',function(e){if(e.persisted)reset()})
})
