package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"sipas/internal/store"
)

// TestBackupUnderLoad backs up while answers arrive, restores into another
// store, and compares.
func TestBackupUnderLoad(t *testing.T) {
	vars := map[string]string{"SIPAS_DATA": t.TempDir()}
	underLoad(t, vars, another(t, vars))
}

// underLoad is the test for any two engines.
func underLoad(t *testing.T, from, to map[string]string) {
	t.Helper()
	o := openOffice(t, from)
	o.fill(300)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var acknowledged struct {
		sync.Mutex
		keys []string
	}
	var writers, started sync.WaitGroup
	started.Add(8)
	for w := range 8 {
		writers.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				key := fmt.Sprintf("load-%d-%06d", w, i)
				if err := o.save(key, i); err != nil {
					t.Error(err)
				}
				acknowledged.Lock()
				acknowledged.keys = append(acknowledged.keys, key)
				acknowledged.Unlock()
				if i == 0 {
					started.Done()
				}
			}
		})
	}
	started.Wait()
	acknowledged.Lock()
	before := slices.Clone(acknowledged.keys)
	acknowledged.Unlock()
	file := filepath.Join(t.TempDir(), "backup.age")
	said := must(t, from, "backup", file)
	stop()
	writers.Wait()
	t.Log(said)

	must(t, to, "restore", file)
	target := opened(t, to)
	docs := documents(t, target)
	texts, stored := map[string]bool{}, map[string]bool{}
	for _, doc := range docs["comments"] {
		texts[store.RawID([]byte(doc))] = true
	}
	for _, doc := range docs["responses"] {
		id := store.RawID([]byte(doc))
		stored[id] = true
		if comment, _ := bson.Raw(doc).Lookup("comment").StringValueOK(); !texts[comment] {
			t.Errorf("the text of %s is not there", id)
		}
	}
	for _, key := range before {
		if !stored[key] {
			t.Errorf("%s was acknowledged before the backup began and is not in it", key)
		}
	}
	t.Logf("%d acknowledged before, %d in the backup, %d in all", 300+len(before), len(stored), 300+len(acknowledged.keys))
}

// TestBackupBesideServer backs up what a server has made of a new folder, so
// that a collection which only the server opens is missed by nobody.
func TestBackupBesideServer(t *testing.T) {
	vars := map[string]string{"SIPAS_DATA": t.TempDir(), "SIPAS_ADDR": "127.0.0.1:0"}
	ctx, stop := context.WithCancel(t.Context())
	ready := make(signalWriter, 64)
	var log bytes.Buffer
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, environment{func(name string) string { return vars[name] }, ready, &log}, nil)
		close(ready)
	}()
	defer func() { stop(); <-ended }()
	if _, greeted := <-ready; !greeted {
		t.Fatalf("the server did not start: %s", log.String())
	}
	if info, err := os.Stat(filepath.Join(vars["SIPAS_DATA"], "keys")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key file of a first start: %v, %v", info, err)
	}
	file := filepath.Join(t.TempDir(), "backup.age")
	must(t, vars, "backup", file)
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup: %v, %v", info, err)
	}
	for _, left := range []string{"backup.tmp", "backup.age.partial"} {
		if _, err := os.Stat(filepath.Join(vars["SIPAS_DATA"], left)); err == nil {
			t.Errorf("%s was left behind", left)
		}
	}
	if code, _, stderr := sipas(t, vars, "restore", file); code != exitFailed || !strings.Contains(stderr, "another server is running") {
		t.Errorf("restore beside a server: exit %d, %q", code, stderr)
	}
	must(t, another(t, vars), "restore", file)
}

// TestBackupRefuses: each mistake is one line that says what to do.
func TestBackupRefuses(t *testing.T) {
	vars := map[string]string{"SIPAS_DATA": t.TempDir()}
	o := openOffice(t, vars)
	o.fill(3)
	dir := t.TempDir()
	file := filepath.Join(dir, "backup.age")
	must(t, vars, "backup", file)
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string, b []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, command := range []string{"backup", "restore"} {
		if said := must(t, nil, command, "-h"); !strings.Contains(said, "FILE") {
			t.Errorf("%s -h: %q", command, said)
		}
	}
	damaged := slices.Clone(content)
	damaged[len(damaged)/2] ^= 4
	newMachine := map[string]string{"SIPAS_DATA": t.TempDir()}
	elsewhere := map[string]string{"SIPAS_DATA": t.TempDir()}
	must(t, elsewhere, "backup", filepath.Join(dir, "elsewhere.age")) // makes a key
	for _, tt := range []struct {
		vars map[string]string
		args []string
		code int
		says string
	}{
		{vars, []string{"backup"}, exitUsage, "name the file"},
		{vars, []string{"restore"}, exitUsage, "name the file"},
		{vars, []string{"backup", "a", "b"}, exitUsage, `not also "b"`},
		{vars, []string{"backup", "--force", "a"}, exitUsage, "no flag --force"},
		{vars, []string{"backup", "--check", "a"}, exitUsage, "no flag --check"},
		{vars, []string{"backup", file}, exitUsage, "is there already"},
		{vars, []string{"backup", filepath.Join(dir, "none", "x.age")}, exitUsage, "there is no folder"},
		{vars, []string{"restore", filepath.Join(dir, "none.age")}, exitUsage, "no such file"},
		{vars, []string{"restore", file}, exitFailed, "the store is not empty"},
		{vars, []string{"restore", file}, exitFailed, "move sipas.db, sipas.db-wal and sipas.db-shm out of " + vars["SIPAS_DATA"]},
		{newMachine, []string{"restore", file}, exitUsage, "no key file at " + filepath.Join(newMachine["SIPAS_DATA"], "keys")},
		{elsewhere, []string{"restore", file}, exitUsage, "SIPAS_KEY_FILE"},
		{another(t, vars), []string{"restore", write("damaged.age", damaged)}, exitFailed, "damaged.age is damaged or cut off"},
		{another(t, vars), []string{"restore", "--check", write("damaged.age", damaged)}, exitFailed, "damaged.age is damaged or cut off"},
		{another(t, vars), []string{"restore", write("cut.age", content[:len(content)-1])}, exitFailed, "cut.age is damaged or cut off"},
		{another(t, vars), []string{"restore", write("letter.txt", []byte("Kính gửi"))}, exitUsage, "letter.txt is not a backup"},
	} {
		code, stdout, stderr := sipas(t, tt.vars, tt.args...)
		if code != tt.code || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, tt.says) {
			t.Errorf("%v: exit %d, %q, %q", tt.args, code, stdout, stderr)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(newMachine["SIPAS_DATA"], "*")); len(left) > 0 {
		t.Errorf("a refused restore left %v", left)
	}
}

// TestKilledBackupIsSwept: what a killed backup leaves is a whole copy, and the
// next one removes it; two at the same time would be in each other's way.
func TestKilledBackupIsSwept(t *testing.T) {
	vars := map[string]string{"SIPAS_DATA": t.TempDir()}
	o := openOffice(t, vars)
	o.fill(3)
	left := filepath.Join(vars["SIPAS_DATA"], "backup.tmp")
	if err := os.Mkdir(left, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(left, "snapshot.db"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	must(t, vars, "backup", filepath.Join(dir, "1"))
	if _, err := os.Stat(left); err == nil {
		t.Error("it is still there")
	}
	c, err := readConfig(func(name string) string { return vars[name] })
	if err != nil {
		t.Fatal(err)
	}
	still, remove, err := standStill(t.Context(), c, o.s.db)
	if err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := sipas(t, vars, "backup", filepath.Join(dir, "2")); code != exitFailed || !strings.Contains(stderr, "another backup") {
		t.Errorf("two at the same time: exit %d, %q", code, stderr)
	}
	if names, err := still.Names(t.Context()); err != nil || len(names) == 0 {
		t.Errorf("the first one's snapshot: %v, %v", names, err)
	}
	remove()
	must(t, vars, "backup", filepath.Join(dir, "2"))
}

func TestFits(t *testing.T) {
	if fits(10<<20, 10<<20) || fits(1<<40, 1<<30) || !fits(10<<20, 1<<30) {
		t.Error("a snapshot is made where it does not fit, or not where it does")
	}
}

// BenchmarkBackup backs up and restores 100,000 responses, each with a text.
func BenchmarkBackup(b *testing.B) {
	from := map[string]string{"SIPAS_DATA": b.TempDir()}
	o := openOffice(b, from)
	const n = 100_000
	o.fill(n)
	o.rest()
	var written, read time.Duration
	var size int64
	for i := 0; b.Loop(); i++ {
		file := filepath.Join(b.TempDir(), fmt.Sprint(i))
		start := time.Now()
		must(b, from, "backup", file)
		written += time.Since(start)
		info, err := os.Stat(file)
		if err != nil {
			b.Fatal(err)
		}
		size = info.Size()
		to := another(b, from)
		start = time.Now()
		b.Log(must(b, to, "restore", file))
		read += time.Since(start)
	}
	b.ReportMetric(written.Seconds()/float64(b.N), "s/backup")
	b.ReportMetric(read.Seconds()/float64(b.N), "s/restore")
	b.ReportMetric(float64(size)/1e6, "MB")
}
