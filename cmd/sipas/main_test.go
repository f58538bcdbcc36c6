package main

import (
	"bytes"
	"context"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sipas/seeds"
	"sipas/survey"
)

// sipas runs the program in this process with the given variables.
func sipas(t testing.TB, vars map[string]string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), environment{func(name string) string { return vars[name] }, &out, &errs}, args)
	return code, out.String(), errs.String()
}

func TestWrongSettingIsOneLine(t *testing.T) {
	for _, tt := range []struct{ name, value, says string }{
		{"SIPAS_ADDR", "8080", ":8080"},
		{"SIPAS_ADDR", "localhost:http", "host:port"},
		{"SIPAS_ADDR", ":99999", "host:port"},
		{"SIPAS_BASE_URL", "khaosat.gov.vn", "https://host"},
		{"SIPAS_BASE_URL", "https://host/path", "without a path"},
		{"SIPAS_BASE_URL", "ftp://host", "http://host"},
		{"MONGODB_URI", "postgres://secret@host", "mongodb://"},
		{"SIPAS_NOW", "yesterday", "RFC 3339"},
		{"SIPAS_METRICS_TOKEN", "secret of two words", "letters, digits"},
		{"SIPAS_METRICS_TOKEN", "secret\n", "letters, digits"},
		{"SIPAS_ADDRESS_LIMIT", "-1", "number of requests"},
		{"SIPAS_ADDRESS_LIMIT", "many", "number of requests"},
		{"SIPAS_TRUSTED_PROXIES", "10.0.0.1", "address ranges"},
	} {
		t.Run(tt.name+"="+tt.value, func(t *testing.T) {
			data := filepath.Join(t.TempDir(), "data")
			code, stdout, stderr := sipas(t, map[string]string{tt.name: tt.value, "SIPAS_DATA": data})
			if code != 2 || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, tt.name) || !strings.Contains(stderr, tt.says) {
				t.Errorf("exit %d, %q, %q", code, stdout, stderr)
			}
			if strings.Contains(stderr, "secret") {
				t.Errorf("a secret is shown: %q", stderr)
			}
			if _, err := os.Stat(data); err == nil {
				t.Error("something was written")
			}
		})
	}
	code, _, stderr := sipas(t, map[string]string{"SIPAS_NOW": "2026-01-01T00:00:00Z", "MONGODB_URI": "mongodb://host/x"})
	if code != 2 || !strings.Contains(stderr, "SIPAS_NOW") {
		t.Errorf("a moved clock on MongoDB: %d %q", code, stderr)
	}
}

// TestSingleSignOnIsSetWhole: three variables and an address to come back to.
func TestSingleSignOnIsSetWhole(t *testing.T) {
	whole := map[string]string{
		"SIPAS_OIDC_ISSUER": "https://dang-nhap.example.vn/realms/so", "SIPAS_OIDC_CLIENT_ID": "sipas", "SIPAS_OIDC_CLIENT_SECRET": "hidden",
		"SIPAS_BASE_URL": "https://khaosat.example.vn",
	}
	with := func(name, value string) map[string]string {
		vars := maps.Clone(whole)
		vars[name] = value
		return vars
	}
	for _, good := range []map[string]string{whole, with("SIPAS_OIDC_ISSUER", "http://localhost:8081"), with("SIPAS_BASE_URL", "http://127.0.0.1:8080")} {
		if c, err := readConfig(func(name string) string { return good[name] }); err != nil || c.signOn == nil {
			t.Errorf("%v: %v", good, err)
		}
	}
	for alone, wanted := range map[string]string{
		"SIPAS_OIDC_ISSUER": "SIPAS_OIDC_CLIENT_ID=: ", "SIPAS_OIDC_CLIENT_ID": "SIPAS_OIDC_ISSUER=: ", "SIPAS_OIDC_CLIENT_SECRET": "SIPAS_OIDC_ISSUER=: ",
	} {
		code, _, stderr := sipas(t, map[string]string{alone: whole[alone], "SIPAS_DATA": t.TempDir()})
		if code != 2 || !strings.Contains(stderr, wanted) || strings.Contains(stderr, "hidden") {
			t.Errorf("%s alone: exit %d, %q", alone, code, stderr)
		}
	}
	for _, tt := range []struct{ name, value, says string }{
		{"SIPAS_OIDC_CLIENT_ID", "", "SIPAS_OIDC_ISSUER"},
		{"SIPAS_OIDC_CLIENT_SECRET", "", "_FILE"},
		{"SIPAS_OIDC_ISSUER", "", "SIPAS_OIDC_CLIENT_ID"},
		{"SIPAS_OIDC_ISSUER", "http://dang-nhap.example.vn", "https://"},
		{"SIPAS_OIDC_ISSUER", "dang-nhap.example.vn", "https://"},
		{"SIPAS_BASE_URL", "", "SIPAS_OIDC_ISSUER"},
		{"SIPAS_BASE_URL", "http://10.0.0.1:8080", "https://"},
	} {
		vars := with(tt.name, tt.value)
		vars["SIPAS_DATA"] = filepath.Join(t.TempDir(), "data")
		code, stdout, stderr := sipas(t, vars)
		if code != 2 || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, tt.name+"="+tt.value+": ") || !strings.Contains(stderr, tt.says) ||
			strings.Contains(stderr, "hidden") {
			t.Errorf("%s=%s: exit %d, %q, %q", tt.name, tt.value, code, stdout, stderr)
		}
	}
}

func TestSecretsInFiles(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, name := range secrets {
		get, err := withSecretFiles(func(n string) string {
			return map[string]string{name + "_FILE": file("good", "hidden value\r\n"), "SIPAS_ADDR": ":1"}[n]
		})
		if err != nil || get(name) != "hidden value" || get("SIPAS_ADDR") != ":1" {
			t.Errorf("%s from a file: %v", name, err)
		}
		for path, says := range map[string]string{
			filepath.Join(dir, "none"):          "no such file",
			dir:                                 "is a directory",
			file("empty", ""):                   "one line",
			file("blank", "\n\n"):               "one line",
			file("two", "hidden\nhidden too\n"): "one line",
		} {
			data := filepath.Join(t.TempDir(), "data")
			code, stdout, stderr := sipas(t, map[string]string{name + "_FILE": path, "SIPAS_DATA": data})
			if code != 2 || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, name+"_FILE="+path+": ") || !strings.Contains(stderr, says) {
				t.Errorf("%s_FILE=%s: exit %d, %q, %q", name, path, code, stdout, stderr)
			}
			if strings.Contains(stderr, "hidden") {
				t.Errorf("a secret is shown: %q", stderr)
			}
			if _, err := os.Stat(data); err == nil {
				t.Error("something was written")
			}
		}
		code, _, stderr := sipas(t, map[string]string{name + "_FILE": file("good", "hidden"), name: "hidden as well"})
		if code != 2 || !strings.Contains(stderr, name+"_FILE=") || !strings.Contains(stderr, "beside "+name) || strings.Contains(stderr, "hidden") {
			t.Errorf("%s set twice: exit %d, %q", name, code, stderr)
		}
	}
	// What is in the file is checked like the variable, and shown as little.
	code, _, stderr := sipas(t, map[string]string{"MONGODB_URI_FILE": file("uri", "postgres://hidden@host")})
	if code != 2 || !strings.Contains(stderr, "mongodb://") || strings.Contains(stderr, "hidden") {
		t.Errorf("wrong address in a file: exit %d, %q", code, stderr)
	}
}

func TestWrongUsage(t *testing.T) {
	for _, args := range [][]string{
		{"fly"}, {"serve", "now"}, {"token"}, {"token", "delete"}, {"token", "create", "--role", "king", "--name", "x"},
		{"token", "create", "--role", "office"}, {"token", "create", "--colour", "red"}, {"seed", "--force"}, {"seed", "/no/such/file.yaml"},
		{"keys"}, {"keys", "burn"}, {"keys", "list", "all"}, {"keys", "remove"}, {"keys", "forget", "a", "b"},
		{"user"}, {"user", "delete"}, {"user", "list", "all"}, {"user", "disable"}, {"user", "disable", "a", "b"}, {"user", "passwd", "--all"},
		{"user", "add"}, {"user", "add", "an.binh"}, {"user", "add", "--name", "An", "--person", "An", "--role", "desk"},
		{"user", "add", "--name", "an.binh", "--person", "An", "--role", "king"}, {"user", "add", "--name", "an.binh", "--person", "An", "--role", "unit"},
	} {
		code, stdout, stderr := sipas(t, map[string]string{"SIPAS_DATA": t.TempDir()}, args...)
		if code != 2 || stdout != "" || stderr == "" {
			t.Errorf("%v: exit %d, %q, %q", args, code, stdout, stderr)
		}
	}
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{"-h"}, {"--help"}, {"help"}, {"serve", "-h"}, {"token", "-h"}, {"token", "create", "-h"}, {"user", "-h"}, {"user", "add", "-h"}, {"seed", "-h"}, {"version", "-h"}, {"keys", "-h"}, {"keys", "rotate", "-h"}} {
		code, stdout, stderr := sipas(t, nil, args...)
		if code != 0 || !strings.Contains(stdout, "sipas") || stderr != "" {
			t.Errorf("%v: exit %d, %q, %q", args, code, stdout, stderr)
		}
	}
}

func TestTokenIsAloneOnStandardOutput(t *testing.T) {
	vars := map[string]string{"SIPAS_DATA": t.TempDir()}
	code, stdout, _ := sipas(t, vars, "token", "create", "--role", "office", "--name", "Văn phòng")
	if code != 0 || !strings.HasPrefix(stdout, "sipas_") || len(strings.Fields(stdout)) != 1 {
		t.Errorf("exit %d, %q", code, stdout)
	}
}

func TestSeed(t *testing.T) {
	dir := t.TempDir()
	vars := map[string]string{"SIPAS_DATA": filepath.Join(dir, "data")}
	code, stdout, stderr := sipas(t, vars, "seed")
	if code != 0 || strings.HasPrefix(stdout, "0 added") {
		t.Fatalf("exit %d, %q, %q", code, stdout, stderr)
	}
	if code, stdout, _ = sipas(t, vars, "seed"); code != 0 || !strings.HasPrefix(stdout, "0 added") {
		t.Errorf("again: exit %d, %q", code, stdout)
	}
	for name, tt := range map[string]struct{ text, says string }{
		"broken.yaml": {"areas:\n  - id: Đất\n", "broken.yaml:2:"},
		"other.yaml":  {"areas:\n  - id: dat-dai\n    name: {vi: Khác, en: Other}\n    from: 2023-08-04\n    source: x\n", "other.yaml:2:"},
	} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(tt.text), 0o600); err != nil {
			t.Fatal(err)
		}
		code, stdout, stderr = sipas(t, vars, "seed", file)
		if code != 2 || stdout != "" || !strings.Contains(stderr, tt.says) {
			t.Errorf("%s: exit %d, %q, %q", name, code, stdout, stderr)
		}
	}
	if code, stdout, _ = sipas(t, vars, "seed"); code != 0 || !strings.HasPrefix(stdout, "0 added") {
		t.Errorf("after refused files: exit %d, %q", code, stdout)
	}
}

// TestSecondServerIsRefused runs two servers on one embedded store, and a
// command beside the first.
func TestSecondServerIsRefused(t *testing.T) {
	vars := map[string]string{"SIPAS_DATA": t.TempDir(), "SIPAS_ADDR": "127.0.0.1:0"}
	get := func(name string) string { return vars[name] }
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ready := make(signalWriter, 64)
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, environment{get, ready, &bytes.Buffer{}}, nil) }()
	<-ready // it has greeted
	code, _, stderr := sipas(t, vars)
	if code != 1 || !strings.Contains(stderr, "another server is running") {
		t.Errorf("second server: exit %d, %q", code, stderr)
	}
	if code, _, stderr := sipas(t, vars, "token", "create", "--role", "desk", "--name", "x"); code != 0 {
		t.Errorf("a command beside the server: exit %d, %q", code, stderr)
	}
	stop()
	select {
	case code := <-ended:
		if code != 0 {
			t.Errorf("the server ended with %d", code)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("the server does not stop")
	}
}

// signalWriter sends what is written to it.
type signalWriter chan string

func (s signalWriter) Write(p []byte) (int, error) {
	s <- string(p)
	return len(p), nil
}

// A version that the office has published stays when the program ships another
// one under the same number: the server starts, and says so.
func TestOfficesOwnVersionStays(t *testing.T) {
	s := opened(t, map[string]string{"SIPAS_DATA": t.TempDir()})
	d, err := seeds.Load()
	if err != nil {
		t.Fatal(err)
	}
	own := d.Questionnaires[0]
	own.Name.VI = "Của Sở"
	if err := s.survey.AddQuestionnaires(t.Context(), []survey.Questionnaire{own}); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	if err := s.prepare(t.Context(), slog.New(slog.NewTextHandler(&log, nil))); err != nil {
		t.Fatal(err)
	}
	if got := s.survey.Questionnaire(own.Ref()); got == nil || got.Name.VI != "Của Sở" {
		t.Errorf("stored is %+v", got)
	}
	if !strings.Contains(log.String(), own.Ref()) || len(s.survey.Questionnaires()) != len(d.Questionnaires) {
		t.Errorf("%d versions, log %s", len(s.survey.Questionnaires()), log.String())
	}
}
