// Package signontest is an OpenID provider for tests: it speaks HTTP on loopback
// and lets in whom the test says.
package signontest

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// The one client that a provider knows, and where it leads back to.
const (
	ClientID     = "sipas"
	ClientSecret = "bi mat & cua/chuong trinh"
	Back         = "https://khaosat.example.gov.vn/dang-nhap/sso/ve"
)

// Provider is an OpenID provider that runs until the test ends.
type Provider struct {
	Issuer string

	t      testing.TB
	mu     sync.Mutex
	away   bool
	person map[string]any
	tamper func(claims map[string]any)
	forge  bool
	posted bool
	grants map[string]grant // by code
	spoken []string
}

// grant is what a code stands for.
type grant struct {
	challenge string
	claims    map[string]any
}

var keys = sync.OnceValue(func() (pair [2]*rsa.PrivateKey) {
	for i := range pair {
		pair[i], _ = rsa.GenerateKey(rand.Reader, 2048) // crypto/rand does not fail
	}
	return pair
})

// Start starts a provider, at which nobody has signed in yet.
func Start(t testing.TB) *Provider {
	t.Helper()
	p := &Provider{t: t, grants: map[string]grant{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.discovery)
	mux.HandleFunc("GET /keys", p.keySet)
	mux.HandleFunc("GET /authorize", p.ask)
	mux.HandleFunc("POST /authorize", p.authorize)
	mux.HandleFunc("POST /token", p.token)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.away {
			panic(http.ErrAbortHandler) // the line is cut
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	p.Issuer = server.URL
	return p
}

// Away makes the provider answer nobody, or everybody again.
func (p *Provider) Away(away bool) { p.change(func() { p.away = away }) }

// SignIn makes the person of these claims the one who sits there.
func (p *Provider) SignIn(claims map[string]any) { p.change(func() { p.person = claims }) }

// Tamper changes the claims of every ID token from now on.
func (p *Provider) Tamper(change func(claims map[string]any)) { p.change(func() { p.tamper = change }) }

// Forge signs with a key that the provider does not show, under the id of the one
// that it does.
func (p *Provider) Forge() { p.change(func() { p.forge = true }) }

// WantPosted makes the provider take our secret in the form alone, and say so.
func (p *Provider) WantPosted() { p.change(func() { p.posted = true }) }

// Spoken are the codes and tokens that the provider has handed out.
func (p *Provider) Spoken() (list []string) {
	p.change(func() { list = append(list, p.spoken...) })
	return list
}

func (p *Provider) change(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
}

// Confirm does what a person does at the address to which they were led, and
// returns the one to which the provider leads them back.
func (p *Provider) Confirm(address string) *url.URL {
	p.t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.PostForm(address, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	resp.Body.Close()
	back, err := resp.Location()
	if err != nil {
		p.t.Fatalf("the provider does not lead back: %s", resp.Status)
	}
	return back
}

func (p *Provider) discovery(w http.ResponseWriter, _ *http.Request) {
	said := map[string]any{
		"issuer": p.Issuer, "authorization_endpoint": p.Issuer + "/authorize", "token_endpoint": p.Issuer + "/token", "jwks_uri": p.Issuer + "/keys",
		"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"}, "id_token_signing_alg_values_supported": []string{"RS256"},
	}
	if p.posted {
		said["token_endpoint_auth_methods_supported"] = []string{"client_secret_post"}
	}
	writeJSON(w, http.StatusOK, said)
}

func (p *Provider) keySet(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: keys()[0].Public(), KeyID: "1", Algorithm: "RS256", Use: "sig"}}})
}

// ask is the page on which a person confirms.
func (p *Provider) ask(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(`<!doctype html><title>Cơ quan</title><form method="post"><button>Đồng ý</button></form>`))
}

// authorize refuses whatever is not a whole request of our client.
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || q.Get("redirect_uri") != Back || q.Get("client_id") != ClientID || q.Get("response_type") != "code" ||
		q.Get("scope") != "openid email" || q.Get("code_challenge_method") != "S256" || q.Get("code_challenge") == "" || len(q.Get("state")) < 22 || len(q.Get("nonce")) < 22 {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	answer := url.Values{"state": {q.Get("state")}}
	if p.person == nil {
		answer.Set("error", "access_denied")
		answer.Set("error_description", "Nguyễn Văn Không bấm Hủy")
	} else {
		now := time.Now()
		claims := map[string]any{"iss": p.Issuer, "aud": ClientID, "nonce": q.Get("nonce"), "iat": now.Unix(), "exp": now.Add(time.Minute).Unix()}
		maps.Copy(claims, p.person)
		if p.tamper != nil {
			p.tamper(claims)
		}
		code := p.say(rand.Text())
		p.grants[code] = grant{q.Get("code_challenge"), claims}
		answer.Set("code", code)
	}
	back.RawQuery = answer.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

// token takes each code once.
func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	id, secret, _ := r.BasicAuth() // escaped as in a form
	if p.posted {
		id, secret = url.QueryEscape(r.PostFormValue("client_id")), url.QueryEscape(r.PostFormValue("client_secret"))
	}
	if id != url.QueryEscape(ClientID) || secret != url.QueryEscape(ClientSecret) {
		writeJSON(w, http.StatusUnauthorized, map[string]string{"error": "invalid_client", "error_description": "not " + secret})
		return
	}
	g, ok := p.grants[r.FormValue("code")]
	delete(p.grants, r.FormValue("code"))
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if !ok || r.FormValue("grant_type") != "authorization_code" || r.FormValue("redirect_uri") != Back ||
		base64.RawURLEncoding.EncodeToString(sum[:]) != g.challenge {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant", "error_description": "code " + r.FormValue("code")})
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"access_token": p.say(rand.Text()), "token_type": "Bearer", "expires_in": 60, "id_token": p.say(p.sign(g.claims)),
	})
}

func (p *Provider) sign(claims map[string]any) string {
	key := keys()[0]
	if p.forge {
		key = keys()[1]
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: key, KeyID: "1"}}, nil)
	if err != nil {
		panic(err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		panic(err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		panic(err)
	}
	compact, err := signed.CompactSerialize()
	if err != nil {
		panic(err)
	}
	return compact
}

// say notes what nobody else may ever read.
func (p *Provider) say(secret string) string {
	p.spoken = append(p.spoken, secret)
	return secret
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a client that has gone needs no answer
}
