package staff

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"sipas/internal/fault"
)

// Person is somebody as the office's single sign-on knows them.
type Person struct {
	Issuer, Subject string // who it is: an address can go to somebody else, these cannot
	Email           string // "" unless the issuer has verified that it is theirs
}

// ErrSignOn is the one answer to a person who may not sign in.
var ErrSignOn = fault.New(fault.Unauthenticated, "sign_on_refused")

// RefusedError is ErrSignOn with what only the audit log says.
type RefusedError struct {
	Account string // that it is about; "": none
	Why     string // one of the Why constants
}

// Why a person may not sign in.
const (
	WhyUnverified = "sign_on_unverified" // nobody is bound to them, and the issuer has verified no address of theirs
	WhyUnknown    = "sign_on_unknown"    // no account has their address
	WhySeveral    = "sign_on_several"    // more than one has
	WhyOther      = "sign_on_other"      // it is bound to another person
	WhyDisabled   = "sign_on_disabled"
)

func (e *RefusedError) Error() string { return e.Why }

// Unwrap returns ErrSignOn.
func (e *RefusedError) Unwrap() error { return ErrSignOn }

// binding ties an account to a person.
type binding struct {
	Issuer string    `bson:"issuer"`
	Person string    `bson:"person"` // hash of issuer and subject
	At     time.Time `bson:"at"`
}

// hash names the person without saying who it is.
func (p Person) hash() string { return hashed(p.Issuer + "\x00" + p.Subject) }

// boundTo says whether an account is this person's. A binding to a former issuer
// binds no more: that one tells nobody who somebody is.
func (d *storedAccount) boundTo(p Person) (bound, mine bool) {
	if d.SignOn == nil || d.SignOn.Issuer != p.Issuer {
		return false, false
	}
	return true, d.SignOn.Person == p.hash()
}

// SignOn begins a session for the person that who finds out, once there is a place
// for the try. The account is the one that is bound to them, or else the only one
// that is not disabled and has their verified address; that binds it.
// *RefusedError, ErrThrottled, or what who returns.
func (s *Store) SignOn(ctx context.Context, address string, now time.Time, who func(context.Context) (Person, error)) (secret string, se *Session, err error) {
	way, err := s.approachSignOn(ctx, address, now)
	if err != nil {
		return "", nil, err
	}
	p, err := who(ctx)
	if err != nil {
		return "", nil, err
	}
	found, err := s.accountOf(ctx, p)
	if err != nil {
		return "", nil, err
	}
	a, err := s.changeAccount(ctx, found.ID, func(d *storedAccount) error {
		if err := d.admit(p); err != nil {
			return err
		}
		if _, mine := d.boundTo(p); !mine {
			d.SignOn = &binding{p.Issuer, p.hash(), now}
		}
		d.SignedInAt = now
		return nil
	})
	if err != nil {
		return "", nil, err
	}
	if err := way.signedOn(ctx, a.ID); err != nil {
		return "", nil, err
	}
	return s.begin(ctx, a, BySignOn, now)
}

// accountOf finds the account of a person.
func (s *Store) accountOf(ctx context.Context, p Person) (*storedAccount, error) {
	accounts, err := s.accounts.All(ctx)
	if err != nil {
		return nil, fmt.Errorf("list accounts: %w", err)
	}
	var mine, addressed, disabled []*storedAccount
	for _, d := range accounts {
		switch _, is := d.boundTo(p); {
		case is:
			mine = append(mine, d)
		case d.hasAddress(p) && d.Disabled:
			disabled = append(disabled, d)
		case d.hasAddress(p):
			addressed = append(addressed, d)
		}
	}
	found := mine
	if len(found) == 0 {
		found = addressed
	}
	if len(found) == 0 {
		found = disabled
	}
	switch {
	case len(found) > 1:
		return nil, &RefusedError{Why: WhySeveral}
	case len(found) == 1:
		return found[0], found[0].admit(p)
	case p.Email == "":
		return nil, &RefusedError{Why: WhyUnverified}
	}
	return nil, &RefusedError{Why: WhyUnknown}
}

// admit returns nil if the person may sign in to the account.
func (d *storedAccount) admit(p Person) error {
	bound, mine := d.boundTo(p)
	switch {
	case d.Disabled:
		return &RefusedError{d.ID, WhyDisabled}
	case bound && !mine:
		return &RefusedError{d.ID, WhyOther}
	case !mine && !d.hasAddress(p):
		return &RefusedError{Why: WhyUnknown} // the address has just been taken away
	}
	return nil
}

// hasAddress compares without regard to case, which no mailbox in use depends on.
// Letters outside ASCII have no case that everybody agrees on: such an address is
// nobody's.
func (d *storedAccount) hasAddress(p Person) bool {
	foreign := strings.ContainsFunc(p.Email, func(r rune) bool { return r > unicode.MaxASCII })
	return p.Email != "" && !foreign && strings.EqualFold(d.Email, p.Email)
}

// Unbind lets the account be bound anew, by the next person who signs on with its
// address, and ends its sessions.
func (s *Store) Unbind(ctx context.Context, id string) error {
	_, err := s.changeAccount(ctx, id, func(d *storedAccount) error {
		d.SignOn = nil
		d.Epoch++
		return nil
	})
	return err
}
