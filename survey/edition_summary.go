package survey

import "sipas/internal/sheet"

// Summary returns the figures of the edition as the answer to a question by area.
func (e *Edition) Summary() Summary {
	sum := Summary{
		Query: Query{From: e.From, To: e.To, By: []string{"area"}, Through: e.Through},
		AsOf:  e.AsOf, Method: e.Method, Overall: e.Overall, Suppressed: e.Hidden,
	}
	for _, a := range e.Areas {
		g := a.Group
		g.Key = []string{a.ID}
		sum.Groups = append(sum.Groups, g)
	}
	return sum
}

// EditionLine is a line of an edition as open data: an area, or all of it.
type EditionLine struct {
	Edition *Edition
	Area    *EditionArea // nil: all
}

// Lines returns the lines of the edition, all of it first.
func (e *Edition) Lines() []EditionLine {
	lines := []EditionLine{{e, nil}}
	for i := range e.Areas {
		lines = append(lines, EditionLine{e, &e.Areas[i]})
	}
	return lines
}

func (l EditionLine) group() *Group {
	if l.Area == nil {
		return &l.Edition.Overall
	}
	return &l.Area.Group
}

// EditionColumns are the columns of an edition as open data. Rates and intervals
// are per cent with full precision; what was not answered has none.
func EditionColumns() []sheet.Column[EditionLine] {
	text := func(id string, get func(EditionLine) string) sheet.Column[EditionLine] {
		return sheet.Column[EditionLine]{ID: id, Cell: func(l EditionLine) sheet.Cell { return sheet.Text(get(l)) }}
	}
	count := func(id string, get func(*Group) int64) sheet.Column[EditionLine] {
		return sheet.Column[EditionLine]{ID: id, Cell: func(l EditionLine) sheet.Cell { return sheet.Number(int(get(l.group()))) }}
	}
	rate := func(id string, of func(*Group) Figure, get func(Figure) float64) sheet.Column[EditionLine] {
		return sheet.Column[EditionLine]{ID: id, Cell: func(l EditionLine) sheet.Cell {
			if f := of(l.group()); f.Answered > 0 {
				return sheet.Decimal(get(f))
			}
			return sheet.Cell{}
		}}
	}
	pooled, overall := func(g *Group) Figure { return g.Pooled }, func(g *Group) Figure { return g.Overall }
	list := []sheet.Column[EditionLine]{
		{ID: "edition", Cell: func(l EditionLine) sheet.Cell { return sheet.Number(l.Edition.Number) }},
		text("from", func(l EditionLine) string { return string(l.Edition.From) }),
		text("to", func(l EditionLine) string { return string(l.Edition.To) }),
		text("area", func(l EditionLine) string { return l.areaOr("all", func(a *EditionArea) string { return a.ID }) }),
		text("name_vi", func(l EditionLine) string { return l.areaOr("", func(a *EditionArea) string { return a.Name.VI }) }),
		text("name_en", func(l EditionLine) string { return l.areaOr("", func(a *EditionArea) string { return a.Name.EN }) }),
		count("responses", func(g *Group) int64 { return g.Sums.Responses }),
		count("respondents", func(g *Group) int64 { return g.Sums.Respondents }),
		count("answered", func(g *Group) int64 { return g.Pooled.Answered }),
		count("satisfied", func(g *Group) int64 { return g.Pooled.Satisfied }),
	}
	for level, id := range []string{"level_1", "level_2", "level_3", "level_4", "level_5"} {
		list = append(list, count(id, func(g *Group) int64 { return g.Sums.Levels[level] }))
	}
	return append(list,
		count("not_applicable", func(g *Group) int64 { return g.Sums.NotApplicable }),
		rate("rate", pooled, func(f Figure) float64 { return f.Rate }),
		rate("low", pooled, func(f Figure) float64 { return f.Low }),
		rate("high", pooled, func(f Figure) float64 { return f.High }),
		sheet.Column[EditionLine]{ID: "target", Cell: func(l EditionLine) sheet.Cell { return sheet.Decimal(float64(l.group().Pooled.Target) / 100) }},
		text("verdict", func(l EditionLine) string { return string(l.group().Pooled.Verdict) }),
		count("overall_responses", func(g *Group) int64 { return g.Overall.Answered }),
		count("overall_satisfied", func(g *Group) int64 { return g.Overall.Satisfied }),
		rate("overall_rate", overall, func(f Figure) float64 { return f.Rate }),
	)
}

func (l EditionLine) areaOr(all string, get func(*EditionArea) string) string {
	if l.Area == nil {
		return all
	}
	return get(l.Area)
}
