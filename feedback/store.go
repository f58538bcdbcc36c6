package feedback

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"sipas/internal/catalogue"
	"sipas/internal/outbox"
	"sipas/internal/store"
)

// Store keeps cases and the rules that they are judged by. Its methods may be
// called concurrently, and by several servers on one database.
type Store struct {
	cases     *openBook
	vault     *vault
	pieces    *store.Collection[storedPiece]
	used      *store.Collection[storedKey]
	years     *store.Collection[storedYear]
	terms     *store.Collection[storedTerm]
	templates *store.Collection[storedTemplate]
	retention *store.Collection[storedRetention]
	db        *store.Store
	outbox    *outbox.Store
	catalogue *catalogue.Store
	revision  *store.Revision

	ring      atomic.Pointer[Ring]
	noted     atomic.Pointer[string] // id of the key that was noted last as used
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
	s := &Store{catalogue: c, cases: &openBook{}, db: db}
	s.vault = &vault{ring: s.ring.Load}
	err := db.OpenAll(ctx,
		store.Into(&s.cases.docs, store.Spec{Name: "cases", Indexes: caseIndexes}),
		store.Into(&s.vault.docs, store.Spec{Name: "denunciations", Indexes: secretIndexes}),
		store.Into(&s.pieces, store.Spec{Name: "pieces", Indexes: pieceIndexes}),
		store.Into(&s.used, store.Spec{Name: "sealing_keys"}),
		store.Into(&s.years, store.Spec{Name: "calendar"}),
		store.Into(&s.terms, store.Spec{Name: "terms"}),
		store.Into(&s.retention, store.Spec{Name: "retention"}),
		store.Into(&s.templates, store.Spec{Name: "templates"}),
		store.RevisionInto(&s.revision, store.RevisionOfSetup),
		outbox.Into(&s.outbox),
	)
	if err != nil {
		return nil, fmt.Errorf("open feedback store: %w", err)
	}
	s.cases.heads = store.As[storedHead](s.cases.docs)
	return s, nil
}

// UseKeys sets the keys of personal fields and codes, which Fit has compared with
// UsedKeys. It may be called again at any time.
func (s *Store) UseKeys(r *Ring) { s.ring.Store(r) }

// scanAll does something with every document of a collection.
func scanAll[T any](ctx context.Context, c *store.Collection[T], do func(*T) error) error {
	for d, err := range c.Each(ctx, store.Query{Limit: 100}) {
		if err != nil {
			return err
		}
		if err := do(d); err != nil {
			return err
		}
	}
	return nil
}

// tries is how often something is done anew because somebody else was first.
const tries = 10
