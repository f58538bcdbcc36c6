package catalogue_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
)

func always(from catalogue.Date) catalogue.Validity {
	return catalogue.Validity{From: from, Source: "Kế hoạch", Confirmed: true}
}

func named(vi string) catalogue.Text { return catalogue.Text{VI: vi, EN: vi + " (en)"} }

// example is a small catalogue in which the land area was renamed in 2025 and
// the land counter moved to another unit.
func example() catalogue.Rows {
	rows := catalogue.Rows{
		Areas: []catalogue.Area{
			{ID: "dat-dai", Name: named("Đất đai"), Validity: always("2023-08-04"), Order: 1},
			{ID: "moi-truong", Name: named("Môi trường"), Validity: always("2023-08-04"), Order: 2},
			{ID: "dat-dai", Name: named("Quản lý đất đai"), Validity: always("2025-07-01"), Order: 3},
		},
		Units: []catalogue.Unit{
			{ID: "van-phong-so", Name: named("Văn phòng Sở"), Validity: always("2023-08-04"), Order: 1},
			{ID: "dang-ky", Name: named("Văn phòng Đăng ký"), Validity: always("2024-01-01"), Order: 2},
		},
		Desks: []catalogue.Desk{
			{ID: "mot-cua", Name: named("Một cửa"), Unit: "van-phong-so", Validity: always("2023-08-04"), Order: 1},
			{ID: "quay-dat", Name: named("Quầy đất"), Unit: "van-phong-so", Validity: always("2023-08-04"), Order: 2},
			{ID: "quay-dat", Name: named("Quầy đất"), Unit: "dang-ky", Validity: always("2025-07-01"), Order: 3},
		},
		Procedures: []catalogue.Procedure{
			{ID: "1.012783", Name: named("Cấp đổi"), Area: "dat-dai", Unit: "dang-ky", Validity: always("2024-08-01"), Order: 1},
			{ID: "vi-du", Name: named("Ví dụ"), Area: "moi-truong", Example: true, Validity: always("2024-08-01"), Order: 2},
		},
		Targets: []catalogue.Target{
			{ID: "chung", Measure: catalogue.MeasureSatisfaction, Value: 9000, Validity: always("2023-08-04"), Order: 1},
			{ID: "dat", Measure: catalogue.MeasureSatisfaction, Area: "dat-dai", Value: 8500, Validity: always("2023-08-04"), Order: 2},
			{ID: "dat", Measure: catalogue.MeasureSatisfaction, Area: "dat-dai", Value: 8750, Validity: always("2026-01-01"), Order: 3},
			{ID: "dung-han", Measure: catalogue.MeasureOnTime, Value: 9900, Validity: always("2023-08-04"), Order: 4},
		},
	}
	rows.Procedures[1].To = "2025-12-31"
	return rows
}

func build(t *testing.T, rows catalogue.Rows) *catalogue.Catalogue {
	t.Helper()
	c, err := catalogue.New(rows)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestNamesAsOfADay(t *testing.T) {
	c := build(t, example())
	for day, want := range map[catalogue.Date]string{
		"2023-08-03": "", "2023-08-04": "Đất đai", "2025-06-30": "Đất đai", "2025-07-01": "Quản lý đất đai", "2099-01-01": "Quản lý đất đai",
	} {
		a, ok := c.Area("dat-dai", day)
		if a.Name.VI != want || ok != (want != "") {
			t.Errorf("on %s the area is %q, %t; want %q", day, a.Name.VI, ok, want)
		}
	}
	a, _ := c.Area("dat-dai", "2024-01-01")
	if a.To != "2025-06-30" {
		t.Errorf("the earlier name ends on %q", a.To)
	}
	if d, _ := c.Desk("quay-dat", "2025-06-30"); d.Unit != "van-phong-so" {
		t.Errorf("the counter belonged to %s", d.Unit)
	}
	if d, _ := c.Desk("quay-dat", "2025-07-01"); d.Unit != "dang-ky" {
		t.Errorf("the counter belongs to %s", d.Unit)
	}
	if _, ok := c.Unit("dang-ky", "2023-12-31"); ok {
		t.Error("a unit before its first day")
	}
	if _, ok := c.Procedure("vi-du", "2026-01-01"); ok {
		t.Error("a procedure after its last day")
	}
	if _, ok := c.Area("khong-co", "2025-01-01"); ok {
		t.Error("an area nobody has heard of")
	}
}

func TestListsKeepTheirOrder(t *testing.T) {
	rows := example()
	slices.Reverse(rows.Areas)
	slices.Reverse(rows.Targets)
	c := build(t, rows)
	var got []string
	for _, a := range c.Areas("2025-07-01") {
		got = append(got, a.Name.VI)
	}
	for _, u := range c.Units("2023-12-31") {
		got = append(got, u.ID)
	}
	for _, d := range c.Desks("2026-01-01") {
		got = append(got, d.ID)
	}
	for _, p := range c.Procedures("2025-12-31") {
		got = append(got, p.ID)
	}
	for _, x := range c.Targets("2025-12-31") {
		got = append(got, x.ID)
	}
	want := []string{"Quản lý đất đai", "Môi trường", "van-phong-so", "mot-cua", "quay-dat", "1.012783", "vi-du", "chung", "dat", "dung-han"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	c.Areas("2025-07-01")[0].ID = "mine"
	if c.Areas("2025-07-01")[0].ID != "dat-dai" {
		t.Error("a caller can change the catalogue")
	}
}

func TestTarget(t *testing.T) {
	c := build(t, example())
	for _, tt := range []struct {
		measure, area string
		on            catalogue.Date
		want          catalogue.Percent
		found         bool
	}{
		{"satisfaction", "dat-dai", "2025-12-31", 8500, true},
		{"satisfaction", "dat-dai", "2026-01-01", 8750, true},
		{"satisfaction", "moi-truong", "2026-01-01", 9000, true},
		{"satisfaction", "", "2026-01-01", 9000, true},
		{"on-time", "dat-dai", "2026-01-01", 9900, true},
		{"satisfaction", "dat-dai", "2023-08-03", 0, false},
		{"apology", "", "2026-01-01", 0, false},
	} {
		got, ok := c.Target(tt.measure, tt.area, tt.on)
		if got.Value != tt.want || ok != tt.found {
			t.Errorf("Target(%q, %q, %s) = %s, %t; want %s, %t", tt.measure, tt.area, tt.on, got.Value, ok, tt.want, tt.found)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*catalogue.Rows)
		want   string // fields and codes
	}{
		{"no id", func(r *catalogue.Rows) { r.Areas[1].ID = "" }, "areas.1.id required"},
		{"capitals in an id", func(r *catalogue.Rows) { r.Areas[1].ID = "Moi-truong" }, "areas.1.id id"},
		{"Vietnamese in an id", func(r *catalogue.Rows) { r.Units[0].ID = "văn-phòng" }, "units.0.id id"},
		{"a code outside procedures", func(r *catalogue.Rows) { r.Units[0].ID = "1.012783" }, "units.0.id id"},
		{"a local code", func(r *catalogue.Rows) { r.Procedures[0].ID = "1.012783.H50" }, "procedures.0.id id"},
		{"no name", func(r *catalogue.Rows) { r.Desks[0].Name = catalogue.Text{} }, "desks.0.name.vi required, desks.0.name.en required"},
		{"no English name", func(r *catalogue.Rows) { r.Areas[0].Name.EN = "" }, "areas.0.name.en required"},
		{"space at an end", func(r *catalogue.Rows) { r.Areas[0].Name.VI = "Đất đai " }, "areas.0.name.vi text"},
		{"line break", func(r *catalogue.Rows) { r.Areas[0].Name.VI = "Đất\nđai" }, "areas.0.name.vi text"},
		{"long name", func(r *catalogue.Rows) { r.Areas[0].Name.VI = strings.Repeat("đ", 2001) }, "areas.0.name.vi text"},
		{"no source", func(r *catalogue.Rows) { r.Areas[0].Source = "" }, "areas.0.source required"},
		{"no day", func(r *catalogue.Rows) { r.Areas[1].From = "" }, "areas.1.from required"},
		{"no such day", func(r *catalogue.Rows) { r.Areas[1].From = "2023-02-30" }, "areas.1.from date"},
		{"no such last day", func(r *catalogue.Rows) { r.Areas[1].To = "31/12/2025" }, "areas.1.to date"},
		{"ends before it begins", func(r *catalogue.Rows) { r.Areas[1].To = "2023-08-03" }, "areas.1.to end"},
		{"same row twice", func(r *catalogue.Rows) { r.Areas = append(r.Areas, r.Areas[1]) }, "areas.3 duplicate"},
		{"overlap", func(r *catalogue.Rows) { r.Areas[0].To = "2025-07-01" }, "areas.2 overlap"},
		{"unknown measure", func(r *catalogue.Rows) { r.Targets[0].Measure = "joy" }, "targets.0.measure measure"},
		{"above 100 %", func(r *catalogue.Rows) { r.Targets[0].Value = 10001 }, "targets.0.value range"},
		{"below 0", func(r *catalogue.Rows) { r.Targets[0].Value = -1 }, "targets.0.value range"},
		{"two targets for one thing", func(r *catalogue.Rows) { r.Targets[3].Measure = "satisfaction" }, "targets.3 overlap"},
		{"unknown unit", func(r *catalogue.Rows) { r.Desks[0].Unit = "kho" }, "desks.0.unit unknown"},
		{"no unit", func(r *catalogue.Rows) { r.Desks[0].Unit = "" }, "desks.0.unit required"},
		{"unit not yet there", func(r *catalogue.Rows) { r.Desks[0].Unit = "dang-ky" }, "desks.0.unit not_then"},
		{"unit ends earlier", func(r *catalogue.Rows) { r.Units[1].To = "2026-06-30" }, "desks.2.unit not_then, procedures.0.unit not_then"},
		{"area has a gap", func(r *catalogue.Rows) { r.Areas[0].To = "2025-05-31" }, "procedures.0.area not_then, targets.1.area not_then"},
		{"unknown area", func(r *catalogue.Rows) { r.Procedures[0].Area = "dat" }, "procedures.0.area unknown"},
		{"no area", func(r *catalogue.Rows) { r.Procedures[0].Area = "" }, "procedures.0.area required"},
		{"unknown area of a target", func(r *catalogue.Rows) { r.Targets[1].Area = "dat" }, "targets.1.area unknown"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rows := example()
			tt.change(&rows)
			_, err := catalogue.New(rows)
			var e *fault.Error
			if !errors.As(err, &e) {
				t.Fatalf("got %v", err)
			}
			if e.Kind != fault.Invalid || e.Fields.String() != tt.want {
				t.Errorf("got  %s\nwant %s", e.Fields, tt.want)
			}
		})
	}
}

func TestFirstMissingDayIsNamed(t *testing.T) {
	rows := example()
	rows.Units[1].To = "2026-06-30"
	var e *fault.Error
	if _, err := catalogue.New(rows); !errors.As(err, &e) {
		t.Fatal(err)
	}
	if a := e.Fields[0].Args; len(a) != 3 || a[0] != "unit" || a[1] != "dang-ky" || a[2] != catalogue.Date("2026-07-01") {
		t.Errorf("arguments %v", a)
	}
}

func TestNamesOfThingsThatAreNotThere(t *testing.T) {
	c, err := catalogue.New(example())
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		kind catalogue.Kind
		id   string
		on   catalogue.Date
		want string
	}{
		{catalogue.KindArea, "dat-dai", "2025-06-30", "Đất đai"},
		{catalogue.KindArea, "dat-dai", "2025-07-01", "Quản lý đất đai"},
		{catalogue.KindArea, "dat-dai", "2020-01-01", "Đất đai"},
		{catalogue.KindProcedure, "vi-du", "2026-06-01", "Ví dụ"},
		{catalogue.KindUnit, "dang-ky", "2023-12-31", "Văn phòng Đăng ký"},
		{catalogue.KindDesk, "quay-dat", "2024-01-01", "Quầy đất"},
		{catalogue.KindUnit, "khong-co", "2024-01-01", ""},
		{catalogue.KindTarget, "chung", "2024-01-01", ""},
	} {
		name, ok := c.Name(tt.kind, tt.id, tt.on)
		if name.VI != tt.want || ok != (tt.want != "") {
			t.Errorf("%s %s on %s: %q %v, want %q", tt.kind, tt.id, tt.on, name.VI, ok, tt.want)
		}
	}
}

// TestWithin: of which part of a period the figures of a thing are.
func TestWithin(t *testing.T) {
	rows := example()
	rows.Areas = append(rows.Areas, catalogue.Area{ID: "bien", Name: named("Biển"), Validity: always("2026-04-01"), Order: 4},
		catalogue.Area{ID: "bien", Name: named("Biển và đảo"), Validity: always("2026-08-01"), Order: 5})
	c, err := catalogue.New(rows)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		kind              catalogue.Kind
		id                string
		from, to          catalogue.Date
		wantFrom, wantEnd catalogue.Date
	}{
		{catalogue.KindArea, "dat-dai", "2025-01-01", "2025-12-31", "2025-01-01", "2025-12-31"},    // renamed in between
		{catalogue.KindArea, "bien", "2026-01-01", "2026-12-31", "2026-04-01", "2026-12-31"},       // new, and renamed
		{catalogue.KindProcedure, "vi-du", "2025-10-01", "2026-03-31", "2025-10-01", "2025-12-31"}, // ended
		{catalogue.KindProcedure, "vi-du", "2026-02-01", "2026-03-31", "2026-02-01", "2026-03-31"}, // not known then
		{catalogue.KindArea, "dat-dai", "2023-01-01", "2023-12-31", "2023-01-01", "2023-12-31"},    // the catalogue begins
	} {
		from, to := c.Within(tt.kind, tt.id, tt.from, tt.to)
		if from != tt.wantFrom || to != tt.wantEnd {
			t.Errorf("%s %s from %s to %s: %s to %s, want %s to %s", tt.kind, tt.id, tt.from, tt.to, from, to, tt.wantFrom, tt.wantEnd)
		}
	}
}
