package catalogue_test

import (
	"testing"
	"time"

	"sipas/internal/catalogue"
)

func TestDateOfIsTheOfficesDay(t *testing.T) {
	for _, tt := range []struct {
		name, moment string
		want         catalogue.Date
	}{
		{"afternoon", "2026-06-30T08:00:00Z", "2026-06-30"},
		{"last second", "2026-06-30T16:59:59Z", "2026-06-30"},
		{"midnight in Quảng Trị", "2026-06-30T17:00:00Z", "2026-07-01"},
		{"new year", "2026-12-31T17:00:00Z", "2027-01-01"},
		{"other zone", "2026-06-30T20:00:00-05:00", "2026-07-01"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, err := time.Parse(time.RFC3339, tt.moment)
			if err != nil {
				t.Fatal(err)
			}
			if got := catalogue.DateOf(m); got != tt.want {
				t.Errorf("DateOf(%s) = %s, want %s", tt.moment, got, tt.want)
			}
		})
	}
}

func TestParseDate(t *testing.T) {
	for _, good := range []string{"2026-02-28", "2024-02-29", "0001-01-01", "9999-12-31"} {
		if d, err := catalogue.ParseDate(good); err != nil || string(d) != good || !d.Valid() {
			t.Errorf("ParseDate(%q) = %q, %v", good, d, err)
		}
	}
	for _, bad := range []string{"", "2026-02-29", "2026-2-1", "26-02-01", "01/02/2026", "2026-02-01 ", "2026-13-01", "0000-01-01", "2026-02-01T00:00:00Z", "２０２６-02-01"} {
		if d, err := catalogue.ParseDate(bad); err == nil || d != "" || catalogue.Date(bad).Valid() {
			t.Errorf("ParseDate(%q) = %q, %v; want an error", bad, d, err)
		}
	}
}

func TestDateArithmetic(t *testing.T) {
	day := catalogue.Date("2024-02-28")
	if got := day.AddDays(2); got != "2024-03-01" {
		t.Errorf("AddDays(2) = %s", got)
	}
	if got := day.AddDays(-59); got != "2023-12-31" {
		t.Errorf("AddDays(-59) = %s", got)
	}
	for days, want := range map[int]catalogue.Date{0: "1970-01-01", -1: "1969-12-31", 20633: "2026-06-29"} {
		if got := catalogue.DateOfDays(days); got != want || want.Days() != days {
			t.Errorf("DateOfDays(%d) = %s, %s.Days() = %d", days, got, want, want.Days())
		}
	}
	for d := catalogue.Date("1960-01-01"); d < "2040-01-01"; d = d.AddDays(1) {
		if back := catalogue.DateOf(d.Start()); back != d {
			t.Fatalf("%s starts on %s", d, back)
		}
		if before := catalogue.DateOf(d.Start().Add(-time.Nanosecond)); before != d.AddDays(-1) {
			t.Fatalf("before %s comes %s", d, before)
		}
	}
}

func TestMonthAndQuarter(t *testing.T) {
	for day, want := range map[catalogue.Date][2]string{
		"2026-01-01": {"2026-01", "2026-Q1"}, "2026-03-31": {"2026-03", "2026-Q1"},
		"2026-04-01": {"2026-04", "2026-Q2"}, "2026-09-30": {"2026-09", "2026-Q3"}, "2026-12-31": {"2026-12", "2026-Q4"},
	} {
		if day.Month() != want[0] || day.Quarter() != want[1] {
			t.Errorf("%s is in %s, %s; want %v", day, day.Month(), day.Quarter(), want)
		}
	}
}
