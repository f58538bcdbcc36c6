//go:build protocol

package store_test

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"testing"

	"sipas/internal/store/storetest"
)

// TestMongo runs the suite through the real driver and protocol against
// FerretDB, whose binary (module internal/store/ferretdb) is named by
// SIPAS_TEST_FERRETDB. What needs atomic replaces is in TestRealMongo.
func TestMongo(t *testing.T) {
	storetest.Run(t, mongoOpener(startFerretDB(t), ""))
}

// startFerretDB returns the URI, without a database, of a server that ends
// with the test.
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
