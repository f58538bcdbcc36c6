package survey

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"sipas/internal/fault"
	"sipas/internal/store"
)

// storedEdition is an edition under its number; it is never replaced.
type storedEdition struct {
	store.Doc `bson:",inline"`
	Edition   `bson:",inline"`
}

// ErrEditionTaken says that another edition has been published under this number
// meanwhile: what may be shown has to be looked at again.
var ErrEditionTaken = fault.New(fault.Conflict, "edition_taken")

// Editions returns what is published, the oldest first, as of the last Reload.
// They are shared and read only.
func (s *Store) Editions() []*Edition { return s.current.Load().editions }

// PublishEdition stores a composed edition under its number, which has to be the
// next one: of several at once one is published, and ErrEditionTaken says so to
// the others. The same again is no error. The other servers follow within two
// seconds.
func (s *Store) PublishEdition(ctx context.Context, e *Edition) error {
	e.PublishedAt, e.AsOf = e.PublishedAt.UTC().Truncate(time.Millisecond), e.AsOf.UTC().Truncate(time.Millisecond)
	doc := &storedEdition{Doc: store.Doc{ID: fmt.Sprintf("%06d", e.Number)}, Edition: *e}
	err := store.Repeat(func() error { return s.editions.Insert(ctx, doc) })
	if errors.Is(err, store.ErrExists) {
		return s.samePublished(ctx, doc.ID, e)
	}
	if err != nil {
		return fmt.Errorf("publish edition: %w", err)
	}
	return s.Changed(ctx)
}

// samePublished finds out whether what is published under the id is this edition,
// but for the moments: whoever sends a form twice meant it once.
func (s *Store) samePublished(ctx context.Context, id string, e *Edition) error {
	stored, err := s.editions.Get(ctx, id)
	if err != nil {
		return fmt.Errorf("publish edition: %w", err)
	}
	same := *e
	same.PublishedAt, same.AsOf = stored.PublishedAt, stored.AsOf
	if !reflect.DeepEqual(same, stored.Edition) {
		return ErrEditionTaken
	}
	return s.Changed(ctx)
}

func (s *Store) readEditions(ctx context.Context) (list []*Edition, err error) {
	docs, err := s.editions.All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read editions: %w", err)
	}
	for _, d := range docs {
		list = append(list, &d.Edition)
	}
	return list, nil
}
