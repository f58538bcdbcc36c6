package survey_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/seeds"
	"sipas/survey"
)

func inBoth(vi, en string) catalogue.Text { return catalogue.Text{VI: vi, EN: en} }

// smallForm is a sound questionnaire.
func smallForm() *survey.Questionnaire {
	return &survey.Questionnaire{
		ID: "thu", Version: 2, Name: inBoth("Phiếu", "Form"), Block: survey.BlockService,
		From: "2023-08-04", Source: "Kế hoạch",
		Factors: []survey.Factor{
			{ID: "I", Name: inBoth("Một", "One"), Judges: survey.JudgesDesk, Criteria: []survey.Criterion{
				{ID: "15", Text: inBoth("Dễ tìm", "Easy to find"), Official: inBoth("Dễ tiếp cận", "Easy to reach")},
				{ID: "16", Text: inBoth("Dễ thấy", "Easy to see")},
			}},
			{ID: "V", Name: inBoth("Năm", "Five"), Criteria: []survey.Criterion{
				{ID: "31", Text: inBoth("Dễ phản ánh", "Easy to use"), NotApplicable: inBoth("Chưa từng", "Never")},
			}},
		},
		Extra: []survey.Question{{ID: "visits", Text: inBoth("Mấy lần?", "How many?"), Options: []survey.Option{
			{ID: "1", Text: inBoth("Một", "One")}, {ID: "4+", Text: inBoth("Bốn", "Four")}}}},
	}
}

func TestSmallFormIsSound(t *testing.T) {
	if err := smallForm().Validate(); err != nil {
		t.Error(err)
	}
}

func TestValidate(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*survey.Questionnaire)
		want   string
	}{
		{"no id", func(q *survey.Questionnaire) { q.ID = "" }, "id required"},
		{"bad id", func(q *survey.Questionnaire) { q.ID = "Dịch vụ" }, "id id"},
		{"version 0", func(q *survey.Questionnaire) { q.Version = 0 }, "version range"},
		{"no English name", func(q *survey.Questionnaire) { q.Name.EN = "" }, "name.en required"},
		{"unknown block", func(q *survey.Questionnaire) { q.Block = "other" }, "block block"},
		{"service factors in the policy block", func(q *survey.Questionnaire) { q.Block = survey.BlockPolicy }, "factors.0.id roman, factors.1.id roman"},
		{"no day", func(q *survey.Questionnaire) { q.From = "" }, "from required"},
		{"no such day", func(q *survey.Questionnaire) { q.From = "2023-02-29" }, "from date"},
		{"no such last day", func(q *survey.Questionnaire) { q.To = "x" }, "to date"},
		{"ends before it begins", func(q *survey.Questionnaire) { q.To = "2023-08-03" }, "to end"},
		{"no source", func(q *survey.Questionnaire) { q.Source = "" }, "source required"},
		{"no factors", func(q *survey.Questionnaire) { q.Factors = nil }, "factors few"},
		{"policy factor in the service block", func(q *survey.Questionnaire) { q.Factors[0].ID = "P-I" }, "factors.0.id roman"},
		{"no factor id", func(q *survey.Questionnaire) { q.Factors[0].ID = "" }, "factors.0.id required"},
		{"factor twice", func(q *survey.Questionnaire) { q.Factors[1].ID = "I" }, "factors.1.id duplicate"},
		{"factor without a name", func(q *survey.Questionnaire) { q.Factors[1].Name = catalogue.Text{} }, "factors.1.name.vi required, factors.1.name.en required"},
		{"unknown judge", func(q *survey.Questionnaire) { q.Factors[1].Judges = "citizen" }, "factors.1.judges judges"},
		{"factor without criteria", func(q *survey.Questionnaire) { q.Factors[1].Criteria = nil }, "factors.1.criteria few"},
		{"criterion by name", func(q *survey.Questionnaire) { q.Factors[1].Criteria[0].ID = "a" }, "factors.1.criteria.0.id number"},
		{"criterion with a zero before", func(q *survey.Questionnaire) { q.Factors[1].Criteria[0].ID = "05" }, "factors.1.criteria.0.id number"},
		{"criterion twice", func(q *survey.Questionnaire) { q.Factors[1].Criteria[0].ID = "15" }, "factors.1.criteria.0.id duplicate"},
		{"text with a space", func(q *survey.Questionnaire) { q.Factors[0].Criteria[1].Text.VI += " " }, "factors.0.criteria.1.text.vi text"},
		{"long text", func(q *survey.Questionnaire) { q.Factors[0].Criteria[1].Text.EN = strings.Repeat("a", 501) }, "factors.0.criteria.1.text.en text"},
		{"official subject in one language", func(q *survey.Questionnaire) { q.Factors[0].Criteria[0].Official.VI = "" }, "factors.0.criteria.0.official.vi required"},
		{"not applicable in one language", func(q *survey.Questionnaire) { q.Factors[1].Criteria[0].NotApplicable.EN = "" }, "factors.1.criteria.0.na.en required"},
		{"question id", func(q *survey.Questionnaire) { q.Extra[0].ID = "số lần" }, "extra.0.id id"},
		{"question twice", func(q *survey.Questionnaire) { q.Extra = append(q.Extra, q.Extra[0]) }, "extra.1.id duplicate"},
		{"one option", func(q *survey.Questionnaire) { q.Extra[0].Options = q.Extra[0].Options[:1] }, "extra.0.options few"},
		{"option id", func(q *survey.Questionnaire) { q.Extra[0].Options[1].ID = "+4" }, "extra.0.options.1.id id"},
		{"option twice", func(q *survey.Questionnaire) { q.Extra[0].Options[1].ID = "1" }, "extra.0.options.1.id duplicate"},
		{"option without a text", func(q *survey.Questionnaire) { q.Extra[0].Options[1].Text.VI = "" }, "extra.0.options.1.text.vi required"},
		{"too many criteria", func(q *survey.Questionnaire) {
			for range 61 {
				q.Factors[0].Criteria = append(q.Factors[0].Criteria, survey.Criterion{ID: "15", Text: inBoth("a", "a")})
			}
		}, "factors.0.criteria many"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			q := smallForm()
			tt.change(q)
			err := q.Validate()
			var e *fault.Error
			if !errors.As(err, &e) || e.Kind != fault.Invalid {
				t.Fatalf("got %v", err)
			}
			if got := e.Fields.String(); got != tt.want && !strings.HasPrefix(got, tt.want+", ") {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestOrderHelpers(t *testing.T) {
	q := smallForm()
	if q.Ref() != "thu@2" || q.CriteriaCount() != 3 || !slices.Equal(q.CriterionIDs(), []string{"15", "16", "31"}) {
		t.Errorf("%s, %d, %v", q.Ref(), q.CriteriaCount(), q.CriterionIDs())
	}
	if c := q.Criterion("31"); c == nil || c.Text.VI != "Dễ phản ánh" || c != &q.Factors[1].Criteria[0] {
		t.Errorf("criterion 31 is %+v", c)
	}
	if c := q.Criterion("1"); c != nil {
		t.Errorf("criterion 1 is %+v", c)
	}
	if x := q.Extra[0]; !x.Has("4+") || x.Has("4") || x.Has("") || !slices.Equal(x.OptionIDs(), []string{"1", "4+"}) {
		t.Errorf("options %v", x.OptionIDs())
	}
}

// TestDigest: whatever people are asked is in the digest, what is only kept
// about the form is not.
func TestDigest(t *testing.T) {
	before := smallForm().Digest()
	for name, change := range map[string]func(*survey.Questionnaire){
		"days":         func(q *survey.Questionnaire) { q.From, q.To = "2024-01-01", "2026-12-31" },
		"source":       func(q *survey.Questionnaire) { q.Source = "khác" },
		"confirmation": func(q *survey.Questionnaire) { q.Confirmed = true },
	} {
		q := smallForm()
		if change(q); q.Digest() != before {
			t.Errorf("the digest changes with the %s", name)
		}
	}
	digests := map[string]string{before: "nothing"}
	for name, change := range map[string]func(*survey.Questionnaire){
		"version":        func(q *survey.Questionnaire) { q.Version = 3 },
		"name":           func(q *survey.Questionnaire) { q.Name.VI = "Khác" },
		"block":          func(q *survey.Questionnaire) { q.Block = survey.BlockPolicy },
		"factor name":    func(q *survey.Questionnaire) { q.Factors[0].Name.EN = "Other" },
		"judge":          func(q *survey.Questionnaire) { q.Factors[0].Judges = survey.JudgesUnit },
		"text":           func(q *survey.Questionnaire) { q.Factors[0].Criteria[0].Text.VI = "Dễ thấy" },
		"official":       func(q *survey.Questionnaire) { q.Factors[0].Criteria[0].Official = catalogue.Text{} },
		"not applicable": func(q *survey.Questionnaire) { q.Factors[1].Criteria[0].NotApplicable = catalogue.Text{} },
		"order":          func(q *survey.Questionnaire) { slices.Reverse(q.Factors[0].Criteria) },
		"less":           func(q *survey.Questionnaire) { q.Factors[0].Criteria = q.Factors[0].Criteria[:1] },
		"no extra":       func(q *survey.Questionnaire) { q.Extra = nil },
		"option":         func(q *survey.Questionnaire) { q.Extra[0].Options[0].Text.VI = "1 lần" },
		"languages":      func(q *survey.Questionnaire) { n := &q.Name; n.VI, n.EN = n.VI+n.EN, "" },
	} {
		q := smallForm()
		change(q)
		if other, same := digests[q.Digest()]; same {
			t.Errorf("%s has the digest of %s", name, other)
		}
		digests[q.Digest()] = name
	}
}

// TestDigestsOfWhatIsShipped: people have answered these versions. If a text has
// to change, the file gets a new version and this test a further line.
func TestDigestsOfWhatIsShipped(t *testing.T) {
	d, err := seeds.Load()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"dich-vu@1":    "963e4d8d6b9615ba13da14118e233bcad9074f6c2a3db0be815fd5ef19679d82",
		"chinh-sach@1": "b54e5833d8c3fd913b14cf1e12b860c3c4bd274ea617f07403aa79101121d248",
	}
	for i := range d.Questionnaires {
		q := &d.Questionnaires[i]
		if got := q.Digest(); got != want[q.Ref()] {
			t.Errorf("%s is now %s", q.Ref(), got)
		}
		delete(want, q.Ref())
	}
	for ref := range want {
		t.Errorf("%s is no longer shipped", ref)
	}
}

func TestProfileQuestionsAreTheContracts(t *testing.T) {
	want := []string{
		"sex female male other", "age 18-24 25-34 35-49 50-60 60+",
		"education primary lower-secondary upper-secondary vocational university other",
		"occupation farmer worker civil-servant business student retired other", "residence urban rural",
	}
	var got []string
	for _, x := range survey.ProfileQuestions {
		got = append(got, x.ID+" "+strings.Join(x.OptionIDs(), " "))
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
