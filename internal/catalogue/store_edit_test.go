package catalogue_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/store"
)

// stocked returns a store with the example in it.
func stocked(t *testing.T) *catalogue.Store {
	t.Helper()
	s := open(t, t.TempDir()+"/x.db")
	merge(t, s, example())
	return s
}

func history(t *testing.T, s *catalogue.Store, kind catalogue.Kind, id string) catalogue.History {
	t.Helper()
	h, err := s.History(t.Context(), kind, id)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestEditIsThereForEverybody(t *testing.T) {
	s := stocked(t)
	seen := history(t, s, catalogue.KindUnit, "dang-ky")
	if seen.Version != 1 || len(seen.Rows) != 1 {
		t.Fatalf("%+v", seen)
	}
	renamed := catalogue.Unit{ID: "dang-ky", Name: named("Chi nhánh"), Validity: always("2026-07-01")}
	now, err := s.Edit(t.Context(), catalogue.KindUnit, "dang-ky", seen.Version, catalogue.Add{Row: renamed}, today)
	if err != nil || now.Version != 2 || len(now.Rows) != 2 {
		t.Fatalf("%+v, %v", now, err)
	}
	if again := history(t, s, catalogue.KindUnit, "dang-ky"); !reflect.DeepEqual(again, now) {
		t.Errorf("stored is %+v", again)
	}
	if r, ok := now.On("2026-06-30"); !ok || r.(catalogue.Unit).Name.VI != "Văn phòng Đăng ký" {
		t.Errorf("on the last day before it is %+v", r)
	}
	if _, ok := now.On("2023-01-01"); ok {
		t.Error("there was none before the first row")
	}
	c := load(t, s)
	for day, want := range map[catalogue.Date]string{"2026-06-30": "Văn phòng Đăng ký", "2026-07-01": "Chi nhánh"} {
		list := c.List(catalogue.KindUnit, day)
		if u := list[1].(catalogue.Unit); len(list) != 2 || u.Name.VI != want {
			t.Errorf("on %s the second unit is %+v", day, u)
		}
	}
	for _, kind := range catalogue.Kinds {
		if len(c.List(kind, "2025-07-01")) == 0 {
			t.Errorf("no %s in the list", kind)
		}
	}
}

func TestNewThingStandsAtTheEnd(t *testing.T) {
	s := stocked(t)
	for _, id := range []string{"quay-b", "quay-a"} {
		d := catalogue.Desk{ID: id, Name: named("Quầy"), Unit: "van-phong-so", Validity: always(today)}
		if _, err := s.Edit(t.Context(), catalogue.KindDesk, id, 0, catalogue.Add{Row: d}, today); err != nil {
			t.Fatal(err)
		}
	}
	var ids []string
	for _, r := range load(t, s).List(catalogue.KindDesk, today) {
		ids = append(ids, catalogue.IDOf(r))
	}
	if got := strings.Join(ids, " "); got != "mot-cua quay-dat quay-b quay-a" {
		t.Errorf("desks %s", got)
	}
}

func TestEditRefuses(t *testing.T) {
	s := stocked(t)
	before := load(t, s)
	desk := func(id, unit string, from catalogue.Date) catalogue.Desk {
		return catalogue.Desk{ID: id, Name: named("Quầy"), Unit: unit, Validity: always(from)}
	}
	for _, tt := range []struct {
		name string
		kind catalogue.Kind
		id   string
		seen int64
		edit catalogue.Edit
		want string
	}{
		{"an id that is there", catalogue.KindDesk, "mot-cua", 0, catalogue.Add{Row: desk("mot-cua", "dang-ky", today)}, "id taken"},
		{"a reference to nothing", catalogue.KindDesk, "moi", 0, catalogue.Add{Row: desk("moi", "kho", today)}, "unit unknown"},
		{"a reference to what was not yet there", catalogue.KindDesk, "moi", 0, catalogue.Add{Row: desk("moi", "dang-ky", "2023-09-01")}, "unit not_then"},
		{"fields of the row", catalogue.KindDesk, "moi", 0, catalogue.Add{Row: desk("moi", "", "2026-02-30")}, "unit required, from date"},
		{"the end of a unit that others need", catalogue.KindUnit, "dang-ky", 1, catalogue.End{From: "2024-01-01", To: "2026-12-31"},
			"desks.quay-dat.unit not_then, procedures.1.012783.unit not_then"},
		{"the end of an area that others need", catalogue.KindArea, "dat-dai", 1, catalogue.End{From: "2025-07-01", To: "2026-12-31"},
			"procedures.1.012783.area not_then, targets.dat.area not_then"},
		{"a second target for the same", catalogue.KindTarget, "khac", 0,
			catalogue.Add{Row: catalogue.Target{ID: "khac", Measure: catalogue.MeasureOnTime, Value: 9500, Validity: always(today)}}, "measure second"},
		{"a target moved onto another", catalogue.KindTarget, "dung-han", 1,
			catalogue.Add{Row: catalogue.Target{ID: "dung-han", Measure: catalogue.MeasureSatisfaction, Value: 9500, Validity: always(today)}}, "measure second"},
		{"the past", catalogue.KindUnit, "dang-ky", 1, catalogue.End{From: "2024-01-01", To: "2026-01-31"}, "to past"},
		{"nothing there", catalogue.KindUnit, "kho", 0, catalogue.End{From: "2024-01-01", To: "2026-12-31"}, "row_unknown"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			now, err := s.Edit(t.Context(), tt.kind, tt.id, tt.seen, tt.edit, today)
			e := fault.As(err)
			if got := e.Fields.String(); got != tt.want && e.Code != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
			if now.ID != tt.id || now.Kind != tt.kind {
				t.Errorf("what is stored is %+v", now)
			}
		})
	}
	if !reflect.DeepEqual(before, load(t, s)) {
		t.Error("something was written")
	}
	var e *fault.Error
	_, err := s.Edit(t.Context(), catalogue.KindTarget, "khac", 0,
		catalogue.Add{Row: catalogue.Target{ID: "khac", Measure: catalogue.MeasureOnTime, Value: 9500, Validity: always(today)}}, today)
	if !errors.As(err, &e) || e.Fields[0].Args[0] != "dung-han" {
		t.Errorf("the other target is %+v", e)
	}
	if _, err := s.Edit(t.Context(), catalogue.KindDesk, "moi", 0, catalogue.Add{Row: desk("moi", "kho", today)}, today); !errors.As(err, &e) || e.Fields[0].Args[0] != "kho" {
		t.Errorf("the missing unit is %+v", e)
	}
	if _, err := s.Edit(t.Context(), catalogue.KindDesk, "moi", 0, catalogue.Add{Row: desk("khac", "dang-ky", today)}, today); err == nil {
		t.Error("a row was stored under another's id")
	}
}

func TestSecondEditorIsTold(t *testing.T) {
	s := stocked(t)
	seen := history(t, s, catalogue.KindUnit, "dang-ky")
	rename := func(name string) catalogue.Edit {
		return catalogue.Add{Row: catalogue.Unit{ID: "dang-ky", Name: named(name), Validity: always("2026-07-01")}}
	}
	first, err := s.Edit(t.Context(), catalogue.KindUnit, "dang-ky", seen.Version, rename("Một"), today)
	if err != nil {
		t.Fatal(err)
	}
	now, err := s.Edit(t.Context(), catalogue.KindUnit, "dang-ky", seen.Version, rename("Hai"), today)
	if !errors.Is(err, store.ErrStale) || !reflect.DeepEqual(now, first) {
		t.Errorf("%+v, %v", now, err)
	}
	// The first one's own edit again, as after an unknown outcome or a second
	// click, is no conflict.
	if now, err := s.Edit(t.Context(), catalogue.KindUnit, "dang-ky", seen.Version, rename("Một"), today); err != nil || now.Version != first.Version {
		t.Errorf("%+v, %v", now, err)
	}
	added := catalogue.Add{Row: catalogue.Desk{ID: "moi", Name: named("Mới"), Unit: "dang-ky", Validity: always(today)}}
	for range 2 {
		if now, err := s.Edit(t.Context(), catalogue.KindDesk, "moi", 0, added, today); err != nil || now.Version != 1 {
			t.Errorf("%+v, %v", now, err)
		}
	}
}

// Somebody who has seen a thing that was withdrawn and came again must not be
// taken for one who has seen what there is now.
func TestWithdrawnAndAgain(t *testing.T) {
	s := stocked(t)
	desk := func(name string) catalogue.Edit {
		return catalogue.Add{Row: catalogue.Desk{ID: "moi", Name: named(name), Unit: "dang-ky", Validity: always("2026-07-01")}}
	}
	edit := func(seen int64, e catalogue.Edit) (catalogue.History, error) {
		return s.Edit(t.Context(), catalogue.KindDesk, "moi", seen, e, today)
	}
	first, err := edit(0, desk("Một"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := edit(first.Version, catalogue.Withdraw{From: "2026-07-01"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.History(t.Context(), catalogue.KindDesk, "moi"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a desk without rows: %v", err)
	}
	if _, err := edit(0, desk("Hai")); err != nil {
		t.Fatal(err)
	}
	if now, err := edit(first.Version, catalogue.End{From: "2026-07-01", To: "2026-12-31"}); !errors.Is(err, store.ErrStale) || len(now.Rows) != 1 {
		t.Errorf("%+v, %v", now, err)
	}
	if got := merge(t, s, example()); got.Added != 0 || got.Differ != nil {
		t.Errorf("the files again: %+v", got)
	}
}

// One editor ends a unit while another puts a desk into it, again and again:
// what is stored is sound at every end, and whoever was told that all is well
// finds it there.
func TestEditsThatAreNotSoundTogether(t *testing.T) {
	file := t.TempDir() + "/x.db"
	a, b := open(t, file), open(t, file)
	merge(t, a, catalogue.Rows{Units: example().Units})
	for n := range 40 {
		id := fmt.Sprintf("unit-%d", n)
		u := catalogue.Unit{ID: id, Name: named("Đơn vị"), Validity: always("2026-01-01")}
		if _, err := a.Edit(t.Context(), catalogue.KindUnit, id, 0, catalogue.Add{Row: u}, today); err != nil {
			t.Fatal(err)
		}
		var ended, added error
		var both sync.WaitGroup
		both.Go(func() {
			_, ended = a.Edit(t.Context(), catalogue.KindUnit, id, 1, catalogue.End{From: "2026-01-01", To: "2026-12-31"}, today)
		})
		both.Go(func() {
			d := catalogue.Desk{ID: "quay-" + id, Name: named("Quầy"), Unit: id, Validity: always(today)}
			_, added = b.Edit(t.Context(), catalogue.KindDesk, d.ID, 0, catalogue.Add{Row: d}, today)
		})
		both.Wait()
		c := load(t, a) // fails where a desk has lost its unit
		u, _ = c.Unit(id, today)
		_, desk := c.Desk("quay-"+id, today)
		if (ended == nil) != (u.To == "2026-12-31") || (added == nil) != desk {
			t.Errorf("unit ends on %q after %v, desk is there: %t after %v", u.To, ended, desk, added)
		}
	}
}

// What a check answers is what the edit would, and nothing is written.
func TestCheckEditWritesNothing(t *testing.T) {
	s := stocked(t)
	before := load(t, s)
	end := catalogue.End{From: "2023-08-04", To: "2026-12-31"}
	if now, err := s.CheckEdit(t.Context(), catalogue.KindDesk, "mot-cua", 1, end, today); err != nil || now.Version != 1 {
		t.Errorf("%+v, %v", now, err)
	}
	if !reflect.DeepEqual(before, load(t, s)) {
		t.Error("a check has written")
	}
	if _, err := s.CheckEdit(t.Context(), catalogue.KindDesk, "mot-cua", 7, end, today); !errors.Is(err, store.ErrStale) {
		t.Errorf("an outdated version: %v", err)
	}
}
