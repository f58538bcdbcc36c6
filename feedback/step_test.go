package feedback_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"sipas/feedback"
	"sipas/internal/catalogue"
)

func due(c *feedback.Case) string {
	return string(c.Clock.Stage) + " " + string(catalogue.DateOf(c.DueAt))
}

// onDay returns nine in the morning of a day in March 2026, or later with days
// above 31.
func onDay(day int) time.Time { return time.Date(2026, 3, day, 9, 0, 0, 0, catalogue.Zone) }

// at moves an action to a moment of its own.
func at(when time.Time, do action) action {
	return func(c *feedback.Case, _ time.Time) (feedback.Event, error) { return do(c, when) }
}

func TestClockFollowsTheLawOfTheKind(t *testing.T) {
	r := shipped(t)
	for _, tt := range []struct {
		name string
		kind feedback.Kind
		do   []action
		want string
	}{
		{"petition", feedback.Petition, nil, "resolve 2026-03-23"},
		{"complaint", feedback.Complaint, nil, "register 2026-03-12"},
		{"denunciation", feedback.Denunciation, nil, "register 2026-03-11"},
		{"petition that is one", feedback.Petition, []action{
			doing(r, feedback.Classify, desk, feedback.StepInput{Kind: feedback.Petition}),
		}, "resolve 2026-03-23"},
		{"petition that is a complaint, found days later", feedback.Petition, []action{
			at(onDay(5), doing(r, feedback.Classify, desk, feedback.StepInput{Kind: feedback.Complaint})),
		}, "register 2026-03-12"},
		{"complaint that is a petition after all", feedback.Complaint, []action{
			doing(r, feedback.Classify, inspection, feedback.StepInput{Kind: feedback.Petition}),
		}, "resolve 2026-03-23"},
		{"petition that is a denunciation", feedback.Petition, []action{
			doing(r, feedback.Classify, office, feedback.StepInput{Kind: feedback.Denunciation}),
		}, "register 2026-03-11"},
		{"accepted complaint", feedback.Complaint, []action{
			doing(r, feedback.Classify, inspection, feedback.StepInput{Kind: feedback.Complaint}),
			at(onDay(6), doing(r, feedback.Accept, inspection, feedback.StepInput{})),
		}, "resolve 2026-04-06"}, // 6/3 and 30 days are Sunday 5/4
		{"accepted second complaint of a remote area", feedback.Complaint, []action{
			doing(r, feedback.Classify, inspection, feedback.StepInput{Kind: feedback.Complaint}),
			doing(r, feedback.Accept, inspection, feedback.StepInput{Variant: "second-remote"}),
		}, "resolve 2026-05-04"}, // 2/3 and 60 days are 1/5
		{"denunciation given to those who verify it", feedback.Denunciation, []action{
			doing(r, feedback.Classify, inspection, feedback.StepInput{Kind: feedback.Denunciation}),
			at(onDay(6), doing(r, feedback.Assign, inspection, feedback.StepInput{Unit: inspect})),
		}, "resolve 2026-04-06"},
		{"denunciation given to them once more", feedback.Denunciation, []action{
			doing(r, feedback.Classify, inspection, feedback.StepInput{Kind: feedback.Denunciation}),
			at(onDay(6), doing(r, feedback.Assign, inspection, feedback.StepInput{Unit: inspect})),
			at(onDay(9), doing(r, feedback.Assign, inspection, feedback.StepInput{Unit: inspect})),
		}, "resolve 2026-04-06"},
		{"complaint that is given to a unit before it is accepted", feedback.Complaint, []action{
			doing(r, feedback.Classify, inspection, feedback.StepInput{Kind: feedback.Complaint}),
			doing(r, feedback.Assign, inspection, feedback.StepInput{Unit: land}),
		}, "register 2026-03-12"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := walk(t, r, received(t, r, tt.kind), tt.do...)
			if got := due(c); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
			last := c.Clock.Days[len(c.Clock.Days)-1].On
			if last != catalogue.DateOf(c.DueAt) || !c.Events[len(c.Events)-1].DueAt.Equal(c.DueAt) {
				t.Errorf("the explanation ends on %s, the event says %s", last, c.Events[len(c.Events)-1].DueAt)
			}
			if accepted := c.Clock.Stage == feedback.Resolve && tt.kind.Named() && c.Kind == tt.kind; accepted != !c.AcceptedAt.IsZero() {
				t.Errorf("accepted at %s", c.AcceptedAt)
			}
			if why := c.Clock.Days[0].Why; (why == feedback.WhyAcceptance) == c.AcceptedAt.IsZero() {
				t.Errorf("the first day is not counted because of %s", why)
			}
		})
	}
}

// TestFieldsOfSteps names everything that has to be mended.
func TestFieldsOfSteps(t *testing.T) {
	r := shipped(t)
	plain := func(in *feedback.Intake) {}
	aboutLand := func(in *feedback.Intake) { in.About.Unit = land }
	aboutDesk := func(in *feedback.Intake) { in.About.Desk = "quay-dat-dai" } // run by the registry
	long := strings.Repeat("ă", 10_001)
	for _, tt := range []struct {
		name  string
		kind  feedback.Kind
		sent  func(*feedback.Intake)
		step  feedback.Step
		in    feedback.StepInput
		wants string
	}{
		{"no kind", feedback.Petition, plain, feedback.Classify, feedback.StepInput{}, "invalid: kind required"},
		{"unknown kind", feedback.Petition, plain, feedback.Classify, feedback.StepInput{Kind: "report"}, "invalid: kind choice"},
		{"variant of no such law", feedback.Petition, plain, feedback.Classify, feedback.StepInput{Kind: feedback.Petition, Variant: "remote"}, "invalid: variant unknown"},
		{"no unit", feedback.Petition, plain, feedback.Assign, feedback.StepInput{}, "invalid: unit required"},
		{"unknown unit", feedback.Petition, plain, feedback.Assign, feedback.StepInput{Unit: "phong-mo"}, "invalid: unit unknown"},
		{"the unit it is about", feedback.Petition, aboutLand, feedback.Assign, feedback.StepInput{Unit: land}, "invalid: unit case_about_unit"},
		{"the unit whose desk it is about", feedback.Petition, aboutDesk, feedback.Assign, feedback.StepInput{Unit: registry}, "invalid: unit case_about_unit"},
		{"a unit beside the one it is about", feedback.Petition, aboutLand, feedback.Assign, feedback.StepInput{Unit: registry}, ""},
		{"a denunciation outside the inspection", feedback.Denunciation, plain, feedback.Assign, feedback.StepInput{Unit: land}, "invalid: unit inspection_only"},
		{"no question", feedback.Petition, plain, feedback.Ask, feedback.StepInput{Note: "hỏi gì đó"}, "invalid: message required"},
		{"spaces for an answer", feedback.Petition, plain, feedback.Answer, feedback.StepInput{Message: " \n\u0000 "}, "invalid: message required"},
		{"no reason", feedback.Complaint, plain, feedback.Refuse, feedback.StepInput{}, "invalid: message required"},
		{"nowhere to go", feedback.Petition, plain, feedback.Transfer, feedback.StepInput{}, "invalid: to required, message required"},
		{"long name of an office", feedback.Petition, plain, feedback.Transfer, feedback.StepInput{To: long[:402], Message: "x"}, "invalid: to too_long"},
		{"long note and message", feedback.Petition, plain, feedback.Answer, feedback.StepInput{Note: long, Message: long}, "invalid: note too_long, message too_long"},
		{"longest message", feedback.Petition, plain, feedback.Answer, feedback.StepInput{Message: long[2:]}, ""},
		{"fields of other steps", feedback.Petition, plain, feedback.Answer,
			feedback.StepInput{Message: "x", Kind: feedback.Petition, Unit: land, Until: "2026-04-01", To: "x", Apology: true},
			"invalid: kind not_in_step, unit not_in_step, until not_in_step, apology not_in_step, to not_in_step"},
		{"a note and a message with any step", feedback.Petition, plain, feedback.Withdraw, feedback.StepInput{Note: "x", Message: "y"}, ""},
		{"unknown step", feedback.Petition, plain, "burn", feedback.StepInput{}, "invalid: step choice"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := walk(t, r, received(t, r, tt.kind, tt.sent), doing(r, feedback.Classify, inspection, feedback.StepInput{Kind: tt.kind}))
			_, err := c.Next(tt.step, inspection, tt.in, r, noon.Add(2*time.Hour))
			if got := message(err); got != tt.wants {
				t.Errorf("got %q, want %q", got, tt.wants)
			}
		})
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// assigned returns a petition, received on 2 March 2026 and due on the 23rd,
// that a unit works on.
func assigned(t *testing.T, r *feedback.Rules, kind feedback.Kind) *feedback.Case {
	return walk(t, r, received(t, r, kind),
		doing(r, feedback.Classify, inspection, feedback.StepInput{Kind: kind}),
		doing(r, feedback.Assign, inspection, feedback.StepInput{Unit: land}))
}

func TestExtensions(t *testing.T) {
	r := shipped(t)
	petition := assigned(t, r, feedback.Petition)
	asked := walk(t, r, petition, at(onDay(10), doing(r, feedback.Ask, unit, feedback.StepInput{Message: "Thửa nào?"})))
	askedLate := walk(t, r, petition, at(onDay(25), doing(r, feedback.Ask, unit, feedback.StepInput{Message: "Thửa nào?"})))
	once := walk(t, r, petition, at(onDay(20), doing(r, feedback.Extend, office, feedback.StepInput{Until: "2026-03-30", Message: "x"})))
	complaint := walk(t, r, received(t, r, feedback.Complaint),
		doing(r, feedback.Classify, inspection, feedback.StepInput{Kind: feedback.Complaint}),
		doing(r, feedback.Accept, inspection, feedback.StepInput{}), // due 1 April
		doing(r, feedback.Assign, inspection, feedback.StepInput{Unit: land}))
	for _, tt := range []struct {
		name  string
		c     *feedback.Case
		when  time.Time
		until catalogue.Date
		want  string
	}{
		{"by five working days", petition, onDay(20), "2026-03-30", ""},
		{"on the last day", petition, onDay(23), "2026-03-24", ""},
		{"after the last day", petition, onDay(24), "2026-03-30", "invalid: until extended_late"},
		{"as far as it goes", petition, onDay(20), "2026-04-13", ""},
		{"too far", petition, onDay(20), "2026-04-14", "invalid: until extended_too_far"},
		{"to a Saturday", petition, onDay(20), "2026-03-28", "invalid: until until_day_off"},
		{"to a holiday", petition, onDay(20), "2026-04-27", "invalid: until until_day_off"},
		{"to the due day", petition, onDay(20), "2026-03-23", "invalid: until until_past"},
		{"into the past", petition, onDay(20), "2026-03-03", "invalid: until until_past"},
		{"to no day", petition, onDay(20), "2026-02-30", "invalid: until date"},
		{"a second time", once, onDay(25), "2026-03-31", "invalid: until extended_enough"},
		{"while waiting, as if the reply came now", asked, onDay(12), "2026-03-26", ""}, // 10, 11 do not count: due 25
		{"while waiting, when the term would be over", asked, onDay(30), "2026-04-15", ""},
		{"asked after the term was over", askedLate, onDay(26), "2026-03-30", "invalid: until extended_late"},
		{"a complaint by fifteen calendar days", complaint, onDay(30), "2026-04-16", ""},
		{"a complaint by sixteen", complaint, onDay(30), "2026-04-17", "invalid: until extended_too_far"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e, err := tt.c.Next(feedback.Extend, office, feedback.StepInput{Until: tt.until, Message: "Cần xác minh thêm."}, r, tt.when)
			if got := message(err); got != tt.want {
				t.Fatalf("got %q, want %q", got, tt.want)
			}
			if err == nil && (catalogue.DateOf(e.After().DueAt) != tt.until || e.Until != tt.until || len(e.After().Clock.Extensions) != 1) {
				t.Errorf("due %s, the event says %s", e.After().DueAt, e.Until)
			}
		})
	}
}

// TestApology: a late case gets a new appointment, told with an apology, and
// stays late.
func TestApology(t *testing.T) {
	r := shipped(t)
	c := assigned(t, r, feedback.Petition)
	in := feedback.StepInput{Until: "2026-05-04", Apology: true, Message: "Xin lỗi ông/bà vì chậm trễ."}
	c = walk(t, r, c, at(onDay(25), doing(r, feedback.Extend, office, in)))
	if due(c) != "resolve 2026-03-23" || !c.Overdue(onDay(25)) || c.Apology.Until != "2026-05-04" || !c.Apology.At.Equal(onDay(25)) {
		t.Errorf("%s, %+v", due(c), c.Apology)
	}
	if e := c.Events[len(c.Events)-1]; !e.Apology || e.Until != "2026-05-04" || len(c.Clock.Extensions) != 0 {
		t.Errorf("%+v", e)
	}
	early := walk(t, r, assigned(t, r, feedback.Petition), at(onDay(20), doing(r, feedback.Extend, office, in)))
	if due(early) != "resolve 2026-03-23" || early.Apology.Until != "2026-05-04" {
		t.Errorf("before it was late: %s, %+v", due(early), early.Apology)
	}
	in.Until = "2026-03-25"
	if _, err := c.Next(feedback.Extend, office, in, r, onDay(25)); message(err) != "invalid: until until_past" {
		t.Errorf("for today: %v", err)
	}
}

func TestWaitingForTheSender(t *testing.T) {
	r := shipped(t)
	ask := doing(r, feedback.Ask, unit, feedback.StepInput{Message: "Thửa đất nào, tờ bản đồ nào?"})
	c := walk(t, r, assigned(t, r, feedback.Petition), at(onDay(10), ask))
	if c.Status != feedback.Waiting || c.State() != feedback.Paused || due(c) != "resolve 2026-03-23" {
		t.Fatalf("%s, %s, %s", c.Status, c.State(), due(c))
	}
	if c.Overdue(onDay(60)) {
		t.Error("late while the sender is asked")
	}

	back := walk(t, r, c, at(onDay(13), replying(r, "  Thửa 12,\r\ntờ 5 ")))
	// 10, 11 and 12 March do not count.
	if back.Status != feedback.Assigned || due(back) != "resolve 2026-03-26" || back.State() != feedback.Running {
		t.Errorf("after the reply: %s, %s", back.Status, due(back))
	}
	if e := back.Events[len(back.Events)-1]; e.Message != "Thửa 12,\ntờ 5" || e.By != (feedback.Actor{}) || e.Step != feedback.Reply {
		t.Errorf("%+v", e)
	}
	again := walk(t, r, back, at(onDay(16), replying(r, "Tôi gửi thêm.")))
	if again.Status != feedback.Assigned || due(again) != "resolve 2026-03-26" || len(again.Pauses) != 1 {
		t.Errorf("a message that was not asked for: %s, %s", again.Status, due(again))
	}

	answered := walk(t, r, c, at(onDay(40), doing(r, feedback.Answer, unit, feedback.StepInput{Message: "Đã có kết quả."})))
	if answered.Status != feedback.Answered || answered.AnsweredAt.After(answered.DueAt) {
		t.Errorf("answered while waiting: %s, due %s", answered.Status, due(answered))
	}

	front := walk(t, r, received(t, r, feedback.Petition),
		doing(r, feedback.Classify, desk, feedback.StepInput{Kind: feedback.Petition}),
		doing(r, feedback.Ask, desk, feedback.StepInput{Message: "?"}), replying(r, "!"))
	if front.Status != feedback.Classified {
		t.Errorf("a reply to the desk leads to %s", front.Status)
	}

	complaint := walk(t, r, received(t, r, feedback.Complaint),
		doing(r, feedback.Classify, inspection, feedback.StepInput{Kind: feedback.Complaint}),
		doing(r, feedback.Accept, inspection, feedback.StepInput{}),
		at(onDay(10), doing(r, feedback.Ask, inspection, feedback.StepInput{Message: "?"})))
	if complaint.State() != feedback.Running || !complaint.Overdue(onDay(33)) {
		t.Errorf("a complaint waits: %s, %s", complaint.State(), due(complaint))
	}
	if complaint = walk(t, r, complaint, at(onDay(20), replying(r, "!"))); due(complaint) != "resolve 2026-04-01" || complaint.Status != feedback.Accepted {
		t.Errorf("a complaint goes on: %s, %s", complaint.Status, due(complaint))
	}
}

func TestReplies(t *testing.T) {
	r := shipped(t)
	c := assigned(t, r, feedback.Petition)
	for text, want := range map[string]string{
		"": "invalid: message required", " \n ": "invalid: message required",
		strings.Repeat("ộ", 4001): "invalid: message too_long", strings.Repeat("ộ", 4000): "",
	} {
		if _, err := c.Reply(text, r, onDay(3)); message(err) != want {
			t.Errorf("%.20q: %v", text, err)
		}
	}
	for _, status := range []feedback.Status{feedback.Answered, feedback.Closed, feedback.Refused, feedback.Transferred, feedback.Withdrawn} {
		if _, err := in(t, r, feedback.Petition, status).Reply("Sao rồi?", r, onDay(3)); !errors.Is(err, feedback.ErrMessage) {
			t.Errorf("%s: %v", status, err)
		}
	}
}

// TestPublicationTakesTwo: nothing is public that one officer alone has read.
func TestPublicationTakesTwo(t *testing.T) {
	r := shipped(t)
	answered := walk(t, r, assigned(t, r, feedback.Petition), doing(r, feedback.Answer, unit, feedback.StepInput{Message: "Đã cấp giấy."}))
	publish := func(o feedback.Officer, words string) action {
		return doing(r, feedback.Publish, o, feedback.StepInput{Message: words})
	}
	c := walk(t, r, answered, publish(office, ""))
	if c.Publication.Public() || c.Publication.Text != "Đã cấp giấy." || c.Status != feedback.Answered {
		t.Fatalf("proposed: %+v", c.Publication)
	}
	if _, err := publish(office, "")(c, onDay(4)); !errors.Is(err, feedback.ErrSecondPerson) {
		t.Errorf("confirmed by the same person: %v", err)
	}
	both := walk(t, r, c, publish(inspection, ""))
	if p := both.Publication; !p.Public() || p.By != office.Account || p.ConfirmedBy != inspection.Account {
		t.Errorf("confirmed: %+v", p)
	}
	if _, err := publish(office, "")(both, onDay(4)); !errors.Is(err, feedback.ErrPublished) {
		t.Errorf("a third time: %v", err)
	}
	if other := walk(t, r, c, publish(inspection, "Đã giải quyết.")); other.Publication.Public() || other.Publication.By != inspection.Account {
		t.Errorf("other words are a new proposal: %+v", other.Publication)
	}
	if other := walk(t, r, both, publish(office, "Khác.")); other.Publication.Public() {
		t.Error("published words were changed by one person")
	}

	asked := func(o feedback.Officer, question, words string) action {
		return doing(r, feedback.Publish, o, feedback.StepInput{Question: question, Message: words})
	}
	c = walk(t, r, answered, asked(office, "Bao giờ có giấy?", "Đã cấp."))
	if p := walk(t, r, c, asked(inspection, "", "")).Publication; !p.Public() || p.Question != "Bao giờ có giấy?" || p.Text != "Đã cấp." {
		t.Errorf("with a question: %+v", p)
	}
	if p := walk(t, r, c, asked(inspection, "Khi nào có giấy?", "Đã cấp.")).Publication; p.Public() || p.Question != "Khi nào có giấy?" {
		t.Errorf("another question is a new proposal: %+v", p)
	}
	if p := walk(t, r, c, asked(inspection, "", "Đã cấp.")).Publication; p.Public() || p.Question != "" {
		t.Errorf("so is none: %+v", p)
	}
	if _, err := asked(office, strings.Repeat("x", 1001), "Đã cấp.")(answered, onDay(4)); message(err) != "invalid: question too_long" {
		t.Errorf("a long question: %v", err)
	}

	closed := walk(t, r, both, doing(r, feedback.Close, office, feedback.StepInput{}))
	back := walk(t, r, closed, doing(r, feedback.Unpublish, office, feedback.StepInput{Note: "có tên người"}))
	if back.Publication != (feedback.Publication{}) {
		t.Errorf("taken back: %+v", back.Publication)
	}
	if _, err := back.Next(feedback.Unpublish, office, feedback.StepInput{}, r, onDay(4)); !errors.Is(err, feedback.ErrNotPublished) {
		t.Errorf("taken back twice: %v", err)
	}
	if again := walk(t, r, closed, doing(r, feedback.Reopen, office, feedback.StepInput{})); again.Publication != (feedback.Publication{}) {
		t.Error("an answer that no longer stands is public")
	}

	shy := *answered
	shy.Publish = false
	if _, err := publish(office, "")(&shy, onDay(4)); message(err) != "invalid: message required" {
		t.Errorf("the answer itself, though the sender did not agree: %v", err)
	}
	if _, err := publish(office, "Sở đã rà soát và cấp giấy.")(&shy, onDay(4)); err != nil {
		t.Errorf("words of an officer: %v", err)
	}
}

func TestReopening(t *testing.T) {
	r := shipped(t)
	reopen := doing(r, feedback.Reopen, office, feedback.StepInput{Note: "sai"})
	answer := doing(r, feedback.Answer, inspection, feedback.StepInput{Message: "x"})
	classify := func(k feedback.Kind) action {
		return doing(r, feedback.Classify, inspection, feedback.StepInput{Kind: k})
	}
	for _, tt := range []struct {
		name string
		kind feedback.Kind
		do   []action
		want string
	}{
		{"with its unit", feedback.Petition, []action{classify(feedback.Petition),
			doing(r, feedback.Assign, desk, feedback.StepInput{Unit: land}), answer, at(onDay(16), reopen)}, "assigned resolve 2026-04-06"},
		{"without a unit", feedback.Petition, []action{classify(feedback.Petition), answer, at(onDay(16), reopen)}, "classified resolve 2026-04-06"},
		{"transferred at once", feedback.Petition, []action{
			doing(r, feedback.Transfer, desk, feedback.StepInput{To: "x", Message: "x"}), at(onDay(16), reopen)}, "received resolve 2026-04-06"},
		{"refused complaint", feedback.Complaint, []action{classify(feedback.Complaint),
			doing(r, feedback.Refuse, inspection, feedback.StepInput{Message: "x"}), at(onDay(16), reopen)}, "classified register 2026-03-26"},
		{"accepted complaint", feedback.Complaint, []action{classify(feedback.Complaint),
			doing(r, feedback.Accept, inspection, feedback.StepInput{}), answer, at(onDay(16), reopen)}, "accepted resolve 2026-04-15"},
		{"and classified otherwise", feedback.Petition, []action{classify(feedback.Petition), answer, at(onDay(16), reopen),
			at(onDay(18), classify(feedback.Complaint))}, "classified register 2026-03-26"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := walk(t, r, received(t, r, tt.kind), tt.do...)
			if got := string(c.Status) + " " + due(c); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
			if !c.EndedAt.IsZero() || !c.AnsweredAt.IsZero() || c.Clock.Days[0].Why != feedback.WhyReopening {
				t.Errorf("ended %s, answered %s, %s", c.EndedAt, c.AnsweredAt, c.Clock.Days[0].Why)
			}
		})
	}
}

func TestRating(t *testing.T) {
	r := shipped(t)
	answered := walk(t, r, assigned(t, r, feedback.Petition), at(onDay(10), doing(r, feedback.Answer, unit, feedback.StepInput{Message: "Đã cấp."})))
	ok := feedback.RatingInput{Solved: feedback.SolvedPartly, Level: 3, Comment: "Còn một thửa."}
	for _, tt := range []struct {
		name string
		c    *feedback.Case
		in   feedback.RatingInput
		when time.Time
		want string
	}{
		{"partly", answered, ok, onDay(11), ""},
		{"nothing", answered, feedback.RatingInput{}, onDay(11), "invalid: solved required, rating range"},
		{"unknown word", answered, feedback.RatingInput{Solved: "perhaps", Level: 6}, onDay(11), "invalid: solved choice, rating range"},
		{"a novel", answered, feedback.RatingInput{Solved: feedback.SolvedNo, Level: 1, Comment: strings.Repeat("a", 4001)}, onDay(11), "invalid: comment too_long"},
		{"solved and reopened", answered, feedback.RatingInput{Solved: feedback.SolvedYes, Level: 5, Reopen: true}, onDay(11), "invalid: reopen reopen_solved"},
		{"before there is an answer", assigned(t, r, feedback.Petition), ok, onDay(11), "rating_not_now"},
		{"withdrawn", in(t, r, feedback.Petition, feedback.Withdrawn), ok, onDay(11), "rating_not_now"},
		{"reopened on the last day", answered, feedback.RatingInput{Solved: feedback.SolvedNo, Level: 1, Reopen: true}, onDay(40), ""},
		{"reopened a day later", answered, feedback.RatingInput{Solved: feedback.SolvedNo, Level: 1, Reopen: true}, onDay(41), "reopen_too_late"},
		{"rated late", answered, ok, onDay(300), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e, err := tt.c.Rate(tt.in, r, tt.when)
			if got := message(err); got != tt.want {
				t.Fatalf("got %q, want %q", got, tt.want)
			}
			if err != nil {
				return
			}
			c := e.After()
			if c.Rating.Solved != tt.in.Solved || c.Rating.Level != tt.in.Level || c.Rating.Comment != tt.in.Comment {
				t.Errorf("%+v", c.Rating)
			}
			if reopened := c.Status == feedback.Assigned && e.Step == feedback.Reopen; reopened != tt.in.Reopen {
				t.Errorf("%s, %s", e.Step, c.Status)
			}
		})
	}
}

// TestOldVersionIsRefused: who has not seen the last step takes none.
func TestOldVersionIsRefused(t *testing.T) {
	r := shipped(t)
	c := assigned(t, r, feedback.Petition)
	for version, want := range map[int]error{0: nil, c.Version(): nil, c.Version() - 1: feedback.ErrStale, c.Version() + 1: feedback.ErrStale} {
		_, err := c.Next(feedback.Answer, unit, feedback.StepInput{Version: version, Message: "x"}, r, onDay(3))
		if !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("version %d: %v", version, err)
		}
	}
}

// TestNextChangesNothing: of two steps tried on one case neither sees the other,
// and the case stays as it was.
func TestNextChangesNothing(t *testing.T) {
	r := shipped(t)
	c := walk(t, r, assigned(t, r, feedback.Petition), doing(r, feedback.Ask, unit, feedback.StepInput{Message: "?"}))
	for name, do := range map[string]func(words string, until catalogue.Date) action{
		"answer": func(words string, _ catalogue.Date) action {
			return doing(r, feedback.Answer, unit, feedback.StepInput{Message: words})
		},
		"reply": func(words string, _ catalogue.Date) action { return replying(r, words) },
		"extend": func(words string, until catalogue.Date) action {
			return doing(r, feedback.Extend, office, feedback.StepInput{Until: until, Message: words})
		},
	} {
		// Slices with room, as they are when something was appended before.
		c.Pauses, c.Clock.Extensions = make([]feedback.Pause, 0, 4), make([]int, 0, 4)
		c.Events = slices.Grow(c.Events, 4)
		before := *c
		first, err := do("một", "2026-04-13")(c, onDay(12))
		if err != nil {
			t.Fatal(err)
		}
		kept := fmt.Sprintf("%+v", *first.After())
		if _, err := do("hai", "2026-04-10")(c, onDay(13)); err != nil {
			t.Fatal(err)
		}
		if now := fmt.Sprintf("%+v", *first.After()); now != kept {
			t.Errorf("%s: the second try has written into the first:\n%s\n%s", name, kept, now)
		}
		if !reflect.DeepEqual(before, *c) {
			t.Errorf("%s changed the case", name)
		}
	}
}

func TestFullCase(t *testing.T) {
	r := shipped(t)
	c := assigned(t, r, feedback.Petition)
	words := strings.Repeat("ộ", 10_000) // 30,000 bytes
	for range 400 {
		e, err := c.Next(feedback.Assign, office, feedback.StepInput{Unit: land, Note: words}, r, onDay(3))
		if errors.Is(err, feedback.ErrFull) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		c = e.After()
	}
	t.Error("a case takes words without end")
}
