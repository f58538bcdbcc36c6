//go:build protocol

package main

import (
	"testing"

	"sipas/internal/store/storetest"
)

// onMongo returns the variables of a machine without keys of its own that keeps
// its store in the named database.
func onMongo(t *testing.T, server, database string, keysOf map[string]string) map[string]string {
	vars := another(t, keysOf)
	vars["MONGODB_URI"] = server + "/" + database
	return vars
}

// TestBackupThroughMongo moves a store from SQLite to the MongoDB engine and
// back to SQLite: every document is the same bytes, every figure the same.
func TestBackupThroughMongo(t *testing.T) {
	first := map[string]string{"SIPAS_DATA": t.TempDir()}
	o := openOffice(t, first)
	o.fill(600)
	o.rest()
	o.s.seal(t, 2)
	second := onMongo(t, storetest.FerretDB(t), "second", first)
	third := another(t, first)
	sameAfter(t, o.s, first, second)
	sameAfter(t, opened(t, second), second, third)
	if want := must(t, first, "verify"); must(t, third, "verify") != want {
		t.Error("the chain of seals is another one")
	}
}

// TestBackupUnderLoadFromMongo pages through a store that grows.
func TestBackupUnderLoadFromMongo(t *testing.T) {
	keys := map[string]string{"SIPAS_DATA": t.TempDir()}
	from := onMongo(t, storetest.FerretDB(t), "busy", keys)
	underLoad(t, from, another(t, keys))
}
