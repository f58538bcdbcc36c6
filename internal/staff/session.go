package staff

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sipas/internal/fault"
	"sipas/internal/store"
)

// How long a session lasts.
const (
	SessionIdle     = 30 * time.Minute // without a request
	SessionAbsolute = 12 * time.Hour   // whatever is done in it
	sessionTouch    = time.Minute      // the last request is noted no more often
)

var (
	// ErrSignIn is the one answer to a wrong password, an unknown account and a
	// disabled one.
	ErrSignIn = fault.New(fault.Unauthenticated, "sign_in")
	// ErrThrottled has RetryAfter set, at most a minute.
	ErrThrottled = fault.New(fault.TooMany, "sign_in_throttled")
	// ErrNoSession: there is none, or it has ended.
	ErrNoSession = fault.New(fault.Unauthenticated, "session_ended")
)

// Session (phiên làm việc) is what a sign-in begins.
type Session struct {
	Account   *Account
	ID        string // SHA-256 of the secret, hex
	CreatedAt time.Time
	ExpiresAt time.Time // unless there is another request before
}

type storedSession struct {
	store.Doc `bson:",inline"`
	Account   string    `bson:"account"`
	Epoch     int64     `bson:"epoch"`
	CreatedAt time.Time `bson:"createdAt"`
	SeenAt    time.Time `bson:"seenAt"`
	ExpiresAt time.Time `bson:"expiresAt"`
}

type storedAttempts struct {
	store.Doc `bson:",inline"`
	ExpiresAt time.Time `bson:"expiresAt"`
}

// SignIn begins a session.
func (s *Store) SignIn(ctx context.Context, account, password, address string, now time.Time) (string, *Session, error) {
	d, err := s.account(ctx, account)
	if err != nil && !errors.Is(err, ErrNoAccount) {
		return "", nil, err
	}
	if err != nil || d.Disabled {
		return "", nil, ErrSignIn
	}
	h, err := parseHash(d.Hash)
	if err != nil {
		return "", nil, err
	}
	ok, err := h.matches(ctx, password)
	if err != nil {
		return "", nil, err
	}
	if !ok {
		return "", nil, ErrSignIn
	}
	return s.begin(ctx, d, now)
}

// begin makes a session with a secret of its own.
func (s *Store) begin(ctx context.Context, a *storedAccount, now time.Time) (string, *Session, error) {
	secret := newSecret(32)
	d := &storedSession{Doc: store.Doc{ID: hashed(secret)}, Account: a.ID, Epoch: a.Epoch, CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(SessionIdle)}
	if err := insertOwn(ctx, s.sessions, d); err != nil {
		return "", nil, fmt.Errorf("begin session: %w", err)
	}
	return secret, &Session{a.account(), d.ID, d.CreatedAt, d.ExpiresAt}, nil
}

// BySession returns the session of this secret, or ErrNoSession.
func (s *Store) BySession(ctx context.Context, secret string, now time.Time) (*Session, error) {
	d, err := s.sessions.Get(ctx, hashed(secret))
	if errors.Is(err, store.ErrNotFound) {
		return nil, ErrNoSession
	}
	if err != nil {
		return nil, fmt.Errorf("read session: %w", err)
	}
	a, err := s.account(ctx, d.Account)
	if errors.Is(err, ErrNoAccount) {
		return nil, ErrNoSession
	}
	if err != nil {
		return nil, err
	}
	if a.Disabled || a.Epoch != d.Epoch || !now.Before(d.ExpiresAt) {
		return nil, ErrNoSession
	}
	if now.Sub(d.SeenAt) >= sessionTouch {
		d.SeenAt, d.ExpiresAt = now, now.Add(SessionIdle)
		if end := d.CreatedAt.Add(SessionAbsolute); d.ExpiresAt.After(end) {
			d.ExpiresAt = end
		}
		if err := s.sessions.Replace(ctx, d); err != nil && !errors.Is(err, store.ErrStale) {
			return nil, fmt.Errorf("note session: %w", err)
		}
	}
	return &Session{a.account(), d.ID, d.CreatedAt, d.ExpiresAt}, nil
}

// SignOut ends one session; one that has ended already is as good.
func (s *Store) SignOut(ctx context.Context, secret string) error {
	err := settled(func() error { return s.sessions.Delete(ctx, hashed(secret)) })
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("sign out: %w", err)
	}
	return nil
}

// SignOutEverywhere ends all sessions of the account.
func (s *Store) SignOutEverywhere(ctx context.Context, account string) error {
	return s.changeAccount(ctx, account, func(d *storedAccount) error {
		d.Epoch++
		return nil
	})
}

// ChangeOwnPassword is what somebody signed in does. It ends all sessions of the
// account and returns the secret of a fresh one.
func (s *Store) ChangeOwnPassword(ctx context.Context, account, old, new, address string, now time.Time) (string, error) {
	d, err := s.account(ctx, account)
	if err != nil {
		return "", err
	}
	h, err := parseHash(d.Hash)
	if err != nil {
		return "", err
	}
	ok, err := h.matches(ctx, old)
	if err != nil {
		return "", err
	}
	var f fault.Fields
	if !ok {
		f.Add("old", "wrong_password")
	} else if old == new {
		f.Add("password", "password_same")
	}
	if err := f.Err(); err != nil {
		return "", err
	}
	if err := s.SetPassword(ctx, account, new, false, now); err != nil {
		return "", err
	}
	if d, err = s.account(ctx, account); err != nil {
		return "", err
	}
	secret, _, err := s.begin(ctx, d, now)
	return secret, err
}

// Sweep deletes what has ended.
func (s *Store) Sweep(ctx context.Context, now time.Time) error { return nil }
