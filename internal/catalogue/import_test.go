package catalogue_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/store"
)

func readList(t *testing.T, s *catalogue.Store, file string) []catalogue.ProcedureLine {
	t.Helper()
	l, err := load(t, s).ReadProcedures(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return l.Lines
}

var fromJuly = catalogue.ImportTerms{From: "2026-07-01", Source: "QĐ 9", Confirmed: true}

// outline writes an import a line a procedure.
func outline(im catalogue.Import) string {
	var out []string
	row := func(sign string, r catalogue.ImportedRow) {
		s := fmt.Sprintf("%s%d %s %s..%s", sign, r.Line, r.ID, r.From, r.To)
		if r.Said != "" {
			s += " said " + string(r.Said)
		}
		if !r.English {
			s += " no English"
		}
		for _, d := range r.Differences {
			s += fmt.Sprintf(", %s: %s > %s", d.Field, d.Old, d.New)
		}
		out = append(out, s)
	}
	for _, r := range im.Added {
		row("+", r)
	}
	for _, r := range im.Changed {
		row("~", r)
	}
	for sign, list := range map[string][]catalogue.Procedure{"=": im.Unchanged, "?": im.Absent, "e": im.Examples} {
		for _, p := range list {
			out = append(out, sign+" "+p.ID)
		}
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// procedures of the example, and how they look in a list.
const (
	headingsOf = "mã;tên;tên tiếng anh;lĩnh vực;đơn vị;từ ngày;nguồn\n"
	asStored   = "1.012783;Cấp đổi;Cấp đổi (en);dat-dai;dang-ky;;\n"
)

// stockedWith has the example with its example procedure still in force, and a
// procedure that ended, and one that is to be renamed.
func stockedWith(t *testing.T) *catalogue.Store {
	t.Helper()
	rows := example()
	rows.Procedures[1].To = ""
	p := func(id, name string, from, to catalogue.Date) {
		v := always(from)
		v.To = to
		rows.Procedures = append(rows.Procedures, catalogue.Procedure{ID: id, Name: named(name), Area: "moi-truong", Validity: v, Order: 3})
	}
	p("1.000100", "Đã bỏ", "2024-01-01", "2025-12-31")
	p("1.000200", "Nay", "2024-01-01", "2026-07-31")
	p("1.000200", "Mai", "2026-08-01", "2026-12-31")
	s := open(t, t.TempDir()+"/x.db")
	merge(t, s, rows)
	return s
}

func TestPreviewProcedures(t *testing.T) {
	s := stockedWith(t)
	before := load(t, s)
	for _, tt := range []struct{ name, lines, want string }{
		{"what is there already", asStored, "= 1.012783\n? 1.000200"},
		{"what is there, with other days and source", "1.012783;Cấp đổi;;dat-dai;;1/7/2025;QĐ 1\n", "= 1.012783\n? 1.000200"},
		{"a new one", "1.000001;Mới;New;moi-truong;;;\n", "+2 1.000001 2026-07-01..\n? 1.000200\n? 1.012783\ne vi-du"},
		{"a new one with an earlier day", "1.000001;Mới;New;dat-dai;;1/3/2025;\n", "+2 1.000001 2025-03-01..\n? 1.000200\n? 1.012783"},
		{"a new one older than its unit", "1.000001;Mới;New;dat-dai;dang-ky;1/3/2020;\n", "+2 1.000001 2024-01-01.. said 2020-03-01\n? 1.000200\n? 1.012783"},
		{"a new one without an English name", "1.000001;Mới;;dat-dai;;;\n", "+2 1.000001 2026-07-01.. no English\n? 1.000200\n? 1.012783"},
		{"a new name", "1.012783;Đổi;Change;dat-dai;;;\n",
			"? 1.000200\n~2 1.012783 2026-07-01.., name.vi: Cấp đổi > Đổi, name.en: Cấp đổi (en) > Change"},
		{"a new name from a day that has passed", "1.012783;Đổi;;dat-dai;;1/3/2026;\n",
			"? 1.000200\n~2 1.012783 2026-07-01.. said 2026-03-01, name.vi: Cấp đổi > Đổi"},
		{"a new name from a day to come", "1.012783;Đổi;;dat-dai;;1/9/2026;\n",
			"? 1.000200\n~2 1.012783 2026-09-01.., name.vi: Cấp đổi > Đổi"},
		{"a real one instead of an example", "vi-du;Ví dụ;;moi-truong;;;\n",
			"? 1.000200\n? 1.012783\n~2 vi-du 2026-07-01.., example: true > false"},
		{"one that ended comes again", "1.000100;Đã bỏ;;moi-truong;;;\n", "+2 1.000100 2026-07-01..\n? 1.000200\n? 1.012783\ne vi-du"},
		{"one more wording before one to come", "1.000200;Giữa;;moi-truong;;;\n",
			"? 1.012783\ne vi-du\n~2 1.000200 2026-07-01..2026-07-31, name.vi: Nay > Giữa"},
		{"another wording of one to come keeps its end", "1.000200;Khác;;moi-truong;;1/8/2026;\n",
			"? 1.012783\ne vi-du\n~2 1.000200 2026-08-01..2026-12-31, name.vi: Mai > Khác"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			im, err := s.PreviewProcedures(t.Context(), readList(t, s, headingsOf+tt.lines), fromJuly, today)
			if err != nil || outline(im) != tt.want {
				t.Errorf("got  %s\nwant %s\n%v", outline(im), tt.want, err)
			}
		})
	}
	if !reflect.DeepEqual(before, load(t, s)) {
		t.Error("a preview has written")
	}
}

func TestPreviewRefuses(t *testing.T) {
	s := stockedWith(t)
	terms := func(change func(*catalogue.ImportTerms)) catalogue.ImportTerms {
		x := fromJuly
		change(&x)
		return x
	}
	for _, tt := range []struct {
		name, lines string
		terms       catalogue.ImportTerms
		want        string
	}{
		{"no day", asStored, terms(func(x *catalogue.ImportTerms) { x.From = "" }), "from required"},
		{"no such day", asStored, terms(func(x *catalogue.ImportTerms) { x.From = "2026-02-30" }), "from date"},
		{"a day that has passed, a bad source", asStored, terms(func(x *catalogue.ImportTerms) { x.From, x.Source = "2026-06-14", "a\nb" }), "from past, source text"},
		{"no source at all", "1.000001;A;;dat-dai;;;QĐ 1\n1.000002;B;;dat-dai;;;\n", terms(func(x *catalogue.ImportTerms) { x.Source = "" }), "3.source required"},
		{"a unit that is not there that long", "1.000001;A;;moi-truong;tam-thoi;;\n", fromJuly, "2.unit not_then"},
		{"an end of what is in the list", asStored, terms(func(x *catalogue.ImportTerms) { x.End = []string{"1.012783", "kho"} }),
			"end.1.012783 unknown, end.kho unknown"},
		{"an end before another wording", asStored, terms(func(x *catalogue.ImportTerms) { x.End = []string{"1.000200"} }), "end.1.000200.to continues"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if strings.Contains(tt.lines, "tam-thoi") {
				u := catalogue.Unit{ID: "tam-thoi", Name: named("Tạm thời"), Validity: always("2024-01-01")}
				u.To = "2026-12-31"
				merge(t, s, catalogue.Rows{Units: []catalogue.Unit{u}})
			}
			_, err := s.PreviewProcedures(t.Context(), readList(t, s, headingsOf+tt.lines), tt.terms, today)
			if got := fault.As(err).Fields.String(); got != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
	// A wording that began today has been read by somebody.
	if _, err := s.Edit(t.Context(), catalogue.KindProcedure, "1.012783", 1,
		catalogue.Add{Row: catalogue.Procedure{ID: "1.012783", Name: named("Hôm nay"), Area: "dat-dai", Validity: always(today)}}, today); err != nil {
		t.Fatal(err)
	}
	_, err := s.PreviewProcedures(t.Context(), readList(t, s, headingsOf+asStored), catalogue.ImportTerms{From: today, Source: "x"}, today)
	if got := fault.As(err).Fields.String(); got != "2.from taken" {
		t.Errorf("got %v", err)
	}
}

func TestImportIsWhatThePreviewShowed(t *testing.T) {
	s := stockedWith(t)
	lines := readList(t, s, headingsOf+"1.012783;Đổi;;dat-dai;;;\n1.000001;Mới;;moi-truong;;1/3/2025;QĐ 1\n")
	seen, err := s.PreviewProcedures(t.Context(), lines, fromJuly, today)
	if err != nil {
		t.Fatal(err)
	}
	terms := fromJuly
	terms.End = []string{"vi-du", "vi-du"} // chosen on the page of the preview
	done, err := s.ImportProcedures(t.Context(), lines, terms, seen.Digest, today)
	if err != nil || !reflect.DeepEqual(done.Added, seen.Added) || !reflect.DeepEqual(done.Changed, seen.Changed) {
		t.Fatalf("%s\n%v", outline(done), err)
	}
	c := load(t, s)
	for _, r := range slices.Concat(seen.Added, seen.Changed) {
		if p, ok := c.Procedure(r.ID, r.From); !ok || p != r.Procedure {
			t.Errorf("the preview showed %+v, stored is %+v", r.Procedure, p)
		}
	}
	if p, _ := c.Procedure("1.012783", "2026-06-30"); p.Name.VI != "Cấp đổi" {
		t.Errorf("before the day it is called %s", p.Name.VI)
	}
	if p, _ := c.Procedure("1.012783", "2026-07-01"); p.Unit != "dang-ky" || p.Name.EN != "Cấp đổi (en)" || p.Source != "QĐ 9" || !p.Confirmed {
		t.Errorf("what the list does not say is gone: %+v", p)
	}
	if p, _ := c.Procedure("1.000001", "2025-03-01"); p.Name.EN != "Mới" || p.Source != "QĐ 1" {
		t.Errorf("%+v", p)
	}
	if p, ok := c.Procedure("vi-du", "2026-06-30"); !ok || p.To != "2026-06-30" {
		t.Errorf("the example ends on %q", p.To)
	}
	if p, ok := c.Procedure("1.000200", "2026-08-01"); !ok || p.To != "2026-12-31" {
		t.Error("a procedure that the list leaves out was ended")
	}
	// The same again has nothing left to do, and says so.
	again, err := s.ImportProcedures(t.Context(), lines, fromJuly, seen.Digest, today)
	if !errors.Is(err, store.ErrStale) || len(again.Unchanged) != 2 || len(again.Added)+len(again.Changed) != 0 {
		t.Errorf("%s\n%v", outline(again), err)
	}
	if _, err := s.ImportProcedures(t.Context(), lines, fromJuly, again.Digest, today); err != nil {
		t.Errorf("nothing to do: %v", err)
	}
}

func TestImportOfAnotherState(t *testing.T) {
	s := stockedWith(t)
	lines := readList(t, s, headingsOf+"1.012783;Đổi;;dat-dai;;;\n1.000001;Mới;;moi-truong;;;\n")
	for name, edit := range map[string]func(){
		"somebody edits what it changes": func() {
			if _, err := s.Edit(t.Context(), catalogue.KindProcedure, "1.012783", 1, catalogue.End{From: "2024-08-01", To: "2027-12-31"}, today); err != nil {
				t.Fatal(err)
			}
		},
		"somebody adds what it leaves out": func() {
			p := catalogue.Procedure{ID: "1.000300", Name: named("Khác"), Area: "moi-truong", Validity: always(today)}
			if _, err := s.Edit(t.Context(), catalogue.KindProcedure, p.ID, 0, catalogue.Add{Row: p}, today); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			seen, err := s.PreviewProcedures(t.Context(), lines, fromJuly, today)
			if err != nil {
				t.Fatal(err)
			}
			edit()
			before := load(t, s)
			now, err := s.ImportProcedures(t.Context(), lines, fromJuly, seen.Digest, today)
			if !errors.Is(err, store.ErrStale) || outline(now) == "" {
				t.Errorf("%s\n%v", outline(now), err)
			}
			if !reflect.DeepEqual(before, load(t, s)) {
				t.Error("something was written")
			}
			if fresh, err := s.PreviewProcedures(t.Context(), lines, fromJuly, today); err != nil || fresh.Digest != now.Digest {
				t.Errorf("the preview that came with it is another one: %v", err)
			}
		})
	}
}

// Two people import the same list at the same moment. Whoever is told that
// something has changed does it again from the new preview; then all is there.
func TestTwoImportsOfManyAtOnce(t *testing.T) {
	file := t.TempDir() + "/x.db"
	stores := []*catalogue.Store{open(t, file), open(t, file)}
	merge(t, stores[0], example())
	lines := readList(t, stores[0], "mã;tên;lĩnh vực\n"+manyLines(1500))
	seen, err := stores[0].PreviewProcedures(t.Context(), lines, fromJuly, today)
	if err != nil || len(seen.Added) != 1500 {
		t.Fatalf("%d added, %v", len(seen.Added), err)
	}
	errs := make([]error, len(stores))
	var both sync.WaitGroup
	for i, s := range stores {
		both.Go(func() {
			now, err := s.ImportProcedures(t.Context(), lines, fromJuly, seen.Digest, today)
			for tries := 0; errors.Is(err, store.ErrStale) && tries < 10; tries++ {
				now, err = s.ImportProcedures(t.Context(), lines, fromJuly, now.Digest, today)
			}
			errs[i] = err
		})
	}
	both.Wait()
	if errs[0] != nil || errs[1] != nil {
		t.Errorf("%v", errs)
	}
	c := load(t, stores[0])
	if n := len(c.Procedures("2026-07-01")); n != 1501 {
		t.Errorf("%d procedures", n)
	}
	if list := c.Procedures("2026-07-01"); list[1].ID != lines[0].ID || list[1500].ID != lines[1499].ID {
		t.Error("they do not stand in the order of the list")
	}
}
