package improve_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"sipas/internal/catalogue"
	"sipas/internal/improve"
	"sipas/internal/store"
)

func openStore(t *testing.T) *improve.Store {
	t.Helper()
	db, err := store.OpenSQLite(t.TempDir() + "/x.db")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close(context.Background()) })
	c, err := catalogue.Open(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	v := catalogue.Validity{From: "2023-08-04", Source: "thử", Confirmed: true}
	if _, err := c.Merge(t.Context(), catalogue.Rows{Units: []catalogue.Unit{{ID: "van-phong-so", Name: catalogue.Text{VI: "Văn phòng", EN: "Office"}, Validity: v}}}); err != nil {
		t.Fatal(err)
	}
	s, err := improve.OpenStore(t.Context(), db, c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestStoredTask(t *testing.T) {
	s, x := openStore(t), opened(t, nil)
	if err := s.Put(t.Context(), x); err != nil || x.Version() != 1 {
		t.Fatalf("%d %v", x.Version(), err)
	}
	twice := opened(t, func(y *improve.Task) { y.ID = x.ID })
	if err := s.Put(t.Context(), twice); err != nil || twice.Version() != 1 {
		t.Errorf("sent twice: %v", err)
	}
	other := opened(t, func(y *improve.Task) { y.ID, y.What = x.ID, "Khác" })
	if err := s.Put(t.Context(), other); !errors.Is(err, improve.ErrStale) {
		t.Errorf("another under the same id: %v", err)
	}
	first, err := s.Task(t.Context(), improve.Reader{All: true}, x.ID)
	if err != nil {
		t.Fatal(err)
	}
	second := *first
	for i, y := range []*improve.Task{first, &second} {
		next, err := y.Prove(improve.Evidence{ID: improve.NewID(), Text: "x"}, noon)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Put(t.Context(), next); errors.Is(err, improve.ErrStale) != (i == 1) {
			t.Errorf("editor %d: %v", i, err)
		}
	}
	for reader, sees := range map[improve.Reader]bool{{}: false, {Unit: "thanh-tra-so"}: false, {Unit: "van-phong-so"}: true, {All: true}: true} {
		list, err := s.Tasks(t.Context(), reader)
		if err != nil || (len(list) == 1) != sees {
			t.Errorf("%+v sees %d: %v", reader, len(list), err)
		}
		if _, err := s.Task(t.Context(), reader, x.ID); errors.Is(err, improve.ErrNoTask) == sees {
			t.Errorf("%+v: %v", reader, err)
		}
	}
}

func TestPlanIsNeverOverwritten(t *testing.T) {
	s := openStore(t)
	list := []improve.Duty{duty("b", nil), duty("a", nil)}
	list[0].Order, list[1].Order = 1, 2
	for n, want := range []int{2, 0} {
		change, err := s.Merge(t.Context(), list)
		if err != nil || change.Added != want || len(change.Differ) != 0 {
			t.Errorf("merge %d: %+v %v", n, change, err)
		}
	}
	changed := slices.Clone(list)
	changed[1].Text = "Khác"
	changed = append(changed, duty("c", nil))
	change, err := s.Merge(t.Context(), changed)
	if err != nil || len(change.Differ) != 1 || change.Differ[0].Place != "improvements.1" {
		t.Errorf("%+v %v", change, err)
	}
	if p, err := s.Plan(t.Context()); err != nil || len(p) != 2 || p[0].ID != "b" || p.Of("a@2023-08-04").Text != "Bố trí công chức" {
		t.Errorf("%+v %v", p, err)
	}
	if _, err := s.Merge(t.Context(), []improve.Duty{duty("d", func(d *improve.Duty) { d.Units = []string{"phong-ma"} })}); fields(err) != "improvements.0.units unknown" {
		t.Errorf("a unit that nobody knows: %v", err)
	}
}
