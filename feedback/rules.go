package feedback

import (
	"fmt"
	"slices"
	"strconv"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
)

// Rules are the dated data that cases are judged by. They never change and may
// be used by many at once; a change in the store makes new ones.
type Rules struct {
	Calendar  *Calendar
	Catalogue *catalogue.Catalogue
	Retention []Retention
	terms     []Term
}

// Codes of what can be wrong with all terms together.
const (
	CodeNoTerm = "no_term" // Args: the kind and stage for which there is no term without end
	CodeTwice  = "twice"   // Args: the ref of the other row
)

// NewRules checks the rows together, each having been checked by itself (see
// CheckTerms), and that for every kind there is a term that goes on, so that
// whatever comes in has a due date. The error is a fault of kind Invalid.
func NewRules(years []Year, terms []Term, c *catalogue.Catalogue) (*Rules, error) {
	if err := CheckTerms(terms); err != nil {
		return nil, err
	}
	r := &Rules{Calendar: NewCalendar(years), Catalogue: c, terms: terms}
	var bad fault.Fields
	for _, k := range Kinds {
		stages := []Stage{Resolve}
		if t := r.lasting(k, Resolve); t != nil && t.Starts == FromAcceptance {
			stages = append(stages, Register) // the time until then has its own term
		}
		for _, stage := range stages {
			if r.lasting(k, stage) == nil {
				bad.Add("terms", CodeNoTerm, string(k), string(stage))
			}
		}
	}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	return r, nil
}

// CheckTerms reports rows that begin on the same day and are for the same case,
// or have the same ref. The fields of the error name the row by its place,
// "terms.3".
func CheckTerms(terms []Term) error {
	var bad fault.Fields
	for i := range terms {
		for j := range terms[:i] {
			t, o := &terms[i], &terms[j]
			if t.Ref() == o.Ref() || t.sameCase(o) && t.From == o.From {
				bad.Add("terms."+strconv.Itoa(i), CodeTwice, o.Ref())
				break
			}
		}
	}
	return bad.Err()
}

func (t *Term) sameCase(o *Term) bool {
	return t.Kind == o.Kind && t.Stage == o.Stage && t.Variant == o.Variant
}

// lasting returns a usual term of the kind that has no end.
func (r *Rules) lasting(k Kind, stage Stage) *Term {
	for i := range r.terms {
		if t := &r.terms[i]; t.Kind == k && t.Stage == stage && t.Variant == "" && t.To == "" {
			return t
		}
	}
	return nil
}

// Terms returns every row, in the order in which they were loaded.
func (r *Rules) Terms() []Term { return slices.Clone(r.terms) }

// Term returns the row in force on the day: of those that hold the one that
// began last. A variant without a row of its own has the usual one's, and a day
// before the first row has the first one's.
func (r *Rules) Term(k Kind, stage Stage, variant string, on catalogue.Date) (*Term, error) {
	for _, v := range slices.Compact([]string{variant, ""}) {
		var best, first *Term
		for i := range r.terms {
			t := &r.terms[i]
			if t.Kind != k || t.Stage != stage || t.Variant != v {
				continue
			}
			if t.On(on) && (best == nil || best.From < t.From) {
				best = t
			}
			if first == nil || t.From < first.From {
				first = t
			}
		}
		if best == nil && v == "" {
			best = first
		}
		if best != nil {
			return best, nil
		}
	}
	return nil, fmt.Errorf("no term for %s, %s, on %s", k, stage, on)
}

// byRef returns the row that a case began with.
func (r *Rules) byRef(ref string) (*Term, error) {
	for i := range r.terms {
		if r.terms[i].Ref() == ref {
			return &r.terms[i], nil
		}
	}
	return nil, fmt.Errorf("no term %s", ref)
}

// Variants returns the special cases that the law knows of for the kind on the
// day, in the order of the rows.
func (r *Rules) Variants(k Kind, on catalogue.Date) []string {
	var list []string
	for i := range r.terms {
		if t := &r.terms[i]; t.Kind == k && t.Variant != "" && t.On(on) && !slices.Contains(list, t.Variant) {
			list = append(list, t.Variant)
		}
	}
	return list
}
