package feedback

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
)

func ring(t *testing.T, keys ...Key) *Ring {
	t.Helper()
	r, err := NewRing(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestSealing: what was sealed is opened with its key, after any rotation, in
// its place, whole, and in no other way.
func TestSealing(t *testing.T) {
	one, two := NewKey(), NewKey()
	old, both := ring(t, one), ring(t, one, two)
	plain := []byte("Lê Thị Hoa, 0905 123 456")
	sealed, err := old.seal(plain, "case K7MX")
	if err != nil || bytes.Contains(sealed, plain[:8]) {
		t.Fatalf("%q, %v", sealed, err)
	}
	again, _ := old.seal(plain, "case K7MX")
	if bytes.Equal(sealed, again) {
		t.Error("sealed twice, it looks the same")
	}
	for _, r := range []*Ring{old, both} {
		if got, err := r.open(sealed, "case K7MX"); err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%q, %v", got, err)
		}
	}
	if _, err := both.open(sealed, "case K7MY"); err == nil {
		t.Error("opened in another place")
	}
	if _, err := ring(t, two).open(sealed, "case K7MX"); !errors.Is(err, ErrNoKey) {
		t.Errorf("with another key: %v", err)
	}
	if fresh, _ := both.seal(plain, ""); !bytes.Contains(fresh[:20], []byte(two.ID)) {
		t.Error("sealed with an older key than the newest")
	}
	for i := range sealed {
		if _, err := both.open(sealed[:i], "case K7MX"); err == nil {
			t.Errorf("%d bytes of it are opened", i)
		}
		damaged := slices.Clone(sealed)
		damaged[i] ^= 1
		if _, err := both.open(damaged, "case K7MX"); err == nil {
			t.Errorf("opened with byte %d changed", i)
		}
	}
	var none *Ring
	if _, err := none.seal(plain, ""); !errors.Is(err, ErrNoKey) {
		t.Errorf("without keys: %v", err)
	}
	if _, err := none.open(sealed, "case K7MX"); !errors.Is(err, ErrNoKey) {
		t.Errorf("without keys: %v", err)
	}
}

func TestKeysOfARing(t *testing.T) {
	good := NewKey()
	for name, keys := range map[string][]Key{
		"none": nil, "short": {{"a", good.Secret[:31]}}, "no id": {{"", good.Secret}}, "twice": {good, good},
	} {
		if _, err := NewRing(keys...); err == nil {
			t.Errorf("%s: taken", name)
		} else if strings.Contains(err.Error(), string(good.Secret)) {
			t.Errorf("%s: the error has the secret in it", name)
		}
	}
}

// TestCodes: a code is typed with capitals, spaces and look-alike letters, and
// every single wrong letter, every two neighbours exchanged, are noticed.
func TestCodes(t *testing.T) {
	k := ring(t, NewKey()).keys[0]
	seen := map[string]bool{}
	for i := range 300 {
		code := k.code("request", false, i)
		seen[code] = true
		if clean, ok := CleanCode(" " + strings.ToLower(FormatCode(code)) + "\u00a0"); !ok || clean != code {
			t.Fatalf("%s is cleaned to %s, %t", code, clean, ok)
		}
		for at := range code {
			for _, other := range codeAlphabet {
				wrong := code[:at] + string(other) + code[at+1:]
				if _, ok := CleanCode(wrong); ok && wrong != code {
					t.Fatalf("%s passes for %s", wrong, code)
				}
			}
			if at > 0 && code[at] != code[at-1] {
				wrong := code[:at-1] + string(code[at]) + string(code[at-1]) + code[at+1:]
				if _, ok := CleanCode(wrong); ok {
					t.Fatalf("%s passes for %s", wrong, code)
				}
			}
		}
	}
	if len(seen) != 300 {
		t.Errorf("only %d codes are different", len(seen))
	}
	for _, typed := range []string{"", "K7MX", "K7MX2ART9HC2", "Ằ7MX2ART9HC", strings.Repeat("K", 1000), "\x00"} {
		if _, ok := CleanCode(typed); ok {
			t.Errorf("%.20q is a code", typed)
		}
	}
	for _, alike := range []string{"0O", "1I", "5S", "8B", "2Z", "6G", "BP", "DT", "NM", "SX"} {
		if strings.Contains(codeAlphabet, alike[:1]) && strings.Contains(codeAlphabet, alike[1:]) {
			t.Errorf("%s look or sound alike", alike)
		}
	}
	if got := FormatCode("K7MX2ART9HC"); got != "K7MX-2ART-9HC" {
		t.Error(got)
	}
}

// TestCodesFollowTheRequest: the same request finds its code and secret again;
// nobody else can work them out.
func TestCodesFollowTheRequest(t *testing.T) {
	r := ring(t, NewKey())
	k, stranger := r.keys[0], ring(t, NewKey()).keys[0]
	code := k.code("request-1", false, 0)
	secret := k.secretOf("request-1", code)
	if k.code("request-1", false, 0) != code || k.secretOf("request-1", code) != secret {
		t.Error("the same request has another code or secret")
	}
	for _, other := range []string{
		k.code("request-2", false, 0), k.code("request-1", true, 0), k.code("request-1", false, 1), stranger.code("request-1", false, 0),
	} {
		if other == code {
			t.Error("two requests have one code")
		}
	}
	l := k.lock(code, secret, "request-1", []string{"a"})
	if !r.opens(l, code, secret) || r.opens(l, code, "22222222") || r.opens(l, "K7MX2ART9HC", secret) || r.opens(Lock{}, code, secret) {
		t.Error("the lock opens otherwise than with its secret")
	}
	if bytes.Contains(l.Secret, []byte(secret)) || bytes.Equal(l.Secret, stranger.lock(code, secret, "request-1", nil).Secret) {
		t.Error("the lock tells the secret")
	}
	if rotated := ring(t, Key{r.keys[0].id, make([]byte, KeySize)}, NewKey()); rotated.opens(l, code, secret) {
		t.Error("opened with another key of the same id")
	}
}
