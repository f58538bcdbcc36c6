//go:build protocol

package staff_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"sipas/internal/store"
)

// TestOnMongo runs what needs no atomic replace through the real driver and
// protocol against FerretDB, whose binary SIPAS_TEST_FERRETDB names.
func TestOnMongo(t *testing.T) {
	uri := startFerretDB(t)
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

// startFerretDB returns the URI of a server that ends with the test.
func startFerretDB(t *testing.T) string {
	t.Helper()
	binary := os.Getenv("SIPAS_TEST_FERRETDB")
	if binary == "" {
		t.Fatal("SIPAS_TEST_FERRETDB does not name the binary of internal/store/ferretdb")
	}
	cmd := exec.Command(binary, t.TempDir())
	cmd.Stderr = t.Output()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close() // it runs until then
		_ = cmd.Wait()
	})
	uri, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(strings.TrimSpace(uri), "/")
}
