package catalogue

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"sipas/internal/fault"
)

// Codes of what can be wrong with a row, beside the field's name.
const (
	CodeRequired  = "required" // left empty
	CodePhone     = "unit_phone"
	CodeMailbox   = "unit_mailbox"
	CodeText      = "text"      // space at an end, a control character, or too long
	CodeID        = "id"        // Args: what is no lower-case ASCII slug (a procedure's may be a national code)
	CodeDate      = "date"      // Args: what is no day
	CodeEnd       = "end"       // To before From
	CodeDuplicate = "duplicate" // Args: the place of the other row with the same id and From
	CodeOverlap   = "overlap"   // Args: the place of the other row whose days are the same
	CodeMeasure   = "measure"   // Args: what is none of the measures
	CodeRange     = "range"     // Args: between what a number has to be
	CodeUnknown   = "unknown"   // Args: the kind and id referred to, which nobody knows
	CodeNotThen   = "not_then"  // Args: the kind and id referred to, and the first day on which it does not hold
)

const maxText = 2000 // characters; the longest official name of a procedure has about 1,100

var (
	slug = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	code = regexp.MustCompile(`^[0-9]\.[0-9]{6}$`)
)

// IsSlug says whether s can be an id: lower-case ASCII words and digits with
// hyphens between, at most 64 characters.
func IsSlug(s string) bool { return len(s) <= 64 && slug.MatchString(s) }

// Check looks at each row by itself and at the rows of one id together: ids,
// names in both languages, days, values, and that the rows of an id do not
// overlap. It does not look at references, since a file may refer to what is
// only in the store. The error is as New describes.
func Check(rows Rows) error {
	var bad fault.Fields
	check(&bad, rows.Areas)
	check(&bad, rows.Units)
	check(&bad, rows.Desks)
	check(&bad, rows.Procedures)
	check(&bad, rows.Targets)
	checkTargets(&bad, rows.Targets)
	return bad.Err()
}

func check[R row[R]](bad *fault.Fields, rows []R) {
	sound := true
	for i, r := range rows {
		at := place{bad, r.kind().list() + "." + strconv.Itoa(i) + "."}
		r.check(at)
		sound = at.validity(r.validity()) && sound
	}
	if !sound {
		return // overlaps cannot be told with days that are none
	}
	for _, p := range overlaps(rows, R.id) {
		what := CodeOverlap
		if rows[p.i].validity().From == rows[p.j].validity().From {
			what = CodeDuplicate
		}
		list := rows[p.i].kind().list() + "."
		bad.Add(list+strconv.Itoa(p.i), what, list+strconv.Itoa(p.j))
	}
}

func (a Area) check(at place) {
	at.id(a.ID, false)
	at.names(a.Name)
}

func (u Unit) check(at place) {
	at.id(u.ID, false)
	at.names(u.Name)
	if u.Phone != "" && !phone.MatchString(u.Phone) {
		at.add("phone", CodePhone)
	}
	if u.Mailbox != "" && !mailbox.MatchString(u.Mailbox) {
		at.add("mailbox", CodeMailbox)
	}
}

// What stands on a poster is dialled and typed by people: a number with spaces,
// dots or dashes, and a plain address.
var (
	phone   = regexp.MustCompile(`^\+?[0-9](?:[ .-]?[0-9]){2,15}$`)
	mailbox = regexp.MustCompile(`^[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,6}$`)
)

func (d Desk) check(at place) {
	at.id(d.ID, false)
	at.names(d.Name)
	at.required("unit", d.Unit)
}

func (p Procedure) check(at place) {
	at.id(p.ID, true)
	at.names(p.Name)
	at.required("area", p.Area)
}

func (t Target) check(at place) {
	at.id(t.ID, false)
	switch t.Measure {
	case MeasureSatisfaction, MeasureOnTime, MeasureApology, MeasureFeedback:
	case "":
		at.add("measure", CodeRequired)
	default:
		at.add("measure", CodeMeasure, t.Measure)
	}
	if t.Value < 0 || t.Value > 10000 {
		at.add("value", CodeRange, 0, 100)
	}
}

// checkTargets finds two targets with different ids for the same thing: nobody
// could say which of them counts.
func checkTargets(bad *fault.Fields, targets []Target) {
	for _, p := range overlaps(targets, func(t Target) string { return t.Measure + " " + t.Area }) {
		if targets[p.i].ID != targets[p.j].ID {
			bad.Add("targets."+strconv.Itoa(p.i), CodeOverlap, "targets."+strconv.Itoa(p.j))
		}
	}
}

type pair struct{ i, j int } // places of two rows, i after j

// overlaps finds rows of one key that share a day with the row before them in
// time, sorted by place.
func overlaps[R row[R]](rows []R, key func(R) string) []pair {
	var found []pair
	rows = succeed(rows)
	for _, places := range byDate(rows, key) {
		for n, b := range places[1:] {
			a := places[n]
			if overlap(rows[a].validity(), rows[b].validity()) {
				found = append(found, pair{max(a, b), min(a, b)})
			}
		}
	}
	slices.SortFunc(found, func(a, b pair) int { return cmp.Compare(a.i, b.i) })
	return found
}

func overlap(a, b Validity) bool {
	return (a.To == "" || b.From <= a.To) && (b.To == "" || a.From <= b.To)
}

// references reports rows that refer to what does not hold as long as they do.
func (c *Catalogue) references(rows Rows) error {
	var bad fault.Fields
	for i, d := range succeed(rows.Desks) {
		refer(&bad, "desks."+strconv.Itoa(i)+".unit", "unit", c.units, d.Unit, d.Validity)
	}
	for i, p := range succeed(rows.Procedures) {
		at := "procedures." + strconv.Itoa(i)
		refer(&bad, at+".area", "area", c.areas, p.Area, p.Validity)
		refer(&bad, at+".unit", "unit", c.units, p.Unit, p.Validity)
	}
	for i, t := range succeed(rows.Targets) {
		refer(&bad, "targets."+strconv.Itoa(i)+".area", "area", c.areas, t.Area, t.Validity)
	}
	return bad.Err()
}

func refer[R row[R]](bad *fault.Fields, name, kind string, t table[R], id string, v Validity) {
	if id == "" {
		return
	}
	if len(t.byID[id]) == 0 {
		bad.Add(name, CodeUnknown, kind, id)
	} else if day, missing := t.gap(id, v); missing {
		bad.Add(name, CodeNotThen, kind, id, day)
	}
}

// place is where to say what is wrong with a row: names of its fields begin
// with prefix ("areas.3.").
type place struct {
	bad    *fault.Fields
	prefix string
}

func (p place) add(field, code string, args ...any) { p.bad.Add(p.prefix+field, code, args...) }

func (p place) required(field, s string) {
	if s == "" {
		p.add(field, CodeRequired)
	}
}

func (p place) id(s string, procedure bool) {
	if s == "" {
		p.add("id", CodeRequired)
	} else if !IsSlug(s) && !(procedure && code.MatchString(s)) {
		p.add("id", CodeID, s)
	}
}

func (p place) names(t Text) {
	p.text("name.vi", t.VI)
	p.text("name.en", t.EN)
}

func (p place) text(field, s string) {
	if s == "" {
		p.add(field, CodeRequired)
	} else if !CleanText(s, maxText) {
		p.add(field, CodeText)
	}
}

// CleanText says whether s can be shown as it is: one line of valid UTF-8, no
// space at an end, no control character, at most limit characters.
func CleanText(s string, limit int) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= limit &&
		s == strings.TrimSpace(s) && strings.IndexFunc(s, unicode.IsControl) < 0
}

func (p place) validity(v Validity) bool {
	before := len(*p.bad)
	switch {
	case v.From == "":
		p.add("from", CodeRequired)
	case !v.From.Valid():
		p.add("from", CodeDate, string(v.From))
	}
	switch {
	case v.To == "":
	case !v.To.Valid():
		p.add("to", CodeDate, string(v.To))
	case v.To < v.From:
		p.add("to", CodeEnd)
	}
	sound := len(*p.bad) == before
	p.text("source", v.Source)
	return sound
}
