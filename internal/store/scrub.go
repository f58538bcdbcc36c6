package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// scrubber is a table whose file keeps, for a while, what is no longer stored.
type scrubber interface {
	scrub(context.Context) error
}

// Scrub returns once nothing that was overwritten or deleted in the collection
// before the call is left in the store's files, backups apart. It writes the
// collection anew, and nobody else can write meanwhile: some 0.5 s for 5,000
// documents of 2 KB. ErrUnavailable if somebody kept reading an older state
// until WriteDeadline; repeating it does no harm. On MongoDB it does nothing:
// what a server keeps, and how long, is for its own settings.
func (c *Collection[T]) Scrub(ctx context.Context) error {
	t, ok := c.table.(scrubber)
	if !ok {
		return nil
	}
	ctx, end, err := c.store.begin(ctx)
	if err == nil {
		defer end()
		err = t.scrub(ctx)
	}
	return c.wrap("scrub", err)
}

// scrub moves the documents out and in again. secure_delete writes zeros over
// what is deleted, but not over the copies that are left in the gaps of pages
// when SQLite balances its tree; a page that is freed is zero as a whole. Then
// the log goes, in which the pages stand as they were.
func (t *sqliteTable) scrub(ctx context.Context) error {
	err := t.engine.writer.submit(ctx, commitDocs, 0, func(w *sqliteWriter) error {
		key, aside := "id", t.schema.Name+" scrubbed"
		if t.schema.Log {
			key = "n"
		}
		for _, text := range []string{
			fmt.Sprintf("CREATE TABLE %q AS SELECT * FROM %q", aside, t.schema.Name),
			fmt.Sprintf("DELETE FROM %q", t.schema.Name),
			fmt.Sprintf("INSERT INTO %q SELECT * FROM %q ORDER BY %s", t.schema.Name, aside, key),
			fmt.Sprintf("DROP TABLE %q", aside),
		} {
			if _, err := w.conn.ExecContext(context.Background(), text); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return t.engine.emptyLog(ctx)
}

// scrubPause is how long readers are given to come to an end.
const scrubPause = 20 * time.Millisecond

// emptyLog has a connection of its own, since a checkpoint cannot run in a
// transaction. It cuts the log back only when all of it is in the file already:
// else the writer would have to wait for a reader.
func (e *sqliteEngine) emptyLog(ctx context.Context) (err error) {
	db, err := sql.Open("sqlite", e.file+"?_busy_timeout=500")
	if err != nil {
		return ErrUnavailable.Because(err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	for {
		var busy, pages, done int
		err := db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &pages, &done)
		if err == nil && busy == 0 && pages == done {
			err = db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &done)
			if err == nil && busy == 0 {
				return nil
			}
		}
		if err != nil && !isBusy(err) {
			return readError(ctx, err)
		}
		select {
		case <-ctx.Done():
			return ErrUnavailable.Because(ctx.Err())
		case <-time.After(scrubPause):
		}
	}
}
