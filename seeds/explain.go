package seeds

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/improve"
)

// check applies the rules of the subjects to what has been read.
func (d *Data) check(bad *mistakes) {
	d.report(bad, "", catalogue.Check(d.Rows))
	checkVersions(d, bad, "questionnaires", d.Questionnaires, "a change is a new version")
	checkVersions(d, bad, "calendar", d.Years, "a change is a new version")
	checkVersions(d, bad, "terms", d.Terms, "a change is a new row with a later from")
	checkVersions(d, bad, "improvements", d.Duties, "a change is a new row with a later from")
	checkVersions(d, bad, "retention", d.Retention, "a change is a new row with a later from")
}

// versioned is what never changes under its Ref.
type versioned[V any] interface {
	*V
	Ref() string
	Validate() error
}

// checkVersions applies the rules of one kind, and that no two share a Ref.
func checkVersions[V any, P versioned[V]](d *Data, bad *mistakes, list string, versions []V, change string) {
	seen := map[string]string{}
	for i := range versions {
		v, path := P(&versions[i]), join(list, strconv.Itoa(i))
		d.report(bad, path, v.Validate())
		if first, twice := seen[v.Ref()]; twice {
			bad.add(d.line(path), "%s is already in %s; %s", v.Ref(), d.line(first), change)
			continue
		}
		seen[v.Ref()] = path
	}
}

// Explain turns an error about Rows, as the catalogue's New and Store.Merge
// return it, into one line per mistake. Any other error is returned as it is.
func (d *Data) Explain(err error) error {
	var e *fault.Error
	if !errors.As(err, &e) || len(e.Fields) == 0 {
		return err
	}
	bad := &mistakes{files: d.files}
	d.report(bad, "", err)
	return bad.err()
}

// Conflict says where the row of a conflict stands and what to do about it.
func (d *Data) Conflict(c catalogue.Conflict) error {
	if c.From == "" { // a version, "2026@1"
		return &Error{d.line(c.Place), fmt.Sprintf("%s %s is in the store with other content; a change is a new version", c.Kind, c.ID)}
	}
	return &Error{d.line(c.Place), fmt.Sprintf("%s %q from %s is in the store with another %s; a change is a new row with a later from",
		c.Kind, c.ID, c.From, strings.Join(c.Fields, ", "))}
}

// report adds a line for each field of a fault, except where the file's form
// has already been found wrong at the same place.
func (d *Data) report(bad *mistakes, base string, err error) {
	if err == nil {
		return
	}
	for _, f := range fault.As(err).Fields {
		path := join(base, f.Name)
		if bad.known(path) {
			continue
		}
		message := d.sentence(base, f)
		at, inFile := d.place(path)
		if inFile {
			if name := shortName(path); name != "" {
				message = name + ": " + message
			}
		} else {
			at, message = d.cause(f), "in the store, "+path+": "+message
		}
		bad.add(at, "%s", message)
	}
}

// place returns the line of a path; false: it is one of a row in the store,
// which has an id where the rows of files have numbers.
func (d *Data) place(path string) (Position, bool) {
	parts := strings.SplitN(path, ".", 3)
	if len(parts) > 1 {
		if _, err := strconv.Atoi(parts[1]); err != nil {
			return Position{}, false
		}
	}
	return d.line(path), true
}

// cause returns the line of the row because of which a stored one would no
// longer be sound: the last one of what that refers to.
func (d *Data) cause(f fault.Field) Position {
	at := d.first()
	if f.Code != catalogue.CodeNotThen {
		return at
	}
	kind, id := f.Args[0], f.Args[1]
	for i, u := range d.Rows.Units {
		if kind == "unit" && id == u.ID {
			at = d.line("units." + strconv.Itoa(i))
		}
	}
	for i, a := range d.Rows.Areas {
		if kind == "area" && id == a.ID {
			at = d.line("areas." + strconv.Itoa(i))
		}
	}
	return at
}

// line returns the line of a path, or of the nearest one around it.
func (d *Data) line(path string) Position {
	for {
		if p, ok := d.lines[path]; ok {
			return p
		}
		i := strings.LastIndexByte(path, '.')
		if i < 0 {
			return d.first()
		}
		path = path[:i]
	}
}

// first stands for a place that cannot be told.
func (d *Data) first() Position {
	if len(d.files) == 0 {
		return Position{"store", 1}
	}
	return Position{d.files[0], 1}
}

// sentences says what the codes of the rules mean; %[1]v and so on are the
// arguments of the field.
var sentences = map[string]string{
	catalogue.CodeRequired: "is missing",
	catalogue.CodeText:     "must be one line without spaces at its ends, and not too long",
	catalogue.CodeID:       "%[1]q is not a name of lower-case letters (a to z), digits and hyphens",
	catalogue.CodeDate:     "%[1]q is not a day written YYYY-MM-DD",
	catalogue.CodeEnd:      "is before from",
	catalogue.CodeMeasure:  "%[1]q is none of satisfaction, on-time, apology, feedback",
	catalogue.CodeRange:    "must be from %[1]v to %[2]v",
	catalogue.CodeUnknown:  "there is no %[1]s %[2]q",
	catalogue.CodeNotThen:  "there is no %[1]s %[2]q on %[3]s",
	"roman":                `%[1]q is not a Roman number such as "III" (in the policy block "P-III")`,
	"number":               "%[1]q is not a number from 1 to 99",
	"block":                "must be %[1]s or %[2]s",
	"judges":               "must be %[1]s or %[2]s, or left out",
	feedback.CodeOtherYear: "is not in %[1]d",
	feedback.CodeWeekend:   "is not a Saturday or Sunday",
	feedback.CodeDayOff:    "does not fit the days off of the year",
	feedback.CodeNoneOf:    "%[1]q is none of %[2]s",
	feedback.CodeNoTerm:    "there is no term without an end for %[1]s, %[2]s",
	feedback.CodeTwice:     "is for the same as %[1]s",
	improve.CodeIndex:      "%[1]q is none of par, sipas, papi",
	improve.CodeFactor:     `%[1]q is no factor such as "III"`,
	improve.CodeEvery:      "%[1]q is none of all, procedures",
	"few":                  "has fewer than %[1]d",
	"many":                 "has more than %[1]d",
}

func (d *Data) sentence(base string, f fault.Field) string {
	switch f.Code {
	case catalogue.CodeDuplicate:
		return "is already in " + d.other(base, f)
	case catalogue.CodeOverlap:
		return "has days in common with " + d.other(base, f)
	}
	form, ok := sentences[f.Code]
	if !ok {
		return f.Code
	}
	args := make([]any, len(f.Args))
	for i, a := range f.Args {
		args[i] = a
		if text, ok := a.(string); ok {
			args[i] = cut(text)
		}
	}
	if !strings.Contains(form, "%") {
		return form
	}
	return fmt.Sprintf(form, args...)
}

// other names the place that a field's first argument is the path of.
func (d *Data) other(base string, f fault.Field) string {
	path, _ := f.Args[0].(string)
	if at, inFile := d.place(join(base, path)); inFile {
		return at.String()
	}
	return "the store"
}
