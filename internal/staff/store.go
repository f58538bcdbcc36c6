package staff

import (
	"context"
	"errors"
	"fmt"

	"sipas/internal/store"
)

// Store keeps accounts, sessions, tokens and the audit log. Its methods may be
// called concurrently, and by several servers on one database: what one of them
// changes holds on the others at once, because nothing is kept in memory.
type Store struct {
	accounts *store.Collection[storedAccount]
	leavings *store.Collection[leavings]
	sessions *store.Collection[storedSession]
	attempts *store.Collection[attempts]
	tokens   *store.Collection[storedToken]
	audit    *store.Collection[storedEntry]
}

// OpenStore opens the collections of this package.
func OpenStore(ctx context.Context, db *store.Store) (*Store, error) {
	var s Store
	err := db.OpenAll(ctx,
		store.Into(&s.accounts, store.Spec{Name: "accounts"}),
		store.Into(&s.leavings, store.Spec{Name: "leavings", Transient: true}),
		store.Into(&s.sessions, store.Spec{Name: "sessions", Indexes: byExpiry, Transient: true}),
		store.Into(&s.attempts, store.Spec{Name: "attempts", Indexes: byExpiry, Transient: true}),
		store.Into(&s.tokens, store.Spec{Name: "tokens"}),
		store.Into(&s.audit, store.Spec{Name: "audit", Log: true, Indexes: auditIndexes}),
	)
	if err != nil {
		return nil, fmt.Errorf("open staff store: %w", err)
	}
	return &s, nil
}

// byExpiry is the order in which Sweep finds what has ended.
var byExpiry = []store.Index{{Name: "expiry", Fields: []store.Field{{Name: "expiresAt", Type: store.Time}}}}

// tries is how often a change is repeated whose document somebody else changed
// meanwhile.
const tries = 10

// insertOwn inserts a document with an id that nobody else can have: one that
// exists is an earlier try's.
func insertOwn[T any](ctx context.Context, c *store.Collection[T], doc *T) error {
	err := store.Repeat(func() error { return c.Insert(ctx, doc) })
	if errors.Is(err, store.ErrExists) {
		return nil
	}
	return err
}

// change applies edit to the document of this id as it is now, again if
// somebody else changed it in between.
func change[T any](ctx context.Context, c *store.Collection[T], id string, edit func(*T) error) (*T, error) {
	var err error
	for range tries {
		var d *T
		if d, err = c.Get(ctx, id); err != nil {
			return nil, err
		}
		if err := edit(d); err != nil {
			return nil, err
		}
		if err = store.Repeat(func() error { return c.Replace(ctx, d) }); !errors.Is(err, store.ErrStale) {
			return d, err
		}
	}
	return nil, err
}
