package feedback_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"sipas/feedback"
	"sipas/internal/fault"
)

func TestTemplateFields(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   feedback.Template
		want string
	}{
		{"whole", feedback.Template{Name: "Cảm ơn", Step: feedback.Answer, Text: "Kính gửi ông/bà"}, ""},
		{"empty", feedback.Template{}, "name required, step required, text required"},
		{"only spaces", feedback.Template{Name: " \n ", Step: feedback.Ask, Text: "\t"}, "name required, text required"},
		{"too long", feedback.Template{Name: strings.Repeat("ễ", 201), Step: feedback.Ask, Text: strings.Repeat("ễ", 10_001)}, "name too_long, text too_long"},
		{"no such kind", feedback.Template{Name: "x", Kind: "letter", Step: feedback.Ask, Text: "x"}, "kind choice"},
		{"a kind of the inspection's", feedback.Template{Name: "x", Kind: feedback.Denunciation, Step: feedback.Ask, Text: "x"}, "kind choice"},
		{"a step without a letter", feedback.Template{Name: "x", Step: feedback.Assign, Text: "x"}, "step choice"},
		{"a step that the kind does not have", feedback.Template{Name: "x", Kind: feedback.Petition, Step: feedback.Refuse, Text: "x"}, "step step_other_kind"},
		{"a refusal of a complaint", feedback.Template{Name: "x", Kind: feedback.Complaint, Step: feedback.Refuse, Text: "x"}, ""},
		{"a refusal of whatever can be refused", feedback.Template{Name: "x", Step: feedback.Refuse, Text: "x"}, ""},
	} {
		var got []string
		if err := tt.in.Check(feedback.RoleOffice); err != nil {
			for _, f := range fault.As(err).Fields {
				got = append(got, f.Name+" "+f.Code)
			}
		}
		if s := strings.Join(got, ", "); s != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, s, tt.want)
		}
	}
}

func TestTemplates(t *testing.T) {
	o := openSite(t)
	put := func(name string, kind feedback.Kind, step feedback.Step) *feedback.Template {
		t.Helper()
		x := &feedback.Template{ID: feedback.NewTemplateID(), Name: name, Kind: kind, Step: step, Text: "Kính gửi ông/bà,"}
		if err := o.PutTemplate(t.Context(), x); err != nil {
			t.Fatal(err)
		}
		return x
	}
	names := func(r feedback.Role) string {
		t.Helper()
		list, err := o.Templates(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, x := range list {
			names = append(names, x.Name)
		}
		return strings.Join(names, ", ")
	}
	answer := put("Đã kiểm tra", "", feedback.Answer)
	put("ảnh chụp", feedback.Petition, feedback.Answer)
	put("Hỏi thửa đất", "", feedback.Ask)
	secret := put("Giữ bí mật", feedback.Denunciation, feedback.Ask)
	if got := names(feedback.RoleOffice); got != "Hỏi thửa đất, ảnh chụp, Đã kiểm tra" {
		t.Errorf("the office has %s", got)
	}
	if got := names(feedback.RoleInspection); got != "Giữ bí mật, Hỏi thửa đất, ảnh chụp, Đã kiểm tra" {
		t.Errorf("the inspection has %s", got)
	}
	for _, id := range []string{secret.ID, "none", ""} {
		if _, err := o.Template(t.Context(), feedback.RoleOffice, id); !errors.Is(err, feedback.ErrNoTemplate) {
			t.Errorf("the office reads %q: %v", id, err)
		}
	}

	// Two change one: the second is told. The same sent twice is stored once.
	first, err := o.Template(t.Context(), feedback.RoleDesk, answer.ID)
	if err != nil {
		t.Fatal(err)
	}
	second := *first
	first.Text, second.Text = "Một", "Hai"
	if err := o.PutTemplate(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	if err := o.PutTemplate(t.Context(), &second); !errors.Is(err, feedback.ErrTemplateStale) {
		t.Errorf("over another's change: %v", err)
	}
	again := feedback.Template{ID: secret.ID, Name: secret.Name, Kind: secret.Kind, Step: secret.Step, Text: secret.Text}
	if err := o.PutTemplate(t.Context(), &again); err != nil || again.Version() != 1 {
		t.Errorf("the same again: %v, version %d", err, again.Version())
	}
	other := feedback.Template{ID: secret.ID, Name: "Khác", Step: feedback.Ask, Text: "x"}
	if err := o.PutTemplate(t.Context(), &other); !errors.Is(err, feedback.ErrTemplateStale) {
		t.Errorf("another one under a taken id: %v", err)
	}

	for range 2 {
		if err := o.RemoveTemplate(t.Context(), answer.ID); err != nil {
			t.Errorf("removed: %v", err)
		}
	}
	if err := o.PutTemplate(t.Context(), first); !errors.Is(err, feedback.ErrTemplateStale) {
		t.Errorf("what was removed is changed: %v", err)
	}
}

func TestWhatATemplateIsFor(t *testing.T) {
	k := &feedback.Case{Kind: feedback.Petition}
	for want, x := range map[bool][]feedback.Template{
		true:  {{Step: feedback.Answer}, {Step: feedback.Answer, Kind: feedback.Petition}},
		false: {{Step: feedback.Ask}, {Step: feedback.Answer, Kind: feedback.Question}},
	} {
		for _, x := range x {
			if x.Fits(k, feedback.Answer) != want {
				t.Errorf("%+v fits the answer to a petition: %v", x, !want)
			}
		}
	}
	if got := fmt.Sprint(feedback.WritingSteps()); got != "[refuse ask extend answer transfer]" {
		t.Errorf("steps with a letter: %s", got)
	}
}
