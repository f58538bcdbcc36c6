//go:build protocol || realmongodb

package store_test

import (
	"context"
	"fmt"
	"hash/fnv"
	"testing"

	"sipas/internal/store"
)

// mongoOpener keeps one database for each test that opens stores; run tells
// the databases of this run from those of earlier ones.
func mongoOpener(server, run string) func(t *testing.T) *store.Store {
	return func(t *testing.T) *store.Store {
		t.Helper()
		h := fnv.New64a()
		fmt.Fprint(h, run, t.Name())
		return openMongo(t, fmt.Sprintf("%s/sipas_test_%x", server, h.Sum64()))
	}
}

func openMongo(t *testing.T, uri string) *store.Store {
	t.Helper()
	s, err := store.OpenMongo(t.Context(), uri)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(context.Background()) })
	return s
}
