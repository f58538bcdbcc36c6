package dossier

import (
	"context"
	"path/filepath"
	"reflect"
	"testing"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/store"
)

// server opens a server of its own on the file.
func server(t *testing.T, file string) *Store {
	t.Helper()
	db, err := store.OpenSQLite(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close(context.Background()) })
	s, err := OpenStore(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestFiguresSeeEveryChange, on the server that made it and on another one.
func TestFiguresSeeEveryChange(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.db")
	here, there := server(t, file), server(t, file)
	expect := func(when string, onTime, running int) {
		t.Helper()
		for range 2 { // counted, and kept
			for name, s := range map[string]*Store{"here": here, "there": there} {
				table, err := s.Figures(t.Context(), Query{To: "2026-12-31", By: ByArea}, "2026-06-30")
				if err != nil {
					t.Fatal(err)
				}
				if table.Overall.OnTime != onTime || table.Overall.Running != running {
					t.Errorf("%s, %s: %+v", when, name, table.Overall)
				}
				for i := range table.Groups { // whoever asks may do with it what he likes
					table.Groups[i] = Figure{}
				}
			}
		}
	}
	list := func(dossiers ...Dossier) {
		t.Helper()
		src := func(yield func(int, Dossier, fault.Fields) error) error {
			for i, d := range dossiers {
				if err := yield(i+1, d, nil); err != nil {
					return err
				}
			}
			return nil
		}
		if _, err := here.Import(t.Context(), src, Columns{}); err != nil {
			t.Fatal(err)
		}
	}
	open := Dossier{Code: "A1", Area: "dat-dai", ReceivedOn: "2026-06-01", DueOn: "2026-07-01"}
	expect("nothing", 0, 0)
	list(open)
	expect("a list", 0, 1)
	d, err := there.Get(t.Context(), "A1")
	if err != nil {
		t.Fatal(err)
	}
	d.ReturnedOn = "2026-06-20"
	if err := there.Replace(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	expect("returned", 1, 0)
	open.Code = "A2"
	list(open)
	expect("another list", 1, 1)
	if table, err := here.Figures(t.Context(), Query{To: "2026-12-31", By: ByArea}, "2026-07-02"); err != nil || table.Overall.Overdue != 1 {
		t.Errorf("on a later day: %+v %v", table, err)
	}
}

// TestEveryFieldIsRead that is stored.
func TestEveryFieldIsRead(t *testing.T) {
	s := server(t, filepath.Join(t.TempDir(), "x.db"))
	want := Dossier{Code: "A1", Version: 1}
	v := reflect.ValueOf(&want).Elem()
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.String && f.String() == "" {
			f.SetString("2026-01-0" + string(rune('1'+i%9)))
		}
	}
	want.ReturnedOn = max(want.ReturnedOn, catalogue.Date("2026-01-09"))
	if err := s.dossiers.Insert(t.Context(), encode(want)); err != nil {
		t.Fatal(err)
	}
	got, err := s.Get(t.Context(), "A1")
	if err != nil || *got != want {
		t.Errorf("got %+v %v, want %+v", got, err, want)
	}
	doc, err := s.dossiers.Get(t.Context(), "A1")
	if err != nil || doc.State != stateLate {
		t.Errorf("state %q %v, want %q", doc.State, err, stateLate)
	}
}
