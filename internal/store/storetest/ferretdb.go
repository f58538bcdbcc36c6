package storetest

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// FerretDB returns the URI, without a database, of a server that speaks MongoDB's
// protocol and ends with the test: the binary of module internal/store/ferretdb,
// which SIPAS_TEST_FERRETDB names. What it does not do right is in README.md,
// "What was not run".
func FerretDB(t *testing.T) string {
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
