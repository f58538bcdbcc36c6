package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"sipas/feedback"
)

// program is a server started as main starts it.
type program struct {
	t    testing.TB
	base string
	log  *lockedBuffer
	stop func()
}

// lockedBuffer is a log that is read while it is written.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

var localAddress = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// startProgram starts a server and waits until it answers.
func startProgram(t testing.TB, vars map[string]string) *program {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	said, ended := make(signalWriter, 64), make(chan int, 1)
	p := &program{t: t, log: &lockedBuffer{}}
	get := func(name string) string {
		if name == "SIPAS_ADDR" {
			return "127.0.0.1:0"
		}
		return vars[name]
	}
	go func() { ended <- run(ctx, environment{get, said, p.log}, nil) }()
	var once sync.Once
	p.stop = func() {
		once.Do(func() {
			cancel()
			if code := <-ended; code != exitDone {
				t.Errorf("the server ended with %d: %s", code, p.log)
			}
		})
	}
	select {
	case text := <-said:
		p.base = localAddress.FindString(text)
	case code := <-ended:
		cancel()
		t.Fatalf("the server did not start, exit %d: %s", code, p.log)
	}
	t.Cleanup(p.stop)
	return p
}

// send sends JSON or, without a body, asks; token may be "".
func (p *program) send(method, path, token string, body any) (int, string) {
	p.t.Helper()
	var content io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			p.t.Fatal(err)
		}
		content = bytes.NewReader(b)
	}
	q, err := http.NewRequestWithContext(p.t.Context(), method, p.base+path, content)
	if err != nil {
		p.t.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/json")
	if token != "" {
		q.Header.Set("Authorization", "Bearer "+token)
	}
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		p.t.Fatal(err)
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return a.StatusCode, string(text)
}

// sent is feedback that a server has acknowledged.
type sent struct {
	Code, Secret string
	body         map[string]any
}

// feedback sends a case in, which has to be taken.
func (p *program) feedback(kind, key string) sent {
	p.t.Helper()
	s := sent{body: feedbackBody(kind, key)}
	code, text := p.send("POST", "/api/v1/feedback", "", s.body)
	if code != http.StatusCreated || json.Unmarshal([]byte(text), &s) != nil {
		p.t.Fatalf("%s: %d %s", kind, code, text)
	}
	return s
}

func feedbackBody(kind, key string) map[string]any {
	return map[string]any{
		"key": key, "kind": kind, "content": "Con đường bị ngập", "consent": true,
		"contact": map[string]string{"name": "Lê Thị Hoa", "phone": "0905 123 456"},
	}
}

// reads says what the inspection gets of a case.
func (p *program) reads(token, code string) int {
	status, _ := p.send("GET", "/api/v1/cases/"+code, token, nil)
	return status
}

func (p *program) lookUp(s sent) int {
	status, _ := p.send("POST", "/api/v1/feedback/lookup", "", map[string]string{"code": s.Code, "secret": s.Secret})
	return status
}

// lines counts the lines of the log that have all the words.
func (p *program) lines(words ...string) (n int) {
next:
	for line := range strings.Lines(p.log.String()) {
		for _, w := range words {
			if !strings.Contains(line, w) {
				continue next
			}
		}
		n++
	}
	return n
}

func inspectionToken(t testing.TB, vars map[string]string) string {
	return strings.TrimSpace(must(t, vars, "token", "create", "--role", "inspection", "--unit", "thanh-tra-so", "--name", "thanh tra"))
}

// survey answers the trial survey, which needs no key.
func (p *program) survey(vars map[string]string, key string) int {
	p.t.Helper()
	links := struct{ Items []struct{ Code string } }{}
	token := strings.TrimSpace(must(p.t, vars, "token", "create", "--role", "admin", "--name", "quản trị "+key))
	_, text := p.send("GET", "/api/v1/links", token, nil)
	if err := json.Unmarshal([]byte(text), &links); err != nil || len(links.Items) == 0 {
		p.t.Fatalf("%s: %v", text, err)
	}
	status, _ := p.send("POST", "/api/v1/surveys/"+links.Items[0].Code+"/responses", "", map[string]any{"key": key, "overall": 4})
	return status
}

// TestWithoutTheKeyFile: whatever has become of the key file of a store with
// cases in it, the server starts, says in one line what is missing, goes on with
// the survey and takes no feedback in, and never makes another file.
func TestWithoutTheKeyFile(t *testing.T) {
	vars := map[string]string{"SIPAS_DATA": t.TempDir()}
	path := filepath.Join(vars["SIPAS_DATA"], "keys")
	p := startProgram(t, vars)
	petition, secret := p.feedback("petition", "key-00000001"), p.feedback("denunciation", "key-00000002")
	token := inspectionToken(t, vars)
	p.stop()
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	id := strings.Fields(keyLineOf(t, good, "personal"))[1]
	backup := keyLineOf(t, good, "backup")
	for name, tt := range map[string]struct{ content, says string }{
		"missing":          {"", "no key file"},
		"damaged":          {"sipas-keys 1\n" + backup + "\npersonal x\n", "is damaged"},
		"of another form":  {"sipas-keys 2\n", "newer program"},
		"without a key":    {"sipas-keys 1\n" + backup + "\n", "not in the file"},
		"another office's": {"sipas-keys 1\n" + backup + "\n" + personalKeyLine(feedback.NewKey()), "not in the file"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			if tt.content != "" {
				writeKeys(t, path, tt.content)
			}
			p := startProgram(t, vars)
			if n := p.lines("level=ERROR", path, id, tt.says, "no feedback is taken in"); n != 1 {
				t.Errorf("%d lines say what is missing: %s", n, p.log)
			}
			if strings.Contains(p.log.String(), "AGE-SECRET") {
				t.Error("a key is shown")
			}
			if status := p.survey(vars, "survey-"+strings.ReplaceAll(name, " ", "-")[:6]); status != http.StatusCreated {
				t.Errorf("the survey answers %d", status)
			}
			status, text := p.send("POST", "/api/v1/feedback", "", feedbackBody("petition", "key-00000003"))
			if status != http.StatusServiceUnavailable || !strings.Contains(text, `"key_missing"`) {
				t.Errorf("feedback: %d %s", status, text)
			}
			if petition, denunciation := p.reads(token, petition.Code), p.reads(token, secret.Code); petition != 200 || denunciation != 503 {
				t.Errorf("the petition is read with %d, the denunciation with %d", petition, denunciation)
			}
			if status, text := p.send("GET", "/api/v1/cases/"+petition.Code+"/contact", token, nil); status != 503 || !strings.Contains(text, "key_missing") {
				t.Errorf("contact: %d %s", status, text)
			}
			if a, b := p.lookUp(petition), p.lookUp(secret); a != 503 || b != 503 {
				t.Errorf("looked up: %d, %d", a, b)
			}
			now, err := os.ReadFile(path)
			if string(now) != tt.content || (tt.content == "") != os.IsNotExist(err) {
				t.Errorf("the key file is %q now, %v", now, err)
			}
			if tt.content == "" {
				if code, _, stderr := sipas(t, vars, "backup", filepath.Join(t.TempDir(), "b")); code != exitUsage || !strings.Contains(stderr, path) || !strings.Contains(stderr, id) {
					t.Errorf("a backup: exit %d, %q", code, stderr)
				}
			}
			// The file comes back: within two seconds everything is as before.
			writeKeys(t, path, string(good))
			within(t, func() bool { return p.reads(token, secret.Code) == 200 })
			if a, b := p.lookUp(petition), p.lookUp(secret); a != 200 || b != 200 {
				t.Errorf("looked up with the key: %d, %d", a, b)
			}
			if status, text := p.send("POST", "/api/v1/feedback", "", secret.body); status != 200 || !strings.Contains(text, secret.Code) {
				t.Errorf("sent again: %d %s", status, text)
			}
			// And what a running server has, it keeps.
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			within(t, func() bool { return p.lines("going on with the keys in memory") == 1 })
			if status := p.reads(token, secret.Code); status != 200 {
				t.Errorf("with the file gone: %d", status)
			}
			if _, err := os.Stat(path); err == nil {
				t.Error("a key file was made")
			}
			writeKeys(t, path, string(good))
		})
	}
}

// TestOneOfTheKeysIsMissing: what was sealed with the others is read, and as long
// as the newest one is there feedback is taken in.
func TestOneOfTheKeysIsMissing(t *testing.T) {
	vars := map[string]string{"SIPAS_DATA": t.TempDir()}
	path := filepath.Join(vars["SIPAS_DATA"], "keys")
	p := startProgram(t, vars)
	old := p.feedback("denunciation", "key-00000001")
	token := inspectionToken(t, vars)
	p.stop()
	first, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	writeKeys(t, path, string(first)+personalKeyLine(feedback.NewKey()))
	p = startProgram(t, vars)
	fresh := p.feedback("denunciation", "key-00000002")
	p.stop()
	both, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	line := keyLineOf(t, first, "personal")
	writeKeys(t, path, strings.Replace(string(both), line+"\n", "", 1))
	p = startProgram(t, vars)
	if n := p.lines("level=ERROR", "keys missing", strings.Fields(line)[1]); n != 1 || p.lines("no feedback") != 0 {
		t.Errorf("the log says %s", p.log)
	}
	if a, b := p.reads(token, old.Code), p.reads(token, fresh.Code); a != 503 || b != 200 {
		t.Errorf("the old one is read with %d, the new one with %d", a, b)
	}
	if a, b := p.lookUp(old), p.lookUp(fresh); a != 503 || b != 200 {
		t.Errorf("looked up: %d, %d", a, b)
	}
	if status, _ := p.send("POST", "/api/v1/feedback/lookup", "", map[string]string{"code": fresh.Code, "secret": old.Secret}); status != 503 {
		t.Errorf("a wrong secret: %d", status) // nobody can tell
	}
	p.feedback("petition", "key-00000003")
	_, text := p.send("GET", "/api/v1/cases?kind=denunciation", token, nil)
	if !strings.Contains(text, fresh.Code) || strings.Contains(text, old.Code) {
		t.Errorf("the list is %s", text)
	}
	desk := strings.TrimSpace(must(t, vars, "token", "create", "--role", "desk", "--name", "quầy"))
	if status := p.reads(desk, old.Code); status != 404 {
		t.Errorf("the desk is told %d", status)
	}
}

// within asks again until a running server has taken up by itself what done
// looks for; the limit is for a test that has failed.
func within(t *testing.T, done func() bool) {
	t.Helper()
	limit, again := time.After(time.Minute), time.NewTicker(20*time.Millisecond)
	defer again.Stop()
	for !done() {
		select {
		case <-again.C:
		case <-limit:
			t.Fatal("not within a minute")
		}
	}
}

func writeKeys(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
