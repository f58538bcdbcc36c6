package survey

import (
	"reflect"
	"strconv"

	"sipas/internal/fault"
)

// Warnings lists what in a new version makes its figures hard to compare with
// those of an earlier one: a number, "15", should go on meaning the same subject.
// None of it forbids anything. A field is named by its place in the new version,
// or as "criteria.15" where it is gone; the arguments are the id, and of a move
// the factors from and to.
func Warnings(earlier, next *Questionnaire) fault.Fields {
	var w fault.Fields
	if earlier.Block != next.Block {
		w.Add("block", "block_changed")
	}
	old, new := placesOf(earlier), placesOf(next)
	for _, f := range earlier.Factors {
		if _, kept := new.factors[f.ID]; !kept {
			w.Add("factors."+f.ID, "factor_removed", f.ID)
		}
		for _, c := range f.Criteria {
			if _, kept := new.criteria[c.ID]; !kept {
				w.Add("criteria."+c.ID, "criterion_removed", c.ID)
			}
		}
	}
	for i, f := range next.Factors {
		at := "factors." + strconv.Itoa(i)
		if was, known := old.factors[f.ID]; !known {
			w.Add(at, "factor_added", f.ID)
		} else {
			warnIf(&w, was.Name != f.Name, at+".name", "factor_renamed", f.ID)
			warnIf(&w, was.Judges != f.Judges, at+".judges", "factor_judges", f.ID)
		}
		for j, c := range f.Criteria {
			in := at + ".criteria." + strconv.Itoa(j)
			was, known := old.criteria[c.ID]
			if !known {
				w.Add(in, "criterion_added", c.ID)
				continue
			}
			from := old.factorOf[c.ID]
			warnIf(&w, from != f.ID, in, "criterion_moved", c.ID, from, f.ID)
			warnIf(&w, was.Text != c.Text, in+".text", "criterion_reworded", c.ID)
			warnIf(&w, was.Official != c.Official, in+".official", "criterion_subject", c.ID)
			warnIf(&w, (was.NotApplicable.VI == "") != (c.NotApplicable.VI == ""), in+".na", "criterion_na", c.ID)
		}
	}
	for _, x := range earlier.Extra {
		if _, kept := new.questions[x.ID]; !kept {
			w.Add("extra."+x.ID, "question_removed", x.ID)
		}
	}
	for i, x := range next.Extra {
		was, known := old.questions[x.ID]
		warnIf(&w, known && !reflect.DeepEqual(was, x), "extra."+strconv.Itoa(i), "question_changed", x.ID)
	}
	return w
}

func warnIf(w *fault.Fields, so bool, name, code string, args ...any) {
	if so {
		w.Add(name, code, args...)
	}
}

// places finds the parts of a questionnaire by their ids.
type places struct {
	factors   map[string]Factor
	criteria  map[string]Criterion
	factorOf  map[string]string // of each criterion
	questions map[string]Question
}

func placesOf(q *Questionnaire) places {
	p := places{map[string]Factor{}, map[string]Criterion{}, map[string]string{}, map[string]Question{}}
	for _, f := range q.Factors {
		p.factors[f.ID] = f
		for _, c := range f.Criteria {
			p.criteria[c.ID], p.factorOf[c.ID] = c, f.ID
		}
	}
	for _, x := range q.Extra {
		p.questions[x.ID] = x
	}
	return p
}
