package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// These tests look inside the engine for what cannot be seen, or not for
// certain, through its surface: which jobs share a transaction, what SQLite
// makes of a query, and what another process does to the file.

type event struct {
	Doc  `bson:",inline"`
	Area string    `bson:"area"`
	Code int64     `bson:"code"`
	At   time.Time `bson:"at"`
}

var events = Spec{Name: "events", Indexes: []Index{
	{Name: "by_area", Fields: []Field{{"area", String}, {"code", Int64}, {"at", Time}}},
	{Name: "by_time", Fields: []Field{{"at", Time}}},
}}

// bench is a store with its parts laid open, and a connection of another
// program to its file.
type bench struct {
	store  *Store
	events *Collection[event]
	writer *sqliteWriter
	other  *sql.Conn
}

func openBench(t *testing.T) *bench {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store.db")
	s, err := OpenSQLite(path)
	must(t, err)
	t.Cleanup(func() { _ = s.Close(context.Background()) })
	c, err := Open[event](t.Context(), s, events)
	must(t, err)
	db, err := sql.Open("sqlite", path+"?_busy_timeout=10000")
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	other, err := db.Conn(t.Context())
	must(t, err)
	return &bench{store: s, events: c, writer: s.engine.(*sqliteEngine).writer, other: other}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (b *bench) exec(t *testing.T, text string) {
	t.Helper()
	_, err := b.other.ExecContext(context.Background(), text)
	must(t, err)
}

func (b *bench) ids(t *testing.T) (ids []string) {
	t.Helper()
	page, err := b.events.Scan(t.Context(), Query{Limit: 1000})
	must(t, err)
	for _, e := range page.Items {
		ids = append(ids, e.ID)
	}
	return ids
}

// together inserts the documents from a caller each, all in one transaction,
// and returns the outcomes.
func (b *bench) together(t *testing.T, ids ...string) []error {
	t.Helper()
	full, entered, release := make(chan error, 1), make(chan struct{}), make(chan struct{})
	go func() { // takes all the room of a transaction, and holds the writer up
		full <- b.writer.submit(t.Context(), commitDocs, 0, func(*sqliteWriter) error {
			close(entered)
			<-release
			return nil
		})
	}()
	<-entered
	errs := make([]error, len(ids))
	var group sync.WaitGroup
	for i, id := range ids {
		group.Go(func() { errs[i] = b.events.Insert(t.Context(), &event{Doc: Doc{ID: id}}) })
		for len(b.writer.queue) <= i {
			runtime.Gosched()
		}
	}
	close(release)
	group.Wait()
	must(t, <-full)
	return errs
}

func TestSQLiteSettings(t *testing.T) {
	b := openBench(t)
	for pragma, want := range map[string]int64{"synchronous": 2, "busy_timeout": busyTimeout.Milliseconds(), "journal_size_limit": walLimit, "secure_delete": 1} {
		var got int64
		must(t, b.writer.submit(t.Context(), 1, 0, func(w *sqliteWriter) error {
			return w.conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got)
		}))
		if got != want {
			t.Errorf("%s is %d, not %d", pragma, got, want)
		}
	}
	var mode string
	must(t, b.other.QueryRowContext(t.Context(), "PRAGMA journal_mode").Scan(&mode))
	if mode != "wal" {
		t.Errorf("journal mode is %s", mode)
	}
	_, err := b.store.engine.(*sqliteEngine).reads.Exec("DELETE FROM events")
	if err == nil {
		t.Error("a reading connection can write")
	}
}

// TestSQLiteFailingStatement has another program's trigger refuse one document
// of many in a transaction, in every way SQLite knows.
func TestSQLiteFailingStatement(t *testing.T) {
	for _, way := range []string{"ROLLBACK", "ABORT", "FAIL"} {
		t.Run(way, func(t *testing.T) {
			b := openBench(t)
			b.exec(t, "CREATE TRIGGER poison BEFORE INSERT ON events WHEN NEW.id = 'poison' BEGIN SELECT RAISE("+way+", 'poison'); END")
			ids := []string{"a", "b", "c", "poison", "d", "e", "c"}
			errs := b.together(t, ids...)
			for i, err := range errs {
				want := error(nil)
				switch i {
				case 3:
					want = ErrUnavailable
				case 6:
					want = ErrExists
				}
				if !errors.Is(err, want) || want == nil && err != nil {
					t.Errorf("insert %s: got %v, want %v", ids[i], err, want)
				}
			}
			if got := b.ids(t); !slices.Equal(got, []string{"a", "b", "c", "d", "e"}) {
				t.Errorf("stored %q", got)
			}

			// One caller's batch is taken apart too.
			errs = b.events.InsertMany(t.Context(), []*event{{Doc: Doc{ID: "f"}}, {Doc: Doc{ID: "poison"}}, {Doc: Doc{ID: "g"}}})
			if errs[0] != nil || !errors.Is(errs[1], ErrUnavailable) || errs[2] != nil {
				t.Errorf("outcomes %v", errs)
			}
			if got := b.ids(t); !slices.Equal(got, []string{"a", "b", "c", "d", "e", "f", "g"}) {
				t.Errorf("stored %q", got)
			}
		})
	}
}

// TestSQLiteFailingCommit: what a failed COMMIT left in the transaction must
// not be written by the next one, and its callers do not know.
func TestSQLiteFailingCommit(t *testing.T) {
	b := openBench(t)
	b.exec(t, "CREATE TABLE parent (id INTEGER PRIMARY KEY)")
	b.exec(t, "CREATE TABLE child (id INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED)")
	b.exec(t, "CREATE TRIGGER poison AFTER INSERT ON events WHEN NEW.id = 'poison' BEGIN INSERT INTO child VALUES (1); END")
	_, err := b.writer.conn.ExecContext(t.Context(), "PRAGMA foreign_keys = 1") // the writer is waiting for work
	must(t, err)
	must(t, b.events.Insert(t.Context(), &event{Doc: Doc{ID: "a"}}))
	errs := b.together(t, "b", "poison")
	if !errors.Is(errs[0], ErrUnknown) || !errors.Is(errs[1], ErrUnknown) {
		t.Errorf("outcomes %v", errs)
	}
	must(t, b.events.Insert(t.Context(), &event{Doc: Doc{ID: "c"}}))
	if got := b.ids(t); !slices.Equal(got, []string{"a", "c"}) {
		t.Errorf("stored %q", got)
	}
}

// impatient is how long a caller waits who leaves: long enough to have handed its
// write over on a busy machine, much shorter than another program is waited for.
const impatient = time.Second

// TestSQLiteGivingUp: a caller that leaves while its write waits for another
// program does not know; the write lands all the same, nobody else is touched,
// and repeating settles it.
func TestSQLiteGivingUp(t *testing.T) {
	b := openBench(t)
	old := &event{Doc: Doc{ID: "old"}}
	must(t, b.events.Insert(t.Context(), old))

	b.exec(t, "BEGIN IMMEDIATE")
	ctx, cancel := context.WithTimeout(t.Context(), impatient)
	defer cancel()
	inserted, replaced, deleted := make(chan error, 1), make(chan error, 1), make(chan error, 1)
	go func() { inserted <- b.events.Insert(ctx, &event{Doc: Doc{ID: "new"}}) }()
	go func() { replaced <- b.events.Replace(ctx, old) }()
	go func() { deleted <- b.events.Delete(ctx, "nothing") }()
	patient := make(chan error, 1)
	go func() { patient <- b.events.Insert(t.Context(), &event{Doc: Doc{ID: "patient"}}) }()
	for doing, outcome := range map[string]chan error{"insert": inserted, "replace": replaced, "delete": deleted} {
		if err := <-outcome; !errors.Is(err, ErrUnknown) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: got %v, want %v", doing, err, ErrUnknown)
		}
	}
	b.exec(t, "COMMIT")
	must(t, <-patient)

	if err := b.events.Insert(t.Context(), &event{Doc: Doc{ID: "new"}}); !errors.Is(err, ErrExists) {
		t.Errorf("insert again: got %v, want %v", err, ErrExists)
	}
	must(t, b.events.Replace(t.Context(), old))
	if old.Version != 2 {
		t.Errorf("the version is %d after one Replace that was repeated", old.Version)
	}
}

// TestSQLiteCloseWritesOut: closing waits for writes whose callers have left.
func TestSQLiteCloseWritesOut(t *testing.T) {
	b := openBench(t)
	b.exec(t, "BEGIN IMMEDIATE")
	ctx, cancel := context.WithTimeout(t.Context(), impatient)
	defer cancel()
	outcomes := make(chan error, 3)
	for _, id := range []string{"a", "b", "c"} {
		go func() { outcomes <- b.events.Insert(ctx, &event{Doc: Doc{ID: id}}) }()
	}
	for range 3 {
		if err := <-outcomes; !errors.Is(err, ErrUnknown) {
			t.Fatalf("got %v, want %v", err, ErrUnknown)
		}
	}
	closed := make(chan error, 1)
	go func() { closed <- b.store.Close(t.Context()) }()
	for b.store.enter() == nil { // until it is closing
		b.store.leave()
		runtime.Gosched()
	}
	b.exec(t, "COMMIT")
	must(t, <-closed)
	var n int
	must(t, b.other.QueryRowContext(t.Context(), "SELECT count(*) FROM events").Scan(&n))
	if n != 3 {
		t.Errorf("%d of 3 documents are there", n)
	}
}

// TestSQLiteRepeatedReplace: the token is taken for one's own write only with
// the same content, and is forgotten when the outcome is known.
func TestSQLiteRepeatedReplace(t *testing.T) {
	b := openBench(t)
	e := &event{Doc: Doc{ID: "x"}}
	must(t, b.events.Insert(t.Context(), e))
	giveUp := func() {
		t.Helper()
		b.exec(t, "BEGIN IMMEDIATE")
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		if err := b.events.Replace(ctx, e); !errors.Is(err, ErrUnknown) {
			t.Fatalf("got %v, want %v", err, ErrUnknown)
		}
		b.exec(t, "COMMIT")
	}
	e.Area = "first"
	giveUp()
	e.Area = "second"
	if err := b.events.Replace(t.Context(), e); !errors.Is(err, ErrStale) {
		t.Errorf("another content: got %v, want %v", err, ErrStale)
	}
	e, err := b.events.Get(t.Context(), "x")
	must(t, err)
	if e.Area != "first" {
		t.Errorf("stored %q", e.Area)
	}
	giveUp()
	must(t, b.events.Replace(t.Context(), e))
	token := e.Write
	must(t, b.events.Replace(t.Context(), e))
	if e.Version != 4 || e.Write == token {
		t.Errorf("version %d, token %s after %s", e.Version, e.Write, token)
	}
}

// TestSQLiteBusy: if another program never lets go, nothing was written.
func TestSQLiteBusy(t *testing.T) {
	b := openBench(t)
	must(t, b.writer.submit(t.Context(), 1, 0, func(w *sqliteWriter) error { return w.exec("PRAGMA busy_timeout = 1") }))
	b.exec(t, "BEGIN IMMEDIATE")
	e := &event{Doc: Doc{ID: "x"}}
	if err := b.events.Insert(t.Context(), e); !errors.Is(err, ErrUnavailable) {
		t.Errorf("got %v, want %v", err, ErrUnavailable)
	}
	_, err := b.events.Get(t.Context(), "x")
	if !errors.Is(err, ErrNotFound) {
		t.Errorf("reading beside it: got %v, want %v", err, ErrNotFound)
	}
	b.exec(t, "COMMIT")
	must(t, b.events.Insert(t.Context(), e))
}

// TestSQLitePlans: every shape of query is one range of its index, in its
// order, and a resumed one begins at the cursor.
func TestSQLitePlans(t *testing.T) {
	b := openBench(t)
	log := events
	log.Name, log.Log = "event_log", true
	logged, err := Open[event](t.Context(), b.store, log)
	must(t, err)
	noon := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	for _, c := range []*Collection[event]{b.events, logged} {
		for _, test := range []struct {
			query Query
			after []any
			want  string // in what SQLite says it does
		}{
			{Query{}, nil, "SCAN"},
			{Query{}, []any{"x"}, "(id>?)"},
			{Query{From: "a", To: "b"}, nil, "(id>? AND id<?)"},
			{Query{From: "a", To: "b", Reverse: true}, []any{"ab"}, "(id>? AND id<?)"},
			{Query{Index: "by_area"}, nil, "SCAN"},
			{Query{Index: "by_area"}, []any{"a", int64(1), int64(2), "x"}, "((x_area,x_code,x_at,id)>(?,?,?,?))"},
			{Query{Index: "by_area", Equal: []any{"a"}}, nil, "(x_area=?)"},
			{Query{Index: "by_area", Equal: []any{"a"}, From: 1, To: 9}, nil, "(x_area=? AND x_code>? AND x_code<?)"},
			{Query{Index: "by_area", Equal: []any{"a"}, From: 1, To: 9}, []any{int64(2), int64(2), "x"}, "(x_area=? AND (x_code,x_at,id)>(?,?,?) AND x_code<?)"},
			{Query{Index: "by_area", Equal: []any{"a"}, From: 1, To: 9, Reverse: true}, []any{int64(2), int64(2), "x"}, "(x_area=? AND x_code>? AND (x_code,x_at,id)<(?,?,?))"},
			{Query{Index: "by_area", Equal: []any{"a", 1}, From: noon}, []any{noon.UnixMilli(), "x"}, "(x_area=? AND x_code=? AND (x_at,id)>(?,?))"},
			{Query{Index: "by_area", Equal: []any{"a", 1, noon}}, []any{"x"}, "(x_area=? AND x_code=? AND x_at=? AND id>?)"},
			{Query{Index: "by_time", To: noon, Reverse: true}, nil, "(x_at<?)"},
		} {
			p, err := c.schema.plan(test.query)
			must(t, err)
			if test.after != nil {
				p.resume(test.after)
			}
			text, args := c.table.(*sqliteTable).query(p)
			steps := explain(t, b.other, text, args)
			if len(steps) != 1 || !strings.Contains(steps[0], test.want) ||
				test.query.Index != "" && !strings.Contains(steps[0], indexName(c.schema, test.query.Index)) {
				t.Errorf("%s:\n%s\n got %q\nwant %s", c.schema.Name, text, steps, test.want)
			}
		}
	}
}

func explain(t *testing.T, db *sql.Conn, text string, args []any) (steps []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+text, args...)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var detail string
		must(t, rows.Scan(&id, &parent, &unused, &detail))
		steps = append(steps, detail)
	}
	must(t, rows.Err())
	return steps
}

// TestSQLiteCommitOrder: the number n of a log grows with each commit.
func TestSQLiteCommitOrder(t *testing.T) {
	b := openBench(t)
	log := events
	log.Name, log.Log = "event_log", true
	c, err := Open[event](t.Context(), b.store, log)
	must(t, err)
	ids := []string{"m", "z", "a", "é", "b"}
	for _, id := range ids {
		must(t, c.Insert(t.Context(), &event{Doc: Doc{ID: id}}))
		if err := c.Insert(t.Context(), &event{Doc: Doc{ID: "m"}}); !errors.Is(err, ErrExists) {
			t.Fatal(err)
		}
	}
	rows, err := b.other.QueryContext(t.Context(), "SELECT id FROM event_log ORDER BY n")
	must(t, err)
	defer rows.Close()
	var got []string
	for rows.Next() {
		var id string
		must(t, rows.Scan(&id))
		got = append(got, id)
	}
	if !slices.Equal(got, ids) {
		t.Errorf("got %q, want %q", got, ids)
	}
}

// TestSQLiteOtherSpec opens the same documents with indexes added, taken away
// and added again.
func TestSQLiteOtherSpec(t *testing.T) {
	b := openBench(t)
	insert := func(c *Collection[event], from, to int) {
		t.Helper()
		for i := from; i < to; i++ {
			must(t, c.Insert(t.Context(), &event{Doc: Doc{ID: fmt.Sprintf("%03d", i)}, Area: "a", Code: int64(-i), At: time.UnixMilli(int64(i))}))
		}
	}
	insert(b.events, 0, 100)
	fewer := Spec{Name: "events"}
	c, err := Open[event](t.Context(), b.store, fewer)
	must(t, err)
	insert(c, 100, 240)
	c, err = Open[event](t.Context(), b.store, events)
	must(t, err)
	page, err := c.Scan(t.Context(), Query{Index: "by_time", From: time.UnixMilli(150), To: time.UnixMilli(160)})
	must(t, err)
	if len(page.Items) != 10 {
		t.Errorf("the index that came back leads to %d of 10 documents", len(page.Items))
	}
	insert(c, 240, 250)
	more := events
	more.Indexes = append(slices.Clone(events.Indexes), Index{"by_code", []Field{{"code", Int64}}})
	c, err = Open[event](t.Context(), b.store, more)
	must(t, err)
	insert(c, 250, 260)
	for _, index := range more.Indexes {
		n := 0
		for q := (Query{Index: index.Name}); ; {
			page, err := c.Scan(t.Context(), q)
			must(t, err)
			for _, e := range page.Items {
				if want := fmt.Sprintf("%03d", map[string]int{"by_area": 259 - n, "by_code": 259 - n, "by_time": n}[index.Name]); e.ID != want {
					t.Fatalf("%s: got %s, want %s", index.Name, e.ID, want)
				}
				n++
			}
			if q.After = page.Next; q.After == "" {
				break
			}
		}
		if n != 260 {
			t.Errorf("%s leads to %d documents", index.Name, n)
		}
	}
	for what, spec := range map[string]Spec{
		"a log":                      {Name: "events", Log: true},
		"another type":               {Name: "events", Indexes: []Index{{"by_area_2", []Field{{"area", Int64}}}}},
		"an index with other fields": {Name: "events", Indexes: []Index{{"by_time", []Field{{"code", Int64}}}}},
		"a field that no event has":  {Name: "events", Indexes: []Index{{"by_lack", []Field{{"lack", String}}}}},
	} {
		if _, err := Open[event](t.Context(), b.store, spec); err == nil {
			t.Errorf("%s can be opened", what)
		}
	}
	// What was refused has changed nothing.
	if _, err := Open[event](t.Context(), b.store, more); err != nil {
		t.Error(err)
	}
}
