package main

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

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
