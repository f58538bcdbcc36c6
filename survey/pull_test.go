package survey

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestPulls counts the same responses one by one.
func TestPulls(t *testing.T) {
	responses, forms := randomResponses(rand.New(rand.NewPCG(3, 3)), 2000)
	segments := NewSegments(func(ref string) *Questionnaire { return forms[ref] })
	segments.Add(responses...)
	for _, q := range []Query{
		{},
		{From: "2026-04-10", Filters: []Filter{{"area", []string{"dat-dai"}}}},
		{Filters: []Filter{{"factor", []string{"I"}}, {"channel", []string{"phone", "kiosk"}}}},
	} {
		got, err := segments.Pulls(q, 9000)
		if err != nil || len(got) == 0 {
			t.Fatalf("%v: %d, %v", q, len(got), err)
		}
		all, _ := segments.Tabulate(q)
		var gains float64
		for i, p := range got {
			var levels, content, others [5]int64
			for _, r := range responses {
				form := forms[ref(r.Questionnaire, r.QuestionnaireVersion)]
				for _, a := range r.Answers {
					if a.Criterion != p.Criterion || a.Rating == 0 || form.Block != BlockService || !selected(q, r) {
						continue
					}
					levels[a.Rating-1]++
					switch {
					case r.Overall == 0:
					case a.Rating >= 4:
						content[r.Overall-1]++
					default:
						others[r.Overall-1]++
					}
				}
			}
			if want := Single(levels, 9000); p.Figure != want {
				t.Errorf("%v, %s: %+v, want %+v", q, p.Criterion, p.Figure, want)
			}
			if want, ok := Compare(Single(content, 0), Single(others, 0)); p.Relation != want || p.Related != ok {
				t.Errorf("%v, %s: relation %+v, want %+v", q, p.Criterion, p.Relation, want)
			}
			if i > 0 && p.Gain > got[i-1].Gain {
				t.Errorf("%v: %s comes after a smaller gain", q, p.Criterion)
			}
			gains += p.Gain
		}
		// If all were satisfied with everything, the rate would be 100 %.
		if rate := Pooled(all.Overall, 0).Rate; math.Abs(rate+gains-100) > 1e-9 {
			t.Errorf("%v: %f and the gains %f are not 100", q, rate, gains)
		}
	}
}

// selected is the slow way to say which responses a query counts.
func selected(q Query, r *Response) bool {
	return r.AnsweredOn >= q.From && !slices.ContainsFunc(q.Filters, func(f Filter) bool {
		return f.Dimension != byFactor && !slices.Contains(f.Values, valueOf(r, f.Dimension))
	})
}

// TestPullsHideFew: what so few people said of themselves is told of no criterion.
func TestPullsHideFew(t *testing.T) {
	responses, forms := randomResponses(rand.New(rand.NewPCG(4, 4)), 6)
	for i, r := range responses {
		r.Profile.Sex = []string{"male", "female"}[i/4] // four, and two
	}
	segments := NewSegments(func(ref string) *Questionnaire { return forms[ref] })
	segments.Add(responses...)
	if got, err := segments.Pulls(Query{Filters: []Filter{{"sex", []string{"male"}}}}, 9000); err != nil || len(got) > 0 {
		t.Errorf("of four men: %+v, %v", got, err)
	}
}

// TestWeakNeedsPeople: a handful that is not content points at nothing.
func TestWeakNeedsPeople(t *testing.T) {
	for n, want := range map[int64]bool{10: false, 29: false, 30: true, 200: true} {
		if p := (Pull{Figure: Single([5]int64{n, 0, 0, 0, 0}, 9000)}); p.Weak() != want {
			t.Errorf("%d who are not content: weak %v", n, p.Weak())
		}
	}
}
