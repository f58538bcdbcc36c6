package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"sipas/internal/store"
)

// event is a document of a log with an index.
type event struct {
	store.Doc `bson:",inline"`
	At        time.Time `bson:"at"`
}

var events = store.Spec{Name: "events", Log: true, Indexes: []store.Index{
	{Name: "by_time", Fields: []store.Field{{Name: "at", Type: store.Time}}},
}}

func TestSQLiteDump(t *testing.T) { dumps(t, sqliteOpener(), true) }

// dumps runs what backups rely on. ordered says that the engine keeps the order
// of commits.
func dumps(t *testing.T, open func(t *testing.T) *store.Store, ordered bool) {
	for name, run := range map[string]func(t *testing.T, s *store.Store){
		"names":     dumpNames,
		"transient": dumpTransient,
		"paged":     dumpPaged,
		"growing":   dumpGrowing,
		"raw":       dumpRaw,
		"unopened":  func(t *testing.T, s *store.Store) { dumpUnopened(t, s, open) },
		"order":     func(t *testing.T, s *store.Store) { dumpOrder(t, s, ordered) },
		"closed":    dumpClosed,
	} {
		t.Run(name, func(t *testing.T) { run(t, open(t)) })
	}
}

func openIn[T any](t *testing.T, s *store.Store, spec store.Spec) *store.Collection[T] {
	t.Helper()
	c, err := store.Open[T](t.Context(), s, spec)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// rest reads a dump to its end.
func rest(t *testing.T, d *store.Dump) (docs [][]byte, pages int) {
	t.Helper()
	for {
		page, err := d.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			return docs, pages
		}
		docs, pages = append(docs, page...), pages+1
	}
}

func dump(t *testing.T, s *store.Store, name string) *store.Dump {
	t.Helper()
	d, err := s.Dump(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func rawIDs(docs [][]byte) (ids []string) {
	for _, doc := range docs {
		ids = append(ids, store.RawID(doc))
	}
	return ids
}

func dumpNames(t *testing.T, s *store.Store) {
	c := openIn[note](t, s, notes)
	openIn[event](t, s, events)
	if got := s.Collections(); !slices.Equal(got, []string{"events", "notes"}) {
		t.Errorf("opened: %v", got)
	}
	if err := c.Insert(t.Context(), &note{Doc: store.Doc{ID: "x"}}); err != nil {
		t.Fatal(err)
	}
	names, err := s.Names(t.Context())
	if err != nil || !slices.Contains(names, "notes") || !slices.IsSorted(names) {
		t.Errorf("there: %v, %v", names, err)
	}
	if d := dump(t, s, "notes"); d.Empty() {
		t.Error("notes are empty")
	}
	for _, name := range []string{"events", "nothing"} {
		d := dump(t, s, name)
		if docs, _ := rest(t, d); !d.Empty() || len(docs) > 0 {
			t.Errorf("%s is not empty", name)
		}
	}
}

// dumpTransient: collections say whether a backup leaves them out.
func dumpTransient(t *testing.T, s *store.Store) {
	openIn[note](t, s, notes)
	if got := s.Transient(); len(got) > 0 {
		t.Errorf("transient: %v", got)
	}
	for _, name := range []string{"visits", "calls"} {
		openIn[note](t, s, store.Spec{Name: name, Transient: true})
	}
	if got := s.Transient(); !slices.Equal(got, []string{"calls", "visits"}) {
		t.Errorf("transient: %v", got)
	}
	if got := s.Collections(); !slices.Equal(got, []string{"calls", "notes", "visits"}) {
		t.Errorf("opened: %v", got)
	}
}

func dumpPaged(t *testing.T, s *store.Store) {
	c := openIn[note](t, s, notes)
	var docs []*note
	var want []string
	for i := range 2001 {
		id := fmt.Sprintf("%05d", i)
		docs, want = append(docs, &note{Doc: store.Doc{ID: id}}), append(want, id)
	}
	if err := errors.Join(c.InsertMany(t.Context(), docs)...); err != nil {
		t.Fatal(err)
	}
	found, pages := rest(t, dump(t, s, "notes"))
	if !slices.Equal(rawIDs(found), want) || pages != 3 {
		t.Errorf("%d documents in %d pages", len(found), pages)
	}
}

// dumpGrowing: a dump ends where the collection ended when it began, so that it
// ends however fast others write.
func dumpGrowing(t *testing.T, s *store.Store) {
	for name, insert := range map[string]func(id string) error{
		"notes": func(id string) error {
			return openIn[note](t, s, notes).Insert(t.Context(), &note{Doc: store.Doc{ID: id}})
		},
		"events": func(id string) error {
			return openIn[event](t, s, events).Insert(t.Context(), &event{Doc: store.Doc{ID: id}, At: time.Now()})
		},
	} {
		if err := errors.Join(insert("b"), insert("d")); err != nil {
			t.Fatal(err)
		}
		d := dump(t, s, name)
		if err := insert("e"); err != nil {
			t.Fatal(err)
		}
		docs, _ := rest(t, d)
		if !slices.Equal(rawIDs(docs), []string{"b", "d"}) {
			t.Errorf("%s: %v", name, rawIDs(docs))
		}
	}
}

// dumpRaw: documents go from one collection to another as they are.
func dumpRaw(t *testing.T, s *store.Store) {
	c := openIn[note](t, s, notes)
	n := &note{Doc: store.Doc{ID: "x"}, Text: "one"}
	if err := errors.Join(c.Insert(t.Context(), n), c.Replace(t.Context(), n)); err != nil {
		t.Fatal(err)
	}
	copies := openIn[note](t, s, store.Spec{Name: "copies"})
	docs, _ := rest(t, dump(t, s, "notes"))
	if err := errors.Join(s.InsertRaw(t.Context(), "copies", docs)...); err != nil {
		t.Fatal(err)
	}
	if again, _ := rest(t, dump(t, s, "copies")); len(again) != 1 || string(again[0]) != string(docs[0]) {
		t.Error("not the same bytes")
	}
	got, err := copies.Get(t.Context(), "x")
	if err != nil || got.Version != 2 || got.Write != n.Write {
		t.Fatalf("%+v, %v", got, err)
	}
	if err := copies.Replace(t.Context(), got); err != nil {
		t.Errorf("a document that came raw: %v", err)
	}

	openIn[event](t, s, events)
	good, err := bson.Marshal(&event{Doc: store.Doc{ID: "y", Version: 1}, At: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	errs := s.InsertRaw(t.Context(), "events", [][]byte{docs[0], good, good[:9], nil})
	for i, want := range []error{store.ErrRefused, nil, store.ErrRefused, store.ErrRefused} {
		if !errors.Is(errs[i], want) || want == nil && errs[i] != nil {
			t.Errorf("document %d: got %v, want %v", i, errs[i], want)
		}
	}
	if err := s.InsertRaw(t.Context(), "events", [][]byte{good})[0]; !errors.Is(err, store.ErrExists) {
		t.Errorf("got %v, want %v", err, store.ErrExists)
	}
	if err := s.InsertRaw(t.Context(), "nothing", [][]byte{good})[0]; !errors.Is(err, store.ErrRefused) {
		t.Errorf("got %v, want %v", err, store.ErrRefused)
	}
	if whole, err := s.CompleteRaw("events", good); err != nil || !bytes.Equal(whole, good) {
		t.Errorf("a whole document became %x, %v", whole, err)
	}
	for name, doc := range map[string][]byte{"events": docs[0], "nothing": good} {
		if _, err := s.CompleteRaw(name, doc); !errors.Is(err, store.ErrRefused) {
			t.Errorf("got %v, want %v", err, store.ErrRefused)
		}
	}
}

// dumpUnopened reads what another program has stored.
func dumpUnopened(t *testing.T, s *store.Store, open func(t *testing.T) *store.Store) {
	if err := openIn[event](t, s, events).Insert(t.Context(), &event{Doc: store.Doc{ID: "x"}, At: time.Now()}); err != nil {
		t.Fatal(err)
	}
	other := open(t)
	if got := other.Collections(); len(got) > 0 {
		t.Errorf("opened: %v", got)
	}
	if docs, _ := rest(t, dump(t, other, "events")); !slices.Equal(rawIDs(docs), []string{"x"}) {
		t.Errorf("found %v", rawIDs(docs))
	}
}

func dumpOrder(t *testing.T, s *store.Store, ordered bool) {
	c := openIn[event](t, s, events)
	for _, id := range []string{"c", "a", "b"} {
		if err := c.Insert(t.Context(), &event{Doc: store.Doc{ID: id}, At: time.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"a", "b", "c"}
	if ordered {
		want = []string{"c", "a", "b"}
	}
	if docs, _ := rest(t, dump(t, s, "events")); !slices.Equal(rawIDs(docs), want) {
		t.Errorf("got %v, want %v", rawIDs(docs), want)
	}
}

func dumpClosed(t *testing.T, s *store.Store) {
	openIn[note](t, s, notes)
	d := dump(t, s, "notes")
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if docs, err := d.Next(t.Context()); len(docs) > 0 || err != nil {
		t.Errorf("the end of a dump: %v", err)
	}
	_, names := s.Names(t.Context())
	_, begun := s.Dump(t.Context(), "notes")
	for _, err := range []error{names, begun, s.InsertRaw(t.Context(), "notes", [][]byte{nil})[0], s.Snapshot(t.Context(), "x")} {
		if !errors.Is(err, store.ErrClosed) && !errors.Is(err, store.ErrNoSnapshot) {
			t.Errorf("got %v, want %v", err, store.ErrClosed)
		}
	}
}

// TestSQLiteSnapshot copies a store as of one moment, while others write.
func TestSQLiteSnapshot(t *testing.T) {
	dir := t.TempDir()
	s := openSQLite(t, filepath.Join(dir, "store.db"))
	c := openIn[note](t, s, notes)
	for i := range 10 {
		if err := c.Insert(t.Context(), &note{Doc: store.Doc{ID: fmt.Sprint(i)}}); err != nil {
			t.Fatal(err)
		}
	}
	if size, err := s.Size(t.Context()); err != nil || size < 4096 {
		t.Errorf("size %d, %v", size, err)
	}
	file := filepath.Join(dir, "a copy?#%'.db")
	if err := s.Snapshot(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	if err := c.Insert(t.Context(), &note{Doc: store.Doc{ID: "later"}}); err != nil {
		t.Fatal(err)
	}
	if docs, _ := rest(t, dump(t, openSQLite(t, file), "notes")); len(docs) != 10 {
		t.Errorf("%d documents", len(docs))
	}
	checkIntegrity(t, filepath.Join(dir, "store.db"))
	if err := s.Snapshot(t.Context(), file); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("onto a file: got %v, want %v", err, store.ErrUnavailable)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Snapshot(ended, filepath.Join(dir, "other.db")); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("given up: got %v, want %v", err, store.ErrUnavailable)
	}
}
