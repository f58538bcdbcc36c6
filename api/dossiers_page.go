package api

import (
	"cmp"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/dossier"
	"sipas/internal/staff"
	"sipas/survey"
	"sipas/web"
)

func dossierPath(code string) string { return dossiersPath + "/" + url.PathEscape(code) }

// dossiersPage shows the figures to who may see them, and the late dossiers.
func (s *Server) dossiersPage(c echo.Context) error {
	q, err := s.readDossierQuery(c)
	if !c.QueryParams().Has("from") && !c.QueryParams().Has("to") {
		q.From = catalogue.Date(string(s.today())[:4] + "-01-01")
	}
	q.By = cmp.Or(q.By, dossier.ByArea)
	p := s.dossiersView(c)
	p.Actions = s.dossierActions(c)
	filter := s.dossierFilter(c, q)
	p.Filter = &filter
	if err != nil {
		status, err := s.refill(c, &filter, c.QueryParams(), err)
		if err != nil {
			return err
		}
		return s.page(c, status, web.PageConsole, p)
	}
	if typed := c.QueryParam("q"); typed != "" {
		found, err := s.foundTable(c, typed)
		if err != nil {
			return err
		}
		p.Tables = []web.Table{found}
		return s.page(c, http.StatusOK, web.PageConsole, p)
	}
	if hasPart(c, dossierFigureRoles) {
		v, err := s.dossierFiguresOf(c, q)
		if err != nil {
			return err
		}
		p.Facts = s.dossierFacts(c, v.Overall)
		p.Tables = append(p.Tables, s.dossierTable(c, q, v))
	}
	late, err := s.lateTable(c, q)
	if err != nil {
		return err
	}
	p.Tables = append(p.Tables, late)
	if hasPart(c, dossierFigureRoles) {
		p.Tables = append(p.Tables, s.dossierMeanings(c))
	}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

func (s *Server) dossiersView(c echo.Context) web.Page {
	t := s.words(c)
	p := s.consolePage(c, "dossiers", t("dossier.title"))
	p.Lead = t("dossier.lead")
	return p
}

func (s *Server) dossierActions(c echo.Context) []web.Action {
	t := s.words(c)
	var list []web.Action
	if hasPart(c, dossierImportRoles) {
		list = append(list, web.Action{URL: dossierImportPath, Text: t("dossier.load"), Primary: true})
	}
	if hasPart(c, sampleRoles) {
		list = append(list, web.Action{URL: samplePath, Text: t("sample.title")})
	}
	return list
}

func (s *Server) dossierFilter(c echo.Context, q dossier.Query) web.Form {
	t := s.words(c)
	f := web.Form{Action: dossiersPath, Submit: t("console.filter"), Inputs: []web.Input{
		{Name: "q", Label: t("dossier.code"), Type: web.InputSearch, Value: c.QueryParam("q")},
		{Name: "from", Label: t("dossier.from"), Type: web.InputDate, Value: string(q.From)},
		{Name: "to", Label: t("dossier.to"), Type: web.InputDate, Value: string(q.To)},
	}}
	if hasPart(c, dossierFigureRoles) {
		by := web.Input{Name: "by", Label: t("dossier.by"), Type: web.InputSelect, Value: string(q.By)}
		for _, d := range dossier.Dimensions {
			by.Options = append(by.Options, web.Choice{Value: string(d), Text: t("dossier.by." + string(d))})
		}
		f.Inputs = append(f.Inputs, by)
	}
	return f
}

// dossierFacts are the two numbers that the plan sets targets for, and how many
// citizens were heard.
func (s *Server) dossierFacts(c echo.Context, g dossierGroup) []web.Fact {
	t, lang := s.words(c), language(c)
	onTime := orDash(web.PercentOf(lang, g.OnTime, g.Closed))
	if g.Target != nil && g.Met != nil {
		key := "dossier.target.missed"
		if *g.Met {
			key = "dossier.target.met"
		}
		onTime = t(key, onTime, web.Percent(lang, int(*g.Target)))
	}
	passed := g.Late + g.Overdue
	return []web.Fact{
		{Name: t("dossier.ontime"), Text: onTime},
		{Name: t("dossier.passed"), Text: t("dossier.passed.text", web.Number(lang, g.Late), web.Number(lang, g.Overdue))},
		{Name: t("dossier.sorry"), Text: t("dossier.sorry.text", orDash(web.PercentOf(lang, g.Apologised, passed)), web.Number(lang, g.LateUnapologised))},
		{Name: t("dossier.heard"), Text: t("dossier.heard.text", orDash(web.PercentOf(lang, g.Responses, g.Closed)), web.Number(lang, g.Responses), web.Number(lang, g.Closed), web.Number(lang, g.Verified))},
	}
}

// dossierColumns are the columns after the first, each with what it means.
var dossierColumns = []string{"closed", "ontime", "late", "overdue", "running", "withdrawn", "sorry", "heard"}

func (s *Server) dossierTable(c echo.Context, q dossier.Query, v *dossierFigures) web.Table {
	t := s.words(c)
	table := web.Table{ID: "figures", Heading: t("dossier.figures"), Empty: t("dossier.empty"), Columns: []web.Column{{Text: t("dossier.by." + string(q.By))}}}
	for _, name := range dossierColumns {
		table.Columns = append(table.Columns, web.Column{Text: t("dossier." + name), Right: true})
	}
	if len(v.Groups) == 0 {
		return table
	}
	for _, g := range append([]dossierGroup{v.Overall}, v.Groups...) {
		table.Rows = append(table.Rows, web.Row{Cells: s.dossierCells(c, g)})
	}
	table.Note = t("dossier.note", s.moment(c, s.Now()))
	return table
}

func (s *Server) dossierCells(c echo.Context, g dossierGroup) []web.Cell {
	t, lang := s.words(c), language(c)
	number := func(n int) web.Cell { return web.Cell{Text: web.Number(lang, n)} }
	onTime := number(g.OnTime)
	if onTime.Note = web.PercentOf(lang, g.OnTime, g.Closed); g.Met != nil {
		onTime.Mark = map[bool]string{true: web.MarkGood, false: web.MarkBad}[*g.Met]
		onTime.Note = t(map[bool]string{true: "dossier.target.met", false: "dossier.target.missed"}[*g.Met], onTime.Note, web.Percent(lang, int(*g.Target)))
	}
	overdue := number(g.Overdue)
	if g.Overdue > 0 {
		overdue.Mark = web.MarkBad
	}
	sorry := web.Cell{Text: orDash(web.PercentOf(lang, g.Apologised, g.Late+g.Overdue))}
	if g.LateUnapologised > 0 {
		sorry.Mark, sorry.Note = web.MarkBad, t("dossier.unapologised", web.Number(lang, g.LateUnapologised))
	}
	heard := web.Cell{Text: orDash(web.PercentOf(lang, g.Responses, g.Closed)), Note: t("dossier.responses", web.Number(lang, g.Responses), web.Number(lang, g.Verified))}
	return []web.Cell{{Text: g.Name}, number(g.Closed), onTime, number(g.Late), overdue, number(g.Running), number(g.Withdrawn), sorry, heard}
}

// dossierMeanings says what each column counts.
func (s *Server) dossierMeanings(c echo.Context) web.Table {
	t := s.words(c)
	table := web.Table{Heading: t("dossier.meanings"), Columns: []web.Column{{Text: t("dossier.column"), Whole: true}, {Text: t("dossier.meaning")}}}
	for _, name := range dossierColumns {
		table.Rows = append(table.Rows, web.Row{Cells: []web.Cell{{Text: t("dossier." + name)}, {Text: t("dossier." + name + ".what")}}})
	}
	return table
}

const lateShown = 50

// foundTable lists the dossiers whose code begins as typed.
func (s *Server) foundTable(c echo.Context, typed string) (web.Table, error) {
	t, lang, today := s.words(c), language(c), s.today()
	list, err := s.dossiers.Find(c.Request().Context(), typed, lateShown)
	table := web.Table{
		ID: "found", Heading: t("dossier.found"), Empty: t("dossier.found.none"),
		Columns: []web.Column{{Text: t("dossier.code"), Whole: true}, {Text: t("cat.one.procedure")}, {Text: t("dossier.standing")}, {Text: t("dossier.received"), Whole: true}, {Text: t("dossier.due"), Whole: true}, {Text: t("dossier.returned"), Whole: true}},
	}
	for _, d := range list {
		standing := web.Cell{Text: t("dossier.standing." + string(d.StandingOn(today)))}
		if late := d.StandingOn(today); late == dossier.Late || late == dossier.Overdue {
			standing.Mark = web.MarkBad
		}
		table.Rows = append(table.Rows, web.Row{Cells: []web.Cell{
			{Text: d.Code, URL: dossierPath(d.Code), Code: true}, {Text: s.valueName("procedure", d.Procedure, lang, d.ReceivedOn)}, standing,
			{Text: dayText(lang, d.ReceivedOn)}, {Text: dayText(lang, d.DueOn)}, {Text: orDash(dayText(lang, d.ReturnedOn))},
		}})
	}
	if len(list) == lateShown {
		table.Note = t("dossier.found.more", lateShown)
	}
	return table, err
}

// lateTable lists the dossiers whose due day has passed without a result.
func (s *Server) lateTable(c echo.Context, q dossier.Query) (web.Table, error) {
	t, lang, today := s.words(c), language(c), s.today()
	list, next, err := s.dossiers.LateOnes(c.Request().Context(), q.From, q.To, today, lateShown, c.QueryParam("after"))
	if err != nil {
		return web.Table{}, err
	}
	table := web.Table{
		ID: "late", Heading: t("dossier.late.title"), Empty: t("dossier.late.empty"), Note: t("dossier.late.note"),
		Columns: []web.Column{{Text: t("dossier.code"), Whole: true}, {Text: t("cat.one.procedure")}, {Text: t("cat.one.unit")}, {Text: t("dossier.due"), Whole: true}, {Text: t("dossier.apology")}, {Text: t("dossier.letter"), Whole: true}},
	}
	for _, d := range list {
		due := web.Cell{Text: dayText(lang, d.DueOn), Mark: web.MarkBad, Note: t("dossier.late.by", daysBetween(d.DueOn, d.ReturnedOn))}
		if d.ReturnedOn == "" {
			due.Note = t("dossier.overdue.by", daysBetween(d.DueOn, today))
		}
		apology := web.Cell{Text: t("dossier.apology.none"), Mark: web.MarkBad}
		if d.ApologyOn != "" {
			apology = web.Cell{Text: dayText(lang, d.ApologyOn), Mark: web.MarkGood}
		}
		table.Rows = append(table.Rows, web.Row{Cells: []web.Cell{
			{Text: d.Code, URL: dossierPath(d.Code), Code: true}, {Text: s.valueName("procedure", d.Procedure, lang, d.ReceivedOn)},
			{Text: orDash(s.valueName("unit", d.Unit, lang, today))}, due, apology,
			{Text: t("dossier.letter.word"), URL: dossierPath(d.Code) + "/phieu-xin-loi.docx"},
		}})
	}
	if len(table.Rows) == 0 {
		table.Note = ""
	}
	if next != "" {
		u := url.Values{"from": {string(q.From)}, "to": {string(q.To)}, "by": {string(q.By)}, "after": {next}}
		table.Next = localPath(c, dossiersPath+"?"+u.Encode()) + "#late"
	}
	return table, nil
}

func daysBetween(from, to catalogue.Date) int { return to.Days() - from.Days() }

// sampleRoles see how many answers are missing: whoever asks for them.
var sampleRoles = []staff.Role{staff.Desk, staff.Office, staff.Leader, staff.Admin}

const samplePath = dossiersPath + "/mau"

// samplePage shows how many answers each area should have this half year, and
// what is missing from which desk.
func (s *Server) samplePage(c echo.Context) error {
	t, lang := s.words(c), language(c)
	half := survey.PeriodOf(s.today(), 6) // the office reports twice a year
	samples, err := s.samples(c, half.From, half.To)
	if err != nil {
		return err
	}
	p := s.consolePage(c, "dossiers", t("sample.title"))
	p.Up = web.Link{URL: dossiersPath, Text: t("dossier.title")}
	p.Lead = t("sample.lead", dayText(lang, half.From), dayText(lang, half.To))
	number := func(n int) web.Cell { return web.Cell{Text: web.Number(lang, n)} }
	missing := func(n int) web.Cell {
		if n == 0 {
			return web.Cell{Text: t("sample.enough"), Mark: web.MarkGood}
		}
		return web.Cell{Text: web.Number(lang, n), Mark: web.MarkDoubt}
	}
	columns := func(first string) []web.Column {
		return []web.Column{{Text: t(first)}, {Text: t("sample.dossiers"), Right: true}, {Text: t("sample.needed"), Right: true}, {Text: t("sample.responses"), Right: true}, {Text: t("sample.missing"), Right: true}}
	}
	areas := web.Table{Heading: t("sample.areas"), Columns: columns("cat.one.area"), Empty: t("sample.empty"), Note: t("sample.note")}
	desks := web.Table{Heading: t("sample.desks"), Columns: append([]web.Column{{Text: t("cat.one.area")}}, columns("cat.one.desk")...), Note: t("sample.desks.note")}
	for _, a := range samples {
		name := cmp.Or(s.valueName("area", a.Area, lang, half.To), t("dossier.no.area"))
		areas.Rows = append(areas.Rows, web.Row{Cells: []web.Cell{{Text: name}, number(a.Dossiers), number(a.Needed), number(a.Responses), missing(a.Missing())}})
		for _, d := range a.Desks {
			desk := cmp.Or(s.valueName("desk", d.Desk, lang, half.To), t("sample.nodesk"))
			desks.Rows = append(desks.Rows, web.Row{Cells: []web.Cell{{Text: name}, {Text: desk}, number(d.Dossiers), number(d.Needed), number(d.Responses), missing(d.Missing())}})
		}
	}
	if p.Tables = []web.Table{areas}; len(desks.Rows) > 0 {
		p.Tables = append(p.Tables, desks)
	} else {
		p.Tables[0].Note = ""
	}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}
