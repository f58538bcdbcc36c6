package api

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/internal/fault"
	"sipas/survey"
	"sipas/web"
)

// paperVersion is the version of the questionnaire that the forms of the stack
// were printed from; nil: it is not known, and none is in force.
func (s *Server) paperVersion(form *survey.Form, typed url.Values) *survey.Questionnaire {
	if q := s.survey.Questionnaire(typed.Get("questionnaire")); q != nil {
		return q
	}
	return form.Questionnaire
}

// paperView is the page with what was typed and what is wrong with it. Questions
// are numbered as document.WritePaperForm numbers them.
func (s *Server) paperView(c echo.Context, form *survey.Form, typed url.Values, bad fault.Fields) web.PaperPage {
	t, lang := s.words(c), language(c)
	q, l := s.paperVersion(form, typed), &form.Link
	here := paperPath + "/" + l.Code
	v := web.PaperPage{
		Console: s.console(c, "paper"), Heading: t("paper.heading", s.linkName(c, l)), Up: web.Link{URL: paperPath, Text: t("paper.title")},
		Place:   t("paper.from", l.Code, strings.Join(slices.DeleteFunc([]string{s.placeOf(c, l), s.subjectOf(c, l)}, isEmpty), " · ")),
		Counted: t("paper.stack", stackOf(typed)), Action: here, Submit: t("paper.save"),
		Hidden: []web.Choice{{Value: "key", Text: typed.Get("key")}, {Value: "questionnaire", Text: q.Ref()}, {Value: "stack", Text: strconv.Itoa(stackOf(typed))}},
	}
	n := 0
	ask := func(field, text string) web.PaperQuestion {
		n++
		return web.PaperQuestion{Number: n, Field: field, Text: text, Value: typed.Get(field)}
	}
	choices := func(prefix string, list []survey.Question) (out []web.PaperQuestion) {
		for _, x := range list {
			p := ask(prefix+x.ID, x.Text.In(lang))
			for i, o := range x.Options {
				p.Options = append(p.Options, web.Choice{Value: strconv.Itoa(i + 1), Text: o.Text.In(lang)})
			}
			out = append(out, p)
		}
		return out
	}
	v.Date = web.PaperQuestion{Field: "answeredOn", Text: t("paper.date"), Value: typed.Get("answeredOn")}
	if l.Area == "" {
		p := ask("area", t("paper.area"))
		for i, a := range form.Areas {
			p.Options = append(p.Options, web.Choice{Value: a.ID, Text: strconv.Itoa(i+1) + " · " + a.Name.In(lang)})
		}
		v.Area = &p
	}
	for _, level := range []string{"1", "2", "3", "4", "5"} {
		v.Scale = append(v.Scale, web.Choice{Value: level, Text: t("level." + level)})
	}
	v.Front = []web.PaperSection{{Questions: []web.PaperQuestion{ask("overall", t("paper.overall"))}}}
	for _, f := range q.Factors {
		section := web.PaperSection{Name: f.Name.In(lang)}
		for _, x := range f.Criteria {
			p := ask("q"+x.ID, x.Text.In(lang))
			p.NotApplicable = x.NotApplicable.In(lang)
			section.Questions = append(section.Questions, p)
		}
		v.Front = append(v.Front, section)
	}
	if len(q.Extra) > 0 {
		v.Back = append(v.Back, web.PaperSection{Name: t("survey.extra"), Questions: choices("x_", q.Extra)})
	}
	v.Comment = ask("comment", t("paper.comment"))
	v.Back = append(v.Back, web.PaperSection{Name: t("survey.profile"), Questions: choices("p_", survey.ProfileQuestions)})
	v.Versions = s.paperVersions(c, form, q, here)
	s.paperErrors(c, &v, bad)
	return v
}

func isEmpty(s string) bool { return s == "" }

// paperVersions offers the versions that forms may still be printed from, if
// there are several.
func (s *Server) paperVersions(c echo.Context, form *survey.Form, shown *survey.Questionnaire, here string) (list []web.NavItem) {
	if form.Questionnaire == nil {
		return nil
	}
	for _, q := range s.survey.Questionnaires() {
		if q.ID == shown.ID && form.At(q.Ref()) != nil {
			list = append(list, web.NavItem{
				URL: here + "?" + url.Values{"questionnaire": {q.Ref()}}.Encode(), Text: s.words(c)("paper.version", q.Version), Current: q == shown,
			})
		}
	}
	if len(list) < 2 {
		return nil
	}
	return list
}

// paperErrors puts what is wrong beside each question, and on top in the order of
// the page.
func (s *Server) paperErrors(c echo.Context, v *web.PaperPage, bad fault.Fields) {
	t, lang := s.words(c), language(c)
	fail := func(q *web.PaperQuestion) {
		i := slices.IndexFunc(bad, func(f fault.Field) bool { return web.FieldID(f.Name) == q.Field })
		if i < 0 {
			return
		}
		q.Error = s.fieldMessage(lang, bad[i])
		message := q.Text + ": " + q.Error
		if q.Number > 0 {
			message = t("paper.question", q.Number, q.Error)
		}
		v.Errors = append(v.Errors, web.FieldError{Field: q.Field, Message: message})
		bad = slices.Delete(slices.Clone(bad), i, i+1)
	}
	fail(&v.Date)
	if v.Area != nil {
		fail(v.Area)
	}
	for _, sections := range [][]web.PaperSection{v.Front, v.Back} {
		for _, section := range sections {
			for i := range section.Questions {
				fail(&section.Questions[i])
			}
		}
	}
	fail(&v.Comment)
	for _, f := range bad { // of nothing on the page, such as the key
		message := t("error.other", f.Name)
		if f.Name == "area" { // the link has got one meanwhile
			message = t("paper.area") + ": " + s.fieldMessage(lang, f)
		}
		v.Errors = append(v.Errors, web.FieldError{Field: f.Name, Message: message})
	}
}
