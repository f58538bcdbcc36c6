package storetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"sipas/internal/store"
)

// RunContended runs what needs a server whose single writes are atomic, which
// the one that stands in for MongoDB in the other tests is not.
func RunContended(t *testing.T, open func(t *testing.T) *store.Store) {
	t.Run("increments", func(t *testing.T) { increments(t, open) })
	t.Run("one id for many", func(t *testing.T) { oneID(t, open) })
}

const (
	writers = 64
	each    = 5
)

func increments(t *testing.T, open Opener) {
	c := openVisits(t, open(t))
	mustInsert(t, c, visit("counter"))
	var acknowledged atomic.Int64
	var group sync.WaitGroup
	for range writers {
		group.Go(func() {
			for done := 0; done < each; {
				v, err := c.Get(t.Context(), "counter")
				if err != nil {
					t.Error(err)
					return
				}
				v.Code++
				switch err := c.Replace(t.Context(), v); {
				case err == nil:
					done++
					acknowledged.Add(1)
				case !errors.Is(err, store.ErrStale):
					t.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	v := mustGet(t, c, "counter")
	if n := acknowledged.Load(); int64(v.Code) != n || n != writers*each || v.Version != n+1 {
		t.Errorf("%d increments acknowledged, the counter is %d, its version %d", n, v.Code, v.Version)
	}
}

func oneID(t *testing.T, open Opener) {
	c := openVisits(t, open(t))
	for round := range each {
		var stored atomic.Int64
		var group sync.WaitGroup
		for w := range writers {
			group.Go(func() {
				v := visit(fmt.Sprint(round))
				v.Code = w
				switch err := c.Insert(t.Context(), v); {
				case err == nil:
					stored.Add(1)
				case !errors.Is(err, store.ErrExists):
					t.Error(err)
				}
			})
		}
		group.Wait()
		if n := stored.Load(); n != 1 {
			t.Errorf("%d inserts of one id were acknowledged", n)
		}
	}
}
