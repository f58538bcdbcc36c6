package catalogue

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"sipas/internal/sheet"
)

// What people write into the cells of a list, and what it means.

func (p place) optional(field, s string) {
	if s != "" {
		p.text(field, s)
	}
}

// known returns the id that a cell means, and reports a cell that means none.
func (p place) known(field, whenEmpty, cell string, ids map[string]string) string {
	id := ids[Folded(cell)]
	switch {
	case id != "":
	case cell != "":
		p.add(field, CodeUnknown, cell)
	case whenEmpty != "":
		p.add(field, whenEmpty)
	}
	return id
}

// day reads a day in one of the forms of sheet.ReadDay; "" is none.
func (p place) day(field, cell string) Date {
	if cell == "" {
		return ""
	}
	day, ok := sheet.ReadDay(cell)
	if !ok {
		p.add(field, CodeDate, cell)
		return ""
	}
	return Date(day)
}

var localCode = regexp.MustCompile(`^([0-9]\.[0-9]{6})(?:\.000\.00\.00)?(?:\.[Hh][0-9]{2})?$`)

// ProcedureID returns the id that a code means: the national one, or a slug that
// is more than a number, since a number is what a spreadsheet makes of a code
// that it has spoilt. "": none.
func ProcedureID(cell string) string {
	if m := localCode.FindStringSubmatch(cell); m != nil {
		return m[1]
	}
	if IsSlug(cell) && strings.ContainsFunc(cell, unicode.IsLetter) {
		return cell
	}
	return ""
}

// byName maps the ids and all the names of a kind to ids. A name of two things
// means neither.
func byName[R row[R]](t table[R], name func(R) Text) map[string]string {
	ids := map[string]string{}
	for _, r := range t.rows {
		for _, s := range []string{Folded(name(r).VI), Folded(name(r).EN)} {
			if other, taken := ids[s]; taken && other != r.id() {
				ids[s] = ""
			} else {
				ids[s] = r.id()
			}
		}
	}
	for id := range t.byID {
		ids[Folded(id)] = id
	}
	ids[""] = ""
	return ids
}

// oneLine returns the words of a cell with one space between.
func oneLine(cell string) string { return strings.Join(strings.Fields(cell), " ") }

// Folded returns the letters and digits of a text without marks and capitals, so
// that "Lĩnh vực", "LINH VUC" and "lĩnh_vực" are the same.
func Folded(s string) string {
	var out strings.Builder
	gap := false
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case r == 'đ':
			r = 'd'
		case unicode.Is(unicode.Mn, r):
			continue
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			gap = out.Len() > 0
			continue
		}
		if gap {
			out.WriteByte(' ')
			gap = false
		}
		out.WriteRune(r)
	}
	return out.String()
}

// Names maps the ids and all the names that the units, desks or procedures of the
// catalogue have or had, as Folded writes them, to ids. A name of two things
// means neither.
func (c *Catalogue) Names(kind Kind) map[string]string {
	switch kind {
	case KindUnit:
		return byName(c.units, func(u Unit) Text { return u.Name })
	case KindDesk:
		return byName(c.desks, func(d Desk) Text { return d.Name })
	case KindProcedure:
		return byName(c.procedures, func(p Procedure) Text { return p.Name })
	}
	return byName(c.areas, func(a Area) Text { return a.Name })
}
