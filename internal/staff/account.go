package staff

import (
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"sipas/internal/fault"
)

// Account (tài khoản) is one person who signs in. What they may do hangs on the
// role, the unit and the desk.
type Account struct {
	ID         string // account name: 3 to 64 of a-z 0-9 . - _, a letter first
	Name       string // the person's, shown to colleagues
	Role       Role
	Unit       string // id in the catalogue; a must for role unit
	Desk       string // id in the catalogue, or ""
	Email      string // where notices go, and by which single sign-on finds the account first; "": nowhere
	Disabled   bool
	MustChange bool // the first password is still to be changed
	CreatedAt  time.Time
	CreatedBy  string    // account, or "command"
	PasswordAt time.Time // when the password was set
	SignedInAt time.Time // last sign-in; zero: never
	BoundAt    time.Time // since when single sign-on lets one person in; zero: nobody yet
	Version    int64     // counts ChangeAccount; sign-ins and passwords leave it alone
}

// Officer is who acts when this account does.
func (a *Account) Officer() Officer { return Officer{a.ID, a.Role, a.Unit, a.Desk} }

var (
	accountName = regexp.MustCompile(`^[a-z][a-z0-9._-]{2,63}$`)
	slug        = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
)

// Lengths of what somebody types.
const (
	maxPersonName = 100 // characters
	maxSlug       = 64  // bytes
	maxEmail      = 254 // bytes
)

// roleNames are the choices in the sentence about a wrong role.
const roleNames = "desk, unit, inspection, office, leader, admin"

// reservedNames stand for something else: the command line in the audit log, and
// pages beside the accounts' own.
var reservedNames = []string{"command", "moi", "ma-truy-cap"}

// Check returns nil, or an Invalid fault that names every field to mend:
// account, name, role, unit, desk, email. Whether unit and desk are in the catalogue is
// not known here.
func (a *Account) Check() error {
	var f fault.Fields
	switch {
	case a.ID == "":
		f.Add("account", "required")
	case !accountName.MatchString(a.ID):
		f.Add("account", "account_name")
	case slices.Contains(reservedNames, a.ID):
		f.Add("account", "reserved")
	}
	switch {
	case strings.TrimSpace(a.Name) == "":
		f.Add("name", "required")
	case !utf8.ValidString(a.Name) || strings.ContainsFunc(a.Name, isControl):
		f.Add("name", "account_person")
	case utf8.RuneCountInString(a.Name) > maxPersonName:
		f.Add("name", "too_long", maxPersonName)
	}
	if !a.Role.Known() {
		f.Add("role", "choice", roleNames)
	}
	switch {
	case a.Unit == "" && a.Role == Unit:
		f.Add("unit", "account_unit")
	case a.Unit != "" && !isSlug(a.Unit):
		f.Add("unit", "account_slug")
	}
	if a.Desk != "" && !isSlug(a.Desk) {
		f.Add("desk", "account_slug")
	}
	if a.Email != "" {
		if e, err := mail.ParseAddress(a.Email); err != nil || e.Address != a.Email || len(a.Email) > maxEmail {
			f.Add("email", "email")
		}
	}
	return f.Err()
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

func isSlug(s string) bool { return len(s) <= maxSlug && slug.MatchString(s) }

// fields makes one Invalid fault of several, nil of none.
func fields(errs ...error) error {
	var f fault.Fields
	for _, err := range errs {
		if err != nil {
			f = append(f, fault.As(err).Fields...)
		}
	}
	return f.Err()
}
