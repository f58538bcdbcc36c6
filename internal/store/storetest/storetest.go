// Package storetest is the one suite that both engines of package store pass.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"sipas/internal/store"
)

// Opener opens a store for one test: empty at first, and with the same data
// again when called again by the same test. It closes the store when the test
// ends, should the test not have done so.
type Opener func(t *testing.T) *store.Store

// Run runs what every engine has to pass.
func Run(t *testing.T, open func(t *testing.T) *store.Store) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, Opener)
	}{
		{"round trip", roundTrip},
		{"duplicates", duplicates},
		{"insert many", insertMany},
		{"lost races", lostRaces},
		{"put", puts},
		{"delete", deletes},
		{"log", appendOnly},
		{"rules", rules},
		{"ids", ids},
		{"sizes", sizes},
		{"order of ids", orderOfIDs},
		{"scans", scans},
		{"scan while others insert", scanGrowing},
		{"each while it deletes", eachDeletes},
		{"cursors", cursors},
		{"wrong queries", wrongQueries},
		{"not handed over", notHandedOver},
		{"unknown insert", unknownInsert},
		{"unknown replace", unknownReplace},
		{"callers that give up", giveUp},
		{"closing", closing},
		{"older documents", older},
		{"older documents with derived fields", olderDerived},
		{"older documents again", olderAgain},
		{"older documents opened twice at once", olderAtOnce},
		{"older documents that cannot be read", olderUnreadable},
		{"older documents of a log", olderLog},
		{"older documents brought in", olderRaw},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open) })
	}
}

// Visit is the stored type of the suite.
type Visit struct {
	store.Doc `bson:",inline"`
	Area      string    `bson:"area"`
	Code      int       `bson:"code"`
	At        time.Time `bson:"at"`
	Body      []byte    `bson:"body,omitempty"`
	Note      string    `bson:"note,omitempty"`
}

var visits = store.Spec{Name: "visits", Indexes: []store.Index{
	{Name: "by_area", Fields: []store.Field{{Name: "area", Type: store.String}, {Name: "code", Type: store.Int64}}},
	{Name: "by_time", Fields: []store.Field{{Name: "at", Type: store.Time}}},
}}

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func visit(id string) *Visit { return &Visit{Doc: store.Doc{ID: id}, Area: "a", At: noon} }

func openVisits(t *testing.T, s *store.Store) *store.Collection[Visit] {
	t.Helper()
	return openAs[Visit](t, s, visits)
}

func openAs[T any](t *testing.T, s *store.Store, spec store.Spec) *store.Collection[T] {
	t.Helper()
	c, err := store.Open[T](t.Context(), s, spec)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// want fails the test unless err is target, or nil if target is.
func want(t *testing.T, doing string, err, target error) {
	t.Helper()
	if !errors.Is(err, target) || target == nil && err != nil {
		t.Fatalf("%s: got %v, want %v", doing, err, target)
	}
}

// wantOneOf fails the test unless err is one of targets, and returns which.
func wantOneOf(t *testing.T, doing string, err error, targets ...error) error {
	t.Helper()
	for _, target := range targets {
		if errors.Is(err, target) && (target != nil || err == nil) {
			return target
		}
	}
	t.Fatalf("%s: got %v, want one of %v", doing, err, targets)
	return nil
}

func mustInsert[T any](t *testing.T, c *store.Collection[T], docs ...*T) {
	t.Helper()
	for i, err := range c.InsertMany(t.Context(), docs) {
		want(t, fmt.Sprint("insert number ", i), err, nil)
	}
}

func mustGet[T any](t *testing.T, c *store.Collection[T], id string) *T {
	t.Helper()
	doc, err := c.Get(t.Context(), id)
	want(t, "get", err, nil)
	return doc
}

// walk reads all pages of q and returns the ids in their order.
func walk(t *testing.T, c *store.Collection[Visit], q store.Query) (found []string) {
	t.Helper()
	for {
		page, err := c.Scan(t.Context(), q)
		want(t, "scan", err, nil)
		for _, v := range page.Items {
			found = append(found, v.ID)
		}
		if page.Next == "" {
			return found
		}
		if len(page.Items) == 0 {
			t.Fatal("an empty page is not the last one")
		}
		q.After = page.Next
	}
}

func wantIDs(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Fatalf("%s:\n got %.40q\nwant %.40q", what, got, want)
	}
}

// cancelled returns a context that ends while the caller is at work, sooner or
// later, without anybody waiting for a clock.
func cancelled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	go cancel()
	return ctx
}
