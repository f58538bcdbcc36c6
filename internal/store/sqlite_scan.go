package store

import (
	"context"
	"fmt"
	"strings"
)

func (t *sqliteTable) scan(ctx context.Context, p *plan) (docs [][]byte, more bool, err error) {
	text, args := t.query(p)
	rows, err := t.engine.reads.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, false, readError(ctx, err)
	}
	defer rows.Close()
	for size := 0; rows.Next(); {
		if len(docs) == p.limit || size >= pageBytes {
			return docs, true, nil
		}
		var doc []byte
		if err := rows.Scan(&doc); err != nil {
			return nil, false, readError(ctx, err)
		}
		docs, size = append(docs, doc), size+len(doc)
	}
	return docs, false, readError(ctx, rows.Err())
}

// query writes the statement of a plan. The index is named so that no planner
// ever finds another way, and the bounds are row values, which SQLite turns
// into one range of the index.
func (t *sqliteTable) query(p *plan) (text string, args []any) {
	var b strings.Builder
	fmt.Fprintf(&b, "SELECT doc FROM %q", t.schema.Name)
	if p.index != "" {
		fmt.Fprintf(&b, " INDEXED BY %q", indexName(t.schema, p.index))
	}
	var where, order []string
	for i, v := range p.equal {
		where, args = append(where, column(p.keys[i])+" = ?"), append(args, v)
	}
	behind := p.keys[len(p.equal):]
	if p.lower != nil {
		where, args = append(where, p.lower.sql(behind, ">")), append(args, p.lower.values...)
	}
	if p.upper != nil {
		where, args = append(where, p.upper.sql(behind, "<")), append(args, p.upper.values...)
	}
	if len(where) > 0 {
		b.WriteString(" WHERE " + strings.Join(where, " AND "))
	}
	for _, key := range behind {
		by := column(key)
		if p.reverse {
			by += " DESC"
		}
		order = append(order, by)
	}
	b.WriteString(" ORDER BY " + strings.Join(order, ", ") + " LIMIT ?")
	return b.String(), append(args, p.limit+1)
}

// sql writes the condition that keys are on the inner side of the bound.
func (b *bound) sql(keys []Field, operator string) string {
	if b.inclusive {
		operator += "="
	}
	columns := make([]string, len(b.values))
	for i := range columns {
		columns[i] = column(keys[i])
	}
	marks := strings.TrimSuffix(strings.Repeat("?, ", len(columns)), ", ")
	if len(columns) == 1 {
		return columns[0] + " " + operator + " ?"
	}
	return "(" + strings.Join(columns, ", ") + ") " + operator + " (" + marks + ")"
}
