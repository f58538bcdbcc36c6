package main

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"sipas/internal/catalogue"
	"sipas/seeds/demo"
	"sipas/survey"
)

// sample is a sample store as a server makes it at its first start, in a folder
// that may hold one already.
type sample struct {
	*stores
	kind     *storedKind
	segments *survey.Segments
	chain    *survey.Chain
}

// openSample does what a server does before it fills the store.
func openSample(t *testing.T, data string, at time.Time) *sample {
	t.Helper()
	ctx, log := t.Context(), slog.New(slog.DiscardHandler)
	env := environment{func(string) string { return "" }, t.Output(), t.Output()}
	c := config{data: data, sample: true, now: func() time.Time { return at }}
	s, err := openStores(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.close() })
	if err := (&keeper{env: env, c: c, cases: s.feedback, log: log}).start(ctx, s); err != nil {
		t.Fatal(err)
	}
	kind, err := s.claim(ctx, c)
	if err == nil {
		err = s.prepare(ctx, log)
	}
	if err != nil {
		t.Fatal(err)
	}
	segments := survey.NewSegments(s.survey.Questionnaire)
	return &sample{s, kind, segments, survey.NewChain(s.survey, segments, c.now, log, s.restores.Digests)}
}

// fill makes the sample whole.
func (s *sample) whole(t *testing.T) *demo.Year {
	t.Helper()
	year, err := s.fill(t.Context(), s.kind)
	if err == nil {
		err = s.chain.Load(t.Context())
	}
	if err == nil {
		err = s.figured(t.Context(), s.kind, year, s.segments, slog.New(slog.DiscardHandler))
	}
	if err == nil {
		err = s.publishMonths(t.Context(), s.kind, s.chain, s.segments)
	}
	if err != nil {
		t.Fatal(err)
	}
	return year
}

var sampleNow = time.Date(2026, 6, 30, 9, 0, 0, 0, catalogue.Zone)

func TestSampleIsWhole(t *testing.T) {
	s := openSample(t, t.TempDir(), sampleNow)
	s.whole(t)
	_ = context.Background
}
