package catalogue

import (
	"slices"
	"strconv"
)

// Change is what a Merge found. With a Differ nothing was written.
type Change struct {
	Added     int        // rows that were not there
	Unchanged int        // rows that were there with the same content
	Differ    []Conflict // rows that are there with other content
}

// Conflict is a row that is stored with other content. What is stored stands: a
// change is a new row with a later From.
type Conflict struct {
	Kind   string // "area", "unit", "desk", "procedure", "target"
	ID     string
	From   Date
	Place  string   // of the row among those given, "areas.3"
	Fields []string // what differs, "name.en"
}

// merged is one kind after a merge.
type merged[R row[R]] struct {
	rows      []R      // the given ones in their places, then what only the store has
	changed   []string // ids to which rows were added
	added     int
	unchanged int
	differ    []Conflict
}

// known is what tells one row of a kind from another.
type known struct {
	id   string
	from Date
}

func knownAs[R row[R]](r R) known { return known{r.id(), r.validity().From} }

// merge adds the given rows to the stored ones; list is what the fields of a
// fault call the kind. What the store has of a row stays, its place too.
func merge[R row[R]](kind, list string, have, given []R, compare func(a, b R) fields) merged[R] {
	stored := make(map[known]R, len(have))
	for _, r := range have {
		stored[knownAs(r)] = r
	}
	var m merged[R]
	// The same rows twice, as the files have them and as the store has them, so
	// that an end which follows from the next row is the same on both sides.
	asGiven, asStored := slices.Clone(given), slices.Clone(given)
	covered, changed := make(map[known]bool, len(given)), map[string]bool{}
	for i, g := range given {
		covered[knownAs(g)] = true
		if s, ok := stored[knownAs(g)]; ok {
			asStored[i] = s
			continue
		}
		m.added++
		if !changed[g.id()] {
			changed[g.id()] = true
			m.changed = append(m.changed, g.id())
		}
	}
	for _, s := range have {
		if !covered[knownAs(s)] {
			asGiven, asStored = append(asGiven, s), append(asStored, s)
		}
	}
	asGiven, asStored = succeed(asGiven), succeed(asStored)
	m.rows = asStored
	for i, g := range given {
		if _, ok := stored[knownAs(g)]; !ok {
			continue
		}
		a, b := asGiven[i], asStored[i]
		if f := append(compare(a, b), differs(a.validity(), b.validity())...); len(f) > 0 {
			m.differ = append(m.differ, Conflict{kind, g.id(), g.validity().From, list + "." + strconv.Itoa(i), f})
		} else {
			m.unchanged++
		}
	}
	return m
}

// differs names what sets a given row apart from the stored one. That the
// office has confirmed what a file does not yet call confirmed is no
// difference: the confirmation stands.
func differs(given, stored Validity) (f fields) {
	f.compare("to", given.To, stored.To)
	f.compare("source", given.Source, stored.Source)
	f.compare("confirmed", given.Confirmed && !stored.Confirmed, false)
	return f
}

type fields []string

func (f *fields) compare(name string, a, b any) {
	if a != b {
		*f = append(*f, name)
	}
}

func (f *fields) names(a, b Text) {
	f.compare("name.vi", a.VI, b.VI)
	f.compare("name.en", a.EN, b.EN)
}

func compareAreas(a, b Area) (f fields) { f.names(a.Name, b.Name); return }
func compareUnits(a, b Unit) (f fields) { f.names(a.Name, b.Name); return }

func compareDesks(a, b Desk) (f fields) {
	f.names(a.Name, b.Name)
	f.compare("unit", a.Unit, b.Unit)
	return
}

func compareProcedures(a, b Procedure) (f fields) {
	f.names(a.Name, b.Name)
	f.compare("area", a.Area, b.Area)
	f.compare("unit", a.Unit, b.Unit)
	f.compare("example", a.Example, b.Example)
	return
}

func compareTargets(a, b Target) (f fields) {
	f.compare("measure", a.Measure, b.Measure)
	f.compare("area", a.Area, b.Area)
	f.compare("value", a.Value, b.Value)
	return
}
