package staff

import (
	"crypto/rand"
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"sipas/internal/fault"
)

// Lengths of a password in characters. NIST SP 800-63B, section 5.1.1.2, asks for
// eight at the least, for a comparison with common ones, and for no rules of
// composition or of age; ten, because what stands behind it are complaints.
const (
	minPassword = 10
	maxPassword = 200
)

//go:embed common.txt
var commonText string

// common are the lines of common.txt.
var common = func() map[string]bool {
	lines := map[string]bool{}
	for line := range strings.Lines(commonText) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			lines[line] = true
		}
	}
	return lines
}()

// CheckPassword returns nil, or an Invalid fault with the field "password": too
// short, too long, the account's name, one character over and over, or among the
// common ones.
func CheckPassword(password, account string) error {
	var f fault.Fields
	text := norm.NFKC.String(password)
	n := utf8.RuneCountInString(text)
	switch {
	case n == 0:
		f.Add("password", "required")
	case !utf8.ValidString(text):
		f.Add("password", "password_characters")
	case n < minPassword:
		f.Add("password", "too_short", minPassword)
	case n > maxPassword:
		f.Add("password", "too_long", maxPassword)
	case strings.EqualFold(text, account):
		f.Add("password", "password_account")
	case isRepeated(text):
		f.Add("password", "password_repeated")
	case isCommon(text):
		f.Add("password", "password_common")
	}
	return f.Err()
}

func isRepeated(text string) bool {
	_, size := utf8.DecodeRuneInString(text)
	return strings.ReplaceAll(text, text[:size], "") == ""
}

func isCommon(text string) bool {
	p := plain(text)
	return common[p] || common[strings.TrimRightFunc(p, func(r rune) bool { return !unicode.IsLetter(r) })]
}

// plain takes case, diacritics and spaces away.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r), unicode.IsSpace(r):
			return -1
		case r == 'đ':
			return 'd'
		}
		return r
	}, norm.NFKD.String(strings.ToLower(text)))
}

// passwordLetters cannot be taken for each other in print: no 0 and o, no 1, l
// and i.
const passwordLetters = "abcdefghjkmnpqrstuvwxyz23456789"

// NewPassword returns a random password of 79 bits in four groups of four, to be
// read out and typed: "k7mq-2vxd-h9ta-w4ep".
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

// below returns one of 0..n-1, each as likely; n is at most 256.
func below(n int) int {
	for {
		var b [1]byte
		rand.Read(b[:])
		if x := int(b[0]); x < 256/n*n {
			return x % n
		}
	}
}
