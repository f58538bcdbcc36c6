package composetest

import (
	"crypto/tls"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// makeSecrets runs deploy/make-secrets.sh into a folder of the test.
func makeSecrets(t *testing.T, host string) (dir string) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Fatal("make-secrets.sh gives files to other users: run this as root, as make test has to be for what it installs")
	}
	dir = filepath.Join(t.TempDir(), "secrets")
	runSecrets(t, host, dir)
	return dir
}

func runSecrets(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("sh", append([]string{filepath.Join(root, "deploy/make-secrets.sh")}, args...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("make-secrets.sh: %v\n%s", err, out)
	}
	return string(out)
}

func TestMakeSecrets(t *testing.T) {
	dir := makeSecrets(t, "khaosat.example.vn")
	p := project(t)
	uid := map[string]string{}
	for _, s := range p.Services {
		for _, secret := range s.Secrets {
			uid[secret.Source], _, _ = strings.Cut(s.User, ":")
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != len(p.Secrets) {
		t.Errorf("%v, %v", entries, err)
	}
	before := map[string]string{}
	for _, e := range entries {
		info, _ := e.Info()
		content, _ := os.ReadFile(filepath.Join(dir, e.Name()))
		before[e.Name()] = string(content)
		if owner := info.Sys().(*syscall.Stat_t).Uid; info.Mode() != 0o600 || len(content) < 40 || uid[e.Name()] == "" || uid[e.Name()] != itoa(owner) {
			t.Errorf("%s: %v, %d bytes, owner %d, read by %s", e.Name(), info.Mode(), len(content), owner, uid[e.Name()])
		}
	}
	if uri := before["mongodb_uri"]; !strings.Contains(uri, "sipas:"+strings.TrimSpace(before["mongo_app_password"])+"@") {
		t.Error("the address has another password")
	}
	pair, err := tls.LoadX509KeyPair(filepath.Join(dir, "tls_certificate"), filepath.Join(dir, "tls_key"))
	if err != nil || pair.Leaf.VerifyHostname("khaosat.example.vn") != nil {
		t.Errorf("certificate: %v", err)
	}
	// Again: nothing changes. Without one of them: that one is made anew.
	runSecrets(t, "khaosat.example.vn", dir)
	for name, was := range before {
		if now, _ := os.ReadFile(filepath.Join(dir, name)); string(now) != was {
			t.Errorf("%s was replaced", name)
		}
	}
	os.Remove(filepath.Join(dir, "mongo_app_password"))
	runSecrets(t, "khaosat.example.vn", dir)
	now, _ := os.ReadFile(filepath.Join(dir, "mongodb_uri"))
	password, _ := os.ReadFile(filepath.Join(dir, "mongo_app_password"))
	if string(password) == before["mongo_app_password"] || !strings.Contains(string(now), strings.TrimSpace(string(password))) {
		t.Error("a new password is not in the address")
	}
	for _, host := range []string{"10.1.2.3", "2001:db8::1"} {
		dir := makeSecrets(t, host)
		pair, err := tls.LoadX509KeyPair(filepath.Join(dir, "tls_certificate"), filepath.Join(dir, "tls_key"))
		if err != nil || pair.Leaf.VerifyHostname(host) != nil {
			t.Errorf("certificate for %s: %v", host, err)
		}
	}
}
