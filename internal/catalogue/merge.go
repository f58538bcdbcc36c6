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
	Kind   Kind
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

// merge adds the given rows to the stored ones. What the store has of a row
// stays, its place too.
func merge[R row[R]](have, given []R) merged[R] {
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
		if f := conflicts(a, b); len(f) > 0 {
			place := g.kind().list() + "." + strconv.Itoa(i)
			m.differ = append(m.differ, Conflict{g.kind(), g.id(), g.validity().From, place, f})
		} else {
			m.unchanged++
		}
	}
	return m
}

// conflicts names what sets a given row apart from the stored one. That the
// office has confirmed what a file does not yet call confirmed is no conflict:
// the confirmation stands.
func conflicts[R row[R]](given, stored R) (fields []string) {
	for _, d := range Differences(stored, given) {
		if d.Field != "confirmed" || given.validity().Confirmed {
			fields = append(fields, d.Field)
		}
	}
	return fields
}
