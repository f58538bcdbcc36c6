package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"sipas/api"
	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/internal/dossier"
	"sipas/internal/improve"
	"sipas/internal/staff"
	"sipas/internal/store"
	"sipas/seeds"
	"sipas/survey"
)

// office is the whole server over a real store, without a network.
type office struct {
	t      testing.TB
	db     *store.Store
	file   string // of db
	survey *survey.Store
	intake *survey.Intake
	counts *survey.Segments
	cases  *feedback.Store
	staff  *staff.Store
	files  *dossier.Store
	tasks  *improve.Store
	server *api.Server
	log    *logBuffer
	now    time.Time
}

type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// seeded is a store that has been filled with the seeds, as a file. It is made
// once: every office begins with a copy.
var seeded = sync.OnceValues(func() ([]byte, error) {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "sipas-api")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "x.db")
	db, err := store.OpenSQLite(file)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(fill(ctx, db), db.Close(ctx)); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
})

// fill opens all that an office has in its store and merges the seeds into it.
func fill(ctx context.Context, db *store.Store) error {
	d, err := seeds.Load()
	if err != nil {
		return err
	}
	c, err := catalogue.Open(ctx, db)
	if err != nil {
		return err
	}
	answers, err := survey.OpenStore(ctx, db, c)
	if err != nil {
		return err
	}
	cases, err := feedback.OpenStore(ctx, db, c)
	if err != nil {
		return err
	}
	tasks, err := improve.OpenStore(ctx, db, c)
	if err != nil {
		return err
	}
	_, people := staff.OpenStore(ctx, db)
	_, files := dossier.OpenStore(ctx, db)
	_, rows := c.Merge(ctx, d.Rows)
	questionnaires := answers.AddQuestionnaires(ctx, d.Questionnaires)
	_, terms := cases.Merge(ctx, d.Years, d.Terms)
	_, duties := tasks.Merge(ctx, d.Duties)
	return errors.Join(people, files, rows, questionnaires, terms, duties)
}

func newOffice(t testing.TB, change ...func(*api.Config)) *office {
	t.Helper()
	ctx := t.Context()
	o := &office{t: t, log: &logBuffer{}, now: time.Date(2026, 6, 30, 5, 0, 0, 0, time.UTC)}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	copied, err := seeded()
	must(err)
	o.file = filepath.Join(t.TempDir(), "x.db")
	must(os.WriteFile(o.file, copied, 0o600))
	o.db, err = store.OpenSQLite(o.file)
	must(err)
	c, err := catalogue.Open(ctx, o.db)
	must(err)
	o.survey, err = survey.OpenStore(ctx, o.db, c)
	must(err)
	o.staff, err = staff.OpenStore(ctx, o.db)
	must(err)
	must(o.survey.Reload(ctx))
	o.cases, err = feedback.OpenStore(ctx, o.db, c)
	must(err)
	must(o.cases.Reload(ctx))
	o.files, err = dossier.OpenStore(ctx, o.db)
	must(err)
	o.tasks, err = improve.OpenStore(ctx, o.db, c)
	must(err)
	ring, err := feedback.NewRing(feedback.NewKey())
	must(err)
	o.cases.UseKeys(ring)
	segments := survey.NewSegments(o.survey.Questionnaire)
	o.counts = segments
	now := func() time.Time { return o.now }
	log := slog.New(slog.NewTextHandler(o.log, nil))
	o.intake = survey.StartIntake(o.survey, segments, now, log)
	cfg := api.Config{BaseURL: "https://khaosat.example.gov.vn", Now: now, Log: log, Ping: o.db.Ping}
	for _, f := range change {
		f(&cfg)
	}
	o.server, err = api.New(cfg, o.survey, segments, o.intake, o.cases, o.staff, o.files, o.tasks)
	must(err)
	t.Cleanup(func() {
		o.intake.Close(context.Background())
		o.db.Close(context.Background())
	})
	return o
}

func (o *office) token(role staff.Role) string {
	o.t.Helper()
	token, err := o.staff.AddToken(o.t.Context(), staff.Officer{Account: "test-" + string(role), Role: role, Unit: "van-phong-so"}, o.now)
	if err != nil {
		o.t.Fatal(err)
	}
	return token
}

// password is everybody's in tests.
const password = "mat khau de thu"

// account makes an account of the role, test-<role>, that can work at once.
func (o *office) account(role staff.Role) *staff.Account {
	o.t.Helper()
	a := &staff.Account{ID: "test-" + string(role), Name: "Nguyễn Thị Thử", Role: role, Unit: "van-phong-so", CreatedBy: "test"}
	if err := o.staff.AddAccount(o.t.Context(), a, password, o.now); err != nil && !errors.Is(err, staff.ErrAccountExists) {
		o.t.Fatal(err)
	}
	return a
}

// signIn signs the account of the role in, as a browser does, and returns the
// header with its cookie.
func (o *office) signIn(role staff.Role) string {
	o.t.Helper()
	a := o.send("POST", "/dang-nhap", url.Values{"account": {o.account(role).ID}, "password": {password}}.Encode(), form, local)
	for _, c := range a.Cookies() {
		if c.Name == "__Host-sipas" && a.StatusCode == http.StatusSeeOther {
			return "Cookie: " + c.Name + "=" + c.Value
		}
	}
	o.t.Fatalf("signing in as %s: %d %s", role, a.StatusCode, a.body)
	return ""
}

// local is the address at which a browser takes the cookie without https.
const local = "Host: localhost:8080"

// answer is a response, read whole.
type answer struct {
	*http.Response
	body string
}

func (a answer) into(t testing.TB, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), v); err != nil {
		t.Fatalf("%d %s: %v", a.StatusCode, a.body, err)
	}
}

func request(method, path, body string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		if name == "Host" {
			r.Host = value
		}
		r.Header.Set(name, value)
	}
	return r
}

// send makes a request; headers are "Name: value". Request and answer have to be
// as api/openapi.yaml says.
func (o *office) send(method, path, body string, headers ...string) answer {
	o.t.Helper()
	r := request(method, path, body, headers...)
	w := httptest.NewRecorder()
	o.server.ServeHTTP(w, r)
	resp := w.Result()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	described.check(o.t, r, body, resp, string(b))
	return answer{resp, string(b)}
}

func bearer(token string) string { return "Authorization: Bearer " + token }

const form = "Content-Type: application/x-www-form-urlencoded"

// link makes a link from members of JSON, `"kind": "counter"`.
func (o *office) link(members string) string {
	o.t.Helper()
	a := o.send("POST", "/api/v1/links", "{"+members+"}", bearer(o.token(staff.Office)))
	var l struct{ Code string }
	if a.into(o.t, &l); a.StatusCode != http.StatusCreated {
		o.t.Fatalf("POST /links: %d %s", a.StatusCode, a.body)
	}
	return l.Code
}

func (o *office) responses() int {
	o.t.Helper()
	var v struct{ Overall struct{ Responses int } }
	o.send("GET", "/api/v1/statistics", "", bearer(o.token(staff.Office))).into(o.t, &v)
	return v.Overall.Responses
}

type problem struct {
	Title, Detail, Instance, Code, Key string
	Status                             int
	Errors                             []struct{ Field, Code, Message string }
}

func (p problem) fields() string {
	var s []string
	for _, e := range p.Errors {
		s = append(s, e.Field+" "+e.Code)
	}
	return strings.Join(s, ", ")
}

// problem checks that the answer is a whole problem of that status.
func (o *office) problem(a answer, status int) problem {
	o.t.Helper()
	var p problem
	if a.StatusCode != status {
		o.t.Fatalf("status %d, want %d: %s", a.StatusCode, status, a.body)
	}
	a.into(o.t, &p)
	if ct := a.Header.Get("Content-Type"); ct != "application/problem+json" || p.Status != status || p.Title == "" || p.Detail == "" || strings.HasPrefix(p.Title, "problem.") {
		o.t.Errorf("not a whole problem: %s %s", ct, a.body)
	}
	if p.Instance != "urn:sipas:request:"+a.Header.Get("X-Request-Id") {
		o.t.Errorf("instance %s, request id %s", p.Instance, a.Header.Get("X-Request-Id"))
	}
	for _, e := range p.Errors {
		if e.Message == "" || strings.HasPrefix(e.Message, "field.") || strings.Contains(e.Message, "{0}") {
			o.t.Errorf("no message: %+v", e)
		}
	}
	return p
}

func key(n int) string { return fmt.Sprintf("test-key-%06d", n) }
