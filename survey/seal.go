package survey

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/catalogue"
)

// LineVersion numbers the form of the canonical line. A sealed day keeps the
// one it was sealed with.
const LineVersion = 1

// Line writes a response as the seals see it: one line of ASCII, the keys
// sorted, numbers as integers, the free text only as its commitment, so that a
// name in a comment can be blanked later without breaking a seal. Any program
// can write the same line from a stored response; docs/seals.md shows how.
func Line(r *Response) string {
	var b strings.Builder
	b.WriteString("sipas-response " + strconv.Itoa(LineVersion))
	put := func(key, value string) { b.WriteString(" " + key + "=" + escape(value)) }
	number := func(key string, n int64) { b.WriteString(" " + key + "=" + strconv.FormatInt(n, 10)) }
	verified := int64(0)
	if r.Verified {
		verified = 1
	}
	put("answeredOn", string(r.AnsweredOn))
	put("answers", pairs(len(r.Answers), func(i int) (string, string) {
		return r.Answers[i].Criterion, strconv.Itoa(r.Answers[i].Rating)
	}))
	put("area", r.Area)
	put("channel", string(r.Channel))
	put("comment", r.Comment)
	put("desk", r.Desk)
	put("digest", r.Digest)
	put("extra", pairs(len(r.Extra), func(i int) (string, string) { return r.Extra[i].Question, r.Extra[i].Option }))
	put("flags", strings.Join(r.Flags, ","))
	put("id", r.ID)
	put("lang", r.Lang)
	put("late", r.Late)
	put("link", r.Link)
	put("outcome", r.Outcome)
	number("overall", int64(r.Overall))
	put("procedure", r.Procedure)
	put("profile", profileText(&r.Profile))
	put("questionnaire", r.Questionnaire)
	number("questionnaireVersion", int64(r.QuestionnaireVersion))
	number("receivedAt", r.ReceivedAt.UnixMilli())
	number("shape", int64(r.Shape))
	put("stage", r.Stage)
	put("unit", r.Unit)
	number("verified", verified)
	return b.String()
}

func pairs(n int, at func(int) (string, string)) string {
	parts := make([]string, n)
	for i := range parts {
		k, v := at(i)
		parts[i] = k + ":" + v
	}
	return strings.Join(parts, ",")
}

func profileText(p *Profile) string {
	var parts []string
	for _, id := range []string{"age", "education", "occupation", "residence", "sex"} {
		if v := p.Get(id); v != "" {
			parts = append(parts, id+":"+v)
		}
	}
	return strings.Join(parts, ",")
}

// escape keeps letters, digits and .:,+@_- and writes any other byte as %XX, so
// that a value never holds a space or anything but ASCII.
func escape(s string) string {
	plain := func(c byte) bool {
		return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || strings.IndexByte(".:,+@_-", c) >= 0
	}
	if !slices.ContainsFunc([]byte(s), func(c byte) bool { return !plain(c) }) {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		if plain(s[i]) {
			b.WriteByte(s[i])
		} else {
			fmt.Fprintf(&b, "%%%02X", s[i])
		}
	}
	return b.String()
}

// hash is a SHA-256 value.
type hash [sha256.Size]byte

func (h hash) String() string { return hex.EncodeToString(h[:]) }

// leafHash is the leaf of a response in the day's Merkle tree (RFC 6962).
func leafHash(r *Response) hash { return sha256.Sum256(append([]byte{0}, Line(r)...)) }

// merkleRoot is the Merkle Tree Hash of RFC 6962, section 2.1: of nothing the
// hash of nothing; else of the largest power of two of leaves that leaves some
// over, and of the rest.
func merkleRoot(leaves []hash) hash {
	switch len(leaves) {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return leaves[0]
	}
	k := 1
	for 2*k < len(leaves) {
		k *= 2
	}
	left, right := merkleRoot(leaves[:k]), merkleRoot(leaves[k:])
	return sha256.Sum256(slices.Concat([]byte{1}, left[:], right[:]))
}

// Seal closes one day for good: how many responses belong to it, the root over
// their lines, and the seal of the day before. Whoever keeps a seal elsewhere
// can show later that nothing up to that day has been changed.
type Seal struct {
	Date      catalogue.Date
	Responses int
	Root      string   // hexadecimal
	Previous  string   // the seal of the day before; 64 zeros for the first
	Restores  []string // digests of the records of restored backups that this seal takes up
	Seal      string   // the hash of Text
}

// firstPrevious stands in the first seal of a chain.
var firstPrevious = strings.Repeat("0", 64)

// Text is what is hashed: lines of ASCII, each with a line feed.
func (s Seal) Text() string {
	text := fmt.Sprintf("sipas-seal 1\ndate %s\nresponses %d\nroot %s\nprevious %s\n", s.Date, s.Responses, s.Root, s.Previous)
	for _, r := range s.Restores {
		text += "restore " + r + "\n"
	}
	return text
}

// hashed returns the seal's value.
func (s Seal) hashed() string {
	sum := sha256.Sum256([]byte(s.Text()))
	return hex.EncodeToString(sum[:])
}
