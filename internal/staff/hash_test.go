package staff_test

import (
	"strings"
	"testing"

	"sipas/internal/staff"
)

const stored = "$argon2id$v=19$m=47104,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2U"

var damaged = []string{
	"", "$", "x" + stored, stored + "$", stored + "\n", stored[:40], strings.ToUpper(stored),
	strings.Replace(stored, "argon2id", "argon2i", 1),
	strings.Replace(stored, "v=19", "v=16", 1),
	strings.Replace(stored, "m=47104", "m=4710400", 1), // more than there is
	strings.Replace(stored, "m=47104", "m=0", 1),
	strings.Replace(stored, "m=47104", "m=-1", 1),
	strings.Replace(stored, "t=1", "t=0", 1),
	strings.Replace(stored, "t=1", "t=100", 1),
	strings.Replace(stored, "p=1", "p=0", 1),
	strings.Replace(stored, "p=1", "p=256", 1),
	strings.Replace(stored, "p=1", "p=01", 1),
	strings.Replace(stored, "c2FsdHNhbHRzYWx0c2FsdA", "", 1),
	strings.Replace(stored, "c2FsdHNhbHRzYWx0c2FsdA", "c2FsdHNhbHRzYWx0c2FsdB", 1), // spare bits
	strings.Replace(stored, "c2FsdHNhbHRzYWx0c2FsdA", "c2FsdHNhbHRzYWx0c2FsdA==", 1),
	strings.Replace(stored, "$a2V5", "$!2V5", 1),
}

func TestStoredHash(t *testing.T) {
	if got, err := staff.Rewritten(stored); err != nil || got != stored {
		t.Errorf("%q, %v", got, err)
	}
	for _, text := range damaged {
		_, err := staff.Rewritten(text)
		if err == nil {
			t.Errorf("%q is taken", text)
		} else if text != "" && text != "$" && strings.Contains(err.Error(), text) {
			t.Errorf("the error quotes it: %v", err)
		}
	}
}

// FuzzStoredHash: whatever is stored is refused or is what would be written.
func FuzzStoredHash(f *testing.F) {
	f.Add(stored)
	for _, text := range damaged {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got, err := staff.Rewritten(text); err == nil && got != text {
			t.Errorf("%q is read as %q", text, got)
		}
	})
}
