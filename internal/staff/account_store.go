package staff

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"sipas/internal/fault"
	"sipas/internal/store"
)

// What callers tell apart.
var (
	ErrAccountExists = fault.New(fault.Conflict, "account_exists")
	ErrNoAccount     = fault.New(fault.NotFound, "account_unknown")
	// ErrLastAdmin: nobody could manage accounts any more.
	ErrLastAdmin = fault.New(fault.Conflict, "last_admin")
)

type storedAccount struct {
	store.Doc  `bson:",inline"` // its Version counts every write, Edit the changes of an administrator
	Name       string           `bson:"name"`
	Role       Role             `bson:"role"`
	Unit       string           `bson:"unit"`
	Desk       string           `bson:"desk"`
	Email      string           `bson:"email,omitempty"`
	Disabled   bool             `bson:"disabled"`
	MustChange bool             `bson:"mustChange"`
	CreatedAt  time.Time        `bson:"createdAt"`
	CreatedBy  string           `bson:"createdBy"`
	PasswordAt time.Time        `bson:"passwordAt"`
	SignedInAt time.Time        `bson:"signedInAt,omitempty"`
	Edit       int64            `bson:"edit"`
	Epoch      int64            `bson:"epoch"` // sessions of an earlier one have ended
	Hash       string           `bson:"hash"`
	SignOn     *binding         `bson:"signOn,omitempty"`
}

func (d *storedAccount) account() *Account {
	var boundAt time.Time
	if d.SignOn != nil {
		boundAt = d.SignOn.At
	}
	return &Account{d.ID, d.Name, d.Role, d.Unit, d.Desk, d.Email, d.Disabled, d.MustChange,
		d.CreatedAt, d.CreatedBy, d.PasswordAt, d.SignedInAt, boundAt, d.Edit}
}

func (d *storedAccount) isAdmin() bool { return d.Role == Admin && !d.Disabled }

// AddAccount stores a new account with its first password; a.MustChange says
// whether that has to be changed. It sets a's times and version.
// ErrAccountExists if the name is taken.
func (s *Store) AddAccount(ctx context.Context, a *Account, password string, now time.Time) error {
	if err := fields(a.Check(), CheckPassword(password, a.ID)); err != nil {
		return err
	}
	hash, err := hashPassword(ctx, password)
	if err != nil {
		return fmt.Errorf("add account: %w", err)
	}
	d := &storedAccount{
		Doc: store.Doc{ID: a.ID}, Name: strings.TrimSpace(a.Name), Role: a.Role, Unit: a.Unit, Desk: a.Desk, Email: a.Email,
		Disabled: a.Disabled, MustChange: a.MustChange, CreatedAt: now, CreatedBy: a.CreatedBy, PasswordAt: now,
		Edit: 1, Epoch: 1, Hash: hash,
	}
	err = store.Repeat(func() error { return s.accounts.Insert(ctx, d) })
	if errors.Is(err, store.ErrExists) {
		there, readErr := s.account(ctx, a.ID)
		switch {
		case readErr != nil:
			return readErr
		case there.Hash != hash: // its salt is nobody else's
			return ErrAccountExists
		}
		err = nil // an earlier try had landed
	}
	if err != nil {
		return fmt.Errorf("add account: %w", err)
	}
	*a = *d.account()
	return nil
}

// Account returns the account of this name, or ErrNoAccount.
func (s *Store) Account(ctx context.Context, id string) (*Account, error) {
	d, err := s.account(ctx, id)
	if err != nil {
		return nil, err
	}
	return d.account(), nil
}

func (s *Store) account(ctx context.Context, id string) (*storedAccount, error) {
	d, err := s.accounts.Get(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, ErrNoAccount
	}
	if err != nil {
		return nil, fmt.Errorf("read account: %w", err)
	}
	return d, nil
}

// Accounts returns all accounts in the order of their names.
func (s *Store) Accounts(ctx context.Context) ([]*Account, error) {
	docs, err := s.accounts.All(ctx)
	if err != nil {
		return nil, fmt.Errorf("list accounts: %w", err)
	}
	list := make([]*Account, len(docs))
	for i, d := range docs {
		list[i] = d.account()
	}
	return list, nil
}

// SetPassword gives the account another password and ends all its sessions.
// mustChange says that whoever signs in with it has to choose their own.
func (s *Store) SetPassword(ctx context.Context, id, password string, mustChange bool, now time.Time) error {
	if err := CheckPassword(password, id); err != nil {
		return err
	}
	hash, err := hashPassword(ctx, password)
	if err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	_, err = s.changeAccount(ctx, id, func(d *storedAccount) error {
		d.setPassword(hash, mustChange, now)
		return nil
	})
	return err
}

// setPassword ends the account's sessions too.
func (d *storedAccount) setPassword(hash string, mustChange bool, now time.Time) {
	d.Hash, d.PasswordAt, d.MustChange = hash, now, mustChange
	d.Epoch++
}

// changeAccount applies edit to the account as it is now.
func (s *Store) changeAccount(ctx context.Context, id string, edit func(*storedAccount) error) (*storedAccount, error) {
	d, err := change(ctx, s.accounts, id, edit)
	if errors.Is(err, store.ErrNotFound) {
		return nil, ErrNoAccount
	}
	if err != nil {
		return nil, fmt.Errorf("change account: %w", err)
	}
	return d, nil
}
