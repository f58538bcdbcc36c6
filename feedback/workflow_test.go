package feedback_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"sipas/feedback"
	"sipas/internal/catalogue"
)

const (
	land     = "phong-quan-ly-dat-dai"
	registry = "van-phong-dang-ky-dat-dai"
	inspect  = "thanh-tra-so"
)

var (
	noon = time.Date(2026, 3, 2, 12, 0, 0, 0, catalogue.Zone) // a Monday

	desk       = feedback.Officer{Account: "mot-cua-1", Role: feedback.RoleDesk, Desk: "quay-tra-ket-qua"}
	unit       = feedback.Officer{Account: "dat-dai-1", Role: feedback.RoleUnit, Unit: land}
	inspection = feedback.Officer{Account: "thanh-tra-1", Role: feedback.RoleInspection, Unit: inspect}
	office     = feedback.Officer{Account: "van-phong-1", Role: feedback.RoleOffice}
	leader     = feedback.Officer{Account: "lanh-dao-1", Role: feedback.RoleLeader}
	admin      = feedback.Officer{Account: "quan-tri-1", Role: feedback.RoleAdmin}
)

// intake is one that is taken as it is.
func intake(kind feedback.Kind) feedback.Intake {
	return feedback.Intake{
		Key: "kBz3kGqUUvDFgyBB", Kind: kind, Subject: "Sổ đỏ chậm", Content: "Nộp hồ sơ từ tháng trước mà chưa có kết quả.",
		Area: "dat-dai", Contact: feedback.Contact{Name: "Lê Thị Hoa", Phone: "0905 123 456"}, Consent: true, Publish: true,
	}
}

// received returns a case that was received at noon.
func received(t testing.TB, r *feedback.Rules, kind feedback.Kind, change ...func(*feedback.Intake)) *feedback.Case {
	t.Helper()
	in := intake(kind)
	for _, f := range change {
		f(&in)
	}
	d, err := feedback.New(in, r, noon)
	if err != nil {
		t.Fatal(err)
	}
	return d.Case()
}

// walk takes steps one after the other, an hour apart, and returns the case.
func walk(t testing.TB, r *feedback.Rules, c *feedback.Case, steps ...func(*feedback.Case, time.Time) (feedback.Event, error)) *feedback.Case {
	t.Helper()
	for i, step := range steps {
		e, err := step(c, noon.Add(time.Duration(i+1)*time.Hour))
		if err != nil {
			t.Fatalf("step %d in status %s: %v", i, c.Status, err)
		}
		c = e.After()
	}
	return c
}

type action = func(*feedback.Case, time.Time) (feedback.Event, error)

// doing returns an action of an officer.
func doing(r *feedback.Rules, step feedback.Step, o feedback.Officer, in feedback.StepInput) action {
	return func(c *feedback.Case, now time.Time) (feedback.Event, error) { return c.Next(step, o, in, r, now) }
}

// replying is the sender's.
func replying(r *feedback.Rules, message string) action {
	return func(c *feedback.Case, now time.Time) (feedback.Event, error) { return c.Reply(message, r, now) }
}

// in returns a case of the kind in the status, taken in by the desk and assigned
// to the unit, however it may have got there.
func in(t testing.TB, r *feedback.Rules, kind feedback.Kind, status feedback.Status) *feedback.Case {
	t.Helper()
	c := received(t, r, kind, func(in *feedback.Intake) { in.Taken = feedback.Taken{Account: desk.Account, Desk: desk.Desk} })
	c.Status, c.Unit, c.AcceptedAt, c.AnsweredAt = status, land, noon, noon
	if status == feedback.Waiting {
		c.Before, c.WaitingAt = feedback.Assigned, noon
	}
	c.Publication = feedback.Publication{Text: "Đã cấp giấy.", By: "somebody else", At: noon}
	if status == feedback.Accepted || status == feedback.Assigned || status == feedback.Waiting {
		if term, err := r.Term(kind, feedback.Resolve, "", "2026-03-02"); err != nil {
			t.Fatal(err)
		} else {
			c.Clock.Term = term.Ref()
		}
	}
	return c
}

// input returns fields with which the step can be taken.
func input(r *feedback.Rules, c *feedback.Case, step feedback.Step, o feedback.Officer) feedback.StepInput {
	in := feedback.StepInput{Note: "ghi chú"}
	switch step {
	case feedback.Classify:
		in.Kind = c.Kind
	case feedback.Assign:
		in.Unit = registry
		if c.Kind == feedback.Denunciation {
			in.Unit = o.Unit
		}
	case feedback.Extend:
		in.Message = "Cần thêm thời gian xác minh."
		for in.Until = catalogue.DateOf(c.DueAt).AddDays(1); !r.Calendar.Working(in.Until); {
			in.Until = in.Until.AddDays(1)
		}
	case feedback.Transfer:
		in.To, in.Message = "Sở Xây dựng", "Nội dung thuộc thẩm quyền của Sở Xây dựng."
	case feedback.Ask, feedback.Answer, feedback.Refuse:
		in.Message = "Xin ông/bà cho biết thêm."
	}
	return in
}

// table reads testdata/steps.txt: steps by kind, officer and status, and where a
// step leads.
func table(t *testing.T) (steps map[string][]string, leads map[string]string) {
	t.Helper()
	b, err := os.ReadFile("testdata/steps.txt")
	if err != nil {
		t.Fatal(err)
	}
	steps, leads = map[string][]string{}, map[string]string{}
	var kinds []string
	role := ""
	for n, line := range strings.Split(string(b), "\n") {
		switch {
		case line == "" || line[0] == '#':
		case strings.HasPrefix(line, "== "):
			kinds = strings.Split(line[3:], ", ")
		case strings.HasPrefix(line, "-- "):
			role = line[3:]
			for _, k := range kinds {
				steps[k+" | "+role] = nil
			}
		default:
			key, list, ok := strings.Cut(line, ": ")
			if !ok {
				t.Fatalf("steps.txt:%d: %q", n+1, line)
			}
			if kinds[0] == "leads to" {
				leads[key] = list
				continue
			}
			for _, k := range kinds {
				steps[k+" | "+role+" | "+key] = strings.Fields(list)
			}
		}
	}
	return steps, leads
}

var everyStep = []feedback.Step{
	feedback.Classify, feedback.Accept, feedback.Refuse, feedback.Assign, feedback.Ask, feedback.Extend, feedback.Answer,
	feedback.Transfer, feedback.Close, feedback.Reopen, feedback.Withdraw, feedback.Publish, feedback.Unpublish,
}

// TestEveryStep tries every step of every officer in every status of every kind
// against a table that was written by hand.
func TestEveryStep(t *testing.T) {
	rules := shipped(t)
	steps, leads := table(t)
	otherDesk := feedback.Officer{Account: "mot-cua-2", Role: feedback.RoleDesk, Desk: "quay-dat-dai"}
	officers := []struct {
		names []string // of its block, the first that the kind has
		o     feedback.Officer
	}{
		{[]string{"desk, own intake", "desk"}, desk}, {[]string{"desk, of somebody else", "desk"}, otherDesk},
		{[]string{"unit"}, unit}, {[]string{"inspection"}, inspection}, {[]string{"office"}, office},
		{[]string{"none"}, leader}, {[]string{"none"}, admin}, {[]string{"none"}, feedback.Officer{Role: "stranger"}},
	}
	tried := 0
	for _, kind := range feedback.Kinds {
		for _, status := range feedback.Statuses {
			for _, x := range officers {
				block := string(kind) + " | " + x.names[0]
				if _, ok := steps[block]; !ok && len(x.names) > 1 {
					block = string(kind) + " | " + x.names[1]
				}
				c := in(t, rules, kind, status)
				want := steps[block+" | "+string(status)]
				name := fmt.Sprintf("%s %s %s", kind, status, x.o.Account)
				if got := feedback.Allowed(c, x.o); !sameSteps(got, want) {
					t.Errorf("%s: may %v, the table says %v", name, got, want)
				}
				for _, step := range everyStep {
					tried++
					e, err := c.Next(step, x.o, input(rules, c, step, x.o), rules, noon.Add(time.Hour))
					allowed := slices.Contains(want, string(step))
					if (err == nil) != allowed {
						t.Errorf("%s, %s: %v, the table says %t", name, step, err, allowed)
						continue
					}
					if err != nil {
						checkRefusal(t, name, step, err, want)
						continue
					}
					next := feedback.Status(leads[string(step)])
					if next == "same" {
						next = status
					}
					if after := e.After(); after.Status != next || e.Status != next || after.Version() != c.Version()+1 {
						t.Errorf("%s, %s: leads to %s, the table says %s", name, step, after.Status, next)
					}
				}
			}
		}
	}
	if tried != 5*10*8*13 {
		t.Errorf("%d combinations", tried)
	}
}

func sameSteps(got []feedback.Step, want []string) bool {
	var names []string
	for _, s := range got {
		names = append(names, string(s))
	}
	slices.Sort(names)
	want = slices.Sorted(slices.Values(want))
	return slices.Equal(names, want)
}

// checkRefusal: whoever sees nothing is told nothing, a role that never takes
// the step is told so, and all others what they may do now.
func checkRefusal(t *testing.T, name string, step feedback.Step, err error, allowed []string) {
	t.Helper()
	var now *feedback.StepError
	switch {
	case errors.Is(err, feedback.ErrNoCase):
		if len(allowed) > 0 {
			t.Errorf("%s, %s: told that there is no case", name, step)
		}
	case errors.Is(err, feedback.ErrRole):
	case errors.As(err, &now):
		if !sameSteps(now.Allowed, allowed) {
			t.Errorf("%s, %s: told that %v is allowed, not %v", name, step, now.Allowed, allowed)
		}
	default:
		t.Errorf("%s, %s: %v", name, step, err)
	}
}
