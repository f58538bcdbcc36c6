package fault

import "strings"

// AddKey adds what is wrong with the key of a form that is sent, by which the same
// form is known when it comes again: 8 to 64 of A-Z a-z 0-9 - _. Keys are minted
// by the page's server; anybody else's have to be of the same make, so that they
// can be ids.
func (f *Fields) AddKey(key string) {
	switch {
	case key == "":
		f.Add("key", "required")
	case len(key) < 8 || len(key) > 64:
		f.Add("key", "length", 8, 64)
	case strings.IndexFunc(key, notKeyRune) >= 0:
		f.Add("key", "characters", "A-Z a-z 0-9 - _")
	}
}

func notKeyRune(r rune) bool {
	return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '-' && r != '_'
}
