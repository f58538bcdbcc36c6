package seeds

import (
	"strconv"
	"strings"

	"sipas/internal/catalogue"
)

// Without returns the data less the rows of the conflicts, which merges of d
// have found, so that the rest of what a new version ships can still be loaded.
func (d Data) Without(conflicts []catalogue.Conflict) Data {
	moved := map[string]string{} // "areas.3" to "areas.2", or to "" for a row left out
	for _, c := range conflicts {
		moved[c.Place] = ""
	}
	r := d.Rows
	d.Rows = catalogue.Rows{
		Areas:      keep("areas", r.Areas, moved),
		Units:      keep("units", r.Units, moved),
		Desks:      keep("desks", r.Desks, moved),
		Procedures: keep("procedures", r.Procedures, moved),
		Targets:    keep("targets", r.Targets, moved),
	}
	d.Years, d.Terms = keep("calendar", d.Years, moved), keep("terms", d.Terms, moved)
	d.Duties = keep("improvements", d.Duties, moved)
	d.Retention = keep("retention", d.Retention, moved)
	lines := make(map[string]Position, len(d.lines))
	for path, p := range d.lines {
		if to, ok := moved[rowOf(path)]; !ok {
			lines[path] = p
		} else if to != "" {
			lines[to+strings.TrimPrefix(path, rowOf(path))] = p
		}
	}
	d.lines = lines
	return d
}

// keep returns the rows that stay and notes where they have moved to.
func keep[R any](list string, rows []R, moved map[string]string) []R {
	var kept []R
	for i, r := range rows {
		place := join(list, strconv.Itoa(i))
		if _, leave := moved[place]; leave {
			continue
		}
		moved[place] = join(list, strconv.Itoa(len(kept)))
		kept = append(kept, r)
	}
	return kept
}

// rowOf returns the part of a path that names a row: "areas.3" of
// "areas.3.name.vi".
func rowOf(path string) string {
	parts := strings.SplitN(path, ".", 3)
	return strings.Join(parts[:min(2, len(parts))], ".")
}
