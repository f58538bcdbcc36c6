package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/web"
)

const caseFiguresPath = "/lam-viec/vu-viec/so-lieu"

// caseFiguresPage shows what caseStatistics answers, with words for each column.
func (s *Server) caseFiguresPage(c echo.Context) error {
	q, err := s.readFigureQuery(c)
	if !c.QueryParams().Has("from") && !c.QueryParams().Has("to") {
		q.From = catalogue.Date(string(s.today())[:4] + "-01-01")
	}
	if q.By == "" {
		q.By = feedback.ByKind
	}
	t := s.words(c)
	p := s.consolePage(c, "cases", t("casefigures.title"))
	p.Up = web.Link{URL: "/lam-viec/vu-viec", Text: t("casefigures.up")}
	p.Lead = t("casefigures.lead")
	filter := s.figureForm(c, q)
	p.Filter = &filter
	if err != nil {
		status, err := s.refill(c, &filter, c.QueryParams(), err)
		if err != nil {
			return err
		}
		return s.page(c, status, web.PageConsole, p)
	}
	f, err := s.figuresOf(c, q)
	if err != nil {
		return err
	}
	p.Tables = []web.Table{s.figureTable(c, q, f)}
	if f.Overall.Received > 0 {
		p.Tables = append(p.Tables, columnMeanings(t))
	}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

func (s *Server) figureForm(c echo.Context, q feedback.FigureQuery) web.Form {
	t := s.words(c)
	by := web.Input{Name: "by", Label: t("casefigures.by"), Type: web.InputSelect, Value: string(q.By)}
	for _, d := range feedback.Dimensions {
		by.Options = append(by.Options, web.Choice{Value: string(d), Text: t("casefigures.by." + string(d))})
	}
	kind := web.Input{Name: "kind", Label: t("casefigures.kind"), Type: web.InputSelect, Value: string(q.Kind),
		Options: []web.Choice{{Text: t("casefigures.anykind")}}}
	for _, k := range feedback.Countable(s.caseOfficer(c)) {
		kind.Options = append(kind.Options, web.Choice{Value: string(k), Text: s.kindName(language(c), k)})
	}
	return web.Form{Action: caseFiguresPath, Submit: t("console.filter"), Inputs: []web.Input{
		{Name: "from", Label: t("casefigures.from"), Type: web.InputDate, Value: string(q.From)},
		{Name: "to", Label: t("casefigures.to"), Type: web.InputDate, Value: string(q.To)},
		by, kind,
	}}
}

// figureColumns are the columns after the first, each with what it means.
var figureColumns = []string{"received", "ontime", "late", "overdue", "running", "waiting", "withdrawn", "days", "solved"}

func (s *Server) figureTable(c echo.Context, q feedback.FigureQuery, f *caseFigures) web.Table {
	t := s.words(c)
	table := web.Table{
		Empty: t("casefigures.empty"), Note: t("casefigures.note", s.moment(c, s.Now())),
		Columns: []web.Column{{Text: t("casefigures.by." + string(q.By))}},
	}
	if q.Kind == "" {
		table.Note += " " + t("casefigures.nodenunciations")
	}
	for _, name := range figureColumns {
		table.Columns = append(table.Columns, web.Column{Text: t("casefigures." + name), Right: true})
	}
	if f.Overall.Received == 0 {
		table.Note = ""
		return table
	}
	for _, g := range append([]caseGroup{f.Overall}, f.Groups...) {
		table.Rows = append(table.Rows, web.Row{Cells: s.figureCells(c, g)})
	}
	return table
}

func (s *Server) figureCells(c echo.Context, g caseGroup) []web.Cell {
	t, lang := s.words(c), language(c)
	number := func(n int) web.Cell { return web.Cell{Text: web.Number(lang, n)} }
	bad := func(n int) web.Cell {
		cell := number(n)
		if n > 0 {
			cell.Mark = web.MarkBad
		}
		return cell
	}
	inTime := number(g.OnTime)
	inTime.Note = web.PercentOf(lang, g.OnTime, g.Answered)
	late := number(g.Late)
	if g.LateUnsaid > 0 {
		late.Mark, late.Note = web.MarkBad, t("casefigures.unapologised", g.LateUnsaid)
	}
	solved := web.Cell{Text: orDash(web.PercentOf(lang, g.Ratings.Yes, g.Ratings.Rated))}
	if g.Ratings.Rated > 0 {
		solved.Note = t("casefigures.ratings", g.Ratings.Yes, g.Ratings.Partly, g.Ratings.No)
	}
	return []web.Cell{
		{Text: g.Name}, number(g.Received), inTime, late, bad(g.Overdue), number(g.Running), number(g.Waiting), number(g.Withdrawn),
		{Text: medianText(lang, g.MedianDays)}, solved,
	}
}

func orDash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}

// medianText writes whole and half days.
func medianText(lang string, days *float64) string {
	if days == nil {
		return "–"
	}
	text := web.Number(lang, int(*days))
	switch {
	case *days == float64(int(*days)):
		return text
	case lang == "en":
		return text + ".5"
	}
	return text + ",5"
}

// columnMeanings says what each column counts.
func columnMeanings(t func(string, ...any) string) web.Table {
	table := web.Table{Heading: t("casefigures.meanings"), Columns: []web.Column{{Text: t("casefigures.column"), Whole: true}, {Text: t("casefigures.meaning")}}}
	for _, name := range figureColumns {
		table.Rows = append(table.Rows, web.Row{Cells: []web.Cell{{Text: t("casefigures." + name)}, {Text: t("casefigures." + name + ".what")}}})
	}
	return table
}
