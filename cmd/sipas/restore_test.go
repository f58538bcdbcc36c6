package main

import (
	"errors"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"sipas/internal/backup"
	"sipas/internal/catalogue"
	"sipas/survey"
)

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
