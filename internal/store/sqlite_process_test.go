package store_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"sipas/internal/store"
)

type note struct {
	store.Doc `bson:",inline"`
	Text      string `bson:"text"`
}

var notes = store.Spec{Name: "notes"}

// childFile names the store that this binary, started as a child of a test,
// writes to instead of running tests.
const childFile = "SIPAS_STORE_TEST_CHILD"

func TestMain(m *testing.M) {
	if path := os.Getenv(childFile); path != "" {
		child(path, os.Args[len(os.Args)-1])
		return
	}
	os.Exit(m.Run())
}

// child inserts documents from four callers, prints each acknowledged id, and
// goes on until its standard input ends or it is killed.
func child(path, prefix string) {
	s, err := store.OpenSQLite(path)
	if err != nil {
		panic(err)
	}
	c, err := store.Open[note](context.Background(), s, notes)
	if err != nil {
		panic(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	var group sync.WaitGroup
	var mu sync.Mutex
	for w := range 4 {
		group.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				id := fmt.Sprintf("%s-%d-%d", prefix, w, i)
				if err := c.Insert(context.Background(), &note{Doc: store.Doc{ID: id}, Text: "from a child"}); err != nil {
					panic(err)
				}
				mu.Lock()
				_, _ = os.Stdout.WriteString(id + "\n") // in one piece, as a killed process leaves no half
				mu.Unlock()
			}
		})
	}
	group.Wait()
	if err := s.Close(context.Background()); err != nil {
		panic(err)
	}
}

// startChild returns the child, what it prints, and what ends it.
func startChild(t *testing.T, path, prefix string) (*exec.Cmd, *bufio.Scanner, io.Closer) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, prefix)
	cmd.Env = append(os.Environ(), childFile+"="+path)
	cmd.Stderr = t.Output()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out), in
}

// TestSQLiteKilled kills a process that writes, at any moment, again and
// again: whatever it had acknowledged is there, and the file is sound.
func TestSQLiteKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	random := rand.New(rand.NewPCG(5, 6))
	acknowledged := 0
	for round := range 20 {
		cmd, out, _ := startChild(t, path, fmt.Sprint(round))
		var ids []string
		for n := 1 + random.IntN(100); len(ids) < n && out.Scan(); {
			ids = append(ids, out.Text())
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for out.Scan() { // what it had printed by then
			ids = append(ids, out.Text())
		}
		_ = cmd.Wait()
		if len(ids) == 0 {
			t.Fatal("the child acknowledged nothing")
		}
		acknowledged += len(ids)

		checkIntegrity(t, path)
		s := openSQLite(t, path)
		c, err := store.Open[note](t.Context(), s, notes)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			if _, err := c.Get(t.Context(), id); err != nil {
				t.Fatalf("acknowledged before the kill: %v", err)
			}
		}
		if err := s.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d documents acknowledged before 20 kills", acknowledged)
}

func checkIntegrity(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var verdict string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		t.Fatalf("integrity check: %s, %v", verdict, err)
	}
}

// TestSQLiteOtherProcess has two processes open and write to a new file at the
// same time: neither sees an error, and each finds what the other wrote.
func TestSQLiteOtherProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	cmd, out, end := startChild(t, path, "child")
	c, err := store.Open[note](t.Context(), openSQLite(t, path), notes)
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for w := range 4 {
		group.Go(func() {
			for i := range 100 {
				if err := c.Insert(t.Context(), &note{Doc: store.Doc{ID: fmt.Sprintf("parent-%d-%d", w, i)}}); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	theirs := 0
	for ; theirs < 100 && out.Scan(); theirs++ {
		if _, err := c.Get(t.Context(), out.Text()); err != nil {
			t.Errorf("written by the other process: %v", err)
		}
	}
	group.Wait()
	_ = end.Close()
	for out.Scan() {
		theirs++
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("the other process: %v", err)
	}
	if theirs < 100 {
		t.Errorf("the other process wrote %d documents", theirs)
	}
	found := map[string]int{}
	for q := (store.Query{Limit: 1000}); ; {
		page, err := c.Scan(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range page.Items {
			who, _, _ := strings.Cut(n.ID, "-")
			found[who]++
		}
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	if found["parent"] != 400 || found["child"] != theirs {
		t.Errorf("found %v, written 400 and %d", found, theirs)
	}
}

// TestSQLiteLeavesOneFile: closing lets go of the file, so that SQLite puts its
// log back into it.
func TestSQLiteLeavesOneFile(t *testing.T) {
	dir := t.TempDir()
	s := openSQLite(t, filepath.Join(dir, "store.db"))
	c, err := store.Open[note](t.Context(), s, notes)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Insert(t.Context(), &note{Doc: store.Doc{ID: "x"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Get(t.Context(), "x"); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("left %v, %v", left, err)
	}
}

// TestOpenErrors: a store that cannot be opened says so at once.
func TestOpenErrors(t *testing.T) {
	if _, err := store.OpenSQLite(filepath.Join(t.TempDir(), "no such folder", "store.db")); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("SQLite: got %v, want %v", err, store.ErrUnavailable)
	}
	const secret = "pa%zzsword"
	_, err := store.OpenMongo(t.Context(), "mongodb://user:"+secret+"@127.0.0.1/")
	if err == nil || strings.Contains(err.Error(), "zz") {
		t.Errorf("MongoDB: %v", err)
	}
	_, err = store.OpenMongo(t.Context(), "mongodb://user:password@127.0.0.1:1/?serverSelectionTimeoutMS=10")
	if !errors.Is(err, store.ErrUnavailable) || strings.Contains(err.Error(), "password") {
		t.Errorf("MongoDB: got %v, want %v", err, store.ErrUnavailable)
	}
}
