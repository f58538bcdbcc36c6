package api

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/improve"
	"sipas/web"
)

// taskForms are the forms of a task's page; one that comes back with what is
// wrong is put in its place.
type taskForms struct{ proof, end, reopen *web.Form }

// taskPage shows a task: before and after, its evidence, what happened.
func (s *Server) taskPage(c echo.Context) error {
	x, err := s.readTask(c)
	if err != nil {
		return err
	}
	return s.showTask(c, http.StatusOK, x, taskForms{})
}

func (s *Server) showTask(c echo.Context, status int, x *improve.Task, forms taskForms) error {
	t := s.words(c)
	p := s.consolePage(c, "improve", beginning(x.What))
	p.Path = taskPath(x)
	p.Up = web.Link{URL: improvePath, Text: t("improve.title")}
	facts, err := s.taskFacts(c, x)
	if err != nil {
		return err
	}
	p.Facts = facts
	if hasPart(c, improveEditors) && x.Status == improve.Open {
		p.Actions = []web.Action{{URL: taskPath(x) + "/sua", Text: t("improve.edit")}}
	}
	if x.Measured() {
		if status, err = s.compareOn(c, &p, x, status); err != nil {
			return err
		}
	}
	p.Tables = append(p.Tables, s.evidenceTable(c, x), s.eventTable(c, x))
	p.Forms = s.formsOf(c, x, forms)
	return s.page(c, status, web.PageConsole, p)
}

func (s *Server) taskFacts(c echo.Context, x *improve.Task) ([]web.Fact, error) {
	t, lang := s.words(c), language(c)
	due := s.dueCell(c, x)
	facts := []web.Fact{
		{Name: t("improve.what"), Text: x.What},
		{Name: t("improve.about"), Text: orDash(s.subjectName(lang, subjectOf(x)))},
		{Name: t("improve.unit"), Text: s.valueName("unit", x.Unit, lang, s.today())},
		{Name: t("improve.due"), Text: strings.TrimSuffix(due.Text+", "+due.Note, ", ")},
		{Name: t("improve.status"), Text: t("improve.status." + string(x.Status))},
	}
	if x.Duty == "" {
		return facts, nil
	}
	plan, err := s.improve.Plan(c.Request().Context())
	if err != nil {
		return nil, err
	}
	if d := plan.Of(x.Duty); d != nil {
		says := d.Text
		if says == x.What { // it stands above
			says = d.Heading
		}
		facts = append(facts, web.Fact{Name: t("improve.duty.of", t("improve.index."+string(d.Index)), d.Number), Text: says, Lang: inVietnamese(c)},
			web.Fact{Name: t("improve.lead.units"), Text: d.Lead, Lang: inVietnamese(c)})
	}
	return facts, nil
}

// compareOn puts the figures before and after on the page, and the choice of the
// days after.
func (s *Server) compareOn(c echo.Context, p *web.Page, x *improve.Task, status int) (int, error) {
	t, lang := s.words(c), language(c)
	from, to := x.After(s.today())
	from, to, err := readDays(c, from, to)
	if err == nil {
		err = x.CheckAfter(from, to)
	}
	filter := web.Form{Action: taskPath(x), Submit: t("improve.measure"), Inputs: []web.Input{
		{Name: "from", Label: t("improve.after.from"), Type: web.InputDate, Value: string(from)},
		{Name: "to", Label: t("improve.after.to"), Type: web.InputDate, Value: string(to)},
	}}
	p.Filter = &filter
	table := web.Table{Heading: t("improve.compare"), Columns: []web.Column{
		{Text: t("improve.measured"), Whole: true}, {Text: t("improve.period"), Whole: true}, {Text: t("improve.rate"), Right: true},
		{Text: t("improve.target"), Right: true}, {Text: t("improve.standing")}, {Text: t("improve.respondents"), Right: true},
	}}
	row := func(name string, m improve.Measure) web.Row {
		f := m.Figure()
		return web.Row{Cells: []web.Cell{
			{Text: name}, {Text: spanText(lang, m.From, m.To)}, rateCell(t, lang, f), {Text: targetText(lang, m.Target)},
			standingCell(t, f), {Text: web.Number(lang, int(m.Respondents))},
		}}
	}
	table.Rows = []web.Row{row(t("improve.before"), x.Before)}
	if err != nil {
		status, err = s.refill(c, &filter, c.QueryParams(), err)
		p.Tables = append(p.Tables, table)
		return status, err
	}
	after, err := s.measure(subjectOf(x), from, to)
	if err != nil {
		return 0, err
	}
	table.Rows = append(table.Rows, row(t("improve.after"), after), changeRow(t, lang, after, x.Before))
	table.Note = t("improve.compare.note")
	p.Tables = append(p.Tables, table)
	return status, nil
}

// changeRow says what lies between two figures, and whether it is more than chance
// would bring.
func changeRow(t func(string, ...any) string, lang string, after, before improve.Measure) web.Row {
	change, result := after.Against(before)
	points, finding := web.Cell{Text: "–"}, web.Cell{Text: t("improve.result." + string(result))}
	if result != improve.Unmeasured {
		points.Text = t("improve.points", signedText(lang, change.Points))
		points.Note = t("improve.interval", signedText(lang, change.Low), signedText(lang, change.High))
	}
	switch result {
	case improve.Better:
		finding.Mark = web.MarkGood
	case improve.Worse:
		finding.Mark = web.MarkBad
	default:
		finding.Mark = web.MarkDoubt
	}
	return web.Row{Cells: []web.Cell{{Text: t("improve.change")}, {Text: "–"}, points, {Text: "–"}, finding, {Text: "–"}}}
}

func (s *Server) evidenceTable(c echo.Context, x *improve.Task) web.Table {
	t := s.words(c)
	table := web.Table{ID: "minh-chung", Heading: t("improve.evidence"), Empty: t("improve.noevidence"), Columns: []web.Column{
		{Text: t("improve.evidence.text")}, {Text: t("improve.evidence.link")}, {Text: t("improve.by"), Whole: true},
	}}
	for _, e := range slices.Backward(x.Evidence) {
		link := web.Cell{Text: "–"}
		if e.Link != "" {
			link = web.Cell{Text: e.Link, URL: e.Link}
		}
		table.Rows = append(table.Rows, web.Row{Cells: []web.Cell{{Text: e.Text}, link, {Text: e.By, Note: s.moment(c, e.At)}}})
	}
	return table
}

func (s *Server) eventTable(c echo.Context, x *improve.Task) web.Table {
	t := s.words(c)
	table := web.Table{Heading: t("improve.events"), Columns: []web.Column{
		{Text: t("improve.event"), Whole: true}, {Text: t("improve.reason")}, {Text: t("improve.by"), Whole: true},
	}}
	for _, e := range slices.Backward(x.Events) {
		table.Rows = append(table.Rows, web.Row{Cells: []web.Cell{
			{Text: t("improve.act." + string(e.Act))}, {Text: orDash(e.Reason)}, {Text: e.By, Note: s.moment(c, e.At)},
		}})
	}
	return table
}

// formsOf are what the reader may do with a task now.
func (s *Server) formsOf(c echo.Context, x *improve.Task, given taskForms) (list []web.Form) {
	add := func(may bool, given *web.Form, fresh func(echo.Context, *improve.Task) web.Form) {
		switch {
		case given != nil:
			list = append(list, *given)
		case may:
			list = append(list, fresh(c, x))
		}
	}
	add(hasPart(c, proverRoles) && x.Status != improve.Dropped, given.proof, s.proofForm)
	edits := hasPart(c, improveEditors)
	add(edits && x.Status == improve.Open, given.end, s.endTaskForm)
	add(edits && x.Status != improve.Open, given.reopen, s.reopenForm)
	return list
}

// editTaskPage offers what the office may change.
func (s *Server) editTaskPage(c echo.Context) error {
	x, err := s.readTask(c)
	if err != nil {
		return err
	}
	if x.Status != improve.Open {
		return improve.ErrEnded
	}
	return s.showEdit(c, http.StatusOK, x, s.editTaskForm(c, x))
}

func (s *Server) editTaskForm(c echo.Context, x *improve.Task) web.Form {
	t := s.words(c)
	return web.Form{
		Action: taskPath(x) + "/sua", Submit: t("improve.save"), Cancel: web.Link{URL: taskPath(x), Text: t("console.cancel")},
		Hidden: []web.Choice{{Value: "version", Text: strconv.FormatInt(x.Version(), 10)}}, Inputs: s.sheetInputs(c, x.Sheet()),
	}
}

func (s *Server) showEdit(c echo.Context, status int, x *improve.Task, f web.Form) error {
	p := s.consolePage(c, "improve", s.words(c)("improve.edit"))
	p.Path = taskPath(x) + "/sua"
	p.Up, p.Forms = web.Link{URL: taskPath(x), Text: beginning(x.What)}, []web.Form{f}
	return s.page(c, status, web.PageConsole, p)
}

// editTask saves the form over the version that it showed.
func (s *Server) editTask(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	x, err := s.readTask(c)
	if err != nil {
		return err
	}
	sheet := improve.Sheet{Unit: form.Get("unit"), Due: catalogue.Date(form.Get("due")), What: form.Get("what")}
	err = s.changeTask(c, x, form, func() (string, *improve.Task, error) {
		next, err := x.Edit(sheet, officerOf(c).Account, s.survey.Catalogue(), s.Now())
		return "improve.edit", next, err
	})
	if err == nil {
		return done(c, taskPath(x), "saved")
	}
	stale := staleTask(err)
	if stale {
		if x, err = s.readTask(c); err != nil {
			return err
		}
		err = improve.ErrStale
	}
	f := s.editTaskForm(c, x)
	if stale {
		f.Changes = disagreeing(f, form)
	}
	status, err := s.refill(c, &f, form, err)
	if err != nil {
		return err
	}
	if stale && len(f.Changes) > 0 {
		f.Notice = "" // the list of changes says it
	}
	return s.showEdit(c, status, x, f)
}

func (s *Server) sheetInputs(c echo.Context, x improve.Sheet) []web.Input {
	t := s.words(c)
	return []web.Input{
		{Name: "what", Label: t("improve.what"), Hint: t("improve.what.hint", improve.MaxWhat), Type: web.InputArea, Value: x.What, Required: true, Wide: true},
		{Name: "unit", Label: t("improve.unit"), Type: web.InputSelect, Value: x.Unit, Options: s.unitChoices(c, t("improve.chooseunit")), Required: true},
		{Name: "due", Label: t("improve.due"), Type: web.InputDate, Value: string(x.Due), Required: true},
	}
}
