//go:build protocol

package store_test

import (
	"errors"
	"testing"

	"sipas/internal/store"
	"sipas/internal/store/storetest"
)

// TestMongoDump: MongoDB keeps no order of commits, and makes no snapshots.
func TestMongoDump(t *testing.T) {
	open := mongoOpener(storetest.FerretDB(t), "")
	dumps(t, open, false)
	s := open(t)
	if _, err := s.Size(t.Context()); !errors.Is(err, store.ErrNoSnapshot) {
		t.Errorf("got %v, want %v", err, store.ErrNoSnapshot)
	}
}
