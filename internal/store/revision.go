package store

import (
	"context"
	"errors"
	"fmt"
)

// Revision is a number in the store that counts changes of what servers hold in
// memory (catalogue, questionnaires, links). A server reads it every second, so
// that one small read tells it whether anything has to be read anew.
type Revision struct{ c *Collection[revision] }

type revision struct {
	Doc `bson:",inline"`
}

const revisionID = "revision"

// OpenRevision opens the collection in which the number lives.
func OpenRevision(ctx context.Context, s *Store) (*Revision, error) {
	c, err := Open[revision](ctx, s, Spec{Name: "config"})
	if err != nil {
		return nil, err
	}
	return &Revision{c}, nil
}

// Current returns the number; 0 before the first change.
func (r *Revision) Current(ctx context.Context) (int64, error) {
	d, err := r.c.Get(ctx, revisionID)
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read revision: %w", err)
	}
	return d.Version, nil
}

// Advance makes the number another one. A lost race is as good as a won one:
// somebody advanced it after the caller's change was stored.
func (r *Revision) Advance(ctx context.Context) error {
	d, err := r.c.Get(ctx, revisionID)
	switch {
	case errors.Is(err, ErrNotFound):
		err = r.c.Insert(ctx, &revision{Doc{ID: revisionID}})
	case err == nil:
		err = r.c.Replace(ctx, d)
	}
	if err != nil && !errors.Is(err, ErrExists) && !errors.Is(err, ErrStale) {
		return fmt.Errorf("advance revision: %w", err)
	}
	return nil
}
