package feedback

import (
	"context"
	"fmt"
	"iter"
	"time"

	"sipas/internal/catalogue"
	"sipas/internal/store"
)

// Figures answers the question over what the officer may read, case by case: who
// is not told that a case exists cannot count it either. The error is an Invalid
// fault if Check finds one.
func (s *Store) Figures(ctx context.Context, o Officer, q FigureQuery, now time.Time) (*Figures, error) {
	if err := q.Check(o); err != nil {
		return nil, err
	}
	t := tally{by: q.By, now: now, groups: map[string]*Figure{}}
	for c, err := range s.readable(ctx, o, q) {
		if err != nil {
			return nil, fmt.Errorf("count cases: %w", err)
		}
		t.add(c)
	}
	return t.figures(), nil
}

// Export yields the cases received From to To, inclusive ("" is open), that the
// officer may read, in the order of receipt. Denunciations are never among them.
func (s *Store) Export(ctx context.Context, o Officer, from, to catalogue.Date) iter.Seq2[*Case, error] {
	return s.readable(ctx, o, FigureQuery{From: from, To: to})
}

// readable yields the cases that the question is about and that the officer may
// read.
func (s *Store) readable(ctx context.Context, o Officer, q FigureQuery) iter.Seq2[*Case, error] {
	cases := s.cases.received(ctx, q)
	if q.Kind == Denunciation {
		cases = listed(ctx, s.vault, store.Query{Limit: 200}) // few, and sealed with the day of receipt
	}
	return func(yield func(*Case, error) bool) {
		for c, err := range cases {
			if err == nil && c.Unreadable() { // what is told without it would be wrong
				err = ErrNoKey
			}
			if err == nil && !(q.holds(c) && Visible(o, c).Read) {
				continue
			}
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}

// received yields the cases of a period whole, a page at a time.
func (b *openBook) received(ctx context.Context, q FigureQuery) iter.Seq2[*Case, error] {
	query := store.Query{Index: "received", Limit: 200}
	if q.From != "" {
		query.From = q.From.Start()
	}
	if q.To != "" {
		query.To = q.To.Start().AddDate(0, 0, 1)
	}
	return func(yield func(*Case, error) bool) {
		for d, err := range b.docs.Each(ctx, query) {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(d.decode(), nil) {
				return
			}
		}
	}
}
