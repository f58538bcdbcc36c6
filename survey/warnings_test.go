package survey_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"sipas/internal/catalogue"
	"sipas/survey"
)

func TestWarnings(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*survey.Questionnaire)
		want   string
	}{
		{"nothing", func(q *survey.Questionnaire) { q.Version, q.Source, q.Name.VI = 3, "khác", "Khác" }, ""},
		{"a criterion less", func(q *survey.Questionnaire) { q.Factors[0].Criteria = q.Factors[0].Criteria[:1] }, "criteria.16 criterion_removed [16]"},
		{"a criterion more", func(q *survey.Questionnaire) {
			q.Factors[0].Criteria = append(q.Factors[0].Criteria, survey.Criterion{ID: "17", Text: inBoth("Sạch", "Clean")})
		}, "factors.0.criteria.2 criterion_added [17]"},
		{"other words", func(q *survey.Questionnaire) { q.Factors[1].Criteria[0].Text.EN = "Other" }, "factors.1.criteria.0.text criterion_reworded [31]"},
		{"another subject", func(q *survey.Questionnaire) { q.Factors[0].Criteria[0].Official = catalogue.Text{} }, "factors.0.criteria.0.official criterion_subject [15]"},
		{"not applicable no more", func(q *survey.Questionnaire) { q.Factors[1].Criteria[0].NotApplicable = catalogue.Text{} }, "factors.1.criteria.0.na criterion_na [31]"},
		{"not applicable in other words", func(q *survey.Questionnaire) { q.Factors[1].Criteria[0].NotApplicable.VI = "Không" }, ""},
		{"a criterion of another factor", func(q *survey.Questionnaire) {
			q.Factors[1].Criteria = append(q.Factors[1].Criteria, q.Factors[0].Criteria[1])
			q.Factors[0].Criteria = q.Factors[0].Criteria[:1]
		}, "factors.1.criteria.1 criterion_moved [16 I V]"},
		{"a factor less", func(q *survey.Questionnaire) { q.Factors = q.Factors[:1] }, "factors.V factor_removed [V], criteria.31 criterion_removed [31]"},
		{"a factor more", func(q *survey.Questionnaire) {
			q.Factors = append(q.Factors, survey.Factor{ID: "II", Name: inBoth("Hai", "Two")})
		}, "factors.2 factor_added [II]"},
		{"a factor of another name that judges others", func(q *survey.Questionnaire) {
			q.Factors[0].Name.VI, q.Factors[0].Judges = "Khác", survey.JudgesUnit
		}, "factors.0.name factor_renamed [I], factors.0.judges factor_judges [I]"},
		{"another block", func(q *survey.Questionnaire) { q.Block = survey.BlockPolicy }, "block block_changed []"},
		{"other options", func(q *survey.Questionnaire) { q.Extra[0].Options[0].Text.VI = "Một lần" }, "extra.0 question_changed [visits]"},
		{"a question less", func(q *survey.Questionnaire) { q.Extra = nil }, "extra.visits question_removed [visits]"},
		{"another order", func(q *survey.Questionnaire) { slices.Reverse(q.Factors) }, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			next := smallForm()
			tt.change(next)
			var got []string
			for _, f := range survey.Warnings(smallForm(), next) {
				got = append(got, fmt.Sprintf("%s %s %v", f.Name, f.Code, f.Args))
			}
			if strings.Join(got, ", ") != tt.want {
				t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), tt.want)
			}
		})
	}
}

func TestDifferencesOfQuestionnaires(t *testing.T) {
	if d := survey.Differences(smallForm(), smallForm()); d != nil {
		t.Errorf("of the same: %v", d)
	}
	next := smallForm()
	next.Source = "khác"
	next.Factors[0].Criteria[0].Text.VI = "Dễ hiểu"
	next.Factors[1].Criteria[0].ID = "32"
	next.Extra[0].Options = next.Extra[0].Options[:1]
	want := []catalogue.Difference{
		{Field: "source", Old: "Kế hoạch", New: "khác"},
		{Field: "criteria.15.text.vi", Old: "Dễ tìm", New: "Dễ hiểu"},
		{Field: "criteria.32.factor", New: "V"},
		{Field: "criteria.32.text.vi", New: "Dễ phản ánh"}, {Field: "criteria.32.text.en", New: "Easy to use"},
		{Field: "criteria.32.na.vi", New: "Chưa từng"}, {Field: "criteria.32.na.en", New: "Never"},
		{Field: "extra.visits.options", Old: "1 Một / One; 4+ Bốn / Four", New: "1 Một / One"},
		{Field: "criteria.31.factor", Old: "V"},
		{Field: "criteria.31.text.vi", Old: "Dễ phản ánh"}, {Field: "criteria.31.text.en", Old: "Easy to use"},
		{Field: "criteria.31.na.vi", Old: "Chưa từng"}, {Field: "criteria.31.na.en", Old: "Never"},
	}
	if got := survey.Differences(smallForm(), next); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}
