package sheet

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

var (
	// A time of day may follow a day, or stand before it.
	dayFirst  = regexp.MustCompile(`^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ ,T]+\d{1,2}[:hH].*)?$`)
	yearFirst = regexp.MustCompile(`^(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})(?:[ ,T]+\d{1,2}[:hH].*)?$`)
	timeFirst = regexp.MustCompile(`^\d{1,2}[:hH][\d:hH]*[ ,-]+(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$`)
	serial    = regexp.MustCompile(`^\d{5}(\.\d+)?$`)
)

// ReadDay reads the day in a cell and writes it as "2006-01-02": "31/12/2026" as
// Vietnam writes it, "2026-12-31", either with a time, or the number of a day as
// a spreadsheet counts them ("46387", "46387.5"). False: it is none. The time is
// read as that of the office and dropped.
func ReadDay(cell string) (string, bool) {
	if m := yearFirst.FindStringSubmatch(cell); m != nil {
		return realDay(m[1], m[2], m[3])
	}
	for _, form := range []*regexp.Regexp{dayFirst, timeFirst} {
		if m := form.FindStringSubmatch(cell); m != nil {
			return realDay(m[3], m[2], m[1])
		}
	}
	if serial.MatchString(cell) {
		if days, err := strconv.ParseFloat(cell, 64); err == nil && isSerial(days) {
			return dayZero.AddDate(0, 0, int(days)).Format(time.DateOnly), true
		}
	}
	return "", false
}

func realDay(year, month, day string) (string, bool) {
	written := fmt.Sprintf("%s-%02s-%02s", year, month, day)
	_, err := time.Parse(time.DateOnly, written)
	return written, err == nil && year != "0000"
}

// dayZero makes 1 March 1900 the day 61, as spreadsheets do, which take 1900 for
// a leap year.
var dayZero = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)

// isSerial says whether a number is one of a day between 1954 and 2119: others
// are numbers of something else.
func isSerial(days float64) bool { return days >= 20000 && days < 80000 }
