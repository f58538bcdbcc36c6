package survey

import (
	"errors"
	"strings"
	"testing"
	"time"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
)

var noon = time.Date(2026, 6, 30, 5, 0, 0, 0, time.UTC) // 12:00 at the office

func testCatalogue(t testing.TB) *catalogue.Catalogue {
	t.Helper()
	name := catalogue.Text{VI: "Tên", EN: "Name"}
	v := catalogue.Validity{From: "2023-08-04", Source: "test", Confirmed: true}
	c, err := catalogue.New(catalogue.Rows{
		Areas:      []catalogue.Area{{ID: "dat-dai", Name: name, Validity: v}, {ID: "xay-dung", Name: name, Validity: v}},
		Units:      []catalogue.Unit{{ID: "van-phong-dang-ky", Name: name, Validity: v}},
		Desks:      []catalogue.Desk{{ID: "quay-1", Name: name, Unit: "van-phong-dang-ky", Validity: v}},
		Procedures: []catalogue.Procedure{{ID: "1.012784", Name: name, Area: "dat-dai", Unit: "van-phong-dang-ky", Validity: v}},
		Targets: []catalogue.Target{
			{ID: "chung", Measure: catalogue.MeasureSatisfaction, Value: 9000, Validity: v},
			{ID: "dat-dai", Measure: catalogue.MeasureSatisfaction, Area: "dat-dai", Value: 8500, Validity: v},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func testOpenForm(t testing.TB, l Link) *Form {
	t.Helper()
	return &Form{Link: l, Questionnaire: testForm(), catalogue: testCatalogue(t), earlier: func(ref string) *Questionnaire {
		if ref != "dich-vu@0" {
			return nil
		}
		q := testForm()
		q.Version = 0
		return q
	}}
}

func TestReadKeepsWhatWasSaid(t *testing.T) {
	fm := testOpenForm(t, Link{Code: "abcd", Kind: KindKiosk, Desk: "quay-1"})
	r, comment, err := fm.Read(Submission{
		Key: "key-0001", Overall: 4, Answers: map[string]int{"33": 0, "15": 5, "20": 2}, Extra: map[string]string{"visits": "2"},
		Profile: map[string]string{"sex": "female", "age": "60+"}, Comment: "  Tô\u0301t\r\nlắm\x07 ", Lang: "en", Procedure: "1.012784",
	}, noon)
	if err != nil {
		t.Fatal(err)
	}
	if r.ID != "key-0001" || r.Overall != 4 || r.Channel != ChannelKiosk || r.Desk != "quay-1" || r.Lang != "en" || r.Verified {
		t.Errorf("%+v", r)
	}
	if r.Area != "dat-dai" || r.Unit != "van-phong-dang-ky" {
		t.Errorf("a procedure brings its area and unit, got %q, %q", r.Area, r.Unit)
	}
	want := []Answer{{"15", 5}, {"20", 2}, {"33", 0}}
	if len(r.Answers) != 3 || r.Answers[0] != want[0] || r.Answers[1] != want[1] || r.Answers[2] != want[2] {
		t.Errorf("answers %v, want %v", r.Answers, want)
	}
	if len(r.Extra) != 1 || r.Profile.Sex != "female" || r.Profile.Age != "60+" {
		t.Errorf("extra %v, profile %+v", r.Extra, r.Profile)
	}
	if comment != "Tốt\nlắm" {
		t.Errorf("comment %q", comment)
	}
	if r.AnsweredOn != "" || !r.ReceivedAt.IsZero() {
		t.Errorf("the times are the committer's to set: %v %v", r.AnsweredOn, r.ReceivedAt)
	}
}

func TestReadNamesEveryFault(t *testing.T) {
	counter := Link{Code: "abcd", Kind: KindCounter}
	land := Link{Code: "abcd", Kind: KindCounter, Area: "dat-dai"}
	paper := Link{Code: "abcd", Kind: KindPaper}
	ok := func(change func(*Submission)) Submission {
		s := Submission{Key: "key-0001", Overall: 3}
		change(&s)
		return s
	}
	tests := []struct {
		name string
		link Link
		in   Submission
		want string // name and code of each field, in order
	}{
		{"nothing said", counter, Submission{Key: "key-0001"}, "overall nothing"},
		{"no key", counter, Submission{Overall: 1}, "key required"},
		{"short key", counter, Submission{Key: "a", Overall: 1}, "key length"},
		{"odd key", counter, Submission{Key: "ab cd efgh", Overall: 1}, "key characters"},
		{"overall out of range", counter, ok(func(s *Submission) { s.Overall = 6 }), "overall range"},
		{"answers", counter, ok(func(s *Submission) { s.Answers = map[string]int{"15": 6, "16": 0, "17": -1, "31": 0, "99": 3, "1": 2} }),
			"answers.15 range, answers.16 range, answers.17 range, answers.1 unknown_criterion, answers.99 unknown_criterion"},
		{"extra", counter, ok(func(s *Submission) { s.Extra = map[string]string{"visits": "9", "bribe": "no"} }), "extra.visits choice, extra.bribe unknown_question"},
		{"profile", counter, ok(func(s *Submission) { s.Profile = map[string]string{"sex": "x", "religion": "y"} }), "profile.sex choice, profile.religion unknown_question"},
		{"unknown area", counter, ok(func(s *Submission) { s.Area = "bong-da" }), "area unknown"},
		{"area of another link", land, ok(func(s *Submission) { s.Area = "xay-dung" }), "area fixed"},
		{"unknown procedure", land, ok(func(s *Submission) { s.Procedure = "9.999999" }), "procedure unknown"},
		{"procedure of another area", counter, ok(func(s *Submission) { s.Area, s.Procedure = "xay-dung", "1.012784" }), "procedure other_area"},
		{"date through a phone", counter, ok(func(s *Submission) { s.AnsweredOn = "2026-06-29" }), "answeredOn only_paper"},
		{"no date", paper, ok(func(s *Submission) { s.AnsweredOn = "30/6/2026" }), "answeredOn date"},
		{"tomorrow", paper, ok(func(s *Submission) { s.AnsweredOn = "2026-07-01" }), "answeredOn future"},
		{"31 days ago", paper, ok(func(s *Submission) { s.AnsweredOn = "2026-05-30" }), "answeredOn too_old"},
		{"language", counter, ok(func(s *Submission) { s.Lang = "fr" }), "lang choice"},
		{"long comment", counter, ok(func(s *Submission) { s.Comment = strings.Repeat("ệ", 4001) }), "comment too_long"},
		{"another questionnaire", counter, ok(func(s *Submission) { s.Questionnaire = "dich-vu@9" }), "questionnaire unknown"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := testOpenForm(t, tt.link).Read(tt.in, noon)
			var f *fault.Error
			if !errors.As(err, &f) || f.Kind != fault.Invalid {
				t.Fatalf("got %v", err)
			}
			if got := f.Fields.String(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestReadAccepts(t *testing.T) {
	tests := []struct {
		name string
		link Link
		in   Submission
	}{
		{"only not applicable", Link{Kind: KindCounter}, Submission{Key: "key-0001", Answers: map[string]int{"31": 0}}},
		{"30 days ago on paper", Link{Kind: KindPaper}, Submission{Key: "key-0001", Overall: 1, AnsweredOn: "2026-05-31"}},
		{"4000 letters", Link{Kind: KindCounter}, Submission{Key: "key-0001", Overall: 1, Comment: strings.Repeat("ệ", 4000)}},
		{"the area that the link has", Link{Kind: KindCounter, Area: "dat-dai"}, Submission{Key: "key-0001", Overall: 1, Area: "dat-dai"}},
		{"a version that waited on a phone", Link{Kind: KindCounter}, Submission{Key: "key-0001", Overall: 1, Questionnaire: "dich-vu@0"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, _, err := testOpenForm(t, tt.link).Read(tt.in, noon); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestDigestTellsAnswersApart(t *testing.T) {
	fm := testOpenForm(t, Link{Code: "abcd", Kind: KindCounter})
	read := func(s Submission) string {
		r, _, err := fm.Read(s, noon)
		if err != nil {
			t.Fatal(err)
		}
		return r.Digest
	}
	base := Submission{Key: "key-0001", Overall: 3, Answers: map[string]int{"15": 1, "16": 2}}
	if first, again := read(base), read(base); first != again {
		t.Error("the same answers have two digests")
	}
	later := base
	later.StartedAt = noon.Add(-time.Minute)
	if read(base) != read(later) {
		t.Error("when the page was opened is no answer")
	}
	for name, other := range map[string]Submission{
		"overall":  {Key: "key-0001", Overall: 4, Answers: map[string]int{"15": 1, "16": 2}},
		"answer":   {Key: "key-0001", Overall: 3, Answers: map[string]int{"15": 1, "16": 3}},
		"place":    {Key: "key-0001", Overall: 3, Answers: map[string]int{"15": 1, "17": 2}},
		"area":     {Key: "key-0001", Overall: 3, Answers: map[string]int{"15": 1, "16": 2}, Area: "dat-dai"},
		"profile":  {Key: "key-0001", Overall: 3, Answers: map[string]int{"15": 1, "16": 2}, Profile: map[string]string{"sex": "male"}},
		"extra":    {Key: "key-0001", Overall: 3, Answers: map[string]int{"15": 1, "16": 2}, Extra: map[string]string{"visits": "1"}},
		"language": {Key: "key-0001", Overall: 3, Answers: map[string]int{"15": 1, "16": 2}, Lang: "en"},
	} {
		if read(base) == read(other) {
			t.Errorf("another %s has the same digest", name)
		}
	}
}

func TestFlags(t *testing.T) {
	fm := testOpenForm(t, Link{Code: "abcd", Kind: KindCounter})
	all := func(rating func(i int) int) map[string]int {
		m := map[string]int{}
		for i, id := range testForm().CriterionIDs() {
			m[id] = rating(i)
		}
		return m
	}
	mixed := func(i int) int { return 3 + i%3 }
	paper := testOpenForm(t, Link{Code: "abcd", Kind: KindPaper})
	for typed, want := range map[bool]string{true: "", false: "untyped"} {
		r, _, err := paper.Read(Submission{Key: "key-0001", Overall: 4, Typed: typed}, noon)
		if err != nil || strings.Join(r.Flags, " ") != want {
			t.Errorf("paper, typed by an officer %t: %v %v", typed, r.Flags, err)
		}
	}
	tests := []struct {
		name string
		in   Submission
		want string
	}{
		{"a person", Submission{Answers: all(mixed), StartedAt: noon.Add(-time.Minute)}, ""},
		{"seconds for nineteen", Submission{Answers: all(mixed), StartedAt: noon.Add(-3 * time.Second)}, "fast"},
		{"all the same", Submission{Answers: all(func(int) int { return 5 }), StartedAt: noon.Add(-time.Minute)}, "uniform"},
		{"both", Submission{Answers: all(func(int) int { return 1 }), StartedAt: noon}, "fast uniform"},
		{"a clock ahead of ours", Submission{Answers: all(mixed), StartedAt: noon.Add(time.Hour)}, ""},
		{"no start known", Submission{Answers: all(mixed)}, ""},
		{"few answers are quick and alike", Submission{Answers: map[string]int{"15": 4, "16": 4}, StartedAt: noon}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.in.Key = "key-0001"
			r, _, err := fm.Read(tt.in, noon)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(r.Flags, " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestBursts(t *testing.T) {
	var b bursts
	for i := range burstPerMin {
		if b.seen("a", noon.Add(time.Duration(i)*time.Second)) {
			t.Fatalf("answer %d of a minute is a burst", i+1)
		}
	}
	if !b.seen("a", noon.Add(30*time.Second)) {
		t.Error("one more within the minute is none")
	}
	if b.seen("b", noon.Add(30*time.Second)) {
		t.Error("another link's answer is")
	}
	if b.seen("a", noon.Add(burstInterval)) {
		t.Error("the next minute's first answer is")
	}
}

func TestKeysSortByHourAndDiffer(t *testing.T) {
	a, b, later := NewKey(noon), NewKey(noon), NewKey(noon.Add(time.Hour))
	if a == b {
		t.Error("two keys are the same")
	}
	if a[:7] != b[:7] || a >= later {
		t.Errorf("%s, %s within one hour and %s an hour later", a, b, later)
	}
	var f fault.Fields
	if f.AddKey(a); f != nil {
		t.Errorf("a key of ours is refused: %v", f)
	}
}
