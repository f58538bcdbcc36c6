package store

import (
	"bytes"
	"errors"
	"reflect"
	"testing"

	"go.mongodb.org/mongo-driver/bson"
)

// note writes itself; taggedNote is the same without that.
type note struct {
	Doc   `bson:",inline"`
	Words Pairs[string] `bson:"words"`
}

func (n *note) WriteFields(f *Fields) { f.Document("words", n.Words.WriteFields) }

func (n *note) ReadField(name string, v Value) {
	if name == "words" {
		v.Each(func(key string, v Value) { n.Words = append(n.Words, Pair[string]{key, v.String()}) })
	}
}

type taggedNote note

// TestFieldReader: what it reads is what its tags read; a document that is not as
// it expects is read, or refused, by its tags.
func TestFieldReader(t *testing.T) {
	for name, doc := range map[string]bson.D{
		"all":             {{Key: "_id", Value: "a"}, {Key: "version", Value: int64(2)}, {Key: "write", Value: "w"}, {Key: "words", Value: bson.D{{Key: "b", Value: "x"}}}},
		"an older shape":  {{Key: "_id", Value: "a"}, {Key: "version", Value: int32(1)}, {Key: "words", Value: nil}, {Key: "more", Value: 1.5}},
		"nothing":         {},
		"another type":    {{Key: "_id", Value: "a"}, {Key: "words", Value: bson.D{{Key: "b", Value: 1}}}},
		"no text as id":   {{Key: "_id", Value: 7}},
		"a list of words": {{Key: "_id", Value: "a"}, {Key: "words", Value: bson.A{"b"}}},
	} {
		t.Run(name, func(t *testing.T) {
			raw, err := bson.Marshal(doc)
			must(t, err)
			var n note
			var tagged taggedNote
			got, want := decode(raw, &n), decode(raw, &tagged)
			if (got == nil) != (want == nil) || got == nil && !reflect.DeepEqual(n, note(tagged)) {
				t.Errorf("%+v, %v instead of %+v, %v", n, got, tagged, want)
			}
			for cut := range raw { // broken documents are an error, never a panic
				if decode(raw[:cut], &note{}) == nil {
					t.Errorf("the first %d of %d bytes are taken for a document", cut, len(raw))
				}
			}
		})
	}
}

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
