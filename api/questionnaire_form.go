package api

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/catalogue"
	"sipas/survey"
)

// readQuestionnaire reads the fields of the page on which drafts are written.
// Each part has its id among them, if only an empty one.
func readQuestionnaire(form url.Values) survey.Questionnaire {
	text := func(at string) catalogue.Text {
		return catalogue.Text{VI: singleLine(form.Get(at + ".vi")), EN: singleLine(form.Get(at + ".en"))}
	}
	// each calls read with the place and id of every part of a list.
	each := func(list string, read func(at, id string)) {
		for i := 0; ; i++ {
			at := list + "." + strconv.Itoa(i)
			if !form.Has(at + ".id") {
				return
			}
			read(at, form.Get(at+".id"))
		}
	}
	q := survey.Questionnaire{
		Name: text("name"), Block: form.Get("block"), Source: singleLine(form.Get("source")), Confirmed: form.Get("confirmed") == "1",
	}
	each("factors", func(at, id string) {
		f := survey.Factor{ID: id, Name: text(at + ".name"), Judges: form.Get(at + ".judges")}
		each(at+".criteria", func(at, id string) {
			f.Criteria = append(f.Criteria, survey.Criterion{
				ID: id, Text: text(at + ".text"), Official: text(at + ".official"), NotApplicable: text(at + ".na"),
			})
		})
		q.Factors = append(q.Factors, f)
	})
	each("extra", func(at, id string) {
		x := survey.Question{ID: id, Text: text(at + ".text")}
		each(at+".options", func(at, id string) {
			x.Options = append(x.Options, survey.Option{ID: id, Text: text(at + ".text")})
		})
		q.Extra = append(q.Extra, x)
	})
	return q
}

// singleLine joins what was typed over several lines, as areas for longer texts
// allow, into the one line that a question is.
func singleLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// rearrange does what a button of the page asks for, "factors.2.criteria.0.up",
// and returns the id of the field or button at which the writer goes on; false:
// there is no such button.
func rearrange(q *survey.Questionnaire, button string) (focus string, known bool) {
	at, verb := button, ""
	if i := strings.LastIndexByte(button, '.'); i >= 0 {
		at, verb = button[:i], button[i+1:]
	}
	path := strings.Split(at, ".")
	if len(path) > 2 {
		i := place(path[1])
		switch {
		case path[0] == "factors" && path[2] == "criteria" && i >= 0 && i < len(q.Factors):
			if focus, known = acrossFactors(q, i, path[3:], verb); known {
				return focus, known
			}
			return changeList(&q.Factors[i].Criteria, strings.Join(path[:3], "."), path[3:], verb, survey.Criterion{})
		case path[0] == "extra" && path[2] == "options" && i >= 0 && i < len(q.Extra):
			return changeList(&q.Extra[i].Options, strings.Join(path[:3], "."), path[3:], verb, survey.Option{})
		}
		return "", false
	}
	switch path[0] {
	case "factors":
		return changeList(&q.Factors, "factors", path[1:], verb, survey.Factor{Criteria: make([]survey.Criterion, 1)})
	case "extra":
		return changeList(&q.Extra, "extra", path[1:], verb, survey.Question{Options: make([]survey.Option, 2)})
	}
	return "", false
}

// place reads a place in a list; -1: it is none.
func place(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

// changeList adds a part to a list, or moves or removes the one at a place.
func changeList[T any](list *[]T, name string, at []string, verb string, fresh T) (focus string, known bool) {
	if len(at) == 0 {
		if verb != "add" {
			return "", false
		}
		*list = append(*list, fresh)
		return name + "." + strconv.Itoa(len(*list)-1) + ".id", true
	}
	i, last := place(at[0]), len(*list)-1
	if len(at) > 1 || i < 0 || i > last {
		return "", false
	}
	var to int
	switch verb {
	case "up":
		to = max(i-1, 0)
	case "down":
		to = min(i+1, last)
	case "remove":
		*list = slices.Delete(*list, i, i+1)
		if last == 0 {
			return name + ".add", true
		}
		return name + "." + strconv.Itoa(min(i, last-1)) + ".remove", true
	default:
		return "", false
	}
	(*list)[i], (*list)[to] = (*list)[to], (*list)[i]
	return name + "." + strconv.Itoa(to) + "." + verb, true
}

// acrossFactors moves the first criterion of a factor up into the factor before
// it, and the last one down into the one after; false: that is not asked for.
func acrossFactors(q *survey.Questionnaire, factor int, at []string, verb string) (focus string, moved bool) {
	from := &q.Factors[factor].Criteria
	if len(at) != 1 {
		return "", false
	}
	i, to, j := place(at[0]), 0, 0
	switch {
	case verb == "up" && i == 0 && factor > 0 && len(*from) > 0:
		to, j = factor-1, len(q.Factors[factor-1].Criteria)
	case verb == "down" && i >= 0 && i == len(*from)-1 && factor < len(q.Factors)-1:
		to, j = factor+1, 0
	default:
		return "", false
	}
	moving := (*from)[i]
	*from = slices.Delete(*from, i, i+1)
	q.Factors[to].Criteria = slices.Insert(q.Factors[to].Criteria, j, moving)
	return "factors." + strconv.Itoa(to) + ".criteria." + strconv.Itoa(j) + "." + verb, true
}
