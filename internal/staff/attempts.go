package staff

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"sipas/internal/pace"
	"sipas/internal/store"
)

// Guessing is slowed down; nobody is locked out.
//
// A try takes a place before its password is looked at, so that many at once are
// no way around. There is a row of places for each of
//
//	the account from this address                          5 places, one comes free every 60 s
//	the account from all addresses that do not know it    15 places, one comes free every 60 s
//	the address, for all accounts that it does not know   60 places, one comes free every  5 s
//
// and a try that finds no place in one of them is refused and takes none. An
// address knows an account for 90 days after somebody signed in to it from
// there; then only the first row counts. So a guesser elsewhere, or one who goes
// through other accounts, keeps nobody out of their own at their own desk.
//
// A password that was right empties the first row and gives the places in the
// others back. Places are counted anew each day (UTC).
//
// Hence: without a place one waits at most 60 s for the next; a guesser has
// 5 + 1440 tries a day at one account from one address, 15 + 1440 from all that
// do not know it, and 60 + 17280 from one address at accounts it does not know.
// An account that does not exist is treated alike. Single sign-on has a row of its
// own for each address, of 60 places, one of which comes free every 5 s: there is
// nothing to guess, but a try asks the provider and writes into the audit log. One
// that succeeded makes the account known too. An address of IPv6 is its
// /64, which is what one customer has. Only hashes of names and addresses are
// stored; they are documents that all servers share, and one that is contended
// refuses rather than lets pass.
var (
	pairRow    = row{"pair", pace.Row{Places: 5, Every: 60 * time.Second}}
	accountRow = row{"account", pace.Row{Places: 15, Every: 60 * time.Second}}
	addressRow = row{"address", pace.Row{Places: 60, Every: 5 * time.Second}}
	signOnRow  = row{"sign-on", pace.Row{Places: 60, Every: 5 * time.Second}}
)

const (
	knownFor  = 90 * 24 * time.Hour
	knownKept = 24 * time.Hour // it is noted anew no more often
	rowFor    = 48 * time.Hour // a row's day, and another for clocks that differ
)

// row is a kind of row.
type row struct {
	kind string
	pace.Row
}

// attempts is a row of one account or address on one day, or a note that an
// address knows an account.
type attempts struct {
	store.Doc `bson:",inline"`
	FreeAt    time.Time `bson:"freeAt"`
	ExpiresAt time.Time `bson:"expiresAt"`
}

// approach is one try on its way.
type approach struct {
	s                *Store
	account, address string
	now              time.Time
	known            bool
	signOn           bool // nobody knows yet which account it will be
}

// approach takes a place for a try with a password, or returns ErrThrottled.
func (s *Store) approach(ctx context.Context, account, address string, now time.Time) (*approach, error) {
	a := &approach{s: s, account: account, address: pace.Network(address), now: now}
	note, err := s.attempts.Get(ctx, a.noteID())
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, fmt.Errorf("read attempts: %w", err)
	}
	a.known = err == nil && now.Before(note.ExpiresAt)
	return a, a.enter(ctx)
}

// approachSignOn takes a place for a single sign-on, or returns ErrThrottled.
func (s *Store) approachSignOn(ctx context.Context, address string, now time.Time) (*approach, error) {
	a := &approach{s: s, address: pace.Network(address), now: now, signOn: true}
	return a, a.enter(ctx)
}

// enter takes a place in every row, or in none.
func (a *approach) enter(ctx context.Context) error {
	var wait time.Duration
	for _, r := range a.rows() {
		d, err := a.s.attempts.Get(ctx, a.rowID(r))
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return fmt.Errorf("read attempts: %w", err)
		}
		wait = max(wait, r.Wait(d.FreeAt, a.now))
	}
	if wait > 0 {
		return ErrThrottled.After(wait)
	}
	for _, r := range a.rows() {
		if err := a.take(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

func (a *approach) rows() []row {
	switch {
	case a.signOn:
		return []row{signOnRow}
	case a.known:
		return []row{pairRow}
	}
	return []row{pairRow, accountRow, addressRow}
}

// take takes a place in the row, if there still is one.
func (a *approach) take(ctx context.Context, r row) error {
	c := a.s.attempts
	for range tries {
		d, err := c.Get(ctx, a.rowID(r))
		switch {
		case errors.Is(err, store.ErrNotFound):
			d = &attempts{Doc: store.Doc{ID: a.rowID(r)}, FreeAt: r.Take(time.Time{}, a.now), ExpiresAt: a.now.Add(rowFor)}
			err = c.Insert(ctx, d)
		case err == nil:
			if wait := r.Wait(d.FreeAt, a.now); wait > 0 {
				return ErrThrottled.After(wait)
			}
			d.FreeAt = r.Take(d.FreeAt, a.now)
			err = store.Repeat(func() error { return c.Replace(ctx, d) })
		}
		switch {
		case err == nil:
			return nil
		case errors.Is(err, store.ErrExists), errors.Is(err, store.ErrStale), errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrUnknown):
			continue // another try was in between; one of ours that landed counts twice
		}
		return fmt.Errorf("note attempt: %w", err)
	}
	return ErrThrottled.After(time.Second)
}

// succeeded gives back what the try took, and notes that the address knows the
// account.
func (a *approach) succeeded(ctx context.Context) error {
	c := a.s.attempts
	err := store.Repeat(func() error { return c.Delete(ctx, a.rowID(pairRow)) })
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("forget attempts: %w", err)
	}
	if !a.known {
		for _, r := range []row{accountRow, addressRow} {
			if err := a.giveBack(ctx, r); err != nil {
				return err
			}
		}
	}
	return a.note(ctx)
}

// signedOn gives back what the try took, and notes that the address knows the
// account to which it has led.
func (a *approach) signedOn(ctx context.Context, account string) error {
	if err := a.giveBack(ctx, signOnRow); err != nil {
		return err
	}
	a.account = account
	return a.note(ctx)
}

func (a *approach) giveBack(ctx context.Context, r row) error {
	_, err := change(ctx, a.s.attempts, a.rowID(r), func(d *attempts) error {
		d.FreeAt = d.FreeAt.Add(-r.Every)
		return nil
	})
	if err != nil && !errors.Is(err, store.ErrStale) && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("give a place back: %w", err)
	}
	return nil
}

func (a *approach) note(ctx context.Context) error {
	c := a.s.attempts
	until := a.now.Add(knownFor)
	d, err := c.Get(ctx, a.noteID())
	switch {
	case errors.Is(err, store.ErrNotFound):
		err = c.Insert(ctx, &attempts{Doc: store.Doc{ID: a.noteID()}, ExpiresAt: until})
	case err == nil && until.Sub(d.ExpiresAt) >= knownKept:
		d.ExpiresAt = until
		err = c.Replace(ctx, d)
	}
	switch {
	case err == nil, errors.Is(err, store.ErrExists), errors.Is(err, store.ErrStale), errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrUnknown):
		return nil // somebody else's note is as good; a lost one makes the next try an unknown one's
	}
	return fmt.Errorf("note address: %w", err)
}

// rowID names the row of a day, so that Sweep never deletes one that is in use.
func (a *approach) rowID(r row) string {
	account, address := a.account, a.address
	switch r.kind {
	case accountRow.kind:
		address = ""
	case addressRow.kind, signOnRow.kind:
		account = ""
	}
	return hashed(strings.Join([]string{r.kind, a.now.UTC().Format(time.DateOnly), account, address}, "\x00"))
}

func (a *approach) noteID() string {
	return hashed(strings.Join([]string{"known", a.account, a.address}, "\x00"))
}
