package dossier

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/sheet"
	"sipas/internal/text"
)

// MaxRows is how many dossiers one list may hold: some five years of a large
// department.
const MaxRows = 500_000

// Codes of what can be wrong with a line, beside "dossier_day", "future" and
// "unknown" (Args: the cell).
const (
	CodeSame           = "same_code"             // Args: the line that has the same code
	CodeBlank          = "dossier_blank"         // nothing, or a cell merged with the one above
	CodeLetters        = "dossier_code"          // signs that no code has
	CodeFormula        = "dossier_formula"       // a formula instead of what it yields
	CodeProcedure      = "dossier_procedure"     // Args: the cell; no procedure of the catalogue
	CodeOutcome        = "dossier_outcome"       // Args: the cell
	CodeBeforeReceived = "dossier_before"        // Args: day of receipt
	CodeNotReturned    = "dossier_open"          // an outcome and no day of return
	CodeNotAfterDue    = "dossier_not_after_due" // Args: the due day
	CodeRows           = "dossier_rows"          // Args: lines at the most
	CodeEmpty          = "sheet_empty"           // headings and nothing below
)

// Reader makes dossiers of the lines of one list. It remembers the codes of the
// list to find those that come twice. Nothing else of a line is kept.
type Reader struct {
	cat   *catalogue.Catalogue
	today catalogue.Date
	has   Columns
	units map[string]string // folded id or name → id
	desks map[string]string
	named map[string]string // of procedures
	seen  map[string]int    // line of each code
}

// NewReader returns a reader of a list with these columns, as of today.
func NewReader(c *catalogue.Catalogue, has Columns, today catalogue.Date) *Reader {
	return &Reader{
		cat: c, today: today, has: has, seen: map[string]int{},
		units: c.Names(catalogue.KindUnit), desks: c.Names(catalogue.KindDesk), named: c.Names(catalogue.KindProcedure),
	}
}

// Read makes a dossier of a line. What is wrong with it is in bad, a column each.
func (r *Reader) Read(line int, cell func(Column) string) (d Dossier, bad fault.Fields) {
	get := func(c Column) string {
		s := cell(c)
		if strings.HasPrefix(s, "=") {
			bad.Add(string(c), CodeFormula)
			return ""
		}
		return s
	}
	formula := func(c Column) bool {
		return slices.ContainsFunc(bad, func(f fault.Field) bool { return f.Name == string(c) })
	}
	d.Code = CleanCode(get(ColCode))
	first, twice := r.seen[d.Code]
	switch {
	case formula(ColCode):
	case d.Code == "":
		bad.Add("code", CodeBlank)
	case len(d.Code) > maxCode || !codeForm.MatchString(d.Code):
		bad.Add("code", CodeLetters)
	case twice:
		bad.Add("code", CodeSame, first)
	default:
		r.seen[d.Code] = line
	}
	d.ReceivedOn = r.day(&bad, ColReceived, get, true)
	d.DueOn = r.day(&bad, ColDue, get, true)
	d.ReturnedOn = r.day(&bad, ColReturned, get, false)
	d.ApologyOn = r.day(&bad, ColApology, get, false)
	r.days(&bad, &d)
	r.place(&bad, &d, get)
	d.Outcome = outcomeOf(&bad, get(ColOutcome))
	if d.Outcome != "" && d.ReturnedOn == "" && d.Outcome != OutcomeWithdrawn && r.has.Has(ColReturned) && !formula(ColReturned) {
		bad.Add(string(ColReturned), CodeNotReturned)
	}
	return d, bad
}

func (r *Reader) day(bad *fault.Fields, c Column, get func(Column) string, required bool) catalogue.Date {
	before := len(*bad)
	s := get(c)
	switch {
	case len(*bad) > before:
		return ""
	case s == "" && required:
		bad.Add(string(c), CodeBlank)
		return ""
	case s == "":
		return ""
	}
	day, ok := sheet.ReadDay(s)
	if !ok {
		bad.Add(string(c), "dossier_day", shown(s))
		return "" // nothing else can be said of it
	}
	return catalogue.Date(day)
}

// days checks that the days follow each other and have come.
func (r *Reader) days(bad *fault.Fields, d *Dossier) {
	for _, x := range []struct {
		c      Column
		on     catalogue.Date
		come   bool
		before bool // may not be before the receipt
	}{{ColReceived, d.ReceivedOn, true, false}, {ColDue, d.DueOn, false, true}, {ColReturned, d.ReturnedOn, true, true}, {ColApology, d.ApologyOn, true, true}} {
		switch {
		case x.on == "" || !x.on.Valid():
		case x.come && x.on > r.today:
			bad.Add(string(x.c), "future")
		case x.before && d.ReceivedOn != "" && x.on < d.ReceivedOn:
			bad.Add(string(x.c), CodeBeforeReceived, d.ReceivedOn)
		}
	}
}

// codeBefore finds a procedure's code in front of its name.
var codeBefore = regexp.MustCompile(`^(\d\.\d{6}[0-9A-Za-z.]*)\s*[-–:]?\s`)

// place finds procedure, area, desk and unit in the catalogue.
func (r *Reader) place(bad *fault.Fields, d *Dossier, get func(Column) string) {
	before := len(*bad)
	s := get(ColProcedure)
	p, ok := r.procedure(s, d.ReceivedOn)
	switch {
	case len(*bad) > before:
	case s == "":
		bad.Add(string(ColProcedure), CodeBlank)
	case !ok:
		bad.Add(string(ColProcedure), CodeProcedure, shown(s))
	}
	d.Procedure, d.Area = p.ID, p.Area
	d.Desk = known(bad, ColDesk, get(ColDesk), r.desks)
	d.Unit = known(bad, ColUnit, get(ColUnit), r.units)
	if d.Unit == "" {
		d.Unit = p.Unit
	}
}

// procedure returns the procedure that a cell means, as it was on the day, or is
// today: a dossier may be older than the catalogue.
func (r *Reader) procedure(cell string, on catalogue.Date) (catalogue.Procedure, bool) {
	id := catalogue.ProcedureID(cell)
	if m := codeBefore.FindStringSubmatch(cell); id == "" && m != nil {
		id = catalogue.ProcedureID(m[1])
	}
	if id == "" {
		id = r.named[text.Fold(cell)]
	}
	if p, ok := r.cat.Procedure(id, on); ok {
		return p, true
	}
	return r.cat.Procedure(id, r.today)
}

func known(bad *fault.Fields, c Column, cell string, ids map[string]string) string {
	if cell == "" {
		return ""
	}
	id := ids[text.Fold(cell)]
	if id == "" {
		bad.Add(string(c), "unknown", shown(cell))
	}
	return id
}

// outcomeWords are what systems write, as text.Fold writes it. The words for a
// dossier that is still open mean no outcome.
var outcomeWords = map[string]string{
	"granted": OutcomeGranted, "da giai quyet": OutcomeGranted, "duoc giai quyet": OutcomeGranted, "da tra ket qua": OutcomeGranted, "da tra": OutcomeGranted,
	"dong y": OutcomeGranted, "da cap": OutcomeGranted, "cap": OutcomeGranted, "hoan thanh": OutcomeGranted, "da hoan thanh": OutcomeGranted, "da co ket qua": OutcomeGranted, "dat": OutcomeGranted,
	"refused": OutcomeRefused, "tu choi": OutcomeRefused, "khong giai quyet": OutcomeRefused, "khong duoc giai quyet": OutcomeRefused, "tu choi giai quyet": OutcomeRefused,
	"tra lai": OutcomeRefused, "tra lai ho so": OutcomeRefused, "khong du dieu kien": OutcomeRefused, "khong dong y": OutcomeRefused, "khong dat": OutcomeRefused,
	"withdrawn": OutcomeWithdrawn, "rut": OutcomeWithdrawn, "rut ho so": OutcomeWithdrawn, "da rut": OutcomeWithdrawn, "cong dan rut ho so": OutcomeWithdrawn, "nguoi dan rut ho so": OutcomeWithdrawn,
	"dang xu ly": "", "dang giai quyet": "", "cho bo sung": "", "moi tiep nhan": "", "da tiep nhan": "", "cho tra ket qua": "", "running": "",
}

func outcomeOf(bad *fault.Fields, cell string) string {
	if cell == "" {
		return ""
	}
	o, ok := outcomeWords[text.Fold(cell)]
	if !ok {
		bad.Add(string(ColOutcome), CodeOutcome, shown(cell))
	}
	return o
}

// shown is as much of a cell as its owner needs to find it. It goes back to
// whoever sent the list and nowhere else.
func shown(cell string) string {
	const most = 40
	if utf8.RuneCountInString(cell) <= most {
		return cell
	}
	return string([]rune(cell)[:most]) + "…"
}
