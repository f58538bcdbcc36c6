// How much room is left in a text, told while it is typed. Characters as the server counts them.
d.addEventListener('DOMContentLoaded',function(){
[].forEach.call(d.querySelectorAll('textarea[data-max]'),function(area){
var left=area.nextElementSibling
area.addEventListener('input',function(){
var n=area.dataset.max-area.value.trim().replace(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g,'x').length
left.textContent=n<0?T.over.replace('{0}',(-n).toLocaleString(root.lang)):n<400?T.left.replace('{0}',n.toLocaleString(root.lang)):''
left.className=n<0?'er':'note'
})
})
})
