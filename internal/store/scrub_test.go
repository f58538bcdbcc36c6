package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sipas/internal/store"
)

type paragraph struct {
	store.Doc `bson:",inline"`
	Area      string `bson:"area"`
	Text      string `bson:"text"`
}

var paragraphs = store.Spec{Name: "paragraphs", Indexes: []store.Index{
	{Name: "area", Fields: []store.Field{{Name: "area", Type: store.String}}},
}}

// leftIn returns which of the words stand in any file of the folder.
func leftIn(t *testing.T, folder string, words []string) (left []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range words {
			if bytes.Contains(b, []byte(w)) {
				left = append(left, w+" in "+filepath.Base(file))
			}
		}
	}
	return left
}

// TestScrub overwrites and deletes documents of all sizes in every order, while
// others come in, and looks into the files for what was there before.
func TestScrub(t *testing.T) {
	folder := t.TempDir()
	s := openSQLite(t, filepath.Join(folder, "x.db"))
	c, err := store.Open[paragraph](t.Context(), s, paragraphs)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 10)) // with which SQLite leaves copies of two words in its pages
	size := func() string { return strings.Repeat("x", r.IntN(1+1<<r.IntN(14))) }
	var stored []*paragraph
	var old []string
	for i := range 3000 {
		word := fmt.Sprintf("planted-%04d.", i)
		d := &paragraph{Doc: store.Doc{ID: fmt.Sprintf("%08x", r.Uint32())}, Area: "area " + word, Text: word + size()}
		if err := c.Insert(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		stored = append(stored, d)
		if r.IntN(2) == 0 {
			continue
		}
		j := r.IntN(len(stored))
		d = stored[j]
		word, _, _ = strings.Cut(d.Text, ".")
		old = append(old, word+".")
		if r.IntN(2) == 0 {
			err = c.Delete(t.Context(), d.ID)
			stored = append(stored[:j], stored[j+1:]...)
		} else {
			word = fmt.Sprintf("renewed-%04d.", i)
			d.Area, d.Text = "area "+word, word+size()
			err = c.Replace(t.Context(), d)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := leftIn(t, folder, old); left != nil {
		t.Errorf("of %d words that are no longer stored: %q", len(old), left)
	}
	for _, d := range stored {
		if now, err := c.Get(t.Context(), d.ID); err != nil || now.Text != d.Text || now.Version != d.Version {
			t.Fatalf("%s is %+v, %v", d.ID, now, err)
		}
	}
	page, err := c.Scan(t.Context(), store.Query{Index: "area", Equal: []any{stored[7].Area}, Limit: 10})
	if err != nil || len(page.Items) != 1 || page.Items[0].ID != stored[7].ID {
		t.Errorf("by its index: %+v, %v", page, err)
	}
}

// TestScrubBesideAReader: somebody who reads an older state, as a backup does, is
// not disturbed, and whoever scrubs is told that it is not done yet.
func TestScrubBesideAReader(t *testing.T) {
	folder := t.TempDir()
	s := openSQLite(t, filepath.Join(folder, "x.db"))
	c, err := store.Open[paragraph](t.Context(), s, paragraphs)
	if err != nil {
		t.Fatal(err)
	}
	d := &paragraph{Doc: store.Doc{ID: "a"}, Text: "planted"}
	if err := c.Insert(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", filepath.Join(folder, "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	reader, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := reader.QueryRow("SELECT count(*) FROM paragraphs").Scan(&n); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	d.Text = "renewed"
	if err := c.Replace(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	scrubbed := make(chan error, 1)
	go func() { scrubbed <- c.Scrub(ended) }()
	if err := c.Insert(t.Context(), &paragraph{Doc: store.Doc{ID: "b"}}); err != nil {
		t.Errorf("others are kept from writing: %v", err)
	}
	cancel()
	if err := <-scrubbed; err == nil {
		t.Error("said to be done while the log is still there")
	}
	if err := reader.QueryRow("SELECT count(*) FROM paragraphs").Scan(&n); err != nil || n != 1 {
		t.Errorf("the reader sees %d, %v", n, err)
	}
	if err := reader.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := c.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := leftIn(t, folder, []string{"planted"}); left != nil {
		t.Error(left)
	}
}
