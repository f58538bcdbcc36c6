package store

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"
)

// Doc is what every stored type begins with: embed it first, inline,
//
//	type Case struct {
//		store.Doc `bson:",inline"`
//		...
//	}
//
// The caller sets ID before Insert; Version and Write belong to this package.
type Doc struct {
	ID      string `bson:"_id"`             // 1 to MaxID bytes of UTF-8 without NUL
	Version int64  `bson:"version"`         // 1 after Insert, +1 by each Replace
	Write   string `bson:"write,omitempty"` // token of the Replace that made this version; none after Insert

	// attempt is the random half of the token of a Replace whose outcome is
	// not known yet. It is kept so that repeating the Replace settles it.
	attempt string
}

func (d *Doc) doc() *Doc { return d }

// document is what *T is when T embeds Doc.
type document interface{ doc() *Doc }

// docOf returns the Doc inside doc; checkType has made sure there is one.
func docOf(doc any) *Doc { return doc.(document).doc() }

// newAttempt returns the random half of a write token, 16 hex digits.
func newAttempt() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails (package crypto/rand)
	return hex.EncodeToString(b[:])
}

// writeToken binds an attempt to what it writes, so that a caller who changes
// the document after an unknown outcome cannot take the earlier content's
// landing for this one's.
func writeToken(attempt string, content []byte) string {
	sum := sha256.Sum256(content)
	return attempt + hex.EncodeToString(sum[:8])
}

// checkType panics unless t is a struct that begins with Doc, inline, and is
// free of maps and interfaces: a map is encoded in another order each time, so
// that the same document would not be the same bytes, and an interface may
// hold one.
func checkType(t reflect.Type) {
	if t.Kind() != reflect.Struct || !reflect.PointerTo(t).Implements(reflect.TypeFor[document]()) {
		panic(fmt.Sprintf("store: %v does not embed store.Doc", t))
	}
	if f := t.Field(0); f.Type != reflect.TypeFor[Doc]() || !f.Anonymous || f.Tag.Get("bson") != ",inline" {
		panic(fmt.Sprintf("store: %v does not begin with store.Doc `bson:\",inline\"`", t))
	}
	if path := findUnordered(t, map[reflect.Type]bool{}); path != "" {
		panic(fmt.Sprintf("store: %v%s is a map or an interface", t, path))
	}
}

// findUnordered returns the path to a map or interface in t, "" if there is none.
func findUnordered(t reflect.Type, seen map[reflect.Type]bool) string {
	if seen[t] {
		return ""
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Map, reflect.Interface:
		return " "
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return findUnordered(t.Elem(), seen)
	case reflect.Struct:
		for f := range t.Fields() {
			if !f.IsExported() && !f.Anonymous || f.Tag.Get("bson") == "-" {
				continue // not stored
			}
			if path := findUnordered(f.Type, seen); path != "" {
				return "." + f.Name + path
			}
		}
	}
	return ""
}
