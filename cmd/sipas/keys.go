package main

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"filippo.io/age"
	"github.com/gofrs/flock"

	"sipas/feedback"
)

// keyFile is the file of secrets that never enter the database or a backup. It
// is text, one key a line, each after the word that says what it is for:
//
//	sipas-keys 1
//	backup AGE-SECRET-KEY-1…
//	personal 1f0e9a77 Base64…
//
// Empty lines and those that begin with # are skipped. A word that this program
// does not know belongs to a newer one, and is left alone, so that a program can
// be taken back; a form that an older program must not touch gets a new number
// in the first line. Of several keys for one purpose the last is used for what
// is new, and all of them for what is old.
type keyFile struct {
	path     string
	backups  []*age.X25519Identity
	personal []feedback.Key
}

const (
	keysFirstLine   = "sipas-keys 1"
	keysForBackup   = "backup"
	keysForPersonal = "personal" // an id and the key: personal fields, codes and denunciations
	maxKeyFile      = 1 << 20
)

// errNoKeys: there is no key file.
var errNoKeys = errors.New("no key file")

// keyPath is where the key file is or would be.
func keyPath(env environment, c config) string {
	if v := env.get("SIPAS_KEY_FILE"); v != "" {
		return v
	}
	return filepath.Join(c.data, "keys")
}

// ensureKeys reads the key file, having made it if it is not there.
func ensureKeys(env environment, c config) (*keyFile, error) {
	k, err := readKeys(env, c)
	if !errors.Is(err, errNoKeys) {
		return k, err
	}
	if _, err := c.database(); err != nil { // makes the folder
		return nil, err
	}
	path := keyPath(env, c)
	switch err := makeKeys(path); {
	case err == nil:
		fmt.Fprintf(env.stderr, "sipas: made the key file %s: keep a copy of it in another place, no backup can be opened without it\n", path)
	case errors.Is(err, os.ErrExist): // somebody else was first
	default:
		return nil, wrongKeys(path+" cannot be made", err)
	}
	return readKeys(env, c)
}

// readKeys reads the key file. Whatever is wrong with it is one line that names
// the file and nothing in it.
func readKeys(env environment, c config) (*keyFile, error) {
	path := keyPath(env, c)
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, usageError{fmt.Errorf("%w at %s: bring the copy of it there, or name it in SIPAS_KEY_FILE", errNoKeys, path)}
	}
	if err == nil && (!info.Mode().IsRegular() || info.Size() > maxKeyFile) {
		err = errors.New("not a file of keys")
	}
	var text []byte
	if err == nil {
		text, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, wrongKeys(path, err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		fmt.Fprintf(env.stderr, "sipas: warning: other accounts of this machine may read the key file %s (mode %04o): chmod 600 it\n", path, info.Mode().Perm())
	}
	k, err := parseKeys(text)
	if err != nil {
		return nil, wrongKeys(path, err)
	}
	k.path = path
	return k, nil
}

func wrongKeys(path string, err error) error {
	var reason *os.PathError
	if errors.As(err, &reason) {
		err = reason.Err // the path is said already
	}
	return usagef("key file %s: %v", path, err)
}

// keyLine is a purpose and a key.
var keyLine = regexp.MustCompile(`^[a-z][a-z0-9-]*( [!-~]+)+$`)

func parseKeys(text []byte) (*keyFile, error) {
	var k keyFile
	first := true
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
			continue
		case first && strings.HasPrefix(line, "sipas-keys ") && line != keysFirstLine:
			return nil, errors.New("made by a newer program; this one reads only " + keysFirstLine)
		case first && line != keysFirstLine:
			return nil, errors.New("does not begin with the line " + keysFirstLine)
		case first:
			first = false
			continue
		case !keyLine.MatchString(line):
			return nil, fmt.Errorf("line %d is damaged", number)
		}
		purpose, key, _ := strings.Cut(line, " ")
		var err error
		switch purpose {
		case keysForBackup:
			var identity *age.X25519Identity
			identity, err = age.ParseX25519Identity(key)
			k.backups = append(k.backups, identity)
		case keysForPersonal:
			var personal feedback.Key
			personal, err = parsePersonalKey(key)
			k.personal = append(k.personal, personal)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d is damaged", number) // what err says may quote the key
		}
	}
	switch {
	case first:
		return nil, errors.New("does not begin with the line " + keysFirstLine)
	case len(k.backups) == 0:
		return nil, errors.New("has no key for backups (a line of the word backup and a key)")
	}
	return &k, nil
}

func parsePersonalKey(text string) (feedback.Key, error) {
	id, encoded, _ := strings.Cut(text, " ")
	secret, err := base64.StdEncoding.DecodeString(encoded)
	k := feedback.Key{ID: id, Secret: secret}
	if err == nil {
		_, err = feedback.NewRing(k)
	}
	return k, err
}

func personalKeyLine(k feedback.Key) string {
	return keysForPersonal + " " + k.ID + " " + base64.StdEncoding.EncodeToString(k.Secret) + "\n"
}

// ring returns the keys of personal fields. A key file that was made before
// there were any gets one.
func (k *keyFile) ring(env environment, c config) (*feedback.Ring, error) {
	if len(k.personal) == 0 {
		if err := addPersonalKey(k.path); err != nil {
			return nil, wrongKeys(k.path+" cannot be changed", err)
		}
		changed, err := readKeys(env, c)
		if err != nil {
			return nil, err
		}
		*k = *changed
	}
	return feedback.NewRing(k.personal...)
}

// addPersonalKey adds a key, unless another program has just done so: what one of
// them seals the other one has to read.
func addPersonalKey(path string) error {
	return changeKeys(path, func(k *keyFile, text []byte) ([]byte, error) {
		if len(k.personal) > 0 {
			return text, nil
		}
		return appendKey(text, feedback.NewKey()), nil
	})
}

func appendKey(text []byte, k feedback.Key) []byte {
	if len(text) > 0 && text[len(text)-1] != '\n' {
		text = append(text, '\n')
	}
	return append(text, personalKeyLine(k)...)
}

// changeKeys changes the key file in one piece, which is on disk when it returns;
// programs that change it do so one after the other.
func changeKeys(path string, change func(*keyFile, []byte) ([]byte, error)) error {
	lock := flock.New(path + ".lock")
	if err := lock.Lock(); err != nil {
		return err
	}
	defer func() { _ = lock.Unlock() }()
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	k, err := parseKeys(text)
	if err != nil {
		return err
	}
	changed, err := change(k, bytes.Clone(text))
	if err != nil || bytes.Equal(changed, text) {
		return err
	}
	draft, err := writeDraft(path, changed)
	if err != nil {
		return err
	}
	defer os.Remove(draft)
	if err := os.Rename(draft, path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder brings a change of names in a folder to the disk.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	err = folder.Sync()
	if runtime.GOOS == "windows" { // where a folder cannot be synced, and need not
		err = nil
	}
	return errors.Join(err, folder.Close())
}

// writeDraft writes a file beside path, with mode 0600.
func writeDraft(path string, text []byte) (name string, err error) {
	draft, err := os.CreateTemp(filepath.Dir(path), "keys-*.draft")
	if err != nil {
		return "", err
	}
	_, err = draft.Write(text)
	if err = errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		_ = os.Remove(draft.Name())
	}
	return draft.Name(), err
}

// recipient is whom new backups are encrypted to.
func (k *keyFile) recipient() age.Recipient { return k.backups[len(k.backups)-1].Recipient() }

// identities are what any backup of this installation can be opened with.
func (k *keyFile) identities() []age.Identity {
	list := make([]age.Identity, len(k.backups))
	for i, b := range k.backups {
		list[i] = b
	}
	return list
}

// makeKeys makes the file, in one piece and only if there is none: a server and
// a command may start at the same moment, and neither may ever read half of it
// or use a key that the other one then replaces.
func makeKeys(path string) error {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return err
	}
	var text bytes.Buffer
	fmt.Fprintf(&text, "# Keys of sipas. Keep a copy in another place, away from the backups:\n"+
		"# whoever has both can read everything, and without this file no backup can be opened.\n"+
		"%s\n%s %s\n%s", keysFirstLine, keysForBackup, identity, personalKeyLine(feedback.NewKey()))
	draft, err := writeDraft(path, text.Bytes())
	if err != nil {
		return err
	}
	defer os.Remove(draft)
	err = os.Link(draft, path) // unlike Rename it replaces nothing
	if err == nil || errors.Is(err, os.ErrExist) {
		return err
	}
	// A file system without links, such as a memory stick's.
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text.Bytes())
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		_ = os.Remove(path) // half a file would be taken for a damaged one
	}
	return err
}
