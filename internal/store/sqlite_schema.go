package store

import (
	"context"
	"fmt"
	"strings"
)

func indexName(s *schema, index string) string { return s.Name + "__" + index }

// makeTable brings the table and its indexes into the form of s: makes what is
// not there, drops indexes that are not declared any more, and refuses what is
// there in another form. Then it completes some of the documents that were stored
// under another Spec, if there are any: a column of an index field is null in
// those, and in those alone. It is called until it completes none, so that others
// can write in between.
func makeTable(w *sqliteWriter, s *schema) (completed int, err error) {
	first, options := "id TEXT NOT NULL PRIMARY KEY", "STRICT, WITHOUT ROWID"
	if s.Log {
		first, options = "n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE", "STRICT"
	}
	err = w.exec(fmt.Sprintf("CREATE TABLE IF NOT EXISTS %q (%s, version INTEGER NOT NULL, doc BLOB NOT NULL) %s", s.Name, first, options))
	if err != nil {
		return 0, err
	}
	columns, err := w.pairs("SELECT name, type FROM pragma_table_info(?)", s.Name)
	if err != nil {
		return 0, err
	}
	if _, ok := columns["n"]; ok != s.Log {
		return 0, fmt.Errorf("the file has it with Log: %t", ok)
	}
	for _, f := range s.fields {
		switch have := columns["x_"+f.Name]; have {
		case columnType(f):
		case "":
			if err := w.exec(fmt.Sprintf("ALTER TABLE %q ADD COLUMN %s %s", s.Name, column(f), columnType(f))); err != nil {
				return 0, err
			}
		default:
			return 0, fmt.Errorf("the file has field %s as %s", f.Name, have)
		}
	}
	if err := makeIndexes(w, s); err != nil {
		return 0, err
	}
	for _, f := range s.fields {
		if completed, err = completeSome(w, s, f); err != nil || completed > 0 {
			return completed, err
		}
	}
	return 0, nil
}

func makeIndexes(w *sqliteWriter, s *schema) error {
	have, err := w.pairs("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL", s.Name)
	if err != nil {
		return err
	}
	for _, index := range s.Indexes {
		keys := make([]string, len(index.Fields))
		for i, f := range index.Fields {
			keys[i] = column(f)
		}
		name := indexName(s, index.Name)
		text := fmt.Sprintf("CREATE INDEX %q ON %q (%s, id)", name, s.Name, strings.Join(keys, ", "))
		switch have[name] {
		case text:
		case "":
			if err := w.exec(text); err != nil {
				return err
			}
		default:
			return fmt.Errorf("the file has index %s with other fields", index.Name)
		}
		delete(have, name)
	}
	for name := range have {
		if err := w.exec(fmt.Sprintf("DROP INDEX %q", name)); err != nil {
			return err
		}
	}
	return nil
}

// completeLimit is how many documents a transaction completes at the most; pageBytes
// ends it earlier.
const completeLimit = 250

// completeSome completes some documents whose column of f is null, and returns how
// many. They are found in an index, since it is looked for them at every opening.
func completeSome(w *sqliteWriter, s *schema, f Field) (n int, err error) {
	docs, err := w.pairs(fmt.Sprintf("SELECT id, doc FROM %q WHERE id IN (SELECT id FROM %q WHERE %s IS NULL LIMIT %d)", s.Name, s.Name, column(f), completeLimit))
	if err != nil {
		return 0, err
	}
	sets := []string{"doc = ?"}
	for _, f := range s.fields {
		sets = append(sets, column(f)+" = ?")
	}
	set := fmt.Sprintf("UPDATE %q SET %s WHERE id = ?", s.Name, strings.Join(sets, ", "))
	for id, doc := range docs {
		r, err := s.complete([]byte(doc))
		if err != nil {
			return 0, incomplete(w.place(s, id), err)
		}
		if err := w.exec(set, append(append([]any{r.raw}, r.fields...), id)...); err != nil {
			return 0, err
		}
	}
	return len(docs), nil
}

// place returns how many documents there are up to this id, 0 if that cannot be
// counted.
func (w *sqliteWriter) place(s *schema, id string) (n int64) {
	if stmt, err := w.prepare(fmt.Sprintf("SELECT count(*) FROM %q WHERE id <= ?", s.Name)); err == nil {
		_ = stmt.QueryRowContext(context.Background(), id).Scan(&n)
	}
	return n
}

// pairs runs a query of two text columns; what is behind pageBytes is left out.
func (w *sqliteWriter) pairs(text string, args ...any) (map[string]string, error) {
	stmt, err := w.prepare(text)
	if err != nil {
		return nil, err
	}
	rows, err := stmt.QueryContext(context.Background(), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[string]string{}
	for size := 0; size < pageBytes && rows.Next(); {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			return nil, err
		}
		found[key], size = value, size+len(value)
	}
	return found, rows.Err()
}
