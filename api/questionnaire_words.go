package api

import (
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/survey"
	"sipas/web"
)

// asked calls the parts of a questionnaire what people call them.
type asked struct {
	t func(key string, args ...any) string
	q *survey.Questionnaire
}

// Fields of the parts, by the end of their names.
var (
	factorFields    = []string{"name.vi", "name.en", "judges", "criteria", "id"}
	criterionFields = []string{"text.vi", "text.en", "official.vi", "official.en", "na.vi", "na.en", "factor", "id"}
	questionFields  = []string{"text.vi", "text.en", "options", "id"}
)

// place calls a field what people call it: "Tiêu chí 15: câu hỏi". It knows the
// names of survey.Questionnaire.Validate, which count the parts, and those of
// survey.Differences and Warnings, which name them by their ids.
func (a asked) place(name string) string {
	path := strings.Split(name, ".")
	if len(path) > 1 {
		i := place(path[1])
		switch {
		case path[0] == "factors" && i >= 0 && i < len(a.q.Factors) && len(path) > 3 && path[2] == "criteria":
			j := place(path[3])
			if j >= 0 && j < len(a.q.Factors[i].Criteria) {
				return a.field(a.criterion(i, j), strings.Join(path[4:], "."))
			}
		case path[0] == "factors" && i >= 0 && i < len(a.q.Factors):
			return a.field(a.factor(i), strings.Join(path[2:], "."))
		case path[0] == "extra" && i >= 0 && i < len(a.q.Extra) && len(path) > 3 && path[2] == "options":
			j := place(path[3])
			if j >= 0 && j < len(a.q.Extra[i].Options) {
				return a.field(a.option(i, j), strings.Join(path[4:], "."))
			}
		case path[0] == "extra" && i >= 0 && i < len(a.q.Extra):
			return a.field(a.question(i), strings.Join(path[2:], "."))
		}
	}
	for _, kind := range []struct {
		prefix, words string
		fields        []string
	}{
		{"criteria.", "asked.criterion.called", criterionFields},
		{"factors.", "asked.factor.called", factorFields},
		{"extra.", "asked.question.called", questionFields},
	} {
		rest, ok := strings.CutPrefix(name, kind.prefix)
		if !ok {
			continue
		}
		for _, f := range kind.fields {
			if id, ok := strings.CutSuffix(rest, "."+f); ok {
				return a.field(a.t(kind.words, id), f)
			}
		}
		return a.t(kind.words, rest)
	}
	return a.t("asked.place." + name)
}

// field is a part and one of its fields.
func (a asked) field(part, field string) string {
	if field == "" {
		return part
	}
	return part + ": " + a.t("asked.field."+field)
}

func (a asked) factor(i int) string {
	return a.called("factor", a.q.Factors[i].ID, i)
}

func (a asked) criterion(i, j int) string {
	if id := a.q.Factors[i].Criteria[j].ID; id != "" {
		return a.t("asked.criterion.called", id)
	}
	return a.t("asked.criterion.nth", j+1, a.factor(i))
}

func (a asked) question(i int) string { return a.called("question", a.q.Extra[i].ID, i) }

func (a asked) option(i, j int) string {
	return a.t("asked.option.nth", j+1, a.question(i))
}

func (a asked) called(kind, id string, i int) string {
	if id != "" {
		return a.t("asked."+kind+".called", id)
	}
	return a.t("asked."+kind+".nth", i+1)
}

// message says what is wrong with a field, and where: the list of errors stands
// apart from the fields.
func (s *Server) askedMessage(c echo.Context, a asked, f fault.Field) (where, what string) {
	if f.Code == catalogue.CodeDuplicate && len(f.Args) == 1 {
		if first, ok := f.Args[0].(string); ok {
			part, _ := strings.CutSuffix(first, ".id")
			f.Args = []any{a.place(part)}
		}
	}
	return a.place(f.Name), s.inputMessage(c, f)
}

// askedErrors lists what is wrong, each with its place.
func (s *Server) askedErrors(c echo.Context, q *survey.Questionnaire, err error) (list []web.FieldError) {
	a := asked{s.words(c), q}
	for _, f := range fault.As(err).Fields {
		where, what := s.askedMessage(c, a, f)
		list = append(list, web.FieldError{Field: f.Name, Message: where + ". " + what})
	}
	return list
}

// changesBetween lists in which fields two states of a questionnaire differ,
// leaving some out, in words. The names are those of the newer one.
func (s *Server) changesBetween(c echo.Context, older, newer *survey.Questionnaire, except ...string) (list []web.Disagreeing) {
	a := asked{s.words(c), newer}
	for _, d := range survey.Differences(older, newer) {
		if !slices.Contains(except, d.Field) {
			list = append(list, web.Disagreeing{Label: a.place(d.Field), Stored: s.askedValue(c, d.Field, d.Old), Typed: s.askedValue(c, d.Field, d.New)})
		}
	}
	return list
}

// askedValue puts values that are ids into words.
func (s *Server) askedValue(c echo.Context, field, value string) string {
	t := s.words(c)
	switch {
	case value == "":
		return ""
	case field == "confirmed":
		yes, err := strconv.ParseBool(value)
		if err != nil {
			return value
		}
		return t("asked.confirmed." + yesNo(yes))
	case field == "block":
		return t("asked.block." + value)
	case strings.HasSuffix(field, ".judges"):
		return t("asked.judges." + value)
	}
	return dayText(language(c), catalogue.Date(value))
}
