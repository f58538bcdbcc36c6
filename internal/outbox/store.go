package outbox

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"sipas/internal/fault"
	"sipas/internal/store"
)

// Store keeps notices. Its methods may be called concurrently, and by several
// servers on one database.
type Store struct {
	notices *store.Collection[storedNotice]
	gaveUp  atomic.Int64
}

type storedNotice struct {
	store.Doc `bson:",inline"`
	About     string    `bson:"about"`
	What      string    `bson:"what"`
	Event     int       `bson:"event"`
	To        string    `bson:"to"`
	State     State     `bson:"state"`
	At        time.Time `bson:"at"` // Waiting: when to try next; else when it ended
	PutAt     time.Time `bson:"putAt"`
	Tries     int       `bson:"tries"`
	Trouble   string    `bson:"trouble"` // code of what went wrong last
}

// Into is the opening of a Store.
func Into(to **Store) store.Opening {
	s := &Store{}
	*to = s
	return store.Into(&s.notices, store.Spec{Name: "outbox", Indexes: []store.Index{
		{Name: "state", Fields: []store.Field{{Name: "state", Type: store.String}, {Name: "at", Type: store.Time}}},
		{Name: "about", Fields: []store.Field{{Name: "about", Type: store.String}}},
	}})
}

// Put keeps notices to be told from the moment at on. One that is there already
// stays as it is. When it returns nil all of them are durable.
func (s *Store) Put(ctx context.Context, at time.Time, notices ...Notice) error {
	for _, n := range notices {
		d := &storedNotice{
			Doc: store.Doc{ID: n.ID}, About: n.About, What: n.What, Event: n.Event, To: n.To, State: Waiting, At: at, PutAt: at,
		}
		err := store.Repeat(func() error { return s.notices.Insert(ctx, d) })
		if err != nil && !errors.Is(err, store.ErrExists) {
			return fmt.Errorf("put notice: %w", err)
		}
	}
	return nil
}

// Purge removes every notice about something, told or not.
func (s *Store) Purge(ctx context.Context, about string) error {
	return s.remove(ctx, store.Query{Index: "about", Equal: []any{about}, Limit: 100})
}

// Scrub leaves nothing in the store's files of what was purged before the call;
// see store.Collection.
func (s *Store) Scrub(ctx context.Context) error { return s.notices.Scrub(ctx) }

// Sweep removes what ended before the moment.
func (s *Store) Sweep(ctx context.Context, before time.Time) error {
	for _, state := range []State{Told, Moot, GivenUp} {
		if err := s.remove(ctx, store.Query{Index: "state", Equal: []any{string(state)}, To: before, Limit: 100}); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) remove(ctx context.Context, q store.Query) error {
	for d, err := range s.notices.Each(ctx, q) {
		if err == nil {
			err = store.Repeat(func() error { return s.notices.Delete(ctx, d.ID) })
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("remove notices: %w", err)
		}
	}
	return nil
}

// Entry is a notice as officers see it.
type Entry struct {
	Notice
	State   State
	At      time.Time // Waiting: when it is tried next; else when it ended
	Tries   int
	Trouble string // code of what went wrong last; "": nothing
}

// List returns at most limit (1 to 500) notices of a state, the earliest At
// first, and where the next ones begin: "" if there are none. A damaged after is
// an Invalid fault.
func (s *Store) List(ctx context.Context, state State, limit int, after string) (list []Entry, next string, err error) {
	page, err := s.notices.Scan(ctx, store.Query{
		Index: "state", Equal: []any{string(state)}, Limit: min(max(limit, 1), 500), After: after,
	})
	if err != nil {
		return nil, "", fmt.Errorf("list notices: %w", err)
	}
	for _, d := range page.Items {
		list = append(list, Entry{d.notice(), d.State, d.At, d.Tries, d.Trouble})
	}
	return list, page.Next, nil
}

// WaitsSince returns since when the notice waits that has waited longest; zero:
// none waits. Of more than a thousand it looks at those that are tried next.
func (s *Store) WaitsSince(ctx context.Context) (oldest time.Time, err error) {
	page, err := s.notices.Scan(ctx, store.Query{Index: "state", Equal: []any{string(Waiting)}, Limit: 1000})
	if err != nil {
		return time.Time{}, fmt.Errorf("look for the oldest notice: %w", err)
	}
	for _, d := range page.Items {
		if oldest.IsZero() || d.PutAt.Before(oldest) {
			oldest = d.PutAt
		}
	}
	return oldest, nil
}

// GaveUp returns how many notices have been given up through this Store since it
// was opened.
func (s *Store) GaveUp() int64 { return s.gaveUp.Load() }

func (d *storedNotice) notice() Notice { return Notice{d.ID, d.About, d.What, d.Event, d.To, d.PutAt} }

// trouble is the code of an error: its words could name an address.
func trouble(err error) string {
	if f := fault.As(err); f != nil {
		return f.Code
	}
	return "internal"
}
