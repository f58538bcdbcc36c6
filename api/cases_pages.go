package api

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/internal/staff"
	"sipas/web"
)

// casesShown is how many cases a page of the queue has.
const casesShown = 50

// queueStates are what the queue can be asked for, in the order of the filter;
// the first is what is shown unasked.
var queueStates = []string{"open", "overdue", "soon", "waiting", "done", "all"}

// casesPage is the queue: what this officer may see, the oldest due day first.
func (s *Server) casesPage(c echo.Context) error {
	t, o := s.words(c), s.caseOfficer(c)
	state, q := c.QueryParam("state"), url.Values{}
	if !slices.Contains(queueStates, state) {
		state = queueStates[0]
	}
	f, err := s.readCaseFilter(c)
	if err != nil {
		return err
	}
	s.narrow(&f, state)
	list, next, err := s.feedback.List(c.Request().Context(), o, f, casesShown, c.QueryParam("after"))
	if err != nil {
		return err
	}
	secret := f.Kind == feedback.Denunciation && o.Role == feedback.RoleInspection
	p := s.consolePage(c, "cases", t("queue.title"))
	p.Lead = t("queue.lead")
	if secret {
		p.Heading, p.Lead = t("queue.secret"), t("queue.secret.lead")
	}
	p.Actions = s.queueActions(c, secret)
	p.Filter = s.queueFilter(c, f, state, secret)
	table := web.Table{ID: "cases", Empty: t("queue.none"), Columns: s.caseColumns(c)}
	if c.QueryString() == "" {
		table.Empty = t("queue.empty")
	}
	for _, k := range list {
		table.Rows = append(table.Rows, s.caseRow(c, k))
	}
	if table.Note = s.calendarWarning(c); next != "" {
		for _, name := range []string{"q", "kind", "unit", "status", "state"} {
			q.Set(name, c.QueryParam(name))
		}
		q.Set("after", next)
		table.Next = localPath(c, casesPath+"?"+q.Encode())
	}
	if slices.ContainsFunc(table.Rows, func(r web.Row) bool { return r.Pick.Value != "" }) {
		table.Picks = s.bulkStart(c)
	}
	p.Tables = []web.Table{table}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

func (s *Server) caseColumns(c echo.Context) []web.Column {
	t := s.words(c)
	return []web.Column{
		{Text: t("queue.column.due"), Whole: true}, {Text: t("queue.column.what")}, {Text: t("queue.column.kind")},
		{Text: t("queue.column.status")}, {Text: t("queue.column.unit")}, {Text: t("queue.column.received"), Whole: true},
	}
}

// narrow adds a state of the queue to a filter.
func (s *Server) narrow(f *feedback.Filter, state string) {
	switch state {
	case "open":
		f.State = feedback.Running
	case "overdue":
		f.Overdue = s.Now()
	case "soon":
		f.DueFrom, f.DueBy = s.Now(), s.feedback.Rules().Soon(s.Now())
	case "waiting":
		f.Status = feedback.Waiting
	case "done":
		f.State = feedback.Done
	}
}

func (s *Server) queueActions(c echo.Context, secret bool) (list []web.Action) {
	t, role := s.words(c), officerOf(c).Role
	if slices.Contains(takerRoles, role) {
		list = append(list, web.Action{URL: takePath, Text: t("queue.take"), Primary: true})
	}
	if role == staff.Inspection {
		if secret {
			list = append(list, web.Action{URL: casesPath, Text: t("queue.all")})
		} else {
			list = append(list, web.Action{URL: casesPath + "?kind=" + string(feedback.Denunciation), Text: t("queue.secret")})
		}
	}
	if slices.Contains(contactRoles, role) {
		list = append(list, web.Action{URL: phonePath, Text: t("phone.title")})
	}
	if slices.Contains(caseFigureRoles, role) {
		list = append(list, web.Action{URL: caseFiguresPath, Text: t("queue.figures")})
	}
	if slices.Contains(eraseRoles, role) {
		list = append(list, web.Action{URL: retentionPath, Text: t("retention.title")})
	}
	if slices.Contains(templateRoles, role) {
		list = append(list, web.Action{URL: templatesPath, Text: t("template.title")})
	}
	return list
}

func (s *Server) queueFilter(c echo.Context, f feedback.Filter, state string, secret bool) *web.Form {
	t, lang := s.words(c), language(c)
	states := []web.Choice{}
	for _, x := range queueStates {
		states = append(states, web.Choice{Value: x, Text: t("queue.state." + x)})
	}
	form := &web.Form{Action: casesPath, Submit: t("console.filter"), Inputs: []web.Input{
		{Name: "q", Label: t("queue.find"), Type: web.InputSearch, Value: f.Words},
		{Name: "state", Label: t("queue.state"), Type: web.InputSelect, Value: state, Options: states},
	}}
	if secret {
		form.Hidden = []web.Choice{{Value: "kind", Text: string(feedback.Denunciation)}}
		return form
	}
	kinds, units := []web.Choice{{Text: t("queue.anykind")}}, []web.Choice{{Text: t("queue.anyunit")}}
	for _, k := range feedback.Kinds {
		if k != feedback.Denunciation {
			kinds = append(kinds, web.Choice{Value: string(k), Text: s.kindName(lang, k)})
		}
	}
	statuses := []web.Choice{{Text: t("queue.anystatus")}}
	for _, st := range feedback.Statuses {
		statuses = append(statuses, web.Choice{Value: string(st), Text: s.statusName(lang, st)})
	}
	form.Inputs = append(form.Inputs,
		web.Input{Name: "status", Label: t("queue.status"), Type: web.InputSelect, Value: string(f.Status), Options: statuses})
	form.Inputs = append(form.Inputs, web.Input{Name: "kind", Label: t("queue.kind"), Type: web.InputSelect, Value: string(f.Kind), Options: kinds})
	if officerOf(c).Role != staff.Unit {
		for _, u := range s.survey.Catalogue().Units(s.today()) {
			units = append(units, web.Choice{Value: u.ID, Text: u.Name.In(lang)})
		}
		form.Inputs = append(form.Inputs, web.Input{Name: "unit", Label: t("queue.unit"), Type: web.InputSelect, Value: f.Unit, Options: units})
	}
	return form
}

func (s *Server) caseRow(c echo.Context, k *feedback.Case) web.Row {
	lang := language(c)
	if k.Unreadable() {
		return web.Row{Cells: []web.Cell{
			{Text: s.words(c)("queue.unreadable.due"), Note: s.words(c)("queue.due.on", web.Date(lang, k.DueAt.In(catalogue.Zone)))},
			{Text: s.words(c)("queue.unreadable"), Mark: web.MarkDoubt, Note: feedback.FormatCode(k.Code)},
			{Text: s.kindName(lang, k.Kind)}, {}, {}, {},
		}}
	}
	due, late := s.dueWords(c, k)
	cell := web.Cell{Text: due}
	switch {
	case late:
		cell.Mark = web.MarkBad
	case k.State() == feedback.Running && k.DueAt.Before(s.feedback.Rules().Soon(s.Now())):
		cell.Mark = web.MarkDoubt
	}
	if k.State() != feedback.Done {
		cell.Note = s.words(c)("queue.due.on", web.Date(lang, k.DueAt.In(catalogue.Zone)))
	}
	return web.Row{Quiet: k.State() == feedback.Done, Pick: s.bulkPick(c, k), Cells: []web.Cell{
		cell,
		{Text: titleOf(k), URL: casePath(k.Code), Note: feedback.FormatCode(k.Code)},
		{Text: s.kindName(lang, k.Kind)},
		{Text: s.statusName(lang, k.Status)},
		{Text: s.valueName("unit", k.Unit, lang, s.today())},
		{Text: web.Date(lang, k.ReceivedAt.In(catalogue.Zone))},
	}}
}

// dueWords says how far off the due day is.
func (s *Server) dueWords(c echo.Context, k *feedback.Case) (text string, late bool) {
	t := s.words(c)
	switch k.State() {
	case feedback.Done:
		return t("queue.due.done"), false
	case feedback.Paused:
		return t("queue.due.paused"), false
	}
	return s.timeLeft(c, leftTexts{"queue.left.today", "queue.left", "queue.late"}, catalogue.DateOf(k.DueAt))
}

// calendarWarning names a year that is near and whose days off are not complete.
func (s *Server) calendarWarning(c echo.Context) string {
	today := s.today()
	for _, day := range []catalogue.Date{today, today.AddDays(60)} {
		if year := day.Start().In(catalogue.Zone).Year(); !s.feedback.Rules().Calendar.Complete(year) {
			return s.words(c)("queue.calendar", strconv.Itoa(year))
		}
	}
	return ""
}

func casePath(code string) string { return casesPath + "/" + feedback.FormatCode(code) }

// titleOf is what a list calls a case: its subject, or how it begins.
func titleOf(k *feedback.Case) string {
	if k.Subject != "" {
		return k.Subject
	}
	if k.Erased() {
		return feedback.FormatCode(k.Code)
	}
	const most = 80
	words := []rune(k.Content)
	if len(words) <= most {
		return k.Content
	}
	return string(words[:most]) + "…"
}
