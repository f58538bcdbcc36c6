package api

import (
	"cmp"
	"context"
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

// questionnairesPath is where staff see the questionnaires, and administrators
// write them.
const questionnairesPath = "/lam-viec/danh-muc/phieu"

func versionPath(ref string) string { return questionnairesPath + "/" + ref }
func draftPath(ref string) string   { return questionnairesPath + "/nhap/" + ref }

func mayWrite(c echo.Context) bool { return hasPart(c, editorRoles) }

// questionnairesPage lists every version, the newest of a questionnaire first.
func (s *Server) questionnairesPage(c echo.Context) error {
	t := s.words(c)
	ctx := c.Request().Context()
	published, err := s.survey.Published(ctx)
	if err != nil {
		return err
	}
	drafts, err := s.survey.Drafts(ctx)
	if err != nil {
		return err
	}
	asking, err := s.linksAsking(ctx)
	if err != nil {
		return err
	}
	p := s.consolePage(c, "catalogue", t("asked.title"))
	p.Lead = t("asked.lead")
	if mayWrite(c) {
		p.Lead += " " + t("asked.lead.admin")
		p.Actions = []web.Action{{URL: questionnairesPath + "/moi", Text: t("asked.new")}}
	}
	type line struct {
		*survey.Questionnaire
		row web.Row
	}
	var lines []line
	for i := range drafts {
		lines = append(lines, line{&drafts[i].Questionnaire, s.draftRow(c, &drafts[i])})
	}
	for i := range published {
		q := &published[i].Questionnaire
		lines = append(lines, line{q, s.versionRow(c, q, s.linksOf(q, asking))})
	}
	service := func(q *survey.Questionnaire) int {
		if q.ID == survey.ServiceQuestionnaire {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(lines, func(a, b line) int {
		return cmp.Or(service(a.Questionnaire)-service(b.Questionnaire), cmp.Compare(a.ID, b.ID), b.Version-a.Version)
	})
	list := web.Table{Empty: t("asked.empty"), Columns: []web.Column{
		{Text: t("asked.name")}, {Text: t("asked.version"), Right: true}, {Text: t("asked.state")}, {Text: t("asked.days")},
		{Text: t("asked.links"), Right: true}, {Text: t("asked.block")}, {Text: t("asked.source")},
	}}
	for _, l := range lines {
		list.Rows = append(list.Rows, l.row)
	}
	p.Tables = []web.Table{list}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

func (s *Server) versionRow(c echo.Context, q *survey.Questionnaire, links int) web.Row {
	t, lang := s.words(c), language(c)
	state, mark := s.versionState(c, q)
	return web.Row{Quiet: mark == "", Cells: []web.Cell{
		{Text: q.Name.In(lang), URL: versionPath(q.Ref()), Note: q.Ref()},
		{Text: strconv.Itoa(q.Version)},
		{Text: state, Mark: mark},
		{Text: daysText(t, lang, q)},
		{Text: web.Number(lang, links)},
		{Text: t("asked.block." + q.Block)},
		{Text: q.Source, Note: t("asked.confirmed." + yesNo(q.Confirmed))},
	}}
}

func (s *Server) draftRow(c echo.Context, d *survey.Draft) web.Row {
	t, lang := s.words(c), language(c)
	name := web.Cell{Text: cmp.Or(d.Name.In(lang), d.Name.VI, d.Ref()), URL: draftPath(d.Ref()) + "/xem", Note: d.Ref()}
	if mayWrite(c) {
		name.URL = draftPath(d.Ref())
	}
	state := t("asked.state.draft")
	if d.Publishing != "" {
		state = t("asked.state.halfway", dayText(lang, d.Publishing))
	}
	return web.Row{Cells: []web.Cell{
		name, {Text: strconv.Itoa(d.Version)},
		{Text: state, Mark: web.MarkDoubt, Note: t("asked.changed", web.DateTime(lang, d.ChangedAt.In(catalogue.Zone)), d.ChangedBy)},
		{}, {}, {Text: t("asked.block." + d.Block)}, {Text: d.Source},
	}}
}

// versionState says in words whether a version is asked; mark "" is for one that
// is no more.
func (s *Server) versionState(c echo.Context, q *survey.Questionnaire) (words, mark string) {
	t, lang, today := s.words(c), language(c), s.today()
	switch {
	case q.From > today:
		return t("asked.state.planned", dayText(lang, q.From)), web.MarkDoubt
	case q.To != "" && q.To < today:
		return t("asked.state.over"), ""
	case q.To != "":
		return t("asked.state.until", dayText(lang, q.To)), web.MarkGood
	}
	return t("asked.state.now"), web.MarkGood
}

func daysText(t func(string, ...any) string, lang string, q *survey.Questionnaire) string {
	if q.To == "" {
		return t("asked.from", dayText(lang, q.From))
	}
	return dayText(lang, q.From) + " – " + dayText(lang, q.To)
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// linksAsking counts the links that are open or about to be, by what they name
// as their questionnaire.
func (s *Server) linksAsking(ctx context.Context) (map[string]int, error) {
	named, now := map[string]int{}, s.Now()
	for after := ""; ; {
		links, next, err := s.survey.Links(ctx, "", 1000, after)
		if err != nil {
			return nil, err
		}
		for _, l := range links {
			if !errors.Is(l.Open(now), survey.ErrClosed) {
				named[l.Questionnaire]++
			}
		}
		if after = next; after == "" {
			return named, nil
		}
	}
}

// linksOf is how many links ask this version today. Those that name only the
// questionnaire ask the version in force.
func (s *Server) linksOf(q *survey.Questionnaire, named map[string]int) int {
	if !q.ValidOn(s.today()) {
		return 0
	}
	return named[q.Ref()] + following(q.ID, named)
}

// following is how many links go from version to version of a questionnaire.
func following(id string, named map[string]int) int {
	n := named[id]
	if id == survey.ServiceQuestionnaire {
		n += named[""]
	}
	return n
}

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

// newVersion makes a draft with the questions of a published version.
func (s *Server) newVersion(c echo.Context) error {
	v, _, err := s.version(c)
	if err != nil {
		return err
	}
	return s.makeDraft(c, &v.Questionnaire)
}

// renumberDraft makes a draft with the questions of another one whose number is
// taken.
func (s *Server) renumberDraft(c echo.Context) error {
	d, err := s.survey.Draft(c.Request().Context(), refOf(c))
	if err != nil {
		return err
	}
	return s.makeDraft(c, &d.Questionnaire)
}

// makeDraft makes a draft and leads to it, or to the one that is there.
func (s *Server) makeDraft(c echo.Context, q *survey.Questionnaire) error {
	d, err := s.addDraft(c, q)
	if errors.Is(err, survey.ErrDraftExists) {
		return done(c, draftPath(d.Ref()), "draft-there")
	}
	if err != nil {
		return err
	}
	return done(c, draftPath(d.Ref()), "draft")
}

// addDraft makes a draft with the questions of q under the next number.
func (s *Server) addDraft(c echo.Context, q *survey.Questionnaire) (d survey.Draft, err error) {
	ctx := c.Request().Context()
	published, err := s.survey.Published(ctx)
	if err != nil {
		return d, err
	}
	next := survey.Questionnaire{ID: q.ID, Version: 1}
	for _, p := range published {
		if p.ID == q.ID {
			next.Version = p.Version + 1
		}
	}
	err = s.audited(c, "questionnaire.draft", "questionnaire/"+next.Ref(), nil, func() (err error) {
		d, err = s.survey.NewDraft(ctx, q, officerOf(c).Account, s.Now())
		return err
	})
	return d, err
}

// newQuestionnairePage asks for what a questionnaire of another subject is called.
func (s *Server) newQuestionnairePage(c echo.Context) error {
	return s.newQuestionnaire(c, http.StatusOK, s.newQuestionnaireForm(c))
}

func (s *Server) newQuestionnaire(c echo.Context, status int, f web.Form) error {
	p := s.consolePage(c, "catalogue", s.words(c)("asked.new"))
	p.Lead = s.words(c)("asked.new.lead")
	p.Up = web.Link{URL: questionnairesPath, Text: s.words(c)("asked.title")}
	p.Forms = []web.Form{f}
	return s.page(c, status, web.PageConsole, p)
}

func (s *Server) newQuestionnaireForm(c echo.Context) web.Form {
	t := s.words(c)
	return web.Form{
		Action: questionnairesPath + "/moi", Submit: t("asked.new.go"), Cancel: web.Link{URL: questionnairesPath, Text: t("console.cancel")},
		Inputs: []web.Input{
			{Name: "name", Label: t("asked.name.vi"), Required: true, Wide: true},
			{Name: "id", Label: t("asked.id"), Required: true, Hint: t("asked.new.id")},
			{Name: "block", Label: t("asked.block"), Type: web.InputSelect, Required: true, Value: survey.BlockService, Options: s.blockChoices(c)},
		},
	}
}

func (s *Server) blockChoices(c echo.Context) []web.Choice {
	t := s.words(c)
	return []web.Choice{
		{Value: survey.BlockService, Text: t("asked.block.service")}, {Value: survey.BlockPolicy, Text: t("asked.block.policy")},
	}
}

// addQuestionnaire makes the first draft of a questionnaire. Its id is not one
// that there is: what has versions goes on from the newest of them.
func (s *Server) addQuestionnaire(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	q := &survey.Questionnaire{ID: form.Get("id"), Block: form.Get("block"), Name: catalogue.Text{VI: singleLine(form.Get("name"))}}
	err = s.checkNewID(c, q)
	var d survey.Draft
	if err == nil {
		d, err = s.addDraft(c, q)
	}
	if err == nil {
		return done(c, draftPath(d.Ref()), "draft")
	}
	if e := fault.As(err); e.Kind == fault.Invalid {
		for i := range e.Fields {
			if e.Fields[i].Name == "name.vi" {
				e.Fields[i].Name = "name"
			}
		}
		err = e
	}
	f := s.newQuestionnaireForm(c)
	status, err := s.refill(c, &f, form, err)
	if err != nil {
		return err
	}
	return s.newQuestionnaire(c, status, f)
}

func (s *Server) checkNewID(c echo.Context, q *survey.Questionnaire) error {
	ctx := c.Request().Context()
	published, err := s.survey.Published(ctx)
	if err != nil {
		return err
	}
	drafts, err := s.survey.Drafts(ctx)
	if err != nil {
		return err
	}
	var bad fault.Fields
	if q.Name.VI == "" {
		bad.Add("name", catalogue.CodeRequired)
	}
	switch {
	case q.ID == "":
		bad.Add("id", catalogue.CodeRequired)
	case !catalogue.IsSlug(q.ID):
		bad.Add("id", catalogue.CodeID, q.ID)
	case slices.ContainsFunc(published, func(p survey.Published) bool { return p.ID == q.ID }),
		slices.ContainsFunc(drafts, func(d survey.Draft) bool { return d.ID == q.ID }):
		bad.Add("id", catalogue.CodeTaken, q.ID)
	}
	return bad.Err()
}
