package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"sipas/internal/store"
)

// notHandedOver: a context that has ended writes nothing, and says so.
func notHandedOver(t *testing.T, open Opener) {
	s := open(t)
	c := openVisits(t, s)
	mustInsert(t, c, visit("old"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, got := c.Get(ctx, "old")
	_, scanned := c.Scan(ctx, store.Query{})
	for doing, err := range map[string]error{
		"insert":  c.Insert(ctx, visit("x")),
		"replace": c.Replace(ctx, mustGet(t, c, "old")),
		"delete":  c.Delete(ctx, "old"),
		"get":     got, "scan": scanned, "ping": s.Ping(ctx),
	} {
		want(t, doing, err, store.ErrUnavailable)
		want(t, doing, err, context.Canceled)
	}
	wantIDs(t, "left", walk(t, c, store.Query{}), []string{"old"})
	if v := mustGet(t, c, "old"); v.Version != 1 {
		t.Errorf("replaced to version %d", v.Version)
	}
}

const unknownRounds = 20

func unknownInsert(t *testing.T, open Opener) {
	c := openVisits(t, open(t))
	for i := range unknownRounds {
		v := visit(fmt.Sprint(i))
		v.Note = "mine"
		first := wantOneOf(t, "insert", c.Insert(cancelled(t), v), nil, store.ErrUnknown, store.ErrUnavailable)
		again := c.Insert(t.Context(), v)
		switch first {
		case nil:
			want(t, "insert again after success", again, store.ErrExists)
		case store.ErrUnavailable:
			want(t, "insert again after nothing", again, nil)
		default:
			wantOneOf(t, "insert again", again, nil, store.ErrExists)
		}
		if got := mustGet(t, c, v.ID); got.Note != "mine" {
			t.Fatalf("got %+v", got)
		}
	}
}

func unknownReplace(t *testing.T, open Opener) {
	c := openVisits(t, open(t))
	for i := range unknownRounds {
		v := visit(fmt.Sprint(i))
		mustInsert(t, c, v)
		v.Note = "mine"
		err := c.Replace(cancelled(t), v)
		if wantOneOf(t, "replace", err, nil, store.ErrUnknown, store.ErrUnavailable) != nil {
			want(t, "replace again", c.Replace(t.Context(), v), nil)
		}
		got := mustGet(t, c, v.ID)
		if v.Version != 2 || got.Version != 2 || got.Write != v.Write || got.Note != "mine" {
			t.Fatalf("have %+v, stored %+v", v, got)
		}
		v.Note = "next"
		want(t, "next replace", c.Replace(t.Context(), v), nil)
	}
}

// giveUp: callers that go away take nobody with them, and what the others were
// told is true.
func giveUp(t *testing.T, open Opener) {
	c := openVisits(t, open(t))
	outcomes := make([]error, 40)
	var group sync.WaitGroup
	for i := range outcomes {
		group.Go(func() {
			ctx := t.Context()
			if i%2 == 1 {
				ctx = cancelled(t)
			}
			outcomes[i] = c.Insert(ctx, visit(fmt.Sprintf("%02d", i)))
		})
	}
	group.Wait()
	stored := walk(t, c, store.Query{})
	for i, err := range outcomes {
		if i%2 == 0 {
			want(t, "insert beside ones that gave up", err, nil)
		}
		_, there := slices.BinarySearch(stored, fmt.Sprintf("%02d", i))
		switch wantOneOf(t, "insert", err, nil, store.ErrUnknown, store.ErrUnavailable) {
		case nil:
			if !there {
				t.Errorf("%d is acknowledged and not stored", i)
			}
		case store.ErrUnavailable:
			if there {
				t.Errorf("%d is stored and was said not to be", i)
			}
		}
	}
}

// closing while others write: every call has its true outcome, and nothing
// acknowledged is lost.
func closing(t *testing.T, open Opener) {
	s := open(t)
	c := openVisits(t, s)
	type outcome struct {
		id  string
		err error
	}
	var (
		mu       sync.Mutex
		outcomes []outcome
		group    sync.WaitGroup
	)
	enough := make(chan struct{}, 1)
	for w := range 8 {
		group.Go(func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("%d-%d", w, i)
				err := c.Insert(t.Context(), visit(id))
				mu.Lock()
				outcomes = append(outcomes, outcome{id, err})
				n := len(outcomes)
				mu.Unlock()
				if n == 30 {
					enough <- struct{}{}
				}
				if err != nil {
					return
				}
			}
		})
	}
	<-enough
	want(t, "close", s.Close(t.Context()), nil)
	group.Wait()

	_, got := c.Get(t.Context(), "0-0")
	_, scanned := c.Scan(t.Context(), store.Query{})
	_, opened := store.Open[Visit](t.Context(), s, visits)
	for doing, err := range map[string]error{
		"get": got, "scan": scanned, "open": opened, "delete": c.Delete(t.Context(), "0-0"), "replace": c.Replace(t.Context(), visit("0-0")),
		"ping": s.Ping(t.Context()), "close": s.Close(t.Context()),
	} {
		want(t, doing+" after closing", err, store.ErrClosed)
	}

	c = openVisits(t, open(t))
	stored := walk(t, c, store.Query{Limit: 1000})
	for _, o := range outcomes {
		_, there := slices.BinarySearch(stored, o.id)
		if o.err != nil && !errors.Is(o.err, store.ErrClosed) && !errors.Is(o.err, store.ErrUnknown) {
			t.Errorf("insert while closing: %v", o.err)
		}
		if o.err == nil && !there {
			t.Errorf("%s is acknowledged and lost", o.id)
		}
		if errors.Is(o.err, store.ErrClosed) && there {
			t.Errorf("%s is stored and was said not to be", o.id)
		}
	}
}
