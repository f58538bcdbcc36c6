package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"runtime"
	"time"
)

// sqliteWriter is the one goroutine that writes. It takes all jobs that are
// waiting into one transaction, so that many callers share one sync of the
// disk; while that commits, the next ones gather.
type sqliteWriter struct {
	db    *sql.DB
	conn  *sql.Conn            // nil after one had to be given up
	stmts map[string]*sql.Stmt // by their text, prepared on conn
	queue chan *job
	done  chan struct{}
}

// job is what one caller wants written. run may be called more than once, each
// time in a fresh transaction, and stops at the first statement that fails: an
// error can have rolled back the whole transaction, and the next statement
// would then commit by itself.
type job struct {
	docs, bytes int
	run         func(w *sqliteWriter) error
	done        chan error // has room for the one outcome: nobody may be waiting any more
}

// One transaction takes so much, so that a stall is short and other processes
// get their turn.
const (
	commitDocs  = 1000
	commitBytes = 32 << 20
)

func openWriter(file string) (*sqliteWriter, error) {
	db, err := sql.Open("sqlite", file+sqliteOptions+
		fmt.Sprintf("&_txlock=immediate&_synchronous=FULL&_pragma=secure_delete(1)&_pragma=journal_size_limit(%d)", walLimit))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	w := &sqliteWriter{db: db, queue: make(chan *job, commitDocs), done: make(chan struct{})}
	if err = w.connect(); err == nil {
		err = w.useWAL()
	}
	if err != nil {
		return nil, errors.Join(err, w.disconnect())
	}
	go w.loop()
	return w, nil
}

func (w *sqliteWriter) connect() error {
	conn, err := w.db.Conn(context.Background())
	if err != nil {
		return err
	}
	w.conn, w.stmts = conn, map[string]*sql.Stmt{}
	return nil
}

// useWAL changes a new file to WAL mode, which stays with the file. The change
// does not wait for other connections as transactions do, so it is repeated.
func (w *sqliteWriter) useWAL() error {
	for deadline := time.Now().Add(busyTimeout); ; time.Sleep(10 * time.Millisecond) {
		var mode string
		err := w.conn.QueryRowContext(context.Background(), "PRAGMA journal_mode=WAL").Scan(&mode)
		switch {
		case err == nil && mode == "wal":
			return nil
		case err == nil:
			return fmt.Errorf("journal mode is %s, not wal", mode)
		case !isBusy(err) || time.Now().After(deadline):
			return err
		}
	}
}

// submit hands run to the writer and waits for its outcome or the end of ctx,
// which the writer never sees: an interrupted statement would roll back the
// other callers' writes too.
func (w *sqliteWriter) submit(ctx context.Context, docs, bytes int, run func(*sqliteWriter) error) error {
	if err := ctx.Err(); err != nil {
		return ErrUnavailable.Because(err)
	}
	j := &job{docs: docs, bytes: bytes, run: run, done: make(chan error, 1)}
	select {
	case w.queue <- j:
	case <-ctx.Done():
		return ErrUnavailable.Because(ctx.Err())
	}
	select {
	case err := <-j.done:
		return err
	case <-ctx.Done():
		return ErrUnknown.Because(ctx.Err())
	}
}

// close ends the writer when all that was submitted is written; nobody may
// submit any more.
func (w *sqliteWriter) close() error {
	close(w.queue)
	<-w.done
	return w.disconnect()
}

func (w *sqliteWriter) disconnect() error {
	w.discard()
	return w.db.Close()
}

// discard closes the connection itself, with all that is open on it. Its
// statements come first: SQLite keeps a connection, and its transaction, until
// the last one is closed, and package sql does not count those of a Conn.
func (w *sqliteWriter) discard() {
	if w.conn == nil {
		return
	}
	for _, stmt := range w.stmts {
		_ = stmt.Close()
	}
	_ = w.conn.Raw(func(any) error { return driver.ErrBadConn })
	w.conn = nil
}

func (w *sqliteWriter) loop() {
	defer close(w.done)
	for first := range w.queue {
		runtime.Gosched() // lets callers just answered come back in time for this one: a quarter more a second
		w.write(w.gather(first))
	}
}

// gather takes what is waiting, in its order, without waiting for more.
func (w *sqliteWriter) gather(first *job) []*job {
	jobs, docs, bytes := []*job{first}, first.docs, first.bytes
	for docs < commitDocs && bytes < commitBytes {
		select {
		case j, ok := <-w.queue:
			if !ok {
				return jobs
			}
			jobs, docs, bytes = append(jobs, j), docs+j.docs, bytes+j.bytes
		default:
			return jobs
		}
	}
	return jobs
}

// write commits the jobs together or, if a statement of one fails, each by
// itself, so that one caller's failure is not the others'.
func (w *sqliteWriter) write(jobs []*job) {
	err := w.commit(jobs)
	if errors.Is(err, errStatement) && len(jobs) > 1 {
		for _, j := range jobs {
			j.done <- w.commit([]*job{j})
		}
		return
	}
	for _, j := range jobs {
		j.done <- err
	}
}

// errStatement marks a failure before COMMIT: nothing is written, for certain.
var errStatement = errors.New("statement failed")

func (w *sqliteWriter) commit(jobs []*job) error {
	if err := w.exec("BEGIN IMMEDIATE"); err != nil {
		if !isBusy(err) {
			w.reset()
		}
		return ErrUnavailable.Because(err)
	}
	for _, j := range jobs {
		if err := j.run(w); err != nil {
			w.reset()
			return ErrUnavailable.Because(fmt.Errorf("%w: %w", errStatement, err))
		}
	}
	if err := w.exec("COMMIT"); err != nil {
		// The commit may be in the log, and count after the next start.
		w.reset()
		return ErrUnknown.Because(err)
	}
	return nil
}

// reset ends the transaction after a failure. Were it left open, the next
// COMMIT would write what callers were told is not written; so if ROLLBACK
// fails, if only because SQLite has rolled back already, the connection goes.
func (w *sqliteWriter) reset() {
	if err := w.exec("ROLLBACK"); err == nil {
		return
	}
	w.discard()
}

// exec runs a statement, prepared once. Contexts stay out of the writer.
func (w *sqliteWriter) exec(text string, args ...any) error {
	_, err := w.affected(text, args...)
	return err
}

// affected runs a statement and returns how many rows it wrote.
func (w *sqliteWriter) affected(text string, args ...any) (int64, error) {
	stmt, err := w.prepare(text)
	if err != nil {
		return 0, err
	}
	result, err := stmt.ExecContext(context.Background(), args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (w *sqliteWriter) prepare(text string) (*sql.Stmt, error) {
	if w.conn == nil {
		if err := w.connect(); err != nil {
			return nil, err
		}
	}
	if stmt := w.stmts[text]; stmt != nil {
		return stmt, nil
	}
	stmt, err := w.conn.PrepareContext(context.Background(), text)
	if err == nil {
		w.stmts[text] = stmt
	}
	return stmt, err
}
