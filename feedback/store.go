package feedback

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"sipas/internal/catalogue"
	"sipas/internal/store"
)

// Store keeps cases and the rules that they are judged by. Its methods may be
// called concurrently, and by several servers on one database.
type Store struct {
	cases     *openBook
	vault     *vault
	pieces    *store.Collection[storedPiece]
	years     *store.Collection[storedYear]
	terms     *store.Collection[storedTerm]
	catalogue *catalogue.Store
	revision  *store.Revision

	ring      atomic.Pointer[Ring]
	reloading sync.Mutex
	current   atomic.Pointer[edition]
}

// edition is one state of the rules and the store's revision when it was read.
type edition struct {
	revision int64
	rules    *Rules
}

// OpenStore opens the collections of this package. Until UseKeys is called it
// can neither take in a case nor read a contact or a denunciation.
func OpenStore(ctx context.Context, db *store.Store, c *catalogue.Store) (*Store, error) {
	s := &Store{catalogue: c, cases: &openBook{}}
	s.vault = &vault{ring: s.ring.Load}
	err := first(
		open(ctx, db, &s.cases.docs, store.Spec{Name: "cases", Indexes: caseIndexes}),
		open(ctx, db, &s.cases.heads, store.Spec{Name: "cases", Indexes: caseIndexes}),
		open(ctx, db, &s.vault.docs, store.Spec{Name: "denunciations", Indexes: secretIndexes}),
		open(ctx, db, &s.pieces, store.Spec{Name: "pieces", Indexes: pieceIndexes}),
		open(ctx, db, &s.years, store.Spec{Name: "calendar"}),
		open(ctx, db, &s.terms, store.Spec{Name: "terms"}),
		func() (err error) { s.revision, err = store.OpenRevision(ctx, db); return err },
	)
	if err != nil {
		return nil, fmt.Errorf("open feedback store: %w", err)
	}
	return s, nil
}

// UseKeys sets the keys of personal fields and codes.
func (s *Store) UseKeys(r *Ring) { s.ring.Store(r) }

// open returns a step that opens one collection.
func open[T any](ctx context.Context, db *store.Store, to **store.Collection[T], spec store.Spec) func() error {
	return func() (err error) {
		*to, err = store.Open[T](ctx, db, spec)
		return err
	}
}

// first runs the steps up to the first that fails.
func first(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// all reads a whole collection; only for small ones.
func all[T any](ctx context.Context, c *store.Collection[T]) ([]*T, error) {
	var list []*T
	for after := ""; ; {
		page, err := c.Scan(ctx, store.Query{Limit: 1000, After: after})
		if err != nil {
			return nil, err
		}
		list = append(list, page.Items...)
		if after = page.Next; after == "" {
			return list, nil
		}
	}
}

// tries is how often a write is repeated whose outcome is not known.
const tries = 10
