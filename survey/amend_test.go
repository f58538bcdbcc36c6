package survey_test

import (
	"errors"
	"testing"
	"time"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/store"
	"sipas/survey"
)

func TestAmend(t *testing.T) {
	k := fresh(t)
	k.publish(k.newDraft("Mới"), "2026-12-01")
	first, second := k.published("dich-vu@1"), k.published("dich-vu@2")
	terms := func(p survey.Published, change func(*survey.Terms)) survey.Terms {
		x := survey.Terms{To: p.To, Source: p.Source, Confirmed: p.Confirmed}
		change(&x)
		return x
	}
	for _, tt := range []struct {
		name   string
		of     survey.Published
		change func(*survey.Terms)
		on     catalogue.Date
		want   string
	}{
		{"no such end", second, func(x *survey.Terms) { x.To = "2026-13-01" }, today, "to date"},
		{"an end before it begins", second, func(x *survey.Terms) { x.To = "2026-11-30" }, today, "to end"},
		{"an end that has passed", second, func(x *survey.Terms) { x.To = "2026-12-31" }, "2027-01-01", "to past"},
		{"of a version that another one follows", first, func(x *survey.Terms) { x.To = "2026-11-15" }, today, "to version_follows"},
		{"no source", second, func(x *survey.Terms) { x.Source = "" }, today, "source required"},
		{"a bad source", second, func(x *survey.Terms) { x.Source = " x" }, today, "source text"},
	} {
		now, err := k.store.Amend(t.Context(), tt.of.Ref(), tt.of.Seen, terms(tt.of, tt.change), tt.on)
		if fault.As(err).Fields.String() != tt.want || now.Seen != tt.of.Seen {
			t.Errorf("%s: %+v, %v", tt.name, now.Seen, err)
		}
	}
	retired := terms(second, func(x *survey.Terms) { x.To, x.Source, x.Confirmed = "2026-12-31", "Quyết định 8", true })
	now, err := k.store.Amend(t.Context(), "dich-vu@2", second.Seen, retired, today)
	if err != nil || now.To != "2026-12-31" || !now.Confirmed || now.Source != "Quyết định 8" || now.Digest() != second.Digest() {
		t.Errorf("%+v, %v", now, err)
	}
	if k.asked("2026-12-31") != "dich-vu@2" || k.asked("2027-01-01") != "" {
		t.Error("it is asked after its last day, or not until then")
	}
	if again, err := k.store.Amend(t.Context(), "dich-vu@2", second.Seen, retired, today); err != nil || again.Seen != now.Seen {
		t.Errorf("again: %+v, %v", again, err)
	}
	other := terms(second, func(x *survey.Terms) { x.Source = "Khác" })
	if stored, err := k.store.Amend(t.Context(), "dich-vu@2", second.Seen, other, today); !errors.Is(err, store.ErrStale) || stored.Source != "Quyết định 8" {
		t.Errorf("by who has not seen it: %+v, %v", stored, err)
	}
	if _, err := k.store.Amend(t.Context(), "dich-vu@2", now.Seen, terms(now, func(x *survey.Terms) { x.To = "" }), "2027-01-01"); fault.As(err).Fields.String() != "to version_over" {
		t.Errorf("after it has ended: %v", err)
	}
	if _, err := k.store.Amend(t.Context(), "dich-vu@9", 1, retired, today); !errors.Is(err, survey.ErrNoQuestionnaire) {
		t.Errorf("no version: %v", err)
	}
}

func TestWithdraw(t *testing.T) {
	k := fresh(t)
	d := k.newDraft("Mới")
	k.publish(d, "2026-12-01")
	p := k.published("dich-vu@2")
	for _, late := range []time.Time{noon("2026-12-01"), catalogue.Date("2026-12-01").Start().Add(-time.Minute)} {
		if _, err := k.store.Withdraw(t.Context(), "dich-vu@2", p.Seen, "x", late); !errors.Is(err, survey.ErrBegun) {
			t.Errorf("at %s: %v", late, err)
		}
	}
	if _, err := k.store.Withdraw(t.Context(), "dich-vu@2", p.Seen+1, "x", noon(today)); !errors.Is(err, store.ErrStale) {
		t.Errorf("by who has not seen it: %v", err)
	}
	if _, err := k.store.Withdraw(t.Context(), "dich-vu@9", 1, "x", noon(today)); !errors.Is(err, survey.ErrNoQuestionnaire) {
		t.Errorf("no version: %v", err)
	}
	for range 2 { // the same again is done already
		back, err := k.store.Withdraw(t.Context(), "dich-vu@2", p.Seen, "van-phong", noon(today))
		if err != nil || back.Publishing != "" || back.From != "2026-12-01" || back.Source != "Phương pháp mới" || back.Factors[0].Criteria[0].Text.VI != "Mới" {
			t.Errorf("%+v, %v", back, err)
		}
	}
	if k.published("dich-vu@1").To != "" || k.asked("2026-12-01") != "dich-vu@1" || k.drafts() != "dich-vu@2" {
		t.Error("the version before does not go on, or there is no draft")
	}
	again, err := k.store.Draft(t.Context(), "dich-vu@2")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.store.SaveDraft(t.Context(), d); !errors.Is(err, store.ErrStale) {
		t.Errorf("by who has seen the first draft: %v", err)
	}
	k.publish(again, tomorrow)
	if k.asked(tomorrow) != "dich-vu@2" {
		t.Error("not published again")
	}
}

func TestWithdrawingThatWasCutOff(t *testing.T) {
	k := fresh(t)
	k.publish(k.newDraft("Mới"), "2026-12-01")
	p := k.published("dich-vu@2")
	if _, err := k.store.Withdraw(t.Context(), "dich-vu@2", p.Seen, "x", noon(today)); err != nil {
		t.Fatal(err)
	}
	// Back to before the last step, and somebody has gone on with the draft.
	if err := k.documents().Insert(t.Context(), &document{store.Doc{ID: "dich-vu@2"}, p.Questionnaire}); err != nil {
		t.Fatal(err)
	}
	d, err := k.store.Draft(t.Context(), "dich-vu@2")
	if err != nil {
		t.Fatal(err)
	}
	d.Source = "Sửa tiếp"
	if d, err = k.store.SaveDraft(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if now, err := k.store.Publish(t.Context(), d.Ref(), d.Seen, tomorrow, today); !errors.Is(err, survey.ErrVersionTaken) || now.Publishing != "" {
		t.Errorf("published beside what it is to replace: %v", err)
	}
	back, err := k.store.Withdraw(t.Context(), "dich-vu@2", k.published("dich-vu@2").Seen, "x", noon(today))
	if err != nil || back.Source != "Sửa tiếp" || k.published("dich-vu@2").ID != "" {
		t.Errorf("%+v, %v", back, err)
	}
}

// A version of a file, without a draft, becomes one.
func TestWithdrawWhatAFileBrought(t *testing.T) {
	k := fresh(t)
	q := *k.store.Questionnaire("dich-vu@1")
	q.Version, q.From = 2, "2026-12-01"
	if err := k.store.AddQuestionnaires(t.Context(), []survey.Questionnaire{q}); err != nil {
		t.Fatal(err)
	}
	d, err := k.store.Withdraw(t.Context(), "dich-vu@2", 1, "x", noon(today))
	if err != nil || d.Ref() != "dich-vu@2" || d.ChangedBy != "x" || k.drafts() != "dich-vu@2" || k.published("dich-vu@2").ID != "" {
		t.Errorf("%+v, %v", d, err)
	}
}
