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

// FromItems reads a list of named values, as programs send it; lines count from
// 1.
func FromItems(items []map[Column]string, c *catalogue.Catalogue, today catalogue.Date) (Source, Columns) {
	has := Columns{}
	for _, item := range items {
		for c := range item {
			has[c] = true
		}
	}
	return func(yield func(int, Dossier, fault.Fields) error) error {
		r := NewReader(c, has, today)
		for i, item := range items {
			d, bad := r.Read(i+1, func(c Column) string { return item[c] })
			if err := yield(i+1, d, bad); err != nil {
				return err
			}
		}
		return nil
	}, has
}

func invalid(field, code string, args ...any) error {
	var bad fault.Fields
	bad.Add(field, code, args...)
	return bad.Err()
}
