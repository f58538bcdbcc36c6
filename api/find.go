package api

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// holds reports whether one of texts contains what was typed into a search
// field, whatever the case and with or without Vietnamese marks: "thu" finds
// "Thử". Nothing typed is in everything.
func holds(typed string, texts ...string) bool {
	return strings.Contains(plain(strings.Join(texts, "\n")), plain(strings.TrimSpace(typed)))
}

// plain is text in small letters without marks.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == 'đ', r == 'Đ': // a letter of its own, which norm does not take apart
			return 'd'
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(text))
}
