package survey

import (
	"strings"
	"time"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
)

// Kind says how a link is used, and so through which channel its answers come.
type Kind string

const (
	KindCounter Kind = "counter" // QR on the desk, the citizen's own phone
	KindKiosk   Kind = "kiosk"   // tablet at the desk
	KindPaper   Kind = "paper"   // paper forms typed in by staff
	KindDossier Kind = "dossier" // one-time code of one dossier
	KindTrial   Kind = "trial"   // to try things out; enters no figure and no seal
)

// Channel is how a response came in. It is derived from the link, never sent.
type Channel string

const (
	ChannelPhone Channel = "phone"
	ChannelKiosk Channel = "kiosk"
	ChannelPaper Channel = "paper"
)

// Channel returns the channel of every answer that comes through such a link.
func (k Kind) Channel() Channel {
	switch k {
	case KindKiosk:
		return ChannelKiosk
	case KindPaper:
		return ChannelPaper
	}
	return ChannelPhone
}

// Link (mã QR) is what a printed code points to. The code means nothing by
// itself, so that a desk can move without a new print.
type Link struct {
	Code          string    `bson:"-"`
	Version       int64     `bson:"-"`
	Kind          Kind      `bson:"kind"`
	Area          string    `bson:"area"`          // "": the form asks
	Procedure     string    `bson:"procedure"`     // "": left open
	Desk          string    `bson:"desk"`          // where the dossier is received
	Unit          string    `bson:"unit"`          // who resolves it
	Questionnaire string    `bson:"questionnaire"` // "": the service questionnaire in force
	Title         string    `bson:"title"`         // for staff and poster, not a name of a person
	OpensAt       time.Time `bson:"opensAt"`       // zero: from the start
	ClosesAt      time.Time `bson:"closesAt"`      // zero: never
	CreatedAt     time.Time `bson:"createdAt"`
	CreatedBy     string    `bson:"createdBy"` // account or token name
}

// What a citizen is told about a code that cannot be answered.
var (
	ErrNoLink  = fault.New(fault.NotFound, "link_unknown")
	ErrNotOpen = fault.New(fault.Gone, "link_not_open")
	ErrClosed  = fault.New(fault.Gone, "link_closed")
)

// Open reports whether the link takes answers at now: nil, ErrNotOpen or
// ErrClosed.
func (l *Link) Open(now time.Time) error {
	switch {
	case !l.OpensAt.IsZero() && now.Before(l.OpensAt):
		return ErrNotOpen
	case !l.ClosesAt.IsZero() && !now.Before(l.ClosesAt):
		return ErrClosed
	}
	return nil
}

// codeAlphabet leaves out letters and digits that look alike in print.
const codeAlphabet = "23456789abcdefghjkmnpqrstuvwxyz"

// NewCode returns a random code of eight characters, some 40 bits: short
// enough to type from a poster, too many to walk through.
func NewCode() string { return newCode(8) }

// CleanCode folds what people type from a poster (capitals, spaces, dashes)
// into the form in which codes are stored.
func CleanCode(typed string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '-':
			return -1
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return r
	}, typed)
}

// Check reports everything in the link that does not fit the catalogue on the
// day of now, and fills in what follows from the rest: a procedure knows its
// area and usually its unit, a desk its unit only as a place.
func (l *Link) Check(c *catalogue.Catalogue, questionnaires []*Questionnaire, now time.Time) error {
	var f fault.Fields
	on := catalogue.DateOf(now)
	switch l.Kind {
	case KindCounter, KindKiosk, KindPaper, KindTrial:
	default:
		f.Add("kind", "choice", "counter, kiosk, paper, trial")
	}
	if l.Procedure != "" {
		p, ok := c.Procedure(l.Procedure, on)
		switch {
		case !ok:
			f.Add("procedure", "unknown", l.Procedure)
		case l.Area == "":
			l.Area = p.Area
		case l.Area != p.Area:
			f.Add("procedure", "other_area", p.Area)
		}
		if ok && l.Unit == "" {
			l.Unit = p.Unit
		}
	}
	if l.Area != "" {
		if _, ok := c.Area(l.Area, on); !ok {
			f.Add("area", "unknown", l.Area)
		}
	}
	if l.Desk != "" {
		if _, ok := c.Desk(l.Desk, on); !ok {
			f.Add("desk", "unknown", l.Desk)
		}
	}
	if l.Unit != "" {
		if _, ok := c.Unit(l.Unit, on); !ok {
			f.Add("unit", "unknown", l.Unit)
		}
	}
	if l.Questionnaire != "" && inForce(questionnaires, l.Questionnaire, on) == nil {
		f.Add("questionnaire", "unknown", l.Questionnaire)
	}
	if !l.OpensAt.IsZero() && !l.ClosesAt.IsZero() && !l.ClosesAt.After(l.OpensAt) {
		f.Add("closesAt", "before_opening")
	}
	return f.Err()
}
