package staff

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sipas/internal/fault"
	"sipas/internal/store"
)

// How long a session lasts: half an hour without a request, because desks are
// left while citizens stand before them; and no longer than a working day.
const (
	SessionIdle     = 30 * time.Minute
	SessionAbsolute = 12 * time.Hour

	sessionNoted = time.Minute // the last request is noted no more often, so that idle ends up to this early
)

// ErrNoSession says that there is no such session, or that it has ended.
var ErrNoSession = fault.New(fault.Unauthenticated, "session_ended")

// Ways to begin a session.
const (
	ByPassword = "password"
	BySignOn   = "sso"
)

// Session (phiên làm việc) is what a sign-in begins.
type Session struct {
	Account   *Account // as it is now
	ID        string   // SHA-256 of the secret, hex
	By        string   // ByPassword or BySignOn
	CreatedAt time.Time
	ExpiresAt time.Time // unless there is a request before
}

// PasswordFirst says that nothing else may be done before the password is changed:
// somebody else knows the one that this session was begun with.
func (se *Session) PasswordFirst() bool { return se.Account.MustChange && se.By == ByPassword }

type storedSession struct {
	store.Doc `bson:",inline"`
	Account   string    `bson:"account"`
	Epoch     int64     `bson:"epoch"` // the account's
	By        string    `bson:"by"`    // "" in older ones: by password
	CreatedAt time.Time `bson:"createdAt"`
	SeenAt    time.Time `bson:"seenAt"`
	ExpiresAt time.Time `bson:"expiresAt"`
}

func (d *storedSession) session(a *storedAccount) *Session {
	by := d.By
	if by == "" {
		by = ByPassword
	}
	return &Session{a.account(), d.ID, by, d.CreatedAt, d.ExpiresAt}
}

// see notes a request.
func (d *storedSession) see(now time.Time) {
	d.SeenAt, d.ExpiresAt = now, now.Add(SessionIdle)
	if end := d.CreatedAt.Add(SessionAbsolute); d.ExpiresAt.After(end) {
		d.ExpiresAt = end
	}
}

// begin makes a session with a secret of its own: 256 random bits, of which only
// the hash is stored.
func (s *Store) begin(ctx context.Context, a *storedAccount, by string, now time.Time) (secret string, se *Session, err error) {
	secret = newSecret(32)
	d := &storedSession{Doc: store.Doc{ID: hashed(secret)}, Account: a.ID, Epoch: a.Epoch, By: by, CreatedAt: now}
	d.see(now)
	if err := insertOwn(ctx, s.sessions, d); err != nil {
		return "", nil, fmt.Errorf("begin session: %w", err)
	}
	return secret, d.session(a), nil
}

// BySession returns the session of this secret and notes that it is in use.
// ErrNoSession if it was signed out or is too old, or if since it began its
// account was disabled, got another password or role, or was signed out
// everywhere, on whichever server.
func (s *Store) BySession(ctx context.Context, secret string, now time.Time) (*Session, error) {
	d, err := s.sessions.Get(ctx, hashed(secret))
	if errors.Is(err, store.ErrNotFound) {
		return nil, ErrNoSession
	}
	if err != nil {
		return nil, fmt.Errorf("read session: %w", err)
	}
	if !now.Before(d.ExpiresAt) {
		return nil, ErrNoSession
	}
	a, err := s.account(ctx, d.Account)
	if errors.Is(err, ErrNoAccount) {
		return nil, ErrNoSession
	}
	if err != nil {
		return nil, err
	}
	if a.Disabled || a.Epoch != d.Epoch {
		return nil, ErrNoSession
	}
	if now.Sub(d.SeenAt) >= sessionNoted {
		d.see(now)
		err := s.sessions.Replace(ctx, d)
		switch {
		case errors.Is(err, store.ErrNotFound): // signed out meanwhile
			return nil, ErrNoSession
		case err != nil && !errors.Is(err, store.ErrStale) && !errors.Is(err, store.ErrUnknown): // or noted by another request
			return nil, fmt.Errorf("note session: %w", err)
		}
	}
	return d.session(a), nil
}

// SignOut ends the session of this secret; one that has ended already stays so.
func (s *Store) SignOut(ctx context.Context, secret string) error {
	err := store.Repeat(func() error { return s.sessions.Delete(ctx, hashed(secret)) })
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("sign out: %w", err)
	}
	return nil
}

// SignOutEverywhere ends all sessions of the account.
func (s *Store) SignOutEverywhere(ctx context.Context, account string) error {
	_, err := s.changeAccount(ctx, account, func(d *storedAccount) error {
		d.Epoch++
		return nil
	})
	return err
}

// Sweep deletes sessions that have ended by their age, and counts of attempts
// that count no more. Nothing depends on when it runs.
func (s *Store) Sweep(ctx context.Context, now time.Time) error {
	if err := sweep(ctx, s.sessions, now); err != nil {
		return fmt.Errorf("sweep sessions: %w", err)
	}
	if err := sweep(ctx, s.attempts, now); err != nil {
		return fmt.Errorf("sweep attempts: %w", err)
	}
	return nil
}

func sweep[T any, P interface {
	*T
	id() string
}](ctx context.Context, c *store.Collection[T], now time.Time) error {
	for d, err := range c.Each(ctx, store.Query{Index: "expiry", To: now, Limit: 500}) {
		if err == nil {
			err = c.Delete(ctx, P(d).id())
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	return nil
}

func (d *storedSession) id() string { return d.ID }
func (d *attempts) id() string      { return d.ID }
