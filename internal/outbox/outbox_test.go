package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"sipas/internal/fault"
	"sipas/internal/outbox"
	"sipas/internal/store"
)

// post is an outbox over a real store, with a clock of its own.
type post struct {
	t  *testing.T
	db *store.Store
	*outbox.Store
	mu  sync.Mutex
	now time.Time
}

func open(t *testing.T) *post {
	t.Helper()
	db, err := store.OpenSQLite(filepath.Join(t.TempDir(), "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close(context.Background()) })
	p := &post{t: t, db: db, now: time.Date(2026, 6, 30, 5, 0, 0, 0, time.UTC)}
	p.Store = p.another()
	return p
}

// another is the outbox as a second server has it.
func (p *post) another() *outbox.Store {
	p.t.Helper()
	var s *outbox.Store
	if err := p.db.OpenAll(p.t.Context(), outbox.Into(&s)); err != nil {
		p.t.Fatal(err)
	}
	return s
}

func (p *post) clock() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now
}

func (p *post) pass(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now = p.now.Add(d)
}

func (p *post) put(ids ...string) {
	p.t.Helper()
	for _, id := range ids {
		if err := p.Put(p.t.Context(), p.clock(), outbox.Notice{ID: id, About: "case " + id[:1], Event: 1, To: "sender"}); err != nil {
			p.t.Fatal(err)
		}
	}
}

// round tells what is due and returns whom it has tried to tell, in order.
func (p *post) round(say func(id string) error) (tried string) {
	p.t.Helper()
	_, err := p.Round(p.t.Context(), p.clock, func(_ context.Context, n outbox.Notice) error {
		tried += n.ID + " "
		return say(n.ID)
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return tried
}

func (p *post) in(s outbox.State) (list []outbox.Entry) {
	p.t.Helper()
	list, _, err := p.List(p.t.Context(), s, 500, "")
	if err != nil {
		p.t.Fatal(err)
	}
	return list
}

func said(string) error { return nil }

func TestEachNoticeIsToldOnce(t *testing.T) {
	p := open(t)
	p.put("a1", "b1", "a1")
	if got := p.round(said); got != "a1 b1 " {
		t.Errorf("told %q", got)
	}
	p.put("a1") // the event is told of again after a crash
	p.pass(time.Hour)
	if got := p.round(said); got != "" {
		t.Errorf("told again: %q", got)
	}
	if told := p.in(outbox.Told); len(told) != 2 || told[0].Tries != 1 || told[0].To != "sender" || told[0].Event != 1 {
		t.Errorf("told: %+v", told)
	}
}

func TestServersShareTheWork(t *testing.T) {
	p := open(t)
	const many = 60
	for i := range many {
		p.put(fmt.Sprintf("x%02d", i))
	}
	var mu sync.Mutex
	count := map[string]int{}
	var servers sync.WaitGroup
	for range 3 {
		s := p.another()
		servers.Go(func() {
			if _, err := s.Round(t.Context(), p.clock, func(_ context.Context, n outbox.Notice) error {
				mu.Lock()
				defer mu.Unlock()
				count[n.ID]++
				return nil
			}); err != nil {
				t.Error(err)
			}
		})
	}
	servers.Wait()
	for id, n := range count {
		if n != 1 {
			t.Errorf("%s was told %d times", id, n)
		}
	}
	if len(count) != many {
		t.Errorf("%d of %d were told", len(count), many)
	}
}

// TestServerStopsWhileTelling: what it held is told by another one, later.
func TestServerStopsWhileTelling(t *testing.T) {
	p := open(t)
	p.put("a1")
	dead := p.another()
	holding, never := make(chan struct{}), make(chan struct{})
	t.Cleanup(func() { close(never) })
	go dead.Round(context.Background(), p.clock, func(context.Context, outbox.Notice) error {
		close(holding)
		<-never
		return nil
	})
	<-holding
	if got := p.round(said); got != "" {
		t.Errorf("told while another server tells it: %q", got)
	}
	p.pass(3 * time.Minute)
	if got := p.round(said); got != "a1 " {
		t.Errorf("not taken over: %q", got)
	}
}

func TestFailuresAreTriedAgainLessAndLessOften(t *testing.T) {
	p := open(t)
	p.put("a1")
	fails := func(string) error { return errors.New("550 nobody@example.vn is unknown") }
	var tries []time.Duration
	start := p.clock()
	for next := p.in(outbox.Waiting); len(next) == 1; next = p.in(outbox.Waiting) {
		p.pass(next[0].At.Sub(p.clock()) - time.Millisecond)
		if early := p.round(fails); early != "" {
			t.Fatalf("tried before its time: %v", p.clock().Sub(start))
		}
		p.pass(time.Millisecond)
		p.round(fails)
		tries = append(tries, p.clock().Sub(start))
	}
	for i, want := range []time.Duration{0, 1, 3, 7, 15, 31, 63, 123, 183} {
		if tries[i] != want*time.Minute {
			t.Errorf("try %d after %v, want %v min", i+1, tries[i], want)
		}
	}
	last := p.in(outbox.GivenUp)
	if len(last) != 1 || last[0].Trouble != "internal" || last[0].At.Sub(start) < 5*24*time.Hour {
		t.Errorf("given up: %+v", last)
	}
}

func TestRefusedAndMootAreNotTriedAgain(t *testing.T) {
	p := open(t)
	p.put("a1", "b1", "c1")
	p.round(func(id string) error {
		switch id {
		case "a1":
			return outbox.ErrRefused.Because(errors.New("550"))
		case "b1":
			return outbox.ErrMoot
		}
		return nil
	})
	p.pass(time.Hour)
	if got := p.round(said); got != "" {
		t.Errorf("tried again: %q", got)
	}
	if g := p.in(outbox.GivenUp); len(g) != 1 || g[0].ID != "a1" || g[0].Trouble != "notice_refused" {
		t.Errorf("refused: %+v", g)
	}
	if m := p.in(outbox.Moot); len(m) != 1 || m[0].ID != "b1" {
		t.Errorf("moot: %+v", m)
	}
}

// TestServerAway: the others are not tried in vain, and none is lost.
func TestServerAway(t *testing.T) {
	p := open(t)
	p.put("a1", "b1")
	if got := p.round(func(string) error { return outbox.ErrAway }); got != "a1 " {
		t.Errorf("tried %q", got)
	}
	p.pass(2 * time.Minute)
	if got := p.round(said); got != "b1 a1 " {
		t.Errorf("told %q", got)
	}
}

func TestPurgeTakesWhatIsAboutIt(t *testing.T) {
	p := open(t)
	p.put("a1", "a2", "b1")
	p.round(func(id string) error {
		if id == "a1" {
			return nil
		}
		return fault.New(fault.Unavailable, "later")
	})
	if err := p.Purge(t.Context(), "case a"); err != nil {
		t.Fatal(err)
	}
	if told, waiting := p.in(outbox.Told), p.in(outbox.Waiting); len(told) != 0 || len(waiting) != 1 || waiting[0].ID != "b1" {
		t.Errorf("left: %+v %+v", told, waiting)
	}
}

// TestPurgedWhileItIsTold: it does not come back.
func TestPurgedWhileItIsTold(t *testing.T) {
	p := open(t)
	p.put("a1")
	p.round(func(string) error { return p.Purge(t.Context(), "case a") })
	if told := p.in(outbox.Told); len(told) != 0 {
		t.Errorf("came back: %+v", told)
	}
}

func TestSweepLeavesWhatWaits(t *testing.T) {
	p := open(t)
	p.put("a1", "b1")
	p.round(func(id string) error {
		if id == "b1" {
			return errors.New("later")
		}
		return nil
	})
	p.pass(100 * 24 * time.Hour)
	if err := p.Sweep(t.Context(), p.clock().AddDate(0, 0, -90)); err != nil {
		t.Fatal(err)
	}
	if told, waiting := p.in(outbox.Told), p.in(outbox.Waiting); len(told) != 0 || len(waiting) != 1 {
		t.Errorf("left: %+v %+v", told, waiting)
	}
}

func TestWhatWaitsAndWhatIsGivenUp(t *testing.T) {
	p := open(t)
	since := func() time.Time {
		t.Helper()
		at, err := p.WaitsSince(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	if !since().IsZero() {
		t.Errorf("nothing waits since %s", since())
	}
	first := p.clock()
	p.put("a1")
	p.pass(time.Minute)
	p.put("b1")
	p.round(func(string) error { return errors.New("later") }) // the first is tried again after the second now
	if !since().Equal(first) {
		t.Errorf("waits since %s, want %s", since(), first)
	}
	p.pass(time.Hour)
	p.round(func(id string) error {
		if id == "a1" {
			return outbox.ErrRefused
		}
		return nil
	})
	if !since().IsZero() || p.GaveUp() != 1 {
		t.Errorf("waits since %s, %d given up", since(), p.GaveUp())
	}
}
