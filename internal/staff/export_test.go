package staff

import (
	"context"
	"testing"
	"time"
)

// Tests hash cheaply, but for those that ask for the real cost.
var realCost = hashCost

func init() { hashCost = cost{memory: 8, passes: 1, lanes: 1} }

// WithRealCost makes new hashes cost what they do outside tests.
func WithRealCost(t *testing.T) {
	cheap := hashCost
	hashCost = realCost
	t.Cleanup(func() { hashCost = cheap })
}

// HoldHashes takes n of the places for hashing until the test ends. Whoever
// wants one then does not wait long.
func HoldHashes(t *testing.T, n int) {
	wait := hashWait
	hashWait = 10 * time.Millisecond
	t.Cleanup(func() { hashWait = wait })
	for range n {
		hashes <- struct{}{}
	}
	t.Cleanup(func() {
		for range n {
			<-hashes
		}
	})
}

// Rewritten reads a stored password hash and writes it again.
func Rewritten(text string) (string, error) {
	h, err := parseHash(text)
	return h.String(), err
}

// StoredHash is what the store has of an account's password.
func StoredHash(ctx context.Context, s *Store, account string) (string, error) {
	d, err := s.account(ctx, account)
	if err != nil {
		return "", err
	}
	return d.Hash, nil
}
