package improve_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/improve"
	"sipas/survey"
)

var (
	noon  = time.Date(2026, 6, 30, 5, 0, 0, 0, time.UTC)
	sheet = improve.Sheet{Unit: "van-phong-so", Due: "2026-07-31", What: "Rà soát việc bố trí công chức"}
)

// units is a catalogue of three units, one of which has a procedure.
func units(t *testing.T) *catalogue.Catalogue {
	t.Helper()
	v := catalogue.Validity{From: "2023-08-04", Source: "thử", Confirmed: true}
	name := func(s string) catalogue.Text { return catalogue.Text{VI: s, EN: s} }
	c, err := catalogue.New(catalogue.Rows{
		Areas: []catalogue.Area{{ID: "dat-dai", Name: name("Đất đai"), Validity: v}},
		Units: []catalogue.Unit{
			{ID: "so", Name: name("Sở"), Validity: v}, {ID: "van-phong-so", Name: name("Văn phòng"), Validity: v},
			{ID: "thanh-tra-so", Name: name("Thanh tra"), Validity: v},
		},
		Procedures: []catalogue.Procedure{{ID: "1.012783", Name: name("Cấp đổi"), Area: "dat-dai", Unit: "thanh-tra-so", Validity: v}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func opened(t *testing.T, change func(*improve.Task)) *improve.Task {
	t.Helper()
	x, err := improve.New(improve.Task{ID: improve.NewID(), Area: "dat-dai", Factor: "III", Duty: "a@2023-08-04"}, sheet, "van-phong", units(t), noon)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(x)
	}
	return x
}

func TestStandingPointsAtNobodyWithFewAnswers(t *testing.T) {
	for _, tt := range []struct {
		satisfied, n int64
		target       catalogue.Percent
		want         improve.Standing
	}{
		{0, 0, 8500, improve.TooFew},
		{0, 29, 8500, improve.TooFew}, // however low
		{10, 30, 8500, improve.Weak},
		{24, 30, 8500, improve.Unproven}, // 80 %: below, and it may be chance
		{26, 30, 8500, improve.Fine},     // 86.67 %: reached, though not proven
		{10, 30, 0, improve.Unheld},
	} {
		f := survey.Single([5]int64{tt.n - tt.satisfied, 0, 0, tt.satisfied, 0}, tt.target)
		if got := improve.StandingOf(f); got != tt.want {
			t.Errorf("%d of %d: %s, want %s", tt.satisfied, tt.n, got, tt.want)
		}
	}
}

func TestBeforeAndAfter(t *testing.T) {
	measure := func(satisfied, n int64, method string) improve.Measure {
		return improve.MeasureOf(survey.Single([5]int64{n - satisfied, 0, 0, satisfied, 0}, 8500), "2026-01-01", "2026-03-31", method)
	}
	for _, tt := range []struct {
		name          string
		before, after improve.Measure
		want          improve.Result
	}{
		{"a real rise", measure(60, 100, "m 1"), measure(90, 100, "m 1"), improve.Better},
		{"a real fall", measure(90, 100, "m 1"), measure(60, 100, "m 1"), improve.Worse},
		{"may be chance", measure(60, 100, "m 1"), measure(65, 100, "m 1"), improve.Undecided},
		{"too few after", measure(10, 100, "m 1"), measure(20, 20, "m 1"), improve.Unmeasured},
		{"nobody yet", measure(60, 100, "m 1"), measure(0, 0, "m 1"), improve.Unmeasured},
		{"computed in two ways", measure(60, 100, "m 1"), measure(90, 100, "m 2"), improve.Unmeasured},
	} {
		if _, got := tt.after.Against(tt.before); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func fields(err error) string {
	var names []string
	for _, f := range fault.As(err).Fields {
		names = append(names, f.Name+" "+f.Code)
	}
	return strings.Join(names, ", ")
}

func TestTaskNamesWhatIsWrong(t *testing.T) {
	c := units(t)
	for _, tt := range []struct {
		name string
		s    improve.Sheet
		want string
	}{
		{"nothing", improve.Sheet{}, "what required, unit required, due required"},
		{"all wrong", improve.Sheet{Unit: "phong-ma", Due: "2026-02-30", What: strings.Repeat("ễ", 2001)}, "what too_long, unit unknown, due date"},
		{"yesterday", improve.Sheet{Unit: "van-phong-so", Due: "2026-06-29", What: "x"}, "due task_past"},
		{"today", improve.Sheet{Unit: "van-phong-so", Due: "2026-06-30", What: "x"}, ""},
	} {
		_, err := improve.New(improve.Task{}, tt.s, "x", c, noon)
		if got := fields(err); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	// A task over its day can be put into other hands without another day.
	late := noon.AddDate(0, 2, 0)
	if _, err := opened(t, nil).Edit(improve.Sheet{Unit: "thanh-tra-so", Due: sheet.Due, What: "y"}, "x", c, late); err != nil {
		t.Errorf("the day that stands already: %v", err)
	}
}

func TestTaskToItsEnd(t *testing.T) {
	x := opened(t, nil)
	if _, err := x.End(improve.ActDone, "", "x", noon); fields(err) != "reason task_unproven" {
		t.Errorf("done without evidence: %v", err)
	}
	for link, want := range map[string]string{
		"javascript:alert(1)": "link task_link", "//x.vn": "link task_link", "https://a@x.vn": "link task_link", "so.vn/kq": "link task_link",
		"https://so.example.gov.vn/kq?id=1": "", "": "",
	} {
		if _, err := x.Prove(improve.Evidence{ID: "1", Text: "Đã làm", Link: link}, noon); fields(err) != want && err != nil {
			t.Errorf("%q: %v", link, err)
		} else if (err == nil) != (want == "") {
			t.Errorf("%q: %v", link, err)
		}
	}
	proof := improve.Evidence{ID: "abc", By: "x", Text: " Đã tập huấn\r\n12 người "}
	proven, err := x.Prove(proof, noon)
	if err != nil || proven.Evidence[0].Text != "Đã tập huấn\n12 người" {
		t.Fatalf("%+v %v", proven, err)
	}
	if again, err := proven.Prove(proof, noon.Add(time.Hour)); err != nil || len(again.Evidence) != 1 {
		t.Errorf("sent twice: %+v %v", again, err)
	}
	done, err := proven.End(improve.ActDone, "", "x", noon.AddDate(0, 0, 40))
	if err != nil || done.Status != improve.Done || done.EndedOn() != "2026-08-09" || done.Late("2026-12-01") != 9 {
		t.Fatalf("%+v %v", done, err)
	}
	if _, err := done.End(improve.ActDrop, "x", "x", noon); !errors.Is(err, improve.ErrEnded) {
		t.Errorf("dropped after it was done: %v", err)
	}
	if _, err := done.Edit(sheet, "x", units(t), noon); !errors.Is(err, improve.ErrEnded) {
		t.Errorf("edited after it was done: %v", err)
	}
	if _, err := done.Reopen(" ", "x", noon); fields(err) != "reason required" {
		t.Errorf("reopened without a reason: %v", err)
	}
	open, err := done.Reopen("Chưa đủ", "x", noon.AddDate(0, 0, 41))
	if err != nil || open.Status != improve.Open || open.EndedOn() != "" || open.Late("2026-08-10") != 10 {
		t.Errorf("%+v %v", open, err)
	}
	dropped, err := open.End(improve.ActDrop, "Trùng", "x", noon.AddDate(0, 0, 42))
	if err != nil || dropped.Late("2027-01-01") != 0 {
		t.Errorf("%+v %v", dropped, err)
	}
	if _, err := dropped.Prove(improve.Evidence{ID: "z", Text: "x"}, noon); !errors.Is(err, improve.ErrEnded) {
		t.Errorf("evidence for what was dropped: %v", err)
	}
}

func duty(id string, change func(*improve.Duty)) improve.Duty {
	d := improve.Duty{
		ID: id, Index: improve.SIPAS, Number: "B.III.1", Heading: "Công chức", Text: "Bố trí công chức", Lead: "Văn phòng Sở", When: "Thường xuyên",
		Units: []string{"van-phong-so"}, Validity: catalogue.Validity{From: "2023-08-04", To: "2025-12-31", Source: "Kế hoạch"},
	}
	if change != nil {
		change(&d)
	}
	return d
}

func TestPlanThatHasRunOut(t *testing.T) {
	old, older := duty("b", nil), duty("a", func(d *improve.Duty) { d.To = "2024-12-31" })
	next := duty("c", func(d *improve.Duty) { d.From, d.To = "2027-01-01", "" })
	p := improve.Plan{older, old, next}
	for _, tt := range []struct {
		on    catalogue.Date
		want  string
		ended catalogue.Date
	}{
		{"2023-01-01", "", ""}, {"2024-06-01", "a b", ""}, {"2025-06-01", "b", ""},
		{"2026-06-30", "b", "2025-12-31"}, {"2027-01-01", "c", ""},
	} {
		duties, ended := p.On(tt.on)
		var ids []string
		for _, d := range duties {
			ids = append(ids, d.ID)
		}
		if got := strings.Join(ids, " "); got != tt.want || ended != tt.ended {
			t.Errorf("%s: %q ended %q, want %q %q", tt.on, got, ended, tt.want, tt.ended)
		}
	}
}

func TestWhoLeads(t *testing.T) {
	c := units(t)
	for _, tt := range []struct {
		name  string
		every improve.Every
		named []string
		want  string
	}{
		{"by name", "", []string{"van-phong-so"}, "van-phong-so"},
		{"every unit", improve.EveryUnit, nil, "thanh-tra-so van-phong-so"},
		{"those with procedures", improve.EveryProcedures, nil, "thanh-tra-so"},
		{"those with procedures and one by name", improve.EveryProcedures, []string{"van-phong-so"}, "thanh-tra-so van-phong-so"},
		{"nobody that the catalogue has", "", nil, ""},
	} {
		d := duty("a", func(d *improve.Duty) { d.Every, d.Units = tt.every, tt.named })
		var got []string
		for _, u := range c.Units("2026-06-30") {
			if d.LedBy(u.ID, c, "2026-06-30") {
				got = append(got, u.ID)
			}
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

// TestHalfYear tells of one duty as its task goes on: a past half year stays what
// it was.
func TestHalfYear(t *testing.T) {
	x := opened(t, nil) // on 30 June, due on 31 July
	x, _ = x.Prove(improve.Evidence{ID: "1", Text: "x"}, noon.AddDate(0, 0, 5))
	x, err := x.End(improve.ActDone, "", "x", noon.AddDate(0, 2, 0)) // 30 August
	if err != nil {
		t.Fatal(err)
	}
	dropped := opened(t, nil)
	dropped, _ = dropped.End(improve.ActDrop, "Trùng", "x", noon)
	other := opened(t, func(x *improve.Task) { x.Unit = "thanh-tra-so" })
	duties := []improve.Duty{duty("a", nil), duty("b", func(d *improve.Duty) { d.Units = []string{"thanh-tra-so"} })}
	for _, tt := range []struct {
		half   string
		today  catalogue.Date
		want   improve.Outcome
		tasks  int
		proofs int
	}{
		{"2025-2", "2026-12-01", improve.OutcomeNone, 0, 0},
		{"2026-1", "2026-12-01", improve.OutcomeRunning, 1, 0},
		{"2026-2", "2026-07-20", improve.OutcomeRunning, 1, 1},
		{"2026-2", "2026-08-01", improve.OutcomeLate, 1, 1},
		{"2026-2", "2026-12-01", improve.OutcomeDone, 1, 1},
		{"2027-1", "2027-03-01", improve.OutcomeNone, 0, 0},
	} {
		h, ok := improve.ParseHalf(tt.half)
		if !ok || h.String() != tt.half {
			t.Fatal(tt.half)
		}
		lines := improve.Report(duties, []*improve.Task{dropped, x, other}, "van-phong-so", h, units(t), tt.today)
		if len(lines) != 1 {
			t.Fatalf("%d lines", len(lines))
		}
		if l := lines[0]; l.Outcome != tt.want || len(l.Tasks) != tt.tasks || l.Proofs != tt.proofs {
			t.Errorf("%s on %s: %s, %d tasks, %d proofs", tt.half, tt.today, l.Outcome, len(l.Tasks), l.Proofs)
		}
	}
	// A unit that leads one duty and was given a task for another reports both.
	h, _ := improve.ParseHalf("2026-1")
	if lines := improve.Report(duties, []*improve.Task{x, other}, "thanh-tra-so", h, units(t), "2026-06-30"); len(lines) != 2 ||
		lines[0].Outcome != improve.OutcomeRunning || lines[1].Outcome != improve.OutcomeNone {
		t.Errorf("%+v", lines)
	}
	for _, wrong := range []string{"", "2026", "2026-3", "26-1", "2026/1", "abcd-1"} {
		if _, ok := improve.ParseHalf(wrong); ok {
			t.Errorf("%q is a half year", wrong)
		}
	}
	if h := improve.HalfOf("2026-01-01"); h.Before().String() != "2025-2" || h.To() != "2026-06-30" || improve.HalfOf("2026-07-01").From() != "2026-07-01" {
		t.Error(h)
	}
}

func TestDutyNamesWhatIsWrong(t *testing.T) {
	good := duty("a", nil)
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	bad := improve.Duty{ID: "A", Index: "x", Factor: "iii", Every: "some", Units: []string{"X"}, Text: "a\nb", Validity: catalogue.Validity{From: "2026-01-01", To: "2025-01-01"}}
	want := "id id, index duty_index, number required, heading required, text text, lead required, when required, source required, factor duty_factor, every duty_every, units id, to end"
	if got := fields(bad.Validate()); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}
