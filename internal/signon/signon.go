// Package signon asks the office's OpenID provider who somebody is: by the
// authorization code flow with PKCE, state and nonce.
package signon

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	"golang.org/x/sync/singleflight"

	"sipas/internal/fault"
	"sipas/internal/staff"
)

// What callers tell apart; any other error is an answer that cannot be believed,
// or a setting here or there that is wrong.
var (
	// ErrAway: the provider does not answer. Another try later may do.
	ErrAway = fault.New(fault.Unavailable, "sign_on_away")
	// ErrSpent: the provider does not take the code, because it is too old or was
	// used before. A fresh flow may do.
	ErrSpent = fault.New(fault.Gone, "sign_on_spent")
)

// patience is how long the provider has for one answer.
const patience = 5 * time.Second

// Provider is an OpenID provider that knows us as one of its clients. It is asked
// for its addresses when somebody signs on, not before, and asked again until it
// has answered. It may be used by many at once.
type Provider struct {
	issuer, id, secret string
	client             *http.Client
	asking             singleflight.Group
	found              atomic.Pointer[endpoints]
}

// endpoints are what the provider says of itself.
type endpoints struct {
	oauth    oauth2.Config
	verifier *oidc.IDTokenVerifier
}

// New returns the provider of this issuer, to which we are the client id with the
// secret. It asks nobody. The error says what is allowed as an issuer.
func New(issuer, id, secret string) (*Provider, error) {
	u, err := url.Parse(issuer)
	if err != nil || !Private(u) || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("the address of an OpenID provider, https://host/path (http:// on this machine alone), as it writes it itself")
	}
	return &Provider{issuer: issuer, id: id, secret: secret, client: &http.Client{Timeout: patience}}, nil
}

// Private says that nobody on the way reads what is sent to an address: https, or
// this machine itself.
func Private(u *url.URL) bool {
	host := u.Hostname()
	switch u.Scheme {
	case "https":
		return host != ""
	case "http":
		return host == "localhost" || strings.HasSuffix(host, ".localhost") || net.ParseIP(host).IsLoopback()
	}
	return false
}

// Flow is a sign-on on its way: what only the browser that began it has.
type Flow struct {
	State    string // comes back in the address, unlike the rest
	Nonce    string
	Verifier string
}

// Begin returns a fresh flow and the provider's address at which it goes on.
// The provider leads back to the address back. ErrAway.
func (p *Provider) Begin(ctx context.Context, back string) (Flow, string, error) {
	e, err := p.endpoints(ctx)
	if err != nil {
		return Flow{}, "", err
	}
	f := Flow{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier()}
	return f, e.oauth.AuthCodeURL(f.State, oauth2.SetAuthURLParam("redirect_uri", back), oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier)), nil
}

// Finish returns who has signed on: whoever the provider gave the code for, if the
// flow was begun for it, with the same back. ErrAway, ErrSpent.
func (p *Provider) Finish(ctx context.Context, back, code string, f Flow) (staff.Person, error) {
	e, err := p.endpoints(ctx)
	if err != nil {
		return staff.Person{}, err
	}
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, p.client), 2*patience)
	defer cancel()
	token, err := e.oauth.Exchange(ctx, code, oauth2.SetAuthURLParam("redirect_uri", back), oauth2.VerifierOption(f.Verifier))
	if err != nil {
		return staff.Person{}, refusal(err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return staff.Person{}, errors.New("the provider sent no ID token")
	}
	id, err := e.verifier.Verify(ctx, raw)
	if err != nil {
		return staff.Person{}, fmt.Errorf("check ID token: %w", err)
	}
	if f.Nonce == "" || id.Nonce != f.Nonce || id.Subject == "" {
		return staff.Person{}, errors.New("check ID token: it is not for this flow")
	}
	var claims struct {
		Email    string `json:"email"`
		Verified any    `json:"email_verified"` // some providers write it as a text
	}
	if err := id.Claims(&claims); err != nil {
		return staff.Person{}, errors.New("check ID token: e-mail is not a text")
	}
	if claims.Verified != true && claims.Verified != "true" {
		claims.Email = ""
	}
	return staff.Person{Issuer: p.issuer, Subject: id.Subject, Email: claims.Email}, nil
}

// endpoints asks the provider what it says of itself, once for all who want to
// know at the same time, until it has answered once.
func (p *Provider) endpoints(ctx context.Context) (*endpoints, error) {
	if e := p.found.Load(); e != nil {
		return e, nil
	}
	answer := p.asking.DoChan("", func() (any, error) {
		ctx, cancel := context.WithTimeout(oidc.ClientContext(context.Background(), p.client), patience)
		defer cancel()
		found, err := oidc.NewProvider(ctx, p.issuer)
		if err != nil {
			return nil, ErrAway.Because(shortened(err))
		}
		e := &endpoints{
			oauth: oauth2.Config{
				ClientID: p.id, ClientSecret: p.secret, Endpoint: found.Endpoint(), Scopes: []string{oidc.ScopeOpenID, "email"},
			},
			verifier: found.Verifier(&oidc.Config{ClientID: p.id}), // by the real time, which the provider's tokens carry
		}
		e.oauth.Endpoint.AuthStyle = secretStyle(found)
		p.found.Store(e)
		return e, nil
	})
	select {
	case <-ctx.Done():
		return nil, ErrAway.Because(ctx.Err())
	case r := <-answer:
		if r.Err != nil {
			return nil, r.Err
		}
		return r.Val.(*endpoints), nil
	}
}

// secretStyle is how the provider wants our secret. Trying both would send a code
// twice, and the second refusal would hide the first.
func secretStyle(p *oidc.Provider) oauth2.AuthStyle {
	var said struct {
		Methods []string `json:"token_endpoint_auth_methods_supported"`
	}
	if err := p.Claims(&said); err == nil && len(said.Methods) > 0 && !slices.Contains(said.Methods, "client_secret_basic") {
		return oauth2.AuthStyleInParams
	}
	return oauth2.AuthStyleInHeader // what holds where nothing is said
}

// refusal says what it means that a code was not taken. The provider's own words
// are left out: they may hold what we sent.
func refusal(err error) error {
	var refused *oauth2.RetrieveError
	var cut *url.Error
	switch {
	case errors.As(err, &cut):
		return ErrAway.Because(err)
	case !errors.As(err, &refused):
		return fmt.Errorf("exchange code: %w", err)
	case refused.Response.StatusCode >= 500:
		return ErrAway.Because(fmt.Errorf("exchange code: %s", refused.Response.Status))
	case refused.ErrorCode == "invalid_grant":
		return ErrSpent
	}
	return fmt.Errorf("exchange code: %s, error %.40q", refused.Response.Status, refused.ErrorCode)
}

// shortened keeps what a failure says first: a whole page may follow.
func shortened(err error) error {
	return fmt.Errorf("%.300q", err.Error())
}
