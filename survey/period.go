package survey

import (
	"fmt"
	"time"

	"sipas/internal/catalogue"
)

// Period (kỳ) is a stretch of days that figures are asked for, both ends
// included.
type Period struct {
	ID       string // "2026", "2026-H1", "2026-Q3", "2026-09"; "": days of one's own
	From, To catalogue.Date
	months   int // of one with an ID
}

// spans are the lengths of periods that have a name, in months.
var spans = []int{1, 3, 6, 12}

// ParsePeriod reads a year, half year, quarter or month, written as Period.ID.
func ParsePeriod(id string) (Period, bool) {
	year, err := time.Parse("2006", id[:min(4, len(id))])
	if err != nil || year.Year() < 1 {
		return Period{}, false
	}
	for _, months := range spans {
		for first := 0; first < 12; first += months {
			if p := periodFrom(year.AddDate(0, first, 0), months); p.ID == id {
				return p, true
			}
		}
	}
	return Period{}, false
}

// Between is a period of one's own.
func Between(from, to catalogue.Date) Period { return Period{From: from, To: to} }

// PeriodOf returns the period of so many months (1, 3, 6 or 12) that holds a day.
func PeriodOf(d catalogue.Date, months int) Period {
	t := d.Start()
	first := (int(t.Month()) - 1) / months * months
	return periodFrom(time.Date(t.Year(), time.Month(1+first), 1, 0, 0, 0, 0, time.UTC), months)
}

// periodFrom names the period that begins with the first day of a month.
func periodFrom(first time.Time, months int) Period {
	p := Period{months: months, From: dayOf(first), To: dayOf(first.AddDate(0, months, -1))}
	part := (int(first.Month())-1)/months + 1
	switch months {
	case 12:
		p.ID = first.Format("2006")
	case 6:
		p.ID = fmt.Sprintf("%s-H%d", first.Format("2006"), part)
	case 3:
		p.ID = fmt.Sprintf("%s-Q%d", first.Format("2006"), part)
	default:
		p.ID = first.Format("2006-01")
	}
	return p
}

func dayOf(t time.Time) catalogue.Date { return catalogue.Date(t.Format(time.DateOnly)) }

// Before returns the period before: the quarter before a quarter, as many days
// before days of one's own.
func (p Period) Before() Period {
	if p.ID == "" {
		n := p.To.Days() - p.From.Days() + 1
		return Between(p.From.AddDays(-n), p.From.AddDays(-1))
	}
	return p.shift(-p.months)
}

// YearBefore returns the same period of the year before. Of 29 February it makes
// the 28th.
func (p Period) YearBefore() Period {
	if p.ID == "" {
		return Between(yearBefore(p.From), yearBefore(p.To))
	}
	return p.shift(-12)
}

func yearBefore(d catalogue.Date) catalogue.Date {
	t, _ := time.Parse(time.DateOnly, string(d))
	if t.Month() == time.February && t.Day() == 29 {
		t = t.AddDate(0, 0, -1)
	}
	return dayOf(t.AddDate(-1, 0, 0))
}

func (p Period) shift(months int) Period {
	first, _ := time.Parse(time.DateOnly, string(p.From))
	return periodFrom(first.AddDate(0, months, 0), p.months)
}

// Recent lists the periods that are mostly asked for on a day: of each length the
// one that holds the day, and the one before it.
func Recent(on catalogue.Date) (list []Period) {
	for _, months := range spans {
		p := PeriodOf(on, months)
		list = append(list, p, p.Before())
	}
	return list
}

// LastWholeMonth returns the month before now: what is public before the office
// has published anything.
func LastWholeMonth(now time.Time) (from, to catalogue.Date) {
	p := PeriodOf(catalogue.DateOf(now), 1).Before()
	return p.From, p.To
}
