package catalogue

import (
	"cmp"
	"fmt"
	"slices"

	"sipas/internal/fault"
)

// Edit is what people may do to the rows of one thing: Add, Rewrite, Withdraw,
// End, Confirm, and nothing else. A report for a day that has passed may have
// been made, signed and sent, so what held on such a day goes on holding there:
// no edit takes a day before today from a row or changes what it said. A mistake
// in a row that holds already is mended by a further row from today on.
type Edit interface{ edit() }

// Add begins a new thing, or a new wording of one, on the row's From. The row
// that holds there ends on the day before, whatever end it had; an open row ends
// where the next one begins. From is today or later, or else a day on which the
// thing did not hold at all: that only fills in what was not known.
type Add struct{ Row Row }

// Rewrite puts a row in the place of the one from From, which has not begun yet.
type Rewrite struct {
	From Date
	Row  Row
}

// Withdraw takes back the row from From, which has not begun yet. A row that
// ends on the day before gets its days.
type Withdraw struct{ From Date }

// End sets the last day of the row from From, the thing's last one: today or
// later, "" for no end after all. An end that has passed stands.
type End struct{ From, To Date }

// Confirm says that the office vouches for the row from From, whenever that
// began; Source is what it has checked it against, "" for the source that is
// there. It cannot be taken back, and the source of a confirmed row stands.
type Confirm struct {
	From   Date
	Source string
}

func (Add) edit()      {}
func (Rewrite) edit()  {}
func (Withdraw) edit() {}
func (End) edit()      {}
func (Confirm) edit()  {}

// Codes of what can be wrong with an edit, beside those of Check.
const (
	CodePast      = "past"      // Args: today; a day before it cannot be changed any more
	CodeBegun     = "begun"     // Args: the From of a row that has begun
	CodeTaken     = "taken"     // Args: the id or the From that there is already
	CodeEnded     = "ended"     // Args: the day on which the row has ended
	CodeContinues = "continues" // Args: the From of the next row, before which this one ends unless that is withdrawn
	CodeConfirmed = "confirmed" // the row is confirmed with another source
	CodeSecond    = "second"    // Args: the id of the target that counts for the same on the same days
)

// ErrNoRow says that no row begins on the day that an edit names.
var ErrNoRow = fault.New(fault.NotFound, "row_unknown")

// Revise applies an edit to the rows of one thing, the earliest first, and
// returns the rows as they are then; of an edit that is done already, the same
// ones. What is wrong is an Invalid fault that names fields of the row ("from",
// "name.vi"), or ErrNoRow. References are not looked at.
func Revise[R row[R]](rows []R, e Edit, today Date) ([]R, error) {
	w := revision[R]{rows: slices.Clone(rows), today: today}
	var err error
	switch e := e.(type) {
	case Add:
		err = w.add(e.Row)
	case Rewrite:
		err = w.rewrite(e)
	case Withdraw:
		w.withdraw(e.From)
	case End:
		err = w.end(e)
	case Confirm:
		err = w.confirm(e)
	default:
		err = fmt.Errorf("no edit: %T", e)
	}
	if err == nil {
		err = w.bad.Err()
	}
	if err != nil {
		return nil, err
	}
	return w.rows, nil
}

// revision is an edit at work.
type revision[R row[R]] struct {
	rows  []R // the earliest first
	today Date
	bad   fault.Fields
}

// at returns where the row from a day stands, -1: there is none.
func (w *revision[R]) at(from Date) int {
	return slices.IndexFunc(w.rows, func(r R) bool { return r.validity().From == from })
}

func (w *revision[R]) days(i int) Validity { return w.rows[i].validity() }

// given returns an edit's row as one of this kind, with everything that is wrong
// in it by itself; false: something is.
func (w *revision[R]) given(row Row) (r R, sound bool, err error) {
	r, ok := row.(R)
	if !ok {
		return r, false, fmt.Errorf("a row of %T among rows of %T", row, r)
	}
	at := place{bad: &w.bad}
	r.check(at)
	at.validity(r.validity())
	return r, len(w.bad) == 0, nil
}

// has says whether the row is there already. An open end is the same as one
// that follows from the next row.
func (w *revision[R]) has(r R) bool {
	i := w.at(r.validity().From)
	if i < 0 {
		return false
	}
	if v := w.days(i); r.validity().To == "" && i+1 < len(w.rows) && v.To == w.days(i+1).From.AddDays(-1) {
		r = until(r, v.To)
	}
	return w.rows[i] == r.placed(w.rows[i].order())
}

func (w *revision[R]) add(row Row) error {
	r, sound, err := w.given(row)
	if err != nil || !sound || w.has(r) {
		return err
	}
	if len(w.rows) > 0 {
		r = r.placed(w.rows[0].order())
	}
	from := r.validity().From
	holds := slices.IndexFunc(w.rows, func(r R) bool { return r.validity().On(from) })
	switch {
	case w.at(from) >= 0:
		w.bad.Add("from", CodeTaken, from)
		return nil
	case holds < 0: // nobody's days
	case from < w.today:
		w.bad.Add("from", CodePast, w.today)
		return nil
	default:
		w.rows[holds] = until(w.rows[holds], from.AddDays(-1))
	}
	w.insert(r)
	return nil
}

// insert puts a row in its place, between rows that leave room for its first day.
func (w *revision[R]) insert(r R) {
	v := r.validity()
	i, _ := slices.BinarySearchFunc(w.rows, v.From, func(r R, day Date) int { return cmp.Compare(r.validity().From, day) })
	if i < len(w.rows) {
		next := w.days(i).From
		switch {
		case v.To == "":
			r = until(r, next.AddDays(-1))
		case v.To >= next:
			w.bad.Add("to", CodeContinues, next)
		}
	}
	w.rows = slices.Insert(w.rows, i, r)
}

func (w *revision[R]) rewrite(e Rewrite) error {
	r, sound, err := w.given(e.Row)
	if err != nil || !sound {
		return err
	}
	i := w.at(e.From)
	switch {
	case i < 0 && w.has(r): // moved already
		return nil
	case i < 0:
		return ErrNoRow
	case e.From <= w.today:
		w.bad.Add("from", CodeBegun, e.From)
		return nil
	}
	r = r.placed(w.rows[0].order())
	end := Date("")
	if i+1 < len(w.rows) {
		end = w.days(i + 1).From.AddDays(-1)
	}
	w.remove(i, end)
	return w.add(r)
}

func (w *revision[R]) withdraw(from Date) {
	i := w.at(from)
	switch {
	case i < 0: // taken back already
	case from <= w.today:
		w.bad.Add("from", CodeBegun, from)
	default:
		w.remove(i, w.days(i).To)
	}
}

// remove takes a row out. The one that has ended because of it goes on to end.
func (w *revision[R]) remove(i int, end Date) {
	if i > 0 && w.days(i-1).To == w.days(i).From.AddDays(-1) {
		w.rows[i-1] = until(w.rows[i-1], end)
	}
	w.rows = slices.Delete(w.rows, i, i+1)
}

func (w *revision[R]) end(e End) error {
	i := w.at(e.From)
	if i < 0 {
		return ErrNoRow
	}
	v := w.days(i)
	switch {
	case e.To == v.To, e.To == "" && i+1 < len(w.rows) && v.To == w.days(i+1).From.AddDays(-1): // as it is
	case e.To != "" && !e.To.Valid():
		w.bad.Add("to", CodeDate, string(e.To))
	case i+1 < len(w.rows):
		w.bad.Add("to", CodeContinues, w.days(i+1).From)
	case v.To != "" && v.To < w.today:
		w.bad.Add("to", CodeEnded, v.To)
	case e.To != "" && e.To < v.From:
		w.bad.Add("to", CodeEnd)
	case e.To != "" && e.To < w.today:
		w.bad.Add("to", CodePast, w.today)
	default:
		w.rows[i] = until(w.rows[i], e.To)
	}
	return nil
}

func (w *revision[R]) confirm(e Confirm) error {
	i := w.at(e.From)
	if i < 0 {
		return ErrNoRow
	}
	v := w.days(i)
	if e.Source == "" {
		e.Source = v.Source
	}
	switch {
	case v.Confirmed && e.Source != v.Source:
		w.bad.Add("source", CodeConfirmed)
	case !CleanText(e.Source, maxText):
		w.bad.Add("source", CodeText)
	default:
		v.Confirmed, v.Source = true, e.Source
		w.rows[i] = w.rows[i].in(v)
	}
	return nil
}
