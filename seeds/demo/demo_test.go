package demo

import (
	"slices"
	"testing"
	"time"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/seeds"
)

func rules(t *testing.T) *feedback.Rules {
	t.Helper()
	d, err := seeds.Load()
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalogue.New(d.Rows)
	if err != nil {
		t.Fatal(err)
	}
	r, err := feedback.NewRules(d.Years, d.Terms, c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// play takes a case through the rules and returns it as it is in the end.
func play(t *testing.T, told *Case, r *feedback.Rules) *feedback.Case {
	t.Helper()
	d, err := feedback.New(told.Intake, r, told.At)
	if err != nil {
		t.Fatalf("%s: %v", told.Intake.Subject, err)
	}
	c := d.Case()
	for _, a := range told.Acts {
		o := feedback.Officer{Account: string(a.By), Role: a.By}
		switch a.By {
		case feedback.RoleUnit:
			o.Unit = registry
		case feedback.RoleInspection:
			o.Unit = inspectorate
		case feedback.RoleDesk:
			o.Unit, o.Desk = frontDesk, landCounter
		}
		var e feedback.Event
		if a.Step == feedback.Rate {
			e, err = c.Rate(a.Rating, r, a.At)
		} else {
			e, err = c.Next(a.Step, o, a.Input, r, a.At)
		}
		if err != nil {
			t.Fatalf("%s: %s on %s: %v", told.Intake.Subject, a.Step, catalogue.DateOf(a.At), err)
		}
		c = e.After()
	}
	return c
}

// TestCasesOfAnyDay: on whichever day somebody tries the program, what officers do
// is what the rules allow, nothing was done today or later, some cases stand at
// each step, and just the ones that are meant to be late are.
func TestCasesOfAnyDay(t *testing.T) {
	r := rules(t)
	for day := catalogue.Date("2026-01-01"); day < "2027-04-01"; day = day.AddDays(1) {
		m := &maker{at: r.Catalogue, today: day}
		m.calendar(r.Calendar)
		m.cases()
		at := map[feedback.Status]int{}
		var overdue, answeredLate int
		for i := range m.out.Cases {
			told := &m.out.Cases[i]
			c := play(t, told, r)
			at[c.Status]++
			if c.Overdue(day.Start()) {
				overdue++
			}
			if c.AnsweredAt.After(c.DueAt) {
				answeredLate++
			}
			before := told.At
			for _, a := range told.Acts {
				if !a.At.After(before) || !a.At.Before(day.Start()) {
					t.Errorf("%s, %s: %s at %s after %s", day, told.Intake.Subject, a.Step, a.At, before)
				}
				before = a.At
			}
		}
		for _, s := range feedback.Statuses {
			if at[s] == 0 {
				t.Errorf("%s: no case is %s", day, s)
			}
		}
		if overdue != 1 || answeredLate != 1 {
			t.Errorf("%s: %d overdue, %d answered late", day, overdue, answeredLate)
		}
	}
}

// TestDossiersOfAnyDay: every day is a working day in its order, some are overdue,
// and the apology comes when it is due.
func TestDossiersOfAnyDay(t *testing.T) {
	r := rules(t)
	for _, day := range []catalogue.Date{"2026-01-01", "2026-02-18", "2026-06-30", "2026-12-06", "2027-03-15"} {
		m := &maker{at: r.Catalogue, today: day}
		m.calendar(r.Calendar)
		m.dossiers()
		overdue, codes := 0, map[string]bool{}
		for _, d := range m.out.Dossiers {
			codes[d.Code] = true
			days := []catalogue.Date{d.ReceivedOn, d.DueOn, d.ReturnedOn, d.ApologyOn, d.PromisedOn}
			if slices.ContainsFunc(days, func(x catalogue.Date) bool { return x != "" && !r.Calendar.Working(x) }) ||
				d.ReceivedOn >= day || d.ReturnedOn > day || d.ReturnedOn != "" && d.ReturnedOn < d.ReceivedOn ||
				d.ApologyOn >= day || d.ApologyOn != "" && (d.ApologyOn < d.DueOn || d.PromisedOn <= d.DueOn) {
				t.Fatalf("%s: %+v", day, d)
			}
			if d.ReturnedOn == "" && d.DueOn < day {
				overdue++
			}
		}
		if len(codes) != len(m.out.Dossiers) || overdue < 3 || overdue > 60 {
			t.Errorf("%s: %d codes of %d, %d overdue", day, len(codes), len(m.out.Dossiers), overdue)
		}
	}
}

func TestTasksOfAnyDay(t *testing.T) {
	r := rules(t)
	for day := catalogue.Date("2026-01-01"); day < "2027-04-01"; day = day.AddDays(3) {
		m := &maker{at: r.Catalogue, today: day}
		m.calendar(r.Calendar)
		m.tasks()
		late := 0
		for _, x := range m.out.Tasks {
			if x.DoneAt.IsZero() && x.Sheet.Due < day {
				late++
			}
			before := x.OpenedAt
			for _, p := range x.Proofs {
				if p.At.Before(before) || p.At.After(day.Start()) || !x.DoneAt.IsZero() && p.At.After(x.DoneAt) {
					t.Errorf("%s: %s at %s", day, p.Text, p.At)
				}
				before = p.At
			}
			if catalogue.DateOf(x.OpenedAt) > x.Sheet.Due || x.DoneAt.After(day.Start()) || x.To >= catalogue.DateOf(x.OpenedAt) {
				t.Errorf("%s: %s: opened %s, due %s, done %s, measured to %s", day, x.Sheet.What, x.OpenedAt, x.Sheet.Due, x.DoneAt, x.To)
			}
		}
		if late != 1 {
			t.Errorf("%s: %d tasks are over their day", day, late)
		}
	}
}

// TestSameMomentSameYear: a year that was cut off is made again as it was, and
// nobody in it is real: no phone number can be dialled.
func TestSameMomentSameYear(t *testing.T) {
	d, err := seeds.Load()
	if err != nil {
		t.Fatal(err)
	}
	r, now := rules(t), time.Date(2026, 6, 30, 9, 0, 0, 0, catalogue.Zone)
	one, two := Make(&d.Questionnaires[serviceForm(d)], r, now), Make(&d.Questionnaires[serviceForm(d)], r, now)
	if len(one.Responses) != len(two.Responses) || one.Responses[len(one.Responses)-1].ID != two.Responses[len(two.Responses)-1].ID ||
		!slices.Equal(one.Dossiers, two.Dossiers) || len(one.Cases) != len(two.Cases) {
		t.Error("two years of one moment differ")
	}
	for _, c := range one.Cases {
		if p := c.Intake.Contact.Phone; c.Intake.Contact.Email != "" || p != "" && p[:5] != "0000 " {
			t.Errorf("%s: %+v", c.Intake.Subject, c.Intake.Contact)
		}
	}
}

func serviceForm(d seeds.Data) int {
	for i := range d.Questionnaires {
		if d.Questionnaires[i].Ref() == "dich-vu@1" {
			return i
		}
	}
	return -1
}
