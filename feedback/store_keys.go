package feedback

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"sipas/internal/store"
)

// storedKey says that something has been sealed with the key of this id. It is
// written before the first such thing, so that a key that is missing is known by
// its name even when nothing can be opened.
type storedKey struct {
	store.Doc `bson:",inline"`
	Since     time.Time `bson:"since"`
}

// UsedKeys returns the ids of all keys that something has been sealed with, in
// the order in which they were taken up: the last one is what is new sealed with.
func (s *Store) UsedKeys(ctx context.Context) ([]string, error) {
	list, err := all(ctx, s.used)
	if err == nil && len(list) == 0 {
		list, err = s.findKeys(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("read which keys are used: %w", err)
	}
	slices.SortFunc(list, func(a, b *storedKey) int {
		if d := a.Since.Compare(b.Since); d != 0 {
			return d
		}
		return strings.Compare(a.ID, b.ID)
	})
	ids := make([]string, len(list))
	for i, k := range list {
		ids[i] = k.ID
	}
	return ids, nil
}

// findKeys notes the keys of a store whose cases were taken in before keys were
// noted.
func (s *Store) findKeys(ctx context.Context) ([]*storedKey, error) {
	since := map[string]time.Time{}
	see := func(id string, at time.Time) {
		if t, seen := since[id]; id != "" && (!seen || at.Before(t)) {
			since[id] = at
		}
	}
	for q := (store.Query{Limit: 500}); ; {
		page, err := s.cases.docs.Scan(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, d := range page.Items {
			see(d.Lock.Key, d.ReceivedAt)
			see(sealedWith(d.Contact), d.ReceivedAt)
		}
		if q.After = page.Next; page.Next == "" {
			break
		}
	}
	for q := (store.Query{Limit: 500}); ; {
		page, err := s.vault.docs.Scan(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, d := range page.Items {
			see(sealedWith(d.Content), d.DueAt)
		}
		if q.After = page.Next; page.Next == "" {
			break
		}
	}
	var list []*storedKey
	for id, at := range since {
		if err := s.noteKey(ctx, id, at); err != nil {
			return nil, err
		}
		list = append(list, &storedKey{store.Doc{ID: id}, at})
	}
	return list, nil
}

func (s *Store) noteKey(ctx context.Context, id string, at time.Time) error {
	err := store.Repeat(func() error { return s.used.Insert(ctx, &storedKey{store.Doc{ID: id}, at}) })
	if errors.Is(err, store.ErrExists) {
		return nil
	}
	return err
}

// sealing returns the ring to seal something with that is stored at the moment,
// having noted its key. ErrNoKey if there is none.
func (s *Store) sealing(ctx context.Context, at time.Time) (*Ring, error) {
	ring := s.ring.Load()
	k, err := ring.newest()
	if err != nil {
		return nil, err
	}
	if noted := s.noted.Load(); noted == nil || *noted != k.id {
		if err := s.noteKey(ctx, k.id, at); err != nil {
			return nil, fmt.Errorf("note key: %w", err)
		}
		s.noted.Store(&k.id)
	}
	return ring, nil
}
