package feedback

import (
	"crypto/hmac"
	"slices"
	"strings"
)

// PhoneTag is what a case can be found by when its sender calls: a keyed hash of
// the phone number, which nobody gets back without trying all numbers with the
// key. The zero value is a contact without a phone.
type PhoneTag struct {
	Key string `bson:"key"` // id of the ring's key
	Sum []byte `bson:"sum"`
}

// CleanPhone folds a number into one form, however it is written: the digits as
// one dials them in Vietnam, so +84 905…, 0084905… and 0905… are one. False: it
// is no whole number.
func CleanPhone(typed string) (string, bool) {
	typed = strings.TrimSpace(typed)
	if len(typed) > 4*maxPhone || !phone.MatchString(typed) {
		return "", false
	}
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, typed)
	const vietnam, national = "84", 9 // digits behind the prefix of a mobile number
	abroad, international := digits, typed[0] == '+'
	if !international {
		abroad, international = strings.CutPrefix(digits, "00")
	}
	if home, here := strings.CutPrefix(abroad, vietnam); here && (international || len(home) == national) {
		return "0" + strings.TrimLeft(home, "0"), true
	}
	return digits, true
}

// phoneTag returns the tag of a number; the zero value for none.
func (k *ringKey) phoneTag(typed string) PhoneTag {
	number, ok := CleanPhone(typed)
	if !ok {
		return PhoneTag{}
	}
	return PhoneTag{k.id, k.phones.sum(number)}
}

// phoneTags are the tags that a case with the number has, by whichever key.
func (r *Ring) phoneTags(number string) (list []PhoneTag) {
	for i := range r.keys {
		list = append(list, r.keys[i].phoneTag(number))
	}
	return list
}

// calledFrom says whether the sender left the number that the tags are of.
func (c *Case) calledFrom(tags []PhoneTag) bool {
	return slices.ContainsFunc(tags, func(t PhoneTag) bool {
		return t.Key != "" && t.Key == c.Phone.Key && hmac.Equal(t.Sum, c.Phone.Sum)
	})
}
