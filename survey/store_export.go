package survey

import (
	"context"
	"errors"
	"iter"
	"time"

	"sipas/internal/catalogue"
)

// Answered yields the stored responses answered From to To, inclusive ("" is
// open), in the order of receipt. The next page is read while the caller works on
// one.
func (s *Store) Answered(ctx context.Context, from, to catalogue.Date) iter.Seq2[*Response, error] {
	var begin, end time.Time
	if from != "" {
		begin = from.Start() // nothing is received before it is answered
	}
	if to != "" {
		end = to.AddDays(paperDays + 1).Start()
	}
	return func(yield func(*Response, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		pages := make(chan []*Response, 1)
		var failed error
		go func() {
			defer close(pages)
			failed = s.received(ctx, begin, end, func(page []*Response) error {
				select {
				case pages <- page:
					return nil
				case <-ctx.Done():
					return ctx.Err()
				}
			})
		}()
		for page := range pages {
			for _, r := range page {
				if from != "" && r.AnsweredOn < from || to != "" && r.AnsweredOn > to {
					continue
				}
				if !yield(r, nil) {
					return
				}
			}
		}
		if failed != nil {
			yield(nil, failed)
		}
	}
}

// CommentOf returns the free text of a response, "" where it has none or it was
// erased.
func (s *Store) CommentOf(ctx context.Context, r *Response) (string, error) {
	if r.Comment == "" {
		return "", nil
	}
	d, err := s.readComment(ctx, r.Comment)
	switch {
	case errors.Is(err, ErrNoComment):
		return "", nil
	case err != nil:
		return "", err
	}
	return d.Text, nil
}
