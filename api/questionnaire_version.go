package api

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/store"
	"sipas/survey"
	"sipas/web"
)

// version finds a published version; survey.ErrNoQuestionnaire: there is none.
func (s *Server) version(c echo.Context) (survey.Published, []survey.Published, error) {
	published, err := s.survey.Published(c.Request().Context())
	if err != nil {
		return survey.Published{}, nil, err
	}
	for _, p := range published {
		if p.Ref() == refOf(c) {
			return p, published, nil
		}
	}
	return survey.Published{}, published, survey.ErrNoQuestionnaire
}

// refOf is the version that the request is about. A browser may escape the @.
func refOf(c echo.Context) string {
	ref, err := url.PathUnescape(c.Param("ref"))
	if err != nil {
		return ""
	}
	return ref
}

// questionnairePage shows all that a published version asks.
func (s *Server) questionnairePage(c echo.Context) error {
	v, _, err := s.version(c)
	if err != nil {
		return err
	}
	return s.versionPage(c, http.StatusOK, &v, s.termsForm(c, &v), "")
}

// versionPage is the page of a version, with a form for its terms that may have
// come back, and why it could not be withdrawn, or published for another day.
func (s *Server) versionPage(c echo.Context, status int, v *survey.Published, terms web.Form, why string) error {
	t, lang, ctx := s.words(c), language(c), c.Request().Context()
	asking, err := s.linksAsking(ctx)
	if err != nil {
		return err
	}
	drafts, err := s.survey.Drafts(ctx)
	if err != nil {
		return err
	}
	q, here := &v.Questionnaire, versionPath(v.Ref())
	state, _ := s.versionState(c, q)
	planned := q.From > s.today()
	p := s.consolePage(c, "catalogue", t("asked.heading", q.Name.In(lang), strconv.Itoa(q.Version)))
	p.Path = here // also where a form came back from another address
	p.Up = web.Link{URL: questionnairesPath, Text: t("asked.title")}
	p.Lead = t("asked.frozen")
	if planned {
		p.Lead = t("asked.planned")
	}
	p.Facts = []web.Fact{
		{Name: t("asked.state"), Text: state},
		{Name: t("asked.days"), Text: daysText(t, lang, q)},
		{Name: t("asked.links"), Text: web.Number(lang, s.linksOf(q, asking))},
		{Name: t("asked.block"), Text: t("asked.block." + q.Block)},
		{Name: t("asked.id"), Text: q.Ref(), Code: true},
		{Name: t("asked.source"), Text: q.Source + " (" + t("asked.confirmed."+yesNo(q.Confirmed)) + ")"},
	}
	p.Actions = []web.Action{{URL: here + "/xem", Text: t("asked.preview")}}
	if mayWrite(c) {
		version := []web.Choice{{Value: "version", Text: strconv.FormatInt(v.Seen, 10)}}
		next := web.Form{ID: "ban-moi", Action: here + "/ban-moi", Heading: t("asked.next"), Lead: t("asked.next.lead"), Submit: t("asked.next")}
		draft := slices.IndexFunc(drafts, func(d survey.Draft) bool { return d.ID == q.ID })
		if draft >= 0 {
			d := &drafts[draft]
			p.Actions = append(p.Actions, web.Action{URL: draftPath(d.Ref()), Text: t("asked.draft.go", strconv.Itoa(d.Version))})
		} else {
			// The button is below all the questions; this leads there.
			p.Actions = append(p.Actions, web.Action{URL: here + "#ban-moi", Text: t("asked.next")})
			p.Forms = append(p.Forms, next)
		}
		p.Forms = append(p.Forms, terms)
		if planned || why != "" {
			p.Forms = append(p.Forms, web.Form{
				Action: here + "/rut", Heading: t("asked.withdraw"), Lead: t("asked.withdraw.lead"), Submit: t("asked.withdraw"),
				Quiet: true, Danger: true, Hidden: version, Notice: why,
			})
		}
	}
	p.Tables = s.questionTables(c, q)
	return s.page(c, status, web.PageConsole, p)
}

// questionTables show all that is asked in the order of the form, in both
// languages.
func (s *Server) questionTables(c echo.Context, q *survey.Questionnaire) []web.Table {
	t, lang := s.words(c), language(c)
	other := "en"
	if lang == "en" {
		other = "vi"
	}
	both := func(x catalogue.Text) web.Cell { return web.Cell{Text: x.In(lang), Note: x.In(other)} }
	var tables []web.Table
	for _, f := range q.Factors {
		list := web.Table{Heading: f.ID + ". " + f.Name.In(lang), Note: f.Name.In(other), Columns: []web.Column{
			{Text: t("asked.number"), Right: true}, {Text: t("asked.criterion")}, {Text: t("asked.official")}, {Text: t("asked.na")},
		}}
		if f.Judges != "" {
			list.Note += " · " + t("asked.judges") + ": " + t("asked.judges."+f.Judges)
		}
		for _, x := range f.Criteria {
			list.Rows = append(list.Rows, web.Row{Cells: []web.Cell{{Text: x.ID}, both(x.Text), both(x.Official), both(x.NotApplicable)}})
		}
		tables = append(tables, list)
	}
	if len(q.Extra) == 0 {
		return tables
	}
	list := web.Table{Heading: t("asked.extra"), Columns: []web.Column{{Text: t("asked.criterion")}, {Text: t("asked.options")}}}
	for _, x := range q.Extra {
		var options [2][]string
		for _, o := range x.Options {
			options[0] = append(options[0], o.ID+": "+o.Text.In(lang))
			options[1] = append(options[1], o.Text.In(other))
		}
		list.Rows = append(list.Rows, web.Row{Cells: []web.Cell{
			{Text: x.Text.In(lang), Note: x.Text.In(other) + " (" + x.ID + ")"},
			{Text: strings.Join(options[0], " · "), Note: strings.Join(options[1], " · ")},
		}})
	}
	return append(tables, list)
}

// termsForm asks for what may be changed of a published version.
func (s *Server) termsForm(c echo.Context, v *survey.Published) web.Form {
	t := s.words(c)
	confirmed := ""
	if v.Confirmed {
		confirmed = "1"
	}
	return web.Form{
		Action: versionPath(v.Ref()) + "/sua", Heading: t("asked.terms"), Lead: t("asked.terms.lead"), Submit: t("console.save"), Quiet: true,
		Hidden: []web.Choice{{Value: "version", Text: strconv.FormatInt(v.Seen, 10)}},
		Inputs: []web.Input{
			{Name: "source", Label: t("asked.source"), Value: v.Source, Required: true, Wide: true},
			{Name: "confirmed", Label: t("asked.confirmed.check"), Type: web.InputCheck, Value: confirmed, Wide: true, Options: []web.Choice{{Value: "1", Text: t("asked.yes")}}},
			{Name: "to", Label: t("asked.to"), Type: web.InputDate, Value: string(v.To), Hint: t("asked.to.hint")},
		},
	}
}

// amendQuestionnaire changes the terms of a version, and so retires it.
func (s *Server) amendQuestionnaire(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	v, _, err := s.version(c)
	if err != nil {
		return err
	}
	terms := survey.Terms{To: catalogue.Date(form.Get("to")), Source: form.Get("source"), Confirmed: form.Get("confirmed") == "1"}
	var detail []string
	for _, x := range []struct {
		name string
		same bool
	}{{"to=" + form.Get("to"), terms.To == v.To}, {"source", terms.Source == v.Source}, {"confirmed", terms.Confirmed == v.Confirmed}} {
		if !x.same {
			detail = append(detail, x.name)
		}
	}
	stored := v
	err = s.audited(c, "questionnaire.amend", "questionnaire/"+v.Ref(), detail, func() (err error) {
		stored, err = s.survey.Amend(c.Request().Context(), v.Ref(), seenIn(form), terms, s.today())
		return err
	})
	if err == nil {
		return done(c, versionPath(v.Ref()), "saved")
	}
	f := s.termsForm(c, &stored)
	if errors.Is(err, store.ErrStale) {
		f.Changes = disagreeing(f, form)
		for i := range f.Changes {
			x := &f.Changes[i]
			x.Stored, x.Typed = dayText(language(c), catalogue.Date(x.Stored)), dayText(language(c), catalogue.Date(x.Typed))
		}
	}
	status, err := s.refill(c, &f, form, err)
	if err != nil {
		return err
	}
	if f.Changes != nil {
		f.Notice = ""
	}
	return s.versionPage(c, status, &stored, f, "")
}

// seenIn is the version of the document that the form was made of.
func seenIn(form url.Values) int64 {
	n, err := strconv.ParseInt(form.Get("version"), 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// withdrawQuestionnaire makes a version that has not begun a draft again.
func (s *Server) withdrawQuestionnaire(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	var d survey.Draft
	err = s.audited(c, "questionnaire.withdraw", "questionnaire/"+refOf(c), nil, func() (err error) {
		d, err = s.survey.Withdraw(c.Request().Context(), refOf(c), seenIn(form), officerOf(c).Account, s.Now())
		return err
	})
	if err == nil {
		return done(c, draftPath(d.Ref()), "withdrawn")
	}
	e, status := classify(err)
	if e.Kind != fault.Conflict {
		return err
	}
	v, _, lost := s.version(c)
	if lost != nil {
		return lost
	}
	return s.versionPage(c, status, &v, s.termsForm(c, &v), s.words(c)("problem."+e.Code+".detail"))
}
