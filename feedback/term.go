package feedback

import (
	"slices"
	"strconv"
	"strings"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
)

// Stage is which of the law's terms runs.
type Stage string

// The two stages. Most kinds have only the second.
const (
	Register Stage = "register" // until it is accepted or refused in writing (xử lý ban đầu, thụ lý)
	Resolve  Stage = "resolve"  // until it is answered (giải quyết)
)

// Count says which days a term counts.
type Count string

// The two ways of counting.
const (
	WorkingDays  Count = "working"
	CalendarDays Count = "calendar"
)

// Start is the moment from which a term is counted.
type Start string

// The two moments.
const (
	FromReceipt    Start = "receipt"
	FromAcceptance Start = "acceptance"
)

func (s Start) why() Why {
	if s == FromAcceptance {
		return WhyAcceptance
	}
	return WhyReceipt
}

// Term (thời hạn) is one row of what a law gives the office time for. It never
// changes: what the law says from another day on is a further row with that
// From, and cases that run keep the row they began with.
type Term struct {
	ID                 string         `bson:"id"`
	Name               catalogue.Text `bson:"name"`
	Kind               Kind           `bson:"kind"`
	Stage              Stage          `bson:"stage"`
	Variant            string         `bson:"variant"` // slug of a special case, "remote", "second"; "": the usual one
	Days               int            `bson:"days"`
	Counts             Count          `bson:"counts"`
	Starts             Start          `bson:"starts"`
	Pauses             bool           `bson:"pauses"`     // waiting for the citizen stops the clock
	Extensions         []Extension    `bson:"extensions"` // how often, in this order, and each by how much
	catalogue.Validity `bson:",inline"`
}

// Extension (gia hạn) is one lengthening that the term allows.
type Extension struct {
	Name catalogue.Text `bson:"name"` // the ground: a complex case
	Days int            `bson:"days"` // at most, counted as the term counts
}

// Ref names the row as cases keep it: "petition-resolve@2017-09-25".
func (t *Term) Ref() string { return t.ID + "@" + string(t.From) }

// Validate checks a row by itself. The fields of the error begin within it,
// "extensions.0.days".
func (t *Term) Validate() error {
	var bad fault.Fields
	if !catalogue.IsSlug(t.ID) {
		bad.Add("id", catalogue.CodeID, t.ID)
	}
	checkName(&bad, "name", t.Name)
	checkSource(&bad, "source", t.Source)
	choice(&bad, "kind", t.Kind, Kinds...)
	choice(&bad, "stage", t.Stage, Register, Resolve)
	choice(&bad, "counts", t.Counts, WorkingDays, CalendarDays)
	choice(&bad, "starts", t.Starts, FromReceipt, FromAcceptance)
	if t.Stage == Register && t.Starts == FromAcceptance {
		bad.Add("starts", CodeNoneOf, string(t.Starts), words{string(FromReceipt)})
	}
	if t.Variant != "" && !catalogue.IsSlug(t.Variant) {
		bad.Add("variant", catalogue.CodeID, t.Variant)
	}
	checkTermDays(&bad, "days", t.Days)
	for i, x := range t.Extensions {
		at := "extensions." + strconv.Itoa(i)
		checkName(&bad, at+".name", x.Name)
		checkTermDays(&bad, at+".days", x.Days)
	}
	checkValidity(&bad, t.Validity)
	return bad.Err()
}

func checkValidity(bad *fault.Fields, v catalogue.Validity) {
	if v.From == "" {
		bad.Add("from", catalogue.CodeRequired)
	} else if !v.From.Valid() {
		bad.Add("from", catalogue.CodeDate, string(v.From))
	}
	if v.To != "" && !v.To.Valid() {
		bad.Add("to", catalogue.CodeDate, string(v.To))
	} else if v.To != "" && v.To < v.From {
		bad.Add("to", catalogue.CodeEnd)
	}
}

func checkTermDays(bad *fault.Fields, field string, days int) {
	if days < 1 || days > 366 {
		bad.Add(field, catalogue.CodeRange, 1, 366)
	}
}

func choice[S ~string](bad *fault.Fields, field string, got S, known ...S) {
	switch {
	case got == "":
		bad.Add(field, catalogue.CodeRequired)
	case !slices.Contains(known, got):
		bad.Add(field, CodeNoneOf, string(got), wordsOf(known))
	}
}

// words are values as a sentence lists them.
type words []string

func (w words) String() string { return strings.Join(w, ", ") }

func wordsOf[S ~string](list []S) words {
	w := make(words, len(list))
	for i, s := range list {
		w[i] = string(s)
	}
	return w
}
