package feedback

import (
	"slices"
	"time"

	"sipas/internal/catalogue"
)

// Pause is a stretch during which the office waits for the citizen: from the
// question to the reply.
type Pause struct {
	From time.Time `bson:"from"`
	To   time.Time `bson:"to"`
}

// covers says whether the day ends in the pause. So the day of the question is
// left out and the day of the reply counts, and a question that is answered the
// same day stops nothing.
func (p Pause) covers(d catalogue.Date) bool {
	return catalogue.DateOf(p.From) <= d && d < catalogue.DateOf(p.To)
}

// Why says why a day counts or not: a code whose sentence is the text
// "why.<code>" of the pages.
type Why string

// The reasons. Day.N and Day.Name are what their sentences need.
const (
	WhyReceipt    Why = "receipt_day"    // the day of receipt is not counted
	WhyAcceptance Why = "acceptance_day" // nor is that of acceptance
	WhyReopening  Why = "reopening_day"  // nor that of reopening
	WhySaturday   Why = "saturday"
	WhySunday     Why = "sunday"
	WhyHoliday    Why = "holiday" // Name
	WhyPaused     Why = "paused"  // the office waits for the citizen
	WhyCounted    Why = "counted" // N
	WhyMakeup     Why = "makeup"  // N; a make-up Saturday, on which the office works
	WhyMoved      Why = "moved"   // the due day, because the term ends on a day off
)

// off says whether it is the reason of a day on which the office is closed.
func (d Day) off() bool { return d.Why == WhySaturday || d.Why == WhySunday || d.Why == WhyHoliday }

// Day is one day between the beginning of a term and its due day.
type Day struct {
	On      catalogue.Date
	Counted bool
	Why     Why
	N       int            // which day of the term, from 1; only if Counted
	Name    catalogue.Text // of a holiday
}

// Due is when a term ends, and why then.
type Due struct {
	At      time.Time // 23:59:59 in Asia/Ho_Chi_Minh
	Days    []Day     // every day from the first, which is not counted, to the due day
	Missing []int     // years met whose calendar is not complete: the date is provisional
}

// On returns the due day.
func (d *Due) On() catalogue.Date { return catalogue.DateOf(d.At) }

// Due counts the term from start, the moment of receipt or acceptance, whose day
// is not counted. Each extension adds its days to the term. A term in working
// days counts those of the calendar; one in calendar days counts every day, and
// if its last one is a day off it moves to the next working day. Days that end
// in a pause are not counted where the term allows it.
func (t *Term) Due(start time.Time, pauses []Pause, extensions []int, c *Calendar) Due {
	if !t.Pauses {
		pauses = nil
	}
	left := t.Days
	for _, days := range extensions {
		left += days
	}
	first := catalogue.DateOf(start)
	due := Due{Days: []Day{{On: first, Why: t.Starts.why()}}}
	for d, n := first.AddDays(1), 0; ; d = d.AddDays(1) {
		day := c.reason(d)
		off := day.off()
		paused := slices.ContainsFunc(pauses, func(p Pause) bool { return p.covers(d) })
		switch {
		case paused:
			day = Day{On: d, Why: WhyPaused}
		case left > 0 && (!off || t.Counts == CalendarDays):
			if t.Counts == CalendarDays {
				day = Day{On: d, Why: WhyCounted}
			}
			left, n = left-1, n+1
			day.Counted, day.N = true, n
		case left == 0 && !off: // the term has ended on a day off
			day = Day{On: d, Why: WhyMoved}
		}
		due.Days = append(due.Days, day)
		due.needs(d, c, left == 0 || t.Counts == WorkingDays)
		if left == 0 && !off && !paused {
			due.At = d.AddDays(1).Start().Add(-time.Second)
			return due
		}
	}
}

// needs notes the year of a day if the date depends on it and its calendar is
// not complete.
func (d *Due) needs(day catalogue.Date, c *Calendar, depends bool) {
	year := day.Start().Year()
	if depends && !c.Complete(year) && !slices.Contains(d.Missing, year) {
		d.Missing = append(d.Missing, year)
	}
}
