package api

import (
	"strings"
	"time"

	"sipas/internal/catalogue"
)

// readDay reads a day as people write it on paper: 15/6, 15-06-2026, or the
// digits alone, 1506, 150626, 15062026. Without a year it is this year's or last
// year's, whichever is nearer to today.
func readDay(typed string, today catalogue.Date) (catalogue.Date, bool) {
	parts := strings.FieldsFunc(typed, func(r rune) bool { return strings.ContainsRune("/-. ", r) })
	if n := len(typed); len(parts) == 1 && (n == 4 || n == 6 || n == 8) {
		parts = []string{typed[:2], typed[2:4]}
		if n > 4 {
			parts = append(parts, typed[4:])
		}
	}
	switch len(parts) {
	case 2:
		this, ok := dayOf(parts[0], parts[1], string(today[:4]))
		last, before := dayOf(parts[0], parts[1], string(today.AddDays(-366)[:4]))
		if !ok || before && today.Days()-last.Days() < this.Days()-today.Days() {
			return last, before
		}
		return this, ok
	case 3:
		return dayOf(parts[0], parts[1], parts[2])
	}
	return "", false
}

func dayOf(day, month, year string) (catalogue.Date, bool) {
	form := "2/1/2006"
	if len(year) == 2 {
		form = "2/1/06"
	}
	t, err := time.Parse(form, day+"/"+month+"/"+year)
	if err != nil {
		return "", false
	}
	return catalogue.DateOfDays(int(t.Unix() / 86400)), true
}
