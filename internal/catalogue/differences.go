package catalogue

import "fmt"

// Difference is a field in which two rows differ, with both values as the
// fields of a form write them: ids, "2026-06-30", "89.5", "true".
type Difference struct{ Field, Old, New string }

// Differences returns in which fields a row differs from an older one of the
// same kind, in the order of the form; the place in the list is none of them.
func Differences(older, newer Row) []Difference {
	d := newer.differ(older)
	a, b := older.validity(), newer.validity()
	d.compare("from", a.From, b.From)
	d.compare("to", a.To, b.To)
	d.compare("source", a.Source, b.Source)
	d.compare("confirmed", a.Confirmed, b.Confirmed)
	return d
}

type differences []Difference

func (d *differences) compare(field string, older, newer any) {
	if older != newer {
		*d = append(*d, Difference{field, fmt.Sprint(older), fmt.Sprint(newer)})
	}
}

func (d *differences) names(older, newer Text) {
	d.compare("name.vi", older.VI, newer.VI)
	d.compare("name.en", older.EN, newer.EN)
}

func (a Area) differ(from Row) (found differences) {
	found.names(from.(Area).Name, a.Name)
	return found
}

func (u Unit) differ(from Row) (found differences) {
	older := from.(Unit)
	found.names(older.Name, u.Name)
	found.compare("phone", older.Phone, u.Phone)
	found.compare("mailbox", older.Mailbox, u.Mailbox)
	return found
}

func (d Desk) differ(from Row) (found differences) {
	older := from.(Desk)
	found.names(older.Name, d.Name)
	found.compare("unit", older.Unit, d.Unit)
	return found
}

func (p Procedure) differ(from Row) (found differences) {
	older := from.(Procedure)
	found.names(older.Name, p.Name)
	found.compare("area", older.Area, p.Area)
	found.compare("unit", older.Unit, p.Unit)
	found.compare("example", older.Example, p.Example)
	return found
}

func (t Target) differ(from Row) (found differences) {
	older := from.(Target)
	found.compare("measure", older.Measure, t.Measure)
	found.compare("area", older.Area, t.Area)
	found.compare("value", older.Value, t.Value)
	return found
}
