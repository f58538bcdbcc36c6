package survey_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"sipas/internal/catalogue"
	"sipas/survey"
)

// sampleEdition is an edition as the office would publish it.
func sampleEdition(number int) *survey.Edition {
	group := survey.Group{
		Sums:   survey.Sums{Criteria: 19, Responses: 30, Respondents: 29, Y: 400, M: 500, Levels: [5]int64{1, 2, 97, 300, 100}, Overall: [5]int64{0, 0, 1, 9, 20}},
		Pooled: survey.Figure{N: 29, Effective: 28.25, Satisfied: 400, Answered: 500, Rate: 80, Low: 71.123456789, High: 86.5, Target: 8500, Verdict: survey.VerdictTooFew, Needed: 12},
	}
	return &survey.Edition{
		Number: number, From: "2026-05-01", To: "2026-05-31", Note: "Kết quả tháng 5", PublishedAt: time.Date(2026, 6, 30, 5, 0, 0, 0, time.UTC), By: "van-phong",
		Method: survey.Method, Through: "2026-06-29", Seal: "ab", AsOf: time.Date(2026, 6, 30, 5, 0, 0, 0, time.UTC), Overall: group,
		Areas: []survey.EditionArea{{ID: "dat-dai", Name: catalogue.Text{VI: "Đất đai", EN: "Land"}, Group: group}}, Hidden: 2,
		Channels: []survey.EditionShare{{Channel: survey.ChannelPhone, Responses: 30}},
	}
}

func TestPublishedEditions(t *testing.T) {
	k := fresh(t)
	publish := func(e *survey.Edition) error { return k.store.PublishEdition(t.Context(), e) }
	if list := k.store.Editions(); len(list) != 0 {
		t.Errorf("%d editions from the start", len(list))
	}
	if err := publish(sampleEdition(1)); err != nil {
		t.Fatal(err)
	}
	if list := k.store.Editions(); len(list) != 1 || !reflect.DeepEqual(list[0], sampleEdition(1)) {
		t.Errorf("it was not kept whole: %+v", list[0])
	}
	again := sampleEdition(1)
	again.PublishedAt = again.PublishedAt.Add(time.Minute)
	if err := publish(again); err != nil {
		t.Errorf("the same again: %v", err)
	}
	other := sampleEdition(1)
	other.Note = "Khác"
	if err := publish(other); !errors.Is(err, survey.ErrEditionTaken) {
		t.Errorf("another one under its number: %v", err)
	}
	if err := publish(sampleEdition(2)); err != nil {
		t.Fatal(err)
	}
	if list := k.store.Editions(); len(list) != 2 || list[0].Note != "Kết quả tháng 5" || !list[0].PublishedAt.Equal(sampleEdition(1).PublishedAt) || list[1].Number != 2 {
		t.Errorf("%+v", list)
	}
}
