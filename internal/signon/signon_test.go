package signon_test

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"sipas/internal/fault"
	"sipas/internal/signon"
	"sipas/internal/signon/signontest"
	"sipas/internal/staff"
)

// lan is somebody as the provider knows them.
func lan() map[string]any {
	return map[string]any{"sub": "f81d4fae", "email": "Lan.NT@example.gov.vn", "email_verified": true}
}

func known(t *testing.T, p *signontest.Provider) *signon.Provider {
	t.Helper()
	s, err := signon.New(p.Issuer, signontest.ClientID, signontest.ClientSecret)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// begin goes to the provider and back, and returns the code that comes along.
func begin(t *testing.T, p *signontest.Provider, s *signon.Provider) (signon.Flow, string) {
	t.Helper()
	a, address, err := s.Begin(t.Context(), signontest.Back)
	if err != nil {
		t.Fatal(err)
	}
	back := p.Confirm(address).Query()
	if back.Get("state") != a.State {
		t.Errorf("state %q comes back as %q", a.State, back.Get("state"))
	}
	return a, back.Get("code")
}

func TestSignOn(t *testing.T) {
	p := signontest.Start(t)
	p.SignIn(lan())
	s := known(t, p)
	a, code := begin(t, p, s)
	who, err := s.Finish(t.Context(), signontest.Back, code, a)
	if want := (staff.Person{Issuer: p.Issuer, Subject: "f81d4fae", Email: "Lan.NT@example.gov.vn"}); err != nil || who != want {
		t.Errorf("%+v, %v", who, err)
	}
	if _, err := s.Finish(t.Context(), signontest.Back, code, a); !errors.Is(err, signon.ErrSpent) {
		t.Errorf("the same code again: %v", err)
	}
	if other, _ := begin(t, p, s); other == a || other.State == a.State || other.Nonce == a.Nonce || other.Verifier == a.Verifier {
		t.Errorf("two flows are alike: %+v %+v", a, other)
	}
}

func TestSecretIsSentAsTheProviderWantsIt(t *testing.T) {
	p := signontest.Start(t)
	p.WantPosted()
	p.SignIn(lan())
	s := known(t, p)
	a, code := begin(t, p, s)
	if who, err := s.Finish(t.Context(), signontest.Back, code, a); err != nil || who.Subject != "f81d4fae" {
		t.Errorf("%+v, %v", who, err)
	}
}

// TestOnlyAVerifiedAddressIsTold: what somebody says of themselves is none.
func TestOnlyAVerifiedAddressIsTold(t *testing.T) {
	p := signontest.Start(t)
	s := known(t, p)
	for _, tt := range []struct {
		name     string
		verified any
		told     bool
	}{{"yes", true, true}, {"yes as a text", "true", true}, {"no", false, false}, {"no as a text", "false", false}, {"a number", 1, false}, {"not said", nil, false}} {
		t.Run(tt.name, func(t *testing.T) {
			person := lan()
			if person["email_verified"] = tt.verified; tt.verified == nil {
				delete(person, "email_verified")
			}
			p.SignIn(person)
			a, code := begin(t, p, s)
			who, err := s.Finish(t.Context(), signontest.Back, code, a)
			if err != nil || who.Subject != "f81d4fae" || (who.Email != "") != tt.told {
				t.Errorf("%+v, %v", who, err)
			}
		})
	}
}

// TestAnswersThatAreNotBelieved: each is a token that somebody else's sign-in, or
// somebody in between, could bring about.
func TestAnswersThatAreNotBelieved(t *testing.T) {
	for _, tt := range []struct {
		name   string
		tamper func(claims map[string]any)
		says   string
	}{
		{"for another program", func(c map[string]any) { c["aud"] = "other" }, "audience"},
		{"expired", func(c map[string]any) { c["exp"] = time.Now().Add(-time.Minute).Unix() }, "expired"},
		{"by another issuer", func(c map[string]any) { c["iss"] = "https://other.example" }, "different provider"},
		{"for another flow", func(c map[string]any) { c["nonce"] = strings.Repeat("A", 26) }, "not for this flow"},
		{"for no flow", func(c map[string]any) { delete(c, "nonce") }, "not for this flow"},
		{"about nobody", func(c map[string]any) { delete(c, "sub") }, "not for this flow"},
		{"an address that is none", func(c map[string]any) { c["email"] = 7 }, "e-mail"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := signontest.Start(t)
			p.SignIn(lan())
			p.Tamper(tt.tamper)
			refused(t, p, known(t, p), tt.says)
		})
	}
	t.Run("signed with another key", func(t *testing.T) {
		p := signontest.Start(t)
		p.SignIn(lan())
		p.Forge()
		refused(t, p, known(t, p), "signature")
	})
	t.Run("a wrong secret of ours", func(t *testing.T) {
		p := signontest.Start(t)
		p.SignIn(lan())
		s, err := signon.New(p.Issuer, signontest.ClientID, "khong dung")
		if err != nil {
			t.Fatal(err)
		}
		refused(t, p, s, "invalid_client")
	})
}

// refused checks that a code leads to nobody, and that the reason is for an
// administrator and holds nothing of what was said.
func refused(t *testing.T, p *signontest.Provider, s *signon.Provider, says string) {
	t.Helper()
	a, code := begin(t, p, s)
	who, err := s.Finish(t.Context(), signontest.Back, code, a)
	if err == nil || who != (staff.Person{}) || fault.As(err).Kind != fault.Internal || !strings.Contains(err.Error(), says) {
		t.Fatalf("%+v, %v", who, err)
	}
	for _, secret := range append(p.Spoken(), a.State, a.Nonce, a.Verifier, "khong dung", url.QueryEscape("khong dung"), "Lan.NT", "f81d4fae") {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the reason holds %q: %v", secret, err)
		}
	}
}

// TestACodeIsForItsFlow: whoever has somebody's code has no use for it.
func TestACodeIsForItsFlow(t *testing.T) {
	p := signontest.Start(t)
	p.SignIn(lan())
	s := known(t, p)
	_, code := begin(t, p, s)
	other, _ := begin(t, p, s)
	if who, err := s.Finish(t.Context(), signontest.Back, code, other); !errors.Is(err, signon.ErrSpent) {
		t.Errorf("%+v, %v", who, err)
	}
}

// TestProviderComesBack: one that is away when it is first asked is asked again.
func TestProviderComesBack(t *testing.T) {
	p := signontest.Start(t)
	p.SignIn(lan())
	s := known(t, p)
	p.Away(true)
	if _, _, err := s.Begin(t.Context(), signontest.Back); !errors.Is(err, signon.ErrAway) {
		t.Errorf("away: %v", err)
	}
	p.Away(false)
	a, code := begin(t, p, s)
	p.Away(true)
	if _, err := s.Finish(t.Context(), signontest.Back, code, a); !errors.Is(err, signon.ErrAway) {
		t.Errorf("away meanwhile: %v", err)
	}
	p.Away(false)
	if who, err := s.Finish(t.Context(), signontest.Back, code, a); err != nil || who.Subject != "f81d4fae" {
		t.Errorf("%+v, %v", who, err)
	}
}

// TestAnotherProvidersWord: what stands at the issuer's address has to be the
// issuer.
func TestAnotherProvidersWord(t *testing.T) {
	p := signontest.Start(t)
	s, err := signon.New(p.Issuer+"/", signontest.ClientID, signontest.ClientSecret)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Begin(t.Context(), signontest.Back); !errors.Is(err, signon.ErrAway) || !strings.Contains(err.Error(), "did not match") {
		t.Errorf("%v", err)
	}
}

// TestNobodyWaitsForWhoHasGone: the wait for the provider ends with its context.
func TestNobodyWaitsForWhoHasGone(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0") // takes calls and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	s, err := signon.New("http://"+silent.Addr().String(), signontest.ClientID, signontest.ClientSecret)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := s.Begin(ctx, signontest.Back); !errors.Is(err, signon.ErrAway) || !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestIssuers(t *testing.T) {
	for issuer, good := range map[string]bool{
		"https://dang-nhap.example.gov.vn/realms/so": true, "http://localhost:8081": true, "http://127.0.0.1:8081/": true, "http://[::1]:80": true,
		"http://dang-nhap.example.gov.vn": false, "http://10.0.0.1": false, "https://": false, "dang-nhap.example.gov.vn": false, "": false, "ftp://localhost": false,
		"https://a:b@host": false, "https://host/?x=1": false, "https://host/#x": false, "http://localhost.evil.example": false, "https://host:x": false,
	} {
		if _, err := signon.New(issuer, "id", "secret"); (err == nil) != good {
			t.Errorf("%s: %v", issuer, err)
		}
	}
	if u := (&url.URL{Scheme: "https"}); signon.Private(u) {
		t.Error("an address without a host")
	}
}
