package storetest

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sipas/internal/fault"
	"sipas/internal/store"
)

// oddTexts have to be in the order of their bytes on both engines, whatever
// anybody's language makes of them.
var oddTexts = []string{
	" ", "  ", " a", "!", "$a", "0", "10", "2", "A", "AB", "Ab", "B", "Z", "_", "a", "a ", "a!", "aA", "aa", "b", "z",
	"\u00e9", "e\u0301", "\u0110", "\u0111", "\u1ebe", "\u1ebf", "ê\u0301", "\u4e2d", "\uffff", "\U0001f600", "\U0001f600a",
	strings.Repeat("x", 255), strings.Repeat("x", 256), "\x01", "\x7f",
}

func orderOfIDs(t *testing.T, open Opener) {
	c := openVisits(t, open(t))
	texts := slices.Sorted(slices.Values(oddTexts))
	shuffled := slices.Clone(texts)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	for _, id := range shuffled {
		v := visit(id)
		v.Area = id
		mustInsert(t, c, v)
	}
	backwards := slices.Clone(texts)
	slices.Reverse(backwards)
	for _, index := range []string{"", "by_area"} {
		wantIDs(t, "forwards", walk(t, c, store.Query{Index: index, Limit: 3}), texts)
		wantIDs(t, "backwards", walk(t, c, store.Query{Index: index, Limit: 3, Reverse: true}), backwards)
		for i := range texts {
			wantIDs(t, "from", walk(t, c, store.Query{Index: index, From: texts[i]}), texts[i:])
			wantIDs(t, "to", walk(t, c, store.Query{Index: index, To: texts[i]}), texts[:i])
		}
	}
}

// scans compares pages with a filter and a sort of the same documents here.
func scans(t *testing.T, open Opener) {
	c := openVisits(t, open(t))
	random := rand.New(rand.NewPCG(3, 4))
	var all []*Visit
	for i := range 60 {
		v := visit(fmt.Sprintf("%02d", (i*37)%60))
		v.Area, v.Code = []string{"a", "b", "ab"}[random.IntN(3)], random.IntN(4)-1
		v.At = noon.Add(time.Duration(random.IntN(5)) * time.Millisecond)
		all = append(all, v)
	}
	mustInsert(t, c, all...)
	byArea := func(a, b *Visit) int {
		return cmp.Or(cmp.Compare(a.Area, b.Area), cmp.Compare(a.Code, b.Code), cmp.Compare(a.ID, b.ID))
	}
	byTime := func(a, b *Visit) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) }
	byID := func(a, b *Visit) int { return cmp.Compare(a.ID, b.ID) }

	for _, test := range []struct {
		query store.Query
		order func(a, b *Visit) int
		keep  func(*Visit) bool
	}{
		{store.Query{}, byID, func(v *Visit) bool { return true }},
		{store.Query{From: "10", To: "20"}, byID, func(v *Visit) bool { return v.ID >= "10" && v.ID < "20" }},
		{store.Query{Index: "by_area"}, byArea, func(v *Visit) bool { return true }},
		{store.Query{Index: "by_area", From: "ab"}, byArea, func(v *Visit) bool { return v.Area >= "ab" }},
		{store.Query{Index: "by_area", To: "b"}, byArea, func(v *Visit) bool { return v.Area < "b" }},
		{store.Query{Index: "by_area", Equal: []any{"ab"}}, byArea, func(v *Visit) bool { return v.Area == "ab" }},
		{store.Query{Index: "by_area", Equal: []any{"a"}, From: 0, To: int64(2)}, byArea,
			func(v *Visit) bool { return v.Area == "a" && v.Code >= 0 && v.Code < 2 }},
		{store.Query{Index: "by_area", Equal: []any{"a"}, From: 2, To: 0}, byArea, func(v *Visit) bool { return false }},
		{store.Query{Index: "by_area", Equal: []any{"b", -1}}, byArea, func(v *Visit) bool { return v.Area == "b" && v.Code == -1 }},
		{store.Query{Index: "by_area", Equal: []any{"b", 1}, From: "2", To: "4"}, byArea,
			func(v *Visit) bool { return v.Area == "b" && v.Code == 1 && v.ID >= "2" && v.ID < "4" }},
		{store.Query{Index: "by_area", Equal: []any{"nowhere"}}, byArea, func(v *Visit) bool { return false }},
		{store.Query{Index: "by_time", From: noon.Add(time.Millisecond), To: noon.Add(3*time.Millisecond + 999)}, byTime,
			func(v *Visit) bool {
				return !v.At.Before(noon.Add(time.Millisecond)) && v.At.Before(noon.Add(3*time.Millisecond))
			}},
		{store.Query{Index: "by_time", Equal: []any{noon}}, byTime, func(v *Visit) bool { return v.At.Equal(noon) }},
	} {
		var expect []string
		sorted := slices.SortedFunc(slices.Values(all), test.order)
		for _, v := range sorted {
			if test.keep(v) {
				expect = append(expect, v.ID)
			}
		}
		for _, reverse := range []bool{false, true} {
			for _, limit := range []int{4, 0} {
				q := test.query
				q.Reverse, q.Limit = reverse, limit
				wantIDs(t, fmt.Sprintf("%+v", q), walk(t, c, q), expect)
			}
			slices.Reverse(expect)
		}
	}
}

// eachDeletes goes through documents, deletes every second one on the way, and
// asks for what cannot be asked.
func eachDeletes(t *testing.T, open Opener) {
	c := openVisits(t, open(t))
	for i := range 7 {
		v := visit(strconv.Itoa(i))
		v.Code = 10 - i
		mustInsert(t, c, v)
	}
	q, found := store.Query{Index: "by_area", Equal: []any{"a"}, Limit: 2}, ""
	for v, err := range c.Each(t.Context(), q) {
		want(t, "each", err, nil)
		if found += v.ID; v.Code%2 == 0 {
			want(t, "delete", c.Delete(t.Context(), v.ID), nil)
		}
	}
	left, err := c.All(t.Context())
	if want(t, "all", err, nil); found != "6543210" || len(left) != 3 {
		t.Errorf("found %s, and %d are left", found, len(left))
	}
	q.Index = "by_nothing"
	times := 0
	for v, err := range c.Each(t.Context(), q) {
		if times++; v != nil || err == nil {
			t.Errorf("an index that is none: %v, %v", v, err)
		}
	}
	if times != 1 {
		t.Errorf("the error came %d times", times)
	}
}

// scanGrowing inserts before and behind the cursor between pages, and at any
// time beside the scan.
func scanGrowing(t *testing.T, open Opener) {
	c := openVisits(t, open(t))
	var first []string
	for i := range 40 {
		first = append(first, fmt.Sprintf("%02d", i))
		mustInsert(t, c, visit(first[i]))
	}
	stop, stopped := make(chan struct{}), make(chan error, 1)
	go func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				stopped <- nil
				return
			default:
				if err := c.Insert(t.Context(), visit(fmt.Sprintf("%02d beside %d", (i*7)%40, i))); err != nil {
					stopped <- err
					return
				}
			}
		}
	}()
	q := store.Query{Index: "by_area", Equal: []any{"a"}, From: 0, Limit: 5}
	var found, behind []string
	for pages := 0; ; pages++ {
		page, err := c.Scan(t.Context(), q)
		want(t, "scan", err, nil)
		for _, v := range page.Items {
			found = append(found, v.ID)
		}
		last := found[len(found)-1]
		if pages == 5 {
			close(stop) // or the scan would never end
			want(t, "insert beside", <-stopped, nil)
		}
		if pages < 5 {
			mustInsert(t, c, visit(last+" behind"), visit("0!"+last))
			behind = append(behind, last+" behind")
		}
		if page.Next == "" {
			break
		}
		q.After = page.Next
	}
	if !slices.IsSorted(found) || len(slices.Compact(slices.Clone(found))) != len(found) {
		t.Fatalf("out of order or twice: %q", found)
	}
	for _, id := range append(first, behind...) {
		if _, ok := slices.BinarySearch(found, id); !ok {
			t.Errorf("%q is missing in %q", id, found)
		}
	}
	for _, id := range found {
		if strings.HasPrefix(id, "0!") {
			t.Errorf("%q was inserted before the cursor", id)
		}
	}
}

func cursors(t *testing.T, open Opener) {
	s := open(t)
	c := openVisits(t, s)
	for i := range 6 {
		mustInsert(t, c, visit(fmt.Sprint(i)))
	}
	q := store.Query{Index: "by_area", Equal: []any{"a"}, Limit: 2}
	page, err := c.Scan(t.Context(), q)
	want(t, "scan", err, nil)
	for _, b := range []byte(page.Next) {
		if b <= ' ' || b > '~' {
			t.Fatalf("cursor %q is not printable ASCII", page.Next)
		}
	}

	refused := func(what string, c *store.Collection[Visit], q store.Query) {
		t.Helper()
		_, err := c.Scan(t.Context(), q)
		if e := (*fault.Error)(nil); !errors.As(err, &e) || e.Kind != fault.Invalid {
			t.Errorf("%s: got %v, want an Invalid fault", what, err)
		}
	}
	for i := range page.Next {
		for _, damaged := range []string{
			page.Next[:i],
			page.Next[:i] + page.Next[i+1:],
			page.Next[:i] + "\n" + page.Next[i:],
			page.Next[:i] + string(page.Next[i]^1) + page.Next[i+1:],
		} {
			if q.After = damaged; damaged != "" && damaged != page.Next {
				refused("damaged", c, q)
			}
		}
	}
	q.After = page.Next
	spec := visits
	spec.Name = "others"
	refused("of another collection", openAs[Visit](t, s, spec), q)
	foreign := q
	foreign.Index, foreign.Equal = "by_time", []any{noon}
	refused("of another index", c, foreign)
	foreign = q
	foreign.Equal = []any{"b"}
	refused("of another area", c, foreign)
	foreign.Equal = nil
	refused("of all areas", c, foreign)
	foreign = q
	foreign.Reverse = true
	refused("of the other direction", c, foreign)

	// Another page size or range goes on from the same place, and no cursor
	// leads out of the range.
	q.Limit = 1
	wantIDs(t, "smaller pages", walk(t, c, q), []string{"2", "3", "4", "5"})
	ids := store.Query{Limit: 2, Reverse: true}
	page, err = c.Scan(t.Context(), ids)
	want(t, "scan", err, nil)
	ids.After, ids.To = page.Next, "3"
	wantIDs(t, "below the cursor", walk(t, c, ids), []string{"2", "1", "0"})
	ids.To, ids.From = nil, "3"
	wantIDs(t, "from the cursor to the range's end", walk(t, c, ids), []string{"3"})
	ids = store.Query{Limit: 2}
	page, err = c.Scan(t.Context(), ids)
	want(t, "scan", err, nil)
	ids.After, ids.From = page.Next, "4"
	wantIDs(t, "a range that begins behind the cursor", walk(t, c, ids), []string{"4", "5"})
}

func wrongQueries(t *testing.T, open Opener) {
	c := openVisits(t, open(t))
	for _, test := range []struct {
		name  string
		query store.Query
		kind  fault.Kind
	}{
		{"limit below 0", store.Query{Limit: -1}, fault.Internal},
		{"limit above 1000", store.Query{Limit: 1001}, fault.Internal},
		{"no such index", store.Query{Index: "by_note"}, fault.Internal},
		{"equal without an index", store.Query{Equal: []any{"a"}}, fault.Internal},
		{"too many values", store.Query{Index: "by_time", Equal: []any{noon, "x"}}, fault.Internal},
		{"wrong type", store.Query{Index: "by_area", Equal: []any{1}}, fault.Internal},
		{"wrong type of range", store.Query{Index: "by_time", From: "noon"}, fault.Internal},
		{"null", store.Query{Index: "by_area", Equal: []any{nil}}, fault.Internal},
		{"not UTF-8", store.Query{Index: "by_area", Equal: []any{"\xff"}}, fault.Invalid},
		{"NUL", store.Query{From: "\x00"}, fault.Invalid},
	} {
		_, err := c.Scan(t.Context(), test.query)
		if err == nil || fault.As(err).Kind != test.kind {
			t.Errorf("%s: got %v of kind %v", test.name, err, fault.As(err).Kind)
		}
	}
}
