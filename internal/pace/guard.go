package pace

import (
	"maps"
	"sync"
	"time"
)

// Guard slows the guessing of secrets down that open something each, without
// keeping anybody who knows a secret out. There is a row of places for each of
//
//	the thing from this address                          Pair
//	the thing from all addresses that do not know it     Thing
//	the address, for all things that it does not know    Address
//
// and a try that finds no place in one of them is refused and takes none. An
// address knows a thing for KnownFor after its secret was right from there; then
// only the first row counts. A right secret gives back what it took.
//
// All of this is in memory and nowhere else: that an address has looked at a
// thing is nobody's business. A server that starts anew has forgotten it, and
// several servers count each for themselves. The zero value of the rows refuses
// everything. Its methods may be called concurrently.
type Guard struct {
	Pair, Thing, Address Row
	KnownFor             time.Duration

	mu    sync.Mutex
	until map[entry]time.Time // when all places of a row are free, or an address is forgotten
}

// entry is a row in use, or a note that an address knows a thing.
type entry struct{ row, thing, address string }

// maxEntries bounds the memory, some 20 MB. One who makes that many gains a few
// tries where billions are needed.
const maxEntries = 100_000

// Try is one on its way, which has taken its places.
type Try struct {
	g              *Guard
	thing, address string
	known          bool
}

// Try takes a place in each row that counts. If there is none, wait says how
// long it is until there is, and the try is nil.
func (g *Guard) Try(thing, address string, now time.Time) (try *Try, wait time.Duration) {
	t := &Try{g: g, thing: thing, address: Network(address)}
	g.mu.Lock()
	defer g.mu.Unlock()
	t.known = now.Before(g.until[t.note()])
	for e, r := range t.rows() {
		wait = max(wait, r.Wait(g.until[e], now))
	}
	if wait > 0 {
		return nil, wait
	}
	g.makeRoom(now)
	for e, r := range t.rows() {
		g.until[e] = r.Take(g.until[e], now)
	}
	return t, 0
}

func (t *Try) rows() map[entry]Row {
	rows := map[entry]Row{{"pair", t.thing, t.address}: t.g.Pair}
	if !t.known {
		rows[entry{"thing", t.thing, ""}] = t.g.Thing
		rows[entry{"address", "", t.address}] = t.g.Address
	}
	return rows
}

func (t *Try) note() entry { return entry{"known", t.thing, t.address} }

// Right says that the secret was right: the try gives its places back, the first
// row is empty, and the address knows the thing.
func (t *Try) Right(now time.Time) {
	t.g.mu.Lock()
	defer t.g.mu.Unlock()
	t.giveBack()
	delete(t.g.until, entry{"pair", t.thing, t.address})
	t.g.until[t.note()] = now.Add(t.g.KnownFor)
}

// Undecided gives the places of a try back that has told its maker nothing.
func (t *Try) Undecided() {
	t.g.mu.Lock()
	defer t.g.mu.Unlock()
	t.giveBack()
}

func (t *Try) giveBack() {
	for e, r := range t.rows() {
		if freeAt, taken := t.g.until[e]; taken {
			t.g.until[e] = freeAt.Add(-r.Every)
		}
	}
}

// makeRoom forgets what is over, and if that is not enough, anything.
func (g *Guard) makeRoom(now time.Time) {
	if g.until == nil {
		g.until = map[entry]time.Time{}
	}
	if len(g.until) < maxEntries {
		return
	}
	maps.DeleteFunc(g.until, func(_ entry, until time.Time) bool { return !now.Before(until) })
	for e := range g.until {
		if len(g.until) <= maxEntries*3/4 {
			return
		}
		delete(g.until, e)
	}
}
