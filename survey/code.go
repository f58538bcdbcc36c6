package survey

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"sipas/internal/fault"
)

// A one-time code stands on a slip that is handed over with a dossier. Whoever
// has it answers once, and the answer counts as verified. See
// docs/decisions/0013-one-time-codes.md for what is kept of it and for how long.

// What a sender is told of a code that has been used.
var (
	// ErrSpent: another answer was given with this code.
	ErrSpent = fault.New(fault.Conflict, "spent")
	// ErrUsed is ErrSpent for somebody who only opens the form.
	ErrUsed = fault.New(fault.Gone, "spent")
)

// Slip (phiếu mang mã dùng một lần) is what an answer with a one-time code is
// about. The first five are fixed when the code is made; Stage, Outcome and Late
// are those of the slip until whoever opens the form says otherwise.
type Slip struct {
	Dossier                     string // its code
	Area, Procedure, Desk, Unit string
	Stage                       string // receipt, supplement, refusal, result
	Outcome                     string
	Late                        string // "yes", "no", "": not known
}

// oneTimeLength makes a code of some 59 bits: its hash is in the store, and 40
// bits could be found from that.
const oneTimeLength = 12

// NewOneTimeCode returns a random code of twelve characters.
func NewOneTimeCode() string { return newCode(oneTimeLength) }

// oneTimeCodeOf returns the code that a dossier gets for a key of at least as many
// random bits.
func oneTimeCodeOf(dossier, key string) string {
	out := make([]byte, 0, oneTimeLength)
	for block := 0; ; block++ {
		for _, b := range sha256.Sum256(fmt.Appendf(nil, "sipas one-time code %d\n%s\n%s", block, dossier, key)) {
			if len(out) == oneTimeLength {
				return string(out)
			}
			if letter, ok := codeLetter(b); ok {
				out = append(out, letter)
			}
		}
	}
}

// codeLetter makes a letter of codeAlphabet of a random byte. Bytes past the last
// whole multiple would favour the first letters and make none.
func codeLetter(b byte) (byte, bool) {
	return codeAlphabet[int(b)%len(codeAlphabet)], int(b) < 256/len(codeAlphabet)*len(codeAlphabet)
}

// IsOneTimeCode says whether a code, cleaned, can be a one-time code: others are
// of another length.
func IsOneTimeCode(code string) bool { return len(code) == oneTimeLength }

// dossierLink stands in a verified response instead of its link, whose code would
// join it with the dossier.
const dossierLink = string(KindDossier)

// hashOf is what the store keeps of a code, or of the key that spent it.
func hashOf(what, secret string) string {
	sum := sha256.Sum256([]byte("sipas " + what + "\n" + secret))
	return hex.EncodeToString(sum[:])
}

// newCode returns n random letters of codeAlphabet.
func newCode(n int) string {
	out := make([]byte, 0, n)
	var b [1]byte
	for len(out) < n {
		rand.Read(b[:])
		if letter, ok := codeLetter(b[0]); ok {
			out = append(out, letter)
		}
	}
	return string(out)
}
