package feedback

import (
	"slices"
	"strconv"
	"time"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
)

// Year is one version of what is known of a year's days off. It never changes:
// what is announced or confirmed later is a further version, and the newest one
// counts.
type Year struct {
	Year     int       `bson:"year"`
	Version  int       `bson:"v"`        // from 1
	Complete bool      `bson:"complete"` // false: more will be announced, and due dates in it are provisional
	Off      []Holiday `bson:"off"`
	Makeup   []Makeup  `bson:"makeup"`
}

// Holiday (ngày nghỉ) is a stretch of days off, weekends and exchanged days
// within it included. Its Validity names the days, both ends included.
type Holiday struct {
	Name               catalogue.Text `bson:"name"`
	catalogue.Validity `bson:",inline"`
}

// Makeup (ngày làm bù) is a day of a weekend on which the office works, because
// another day was given off.
type Makeup struct {
	On        catalogue.Date `bson:"on"`
	For       catalogue.Date `bson:"for"` // the day off; "": not said
	Source    string         `bson:"source"`
	Confirmed bool           `bson:"confirmed"`
}

// Ref names the version: "2026@1".
func (y *Year) Ref() string { return strconv.Itoa(y.Year) + "@" + strconv.Itoa(y.Version) }

// Codes of what can be wrong with a year or a term, beside those of package
// catalogue.
const (
	CodeOtherYear = "other_year" // Args: the year that the day is not in
	CodeWeekend   = "weekend"    // a make-up day that is no Saturday or Sunday
	CodeDayOff    = "day_off"    // a make-up day that is given off, or one for a day that is not
	CodeNoneOf    = "none_of"    // Args: what is none of the values, the values
)

// Validate checks one version by itself. The error is a fault of kind Invalid
// whose fields begin within the year, "off.2.from".
func (y *Year) Validate() error {
	var bad fault.Fields
	if y.Year < 2000 || y.Year > 2200 {
		bad.Add("year", catalogue.CodeRange, 2000, 2200)
	}
	if y.Version < 1 {
		bad.Add("version", catalogue.CodeRange, 1, 1000)
	}
	for i, h := range y.Off {
		at := "off." + strconv.Itoa(i)
		checkName(&bad, at+".name", h.Name)
		checkSource(&bad, at+".source", h.Source)
		y.checkDay(&bad, at+".from", h.From)
		if h.To != "" {
			y.checkDay(&bad, at+".to", h.To)
		}
		if h.To != "" && h.To < h.From {
			bad.Add(at+".to", catalogue.CodeEnd)
		}
		for j, other := range y.Off[:i] {
			if h.From <= other.last() && other.From <= h.last() {
				bad.Add(at, catalogue.CodeOverlap, "off."+strconv.Itoa(j))
			}
		}
	}
	for i, m := range y.Makeup {
		at := "makeup." + strconv.Itoa(i)
		checkSource(&bad, at+".source", m.Source)
		if y.checkDay(&bad, at+".on", m.On) {
			if !weekend(m.On) {
				bad.Add(at+".on", CodeWeekend)
			} else if y.holiday(m.On) != nil {
				bad.Add(at+".on", CodeDayOff)
			}
		}
		// A day may be made up for in the year before or after it.
		if m.For != "" && !m.For.Valid() {
			bad.Add(at+".for", catalogue.CodeDate, string(m.For))
		} else if m.For.Valid() && m.For.Start().Year() == y.Year && y.holiday(m.For) == nil {
			bad.Add(at+".for", CodeDayOff)
		}
	}
	return bad.Err()
}

func (y *Year) checkDay(bad *fault.Fields, field string, d catalogue.Date) bool {
	switch {
	case d == "":
		bad.Add(field, catalogue.CodeRequired)
	case !d.Valid():
		bad.Add(field, catalogue.CodeDate, string(d))
	case d.Start().Year() != y.Year:
		bad.Add(field, CodeOtherYear, y.Year)
	default:
		return true
	}
	return false
}

func checkName(bad *fault.Fields, field string, name catalogue.Text) {
	for _, x := range []struct{ lang, text string }{{"vi", name.VI}, {"en", name.EN}} {
		if x.text == "" {
			bad.Add(field+"."+x.lang, catalogue.CodeRequired)
		} else if !catalogue.CleanText(x.text, maxName) {
			bad.Add(field+"."+x.lang, catalogue.CodeText)
		}
	}
}

func checkSource(bad *fault.Fields, field, source string) {
	if source == "" {
		bad.Add(field, catalogue.CodeRequired)
	} else if !catalogue.CleanText(source, 2000) {
		bad.Add(field, catalogue.CodeText)
	}
}

// last is the last day of the stretch.
func (h *Holiday) last() catalogue.Date { return max(h.From, h.To) }

func (y *Year) holiday(d catalogue.Date) *Holiday {
	for i := range y.Off {
		if y.Off[i].From <= d && d <= y.Off[i].last() {
			return &y.Off[i]
		}
	}
	return nil
}

func (y *Year) makesUp(d catalogue.Date) bool {
	return slices.ContainsFunc(y.Makeup, func(m Makeup) bool { return m.On == d })
}

// Calendar (lịch làm việc) says which days the office works. It never changes
// and may be used by many at once.
type Calendar struct{ years map[int]*Year }

// NewCalendar takes of each year its newest version. The versions have been
// checked by Year.Validate.
func NewCalendar(versions []Year) *Calendar {
	c := &Calendar{map[int]*Year{}}
	for i := range versions {
		y := &versions[i]
		if known := c.years[y.Year]; known == nil || known.Version < y.Version {
			c.years[y.Year] = y
		}
	}
	return c
}

// Years returns what is known of each year, the earliest first. What it points
// to must not be changed.
func (c *Calendar) Years() []*Year {
	var list []*Year
	for _, y := range c.years {
		list = append(list, y)
	}
	slices.SortFunc(list, func(a, b *Year) int { return a.Year - b.Year })
	return list
}

// Complete says whether all days off of the year are known.
func (c *Calendar) Complete(year int) bool {
	y := c.years[year]
	return y != nil && y.Complete
}

// Working says whether the office works on the day. In a year that is not known
// it is taken to work from Monday to Friday.
func (c *Calendar) Working(d catalogue.Date) bool { return !c.reason(d).off() }

// reason says why a day is a working day or not: WhyCounted for an ordinary one.
func (c *Calendar) reason(d catalogue.Date) Day {
	day := Day{On: d, Why: WhyCounted}
	y := c.years[d.Start().Year()]
	if y != nil {
		if h := y.holiday(d); h != nil {
			day.Why, day.Name = WhyHoliday, h.Name
			return day
		}
		if y.makesUp(d) {
			day.Why = WhyMakeup
			return day
		}
	}
	switch d.Start().Weekday() {
	case time.Saturday:
		day.Why = WhySaturday
	case time.Sunday:
		day.Why = WhySunday
	}
	return day
}

func weekend(d catalogue.Date) bool {
	w := d.Start().Weekday()
	return w == time.Saturday || w == time.Sunday
}
