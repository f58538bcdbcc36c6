package api

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"sipas/internal/fault"
	"sipas/internal/improve"
	"sipas/internal/staff"
	"sipas/web"
)

// planPage shows what the plan asks of each unit and what was done in half a
// year: all units together, or one of them duty by duty.
func (s *Server) planPage(c echo.Context) error {
	t, lang, r, ctx := s.words(c), language(c), s.taskReader(c), c.Request().Context()
	half, ok := improve.ParseHalf(cmp.Or(c.QueryParam("half"), improve.HalfOf(s.today()).String()))
	unit := c.QueryParam("unit")
	if !r.All {
		unit = r.Unit
	}
	p := s.consolePage(c, "improve", t("improve.plan"))
	if ok {
		p.Heading = t("improve.plan.in", s.halfName(c, half))
	}
	p.Up, p.Lead = web.Link{URL: improvePath, Text: t("improve.title")}, t("improve.plan.lead")
	filter := s.planFilter(c, r, half, unit)
	p.Filter = &filter
	if !ok {
		var bad fault.Fields
		bad.Add("half", "half")
		status, err := s.refill(c, &filter, c.QueryParams(), bad.Err())
		if err != nil {
			return err
		}
		return s.page(c, status, web.PageConsole, p)
	}
	plan, err := s.improve.Plan(ctx)
	if err != nil {
		return err
	}
	tasks, err := s.improve.Tasks(ctx, r)
	if err != nil {
		return err
	}
	duties, ended := plan.On(min(half.To(), s.today()))
	report := func(unit string) []improve.Line {
		return improve.Report(duties, tasks, unit, half, s.survey.Catalogue(), s.today())
	}
	switch {
	case unit != "":
		p.Heading = t("improve.plan.of", s.valueName("unit", unit, lang, s.today()), s.halfName(c, half))
		p.Tables = s.linesTables(c, report(unit), unit)
	case r.All:
		p.Tables = []web.Table{s.unitsTable(c, half, report)}
	default: // an officer of no unit
		p.Tables = s.linesTables(c, nil, unit)
	}
	if ended != "" {
		last := &p.Tables[len(p.Tables)-1]
		last.Note = t("improve.ended", dayText(lang, ended))
	}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

func (s *Server) planFilter(c echo.Context, r improve.Reader, half improve.Half, unit string) web.Form {
	t := s.words(c)
	f := web.Form{Action: improvePath + "/ke-hoach", Submit: t("console.filter")}
	in := web.Input{Name: "half", Label: t("improve.half"), Type: web.InputSelect, Value: half.String()}
	for h, n := improve.HalfOf(s.today()), 0; n < 6; h, n = h.Before(), n+1 {
		in.Options = append(in.Options, web.Choice{Value: h.String(), Text: s.halfName(c, h)})
	}
	f.Inputs = []web.Input{in}
	if r.All {
		f.Inputs = append(f.Inputs, web.Input{Name: "unit", Label: t("improve.unit"), Type: web.InputSelect, Value: unit,
			Options: s.unitChoices(c, t("improve.anyunit"))})
	}
	return f
}

func (s *Server) halfName(c echo.Context, h improve.Half) string {
	if h.Second {
		return s.words(c)("improve.half.second", strconv.Itoa(h.Year))
	}
	return s.words(c)("improve.half.first", strconv.Itoa(h.Year))
}

// unitsTable sums the duties of every unit up.
func (s *Server) unitsTable(c echo.Context, half improve.Half, report func(unit string) []improve.Line) web.Table {
	t, lang := s.words(c), language(c)
	table := web.Table{Empty: t("improve.noplan"), Columns: []web.Column{{Text: t("improve.unit")}, {Text: t("improve.plan.duties"), Right: true}}}
	outcomes := []improve.Outcome{improve.OutcomeDone, improve.OutcomeRunning, improve.OutcomeLate, improve.OutcomeNone}
	for _, o := range outcomes {
		table.Columns = append(table.Columns, web.Column{Text: t("improve.outcome." + string(o)), Right: true})
	}
	table.Columns = append(table.Columns, web.Column{Text: t("improve.evidence"), Right: true})
	for _, u := range s.survey.Catalogue().Units(min(half.To(), s.today())) {
		lines := report(u.ID)
		if len(lines) == 0 {
			continue
		}
		q := url.Values{"half": {half.String()}, "unit": {u.ID}}
		row := web.Row{Cells: []web.Cell{{Text: u.Name.In(lang), URL: improvePath + "/ke-hoach?" + q.Encode()}, {Text: web.Number(lang, len(lines))}}}
		proofs := 0
		for _, o := range outcomes {
			n := 0
			for _, l := range lines {
				if l.Outcome == o {
					n++
					proofs += l.Proofs
				}
			}
			row.Cells = append(row.Cells, web.Cell{Text: web.Number(lang, n)})
		}
		row.Cells = append(row.Cells, web.Cell{Text: web.Number(lang, proofs)})
		table.Rows = append(table.Rows, row)
	}
	return table
}

// linesTables tell of one unit, a table for each index.
func (s *Server) linesTables(c echo.Context, lines []improve.Line, unit string) []web.Table {
	t := s.words(c)
	var tables []web.Table
	for _, index := range improve.Indices {
		table := web.Table{Heading: t("improve.index." + string(index)), Columns: []web.Column{
			{Text: t("improve.number"), Whole: true}, {Text: t("improve.duty")}, {Text: t("improve.when")}, {Text: t("improve.outcome")},
			{Text: t("improve.evidence")}, {Text: t("improve.task")},
		}}
		for _, l := range lines {
			if l.Duty.Index == index {
				table.Rows = append(table.Rows, s.lineRow(c, l, unit))
			}
		}
		if table.Rows != nil {
			tables = append(tables, table)
		}
	}
	if tables == nil {
		return []web.Table{{Empty: t("improve.noplan")}}
	}
	return tables
}

func (s *Server) lineRow(c echo.Context, l improve.Line, unit string) web.Row {
	t, lang := s.words(c), language(c)
	outcome := web.Cell{Text: t("improve.outcome." + string(l.Outcome))}
	switch l.Outcome {
	case improve.OutcomeDone:
		outcome.Mark = web.MarkGood
	case improve.OutcomeLate:
		outcome.Mark = web.MarkBad
	}
	evidence, task := web.Cell{Text: web.Number(lang, l.Proofs)}, web.Cell{Text: "–"}
	for _, x := range l.Tasks {
		if n := len(x.Evidence); n > 0 {
			evidence.Note = beginning(x.Evidence[n-1].Text)
		}
	}
	opens := url.Values{"duty": {l.Duty.Ref()}, "unit": {unit}}
	switch {
	case len(l.Tasks) == 1:
		task = web.Cell{Text: t("improve.see"), URL: taskPath(l.Tasks[0])}
	case len(l.Tasks) > 1:
		opens.Set("state", "all")
		task = web.Cell{Text: t("improve.seeall", len(l.Tasks)), URL: improvePath + "?" + opens.Encode()}
	case officerOf(c).Role == staff.Office:
		task = web.Cell{Text: t("improve.open"), URL: improvePath + "/moi?" + opens.Encode()}
	}
	support := t("improve.lead.of", l.Duty.Lead)
	if l.Duty.Support != "" {
		support = t("improve.lead.and", l.Duty.Lead, l.Duty.Support)
	}
	return web.Row{Cells: []web.Cell{
		{Text: l.Duty.Number}, {Text: l.Duty.Text, Note: support, Lang: inVietnamese(c)}, {Text: l.Duty.When, Lang: inVietnamese(c)}, outcome, evidence, task,
	}}
}
