package survey_test

import (
	"testing"

	"sipas/internal/catalogue"
	"sipas/survey"
)

func TestPeriods(t *testing.T) {
	for _, tt := range []struct{ id, days, before, year string }{
		{"2026", "2026-01-01 2026-12-31", "2025", "2025"},
		{"2026-H1", "2026-01-01 2026-06-30", "2025-H2", "2025-H1"},
		{"2026-H2", "2026-07-01 2026-12-31", "2026-H1", "2025-H2"},
		{"2026-Q1", "2026-01-01 2026-03-31", "2025-Q4", "2025-Q1"},
		{"2026-Q4", "2026-10-01 2026-12-31", "2026-Q3", "2025-Q4"},
		{"2024-02", "2024-02-01 2024-02-29", "2024-01", "2023-02"},
		{"2026-01", "2026-01-01 2026-01-31", "2025-12", "2025-01"},
	} {
		p, ok := survey.ParsePeriod(tt.id)
		if !ok || p.ID != tt.id || string(p.From+" "+p.To) != tt.days || p.Before().ID != tt.before || p.YearBefore().ID != tt.year {
			t.Errorf("%s: %+v, before %s, a year before %s", tt.id, p, p.Before().ID, p.YearBefore().ID)
		}
	}
	for _, bad := range []string{"", "26", "0000", "2026-", "2026-00", "2026-13", "2026-Q0", "2026-Q5", "2026-H3", "2026-h1", "2026-1", "2026-Q11", "20 6", "-001", "2026-09-01", "２０２６"} {
		if p, ok := survey.ParsePeriod(bad); ok {
			t.Errorf("%q is %+v", bad, p)
		}
	}
}

func TestDaysOfOnesOwn(t *testing.T) {
	p := survey.Between("2024-02-20", "2024-02-29")
	if b := p.Before(); b.From != "2024-02-10" || b.To != "2024-02-19" {
		t.Errorf("before: %+v", b)
	}
	if b := p.YearBefore(); b.From != "2023-02-20" || b.To != "2023-02-28" {
		t.Errorf("a year before: %+v", b)
	}
}

func TestPeriodOfADay(t *testing.T) {
	for day, want := range map[catalogue.Date]string{"2026-01-01": "2026-H1", "2026-06-30": "2026-H1", "2026-07-01": "2026-H2", "2026-12-31": "2026-H2"} {
		if p := survey.PeriodOf(day, 6); p.ID != want {
			t.Errorf("%s: %s", day, p.ID)
		}
	}
}

func TestRecentPeriods(t *testing.T) {
	want := []string{"2026-03", "2026-02", "2026-Q1", "2025-Q4", "2026-H1", "2025-H2", "2026", "2025"}
	for i, p := range survey.Recent(catalogue.Date("2026-03-31")) {
		if p.ID != want[i] {
			t.Errorf("%d: %s, want %s", i, p.ID, want[i])
		}
	}
}
