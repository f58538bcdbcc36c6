package api

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/staff"
	"sipas/internal/store"
	"sipas/web"
)

const (
	cataloguePath = "/lam-viec/danh-muc"
	formsPath     = cataloguePath + "/phieu"
)

// editorRoles may change the catalogue; every role may read it.
var editorRoles = []staff.Role{staff.Admin}

// kindPaths are the kinds in the order of the pages, with their part of the address.
var kindPaths = []struct {
	kind catalogue.Kind
	path string
}{
	{catalogue.KindArea, "linh-vuc"}, {catalogue.KindProcedure, "thu-tuc"}, {catalogue.KindUnit, "don-vi"},
	{catalogue.KindDesk, "quay"}, {catalogue.KindTarget, "chi-tieu"},
}

// kindOf returns the kind that the address names, or store.ErrNotFound.
func kindOf(c echo.Context) (catalogue.Kind, error) {
	for _, k := range kindPaths {
		if k.path == c.Param("kind") {
			return k.kind, nil
		}
	}
	return "", store.ErrNotFound
}

func kindPath(kind catalogue.Kind) string {
	for _, k := range kindPaths {
		if k.kind == kind {
			return cataloguePath + "/" + k.path
		}
	}
	panic("api: no address of " + string(kind))
}

func thingPath(kind catalogue.Kind, id string) string {
	return kindPath(kind) + "/" + url.PathEscape(id)
}

// asOf is the day that the reader asked to see, today unless it is one.
func (s *Server) asOf(c echo.Context) catalogue.Date {
	if on, err := catalogue.ParseDate(c.QueryParam("on")); err == nil {
		return on
	}
	return s.today()
}

func (s *Server) asOfInput(c echo.Context, on catalogue.Date) web.Input {
	return web.Input{Name: "on", Label: s.words(c)("cat.on"), Type: web.InputDate, Value: string(on)}
}

// Where a row stands on a day.
const (
	rowNow    = "now"
	rowComing = "coming"
	rowEnded  = "ended"
)

func rowState(v catalogue.Validity, on catalogue.Date) string {
	switch {
	case v.From > on:
		return rowComing
	case v.On(on):
		return rowNow
	}
	return rowEnded
}

// shownRows picks of each thing the row to show on a day: the one that holds,
// else the next to come, else the last that ended.
func shownRows(all []catalogue.Row, on catalogue.Date) []catalogue.Row {
	var shown []catalogue.Row
	for _, r := range all {
		last := len(shown) - 1
		if last < 0 || catalogue.IDOf(shown[last]) != catalogue.IDOf(r) {
			shown = append(shown, r)
		} else if rowState(catalogue.ValidityOf(shown[last]), on) == rowEnded {
			shown[last] = r
		}
	}
	return shown
}

// cataloguePage counts what there is of each kind on a day.
func (s *Server) cataloguePage(c echo.Context) error {
	t, lang, on := s.words(c), language(c), s.asOf(c)
	p := s.consolePage(c, "catalogue", t("cat.title"))
	p.Lead = t("cat.lead")
	p.Filter = &web.Form{Action: cataloguePath, Submit: t("cat.show"), Inputs: []web.Input{s.asOfInput(c, on)}}
	list := web.Table{Columns: []web.Column{
		{Text: t("cat.title")}, {Text: t("cat.state.now"), Right: true}, {Text: t("cat.state.coming"), Right: true}, {Text: t("cat.unconfirmed"), Right: true},
	}}
	row := func(name, path string, states map[string]int, unconfirmed int) {
		there := url.Values{"state": {"unconfirmed"}}
		if on != s.today() {
			there.Set("on", string(on))
			path += "?on=" + string(on)
		}
		doubt := web.Cell{Text: web.Number(lang, unconfirmed)}
		if unconfirmed > 0 {
			doubt.Mark = web.MarkDoubt
			if at, _, _ := strings.Cut(path, "?"); at != formsPath {
				doubt.URL = at + "?" + there.Encode()
			}
		}
		list.Rows = append(list.Rows, web.Row{Cells: []web.Cell{
			{Text: name, URL: path}, {Text: web.Number(lang, states[rowNow])}, {Text: web.Number(lang, states[rowComing])}, doubt,
		}})
	}
	for _, k := range kindPaths {
		states, unconfirmed := map[string]int{}, 0
		for _, r := range shownRows(s.survey.Catalogue().All(k.kind), on) {
			v := catalogue.ValidityOf(r)
			state := rowState(v, on)
			states[state]++
			if state != rowEnded && !v.Confirmed {
				unconfirmed++
			}
		}
		row(t("cat.kind."+string(k.kind)), kindPath(k.kind), states, unconfirmed)
	}
	states, unconfirmed := map[string]int{}, 0
	for _, q := range s.survey.Questionnaires() {
		state := rowState(catalogue.Validity{From: q.From, To: q.To}, on)
		states[state]++
		if state != rowEnded && !q.Confirmed {
			unconfirmed++
		}
	}
	row(t("cat.kind.questionnaire"), formsPath, states, unconfirmed)
	p.Tables = []web.Table{list}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

// rowsShown is how many things a page of a list has.
const rowsShown = 200

// kindListPage lists the things of a kind as they are on a day.
func (s *Server) kindListPage(c echo.Context) error {
	kind, err := kindOf(c)
	if err != nil {
		return err
	}
	t, on, here := s.words(c), s.asOf(c), kindPath(kind)
	q, state, area := c.QueryParam("q"), c.QueryParam("state"), c.QueryParam("area")
	p := s.consolePage(c, "catalogue", t("cat.kind."+string(kind)))
	p.Up = web.Link{URL: cataloguePath, Text: t("cat.title")}
	p.Lead = t("cat.what." + string(kind))
	if hasPart(c, editorRoles) {
		p.Actions = append(p.Actions, web.Action{URL: here + "/moi", Text: t("cat.new." + string(kind)), Primary: true})
		if kind == catalogue.KindProcedure {
			p.Actions = append(p.Actions, web.Action{URL: importPath, Text: t("import.title")})
		}
	}
	p.Filter = &web.Form{Action: here, Submit: t("console.filter"), Inputs: []web.Input{
		{Name: "q", Label: t("cat.find"), Type: web.InputSearch, Value: q},
		{Name: "state", Label: t("cat.state"), Type: web.InputSelect, Value: state, Options: []web.Choice{
			{Value: "", Text: t("cat.state.current")}, {Value: rowNow, Text: t("cat.state.now")}, {Value: rowComing, Text: t("cat.state.coming")},
			{Value: rowEnded, Text: t("cat.state.ended")}, {Value: "unconfirmed", Text: t("cat.unconfirmed")}, {Value: "all", Text: t("cat.state.all")},
		}},
	}}
	if kind == catalogue.KindProcedure {
		p.Filter.Inputs = append(p.Filter.Inputs, web.Input{Name: "area", Label: t("cat.one.area"), Type: web.InputSelect, Value: area,
			Options: s.thingChoices(c, catalogue.KindArea, t("cat.area.any"), area)})
	}
	p.Filter.Inputs = append(p.Filter.Inputs, s.asOfInput(c, on))

	found := slices.DeleteFunc(shownRows(s.survey.Catalogue().All(kind), on), func(r catalogue.Row) bool {
		v := catalogue.ValidityOf(r)
		at := rowState(v, on)
		switch state {
		case rowNow, rowComing, rowEnded:
			if at != state {
				return true
			}
		case "unconfirmed":
			if v.Confirmed || at == rowEnded {
				return true
			}
		case "all":
		default:
			if at == rowEnded {
				return true
			}
		}
		if pr, ok := r.(catalogue.Procedure); ok && area != "" && pr.Area != area {
			return true
		}
		return !strings.Contains(catalogue.Folded(catalogue.IDOf(r)+" "+s.rowName("vi", r)+" "+s.rowName("en", r)), catalogue.Folded(q))
	})
	start, _ := strconv.Atoi(c.QueryParam("after"))
	start = min(max(start, 0), len(found))
	end := min(start+rowsShown, len(found))
	list := web.Table{Empty: t("cat.empty"), Columns: []web.Column{{Text: t("cat.name")}}, Note: t("cat.count", web.Number(language(c), len(found)))}
	if q != "" || state != "" || area != "" {
		list.Empty = t("cat.none")
	}
	if len(found) == 0 {
		list.Note = ""
	}
	list.Columns = append(append(list.Columns, s.factColumns(c, kind)...), web.Column{Text: t("cat.state"), Whole: true}, web.Column{Text: t("cat.confirmed"), Whole: true})
	for _, r := range found[start:end] {
		list.Rows = append(list.Rows, s.thingRow(c, r, on))
	}
	if end < len(found) {
		there := url.Values{"after": {strconv.Itoa(end)}}
		for name, v := range map[string]string{"q": q, "state": state, "area": area, "on": c.QueryParam("on")} {
			if v != "" {
				there.Set(name, v)
			}
		}
		list.Next = localPath(c, here+"?"+there.Encode())
	}
	p.Tables = []web.Table{list}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

// thingRow is a thing in the list of its kind.
func (s *Server) thingRow(c echo.Context, r catalogue.Row, on catalogue.Date) web.Row {
	t, lang, v := s.words(c), language(c), catalogue.ValidityOf(r)
	id, state := catalogue.IDOf(r), rowState(v, on)
	name := web.Cell{Text: s.rowName(lang, r), URL: thingPath(kindOfRow(r), id), Note: id}
	if p, ok := r.(catalogue.Procedure); ok && p.Example {
		name.Note += " · " + t("cat.example")
	}
	row := web.Row{Quiet: state == rowEnded, Cells: append([]web.Cell{name}, s.factCells(c, r)...)}
	row.Cells = append(row.Cells, web.Cell{Text: t("cat.state." + state), Note: s.daysText(c, v)})
	row.Cells = append(row.Cells, s.confirmedCell(c, v))
	return row
}

func (s *Server) confirmedCell(c echo.Context, v catalogue.Validity) web.Cell {
	if v.Confirmed {
		return web.Cell{Text: s.words(c)("cat.confirmed.yes")}
	}
	return web.Cell{Text: s.words(c)("cat.unconfirmed"), Mark: web.MarkDoubt}
}

// thingPage shows one thing with all its dated rows.
func (s *Server) thingPage(c echo.Context) error {
	h, err := s.thing(c)
	if err != nil {
		return err
	}
	t, lang, on := s.words(c), language(c), s.today()
	r := shownRows(h.Rows, on)[0]
	v, here := catalogue.ValidityOf(r), thingPath(h.Kind, h.ID)
	p := s.consolePage(c, "catalogue", s.rowName(lang, r))
	p.Up = web.Link{URL: kindPath(h.Kind), Text: t("cat.kind." + string(h.Kind))}
	state := rowState(v, on)
	p.Facts = append(p.Facts, web.Fact{Name: t("cat.id"), Text: h.ID, Code: true})
	for i, cell := range s.factCells(c, r) {
		if cell.Text != "" {
			p.Facts = append(p.Facts, web.Fact{Name: s.factColumns(c, h.Kind)[i].Text, Text: cell.Text})
		}
	}
	p.Facts = append(p.Facts,
		web.Fact{Name: t("cat.state"), Text: t("cat.state."+state) + " · " + s.daysText(c, v)},
		web.Fact{Name: t("cat.confirmed"), Text: s.confirmedCell(c, v).Text})
	if pr, ok := r.(catalogue.Procedure); ok && pr.Example {
		p.Lead = t("cat.example.why")
	}
	if hasPart(c, editorRoles) {
		again := web.Action{URL: here + "/doi", Text: t("cat.revise"), Primary: true}
		last := catalogue.ValidityOf(h.Rows[len(h.Rows)-1])
		if last.To != "" && last.To < on {
			again.Text = t("cat.again")
		}
		p.Actions = append(p.Actions, again)
		if last.To == "" || last.To >= on {
			p.Actions = append(p.Actions, web.Action{URL: here + "/ket-thuc", Text: t("cat.end")})
		}
	}
	p.Tables = []web.Table{s.rowsTable(c, h)}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

// thing reads what the address names.
func (s *Server) thing(c echo.Context) (catalogue.History, error) {
	kind, err := kindOf(c)
	if err != nil {
		return catalogue.History{}, err
	}
	return s.survey.CatalogueStore().History(c.Request().Context(), kind, c.Param("id"))
}

// rowsTable lists the dated rows of a thing, the newest first. Editors find the
// ways to confirm a row and to change one that has not begun.
func (s *Server) rowsTable(c echo.Context, h catalogue.History) web.Table {
	t, on, here := s.words(c), s.today(), thingPath(h.Kind, h.ID)
	list := web.Table{Heading: t("cat.rows"), Note: t("cat.rows.note"), Columns: []web.Column{{Text: t("cat.days"), Whole: true}, {Text: t("cat.name")}}}
	list.Columns = append(append(list.Columns, s.factColumns(c, h.Kind)...), web.Column{Text: t("cat.source")}, web.Column{Text: t("cat.confirmed"), Whole: true})
	coming := hasPart(c, editorRoles) && slices.ContainsFunc(h.Rows, func(r catalogue.Row) bool { return catalogue.ValidityOf(r).From > on })
	if coming {
		list.Columns = append(list.Columns, web.Column{Text: t("cat.change"), Whole: true})
	}
	for _, r := range slices.Backward(h.Rows) {
		v := catalogue.ValidityOf(r)
		at := url.Values{"row": {string(v.From)}}.Encode()
		state := rowState(v, on)
		name := web.Cell{Text: s.rowName(language(c), r)}
		if other := s.rowName(otherLanguage(c), r); h.Kind != catalogue.KindTarget && other != name.Text {
			name.Note = other
		}
		row := web.Row{Quiet: state == rowEnded, Cells: append([]web.Cell{{Text: s.daysText(c, v), Note: t("cat.state." + state)}, name}, s.factCells(c, r)...)}
		confirmed := s.confirmedCell(c, v)
		if hasPart(c, editorRoles) && !v.Confirmed {
			confirmed = web.Cell{Text: t("cat.confirm"), URL: here + "/xac-nhan?" + at, Note: confirmed.Text}
		}
		row.Cells = append(row.Cells, web.Cell{Text: v.Source}, confirmed)
		if coming {
			change := web.Cell{}
			if state == rowComing {
				change = web.Cell{Text: t("cat.change.row"), URL: here + "/sua?" + at}
			}
			row.Cells = append(row.Cells, change)
		}
		list.Rows = append(list.Rows, row)
	}
	return list
}
