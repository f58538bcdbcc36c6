//go:build protocol

package main

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// startFerretDB returns the URI of a server that speaks MongoDB's protocol and
// ends with the test: the binary of module internal/store/ferretdb, named by
// SIPAS_TEST_FERRETDB.
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
	second := onMongo(t, startFerretDB(t), "second", first)
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
	from := onMongo(t, startFerretDB(t), "busy", keys)
	underLoad(t, from, another(t, keys))
}
