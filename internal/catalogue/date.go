package catalogue

import (
	"fmt"
	"time"
	_ "time/tzdata" // the office's zone must be there on a machine without zone files
)

// Zone is Asia/Ho_Chi_Minh, in which every day of the program begins and ends,
// wherever it runs.
var Zone = mustZone("Asia/Ho_Chi_Minh")

func mustZone(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		panic(err) // time/tzdata is linked in, so this is a broken build
	}
	return z
}

// Date is a day in Zone, written "2006-01-02" between the years 0001 and 9999,
// so that two dates compare with <, also in the store. The zero value is no
// day: as the end of a validity it means "still valid".
type Date string

const dateForm = "2006-01-02"

// DateOf returns the day of t as the clock on the office's wall shows it.
func DateOf(t time.Time) Date { return Date(t.In(Zone).Format(dateForm)) }

// ParseDate accepts exactly the form "2006-01-02" and only days that exist.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(dateForm, s)
	if err != nil || t.Year() < 1 {
		return "", fmt.Errorf("%.32q is not a day in the form YYYY-MM-DD", s)
	}
	return Date(s), nil
}

// Valid says whether d is a day that exists.
func (d Date) Valid() bool {
	_, err := ParseDate(string(d))
	return err == nil
}

// AddDays returns the day n days later, or earlier for a negative n. Like all
// that follows it wants a Valid d; of anything else it makes 1970-01-01.
func (d Date) AddDays(n int) Date { return DateOfDays(d.Days() + n) }

// Days counts the days since 1970-01-01, negative before it: a small integer
// for columns and differences.
func (d Date) Days() int { return int(d.utc().Unix() / secondsPerDay) }

// DateOfDays is the reverse of Date.Days.
func DateOfDays(n int) Date {
	return Date(time.Unix(int64(n)*secondsPerDay, 0).UTC().Format(dateForm))
}

const secondsPerDay = 24 * 60 * 60

// Start returns the first moment of the day in Zone; the day ends before the
// Start of the next one.
func (d Date) Start() time.Time {
	y, m, day := d.utc().Date()
	return time.Date(y, m, day, 0, 0, 0, 0, Zone)
}

// Month returns the month of d as "2026-06".
func (d Date) Month() string { return d.utc().Format("2006-01") }

// Quarter returns the quarter of d as "2026-Q2".
func (d Date) Quarter() string {
	t := d.utc()
	return fmt.Sprintf("%04d-Q%d", t.Year(), (int(t.Month())+2)/3)
}

// utc reads the day as if Zone were UTC, where days have one length: the zone
// had other offsets before 1975.
func (d Date) utc() time.Time {
	t, err := time.Parse(dateForm, string(d))
	if err != nil {
		return time.Unix(0, 0).UTC()
	}
	return t
}
