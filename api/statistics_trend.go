package api

import (
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/survey"
	"sipas/web"
)

// trend shows the twelve months that end with the period; nil where only one of
// them has answers.
func (s *Server) trend(c echo.Context, q question) (*web.Trend, error) {
	months := make([]survey.Period, 12)
	p := survey.PeriodOf(min(q.period.To, s.today()), 1)
	for i := len(months) - 1; i >= 0; i-- {
		months[i], p = p, p.Before()
	}
	q.by, q.period = []string{"month"}, survey.Between(months[0].From, months[len(months)-1].To)
	sum, err := s.summary(q)
	if err != nil || len(sum.Groups) < 2 {
		return nil, err
	}
	t, lang := s.words(c), language(c)
	none := "0"
	if sum.Suppressed > 0 {
		none = "–" // or few
	}
	var points []web.TrendPoint
	table := web.Table{Columns: []web.Column{{Text: t("stats.dimension.month")}, {Text: t("results.h.rate"), Right: true},
		{Text: t("stats.h.interval"), Right: true}, {Text: t("results.h.responses"), Right: true}}}
	for i, month := range months {
		point := web.TrendPoint{Label: strings.TrimPrefix(month.ID[5:], "0"), Mark: s.formMark(c, month)}
		if i == 0 || month.ID[5:] == "01" {
			point.Label += "/" + month.ID[:4]
		}
		row := web.Row{Cells: []web.Cell{{Text: s.periodName(c, month), Note: point.Mark}, {Text: "–"}, {Text: "–"}, {Text: none}}}
		point.Target = float64(sum.Overall.Pooled.Target) / 100
		if g := find(sum.Groups, []string{month.ID}); g != nil {
			point.ResultRow = s.resultRow(*g, sum.Query, lang)
			row.Cells[1].Text, row.Cells[3].Text = orDash(point.RateText), web.Number(lang, point.Responses)
			row.Cells[2].Text = t("results.range", point.LowText, point.HighText)
		}
		points, table.Rows = append(points, point), append(table.Rows, row)
	}
	return web.NewTrend(s.trendFinding(c, sum, months), points, table), nil
}

// signless writes points where a word says up or down.
func signless(lang string, points float64) string {
	return strings.TrimLeft(pointsText(lang, points), "+−")
}

// formMark names the questionnaire that came into use in a month.
func (s *Server) formMark(c echo.Context, month survey.Period) string {
	for _, f := range s.changesOfForm(month.From, month.To) {
		return s.words(c)("stats.trend.form", f.Version)
	}
	return ""
}

// trendFinding compares the last month that has a rate with the first one.
func (s *Server) trendFinding(c echo.Context, sum survey.Summary, months []survey.Period) string {
	t := s.words(c)
	first, last := sum.Groups[0], sum.Groups[len(sum.Groups)-1]
	change, ok := survey.Compare(last.Pooled, first.Pooled)
	name := func(g survey.Group) string {
		return s.valueName("month", g.Key[0], language(c), months[0].From)
	}
	switch {
	case !ok:
		return t("stats.trend")
	case !change.Real():
		return t("stats.trend.flat", name(first), name(last))
	case change.Points > 0:
		return t("stats.trend.up", name(first), name(last), signless(language(c), change.Points))
	}
	return t("stats.trend.down", name(first), name(last), signless(language(c), change.Points))
}
