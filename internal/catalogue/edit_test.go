package catalogue_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
)

const today = catalogue.Date("2026-06-15")

// unit is a row of the unit "kho", called so, from a day to a day.
func unit(name string, from, to catalogue.Date) catalogue.Unit {
	u := catalogue.Unit{ID: "kho", Name: named(name), Validity: always(from), Order: 7}
	u.To = to
	return u
}

// told writes rows as "A 2023-01-01..2026-06-14, B 2026-06-15..", with a ? where
// nobody has confirmed.
func told(rows []catalogue.Unit) string {
	var out []string
	for _, u := range rows {
		mark := ""
		if !u.Confirmed {
			mark = "?"
		}
		out = append(out, u.Name.VI+mark+" "+string(u.From)+".."+string(u.To))
	}
	return strings.Join(out, ", ")
}

func TestRevise(t *testing.T) {
	open := []catalogue.Unit{unit("A", "2023-01-01", "")}
	renamed := []catalogue.Unit{unit("A", "2023-01-01", "2026-07-31"), unit("B", "2026-08-01", "")}
	over := []catalogue.Unit{unit("A", "2023-01-01", "2025-12-31")}
	split := []catalogue.Unit{unit("A", "2023-01-01", "2024-12-31"), unit("B", "2026-01-01", "")}
	planned := []catalogue.Unit{unit("A", "2023-01-01", "2026-12-31")}
	unconfirmed := []catalogue.Unit{unit("A", "2023-01-01", "")}
	unconfirmed[0].Confirmed = false
	other := unit("C", "2026-08-01", "")
	other.Source = "Quyết định 5"

	for _, tt := range []struct {
		name string
		rows []catalogue.Unit
		edit catalogue.Edit
		want string // rows, or fields and codes
	}{
		{"a new thing", nil, catalogue.Add{Row: unit("A", "2026-06-15", "")}, "A 2026-06-15.."},
		{"a new thing that began earlier", nil, catalogue.Add{Row: unit("A", "2020-01-01", "")}, "A 2020-01-01.."},
		{"a new wording from today", open, catalogue.Add{Row: unit("B", today, "")}, "A 2023-01-01..2026-06-14, B 2026-06-15.."},
		{"a new wording later", open, catalogue.Add{Row: unit("B", "2026-08-01", "2026-12-31")}, "A 2023-01-01..2026-07-31, B 2026-08-01..2026-12-31"},
		{"a new wording from yesterday", open, catalogue.Add{Row: unit("B", "2026-06-14", "")}, "from past"},
		{"one more before one that is planned", renamed, catalogue.Add{Row: unit("C", "2026-07-01", "")},
			"A 2023-01-01..2026-06-30, C 2026-07-01..2026-07-31, B 2026-08-01.."},
		{"one more that runs into one that is planned", renamed, catalogue.Add{Row: unit("C", "2026-07-01", "2026-08-01")}, "to continues"},
		{"a day that is taken", renamed, catalogue.Add{Row: unit("C", "2026-08-01", "")}, "from taken"},
		{"instead of a planned end", planned, catalogue.Add{Row: unit("B", "2026-08-01", "")}, "A 2023-01-01..2026-07-31, B 2026-08-01.."},
		{"before the first", open, catalogue.Add{Row: unit("O", "2020-01-01", "")}, "O 2020-01-01..2022-12-31, A 2023-01-01.."},
		{"into a gap in the past", split, catalogue.Add{Row: unit("C", "2025-03-01", "")},
			"A 2023-01-01..2024-12-31, C 2025-03-01..2025-12-31, B 2026-01-01.."},
		{"into a gap and out of it", split, catalogue.Add{Row: unit("C", "2025-03-01", "2026-01-01")}, "to continues"},
		{"after an end that has passed", over, catalogue.Add{Row: unit("B", "2026-03-01", "")}, "A 2023-01-01..2025-12-31, B 2026-03-01.."},
		{"the same again", renamed, catalogue.Add{Row: unit("B", "2026-08-01", "")}, told(renamed)},
		{"the same of one that ends because of the next", renamed, catalogue.Add{Row: unit("A", "2023-01-01", "")}, told(renamed)},
		{"everything wrong at once", open, catalogue.Add{Row: catalogue.Unit{Name: catalogue.Text{VI: " B"}, Validity: catalogue.Validity{From: "x", To: "2020-01-01"}}},
			"id required, name.vi text, name.en required, from date, to end, source required"},

		{"another name for what has not begun", renamed, catalogue.Rewrite{From: "2026-08-01", Row: unit("C", "2026-08-01", "")}, "A 2023-01-01..2026-07-31, C 2026-08-01.."},
		{"it begins later", renamed, catalogue.Rewrite{From: "2026-08-01", Row: unit("B", "2026-09-01", "")}, "A 2023-01-01..2026-08-31, B 2026-09-01.."},
		{"it begins earlier", renamed, catalogue.Rewrite{From: "2026-08-01", Row: unit("B", "2026-07-01", "")}, "A 2023-01-01..2026-06-30, B 2026-07-01.."},
		{"it is moved into the past", renamed, catalogue.Rewrite{From: "2026-08-01", Row: unit("B", "2026-06-01", "")}, "from past"},
		{"it is moved already", renamed, catalogue.Rewrite{From: "2026-07-01", Row: unit("B", "2026-08-01", "")}, told(renamed)},
		{"what has begun is not rewritten", open, catalogue.Rewrite{From: "2023-01-01", Row: unit("B", "2026-08-01", "")}, "from begun"},
		{"nor what begins today", []catalogue.Unit{unit("A", today, "")}, catalogue.Rewrite{From: today, Row: unit("B", today, "")}, "from begun"},
		{"nothing is rewritten", open, catalogue.Rewrite{From: "2027-01-01", Row: unit("B", "2027-01-01", "")}, "row_unknown"},

		{"withdrawn", renamed, catalogue.Withdraw{From: "2026-08-01"}, "A 2023-01-01.."},
		{"withdrawn with an end of its own", []catalogue.Unit{unit("A", "2023-01-01", "2026-07-31"), unit("B", "2026-08-01", "2026-12-31")},
			catalogue.Withdraw{From: "2026-08-01"}, "A 2023-01-01..2026-12-31"},
		{"withdrawn between two", []catalogue.Unit{unit("A", "2023-01-01", "2026-06-30"), unit("C", "2026-07-01", "2026-07-31"), unit("B", "2026-08-01", "")},
			catalogue.Withdraw{From: "2026-07-01"}, told(renamed)},
		{"withdrawn after a gap", []catalogue.Unit{unit("A", "2023-01-01", "2026-06-30"), unit("B", "2026-08-01", "")},
			catalogue.Withdraw{From: "2026-08-01"}, "A 2023-01-01..2026-06-30"},
		{"the only one withdrawn", []catalogue.Unit{unit("A", "2026-08-01", "")}, catalogue.Withdraw{From: "2026-08-01"}, ""},
		{"withdrawn already", open, catalogue.Withdraw{From: "2026-08-01"}, told(open)},
		{"nor what begins today", []catalogue.Unit{unit("A", today, "")}, catalogue.Withdraw{From: today}, "from begun"},
		{"what has begun is not withdrawn", open, catalogue.Withdraw{From: "2023-01-01"}, "from begun"},

		{"an end", open, catalogue.End{From: "2023-01-01", To: "2026-12-31"}, "A 2023-01-01..2026-12-31"},
		{"an end today", open, catalogue.End{From: "2023-01-01", To: today}, "A 2023-01-01..2026-06-15"},
		{"an end yesterday", open, catalogue.End{From: "2023-01-01", To: "2026-06-14"}, "to past"},
		{"no end after all", planned, catalogue.End{From: "2023-01-01"}, "A 2023-01-01.."},
		{"another end", planned, catalogue.End{From: "2023-01-01", To: "2027-12-31"}, "A 2023-01-01..2027-12-31"},
		{"an end that has passed", over, catalogue.End{From: "2023-01-01"}, "to ended"},
		{"before it begins", []catalogue.Unit{unit("A", "2026-08-01", "")}, catalogue.End{From: "2026-08-01", To: "2026-07-31"}, "to end"},
		{"an end on no day", open, catalogue.End{From: "2023-01-01", To: "2026-02-30"}, "to date"},
		{"an end while another row follows", renamed, catalogue.End{From: "2023-01-01", To: "2026-06-30"}, "to continues"},
		{"an end left open while another row follows", renamed, catalogue.End{From: "2023-01-01"}, told(renamed)},
		{"ended already", over, catalogue.End{From: "2023-01-01", To: "2025-12-31"}, told(over)},
		{"an end of nothing", open, catalogue.End{From: "2024-01-01", To: "2026-12-31"}, "row_unknown"},

		{"confirmed", unconfirmed, catalogue.Confirm{From: "2023-01-01"}, "A 2023-01-01.."},
		{"confirmed again", open, catalogue.Confirm{From: "2023-01-01", Source: "Kế hoạch"}, "A 2023-01-01.."},
		{"a confirmed row's source stands", open, catalogue.Confirm{From: "2023-01-01", Source: "Khác"}, "source confirmed"},
		{"confirmed with a bad source", unconfirmed, catalogue.Confirm{From: "2023-01-01", Source: "a\nb"}, "source text"},
		{"nothing confirmed", open, catalogue.Confirm{From: "2024-01-01"}, "row_unknown"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := slices.Clone(tt.rows)
			rows, err := catalogue.Revise(tt.rows, tt.edit, today)
			got := told(rows)
			if err != nil {
				if got = fault.As(err).Fields.String(); got == "" {
					got = err.Error()
				}
			}
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if !slices.Equal(before, tt.rows) {
				t.Error("the rows handed in are other ones now")
			}
		})
	}
	t.Run("a row of another kind", func(t *testing.T) {
		if _, err := catalogue.Revise(open, catalogue.Add{Row: catalogue.Area{}}, today); err == nil {
			t.Error("an area among units")
		}
	})
	t.Run("the source that confirms", func(t *testing.T) {
		rows, err := catalogue.Revise(unconfirmed, catalogue.Confirm{From: "2023-01-01", Source: "Quyết định 7"}, today)
		if err != nil || rows[0].Source != "Quyết định 7" || !rows[0].Confirmed {
			t.Errorf("%+v, %v", rows, err)
		}
	})
	t.Run("its place in the list stays", func(t *testing.T) {
		moved := other
		moved.Order = 99
		rows, err := catalogue.Revise(open, catalogue.Add{Row: moved}, today)
		if err != nil || rows[1].Order != 7 {
			t.Errorf("%+v, %v", rows, err)
		}
	})
}

func TestReviseNamesTheDay(t *testing.T) {
	renamed := []catalogue.Unit{unit("A", "2023-01-01", "2026-07-31"), unit("B", "2026-08-01", "")}
	for _, tt := range []struct {
		edit catalogue.Edit
		want catalogue.Date
	}{
		{catalogue.Add{Row: unit("C", "2026-01-01", "")}, today},
		{catalogue.Add{Row: unit("C", "2026-08-01", "")}, "2026-08-01"},
		{catalogue.Add{Row: unit("C", "2026-07-01", "2026-12-31")}, "2026-08-01"},
		{catalogue.Withdraw{From: "2023-01-01"}, "2023-01-01"},
		{catalogue.End{From: "2023-01-01", To: "2026-12-31"}, "2026-08-01"},
	} {
		_, err := catalogue.Revise(renamed, tt.edit, today)
		if f := fault.As(err).Fields; len(f) != 1 || len(f[0].Args) != 1 || f[0].Args[0] != tt.want {
			t.Errorf("%+v: %+v, want %s", tt.edit, f, tt.want)
		}
	}
}

// TestNoEditChangesThePast makes edits at random: whatever is taken, each day
// before today says what it said, and the rows stay sound.
func TestNoEditChangesThePast(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	day := func() catalogue.Date { return today.AddDays(random.IntN(41) - 20) }
	orNone := func(d catalogue.Date) catalogue.Date {
		if random.IntN(2) == 0 {
			return ""
		}
		return d
	}
	taken := 0
	for range 200 {
		var rows []catalogue.Unit
		for range 30 {
			from := day()
			if len(rows) > 0 && random.IntN(2) == 0 {
				from = rows[random.IntN(len(rows))].From
			}
			edit := []catalogue.Edit{
				catalogue.Add{Row: unit(string(rune('A'+random.IntN(26))), day(), orNone(day()))},
				catalogue.Rewrite{From: from, Row: unit("R", day(), orNone(day()))},
				catalogue.Withdraw{From: from}, catalogue.End{From: from, To: orNone(day())}, catalogue.Confirm{From: from},
			}[random.IntN(5)]
			after, err := catalogue.Revise(rows, edit, today)
			if err != nil {
				continue
			}
			taken++
			for d := today.AddDays(-25); d < today; d = d.AddDays(1) {
				was, is := on(rows, d), on(after, d)
				if was != "" && is != was {
					t.Fatalf("%+v of %s: on %s it was %s and is %q", edit, told(rows), d, was, is)
				}
			}
			if err := catalogue.Check(catalogue.Rows{Units: after}); err != nil {
				t.Fatalf("%+v of %s: %s: %v", edit, told(rows), told(after), err)
			}
			for _, u := range after[:max(0, len(after)-1)] {
				if u.To == "" {
					t.Fatalf("%+v of %s: %s: an open row before another", edit, told(rows), told(after))
				}
			}
			rows = after
		}
	}
	if taken < 1000 {
		t.Errorf("only %d edits were taken", taken)
	}
}

// on returns the name on a day, "" for none.
func on(rows []catalogue.Unit, day catalogue.Date) string {
	for _, u := range rows {
		if u.On(day) {
			return u.Name.VI
		}
	}
	return ""
}

func TestDifferences(t *testing.T) {
	a := catalogue.Target{ID: "chung", Measure: catalogue.MeasureSatisfaction, Value: 9000, Validity: always("2023-08-04")}
	b := a
	b.Area, b.Value, b.From, b.Confirmed, b.Order = "dat-dai", 8950, "2026-01-01", false, 9
	want := []catalogue.Difference{{"area", "", "dat-dai"}, {"value", "90", "89.5"}, {"from", "2023-08-04", "2026-01-01"}, {"confirmed", "true", "false"}}
	if got := catalogue.Differences(a, b); !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	if catalogue.IDOf(a) != "chung" || catalogue.ValidityOf(b).From != "2026-01-01" {
		t.Error("the row does not tell its id and days")
	}
}
