package store_test

import (
	"context"
	"path/filepath"
	"sync"
	"testing"

	"sipas/internal/store"
	"sipas/internal/store/storetest"
)

func TestSQLite(t *testing.T) {
	storetest.Run(t, sqliteOpener())
	storetest.RunContended(t, sqliteOpener())
}

// sqliteOpener keeps one file for each test that opens stores.
func sqliteOpener() func(t *testing.T) *store.Store {
	var mu sync.Mutex
	files := map[string]string{}
	return func(t *testing.T) *store.Store {
		t.Helper()
		mu.Lock()
		defer mu.Unlock()
		if files[t.Name()] == "" {
			files[t.Name()] = filepath.Join(t.TempDir(), "a store?#%.db")
		}
		return openSQLite(t, files[t.Name()])
	}
}

func openSQLite(t testing.TB, path string) *store.Store {
	t.Helper()
	s, err := store.OpenSQLite(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(context.Background()) }) // t.Context has ended by then
	return s
}
