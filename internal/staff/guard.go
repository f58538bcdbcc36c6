package staff

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"sipas/internal/store"
)

// ChangeAccount stores name, role, unit, desk, e-mail and disabled, and sets a.Version.
// store.ErrStale if somebody has changed the account since a was read;
// ErrLastAdmin if nobody could manage accounts any more. Disabling an account or
// changing its role ends its sessions; another unit or desk holds in them at
// once. A call that repeats one whose answer was lost is done.
func (s *Store) ChangeAccount(ctx context.Context, a *Account) error {
	if err := a.Check(); err != nil {
		return err
	}
	for range tries {
		d, err := s.account(ctx, a.ID)
		if err != nil {
			return err
		}
		next := *d
		next.apply(a)
		switch {
		case d.Edit == a.Version+1 && next.sameAs(d):
			a.Version = d.Edit
			return nil
		case d.Edit != a.Version:
			return store.ErrStale
		}
		if d.isAdmin() && !next.isAdmin() {
			if err := s.announceLeaving(ctx, d); errors.Is(err, errAgain) {
				continue
			} else if err != nil {
				return err
			}
		}
		if next.Disabled && !d.Disabled || next.Role != d.Role {
			next.Epoch++
		}
		next.Edit++
		err = store.Repeat(func() error { return s.accounts.Replace(ctx, &next) })
		if errors.Is(err, store.ErrStale) {
			continue // a sign-in, another change, or a decision of announceLeaving
		}
		if err != nil {
			return fmt.Errorf("change account: %w", err)
		}
		a.Version = next.Edit
		return nil
	}
	return store.ErrStale
}

// apply takes over what an administrator can change.
func (d *storedAccount) apply(a *Account) {
	d.Name, d.Role, d.Unit, d.Desk, d.Email, d.Disabled = strings.TrimSpace(a.Name), a.Role, a.Unit, a.Desk, a.Email, a.Disabled
}

// sameAs compares what an administrator can change.
func (d *storedAccount) sameAs(o *storedAccount) bool {
	return d.Name == o.Name && d.Role == o.Role && d.Unit == o.Unit && d.Desk == o.Desk && d.Email == o.Email && d.Disabled == o.Disabled
}

// leavings is the one document through which every change passes that takes an
// administrator away. There are no transactions, and two administrators who
// disable each other at the same time write two documents: each would find the
// other still there. So a change is announced here before it is made, with the
// version of the account that it will replace. An announcement is open as long
// as the account has that version; after that the change has been made or can
// not be made any more.
type leavings struct {
	store.Doc `bson:",inline"`
	Open      []leaving `bson:"open"`
}

type leaving struct {
	Account string `bson:"account"`
	Version int64  `bson:"version"`
}

const leavingsID = "admins"

// errAgain: somebody else was in between.
var errAgain = errors.New("again")

// announceLeaving announces that d will not be an enabled administrator any
// more. It returns ErrLastAdmin if none would stay, and errAgain if the caller
// has to read the account again and begin anew.
//
// Why one always stays: say that d leaves, and that y was found staying. Since
// the announcements were read none was added, or storing this one would fail;
// so nobody was leaving y's version, and whoever leaves y later finds d
// announced, or the change of d decided, and does not count on d.
func (s *Store) announceLeaving(ctx context.Context, d *storedAccount) error {
	l, err := s.leavings.Get(ctx, leavingsID)
	first := errors.Is(err, store.ErrNotFound)
	if first {
		l = &leavings{Doc: store.Doc{ID: leavingsID}}
	} else if err != nil {
		return fmt.Errorf("read announcements: %w", err)
	}
	accounts, err := s.accounts.All(ctx) // after the announcements, never before
	if err != nil {
		return fmt.Errorf("list accounts: %w", err)
	}
	stays := false
	var undecided []*storedAccount
	still := []leaving{{d.ID, d.Version}}
	for _, x := range accounts {
		open := slices.Contains(l.Open, leaving{x.ID, x.Version})
		if open && x.ID != d.ID {
			still = append(still, leaving{x.ID, x.Version})
		}
		switch {
		case x.ID == d.ID || !x.isAdmin():
		case open:
			undecided = append(undecided, x)
		default:
			stays = true
		}
	}
	if !stays {
		if len(undecided) == 0 {
			return ErrLastAdmin
		}
		// Whoever announced these is about to change them, or was cut off. A
		// new version decides it: their change does not fit any more.
		for _, x := range undecided {
			err := store.Repeat(func() error { return s.accounts.Replace(ctx, x) })
			if err != nil && !errors.Is(err, store.ErrStale) {
				return fmt.Errorf("decide announcements: %w", err)
			}
		}
		return errAgain
	}
	l.Open = still
	if first {
		err = s.leavings.Insert(ctx, l)
	} else {
		err = store.Repeat(func() error { return s.leavings.Replace(ctx, l) })
	}
	if errors.Is(err, store.ErrStale) || errors.Is(err, store.ErrExists) {
		return errAgain
	}
	if err != nil {
		return fmt.Errorf("announce change: %w", err)
	}
	return nil
}
