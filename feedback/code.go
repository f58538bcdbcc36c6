package feedback

import (
	"crypto/hmac"
	"crypto/sha256"
	"strconv"
	"strings"
)

// codeAlphabet has no letters that look alike on paper (0 O, 1 I, 5 S, 8 B, 2 Z)
// or sound alike when a code is read out in Vietnamese (B P, D T, N M, S X, V).
// Its 19 letters are a prime number, which is what the check letter needs.
const codeAlphabet = "23456789ACEHKLMRTXY"

const (
	codeLength   = 11 // the last one is the check letter; the rest is some 42 bits
	secretLength = 8  // some 34 bits, of use only with a code and at the pace of a lookup
)

// lookAlike is what people type for a letter of the alphabet.
var lookAlike = strings.NewReplacer("B", "8", "G", "6", "I", "L", "1", "L", "S", "5", "Z", "2",
	" ", "", "-", "", ".", "", "–", "", "\u00a0", "")

// CleanCode folds what somebody typed or read out into the form in which codes
// are stored; false: it is no code, by its length, a letter or the check letter.
func CleanCode(typed string) (string, bool) {
	if len(typed) > 100 {
		return "", false
	}
	code := lookAlike.Replace(strings.ToUpper(typed))
	return code, len(code) == codeLength && checksum(code) == 0
}

func cleanSecret(typed string) string {
	return lookAlike.Replace(strings.ToUpper(typed[:min(len(typed), 100)]))
}

// FormatCode groups a code or a secret for reading: "K7MX-2ART-9HC".
func FormatCode(s string) string {
	var groups []string
	for len(s) > 4 {
		groups, s = append(groups, s[:4]), s[4:]
	}
	return strings.Join(append(groups, s), "-")
}

// checksum is 0 for a code as it was made. Each place weighs otherwise, modulo a
// prime, so that one wrong letter or two exchanged ones always show.
func checksum(code string) int {
	sum := 0
	for i := range len(code) {
		v := strings.IndexByte(codeAlphabet, code[i])
		if v < 0 {
			return -1
		}
		sum += v * (len(code) - i)
	}
	return sum % len(codeAlphabet)
}

// letters turns a seed that looks random into n letters, each as likely as any.
func letters(seed []byte, n int) string {
	out := make([]byte, 0, n)
	for round := sha256.Sum256(seed); ; round = sha256.Sum256(round[:]) {
		for _, b := range round {
			// Bytes past the last whole multiple would favour the first letters.
			if int(b) < 256/len(codeAlphabet)*len(codeAlphabet) {
				if out = append(out, codeAlphabet[int(b)%len(codeAlphabet)]); len(out) == n {
					return string(out)
				}
			}
		}
	}
}

// code returns the nth code for a request: it looks random to everybody without
// the key, and the same request sent again finds its own. A denunciation's is of
// another row, so that a key that was used for something else never leads to it.
func (k *ringKey) code(request string, secret bool, n int) string {
	code := letters(k.sum("code", request, strconv.FormatBool(secret), strconv.Itoa(n)), codeLength-1)
	return code + string(codeAlphabet[(len(codeAlphabet)-checksum(code+"2"))%len(codeAlphabet)])
}

// secretOf returns the secret of a code, the same for the same request again:
// only its hash is stored.
func (k *ringKey) secretOf(request, code string) string {
	return letters(k.sum("secret", request, code), secretLength)
}

// Lock is what is kept of a case's secret and of the request that made it:
// keyed hashes, from which nobody gets anything without the key.
type Lock struct {
	Key     string `bson:"key"` // id of the ring's key
	Secret  []byte `bson:"secret"`
	Request []byte `bson:"request"` // the key that was sent with it
	Body    []byte `bson:"body"`    // and all the rest
}

func (k *ringKey) lock(code, secret, request string, body []string) Lock {
	return Lock{k.id, k.sum("lock", code, secret), k.sum("request", request), k.sum(append([]string{"body", request}, body...)...)}
}

// opens says whether the secret is the one of the code. It takes the same time
// for a lock that is none.
func (r *Ring) opens(l Lock, code, secret string) bool {
	k := r.find(l.Key)
	if k == nil {
		k = &r.keys[len(r.keys)-1]
	}
	return hmac.Equal(k.sum("lock", code, secret), l.Secret)
}
