package survey

import (
	"strconv"
	"strings"

	"sipas/internal/catalogue"
)

// Differences returns in what two states of a questionnaire differ, in the order
// of the form, named by the ids of its parts: "criteria.15.text.vi",
// "criteria.15.factor", "factors.III.name.en", "extra.visits.options". It is for
// telling an editor what somebody else has changed meanwhile.
func Differences(older, newer *Questionnaire) []catalogue.Difference {
	a, b := flat(older), flat(newer)
	was, is := map[string]string{}, map[string]bool{}
	for _, x := range a {
		was[x.name] = x.value
	}
	var out []catalogue.Difference
	for _, x := range b {
		is[x.name] = true
		if was[x.name] != x.value {
			out = append(out, catalogue.Difference{Field: x.name, Old: was[x.name], New: x.value})
		}
	}
	for _, x := range a {
		if !is[x.name] && x.value != "" {
			out = append(out, catalogue.Difference{Field: x.name, Old: x.value})
		}
	}
	return out
}

type namedValue struct{ name, value string }

// flat writes a questionnaire as a list of values.
func flat(q *Questionnaire) (list []namedValue) {
	put := func(name, value string) { list = append(list, namedValue{name, value}) }
	text := func(name string, t catalogue.Text) {
		put(name+".vi", t.VI)
		put(name+".en", t.EN)
	}
	text("name", q.Name)
	put("block", q.Block)
	put("from", string(q.From))
	put("source", q.Source)
	put("confirmed", strconv.FormatBool(q.Confirmed))
	for _, f := range q.Factors {
		at := "factors." + f.ID
		text(at+".name", f.Name)
		put(at+".judges", f.Judges)
		for _, c := range f.Criteria {
			at := "criteria." + c.ID
			put(at+".factor", f.ID)
			text(at+".text", c.Text)
			text(at+".official", c.Official)
			text(at+".na", c.NotApplicable)
		}
	}
	for _, x := range q.Extra {
		at := "extra." + x.ID
		text(at+".text", x.Text)
		var options []string
		for _, o := range x.Options {
			options = append(options, o.ID+" "+o.Text.VI+" / "+o.Text.EN)
		}
		put(at+".options", strings.Join(options, "; "))
	}
	return list
}
