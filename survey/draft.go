package survey

import (
	"slices"
	"time"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
)

// Draft (bản nháp) is a version of a questionnaire that is being written. It may
// be unfinished: nobody can answer it, and only Publish wants it whole.
type Draft struct {
	Questionnaire                // From: the day planned, "" for none yet
	Seen          int64          // version of what is stored, to be handed back with the next change
	Publishing    catalogue.Date // the day from which it is, or is about to be, published; then it changes no more. "": it is a draft
	ChangedAt     time.Time
	ChangedBy     string // account
}

// Published is a version that is published, whether it has begun or not. Its
// questions never change; Terms may.
type Published struct {
	Questionnaire
	Seen int64 // version of what is stored, to be handed back with the next change
}

// Terms are what may be changed about a published version.
type Terms struct {
	To        catalogue.Date // the last day; "": none
	Source    string
	Confirmed bool
}

// What can stand in the way of a draft, beside Invalid faults and store.ErrStale.
var (
	ErrNoDraft         = fault.New(fault.NotFound, "draft_unknown")
	ErrDraftExists     = fault.New(fault.Conflict, "draft_exists")
	ErrNoQuestionnaire = fault.New(fault.NotFound, "questionnaire_unknown")
	// ErrVersionTaken: this version, or a later one, is published with other
	// questions. A new draft made of this one gets the next number.
	ErrVersionTaken = fault.New(fault.Conflict, "version_taken")
	// ErrBegun: people may have answered the version.
	ErrBegun = fault.New(fault.Conflict, "questionnaire_begun")
)

// Codes of what can be wrong with a day, beside those of package catalogue.
const (
	CodeAfter   = "version_after"   // Args: a version and its From; the day is not after it
	CodeFollows = "version_follows" // Args: the From of the next version, before which this one ends
	CodeOver    = "version_over"    // Args: the day on which the version has ended
)

// unfinished are the codes of what a draft may have wrong with it.
var unfinished = []string{
	catalogue.CodeRequired, catalogue.CodeID, catalogue.CodeDuplicate, "roman", "number", "few",
}

// Unfinished says what has to be mended before the draft can be published, but
// for the day; nil: nothing.
func (d *Draft) Unfinished() error { return d.problems().Err() }

func (d *Draft) problems() fault.Fields {
	q := d.Questionnaire
	q.From, q.To = "2000-01-01", ""
	return q.problems()
}

// checkDraft refuses what even a draft cannot be: too long, too many, no text.
func checkDraft(d *Draft) error { return d.impossible().Err() }

// checkNewDraft also refuses an id under which nothing can ever be published.
func checkNewDraft(d *Draft) error {
	var bad fault.Fields
	switch {
	case d.ID == "":
		bad.Add("id", catalogue.CodeRequired)
	case !catalogue.IsSlug(d.ID):
		bad.Add("id", catalogue.CodeID, d.ID)
	}
	for _, f := range d.impossible() {
		if f.Name != "id" {
			bad = append(bad, f)
		}
	}
	return bad.Err()
}

func (d *Draft) impossible() fault.Fields {
	bad := slices.DeleteFunc(d.problems(), func(f fault.Field) bool { return slices.Contains(unfinished, f.Code) })
	if d.From != "" && !d.From.Valid() {
		bad.Add("from", catalogue.CodeDate, string(d.From))
	}
	return bad
}

// nextDraft returns a draft of the version after all that are published, with
// the questions of q. What it is based on has to be said anew.
func nextDraft(q *Questionnaire, published []Published) Draft {
	d := Draft{Questionnaire: q.clone()}
	d.Version, d.From, d.To, d.Source, d.Confirmed = 1, "", "", "", false
	for _, p := range published {
		if p.ID == q.ID {
			d.Version = max(d.Version, p.Version+1)
		}
	}
	return d
}

// checkPublish says whether q can be published from its From on, beside what is:
// an Invalid fault that names every field, or ErrVersionTaken.
func checkPublish(q *Questionnaire, published []Published, today catalogue.Date) error {
	bad := q.problems()
	if q.From.Valid() && q.From < today {
		bad.Add("from", catalogue.CodePast, today)
	}
	for _, p := range published {
		switch {
		case p.ID != q.ID:
		case p.Version >= q.Version:
			return ErrVersionTaken
		case q.From.Valid() && p.From >= q.From:
			bad.Add("from", CodeAfter, p.Version, p.From)
		}
	}
	return bad.Err()
}

// endedBy says whether a version ends because q begins.
func (p *Published) endedBy(q *Questionnaire) bool {
	return p.ID == q.ID && p.From < q.From && (p.To == "" || p.To >= q.From)
}

// amend changes the terms of a version, or names what is wrong with them: an end
// is today or later, one that has passed stands, and a version that another one
// follows ends when that begins.
func (p *Published) amend(t Terms, published []Published, today catalogue.Date) error {
	var bad fault.Fields
	next := catalogue.Date("")
	for _, o := range published {
		if o.ID == p.ID && o.From > p.From && (next == "" || o.From < next) {
			next = o.From
		}
	}
	switch {
	case t.To == p.To:
	case t.To != "" && !t.To.Valid():
		bad.Add("to", catalogue.CodeDate, string(t.To))
	case next != "":
		bad.Add("to", CodeFollows, next)
	case p.To != "" && p.To < today:
		bad.Add("to", CodeOver, p.To)
	case t.To != "" && t.To < p.From:
		bad.Add("to", catalogue.CodeEnd)
	case t.To != "" && t.To < today:
		bad.Add("to", catalogue.CodePast, today)
	}
	if t.Source == "" {
		bad.Add("source", catalogue.CodeRequired)
	} else if !catalogue.CleanText(t.Source, maxFormText) {
		bad.Add("source", catalogue.CodeText)
	}
	p.To, p.Source, p.Confirmed = t.To, t.Source, t.Confirmed
	return bad.Err()
}

// checkWithdraw says whether a version can become a draft again: while nobody can
// have answered it, by any server's clock.
func (p *Published) checkWithdraw(now time.Time) error {
	if !now.Add(sealGrace).Before(p.From.Start()) {
		return ErrBegun
	}
	return nil
}
