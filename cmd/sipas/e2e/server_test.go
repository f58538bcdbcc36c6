package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "sipas-e2e")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "sipas")
	if err := build(binary); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// build compiles the program under the race detector as the Makefile does: SQLite,
// which is C in Go's clothes, is not watched.
func build(file string, more ...string) error {
	cmd := exec.Command("go", append([]string{"build", "-race", "-gcflags=modernc.org/sqlite/lib=-race=false", "-o", file}, append(more, "./cmd/sipas")...)...)
	cmd.Dir = "../../.."
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build sipas: %w\n%s", err, out)
	}
	return nil
}

// server is a running program.
type server struct {
	t      *testing.T
	url    string
	data   string
	env    []string
	cmd    *exec.Cmd
	log    *syncBuffer
	logged chan struct{} // closed when the log has ended
}

// syncBuffer is a bytes.Buffer that a process may write while a test reads.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

var announced = regexp.MustCompile(`msg=serving addr=(\S+)`)

// start runs the program on the data folder and waits until it has logged where
// it listens. It is stopped when the test ends.
func start(t *testing.T, data string, env ...string) *server {
	t.Helper()
	return startWith(t, data, nil, env...)
}

// startWith is start with arguments.
func startWith(t *testing.T, data string, args []string, env ...string) *server {
	t.Helper()
	s := &server{t: t, data: data, log: &syncBuffer{}}
	s.env = append(append(os.Environ(), "SIPAS_DATA="+data, "SIPAS_ADDR=127.0.0.1:0"), env...)
	s.cmd = exec.Command(binary, args...)
	s.cmd.Env = s.env
	log, err := s.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.stop(syscall.SIGTERM) })
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		fmt.Fprintln(s.log, lines.Text())
		if m := announced.FindStringSubmatch(lines.Text()); m != nil {
			s.url = "http://" + m[1]
			s.logged = make(chan struct{})
			go func() {
				defer close(s.logged)
				io.Copy(s.log, log)
			}()
			return s
		}
	}
	t.Fatalf("the server never said where it listens:\n%s", s.log)
	return nil
}

// stop ends the program with a signal and waits for it.
func (s *server) stop(sig os.Signal) {
	if s.cmd.ProcessState == nil {
		s.cmd.Process.Signal(sig)
		if s.logged != nil {
			<-s.logged // Wait closes the pipe
		}
		s.cmd.Wait()
	}
	if strings.Contains(s.log.String(), "DATA RACE") {
		s.t.Errorf("data race in the server:\n%s", s.log)
	}
}

// token makes an access token on the command line, beside the running server.
func (s *server) token(role string) string {
	s.t.Helper()
	cmd := exec.Command(binary, "token", "create", "--role", role, "--name", "e2e-"+role)
	cmd.Env = s.env
	out, err := cmd.Output()
	if err != nil {
		s.t.Fatalf("token create: %v", err)
	}
	return strings.TrimSpace(string(out))
}

// call sends JSON and decodes the answer into v, if v is not nil.
func (s *server) call(method, path, token string, body, v any) *http.Response {
	s.t.Helper()
	var r io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			s.t.Fatal(err)
		}
		r = bytes.NewReader(b)
	}
	req, err := http.NewRequest(method, s.url+path, r)
	if err != nil {
		s.t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	if v != nil {
		if err := json.Unmarshal(b, v); err != nil {
			s.t.Fatalf("%s %s: %d %s: %v", method, path, resp.StatusCode, b, err)
		}
	}
	return resp
}

// form sends a form as the scripts of a page do, and returns the status.
func (s *server) form(path, body string) int {
	s.t.Helper()
	req, err := http.NewRequest("POST", s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

type link struct {
	Code string `json:"code"`
	URL  string `json:"url"`
}

// link makes a link of the kind with more members.
func (s *server) link(token, kind string, more map[string]any) link {
	s.t.Helper()
	body := map[string]any{"kind": kind}
	for k, v := range more {
		body[k] = v
	}
	var l link
	if resp := s.call("POST", "/api/v1/links", token, body, &l); resp.StatusCode != http.StatusCreated {
		s.t.Fatalf("POST /links: %d", resp.StatusCode)
	}
	return l
}

type figures struct {
	Responses int      `json:"responses"`
	Answered  int      `json:"answered"`
	Satisfied int      `json:"satisfied"`
	Target    float64  `json:"target"`
	Verdict   string   `json:"verdict"`
	Rate      *float64 `json:"rate"`
	Overall   struct {
		Responses int `json:"responses"`
		Satisfied int `json:"satisfied"`
	} `json:"overallRating"`
}

// statistics asks for figures, "?by=area" and the like.
func (s *server) statistics(token, query string) (overall figures, groups map[string]figures) {
	s.t.Helper()
	var answer struct {
		Overall figures `json:"overall"`
		Groups  []struct {
			Key map[string]*string `json:"key"`
			figures
		} `json:"groups"`
	}
	if resp := s.call("GET", "/api/v1/statistics"+query, token, nil, &answer); resp.StatusCode != http.StatusOK {
		s.t.Fatalf("GET /statistics%s: %d", query, resp.StatusCode)
	}
	groups = map[string]figures{}
	for _, g := range answer.Groups {
		for _, v := range g.Key {
			if v != nil {
				groups[*v] = g.figures
			}
		}
	}
	return answer.Overall, groups
}

// eventually asks again, fifty times a second, until ok says yes; the deadline is
// only for a test that has failed.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(2 * time.Minute)
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for !ok() {
		select {
		case <-again.C:
		case <-deadline:
			t.Fatalf("never happened: %s", what)
		}
	}
}
