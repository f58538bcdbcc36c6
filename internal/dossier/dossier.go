// Package dossier keeps what the one-stop system says of dossiers: which
// procedure, when it was received, due and returned. Nobody's name is in it, and
// what a list says besides is never kept.
package dossier

import (
	"cmp"
	"regexp"
	"strings"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
)

// Dossier (hồ sơ) is one procedure handled for one applicant.
type Dossier struct {
	Code       string         `bson:"-"`          // as the one-stop system gave it, in capitals
	Version    int64          `bson:"-"`          // of the stored document, 0: not stored
	Procedure  string         `bson:"procedure"`  // national code or slug
	Area       string         `bson:"area"`       // that of the procedure
	Desk       string         `bson:"desk"`       // where it was received; "": not said
	Unit       string         `bson:"unit"`       // who resolves it; "": not known
	ReceivedOn catalogue.Date `bson:"receivedOn"` // ngày tiếp nhận
	DueOn      catalogue.Date `bson:"dueOn"`      // ngày hẹn trả
	ReturnedOn catalogue.Date `bson:"returnedOn"` // ngày trả kết quả; "": not yet
	Outcome    string         `bson:"outcome"`    // one of the Outcome constants; "": not said
	ApologyOn  catalogue.Date `bson:"apologyOn"`  // day of the written apology; "": none
	PromisedOn catalogue.Date `bson:"promisedOn"` // the new day that the apology names; "": not said
}

// What became of a dossier.
const (
	OutcomeGranted   = "granted"   // được giải quyết
	OutcomeRefused   = "refused"   // không được giải quyết
	OutcomeWithdrawn = "withdrawn" // công dân rút hồ sơ; is neither on time nor late
)

// Outcomes in the order in which they are offered.
var Outcomes = []string{OutcomeGranted, OutcomeRefused, OutcomeWithdrawn}

// Standing says how a dossier stands to the day it is due.
type Standing string

// The ways to stand.
const (
	Running   Standing = "running"   // not returned, and not due before today
	Overdue   Standing = "overdue"   // not returned, and due before today
	OnTime    Standing = "on-time"   // returned on the day it was due, or earlier
	Late      Standing = "late"      // returned after it
	Withdrawn Standing = "withdrawn" // taken back by the applicant
)

// StandingOn returns how the dossier stands on the day.
func (d *Dossier) StandingOn(today catalogue.Date) Standing {
	switch {
	case d.Outcome == OutcomeWithdrawn:
		return Withdrawn
	case d.ReturnedOn == "" && d.DueOn < today:
		return Overdue
	case d.ReturnedOn == "":
		return Running
	case d.ReturnedOn > d.DueOn:
		return Late
	}
	return OnTime
}

// Stages at which a slip with a one-time code is handed over.
const (
	StageReceipt    = "receipt"
	StageSupplement = "supplement"
	StageRefusal    = "refusal"
	StageResult     = "result"
)

// Context is what an answer about a dossier says of it. stage is that of the
// slip, unless the dossier has been returned since: then the answer is about the
// result. late is "yes", "no", or "" where that is not known yet.
func (d *Dossier) Context(stage string, today catalogue.Date) (at, outcome, late string) {
	at = stage
	switch {
	case d.ReturnedOn != "" && d.Outcome == OutcomeRefused:
		at = StageRefusal
	case d.ReturnedOn != "":
		at = StageResult
	}
	switch d.StandingOn(today) {
	case Late, Overdue:
		late = "yes"
	case OnTime:
		late = "no"
	}
	return at, d.Outcome, late
}

// maxCode is the longest dossier code, in characters.
const maxCode = 64

// codeForm keeps codes usable in addresses and as ids.
var codeForm = regexp.MustCompile(`^[A-Z0-9][A-Z0-9._-]{0,63}$`)

// CleanCode brings a code into the form in which it is stored.
func CleanCode(s string) string { return strings.ToUpper(strings.ReplaceAll(s, " ", "")) }

// Apologise returns the dossier with a written apology of the day that promises
// the result for another one. The error names what has to be mended.
func (d *Dossier) Apologise(on, until, today catalogue.Date) (*Dossier, error) {
	var bad fault.Fields
	switch {
	case on == "":
		bad.Add("apologyOn", "required")
	case !on.Valid():
		bad.Add("apologyOn", "date")
	case on > today:
		bad.Add("apologyOn", "future")
	case on < d.ReceivedOn:
		bad.Add("apologyOn", CodeBeforeReceived, d.ReceivedOn)
	}
	switch {
	case until == "":
	case !until.Valid():
		bad.Add("promisedOn", "date")
	case until <= d.DueOn:
		bad.Add("promisedOn", CodeNotAfterDue, d.DueOn)
	}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	next := *d
	next.ApologyOn, next.PromisedOn = on, until
	return &next, nil
}

// over returns what is stored after a line of a list was taken in: columns that
// the list does not have stay as they are, and an apology that was recorded here
// is not taken back by a list that knows none.
func (d Dossier) over(stored *Dossier, has Columns) Dossier {
	d.Version = stored.Version
	keep := func(c Column, to *string, from string) {
		if !has.Has(c) {
			*to = from
		}
	}
	keep(ColDesk, &d.Desk, stored.Desk)
	keep(ColUnit, &d.Unit, stored.Unit)
	keep(ColOutcome, &d.Outcome, stored.Outcome)
	if !has.Has(ColReturned) {
		d.ReturnedOn = stored.ReturnedOn
	}
	d.ApologyOn = cmp.Or(d.ApologyOn, stored.ApologyOn)
	d.PromisedOn = stored.PromisedOn
	return d
}
