package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"sipas/internal/backup"
	"sipas/internal/catalogue"
	"sipas/internal/staff"
	"sipas/internal/store"
	"sipas/seeds"
	"sipas/survey"
)

// office is a store at work: seeded, with a link, a token, and an intake.
type office struct {
	t      testing.TB
	s      *stores
	intake *survey.Intake
	link   survey.Link
}

func openOffice(t testing.TB, vars map[string]string) *office {
	t.Helper()
	c, err := readConfig(func(name string) string { return vars[name] })
	if err != nil {
		t.Fatal(err)
	}
	s, err := openStores(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.close() })
	d, err := seeds.Load()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.seed(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if err := s.survey.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, s: s, link: survey.Link{Kind: survey.KindCounter, Area: "dat-dai", CreatedAt: time.Now()}}
	if err := s.survey.AddLink(t.Context(), &o.link); err != nil {
		t.Fatal(err)
	}
	if _, err := s.staff.AddToken(t.Context(), staff.Officer{Account: "văn phòng", Role: "office"}, time.Now()); err != nil {
		t.Fatal(err)
	}
	o.intake = survey.StartIntake(s.survey, survey.NewSegments(s.survey.Questionnaire), time.Now, slog.New(slog.DiscardHandler))
	t.Cleanup(o.rest)
	return o
}

// rest ends the intake.
func (o *office) rest() { _ = o.intake.Close(context.Background()) }

// save takes in one response, with a text, and returns when it is acknowledged.
func (o *office) save(key string, n int) error {
	form, err := o.s.survey.OpenForm(o.t.Context(), o.link.Code, time.Now())
	if err != nil {
		return err
	}
	answers := map[string]int{}
	for i, f := range form.Questionnaire.Factors {
		for j, c := range f.Criteria {
			answers[c.ID] = 1 + (n+i*3+j)%5
		}
	}
	r, comment, err := form.Read(survey.Submission{Key: key, Overall: 1 + n%5, Answers: answers, Comment: "Cảm ơn " + key}, time.Now())
	if err != nil {
		return err
	}
	_, err = o.intake.Save(context.Background(), r, comment, false)
	return err
}

func (o *office) fill(n int) {
	o.t.Helper()
	var group sync.WaitGroup
	for w := range 8 {
		group.Go(func() {
			for i := w; i < n; i += 8 {
				if err := o.save(fmt.Sprintf("key-%06d", i*7919%n), i); err != nil {
					o.t.Error(err)
				}
			}
		})
	}
	group.Wait()
}

// figures are what every page shows, over the answers stored now.
func figures(t testing.TB, s *stores) survey.Summary {
	t.Helper()
	if err := s.survey.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	segments := survey.NewSegments(s.survey.Questionnaire)
	if err := survey.NewChain(s.survey, segments, time.Now, slog.New(slog.DiscardHandler), nil).Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	sum, err := segments.Summarise(survey.Query{By: []string{"area", "criterion"}}, s.survey.Catalogue(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	sum.AsOf = time.Time{}
	return sum
}

// documents returns every stored document, by collection, sorted. What a restore
// adds of its own is left out.
func documents(t testing.TB, s *stores) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, name := range s.db.Collections() {
		d, err := s.db.Dump(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		for name != "restores" {
			page, err := d.Next(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			for _, doc := range page {
				all[name] = append(all[name], string(doc))
			}
		}
		slices.Sort(all[name])
	}
	return all
}

// opened opens the store that the variables name until the test ends.
func opened(t testing.TB, vars map[string]string) *stores {
	t.Helper()
	c, err := readConfig(func(name string) string { return vars[name] })
	if err != nil {
		t.Fatal(err)
	}
	s, err := openStores(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.close() })
	return s
}

// must runs the program and wants exit code 0.
func must(t testing.TB, vars map[string]string, args ...string) (stdout string) {
	t.Helper()
	code, stdout, stderr := sipas(t, vars, args...)
	if code != exitDone {
		t.Fatalf("%v: exit %d, %q", args, code, stderr)
	}
	return stdout
}

// another returns the variables of a machine with an empty store and a copy of
// the keys.
func another(t testing.TB, vars map[string]string) map[string]string {
	return map[string]string{"SIPAS_DATA": t.TempDir(), "SIPAS_KEY_FILE": filepath.Join(vars["SIPAS_DATA"], "keys")}
}

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

// TestRestoreIsTheSame moves a store that stands still: every document is the
// same bytes, and every figure the same to the last digit.
func TestRestoreIsTheSame(t *testing.T) {
	from := map[string]string{"SIPAS_DATA": t.TempDir()}
	o := openOffice(t, from)
	o.fill(1500)
	o.rest()
	o.s.seal(t, 2)
	to := another(t, from)
	sameAfter(t, o.s, from, to)

	// The chain goes on, and its next seal says that it went through a backup.
	sealed := must(t, from, "verify")
	if !strings.HasPrefix(sealed, "verified 2 days with 1500 answers") || must(t, to, "verify") != sealed {
		t.Errorf("verify: %q, after the restore %q", sealed, must(t, to, "verify"))
	}
	got := opened(t, to)
	got.seal(t, 3)
	digests, err := got.restores.Digests(t.Context())
	if err != nil || len(digests) != 1 {
		t.Fatalf("records of the restore: %v, %v", digests, err)
	}
	seals, _, err := got.survey.Seals(t.Context(), true, 2, "")
	if err != nil || len(seals) != 2 || !slices.Equal(seals[0].Restores, digests) || len(seals[1].Restores) > 0 {
		t.Errorf("seals %+v, %v; want %v in the newest", seals, err, digests)
	}
	must(t, to, "verify")
}

// seal seals as a server does that runs for so many days.
func (s *stores) seal(t *testing.T, days int) {
	t.Helper()
	if err := s.survey.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return catalogue.DateOf(time.Now()).AddDays(days).Start().Add(time.Hour) }
	chain := survey.NewChain(s.survey, survey.NewSegments(s.survey.Questionnaire), now, slog.New(slog.DiscardHandler), s.restores.Digests)
	if err := chain.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := chain.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// sameAfter backs up from, restores into to, and compares with what is stored
// in from.
func sameAfter(t *testing.T, want *stores, from, to map[string]string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "backup.age")
	must(t, from, "backup", file)
	if said := must(t, to, "restore", "--check", file); !strings.Contains(said, "is sound") {
		t.Errorf("check: %q", said)
	}
	said := must(t, to, "restore", file)
	if !strings.HasPrefix(said, "restored from "+file+" and compared: ") || strings.Count(said, "\n") != 1 {
		t.Errorf("restore said %q", said)
	}
	got := opened(t, to)
	wanted, found := documents(t, want), documents(t, got)
	for name := range wanted {
		if len(wanted[name]) > 0 && !slices.Equal(wanted[name], found[name]) {
			t.Errorf("%s: %d documents became %d, or other ones", name, len(wanted[name]), len(found[name]))
		}
	}
	if len(wanted) != len(found) || len(wanted["responses"]) == 0 || len(wanted["tokens"]) == 0 {
		t.Errorf("collections %d and %d", len(wanted), len(found))
	}
	if a, b := figures(t, want), figures(t, got); !reflect.DeepEqual(a, b) || a.Overall.Sums.Responses == 0 {
		t.Errorf("figures differ:\n%+v\n%+v", a.Overall, b.Overall)
	}
	list, err := got.restores.List(t.Context())
	if err != nil || len(list) == 0 {
		t.Errorf("records of the restore: %v, %v", list, err)
	}
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

// TestKeysAreNotInBackups looks for the key in everything that is backed up.
func TestKeysAreNotInBackups(t *testing.T) {
	vars := map[string]string{"SIPAS_DATA": t.TempDir()}
	o := openOffice(t, vars)
	o.fill(3)
	must(t, vars, "backup", filepath.Join(t.TempDir(), "backup.age"))
	text, err := os.ReadFile(filepath.Join(vars["SIPAS_DATA"], "keys"))
	if err != nil {
		t.Fatal(err)
	}
	for _, purpose := range []string{"backup", "personal"} {
		words := strings.Fields(keyLineOf(t, text, purpose))
		key := words[len(words)-1]
		for name, docs := range documents(t, o.s) {
			for _, doc := range docs {
				if strings.Contains(doc, key) || strings.Contains(doc, "AGE-SECRET") {
					t.Errorf("a key in %s", name)
				}
			}
		}
	}
}

// TestKeyFile: a wrong one is one line that names the file and shows nothing of
// it; a loose one is a warning; nobody's is ever replaced.
func TestKeyFile(t *testing.T) {
	dir := t.TempDir()
	vars := map[string]string{"SIPAS_DATA": filepath.Join(dir, "data"), "SIPAS_KEY_FILE": filepath.Join(dir, "my keys")}
	backUp := func(name string) (int, string) {
		code, _, stderr := sipas(t, vars, "backup", filepath.Join(dir, name))
		return code, stderr
	}
	if code, stderr := backUp("1"); code != 0 || !strings.Contains(stderr, "made the key file "+vars["SIPAS_KEY_FILE"]) {
		t.Fatalf("first backup: exit %d, %q", code, stderr)
	}
	good, err := os.ReadFile(vars["SIPAS_KEY_FILE"])
	if err != nil {
		t.Fatal(err)
	}
	if code, stderr := backUp("2"); code != 0 || stderr != "" {
		t.Errorf("second backup: exit %d, %q", code, stderr)
	}
	if err := os.Chmod(vars["SIPAS_KEY_FILE"], 0o644); err != nil {
		t.Fatal(err)
	}
	if code, stderr := backUp("3"); code != 0 || !strings.Contains(stderr, "warning: other accounts") || !strings.Contains(stderr, vars["SIPAS_KEY_FILE"]) {
		t.Errorf("a loose key file: exit %d, %q", code, stderr)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "keys-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	line := keyLineOf(t, good, "backup")
	for content, says := range map[string]string{
		"":                                   "does not begin with",
		"hello\n":                            "does not begin with",
		"sipas-keys 2\n" + line:              "newer program",
		"sipas-keys 1\n":                     "no key for backups",
		"sipas-keys 1\nother 1 00ff\n":       "no key for backups",
		"sipas-keys 1\npersonal 1 SECRET\n":  "line 2 is damaged",
		"sipas-keys 1\npersonal U0VDUkVU\n":  "line 2 is damaged",
		"sipas-keys 1\n" + line[:40] + "\n":  "line 2 is damaged",
		"sipas-keys 1\n\n# x\nBackup x\n":    "line 4 is damaged",
		"sipas-keys 1\nbackup\n":             "line 2 is damaged",
		"sipas-keys 1\n" + line + " more\n":  "line 2 is damaged",
		string(good) + "\x00\x01\n":          "is damaged",
		strings.Repeat("sipas\n", 1<<20):     "not a file of keys",
		"sipas-keys 1\n" + line + "\nSECRET": "line 3 is damaged",
	} {
		if err := os.WriteFile(vars["SIPAS_KEY_FILE"], []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{{"backup", filepath.Join(dir, "4")}, {"restore", filepath.Join(dir, "1")}, {"serve"}} {
			code, _, stderr := sipas(t, map[string]string{
				"SIPAS_DATA": vars["SIPAS_DATA"], "SIPAS_KEY_FILE": vars["SIPAS_KEY_FILE"], "SIPAS_ADDR": "127.0.0.1:0",
			}, args...)
			stderr = strings.TrimPrefix(stderr, stderr[:max(0, strings.Index(stderr, "sipas: key file"))])
			if code != exitUsage || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, "key file "+vars["SIPAS_KEY_FILE"]+": ") || !strings.Contains(stderr, says) {
				t.Errorf("%.20q, %v: exit %d, %q", content, args, code, stderr)
			}
			if strings.Contains(stderr, "AGE-") || strings.Contains(stderr, "SECRET") {
				t.Errorf("a secret is shown: %q", stderr)
			}
		}
		if now, _ := os.ReadFile(vars["SIPAS_KEY_FILE"]); string(now) != content {
			t.Fatal("a key file was replaced")
		}
	}
	// A second key is for what is new, the first still opens what is old; and
	// words of a newer program are left alone.
	next := "sipas-keys 1\nother 7 00ff\n" + line + "\n" + newKeyLine(t) + "\n"
	if err := os.WriteFile(vars["SIPAS_KEY_FILE"], []byte(next), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, vars, "backup", filepath.Join(dir, "5"))
	must(t, vars, "restore", "--check", filepath.Join(dir, "1"))
	must(t, vars, "restore", "--check", filepath.Join(dir, "5"))
	if err := os.WriteFile(vars["SIPAS_KEY_FILE"], good, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := sipas(t, vars, "restore", "--check", filepath.Join(dir, "5")); code != exitUsage {
		t.Errorf("the new backup with the old key: exit %d, %q", code, stderr)
	}
	vars["SIPAS_KEY_FILE"] = filepath.Join(dir, "none", "keys")
	if code, stderr := backUp("6"); code != exitUsage || !strings.Contains(stderr, "cannot be made") {
		t.Errorf("no folder for the key file: exit %d, %q", code, stderr)
	}
}

func newKeyLine(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keys")
	if err := makeKeys(path); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return keyLineOf(t, text, "backup")
}

// keyLineOf returns the line of a key file that has a key for the purpose.
func keyLineOf(t *testing.T, text []byte, purpose string) string {
	t.Helper()
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, purpose+" ") {
			return strings.TrimSpace(line)
		}
	}
	t.Fatalf("no key for %s", purpose)
	return ""
}

// TestPersonalKeyIsAddedOnce starts many programs at the same moment on a key
// file that was made before there were keys for personal fields: all use one key,
// and the key for backups stays.
func TestPersonalKeyIsAddedOnce(t *testing.T) {
	vars := map[string]string{"SIPAS_DATA": t.TempDir()}
	env := environment{func(name string) string { return vars[name] }, io.Discard, io.Discard}
	c, err := readConfig(env.get)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(c.data, "keys")
	old := "# ours\nsipas-keys 1\n" + newKeyLine(t) // without a line feed at its end
	if err := os.WriteFile(path, []byte(old), 0o600); err != nil {
		t.Fatal(err)
	}
	keys := make([]string, 16)
	var group sync.WaitGroup
	for i := range keys {
		group.Go(func() {
			k, err := readKeys(env, c)
			if err == nil {
				_, err = k.ring(env, c)
			}
			if err != nil {
				t.Error(err)
				return
			}
			if len(k.personal) != 1 {
				t.Errorf("%d keys", len(k.personal))
			}
			keys[i] = k.personal[0].ID
		})
	}
	group.Wait()
	if len(slices.Compact(keys)) != 1 {
		t.Error("more than one key")
	}
	text, err := os.ReadFile(path)
	if info, _ := os.Stat(path); err != nil || !strings.HasPrefix(string(text), old+"\n") || info.Mode().Perm() != 0o600 {
		t.Errorf("the key file is %q now, mode %v", text, info.Mode())
	}
	if drafts, _ := filepath.Glob(filepath.Join(c.data, "keys-*")); len(drafts) > 0 {
		t.Errorf("left behind: %v", drafts)
	}
	fresh := filepath.Join(t.TempDir(), "keys")
	if err := makeKeys(fresh); err != nil {
		t.Fatal(err)
	}
	if text, err = os.ReadFile(fresh); err != nil || keyLineOf(t, text, "personal") == "" {
		t.Error("a new key file has no key for personal fields")
	}
}

// TestKeysAreMadeOnce starts many programs at the same moment on a new folder:
// all use one key.
func TestKeysAreMadeOnce(t *testing.T) {
	vars := map[string]string{"SIPAS_DATA": t.TempDir()}
	env := environment{func(name string) string { return vars[name] }, io.Discard, io.Discard}
	c, err := readConfig(env.get)
	if err != nil {
		t.Fatal(err)
	}
	keys := make([]string, 16)
	var group sync.WaitGroup
	for i := range keys {
		group.Go(func() {
			k, err := ensureKeys(env, c)
			if err != nil {
				t.Error(err)
				return
			}
			keys[i] = k.backups[0].String()
		})
	}
	group.Wait()
	if len(slices.Compact(keys)) != 1 {
		t.Error("more than one key")
	}
}

// childRestore names the file that this binary, started as a child of a test,
// restores until it is killed.
const childRestore = "SIPAS_TEST_RESTORE"

// TestRestoreChild is the child of TestRestoreKilled.
func TestRestoreChild(t *testing.T) {
	file := os.Getenv(childRestore)
	if file == "" {
		return // run as a test, it has nothing to do
	}
	env := environment{os.Getenv, os.Stdout, os.Stderr}
	c, err := readConfig(env.get)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := readKeys(env, c)
	if err != nil {
		t.Fatal(err)
	}
	s, err := openUnchecked(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	_, err = backup.Restore(t.Context(), backup.File{Path: file, Keys: keys.identities()}, s.db, c.now, func(what, _ string, _ int64) {
		_, _ = os.Stdout.WriteString(what + "\n")
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestRestoreKilled kills a restore behind its first, second, … page. No server
// and no command works on what is there, until the same restore is run again.
func TestRestoreKilled(t *testing.T) {
	from := map[string]string{"SIPAS_DATA": t.TempDir()}
	o := openOffice(t, from)
	o.fill(2000)
	o.rest()
	file := filepath.Join(t.TempDir(), "backup.age")
	must(t, from, "backup", file)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cut := 0
	for _, pages := range []int{1, 2, 3, 5, 8, 12} {
		to := another(t, from)
		to["SIPAS_ADDR"] = "127.0.0.1:0"
		child := exec.Command(self, "-test.run=^TestRestoreChild$")
		child.Env = append(os.Environ(), childRestore+"="+file, "SIPAS_DATA="+to["SIPAS_DATA"], "SIPAS_KEY_FILE="+to["SIPAS_KEY_FILE"])
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		said := make([]byte, 1)
		for seen := 0; seen < pages; {
			if _, err := out.Read(said); err != nil {
				t.Fatal(err)
			}
			if said[0] == '\n' {
				seen++
			}
		}
		_ = child.Process.Kill()
		_, _ = io.Copy(io.Discard, out)
		_ = child.Wait()

		c, err := readConfig(func(name string) string { return to[name] })
		if err != nil {
			t.Fatal(err)
		}
		s, err := openUnchecked(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		err = backup.Finished(t.Context(), s.db)
		s.close()
		if errors.Is(err, backup.ErrUnfinished) {
			cut++
			for _, args := range [][]string{{"serve"}, {"seed"}, {"backup", file + "2"}} {
				code, _, stderr := sipas(t, to, args...)
				if code != exitFailed || !strings.Contains(stderr, "run the same restore again") {
					t.Errorf("%v on half a restore: exit %d, %q", args, code, stderr)
				}
			}
			must(t, to, "restore", file)
		} else if err != nil {
			t.Fatal(err)
		}
		got := opened(t, to)
		if a, b := figures(t, o.s), figures(t, got); !reflect.DeepEqual(a, b) {
			t.Errorf("killed behind page %d: figures differ", pages)
		}
	}
	if cut == 0 {
		t.Error("no restore was cut off")
	}
	t.Logf("%d of 6 restores were cut off", cut)
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
