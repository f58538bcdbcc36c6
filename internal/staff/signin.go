package staff

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"sipas/internal/fault"
)

var (
	// ErrSignIn is the one answer to a wrong password, an unknown account and a
	// disabled one.
	ErrSignIn = fault.New(fault.Unauthenticated, "sign_in")
	// ErrThrottled carries RetryAfter, at most a minute.
	ErrThrottled = fault.New(fault.TooMany, "sign_in_throttled")
)

// SignIn begins a session for the account as somebody typed it, and returns the
// session's secret, which is stored nowhere. address is whom the try comes from.
// ErrSignIn, ErrThrottled, or ErrBusy.
func (s *Store) SignIn(ctx context.Context, account, password, address string, now time.Time) (secret string, se *Session, err error) {
	d, h, err := s.authenticate(ctx, strings.ToLower(strings.TrimSpace(account)), password, address, now)
	if err != nil {
		return "", nil, err
	}
	renewed := ""
	if h.cost != hashCost {
		if renewed, err = hashPassword(ctx, password); err != nil {
			renewed = "" // the next sign-in will do
		}
	}
	a, err := s.changeAccount(ctx, d.ID, func(a *storedAccount) error {
		if a.Epoch != d.Epoch || a.Disabled {
			return ErrSignIn // the password or the account has just been changed
		}
		a.SignedInAt = now
		if renewed != "" {
			a.Hash = renewed
		}
		return nil
	})
	if err != nil {
		return "", nil, err
	}
	return s.begin(ctx, a, ByPassword, now)
}

// authenticate returns the account, if it has this password and is not disabled.
// Whatever is wrong, the same is done and ErrSignIn returned.
func (s *Store) authenticate(ctx context.Context, account, password, address string, now time.Time) (*storedAccount, passwordHash, error) {
	way, err := s.approach(ctx, account, address, now)
	if err != nil {
		return nil, passwordHash{}, err
	}
	d, err := s.account(ctx, account)
	h := decoy()
	switch {
	case errors.Is(err, ErrNoAccount):
		d = &storedAccount{Disabled: true}
	case err != nil:
		return nil, h, err
	default:
		if h, err = parseHash(d.Hash); err != nil {
			return nil, h, fmt.Errorf("account %s: %w", account, err)
		}
	}
	ok, err := h.matches(ctx, password)
	if err != nil {
		return nil, h, err
	}
	if !ok || d.Disabled {
		return nil, h, ErrSignIn
	}
	return d, h, way.succeeded(ctx)
}

// ChangeOwnPassword gives the account a password of its owner's choice, ends all
// its sessions and returns the secret of a fresh one. Invalid with the fields
// "old" (wrong_password) and "password"; guessing the old one is throttled as at
// sign-in.
func (s *Store) ChangeOwnPassword(ctx context.Context, account, old, new, address string, now time.Time) (secret string, err error) {
	var f fault.Fields
	d, _, err := s.authenticate(ctx, account, old, address, now)
	switch {
	case errors.Is(err, ErrSignIn):
		f.Add("old", "wrong_password")
	case err != nil:
		return "", err
	}
	newErr := CheckPassword(new, account)
	if newErr == nil && new == old {
		var f fault.Fields
		f.Add("password", "password_same")
		newErr = f.Err()
	}
	if err := fields(f.Err(), newErr); err != nil {
		return "", err
	}
	hash, err := hashPassword(ctx, new)
	if err != nil {
		return "", err
	}
	a, err := s.changeAccount(ctx, account, func(a *storedAccount) error {
		if a.Epoch != d.Epoch || a.Disabled {
			return ErrNoSession
		}
		a.setPassword(hash, false, now)
		return nil
	})
	if err != nil {
		return "", err
	}
	secret, _, err = s.begin(ctx, a, ByPassword, now)
	return secret, err
}
