package api_test

import (
	"context"
	"maps"
	"net"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"sipas/api"
	"sipas/feedback"
	"sipas/internal/staff"
)

const (
	metricsPath  = "/metrics"
	metricsToken = "metrics-Token_1"
)

func withMetricsToken(c *api.Config) { c.MetricsToken = metricsToken }

// asks sends a request for the metrics from an address.
func (o *office) asks(from string, headers ...string) answer {
	o.t.Helper()
	r := request("GET", metricsPath, "", headers...)
	r.RemoteAddr = from
	w := httptest.NewRecorder()
	o.server.ServeHTTP(w, r)
	return answer{w.Result(), w.Body.String()}
}

const stranger, itself = "192.0.2.1:1234", "127.0.0.1:1234"

// scrape returns the metrics as text.
func (o *office) scrape() string {
	o.t.Helper()
	a := o.asks(itself, bearer(metricsToken))
	if a.StatusCode != 200 {
		o.t.Fatalf("scrape: %d %s", a.StatusCode, a.body)
	}
	return a.body
}

// values are the samples of a scrape by name and labels as they stand there. The
// times that requests took, the runtime's and the process's own are left out:
// they are never the same twice.
func values(text string) map[string]string {
	list := map[string]string{}
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "} ")
		if value == "" {
			name, value, _ = strings.Cut(strings.TrimSpace(line), " ")
		} else {
			name += "}"
		}
		if strings.HasPrefix(name, "sipas_") && !restless.MatchString(name) {
			list[name] = value
		}
	}
	return list
}

var restless = regexp.MustCompile(`^sipas_http_request_duration_seconds_(bucket|sum)|route="/metrics"|^sipas_store_size`)

// moved are the values that are other than before.
func moved(before, after string) map[string]string {
	old, list := values(before), values(after)
	for name := range old {
		if _, there := list[name]; !there {
			list[name] = "gone"
		}
	}
	maps.DeleteFunc(list, func(name, value string) bool { return old[name] == value })
	return list
}

func TestWhoMayReadMetrics(t *testing.T) {
	proxied := func(c *api.Config) { _, n, _ := net.ParseCIDR("127.0.0.0/8"); c.TrustedProxies = []*net.IPNet{n} }
	open := newOffice(t, proxied)
	for _, tt := range []struct {
		from    string
		headers []string
		status  int
	}{
		{itself, nil, 200},
		{"[::1]:1234", nil, 200},
		{"[::ffff:127.0.0.1]:1234", nil, 200},
		{"127.8.9.1:1234", []string{"Accept: text/plain"}, 200},
		{stranger, nil, 404},
		{"10.0.0.1:1234", nil, 404},
		{"@", nil, 404},
		{itself, []string{"X-Forwarded-For: 127.0.0.1"}, 404},
		{itself, []string{"X-Forwarded-For: "}, 404},
		{itself, []string{"X-Forwarded-Host: localhost"}, 404},
		{itself, []string{"Forwarded: for=127.0.0.1"}, 404},
		{itself, []string{"X-Real-IP: 127.0.0.1"}, 404},
		{itself, []string{"CF-Connecting-IP: 127.0.0.1"}, 404},
		{itself, []string{"Via: 1.1 proxy"}, 404},
		{stranger, []string{"X-Forwarded-For: 127.0.0.1"}, 404},
		{stranger, []string{bearer(metricsToken)}, 404},
	} {
		if a := open.asks(tt.from, tt.headers...); a.StatusCode != tt.status || strings.Contains(a.body, "sipas_answers") != (tt.status == 200) {
			t.Errorf("without a token, from %s with %q: %d", tt.from, tt.headers, a.StatusCode)
		}
	}
	unknown := open.send("GET", "/khong-co", "")
	if a := open.asks(stranger); a.body != strings.ReplaceAll(unknown.body, "/khong-co", metricsPath) {
		t.Error("a stranger sees something else than at an address that is not there")
	}

	o := newOffice(t, proxied, withMetricsToken)
	for _, tt := range []struct {
		from    string
		headers []string
		status  int
	}{
		{stranger, []string{bearer(metricsToken)}, 200},
		{stranger, []string{"Authorization: bearer " + metricsToken}, 200},
		{itself, []string{bearer(metricsToken), "X-Forwarded-For: 203.0.113.9"}, 200},
		{itself, nil, 401},
		{stranger, nil, 401},
		{stranger, []string{bearer("")}, 401},
		{stranger, []string{bearer(metricsToken + "1")}, 401},
		{stranger, []string{bearer(metricsToken[:5])}, 401},
		{stranger, []string{"Authorization: " + metricsToken}, 401},
		{stranger, []string{"Authorization: Basic " + metricsToken}, 401},
		{stranger, []string{bearer(o.token(staff.Admin))}, 401},
		{stranger, []string{o.signIn(staff.Admin), local}, 401},
	} {
		a := o.asks(tt.from, tt.headers...)
		if a.StatusCode != tt.status || strings.Contains(a.body, "sipas_answers") != (tt.status == 200) {
			t.Errorf("from %s with %q: %d", tt.from, tt.headers, a.StatusCode)
		}
		if tt.status == 401 && a.Header.Get("WWW-Authenticate") != `Bearer realm="sipas"` {
			t.Errorf("401 with %q", a.Header.Get("WWW-Authenticate"))
		}
		if a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("from %s: may be kept: %q", tt.from, a.Header.Get("Cache-Control"))
		}
	}
	if a := o.send("GET", "/api/v1/me", "", bearer(metricsToken)); a.StatusCode != 401 {
		t.Errorf("the token opens the interface: %d", a.StatusCode)
	}
	if strings.Contains(o.log.String(), metricsToken) {
		t.Error("the token is in the log")
	}
}

// TestMetricsAreWellFormed reads the metrics as Prometheus does, and holds the
// names against its conventions.
func TestMetricsAreWellFormed(t *testing.T) {
	o, _ := postOffice(t, withMetricsToken)
	o.answers(o.link(`"kind":"counter"`), 0, 1, `"overall":4`)
	text := o.scrape()
	problems, err := promlint.New(strings.NewReader(text)).Lint()
	if err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
	for _, name := range []string{"go_goroutines", "process_start_time_seconds", "sipas_build_info", "sipas_http_request_duration_seconds_bucket"} {
		if !strings.Contains(text, "\n"+name) {
			t.Errorf("no %s", name)
		}
	}
	a := o.asks(stranger, bearer(metricsToken), "Accept: application/openmetrics-text;version=1.0.0")
	if !strings.HasPrefix(a.Header.Get("Content-Type"), "application/openmetrics-text") || !strings.HasSuffix(a.body, "# EOF\n") {
		t.Errorf("asked for OpenMetrics: %s", a.Header.Get("Content-Type"))
	}
}

func TestAnswersMoveTheMetrics(t *testing.T) {
	o := newOffice(t, withMetricsToken, func(c *api.Config) { c.AddressLimit = 9 })
	code, trial := o.link(`"kind":"counter"`), o.link(`"kind":"trial"`)
	json, page := "/api/v1/surveys/"+code+"/responses", "/k/"+code
	requests := func(route, status string) string {
		return `sipas_http_request_duration_seconds_count{method="POST",route="` + route + `",status="` + status + `"}`
	}
	byJSON, byPage := "/api/v1/surveys/:code/responses", "/k/:code"
	for _, tt := range []struct {
		name, path, body string
		status           int
		moves            map[string]string
	}{
		{"stored", json, `{"key":"` + key(1) + `","overall":4}`, 201,
			map[string]string{`sipas_answers_total{outcome="stored"}`: "1", requests(byJSON, "2xx"): "1"}},
		{"sent again", json, `{"key":"` + key(1) + `","overall":4}`, 200,
			map[string]string{`sipas_answers_total{outcome="repeated"}`: "1", requests(byJSON, "2xx"): "2"}},
		{"of the page", page, url.Values{"key": {key(2)}, "overall": {"5"}}.Encode(), 303,
			map[string]string{`sipas_answers_total{outcome="stored"}`: "2", requests(byPage, "3xx"): "1"}},
		{"for trying out", "/k/" + trial, url.Values{"key": {key(3)}, "overall": {"5"}}.Encode(), 303,
			map[string]string{`sipas_answers_total{outcome="trial"}`: "1", requests(byPage, "3xx"): "2"}},
		{"another under the key", json, `{"key":"` + key(1) + `","overall":1}`, 409,
			map[string]string{`sipas_answers_refused_total{cause="key_reused"}`: "1", requests(byJSON, "4xx"): "1"}},
		{"not to be read", json, `{"key":"` + key(4) + `","overall":9}`, 422,
			map[string]string{`sipas_answers_refused_total{cause="invalid"}`: "1", requests(byJSON, "4xx"): "2"}},
		{"with the store away", page, url.Values{"key": {key(5)}, "overall": {"5"}}.Encode(), 503,
			map[string]string{`sipas_answers_refused_total{cause="not_acknowledged"}`: "1", requests(byPage, "5xx"): "1"}},
		{"with the store away still", page, url.Values{"key": {key(5)}, "overall": {"5"}}.Encode(), 503,
			map[string]string{`sipas_answers_refused_total{cause="not_acknowledged"}`: "2", requests(byPage, "5xx"): "2"}},
		{"one too many after all", page, url.Values{"key": {key(5)}, "overall": {"5"}}.Encode(), 503,
			map[string]string{`sipas_answers_refused_total{cause="not_acknowledged"}`: "3", requests(byPage, "5xx"): "3"}},
		{"over the limit", page, url.Values{"key": {key(5)}, "overall": {"5"}}.Encode(), 429,
			map[string]string{`sipas_http_requests_limited_total`: "1", requests(byPage, "4xx"): "1"}},
	} {
		if tt.name == "with the store away" {
			o.db.Close(t.Context())
		}
		before, header := o.scrape(), form
		if tt.path == json {
			header = "Content-Type: application/json"
		}
		if a := o.send("POST", tt.path, tt.body, header); a.StatusCode != tt.status {
			t.Fatalf("%s: %d %s", tt.name, a.StatusCode, a.body)
		}
		if got := moved(before, o.scrape()); !maps.Equal(got, tt.moves) {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

var label = regexp.MustCompile(`(method|route|status)="([^"]*)"`)

// TestMetricsNameNoAddress goes to addresses with codes, names and words in them,
// and to some that are not there.
func TestMetricsNameNoAddress(t *testing.T) {
	o := newOffice(t, withMetricsToken)
	code, k := o.link(`"kind":"counter"`), o.sent(feedback.Petition)
	who := somebody{session: o.signIn(staff.Admin)}
	for _, path := range []string{
		"/k/" + code, "/k/" + code + "/cam-on?r=zqreceipt", "/k/zqnocode", "/kiosk/" + code, "/api/v1/surveys/" + code, "/tra-cuu/zqwhat?code=" + k.Code,
		"/lam-viec/vu-viec/" + feedback.FormatCode(k.Code), "/lam-viec/vu-viec?q=zqword", "/lam-viec/tai-khoan/test-admin", "/lam-viec/ma-qr/" + code + "/zq/further",
		"/zqnothing/" + code, "/api/v1/zqnothing", "/metrics/zq", "/METRICS",
	} {
		o.ask(who, "GET", path, "")
	}
	for _, method := range []string{"PUT", "BREW", "ZQMETHOD"} {
		o.ask(who, method, "/ket-qua", "")
		o.ask(who, method, "/zqnothing", "")
	}
	text := o.scrape()
	for _, secret := range []string{code, k.Code, feedback.FormatCode(k.Code), "zq", "ZQ", "BREW", "test-admin"} {
		if strings.Contains(text, secret) {
			t.Errorf("%q is in the metrics", secret)
		}
	}
	known := map[string]bool{"none": true, "other": true}
	for _, route := range o.server.Routes() {
		method, pattern, _ := strings.Cut(route, " ")
		known[method], known[pattern] = true, true
	}
	for _, l := range label.FindAllStringSubmatch(text, -1) {
		if l[1] != "status" && !known[l[2]] || l[1] == "status" && !regexp.MustCompile(`^[1-5]xx$`).MatchString(l[2]) {
			t.Errorf("a label is %s", l[0])
		}
	}
	if n := values(text)[`sipas_http_request_duration_seconds_count{method="GET",route="none",status="4xx"}`]; n != "4" && n != "5" {
		t.Errorf("%s addresses that are not there were counted", n)
	}
}

// TestMetricsTellNothingOfDenunciations: what is stored of one moves nothing, and
// one that is sent moves what any feedback does.
func TestMetricsTellNothingOfDenunciations(t *testing.T) {
	o, _ := postOffice(t, withMetricsToken)
	s := &secrets{}
	before := o.scrape()
	code := o.denounces(s, feedback.Denunciation, feedback.Taken{}).Case.Code
	who := feedback.Officer{Account: "tra", Role: feedback.RoleInspection, Unit: inspect}
	o.takes(code, feedback.Classify, who, feedback.StepInput{Kind: feedback.Denunciation})
	o.takes(code, feedback.Assign, who, feedback.StepInput{Unit: inspect})
	o.denounces(s, feedback.Denunciation, feedback.Taken{Account: "leak-desk", Desk: "quay-tra-ket-qua"})
	o.now = o.now.Add(10 * time.Second)
	text := o.scrape()
	if got := moved(before, text); len(got) > 0 {
		t.Errorf("two denunciations move %v", got)
	}

	moves := map[string][]string{}
	for i, kind := range []string{"petition", "denunciation"} {
		before := o.scrape()
		a := o.send("POST", feedbackAPI, petition(key(i), "kind", kind, "contact",
			map[string]string{"name": s.word("person"), "phone": "0905 123 456", "email": s.word("mail") + "@example.vn"}))
		if a.StatusCode != 201 {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
		o.now = o.now.Add(10 * time.Second) // the petition's notice waits meanwhile
		text = o.scrape()
		moves[kind] = slices.Sorted(maps.Keys(moved(before, text)))
	}
	if !slices.Equal(moves["petition"], moves["denunciation"]) || len(moves["petition"]) != 1 {
		t.Errorf("a petition moves %q, a denunciation %q", moves["petition"], moves["denunciation"])
	}
	if found := s.leaks(text, true); found != nil {
		t.Errorf("the metrics have %q", found)
	}
	for _, kind := range []string{"denunciation", "complaint", "petition"} {
		if strings.Contains(text, kind) {
			t.Errorf("the metrics speak of %ss", kind)
		}
	}
}

func TestMetricsOfTheOutbox(t *testing.T) {
	o, _ := postOffice(t, withMetricsToken)
	const oldest = "sipas_outbox_oldest_wait_seconds"
	if v := values(o.scrape())[oldest]; v != "0" {
		t.Errorf("nothing waits for %q", v)
	}
	o.wrote(1, feedback.Intake{Kind: feedback.Petition})
	o.now = o.now.Add(time.Hour)
	o.wrote(2, feedback.Intake{Kind: feedback.Petition})
	if v := values(o.scrape())[oldest]; v != "3600" {
		t.Errorf("the older of two waits for %q", v)
	}
	o.mailed()
	o.mailed()
	if v := values(o.scrape()); v[oldest] != "0" || v["sipas_outbox_given_up_total"] != "0" {
		t.Errorf("after both are told: %v", v)
	}
	if text := newOffice(t, withMetricsToken).scrape(); strings.Contains(text, "sipas_outbox") {
		t.Error("without a mail server notices are kept, and none of them is late")
	}
}

// TestMetricsThatCannotBeFound: each is left out by itself, and the log says why
// under the id of the scrape.
func TestMetricsThatCannotBeFound(t *testing.T) {
	o, _ := postOffice(t, withMetricsToken, func(c *api.Config) {
		c.StoreFile = filepath.Join(t.TempDir(), "none")
		ping := c.Ping
		c.Ping = func(ctx context.Context) error {
			if _, bounded := ctx.Deadline(); !bounded {
				t.Error("the store may take for ever")
			}
			return ping(ctx)
		}
	})
	said := func() (values map[string]string, leftOut int) {
		t.Helper()
		logged := len(o.log.String())
		a := o.asks(stranger, bearer(metricsToken))
		if a.StatusCode != 200 {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
		for line := range strings.Lines(o.log.String()[logged:]) {
			if strings.Contains(line, "level=WARN") {
				leftOut++
				if !strings.Contains(line, "id="+a.Header.Get("X-Request-Id")) {
					t.Errorf("no id in %s", line)
				}
			}
		}
		return moved("", a.body), leftOut
	}
	v, leftOut := said()
	if _, there := v["sipas_outbox_oldest_wait_seconds"]; !there || v["sipas_store_reachable"] != "1" || leftOut != 1 {
		t.Errorf("without a file: %d left out, %v", leftOut, v)
	}
	o.db.Close(t.Context())
	v, leftOut = said()
	if _, there := v["sipas_outbox_oldest_wait_seconds"]; there || v["sipas_store_reachable"] != "0" || v["sipas_intake_queue_length"] != "0" || leftOut != 3 {
		t.Errorf("with the store away: %d left out, %v", leftOut, v)
	}
}
