package feedback

import (
	"context"
	"fmt"
	"iter"
	"time"

	"sipas/internal/store"
)

// Figures answers the question over what the officer may read, case by case: who
// is not told that a case exists cannot count it either. The error is an Invalid
// fault if Check finds one.
func (s *Store) Figures(ctx context.Context, o Officer, q FigureQuery, now time.Time) (*Figures, error) {
	if err := q.Check(o); err != nil {
		return nil, err
	}
	cases := s.cases.received(ctx, q)
	if q.Kind == Denunciation {
		cases = listed(ctx, s.vault, store.Query{Limit: 200}) // few, and sealed with the day of receipt
	}
	t := tally{by: q.By, now: now, groups: map[string]*Figure{}}
	for c, err := range cases {
		if err != nil {
			return nil, fmt.Errorf("count cases: %w", err)
		}
		if c.Unreadable() { // figures without it would be wrong ones
			return nil, fmt.Errorf("count cases: %w", ErrNoKey)
		}
		if q.holds(c) && Visible(o, c).Read {
			t.add(c)
		}
	}
	return t.figures(), nil
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
		for {
			page, err := b.docs.Scan(ctx, query)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, d := range page.Items {
				if !yield(d.decode(), nil) {
					return
				}
			}
			if query.After = page.Next; page.Next == "" {
				return
			}
		}
	}
}
