package survey_test

import (
	"errors"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/store"
	"sipas/survey"
)

const (
	today    = catalogue.Date("2026-11-02")
	tomorrow = catalogue.Date("2026-11-03")
)

// noon is a moment of the day.
func noon(day catalogue.Date) time.Time { return day.Start().Add(12 * time.Hour) }

func fresh(t *testing.T) *desk {
	t.Helper()
	return openDesk(t, filepath.Join(t.TempDir(), "x.db"))
}

// newDraft makes a draft of the next version of the service questionnaire, with
// another wording of the first criterion.
func (k *desk) newDraft(wording string) survey.Draft {
	k.t.Helper()
	d, err := k.store.NewDraft(k.t.Context(), k.store.Questionnaire("dich-vu@1"), "van-phong", noon(today))
	if err != nil {
		k.t.Fatal(err)
	}
	d.Factors[0].Criteria[0].Text.VI, d.Source = wording, "Phương pháp mới"
	if d, err = k.store.SaveDraft(k.t.Context(), d); err != nil {
		k.t.Fatal(err)
	}
	return d
}

func (k *desk) publish(d survey.Draft, from catalogue.Date) survey.Draft {
	k.t.Helper()
	d, err := k.store.Publish(k.t.Context(), d.Ref(), d.Seen, from, today)
	if err != nil {
		k.t.Fatal(err)
	}
	return d
}

// asked returns the version that the link asks on a day, "" for none.
func (k *desk) asked(day catalogue.Date) string {
	k.t.Helper()
	form, err := k.store.OpenForm(k.t.Context(), k.link.Code, noon(day))
	if errors.Is(err, survey.ErrClosed) {
		return ""
	}
	if err != nil {
		k.t.Fatal(err)
	}
	return form.Questionnaire.Ref()
}

func (k *desk) published(ref string) survey.Published {
	k.t.Helper()
	list, err := k.store.Published(k.t.Context())
	if err != nil {
		k.t.Fatal(err)
	}
	i := slices.IndexFunc(list, func(p survey.Published) bool { return p.Ref() == ref })
	if i < 0 {
		return survey.Published{}
	}
	return list[i]
}

// drafts lists the refs of the drafts there are.
func (k *desk) drafts() string {
	k.t.Helper()
	list, err := k.store.Drafts(k.t.Context())
	if err != nil {
		k.t.Fatal(err)
	}
	var refs []string
	for _, d := range list {
		refs = append(refs, d.Ref())
	}
	return strings.Join(refs, " ")
}

// document is how a version is stored, for tests that put back what a call which
// was cut off had not done yet.
type document struct {
	store.Doc            `bson:",inline"`
	survey.Questionnaire `bson:",inline"`
}

func (k *desk) documents() *store.Collection[document] {
	k.t.Helper()
	c, err := store.Open[document](k.t.Context(), k.db, store.Spec{Name: "questionnaires"})
	if err != nil {
		k.t.Fatal(err)
	}
	return c
}

// undo takes back the last steps of publishing the second version: the end of
// the first one, and the second one itself.
func (k *desk) undo(second bool) {
	k.t.Helper()
	docs := k.documents()
	d, err := docs.Get(k.t.Context(), "dich-vu@1")
	if err == nil {
		d.To = ""
		err = docs.Replace(k.t.Context(), d)
	}
	if second && err == nil {
		err = docs.Delete(k.t.Context(), "dich-vu@2")
	}
	if err != nil {
		k.t.Fatal(err)
	}
}

func TestDraftIsForNobodyElse(t *testing.T) {
	k := fresh(t)
	d := k.newDraft("Nháp")
	if d.Ref() != "dich-vu@2" || d.ChangedBy != "van-phong" || d.To != "" || d.Confirmed {
		t.Errorf("%+v", d)
	}
	if k.store.Questionnaire("dich-vu@1").Factors[0].Criteria[0].Text.VI == "Nháp" {
		t.Error("the published version has the words of the draft")
	}
	if k.store.Questionnaire("dich-vu@2") != nil || k.asked("2030-01-01") != "dich-vu@1" || k.drafts() != "dich-vu@2" {
		t.Error("a draft is asked, or is no draft")
	}
	if err := k.store.Reload(t.Context()); err != nil || k.store.Questionnaire("dich-vu@2") != nil {
		t.Error("a draft is asked after a reload")
	}
	there, err := k.store.NewDraft(t.Context(), k.store.Questionnaire("dich-vu@1"), "x", noon(today))
	if !errors.Is(err, survey.ErrDraftExists) || there.Seen != d.Seen {
		t.Errorf("a second draft: %+v, %v", there, err)
	}
	if got, err := k.store.Draft(t.Context(), "dich-vu@2"); err != nil || got.Factors[0].Criteria[0].Text.VI != "Nháp" {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := k.store.Draft(t.Context(), "dich-vu@3"); !errors.Is(err, survey.ErrNoDraft) {
		t.Errorf("no draft: %v", err)
	}
}

func TestDraftMayBeUnfinished(t *testing.T) {
	k := fresh(t)
	d, err := k.store.NewDraft(t.Context(), &survey.Questionnaire{ID: "quay", Block: survey.BlockService}, "x", noon(today))
	if err != nil || d.Ref() != "quay@1" {
		t.Fatalf("%+v, %v", d, err)
	}
	if got := fault.As(d.Unfinished()).Fields.String(); got != "name.vi required, name.en required, source required, factors few" {
		t.Errorf("unfinished: %s", got)
	}
	d.Factors = []survey.Factor{{ID: "I", Criteria: []survey.Criterion{{ID: "không phải số"}, {}}}}
	if d, err = k.store.SaveDraft(t.Context(), d); err != nil {
		t.Errorf("an unfinished draft: %v", err)
	}
	for name, change := range map[string]func(*survey.Draft){
		"source text":                       func(d *survey.Draft) { d.Source = strings.Repeat("a", 501) },
		"factors.0.criteria.0.text.vi text": func(d *survey.Draft) { d.Factors[0].Criteria[0].Text.VI = "a\x00" },
		"factors.0.criteria.0.id text":      func(d *survey.Draft) { d.Factors[0].Criteria[0].ID = strings.Repeat("1", 65) },
		"block block":                       func(d *survey.Draft) { d.Block = "khác" },
		"from date":                         func(d *survey.Draft) { d.From = "31/12/2026" },
		"extra many":                        func(d *survey.Draft) { d.Extra = make([]survey.Question, 21) },
	} {
		bad := d
		bad.Factors = []survey.Factor{{ID: "I", Criteria: []survey.Criterion{{ID: "15"}}}}
		change(&bad)
		_, err := k.store.SaveDraft(t.Context(), bad)
		if got := fault.As(err).Fields.String(); got != name {
			t.Errorf("got %s, want %s", got, name)
		}
	}
	if _, err := k.store.NewDraft(t.Context(), &survey.Questionnaire{ID: "Quầy"}, "x", noon(today)); fault.As(err).Fields.String() != "id id, block block" {
		t.Errorf("a bad id: %v", err)
	}
	if _, err := k.store.Publish(t.Context(), d.Ref(), d.Seen, tomorrow, today); fault.As(err).Kind != fault.Invalid {
		t.Errorf("an unfinished draft is published: %v", err)
	}
}

func TestSecondEditorOfADraftIsTold(t *testing.T) {
	k := fresh(t)
	d := k.newDraft("Một")
	mine, theirs := d, d
	mine.Source, theirs.Source = "Của tôi", "Của người khác"
	first, err := k.store.SaveDraft(t.Context(), theirs)
	if err != nil {
		t.Fatal(err)
	}
	now, err := k.store.SaveDraft(t.Context(), mine)
	if !errors.Is(err, store.ErrStale) || now.Seen != first.Seen || now.Source != "Của người khác" {
		t.Errorf("%+v, %v", now, err)
	}
	if again, err := k.store.SaveDraft(t.Context(), theirs); err != nil || again.Seen != first.Seen {
		t.Errorf("the same again: %+v, %v", again, err)
	}
	if now, err := k.store.DiscardDraft(t.Context(), d.Ref(), d.Seen); !errors.Is(err, store.ErrStale) || now.Seen != first.Seen {
		t.Errorf("thrown away by who has not seen it: %+v, %v", now, err)
	}
	if _, err := k.store.Publish(t.Context(), d.Ref(), d.Seen, tomorrow, today); !errors.Is(err, store.ErrStale) {
		t.Errorf("published by who has not seen it: %v", err)
	}
}

// Somebody who has seen a draft that was thrown away must not write over the one
// that was made in its place.
func TestDiscardedDraft(t *testing.T) {
	k := fresh(t)
	d := k.newDraft("Một")
	for range 2 {
		if _, err := k.store.DiscardDraft(t.Context(), d.Ref(), d.Seen); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := k.store.SaveDraft(t.Context(), d); !errors.Is(err, survey.ErrNoDraft) || k.drafts() != "" {
		t.Errorf("saved after it was thrown away: %v, drafts %q", err, k.drafts())
	}
	again := k.newDraft("Hai")
	d.Source = "Cũ"
	if now, err := k.store.SaveDraft(t.Context(), d); !errors.Is(err, store.ErrStale) || now.Seen != again.Seen {
		t.Errorf("%+v, %v", now, err)
	}
}

func TestPreviewCannotBeSent(t *testing.T) {
	k := fresh(t)
	d := k.newDraft("Nháp")
	form := k.store.Preview(&d.Questionnaire, noon(today))
	if form.Questionnaire.Factors[0].Criteria[0].Text.VI != "Nháp" || len(form.Areas) == 0 || form.Link.Code != "" {
		t.Errorf("%+v", form)
	}
	for _, ref := range []string{"", "dich-vu@1", "dich-vu@2"} {
		s := survey.Submission{Key: "key-0001", Questionnaire: ref, Overall: 4, Area: "dat-dai"}
		if _, _, err := form.Read(s, noon(today)); !errors.Is(err, survey.ErrNotOpen) {
			t.Errorf("%q: %v", ref, err)
		}
	}
}

func TestPublish(t *testing.T) {
	k := fresh(t)
	d := k.newDraft("Mới")
	k.publish(d, tomorrow)
	if got := []string{k.asked(today), k.asked(tomorrow), k.asked("2030-01-01")}; !slices.Equal(got, []string{"dich-vu@1", "dich-vu@2", "dich-vu@2"}) {
		t.Errorf("asked: %v", got)
	}
	if first := k.published("dich-vu@1"); first.To != today {
		t.Errorf("the first version ends on %q", first.To)
	}
	second := k.published("dich-vu@2")
	if second.From != tomorrow || second.To != "" || second.Source != "Phương pháp mới" || second.Factors[0].Criteria[0].Text.VI != "Mới" {
		t.Errorf("%+v", second)
	}
	if k.drafts() != "" {
		t.Errorf("drafts: %s", k.drafts())
	}
	// The same again, as after an unknown outcome, is done already; a change of
	// the draft comes too late, and so does another day.
	again := k.publish(d, tomorrow)
	if again.Publishing != tomorrow || !reflect.DeepEqual(second.Questionnaire, k.published("dich-vu@2").Questionnaire) {
		t.Errorf("again: %+v", again)
	}
	late := again
	late.Source = "Khác"
	if now, err := k.store.SaveDraft(t.Context(), late); !errors.Is(err, store.ErrStale) || now.Publishing != tomorrow {
		t.Errorf("changed: %+v, %v", now, err)
	}
	if _, err := k.store.DiscardDraft(t.Context(), d.Ref(), again.Seen); !errors.Is(err, store.ErrStale) {
		t.Errorf("thrown away: %v", err)
	}
	if _, err := k.store.Publish(t.Context(), d.Ref(), d.Seen, "2026-12-01", today); !errors.Is(err, store.ErrStale) {
		t.Errorf("for another day: %v", err)
	}
	if next, err := k.store.NewDraft(t.Context(), &second.Questionnaire, "x", noon(today)); err != nil || next.Ref() != "dich-vu@3" {
		t.Errorf("the next draft is %s, %v", next.Ref(), err)
	}
}

func TestPublishRefuses(t *testing.T) {
	k := fresh(t)
	d := k.newDraft("Mới")
	for _, tt := range []struct {
		name string
		from catalogue.Date
		want string
	}{
		{"no day", "", "from required"},
		{"no such day", "2026-02-30", "from date"},
		{"yesterday", "2026-11-01", "from past"},
	} {
		if _, err := k.store.Publish(t.Context(), d.Ref(), d.Seen, tt.from, today); fault.As(err).Fields.String() != tt.want {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if _, err := k.store.Publish(t.Context(), "dich-vu@9", 1, tomorrow, today); !errors.Is(err, survey.ErrNoDraft) {
		t.Errorf("no draft: %v", err)
	}
	if k.asked("2030-01-01") != "dich-vu@1" || k.drafts() != "dich-vu@2" {
		t.Error("something was published")
	}
	k.publish(d, "2026-12-01")
	next, err := k.store.NewDraft(t.Context(), &d.Questionnaire, "x", noon(today))
	if err != nil {
		t.Fatal(err)
	}
	next.Source = "Mới hơn"
	if next, err = k.store.SaveDraft(t.Context(), next); err != nil {
		t.Fatal(err)
	}
	_, err = k.store.Publish(t.Context(), next.Ref(), next.Seen, "2026-12-01", today)
	if f := fault.As(err).Fields; f.String() != "from version_after" || !reflect.DeepEqual(f[0].Args, []any{2, catalogue.Date("2026-12-01")}) {
		t.Errorf("before another version begins: %v %+v", err, f)
	}
}

// A file of a version that somebody is writing a draft of takes its number; a new
// draft of the same questions gets the next one.
func TestVersionIsTaken(t *testing.T) {
	for _, version := range []int{2, 3} {
		k := fresh(t)
		d := k.newDraft("Của Sở")
		shipped := *k.store.Questionnaire("dich-vu@1")
		shipped.Version, shipped.From = version, "2026-06-01"
		if err := k.store.AddQuestionnaires(t.Context(), []survey.Questionnaire{shipped}); err != nil {
			t.Fatal(err)
		}
		now, err := k.store.Publish(t.Context(), d.Ref(), d.Seen, tomorrow, today)
		if !errors.Is(err, survey.ErrVersionTaken) || now.Publishing != "" {
			t.Errorf("%+v, %v", now, err)
		}
		next, err := k.store.NewDraft(t.Context(), &d.Questionnaire, "x", noon(today))
		if err != nil || next.Version != version+1 || next.Source != "" || next.Factors[0].Criteria[0].Text.VI != "Của Sở" {
			t.Errorf("%+v, %v", next, err)
		}
	}
}

func TestPublishingThatWasCutOff(t *testing.T) {
	for name, second := range map[string]bool{"before the version was stored": true, "before the former one was ended": false} {
		t.Run(name, func(t *testing.T) {
			k := fresh(t)
			d := k.newDraft("Mới")
			k.publish(d, tomorrow)
			k.undo(second)
			if got := k.drafts(); (got == "dich-vu@2") != second {
				t.Errorf("drafts: %q", got)
			}
			k.publish(d, tomorrow)
			if k.published("dich-vu@1").To != today || k.asked(tomorrow) != "dich-vu@2" {
				t.Error("the same call again has not finished it")
			}
		})
	}
	t.Run("too long ago", func(t *testing.T) {
		k := fresh(t)
		d := k.newDraft("Mới")
		k.publish(d, tomorrow)
		k.undo(true)
		now, err := k.store.Publish(t.Context(), d.Ref(), d.Seen, tomorrow, "2026-11-20")
		if fault.As(err).Fields.String() != "from past" || now.Publishing != "" {
			t.Errorf("%+v, %v", now, err)
		}
		if _, err := k.store.Publish(t.Context(), now.Ref(), now.Seen, "2026-11-20", "2026-11-20"); err != nil || k.asked("2026-11-20") != "dich-vu@2" {
			t.Errorf("from a day to come: %v", err)
		}
	})
}

func TestTwoPublishAtOnce(t *testing.T) {
	k := fresh(t)
	d := k.newDraft("Mới")
	days := []catalogue.Date{tomorrow, "2026-12-01"}
	errs := make([]error, len(days))
	var both sync.WaitGroup
	for i, from := range days {
		both.Go(func() { _, errs[i] = k.store.Publish(t.Context(), d.Ref(), d.Seen, from, today) })
	}
	both.Wait()
	won := slices.Index(errs, nil)
	if won < 0 || !errors.Is(errs[1-won], store.ErrStale) {
		t.Fatalf("%v", errs)
	}
	if p := k.published("dich-vu@2"); p.From != days[won] || k.published("dich-vu@1").To != days[won].AddDays(-1) {
		t.Errorf("who was told that it is from %s has %s", days[won], p.From)
	}
}

// Answers that wait on a phone when a version is published count to the version
// that they were given to, for 30 days.
func TestQueueAcrossPublishing(t *testing.T) {
	k := fresh(t)
	k.publish(k.newDraft("Mới"), tomorrow)
	read := func(ref string, day catalogue.Date) (survey.Response, error) {
		form, err := k.store.OpenForm(t.Context(), k.link.Code, noon(day))
		if err != nil {
			t.Fatal(err)
		}
		r, _, err := form.Read(survey.Submission{Key: "key-0001", Questionnaire: ref, Overall: 4}, noon(day))
		return r, err
	}
	for _, tt := range []struct {
		ref     string
		day     catalogue.Date
		version int // 0: refused
	}{
		{"dich-vu@1", today, 1}, {"dich-vu@2", today, 0},
		{"dich-vu@1", tomorrow, 1}, {"dich-vu@2", tomorrow, 2}, {"", tomorrow, 2},
		{"dich-vu@1", today.AddDays(30), 1}, {"dich-vu@1", today.AddDays(31), 0},
	} {
		r, err := read(tt.ref, tt.day)
		if r.QuestionnaireVersion != tt.version || (err != nil) != (tt.version == 0) {
			t.Errorf("%q on %s: version %d, %v", tt.ref, tt.day, r.QuestionnaireVersion, err)
		}
	}
}

func TestOtherServersFollow(t *testing.T) {
	k := fresh(t)
	other := openDesk(t, k.file)
	other.link = k.link
	k.publish(k.newDraft("Mới"), tomorrow)
	if err := other.store.Reload(t.Context()); err != nil || other.asked(tomorrow) != "dich-vu@2" {
		t.Errorf("the other server does not ask it: %v", err)
	}
	p := k.published("dich-vu@2")
	if _, err := k.store.Amend(t.Context(), "dich-vu@2", p.Seen, survey.Terms{To: tomorrow, Source: "x"}, today); err != nil {
		t.Fatal(err)
	}
	if err := other.store.Reload(t.Context()); err != nil || other.asked("2026-11-04") != "" {
		t.Errorf("the other server still asks it: %v", err)
	}
}

// Answers to a new version that another server took in count here, even if the
// version has not been read yet.
func TestAnswersBeforeTheirVersion(t *testing.T) {
	k := fresh(t)
	other := openDesk(t, k.file)
	d := k.newDraft("Mới")
	now := catalogue.DateOf(time.Now())
	if _, err := k.store.Publish(t.Context(), d.Ref(), d.Seen, now, now); err != nil {
		t.Fatal(err)
	}
	if _, err := k.save(survey.Submission{Key: "key-0001", Answers: map[string]int{"15": 5, "16": 2}}); err != nil {
		t.Fatal(err)
	}
	if err := other.chain.Follow(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	table, err := other.segments.Tabulate(survey.Query{})
	if err != nil || table.Overall.M != 2 || table.Overall.Y != 1 {
		t.Errorf("%+v, %v", table.Overall, err)
	}
}

func TestLinksToAVersion(t *testing.T) {
	k := fresh(t)
	for _, of := range []string{"dich-vu@1", "dich-vu", ""} {
		l := survey.Link{Kind: survey.KindCounter, Questionnaire: of, CreatedAt: noon(today)}
		if err := k.store.AddLink(t.Context(), &l); err != nil {
			t.Fatal(err)
		}
	}
	links, err := k.store.LinksTo(t.Context(), "dich-vu@1")
	if err != nil || len(links) != 1 || links[0].Questionnaire != "dich-vu@1" {
		t.Errorf("%v, %v", links, err)
	}
}
