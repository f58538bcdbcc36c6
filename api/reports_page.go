package api

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/fault"
	"sipas/survey"
	"sipas/web"
)

const reportsPath = "/lam-viec/bao-cao"

// reportRoles have something to take from the page.
var reportRoles = satisfactionRoles

// reportsPage offers the report on a period, and the data of it to those who may
// take them.
func (s *Server) reportsPage(c echo.Context) error {
	t := s.words(c)
	p := s.consolePage(c, "reports", t("reports.title"))
	p.Lead = t("reports.lead")
	q, err := s.reportQuestion(c)
	filter := s.reportForm(c, q)
	p.Filter = &filter
	if err != nil {
		status, err := s.refill(c, &filter, c.QueryParams(), err)
		if err != nil {
			return err
		}
		return s.page(c, status, web.PageConsole, p)
	}
	p.Tables = []web.Table{s.reportFiles(c, q)}
	if hasPart(c, responseExportRoles) && q.period.From <= s.today() {
		data, err := s.downloads(c, survey.Between(q.period.From, min(q.period.To, s.today())))
		if err != nil {
			return err
		}
		p.Tables = append(p.Tables, data)
	}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

// reportQuestion is the period that was asked for, or the last whole half year:
// the office reports twice a year.
func (s *Server) reportQuestion(c echo.Context) (question, error) {
	params := c.QueryParams()
	var bad fault.Fields
	q := question{with: choiceOf(&bad, params, "with", comparisons, withBefore), period: survey.PeriodOf(s.today(), 6).Before()}
	if params.Has("period") || params.Has("from") || params.Has("to") {
		q.period = s.askedPeriod(&bad, params)
	}
	err := join(&bad, q.query(q.period).Check())
	if err == nil {
		err = bad.Err()
	}
	return q, err
}

// reportForm asks for the period and what to compare it with.
func (s *Server) reportForm(c echo.Context, q question) web.Form {
	t := s.words(c)
	f := web.Form{Action: reportsPath, Plain: true, Submit: t("stats.show"), Inputs: []web.Input{s.periodInput(c, q.period)}}
	if q.period.ID == "" {
		f.Inputs = append(f.Inputs,
			web.Input{Name: "from", Label: t("stats.from"), Type: web.InputDate, Value: string(q.period.From)},
			web.Input{Name: "to", Label: t("stats.to"), Type: web.InputDate, Value: string(q.period.To)})
	}
	f.Inputs = append(f.Inputs, s.comparisonInput(c, q))
	return f
}

// reportFiles lists the report in each format.
func (s *Server) reportFiles(c echo.Context, q question) web.Table {
	t := s.words(c)
	table := web.Table{
		Heading: t("reports.report", s.periodName(c, q.period)), Note: strings.Join(append(s.periodNotes(c, q), t("reports.check")), " "),
		Columns: []web.Column{{Text: t("reports.file"), Whole: true}, {Text: t("reports.what")}},
	}
	asked := url.Values{"from": {string(q.period.From)}, "to": {string(q.period.To)}, "with": {q.with}}
	for _, format := range ReportFormats {
		table.Rows = append(table.Rows, web.Row{Cells: []web.Cell{
			{Text: t("reports." + format + ".name"), URL: localPath(c, reportAPI+format+"?"+asked.Encode())}, {Text: t("reports." + format + ".what")},
		}})
	}
	return table
}

// downloads lists the files of the period, with how many rows each has.
func (s *Server) downloads(c echo.Context, p survey.Period) (web.Table, error) {
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

func exportAddress(name, format string, p survey.Period) string {
	q := url.Values{"to": {string(p.To)}}
	if p.From != "" {
		q.Set("from", string(p.From))
	}
	return "/api/v1/exports/" + name + "." + format + "?" + q.Encode()
}
