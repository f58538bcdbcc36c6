package feedback

import (
	"strconv"
	"strings"

	"sipas/internal/catalogue"
	"sipas/internal/outbox"
)

// What a notice tells.
const (
	NoticeEvent   = "event"   // an event of the case, which says itself what it is
	NoticeSoon    = "soon"    // its term will be over in SoonDays
	NoticeOverdue = "overdue" // its term is over
)

// SoonDays is how many working days before the due day those who handle a case
// are reminded.
const SoonDays = 2

// ToSender is whom a notice is for that the sender of the case gets.
const ToSender = "sender"

// toUnit marks a notice for everybody of a unit who handles cases.
const toUnit = "unit:"

// NoticeUnit returns the unit that a notice is for; "": it is for no unit.
func NoticeUnit(n outbox.Notice) string {
	unit, found := strings.CutPrefix(n.To, toUnit)
	if !found {
		return ""
	}
	return unit
}

// toldToSender are the events that the sender is told of by mail. What is in
// them is read with code and secret.
var toldToSender = map[Step]bool{
	Receive: true, Accept: true, Refuse: true, Ask: true, Extend: true, Answer: true, Transfer: true,
}

// noticesOf returns who is told of the last event of a case. Nobody is told
// anything of a denunciation: its sender looks it up, and a mail could be read
// by others.
//
// The notice goes into the outbox before the event is stored: then a server that
// stops in between loses nothing, and what it tells of is looked up in the case,
// which also decides when two officers wanted to be the next event.
func noticesOf(c *Case) []outbox.Notice {
	if c.Kind == Denunciation {
		return nil
	}
	e := &c.Events[len(c.Events)-1]
	var list []outbox.Notice
	tell := func(to string) {
		list = append(list, outbox.Notice{
			ID: c.Code + "-" + strconv.Itoa(len(c.Events)) + "-" + to, About: c.Code, What: NoticeEvent, Event: len(c.Events), To: to,
		})
	}
	if toldToSender[e.Step] && c.Contact != nil {
		tell(ToSender)
	}
	if e.Step == Assign {
		tell(toUnit + c.Unit)
	}
	return list
}

// reminderOf returns what those who handle a running case are reminded of on the
// day; false: nothing. A case that no unit has yet is everybody's to see in the
// queue.
func reminderOf(c *Case, r *Rules, today catalogue.Date) (outbox.Notice, bool) {
	if c.Kind == Denunciation || c.State() != Running || c.Unit == "" {
		return outbox.Notice{}, false
	}
	due, what := catalogue.DateOf(c.DueAt), NoticeSoon
	switch left := r.Calendar.workingDays(today, due); {
	case due < today:
		what = NoticeOverdue
	case left > SoonDays:
		return outbox.Notice{}, false
	}
	to := toUnit + c.Unit
	return outbox.Notice{ID: c.Code + "-" + what + "-" + string(due) + "-" + to, About: c.Code, What: what, To: to}, true
}

// workingDays counts the working days after one day up to another, which comes
// after it.
func (c *Calendar) workingDays(after, upTo catalogue.Date) int {
	n := 0
	for d := after.AddDays(1); d <= upTo; d = d.AddDays(1) {
		if c.Working(d) {
			n++
		}
	}
	return n
}
