package improve

import (
	"strconv"
	"time"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/survey"
)

// Measure (số đo) is a figure of the survey as it was read over a period. It is
// kept with the task, so that what the task began from stays on record.
type Measure struct {
	From        catalogue.Date    `bson:"from"` // "": the task is measured by nothing
	To          catalogue.Date    `bson:"to"`
	Respondents int64             `bson:"respondents"`
	Satisfied   int64             `bson:"satisfied"`
	Answered    int64             `bson:"answered"`
	Rate        float64           `bson:"rate"` // per cent, not rounded
	Low         float64           `bson:"low"`  // of the two-sided 95 % interval, per cent
	High        float64           `bson:"high"`
	Target      catalogue.Percent `bson:"target"` // 0: none was in force
	Met         bool              `bson:"met"`
	Verdict     survey.Verdict    `bson:"verdict"`
	Method      string            `bson:"method"` // survey.Computation, "sipas-pooled 1"
}

// MeasureOf keeps a figure of a period.
func MeasureOf(f survey.Figure, from, to catalogue.Date, method string) Measure {
	return Measure{
		From: from, To: to, Respondents: f.N, Satisfied: f.Satisfied, Answered: f.Answered,
		Rate: f.Rate, Low: f.Low, High: f.High, Target: f.Target, Met: f.Met, Verdict: f.Verdict, Method: method,
	}
}

// computed says how the figures of tasks are computed.
var computed = survey.Method.ID + " " + strconv.Itoa(survey.Method.Version)

// Read reads the figure of an area, a factor and a criterion, each of which may
// be "", over a period.
func Read(s *survey.Segments, c *catalogue.Catalogue, area, factor, criterion string, from, to catalogue.Date, now time.Time) (Measure, error) {
	q := survey.Query{From: from, To: to}
	for _, f := range []struct{ name, value string }{{"area", area}, {"factor", factor}, {"criterion", criterion}} {
		if f.value != "" {
			q.Filters = append(q.Filters, survey.Filter{Dimension: f.name, Values: []string{f.value}})
		}
	}
	sum, err := s.Summarise(q, c, now)
	if err != nil {
		return Measure{}, err
	}
	return MeasureOf(sum.Overall.Pooled, from, to, computed), nil
}

// Figure is the measure as statistics are read.
func (m Measure) Figure() survey.Figure {
	return survey.Figure{
		N: m.Respondents, Satisfied: m.Satisfied, Answered: m.Answered, Rate: m.Rate, Low: m.Low, High: m.High,
		Target: m.Target, Met: m.Met, Verdict: m.Verdict,
	}
}

// Result is what became of a measure.
type Result string

// The results. Only Better and Worse claim a difference.
const (
	Better     Result = "better"     // more than chance would bring
	Worse      Result = "worse"      // likewise
	Undecided  Result = "undecided"  // the difference may be chance
	Unmeasured Result = "unmeasured" // one of the two has too few answers, or they were computed in two ways
)

// Against compares a measure with an earlier one of the same thing over other
// days. Too few answers in either claim nothing.
func (m Measure) Against(before Measure) (survey.Change, Result) {
	change, ok := survey.Compare(m.Figure(), before.Figure())
	few := func(x Measure) bool { return x.Answered == 0 || x.Verdict == survey.VerdictTooFew }
	switch {
	case !ok || few(m) || few(before) || m.Method != before.Method:
		return change, Unmeasured
	case !change.Real():
		return change, Undecided
	case change.Points > 0:
		return change, Better
	}
	return change, Worse
}

// After is the days after which a task is first looked at again: from the day
// after it was done, or opened while it is not, up to today.
func (t *Task) After(today catalogue.Date) (from, to catalogue.Date) {
	from = t.OpenedOn()
	if t.Status == Done {
		from = t.EndedOn()
	}
	from = max(from, t.Before.To).AddDays(1)
	return from, max(from, today)
}

// CheckAfter says whether the days come after those that the task began from: an
// answer that is in both figures would make them alike.
func (t *Task) CheckAfter(from, to catalogue.Date) error {
	var bad fault.Fields
	if from <= t.Before.To {
		bad.Add("from", "task_overlap", t.Before.To)
	}
	return bad.Err()
}
