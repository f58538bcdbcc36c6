package feedback

import (
	"time"

	"sipas/internal/catalogue"
)

// Load is how much there is to do in a queue. One case may be in several of its
// figures: what waits for its sender also runs where its term does not pause.
type Load struct {
	Running int // those that are overdue or due soon included
	Overdue int
	Soon    int // due within SoonDays working days, and not overdue
	Waiting int // for the sender
}

// Soon returns the moment before which a case has to be due to be due within
// SoonDays working days.
func (r *Rules) Soon(now time.Time) time.Time {
	day := catalogue.DateOf(now).AddDays(1)
	for n := 0; ; day = day.AddDays(1) {
		if r.Calendar.Working(day) {
			n++
		}
		if n > SoonDays {
			return day.Start()
		}
	}
}

func (l *Load) add(c *Case, soon, now time.Time) {
	if c.Status == Waiting {
		l.Waiting++
	}
	if c.State() != Running {
		return
	}
	l.Running++
	switch {
	case c.Overdue(now):
		l.Overdue++
	case c.DueAt.Before(soon):
		l.Soon++
	}
}
