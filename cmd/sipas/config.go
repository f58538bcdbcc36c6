package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"sipas/internal/mail"
	"sipas/internal/signon"
)

// config is the environment, read and checked.
type config struct {
	addr           string
	baseURL        string // "": from the listener
	data           string
	mongoURI       string           // "": the embedded store
	mail           *mail.Server     // nil: mail is kept and shown
	signOn         *signon.Provider // nil: passwords only
	adminPassword  string           // of the first account; "": one is made
	metricsToken   string           // "": /metrics is for this machine itself
	now            func() time.Time
	addressLimit   int
	sample         bool // serve sample data
	trustedProxies []*net.IPNet
}

// readConfig reads every variable. The first wrong one is an error that names
// it, its value (never a secret) and what is allowed.
func readConfig(get func(string) string) (config, error) {
	c := config{addr: ":8080", data: "./data", addressLimit: 6000, now: wallClock(get)}
	get, err := withSecretFiles(get)
	if err != nil {
		return c, err
	}
	if v := get("SIPAS_ADDR"); v != "" {
		c.addr = v
	}
	if _, port, err := net.SplitHostPort(c.addr); err != nil || !isPort(port) {
		return c, wrong("SIPAS_ADDR", c.addr, "host:port or :port, such as :8080")
	}
	if v := get("SIPAS_BASE_URL"); v != "" {
		u, err := url.Parse(v)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil || strings.Trim(u.Path, "/") != "" {
			return c, wrong("SIPAS_BASE_URL", v, "http://host or https://host, without a path")
		}
		c.baseURL = u.Scheme + "://" + u.Host
	}
	if v := get("SIPAS_DATA"); v != "" {
		c.data = v
	}
	if v := get("MONGODB_URI"); v != "" {
		if !strings.HasPrefix(v, "mongodb://") && !strings.HasPrefix(v, "mongodb+srv://") {
			return c, wrong("MONGODB_URI", "(not shown)", "mongodb://… or mongodb+srv://…")
		}
		c.mongoURI = v
	}
	if v := get("SIPAS_ADMIN_PASSWORD"); v != "" {
		if checkFirstPassword(v) != nil {
			return c, wrong("SIPAS_ADMIN_PASSWORD", "(not shown)", "a password of 10 to 200 characters that is not among those guessed first")
		}
		c.adminPassword = v
	}
	if v := get("SIPAS_METRICS_TOKEN"); v != "" {
		if !bearerToken.MatchString(v) {
			return c, wrong("SIPAS_METRICS_TOKEN", "(not shown)", "letters, digits and -._~+/, as a bearer token has them, = at its end")
		}
		c.metricsToken = v
	}
	if v := get("SIPAS_SMTP_URL"); v != "" {
		if c.mail, err = mail.New(v, get("SIPAS_MAIL_FROM")); err != nil {
			return c, wrong("SIPAS_SMTP_URL", "(not shown)", err.Error())
		}
	}
	if c.signOn, err = readSignOn(get, c.baseURL); err != nil {
		return c, err
	}
	if v := get("SIPAS_NOW"); v != "" {
		at, err := time.Parse(time.RFC3339, v)
		if err != nil {
			return c, wrong("SIPAS_NOW", v, "a moment in RFC 3339, such as 2026-06-30T08:00:00+07:00")
		}
		if c.mongoURI != "" {
			return c, wrong("SIPAS_NOW", v, "nothing together with MONGODB_URI: a moved clock is for tests and samples")
		}
		started := time.Now()
		c.now = func() time.Time { return at.Add(time.Since(started)) }
	}
	if v := get("SIPAS_ADDRESS_LIMIT"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 0 || n > 1_000_000 {
			return c, wrong("SIPAS_ADDRESS_LIMIT", v, "a number of requests a minute from 0 (no limit) to 1000000")
		}
		c.addressLimit = n
	}
	for v := range strings.SplitSeq(get("SIPAS_TRUSTED_PROXIES"), ",") {
		if v = strings.TrimSpace(v); v == "" {
			continue
		}
		_, n, err := net.ParseCIDR(v)
		if err != nil {
			return c, wrong("SIPAS_TRUSTED_PROXIES", v, "address ranges with commas between, such as 10.0.0.0/8, 192.168.1.5/32")
		}
		c.trustedProxies = append(c.trustedProxies, n)
	}
	return c, nil
}

// bearerToken is what can be sent as one (RFC 6750).
var bearerToken = regexp.MustCompile(`^[A-Za-z0-9._~+/-]+=*$`)

// readSignOn reads what single sign-on wants to know: three variables that go
// together, and an address of ours to which the provider leads back.
func readSignOn(get func(string) string, baseURL string) (*signon.Provider, error) {
	issuer, id, secret := get("SIPAS_OIDC_ISSUER"), get("SIPAS_OIDC_CLIENT_ID"), get("SIPAS_OIDC_CLIENT_SECRET")
	switch {
	case issuer == "" && id == "" && secret == "":
		return nil, nil
	case issuer == "":
		return nil, wrong("SIPAS_OIDC_ISSUER", "", "an issuer, as SIPAS_OIDC_CLIENT_ID or its secret is set")
	case id == "":
		return nil, wrong("SIPAS_OIDC_CLIENT_ID", "", "the id under which the provider knows this program, as SIPAS_OIDC_ISSUER or the secret is set")
	case secret == "":
		return nil, wrong("SIPAS_OIDC_CLIENT_SECRET", "", "the secret of SIPAS_OIDC_CLIENT_ID, here or in SIPAS_OIDC_CLIENT_SECRET_FILE")
	}
	p, err := signon.New(issuer, id, secret)
	if err != nil {
		return nil, wrong("SIPAS_OIDC_ISSUER", issuer, err.Error())
	}
	if u, err := url.Parse(baseURL); err != nil || !signon.Private(u) {
		return nil, wrong("SIPAS_BASE_URL", baseURL, "https://host with SIPAS_OIDC_ISSUER (http:// on this machine alone): the provider leads browsers back there")
	}
	return p, nil
}

// secrets are the variables whose value may come from a file instead, named by
// the variable with _FILE at its end: the environment of a process is easier to
// see than a file.
var secrets = []string{"MONGODB_URI", "SIPAS_ADMIN_PASSWORD", "SIPAS_METRICS_TOKEN", "SIPAS_OIDC_CLIENT_SECRET", "SIPAS_SMTP_URL"}

// withSecretFiles returns get with the secrets that are kept in files. Each file
// is one line; what a message says of it is its path, never its content.
func withSecretFiles(get func(string) string) (func(string) string, error) {
	read := map[string]string{}
	for _, name := range secrets {
		variable := name + "_FILE"
		path := get(variable)
		if path == "" {
			continue
		}
		if get(name) != "" {
			return nil, wrong(variable, path, "nothing beside "+name+": set one of the two")
		}
		content, err := os.ReadFile(path)
		if err != nil {
			var reason *os.PathError
			if errors.As(err, &reason) {
				err = reason.Err // the path is said already
			}
			return nil, wrong(variable, path, fmt.Sprintf("a file that can be read (%v)", err))
		}
		value := strings.TrimRight(string(content), "\r\n")
		if value == "" || strings.ContainsAny(value, "\r\n\x00") {
			return nil, wrong(variable, path, "a file with exactly one line")
		}
		read[name] = value
	}
	return func(name string) string {
		if value, ok := read[name]; ok {
			return value
		}
		return get(name)
	}, nil
}

func wrong(variable, value, allowed string) error {
	return usagef("%s=%s: allowed is %s", variable, value, allowed)
}

func isPort(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n >= 0 && n <= 65535
}

// database is the file of the embedded store; the folder is made.
func (c config) database() (string, error) {
	if err := os.MkdirAll(c.data, 0o700); err != nil {
		return "", wrong("SIPAS_DATA", c.data, fmt.Sprintf("a folder that can be written (%v)", err))
	}
	return filepath.Join(c.data, "sipas.db"), nil
}

// storeFile is the file of the embedded store; "": there is none.
func (c config) storeFile() (string, error) {
	if c.mongoURI != "" {
		return "", nil
	}
	return c.database()
}

// baseURLAt is the address printed into QR codes where none is set: the first
// address of this machine that a phone on the same network can reach.
func (c config) baseURLAt(listener net.Addr) string {
	if c.baseURL != "" {
		return c.baseURL
	}
	tcp, _ := listener.(*net.TCPAddr)
	host := tcp.IP.String()
	if tcp.IP.IsUnspecified() {
		host = "localhost"
		addrs, _ := net.InterfaceAddrs()
		for _, a := range addrs {
			if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && !n.IP.IsLoopback() && !n.IP.IsLinkLocalUnicast() {
				host = n.IP.String()
				break
			}
		}
	}
	return "http://" + net.JoinHostPort(host, strconv.Itoa(tcp.Port))
}
