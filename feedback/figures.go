package feedback

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
)

// Dimension is what figures are grouped by.
type Dimension string

// The dimensions.
const (
	ByKind  Dimension = "kind"
	ByUnit  Dimension = "unit"  // that the case is assigned to
	ByArea  Dimension = "area"  // as the sender or the procedure says
	ByMonth Dimension = "month" // of receipt, "2026-03"
)

// Dimensions lists them in the order in which they are offered.
var Dimensions = []Dimension{ByKind, ByUnit, ByArea, ByMonth}

// FigureQuery asks how the cases were handled that were received in a period.
type FigureQuery struct {
	From, To catalogue.Date // both inclusive; "": open
	By       Dimension      // "": all together only
	Kind     Kind           // "": all but denunciations
}

// Countable returns the kinds that figures for the officer can be asked for. All
// kinds together are never more than what everybody may know of, so that no
// difference of two totals tells the number of denunciations.
func Countable(o Officer) []Kind {
	if o.Role == RoleInspection {
		return Kinds
	}
	return notSecret
}

// Check reports every part of the question that is wrong.
func (q FigureQuery) Check(o Officer) error {
	var f fault.Fields
	checkDay := func(name string, d catalogue.Date) {
		if d != "" && !d.Valid() {
			f.Add(name, "date")
		}
	}
	checkDay("from", q.From)
	checkDay("to", q.To)
	if len(f) == 0 && q.From != "" && q.To != "" && q.To < q.From {
		f.Add("to", "before_from")
	}
	if q.By != "" && !slices.Contains(Dimensions, q.By) {
		f.Add("by", "choice", wordsOf(Dimensions))
	}
	if kinds := Countable(o); q.Kind != "" && !slices.Contains(kinds, q.Kind) {
		f.Add("kind", "choice", wordsOf(kinds))
	}
	return f.Err()
}

// holds says whether the question is about the case.
func (q FigureQuery) holds(c *Case) bool {
	on := catalogue.DateOf(c.ReceivedAt)
	return (q.Kind == "" && c.Kind != Denunciation || c.Kind == q.Kind) && (q.From == "" || q.From <= on) && (q.To == "" || on <= q.To)
}

// Figure counts the cases of one group. Each case is in exactly one of OnTime,
// Late, Running, Overdue, Waiting and Withdrawn; together they are Received.
type Figure struct {
	Key        string // value of the dimension; "": those that have none
	Received   int
	OnTime     int // answered, refused in writing or transferred, never after the due day
	Late       int // the same, after it
	Apologised int // of Late: with an apology and a new date before the answer came
	Running    int // the term is not over
	Overdue    int // it is, and there is no answer
	Waiting    int // for the sender, while the term stands still
	Withdrawn  int
	Yes        int // how many senders found that it solved the matter,
	Partly     int // partly,
	No         int // not at all
	days       []int
}

// Answered counts those that have come to an answer, a refusal or a transfer.
func (f *Figure) Answered() int { return f.OnTime + f.Late }

// Rated counts those that their sender has rated.
func (f *Figure) Rated() int { return f.Yes + f.Partly + f.No }

// MedianDays is the median of the calendar days from the receipt to the answer
// that stands, 0 on the same day; the mean of the two in the middle if there are
// two. False: nothing was answered.
//
// Calendar days are what the sender has lived through, the time of waiting for
// them included, and the one count that all kinds share: the laws count working
// days for some and calendar days for others. Whether the law's days were kept
// is told by OnTime.
func (f *Figure) MedianDays() (float64, bool) {
	n := len(f.days)
	if n == 0 {
		return 0, false
	}
	sorted := slices.Sorted(slices.Values(f.days))
	return float64(sorted[(n-1)/2]+sorted[n/2]) / 2, true
}

// Figures answers a FigureQuery.
type Figures struct {
	Overall Figure
	Groups  []Figure // in the order of Kinds, or of keys; those without a value last
}

// Tabulate counts cases as they stand at now: pure.
func Tabulate(cases []*Case, by Dimension, now time.Time) *Figures {
	t := tally{by: by, now: now, groups: map[string]*Figure{}}
	for _, c := range cases {
		t.add(c)
	}
	return t.figures()
}

// tally is figures that are being counted, so that not all cases have to be in
// memory at once.
type tally struct {
	by      Dimension
	now     time.Time
	overall Figure
	groups  map[string]*Figure
}

func (t *tally) add(c *Case) {
	t.overall.add(c, t.now)
	if t.by == "" {
		return
	}
	key := t.by.of(c)
	g := t.groups[key]
	if g == nil {
		g = &Figure{Key: key}
		t.groups[key] = g
	}
	g.add(c, t.now)
}

func (t *tally) figures() *Figures {
	f := &Figures{Overall: t.overall}
	for _, g := range t.groups {
		f.Groups = append(f.Groups, *g)
	}
	slices.SortFunc(f.Groups, func(a, b Figure) int {
		switch {
		case a.Key == "" || b.Key == "":
			return strings.Compare(b.Key, a.Key)
		case t.by == ByKind:
			return cmp.Compare(slices.Index(Kinds, Kind(a.Key)), slices.Index(Kinds, Kind(b.Key)))
		}
		return strings.Compare(a.Key, b.Key)
	})
	return f
}

// of returns the case's value. A case never counts for a unit that it is about,
// even if it lies there by mistake.
func (d Dimension) of(c *Case) string {
	switch d {
	case ByKind:
		return string(c.Kind)
	case ByUnit:
		if slices.Contains(c.About.Units(), c.Unit) {
			return ""
		}
		return c.Unit
	case ByArea:
		return c.Area
	case ByMonth:
		return catalogue.DateOf(c.ReceivedAt).Month()
	}
	return ""
}

func (f *Figure) add(c *Case, now time.Time) {
	f.Received++
	switch c.Rating.Solved {
	case SolvedYes:
		f.Yes++
	case SolvedPartly:
		f.Partly++
	case SolvedNo:
		f.No++
	}
	switch c.Standing(now) {
	case StandsWithdrawn:
		f.Withdrawn++
	case StandsOverdue:
		f.Overdue++
	case StandsRunning:
		f.Running++
	case StandsWaiting:
		f.Waiting++
	case StandsLate:
		f.Late++
		if _, apologised := c.late(); apologised {
			f.Apologised++
		}
	case StandsOnTime:
		f.OnTime++
	}
	if days, ok := c.days(now); ok {
		f.days = append(f.days, days)
	}
}

// Standing is how a case stands to its term.
type Standing string

// The standings; each case has exactly one.
const (
	StandsOnTime    Standing = "on_time" // answered, refused in writing or transferred, never after the due day
	StandsLate      Standing = "late"    // the same, after it
	StandsRunning   Standing = "running" // the term is not over
	StandsOverdue   Standing = "overdue" // it is, and there is no answer
	StandsWaiting   Standing = "waiting" // for the sender, while the term stands still
	StandsWithdrawn Standing = "withdrawn"
)

// Standings lists every standing.
var Standings = []Standing{StandsOnTime, StandsLate, StandsRunning, StandsOverdue, StandsWaiting, StandsWithdrawn}

// Standing returns how the case stands at now.
func (c *Case) Standing(now time.Time) Standing {
	switch late, _ := c.late(); {
	case c.Status == Withdrawn:
		return StandsWithdrawn
	case c.Overdue(now):
		return StandsOverdue
	case c.State() == Running:
		return StandsRunning
	case c.State() == Paused:
		return StandsWaiting
	case late:
		return StandsLate
	}
	return StandsOnTime
}

// days returns the calendar days from the receipt to the answer, the refusal or
// the transfer that stands; false: there is none.
func (c *Case) days(now time.Time) (int, bool) {
	if s := c.Standing(now); s != StandsOnTime && s != StandsLate {
		return 0, false
	}
	at := c.AnsweredAt
	if c.Status == Refused || c.Status == Transferred {
		at = c.EndedAt
	}
	return catalogue.DateOf(at).Days() - catalogue.DateOf(c.ReceivedAt).Days(), true
}

// late says whether any answer to the case came after its term, and whether
// there was an apology before each that did. Reopening a case begins a new term;
// it does not make up for an earlier one.
func (c *Case) late() (late, apologised bool) {
	apologised = true
	said := false // an apology, in this round
	for _, e := range c.Events {
		switch e.Step {
		case Extend:
			said = said || e.Apology
		case Reopen:
			said = false
		case Answer, Refuse, Transfer:
			if e.At.After(e.DueAt) {
				late, apologised = true, apologised && said
			}
		}
	}
	return late, late && apologised
}
