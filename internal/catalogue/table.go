package catalogue

import (
	"cmp"
	"slices"
)

// row is what the five kinds have in common; R is the kind itself.
type row[R any] interface {
	comparable
	Row
	in(Validity) R // the same for other days
	placed(order int) R
}

func (a Area) id() string      { return a.ID }
func (u Unit) id() string      { return u.ID }
func (d Desk) id() string      { return d.ID }
func (p Procedure) id() string { return p.ID }
func (t Target) id() string    { return t.ID }

func (v Validity) validity() Validity { return v }

func (a Area) order() int      { return a.Order }
func (u Unit) order() int      { return u.Order }
func (d Desk) order() int      { return d.Order }
func (p Procedure) order() int { return p.Order }
func (t Target) order() int    { return t.Order }

func (a Area) in(v Validity) Area           { a.Validity = v; return a }
func (u Unit) in(v Validity) Unit           { u.Validity = v; return u }
func (d Desk) in(v Validity) Desk           { d.Validity = v; return d }
func (p Procedure) in(v Validity) Procedure { p.Validity = v; return p }
func (t Target) in(v Validity) Target       { t.Validity = v; return t }

func (a Area) placed(order int) Area           { a.Order = order; return a }
func (u Unit) placed(order int) Unit           { u.Order = order; return u }
func (d Desk) placed(order int) Desk           { d.Order = order; return d }
func (p Procedure) placed(order int) Procedure { p.Order = order; return p }
func (t Target) placed(order int) Target       { t.Order = order; return t }

// until returns the row with another end.
func until[R row[R]](r R, day Date) R {
	v := r.validity()
	v.To = day
	return r.in(v)
}

// succeed returns the rows, each in its place, with every open row closed the
// day before the next row of its id begins: this is what makes a rename one
// added row, in a file as in the store. An end that is written down stands.
func succeed[R row[R]](rows []R) []R {
	out := slices.Clone(rows)
	for _, places := range byDate(rows, R.id) {
		for i, p := range places[:len(places)-1] {
			v, next := rows[p].validity(), rows[places[i+1]].validity().From
			if v.To == "" && v.From < next {
				out[p] = until(out[p], next.AddDays(-1))
			}
		}
	}
	return out
}

// byDate returns for each key the places of its rows, the earliest first.
func byDate[R row[R]](rows []R, key func(R) string) map[string][]int {
	places := make(map[string][]int)
	for i, r := range rows {
		places[key(r)] = append(places[key(r)], i)
	}
	for _, p := range places {
		slices.SortStableFunc(p, func(a, b int) int {
			return cmp.Compare(rows[a].validity().From, rows[b].validity().From)
		})
	}
	return places
}

// table holds the rows of one kind, sorted for listing, and per id by date.
type table[R row[R]] struct {
	rows []R
	byID map[string][]R
}

func newTable[R row[R]](given []R) table[R] {
	given = succeed(given)
	t := table[R]{rows: make([]R, 0, len(given)), byID: make(map[string][]R)}
	for id, places := range byDate(given, R.id) {
		for _, p := range places {
			t.byID[id] = append(t.byID[id], given[p])
		}
		t.rows = append(t.rows, t.byID[id]...)
	}
	// A thing keeps the place in the list that its first row had, so that a
	// rename loaded from a file of its own does not move it to the top.
	place := func(r R) int { return t.byID[r.id()][0].order() }
	slices.SortFunc(t.rows, func(a, b R) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a.id(), b.id()),
			cmp.Compare(a.validity().From, b.validity().From))
	})
	return t
}

func (t table[R]) on(day Date) []R {
	list := make([]R, 0, len(t.byID))
	for _, r := range t.rows {
		if r.validity().On(day) {
			list = append(list, r)
		}
	}
	return list
}

func (t table[R]) at(id string, day Date) (R, bool) {
	for _, r := range t.byID[id] {
		if r.validity().On(day) {
			return r, true
		}
	}
	var none R
	return none, false
}

// near returns the row of the day or, where id does not hold on it, the last one
// before, else the first one after.
func (t table[R]) near(id string, day Date) (near R, known bool) {
	for i, r := range t.byID[id] {
		if i == 0 || r.validity().From <= day {
			near, known = r, true
		}
	}
	return near, known
}

// first returns the first day on which id holds, "" if nobody knows it.
func (t table[R]) first(id string) Date {
	if rows := t.byID[id]; len(rows) > 0 {
		return rows[0].validity().From
	}
	return ""
}

// gap returns the first day of v on which id does not hold; false: it holds
// throughout.
func (t table[R]) gap(id string, v Validity) (Date, bool) {
	day := v.From
	for _, r := range t.byID[id] {
		held := r.validity()
		switch {
		case !held.On(day):
		case held.To == "" || v.To != "" && v.To <= held.To:
			return "", false
		default:
			day = held.To.AddDays(1)
		}
	}
	return day, true
}
