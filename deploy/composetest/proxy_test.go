package composetest

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

func itoa(n uint32) string { return strconv.FormatUint(uint64(n), 10) }

// instance stands for the program: it writes down what reaches it.
type instance struct {
	*httptest.Server
	mu   sync.Mutex
	seen []*http.Request
	cut  bool // take the request and close without an answer
}

func newInstance(t *testing.T) *instance {
	s := &instance{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		s.mu.Lock()
		s.seen = append(s.seen, r)
		cut := s.cut
		s.mu.Unlock()
		switch {
		case cut:
			panic(http.ErrAbortHandler)
		case r.URL.Path == "/busy":
			w.Header().Set("Retry-After", "7")
			http.Error(w, "the program's own page", http.StatusServiceUnavailable)
		default:
			fmt.Fprint(w, "hello")
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *instance) take() []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := s.seen
	s.seen = nil
	return seen
}

func (s *instance) setCut(cut bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cut = cut
}

// proxy is a running nginx with deploy/nginx.conf.
type proxy struct {
	t                  *testing.T
	https, http, check string
	client             *http.Client
	command            []string
	log, errors        string
	stop               func()
}

// startProxy runs the configuration as it is shipped, but for addresses, ports
// and folders.
func startProxy(t *testing.T, upstream1, upstream2 string) *proxy {
	t.Helper()
	nginx, err := exec.LookPath("nginx")
	if err != nil {
		t.Fatal("nginx is missing: apt-get install nginx-light")
	}
	secrets, dir := makeSecrets(t, "khaosat.example.vn"), t.TempDir()
	p := &proxy{t: t, https: freeAddress(t), http: freeAddress(t), check: freeAddress(t), log: filepath.Join(dir, "access"), errors: filepath.Join(dir, "error")}
	conf := read(t, "deploy/nginx.conf")
	for _, change := range [][2]string{
		{"server sipas-1:8080 ", "server " + upstream1 + " "},
		{"server sipas-2:8080 ", "server " + upstream2 + " "},
		{"listen 8443 ", "listen " + p.https + " "},
		{"listen 8080;", "listen " + p.http + ";"},
		{"listen 127.0.0.1:8081;", "listen " + p.check + ";"},
		{" /tmp/", " " + dir + "/"},
		{"/run/secrets/", secrets + "/"},
		{"/dev/stdout", p.log},
	} {
		if !strings.Contains(conf, change[0]) {
			t.Fatalf("nginx.conf has no %q", change[0])
		}
		conf = strings.ReplaceAll(conf, change[0], change[1])
	}
	file := filepath.Join(dir, "nginx.conf")
	// As root, workers would run as another user, who may not enter the folder.
	if err := os.WriteFile(file, []byte("user root;\n"+conf), 0o600); err != nil {
		t.Fatal(err)
	}
	p.command = []string{nginx, "-e", "stderr", "-g", "daemon off;", "-c", file}

	certificate, _ := os.ReadFile(filepath.Join(secrets, "tls_certificate"))
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(certificate)
	p.client = &http.Client{
		Timeout:       20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			ForceAttemptHTTP2: true,
			TLSClientConfig:   &tls.Config{RootCAs: pool},
			DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, network, strings.Replace(addr, "khaosat.example.vn:443", p.https, 1))
			},
		},
	}
	t.Cleanup(p.client.CloseIdleConnections)
	p.start()
	t.Cleanup(func() { p.stop() })
	return p
}

// start runs nginx and waits until it answers.
func (p *proxy) start() {
	p.t.Helper()
	out, err := os.OpenFile(p.errors, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		p.t.Fatal(err)
	}
	cmd := exec.Command(p.command[0], p.command[1:]...)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.stop = sync.OnceFunc(func() { // SIGQUIT: the log is complete when it has ended
		p.client.CloseIdleConnections()
		cmd.Process.Signal(syscall.SIGQUIT)
		kill := time.AfterFunc(10*time.Second, func() { cmd.Process.Kill() })
		cmd.Wait()
		kill.Stop()
		out.Close()
	})
	deadline := time.After(30 * time.Second) // only for a test that has failed
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		if answer, err := http.Get("http://" + p.check + "/"); err == nil {
			answer.Body.Close()
			return
		}
		select {
		case <-again.C:
		case <-deadline:
			said, _ := os.ReadFile(p.errors)
			p.t.Fatalf("nginx does not start:\n%s", said)
		}
	}
}

// forget starts the proxy anew: an instance that failed is asked again at once,
// not after fail_timeout.
func (p *proxy) forget() {
	p.t.Helper()
	p.stop()
	p.start()
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

type answer struct {
	*http.Response
	body string
}

func (p *proxy) send(method, path, body string, headers ...string) answer {
	p.t.Helper()
	r, err := http.NewRequest(method, "https://khaosat.example.vn"+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Add(name, value)
	}
	a, err := p.client.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer a.Body.Close()
	b, _ := io.ReadAll(a.Body)
	return answer{a, string(b)}
}

func TestProxy(t *testing.T) {
	one, two := newInstance(t), newInstance(t)
	p := startProxy(t, one.Listener.Addr().String(), two.Listener.Addr().String())
	both := func() []*http.Request { return append(one.take(), two.take()...) }

	t.Run("what arrives", func(t *testing.T) {
		a := p.send("GET", "/k/ABCD1234?lang=en", "", "X-Forwarded-For: 6.6.6.6", "X-Forwarded-For: 172.31.250.2",
			"X-Forwarded-Host: evil.example", "X-Real-IP: 6.6.6.6", "Forwarded: for=6.6.6.6", "X-Forwarded-Proto: http", "Referer: https://khaosat.example.vn/k/REFERRER")
		if a.StatusCode != 200 || a.body != "hello" || a.ProtoMajor != 2 || a.TLS.Version != tls.VersionTLS13 {
			t.Fatalf("%s %s %q", a.Proto, a.Status, a.body)
		}
		if server := a.Header.Get("Server"); server != "nginx" {
			t.Errorf("it tells its version: %q", server)
		}
		seen := both()
		if len(seen) != 1 {
			t.Fatalf("%d requests arrived", len(seen))
		}
		r := seen[0]
		if r.Host != "khaosat.example.vn" || r.RequestURI != "/k/ABCD1234?lang=en" {
			t.Errorf("Host %q, %q", r.Host, r.RequestURI)
		}
		for name, want := range map[string][]string{
			"X-Forwarded-For": {"127.0.0.1"}, "X-Forwarded-Proto": {"https"}, "X-Forwarded-Host": nil, "X-Real-Ip": nil, "Forwarded": nil,
		} {
			if got := r.Header[name]; fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: %q", name, got)
			}
		}
	})
	t.Run("Host with a port", func(t *testing.T) {
		r, _ := http.NewRequest("GET", "https://"+p.https+"/", nil)
		r.Host = "khaosat.example.vn:8443"
		insecure := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} // loopback; HTTP/1.1
		a, err := insecure.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
		insecure.CloseIdleConnections()
		if seen := both(); a.ProtoMajor != 1 || len(seen) != 1 || seen[0].Host != "khaosat.example.vn:8443" {
			t.Errorf("%s, %v", a.Proto, seen)
		}
	})
	t.Run("old TLS", func(t *testing.T) {
		_, err := tls.Dial("tcp", p.https, &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10})
		if err == nil {
			t.Error("TLS 1.1 is spoken")
		}
	})
	t.Run("plain http", func(t *testing.T) {
		r, _ := http.NewRequest("GET", "http://"+p.http+"/k/PLAIN123?a=b", nil)
		r.Host = "khaosat.example.vn"
		a, err := p.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
		if a.StatusCode != 308 || a.Header.Get("Location") != "https://khaosat.example.vn/k/PLAIN123?a=b" {
			t.Errorf("%s %q", a.Status, a.Header.Get("Location"))
		}
	})
	t.Run("sizes", func(t *testing.T) {
		for path, limit := range map[string]int{"/k/SIZE1234": 80 << 10, "/api/v1/surveys/x/responses": 80 << 10, "/api/v1/feedback": 56 << 20, "/api/v1/dossiers": 56 << 20, "/gop-y": 56 << 20} {
			if a := p.send("POST", path, strings.Repeat("x", limit)); a.StatusCode != 200 {
				t.Errorf("%s with %d bytes: %s", path, limit, a.Status)
			}
			if a := p.send("POST", path, strings.Repeat("x", limit+1)); a.StatusCode != 413 {
				t.Errorf("%s with %d bytes: %s", path, limit+1, a.Status)
			}
		}
		both()
	})
	t.Run("metrics stay inside", func(t *testing.T) {
		if a := p.send("GET", "/metrics", ""); a.StatusCode != 404 || len(both()) != 0 {
			t.Errorf("%s", a.Status)
		}
	})
	t.Run("the program's own 503", func(t *testing.T) {
		a := p.send("POST", "/busy", "x")
		if a.StatusCode != 503 || a.Header.Get("Retry-After") != "7" || !strings.Contains(a.body, "the program's own page") {
			t.Errorf("%s %q", a.Status, a.body)
		}
		if n := len(both()); n != 1 {
			t.Errorf("sent %d times", n)
		}
	})
	t.Run("cut off after a POST", func(t *testing.T) {
		one.setCut(true)
		two.setCut(true)
		a := p.send("POST", "/api/v1/surveys/CUT12345/responses", `{"key":"abcdefgh"}`)
		if a.StatusCode != 503 || a.Header.Get("Retry-After") == "" || a.Header.Get("Content-Type") != "application/problem+json" || !strings.Contains(a.body, "same key") {
			t.Errorf("%s %q %q", a.Status, a.Header, a.body)
		}
		if n := len(both()); n != 1 {
			t.Errorf("a POST was sent %d times", n)
		}
		p.forget()
		a = p.send("POST", "/k/CUT12345", "key=abcdefgh")
		if a.StatusCode != 503 || a.Header.Get("Retry-After") == "" || !strings.Contains(a.body, "gửi lại") || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
			t.Errorf("%s %q %q", a.Status, a.Header, a.body)
		}
		if n := len(both()); n != 1 {
			t.Errorf("a POST was sent %d times", n)
		}
		p.forget()
		if a = p.send("GET", "/k/CUT12345", ""); a.StatusCode != 503 {
			t.Errorf("%s", a.Status)
		}
		if n := len(both()); n != 2 {
			t.Errorf("a GET was tried on %d instances", n)
		}
		one.setCut(false)
		two.setCut(false)
		p.forget()
	})
	t.Run("one instance gone", func(t *testing.T) {
		one.take()
		one.Close()
		for range 20 {
			for _, method := range []string{"GET", "POST"} { // a POST that reached nobody may go to the other
				if a := p.send(method, "/k/GONE1234", ""); a.StatusCode != 200 {
					t.Fatalf("%s: %s", method, a.Status)
				}
			}
		}
		if n := len(two.take()); n != 40 {
			t.Errorf("the other saw %d", n)
		}
	})
	t.Run("kiosk", func(t *testing.T) { p.send("HEAD", "/kiosk/DESK1234?lang=en", "") })
	t.Run("staff", func(t *testing.T) { p.send("GET", "/lam-viec/vu-viec?q=Nguyen", "") })
	t.Run("both gone", func(t *testing.T) {
		two.Close()
		if a := p.send("GET", "/", ""); a.StatusCode != 503 || a.Header.Get("Retry-After") == "" {
			t.Errorf("%s", a.Status)
		}
	})
	p.stop()
	log, _ := os.ReadFile(p.log)
	said, _ := os.ReadFile(p.errors)
	t.Logf("log of nginx:\n%s", said)
	if n := bytes.Count(log, []byte("area=survey")); n < 40 {
		t.Errorf("%d lines about surveys in the access log", n)
	}
	if !bytes.Contains(log, []byte("method=HEAD area=survey")) {
		t.Error("the kiosk is not counted among the surveys")
	}
	for _, secret := range []string{"/k/", "DESK1234", "ABCD1234", "REFERRER", "PLAIN123", "SIZE1234", "CUT12345", "GONE1234", "lang=", "Nguyen", "vu-viec", "?"} {
		if bytes.Contains(log, []byte(secret)) || bytes.Contains(said, []byte(secret)) {
			t.Errorf("%q is in a log", secret)
		}
	}
	for line := range strings.Lines(string(log)) {
		if named := strings.Contains(line, "client=127.0.0.1 "); named != strings.Contains(line, "area=staff ") {
			t.Errorf("client's address: %s", line)
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(string(log)), "\n")[:3] {
		t.Log(line)
	}
}
