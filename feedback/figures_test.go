package feedback_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/internal/fault"
)

// ledger makes a store with the cases of March 2026 that the figures below were
// counted from by hand. Days above 31 are days of April.
func ledger(t *testing.T) *site {
	o := openSite(t)
	in := func(do action, day int) action { return at(onDay(day), do) }
	r := o.Rules()
	step := func(day int, s feedback.Step, who feedback.Officer, in feedback.StepInput) action {
		return at(onDay(day), doing(r, s, who, in))
	}
	classified := func(day int, k feedback.Kind) action {
		return step(day, feedback.Classify, inspection, feedback.StepInput{Kind: k})
	}
	given := func(day int, unit string) action {
		return step(day, feedback.Assign, inspection, feedback.StepInput{Unit: unit})
	}
	answered := func(day int) action {
		return step(day, feedback.Answer, inspection, feedback.StepInput{Message: "Đã cấp."})
	}
	rated := func(day int, s feedback.Solved) action {
		return in(func(c *feedback.Case, now time.Time) (feedback.Event, error) {
			return c.Rate(feedback.RatingInput{Solved: s, Level: 3}, r, now)
		}, day)
	}
	for i, x := range []struct {
		what string
		kind feedback.Kind
		day  int // of receipt; a petition of the 2nd is due on the 23rd
		area string
		do   []action
	}{
		{"answered on the 18th day, in time", feedback.Petition, 2, "dat-dai",
			[]action{classified(3, feedback.Petition), given(3, land), answered(20), rated(21, feedback.SolvedYes)}},
		{"a day late, nobody apologised: 22 days", feedback.Petition, 2, "dat-dai",
			[]action{classified(3, feedback.Petition), given(3, land), answered(24), rated(25, feedback.SolvedNo)}},
		{"late, with an apology before it: 23 days", feedback.Petition, 3, "moi-truong",
			[]action{classified(3, feedback.Petition), given(3, registry),
				step(24, feedback.Extend, office, feedback.StepInput{Until: "2026-04-01", Message: "Sở xin lỗi.", Apology: true}), answered(26)}},
		{"due on the 25th, and two days of waiting later: in time, 23 days", feedback.Petition, 4, "dat-dai",
			[]action{classified(5, feedback.Petition), given(5, land),
				step(10, feedback.Ask, inspection, feedback.StepInput{Message: "Thửa nào?"}), in(replying(r, "Thửa 5"), 12), answered(27)}},
		{"asked, and no reply", feedback.Question, 5, "moi-truong",
			[]action{classified(6, feedback.Question), step(6, feedback.Ask, inspection, feedback.StepInput{Message: "Ở đâu?"})}},
		{"refused in writing after 5 days", feedback.Complaint, 5, "",
			[]action{classified(6, feedback.Complaint), step(10, feedback.Refuse, inspection, feedback.StepInput{Message: "Đã quá thời hiệu."})}},
		{"transferred after 3 days", feedback.Petition, 6, "",
			[]action{step(9, feedback.Transfer, office, feedback.StepInput{To: "Sở Xây dựng", Message: "Mời liên hệ Sở Xây dựng."})}},
		{"withdrawn", feedback.Praise, 9, "", []action{step(10, feedback.Withdraw, office, feedback.StepInput{})}},
		{"due on the 30th, and nothing", feedback.Petition, 9, "dat-dai", nil},
		{"has just come", feedback.Petition, 30, "moi-truong", []action{classified(31, feedback.Petition), given(31, land)}},
		{"late, reopened, and then answered the next day: late, 25 days", feedback.Petition, 2, "dat-dai",
			[]action{classified(3, feedback.Petition), given(3, registry), answered(25),
				step(26, feedback.Reopen, office, feedback.StepInput{}), answered(27), rated(28, feedback.SolvedPartly)}},
		{"a denunciation that is late", feedback.Denunciation, 2, "dat-dai",
			[]action{classified(3, feedback.Denunciation), step(6, feedback.Assign, inspection, feedback.StepInput{Unit: inspect})}},
		{"a denunciation, answered after 4 days", feedback.Denunciation, 3, "dat-dai",
			[]action{classified(4, feedback.Denunciation), answered(7)}},
		{"a petition that is a denunciation", feedback.Petition, 4, "dat-dai", []action{classified(5, feedback.Denunciation)}},
		{"the day before", feedback.Petition, 1, "dat-dai", nil},
		{"the month after", feedback.Petition, 32, "dat-dai", nil},
	} {
		sent := keyed(x.kind, i)
		sent.Area = x.area
		d, err := feedback.New(sent, r, onDay(x.day))
		if err != nil {
			t.Fatal(err)
		}
		receipt, err := o.Add(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		for _, do := range x.do {
			c, err := o.Case(t.Context(), inspection, receipt.Case.Code)
			if err != nil {
				t.Fatalf("%s: %v", x.what, err)
			}
			e, err := do(c, noon)
			if err == nil {
				_, err = o.Apply(t.Context(), c, e)
			}
			if err != nil {
				t.Fatalf("%s: %v", x.what, err)
			}
		}
	}
	return o
}

// line writes a figure as the tables below do.
func line(f feedback.Figure) string {
	median := "-"
	if days, ok := f.MedianDays(); ok {
		median = fmt.Sprint(days)
	}
	return fmt.Sprintf("%s: %d received; %d in time, %d late (%d with apology); %d running, %d overdue, %d waiting, %d withdrawn; %s days; solved %d/%d/%d",
		f.Key, f.Received, f.OnTime, f.Late, f.Apologised, f.Running, f.Overdue, f.Waiting, f.Withdrawn, median, f.Yes, f.Partly, f.No)
}

func TestFiguresCountedByHand(t *testing.T) {
	o := ledger(t)
	march := feedback.FigureQuery{From: "2026-03-02", To: "2026-03-31"}
	const all = ": 11 received; 4 in time, 3 late (1 with apology); 1 running, 1 overdue, 1 waiting, 1 withdrawn; 22 days; solved 1/1/1"
	for _, tt := range []struct {
		name string
		who  feedback.Officer
		q    feedback.FigureQuery
		want []string // overall first
	}{
		{"all together", office, march, []string{all}},
		{"by kind", leader, feedback.FigureQuery{From: march.From, To: march.To, By: feedback.ByKind}, []string{all,
			"petition: 8 received; 3 in time, 3 late (1 with apology); 1 running, 1 overdue, 0 waiting, 0 withdrawn; 22.5 days; solved 1/1/1",
			"complaint: 1 received; 1 in time, 0 late (0 with apology); 0 running, 0 overdue, 0 waiting, 0 withdrawn; 5 days; solved 0/0/0",
			"question: 1 received; 0 in time, 0 late (0 with apology); 0 running, 0 overdue, 1 waiting, 0 withdrawn; - days; solved 0/0/0",
			"praise: 1 received; 0 in time, 0 late (0 with apology); 0 running, 0 overdue, 0 waiting, 1 withdrawn; - days; solved 0/0/0",
		}},
		{"by unit", inspection, feedback.FigureQuery{From: march.From, To: march.To, By: feedback.ByUnit}, []string{all,
			land + ": 4 received; 2 in time, 1 late (0 with apology); 1 running, 0 overdue, 0 waiting, 0 withdrawn; 22 days; solved 1/0/1",
			registry + ": 2 received; 0 in time, 2 late (1 with apology); 0 running, 0 overdue, 0 waiting, 0 withdrawn; 24 days; solved 0/1/0",
			": 5 received; 2 in time, 0 late (0 with apology); 0 running, 1 overdue, 1 waiting, 1 withdrawn; 4 days; solved 0/0/0",
		}},
		{"by area", office, feedback.FigureQuery{From: march.From, To: march.To, By: feedback.ByArea}, []string{all,
			"dat-dai: 5 received; 2 in time, 2 late (0 with apology); 0 running, 1 overdue, 0 waiting, 0 withdrawn; 22.5 days; solved 1/1/1",
			"moi-truong: 3 received; 0 in time, 1 late (1 with apology); 1 running, 0 overdue, 1 waiting, 0 withdrawn; 23 days; solved 0/0/0",
			": 3 received; 2 in time, 0 late (0 with apology); 0 running, 0 overdue, 0 waiting, 1 withdrawn; 4 days; solved 0/0/0",
		}},
		{"by month, without a period", office, feedback.FigureQuery{By: feedback.ByMonth, Kind: feedback.Petition}, []string{
			": 10 received; 3 in time, 3 late (1 with apology); 2 running, 2 overdue, 0 waiting, 0 withdrawn; 22.5 days; solved 1/1/1",
			"2026-03: 9 received; 3 in time, 3 late (1 with apology); 1 running, 2 overdue, 0 waiting, 0 withdrawn; 22.5 days; solved 1/1/1",
			"2026-04: 1 received; 0 in time, 0 late (0 with apology); 1 running, 0 overdue, 0 waiting, 0 withdrawn; - days; solved 0/0/0",
		}},
		{"one day", office, feedback.FigureQuery{From: "2026-03-30", To: "2026-03-30"}, []string{
			": 1 received; 0 in time, 0 late (0 with apology); 1 running, 0 overdue, 0 waiting, 0 withdrawn; - days; solved 0/0/0"}},
		{"to the end of days", office, feedback.FigureQuery{From: "2026-04-01", To: "9999-12-31"}, []string{
			": 1 received; 0 in time, 0 late (0 with apology); 1 running, 0 overdue, 0 waiting, 0 withdrawn; - days; solved 0/0/0"}},
		{"a day without cases", office, feedback.FigureQuery{From: "2026-03-29", To: "2026-03-29", By: feedback.ByKind}, []string{
			": 0 received; 0 in time, 0 late (0 with apology); 0 running, 0 overdue, 0 waiting, 0 withdrawn; - days; solved 0/0/0"}},
		{"denunciations, for the inspection that asks for them", inspection, feedback.FigureQuery{From: march.From, To: march.To, Kind: feedback.Denunciation, By: feedback.ByUnit}, []string{
			": 3 received; 1 in time, 0 late (0 with apology); 1 running, 1 overdue, 0 waiting, 0 withdrawn; 4 days; solved 0/0/0",
			inspect + ": 1 received; 0 in time, 0 late (0 with apology); 1 running, 0 overdue, 0 waiting, 0 withdrawn; - days; solved 0/0/0",
			": 2 received; 1 in time, 0 late (0 with apology); 0 running, 1 overdue, 0 waiting, 0 withdrawn; 4 days; solved 0/0/0",
		}},
		{"the administrator reads no case", admin, march, []string{
			": 0 received; 0 in time, 0 late (0 with apology); 0 running, 0 overdue, 0 waiting, 0 withdrawn; - days; solved 0/0/0"}},
		{"a unit counts its own", unit, march, []string{
			": 4 received; 2 in time, 1 late (0 with apology); 1 running, 0 overdue, 0 waiting, 0 withdrawn; 22 days; solved 1/0/1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := o.Figures(t.Context(), tt.who, tt.q, onDay(32))
			if err != nil {
				t.Fatal(err)
			}
			got := []string{line(f.Overall)}
			for _, g := range f.Groups {
				got = append(got, line(g))
				if sum := g.OnTime + g.Late + g.Running + g.Overdue + g.Waiting + g.Withdrawn; sum != g.Received {
					t.Errorf("%s: the parts are %d of %d", g.Key, sum, g.Received)
				}
			}
			if a, b := strings.Join(got, "\n"), strings.Join(tt.want, "\n"); a != b {
				t.Errorf("got\n%s\nwant\n%s", a, b)
			}
		})
	}
}

// TestNoTotalTellsOfDenunciations: whatever an office or leader asks for is the
// same with denunciations in the store and without them.
func TestNoTotalTellsOfDenunciations(t *testing.T) {
	o := openSite(t)
	add := func(kind feedback.Kind, i int) {
		o.add(t, keyed(kind, i))
	}
	add(feedback.Petition, 1)
	ask := func() (s string) {
		for _, who := range []feedback.Officer{office, leader, inspection} {
			for _, by := range append([]feedback.Dimension{""}, feedback.Dimensions...) {
				f, err := o.Figures(t.Context(), who, feedback.FigureQuery{By: by}, onDay(3))
				if err != nil {
					t.Fatal(err)
				}
				s += fmt.Sprintf("%+v\n", *f)
			}
		}
		return s
	}
	before := ask()
	for i := range 3 {
		add(feedback.Denunciation, 10+i)
	}
	if after := ask(); after != before {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
}

// TestWhoeverIsNamedCountsNothingOfIt: a case that an officer is not told of is
// in no figure that they get.
func TestWhoeverIsNamedCountsNothingOfIt(t *testing.T) {
	o := openSite(t)
	in := intake(feedback.Petition)
	in.About.Officer = "bà Trần Thị Lãnh Đạo"
	o.add(t, in)
	named := leader
	named.Name = "Trần Thị Lãnh Đạo"
	for _, tt := range []struct {
		who  feedback.Officer
		want int
	}{{leader, 1}, {named, 0}} {
		f, err := o.Figures(t.Context(), tt.who, feedback.FigureQuery{}, onDay(3))
		if err != nil || f.Overall.Received != tt.want {
			t.Errorf("%q: %+v, %v", tt.who.Name, f, err)
		}
	}
}

// TestNotInTheFiguresOfTheUnitItIsAbout: a case that lies with the unit that it
// is about, which no step leads to, is not its work.
func TestNotInTheFiguresOfTheUnitItIsAbout(t *testing.T) {
	c := received(t, shipped(t), feedback.Petition, func(in *feedback.Intake) { in.About.Unit = land })
	c.Unit = land
	f := feedback.Tabulate([]*feedback.Case{c}, feedback.ByUnit, noon)
	if len(f.Groups) != 1 || f.Groups[0].Key != "" || f.Overall.Received != 1 {
		t.Errorf("%+v", f)
	}
}

func TestQuestionsThatCannotBeAnswered(t *testing.T) {
	o := openSite(t)
	for _, tt := range []struct {
		name  string
		who   feedback.Officer
		q     feedback.FigureQuery
		wants string
	}{
		{"no days", office, feedback.FigureQuery{From: "2026-02-30", To: "x"}, "from date, to date"},
		{"backwards", office, feedback.FigureQuery{From: "2026-03-02", To: "2026-03-01"}, "to before_from"},
		{"a dimension that is none", office, feedback.FigureQuery{By: "officer"}, "by choice"},
		{"a kind that is none", inspection, feedback.FigureQuery{Kind: "report"}, "kind choice"},
		{"denunciations, for the office", office, feedback.FigureQuery{Kind: feedback.Denunciation, By: "x"}, "by choice, kind choice"},
		{"denunciations, for leaders", leader, feedback.FigureQuery{Kind: feedback.Denunciation}, "kind choice"},
	} {
		_, err := o.Figures(t.Context(), tt.who, tt.q, noon)
		var got []string
		for _, f := range fault.As(err).Fields {
			got = append(got, f.Name+" "+f.Code)
			if s := fmt.Sprint(f.Args...); tt.who.Role != feedback.RoleInspection && strings.Contains(s, "denunciation") {
				t.Errorf("%s: tells of denunciations: %s", tt.name, s)
			}
		}
		if strings.Join(got, ", ") != tt.wants {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// TestManyPagesOfFigures counts more cases than one page of the store has.
func TestManyPagesOfFigures(t *testing.T) {
	r := shipped(t)
	o := openSite(t)
	const n = 450
	for i := range n {
		d, err := feedback.New(keyed(feedback.Petition, i), r, onDay(2+i%20))
		if err == nil {
			_, err = o.Add(t.Context(), d)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	f, err := o.Figures(t.Context(), office, feedback.FigureQuery{From: catalogue.Date("2026-03-02")}, onDay(3))
	if err != nil || f.Overall.Received != n {
		t.Errorf("%+v, %v", f, err)
	}
}

// TestAnApologyIsForOneAnswer: each answer that is late needs an apology of its
// own, before it.
func TestAnApologyIsForOneAnswer(t *testing.T) {
	due := onDay(3)
	event := func(step feedback.Step, day int) feedback.Event {
		return feedback.Event{Step: step, At: onDay(day), DueAt: due, Apology: step == feedback.Extend}
	}
	const extend, answer, reopen = feedback.Extend, feedback.Answer, feedback.Reopen
	for _, tt := range []struct {
		name   string
		events []feedback.Event
		want   string
	}{
		{"in time", []feedback.Event{event(answer, 3)}, "0 0"},
		{"in time, with a needless apology", []feedback.Event{event(extend, 2), event(answer, 3)}, "0 0"},
		{"late", []feedback.Event{event(answer, 4)}, "1 0"},
		{"late, with an apology", []feedback.Event{event(extend, 3), event(answer, 4)}, "1 1"},
		{"an apology after the answer", []feedback.Event{event(answer, 4), event(extend, 5)}, "1 0"},
		{"twice late, one apology first", []feedback.Event{event(extend, 3), event(answer, 4), event(reopen, 4), event(answer, 5)}, "1 0"},
		{"twice late, one apology later", []feedback.Event{event(answer, 4), event(reopen, 4), event(extend, 4), event(answer, 5)}, "1 0"},
		{"twice late, two apologies", []feedback.Event{event(extend, 3), event(answer, 4), event(reopen, 4), event(extend, 4), event(answer, 5)}, "1 1"},
		{"late, then in time", []feedback.Event{event(answer, 4), event(reopen, 2), event(answer, 3)}, "1 0"},
	} {
		c := &feedback.Case{Status: feedback.Answered, ReceivedAt: onDay(2), AnsweredAt: onDay(5), Events: tt.events}
		f := feedback.Tabulate([]*feedback.Case{c}, "", onDay(9)).Overall
		if got := fmt.Sprint(f.Late, f.Apologised); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}
