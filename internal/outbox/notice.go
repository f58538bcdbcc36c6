// Package outbox keeps what is to be told to somebody until it is told. A notice
// names what it is about and whom it is for, never words or an address: those
// are looked up at the moment of telling, so that nothing personal waits here
// and nothing outdated is sent.
//
// Every notice is told at least once. It may be told again when a server stops
// between telling and noting it down; whoever tells gives both the same
// Notice.ID, so that the receiving end can show one.
package outbox

import (
	"context"
	"time"

	"sipas/internal/fault"
)

// Notice is something to tell.
type Notice struct {
	ID    string    // made from what happened, so that putting it again is putting it once
	About string    // what it is about, by which its notices are purged
	What  string    // what there is to tell, in the owner's words
	Event int       // which event of what it is about; 0: none
	To    string    // whom it is for, in the owner's words
	PutAt time.Time // since when it waits; set by Put
}

// State is how far the telling of a notice has come.
type State string

// The four states.
const (
	Waiting State = "waiting"
	Told    State = "told"
	Moot    State = "moot"   // there was nothing to tell, or nobody to be told
	GivenUp State = "failed" // refused for good, or tried for giveUpAfter
)

// What a Teller says, beside nil for told. Any other error is tried again.
var (
	// ErrMoot: there is nothing to tell, or nobody to be told.
	ErrMoot = fault.New(fault.Conflict, "notice_moot")
	// ErrRefused: this one will never be taken, whatever the time.
	ErrRefused = fault.New(fault.Conflict, "notice_refused")
	// ErrAway: nobody can be told anything now; the others need not be tried.
	ErrAway = fault.New(fault.Unavailable, "notice_away")
)

// Teller tells one notice.
type Teller func(context.Context, Notice) error

const (
	leaseFor    = 2 * time.Minute // longer than a Teller may take
	firstPause  = time.Minute
	longest     = time.Hour
	giveUpAfter = 5 * 24 * time.Hour
)

// pause is how long to wait after so many tries (1 and more) that failed.
func pause(tries int) time.Duration {
	if tries > 6 {
		return longest
	}
	return min(longest, firstPause<<(tries-1))
}
