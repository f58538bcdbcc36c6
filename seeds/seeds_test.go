package seeds_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"sipas/internal/catalogue"
	"sipas/internal/improve"
	"sipas/seeds"
	"sipas/survey"
)

var update = flag.Bool("update", false, "write the golden files")

func load(t *testing.T) seeds.Data {
	t.Helper()
	d, err := seeds.Load()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestGolden holds what is shipped against a list that an official can read.
func TestGolden(t *testing.T) {
	got := describe(load(t))
	const golden = "testdata/loaded.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	gotLines, wantLines := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range max(len(gotLines), len(wantLines)) {
		if i >= len(gotLines) || i >= len(wantLines) || gotLines[i] != wantLines[i] {
			t.Fatalf("%s:%d differs (go test ./seeds -update writes it anew)", golden, i+1)
		}
	}
}

func describe(d seeds.Data) string {
	var b strings.Builder
	days := func(v catalogue.Validity) string {
		s := string(v.From) + ".." + string(v.To)
		if !v.Confirmed {
			s += " chưa xác nhận"
		}
		return s + " [" + v.Source + "]"
	}
	for _, a := range d.Rows.Areas {
		fmt.Fprintf(&b, "%d lĩnh vực %s: %s | %s | %s\n", a.Order, a.ID, a.Name.VI, a.Name.EN, days(a.Validity))
	}
	for _, u := range d.Rows.Units {
		fmt.Fprintf(&b, "%d đơn vị %s: %s | %s | %s\n", u.Order, u.ID, u.Name.VI, u.Name.EN, days(u.Validity))
	}
	for _, x := range d.Rows.Desks {
		fmt.Fprintf(&b, "%d nơi nhận %s (%s): %s | %s | %s\n", x.Order, x.ID, x.Unit, x.Name.VI, x.Name.EN, days(x.Validity))
	}
	for _, p := range d.Rows.Procedures {
		fmt.Fprintf(&b, "%d thủ tục %s (%s, %s, ví dụ %t): %s | %s | %s\n", p.Order, p.ID, p.Area, p.Unit, p.Example, p.Name.VI, p.Name.EN, days(p.Validity))
	}
	for _, x := range d.Rows.Targets {
		fmt.Fprintf(&b, "%d chỉ tiêu %s (%s, %s): %s %% | %s\n", x.Order, x.ID, x.Measure, x.Area, x.Value, days(x.Validity))
	}
	for _, y := range d.Years {
		fmt.Fprintf(&b, "\nnăm %s, đã đủ: %t\n", y.Ref(), y.Complete)
		for _, h := range y.Off {
			fmt.Fprintf(&b, "  nghỉ %s | %s | %s\n", h.Name.VI, h.Name.EN, days(h.Validity))
		}
		for _, m := range y.Makeup {
			fmt.Fprintf(&b, "  làm bù %s cho %s, đã xác nhận: %t [%s]\n", m.On, m.For, m.Confirmed, m.Source)
		}
	}
	for _, x := range d.Terms {
		fmt.Fprintf(&b, "\nthời hạn %s (%s, %s, %q): %s | %s | %d ngày %s từ %s, ngừng tính: %t | %s\n",
			x.ID, x.Kind, x.Stage, x.Variant, x.Name.VI, x.Name.EN, x.Days, x.Counts, x.Starts, x.Pauses, days(x.Validity))
		for _, e := range x.Extensions {
			fmt.Fprintf(&b, "  gia hạn %d ngày: %s | %s\n", e.Days, e.Name.VI, e.Name.EN)
		}
	}
	for _, q := range d.Questionnaires {
		fmt.Fprintf(&b, "\nphiếu %s (%s): %s | %s | %s\n", q.Ref(), q.Block, q.Name.VI, q.Name.EN,
			days(catalogue.Validity{From: q.From, To: q.To, Source: q.Source, Confirmed: q.Confirmed}))
		for _, f := range q.Factors {
			fmt.Fprintf(&b, "%s (%s) %s | %s\n", f.ID, f.Judges, f.Name.VI, f.Name.EN)
			for _, c := range f.Criteria {
				fmt.Fprintf(&b, "  %s %s | %s", c.ID, c.Text.VI, c.Text.EN)
				if c.NotApplicable.VI != "" {
					fmt.Fprintf(&b, " | 0: %s | %s", c.NotApplicable.VI, c.NotApplicable.EN)
				}
				b.WriteString("\n")
			}
		}
		for _, x := range q.Extra {
			fmt.Fprintf(&b, "%s %s | %s\n", x.ID, x.Text.VI, x.Text.EN)
			for _, o := range x.Options {
				fmt.Fprintf(&b, "  %s %s | %s\n", o.ID, o.Text.VI, o.Text.EN)
			}
		}
	}
	return b.String()
}

func TestContract(t *testing.T) {
	c, err := catalogue.New(load(t).Rows)
	if err != nil {
		t.Fatal(err)
	}
	for _, day := range []catalogue.Date{"2023-08-04", "2026-11-24"} {
		var ids []string
		for _, a := range c.Areas(day) {
			ids = append(ids, a.ID)
		}
		want := strings.Fields("dat-dai xay-dung dau-tu moi-truong tai-nguyen-nuoc khoang-san do-dac-ban-do khi-tuong-thuy-van bien-hai-dao bao-dam")
		if !slices.Equal(ids, want) {
			t.Errorf("areas on %s: %v", day, ids)
		}
		for _, id := range strings.Fields("van-phong-so thanh-tra-so phong-quan-ly-dat-dai van-phong-dang-ky-dat-dai") {
			if _, ok := c.Unit(id, day); !ok {
				t.Errorf("no unit %s on %s", id, day)
			}
		}
		if _, ok := c.Desk("bo-phan-mot-cua", day); !ok {
			t.Errorf("no desk bo-phan-mot-cua on %s", day)
		}
		for area, want := range map[string]catalogue.Percent{"dat-dai": 8500, "xay-dung": 8500, "dau-tu": 8500, "moi-truong": 9000, "bao-dam": 9000, "": 9000} {
			if got, _ := c.Target(catalogue.MeasureSatisfaction, area, day); got.Value != want || !got.Confirmed {
				t.Errorf("satisfaction in %q on %s: %s", area, day, got.Value)
			}
		}
		for measure, want := range map[string]catalogue.Percent{catalogue.MeasureOnTime: 9900, catalogue.MeasureApology: 10000} {
			if got, _ := c.Target(measure, "dat-dai", day); got.Value != want {
				t.Errorf("%s on %s: %s", measure, day, got.Value)
			}
		}
	}
	if len(c.Areas("2023-08-03")) > 0 {
		t.Error("areas before the plan")
	}
	covered, real := map[string]bool{}, 0
	for _, p := range c.Procedures("2026-11-24") {
		covered[p.Area] = true
		if national := strings.Contains(p.ID, "."); national == p.Example {
			t.Errorf("%s: example %t", p.ID, p.Example)
		} else if national {
			real++
		} else if !strings.HasPrefix(p.Name.VI, "Ví dụ: ") || !strings.HasPrefix(p.Name.EN, "Example: ") || p.Confirmed {
			t.Errorf("%s is not marked as an example", p.ID)
		}
	}
	if real != 37 || len(covered) != 10 {
		t.Errorf("%d procedures with a national code, %d areas with a procedure", real, len(covered))
	}
}

func TestServiceQuestionnaire(t *testing.T) {
	q := questionnaire(t, "dich-vu")
	var got []string
	for _, f := range q.Factors {
		line := f.ID + " " + f.Judges
		for _, c := range f.Criteria {
			line += " " + c.ID
			if applies := c.NotApplicable == (catalogue.Text{}); applies != (f.ID != "V") {
				t.Errorf("criterion %s: not applicable is %q", c.ID, c.NotApplicable.VI)
			}
			if c.Official.VI == "" {
				t.Errorf("criterion %s has no official subject", c.ID)
			}
		}
		got = append(got, line)
	}
	want := []string{"I desk 15 16 17 18", "II unit 19 20 21 22", "III desk 23 24 25 26 27", "IV unit 28 29 30", "V  31 32 33"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	got = nil
	for _, x := range q.Extra {
		got = append(got, x.ID+": "+strings.Join(x.OptionIDs(), " "))
	}
	want = []string{"visits: 1 2 3 4+", "appointment: kept late-apology late-no-apology no-result-yet",
		"waiting: under-15 15-30 31-60 over-60 not-visited", "harassment: none some many", "extra-money: none some many"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if q.Block != survey.BlockService || q.Confirmed || q.To != "" {
		t.Errorf("block %s, confirmed %t, to %q", q.Block, q.Confirmed, q.To)
	}
}

func TestPolicyQuestionnaire(t *testing.T) {
	q := questionnaire(t, "chinh-sach")
	var counts []int
	for _, f := range q.Factors {
		counts = append(counts, len(f.Criteria))
	}
	if !slices.Equal(counts, []int{2, 2, 8, 2}) || q.Block != survey.BlockPolicy || q.Confirmed {
		t.Errorf("criteria %v, block %s, confirmed %t", counts, q.Block, q.Confirmed)
	}
	for i, id := range q.CriterionIDs() {
		if id != fmt.Sprint(i+1) {
			t.Errorf("criterion %d is %s", i+1, id)
		}
	}
}

func questionnaire(t *testing.T, id string) *survey.Questionnaire {
	t.Helper()
	d := load(t)
	for i := range d.Questionnaires {
		if d.Questionnaires[i].ID == id {
			return &d.Questionnaires[i]
		}
	}
	t.Fatalf("no questionnaire %s", id)
	return nil
}

// TestTexts looks at every text there is, wherever it stands.
func TestTexts(t *testing.T) {
	d := load(t)
	n := 0
	eachText(reflect.ValueOf(d.Rows), func(x catalogue.Text) { n++; checkText(t, x) })
	eachText(reflect.ValueOf(d.Years), func(x catalogue.Text) { n++; checkText(t, x) })
	eachText(reflect.ValueOf(d.Terms), func(x catalogue.Text) { n++; checkText(t, x) })
	eachText(reflect.ValueOf(d.Questionnaires), func(x catalogue.Text) {
		if x != (catalogue.Text{}) { // the optional ones
			n++
			checkText(t, x)
		}
	})
	eachText(reflect.ValueOf(survey.ProfileQuestions), func(x catalogue.Text) { n++; checkText(t, x) })
	if n < 180 {
		t.Errorf("only %d texts", n)
	}
}

func eachText(v reflect.Value, visit func(catalogue.Text)) {
	if x, ok := v.Interface().(catalogue.Text); ok {
		visit(x)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			eachText(v.Field(i), visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachText(v.Index(i), visit)
		}
	}
}

func checkText(t *testing.T, x catalogue.Text) {
	t.Helper()
	for _, s := range []string{x.VI, x.EN} {
		if s == "" || s != strings.TrimSpace(s) || strings.Contains(s, "  ") || !norm.NFC.IsNormalString(s) {
			t.Errorf("%q", x)
		}
		if strings.ContainsAny(s, "Ðð\u0189") { // look like Đ and đ, sort and search otherwise
			t.Errorf("a foreign D in %q", s)
		}
	}
	if strings.ContainsFunc(x.EN, func(r rune) bool { return r > 0x7f }) {
		t.Errorf("English text %q is not plain ASCII", x.EN)
	}
}

// TestPlanOfTheDepartment holds the annexes to what their paper has: how many
// duties, for which factors, and who leads.
func TestPlanOfTheDepartment(t *testing.T) {
	d := load(t)
	count := map[string]int{}
	for _, x := range d.Duties {
		count[string(x.Index)]++
		if x.Factor != "" {
			count[x.Factor]++
		}
		if len(x.Units) == 0 && x.Every == "" {
			count["the office chooses"]++
		}
	}
	want := map[string]int{"par": 45, "sipas": 12, "papi": 8, "I": 1, "II": 3, "III": 2, "IV": 3, "V": 1, "the office chooses": 2}
	if !maps.Equal(count, want) {
		t.Errorf("%v", count)
	}
	i := slices.IndexFunc(d.Duties, func(x improve.Duty) bool { return x.ID == "sipas-b-iv-2" })
	if x := d.Duties[i]; x.Lead != "Các đơn vị có thủ tục hành chính; Văn phòng Sở; Thanh tra Sở" || x.Every != improve.EveryProcedures ||
		!slices.Equal(x.Units, []string{"van-phong-so", "thanh-tra-so"}) || x.When != "Thường xuyên" {
		t.Errorf("%+v", x)
	}
}
