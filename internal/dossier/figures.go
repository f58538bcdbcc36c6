package dossier

import (
	"cmp"
	"slices"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
)

// Dimension is what figures can be grouped by.
type Dimension string

// The dimensions.
const (
	ByArea  Dimension = "area"
	ByUnit  Dimension = "unit"
	ByMonth Dimension = "month" // of the return, of an open one of the due day
)

// Dimensions in the order in which they are offered.
var Dimensions = []Dimension{ByArea, ByUnit, ByMonth}

// Query asks for the figures of a period, both days inclusive; From "" is from
// the first dossier on.
type Query struct {
	From, To catalogue.Date
	By       Dimension // "": no groups
}

// Check names what cannot be answered.
func (q Query) Check() error {
	var bad fault.Fields
	if q.From != "" && !q.From.Valid() {
		bad.Add("from", "date")
	}
	switch {
	case !q.To.Valid():
		bad.Add("to", "date")
	case q.From.Valid() && q.To < q.From:
		bad.Add("to", "before_from")
	}
	if q.By != "" && !slices.Contains(Dimensions, q.By) {
		bad.Add("by", "choice", "area, unit, month")
	}
	return bad.Err()
}

// Figure counts dossiers. Each dossier is in one of OnTime, Late, Withdrawn,
// Overdue and Running.
type Figure struct {
	Key              string
	OnTime, Late     int // returned in the period
	LateApologised   int // of Late
	Withdrawn        int
	Overdue          int // due in the period, before today, and still open
	OverdueApologise int // of Overdue
	Running          int // due in the period, today or later, and open
}

// Closed is how many dossiers were returned with a result: the denominator of
// the on-time share and of the response rate. Withdrawn ones are not in it.
func (f Figure) Closed() int { return f.OnTime + f.Late }

// Unapologised is how many are late or overdue and have no written apology; the
// plan's target for it is 0.
func (f Figure) Unapologised() int {
	return f.Late - f.LateApologised + f.Overdue - f.OverdueApologise
}

// DuePassed is how many were not returned by the day they were due: the
// denominator of the share of apologies.
func (f Figure) DuePassed() int { return f.Late + f.Overdue }

// Apologised is how many of DuePassed have a written apology.
func (f Figure) Apologised() int { return f.LateApologised + f.OverdueApologise }

// Met compares the share on time with a target in whole numbers, as
// survey does: 98.996 % is not 99 %. False where nothing was closed.
func (f Figure) Met(target catalogue.Percent) bool {
	return f.Closed() > 0 && f.OnTime*10_000 >= int(target)*f.Closed()
}

func (f *Figure) count(s Standing, apologised bool) {
	switch s {
	case OnTime:
		f.OnTime++
	case Late:
		if f.Late++; apologised {
			f.LateApologised++
		}
	case Withdrawn:
		f.Withdrawn++
	case Overdue:
		if f.Overdue++; apologised {
			f.OverdueApologise++
		}
	case Running:
		f.Running++
	}
}

// Table answers a Query.
type Table struct {
	Query
	Overall Figure
	Groups  []Figure // ordered by key
	today   catalogue.Date
}

func newTable(q Query, today catalogue.Date) *Table { return &Table{Query: q, today: today} }

// add counts one dossier if it belongs to the period: returned ones by the day of
// return, open ones by the day they are due.
func (t *Table) add(d *Dossier) {
	on := cmp.Or(d.ReturnedOn, d.DueOn)
	if on < t.From || on > t.To {
		return
	}
	standing, apologised := d.StandingOn(t.today), d.ApologyOn != ""
	t.Overall.count(standing, apologised)
	var key string
	switch t.By {
	case ByArea:
		key = d.Area
	case ByUnit:
		key = d.Unit
	case ByMonth:
		key = on.Month()
	default:
		return
	}
	i, found := slices.BinarySearchFunc(t.Groups, key, func(f Figure, key string) int { return cmp.Compare(f.Key, key) })
	if !found {
		t.Groups = slices.Insert(t.Groups, i, Figure{Key: key})
	}
	t.Groups[i].count(standing, apologised)
}
