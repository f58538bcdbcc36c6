package api

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/survey"
	"sipas/web"
)

// crossPage shows any two dimensions against each other.
func (s *Server) crossPage(c echo.Context) error {
	q, err := s.readQuestion(c)
	q = q.cross()
	v := web.StatisticsPage{Page: s.figuresPage(c, q, crossPath, "stats.cross", "stats.cross.lead")}
	v.Up = web.Link{URL: q.address(statisticsPath), Text: s.words(c)("stats.title")}
	if err != nil {
		return s.refuseQuestion(c, &v, err)
	}
	sum, err := s.summary(q)
	if err != nil {
		return err
	}
	v.Trail, v.Notes, v.Foot = s.trail(c, q), s.periodNotes(c, q), s.figuresFoot(c, sum)
	if len(sum.Groups) == 0 {
		v.Empty = s.nothingCounted(c, sum)
	} else {
		v.Tables = []web.Table{s.crossTable(c, q, sum)}
	}
	return s.page(c, http.StatusOK, web.PageStatistics, v)
}

// cross is the question with two dimensions, the second by factor where there
// was one.
func (q question) cross() question {
	if len(q.by) == 1 {
		second := "factor"
		if q.by[0] == "factor" || q.by[0] == "criterion" {
			second = "channel"
		}
		q.by = []string{q.by[0], second}
	}
	return q
}

// crossTable lays the groups of two dimensions out: the first down, the second
// across. A cell is told in words and sign, not by colour alone.
func (s *Server) crossTable(c echo.Context, q question, sum survey.Summary) web.Table {
	t, lang := s.words(c), language(c)
	var down, across []string
	for _, g := range sum.Groups {
		if !slices.Contains(down, g.Key[0]) {
			down = append(down, g.Key[0])
		}
		if !slices.Contains(across, g.Key[1]) {
			across = append(across, g.Key[1])
		}
	}
	s.sortValues(q.by[0], down, q.period.To)
	s.sortValues(q.by[1], across, q.period.To)
	table := web.Table{Columns: []web.Column{{Text: t("stats.dimension." + q.by[0])}}, Note: t("stats.cell")}
	for _, key := range across {
		name := s.nameWithin(lang, q.by[1], key, q.period)
		if q.by[1] == "factor" {
			name = key + ". " + name
		}
		table.Columns = append(table.Columns, web.Column{Text: name, Right: true})
	}
	for _, key := range down {
		row := web.Row{Cells: []web.Cell{{Text: s.nameWithin(lang, q.by[0], key, q.period)}}}
		for _, other := range across {
			row.Cells = append(row.Cells, s.crossCell(c, find(sum.Groups, []string{key, other})))
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

// sortValues puts what the catalogue knows into its order, and the rest behind.
func (s *Server) sortValues(dimension string, values []string, on catalogue.Date) {
	var order []string
	for _, choice := range s.filterChoices(web.Languages()[0], on)[dimension] {
		order = append(order, choice.Value)
	}
	slices.SortStableFunc(values, func(a, b string) int {
		return cmp.Or(placeIn(order, a)-placeIn(order, b), survey.Naturally(a, b))
	})
}

func (s *Server) crossCell(c echo.Context, g *survey.Group) web.Cell {
	t, lang := s.words(c), language(c)
	if g == nil || g.Pooled.Answered == 0 {
		return web.Cell{Text: "–"}
	}
	f := g.Pooled
	cell := web.Cell{Text: web.Percent(lang, int(survey.Rounded(f.Satisfied, f.Answered))), Note: t("stats.cell.n", web.Number(lang, int(f.N)))}
	switch f.Verdict {
	case survey.VerdictNotMet:
		cell.Text, cell.Mark = "▼ "+cell.Text, web.MarkBad
	case survey.VerdictMet:
		cell.Mark = web.MarkGood
	case survey.VerdictTooFew:
		cell.Note = t("stats.cell.few", web.Number(lang, int(f.N)))
	}
	return cell
}
