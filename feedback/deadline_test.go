package feedback_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/seeds"
)

// shipped returns the rules as the program is delivered.
func shipped(t testing.TB) *feedback.Rules {
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

func term(t testing.TB, r *feedback.Rules, id string) *feedback.Term {
	t.Helper()
	for _, x := range r.Terms() {
		if x.ID == id {
			return &x
		}
	}
	t.Fatalf("no term %s", id)
	return nil
}

// handCase is one case of testdata/deadlines.txt.
type handCase struct {
	name, term, counting string
	line                 int
	starts               feedback.Start
	start                time.Time
	pauses               []feedback.Pause
	extensions           []int
	due                  catalogue.Date
	missing              []int
}

var (
	sectionLine = regexp.MustCompile(`^== .+ \[([a-z-]+)\]$`)
	dayText     = regexp.MustCompile(`^(Thứ Hai|Thứ Ba|Thứ Tư|Thứ Năm|Thứ Sáu|Thứ Bảy|Chủ nhật) (\d\d/\d\d/\d{4})(?: (\d\d:\d\d))?$`)
	pauseText   = regexp.MustCompile(`^(\d\d/\d\d/\d{4}) đến (\d\d/\d\d/\d{4})$`)
	weekdays    = []string{"Chủ nhật", "Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy"}
)

// day reads "Thứ Hai 20/01/2025 08:00" and holds the weekday to the date.
func day(t *testing.T, line int, text string) time.Time {
	t.Helper()
	m := dayText.FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("deadlines.txt:%d: %q", line, text)
	}
	clock := m[3]
	if clock == "" {
		clock = "08:00"
	}
	at, err := time.ParseInLocation("02/01/2006 15:04", m[2]+" "+clock, catalogue.Zone)
	if err != nil || weekdays[at.Weekday()] != m[1] {
		t.Fatalf("deadlines.txt:%d: %q is no such day (%v)", line, text, err)
	}
	return at
}

func handCases(t *testing.T) []handCase {
	t.Helper()
	f, err := os.Open("testdata/deadlines.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var list []handCase
	section := ""
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		switch m := sectionLine.FindStringSubmatch(line); {
		case line == "" || line[0] == '#':
			continue
		case m != nil:
			section = m[1]
			continue
		case line[0] != ' ':
			list = append(list, handCase{name: line, term: section, line: n})
			continue
		}
		c := &list[len(list)-1]
		key, text, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "nhận":
			c.start, c.starts = day(t, n, text), feedback.FromReceipt
		case "thụ lý":
			c.start, c.starts = day(t, n, text), feedback.FromAcceptance
		case "hạn":
			c.due = catalogue.DateOf(day(t, n, text))
		case "chờ":
			m := pauseText.FindStringSubmatch(text)
			if m == nil {
				t.Fatalf("deadlines.txt:%d: %q", n, text)
			}
			from, _ := time.ParseInLocation("02/01/2006 15:04", m[1]+" 09:00", catalogue.Zone)
			to, _ := time.ParseInLocation("02/01/2006 15:04", m[2]+" 17:00", catalogue.Zone)
			c.pauses = append(c.pauses, feedback.Pause{From: from, To: to})
		case "gia hạn":
			days, err := strconv.Atoi(strings.TrimSuffix(text, " ngày"))
			if err != nil {
				t.Fatalf("deadlines.txt:%d: %v", n, err)
			}
			c.extensions = append(c.extensions, days)
		case "báo":
			year, _ := strconv.Atoi(strings.TrimPrefix(text, "năm "))
			c.missing = append(c.missing, year)
		case "đếm":
			c.counting = text
		default:
			t.Fatalf("deadlines.txt:%d: %q", n, line)
		}
	}
	return list
}

// TestDeadlinesWorkedOutByHand holds the program to a file that was counted by
// hand, the way in which each day was counted included.
func TestDeadlinesWorkedOutByHand(t *testing.T) {
	rules := shipped(t)
	cases := handCases(t)
	if len(cases) < 60 {
		t.Fatalf("only %d cases", len(cases))
	}
	for _, c := range cases {
		t.Run(fmt.Sprintf("%d %s", c.line, c.name), func(t *testing.T) {
			term := term(t, rules, c.term)
			if term.Starts != c.starts {
				t.Errorf("the term starts at %s", term.Starts)
			}
			due := term.Due(c.start, c.pauses, c.extensions, rules.Calendar)
			if due.On() != c.due {
				t.Errorf("due %s, by hand %s:%s", due.On(), c.due, explain(due))
			}
			if want := c.due.AddDays(1).Start().Add(-time.Second); !due.At.Equal(want) || due.At.Format("15:04:05Z07:00") != "23:59:59+07:00" {
				t.Errorf("due at %s", due.At)
			}
			if !slices.Equal(due.Missing, c.missing) {
				t.Errorf("years not known: %v, by hand %v", due.Missing, c.missing)
			}
			checkExplained(t, due, term, c.extensions)
			if term.Counts == feedback.WorkingDays {
				checkCounting(t, due, c)
			}
		})
	}
}

var countedText = regexp.MustCompile(`(\d+)(?:–(\d+))?/(\d+) \((\d+)(?:–(\d+))?\)`)

// checkCounting compares the line "đếm" of the file with the days counted.
func checkCounting(t *testing.T, due feedback.Due, c handCase) {
	t.Helper()
	var byHand, counted []string
	for _, m := range countedText.FindAllStringSubmatch(c.counting, -1) {
		number := func(s, otherwise string) int {
			if s == "" {
				s = otherwise
			}
			n, _ := strconv.Atoi(s)
			return n
		}
		from, to, first, last := number(m[1], ""), number(m[2], m[1]), number(m[4], ""), number(m[5], m[4])
		if to-from != last-first {
			t.Errorf("deadlines.txt:%d: %s does not add up", c.line, m[0])
		}
		for i := range to - from + 1 {
			byHand = append(byHand, fmt.Sprintf("%d/%s (%d)", from+i, m[3], first+i))
		}
	}
	for _, d := range due.Days {
		if d.Counted {
			at := d.On.Start()
			counted = append(counted, fmt.Sprintf("%d/%d (%d)", at.Day(), at.Month(), d.N))
		}
	}
	if !slices.Equal(byHand, counted) {
		t.Errorf("by hand %v\nprogram %v", byHand, counted)
	}
}

// checkExplained holds what every explanation promises: each day from the start
// to the due day, once, in order; as many counted as the term has; each with a
// reason that fits.
func checkExplained(t *testing.T, due feedback.Due, term *feedback.Term, extensions []int) {
	t.Helper()
	want := term.Days
	for _, n := range extensions {
		want += n
	}
	counted := 0
	for i, d := range due.Days {
		if d.On != due.Days[0].On.AddDays(i) {
			t.Errorf("day %d is %s", i, d.On)
		}
		if d.Counted {
			counted++
		}
		if why := d.Why == feedback.WhyCounted || d.Why == feedback.WhyMakeup; why != d.Counted || d.Counted && d.N != counted || !d.Counted && d.N != 0 {
			t.Errorf("%s: counted %t, %s, %d", d.On, d.Counted, d.Why, d.N)
		}
		if (d.Why == feedback.WhyHoliday) != (d.Name.VI != "") {
			t.Errorf("%s: %s %q", d.On, d.Why, d.Name.VI)
		}
	}
	if counted != want {
		t.Errorf("%d days counted of %d", counted, want)
	}
	if !slices.Equal(feedback.StoredDays(due.Days), due.Days) {
		t.Error("the explanation does not come back from the store as it was")
	}
	if last := due.Days[len(due.Days)-1]; last.On != due.On() {
		t.Errorf("the explanation ends on %s", last.On)
	}
}

func explain(due feedback.Due) string {
	var b strings.Builder
	for _, d := range due.Days {
		fmt.Fprintf(&b, "\n  %s %s %s %d", d.On, d.On.Start().Weekday(), d.Why, d.N)
	}
	return b.String()
}

// TestDeadlineProperties tries thousands of terms, starts, pauses and
// extensions: never due on a day off; a later start is never due earlier; a
// pause of n working days moves a term of working days by n working days.
func TestDeadlineProperties(t *testing.T) {
	rules := shipped(t)
	cal := rules.Calendar
	r := rand.New(rand.NewPCG(2, 9))
	first := time.Date(2024, 12, 1, 0, 0, 0, 0, catalogue.Zone)
	moment := func(days int) time.Time {
		return first.AddDate(0, 0, r.IntN(days)).Add(time.Duration(r.IntN(24*60)) * time.Minute)
	}
	for range 3000 {
		term := rules.Terms()[r.IntN(len(rules.Terms()))]
		start := moment(700)
		var extensions []int
		for _, x := range term.Extensions {
			if r.IntN(2) == 0 {
				extensions = append(extensions, 1+r.IntN(x.Days))
			}
		}
		var pauses []feedback.Pause
		for at := start; r.IntN(3) > 0; {
			from := at.AddDate(0, 0, r.IntN(12))
			at = from.AddDate(0, 0, r.IntN(15))
			pauses = append(pauses, feedback.Pause{From: from, To: at})
		}
		due := term.Due(start, pauses, extensions, cal)
		checkExplained(t, due, &term, extensions)
		if !cal.Working(due.On()) {
			t.Fatalf("%s from %s is due on %s, a day off", term.ID, start, due.On())
		}
		later := term.Due(start.AddDate(0, 0, 1+r.IntN(3)), pauses, extensions, cal)
		if later.At.Before(due.At) {
			t.Fatalf("%s from %s is due %s, from a later day %s", term.ID, start, due.On(), later.On())
		}

		if !term.Pauses || term.Counts != feedback.WorkingDays {
			continue
		}
		plain := term.Due(start, nil, extensions, cal)
		asked := start.AddDate(0, 0, 1+r.IntN(len(plain.Days)-1))
		pause := feedback.Pause{From: asked, To: asked.AddDate(0, 0, r.IntN(20))}
		want := plain.On()
		for d := catalogue.DateOf(pause.From); d < catalogue.DateOf(pause.To); d = d.AddDays(1) {
			if cal.Working(d) {
				for want = want.AddDays(1); !cal.Working(want); want = want.AddDays(1) {
				}
			}
		}
		if got := term.Due(start, []feedback.Pause{pause}, extensions, cal); got.On() != want {
			t.Fatalf("%s from %s, paused %s to %s: due %s, want %s", term.ID, start, pause.From, pause.To, got.On(), want)
		}
		if t.Failed() {
			t.FailNow()
		}
	}
}

// TestPauseAfterTheLastDay: a term of calendar days that has ended on a day off
// does not end while the office waits for the citizen either.
func TestPauseAfterTheLastDay(t *testing.T) {
	rules := shipped(t)
	term := *term(t, rules, "complaint-register")
	term.Pauses = true
	at := func(day int) time.Time { return time.Date(2025, 6, day, 9, 0, 0, 0, catalogue.Zone) }
	due := term.Due(at(5), []feedback.Pause{{From: at(16), To: at(18)}}, nil, rules.Calendar) // the tenth day is Sunday 15
	if due.On() != "2025-06-18" {
		t.Errorf("due %s:%s", due.On(), explain(due))
	}
}

func TestCalendar(t *testing.T) {
	c := shipped(t).Calendar
	for day, working := range map[catalogue.Date]bool{
		"2025-01-24": true, "2025-01-25": false, "2025-02-02": false, "2025-02-03": true,
		"2025-04-26": true, "2025-05-03": false, "2025-05-02": false,
		"2026-01-10": true, "2026-01-17": false, "2026-08-22": true, "2026-08-31": false, "2026-11-24": false,
		"2025-11-24": true, // a holiday only from 2026
		"2030-01-01": true, // a year that nobody knows of yet
		"2030-01-05": false,
	} {
		if c.Working(day) != working {
			t.Errorf("%s working: %t", day, !working)
		}
	}
	for year, complete := range map[int]bool{2024: false, 2025: true, 2026: true, 2027: false, 2028: false} {
		if c.Complete(year) != complete {
			t.Errorf("%d complete: %t", year, !complete)
		}
	}
}

// TestNewerYearCounts: what is announced later is a further version.
func TestNewerYearCounts(t *testing.T) {
	storm := feedback.Year{Year: 2026, Version: 2, Complete: true, Off: []feedback.Holiday{{
		Name:     catalogue.Text{VI: "Bão", EN: "Storm"},
		Validity: catalogue.Validity{From: "2026-09-10", Source: "x"},
	}}}
	first := feedback.Year{Year: 2026, Version: 1, Complete: true}
	for _, list := range [][]feedback.Year{{first, storm}, {storm, first}} {
		if feedback.NewCalendar(list).Working("2026-09-10") {
			t.Error("the older version counts")
		}
	}
}

func TestTermInForce(t *testing.T) {
	rules := shipped(t)
	changed := *term(t, rules, "complaint-resolve")
	changed.From, changed.Days = "2026-07-01", 40
	ended := *term(t, rules, "complaint-resolve-remote")
	ended.ID, ended.From, ended.To, ended.Days = "trial", "2026-01-01", "2026-03-31", 50
	rules, err := feedback.NewRules(nil, append(rules.Terms(), changed, ended), rules.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		variant string
		on      catalogue.Date
		days    int
	}{
		{"", "2026-06-30", 30}, {"", "2026-07-01", 40},
		{"remote", "2025-12-31", 45}, {"remote", "2026-03-31", 50}, {"remote", "2026-04-01", 45},
		{"", "2000-01-01", 30},           // before the law: its first row, rather than none
		{"unheard-of", "2026-08-01", 40}, // no row of its own: the usual one
	} {
		got, err := rules.Term(feedback.Complaint, feedback.Resolve, tt.variant, tt.on)
		if err != nil || got.Days != tt.days {
			t.Errorf("%q on %s: %v, %v", tt.variant, tt.on, got, err)
		}
	}
	if got := rules.Variants(feedback.Complaint, "2026-08-01"); !slices.Equal(got, []string{"second", "remote", "second-remote"}) {
		t.Errorf("%v", got)
	}
}

func TestRulesWithHoles(t *testing.T) {
	rules := shipped(t)
	without := func(id string) []feedback.Term {
		return slices.DeleteFunc(rules.Terms(), func(t feedback.Term) bool { return t.ID == id })
	}
	twice := append(rules.Terms(), rules.Terms()[3])
	rival := append(rules.Terms(), rules.Terms()[3])
	rival[11].ID = "rival"
	ends := rules.Terms()
	ends[0].To = "2030-01-01"
	for name, tt := range map[string]struct {
		terms []feedback.Term
		want  string
	}{
		"no term":               {without("praise-resolve"), "invalid: terms no_term"},
		"no term to accept in":  {without("denunciation-register"), "invalid: terms no_term"},
		"a term that ends":      {ends, "invalid: terms no_term"},
		"one row twice":         {twice, "invalid: terms.11 twice"},
		"two rows for one case": {rival, "invalid: terms.11 twice"},
		"a variant may be gone": {without("complaint-resolve-remote"), ""},
	} {
		_, err := feedback.NewRules(nil, tt.terms, rules.Catalogue)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}
