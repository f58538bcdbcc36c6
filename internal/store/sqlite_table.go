package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// sqliteTable is one table: the id, the version, a column x_… for each index
// field, and the document. A log is kept in the order of its commit numbers n,
// anything else in the order of its ids.
type sqliteTable struct {
	engine *sqliteEngine
	schema *schema
	text   struct{ insert, replace, remove, stored string }
	read   *sql.Stmt
}

// column names field f; the prefix keeps it apart from id, version, doc and n.
func column(f Field) string {
	if f == idKey {
		return "id"
	}
	return `"x_` + f.Name + `"`
}

func columnType(f Field) string {
	if f.Type == String {
		return "TEXT"
	}
	return "INTEGER"
}

func (e *sqliteEngine) open(ctx context.Context, s *schema) (table, error) {
	for {
		var completed int
		err := e.writer.submit(ctx, commitDocs, 0, func(w *sqliteWriter) (err error) {
			completed, err = makeTable(w, s)
			return err
		})
		if err != nil {
			return nil, err // the writer may be at completed still
		}
		if completed == 0 {
			break
		}
	}
	t := &sqliteTable{engine: e, schema: s}
	columns, sets := []string{"id", "version", "doc"}, []string{"version = ?", "doc = ?"}
	for _, f := range s.fields {
		columns, sets = append(columns, column(f)), append(sets, column(f)+" = ?")
	}
	marks := strings.TrimSuffix(strings.Repeat("?, ", len(columns)), ", ")
	t.text.insert = fmt.Sprintf("INSERT INTO %q (%s) VALUES (%s) ON CONFLICT DO NOTHING", s.Name, strings.Join(columns, ", "), marks)
	t.text.replace = fmt.Sprintf("UPDATE %q SET %s WHERE id = ? AND version = ?", s.Name, strings.Join(sets, ", "))
	t.text.remove = fmt.Sprintf("DELETE FROM %q WHERE id = ?", s.Name)
	t.text.stored = fmt.Sprintf("SELECT doc FROM %q WHERE id = ?", s.Name)
	var err error
	if t.read, err = e.reads.PrepareContext(ctx, t.text.stored); err != nil {
		return nil, readError(ctx, err)
	}
	return t, nil
}

func (t *sqliteTable) insert(ctx context.Context, records []*record) []error {
	size := 0
	for _, r := range records {
		size += len(r.raw)
	}
	outcomes := make([]error, len(records))
	err := t.engine.writer.submit(ctx, len(records), size, func(w *sqliteWriter) error {
		for i, r := range records {
			n, err := w.affected(t.text.insert, append([]any{r.id, r.version, r.raw}, r.fields...)...)
			if err != nil {
				return err
			}
			outcomes[i] = nil
			if n == 0 {
				outcomes[i] = ErrExists
			}
		}
		return nil
	})
	if err == nil {
		return outcomes
	}
	failed := make([]error, len(records)) // the writer may be at outcomes still
	for i := range failed {
		failed[i] = err
		if len(records) > 1 && errors.Is(err, errStatement) {
			failed[i] = t.insert(ctx, records[i:i+1])[0] // one document's failure is not the others'
		}
	}
	return failed
}

func (t *sqliteTable) get(ctx context.Context, id string) ([]byte, error) {
	var doc []byte
	err := t.read.QueryRowContext(ctx, id).Scan(&doc)
	return doc, readError(ctx, err)
}

func (t *sqliteTable) replace(ctx context.Context, r *record) error {
	var outcome error
	err := t.engine.writer.submit(ctx, 1, len(r.raw), func(w *sqliteWriter) error {
		args := append([]any{r.version, r.raw}, r.fields...)
		n, err := w.affected(t.text.replace, append(args, r.id, r.version-1)...)
		if err != nil {
			return err
		}
		if outcome = nil; n == 0 {
			outcome, err = t.settle(w, r)
		}
		return err
	})
	if err != nil {
		return err
	}
	return outcome
}

// settle reads what is stored in the place of what a Replace expected.
func (t *sqliteTable) settle(w *sqliteWriter, r *record) (outcome, err error) {
	stmt, err := w.prepare(t.text.stored)
	if err != nil {
		return nil, err
	}
	var stored []byte
	switch err := stmt.QueryRowContext(context.Background(), r.id).Scan(&stored); {
	case errors.Is(err, sql.ErrNoRows):
		return ErrNotFound, nil
	case err != nil:
		return nil, err
	}
	return settleReplace(r, stored), nil
}

func (t *sqliteTable) remove(ctx context.Context, id string) error {
	var outcome error
	err := t.engine.writer.submit(ctx, 1, 0, func(w *sqliteWriter) error {
		n, err := w.affected(t.text.remove, id)
		if outcome = nil; n == 0 {
			outcome = ErrNotFound
		}
		return err
	})
	if err != nil {
		return err
	}
	return outcome
}
