package store

import (
	"context"
	"errors"
	"fmt"
)

// Revision is a number in the store that counts changes of what servers hold in
// memory, so that one small read tells whether anything has to be read anew.
type Revision struct {
	c  *Collection[revision]
	id string
}

type revision struct {
	Doc `bson:",inline"`
}

// The revisions.
const (
	RevisionOfSetup    = "revision" // catalogue, questionnaires, links, terms
	RevisionOfDossiers = "dossiers"
)

// OpenRevision opens the collection in which the number of this id lives.
func OpenRevision(ctx context.Context, s *Store, id string) (*Revision, error) {
	c, err := Open[revision](ctx, s, Spec{Name: "config"})
	if err != nil {
		return nil, err
	}
	return &Revision{c, id}, nil
}

// Current returns the number; 0 before the first change.
func (r *Revision) Current(ctx context.Context) (int64, error) {
	d, err := r.c.Get(ctx, r.id)
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
	d, err := r.c.Get(ctx, r.id)
	switch {
	case errors.Is(err, ErrNotFound):
		err = r.c.Insert(ctx, &revision{Doc{ID: r.id}})
	case err == nil:
		err = r.c.Replace(ctx, d)
	}
	if err != nil && !errors.Is(err, ErrExists) && !errors.Is(err, ErrStale) {
		return fmt.Errorf("advance revision: %w", err)
	}
	return nil
}
