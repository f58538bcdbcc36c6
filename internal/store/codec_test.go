package store

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/bson"
	"sipas/internal/fault"
)

// TestOpenPanics: mistakes in the program are found at its start.
func TestOpenPanics(t *testing.T) {
	b := openBench(t)
	index := func(name string, fields ...Field) Spec {
		return Spec{Name: "x", Indexes: []Index{{Name: name, Fields: fields}}}
	}
	fine := Spec{Name: "fine"}
	for name, open := range map[string]func(){
		"no Doc":           func() { _, _ = Open[struct{ A string }](t.Context(), b.store, fine) },
		"a pointer to Doc": func() { _, _ = Open[struct{ *Doc }](t.Context(), b.store, fine) },
		"Doc not inline":   func() { _, _ = Open[struct{ Doc }](t.Context(), b.store, fine) },
		"Doc not first": func() {
			_, _ = Open[struct {
				A   string
				Doc `bson:",inline"`
			}](t.Context(), b.store, fine)
		},
		"a map": func() {
			_, _ = Open[struct {
				Doc `bson:",inline"`
				A   map[string]int
			}](t.Context(), b.store, fine)
		},
		"a map further down": func() {
			_, _ = Open[struct {
				Doc `bson:",inline"`
				A   []*struct{ B [2]bson.M }
			}](t.Context(), b.store, fine)
		},
		"room for a map": func() {
			_, _ = Open[struct {
				Doc `bson:",inline"`
				A   any
			}](t.Context(), b.store, fine)
		},
		"no name":              func() { newSchema(Spec{}) },
		"capitals":             func() { newSchema(Spec{Name: "Events"}) },
		"SQLite's own":         func() { newSchema(Spec{Name: "sqlite_events"}) },
		"injection":            func() { newSchema(Spec{Name: `x"; DROP TABLE y; --`}) },
		"index without fields": func() { newSchema(index("i")) },
		"index without name":   func() { newSchema(index("", Field{"a", String})) },
		"nested field":         func() { newSchema(index("i", Field{"a.b", String})) },
		"id as a field":        func() { newSchema(index("i", Field{"_id", String})) },
		"unknown type":         func() { newSchema(index("i", Field{"a", 3})) },
		"field twice":          func() { newSchema(index("i", Field{"a", String}, Field{"a", String})) },
		"two types":            func() { newSchema(index("i", Field{"a", String}, Field{"a", Int64})) },
		"two spellings":        func() { newSchema(index("i", Field{"at", Time}, Field{"At", Time})) },
		"index twice": func() {
			newSchema(Spec{Name: "x", Indexes: []Index{{"i", []Field{{"a", String}}}, {"i", []Field{{"b", String}}}}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			open()
		})
	}
	// A type that contains itself is fine.
	type tree struct {
		Doc   `bson:",inline"`
		Under []*tree
		cache map[string]int // not stored
	}
	_, err := Open[tree](t.Context(), b.store, fine)
	must(t, err)
	_ = tree{}.cache
}

// FuzzInspect: whatever bytes a document is made of, checking them ends, and
// what is accepted is plain BSON that comes back as the same bytes.
func FuzzInspect(f *testing.F) {
	seed := func(d bson.D) {
		raw, err := bson.Marshal(d)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	seed(bson.D{{Key: "_id", Value: "x"}, {Key: "version", Value: int64(1)}, {Key: "area", Value: "a"}, {Key: "n", Value: int64(2)}})
	seed(bson.D{{Key: "_id", Value: "x"}, {Key: "version", Value: int64(1)}, {Key: "area", Value: "á"}, {Key: "n", Value: 2},
		{Key: "x", Value: bson.A{bson.D{{Key: "y", Value: []byte("z")}}, 1.5, nil, true, "s"}}})
	seed(bson.D{{Key: "version", Value: 1}, {Key: "_id", Value: 1}})
	f.Add([]byte{5, 0, 0, 0, 0})
	f.Add([]byte{})
	f.Add([]byte(strings.Repeat("\x0d\x00\x00\x00\x03\x00", 100)))
	s := newSchema(Spec{Name: "x", Indexes: []Index{{"i", []Field{{"area", String}, {"n", Int64}}}}})
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := s.inspect(raw)
		if err != nil {
			return
		}
		if r.id == "" || r.version < 1 || len(r.fields) != 2 || r.fields[0] == nil || r.fields[1] == nil {
			t.Fatalf("accepted with %+v", r)
		}
		var d bson.D
		if err := bson.Unmarshal(raw, &d); err != nil {
			t.Fatalf("accepted and cannot be decoded: %v", err)
		}
		again, err := bson.Marshal(d)
		if err != nil || !bytes.Equal(raw, again) {
			t.Fatalf("accepted and came back as\n%x, %v, not as\n%x", again, err, raw)
		}
	})
}

// FuzzCursor: any string is a cursor of this query, or an Invalid fault; what
// is accepted is the only spelling of its position.
func FuzzCursor(f *testing.F) {
	s := newSchema(events)
	q := Query{Index: "by_area", Equal: []any{"a"}}
	p, err := s.plan(q)
	if err != nil {
		f.Fatal(err)
	}
	for _, position := range [][]any{{int64(1), int64(2), "x"}, {int64(-1), int64(0), ""}, {int64(1), int64(2), strings.Repeat("é", 128)}} {
		f.Add(s.writeCursor(p, position))
	}
	f.Add(s.writeCursor(p, []any{int64(1), int64(2)}))
	f.Add(s.writeCursor(p, []any{int64(1), int64(2), "x", "y"}))
	f.Add("")
	f.Add("AAAA\nAAAAAAAA")
	f.Add(strings.Repeat("\x00", 16) + "\x81\x00x")
	f.Add(strings.Repeat("\x00", 16) + "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01x")
	f.Fuzz(func(t *testing.T, after string) {
		q.After = after
		if _, err := s.plan(q); err != nil {
			if e := (*fault.Error)(nil); !errors.As(err, &e) || e.Kind != fault.Invalid {
				t.Fatalf("%v is no Invalid fault", err)
			}
		}
		// The same bytes with a right tag, so that the reading behind it is
		// reached too.
		data := []byte(after)
		if after != "" {
			cursor := encoding.EncodeToString(append(data, s.cursorTag(p, data)...))
			position, err := s.readCursor(p, cursor)
			if err == nil && s.writeCursor(p, position) != cursor {
				t.Fatalf("%q has two spellings", fmt.Sprint(position))
			}
		}
	})
}
