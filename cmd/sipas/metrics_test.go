package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
)

// served runs a server until the test ends and returns where it listens.
func served(t *testing.T, vars map[string]string) (address string) {
	t.Helper()
	vars["SIPAS_DATA"], vars["SIPAS_ADDR"] = t.TempDir(), "127.0.0.1:0"
	said, ended := make(signalWriter, 64), make(chan int, 1)
	ctx, stop := context.WithCancel(context.Background())
	var log bytes.Buffer
	go func() {
		code := run(ctx, environment{func(name string) string { return vars[name] }, said, &log}, nil)
		close(said)
		ended <- code
	}()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != 0 {
			t.Errorf("the server ended with %d: %s", code, log.String())
		}
	})
	found := listens.FindStringSubmatch(<-said)
	if found == nil {
		t.Fatal("the greeting has no address")
	}
	return "http://127.0.0.1:" + found[1]
}

var listens = regexp.MustCompile(`http://localhost:(\d+)/dang-nhap`)

func metricsAt(t *testing.T, address, token string) (status int, text string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	transport := &http.Transport{DisableKeepAlives: true}
	a, err := transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return a.StatusCode, string(b)
}

func TestMetricsOnThisMachine(t *testing.T) {
	address := served(t, map[string]string{})
	if status, text := metricsAt(t, address, ""); status != 200 || !strings.Contains(text, "\nsipas_store_reachable 1\n") {
		t.Errorf("%d %s", status, text)
	}
}

// TestMetricsAreDescribed holds docs/operations.md against a running server: each
// metric of ours is in its tables, and no other.
func TestMetricsAreDescribed(t *testing.T) {
	token := t.TempDir() + "/token"
	if err := os.WriteFile(token, []byte("a-token\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	address := served(t, map[string]string{
		"SIPAS_METRICS_TOKEN_FILE": token, "SIPAS_SMTP_URL": "smtp://localhost:25", "SIPAS_MAIL_FROM": "mot-cua@example.gov.vn",
	})
	if status, _ := metricsAt(t, address, ""); status != 401 {
		t.Errorf("without the token: %d", status)
	}
	told := map[string]bool{}
	status, text := metricsAt(t, address, "a-token")
	for _, line := range regexp.MustCompile(`(?m)^# TYPE (sipas_\w+) `).FindAllStringSubmatch(text, -1) {
		told[line[1]] = true
	}
	if status != 200 || len(told) < 12 {
		t.Fatalf("%d, %d metrics", status, len(told))
	}
	doc, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(doc), "\n### Metrics\n")
	section, _, _ = strings.Cut(section, "\n## ")
	rows := map[string]bool{}
	for _, row := range regexp.MustCompile("(?m)^\\| `(sipas_\\w+)").FindAllStringSubmatch(section, -1) {
		rows[row[1]] = true
	}
	for name := range told {
		if !rows[name] {
			t.Errorf("docs/operations.md does not say what %s is", name)
		}
	}
	for _, name := range regexp.MustCompile(`sipas_\w+`).FindAllString(section, -1) {
		if base := regexp.MustCompile(`_(bucket|count|sum)$`).ReplaceAllString(name, ""); !told[base] {
			t.Errorf("docs/operations.md names %s, which the server does not tell", name)
		}
	}
}

// TestScrapeConfig holds deploy/prometheus.yml against what the program wants.
func TestScrapeConfig(t *testing.T) {
	b, err := os.ReadFile("../../deploy/prometheus.yml")
	if err != nil {
		t.Fatal(err)
	}
	var c struct {
		Jobs []struct {
			Path          string `yaml:"metrics_path"`
			Authorization struct {
				Type string
				File string `yaml:"credentials_file"`
			}
			Static []struct{ Targets []string } `yaml:"static_configs"`
		} `yaml:"scrape_configs"`
	}
	if err := yaml.Unmarshal(b, &c); err != nil {
		t.Fatal(err)
	}
	if len(c.Jobs) != 1 || c.Jobs[0].Path != "" || c.Jobs[0].Authorization.Type != "" || c.Jobs[0].Authorization.File == "" ||
		len(c.Jobs[0].Static) != 1 || !slices.Equal(c.Jobs[0].Static[0].Targets, []string{"127.0.0.1:8080"}) {
		t.Errorf("%+v", c)
	}
}
