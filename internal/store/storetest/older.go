package storetest

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sipas/internal/store"
)

// OldVisit is a Visit as an older program stored it, with a field that the newer
// one has given up.
type OldVisit struct {
	store.Doc `bson:",inline"`
	Area      string `bson:"area"`
	Ticket    string `bson:"ticket"`
	Note      string `bson:"note,omitempty"`
}

var oldVisits = store.Spec{Name: "visits", Indexes: []store.Index{
	{Name: "by_area_alone", Fields: []store.Field{{Name: "area", Type: store.String}}},
}}

// derived is a Visit with an index field that is made of another.
type derived struct {
	store.Doc `bson:",inline"`
	Area      string `bson:"area"`
	Note      string `bson:"note,omitempty"`
	Length    int    `bson:"length"`
}

func (d *derived) Derive() { d.Length = len(d.Note) }

var derivedVisits = store.Spec{Name: "visits", Indexes: []store.Index{
	{Name: "by_length", Fields: []store.Field{{Name: "length", Type: store.Int64}}},
}}

// many is so many that they are completed in several pages.
const many = 350

// insertOld stores visits as an older program does, some of them replaced once.
func insertOld(t *testing.T, s *store.Store, from, to int) []*OldVisit {
	t.Helper()
	c := openAs[OldVisit](t, s, oldVisits)
	var docs []*OldVisit
	for i := from; i < to; i++ {
		docs = append(docs, &OldVisit{Doc: store.Doc{ID: fmt.Sprintf("%04d", i)}, Area: "a", Ticket: fmt.Sprint("t", i), Note: strings.Repeat("n", i%5)})
	}
	mustInsert(t, c, docs...)
	for i := 0; i < len(docs); i += 50 {
		want(t, "replace", c.Replace(t.Context(), docs[i]), nil)
	}
	return docs
}

// raw returns what is stored in a collection, byte for byte, by id.
func raw(t *testing.T, s *store.Store, name string) map[string][]byte {
	t.Helper()
	d, err := s.Dump(t.Context(), name)
	want(t, "dump", err, nil)
	found := map[string][]byte{}
	for {
		docs, err := d.Next(t.Context())
		want(t, "dump", err, nil)
		if len(docs) == 0 {
			return found
		}
		for _, doc := range docs {
			found[store.RawID(doc)] = doc
		}
	}
}

// wantGrown fails the test unless each document is what it was, and something
// behind it.
func wantGrown(t *testing.T, before, after map[string][]byte) {
	t.Helper()
	if len(after) != len(before) {
		t.Fatalf("%d documents became %d", len(before), len(after))
	}
	for id, doc := range before {
		if got := after[id]; len(got) <= len(doc) || !bytes.HasPrefix(got[4:], doc[4:len(doc)-1]) {
			t.Fatalf("%s was\n%q\nand is\n%q", id, doc, got)
		}
	}
}

// older: documents of an older program are found by index fields that it did not
// know, and lose nothing.
func older(t *testing.T, open Opener) {
	s := open(t)
	docs := insertOld(t, s, 0, many)
	before := raw(t, s, "visits")
	c := openVisits(t, s)
	wantGrown(t, before, raw(t, s, "visits"))
	var ids []string
	for _, d := range docs {
		ids = append(ids, d.ID)
	}
	wantIDs(t, "equal to zero", walk(t, c, store.Query{Index: "by_area", Equal: []any{"a", 0}}), ids)
	wantIDs(t, "by time", walk(t, c, store.Query{Index: "by_time", From: time.Time{}, To: noon, Limit: 137}), ids)
	for _, i := range []int{0, 1, 50} {
		got := mustGet(t, c, docs[i].ID)
		if got.Version != docs[i].Version || got.Write != docs[i].Write || got.Note != docs[i].Note {
			t.Errorf("stored as %+v, read as %+v", docs[i], got)
		}
		got.Code = 7
		want(t, "replace", c.Replace(t.Context(), got), nil)
	}
	wantIDs(t, "replaced since", walk(t, c, store.Query{Index: "by_area", Equal: []any{"a", 7}}), []string{"0000", "0001", "0050"})
}

// olderDerived: an index field that is made of others is made of what is stored.
func olderDerived(t *testing.T, open Opener) {
	s := open(t)
	insertOld(t, s, 0, 10)
	c := openAs[derived](t, s, derivedVisits)
	page, err := c.Scan(t.Context(), store.Query{Index: "by_length", Equal: []any{3}})
	want(t, "scan", err, nil)
	var found []string
	for _, d := range page.Items {
		found = append(found, d.ID)
	}
	wantIDs(t, "of length 3", found, []string{"0003", "0008"})
}

// olderAgain: a document that an older program stores after a newer one has been
// there is completed at the next opening, and those that are whole stay as they are.
func olderAgain(t *testing.T, open Opener) {
	s := open(t)
	insertOld(t, s, 0, 5)
	openVisits(t, s)
	before := raw(t, s, "visits")
	insertOld(t, s, 5, 8)
	c := openVisits(t, s)
	after := raw(t, s, "visits")
	for id, doc := range before {
		if !bytes.Equal(after[id], doc) {
			t.Errorf("%s was whole and has been touched", id)
		}
	}
	wantIDs(t, "all", walk(t, c, store.Query{Index: "by_area", Equal: []any{"a", 0}}),
		[]string{"0000", "0001", "0002", "0003", "0004", "0005", "0006", "0007"})
}

// olderAtOnce: two servers that open a collection at once both find all.
func olderAtOnce(t *testing.T, open Opener) {
	first, second := open(t), open(t)
	insertOld(t, first, 0, many)
	before := raw(t, first, "visits")
	opened := make(chan error)
	for _, s := range []*store.Store{first, second} {
		go func() {
			c, err := store.Open[Visit](t.Context(), s, visits)
			if err == nil {
				_, err = c.Scan(t.Context(), store.Query{Index: "by_area", Equal: []any{"a", 0}, Limit: 1000})
			}
			opened <- err
		}()
	}
	want(t, "open", <-opened, nil)
	want(t, "open", <-opened, nil)
	wantGrown(t, before, raw(t, first, "visits"))
	if n := len(walk(t, openVisits(t, second), store.Query{Index: "by_area", Equal: []any{"a", 0}})); n != many {
		t.Errorf("%d of %d are found", n, many)
	}
}

// olderUnreadable: a document that does not fit its type stops the opening, with
// its place and none of its words; once it is mended, the next opening goes on
// with those that are left.
func olderUnreadable(t *testing.T, open Opener) {
	type number struct {
		store.Doc `bson:",inline"`
		Area      string `bson:"area"`
		Note      int    `bson:"note"`
	}
	s := open(t)
	insertOld(t, s, 0, many)
	odd := openAs[number](t, s, oldVisits)
	mustInsert(t, odd, &number{Doc: store.Doc{ID: "0249 secret"}, Area: "secret", Note: 4711})
	before := raw(t, s, "visits")
	_, err := store.Open[Visit](t.Context(), s, visits)
	if err == nil {
		t.Fatal("opened")
	}
	if text := err.Error(); !strings.Contains(text, "visits") || !strings.Contains(text, " 251 ") || strings.Contains(text, "secret") || strings.Contains(text, "4711") {
		t.Errorf("the error is: %v", err)
	}
	after := raw(t, s, "visits")
	if len(after) != len(before) || !bytes.Equal(after["0249 secret"], before["0249 secret"]) {
		t.Fatal("something was lost")
	}
	want(t, "delete", odd.Delete(t.Context(), "0249 secret"), nil)
	delete(before, "0249 secret")
	c := openVisits(t, s)
	wantGrown(t, before, raw(t, s, "visits"))
	if n := len(walk(t, c, store.Query{Index: "by_time"})); n != many {
		t.Errorf("%d of %d are found", n, many)
	}
}

// olderLog: what a log holds is never changed, so that a new index field is taken
// only if all documents have it.
func olderLog(t *testing.T, open Opener) {
	s := open(t)
	old := store.Spec{Name: "visit_log", Log: true}
	mustInsert(t, openAs[OldVisit](t, s, old), &OldVisit{Doc: store.Doc{ID: "x"}, Area: "a", Ticket: "secret"})
	before := raw(t, s, "visit_log")
	refused := old
	refused.Indexes = visits.Indexes
	_, err := store.Open[Visit](t.Context(), s, refused)
	if err == nil || !strings.Contains(err.Error(), "visit_log") || !strings.Contains(err.Error(), "append-only") || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v", err)
	}
	fitting := old
	fitting.Indexes = []store.Index{{Name: "by_area_alone", Fields: []store.Field{{Name: "area", Type: store.String}}}}
	c := openAs[Visit](t, s, fitting)
	wantIDs(t, "by area", walk(t, c, store.Query{Index: "by_area_alone", Equal: []any{"a"}}), []string{"x"})
	if !bytes.Equal(raw(t, s, "visit_log")["x"], before["x"]) {
		t.Error("the document has been touched")
	}
}

// olderRaw: a document of an older program that is brought in from a backup is
// completed too.
func olderRaw(t *testing.T, open Opener) {
	s := open(t)
	insertOld(t, s, 0, 2)
	before := raw(t, s, "visits")
	target := visits
	target.Name = "copies"
	c := openAs[Visit](t, s, target)
	var docs [][]byte
	for _, id := range []string{"0000", "0001"} {
		docs = append(docs, before[id])
	}
	for _, err := range s.InsertRaw(t.Context(), "copies", docs) {
		want(t, "insert raw", err, nil)
	}
	copies := raw(t, s, "copies")
	wantGrown(t, before, copies)
	wantIDs(t, "by area", walk(t, c, store.Query{Index: "by_area", Equal: []any{"a", 0}}), []string{"0000", "0001"})
	for _, doc := range docs {
		if whole, err := s.CompleteRaw("copies", slices.Clone(doc)); err != nil || !bytes.Equal(whole, copies[store.RawID(doc)]) {
			t.Errorf("stored as\n%q, not as\n%q, %v", copies[store.RawID(doc)], whole, err)
		}
	}
}
