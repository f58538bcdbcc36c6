package backup

import (
	"bytes"
	"testing"

	"go.mongodb.org/mongo-driver/bson"
)

// stream returns a sound plain stream.
func stream(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := newWriter(&b, Header{Program: "v1", Engine: "sqlite"})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"answers", "empty", "texts"} {
		if err := w.begin(name); err != nil {
			t.Fatal(err)
		}
		for i := 0; i < 3 && name != "empty"; i++ {
			doc, err := bson.Marshal(bson.D{{Key: "_id", Value: name}, {Key: "version", Value: int64(i)}})
			if err == nil {
				err = w.document(doc)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := w.finish(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// FuzzRead reads anything: it never panics, never takes more memory than a
// document may have, and what it accepts is what a writer makes of the same
// documents.
func FuzzRead(f *testing.F) {
	good := stream(f)
	f.Add(good)
	f.Add(good[:len(good)-1])
	f.Add([]byte("sipas-backup 1\n{}\nF{}\n"))
	f.Add([]byte("sipas-backup 1\n{}\nC{\"name\":\"a\"}\nD\xff\xff\xff\x7f"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var again bytes.Buffer
		var w *writer
		contents, err := read(bytes.NewReader(data), visitor{
			header:     func(h Header) (err error) { w, err = newWriter(&again, h); return err },
			collection: func(name string) error { return w.begin(name) },
			document:   func(_ string, doc []byte) error { return w.document(doc) },
		})
		if err != nil {
			return
		}
		written, err := w.finish()
		if err != nil || written.Documents() != contents.Documents() || written.Bytes() != contents.Bytes() || len(written.Collections) != len(contents.Collections) {
			t.Errorf("read %+v, wrote %+v, %v", contents, written, err)
		}
	})
}

// TestEveryByteOfTheStream: what age would have to let through is found by the
// stream's own digest.
func TestEveryByteOfTheStream(t *testing.T) {
	good := stream(t)
	if _, err := read(bytes.NewReader(good), visitor{}); err != nil {
		t.Fatal(err)
	}
	for i := range good {
		bad := bytes.Clone(good)
		bad[i] ^= 1 << (i % 8)
		if _, err := read(bytes.NewReader(bad), visitor{}); err == nil {
			t.Errorf("byte %d changed, and nobody sees it", i)
		}
		if _, err := read(bytes.NewReader(good[:i]), visitor{}); err == nil {
			t.Errorf("cut off before byte %d, and nobody sees it", i)
		}
	}
}

// TestSumIsOfTheSet: the order does not matter, everything else does.
func TestSumIsOfTheSet(t *testing.T) {
	of := func(docs ...string) string {
		var s sum
		for _, d := range docs {
			s.add([]byte(d))
		}
		return s.String()
	}
	if of("a", "b", "c") != of("c", "a", "b") {
		t.Error("the order matters")
	}
	for _, other := range []string{of("a", "b"), of("a", "b", "c", "c"), of("a", "b", "d"), of("ab", "c"), of()} {
		if other == of("a", "b", "c") {
			t.Error("another set has the same sum")
		}
	}
}
