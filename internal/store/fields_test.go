package store

import (
	"bytes"
	"errors"
	"testing"

	"go.mongodb.org/mongo-driver/bson"
)

// note writes itself; taggedNote is the same without that.
type note struct {
	Doc   `bson:",inline"`
	Words Pairs[string] `bson:"words"`
}

func (n *note) WriteFields(f *Fields) { f.Document("words", n.Words.WriteFields) }

type taggedNote note

// TestFieldWriter: a document that writes itself begins as all do, and keeps to
// the rules of all.
func TestFieldWriter(t *testing.T) {
	s := newSchema(Spec{Name: "notes"})
	for name, doc := range map[string]Doc{
		"new":      {ID: "a", Version: 1},
		"replaced": {ID: "a", Version: 2, Write: "0123"},
	} {
		t.Run(name, func(t *testing.T) {
			n := note{Doc: doc, Words: Pairs[string]{{"b", "x"}, {"a", ""}}}
			r, err := s.encode(&n)
			must(t, err)
			tagged := taggedNote(n)
			want, err := bson.Marshal(&tagged)
			must(t, err)
			if !bytes.Equal(r.raw, want) {
				t.Errorf("\n%q\ninstead of\n%q", r.raw, want)
			}
		})
	}
	for name, words := range map[string]Pairs[string]{
		"key that ends early and goes on as a field": {{"a\x00\x01\x00\x00\x00\x00\x02b", ""}},
		"key twice":                {{"b", ""}, {"a", ""}, {"b", ""}},
		"key with a dot":           {{"a.b", ""}},
		"string that is not UTF-8": {{"a", "\xff"}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := s.encode(&note{Doc: Doc{ID: "a", Version: 1}, Words: words}); !errors.Is(err, ErrRefused) {
				t.Error(err)
			}
			tagged := taggedNote{Doc: Doc{ID: "a", Version: 1}, Words: words}
			if _, err := s.encode(&tagged); !errors.Is(err, ErrRefused) {
				t.Error("by its tags:", err)
			}
		})
	}
}
