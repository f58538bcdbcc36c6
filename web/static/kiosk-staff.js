// What staff see and citizens do not: a dot before the office's name, and behind two seconds on that name (or F2) a panel
// with counts and times. No answer is ever shown: whoever stands there may open the panel too.
var LAST='sipas-kiosk-sent',staffed

// show draws the dot: full when all is sent, a ring while answers wait or the server is away, a square when staff have to do
// something.
function show(){
var wait=held().length,no=held(1).length,dot=id('dot')
if(!dot)return
dot.className=no||unsafe()?'bad':wait||!reached?'wait':'ok'
dot.textContent=wait+no||''
if(staffed)drawFacts()
}
// unsafe says that answers are in memory only, and would go with the page.
function unsafe(){return Object.keys(memory).some(function(k){return k.indexOf(HELD)==0})}

// sent follows each acknowledged answer. What comes out of an outage goes on at the pace of a busy desk: many answers through
// one link within a minute would be marked as a burst.
function sent(x,v){
put(LAST,+new Date)
heard(1)
if(new Date-v.t>6e4){
busy=1
setTimeout(function(){busy=0;flush()},6e3)
}
}

function moment(t){
var x=new Date(t)
function two(n){return('0'+n).slice(-2)}
return two(x.getHours())+':'+two(x.getMinutes())+', '+two(x.getDate())+'/'+two(x.getMonth()+1)+'/'+x.getFullYear()
}

// staff opens the panel and closes it. Whoever stood there before has answered.
function staff(open){
var box=id('staff'),h,row
keep()
reset()
staffed=open
d.body.className=open?'staffed':''
box.textContent=''
if(!open)return id('h').focus()
h=make('h1',T.staff,box)
h.id='staffed'
box.setAttribute('aria-labelledby',h.id)
h.tabIndex=-1
make('ul','',box).id='facts'
row=make('div','',box)
row.id='refused'
row=make('div','',box)
row.className='row'
button(T.now,row,'send',function(){pause=0;flush();ask()})
button(T.reload,row,'quiet',function(){look(function(there){if(there&&!unsafe())location.reload()})})
if(root.requestFullscreen||root.webkitRequestFullscreen)button(T.full,row,'quiet',function(){(root.requestFullscreen||root.webkitRequestFullscreen).call(root)})
button(T.close,row,'quiet',function(){staff(0)})
make('p',T.leave,box).className='note'
ask()
h.focus()
}
function ask(){
reached=null
drawFacts()
look()
}

function drawFacts(){
var w=K.Languages[lang],list=id('facts'),box=id('refused'),wait=held(),no=held(1),last=get(LAST),why={}
function say(text,kind){make('li',text,list).className=kind||''}
list.textContent=''
say([K.LinkTitle,w.DeskName,w.AreaName,fill(T.code,K.Code)].filter(Boolean).join(' · '))
say(wait[0]?fill(T.waiting,wait.length,moment(get(wait[0]).t)):T.none,'main')
if(wait[1])say(T.pace)
say(last?fill(T.last,moment(last)):T.never)
say(reached===null?T.asking:!reached?T.away:resting?T.shut:T.reached)
if(unsafe())say(T.memory,'er')
say(kept?T.saved:navigator.serviceWorker?T.unsaved:T.plain)
say(awake?T.awake:T.sleeps)
say(fill(T.version,K.Questionnaire,K.Edition))

if(box.said==no.join())return
box.said=no.join()
box.textContent=''
box.className=no[0]?'box bad':''
if(!no[0])return
make('p',fill(T.refused,no.length),box)
no.forEach(function(k){var r=get(k).no;why[r]=(why[r]||0)+1})
Object.keys(why).forEach(function(r){make('p',fill(T.because,why[r],r),box)})
button(T.retry,box,'quiet',function(){
no.forEach(function(k){
var v=get(k)
if(v.k)v.b=v.b.replace(/(^|&)key=[^&]*/,'$1key='+v.k)
put(k,{u:v.u,b:v.b,t:v.t})
})
flush()
})
button(T.export,box,'quiet',function(){
write(no)
if(!box.querySelector('.last'))button(T.discard,box,'quiet last',function(){no.forEach(drop);show()})
})
}

// write saves refused answers as a text file, for typing in as paper forms. They go into a file and not into the clipboard,
// which a keyboard would show to the next citizen.
function write(keys){
var asked={overall:{text:T.overall,options:{}}},link=make('a','',d.body),text
asked.comment={text:T.comment,options:{}}
K.Languages[lang].Scale.forEach(function(o){asked.overall.options[o.Value]=o.Text})
steps().forEach(function(s){(s.ask||[]).forEach(function(q){
var a=asked[q.name]={text:q.text||s.title,options:{0:q.none}}
q.options.forEach(function(o){a.options[o.Value]=o.Text})
})})
text=keys.map(function(k){
var v=get(k)
return fill(T.given,moment(v.t))+'\r\n'+v.no+'\r\n'+v.b.split('&').map(function(pair){
var i=pair.indexOf('='),name=pair.slice(0,i),value=decodeURIComponent(pair.slice(i+1)),q=asked[name]
return/^(key|lang|startedAt)$/.test(name)?'':(/^q\d/.test(name)?name.slice(1)+' ':'')+(q?q.text:name)+': '+(q&&q.options[value]||value)+'\r\n'
}).join('')
})
link.href=URL.createObjectURL(new Blob(['\ufeff'+text.join('\r\n')],{type:'text/plain'}))
link.download='phieu-'+K.Code+'.txt'
link.click()
d.body.removeChild(link)
}

d.addEventListener('DOMContentLoaded',function(){
var name=id('office'),timer
function release(){clearTimeout(timer)}
function hold(){
release()
timer=setTimeout(function(){staff(1)},2e3)
}
name.addEventListener('touchstart',hold)
name.addEventListener('mousedown',hold)
'touchend touchcancel touchmove mouseup mouseleave'.split(' ').forEach(function(e){name.addEventListener(e,release)})
d.addEventListener('keydown',function(e){
if(e.key=='F2'&&!staffed)staff(1)
if(e.key=='Escape'&&staffed)staff(0)
})
})
