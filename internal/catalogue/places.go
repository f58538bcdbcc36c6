package catalogue

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/fault"
)

// placesGiven rewrites the places in an error of New about all rows, of which
// those given come first, for the one who gave them. A row that only the store
// has is named by its id, "desks.quay-dat-dai.unit", and where two rows clash
// the field is the given one's.
func placesGiven(err error, given, all Rows) error {
	var e *fault.Error
	if !errors.As(err, &e) {
		return err
	}
	bad := slices.Clone(e.Fields)
	for i, f := range bad {
		name, mine := given.place(f.Name, all)
		if f.Code == CodeOverlap || f.Code == CodeDuplicate {
			other, theirs := given.place(f.Args[0].(string), all)
			if !mine && theirs {
				name, other = other, name
			}
			bad[i].Args = []any{other}
		}
		bad[i].Name = name
	}
	return bad.Err()
}

// place returns the name of a place in all, and whether the row is one given.
func (given Rows) place(name string, all Rows) (string, bool) {
	list, rest, _ := strings.Cut(name, ".")
	number, _, _ := strings.Cut(rest, ".")
	if i, err := strconv.Atoi(number); err != nil || i < len(given.ids(list)) {
		return name, err == nil
	}
	list, id, field := all.thing(name)
	name = list + "." + id
	if field != "" {
		name += "." + field
	}
	return name, false
}

// thing tells a name in an error of New about these rows apart: "desks.2.unit"
// into "desks", the id of that row, and "unit".
func (given Rows) thing(name string) (list, id, field string) {
	list, rest, _ := strings.Cut(name, ".")
	number, field, _ := strings.Cut(rest, ".")
	if i, err := strconv.Atoi(number); err == nil {
		id = given.ids(list)[i]
	}
	return list, id, field
}

// ids returns the ids of one kind in the order of the rows.
func (given Rows) ids(kind string) []string {
	switch kind {
	case "areas":
		return idsOf(given.Areas)
	case "units":
		return idsOf(given.Units)
	case "desks":
		return idsOf(given.Desks)
	case "procedures":
		return idsOf(given.Procedures)
	case "targets":
		return idsOf(given.Targets)
	}
	return nil
}

func idsOf[R row[R]](rows []R) []string {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.id()
	}
	return ids
}
