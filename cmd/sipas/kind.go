package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sipas/internal/store"
)

// storedKind says what a store holds: real answers or sample data, and of which
// version of the program.
type storedKind struct {
	store.Doc `bson:",inline"`
	Sample    bool      `bson:"sample"`
	At        time.Time `bson:"at"` // the moment up to which the sample goes
	Ready     bool      `bson:"ready"`
	Format    int64     `bson:"format"` // the newest storeFormat of all servers that ran on it
}

// storeFormat is the version of what this program stores. It is raised with every
// change after which an older program would lose or misread something: it writes
// back no field that it does not know.
const storeFormat = 1

var (
	errIsSample = errors.New("this store holds sample data: sipas demo serves it, or set SIPAS_DATA to another folder")
	errIsReal   = errors.New("this store holds real answers: sipas demo wants a folder of its own, set SIPAS_DATA to another one")
)

// openKinds opens what says which kind of store it is, and refuses one that a
// newer program has written to.
func (s *stores) openKinds(ctx context.Context) (err error) {
	if s.kinds, err = store.Open[storedKind](ctx, s.db, store.Spec{Name: "kind"}); err != nil {
		return err
	}
	kind, err := s.kind(ctx)
	if err == nil && kind.Format > storeFormat {
		return fmt.Errorf("this store has been written to by a newer version of the program (format %d, this one knows formats up to %d): "+
			"run that version, or restore a backup from before the upgrade into an empty store", kind.Format, storeFormat)
	}
	return err
}

// kind is the zero storedKind as long as no server has run on the store.
func (s *stores) kind(ctx context.Context) (*storedKind, error) {
	kind, err := s.kinds.Get(ctx, "kind")
	if errors.Is(err, store.ErrNotFound) {
		return &storedKind{}, nil
	}
	return kind, err
}

// served says whether a server has run on the store before.
func (s *stores) served(ctx context.Context) (bool, error) {
	kind, err := s.kind(ctx)
	return err == nil && kind.ID != "", err
}

// claim makes sure that a sample store and a real one are never taken for each
// other, the first server on a store decides what it is, and that no older program
// writes to it from now on.
func (s *stores) claim(ctx context.Context, c config) (*storedKind, error) {
	kind := &storedKind{Doc: store.Doc{ID: "kind"}, Sample: c.sample, At: c.now().UTC(), Format: storeFormat}
	if err := s.kinds.Insert(ctx, kind); err != nil && !errors.Is(err, store.ErrExists) {
		return nil, err
	}
	for {
		kind, err := s.kind(ctx)
		switch {
		case err != nil:
			return nil, err
		case kind.Sample && !c.sample:
			return nil, errIsSample
		case !kind.Sample && c.sample:
			return nil, errIsReal
		case kind.Format >= storeFormat:
			return kind, nil
		}
		kind.Format = storeFormat
		if err := s.kinds.Replace(ctx, kind); !errors.Is(err, store.ErrStale) { // by another server that starts
			return kind, err
		}
	}
}
