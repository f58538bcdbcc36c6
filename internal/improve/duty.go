package improve

import (
	"slices"
	"strings"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/survey"
)

// Index is what a duty of the plan is to better.
type Index string

// The three indices of the plan, in the order of its annexes.
const (
	PAR   Index = "par"   // PAR INDEX, annex I
	SIPAS Index = "sipas" // annex II
	PAPI  Index = "papi"  // annex III
)

// Indices lists them.
var Indices = []Index{PAR, SIPAS, PAPI}

// Every says that a duty is not for units by name but for all of a sort.
type Every string

// The sorts of units.
const (
	EveryUnit       Every = "all"        // các đơn vị thuộc Sở
	EveryProcedures Every = "procedures" // các đơn vị có thủ tục hành chính
)

// department is the unit that all others are part of; it leads nothing itself.
const department = "so"

// Duty (nhiệm vụ của kế hoạch) is one line of a plan's annex. It never changes:
// another plan is other rows with another From. Its texts are the plan's own and
// in its language alone.
type Duty struct {
	ID                 string   `bson:"id"`
	Index              Index    `bson:"index"`
	Number             string   `bson:"number"`  // in the annex: "B.III.1"
	Heading            string   `bson:"heading"` // of the part of the annex
	Factor             string   `bson:"factor"`  // of the questionnaire, "III"; "": it is about none
	Text               string   `bson:"text"`
	Lead               string   `bson:"lead"`  // who leads, in the plan's words
	Units              []string `bson:"units"` // those of Lead that the catalogue has; may be empty: the office chooses
	Every              Every    `bson:"every"`
	Support            string   `bson:"support"`
	When               string   `bson:"when"`
	Order              int      `bson:"order"` // in the files that were loaded; no part of what the row says
	catalogue.Validity `bson:",inline"`
}

// Ref names the row as tasks keep it: "sipas-b-iii-1@2023-08-04".
func (d *Duty) Ref() string { return d.ID + "@" + string(d.From) }

const (
	maxDuty = 2000 // characters of a duty's text
	maxLine = 300
)

// Codes of what can be wrong with a duty.
const (
	CodeIndex  = "duty_index"  // Args: what is no index
	CodeFactor = "duty_factor" // Args: what is no factor of the questionnaire
	CodeEvery  = "duty_every"  // Args: what is no sort of units
)

// Validate checks a row by itself.
func (d *Duty) Validate() error {
	var bad fault.Fields
	if !catalogue.IsSlug(d.ID) {
		bad.Add("id", catalogue.CodeID, d.ID)
	}
	if !slices.Contains(Indices, d.Index) {
		bad.Add("index", CodeIndex, string(d.Index))
	}
	for _, x := range []struct {
		name, value string
		limit       int
		required    bool
	}{
		{"number", d.Number, 20, true}, {"heading", d.Heading, maxLine, true}, {"text", d.Text, maxDuty, true}, {"lead", d.Lead, maxLine, true},
		{"support", d.Support, maxLine, false}, {"when", d.When, maxLine, true}, {"source", d.Source, maxLine, true},
	} {
		switch {
		case x.value == "" && x.required:
			bad.Add(x.name, catalogue.CodeRequired)
		case x.value != "" && !catalogue.CleanText(x.value, x.limit):
			bad.Add(x.name, catalogue.CodeText)
		}
	}
	if d.Factor != "" && strings.Trim(d.Factor, "IVX") != "" {
		bad.Add("factor", CodeFactor, d.Factor)
	}
	if d.Every != "" && d.Every != EveryUnit && d.Every != EveryProcedures {
		bad.Add("every", CodeEvery, string(d.Every))
	}
	for _, unit := range d.Units {
		if !catalogue.IsSlug(unit) {
			bad.Add("units", catalogue.CodeID, unit)
		}
	}
	switch {
	case d.From == "":
		bad.Add("from", catalogue.CodeRequired)
	case !d.From.Valid():
		bad.Add("from", catalogue.CodeDate, string(d.From))
	case d.To != "" && !d.To.Valid():
		bad.Add("to", catalogue.CodeDate, string(d.To))
	case d.To != "" && d.To < d.From:
		bad.Add("to", catalogue.CodeEnd)
	}
	return bad.Err()
}

// LedBy says whether the unit leads the duty, by name or as one of a sort.
func (d *Duty) LedBy(unit string, c *catalogue.Catalogue, on catalogue.Date) bool {
	switch {
	case unit == "" || unit == department:
		return false
	case slices.Contains(d.Units, unit), d.Every == EveryUnit:
		return true
	case d.Every == EveryProcedures:
		return slices.ContainsFunc(c.Procedures(on), func(p catalogue.Procedure) bool { return p.Unit == unit })
	}
	return false
}

// Plan is every duty that was ever loaded, in the order of the annexes.
type Plan []Duty

// On returns the duties in force on the day. Where the last plan has run out and
// no other is loaded they are that plan's, with the day on which it ended: what is
// to be done does not end with the paper.
func (p Plan) On(day catalogue.Date) (duties []Duty, ended catalogue.Date) {
	for _, d := range p {
		switch {
		case d.From > day:
		case d.On(day):
			duties = append(duties, d)
		default:
			ended = max(ended, d.To)
		}
	}
	if duties != nil {
		return duties, ""
	}
	for _, d := range p {
		if ended != "" && d.To == ended {
			duties = append(duties, d)
		}
	}
	return duties, ended
}

// Of returns the duty of that Ref; nil where there is none.
func (p Plan) Of(ref string) *Duty {
	for i := range p {
		if p[i].Ref() == ref {
			return &p[i]
		}
	}
	return nil
}

// About returns those of the duties that are about the factor.
func About(duties []Duty, factor string) []Duty {
	return slices.DeleteFunc(slices.Clone(duties), func(d Duty) bool { return factor == "" || d.Factor != factor })
}

// Standing says what a figure tells about its target, for whoever looks for what
// to better.
type Standing string

// The standings, worst first. Only Weak names a weakness.
const (
	Weak     Standing = "weak"   // the whole interval is below the target
	Unproven Standing = "doubt"  // the rate is below the target, and that may be chance
	TooFew   Standing = "few"    // too few answers to say anything
	Fine     Standing = "fine"   // the rate reaches the target
	Unheld   Standing = "unheld" // no target was in force
)

// StandingOf reads a figure. Too few answers never point at anybody, however low
// the rate.
func StandingOf(f survey.Figure) Standing {
	switch {
	case f.Target == 0:
		return Unheld
	case f.Answered == 0 || f.Verdict == survey.VerdictTooFew:
		return TooFew
	case f.Verdict == survey.VerdictNotMet:
		return Weak
	case !f.Met:
		return Unproven
	}
	return Fine
}
