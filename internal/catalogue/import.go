package catalogue

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"

	"sipas/internal/fault"
	"sipas/internal/store"
)

// ImportTerms are what an office says of a list as a whole.
type ImportTerms struct {
	From      Date     // today or later: from when a stored procedure is as the list has it, and one whose line says no day
	Source    string   // of lines that say none
	Confirmed bool     // the office vouches for the list
	End       []string // procedures to end on the day before From (today at the earliest), out of Absent and Examples
}

// Import is what a list would change. The list adds and changes; it ends
// nothing, whatever it leaves out.
type Import struct {
	Added     []ImportedRow
	Changed   []ImportedRow
	Unchanged []Procedure // as they are stored
	Absent    []Procedure // held on From and not in the list
	Examples  []Procedure // examples that hold on From in areas for which the list has procedures
	Digest    string      // of all this and of what it would be written over
}

// ImportedRow is a line of the list as the row that it would become.
type ImportedRow struct {
	Line int
	Procedure
	Differences []Difference // from the row that holds then; none for an added one
	Said        Date         // the line's own day, where the row begins on another
	English     bool         // false: nobody has said an English name, the Vietnamese one stands in
}

// importing is an Import in the making.
type importing struct {
	Import
	terms         ImportTerms
	today         Date
	stored        map[string]*history[Procedure]
	areas         table[Area]
	units         table[Unit]
	lines         map[string]int // of each id in the list
	after, before []*history[Procedure]
	order         int
	bad           fault.Fields
}

// planImport works out what a list changes. A line that says only what holds
// already changes nothing, whatever day or source it gives: an empty cell says
// nothing, and a source alone is no new wording. What differs is a new row from
// the line's day if that is still to come, else from the terms' day; what is new
// holds from the line's day, past or not, but not before its area and its unit
// are known. The error is an Invalid fault: fields
// of the terms ("from"), and of lines ("12.area").
func planImport(have contents, lines []ProcedureLine, terms ImportTerms, today Date) (*importing, error) {
	im := &importing{
		terms: terms, today: today, order: lastPlace(have.procedures),
		stored: map[string]*history[Procedure]{}, lines: map[string]int{},
		areas: newTable(rowsOf(have.areas)), units: newTable(rowsOf(have.units)),
	}
	for _, h := range have.procedures {
		im.stored[h.ID] = h
	}
	if im.checkTerms(); len(im.bad) == 0 {
		areas := map[string]bool{}
		for _, l := range lines {
			im.lines[l.ID] = l.Line
			areas[l.Area] = true
			im.line(l)
		}
		im.leftOut(newTable(rowsOf(have.procedures)).on(terms.From), areas)
		im.digest()
		im.end()
	}
	if len(im.bad) == 0 {
		im.check(have)
	}
	return im, im.bad.Err()
}

func (im *importing) checkTerms() {
	at := place{bad: &im.bad}
	switch from := im.terms.From; {
	case from == "":
		at.add("from", CodeRequired)
	case !from.Valid():
		at.add("from", CodeDate, string(from))
	case from < im.today:
		at.add("from", CodePast, im.today)
	}
	at.optional("source", im.terms.Source)
}

func (im *importing) line(l ProcedureLine) {
	p := l.Procedure
	p.From, p.Source, p.Confirmed = cmp.Or(p.From, im.terms.From), cmp.Or(p.Source, im.terms.Source), im.terms.Confirmed
	h := im.stored[p.ID]
	if h == nil {
		h = &history[Procedure]{Doc: store.Doc{ID: p.ID}}
	}
	if p.From < im.today {
		p.From = max(p.From, im.areas.first(p.Area), im.units.first(p.Unit))
	}
	held := holding(h.Rows, p.From)
	if held >= 0 && p.From < im.today {
		p.From = im.terms.From
		held = holding(h.Rows, p.From)
	}
	switch {
	case held >= 0:
		p = p.filledFrom(h.Rows[held])
	case len(h.Rows) > 0:
		p = p.filledFrom(h.Rows[len(h.Rows)-1])
	}
	row := ImportedRow{Line: l.Line, English: p.Name.EN != ""}
	if l.From != p.From {
		row.Said = l.From
	}
	p.Name.EN = cmp.Or(p.Name.EN, p.Name.VI)
	edit := Edit(Add{p})
	if held >= 0 {
		base := h.Rows[held]
		if row.Differences = p.differ(base); len(row.Differences) == 0 {
			im.Unchanged = append(im.Unchanged, base)
			return
		}
		if held == len(h.Rows)-1 {
			p.To = base.To
		}
		edit = Add{p}
		if base.From == p.From && p.From > im.today {
			edit = Rewrite{p.From, p}
		}
	}
	if after := im.revise(h, edit, strconv.Itoa(l.Line)); after != nil {
		row.Procedure = after[holding(after, p.From)]
		if held >= 0 {
			im.Changed = append(im.Changed, row)
		} else {
			im.Added = append(im.Added, row)
		}
	}
}

// filledFrom takes from the stored row what the line does not say. An English
// name that only stood in for the Vietnamese one is none.
func (p Procedure) filledFrom(stored Procedure) Procedure {
	p.Unit = cmp.Or(p.Unit, stored.Unit)
	if p.Name.EN == "" && stored.Name.EN != stored.Name.VI {
		p.Name.EN = stored.Name.EN
	}
	return p
}

func holding(rows []Procedure, day Date) int {
	return slices.IndexFunc(rows, func(p Procedure) bool { return p.On(day) })
}

// revise applies an edit; at is what the names of its mistakes begin with. Nil:
// there were some.
func (im *importing) revise(h *history[Procedure], e Edit, at string) []Procedure {
	rows, err := Revise(h.Rows, e, im.today)
	if err != nil {
		for _, f := range fault.As(err).Fields {
			im.bad.Add(at+"."+columnOfField(f.Name), f.Code, f.Args...)
		}
		return nil
	}
	if len(h.Rows) == 0 {
		im.order++
		rows[0] = rows[0].placed(im.order)
	}
	im.after, im.before = append(im.after, &history[Procedure]{h.Doc, rows}), append(im.before, h)
	return rows
}

// columnOfField returns the column of the list that a field of the row is from.
func columnOfField(field string) string {
	switch field {
	case "id":
		return columnNames[colCode]
	case "name.vi":
		return columnNames[colName]
	case "name.en":
		return columnNames[colEnglish]
	}
	return field
}

// leftOut finds what the office may want to end.
func (im *importing) leftOut(held []Procedure, areas map[string]bool) {
	for _, p := range held {
		_, listed := im.lines[p.ID]
		switch {
		case listed:
		case !p.Example:
			im.Absent = append(im.Absent, p)
		case areas[p.Area]:
			im.Examples = append(im.Examples, p)
		}
	}
}

// digest sums up what was found, before anybody chose what to end.
func (im *importing) digest() {
	type document struct {
		ID      string
		Version int64
		Rows    []Procedure
	}
	var writes []document
	for _, h := range im.after {
		writes = append(writes, document{h.ID, h.Version, h.Rows})
	}
	b, err := json.Marshal([]any{writes, im.Unchanged, im.Absent, im.Examples})
	if err != nil {
		panic(err) // strings, numbers and booleans
	}
	sum := sha256.Sum256(b)
	im.Digest = hex.EncodeToString(sum[:])
}

// end ends what the office has chosen to.
func (im *importing) end() {
	to := max(im.terms.From.AddDays(-1), im.today)
	offered := slices.Concat(im.Absent, im.Examples)
	for _, id := range slices.Compact(slices.Sorted(slices.Values(im.terms.End))) {
		i := slices.IndexFunc(offered, func(p Procedure) bool { return p.ID == id })
		if i < 0 {
			im.bad.Add("end."+id, CodeUnknown, id)
			continue
		}
		im.revise(im.stored[id], End{offered[i].From, to}, "end."+id)
	}
}

// check looks at the whole catalogue as it would be.
func (im *importing) check(have contents) {
	all := slices.Clone(have.procedures)
	for i, after := range im.after {
		if at := slices.Index(all, im.before[i]); at >= 0 {
			all[at] = after
		} else {
			all = append(all, after)
		}
	}
	have.procedures = all
	rows := have.rows()
	_, err := New(rows)
	if err == nil {
		return
	}
	for _, f := range fault.As(err).Fields {
		list, id, field := rows.thing(f.Name)
		name := list + "." + id + "." + field
		if line, ok := im.lines[id]; ok && list == KindProcedure.list() {
			name = strconv.Itoa(line) + "." + columnOfField(field)
		}
		if f.Code == CodeUnknown {
			f.Args = f.Args[1:] // the field tells the kind
		}
		im.bad.Add(name, f.Code, f.Args...)
	}
}
