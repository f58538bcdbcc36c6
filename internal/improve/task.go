package improve

import (
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/text"
)

// Limits of what officers write, in characters.
const (
	MaxWhat     = 2000
	MaxEvidence = 2000
	MaxReason   = 1000
	maxLink     = 500
	maxProofs   = 100 // pieces of evidence of one task
)

// Status is where a task stands.
type Status string

// The statuses.
const (
	Open    Status = "open"
	Done    Status = "done"
	Dropped Status = "dropped"
)

// Statuses lists them.
var Statuses = []Status{Open, Done, Dropped}

// Task (việc cải thiện) is something to be done by one unit until a day, what it
// began from, and what shows that it was done.
type Task struct {
	ID        string         `bson:"-"`
	Area      string         `bson:"area"`      // where the weakness is; "": in no area
	Factor    string         `bson:"factor"`    // "" with Criterion "": everything
	Criterion string         `bson:"criterion"` // of the factor
	Duty      string         `bson:"duty"`      // Ref of the plan's duty that it is for; "": none
	Unit      string         `bson:"unit"`
	Due       catalogue.Date `bson:"due"`
	What      string         `bson:"what"`
	Before    Measure        `bson:"before"`
	Status    Status         `bson:"status"`
	Evidence  []Evidence     `bson:"evidence"`
	Events    []Event        `bson:"events"` // the first is the opening

	version int64 // the store's
}

// Evidence (minh chứng) shows that something was done.
type Evidence struct {
	ID   string    `bson:"id"` // of the form, so that sending again adds nothing
	At   time.Time `bson:"at"`
	By   string    `bson:"by"` // account
	Text string    `bson:"text"`
	Link string    `bson:"link"`
}

// Act is what happened to a task.
type Act string

// The acts.
const (
	ActOpen   Act = "open"
	ActEdit   Act = "edit"
	ActDone   Act = "done"
	ActDrop   Act = "drop"
	ActReopen Act = "reopen"
)

// Event is one act and who did it.
type Event struct {
	At     time.Time `bson:"at"`
	By     string    `bson:"by"` // account
	Act    Act       `bson:"act"`
	Reason string    `bson:"reason"`
}

// Reader is who looks at tasks: everybody's, or one unit's. The zero Reader sees
// nothing.
type Reader struct {
	All  bool
	Unit string
}

// Sees says whether the reader may know of the task. Nothing else decides it.
func (r Reader) Sees(t *Task) bool { return r.All || r.Unit != "" && r.Unit == t.Unit }

// Version is that of the stored task; 0: it is not stored.
func (t *Task) Version() int64 { return t.version }

// Measured says whether there is a figure that the task is held against.
func (t *Task) Measured() bool { return t.Before.From != "" }

// OpenedOn is the day on which the task was opened.
func (t *Task) OpenedOn() catalogue.Date { return catalogue.DateOf(t.Events[0].At) }

// EndedOn is the day on which the task was done or dropped; "" while it is open.
func (t *Task) EndedOn() catalogue.Date {
	if t.Status == Open {
		return ""
	}
	for _, e := range slices.Backward(t.Events) {
		if e.Act == ActDone || e.Act == ActDrop {
			return catalogue.DateOf(e.At)
		}
	}
	return ""
}

// Late is by how many days the task is over its due day, or was when it was done;
// 0 where it is not.
func (t *Task) Late(today catalogue.Date) int {
	end := today
	switch t.Status {
	case Done:
		end = t.EndedOn()
	case Dropped:
		return 0
	}
	return max(0, end.Days()-t.Due.Days())
}

// Sheet is what the office writes about a task.
type Sheet struct {
	Unit string
	Due  catalogue.Date
	What string
}

// Sheet is what stands in the task.
func (t *Task) Sheet() Sheet { return Sheet{t.Unit, t.Due, t.What} }

// read checks a sheet as of today; kept is the due day that stands already, which
// may have passed.
func (s *Sheet) read(c *catalogue.Catalogue, today, kept catalogue.Date) error {
	s.What = text.Clean(s.What)
	var bad fault.Fields
	if s.What == "" {
		bad.Add("what", catalogue.CodeRequired)
	}
	tooLong(&bad, "what", s.What, MaxWhat)
	if s.Unit == "" {
		bad.Add("unit", catalogue.CodeRequired)
	} else if _, ok := c.Unit(s.Unit, today); !ok {
		bad.Add("unit", catalogue.CodeUnknown, s.Unit)
	}
	switch {
	case s.Due == "":
		bad.Add("due", catalogue.CodeRequired)
	case !s.Due.Valid():
		bad.Add("due", catalogue.CodeDate, string(s.Due))
	case s.Due < today && s.Due != kept:
		bad.Add("due", "task_past")
	}
	return bad.Err()
}

// New opens the task: t has all but Sheet, Status and Events. Pure; the error
// names every field that has to be mended.
func New(t Task, s Sheet, by string, c *catalogue.Catalogue, now time.Time) (*Task, error) {
	if err := s.read(c, catalogue.DateOf(now), ""); err != nil {
		return nil, err
	}
	t.Unit, t.Due, t.What, t.Status = s.Unit, s.Due, s.What, Open
	t.Events = []Event{event(now, by, ActOpen, "")}
	return &t, nil
}

// Edit changes what is to be done, by whom and until when, of an open task.
func (t *Task) Edit(s Sheet, by string, c *catalogue.Catalogue, now time.Time) (*Task, error) {
	if t.Status != Open {
		return nil, ErrEnded
	}
	if err := s.read(c, catalogue.DateOf(now), t.Due); err != nil {
		return nil, err
	}
	next := t.with(event(now, by, ActEdit, ""))
	next.Unit, next.Due, next.What = s.Unit, s.Due, s.What
	return next, nil
}

// Prove adds evidence; the same ID again adds nothing. A dropped task takes none.
func (t *Task) Prove(e Evidence, now time.Time) (*Task, error) {
	if slices.ContainsFunc(t.Evidence, func(x Evidence) bool { return x.ID == e.ID }) {
		return t, nil
	}
	if t.Status == Dropped {
		return nil, ErrEnded
	}
	e.Text, e.Link, e.At = text.Clean(e.Text), strings.TrimSpace(e.Link), moment(now)
	var bad fault.Fields
	if e.Text == "" {
		bad.Add("text", catalogue.CodeRequired)
	}
	tooLong(&bad, "text", e.Text, MaxEvidence)
	if e.Link != "" && !webAddress(e.Link) {
		bad.Add("link", "task_link")
	}
	tooLong(&bad, "link", e.Link, maxLink)
	if len(t.Evidence) >= maxProofs {
		bad.Add("text", "too_many", maxProofs)
	}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	next := *t
	next.Evidence = append(slices.Clone(t.Evidence), e)
	return &next, nil
}

// End says that an open task is done, for which there has to be evidence, or
// dropped, for which there has to be a reason.
func (t *Task) End(act Act, reason, by string, now time.Time) (*Task, error) {
	status := Done
	if act == ActDrop {
		status = Dropped
	}
	if t.Status != Open {
		return nil, ErrEnded
	}
	reason = text.Clean(reason)
	var bad fault.Fields
	if status == Dropped && reason == "" {
		bad.Add("reason", catalogue.CodeRequired)
	}
	if status == Done && len(t.Evidence) == 0 {
		bad.Add("reason", "task_unproven")
	}
	tooLong(&bad, "reason", reason, MaxReason)
	if err := bad.Err(); err != nil {
		return nil, err
	}
	next := t.with(event(now, by, act, reason))
	next.Status = status
	return next, nil
}

// Reopen takes back that a task was done or dropped.
func (t *Task) Reopen(reason, by string, now time.Time) (*Task, error) {
	if t.Status == Open {
		return nil, ErrOpen
	}
	reason = text.Clean(reason)
	var bad fault.Fields
	if reason == "" {
		bad.Add("reason", catalogue.CodeRequired)
	}
	tooLong(&bad, "reason", reason, MaxReason)
	if err := bad.Err(); err != nil {
		return nil, err
	}
	next := t.with(event(now, by, ActReopen, reason))
	next.Status = Open
	return next, nil
}

// What a task that stands otherwise answers.
var (
	ErrEnded = fault.New(fault.Conflict, "task_ended")
	ErrOpen  = fault.New(fault.Conflict, "task_open")
)

func (t *Task) with(e Event) *Task {
	next := *t
	next.Events = append(slices.Clone(t.Events), e)
	return &next
}

func event(now time.Time, by string, act Act, reason string) Event {
	return Event{At: moment(now), By: by, Act: act, Reason: reason}
}

// moment is a time as it is stored.
func moment(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

func tooLong(bad *fault.Fields, name, value string, limit int) {
	if n := utf8.RuneCountInString(value); n > limit {
		bad.Add(name, "too_long", limit, n)
	}
}

// webAddress says whether s leads to a page, and nowhere else.
func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil
}
