package store

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// FieldType is the type of an index field. It never changes and is never null.
type FieldType int

// The types of index fields.
const (
	String FieldType = iota // at most MaxIndexString bytes of UTF-8 without NUL, in the order of its bytes
	Int64                   // a BSON int32 or int64
	Time                    // milliseconds, UTC
)

// Field is a top-level key of the document, as the bson tag spells it.
type Field struct {
	Name string
	Type FieldType
}

// Index is an order in which a collection can be scanned: by its fields, then
// by id. A changed index needs a new name.
type Index struct {
	Name   string
	Fields []Field
}

// Spec describes a collection. It may get further indexes from one program to
// the next: what is stored gets the fields that it lacks when the collection is
// opened (see Deriver). A log has to have them already.
type Spec struct {
	Name    string // lower-case letters, digits and _
	Log     bool   // append-only, kept in commit order where the engine has one (SQLite: column n); Replace is ErrRefused
	Indexes []Index
	// Transient says that a backup leaves the collection out: what is in it
	// must not come back with an older state, or is worth nothing by then.
	Transient bool
}

// schema is a Spec that has been checked, with the fields of all its indexes.
type schema struct {
	Spec
	fields   []Field
	complete completer // set by Open, which knows the type
}

var (
	lowerName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,47}$`)
	fieldName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,47}$`)
)

// newSchema panics when spec is wrong: that is a mistake in the program. The
// names are narrow because SQLite tells neither tables nor columns apart by
// case.
func newSchema(spec Spec) *schema {
	bad := func(format string, args ...any) {
		panic("store: collection " + spec.Name + ": " + fmt.Sprintf(format, args...))
	}
	if !lowerName.MatchString(spec.Name) || strings.HasPrefix(spec.Name, "sqlite_") {
		bad("bad name")
	}
	s := &schema{Spec: spec}
	names := map[string]bool{}
	for _, index := range spec.Indexes {
		if !lowerName.MatchString(index.Name) || names[index.Name] || len(index.Fields) == 0 {
			bad("index %q: bad name, named twice, or without fields", index.Name)
		}
		names[index.Name] = true
		for i, f := range index.Fields {
			if !fieldName.MatchString(f.Name) || f.Type < String || f.Type > Time || slices.Contains(index.Fields[:i], f) {
				bad("index %q: bad field %q", index.Name, f.Name)
			}
			switch known := s.field(f.Name); {
			case known < 0:
				s.fields = append(s.fields, f)
			case s.fields[known] != f:
				bad("index field %q is declared in two ways", f.Name)
			}
		}
	}
	return s
}

// field returns where the field of this name stands in s.fields, in any case
// of its letters, or -1.
func (s *schema) field(name string) int {
	return slices.IndexFunc(s.fields, func(f Field) bool { return strings.EqualFold(f.Name, name) })
}
