package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
)

// ErrNoSnapshot says that the engine has no copy of one moment to give.
var ErrNoSnapshot = errors.New("the engine makes no snapshots")

// snapshotter is an engine that can copy itself as of one moment.
type snapshotter interface {
	size(context.Context) (int64, error)
	snapshot(ctx context.Context, path string) error
}

// Size returns about how many bytes a snapshot will have, or ErrNoSnapshot.
func (s *Store) Size(ctx context.Context) (int64, error) {
	e, ok := s.engine.(snapshotter)
	if !ok {
		return 0, fmt.Errorf("size of store: %w", ErrNoSnapshot)
	}
	ctx, end, err := s.begin(ctx)
	if err != nil {
		return 0, fmt.Errorf("size of store: %w", err)
	}
	defer end()
	n, err := e.size(ctx)
	if err != nil {
		return 0, fmt.Errorf("size of store: %w", err)
	}
	return n, nil
}

// Snapshot writes the whole store, as it is at one moment, to a new SQLite file
// at path, while others go on writing. ErrNoSnapshot from an engine that cannot;
// after any error a part of the file may be there.
func (s *Store) Snapshot(ctx context.Context, path string) error {
	e, ok := s.engine.(snapshotter)
	if !ok {
		return fmt.Errorf("snapshot of store: %w", ErrNoSnapshot)
	}
	// Without WriteDeadline: it takes as long as the store is large.
	if err := s.enter(); err != nil {
		return fmt.Errorf("snapshot of store: %w", err)
	}
	defer s.leave()
	path, err := filepath.Abs(path)
	if err == nil {
		err = e.snapshot(ctx, path)
	}
	if err != nil {
		return fmt.Errorf("snapshot of store: %w", err)
	}
	return nil
}

func (e *sqliteEngine) size(ctx context.Context) (n int64, err error) {
	err = e.reads.QueryRowContext(ctx, "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()").Scan(&n)
	return n, readError(ctx, err)
}

// snapshot has a connection of its own: those for reading may not write, not
// even into another file, and the writer must not stand still meanwhile. As long
// as it reads, SQLite cannot cut the log back; journal_size_limit does later.
func (e *sqliteEngine) snapshot(ctx context.Context, path string) (err error) {
	db, err := sql.Open("sqlite", e.file+sqliteOptions)
	if err != nil {
		return ErrUnavailable.Because(err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	_, err = db.ExecContext(ctx, "VACUUM INTO ?", path)
	return readError(ctx, err)
}
