package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestHealth(t *testing.T) {
	status := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method+r.URL.Path != "GET/readyz" {
			t.Errorf("asked %s %s", r.Method, r.URL)
		}
		w.WriteHeader(status)
		w.Write([]byte("store away\n"))
	}))
	defer server.Close()
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	for _, addr := range []string{":" + port, "0.0.0.0:" + port, "127.0.0.1:" + port, "localhost:" + port} {
		vars := map[string]string{"SIPAS_ADDR": addr}
		status = http.StatusOK
		if code, stdout, stderr := sipas(t, vars, "health"); code != 0 || stdout != "ready\n" || stderr != "" {
			t.Errorf("%s ready: exit %d, %q, %q", addr, code, stdout, stderr)
		}
		status = http.StatusServiceUnavailable
		if code, stdout, stderr := sipas(t, vars, "health"); code != 1 || stdout != "" || !strings.Contains(stderr, "503") || !strings.Contains(stderr, "store away") {
			t.Errorf("%s not ready: exit %d, %q, %q", addr, code, stdout, stderr)
		}
	}
	server.Close()
	if code, _, stderr := sipas(t, map[string]string{"SIPAS_ADDR": ":" + port}, "health"); code != 1 || strings.Count(stderr, "\n") != 1 {
		t.Errorf("no server: exit %d, %q", code, stderr)
	}
	for vars, args := range map[string][]string{"8080": {"health"}, ":8080": {"health", "now"}} {
		if code, _, _ := sipas(t, map[string]string{"SIPAS_ADDR": vars}, args...); code != 2 {
			t.Errorf("%s %v: exit %d", vars, args, code)
		}
	}
}
