package survey

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
)

// months is a store of responses by the day under whose seal they are.
type months struct {
	t        *testing.T
	segments *Segments
	people   []arrival
	at       *catalogue.Catalogue
}

func newMonths(t *testing.T, areas ...string) *months {
	t.Helper()
	var rows catalogue.Rows
	always := catalogue.Validity{From: "2020-01-01", Source: "x"}
	for _, id := range areas {
		rows.Areas = append(rows.Areas, catalogue.Area{ID: id, Name: catalogue.Text{VI: "Lĩnh vực " + id, EN: id}, Validity: always})
	}
	rows.Targets = []catalogue.Target{{Measure: catalogue.MeasureSatisfaction, Value: 9000, ID: "chung", Validity: always}}
	c, err := catalogue.New(rows)
	if err != nil {
		t.Fatal(err)
	}
	return &months{t, NewSegments(func(string) *Questionnaire { return nil }), nil, c}
}

// seal seals a day with people who answered in a month: "area channel" each.
func (m *months) seal(day catalogue.Date, people ...arrival) Seal {
	var segments []*Segment
	var ids []string
	for _, a := range people {
		a.seal = day
		m.people = append(m.people, a)
		r := &Response{ID: fmt.Sprintf("of-a-test-%05d", len(m.people)), Area: a.area, Channel: Channel(a.channel), AnsweredOn: a.answered, ReceivedAt: day.Start(), Overall: 4}
		segments = appendRow(segments, r, m.segments.forms)
		ids = append(ids, r.ID)
	}
	m.segments.close(day, segments, ids)
	return Seal{Date: day, Seal: "seal of " + string(day)}
}

func several(n int, area, channel string, month catalogue.Date) (list []arrival) {
	for range n {
		list = append(list, arrival{area: area, channel: channel, answered: month})
	}
	return list
}

var editionNow = time.Date(2026, 9, 1, 3, 0, 0, 0, time.UTC)

func (m *months) compose(from, to catalogue.Date, seal Seal, earlier ...*Edition) (*Edition, error) {
	e, err := m.segments.Compose(from, to, seal, earlier, m.at, editionNow)
	if err == nil {
		e.Number = len(earlier) + 1
	}
	return e, err
}

// shown writes an edition: areas with their responses, then the channels.
func (e *Edition) shown() string {
	text := fmt.Sprint(e.Overall.Sums.Responses, ":")
	for _, a := range e.Areas {
		text += fmt.Sprintf(" %s %d", a.ID, a.Group.Sums.Responses)
	}
	if e.Hidden > 0 {
		text += fmt.Sprintf(" (%d)", e.Hidden)
	}
	for _, c := range e.Channels {
		text += fmt.Sprintf(" %s %d", c.Channel, c.Responses)
	}
	return text
}

func TestCompose(t *testing.T) {
	const june, july = "2026-06-01", "2026-07-01"
	join := slices.Concat[[]arrival]
	for _, tt := range []struct {
		name   string
		people []arrival
		want   string
	}{
		{"all shown", join(several(9, "a", "phone", june), several(8, "b", "paper", june), several(6, "b", "phone", june)), "23: a 9 b 14 c 0 paper 8 phone 15"},
		{"a small area takes the next one along", join(several(4, "a", "phone", june), several(8, "b", "phone", june), several(9, "c", "phone", june)), "21: c 9 (2) phone 21"},
		{"two small ones that are five", join(several(4, "a", "phone", june), several(2, "b", "phone", june), several(9, "c", "phone", june)), "15: c 9 (2) phone 15"},
		{"a channel with few", join(several(9, "a", "phone", june), several(9, "b", "phone", june), several(2, "b", "paper", june)), "20: a 9 b 11 c 0"},
		{"an area that is all but one of a channel", join(several(9, "a", "phone", june), several(1, "b", "phone", june), several(9, "b", "paper", june)), "19: a 9 b 10 c 0"},
		{"another month", join(several(9, "a", "phone", june), several(9, "b", "phone", july)), "9: a 9 b 0 c 0 phone 9"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := newMonths(t, "a", "b", "c")
			e, err := m.compose(june, "2026-06-30", m.seal("2026-07-15", tt.people...))
			if err != nil || e.shown() != tt.want {
				t.Errorf("%s, %v; want %s", e.shown(), err, tt.want)
			}
			if e.Seal != "seal of 2026-07-15" || e.Through != "2026-07-15" || e.Areas[0].Name.VI == "" || e.Method != Method {
				t.Errorf("%+v", e)
			}
		})
	}
}

// TestCorrection: what came later is in a correction only if it is no single
// person whom the difference would show.
func TestCorrection(t *testing.T) {
	const june = "2026-06-01"
	for _, tt := range []struct {
		name string
		late []arrival
		want string
	}{
		{"five in one area", several(5, "a", "phone", june), "25: a 15 b 10 phone 25"},
		{"six in two areas", append(several(3, "a", "phone", june), several(3, "b", "phone", june)...), "26: (2) phone 26"},
		{"one", several(1, "a", "phone", june), "alone"},
		{"none", nil, "20: a 10 b 10 phone 20"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := newMonths(t, "a", "b")
			first, err := m.compose(june, "2026-06-30", m.seal("2026-07-01", append(several(10, "a", "phone", june), several(10, "b", "phone", june)...)...))
			if err != nil {
				t.Fatal(err)
			}
			e, err := m.compose(june, "2026-06-30", m.seal("2026-07-20", tt.late...), first)
			got := ""
			if err != nil {
				got = fault.As(err).Fields[0].Code
			} else {
				got = e.shown()
			}
			if got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
			if err == nil && e.Corrects != 1 {
				t.Errorf("it corrects %d", e.Corrects)
			}
			if first.shown() != "20: a 10 b 10 phone 20" {
				t.Errorf("the first edition is now %s", first.shown())
			}
		})
	}
}

func TestWrongPeriods(t *testing.T) {
	m := newMonths(t, "a")
	seal := m.seal("2026-07-31", several(4, "a", "phone", "2026-06-01")...)
	for period, want := range map[[2]catalogue.Date]string{
		{"2026-06-02", "2026-06-30"}: CodeMonths, {"2026-06-01", "2026-06-29"}: CodeMonths, {"2026-06-01", "2026-05-31"}: CodeMonths, {"", "x"}: CodeMonths,
		{"2026-06-01", "2026-08-31"}: CodeNotOver, {"2026-06-01", "2026-06-30"}: CodeFewPeople, {"2026-07-01", "2026-07-31"}: CodeFewPeople,
	} {
		_, err := m.compose(period[0], period[1], seal)
		if err == nil || fault.As(err).Fields[0].Code != want {
			t.Errorf("%v: %v, want %s", period, err, want)
		}
	}
}

// TestNoDifferenceIsAboutFewPeople publishes editions of months, of several
// months, and corrections, over random people, and adds and subtracts whatever is
// published in every way, person by person.
func TestNoDifferenceIsAboutFewPeople(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	published := 0
	for range 60 {
		m := newMonths(t, "a", "b", "c")
		var editions []*Edition
		for _, step := range []struct{ from, to, seal catalogue.Date }{
			{"2026-05-01", "2026-05-31", "2026-07-02"}, {"2026-05-01", "2026-06-30", "2026-07-20"}, {"2026-05-01", "2026-05-31", "2026-08-20"},
		} {
			var people []arrival
			for range random.IntN(40) {
				people = append(people, arrival{
					area: []string{"a", "a", "b", "c"}[random.IntN(4)], channel: []string{"phone", "phone", "paper"}[random.IntN(3)],
					answered: []catalogue.Date{"2026-05-01", "2026-06-01"}[random.IntN(2)],
				})
			}
			if e, err := m.compose(step.from, step.to, m.seal(step.seal, people...), editions...); err == nil {
				editions = append(editions, e)
			}
		}
		if published += len(editions); len(editions) == 0 {
			continue
		}
		d := disclosure{people: make([]int64, len(m.people))}
		for i := range m.people {
			d.people[i] = 1
		}
		for _, e := range editions {
			numbers := map[string][]int{}
			for i, a := range m.people {
				if e.counts(a) {
					for _, n := range e.numbersOf(a) {
						numbers[n] = append(numbers[n], i)
					}
				}
			}
			if len(numbers["total"]) != int(e.Overall.Sums.Responses) {
				t.Fatalf("%d people are counted, %d published", len(numbers["total"]), e.Overall.Sums.Responses)
			}
			for _, a := range e.Areas {
				if len(numbers["area "+a.ID]) != int(a.Group.Sums.Responses) {
					t.Fatalf("area %s: %d people are counted, %d published", a.ID, len(numbers["area "+a.ID]), a.Group.Sums.Responses)
				}
			}
			for _, name := range sortedKeys(numbers) {
				d.sets = append(d.sets, numbers[name])
			}
		}
		if len(d.sets) > 10 {
			d.sets = d.sets[:10] // 59,049 ways
		}
		if d.isolatesByTrying() {
			for _, e := range editions {
				t.Errorf("%s to %s: %s", e.From, e.To, e.shown())
			}
			t.Fatal("together they are about fewer than five people")
		}
	}
	if published < 80 {
		t.Errorf("only %d editions: a poor test", published)
	}
}
