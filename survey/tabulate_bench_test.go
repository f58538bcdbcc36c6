package survey

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

func benchSegments(n int) *Segments {
	q := testForm()
	s := NewSegments(func(string) *Questionnaire { return q })
	random := rand.New(rand.NewPCG(1, 2))
	start := time.Date(2026, 1, 1, 3, 0, 0, 0, time.UTC)
	ids := q.CriterionIDs()
	for i := range n {
		r := Response{ID: fmt.Sprint(i), Questionnaire: q.ID, QuestionnaireVersion: q.Version, Area: fmt.Sprint("a", random.IntN(10)),
			Desk: fmt.Sprint("d", random.IntN(4)), Procedure: fmt.Sprint("p", random.IntN(40)), Channel: ChannelPhone,
			ReceivedAt: start.AddDate(0, 0, i*365/n), AnsweredOn: "2026-01-01", Overall: random.IntN(6)}
		for _, id := range ids {
			if v := random.IntN(8); v < 6 {
				r.Answers = append(r.Answers, Answer{id, max(1, v)})
			}
		}
		s.Add(&r)
	}
	return s
}

func BenchmarkTabulate(b *testing.B) {
	s := benchSegments(1_000_000)
	for _, by := range [][]string{{"area"}, {"criterion"}, {"factor"}, {"area", "procedure"}, {"area", "criterion"}, {"area", "factor"}} {
		b.Run(fmt.Sprint(by), func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Tabulate(Query{By: by}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkPulls(b *testing.B) {
	s := benchSegments(1_000_000)
	for b.Loop() {
		if _, err := s.Pulls(Query{}, 9000); err != nil {
			b.Fatal(err)
		}
	}
}
