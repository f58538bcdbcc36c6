package feedback

import (
	"context"
	"fmt"
	"time"

	"sipas/internal/store"
)

// Load counts what is not over of what the officer may see: denunciations if
// secret, which only the inspection has, else all the rest.
func (s *Store) Load(ctx context.Context, o Officer, secret bool, now time.Time) (Load, error) {
	var l Load
	b, soon := book(s.cases), s.Rules().Soon(now)
	if secret {
		if o.Role != RoleInspection {
			return l, nil // at once: not even the time it takes tells how many there are
		}
		b = s.vault
	}
	for _, state := range []State{Running, Paused} {
		q := store.Query{Index: "queue", Equal: []any{string(state)}, Limit: 500}
		if o.Role == RoleUnit {
			q.Index, q.Equal = "unit_queue", []any{o.Unit, string(state)}
		}
		for c, err := range listed(ctx, b, q) {
			if err != nil {
				return l, fmt.Errorf("count cases: %w", err)
			}
			if Visible(o, c).Read {
				l.add(c, soon, now)
			}
		}
	}
	return l, nil
}
