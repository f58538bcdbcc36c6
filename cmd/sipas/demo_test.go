package main

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/internal/dossier"
	"sipas/internal/improve"
	"sipas/seeds/demo"
	"sipas/survey"
)

// sample is a sample store as a server makes it at its first start, in a folder
// that may hold a part of one already.
type sample struct {
	*stores
	t        *testing.T
	kind     *storedKind
	segments *survey.Segments
	chain    *survey.Chain
}

// sampleNow is when the sample of the tests is made.
var sampleNow = time.Date(2026, 6, 30, 9, 0, 0, 0, catalogue.Zone)

// openSample does what a server does before it fills the store.
func openSample(t *testing.T, data string) *sample {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	c := config{data: data, sample: true, now: func() time.Time { return sampleNow }}
	s, err := openStores(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.close() })
	env := environment{func(string) string { return "" }, t.Output(), t.Output()}
	err = (&keeper{env: env, c: c, cases: s.feedback, log: log}).start(t.Context(), s)
	kind, claimed := s.claim(t.Context(), c)
	if err = errors.Join(err, claimed, s.prepare(t.Context(), log)); err != nil {
		t.Fatal(err)
	}
	segments := survey.NewSegments(s.survey.Questionnaire)
	return &sample{s, t, kind, segments, survey.NewChain(s.survey, segments, c.now, log, s.restores.Digests)}
}

// whole does the rest, as a server does.
func (s *sample) whole() *demo.Year {
	s.t.Helper()
	ctx := s.t.Context()
	year, err := s.fill(ctx, s.kind)
	if err == nil {
		err = s.chain.Load(ctx)
	}
	if err == nil && year != nil {
		err = s.figured(ctx, s.kind, year, s.segments, slog.New(slog.DiscardHandler))
	}
	if err == nil {
		err = s.publishMonths(ctx, s.kind, s.chain, s.segments)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return year
}

// half stores a part of the sample, as of a server that was stopped over it:
// every case has come half its way.
func (s *sample) half() {
	s.t.Helper()
	year := demo.Make(s.survey.Questionnaire(survey.ServiceQuestionnaire+"@1"), s.feedback.Rules(), s.kind.At)
	n := len(year.Responses) / 2
	year.Responses, year.Comments = year.Responses[:n], year.Comments[:n]
	year.Dossiers = year.Dossiers[:len(year.Dossiers)/2]
	for i := range year.Cases {
		year.Cases[i].Acts = year.Cases[i].Acts[:len(year.Cases[i].Acts)/2]
	}
	year.Cases = year.Cases[:len(year.Cases)/2]
	if err := errors.Join(s.fillFigures(s.t.Context(), &year), s.fillCases(s.t.Context(), &year)); err != nil {
		s.t.Fatal(err)
	}
}

// cases returns what an officer finds in the queue.
func (s *sample) cases(role feedback.Role, f feedback.Filter) []*feedback.Case {
	s.t.Helper()
	list, _, err := s.feedback.List(s.t.Context(), sampleOfficer(role), f, 500, "")
	if err != nil {
		s.t.Fatal(err)
	}
	return list
}

// TestSampleIsWholeAfterACut stops a server over the sample three times: at half
// of it, before it is marked as done, and after. What a newcomer then finds is all
// there, and nothing of it twice.
func TestSampleIsWholeAfterACut(t *testing.T) {
	data := t.TempDir()
	openSample(t, data).half()
	year := openSample(t, data).whole()
	s := openSample(t, data)
	if s.kind.Ready = false; s.whole() == nil {
		t.Fatal("what was not marked as done was not done again")
	}
	if s = openSample(t, data); s.whole() != nil {
		t.Error("the sample is made again at every start")
	}
	s.checkCases(year)
	s.checkDossiers(len(year.Dossiers))
	s.checkOffice(year)
	v, err := s.survey.Verify(t.Context(), nil, nil)
	if err != nil || v.Days < 360 || s.segments.Rows() != len(year.Responses) {
		t.Errorf("%d days verified, %d answers of %d: %v", v.Days, s.segments.Rows(), len(year.Responses), err)
	}
}

func (s *sample) checkCases(year *demo.Year) {
	t, ctx := s.t, s.t.Context()
	for _, status := range feedback.Statuses {
		if len(s.cases(feedback.RoleOffice, feedback.Filter{Status: status})) == 0 {
			t.Errorf("no case is %s", status)
		}
	}
	if n := len(s.cases(feedback.RoleOffice, feedback.Filter{Overdue: sampleNow})); n != 1 {
		t.Errorf("%d cases are overdue", n)
	}
	if n := len(s.cases(feedback.RoleUnit, feedback.Filter{State: feedback.Running})); n == 0 {
		t.Error("the unit has nothing to do")
	}
	secret := feedback.Filter{Kind: feedback.Denunciation}
	if n, m := len(s.cases(feedback.RoleInspection, secret)), len(s.cases(feedback.RoleOffice, secret)); n != 1 || m != 0 {
		t.Errorf("the inspection finds %d denunciations, the office %d", n, m)
	}
	all := append(s.cases(feedback.RoleInspection, secret), s.cases(feedback.RoleOffice, feedback.Filter{})...)
	events, acts := 0, 0
	for _, told := range year.Cases {
		acts += 1 + len(told.Acts)
	}
	for _, c := range all {
		inspection := sampleOfficer(feedback.RoleInspection)
		full, err := s.feedback.Case(ctx, inspection, c.Code)
		if err != nil {
			t.Fatal(err)
		}
		events += full.Version()
		contact, err := s.feedback.Contact(inspection, full)
		if err != nil || full.Anonymous != (contact.Name == "") {
			t.Errorf("%s: contact %+v, %v", full.Subject, contact, err)
		}
	}
	if len(all) != len(year.Cases) || events != acts {
		t.Errorf("%d cases of %d, %d events of %d", len(all), len(year.Cases), events, acts)
	}
	public, _, err := s.feedback.PublicAnswers(ctx, feedback.PublicFilter{}, 100, "")
	if err != nil || len(public) < 3 {
		t.Errorf("%d public answers: %v", len(public), err)
	}
}

// checkDossiers holds the dossiers to what the figures are to show: most areas
// reach the 99 %, one clearly does not, and more were returned than answered.
func (s *sample) checkDossiers(want int) {
	t, today := s.t, catalogue.DateOf(sampleNow)
	q := dossier.Query{From: today.AddDays(-364), To: today.AddDays(60), By: dossier.ByArea}
	table, err := s.dossiers.Figures(t.Context(), q, today)
	if err != nil {
		t.Fatal(err)
	}
	answers, err := s.segments.Tabulate(survey.Query{From: q.From, To: q.To, By: []string{"area"}})
	if err != nil {
		t.Fatal(err)
	}
	of := map[string]int{}
	for _, c := range answers.Cells {
		of[c.Key[0]] = int(c.Sums.Responses)
	}
	met, clearlyNot := 0, 0
	for _, f := range table.Groups {
		if of[f.Key] == 0 || of[f.Key] >= f.Closed() {
			t.Errorf("%s: %d answers for %d dossiers", f.Key, of[f.Key], f.Closed())
		}
		switch {
		case f.Met(9900):
			met++
		case !f.Met(9800):
			clearlyNot++
		}
	}
	o := table.Overall
	if met < 5 || clearlyNot != 1 || o.Overdue == 0 || o.Running == 0 || o.Withdrawn == 0 || o.LateApologised == 0 || o.LateApologised == o.Late {
		t.Errorf("%d areas reach the target, %d clearly do not; %+v", met, clearlyNot, o)
	}
	received, err := s.dossiers.Received(t.Context(), "2020-01-01", today)
	n := 0
	for _, r := range received {
		n += r.Dossiers
	}
	if err != nil || n != want {
		t.Errorf("%d dossiers of %d: %v", n, want, err)
	}
}

// checkOffice looks at what the office made of the figures.
func (s *sample) checkOffice(year *demo.Year) {
	t, ctx, today := s.t, s.t.Context(), catalogue.DateOf(sampleNow)
	if e := s.survey.Editions(); len(e) != 2 || e[0].From != "2026-03-01" || e[1].To != "2026-04-30" || e[1].Corrects != 0 {
		t.Errorf("%d editions: %+v", len(e), e)
	}
	tasks, err := s.improve.Tasks(ctx, improve.Reader{All: true})
	if err != nil || len(tasks) != len(year.Tasks) {
		t.Fatalf("%d tasks of %d: %v", len(tasks), len(year.Tasks), err)
	}
	duties, late, better := 0, 0, 0
	for _, x := range tasks {
		if x.Duty != "" {
			duties++
		}
		if x.Status == improve.Open && x.Late(today) > 0 {
			late++
		}
		if !x.Measured() || x.Status != improve.Done {
			continue
		}
		from, to := x.After(today)
		after, err := improve.Read(s.segments, s.survey.Catalogue(), x.Area, x.Factor, x.Criterion, from, to, sampleNow)
		if err != nil {
			t.Fatal(err)
		}
		if _, result := after.Against(x.Before); result == improve.Better {
			better++
		}
	}
	if duties != len(tasks) || late != 1 || better != 1 {
		t.Errorf("%d tasks for duties, %d late, %d with a better figure", duties, late, better)
	}
	tags, err := s.survey.Tags(ctx)
	if err != nil || len(tags) == 0 {
		t.Fatalf("no tags: %v", err)
	}
	for _, tag := range tags {
		if list, _, err := s.survey.Comments(ctx, survey.CommentFilter{Tag: tag.ID}, 100, ""); err != nil || len(list) == 0 {
			t.Errorf("no comment is tagged %s: %v", tag.Name, err)
		}
	}
	blanked, _, err := s.survey.Comments(ctx, survey.CommentFilter{Words: "nhờ phòng gọi lại"}, 100, "")
	if err != nil || len(blanked) != 1 || blanked[0].Blanked != 2 || strings.Contains(blanked[0].Text, "Mẫu") {
		t.Errorf("the comment with a name: %+v, %v", blanked, err)
	}
}
