package catalogue_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/store"
)

// open returns a catalogue over a real store in the file.
func open(t *testing.T, file string) *catalogue.Store {
	t.Helper()
	s, err := store.OpenSQLite(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close(context.Background()) })
	c, err := catalogue.Open(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func merge(t *testing.T, s *catalogue.Store, rows catalogue.Rows) catalogue.Change {
	t.Helper()
	change, err := s.Merge(t.Context(), rows)
	if err != nil {
		t.Fatal(err)
	}
	return change
}

func load(t *testing.T, s *catalogue.Store) *catalogue.Catalogue {
	t.Helper()
	c, err := s.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEmptyStoreIsAnEmptyCatalogue(t *testing.T) {
	c := load(t, open(t, t.TempDir()+"/x.db"))
	if len(c.Areas("2026-01-01")) != 0 {
		t.Error("areas from nowhere")
	}
}

func TestMergeTwiceChangesNothing(t *testing.T) {
	s := open(t, t.TempDir()+"/x.db")
	if got := merge(t, s, example()); got.Added != 14 || got.Unchanged != 0 || got.Differ != nil {
		t.Errorf("first: %+v", got)
	}
	before := load(t, s)
	if got := merge(t, s, example()); got.Added != 0 || got.Unchanged != 14 || got.Differ != nil {
		t.Errorf("second: %+v", got)
	}
	if !reflect.DeepEqual(before, load(t, s)) || !reflect.DeepEqual(before, build(t, example())) {
		t.Error("what is loaded is not what was merged")
	}
}

func TestRenameLeavesTheEarlierName(t *testing.T) {
	s := open(t, t.TempDir()+"/x.db")
	old := catalogue.Area{ID: "moi-truong", Name: named("Môi trường"), Validity: always("2023-08-04"), Order: 2}
	merge(t, s, catalogue.Rows{Areas: []catalogue.Area{
		{ID: "dat-dai", Name: named("Đất đai"), Validity: always("2023-08-04"), Order: 1}, old}})
	renamed := catalogue.Area{ID: "moi-truong", Name: named("Nông nghiệp và Môi trường"), Validity: always("2025-03-01"), Order: 1}
	if got := merge(t, s, catalogue.Rows{Areas: []catalogue.Area{renamed}}); got.Added != 1 || got.Differ != nil {
		t.Errorf("rename: %+v", got)
	}
	c := load(t, s)
	for day, want := range map[catalogue.Date]string{"2025-02-28": "Môi trường", "2025-03-01": "Nông nghiệp và Môi trường"} {
		if a, _ := c.Area("moi-truong", day); a.Name.VI != want {
			t.Errorf("on %s it is called %q", day, a.Name.VI)
		}
	}
	if list := c.Areas("2026-01-01"); list[1].ID != "moi-truong" {
		t.Error("the rename moved the area in the list")
	}
	// The files of before and after, alone and together, say nothing new.
	closed := old
	closed.To = "2025-02-28"
	for _, rows := range [][]catalogue.Area{{old}, {renamed}, {old, renamed}, {closed}, {closed, renamed}} {
		if got := merge(t, s, catalogue.Rows{Areas: rows}); got.Added != 0 || got.Differ != nil || got.Unchanged != len(rows) {
			t.Errorf("%d rows again: %+v", len(rows), got)
		}
	}
}

func TestEarlierRowIsAddedBeforeTheOneThatIsThere(t *testing.T) {
	s := open(t, t.TempDir()+"/x.db")
	merge(t, s, catalogue.Rows{Units: []catalogue.Unit{{ID: "kho", Name: named("Mới"), Validity: always("2025-01-01")}}})
	merge(t, s, catalogue.Rows{Units: []catalogue.Unit{{ID: "kho", Name: named("Cũ"), Validity: always("2023-01-01")}}})
	if u, _ := load(t, s).Unit("kho", "2024-12-31"); u.Name.VI != "Cũ" || u.To != "2024-12-31" {
		t.Errorf("%+v", u)
	}
}

func TestConflictsChangeNothing(t *testing.T) {
	s := open(t, t.TempDir()+"/x.db")
	merge(t, s, example())
	before := load(t, s)

	rows := example()
	rows.Areas[1].Name.EN = "Nature"
	rows.Desks[0].Unit = "dang-ky"
	rows.Procedures[1].To = "2026-06-30"
	rows.Targets[0].Value = 9500
	rows.Targets[0].Source = "Kế hoạch mới"
	rows.Units = append(rows.Units, catalogue.Unit{ID: "moi", Name: named("Mới"), Validity: always("2026-01-01")})
	got := merge(t, s, rows)
	want := []catalogue.Conflict{
		{Kind: "area", ID: "moi-truong", From: "2023-08-04", Place: "areas.1", Fields: []string{"name.en"}},
		{Kind: "desk", ID: "mot-cua", From: "2023-08-04", Place: "desks.0", Fields: []string{"unit"}},
		{Kind: "procedure", ID: "vi-du", From: "2024-08-01", Place: "procedures.1", Fields: []string{"to"}},
		{Kind: "target", ID: "chung", From: "2023-08-04", Place: "targets.0", Fields: []string{"value", "source"}},
	}
	if !reflect.DeepEqual(got.Differ, want) {
		t.Errorf("got  %+v\nwant %+v", got.Differ, want)
	}
	if !reflect.DeepEqual(before, load(t, s)) {
		t.Error("something was written")
	}
}

func TestConfirmationByTheOfficeStands(t *testing.T) {
	s := open(t, t.TempDir()+"/x.db")
	area := catalogue.Area{ID: "dat-dai", Name: named("Đất đai"), Validity: always("2023-08-04")}
	merge(t, s, catalogue.Rows{Areas: []catalogue.Area{area}})
	area.Confirmed = false
	if got := merge(t, s, catalogue.Rows{Areas: []catalogue.Area{area}}); got.Unchanged != 1 {
		t.Errorf("%+v", got)
	}
	if a, _ := load(t, s).Area("dat-dai", "2026-01-01"); !a.Confirmed {
		t.Error("the confirmation was lost")
	}
}

func TestMergeRefusesWhatWouldNotBeSound(t *testing.T) {
	s := open(t, t.TempDir()+"/x.db")
	merge(t, s, example())
	before := load(t, s)
	for _, tt := range []struct {
		name string
		rows catalogue.Rows
		want string
	}{
		{"reference to nothing", catalogue.Rows{Desks: []catalogue.Desk{
			{ID: "moi", Name: named("Mới"), Unit: "van-phong-so", Validity: always("2025-01-01")},
			{ID: "moi-2", Name: named("Mới 2"), Unit: "kho", Validity: always("2025-01-01")},
		}}, "desks.1.unit unknown"},
		{"days that are taken", catalogue.Rows{Areas: []catalogue.Area{
			{ID: "dat-dai", Name: named("Giữa"), Validity: always("2025-01-01")},
		}}, "areas.0 overlap"},
		{"a unit that ends before its stored desk", catalogue.Rows{Units: []catalogue.Unit{
			{ID: "van-phong-so", Name: named("Văn phòng"), Validity: catalogue.Validity{From: "2026-01-01", To: "2026-12-31", Source: "x"}},
		}}, "desks.mot-cua.unit not_then"},
		{"bad id", catalogue.Rows{Areas: []catalogue.Area{{ID: "Đất", Name: named("Đất"), Validity: always("2025-01-01")}}}, "areas.0.id id"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := s.Merge(t.Context(), tt.rows)
			var e *fault.Error
			if !errors.As(err, &e) || e.Fields.String() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
	if !reflect.DeepEqual(before, load(t, s)) {
		t.Error("something was written")
	}
}

// Several processes may start on the same store, each with rows of its own and
// rows of all.
func TestConcurrentMerge(t *testing.T) {
	file := t.TempDir() + "/x.db"
	const writers = 4
	errs := make([]error, writers)
	var all sync.WaitGroup
	for w := range writers {
		s := open(t, file)
		rows := example()
		rows.Areas = append(rows.Areas,
			catalogue.Area{ID: fmt.Sprintf("cua-%d", w), Name: named("Riêng"), Validity: always("2023-08-04"), Order: 10 + w},
			catalogue.Area{ID: "moi-truong", Name: named(fmt.Sprintf("Tên %d", w)), Validity: always(catalogue.Date(fmt.Sprintf("2026-0%d-01", w+1))), Order: 2})
		all.Go(func() { _, errs[w] = s.Merge(context.Background(), rows) })
	}
	all.Wait()
	for w, err := range errs {
		if err != nil {
			// A later name that came first leaves no room for an earlier one to
			// close what is closed already: that is refused, and nothing else is.
			var e *fault.Error
			if !errors.As(err, &e) || e.Kind != fault.Invalid {
				t.Errorf("writer %d: %v", w, err)
			}
		}
	}
	c := load(t, open(t, file))
	var ids []string
	for _, a := range c.Areas("2099-01-01") {
		ids = append(ids, a.ID)
	}
	if !slices.Contains(ids, "dat-dai") || !slices.Contains(ids, "moi-truong") || len(c.Targets("2099-01-01")) != 3 {
		t.Errorf("loaded %v", ids)
	}
	for w, err := range errs {
		if _, ok := c.Area(fmt.Sprintf("cua-%d", w), "2026-01-01"); err == nil && !ok {
			t.Errorf("writer %d was told all is well, and its row is not there", w)
		}
	}
}
