package improve

import (
	"fmt"
	"slices"
	"strconv"

	"sipas/internal/catalogue"
)

// Half is half a year, after which units report what they have done.
type Half struct {
	Year   int
	Second bool
}

// HalfOf is the half year of a day.
func HalfOf(d catalogue.Date) Half {
	year, _ := strconv.Atoi(string(d[:4]))
	return Half{year, d[5:7] > "06"}
}

// ParseHalf reads what String writes.
func ParseHalf(s string) (Half, bool) {
	if len(s) != 6 || s[4] != '-' || s[5] != '1' && s[5] != '2' {
		return Half{}, false
	}
	year, err := strconv.Atoi(s[:4])
	if err != nil || year < 2000 {
		return Half{}, false
	}
	return Half{year, s[5] == '2'}, true
}

// String writes "2026-1" or "2026-2".
func (h Half) String() string {
	if h.Second {
		return fmt.Sprintf("%04d-2", h.Year)
	}
	return fmt.Sprintf("%04d-1", h.Year)
}

// Before is the half year before.
func (h Half) Before() Half {
	if h.Second {
		return Half{h.Year, false}
	}
	return Half{h.Year - 1, true}
}

// From is the first day.
func (h Half) From() catalogue.Date {
	if h.Second {
		return catalogue.Date(fmt.Sprintf("%04d-07-01", h.Year))
	}
	return catalogue.Date(fmt.Sprintf("%04d-01-01", h.Year))
}

// To is the last day.
func (h Half) To() catalogue.Date {
	if h.Second {
		return catalogue.Date(fmt.Sprintf("%04d-12-31", h.Year))
	}
	return catalogue.Date(fmt.Sprintf("%04d-06-30", h.Year))
}

// Outcome is what became of a duty in half a year.
type Outcome string

// The outcomes.
const (
	OutcomeDone    Outcome = "done"    // a task for it was done in that time
	OutcomeRunning Outcome = "running" // there is one, and it is not done
	OutcomeLate    Outcome = "late"    // likewise, and it is over its due day
	OutcomeNone    Outcome = "none"    // there is none
)

// Line is one duty of one unit in half a year.
type Line struct {
	Duty    Duty
	Outcome Outcome
	Tasks   []*Task // for it, that ran in that time
	Proofs  int     // pieces of evidence added in that time
}

// Report tells for every duty that the unit leads, or was given a task for, what
// was done in the half year, as of its last day, or of today where that comes first.
func Report(duties []Duty, tasks []*Task, unit string, h Half, c *catalogue.Catalogue, today catalogue.Date) []Line {
	end := min(h.To(), today)
	var lines []Line
	for _, d := range duties {
		l := Line{Duty: d, Outcome: OutcomeNone}
		for _, t := range tasks {
			if t.Unit == unit && t.Duty == d.Ref() {
				l.take(t, h, end)
			}
		}
		if l.Tasks != nil || d.LedBy(unit, c, end) {
			lines = append(lines, l)
		}
	}
	return lines
}

// take adds what a task says of the duty by the end of a period.
func (l *Line) take(t *Task, h Half, end catalogue.Date) {
	status, on := t.at(end)
	if t.OpenedOn() > end || status != Open && on < h.From() || status == Dropped {
		return
	}
	l.Tasks = append(l.Tasks, t)
	for _, e := range t.Evidence {
		if day := catalogue.DateOf(e.At); day >= h.From() && day <= end {
			l.Proofs++
		}
	}
	outcome := OutcomeDone
	if status == Open {
		outcome = OutcomeRunning
		if t.Due < end {
			outcome = OutcomeLate
		}
	}
	if better(outcome, l.Outcome) {
		l.Outcome = outcome
	}
}

// at is the task's status at the end of a day, and the day since when.
func (t *Task) at(day catalogue.Date) (Status, catalogue.Date) {
	status, since := Open, t.OpenedOn()
	for _, e := range t.Events {
		on := catalogue.DateOf(e.At)
		if on > day {
			break
		}
		switch e.Act {
		case ActDone:
			status, since = Done, on
		case ActDrop:
			status, since = Dropped, on
		case ActReopen:
			status, since = Open, on
		}
	}
	return status, since
}

// better says which of two outcomes a duty with both is given: done counts, but a
// task that is late is not hidden by one that is not.
func better(a, b Outcome) bool {
	order := []Outcome{OutcomeNone, OutcomeRunning, OutcomeLate, OutcomeDone}
	return slices.Index(order, a) > slices.Index(order, b)
}
