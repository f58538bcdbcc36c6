package api

import (
	"cmp"
	"math"
	"slices"

	"github.com/labstack/echo/v4"

	"sipas/internal/dossier"
	"sipas/survey"
	"sipas/web"
)

// fillRates puts the groups into the page, each with its change and with how its
// answers came in.
func (s *Server) fillRates(c echo.Context, v *web.StatisticsPage, q question, sum survey.Summary) error {
	t, by := s.words(c), q.by[0]
	before := survey.Summary{}
	if p, ok := q.compared(); ok {
		var err error
		if before, err = s.segments.Summarise(q.query(p), s.survey.Catalogue(), s.Now()); err != nil {
			return err
		}
	}
	heard, err := s.heardBy(c, q)
	if err != nil {
		return err
	}
	groups := slices.Clone(sum.Groups)
	if by == "procedure" || by == "desk" || by == "unit" { // the ones that most people met first
		slices.SortStableFunc(groups, func(a, b survey.Group) int { return cmp.Compare(b.Sums.Responses, a.Sums.Responses) })
	}
	v.RowName = t("stats.dimension." + by)
	for _, g := range groups {
		row := s.rateRow(c, q, g, find(before.Groups, g.Key))
		if g.Key[0] != "" {
			row.Response = heard(g.Key[0], g.Sums.Responses)
		}
		row.Name, row.Note = s.nameAndNote(language(c), by, g.Key[0], q.period)
		if g.Key[0] != "" && by != "criterion" {
			row.URL = q.within(by, g.Key[0]).address(statisticsPath)
		}
		v.Rates = append(v.Rates, row)
	}
	v.Whole = s.rateRow(c, q, sum.Overall, &before.Overall)
	v.Whole.Response = heard("", sum.Overall.Sums.Responses)
	v.Finding = s.finding(c, q, v)
	return nil
}

// find returns the group with a key; nil: nobody answered then.
func find(groups []survey.Group, key []string) *survey.Group {
	for i := range groups {
		if slices.Equal(groups[i].Key, key) {
			return &groups[i]
		}
	}
	return nil
}

// rateRow is a group beside itself in the period compared with.
func (s *Server) rateRow(c echo.Context, q question, g survey.Group, before *survey.Group) web.RateRow {
	lang := language(c)
	row := web.RateRow{
		ResultRow: s.resultRow(g, q.query(q.period), lang),
		Complete:  web.PercentOf(lang, int(g.Sums.Complete), int(g.Sums.Responses)),
		Verified:  verifiedShare(lang, q, g),
	}
	if q.with == withNone {
		return row
	}
	t := s.words(c)
	change, meaning := moved(g, before)
	if meaning == movedUnknown {
		row.ChangeOf = t("stats.change.none")
		return row
	}
	row.Change, row.Real = pointsText(lang, change.Points), meaning == movedReally
	row.ChangeOf = t("stats.change.range", signedText(lang, change.Low), signedText(lang, change.High), t("stats.change."+meaning))
	return row
}

// What a change means: the ends of "stats.change.".
const (
	movedUnknown = "none"   // there is nothing to compare with
	movedFew     = "few"    // people, then or now
	movedChance  = "chance" // may bring as much
	movedReally  = "real"
)

// moved tells how the rate of a group has changed since before (nil: nobody
// answered then), and what that means.
func moved(now survey.Group, before *survey.Group) (survey.Change, string) {
	if before == nil {
		return survey.Change{}, movedUnknown
	}
	change, ok := survey.Compare(now.Pooled, before.Pooled)
	switch {
	case !ok:
		return change, movedUnknown
	case now.Pooled.Verdict == survey.VerdictTooFew || before.Pooled.Verdict == survey.VerdictTooFew:
		return change, movedFew
	case change.Real():
		return change, movedReally
	}
	return change, movedChance
}

// pointsText writes percentage points.
func pointsText(lang string, points float64) string {
	return web.Points(lang, int(math.Round(points*100)))
}

// signedText writes an end of their interval.
func signedText(lang string, points float64) string {
	return web.Signed(lang, int(math.Round(points*100)))
}

// verifiedShare is the share of a group's answers that are verified. There is none
// where rows divide answers and not responses, nor where people are told apart by
// what they said of themselves: beside the table by that it could be about a few.
func verifiedShare(lang string, q question, g survey.Group) string {
	personal := func(dimension string) bool {
		return slices.ContainsFunc(survey.ProfileQuestions, func(p survey.Question) bool { return p.ID == dimension })
	}
	isRow := len(g.Key) > 0
	if isRow && (slices.Contains([]string{"factor", "criterion", "verified"}, q.by[0]) || personal(q.by[0])) ||
		slices.ContainsFunc(q.filters, func(f survey.Filter) bool { return personal(f.Dimension) }) {
		return ""
	}
	return web.PercentOf(lang, int(g.Sums.Verified), int(g.Sums.Responses))
}

// heardBy returns what writes how many answers there are for the dossiers that
// were closed ("" for all of them): only where the one-stop system's lists know
// the rows, and where no filter leaves out answers of which dossiers say nothing.
func (s *Server) heardBy(c echo.Context, q question) (func(key string, of int64) string, error) {
	by := dossier.Dimension(q.by[0])
	if len(q.filters) > 0 || !slices.Contains(dossier.Dimensions, by) {
		return func(string, int64) string { return "" }, nil
	}
	table, err := s.dossiers.Figures(c.Request().Context(), dossier.Query{From: q.period.From, To: q.period.To, By: by}, s.today())
	if err != nil {
		return nil, err
	}
	closed := map[string]int{"": table.Overall.Closed()}
	for _, f := range table.Groups {
		closed[f.Key] = f.Closed()
	}
	return func(key string, of int64) string { return web.PercentOf(language(c), int(of), closed[key]) }, nil
}

// finding says in a sentence what the rates show.
func (s *Server) finding(c echo.Context, q question, v *web.StatisticsPage) string {
	t := s.words(c)
	met, not := 0, 0
	for _, r := range v.Rates {
		switch r.Verdict {
		case web.VerdictMet:
			met++
		case web.VerdictNotMet:
			not++
		}
	}
	whole := t("stats.finding.whole", orDash(v.Whole.RateText))
	if q.by[0] != "area" || len(v.Rates) < 2 {
		return whole
	}
	return t("stats.finding", met, len(v.Rates), not) + " " + whole
}

// heat is the rate of each row by factor, so that the weak one is seen at once;
// within one factor by its criteria.
func (s *Server) heat(c echo.Context, q question) ([]web.Table, error) {
	across := "factor"
	if q.filtered("factor") {
		across = "criterion"
	}
	if by := q.by[0]; by == "factor" || by == "criterion" || q.filtered("criterion") {
		return nil, nil
	}
	q.by = []string{q.by[0], across}
	sum, err := s.summary(q)
	if err != nil {
		return nil, err
	}
	table := s.crossTable(c, q, sum)
	table.Heading = s.words(c)("stats.heat", s.words(c)("stats.dimension."+across))
	return []web.Table{table}, nil
}
