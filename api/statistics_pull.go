package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"sipas/survey"
	"sipas/web"
)

// pullsPage shows which criteria hold the rate down the most.
func (s *Server) pullsPage(c echo.Context) error {
	q, err := s.readQuestion(c)
	v := web.StatisticsPage{Page: s.figuresPage(c, q, pullsPath, "stats.pulls", "stats.pulls.lead")}
	v.Up = web.Link{URL: q.address(statisticsPath), Text: s.words(c)("stats.title")}
	if err != nil {
		return s.refuseQuestion(c, &v, err)
	}
	q.by = []string{}
	sum, err := s.summary(q)
	if err != nil {
		return err
	}
	pulls, err := s.segments.Pulls(q.query(q.period), sum.Overall.Pooled.Target)
	if err != nil {
		return err
	}
	q.by = []string{q.nextLevel()}
	v.Trail, v.Notes, v.Foot = s.trail(c, q), s.periodNotes(c, q), s.figuresFoot(c, sum)
	if len(pulls) == 0 {
		v.Empty = s.nothingCounted(c, sum)
	} else {
		v.Tables = []web.Table{s.pullTable(c, q, pulls)}
	}
	return s.page(c, http.StatusOK, web.PageStatistics, v)
}

func (s *Server) pullTable(c echo.Context, q question, pulls []survey.Pull) web.Table {
	t, lang := s.words(c), language(c)
	table := web.Table{
		Heading: s.pullFinding(c, q, pulls), Note: t("stats.pulls.note"),
		Columns: []web.Column{{Text: t("stats.dimension.criterion")}, {Text: t("stats.pulls.gain"), Right: true}, {Text: t("results.h.rate"), Right: true},
			{Text: t("results.h.verdict")}, {Text: t("stats.pulls.relation"), Right: true}, {Text: t("stats.pulls.answers"), Right: true}},
	}
	for _, p := range pulls {
		f := p.Figure
		verdict := web.Cell{Text: t("verdict." + string(f.Verdict) + ".name")}
		switch {
		case p.Weak():
			verdict.Mark = web.MarkBad
		case f.Verdict == survey.VerdictMet:
			verdict.Mark = web.MarkGood
		}
		relation := web.Cell{Text: "–"}
		if p.Related {
			relation = web.Cell{Text: pointsText(lang, p.Relation.Points), Note: t("results.range", signedText(lang, p.Relation.Low), signedText(lang, p.Relation.High))}
		}
		table.Rows = append(table.Rows, web.Row{Cells: []web.Cell{
			{Text: p.Criterion + ". " + s.nameWithin(lang, "criterion", p.Criterion, q.period)},
			{Text: pointsText(lang, p.Gain)},
			{Text: web.Percent(lang, int(survey.Rounded(f.Satisfied, f.Answered))), Note: t("results.range", percentText(lang, f.Low), percentText(lang, f.High))},
			verdict, relation, {Text: web.Number(lang, int(f.Answered))},
		}})
	}
	return table
}

// pullFinding names the criterion to begin with, if there are answers enough to
// name one.
func (s *Server) pullFinding(c echo.Context, q question, pulls []survey.Pull) string {
	for _, p := range pulls {
		if p.Weak() {
			return s.words(c)("stats.pulls.found", p.Criterion, s.nameWithin(language(c), "criterion", p.Criterion, q.period), signless(language(c), p.Gain))
		}
	}
	return s.words(c)("stats.pulls.unproven")
}
