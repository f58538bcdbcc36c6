package feedback_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"sipas/feedback"
	"sipas/internal/store"
)

// published stores a case whose answer two officers have published at a moment.
func (o *site) published(t *testing.T, n int, area string, at time.Time) *feedback.Case {
	t.Helper()
	in := keyed(feedback.Petition, n)
	in.Area = area
	c := o.add(t, in).Case
	for _, s := range []struct {
		step feedback.Step
		who  feedback.Officer
		in   feedback.StepInput
		at   time.Time
	}{
		{feedback.Classify, desk, feedback.StepInput{Kind: feedback.Petition}, noon},
		{feedback.Answer, desk, feedback.StepInput{Message: "Kính gửi bà Hoa"}, noon.Add(time.Hour)},
		{feedback.Publish, office, feedback.StepInput{Question: "Hỏi " + fmt.Sprint(n), Message: "Đáp " + fmt.Sprint(n)}, at},
		{feedback.Publish, inspection, feedback.StepInput{}, at},
	} {
		e, err := c.Next(s.step, s.who, s.in, o.Rules(), s.at)
		if err != nil {
			t.Fatal(err)
		}
		if c, err = o.Apply(t.Context(), c, e); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// public reads all public answers, a few at a time, and returns their questions.
func (o *site) public(t *testing.T, f feedback.PublicFilter) string {
	t.Helper()
	var list []string
	for after, pages := "", 0; ; pages++ {
		if pages > 20 {
			t.Fatal("the pages go round in circles")
		}
		page, next, err := o.PublicAnswers(t.Context(), f, 2, after)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range page {
			list = append(list, strings.TrimPrefix(a.Question, "Hỏi "))
		}
		if after = next; after == "" {
			return strings.Join(list, " ")
		}
	}
}

func TestPublicAnswers(t *testing.T) {
	o := openSite(t)
	o.add(t, keyed(feedback.Petition, 100))
	day := 24 * time.Hour
	first := o.published(t, 1, "dat-dai", noon.Add(2*time.Hour))
	second := o.published(t, 2, "moi-truong", noon.Add(day))
	third := o.published(t, 3, "dat-dai", noon.Add(40*day))

	later := noon.Add(30 * day)
	for want, f := range map[string]feedback.PublicFilter{
		"3 2 1": {}, "3 1": {Area: "dat-dai"}, "3": {From: later}, "2 1": {To: later}, "1": {Area: "dat-dai", To: later},
		"": {Area: "xay-dung"},
	} {
		if got := o.public(t, f); got != want {
			t.Errorf("%+v: %q, want %q", f, got, want)
		}
	}
	page, _, err := o.PublicAnswers(t.Context(), feedback.PublicFilter{}, 100, "")
	want := feedback.PublicAnswer{
		Question: "Hỏi 1", Text: "Đáp 1", Area: "dat-dai", AnsweredAt: noon.Add(time.Hour), PublishedAt: noon.Add(2 * time.Hour), OnTime: true,
	}
	if err != nil || len(page) != 3 || !reflect.DeepEqual(inUTC(page[2]), inUTC(want)) {
		t.Errorf("%+v, %v", page[2], err)
	}

	o.step(t, first.Code, feedback.Close, office, feedback.StepInput{})
	o.step(t, first.Code, feedback.Unpublish, office, feedback.StepInput{})
	o.step(t, second.Code, feedback.Reopen, office, feedback.StepInput{})
	if got := o.public(t, feedback.PublicFilter{}); got != "3" {
		t.Errorf("one is taken back, one reopened: %q", got)
	}
	o.step(t, third.Code, feedback.Publish, office, feedback.StepInput{Message: "Lời khác"})
	if got := o.public(t, feedback.PublicFilter{}); got != "" {
		t.Errorf("other words that only one has read: %q", got)
	}
}

func inUTC(a feedback.PublicAnswer) feedback.PublicAnswer {
	a.AnsweredAt, a.PublishedAt = a.AnsweredAt.UTC(), a.PublishedAt.UTC()
	return a
}

// TestPublicAnswersOfOneMoment: none is left out or comes twice where a page ends
// among those of one millisecond.
func TestPublicAnswersOfOneMoment(t *testing.T) {
	o := openSite(t)
	o.published(t, 0, "dat-dai", noon.Add(3*time.Hour))
	for n := 1; n < 8; n++ {
		o.published(t, n, "dat-dai", noon.Add(2*time.Hour))
	}
	got := o.public(t, feedback.PublicFilter{})
	for n := range 8 {
		if strings.Count(" "+got+" ", fmt.Sprintf(" %d ", n)) != 1 {
			t.Errorf("%d in %q", n, got)
		}
	}
	for _, after := range []string{"x", "1", "1.0", "-1.1", "1.501", "99999999999999.1", "1.1.1"} {
		if _, _, err := o.PublicAnswers(t.Context(), feedback.PublicFilter{}, 2, after); message(err) != "invalid: after cursor" {
			t.Errorf("%s: %v", after, err)
		}
	}
}

// TestNothingOfADenunciationIsPublic: an answer that was public when the case was
// found to be a denunciation is not any more, also while it moves.
func TestNothingOfADenunciationIsPublic(t *testing.T) {
	o := openSite(t)
	c := o.published(t, 1, "dat-dai", noon.Add(2*time.Hour))
	c.Status = feedback.Classified // as if it had not been reopened for this
	for writes := 1; writes <= 3; writes++ {
		if writes == 1 {
			if _, err := o.BeginMove(t.Context(), c, o.reclassify(t, c, desk, feedback.Denunciation), 1); err != nil {
				t.Fatal(err)
			}
		} else if err := o.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := o.public(t, feedback.PublicFilter{}); got != "" {
			t.Errorf("public: %q", got)
		}
	}
}

// TestPublicAnswersOfOlderProgram: what was published before public answers were
// listed is in the list, and what was not is not.
func TestPublicAnswersOfOlderProgram(t *testing.T) {
	o := openSite(t)
	o.add(t, keyed(feedback.Petition, 100))
	c := o.published(t, 1, "dat-dai", noon.Add(2*time.Hour))
	o.strip(t, "cases", "publishedAt")
	o.Store = o.another(t)
	if got := o.public(t, feedback.PublicFilter{From: noon, To: noon.Add(3 * time.Hour)}); got != "1" {
		t.Errorf("published: %q", got)
	}
	if err := o.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	e, err := c.Next(feedback.Close, office, feedback.StepInput{}, o.Rules(), noon.Add(3*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Apply(t.Context(), c, e); err != nil {
		t.Errorf("a case read before cannot be gone on with: %v", err)
	}
}

// strip takes a field out of all documents, as if a program that did not know it
// had stored them.
func (o *site) strip(t *testing.T, name, field string) {
	t.Helper()
	type bare struct {
		store.Doc `bson:",inline"`
	}
	docs, err := store.Open[bare](t.Context(), o.db, store.Spec{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	d, err := o.db.Dump(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := d.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i, raw := range stored {
		var doc bson.D
		if err := bson.Unmarshal(raw, &doc); err != nil {
			t.Fatal(err)
		}
		doc = slices.DeleteFunc(doc, func(e bson.E) bool { return e.Key == field })
		if stored[i], err = bson.Marshal(doc); err != nil {
			t.Fatal(err)
		}
		if err := docs.Delete(t.Context(), store.RawID(raw)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(o.db.InsertRaw(t.Context(), name, stored)...); err != nil {
		t.Fatal(err)
	}
}
