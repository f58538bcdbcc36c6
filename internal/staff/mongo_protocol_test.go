//go:build protocol

package staff_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"sipas/internal/store"
	"sipas/internal/store/storetest"
)

// TestOnMongo runs what needs no atomic replace through the real driver and
// protocol against FerretDB, whose binary SIPAS_TEST_FERRETDB names.
func TestOnMongo(t *testing.T) {
	uri := storetest.FerretDB(t)
	onSQLite := database
	t.Cleanup(func() { database = onSQLite })
	var n atomic.Int64
	database = func(t *testing.T) func() *store.Store {
		name := fmt.Sprintf("staff_%d", n.Add(1))
		return func() *store.Store {
			db, err := store.OpenMongo(t.Context(), uri+"/"+name)
			if err != nil {
				t.Fatal(err)
			}
			return db
		}
	}
	for name, test := range map[string]func(*testing.T){
		"add": TestAddAccount, "change": TestChangeAccount, "last admin": TestLastAdmin, "announcement": TestAnnouncementOfAServerThatDied,
		"sign in": TestSignIn, "refused": TestSignInRefused, "own password": TestChangeOwnPassword, "old password": TestOldPasswordIsThrottled,
		"session ends": TestSessionEnds, "session limits": TestSessionLimits, "sweep": TestSweep,
		"tokens": TestTokens, "entries": TestEntries, "record": TestRecord,
	} {
		t.Run(name, test)
	}
}
