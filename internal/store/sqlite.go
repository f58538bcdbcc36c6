package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"time"

	sqlite "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

const (
	busyTimeout   = 10 * time.Second // waited for another process's transaction
	readers       = 4                // connections, each with a page cache of 2 MB
	walLimit      = 64 << 20         // bytes the log is cut back to after a checkpoint
	sqliteOptions = "?_busy_timeout=10000&_dqs=0"
)

// sqliteEngine is one file in WAL mode: one connection that writes, owned by
// the writer, and some that read. Nothing but SQLite ever opens the file: when
// a process closes any handle of it, the locks SQLite holds there are gone.
type sqliteEngine struct {
	file   string // as a URI
	writer *sqliteWriter
	reads  *sql.DB

	checkpoints *sql.DB // one connection, opened when something is to be scrubbed
}

// OpenSQLite opens the file at path and makes it if it is not there; the
// folder has to be. Other processes may have it open too and write to it in
// short transactions.
func OpenSQLite(path string) (*Store, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open SQLite store: %w", ErrUnavailable.Because(err))
	}
	file := (&url.URL{Scheme: "file", Path: path}).String()
	e := &sqliteEngine{file: file}
	if e.writer, err = openWriter(file); err != nil {
		return nil, fmt.Errorf("open SQLite store: %w", ErrUnavailable.Because(err))
	}
	e.reads, err = sql.Open("sqlite", file+sqliteOptions+"&_query_only=1")
	if err != nil {
		e.writer.close()
		return nil, fmt.Errorf("open SQLite store: %w", ErrUnavailable.Because(err))
	}
	e.checkpoints, err = sql.Open("sqlite", file+sqliteOptions)
	if err != nil {
		e.writer.close()
		return nil, fmt.Errorf("open SQLite store: %w", ErrUnavailable.Because(err))
	}
	e.checkpoints.SetMaxOpenConns(1)
	e.checkpoints.SetMaxIdleConns(0)
	e.reads.SetMaxOpenConns(readers)
	e.reads.SetMaxIdleConns(readers)
	return &Store{engine: e}, nil
}

func (e *sqliteEngine) ping(ctx context.Context) error {
	var n int
	return readError(ctx, e.reads.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&n))
}

// close writes what is still queued (by callers that have given up waiting).
func (e *sqliteEngine) close(context.Context) error {
	if err := errors.Join(e.reads.Close(), e.checkpoints.Close(), e.writer.close()); err != nil {
		return ErrUnavailable.Because(err)
	}
	return nil
}

// readError sorts what a reading statement returned. A context that ended
// shows as an interrupted statement, so it is looked at itself.
func readError(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return ErrNotFound
	case ctx.Err() != nil:
		return ErrUnavailable.Because(ctx.Err())
	default:
		return ErrUnavailable.Because(err)
	}
}

// isBusy tells whether another connection holds the lock.
func isBusy(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_BUSY
}
