package api

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/improve"
	"sipas/survey"
	"sipas/web"
)

// newTaskPage is the empty form, begun from a weak factor or a duty.
func (s *Server) newTaskPage(c echo.Context) error {
	q := c.QueryParams()
	if !q.Has("from") {
		q.Set("from", string(s.today().AddDays(1-weakDays)))
	}
	if !q.Has("to") {
		q.Set("to", string(s.today()))
	}
	p, f, err := s.newTaskView(c, q)
	if err != nil {
		return err
	}
	p.Forms = []web.Form{f}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

// newTaskView is the page around the form and the form itself, which begins with
// what the plan says where it is for a duty.
func (s *Server) newTaskView(c echo.Context, begun url.Values) (web.Page, web.Form, error) {
	t, lang := s.words(c), language(c)
	p := s.consolePage(c, "improve", t("improve.new"))
	p.Path = improvePath + "/moi"
	p.Up, p.Lead = web.Link{URL: improvePath, Text: t("improve.title")}, t("improve.new.lead")
	plan, err := s.improve.Plan(c.Request().Context())
	if err != nil {
		return p, web.Form{}, err
	}
	what, unit := "", begun.Get("unit")
	if d := plan.Of(begun.Get("duty")); d != nil {
		what = d.Text
		if unit == "" && len(d.Units) == 1 && d.Every == "" {
			unit = d.Units[0]
		}
		p.Facts = []web.Fact{
			{Name: t("improve.duty.of", t("improve.index."+string(d.Index)), d.Number), Text: d.Text, Lang: inVietnamese(c)},
			{Name: t("improve.lead.units"), Text: d.Lead, Lang: inVietnamese(c)},
			{Name: t("improve.support"), Text: orDash(d.Support), Lang: inVietnamese(c)}, {Name: t("improve.when"), Text: d.When, Lang: inVietnamese(c)},
		}
	}
	areas := []web.Choice{{Text: t("improve.noarea")}}
	for _, a := range s.survey.Catalogue().Areas(s.today()) {
		areas = append(areas, web.Choice{Value: a.ID, Text: a.Name.In(lang)})
	}
	f := web.Form{
		Action: improvePath + "/moi", Submit: t("improve.new.save"), Cancel: web.Link{URL: improvePath, Text: t("console.cancel")},
		Hidden: []web.Choice{{Value: "id", Text: improve.NewID()}, {Value: "duty", Text: begun.Get("duty")}},
		Inputs: append(s.sheetInputs(c, improve.Sheet{What: what, Unit: unit}),
			web.Input{Name: "area", Group: t("improve.new.measure"), Label: t("improve.area"), Type: web.InputSelect, Value: begun.Get("area"), Options: areas},
			web.Input{Name: "part", Label: t("improve.part"), Hint: t("improve.part.hint"), Type: web.InputSelect, Value: begun.Get("part"), Options: s.partChoices(c)},
			web.Input{Name: "from", Label: t("improve.before.from"), Type: web.InputDate, Value: begun.Get("from")},
			web.Input{Name: "to", Label: t("improve.before.to"), Type: web.InputDate, Value: begun.Get("to")}),
	}
	return p, f, nil
}

// partChoices are the factors of the questionnaire in force, each with its
// criteria.
func (s *Server) partChoices(c echo.Context) []web.Choice {
	lang := language(c)
	list := []web.Choice{{Text: s.words(c)("improve.nopart")}}
	for _, f := range s.factorsNow() {
		list = append(list, web.Choice{Value: f.ID, Text: f.ID + ". " + f.Name.In(lang)})
		for _, k := range f.Criteria {
			list = append(list, web.Choice{Value: k.ID, Text: "– " + k.ID + ". " + k.Text.In(lang)})
		}
	}
	return list
}

// addTask opens a task under the id that its form came with, so that a form sent
// twice makes one.
func (s *Server) addTask(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	x, err := s.readNewTask(c, form)
	if err == nil {
		err = s.audited(c, "improve.open", "task/"+x.ID, []string{"unit=" + x.Unit}, func() error {
			return s.improve.Put(c.Request().Context(), x)
		})
	}
	if err == nil {
		return done(c, taskPath(x), "task")
	}
	p, f, e := s.newTaskView(c, form)
	if e != nil {
		return e
	}
	if validTaskID(form.Get("id")) && !staleTask(err) { // else the id has another task
		f.Hidden[0].Text = form.Get("id")
	}
	status, err := s.refill(c, &f, form, err)
	if err != nil {
		return err
	}
	p.Forms = []web.Form{f}
	return s.page(c, status, web.PageConsole, p)
}

// readNewTask reads the form of a new task, with the figure that it begins from.
// Every field that has to be mended is named.
func (s *Server) readNewTask(c echo.Context, form url.Values) (*improve.Task, error) {
	x := improve.Task{ID: form.Get("id"), Area: form.Get("area"), Duty: form.Get("duty")}
	if !validTaskID(x.ID) {
		x.ID = improve.NewID()
	}
	sheet := improve.Sheet{Unit: form.Get("unit"), Due: catalogue.Date(form.Get("due")), What: form.Get("what")}
	next, err := improve.New(x, sheet, officerOf(c).Account, s.survey.Catalogue(), s.Now())
	var bad fault.Fields
	if err := join(&bad, err); err != nil {
		return nil, err
	}
	if err := s.readDuty(c, &bad, x.Duty); err != nil {
		return nil, err
	}
	from, to := s.readSubject(&bad, &x, form)
	if err := bad.Err(); err != nil {
		return nil, err
	}
	next.Factor, next.Criterion = x.Factor, x.Criterion
	if from == "" {
		return next, nil
	}
	next.Before, err = s.measure(subjectOf(next), from, to)
	return next, err
}

// readDuty says if the plan has no such duty; "" is none.
func (s *Server) readDuty(c echo.Context, bad *fault.Fields, ref string) error {
	plan, err := s.improve.Plan(c.Request().Context())
	if ref != "" && plan.Of(ref) == nil {
		bad.Add("what", "duty_gone")
	}
	return err
}

// readSubject reads what a new task is about and the days that it begins from, ""
// where it is measured by nothing.
func (s *Server) readSubject(bad *fault.Fields, x *improve.Task, form url.Values) (from, to catalogue.Date) {
	if _, ok := s.survey.Catalogue().Area(x.Area, s.today()); !ok && x.Area != "" {
		bad.Add("area", catalogue.CodeUnknown, x.Area)
	}
	if part := form.Get("part"); part != "" && !s.readPart(part, x) {
		bad.Add("part", "part_gone")
	}
	if form.Get("area") == "" && form.Get("part") == "" {
		return "", ""
	}
	return readBefore(bad, form, s.today())
}

// readBefore reads the days that a task begins from.
func readBefore(bad *fault.Fields, form url.Values, today catalogue.Date) (from, to catalogue.Date) {
	sound := true
	read := func(name string) catalogue.Date {
		d, err := catalogue.ParseDate(form.Get(name))
		if err != nil {
			bad.Add(name, "date")
			sound = false
		}
		return d
	}
	from, to = read("from"), read("to")
	switch {
	case !sound:
	case to < from:
		bad.Add("to", "before_from")
	case to > today:
		bad.Add("to", "future")
	}
	return from, to
}

// readPart puts a factor or a criterion with its factor into x; false: the
// questionnaire in force has no such.
func (s *Server) readPart(id string, x *improve.Task) bool {
	for _, f := range s.factorsNow() {
		if f.ID == id {
			x.Factor = id
			return true
		}
		for _, k := range f.Criteria {
			if k.ID == id {
				x.Factor, x.Criterion = f.ID, id
				return true
			}
		}
	}
	return false
}

// factorsNow are the factors of the service questionnaire in force.
func (s *Server) factorsNow() []survey.Factor {
	var newest *survey.Questionnaire
	for _, q := range s.survey.Questionnaires() {
		if q.ID == survey.ServiceQuestionnaire && q.ValidOn(s.today()) && (newest == nil || newest.Version < q.Version) {
			newest = q
		}
	}
	if newest == nil {
		return nil
	}
	return newest.Factors
}
