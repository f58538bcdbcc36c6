package api

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/web"
)

// What has been kept for as long as it is kept is listed first, and erased when
// somebody has looked at the list: what it shows goes, and nothing that it does
// not show. The office has the list of all cases but denunciations, the
// inspection that of denunciations.

const (
	retentionPath = casesPath + "/luu-tru"
	expiredShown  = 100 // cases of a list, and of one run
)

// retentionPage lists what would go, and the times by which it does.
func (s *Server) retentionPage(c echo.Context) error {
	p, _, err := s.retentionView(c)
	if err != nil {
		return err
	}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

func (s *Server) retentionView(c echo.Context) (p web.Page, list []feedback.Kept, err error) {
	list, n, err := s.feedback.Expired(c.Request().Context(), s.caseOfficer(c), s.today(), expiredShown)
	if err != nil {
		return p, nil, err
	}
	t := s.words(c)
	p = s.consolePage(c, "cases", t("retention.title"))
	p.Path = retentionPath
	p.Up, p.Lead = web.Link{URL: casesPath, Text: t("queue.title")}, t("retention.lead")
	p.Tables = []web.Table{s.expiredTable(c, list, n), s.termsTable(c)}
	if len(list) > 0 {
		p.Forms = []web.Form{s.expiredForm(c, list)}
	}
	return p, list, nil
}

func (s *Server) expiredTable(c echo.Context, list []feedback.Kept, n int) web.Table {
	t, lang := s.words(c), language(c)
	table := web.Table{
		ID: "expired", Heading: t("retention.expired"), Empty: t("retention.none"),
		Columns: []web.Column{{Text: t("queue.fact.code"), Whole: true}, {Text: t("queue.column.kind")}, {Text: t("queue.column.status")},
			{Text: t("queue.column.received"), Whole: true}, {Text: t("retention.column.until"), Whole: true}, {Text: t("retention.column.why")}},
	}
	for _, x := range list {
		table.Rows = append(table.Rows, web.Row{Cells: []web.Cell{
			{Text: feedback.FormatCode(x.Case.Code), URL: casePath(x.Case.Code), Code: true}, {Text: s.kindName(lang, x.Case.Kind)},
			{Text: s.statusName(lang, x.Case.Status)}, {Text: web.Date(lang, x.Case.ReceivedAt.In(catalogue.Zone))},
			{Text: dayText(lang, x.Until)}, {Text: t("retention.why", s.monthsInWords(c, x.By.Months))},
		}})
	}
	if n > len(list) {
		table.Note = t("retention.more", len(list), n)
	}
	return table
}

// termsTable shows how long is kept what, and where that comes from.
func (s *Server) termsTable(c echo.Context) web.Table {
	t, lang := s.words(c), language(c)
	table := web.Table{ID: "terms", Heading: t("retention.terms"), Empty: t("retention.noterms"), Columns: []web.Column{
		{Text: t("queue.column.kind")}, {Text: t("retention.column.time"), Whole: true}, {Text: t("retention.column.from"), Whole: true}, {Text: t("retention.column.source")},
	}}
	for _, r := range s.feedback.Rules().RetentionOn(s.today()) {
		source := web.Cell{Text: r.Source}
		if !r.Confirmed {
			source = web.Cell{Text: t("retention.unconfirmed"), Mark: web.MarkDoubt, Note: r.Source}
		}
		table.Rows = append(table.Rows, web.Row{Cells: []web.Cell{
			{Text: s.kindName(lang, r.Kind)}, {Text: s.monthsInWords(c, r.Months)}, {Text: dayText(lang, r.From)}, source,
		}})
	}
	return table
}

// expiredForm erases exactly what the page lists.
func (s *Server) expiredForm(c echo.Context, list []feedback.Kept) web.Form {
	t := s.words(c)
	f := web.Form{
		Action: retentionPath, Heading: t("retention.run"), Lead: t("retention.run.lead", len(list)), Submit: t("retention.go", len(list)), Danger: true,
		Inputs: []web.Input{{Name: "number", Label: t("retention.number"), Hint: t("retention.number.hint"), Required: true}},
	}
	for _, x := range list {
		f.Hidden = append(f.Hidden, web.Choice{Value: "case", Text: x.Case.Code})
	}
	return f
}

// retentionSent erases what was listed and has still expired, one after the
// other, and reports on each.
func (s *Server) retentionSent(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	codes := form["case"]
	if len(codes) > expiredShown {
		codes = codes[:expiredShown]
	}
	if typed := strings.TrimSpace(form.Get("number")); typed != strconv.Itoa(len(codes)) || len(codes) == 0 {
		return s.retentionBack(c, form)
	}
	t := s.words(c)
	report := web.Table{ID: "report", Heading: t("retention.report"), Columns: []web.Column{
		{Text: t("queue.fact.code"), Whole: true}, {Text: t("retention.column.what")},
	}}
	erased := 0
	for _, code := range codes {
		what, err := s.eraseExpired(c, code)
		if err != nil {
			return err
		}
		cell := web.Cell{Text: what}
		if what == t("retention.done") {
			erased++
			cell.Mark = web.MarkGood
		}
		report.Rows = append(report.Rows, web.Row{Cells: []web.Cell{{Text: feedback.FormatCode(code), Code: true}, cell}})
	}
	if err := s.feedback.EndErasures(c.Request().Context()); err != nil {
		return err
	}
	p, _, err := s.retentionView(c)
	if err != nil {
		return err
	}
	p.Done = t("retention.erased", erased, len(codes))
	p.Tables = append([]web.Table{report}, p.Tables...)
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

// retentionBack shows the list as it is now: the number that was typed is not
// that of the cases listed.
func (s *Server) retentionBack(c echo.Context, typed url.Values) error {
	p, list, err := s.retentionView(c)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return s.page(c, http.StatusUnprocessableEntity, web.PageConsole, p)
	}
	var bad fault.Fields
	bad.Add("number", "erase_number", len(list))
	status, err := s.refill(c, &p.Forms[0], typed, bad.Err())
	if err != nil {
		return err
	}
	return s.page(c, status, web.PageConsole, p)
}

// eraseExpired says what became of one case of the list. The error is one after
// which the rest need not be tried.
func (s *Server) eraseExpired(c echo.Context, code string) (string, error) {
	t := s.words(c)
	k, err := s.feedback.Case(c.Request().Context(), s.caseOfficer(c), code)
	if err == nil {
		err = s.erase(c, k, feedback.ReasonExpired)
	}
	switch f := fault.As(err); {
	case err == nil:
		return t("retention.done"), nil
	case errors.Is(err, feedback.ErrErased), errors.Is(err, feedback.ErrNotExpired), errors.Is(err, feedback.ErrNotOver),
		errors.Is(err, feedback.ErrStale), errors.Is(err, feedback.ErrNoCase), errors.Is(err, feedback.ErrRole):
		return t("problem." + f.Code), nil
	default:
		return "", err
	}
}
