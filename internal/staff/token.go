package staff

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"sipas/internal/fault"
	"sipas/internal/store"
)

// Officer is who acts: taken from a token, later from a session.
type Officer struct {
	Account string `bson:"account"` // for a token its name
	Role    Role   `bson:"role"`
	Unit    string `bson:"unit"`
	Desk    string `bson:"desk"`
}

// ErrUnknownToken says that there is no such token.
var ErrUnknownToken = fault.New(fault.Unauthenticated, "token_unknown")

// Store keeps tokens.
type Store struct {
	tokens *store.Collection[storedToken]
}

// storedToken has the token's hash as its id: the token itself is shown once
// and kept nowhere.
type storedToken struct {
	store.Doc `bson:",inline"`
	Officer   `bson:",inline"`
	CreatedAt time.Time `bson:"createdAt"`
}

// OpenStore opens the collections of this package.
func OpenStore(ctx context.Context, s *store.Store) (*Store, error) {
	tokens, err := store.Open[storedToken](ctx, s, store.Spec{Name: "tokens"})
	if err != nil {
		return nil, fmt.Errorf("open staff store: %w", err)
	}
	return &Store{tokens}, nil
}

const tokenPrefix = "sipas_"

// AddToken makes a token for the officer and returns it; nobody can read it
// again. Servers on the same store know it at once.
func (s *Store) AddToken(ctx context.Context, o Officer, now time.Time) (string, error) {
	var f fault.Fields
	if !o.Role.Known() {
		f.Add("role", "choice", "desk, unit, inspection, office, leader, admin")
	}
	if o.Account = strings.TrimSpace(o.Account); o.Account == "" {
		f.Add("name", "required")
	}
	if err := f.Err(); err != nil {
		return "", err
	}
	secret := make([]byte, 20)
	rand.Read(secret)
	token := tokenPrefix + strings.ToLower(base32.StdEncoding.EncodeToString(secret))
	d := &storedToken{Doc: store.Doc{ID: hashed(token)}, Officer: o, CreatedAt: now}
	if err := s.tokens.Insert(ctx, d); err != nil {
		return "", fmt.Errorf("add token: %w", err)
	}
	return token, nil
}

// ByToken returns whose token it is, or ErrUnknownToken. The look-up goes by
// the hash of 160 random bits, so that its timing tells nothing of others.
func (s *Store) ByToken(ctx context.Context, token string) (Officer, error) {
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
	return d.Officer, nil
}

func hashed(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
