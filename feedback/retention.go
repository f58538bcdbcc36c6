package feedback

import (
	"time"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
)

// Retention (thời hạn lưu) is one row of how long the personal data of cases of a
// kind are kept once they are over. It never changes: another time from another
// day on is a further row with that From.
type Retention struct {
	ID                 string         `bson:"id"`
	Name               catalogue.Text `bson:"name"`
	Kind               Kind           `bson:"kind"`
	Months             int            `bson:"months"` // 1 to 1,200, from the last thing that happened
	catalogue.Validity `bson:",inline"`
}

// Ref names the row: "petition@2026-01-01".
func (r *Retention) Ref() string { return r.ID + "@" + string(r.From) }

// maxMonths is a hundred years.
const maxMonths = 1200

// Validate checks a row by itself.
func (r *Retention) Validate() error {
	var bad fault.Fields
	if !catalogue.IsSlug(r.ID) {
		bad.Add("id", catalogue.CodeID, r.ID)
	}
	checkName(&bad, "name", r.Name)
	checkSource(&bad, "source", r.Source)
	choice(&bad, "kind", r.Kind, Kinds...)
	if r.Months < 1 || r.Months > maxMonths {
		bad.Add("months", catalogue.CodeRange, 1, maxMonths)
	}
	checkValidity(&bad, r.Validity)
	return bad.Err()
}

// Kept says until which day, inclusive, the personal data of a case are kept and
// by which row; the row is nil if they are kept without an end: the case is not
// over, was erased already, or nothing is said of its kind. The row is that of the
// day of the last event.
func (r *Rules) Kept(c *Case) (until catalogue.Date, by *Retention) {
	if c.State() != Done || c.Erased() || len(c.Events) == 0 {
		return "", nil
	}
	end := catalogue.DateOf(c.Events[len(c.Events)-1].At)
	if by = r.retentionOf(c.Kind, end); by == nil {
		return "", nil
	}
	return catalogue.DateOf(end.Start().AddDate(0, by.Months, 0)), by
}

// RetentionOn returns the row of each kind that holds on the day, in the order of
// Kinds: of those that hold the one that began last, before the first row the first.
func (r *Rules) RetentionOn(on catalogue.Date) (list []Retention) {
	for _, k := range Kinds {
		if row := r.retentionOf(k, on); row != nil {
			list = append(list, *row)
		}
	}
	return list
}

func (r *Rules) retentionOf(k Kind, on catalogue.Date) (by *Retention) {
	var first *Retention
	for i := range r.Retention {
		x := &r.Retention[i]
		if x.Kind != k {
			continue
		}
		if x.On(on) && (by == nil || by.From < x.From) {
			by = x
		}
		if first == nil || x.From < first.From {
			first = x
		}
	}
	if by == nil {
		return first
	}
	return by
}

// Expired says whether the time for which the personal data of a case are kept
// is over on the day.
func (r *Rules) Expired(c *Case, on catalogue.Date) bool {
	until, by := r.Kept(c)
	return by != nil && until < on
}

// Reason says why personal data were erased.
type Reason string

// The reasons.
const (
	ReasonExpired  Reason = "expired"  // hết thời hạn lưu
	ReasonRequest  Reason = "request"  // người gửi yêu cầu
	ReasonUnlawful Reason = "unlawful" // không được phép giữ: nhầm, thừa, của người khác
)

// Reasons lists those that an officer chooses from; what has expired is erased
// from its list.
var Reasons = []Reason{ReasonRequest, ReasonUnlawful}

// Erasure is what is known of an erasure, and what is left to do of it.
type Erasure struct {
	At     time.Time `bson:"at"` // zero: nothing was erased
	Reason Reason    `bson:"reason"`
	Files  []File    `bson:"files"` // ids and pieces of those that are still to be deleted
	Done   bool      `bson:"done"`  // everything is gone, from the files of the database too
}

// Erased says whether the personal data of the case are gone.
func (c *Case) Erased() bool { return !c.Erasure.At.IsZero() }

// MayErase says whether the officer may erase the personal data of cases like
// this one: the inspection those of denunciations, the office all others.
func MayErase(o Officer, c *Case) bool {
	if !Visible(o, c).Read || c.Unreadable() {
		return false
	}
	if c.Kind == Denunciation {
		return o.Role == RoleInspection
	}
	return o.Role == RoleOffice
}

// What stands against an erasure.
var (
	// ErrErased: it was done before.
	ErrErased = fault.New(fault.Conflict, "case_erased")
	// ErrNotOver: the case is not over; whoever wants to be forgotten withdraws it first.
	ErrNotOver = fault.New(fault.Conflict, "case_not_over")
	// ErrNotExpired: the time for which it is kept is not over.
	ErrNotExpired = fault.New(fault.Conflict, "case_not_expired")
)

// Erase returns the event after which nothing is left of a case that says who
// sent it or what anybody wrote: contact, words, files, the dossier, the officer
// whom it names. Kind, places, dates, statuses and the rating stay, so that no
// figure changes; so does the lock, for the sender to be told. It is not undone.
func (c *Case) Erase(o Officer, why Reason, r *Rules, now time.Time) (Event, error) {
	switch {
	case !Visible(o, c).Read:
		return Event{}, ErrNoCase
	case !MayErase(o, c):
		return Event{}, ErrRole
	case c.Erased():
		return Event{}, ErrErased
	case c.State() != Done:
		return Event{}, ErrNotOver
	case why == ReasonExpired && !r.Expired(c, catalogue.DateOf(now)):
		return Event{}, ErrNotExpired
	}
	next := *c
	next.Erasure = Erasure{At: now, Reason: why}
	for _, f := range c.Files {
		next.Erasure.Files = append(next.Erasure.Files, File{ID: f.ID, Pieces: f.Pieces})
	}
	next.Subject, next.Content, next.Dossier, next.About.Officer = "", "", "", ""
	next.Contact, next.Phone, next.Files = nil, PhoneTag{}, nil
	next.Publication, next.Rating.Comment = Publication{}, ""
	next.Events = nil
	for _, e := range c.Events {
		e.Note, e.Message, e.To = "", "", ""
		next.Events = append(next.Events, e)
	}
	e := Event{At: now, Step: Erase, By: o.actor(), Status: c.Status, DueAt: c.DueAt}
	next.Events = append(next.Events, e)
	e.becomes = &next
	return e, nil
}
