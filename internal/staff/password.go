package staff

import (
	"crypto/rand"
	_ "embed"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"sipas/internal/fault"
)

// Lengths of a password in characters. NIST SP 800-63B asks for 8 at the least
// and wants no rules of composition; ten, because the accounts see complaints.
const (
	minPassword = 10
	maxPassword = 200
)

//go:embed common.txt
var commonText string

// common are passwords that are tried first by whoever guesses, lower-case.
var common = func() map[string]bool {
	m := map[string]bool{}
	for line := range strings.Lines(commonText) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			m[line] = true
		}
	}
	return m
}()

// CheckPassword returns nil, or an Invalid fault with the field "password": too
// short, too long, the account's name, one character over and over, or one of
// the common ones, with digits and signs behind it too.
func CheckPassword(password, account string) error {
	var f fault.Fields
	p := norm.NFKC.String(password)
	n := utf8.RuneCountInString(p)
	lower := strings.ToLower(p)
	firstRune, _ := utf8.DecodeRuneInString(lower)
	switch {
	case !utf8.ValidString(password):
		f.Add("password", "one_line")
	case n == 0:
		f.Add("password", "required")
	case n < minPassword:
		f.Add("password", "too_short", minPassword)
	case n > maxPassword:
		f.Add("password", "too_long", maxPassword)
	case strings.Trim(lower, string(firstRune)) == "":
		f.Add("password", "password_repeated")
	case lower == strings.ToLower(account):
		f.Add("password", "password_account")
	case common[lower], common[strings.TrimRight(lower, "0123456789!@#$%^&*._- ")]:
		f.Add("password", "password_common")
	}
	return f.Err()
}

// The characters of a made password cannot be taken for each other in print: no
// 0 and o, no 1, l and i.
const passwordLetters = "abcdefghjkmnpqrstuvwxyz23456789"

// NewPassword returns a random password of about 79 bits, in four groups of four
// that can be read out and typed: "k7mq-2vxd-h9ta-w4ep".
func NewPassword() string {
	var b strings.Builder
	for i := range 16 {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(passwordLetters[below(len(passwordLetters))])
	}
	return b.String()
}

// below returns a random number of 0..n-1, n at most 256, each as likely.
func below(n int) int {
	for {
		var b [1]byte
		rand.Read(b[:])
		if x := int(b[0]); x < 256/n*n {
			return x % n
		}
	}
}
