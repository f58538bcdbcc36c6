package api

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/staff"
	"sipas/web"
)

// Several cases are given to a unit at once from the list: ticked there, shown
// before, and told about one by one after. Each is a step like any other, on the
// version that the list showed.

const (
	bulkPath = casesPath + "/giao"
	bulkForm = "giao" // id of the form on the list that the ticks are sent with
	maxBulk  = 200    // cases at once, more than a page of the list has
)

var assignRoles = []staff.Role{staff.Desk, staff.Inspection, staff.Office}

// bulkStart is the form under the list that asks which unit gets what is ticked.
func (s *Server) bulkStart(c echo.Context) *web.Form {
	t := s.words(c)
	return &web.Form{
		ID: bulkForm, Action: bulkPath, Quiet: true, Submit: t("bulk.look"), Inputs: []web.Input{s.bulkUnit(c, "")},
	}
}

func (s *Server) bulkUnit(c echo.Context, unit string) web.Input {
	t := s.words(c)
	return web.Input{Name: "unit", Label: t("bulk.unit"), Type: web.InputSelect, Required: true, Value: unit,
		Options: s.thingChoices(c, catalogue.KindUnit, t("bulk.choose"), unit)}
}

// bulkPick is the tick of a case in the list; none for one that cannot be given
// to a unit now.
func (s *Server) bulkPick(c echo.Context, k *feedback.Case) web.Pick {
	if !slices.Contains(feedback.Allowed(k, s.caseOfficer(c)), feedback.Assign) {
		return web.Pick{}
	}
	return web.Pick{Value: tickOf(k.Code, k.Version()), Label: s.words(c)("bulk.tick", feedback.FormatCode(k.Code))}
}

func tickOf(code string, version int) string { return code + "." + strconv.Itoa(version) }

// bulk is what an officer wants to do with the ticked cases.
type bulk struct {
	ticks []string
	unit  string
	note  string
}

// ticked is one of the cases. Of one that the officer may not see there is only
// what they sent.
type ticked struct {
	tick string
	code string
	k    *feedback.Case // nil: there is none that they may know of
	step stepRequest
	done bool  // by this officer, with this version
	err  error // why it cannot be given to the unit, or was not
}

// readTicked reads the cases as they are now, and what stands against giving
// them to the unit.
func (s *Server) readTicked(c echo.Context, b bulk) ([]*ticked, error) {
	var list []*ticked
	for _, tick := range b.ticks {
		code, v, _ := strings.Cut(tick, ".")
		version, err := strconv.Atoi(v)
		if err != nil || version < 1 {
			return nil, errBadForm
		}
		x := &ticked{tick: tick, code: code, step: stepRequest{feedback.Assign, feedback.StepInput{Version: version, Unit: b.unit, Note: b.note}}}
		x.k, x.err = s.feedback.Case(c.Request().Context(), s.caseOfficer(c), code)
		if x.err != nil && !errors.Is(x.err, feedback.ErrNoCase) {
			return nil, x.err
		}
		if x.err == nil {
			x.done = x.assigned(s.caseOfficer(c))
			_, x.err = s.nextStep(c, x.k, x.step)
		}
		list = append(list, x)
	}
	return list, nil
}

// assigned says whether this very step has been taken: the page was sent twice.
func (x *ticked) assigned(o feedback.Officer) bool {
	if x.k.Version() <= x.step.Version {
		return false
	}
	e := x.k.Events[x.step.Version]
	return e.Step == feedback.Assign && e.Unit == x.step.Unit && e.By.Account == o.Account && e.Note == x.step.Note
}

// assignMany shows what would be done with the ticked cases, and does it when it
// has been shown.
func (s *Server) assignMany(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	b := bulk{ticks: slices.Compact(slices.Sorted(slices.Values(form["case"]))), unit: form.Get("unit"), note: form.Get("note")}
	if len(b.ticks) == 0 || len(b.ticks) > maxBulk {
		return s.noTicks(c, len(b.ticks))
	}
	list, err := s.readTicked(c, b)
	if err != nil {
		return err
	}
	bad := s.checkBulk(b, list)
	if form.Get("do") != "send" || bad != nil {
		return s.bulkPreview(c, b, list, bad)
	}
	for _, x := range list {
		if x.err == nil {
			x.k, x.err = s.takeStep(c, x.k, x.step, nil)
			x.done = x.err == nil
		}
	}
	return s.bulkResult(c, b, list)
}

// toCases is for those who come back to an address that takes posts alone.
func (s *Server) toCases(c echo.Context) error {
	return c.Redirect(http.StatusSeeOther, localPath(c, casesPath))
}

// checkBulk returns what is wrong with the form rather than with one of the cases.
func (s *Server) checkBulk(b bulk, list []*ticked) error {
	var f fault.Fields
	_, known := s.feedback.Rules().Catalogue.Unit(b.unit, s.today())
	switch {
	case b.unit == "":
		f.Add("unit", "required")
	case !known:
		f.Add("unit", "unknown", b.unit)
	}
	for _, x := range list {
		for _, field := range fault.As(x.err).Fields {
			if field.Name == "note" && !named(f, "note") {
				f = append(f, field)
			}
		}
	}
	return f.Err()
}

func (s *Server) bulkPage(c echo.Context, heading string) web.Page {
	p := s.consolePage(c, "cases", heading)
	p.Path = casesPath // this address takes posts alone
	p.Up = web.Link{URL: casesPath, Text: s.words(c)("bulk.up")}
	return p
}

// noTicks says what to do first.
func (s *Server) noTicks(c echo.Context, n int) error {
	t := s.words(c)
	p := s.bulkPage(c, t("bulk.title"))
	p.Tables = []web.Table{{Empty: t("bulk.nothing")}}
	if n > 0 {
		p.Tables[0].Empty = t("bulk.toomany", n, maxBulk)
	}
	p.Actions = []web.Action{{URL: casesPath, Text: t("bulk.back"), Primary: true}}
	return s.page(c, http.StatusUnprocessableEntity, web.PageConsole, p)
}

// bulkPreview says how many cases go where, and which do not and why.
func (s *Server) bulkPreview(c echo.Context, b bulk, list []*ticked, bad error) error {
	t, status := s.words(c), http.StatusOK
	f := web.Form{ID: "send", Action: bulkPath, Cancel: web.Link{URL: casesPath, Text: t("console.cancel")}}
	note := web.Input{Name: "note", Label: t("bulk.note"), Hint: t("bulk.note.hint"), Type: web.InputArea, Value: b.note, Wide: true, Ground: web.GroundInternal}
	p := s.bulkPage(c, t("bulk.title"))
	if bad != nil {
		for _, x := range list {
			f.Hidden = append(f.Hidden, web.Choice{Value: "case", Text: x.tick})
		}
		f.Inputs, f.Submit = []web.Input{s.bulkUnit(c, b.unit), note}, t("bulk.look")
		var err error
		if status, err = s.refill(c, &f, url.Values{}, bad); err != nil {
			return err
		}
		p.Tables = []web.Table{s.bulkTable(c, t("bulk.ticked", len(list)), list, nil)}
		p.Forms = []web.Form{f}
		return s.page(c, status, web.PageConsole, p)
	}
	var will, wont []*ticked
	for _, x := range list {
		if x.err == nil {
			will, f.Hidden = append(will, x), append(f.Hidden, web.Choice{Value: "case", Text: x.tick})
		} else {
			wont = append(wont, x)
		}
	}
	unit := s.valueName("unit", b.unit, language(c), s.today())
	p.Heading = t("bulk.will", len(will), unit)
	if len(will) > 0 {
		p.Lead = t("bulk.lead")
		p.Tables = append(p.Tables, s.bulkTable(c, "", will, nil))
		f.Hidden = append(f.Hidden, web.Choice{Value: "unit", Text: b.unit}, web.Choice{Value: "do", Text: "send"})
		f.Inputs, f.Submit = []web.Input{note}, t("bulk.send", len(will))
		p.Forms = []web.Form{f}
	} else {
		status = http.StatusConflict
		p.Actions = []web.Action{{URL: casesPath, Text: t("bulk.back"), Primary: true}}
	}
	if len(wont) > 0 {
		p.Tables = append(p.Tables, s.bulkTable(c, t("bulk.wont", len(wont)), wont, s.bulkReason))
	}
	return s.page(c, status, web.PageConsole, p)
}

// bulkResult says of each case what became of it.
func (s *Server) bulkResult(c echo.Context, b bulk, list []*ticked) error {
	t := s.words(c)
	var done, left []*ticked
	for _, x := range list {
		if x.done {
			done = append(done, x)
		} else {
			left = append(left, x)
		}
	}
	p := s.bulkPage(c, t("bulk.did", len(done), len(list), s.valueName("unit", b.unit, language(c), s.today())))
	p.Actions = []web.Action{{URL: casesPath, Text: t("bulk.back"), Primary: true}}
	if len(left) > 0 {
		p.Lead = t("bulk.left.lead")
		p.Tables = append(p.Tables, s.bulkTable(c, t("bulk.left", len(left)), left, s.bulkReason))
	}
	if len(done) > 0 {
		p.Tables = append(p.Tables, s.bulkTable(c, t("bulk.done", len(done)), done, nil))
	}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

// bulkReason says why a case is not given to the unit.
func (s *Server) bulkReason(c echo.Context, x *ticked) string {
	f, _ := classify(x.err)
	if f.Kind != fault.Invalid {
		return s.words(c)("problem." + f.Code)
	}
	var reasons []string
	for _, field := range f.Fields {
		reasons = append(reasons, s.inputMessage(c, field))
	}
	return strings.Join(reasons, "; ")
}

func (s *Server) bulkTable(c echo.Context, heading string, list []*ticked, reason func(echo.Context, *ticked) string) web.Table {
	t, lang := s.words(c), language(c)
	table := web.Table{Heading: heading, Columns: []web.Column{{Text: t("bulk.code"), Whole: true}, {Text: t("bulk.subject")}, {Text: t("bulk.now")}, {Text: t("bulk.due"), Whole: true}}}
	if reason != nil {
		table.Columns = append(table.Columns, web.Column{Text: t("bulk.why")})
	}
	for _, x := range list {
		cells := []web.Cell{{Text: x.code, Code: true}, {}, {}, {}}
		if x.k != nil {
			cells = []web.Cell{
				{Text: feedback.FormatCode(x.code), URL: casePath(x.k.Code), Code: true}, {Text: titleOf(x.k), Note: s.kindName(lang, x.k.Kind)},
				{Text: s.statusName(lang, x.k.Status)}, {Text: dayText(lang, catalogue.DateOf(x.k.DueAt))},
			}
			if x.k.Unit != "" {
				cells[2].Note = s.valueName("unit", x.k.Unit, lang, s.today())
			}
		}
		if reason != nil {
			cells = append(cells, web.Cell{Text: reason(c, x), Mark: web.MarkBad})
		}
		table.Rows = append(table.Rows, web.Row{Cells: cells})
	}
	return table
}
