package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

func (e *sqliteEngine) names(ctx context.Context) ([]string, error) {
	rows, err := e.reads.QueryContext(ctx, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
	if err != nil {
		return nil, readError(ctx, err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, readError(ctx, err)
		}
		names = append(names, name)
	}
	return names, readError(ctx, rows.Err())
}

func (e *sqliteEngine) tail(ctx context.Context, name string) (any, error) {
	key, err := e.dumpKey(ctx, name)
	if err != nil || key == "" {
		return nil, err
	}
	// The type of the position tells read which order it is.
	if key == "n" {
		var n sql.NullInt64
		err = e.reads.QueryRowContext(ctx, fmt.Sprintf("SELECT max(n) FROM %q", name)).Scan(&n)
		if n.Valid {
			return n.Int64, nil
		}
		return nil, readError(ctx, err)
	}
	var id sql.NullString
	err = e.reads.QueryRowContext(ctx, fmt.Sprintf("SELECT max(id) FROM %q", name)).Scan(&id)
	if id.Valid {
		return id.String, nil
	}
	return nil, readError(ctx, err)
}

// dumpKey returns the column that orders a dump of the table, "" if there is no
// such table.
func (e *sqliteEngine) dumpKey(ctx context.Context, name string) (key string, err error) {
	err = e.reads.QueryRowContext(ctx,
		"SELECT name FROM pragma_table_info(?) WHERE name IN ('n', 'id') ORDER BY name DESC LIMIT 1", name).Scan(&key)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return key, readError(ctx, err)
}

func (e *sqliteEngine) read(ctx context.Context, name string, after, last any) (docs [][]byte, at any, err error) {
	key := "id"
	if _, log := last.(int64); log {
		key = "n"
	}
	where, args := "", []any{last}
	if after != nil {
		where, args = fmt.Sprintf(" AND %s > ?", key), append(args, after)
	}
	text := fmt.Sprintf("SELECT %s, doc FROM %q WHERE %s <= ?%s ORDER BY %s LIMIT %d", key, name, key, where, key, dumpLimit)
	rows, err := e.reads.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, nil, readError(ctx, err)
	}
	defer rows.Close()
	for size := 0; size < pageBytes && rows.Next(); {
		var doc []byte
		var n int64
		var id string
		var position any = &id
		if key == "n" {
			position = &n
		}
		if err := rows.Scan(position, &doc); err != nil {
			return nil, nil, readError(ctx, err)
		}
		if at = id; key == "n" {
			at = n
		}
		docs, size = append(docs, doc), size+len(doc)
	}
	return docs, at, readError(ctx, rows.Err())
}
