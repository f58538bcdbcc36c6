package backup_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"filippo.io/age"

	"sipas/internal/backup"
	"sipas/internal/store"
)

// answer is a document of a log that points to a text, which is written first.
type answer struct {
	store.Doc `bson:",inline"`
	At        time.Time `bson:"at"`
	Text      string    `bson:"text"`
}

type text struct {
	store.Doc `bson:",inline"`
	Words     string `bson:"words"`
}

var at = time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)

func now() time.Time { return at }

// shelf is an open store of answers and texts.
type shelf struct {
	*store.Store
	answers *store.Collection[answer]
	texts   *store.Collection[text]
}

func openShelf(t *testing.T, s *store.Store) *shelf {
	t.Helper()
	answers, err := store.Open[answer](t.Context(), s, store.Spec{Name: "answers", Log: true, Indexes: []store.Index{
		{Name: "by_time", Fields: []store.Field{{Name: "at", Type: store.Time}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	texts, err := store.Open[text](t.Context(), s, store.Spec{Name: "texts"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := backup.OpenRestores(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if _, err := store.OpenRevision(t.Context(), s, store.RevisionOfSetup); err != nil {
		t.Fatal(err)
	}
	return &shelf{s, answers, texts}
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	s, err := store.OpenSQLite(filepath.Join(t.TempDir(), "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(context.Background()) })
	return openShelf(t, s)
}

// put writes the text and then the answer that points to it.
func (s *shelf) put(ctx context.Context, id string) error {
	if err := s.texts.Insert(ctx, &text{Doc: store.Doc{ID: "t" + id}, Words: "Cảm ơn " + id}); err != nil {
		return err
	}
	return s.answers.Insert(ctx, &answer{Doc: store.Doc{ID: id}, At: at, Text: "t" + id})
}

func (s *shelf) fill(t *testing.T, n int) {
	t.Helper()
	var answers []*answer
	var texts []*text
	for i := range n {
		id := fmt.Sprintf("%05d", (i*7919)%n) // not in the order of ids
		texts = append(texts, &text{Doc: store.Doc{ID: "t" + id}, Words: "Cảm ơn " + id})
		answers = append(answers, &answer{Doc: store.Doc{ID: id}, At: at, Text: "t" + id})
	}
	if err := errors.Join(append(s.texts.InsertMany(t.Context(), texts), s.answers.InsertMany(t.Context(), answers)...)...); err != nil {
		t.Fatal(err)
	}
}

// all returns every document as it is stored, collection by collection.
func all(t *testing.T, s *store.Store, names ...string) (docs []string) {
	t.Helper()
	for _, name := range names {
		d, err := s.Dump(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		for {
			page, err := d.Next(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			for _, doc := range page {
				docs = append(docs, string(doc))
			}
		}
	}
	return docs
}

func newKey(t *testing.T) *age.X25519Identity {
	t.Helper()
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (s *shelf) source() backup.Source {
	return backup.Source{
		Store: s.Store, Known: s.Collections(), First: []string{"answers", "texts"},
		Header: backup.Header{Program: "v1", Engine: "sqlite", AsOf: at},
	}
}

// backUp writes a backup and returns the file with its key.
func (s *shelf) backUp(t *testing.T) backup.File {
	t.Helper()
	key := newKey(t)
	f := backup.File{Path: filepath.Join(t.TempDir(), "backup.age"), Keys: []age.Identity{newKey(t), key}}
	if _, err := backup.Create(t.Context(), f, key.Recipient(), s.source()); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestRoundTrip(t *testing.T) {
	from := newShelf(t)
	from.fill(t, 2100) // more than two pages
	changed, err := from.texts.Get(t.Context(), "t00007")
	if err != nil {
		t.Fatal(err)
	}
	changed.Words = ""
	if err := from.texts.Replace(t.Context(), changed); err != nil { // version 2, with a write token
		t.Fatal(err)
	}
	f := from.backUp(t)

	h, contents, err := f.Verify(t.Context())
	if err != nil || h.Program != "v1" || !h.AsOf.Equal(at) || contents.Documents() != 4200 {
		t.Errorf("%+v, %d documents: %v", h, contents.Documents(), err)
	}
	to := newShelf(t)
	record, err := backup.Restore(t.Context(), f, to.Store, now, nil)
	if err != nil {
		t.Fatal(err)
	}
	// The log in the order of its commits, which is not that of its ids.
	if !slices.Equal(all(t, from.Store, "answers", "texts"), all(t, to.Store, "answers", "texts")) {
		t.Error("the documents are not the same bytes in the same order")
	}
	if err := backup.Finished(t.Context(), to.Store); err != nil {
		t.Error(err)
	}
	if got, err := to.texts.Get(t.Context(), "t00007"); err != nil || got.Version != 2 || got.Words != "" {
		t.Errorf("a replaced document: %+v, %v", got, err)
	}

	// What was restored is on record, and goes on being, through the next backup.
	restores, err := backup.OpenRestores(t.Context(), to.Store)
	if err != nil {
		t.Fatal(err)
	}
	list, err := restores.List(t.Context())
	if err != nil || len(list) != 1 || list[0].Line() != record.Line() || list[0].SHA256 != contents.SHA256 || !list[0].AsOf.Equal(at) {
		t.Errorf("%+v, %v", list, err)
	}
	want := fmt.Sprintf("restore/1 as-of=2026-11-25T08:00:00.000Z documents=4200 id=20261125T080000.000Z-%s responses=0 restored-at=2026-11-25T08:00:00.000Z sha256=%s",
		contents.SHA256[:16], contents.SHA256)
	if record.Line() != want {
		t.Errorf("got  %s\nwant %s", record.Line(), want)
	}
	third := newShelf(t)
	if _, err := backup.Restore(t.Context(), to.backUp(t), third.Store, now, nil); err != nil {
		t.Fatal(err)
	}
	restores, err = backup.OpenRestores(t.Context(), third.Store)
	if err != nil {
		t.Fatal(err)
	}
	digests, err := restores.Digests(t.Context())
	if err != nil || len(digests) != 2 || !slices.Contains(digests, record.Digest()) {
		t.Errorf("digests %v, %v", digests, err)
	}
}

// TestScanUnderLoad reads a store page by page while others write to it: what
// was there before is in the backup, and no answer in it lacks its text.
func TestScanUnderLoad(t *testing.T) {
	from := newShelf(t)
	from.fill(t, 1500)
	ctx, stop := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	var written sync.WaitGroup
	written.Add(4)
	for w := range 4 {
		writers.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				if err := from.put(context.WithoutCancel(ctx), fmt.Sprintf("%d%04d", 9-w, i)); err != nil {
					t.Error(err)
				}
				if i == 0 {
					written.Done()
				}
			}
		})
	}
	written.Wait()
	f := from.backUp(t)
	stop()
	writers.Wait()

	to := newShelf(t)
	if _, err := backup.Restore(t.Context(), f, to.Store, now, nil); err != nil {
		t.Fatal(err)
	}
	for i := range 1500 {
		if _, err := to.answers.Get(t.Context(), fmt.Sprintf("%05d", i)); err != nil {
			t.Fatalf("answer %d from before the backup: %v", i, err)
		}
	}
	n := 0
	for q := (store.Query{Limit: 1000}); ; {
		page, err := to.answers.Scan(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range page.Items {
			if _, err := to.texts.Get(t.Context(), a.Text); err != nil {
				t.Errorf("the text of %s: %v", a.ID, err)
			}
			n++
		}
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	t.Logf("%d answers in the backup, of which %d came during it or just before", n, n-1500)
}

// TestEveryByteCounts changes each byte of a backup in turn, and cuts it off
// before every fifth: always an error, and never a document in the target.
func TestEveryByteCounts(t *testing.T) {
	from := newShelf(t)
	from.fill(t, 3)
	f := from.backUp(t)
	good, err := os.ReadFile(f.Path)
	if err != nil {
		t.Fatal(err)
	}
	to := newShelf(t)
	bad := backup.File{Path: filepath.Join(t.TempDir(), "bad.age"), Keys: f.Keys}
	n := 0
	try := func(what string, content []byte) {
		t.Helper()
		if err := os.WriteFile(bad.Path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		_, _, err := bad.Verify(t.Context())
		if n++; n%25 == 0 { // a restore looks at the store first, which takes its time
			_, err = backup.Restore(t.Context(), bad, to.Store, now, nil)
		}
		known := errors.Is(err, backup.ErrDamaged) || errors.Is(err, backup.ErrNotBackup) || errors.Is(err, backup.ErrWrongKey)
		if !known || !strings.Contains(err.Error(), bad.Path) || strings.Contains(err.Error(), "\n") {
			t.Fatalf("%s: %v", what, err)
		}
	}
	for i := range good {
		content := slices.Clone(good)
		content[i] ^= 1 << (i % 8)
		try(fmt.Sprintf("byte %d changed", i), content)
		if i%5 == 0 {
			try(fmt.Sprintf("cut off before byte %d", i), good[:i])
		}
	}
	try("something behind it", append(slices.Clone(good), 0))
	try("twice", append(slices.Clone(good), good...))
	if docs := all(t, to.Store, to.Collections()...); len(docs) > 0 {
		t.Errorf("%d documents were written", len(docs))
	}
	if _, err := backup.Restore(t.Context(), f, to.Store, now, nil); err != nil {
		t.Errorf("the sound file: %v", err)
	}
}

// encrypt makes a file of a stream that no writer of ours would make.
func encrypt(t *testing.T, plain []byte, zipped bool) backup.File {
	t.Helper()
	key := newKey(t)
	var b bytes.Buffer
	w, err := age.Encrypt(&b, key.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	if zipped {
		z := gzip.NewWriter(w)
		z.Write(plain)
		z.Close()
	} else {
		w.Write(plain)
	}
	w.Close()
	f := backup.File{Path: filepath.Join(t.TempDir(), "made.age"), Keys: []age.Identity{key}}
	if err := os.WriteFile(f.Path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return f
}

// decrypt does what docs/backup.md tells people to do with age and gunzip.
func decrypt(t *testing.T, f backup.File) []byte {
	t.Helper()
	file, err := os.Open(f.Path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r, err := age.Decrypt(file, f.Keys...)
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(r)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func TestOtherFiles(t *testing.T) {
	from := newShelf(t)
	from.fill(t, 3)
	f := from.backUp(t)
	plain := decrypt(t, f)
	lines := bytes.SplitN(plain, []byte("\n"), 2)
	if string(lines[0]) != "sipas-backup 1" || !bytes.Contains(plain, []byte("\nF{\"collections\":[")) {
		t.Fatalf("the stream is not as documented: %.100q", plain)
	}
	stranger := f
	stranger.Keys = []age.Identity{newKey(t)}
	text := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(text, []byte("Kính gửi Văn phòng Sở, đây không phải là bản sao lưu.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	swap := func(old, new string) []byte { return bytes.Replace(plain, []byte(old), []byte(new), 1) }
	for _, test := range []struct {
		name string
		file backup.File
		want error
	}{
		{"another key", stranger, backup.ErrWrongKey},
		{"no such file", backup.File{Path: text + "2", Keys: f.Keys}, os.ErrNotExist},
		{"a text", backup.File{Path: text, Keys: f.Keys}, backup.ErrNotBackup},
		{"another age file", encrypt(t, []byte("a letter"), false), backup.ErrNotBackup},
		{"an empty age file", encrypt(t, nil, false), backup.ErrNotBackup},
		{"another zipped age file", encrypt(t, []byte("a letter that is long enough"), true), backup.ErrNotBackup},
		{"nothing, zipped", encrypt(t, nil, true), backup.ErrNotBackup},
		{"a newer format", encrypt(t, swap("sipas-backup 1\n", "sipas-backup 2\n"), true), backup.ErrNewer},
		{"no format", encrypt(t, swap("sipas-backup 1\n", "sipas-backup x\n"), true), backup.ErrDamaged},
		{"another document", encrypt(t, swap("00001", "00009"), true), backup.ErrDamaged},
		{"a lost document", encrypt(t, swap(string(plain[bytes.IndexByte(plain, 'D'):bytes.IndexByte(plain, 'D')+1]), ""), true), backup.ErrDamaged},
		{"something behind its end", encrypt(t, append(slices.Clone(plain), '\n'), true), backup.ErrDamaged},
		{"a line without end", encrypt(t, append([]byte("sipas-backup 1\n{"), bytes.Repeat([]byte(" "), 2<<20)...), true), backup.ErrDamaged},
		{"a collection of another program", encrypt(t, resum(t, swap(`C{"name":"texts"}`, `C{"name":"cases"}`), "texts", "cases"), true), backup.ErrUnknownCollection},
	} {
		t.Run(test.name, func(t *testing.T) {
			to := newShelf(t)
			_, err := backup.Restore(t.Context(), test.file, to.Store, now, nil)
			if !errors.Is(err, test.want) || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), test.file.Path) {
				t.Errorf("got %v, want %v", err, test.want)
			}
			if docs := all(t, to.Store, to.Collections()...); len(docs) > 0 {
				t.Errorf("%d documents were written", len(docs))
			}
		})
	}
}

// resum puts another name into the end of a stream; its digest does not matter
// to what is found before.
func resum(t *testing.T, plain []byte, old, new string) []byte {
	t.Helper()
	return bytes.ReplaceAll(plain, []byte(`"name":"`+old+`"`), []byte(`"name":"`+new+`"`))
}

func TestRestoreWantsAnEmptyStore(t *testing.T) {
	from := newShelf(t)
	from.fill(t, 3)
	f := from.backUp(t)
	to := newShelf(t)
	if err := to.texts.Insert(t.Context(), &text{Doc: store.Doc{ID: "x"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Restore(t.Context(), f, to.Store, now, nil); !errors.Is(err, backup.ErrNotEmpty) || !strings.Contains(err.Error(), "texts") {
		t.Errorf("got %v, want %v", err, backup.ErrNotEmpty)
	}
	if len(all(t, to.Store, "answers", "config", "restores")) > 0 {
		t.Error("something was written")
	}
}

// TestRestoreCutOff ends a restore behind each of its pages. The store says so
// until the same restore has run to its end; another one is refused.
func TestRestoreCutOff(t *testing.T) {
	from := newShelf(t)
	from.fill(t, 1200)
	f := from.backUp(t)
	if err := from.put(t.Context(), "later"); err != nil {
		t.Fatal(err)
	}
	other := from.backUp(t)
	if err := errors.Join(from.answers.Delete(t.Context(), "later"), from.texts.Delete(t.Context(), "tlater")); err != nil {
		t.Fatal(err)
	}
	for stopAt := 1; ; stopAt++ {
		to := newShelf(t)
		ctx, stop := context.WithCancel(t.Context())
		pages := 0
		_, err := backup.Restore(ctx, f, to.Store, now, func(string, string, int64) {
			if pages++; pages == stopAt {
				stop()
			}
		})
		stop()
		if err == nil {
			if stopAt < 8 {
				t.Errorf("only %d pages", stopAt-1)
			}
			break
		}
		if err := backup.Finished(t.Context(), to.Store); !errors.Is(err, backup.ErrUnfinished) {
			t.Fatalf("cut off behind page %d: %v", stopAt, err)
		}
		if _, err := backup.Restore(t.Context(), other, to.Store, now, nil); err == nil || !strings.Contains(err.Error(), "half of another backup") {
			t.Errorf("another backup: %v", err)
		}
		if _, err := backup.Restore(t.Context(), f, to.Store, now, nil); err != nil {
			t.Fatalf("the same again, cut off behind page %d: %v", stopAt, err)
		}
		if err := backup.Finished(t.Context(), to.Store); err != nil {
			t.Error(err)
		}
		if !slices.Equal(all(t, from.Store, "answers", "texts"), all(t, to.Store, "answers", "texts")) {
			t.Errorf("cut off behind page %d, the documents are not the same bytes in the same order", stopAt)
		}
		if len(all(t, to.Store, "restores")) != 1 {
			t.Error("not one record")
		}
	}
}

// TestRestoreCompares has somebody else write while a restore runs: it is not
// called finished.
func TestRestoreCompares(t *testing.T) {
	from := newShelf(t)
	from.fill(t, 600)
	f := from.backUp(t)
	for name, meddle := range map[string]func(*shelf) error{
		"one more": func(s *shelf) error { return s.put(t.Context(), "zzz") },
		"one less": func(s *shelf) error { return s.texts.Delete(t.Context(), "t00000") },
		"another": func(s *shelf) error {
			d, _ := s.texts.Get(t.Context(), "t00000")
			return s.texts.Replace(t.Context(), d)
		},
		"elsewhere":  func(s *shelf) error { return revise(t, s) },
		"was before": nil,
	} {
		t.Run(name, func(t *testing.T) {
			to := newShelf(t)
			done := meddle == nil
			_, err := backup.Restore(t.Context(), f, to.Store, now, func(what, collection string, n int64) {
				if !done && what == "written" && collection == "texts" && n == 600 {
					done = true
					if err := meddle(to); err != nil {
						t.Error(err)
					}
				}
			})
			if !done || (err == nil) != (meddle == nil) {
				t.Errorf("done: %t, %v", done, err)
			}
			if meddle == nil {
				return
			}
			if err := backup.Finished(t.Context(), to.Store); !errors.Is(err, backup.ErrUnfinished) {
				t.Errorf("got %v, want %v", err, backup.ErrUnfinished)
			}
		})
	}
}

func revise(t *testing.T, s *shelf) error {
	r, err := store.OpenRevision(t.Context(), s.Store, store.RevisionOfSetup)
	if err != nil {
		return err
	}
	return r.Advance(t.Context())
}

func TestCreateRefuses(t *testing.T) {
	from := newShelf(t)
	from.fill(t, 3)
	key := newKey(t)
	dir := t.TempDir()
	f := backup.File{Path: filepath.Join(dir, "backup.age"), Keys: []age.Identity{key}}
	create := func(src backup.Source, to age.Recipient) error {
		_, err := backup.Create(t.Context(), f, to, src)
		return err
	}
	unknown := from.source()
	unknown.Known = []string{"answers", "config", "restores"}
	if err := create(unknown, key.Recipient()); !errors.Is(err, backup.ErrUnknownCollection) || !strings.Contains(err.Error(), "texts") {
		t.Errorf("a collection that is not known: %v", err)
	}
	if err := create(from.source(), newKey(t).Recipient()); !errors.Is(err, backup.ErrWrongKey) {
		t.Errorf("a backup that nobody here can open: %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stopped := from.source()
	stopped.Tell = func(string, string, int64) { stop() }
	if _, err := backup.Create(ctx, f, key.Recipient(), stopped); !errors.Is(err, context.Canceled) {
		t.Errorf("a backup that was stopped: %v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if err := os.WriteFile(f.Path, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := create(from.source(), key.Recipient()); !errors.Is(err, backup.ErrFileExists) {
		t.Errorf("got %v, want %v", err, backup.ErrFileExists)
	}
	if b, _ := os.ReadFile(f.Path); string(b) != "precious" {
		t.Error("a file was replaced")
	}
	os.Remove(f.Path)
	if err := os.WriteFile(f.Path+".partial", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := create(from.source(), key.Recipient()); err == nil || !strings.Contains(err.Error(), ".partial is there") {
		t.Errorf("beside another backup: %v", err)
	}
	if _, err := os.Stat(f.Path + ".partial"); err != nil {
		t.Error("the other backup's file was removed")
	}
}
