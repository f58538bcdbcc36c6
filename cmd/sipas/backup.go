package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"sipas/internal/backup"
	"sipas/internal/store"
)

// scanFirst is the order in which a backup reads collections that build on each
// other: what is written later comes first, so that a response never comes
// without its text, nor a seal without what it seals. On the embedded store a
// snapshot makes it unnecessary.
var scanFirst = []string{
	"editions", "seals", "segments", "segment_lists", "chain",
	"responses", "trials", "comments", "codes",
	"links", "questionnaires", "questionnaire_drafts",
	"cases", "denunciations", "pieces", "sealing_keys", // in this order a case that is moving is in both rather than in none
	"targets", "procedures", "desks", "units", "areas", "terms", "calendar", "retention",
}

// backupCommand writes a backup beside whatever server is running.
func backupCommand(ctx context.Context, env environment, args []string) error {
	path, _, err := oneFile("backup", args)
	if err != nil {
		return err
	}
	c, err := readConfig(env.get)
	if err != nil {
		return err
	}
	if err := newFile(path); err != nil { // before a long snapshot is made for nothing
		return err
	}
	s, err := openStores(ctx, c)
	if err != nil {
		return err
	}
	defer s.close()
	keys, err := keysOf(ctx, env, c, s)
	if err != nil {
		return err
	}
	src := backup.Source{
		Store: s.db, Known: s.db.Collections(), Without: s.db.Transient(), First: scanFirst, Tell: tell(env.stderr),
		Header: backup.Header{Program: programVersion(), Engine: "mongodb", AsOf: c.now().UTC().Truncate(time.Millisecond)},
	}
	if c.mongoURI == "" {
		still, remove, err := standStill(ctx, c, s.db)
		if err != nil {
			return fmt.Errorf("back up: %w", err)
		}
		defer remove()
		src.Store, src.Header.Engine, src.Header.Snapshot = still, "sqlite", true
	}
	contents, err := backup.Create(ctx, backup.File{Path: path, Keys: keys.identities()}, keys.recipient(), src)
	if errors.Is(err, backup.ErrFileExists) {
		return usageError{err}
	}
	if err != nil {
		return err
	}
	size := ""
	if info, err := os.Stat(path); err == nil {
		size = megabytes(info.Size()) + ", "
	}
	fmt.Fprintf(env.stdout, "%s: %s%s\n", path, size, describe(src.Header, contents))
	return nil
}

// restoreCommand brings a backup into an empty store, or only reads it through.
func restoreCommand(ctx context.Context, env environment, args []string) error {
	path, onlyCheck, err := oneFile("restore", args)
	if err != nil {
		return err
	}
	c, err := readConfig(env.get)
	if err != nil {
		return err
	}
	keys, err := readKeys(env, c) // a new one could open nothing
	if err != nil {
		return err
	}
	f := backup.File{Path: path, Keys: keys.identities()}
	if _, err := f.Header(ctx); err != nil { // before anything is touched
		return explain(err, keys)
	}
	if onlyCheck {
		h, contents, err := f.Verify(ctx)
		if err != nil {
			return explain(err, keys)
		}
		fmt.Fprintf(env.stdout, "%s is sound: %s\n", path, describe(h, contents))
		return nil
	}
	unlock, err := lockEmbedded(c)
	if err != nil {
		return err
	}
	defer unlock()
	s, err := openUnchecked(ctx, c)
	if err != nil {
		return err
	}
	defer s.close()
	record, err := backup.Restore(ctx, f, s.db, c.now, tell(env.stderr))
	if errors.Is(err, backup.ErrNotEmpty) {
		return fmt.Errorf("%w; %s", err, makeRoom(c))
	}
	if err != nil {
		return explain(err, keys)
	}
	h := backup.Header{Program: record.Program, Engine: record.Engine, AsOf: record.AsOf}
	fmt.Fprintf(env.stdout, "restored from %s and compared: %s\n", path,
		describe(h, backup.Contents{Collections: record.Collections, SHA256: record.SHA256}))
	return nil
}

// oneFile reads the command's only argument and, for restore, its only flag.
func oneFile(command string, args []string) (path string, onlyCheck bool, err error) {
	for _, a := range args {
		switch {
		case command == "restore" && (a == "--check" || a == "-check"):
			onlyCheck = true
		case strings.HasPrefix(a, "-"):
			return "", false, usagef("%s: there is no flag %s", command, a)
		case path != "":
			return "", false, usagef("%s: one file, not also %q", command, a)
		default:
			path = a
		}
	}
	if path == "" {
		return "", false, usagef("%s: name the file; see sipas %s -h", command, command)
	}
	return path, onlyCheck, nil
}

// newFile refuses a path that no new file can have.
func newFile(path string) error {
	if _, err := os.Lstat(path); err == nil {
		return usagef("%s %v", path, backup.ErrFileExists)
	}
	if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
		return usagef("%s: there is no folder %s", path, filepath.Dir(path))
	}
	return nil
}

// explain sorts what is wrong with a file: another file, or another key, is the
// caller's to name.
func explain(err error, keys *keyFile) error {
	switch {
	case errors.Is(err, backup.ErrWrongKey):
		return usagef("%w (%s): put the copy of that key file there, or name it in SIPAS_KEY_FILE", err, keys.path)
	case errors.Is(err, backup.ErrNotBackup), errors.Is(err, os.ErrNotExist):
		return usageError{err}
	}
	return err
}

// makeRoom says how to get an empty store.
func makeRoom(c config) string {
	if c.mongoURI != "" {
		return "name a new database in MONGODB_URI"
	}
	return fmt.Sprintf("move sipas.db, sipas.db-wal and sipas.db-shm out of %s (not the keys), or set SIPAS_DATA to another folder", c.data)
}

// standStill returns a copy of the embedded store as of one moment, and what
// closes and removes it. It lies in the data folder, which is as private as the
// store itself; one that a killed backup left there is removed first, which the
// lock makes safe.
func standStill(ctx context.Context, c config, live *store.Store) (still *store.Store, remove func(), err error) {
	lock := flock.New(filepath.Join(c.data, "backup.lock"))
	got, err := lock.TryLock()
	if err != nil {
		return nil, nil, fmt.Errorf("lock %s: %w", c.data, err)
	}
	if !got {
		return nil, nil, fmt.Errorf("another backup of %s is being made", c.data)
	}
	folder := filepath.Join(c.data, "backup.tmp")
	remove = func() {
		_ = os.RemoveAll(folder)
		_ = lock.Unlock()
	}
	defer func() {
		if err != nil {
			remove()
		}
	}()
	if err := os.RemoveAll(folder); err != nil {
		return nil, nil, err
	}
	if err := os.Mkdir(folder, 0o700); err != nil {
		return nil, nil, err
	}
	size, err := live.Size(ctx)
	if err != nil {
		return nil, nil, err
	}
	if free, known := freeSpace(folder); known && !fits(size, free) {
		return nil, nil, fmt.Errorf("%s has %s free; the snapshot needs %s, and the server some room to go on", c.data, megabytes(free), megabytes(size))
	}
	file := filepath.Join(folder, "snapshot.db")
	if err := live.Snapshot(ctx, file); err != nil {
		return nil, nil, err
	}
	if still, err = store.OpenSQLite(file); err != nil {
		return nil, nil, err
	}
	closing := remove
	return still, func() {
		_ = still.Close(context.WithoutCancel(ctx)) // nothing in it is needed any more
		closing()
	}, nil
}

// spare is what a backup leaves free on the disk that a server writes to.
const spare = 128 << 20

func fits(size, free int64) bool { return size+spare <= free }

// tellEvery is how often the progress of long work shows.
const tellEvery = 2 * time.Second

func tell(w io.Writer) backup.Progress {
	last := time.Now()
	return func(done, collection string, documents int64) {
		if time.Since(last) >= tellEvery {
			last = time.Now()
			fmt.Fprintf(w, "sipas: %d documents of %s %s\n", documents, collection, done)
		}
	}
}

// describe says in one line what a backup holds.
func describe(h backup.Header, c backup.Contents) string {
	used := 0
	for _, x := range c.Collections {
		if x.Documents > 0 {
			used++
		}
	}
	return fmt.Sprintf("%d documents (%s) of %d collections as of %s, from %s by sipas %s, sha256 %s",
		c.Documents(), megabytes(c.Bytes()), used, h.AsOf.Format(time.RFC3339), h.Engine, h.Program, c.SHA256)
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

// programVersion is what the command version prints, without the name.
func programVersion() string {
	var said bytes.Buffer
	_ = versionCommand(context.Background(), environment{stdout: &said}, nil) // only prints
	return strings.TrimPrefix(strings.TrimSpace(said.String()), "sipas ")
}
