package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

// TestNewerStoreIsRefused: where a server of a newer version has run, neither a
// server nor a command of an older one changes anything.
func TestNewerStoreIsRefused(t *testing.T) {
	vars := map[string]string{"SIPAS_DATA": t.TempDir(), "SIPAS_ADDR": "127.0.0.1:0"}
	s := opened(t, vars)
	stored := func() *storedKind {
		t.Helper()
		kind, err := s.kind(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return kind
	}
	format := func(n int64) {
		t.Helper()
		kind := stored()
		kind.Format = n
		if err := s.kinds.Replace(t.Context(), kind); err != nil {
			t.Fatal(err)
		}
	}
	runOnce(t, vars)
	if got := stored().Format; got != storeFormat {
		t.Fatalf("the first server leaves format %d", got)
	}
	must(t, vars, "verify")

	format(storeFormat + 1)
	before := stored()
	for _, args := range [][]string{nil, {"verify"}, {"user", "list"}, {"seed"}, {"backup", t.TempDir() + "/x"}} {
		code, _, stderr := sipas(t, vars, args...)
		if code != exitFailed || !strings.Contains(stderr, "newer version of the program") || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%v: exit %d, %q", args, code, stderr)
		}
	}
	if got := stored(); *got != *before {
		t.Errorf("the older program has made %+v of %+v", got, before)
	}

	format(0) // as an older program, which knew no formats, has left it
	must(t, vars, "verify")
	if got := stored().Format; got != 0 {
		t.Errorf("a command beside an older server leaves format %d", got)
	}
	runOnce(t, vars)
	if got := stored().Format; got != storeFormat {
		t.Errorf("an upgraded server leaves format %d", got)
	}
}

// runOnce runs a server until it has greeted.
func runOnce(t *testing.T, vars map[string]string) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ready, ended := make(signalWriter, 64), make(chan int, 1)
	go func() {
		ended <- run(ctx, environment{func(name string) string { return vars[name] }, ready, &bytes.Buffer{}}, nil)
	}()
	select {
	case <-ready:
		stop()
		if code := <-ended; code != exitDone {
			t.Fatalf("the server ended with %d", code)
		}
	case code := <-ended:
		t.Fatalf("the server does not start: %d", code)
	}
}
