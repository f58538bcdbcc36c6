package feedback_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sipas/feedback"
	"sipas/internal/outbox"
)

// told tells everything that waits at the moment, and returns what was told.
func (o *site) told(t testing.TB, now time.Time) (list []string) {
	t.Helper()
	_, err := o.Outbox().Round(t.Context(), func() time.Time { return now }, func(ctx context.Context, n outbox.Notice) error {
		c, e, err := o.Noticed(ctx, n, now)
		if err != nil {
			return err
		}
		what := n.What
		if e != nil {
			what = string(e.Step)
		}
		list = append(list, fmt.Sprintf("%s of %s to %s", what, c.Subject, n.To))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(list)
	return list
}

// about returns how many notices are in the outbox about a case, told or not.
func (o *site) about(t testing.TB, code string) (n int) {
	t.Helper()
	for _, state := range []outbox.State{outbox.Waiting, outbox.Told, outbox.Moot, outbox.GivenUp} {
		list, _, err := o.Outbox().List(t.Context(), state, 500, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			if e.About == code {
				n++
			}
		}
	}
	return n
}

// subject gives an intake a subject of its own.
func subject(kind feedback.Kind, n int, s string) feedback.Intake {
	in := keyed(kind, n)
	in.Subject = s
	return in
}

// TestWhoIsTold: the sender at receipt, question and answer, the unit when it is
// given a case, and nobody of what concerns them not.
func TestWhoIsTold(t *testing.T) {
	o := openSite(t)
	r := o.add(t, subject(feedback.Petition, 1, "A"))
	code := r.Case.Code
	later := noon.Add(2 * time.Hour)
	for _, step := range []struct {
		name feedback.Step
		who  feedback.Officer
		in   feedback.StepInput
		want []string
	}{
		{feedback.Receive, feedback.Officer{}, feedback.StepInput{}, []string{"receive of A to sender"}},
		{feedback.Classify, desk, feedback.StepInput{Kind: feedback.Petition}, nil},
		{feedback.Assign, desk, feedback.StepInput{Unit: land}, []string{"assign of A to unit:" + land}},
		{feedback.Ask, desk, feedback.StepInput{Message: "Thửa nào?"}, []string{"ask of A to sender"}},
		{feedback.Answer, desk, feedback.StepInput{Message: "Đã xong."}, []string{"answer of A to sender"}},
		{feedback.Close, office, feedback.StepInput{}, nil},
	} {
		if step.name != feedback.Receive {
			o.step(t, code, step.name, step.who, step.in)
		}
		if got := o.told(t, later); !slices.Equal(got, step.want) {
			t.Errorf("%s: told %v, want %v", step.name, got, step.want)
		}
	}
	anonymous := subject(feedback.Petition, 2, "B")
	anonymous.Anonymous = true
	o.add(t, anonymous)
	if got := o.told(t, later); len(got) > 0 {
		t.Errorf("told somebody who gave no address: %v", got)
	}
}

// TestNoticeOfWhatNeverHappened: a server stopped between the notice and the
// event, or another officer was first.
func TestNoticeOfWhatNeverHappened(t *testing.T) {
	o := openSite(t)
	r := o.add(t, subject(feedback.Petition, 1, "A"))
	o.told(t, noon)
	n := outbox.Notice{ID: "x", About: r.Case.Code, What: feedback.NoticeEvent, Event: 2, To: feedback.ToSender}
	if err := o.Outbox().Put(t.Context(), noon, n); err != nil {
		t.Fatal(err)
	}
	if got := o.told(t, noon.Add(time.Minute)); len(got) > 0 {
		t.Errorf("told of no event: %v", got)
	}
	o.step(t, r.Case.Code, feedback.Classify, desk, feedback.StepInput{Kind: feedback.Petition})
	if got := o.told(t, noon.Add(time.Hour)); len(got) > 0 {
		t.Errorf("told of another event: %v", got)
	}
	n.ID, n.About = "y", "ABCDEFGHJKL"
	if err := o.Outbox().Put(t.Context(), noon, n); err != nil {
		t.Fatal(err)
	}
	o.told(t, noon.Add(time.Hour))
	if moot, _, err := o.Outbox().List(t.Context(), outbox.Moot, 10, ""); err != nil || len(moot) != 2 {
		t.Errorf("moot: %+v, %v", moot, err)
	}
}

// TestNobodyIsToldOfADenunciation: neither of one that came as one nor of one
// that was a petition, whose notices are gone.
func TestNobodyIsToldOfADenunciation(t *testing.T) {
	o := openSite(t)
	came := o.add(t, subject(feedback.Denunciation, 1, "A"))
	found := o.add(t, subject(feedback.Petition, 2, "B"))
	o.step(t, found.Case.Code, feedback.Classify, desk, feedback.StepInput{Kind: feedback.Denunciation})
	for _, code := range []string{came.Case.Code, found.Case.Code} {
		if n := o.about(t, code); n != 0 {
			t.Errorf("%d notices", n)
		}
	}
	// One that a slower server still puts goes when it is looked at.
	late := outbox.Notice{ID: "late", About: found.Case.Code, What: feedback.NoticeEvent, Event: 2, To: feedback.ToSender}
	if err := o.Outbox().Put(t.Context(), noon, late); err != nil {
		t.Fatal(err)
	}
	if got := o.told(t, noon.Add(time.Hour)); len(got) > 0 || o.about(t, found.Case.Code) != 0 {
		t.Errorf("told %v, %d notices left", got, o.about(t, found.Case.Code))
	}
}

// TestMoveCutOffBeforeThePurge: the next start ends it.
func TestMoveCutOffBeforeThePurge(t *testing.T) {
	o := openSite(t)
	for writes := 1; writes <= 2; writes++ {
		r := o.add(t, keyed(feedback.Petition, writes))
		if _, err := o.BeginMove(t.Context(), r.Case, o.reclassify(t, r.Case, desk, feedback.Denunciation), writes); err != nil {
			t.Fatal(err)
		}
		if err := o.another(t).Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := o.about(t, r.Case.Code); n != 0 {
			t.Errorf("after %d writes: %d notices", writes, n)
		}
	}
}

// TestReminders: two working days before the due day and after it, once a case
// and day of due, to the unit that has it.
func TestReminders(t *testing.T) {
	o := openSite(t)
	r := o.add(t, subject(feedback.Petition, 1, "A"))
	o.add(t, subject(feedback.Petition, 2, "of no unit"))
	secret := o.add(t, subject(feedback.Denunciation, 3, "C"))
	o.step(t, r.Case.Code, feedback.Classify, desk, feedback.StepInput{Kind: feedback.Petition})
	c := o.step(t, r.Case.Code, feedback.Assign, desk, feedback.StepInput{Unit: land})
	o.told(t, noon.Add(2*time.Hour))
	var got []string
	for day := noon; day.Before(c.DueAt.AddDate(0, 0, 4)); day = day.AddDate(0, 0, 1) {
		for range 2 { // two servers, or an hour later
			if err := o.Remind(t.Context(), day); err != nil {
				t.Fatal(err)
			}
			for _, what := range o.told(t, day) {
				got = append(got, day.Format("02/01 ")+what)
			}
		}
	}
	if len(got) != 2 || !strings.HasSuffix(got[0], "soon of A to unit:"+land) || !strings.HasSuffix(got[1], "overdue of A to unit:"+land) {
		t.Errorf("reminded %v, due %v", got, c.DueAt)
	}
	working := 0
	for day := noon; day.Before(c.DueAt); day = day.AddDate(0, 0, 1) {
		if strings.HasPrefix(got[0], day.Format("02/01")) {
			for d := day.AddDate(0, 0, 1); d.Before(c.DueAt); d = d.AddDate(0, 0, 1) {
				if wd := d.Weekday(); wd != time.Saturday && wd != time.Sunday {
					working++
				}
			}
		}
	}
	if working != feedback.SoonDays {
		t.Errorf("reminded %d working days before: %v, due %v", working, got, c.DueAt)
	}
	if n := o.about(t, secret.Case.Code); n != 0 {
		t.Errorf("%d notices of a denunciation", n)
	}
}

func TestReminderThatCameTooLate(t *testing.T) {
	o := openSite(t)
	r := o.add(t, subject(feedback.Petition, 1, "A"))
	o.step(t, r.Case.Code, feedback.Classify, desk, feedback.StepInput{Kind: feedback.Petition})
	c := o.step(t, r.Case.Code, feedback.Assign, desk, feedback.StepInput{Unit: land})
	o.told(t, noon.Add(2*time.Hour))
	if err := o.Remind(t.Context(), c.DueAt.AddDate(0, 0, -1)); err != nil {
		t.Fatal(err)
	}
	o.step(t, r.Case.Code, feedback.Answer, unit, feedback.StepInput{Message: "Đã xong."})
	if got := o.told(t, c.DueAt.AddDate(0, 0, -1)); !slices.Equal(got, []string{"answer of A to sender"}) {
		t.Errorf("told %v", got)
	}
}

func TestNoticeAddress(t *testing.T) {
	o := openSite(t)
	in := intake(feedback.Petition)
	in.Contact.Email = "hoa@example.vn"
	r := o.add(t, in)
	if a, err := o.NoticeAddress(r.Case); err != nil || a != "hoa@example.vn" {
		t.Errorf("%q, %v", a, err)
	}
	o.UseKeys(nil)
	if _, err := o.NoticeAddress(r.Case); !errors.Is(err, feedback.ErrNoKey) {
		t.Errorf("without keys: %v", err)
	}
}
