package feedback_test

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/internal/store"
	"sipas/seeds"
)

// site is a store with the shipped data in it.
type site struct {
	*feedback.Store
	db        *store.Store
	file      string
	catalogue *catalogue.Store
	keys      []feedback.Key
}

func openSite(t testing.TB) *site {
	t.Helper()
	file := filepath.Join(t.TempDir(), "x.db")
	db, err := store.OpenSQLite(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close(context.Background()) })
	o := &site{db: db, file: file, keys: []feedback.Key{feedback.NewKey()}}
	if o.catalogue, err = catalogue.Open(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	o.Store = o.another(t)
	d, err := seeds.Load()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.catalogue.Merge(t.Context(), d.Rows); err != nil {
		t.Fatal(err)
	}
	if change, err := o.Merge(t.Context(), d.Years, d.Terms); err != nil || change.Added != len(d.Years)+len(d.Terms) {
		t.Fatalf("%+v, %v", change, err)
	}
	if err := o.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	return o
}

// another opens the feedback of the same database again, as a second server does.
func (o *site) another(t testing.TB) *feedback.Store {
	t.Helper()
	s, err := feedback.OpenStore(t.Context(), o.db, o.catalogue)
	if err != nil {
		t.Fatal(err)
	}
	s.UseKeys(o.ring(t))
	return s
}

func (o *site) ring(t testing.TB) *feedback.Ring {
	t.Helper()
	r, err := feedback.NewRing(o.keys...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRulesAreLoadedOnce(t *testing.T) {
	o := openSite(t)
	d, err := seeds.Load()
	if err != nil {
		t.Fatal(err)
	}
	change, err := o.Merge(t.Context(), d.Years, d.Terms)
	if err != nil || change.Added != 0 || change.Unchanged != len(d.Years)+len(d.Terms) || change.Differ != nil {
		t.Errorf("%+v, %v", change, err)
	}
	want := shipped(t)
	if !reflect.DeepEqual(o.Rules().Calendar.Years(), want.Calendar.Years()) {
		t.Error("the calendar has come back otherwise")
	}
	if got := o.Rules().Terms(); len(got) != len(want.Terms()) || !reflect.DeepEqual(*term(t, o.Rules(), "complaint-resolve"), *term(t, want, "complaint-resolve")) {
		t.Error("the terms have come back otherwise")
	}
}

// read writes a file and reads it as sipas seed does.
func read(t *testing.T, text string) seeds.Data {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.WriteFile("moi.yaml", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := seeds.Read("moi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestStoredRulesAreNeverOverwritten: what cases were counted by stays, and
// whoever loads something else under its name is told the line.
func TestStoredRulesAreNeverOverwritten(t *testing.T) {
	o := openSite(t)
	d := read(t, `calendar:
  - {year: 2027, version: 1, complete: true}
  - {year: 2027, version: 2, complete: true}
terms:
  - {id: praise-resolve, name: {vi: Khen, en: Praise}, kind: praise, stage: resolve, days: 5, counts: working, starts: receipt, from: 2017-09-25, source: x}
`)
	change, err := o.Merge(t.Context(), d.Years, d.Terms)
	if err != nil || len(change.Differ) != 2 {
		t.Fatalf("%+v, %v", change, err)
	}
	var lines []string
	for _, c := range change.Differ {
		lines = append(lines, d.Conflict(c).Error())
	}
	want := []string{
		"moi.yaml:2: year 2027@1 is in the store with other content; a change is a new version",
		"moi.yaml:5: term praise-resolve@2017-09-25 is in the store with other content; a change is a new version",
	}
	if !reflect.DeepEqual(lines, want) {
		t.Errorf("got  %s\nwant %s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
	server := o.another(t)
	if err := server.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	if server.Rules().Calendar.Complete(2027) || term(t, server.Rules(), "praise-resolve").Days != 15 {
		t.Error("something was written all the same")
	}

	rest := d.Without(change.Differ)
	if change, err := o.Merge(t.Context(), rest.Years, rest.Terms); err != nil || change.Added != 1 || change.Differ != nil {
		t.Fatalf("the rest: %+v, %v", change, err)
	}
	if server = o.another(t); server.Reload(t.Context()) != nil || !server.Rules().Calendar.Complete(2027) {
		t.Error("the announced calendar of 2027 is not there")
	}
}

func TestTermThatClashesWithAStoredOne(t *testing.T) {
	o := openSite(t)
	d := read(t, `terms:
  - {id: khen, name: {vi: Khen, en: Praise}, kind: praise, stage: resolve, days: 5, counts: working, starts: receipt, from: 2017-09-25, source: x}
`)
	_, err := o.Merge(t.Context(), d.Years, d.Terms)
	if err == nil {
		t.Fatal("two terms for the same were taken")
	}
	const want = "moi.yaml:1: in the store, terms.praise-resolve@2017-09-25: is for the same as khen@2017-09-25"
	if got := d.Explain(err).Error(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestOtherServersFollow: a new rule holds on every server on the store after
// the change has been announced.
func TestOtherServersFollow(t *testing.T) {
	o := openSite(t)
	server := o.another(t)
	if err := server.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	d := read(t, "calendar:\n  - {year: 2027, version: 2, complete: true}\n")
	if _, err := o.Merge(t.Context(), d.Years, d.Terms); err != nil {
		t.Fatal(err)
	}
	revision, err := store.OpenRevision(t.Context(), o.db, store.RevisionOfSetup)
	if err == nil {
		err = revision.Advance(t.Context())
	}
	if err == nil {
		err = server.Reload(t.Context())
	}
	if err != nil || !server.Rules().Calendar.Complete(2027) {
		t.Errorf("%v", err)
	}
}
