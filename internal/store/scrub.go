package store

import (
	"context"
	"fmt"
	"time"
)

// scrubber is an engine that keeps what was deleted until it is told to let go.
type scrubber interface{ scrub(context.Context) error }

// Scrub makes sure that what has been overwritten or deleted is gone from the
// files of the engine, as far as the engine can say: when it returns nil, none of
// them has it any more. SQLite overwrites what it deletes, and this empties its
// log. MongoDB has nothing of the kind; its files keep deleted documents until it
// needs the place.
func (s *Store) Scrub(ctx context.Context) error {
	e, ok := s.engine.(scrubber)
	if !ok {
		return nil
	}
	ctx, end, err := s.begin(ctx)
	if err == nil {
		defer end()
		err = e.scrub(ctx)
	}
	if err != nil {
		return fmt.Errorf("scrub store: %w", err)
	}
	return nil
}

// scrub brings the log into the database and cuts it to nothing, for which no
// connection, of whatever process, may be reading an older state.
func (e *sqliteEngine) scrub(ctx context.Context) error {
	for {
		var busy, log, done int
		err := e.checkpoints.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &done)
		if err == nil && busy == 0 {
			return nil
		}
		if err != nil && !isBusy(err) {
			return readError(ctx, err)
		}
		select {
		case <-ctx.Done():
			return ErrUnavailable.Because(ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}
