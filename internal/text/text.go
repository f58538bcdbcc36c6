// Package text brings what people write into the form in which it is kept, and
// into the form in which it is searched.
package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Clean brings free text into one form: composed Vietnamese letters, line
// feeds, no other control characters, no space around.
func Clean(s string) string {
	s = strings.ReplaceAll(norm.NFC.String(s), "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 {
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// Fold returns the letters and digits of s in lower case and without their
// marks, and one space for whatever stands between words, so that "dat dai"
// finds "Đất đai".
func Fold(s string) string {
	var out strings.Builder
	out.Grow(len(s))
	space := false
	for _, r := range s {
		if plain, ok := unmarked[r]; ok {
			r = plain
		} else if unicode.Is(unicode.Mn, r) { // decomposed: the letter stands before it
			continue
		} else {
			r = unicode.ToLower(r)
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			space = true
			continue
		}
		if space && out.Len() > 0 {
			out.WriteByte(' ')
		}
		space = false
		out.WriteRune(r)
	}
	return out.String()
}

// unmarked maps each Latin letter with marks to the plain letter. A table,
// because decomposing a text anew for each search would be most of the work.
var unmarked = func() map[rune]rune {
	m := map[rune]rune{'đ': 'd', 'Đ': 'd', 'ð': 'd', 'Ð': 'd'} // the second two are not Vietnamese, but look like it
	for _, block := range [][2]rune{{0xC0, 0x24F}, {0x1E00, 0x1EFF}} {
		for r := block[0]; r <= block[1]; r++ {
			if base := []rune(norm.NFD.String(string(r))); len(base) > 1 {
				m[r] = unicode.ToLower(base[0])
			}
		}
	}
	return m
}()
