package staff_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"sipas/internal/fault"
	"sipas/internal/staff"
)

// diary records n entries, a minute apart, of three accounts, two actions, four
// objects, every fifth of them secret.
func diary(o *office, n int) {
	o.t.Helper()
	for i := range n {
		e := &staff.Entry{
			At: o.now.Add(time.Duration(i) * time.Minute), Role: staff.Desk, Secret: i%5 == 4,
			Account: []string{"an", "binh", "cuong"}[i%3], Action: []string{"link.create", "link.close"}[i%2],
			Object: fmt.Sprintf("link/%d", i%4), Detail: []string{fmt.Sprint(i)},
		}
		if err := o.Record(o.t.Context(), e); err != nil {
			o.t.Fatal(err)
		}
	}
}

// numbers reads all pages and returns the numbers of the entries.
func numbers(o *office, f staff.EntryFilter, limit int) (got []int, pages int) {
	o.t.Helper()
	for after := ""; ; {
		list, next, err := o.Entries(o.t.Context(), f, limit, after)
		if err != nil {
			o.t.Fatal(err)
		}
		if len(list) > limit || len(list) < limit && next != "" {
			o.t.Errorf("a page of %d entries of %d, next %q", len(list), limit, next)
		}
		for _, e := range list {
			var n int
			fmt.Sscan(e.Detail[0], &n)
			got = append(got, n)
		}
		pages++
		if after = next; after == "" {
			return got, pages
		}
	}
}

func TestEntries(t *testing.T) {
	const n = 60
	o := newOffice(t)
	diary(o, n)
	at := func(i int) time.Time { return o.now.Add(time.Duration(i) * time.Minute) }
	for _, tt := range []struct {
		name   string
		filter staff.EntryFilter
		want   func(i int) bool
	}{
		{"all", staff.EntryFilter{Secret: true}, func(int) bool { return true }},
		{"all that are not secret", staff.EntryFilter{}, func(i int) bool { return i%5 != 4 }},
		{"account", staff.EntryFilter{Account: "binh", Secret: true}, func(i int) bool { return i%3 == 1 }},
		{"action", staff.EntryFilter{Action: "link.close", Secret: true}, func(i int) bool { return i%2 == 1 }},
		{"object", staff.EntryFilter{Object: "link/3", Secret: true}, func(i int) bool { return i%4 == 3 }},
		{"all three", staff.EntryFilter{Account: "an", Action: "link.create", Object: "link/2", Secret: true}, func(i int) bool { return i%12 == 6 }},
		{"account and action", staff.EntryFilter{Account: "an", Action: "link.create"}, func(i int) bool { return i%6 == 0 && i%5 != 4 }},
		{"object, not secret", staff.EntryFilter{Object: "link/0"}, func(i int) bool { return i%4 == 0 && i%5 != 4 }},
		{"from", staff.EntryFilter{From: at(10), Secret: true}, func(i int) bool { return i >= 10 }},
		{"to", staff.EntryFilter{To: at(10), Secret: true}, func(i int) bool { return i < 10 }},
		{"between, of an account", staff.EntryFilter{From: at(10), To: at(20), Account: "cuong", Secret: true}, func(i int) bool { return i >= 10 && i < 20 && i%3 == 2 }},
		{"nothing of this name", staff.EntryFilter{Account: "ai-do"}, func(int) bool { return false }},
		{"nothing but secrets", staff.EntryFilter{From: at(4), To: at(5)}, func(int) bool { return false }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var want []int
			for i := n - 1; i >= 0; i-- {
				if tt.want(i) {
					want = append(want, i)
				}
			}
			o := *o
			o.t = t
			for _, limit := range []int{1, 7, len(want), 500} {
				if limit == 0 {
					continue
				}
				got, pages := numbers(&o, tt.filter, limit)
				if !slices.Equal(got, want) {
					t.Errorf("pages of %d: %v, want %v", limit, got, want)
				}
				if full := (len(want) + limit - 1) / limit; pages != max(full, 1) {
					t.Errorf("%d pages of %d for %d entries", pages, limit, len(want))
				}
			}
		})
	}
}

// TestFewAmongMany: what is looked for stands behind more entries than are read
// at once.
func TestFewAmongMany(t *testing.T) {
	o := newOffice(t)
	record := func(action string, n int) {
		if err := o.Record(t.Context(), &staff.Entry{At: o.now, Account: "an", Action: action, Detail: []string{fmt.Sprint(n)}}); err != nil {
			t.Fatal(err)
		}
		o.now = o.now.Add(time.Second)
	}
	record("account.create", 1)
	record("account.create", 2)
	for range 520 {
		record("link.create", 0)
	}
	if got, _ := numbers(o, staff.EntryFilter{Account: "an", Action: "account.create"}, 1); !slices.Equal(got, []int{2, 1}) {
		t.Errorf("%v", got)
	}
}

func TestRecord(t *testing.T) {
	o := newOffice(t)
	e := staff.Entry{At: o.now, Account: "an", Role: staff.Admin, Action: "account.change", Object: "account/binh",
		Detail: []string{"role", "unit"}, Outcome: "stale", Secret: true}
	if err := o.Record(t.Context(), &e); err != nil {
		t.Fatal(err)
	}
	read := func() []*staff.Entry {
		list, _, err := o.Entries(t.Context(), staff.EntryFilter{Secret: true}, 10, "")
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	if list := read(); len(list) != 1 || e.ID == "" || !reflect.DeepEqual(*list[0], e) {
		t.Fatalf("%+v", list)
	}
	// Once more is harmless, and cannot change what was recorded.
	forged := e
	forged.Account, forged.Outcome = "binh", ""
	if err := o.Record(t.Context(), &forged); err != nil {
		t.Errorf("recorded again: %v", err)
	}
	if list := read(); len(list) != 1 || !reflect.DeepEqual(*list[0], e) {
		t.Errorf("%+v", list)
	}
	// Two of the same moment are two.
	if err := errors.Join(o.Record(t.Context(), &staff.Entry{At: o.now}), o.Record(t.Context(), &staff.Entry{At: o.now})); err != nil {
		t.Error(err)
	}
	if list := read(); len(list) != 3 {
		t.Errorf("%d entries", len(list))
	}
}

// TestRecordTakesWhatWasTyped: an entry must not fail for what somebody sent.
func TestRecordTakesWhatWasTyped(t *testing.T) {
	for name, text := range map[string]string{
		"long":      strings.Repeat("ễ", 10_000),
		"not UTF-8": "a\xff\xfeb",
		"with NUL":  "a\x00b",
	} {
		o := newOffice(t)
		if err := o.Record(t.Context(), &staff.Entry{At: o.now, Account: text, Object: text, Detail: []string{text}}); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		list, _, _ := o.Entries(t.Context(), staff.EntryFilter{}, 1, "")
		got := list[0].Account
		if len(got) > 200 || got == "" || !utf8.ValidString(got) || got != list[0].Object || got != list[0].Detail[0] {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestEntriesAfterNonsense(t *testing.T) {
	o := newOffice(t)
	diary(o, 3)
	_, next, err := o.Entries(t.Context(), staff.EntryFilter{}, 1, "")
	if err != nil || next == "" {
		t.Fatal(next, err)
	}
	for name, read := range map[string]func() error{
		"damaged": func() error { _, _, err := o.Entries(t.Context(), staff.EntryFilter{}, 1, "x"+next); return err },
		"another filter": func() error {
			_, _, err := o.Entries(t.Context(), staff.EntryFilter{Account: "an"}, 1, next)
			return err
		},
	} {
		if err := read(); fault.As(err).Kind != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
