package store

import (
	"context"
	"fmt"
	"strings"
)

func indexName(s *schema, index string) string { return s.Name + "__" + index }

// makeTable brings the table and its indexes into the form of s: makes what is
// not there and fills new columns from the documents, drops indexes that are
// not declared any more, and refuses what is there in another form. Columns of
// index fields may be null only because one that is no longer declared stays
// behind.
func makeTable(w *sqliteWriter, s *schema) error {
	first, options := "id TEXT NOT NULL PRIMARY KEY", "STRICT, WITHOUT ROWID"
	if s.Log {
		first, options = "n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE", "STRICT"
	}
	err := w.exec(fmt.Sprintf("CREATE TABLE IF NOT EXISTS %q (%s, version INTEGER NOT NULL, doc BLOB NOT NULL) %s", s.Name, first, options))
	if err != nil {
		return err
	}
	columns, err := w.pairs("SELECT name, type FROM pragma_table_info(?)", s.Name)
	if err != nil {
		return err
	}
	if _, ok := columns["n"]; ok != s.Log {
		return fmt.Errorf("the file has it with Log: %t", ok)
	}
	for _, f := range s.fields {
		switch have := columns["x_"+f.Name]; have {
		case columnType(f):
		case "":
			if err := w.exec(fmt.Sprintf("ALTER TABLE %q ADD COLUMN %s %s", s.Name, column(f), columnType(f))); err != nil {
				return err
			}
		default:
			return fmt.Errorf("the file has field %s as %s", f.Name, have)
		}
	}
	return makeIndexes(w, s)
}

func makeIndexes(w *sqliteWriter, s *schema) error {
	have, err := w.pairs("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL", s.Name)
	if err != nil {
		return err
	}
	var missing []string
	filled := true
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
			missing, filled = append(missing, text), false
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
	if !filled {
		if err := fillColumns(w, s); err != nil {
			return err
		}
	}
	for _, text := range missing {
		if err := w.exec(text); err != nil {
			return err
		}
	}
	return nil
}

// fillColumns sets the columns that documents stored under an older Spec lack.
// It pages, so that not all of them are in memory at once.
func fillColumns(w *sqliteWriter, s *schema) error {
	var sets, nulls []string
	for _, f := range s.fields {
		sets, nulls = append(sets, column(f)+" = ?"), append(nulls, column(f)+" IS NULL")
	}
	some := fmt.Sprintf("SELECT id, doc FROM %q WHERE id > ? AND (%s) ORDER BY id LIMIT 100", s.Name, strings.Join(nulls, " OR "))
	set := fmt.Sprintf("UPDATE %q SET %s WHERE id = ?", s.Name, strings.Join(sets, ", "))
	for after := ""; ; {
		docs, err := w.pairs(some, after)
		if err != nil || len(docs) == 0 {
			return err
		}
		for id, doc := range docs {
			r, err := s.inspect([]byte(doc))
			if err != nil {
				return fmt.Errorf("a stored document: %w", err)
			}
			if err := w.exec(set, append(r.fields[:len(r.fields):len(r.fields)], id)...); err != nil {
				return err
			}
			after = max(after, id)
		}
	}
}

// pairs runs a query of two text columns.
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
	for rows.Next() {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			return nil, err
		}
		found[key] = value
	}
	return found, rows.Err()
}
