package feedback

import (
	"fmt"
	"slices"
	"time"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
)

// Step is something that happens to a case.
type Step string

// The steps of officers.
const (
	Classify  Step = "classify"  // phân loại
	Accept    Step = "accept"    // thụ lý
	Refuse    Step = "refuse"    // không thụ lý
	Assign    Step = "assign"    // giao đơn vị
	Ask       Step = "ask"       // hỏi người gửi
	Extend    Step = "extend"    // gia hạn
	Answer    Step = "answer"    // trả lời
	Transfer  Step = "transfer"  // chuyển, hướng dẫn đến nơi có thẩm quyền
	Close     Step = "close"     // kết thúc
	Reopen    Step = "reopen"    // mở lại
	Withdraw  Step = "withdraw"  // người gửi rút
	Publish   Step = "publish"   // công khai
	Unpublish Step = "unpublish" // thôi công khai
)

// What is no officer's step.
const (
	Receive Step = "receive" // tiếp nhận
	Reply   Step = "reply"   // người gửi trả lời
	Rate    Step = "rate"    // người gửi đánh giá
	Erase   Step = "erase"   // xóa dữ liệu cá nhân
)

// move is one row of the table of steps.
type move struct {
	step     Step
	from     []Status
	to       Status // "": it stays where it is, or the step says
	roles    []Role
	kinds    []Kind   // nil: all of them
	required []string // fields, beside those that any step may have: note and message
	optional []string
}

// Whose steps are alike.
var (
	front   = []Role{RoleDesk, RoleInspection, RoleOffice}
	handler = []Role{RoleDesk, RoleUnit, RoleInspection}
	second  = []Role{RoleInspection, RoleOffice}
)

// notSecret are the kinds of which anything can be published: of a denunciation
// not even that there was one.
var notSecret = []Kind{Petition, Complaint, Question, Praise}

// moves is the table of steps: in which status, of which kinds, by whom. Who may
// read a case at all is Visible's; both together are what an officer may do.
var moves = []move{
	{step: Classify, from: []Status{Received, Classified}, to: Classified, roles: front,
		required: []string{"kind"}, optional: []string{"variant"}},
	{step: Accept, from: []Status{Classified}, to: Accepted, roles: []Role{RoleInspection}, kinds: []Kind{Complaint},
		optional: []string{"variant"}},
	{step: Refuse, from: []Status{Classified}, to: Refused, roles: []Role{RoleInspection}, kinds: []Kind{Complaint},
		required: []string{"message"}},
	{step: Assign, from: []Status{Classified, Accepted, Assigned}, to: Assigned, roles: front, required: []string{"unit"}},
	{step: Ask, from: []Status{Classified, Accepted, Assigned}, to: Waiting, roles: handler, required: []string{"message"}},
	{step: Extend, from: []Status{Accepted, Assigned, Waiting}, roles: second,
		required: []string{"until", "message"}, optional: []string{"apology"}},
	{step: Answer, from: []Status{Classified, Accepted, Assigned, Waiting}, to: Answered, roles: handler,
		required: []string{"message"}},
	{step: Transfer, from: []Status{Received, Classified, Assigned}, to: Transferred, roles: front,
		required: []string{"to", "message"}},
	{step: Withdraw, from: []Status{Received, Classified, Accepted, Assigned, Waiting}, to: Withdrawn, roles: front},
	{step: Close, from: []Status{Answered}, to: Closed, roles: second},
	{step: Reopen, from: []Status{Answered, Closed, Refused, Transferred, Withdrawn}, roles: second},
	{step: Publish, from: []Status{Answered, Closed}, roles: second, kinds: notSecret,
		optional: []string{"question"}},
	{step: Unpublish, from: []Status{Closed}, roles: second, kinds: notSecret},
}

func moveOf(s Step) *move {
	for i := range moves {
		if moves[i].step == s {
			return &moves[i]
		}
	}
	return nil
}

// Known reports whether s is a step of officers.
func (s Step) Known() bool { return moveOf(s) != nil }

// Fields returns what a step takes beside a note and a message: what it has to
// have, a message among it where it is a must, and what it may have.
func (s Step) Fields() (required, optional []string) {
	if m := moveOf(s); m != nil {
		return slices.Clone(m.required), slices.Clone(m.optional)
	}
	return nil, nil
}

// now says whether the step can be taken with the case as it is.
func (m *move) now(c *Case) bool {
	return !c.Erased() && slices.Contains(m.from, c.Status) && (m.kinds == nil || slices.Contains(m.kinds, c.Kind))
}

// Allowed returns the steps that the officer may take now.
func Allowed(c *Case, o Officer) []Step {
	var list []Step
	if !Visible(o, c).Read {
		return nil
	}
	for i := range moves {
		if m := &moves[i]; m.now(c) && slices.Contains(m.roles, o.Role) {
			list = append(list, m.step)
		}
	}
	return list
}

// StepError says that a step is not allowed now, and what is. It is an ErrStep.
type StepError struct {
	Step    Step
	Status  Status
	Allowed []Step // for the officer who tried
}

func (e *StepError) Error() string {
	return fmt.Sprintf("%s: %s in status %s", ErrStep, e.Step, e.Status)
}

// Unwrap returns ErrStep.
func (e *StepError) Unwrap() error { return ErrStep }

// StepInput is what an officer says with a step. Which fields a step takes is
// in its row of the table; one that it does not take is refused.
type StepInput struct {
	Version int            // of the case that the officer saw; 0: not said
	Note    string         // for officers
	Message string         // for the sender; for Publish what everybody reads
	Kind    Kind           // Classify
	Variant string         // Classify, Accept: a special case of the law's term
	Unit    string         // Assign
	Until   catalogue.Date // Extend: the new due day
	Apology bool           // Extend: the day is a new appointment for a late answer, with an apology
	To      string         // Transfer: the office that is competent

	Question string // Publish: what was asked, as everybody reads it above the message
}

// Next checks a step of an officer and returns the event that it makes: pure.
// ErrNoCase if the officer may not see the case, ErrRole if the step is not for
// the role, ErrStale if the officer saw an older version, a *StepError if it is
// not allowed now, and a fault of kind Invalid that names every field.
func (c *Case) Next(step Step, o Officer, in StepInput, r *Rules, now time.Time) (Event, error) {
	m := moveOf(step)
	switch {
	case !Visible(o, c).Read:
		return Event{}, ErrNoCase
	case m == nil:
		var f fault.Fields
		f.Add("step", "choice", stepNames())
		return Event{}, f.Err()
	case !slices.Contains(m.roles, o.Role):
		return Event{}, ErrRole
	case in.Version != 0 && in.Version != c.Version():
		return Event{}, ErrStale
	case !m.now(c):
		return Event{}, &StepError{step, c.Status, Allowed(c, o)}
	}
	s := stepping{c: c, m: m, o: o, in: in, rules: r, now: now}
	return s.event()
}

func stepNames() words {
	var w words
	for i := range moves {
		w = append(w, string(moves[i].step))
	}
	return w
}
