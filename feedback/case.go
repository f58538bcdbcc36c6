package feedback

import (
	"slices"
	"time"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
)

// Status is how far a case has come.
type Status string

// The ten statuses.
const (
	Received    Status = "received"    // mới nhận
	Classified  Status = "classified"  // đã phân loại
	Accepted    Status = "accepted"    // đã thụ lý; complaints only
	Assigned    Status = "assigned"    // đang xử lý tại một đơn vị
	Waiting     Status = "waiting"     // chờ người gửi trả lời
	Answered    Status = "answered"    // đã trả lời
	Closed      Status = "closed"      // đã kết thúc
	Refused     Status = "refused"     // không thụ lý; complaints only
	Transferred Status = "transferred" // đã chuyển nơi khác
	Withdrawn   Status = "withdrawn"   // người gửi đã rút
)

// Statuses lists every status in the order in which they are shown.
var Statuses = []Status{Received, Classified, Accepted, Assigned, Waiting, Answered, Closed, Refused, Transferred, Withdrawn}

// What callers tell apart.
var (
	// ErrNoCase: there is no such case, or its existence is none of the
	// caller's business.
	ErrNoCase = fault.New(fault.NotFound, "case_unknown")
	// ErrStale: somebody else has changed the case since it was read.
	ErrStale = fault.New(fault.Conflict, "case_stale")
	// ErrStep: the step is not allowed now. The error is a *StepError.
	ErrStep = fault.New(fault.Conflict, "step_not_now")
	// ErrRole: the step is not for this role.
	ErrRole = fault.New(fault.Forbidden, "step_role")
	// ErrSecondPerson: what one officer wants to publish another one has to read.
	ErrSecondPerson = fault.New(fault.Conflict, "second_person")
	// ErrPublished and ErrNotPublished: there is nothing to do.
	ErrPublished    = fault.New(fault.Conflict, "published")
	ErrNotPublished = fault.New(fault.Conflict, "not_published")
	// ErrFull: the case has as many words as it can hold.
	ErrFull = fault.New(fault.Conflict, "case_full")
	// ErrMessage: the case has ended, and takes no message of its sender.
	ErrMessage = fault.New(fault.Conflict, "message_not_now")
	// ErrRating: there is no answer to be rated.
	ErrRating = fault.New(fault.Conflict, "rating_not_now")
	// ErrNewAnswer: the answer that was rated is not the one that stands.
	ErrNewAnswer = fault.New(fault.Conflict, "answer_new")
	// ErrReopen: the time in which the sender can reopen it is over.
	ErrReopen = fault.New(fault.Conflict, "reopen_too_late")
)

// Case (vụ việc) is what one sender wrote, and everything that happened since.
// It never holds a contact in the clear. It changes only by events.
type Case struct {
	Code        string      `bson:"-"` // lookup code, under which it is stored
	Kind        Kind        `bson:"kind"`
	Status      Status      `bson:"status"`
	Variant     string      `bson:"variant"` // of the term
	Subject     string      `bson:"subject"`
	Content     string      `bson:"content"`
	Area        string      `bson:"area"`
	Procedure   string      `bson:"procedure"`
	Dossier     string      `bson:"dossier"`
	About       About       `bson:"about"`
	Anonymous   bool        `bson:"anonymous"`
	Publish     bool        `bson:"publish"` // the sender agrees to publication
	Lang        string      `bson:"lang"`
	Taken       Taken       `bson:"taken"`
	Unit        string      `bson:"unit"` // it is assigned to; "": none yet
	ReceivedAt  time.Time   `bson:"receivedAt"`
	AcceptedAt  time.Time   `bson:"acceptedAt"` // zero: not accepted, or of a kind that is not
	AnsweredAt  time.Time   `bson:"answeredAt"` // the answer that stands
	EndedAt     time.Time   `bson:"endedAt"`    // zero: it is not at its end
	DueAt       time.Time   `bson:"dueAt"`      // of the running term, or of the last one
	Clock       Clock       `bson:"clock"`
	Pauses      []Pause     `bson:"pauses"`
	WaitingAt   time.Time   `bson:"waitingAt"` // since when it waits for the sender
	Before      Status      `bson:"before"`    // while it waits: where a message leads back
	Apology     Apology     `bson:"apology"`
	Publication Publication `bson:"publication"`
	Rating      Rating      `bson:"rating"`
	Events      []Event     `bson:"events"`
	Files       []File      `bson:"files"`
	Contact     []byte      `bson:"contact"` // sealed; nil: none
	Phone       PhoneTag    `bson:"phone"`
	Erasure     Erasure     `bson:"erasure"`
	Lock        Lock        `bson:"lock"`

	moved    bool  // it is on its way into another book, or has gone there
	traced   bool  // it has gone, and files may still hold what it was
	left     int   // what has gone: how many events it had
	closed   State // of one whose key is missing: all that is known beside code and due day
	revision int64 // the store's version
}

// Taken says which officer wrote the case down for its sender; the zero value
// is a sender who did it themself.
type Taken struct {
	Account string `bson:"account"`
	Desk    string `bson:"desk"`
	Survey  bool   `bson:"survey,omitempty"` // from the free text of a survey response, whose respondent nobody knows
}

// Clock is the running term.
type Clock struct {
	Term       string    `bson:"term"` // Ref of the row
	Stage      Stage     `bson:"stage"`
	Start      time.Time `bson:"start"`
	Why        Why       `bson:"why"` // why the first day does not count
	Pauses     bool      `bson:"pauses"`
	Extensions []int     `bson:"extensions"`
	Days       []Day     `bson:"-"`       // to the due day; stored in a form of its own
	Missing    []int     `bson:"missing"` // years whose calendar was not complete
}

// Apology (phiếu xin lỗi và hẹn lại ngày trả kết quả) is what the office owes
// for a late answer: a new date, which is not a due date.
type Apology struct {
	At    time.Time      `bson:"at"`
	Until catalogue.Date `bson:"until"`
}

// Publication (công khai) is the answer as everybody may read it. It is public
// once a second officer has confirmed it.
type Publication struct {
	Question    string    `bson:"question"` // what was asked, in the office's words; may be empty
	Text        string    `bson:"text"`
	By          string    `bson:"by"` // account
	At          time.Time `bson:"at"`
	ConfirmedBy string    `bson:"confirmedBy"`
	ConfirmedAt time.Time `bson:"confirmedAt"`
}

// Public says whether everybody may read it.
func (p *Publication) Public() bool { return !p.ConfirmedAt.IsZero() }

// Solved is the sender's own view of the result.
type Solved string

// The three views.
const (
	SolvedYes    Solved = "yes"
	SolvedPartly Solved = "partly"
	SolvedNo     Solved = "no"
)

// Rating is how the sender found the handling.
type Rating struct {
	Solved  Solved    `bson:"solved"`
	Level   int       `bson:"level"` // 1 to 5; 0: not given
	Comment string    `bson:"comment"`
	At      time.Time `bson:"at"`
}

// Event is one step as the case remembers it.
type Event struct {
	At      time.Time      `bson:"at"`
	Step    Step           `bson:"step"`
	By      Actor          `bson:"by"`
	Status  Status         `bson:"status"`            // after it
	DueAt   time.Time      `bson:"dueAt"`             // after it
	Kind    Kind           `bson:"kind,omitempty"`    // it was received or classified as
	Unit    string         `bson:"unit,omitempty"`    // it was assigned to
	Until   catalogue.Date `bson:"until,omitempty"`   // it was extended to, or the office apologised for
	Apology bool           `bson:"apology,omitempty"` // the date is a new one for a late answer, not a due date
	To      string         `bson:"to,omitempty"`      // it was transferred to
	Public  bool           `bson:"public,omitempty"`  // the publication was confirmed
	Asked   string         `bson:"asked,omitempty"`   // the question that is published with the message
	Solved  Solved         `bson:"solved,omitempty"`
	Level   int            `bson:"level,omitempty"`
	Note    string         `bson:"note,omitempty"`    // for officers
	Message string         `bson:"message,omitempty"` // what the sender reads, or wrote

	becomes *Case // what the case is after it, between Next and Apply
}

// After returns the case as it is after an event that Next, Reply or Rate has
// returned. Nothing is stored.
func (e *Event) After() *Case { return e.becomes }

// Version counts what has happened to the case, from 1.
func (c *Case) Version() int { return len(c.Events) }

// State is what a case is to a queue.
type State string

// The states of cases that can be listed.
const (
	Running State = "running" // its term runs
	Paused  State = "paused"  // the term stands still while the sender is asked
	Done    State = "done"
)

// Unreadable says that the case is in a list only by its code and its due day,
// since the key that it is sealed with is missing.
func (c *Case) Unreadable() bool { return c.closed != "" }

// State returns the state that follows from status and term.
func (c *Case) State() State {
	if c.closed != "" {
		return c.closed
	}
	switch c.Status {
	case Received, Classified, Accepted, Assigned:
		return Running
	case Waiting:
		if c.Clock.Pauses {
			return Paused
		}
		return Running
	}
	return Done
}

// Overdue says whether the term is over and the case is not.
func (c *Case) Overdue(now time.Time) bool { return c.State() == Running && now.After(c.DueAt) }

// lapsed says whether the term was over before anything stopped it: a question
// to the sender that comes after it does not make up for it.
func (c *Case) lapsed(now time.Time) bool {
	if c.State() == Paused {
		now = c.WaitingAt
	}
	return now.After(c.DueAt)
}

// MaxReply is how long one message of the sender can be, in characters.
const MaxReply = 4_000

// limits of what a case holds; a document has 8 MB.
const (
	maxMessage = 10_000  // characters of one note or message
	maxWords   = 5 << 20 // bytes of all notes and messages
)

// with returns the event with the case as it is after it: a copy that shares
// nothing that changes. change may add to the event what it finds out.
func (c *Case) with(e Event, change func(next *Case, e *Event) error) (Event, error) {
	if c.Erased() {
		return Event{}, ErrErased
	}
	size := len(e.Note) + len(e.Message)
	for i := range c.Events {
		size += len(c.Events[i].Note) + len(c.Events[i].Message)
	}
	if size > maxWords {
		return Event{}, ErrFull
	}
	next := *c
	next.Pauses = slices.Clone(c.Pauses)
	next.Clock.Extensions = slices.Clone(c.Clock.Extensions)
	if err := change(&next, &e); err != nil {
		return Event{}, err
	}
	e.Status, e.DueAt = next.Status, next.DueAt
	next.Events = append(slices.Clone(c.Events), e)
	e.becomes = &next
	return e, nil
}

// resume ends the waiting for the sender, if it waits.
func (c *Case) resume(r *Rules, now time.Time) error {
	if c.Status != Waiting {
		return nil
	}
	c.Status = c.Before
	c.Pauses = append(c.Pauses, Pause{c.WaitingAt, now})
	c.Before, c.WaitingAt = "", time.Time{}
	return c.recount(r, now)
}

// begin starts a term of the stage at a moment, with no extension.
func (c *Case) begin(r *Rules, stage Stage, start time.Time, why Why) error {
	t, err := r.Term(c.Kind, stage, c.Variant, catalogue.DateOf(start))
	if err != nil {
		return err
	}
	c.Clock = Clock{Term: t.Ref(), Stage: stage, Start: start, Why: why, Pauses: t.Pauses}
	return c.recount(r, start)
}

// recount counts the running term anew, after a pause or an extension.
func (c *Case) recount(r *Rules, now time.Time) error {
	t, err := r.byRef(c.Clock.Term)
	if err != nil {
		return err
	}
	due := c.due(r, t, c.Clock.Extensions, now)
	due.Days[0].Why = c.Clock.Why
	c.DueAt, c.Clock.Days, c.Clock.Missing = due.At, due.Days, due.Missing
	return nil
}

// due counts the running term with these extensions. While the case waits for
// its sender it is as if the reply came now.
func (c *Case) due(r *Rules, t *Term, extensions []int, now time.Time) Due {
	pauses := c.Pauses
	if c.Status == Waiting {
		pauses = append(slices.Clone(pauses), Pause{c.WaitingAt, now})
	}
	return t.Due(c.Clock.Start, pauses, extensions, r.Calendar)
}

// firstStage is the stage with which a case of its kind begins: a law that gives
// time for the resolution only from the acceptance on gives a term for that too.
func (c *Case) firstStage(r *Rules, on catalogue.Date) (Stage, error) {
	t, err := r.Term(c.Kind, Resolve, c.Variant, on)
	if err == nil && t.Starts == FromAcceptance {
		return Register, nil
	}
	return Resolve, err
}
