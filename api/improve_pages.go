package api

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/improve"
	"sipas/internal/staff"
	"sipas/survey"
	"sipas/web"
)

// weakDays is how far back figures are read for what is weak, unless somebody
// asks for other days.
const weakDays = 180

var errNoFactor = fault.New(fault.NotFound, "factor_unknown")

// improvePage shows what is weak, to those who decide what is done about it, and
// the tasks that the reader may know of.
func (s *Server) improvePage(c echo.Context) error {
	t, r, ctx := s.words(c), s.taskReader(c), c.Request().Context()
	from, to, err := readDays(c, s.today().AddDays(1-weakDays), s.today())
	var bad fault.Fields
	state := choiceOf(&bad, c.QueryParams(), "state", taskStates, taskStates[0])
	if err = join(&bad, err); err == nil {
		err = bad.Err()
	}
	tasks, e := s.improve.Tasks(ctx, r)
	if e != nil {
		return e
	}
	p := s.consolePage(c, "improve", t("improve.title"))
	p.Lead = t("improve.lead")
	if !r.All {
		p.Lead = t("improve.lead.unit")
	}
	if hasPart(c, improveEditors) {
		p.Actions = append(p.Actions, web.Action{URL: improvePath + "/moi", Text: t("improve.new"), Primary: true})
	}
	p.Actions = append(p.Actions, web.Action{URL: improvePath + "/ke-hoach", Text: t("improve.plan")})
	filter := s.improveFilter(c, r, state, from, to)
	p.Filter = &filter
	if err != nil {
		status, err := s.refill(c, &filter, c.QueryParams(), err)
		if err != nil {
			return err
		}
		return s.page(c, status, web.PageConsole, p)
	}
	if r.All {
		weak, err := s.weakTable(c, tasks, from, to)
		if err != nil {
			return err
		}
		p.Tables = append(p.Tables, weak)
	}
	p.Tables = append(p.Tables, s.taskTable(c, s.narrowTasks(c, tasks, state), t("improve.tasks")))
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

// taskStates are the choices of the list, the usual one first.
var taskStates = []string{"open", "late", "done", "dropped", "all"}

func (s *Server) improveFilter(c echo.Context, r improve.Reader, state string, from, to catalogue.Date) web.Form {
	t := s.words(c)
	states := []web.Choice{}
	for _, x := range taskStates {
		states = append(states, web.Choice{Value: x, Text: t("improve.state." + x)})
	}
	f := web.Form{Action: improvePath, Submit: t("console.filter"), Inputs: []web.Input{
		{Name: "state", Label: t("improve.state"), Type: web.InputSelect, Value: state, Options: states},
	}}
	if r.All {
		f.Inputs = append(f.Inputs,
			web.Input{Name: "unit", Label: t("improve.unit"), Type: web.InputSelect, Value: c.QueryParam("unit"), Options: s.unitChoices(c, t("improve.anyunit"))},
			web.Input{Name: "from", Label: t("improve.from"), Type: web.InputDate, Value: string(from)},
			web.Input{Name: "to", Label: t("improve.to"), Type: web.InputDate, Value: string(to)})
	}
	return f
}

// unitChoices are the units of today that can be given something, behind one
// more choice.
func (s *Server) unitChoices(c echo.Context, first string) []web.Choice {
	list := []web.Choice{{Text: first}}
	for _, u := range s.survey.Catalogue().Units(s.today()) {
		if u.ID != "so" {
			list = append(list, web.Choice{Value: u.ID, Text: u.Name.In(language(c))})
		}
	}
	return list
}

// narrowTasks keeps the tasks that the filter asks for.
func (s *Server) narrowTasks(c echo.Context, tasks []*improve.Task, state string) []*improve.Task {
	unit, duty := c.QueryParam("unit"), c.QueryParam("duty")
	return slices.DeleteFunc(slices.Clone(tasks), func(x *improve.Task) bool {
		switch {
		case unit != "" && x.Unit != unit, duty != "" && x.Duty != duty:
			return true
		case state == "late":
			return x.Status != improve.Open || x.Late(s.today()) == 0
		}
		return state != "all" && string(x.Status) != state
	})
}

func (s *Server) taskTable(c echo.Context, tasks []*improve.Task, heading string) web.Table {
	t, lang := s.words(c), language(c)
	table := web.Table{Heading: heading, Empty: t("improve.notasks"), Columns: []web.Column{
		{Text: t("improve.what")}, {Text: t("improve.about")}, {Text: t("improve.unit")}, {Text: t("improve.due")}, {Text: t("improve.status")},
		{Text: t("improve.evidence"), Right: true},
	}}
	for _, x := range tasks {
		table.Rows = append(table.Rows, web.Row{Quiet: x.Status == improve.Dropped, Cells: []web.Cell{
			{Text: beginning(x.What), URL: taskPath(x)}, {Text: orDash(s.subjectName(lang, subjectOf(x)))},
			{Text: s.valueName("unit", x.Unit, lang, s.today())}, s.dueCell(c, x), {Text: t("improve.status." + string(x.Status))},
			{Text: web.Number(lang, len(x.Evidence))},
		}})
	}
	return table
}

// weakTable lists the factors of areas that are below their target, the furthest
// first, and those that may be. Few answers are counted, and name nobody.
func (s *Server) weakTable(c echo.Context, tasks []*improve.Task, from, to catalogue.Date) (web.Table, error) {
	t, lang := s.words(c), language(c)
	sum, err := s.segments.Summarise(survey.Query{From: from, To: to, By: []string{"area", "factor"}}, s.survey.Catalogue(), s.Now())
	if err != nil {
		return web.Table{}, err
	}
	var weak []survey.Group
	few := 0
	for _, g := range sum.Groups {
		switch improve.StandingOf(g.Pooled) {
		case improve.Weak, improve.Unproven:
			weak = append(weak, g)
		case improve.TooFew:
			few += int(min(1, g.Pooled.Answered))
		}
	}
	slices.SortStableFunc(weak, func(a, b survey.Group) int {
		return cmp.Or(-cmp.Compare(improve.StandingOf(a.Pooled), improve.StandingOf(b.Pooled)), cmp.Compare(gap(a.Pooled), gap(b.Pooled)))
	})
	table := web.Table{
		ID: "yeu-to", Heading: t("improve.weak"), Empty: t("improve.noweak", spanText(lang, from, to)), Note: t("improve.weak.note", spanText(lang, from, to)),
		Columns: []web.Column{
			{Text: t("improve.factor")}, {Text: t("improve.area")}, {Text: t("improve.rate"), Right: true}, {Text: t("improve.target"), Right: true},
			{Text: t("improve.standing")}, {Text: t("improve.respondents"), Right: true}, {Text: t("improve.running"), Right: true},
		},
	}
	if few > 0 {
		left := " " + counted(t, "improve.weak.few", few)
		table.Empty += left
		table.Note += left
	}
	if len(weak) == 0 {
		table.Note = ""
	}
	for _, g := range weak {
		area, factor := g.Key[0], g.Key[1]
		running := 0
		for _, x := range tasks {
			if x.Status == improve.Open && x.Area == area && x.Factor == factor {
				running++
			}
		}
		q := url.Values{"area": {area}, "factor": {factor}, "from": {string(from)}, "to": {string(to)}}
		table.Rows = append(table.Rows, web.Row{Cells: []web.Cell{
			{Text: s.valueName("factor", factor, lang, to), URL: improvePath + "/yeu-to?" + q.Encode()},
			{Text: cmp.Or(s.valueName("area", area, lang, to), t("group.unknown"))},
			rateCell(t, lang, g.Pooled), {Text: targetText(lang, g.Pooled.Target)}, standingCell(t, g.Pooled),
			{Text: web.Number(lang, int(g.Pooled.N))}, {Text: web.Number(lang, running)},
		}})
	}
	return table, nil
}

// gap is how far the rate is from its target, in percentage points.
func gap(f survey.Figure) float64 { return f.Rate - float64(f.Target)/100 }

// factorPage shows one factor of an area: its criteria, what the plan has for it
// and who leads that, and the tasks there are.
func (s *Server) factorPage(c echo.Context) error {
	t, lang, ctx := s.words(c), language(c), c.Request().Context()
	x := subject{area: c.QueryParam("area"), factor: c.QueryParam("factor")}
	from, to, err := readDays(c, s.today().AddDays(1-weakDays), s.today())
	if err != nil {
		return err
	}
	if _, known := s.partName("factor", x.factor, lang, to); !known {
		return errNoFactor
	}
	if _, known := s.survey.Catalogue().Area(x.area, to); !known && x.area != "" {
		return errNoFactor
	}
	m, err := s.measure(x, from, to)
	if err != nil {
		return err
	}
	tasks, err := s.improve.Tasks(ctx, s.taskReader(c))
	if err != nil {
		return err
	}
	tasks = slices.DeleteFunc(tasks, func(k *improve.Task) bool { return k.Area != x.area || k.Factor != x.factor })
	f := m.Figure()
	p := s.consolePage(c, "improve", s.subjectName(lang, x))
	p.Up = web.Link{URL: improvePath, Text: t("improve.title")}
	p.Lead = t("improve.factor.lead." + string(improve.StandingOf(f)))
	rate, between := rateCell(t, lang, f), "–"
	if f.Answered > 0 {
		between = percentText(lang, f.Low) + " – " + percentText(lang, f.High)
	}
	p.Facts = []web.Fact{
		{Name: t("improve.period"), Text: spanText(lang, from, to)}, {Name: t("improve.rate"), Text: rate.Text},
		{Name: t("improve.interval.name"), Text: between}, {Name: t("improve.target"), Text: targetText(lang, m.Target)},
		{Name: t("improve.standing"), Text: standingCell(t, f).Text}, {Name: t("improve.respondents"), Text: web.Number(lang, int(f.N))},
	}
	criteria, err := s.criteriaTable(c, x, from, to)
	if err != nil {
		return err
	}
	p.Tables = append(p.Tables, criteria)
	if standing := improve.StandingOf(f); standing != improve.TooFew && standing != improve.Unheld {
		duties, err := s.dutyTable(c, x, from, to)
		if err != nil {
			return err
		}
		p.Tables = append(p.Tables, duties)
	}
	p.Tables = append(p.Tables, s.taskTable(c, tasks, t("improve.tasks")))
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

func (s *Server) criteriaTable(c echo.Context, x subject, from, to catalogue.Date) (web.Table, error) {
	t, lang := s.words(c), language(c)
	q := survey.Query{From: from, To: to, By: []string{"criterion"}, Filters: []survey.Filter{{Dimension: "factor", Values: []string{x.factor}}}}
	if x.area != "" {
		q.Filters = append(q.Filters, survey.Filter{Dimension: "area", Values: []string{x.area}})
	}
	sum, err := s.segments.Summarise(q, s.survey.Catalogue(), s.Now())
	if err != nil {
		return web.Table{}, err
	}
	table := web.Table{Heading: t("improve.criteria"), Empty: t("improve.noanswers"), Columns: []web.Column{
		{Text: t("improve.criterion")}, {Text: t("improve.rate"), Right: true}, {Text: t("improve.standing")}, {Text: t("improve.respondents"), Right: true},
	}}
	for _, g := range sum.Groups {
		table.Rows = append(table.Rows, web.Row{Cells: []web.Cell{
			{Text: g.Key[0] + ". " + s.valueName("criterion", g.Key[0], lang, to)}, rateCell(t, lang, g.Pooled), standingCell(t, g.Pooled),
			{Text: web.Number(lang, int(g.Pooled.N))},
		}})
	}
	return table, nil
}

// dutyTable lists what the plan has for a factor, with who leads it; the office
// opens a task from it.
func (s *Server) dutyTable(c echo.Context, x subject, from, to catalogue.Date) (web.Table, error) {
	t, lang := s.words(c), language(c)
	duties, ended, err := s.plan(c.Request().Context())
	if err != nil {
		return web.Table{}, err
	}
	table := web.Table{Heading: t("improve.duties"), Empty: t("improve.noduties"), Columns: []web.Column{
		{Text: t("improve.number"), Whole: true}, {Text: t("improve.duty")}, {Text: t("improve.lead.units")}, {Text: t("improve.support")}, {Text: t("improve.when")},
	}}
	if ended != "" {
		table.Note = t("improve.ended", dayText(lang, ended))
	}
	opens := officerOf(c).Role == staff.Office
	if opens {
		table.Columns = append(table.Columns, web.Column{Text: t("improve.do")})
	}
	for _, d := range improve.About(duties, x.factor) {
		row := web.Row{Cells: []web.Cell{
			{Text: d.Number}, {Text: d.Text, Note: d.Source, Lang: inVietnamese(c)}, {Text: d.Lead, Lang: inVietnamese(c)},
			{Text: orDash(d.Support), Lang: inVietnamese(c)}, {Text: d.When, Lang: inVietnamese(c)},
		}}
		if opens {
			q := url.Values{"area": {x.area}, "part": {x.factor}, "duty": {d.Ref()}, "from": {string(from)}, "to": {string(to)}}
			row.Cells = append(row.Cells, web.Cell{Text: t("improve.open"), URL: improvePath + "/moi?" + q.Encode()})
		}
		table.Rows = append(table.Rows, row)
	}
	return table, nil
}
