package api

import (
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/survey"
)

const (
	statisticsPath = "/lam-viec/thong-ke"
	pullsPath      = statisticsPath + "/keo-xuong"
	crossPath      = statisticsPath + "/hai-chieu"
)

// question is what the office asks of the answers: all of it stands in the
// address, so that it can be sent to a colleague.
type question struct {
	period  survey.Period
	with    string   // one of comparisons
	by      []string // rows, and columns of a cross-table
	filters []survey.Filter
}

// The periods that figures can be compared with.
const (
	withBefore = "before" // the same length, just before
	withYear   = "year"   // the same days a year earlier
	withNone   = "none"
)

var comparisons = []string{withBefore, withYear, withNone}

// rowDimensions are what rows can be, in the order in which they are offered.
var rowDimensions = []string{
	"area", "procedure", "unit", "desk", "factor", "criterion", "channel", "verified", "stage", "outcome", "late", "flagged",
	"month", "quarter", "sex", "age", "education", "occupation", "residence",
}

// levels are the way down from the whole office to what somebody was asked.
var levels = []string{"area", "procedure", "desk", "criterion"}

// readQuestion reads the address. What is left out is the half year of today,
// compared with the one before, by the first level that is not filtered.
func (s *Server) readQuestion(c echo.Context) (question, error) {
	params := c.QueryParams()
	var bad fault.Fields
	q := question{with: choiceOf(&bad, params, "with", comparisons, withBefore), period: s.askedPeriod(&bad, params)}
	for _, name := range rowDimensions {
		if values := filled(params[name]); len(values) > 0 {
			q.filters = append(q.filters, survey.Filter{Dimension: name, Values: values})
		}
	}
	q.by = []string{choiceOf(&bad, params, "by", rowDimensions, q.nextLevel())}
	if across := choiceOf(&bad, params, "across", rowDimensions, ""); across != "" && across != q.by[0] {
		q.by = append(q.by, across)
	}
	err := join(&bad, q.query(q.period).Check())
	if err == nil {
		err = bad.Err()
	}
	return q, err
}

// askedPeriod reads a period by its name or, where that is empty, by its days.
func (s *Server) askedPeriod(bad *fault.Fields, params url.Values) survey.Period {
	usual := survey.PeriodOf(s.today(), 6)
	from, to := catalogue.Date(params.Get("from")), catalogue.Date(params.Get("to"))
	switch id := params.Get("period"); {
	case id != "":
		p, ok := survey.ParsePeriod(id)
		if !ok {
			bad.Add("period", "period", id)
			return usual
		}
		return p
	case from == "" && to == "" && params.Has("period"): // days of one's own were chosen, but none typed yet
		return survey.Between(usual.From, min(usual.To, s.today()))
	case from == "" && to == "":
		return usual
	}
	for _, day := range []struct {
		name string
		day  catalogue.Date
	}{{"from", from}, {"to", to}} {
		if !day.day.Valid() {
			bad.Add(day.name, "date")
		}
	}
	if bad.Err() != nil {
		return survey.Between(usual.From, usual.To)
	}
	return survey.Between(from, to)
}

// choiceOf reads one of several words.
func choiceOf(bad *fault.Fields, params url.Values, name string, known []string, usual string) string {
	v := params.Get(name)
	switch {
	case v == "":
		return usual
	case !slices.Contains(known, v):
		bad.Add(name, "unknown", v)
		return usual
	}
	return v
}

// filled leaves out what a form sends for "all of them".
func filled(values []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
}

// query is the question as the figures are asked; more dimensions may follow.
func (q question) query(p survey.Period, by ...string) survey.Query {
	if by == nil {
		by = q.by
	}
	return survey.Query{From: p.From, To: p.To, By: by, Filters: q.filters}
}

// compared is the period to compare with; ok is false where none is.
func (q question) compared() (survey.Period, bool) {
	switch q.with {
	case withYear:
		return q.period.YearBefore(), true
	case withBefore:
		return q.period.Before(), true
	}
	return survey.Period{}, false
}

func (q question) filtered(dimension string) bool {
	return slices.ContainsFunc(q.filters, func(f survey.Filter) bool { return f.Dimension == dimension })
}

// nextLevel is the first level that is not decided yet.
func (q question) nextLevel() string {
	for _, name := range levels {
		if !q.filtered(name) {
			return name
		}
	}
	return levels[len(levels)-1]
}

// within is the question about one value of a dimension of its rows; a month or
// a quarter becomes the period.
func (q question) within(dimension, value string) question {
	in := q
	if dimension == "month" || dimension == "quarter" {
		if p, ok := survey.ParsePeriod(value); ok {
			in.period = p
		}
	} else {
		in.filters = append(slices.DeleteFunc(slices.Clone(q.filters), func(f survey.Filter) bool { return f.Dimension == dimension }),
			survey.Filter{Dimension: dimension, Values: []string{value}})
	}
	in.by = []string{in.nextLevel()}
	return in
}

// address is where the question is answered, on one of the pages of figures.
func (q question) address(path string) string {
	v := url.Values{"by": q.by[:1]}
	if len(q.by) == 2 {
		v.Set("across", q.by[1])
	}
	if q.period.ID != "" {
		v.Set("period", q.period.ID)
	} else {
		v.Set("from", string(q.period.From))
		v.Set("to", string(q.period.To))
	}
	if q.with != withBefore {
		v.Set("with", q.with)
	}
	for _, f := range q.filters {
		v[f.Dimension] = f.Values
	}
	return path + "?" + v.Encode()
}
