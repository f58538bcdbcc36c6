package dossier

import (
	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/sheet"
)

// Source yields the lines of a list in their order, each as a dossier or with
// what is wrong with it. It can be read more than once, from its beginning. The
// error is yield's, or an Invalid fault about the list as a whole.
type Source func(yield func(line int, d Dossier, bad fault.Fields) error) error

// FromSheet reads the lines of a sheet by a mapping. The sheet can be read once;
// open makes it anew for each reading.
func FromSheet(open func() (*sheet.Sheet, error), m Mapping, c *catalogue.Catalogue, today catalogue.Date) Source {
	return func(yield func(int, Dossier, fault.Fields) error) error {
		s, err := open()
		if err != nil {
			return err
		}
		var bad fault.Fields
		for _, c := range m.Missing() {
			bad.Add("columns."+string(c), "column")
		}
		if err := bad.Err(); err != nil {
			return err
		}
		r := NewReader(c, m.Columns(), today)
		n := 0
		err = s.Each(func(line int, cells []string, unreadable string) error {
			if n++; n > MaxRows {
				return invalid("file", CodeRows, MaxRows)
			}
			if unreadable != "" {
				var bad fault.Fields
				bad.Add("", unreadable)
				return yield(line, Dossier{}, bad)
			}
			d, bad := r.Read(line, func(c Column) string {
				if i, ok := m[c]; ok && i < len(cells) {
					return cells[i]
				}
				return ""
			})
			return yield(line, d, bad)
		})
		if err == nil && n == 0 {
			err = invalid("file", CodeEmpty)
		}
		return err
	}
}

// Item is a dossier as a program sends it: the values it names, and what is wrong
// with their form.
type Item struct {
	Values map[Column]string
	Bad    fault.Fields
}

// FromItems reads a list of named values; lines count from 1. has are the names
// that any of them has.
func FromItems(items func(yield func(Item) error) error, has Columns, c *catalogue.Catalogue, today catalogue.Date) Source {
	return func(yield func(int, Dossier, fault.Fields) error) error {
		r := NewReader(c, has, today)
		n := 0
		return items(func(item Item) error {
			if n++; n > MaxRows {
				return invalid("file", CodeRows, MaxRows)
			}
			if len(item.Bad) > 0 {
				return yield(n, Dossier{}, item.Bad)
			}
			d, bad := r.Read(n, func(c Column) string { return item.Values[c] })
			return yield(n, d, bad)
		})
	}
}

func invalid(field, code string, args ...any) error {
	var bad fault.Fields
	bad.Add(field, code, args...)
	return bad.Err()
}
