package store_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sipas/internal/store"
)

// TestScrub: what was overwritten or deleted, small or over many pages, is in none
// of the files afterwards, while others read and write, and what stays is whole.
func TestScrub(t *testing.T) {
	type note struct {
		store.Doc `bson:",inline"`
		Text      string `bson:"text"`
	}
	file := filepath.Join(t.TempDir(), "x.db")
	s, err := store.OpenSQLite(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close(context.Background()) })
	notes, err := store.Open[note](t.Context(), s, store.Spec{Name: "notes"})
	if err != nil {
		t.Fatal(err)
	}
	onDisk := func(word string) (n int) {
		files, _ := filepath.Glob(file + "*")
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			n += bytes.Count(b, []byte(word))
		}
		return n
	}
	const size = 40
	var docs []*note
	for i := range size {
		text := strings.Repeat(fmt.Sprintf("secret-%d ", i%2), 1+i*i)
		docs = append(docs, &note{store.Doc{ID: fmt.Sprintf("%03d", i)}, text})
		if err := notes.Insert(t.Context(), docs[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Scrub(t.Context()); err != nil { // into the database itself
		t.Fatal(err)
	}
	if onDisk("secret-0") == 0 || onDisk("secret-1") == 0 {
		t.Fatal("nothing is on disk")
	}
	stop := make(chan struct{})
	ended := make(chan error, 1)
	go func() {
		for {
			select {
			case <-stop:
				ended <- nil
				return
			default:
				if _, err := notes.Scan(context.Background(), store.Query{}); err != nil {
					ended <- err
					return
				}
			}
		}
	}()
	for i, d := range docs {
		switch i % 4 {
		case 0:
			err = notes.Delete(t.Context(), d.ID)
		case 2:
			d.Text = ""
			err = notes.Replace(t.Context(), d)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := onDisk("secret-0"); n > 0 {
		t.Errorf("on disk %d times", n)
	}
	close(stop)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	for i, d := range docs {
		if got, err := notes.Get(t.Context(), d.ID); i%2 == 1 && (err != nil || got.Text != d.Text) {
			t.Errorf("%s: %v", d.ID, err)
		}
	}
}
