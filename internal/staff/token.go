package staff

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"sipas/internal/fault"
	"sipas/internal/store"
)

// Officer is who acts: taken from a token or from a session.
type Officer struct {
	Account string `bson:"account"` // for a token its name
	Role    Role   `bson:"role"`
	Unit    string `bson:"unit"`
	Desk    string `bson:"desk"`
}

// ErrUnknownToken says that there is no such token, or none that is valid.
var ErrUnknownToken = fault.New(fault.Unauthenticated, "token_unknown")

// Token is what can be known of a token that was made: not its secret, which is
// shown once and kept nowhere.
type Token struct {
	ID string // SHA-256 of the secret, hex
	Officer
	CreatedAt time.Time
	CreatedBy string    // account; "command" or "" for one made by a command
	ExpiresAt time.Time // first moment at which it is not valid; zero: never
	RevokedAt time.Time // zero: not revoked
}

// ValidAt reports whether the token is accepted at now.
func (t *Token) ValidAt(now time.Time) bool {
	return t.RevokedAt.IsZero() && (t.ExpiresAt.IsZero() || now.Before(t.ExpiresAt))
}

// storedToken has the token's hash as its id.
type storedToken struct {
	store.Doc `bson:",inline"`
	Officer   `bson:",inline"`
	CreatedAt time.Time `bson:"createdAt"`
	CreatedBy string    `bson:"createdBy"`
	ExpiresAt time.Time `bson:"expiresAt,omitempty"`
	RevokedAt time.Time `bson:"revokedAt,omitempty"`
}

func (d *storedToken) token() *Token {
	return &Token{d.ID, d.Officer, d.CreatedAt, d.CreatedBy, d.ExpiresAt, d.RevokedAt}
}

const tokenPrefix = "sipas_"

// AddToken makes a token that never expires for the officer and returns it;
// nobody can read it again. Servers on the same store know it at once.
func (s *Store) AddToken(ctx context.Context, o Officer, now time.Time) (string, error) {
	return s.AddTokenUntil(ctx, o, "", time.Time{}, now)
}

// AddTokenUntil makes a token for the officer that ends at expires (zero:
// never). by is the account that made it.
func (s *Store) AddTokenUntil(ctx context.Context, o Officer, by string, expires, now time.Time) (string, error) {
	var f fault.Fields
	if !o.Role.Known() {
		f.Add("role", "choice", roleNames)
	}
	switch o.Account = strings.TrimSpace(o.Account); {
	case o.Account == "":
		f.Add("name", "required")
	case utf8.RuneCountInString(o.Account) > maxPersonName:
		f.Add("name", "too_long", maxPersonName)
	}
	if !expires.IsZero() && !expires.After(now) {
		f.Add("expires", "token_past")
	}
	if err := f.Err(); err != nil {
		return "", err
	}
	token := tokenPrefix + newSecret(20)
	d := &storedToken{Doc: store.Doc{ID: hashed(token)}, Officer: o, CreatedAt: now, CreatedBy: by, ExpiresAt: expires}
	if err := insertOwn(ctx, s.tokens, d); err != nil {
		return "", fmt.Errorf("add token: %w", err)
	}
	return token, nil
}

// ByToken returns whose token it is, or ErrUnknownToken, which an expired and a
// revoked one are too. The look-up goes by the hash of 160 random bits, so that
// its timing tells nothing of others.
func (s *Store) ByToken(ctx context.Context, token string, now time.Time) (Officer, error) {
	if !strings.HasPrefix(token, tokenPrefix) {
		return Officer{}, ErrUnknownToken
	}
	d, err := s.tokens.Get(ctx, hashed(token))
	if errors.Is(err, store.ErrNotFound) {
		return Officer{}, ErrUnknownToken
	}
	if err != nil {
		return Officer{}, fmt.Errorf("read token: %w", err)
	}
	if !d.token().ValidAt(now) {
		return Officer{}, ErrUnknownToken
	}
	return d.Officer, nil
}

// Tokens returns every token that was made, the newest first; ended ones are
// among them.
func (s *Store) Tokens(ctx context.Context) ([]*Token, error) {
	docs, err := s.tokens.All(ctx)
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	list := make([]*Token, len(docs))
	for i, d := range docs {
		list[i] = d.token()
	}
	slices.SortFunc(list, func(a, b *Token) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return list, nil
}

// RevokeToken ends the token of this id. One that is revoked already stays as it
// is. ErrUnknownToken if there is none.
func (s *Store) RevokeToken(ctx context.Context, id string, now time.Time) error {
	_, err := change(ctx, s.tokens, id, func(d *storedToken) error {
		if d.RevokedAt.IsZero() {
			d.RevokedAt = now
		}
		return nil
	})
	if errors.Is(err, store.ErrNotFound) {
		return ErrUnknownToken
	}
	if err != nil {
		return fmt.Errorf("revoke token: %w", err)
	}
	return nil
}

// newSecret returns n random bytes as text that needs no quoting anywhere.
func newSecret(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b))
}

// hashed is what is stored of a secret.
func hashed(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
