package pace_test

import (
	"fmt"
	"testing"
	"time"

	"sipas/internal/pace"
)

var start = time.Date(2026, 6, 30, 8, 0, 0, 0, time.UTC)

func guard() *pace.Guard {
	return &pace.Guard{
		Pair: pace.Row{Places: 3, Every: time.Minute}, Thing: pace.Row{Places: 6, Every: 10 * time.Second},
		Address: pace.Row{Places: 9, Every: 5 * time.Second}, KnownFor: time.Hour,
	}
}

// wrong tries a secret that is wrong, and returns how long it has to wait.
func wrong(g *pace.Guard, thing, address string, now time.Time) time.Duration {
	_, wait := g.Try(thing, address, now)
	return wait
}

// right tries a secret that is right.
func right(g *pace.Guard, thing, address string, now time.Time) time.Duration {
	t, wait := g.Try(thing, address, now)
	if t != nil {
		t.Right(now)
	}
	return wait
}

// until tries up to a hundred times and counts those that were let in.
func until(try func(i int) time.Duration) (in int, wait time.Duration) {
	for i := range 100 {
		if wait = try(i); wait == 0 {
			in++
		}
	}
	return in, wait
}

func TestGuessingIsSlow(t *testing.T) {
	for _, tt := range []struct {
		name string
		try  func(g *pace.Guard, i int) time.Duration
		in   int
		wait time.Duration
	}{
		{"one thing from one address", func(g *pace.Guard, _ int) time.Duration { return wrong(g, "a", "192.0.2.1", start) }, 3, time.Minute},
		{"one thing from many addresses", func(g *pace.Guard, i int) time.Duration {
			return wrong(g, "a", fmt.Sprintf("192.0.2.%d", i), start)
		}, 6, 10 * time.Second},
		{"many things from one address", func(g *pace.Guard, i int) time.Duration {
			return wrong(g, fmt.Sprint(i), "192.0.2.1", start)
		}, 9, 5 * time.Second},
		{"many things from one customer's IPv6", func(g *pace.Guard, i int) time.Duration {
			return wrong(g, fmt.Sprint(i), fmt.Sprintf("2001:db8::%x", i+1), start)
		}, 9, 5 * time.Second},
		{"one whose secret is right", func(g *pace.Guard, _ int) time.Duration { return right(g, "a", "192.0.2.1", start) }, 100, 0},
		{"one own thing is no way around for others", func(g *pace.Guard, i int) time.Duration {
			right(g, "own", "192.0.2.1", start)
			return wrong(g, fmt.Sprint(i), "192.0.2.1", start)
		}, 9, 5 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := guard()
			in, wait := until(func(i int) time.Duration { return tt.try(g, i) })
			if in != tt.in || wait != tt.wait {
				t.Errorf("%d let in, then %s; want %d and %s", in, wait, tt.in, tt.wait)
			}
			if wait > 0 && tt.try(g, 1000) == 0 {
				t.Error("the wait was not kept")
			}
		})
	}
}

// TestAfterTheWait: whoever has waited as long as they were told is let in, and
// tries that were refused make nobody wait longer.
func TestAfterTheWait(t *testing.T) {
	g := guard()
	_, wait := until(func(int) time.Duration { return wrong(g, "a", "192.0.2.1", start) })
	if w := wrong(g, "a", "192.0.2.1", start.Add(wait-time.Millisecond)); w != time.Millisecond {
		t.Errorf("a moment before: %s", w)
	}
	if w := wrong(g, "a", "192.0.2.1", start.Add(wait)); w != 0 {
		t.Errorf("having waited: %s", w)
	}
}

// TestGuessersKeepNobodyOut: neither those elsewhere who go for one thing, nor
// those who go through many from other addresses.
func TestGuessersKeepNobodyOut(t *testing.T) {
	g := guard()
	right(g, "a", "198.51.100.7", start)
	for i := range 100 {
		wrong(g, "a", fmt.Sprintf("192.0.2.%d", i), start)
	}
	if w := right(g, "a", "198.51.100.7", start.Add(time.Minute-time.Second)); w != 0 {
		t.Errorf("at the sender's own address: %s", w)
	}
	// One guesser alone never fills the row of the thing for good.
	now := start.Add(time.Hour)
	for range 600 {
		now = now.Add(time.Second)
		wrong(g, "a", "192.0.2.1", now)
	}
	if w := right(g, "a", "203.0.113.9", now); w != 0 {
		t.Errorf("at another address of the sender: %s", w)
	}
	if w := wrong(g, "a", "198.51.100.7", now); w != 0 {
		t.Errorf("an hour later at the first one: %s", w)
	}
}

func TestUndecidedTriesAreGivenBack(t *testing.T) {
	g := guard()
	in, _ := until(func(int) time.Duration {
		try, wait := g.Try("a", "192.0.2.1", start)
		if try != nil {
			try.Undecided()
		}
		return wait
	})
	if in != 100 {
		t.Errorf("%d let in", in)
	}
}

// TestMemoryIsBounded: more things than there is room for are forgotten, the
// address is slowed down all the same.
func TestMemoryIsBounded(t *testing.T) {
	g := guard()
	for i := range 200_000 {
		wrong(g, fmt.Sprint(i), fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255), start)
	}
	if n := g.Size(); n > 110_000 {
		t.Errorf("%d entries", n)
	}
	if in, _ := until(func(int) time.Duration { return wrong(g, "new", "192.0.2.1", start) }); in != 3 {
		t.Errorf("%d let in", in)
	}
}
