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
	Whole     bool      `bson:"whole"` // everything older has been sealed with it
	Lost      bool      `bson:"lost"`  // for good
}

// UsedKey is a key that something has been sealed with, by its id.
type UsedKey struct {
	ID    string
	Since time.Time
	Whole bool // everything that was sealed with an older one has been sealed with it
	Lost  bool // nobody has it any more, and nobody waits for it
}

// UsedKeys returns all keys that something has been sealed with, in the order in
// which they were taken up: the last one is what is new sealed with.
func (s *Store) UsedKeys(ctx context.Context) ([]UsedKey, error) {
	list, err := s.used.All(ctx)
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
	used := make([]UsedKey, len(list))
	for i, k := range list {
		used[i] = UsedKey{k.ID, k.Since, k.Whole, k.Lost}
	}
	return used, nil
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
	err := scanAll(ctx, s.cases.docs, func(d *storedCase) error {
		see(d.Lock.Key, d.ReceivedAt)
		see(sealedWith(d.Contact), d.ReceivedAt)
		return nil
	})
	if err == nil {
		err = scanAll(ctx, s.vault.docs, func(d *storedSecret) error {
			see(sealedWith(d.Content), d.DueAt)
			return nil
		})
	}
	if err != nil {
		return nil, err
	}
	var list []*storedKey
	for id, at := range since {
		if err := s.putKey(ctx, id, at); err != nil {
			return nil, err
		}
		list = append(list, &storedKey{Doc: store.Doc{ID: id}, Since: at})
	}
	return list, nil
}

// noteKey notes a key as used, behind all that are noted: which one is the newest
// does not depend on whose clock is right.
func (s *Store) noteKey(ctx context.Context, id string, at time.Time) error {
	list, err := s.used.All(ctx)
	if err != nil {
		return err
	}
	for _, k := range list {
		if k.ID == id {
			return nil
		}
		if !at.After(k.Since) {
			at = k.Since.Add(time.Millisecond)
		}
	}
	return s.putKey(ctx, id, at)
}

func (s *Store) putKey(ctx context.Context, id string, at time.Time) error {
	err := store.Repeat(func() error { return s.used.Insert(ctx, &storedKey{Doc: store.Doc{ID: id}, Since: at}) })
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

// LoseKey notes that the key of this id is lost for good: what was sealed with it
// stays unreadable, and nobody waits for it any more. store.ErrNotFound: nothing
// was ever sealed with it.
func (s *Store) LoseKey(ctx context.Context, id string) error {
	return s.changeKey(ctx, id, func(k *storedKey) { k.Lost = true })
}

func (s *Store) changeKey(ctx context.Context, id string, change func(*storedKey)) error {
	for range tries {
		k, err := s.used.Get(ctx, id)
		if err != nil {
			return fmt.Errorf("change key: %w", err)
		}
		change(k)
		if err = store.Repeat(func() error { return s.used.Replace(ctx, k) }); !errors.Is(err, store.ErrStale) {
			return err
		}
	}
	return fmt.Errorf("change key: %w", store.ErrUnavailable)
}

// DropKey forgets a key with which nothing is sealed any more, as KeyUses says.
func (s *Store) DropKey(ctx context.Context, id string) error {
	err := store.Repeat(func() error { return s.used.Delete(ctx, id) })
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("drop key: %w", err)
	}
	return nil
}
