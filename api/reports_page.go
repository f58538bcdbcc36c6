package api

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/internal/staff"
	"sipas/survey"
	"sipas/web"
)

const reportsPath = "/lam-viec/bao-cao"

// reportRoles have something to take from the page.
var reportRoles = []staff.Role{staff.Office, staff.Admin}

// reportsPage offers what can be taken out of a period, to those who may.
func (s *Server) reportsPage(c echo.Context) error {
	t := s.words(c)
	p := s.consolePage(c, "reports", t("reports.title"))
	p.Lead = t("reports.lead")
	period, err := s.reportPeriod(c)
	filter := web.Form{Action: reportsPath, Submit: t("console.filter"), Inputs: []web.Input{
		{Name: "from", Label: t("reports.from"), Type: web.InputDate, Value: string(period.From)},
		{Name: "to", Label: t("reports.to"), Type: web.InputDate, Value: string(period.To)},
	}}
	p.Filter, p.Facts = &filter, s.usualPeriods(c)
	if err != nil {
		status, err := s.refill(c, &filter, c.QueryParams(), err)
		if err != nil {
			return err
		}
		return s.page(c, status, web.PageConsole, p)
	}
	downloads, err := s.downloads(c, period)
	if err != nil {
		return err
	}
	p.Tables = []web.Table{downloads}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

// reportPeriod is what was asked for, or the last whole month.
func (s *Server) reportPeriod(c echo.Context) (p Period, err error) {
	if !c.QueryParams().Has("from") && !c.QueryParams().Has("to") {
		p.From, p.To = survey.LastWholeMonth(s.Now())
		return p, nil
	}
	return s.readPeriod(c)
}

// usualPeriods are the periods that reports are about.
func (s *Server) usualPeriods(c echo.Context) (list []web.Fact) {
	lang := language(c)
	for _, usual := range usualPeriods(s.today()) {
		q := url.Values{"from": {string(usual.From)}, "to": {string(usual.To)}}
		list = append(list, web.Fact{
			Name: s.words(c)("reports." + usual.name), URL: localPath(c, reportsPath+"?"+q.Encode()),
			Text: dayText(lang, usual.From) + " – " + dayText(lang, usual.To),
		})
	}
	return list
}

type usualPeriod struct {
	name string // of its text
	Period
}

// usualPeriods are the last whole month, quarter and half-year before today, and
// the year up to today.
func usualPeriods(today catalogue.Date) []usualPeriod {
	before := func(months int) Period {
		start := today.Start()
		first := start.AddDate(0, -((int(start.Month())-1)%months)-months, 1-start.Day())
		return Period{catalogue.DateOf(first), catalogue.DateOf(first.AddDate(0, months, -1))}
	}
	return []usualPeriod{
		{"month", before(1)}, {"quarter", before(3)}, {"half", before(6)},
		{"year", Period{today[:4] + "-01-01", today}},
	}
}

// downloads lists the files of the period, with how many rows each has.
func (s *Server) downloads(c echo.Context, p Period) (web.Table, error) {
	t, role := s.words(c), officerOf(c).Role
	table := web.Table{
		Heading: t("reports.downloads"), Empty: t("field.no_data"), Note: t("reports.note"),
		Columns: []web.Column{{Text: t("reports.file"), Whole: true}, {Text: t("reports.rows"), Right: true}, {Text: t("reports.what")}},
	}
	offer := func(name string, rows int) {
		if rows == 0 {
			return
		}
		for _, format := range []string{FormatExcel, FormatCSV} {
			what := t("reports." + name + ".what")
			if format == FormatCSV {
				what = t("reports.same")
			}
			table.Rows = append(table.Rows, web.Row{Cells: []web.Cell{
				{Text: t("export."+name) + " (" + t("reports."+format) + ")", URL: exportAddress(name, format, p)},
				{Text: web.Number(language(c), rows)}, {Text: what},
			}})
		}
	}
	counted, err := s.segments.Tabulate(survey.Query{From: p.From, To: p.To})
	if err != nil {
		return table, err
	}
	offer(responsesExport, int(counted.Overall.Responses))
	if slices.Contains(caseExportRoles, role) {
		cases, err := s.feedback.Figures(c.Request().Context(), s.caseOfficer(c), feedback.FigureQuery{From: p.From, To: p.To}, s.Now())
		if err != nil {
			return table, err
		}
		offer(casesExport, cases.Overall.Received)
	}
	if len(table.Rows) > 0 {
		table.Rows = append(table.Rows, web.Row{Cells: []web.Cell{
			{Text: t("export.codebook") + " (CSV)", URL: exportAddress("codebook", FormatCSV, p)}, {}, {Text: t("reports.codebook.what")},
		}})
	}
	return table, nil
}

func exportAddress(name, format string, p Period) string {
	q := url.Values{"to": {string(p.To)}}
	if p.From != "" {
		q.Set("from", string(p.From))
	}
	return "/api/v1/exports/" + name + "." + format + "?" + q.Encode()
}
