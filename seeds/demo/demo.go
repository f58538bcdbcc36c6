// Package demo makes sample data: a year at an invented one-stop desk, so that
// a newcomer sees the program with life in it. The same seed and day always
// make the same year. None of it is a measurement of anybody.
package demo

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/internal/dossier"
	"sipas/survey"
)

// Year is the sample: links, answers with their free texts, one change of the
// catalogue in the middle, dossiers, cases, and improvement tasks.
type Year struct {
	Links     []survey.Link
	Responses []survey.Response
	Comments  []string // of each response, "" for none
	Renamed   catalogue.Rows
	Dossiers  []dossier.Dossier
	Cases     []Case
	Tasks     []Task
}

// area is how an area is made to look. The figures are invented, so that every
// verdict there is can be seen.
type area struct {
	id       string
	weight   int     // of 1,000 answers
	mood     float64 // the mean of what people think, 0 being between neutral and satisfied
	dossiers int     // of a year
	late     int     // of 10,000 dossiers
}

var areas = []area{
	{land, 560, 1.1, 22_500, 70}, {security, 110, 2.7, 5_600, 50}, {environment, 90, 2.5, 3_700, 90}, {building, 80, 2.3, 3_300, 75},
	{investment, 50, 1.6, 2_100, 120}, {minerals, 40, 0.9, 1_500, 290}, {maps, 36, 2.3, 1_500, 80}, {water, 30, 1.55, 1_150, 100},
	{"bien-hai-dao", 4, 2.3, 180, 60}, {weather, 0, 1.4, 45, 0},
}

const (
	answers    = 24_000
	tooFew     = 14 // of the last area
	burst      = 45 // answers in two minutes through one tablet
	profiled   = 35 // of 100 say something of themselves
	commented  = 12 // of 100 write something
	onlyRating = 30 // of 100 stop after the first question
)

// maker is one run of the generator.
type maker struct {
	random *rand.Rand
	form   *survey.Questionnaire
	at     *catalogue.Catalogue
	today  catalogue.Date
	out    Year

	days    []catalogue.Date // working days around today
	todayAt int              // the first of them that is not before today
	listed  map[string][]catalogue.Procedure
}

// Make makes the twelve months up to now. The same moment makes the same.
func Make(form *survey.Questionnaire, r *feedback.Rules, now time.Time) Year {
	m := &maker{random: rand.New(rand.NewPCG(165, 2023)), form: form, at: r.Catalogue, today: catalogue.DateOf(now)}
	m.calendar(r.Calendar)
	m.links()
	m.renamed()
	total := 0
	for _, a := range areas {
		total += a.weight
	}
	for range answers {
		n := m.random.IntN(total)
		for _, a := range areas {
			if n -= a.weight; n < 0 {
				m.answer(a, m.moment(now))
				break
			}
		}
	}
	for range tooFew {
		m.answer(areas[len(areas)-1], m.moment(now))
	}
	m.burst()
	m.named()
	m.dossiers()
	m.cases()
	m.tasks()
	return m.out
}

// calendar lists the working days from before the first dossier of the year to
// after the last term that runs.
func (m *maker) calendar(c *feedback.Calendar) {
	for day := m.today.AddDays(-420); day < m.today.AddDays(120); day = day.AddDays(1) {
		if c.Working(day) {
			m.days = append(m.days, day)
		}
	}
	m.todayAt, _ = slices.BinarySearch(m.days, m.today)
}

// workday is the working day so many before today.
func (m *maker) workday(ago int) catalogue.Date { return m.days[m.todayAt-ago] }

func (m *maker) links() {
	created := m.today.AddDays(-370).Start().UTC()
	desks := m.at.Desks(m.today)
	kinds := []survey.Kind{survey.KindCounter, survey.KindKiosk, survey.KindPaper}
	for d, desk := range desks {
		for k, kind := range kinds {
			m.out.Links = append(m.out.Links, survey.Link{
				Code: fmt.Sprintf("mau%c%c%c%c%c", 'a'+d, 'a'+k, 'm', 'a', 'u'), Kind: kind, Desk: desk.ID,
				Title: "Mẫu · " + desk.Name.VI, CreatedAt: created, CreatedBy: "demo",
			})
		}
	}
}

// renamed gives a unit another name half a year ago, as a merger does: figures
// of before keep the old one.
func (m *maker) renamed() {
	m.out.Renamed.Units = []catalogue.Unit{{
		ID: landDivision, Name: catalogue.Text{VI: "Phòng Đất đai (tên mẫu sau sắp xếp)", EN: "Land Division (sample name after reorganisation)"},
		Validity: catalogue.Validity{From: m.today.AddDays(-180), Source: "Dữ liệu mẫu, không phải quyết định thật"},
	}}
}

// moment is a time of a working day in the last year, most within office hours.
func (m *maker) moment(now time.Time) time.Time {
	for {
		day := m.today.AddDays(-m.random.IntN(365))
		start := day.Start()
		_, working := slices.BinarySearch(m.days, day)
		if saturday := start.Weekday() == time.Saturday; !working && (!saturday || m.random.IntN(10) > 0) {
			continue
		}
		minute := 7*60 + 30 + m.random.IntN(9*60+30)
		if m.random.IntN(12) == 0 {
			minute = 18*60 + m.random.IntN(4*60)
		}
		at := start.Add(time.Duration(minute)*time.Minute + time.Duration(m.random.IntN(60_000))*time.Millisecond)
		if at.Before(now.Add(-time.Minute)) {
			return at.UTC()
		}
	}
}

// answer is one citizen: how the visit went as a whole, then each criterion
// around it.
func (m *maker) answer(a area, at time.Time) {
	link := m.out.Links[m.linkIndex(a.id)]
	mood := a.mood + 1.35*m.random.NormFloat64() + 0.0006*float64(365+catalogue.DateOf(at).Days()-m.today.Days())
	r := m.base(link, at)
	r.Area = a.id
	if list := m.procedures(a.id); len(list) > 0 {
		p := list[m.random.IntN(len(list))]
		r.Procedure, r.Unit = p.ID, p.Unit
	}
	if r.Unit == "" && a.id == land {
		r.Unit = landDivision
	}
	r.Overall = m.rating(mood)
	if m.random.IntN(100) >= onlyRating {
		m.criteria(&r, mood)
	}
	if m.random.IntN(100) < profiled {
		m.profile(&r)
	}
	if m.random.IntN(16) == 0 && r.Channel != survey.ChannelPaper {
		r.Lang = "en"
	}
	if r.Channel == survey.ChannelPaper { // typed in some days later
		r.AnsweredOn = catalogue.DateOf(at).AddDays(-m.random.IntN(9))
	}
	comment := ""
	if m.random.IntN(100) < commented {
		comment = m.comment(r.Overall, r.Lang)
	}
	m.add(r, comment)
}

// linkIndex spreads answers over links: at the desks where the area is served,
// most by phone, some on the tablet, a few on paper.
func (m *maker) linkIndex(area string) int {
	desk, kind := m.random.IntN(len(m.out.Links)/3), 0
	if l := &m.out.Links[desk*3]; l.Desk == landCounter || l.Desk == natureCounter {
		desk = slices.IndexFunc(m.out.Links, func(l survey.Link) bool { return l.Desk == counter(area) }) / 3
	}
	switch n := m.random.IntN(100); {
	case n >= 93:
		kind = 2
	case n >= 68:
		kind = 1
	}
	return desk*3 + kind
}

func (m *maker) procedures(area string) []catalogue.Procedure {
	if m.listed == nil {
		m.listed = map[string][]catalogue.Procedure{}
		for _, p := range m.at.Procedures(m.today) {
			m.listed[p.Area] = append(m.listed[p.Area], p)
		}
	}
	return m.listed[area]
}

func (m *maker) base(link survey.Link, at time.Time) survey.Response {
	return survey.Response{
		ID: fmt.Sprintf("mau-%08x-%05d", m.random.Uint32(), len(m.out.Responses)), Shape: survey.ShapeVersion, Link: link.Code,
		Questionnaire: m.form.ID, QuestionnaireVersion: m.form.Version, Desk: link.Desk, Channel: link.Kind.Channel(),
		AnsweredOn: catalogue.DateOf(at), ReceivedAt: at, Lang: "vi",
	}
}

// rating turns what somebody thinks into one of the five levels.
func (m *maker) rating(mood float64) int {
	x := mood + 0.55*m.random.NormFloat64()
	switch {
	case x < -2.2:
		return 1
	case x < -1.1:
		return 2
	case x < 0:
		return 3
	case x < 1.5:
		return 4
	}
	return 5
}

// harder are criteria that people are less content with.
var harder = map[string]float64{"18": -0.35, "22": -0.5, "25": -0.4, "28": -0.75, "33": -0.3}

func (m *maker) criteria(r *survey.Response, mood float64) {
	bettered := r.Area == land && r.AnsweredOn >= m.today.AddDays(-improvedAgo)
	never := m.random.IntN(100) < 80 // most have never sent in feedback
	tired := math.Inf(1)
	if m.random.IntN(3) == 0 {
		tired = float64(4 + m.random.IntN(12)) // and stop somewhere
	}
	for i, id := range m.form.CriterionIDs() {
		switch {
		case float64(i) > tired || m.random.IntN(25) == 0:
		case never && m.form.Criterion(id).NotApplicable.VI != "":
			r.Answers = append(r.Answers, survey.Answer{Criterion: id, Rating: 0})
		default:
			felt := mood + harder[id]
			if bettered && m.ofStaff(id) {
				felt += 0.35
			}
			r.Answers = append(r.Answers, survey.Answer{Criterion: id, Rating: m.rating(felt)})
		}
	}
	for _, q := range m.form.Extra {
		if m.random.IntN(2) == 0 {
			r.Extra = append(r.Extra, survey.Choice{Question: q.ID, Option: q.Options[m.likely(len(q.Options))].ID})
		}
	}
}

// ofStaff says whether a criterion is about the staff.
func (m *maker) ofStaff(id string) bool {
	for _, f := range m.form.Factors {
		if f.ID == staffFactor {
			return slices.ContainsFunc(f.Criteria, func(c survey.Criterion) bool { return c.ID == id })
		}
	}
	return false
}

// likely picks the first of n options most of the time.
func (m *maker) likely(n int) int {
	if m.random.IntN(10) < 7 {
		return 0
	}
	return m.random.IntN(n)
}

func (m *maker) profile(r *survey.Response) {
	for _, q := range survey.ProfileQuestions {
		if m.random.IntN(4) > 0 {
			r.Profile.Set(q.ID, q.Options[m.random.IntN(len(q.Options))].ID)
		}
	}
}

// burst is what an auditor is to find: dozens of answers within two minutes
// through one tablet, all the same.
func (m *maker) burst() {
	link := m.out.Links[1]
	at := m.today.AddDays(-75).Start().Add(16*time.Hour + 20*time.Minute).UTC()
	for i := range burst {
		r := m.base(link, at.Add(time.Duration(i)*2600*time.Millisecond))
		r.Area, r.Overall = land, 5
		for _, id := range m.form.CriterionIDs() {
			r.Answers = append(r.Answers, survey.Answer{Criterion: id, Rating: 5})
		}
		r.Flags = []string{survey.FlagFast, survey.FlagUniform, survey.FlagBurst}
		m.add(r, "")
	}
}

// Named is the free text of one answer, in which somebody says who they are, and
// what of it is to be blanked, one a line.
const (
	Named     = "Tôi là Nguyễn Văn Mẫu, số máy 0000 000 199. Hồ sơ của tôi trễ bốn ngày, nhờ phòng gọi lại cho tôi."
	NamedGone = "Nguyễn Văn Mẫu\n0000 000 199"
)

func (m *maker) named() {
	r := m.base(m.out.Links[0], m.workday(6).Start().Add(10*time.Hour).UTC())
	r.Area, r.Overall = land, 3
	m.add(r, Named)
}

func (m *maker) add(r survey.Response, comment string) {
	m.out.Responses = append(m.out.Responses, r)
	m.out.Comments = append(m.out.Comments, comment)
}

func (m *maker) comment(overall int, lang string) string {
	list := comments[lang]
	switch {
	case overall >= 4:
		return list.good[m.random.IntN(len(list.good))]
	case overall == 3:
		return list.fair[m.random.IntN(len(list.fair))]
	}
	return list.bad[m.random.IntN(len(list.bad))]
}
