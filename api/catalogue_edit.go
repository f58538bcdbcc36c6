package api

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/store"
	"sipas/web"
)

// change is a change of one thing on its way from a form into the catalogue.
type change struct {
	kind   catalogue.Kind
	id     string
	seen   int64
	action string // of the audit entry
	edit   catalogue.Edit
	detail []string
}

// carryOut records a change and makes it, unless it is refused; bad is what was
// wrong with the form already.
func (s *Server) carryOut(c echo.Context, ch change, bad fault.Fields) error {
	ctx, cat := c.Request().Context(), s.survey.CatalogueStore()
	_, err := cat.CheckEdit(ctx, ch.kind, ch.id, ch.seen, ch.edit, s.today())
	if err = join(&bad, err); err != nil {
		return err
	}
	if err := bad.Err(); err != nil {
		return s.explained(c, err)
	}
	err = s.audited(c, ch.action, string(ch.kind)+"/"+ch.id, ch.detail, func() error {
		if _, err := cat.Edit(ctx, ch.kind, ch.id, ch.seen, ch.edit, s.today()); err != nil {
			return err
		}
		return s.survey.Changed(ctx)
	})
	return s.explained(c, err)
}

// seenVersion is the version of the thing that the form was made from.
func seenVersion(form url.Values) int64 {
	n, _ := strconv.ParseInt(form.Get("version"), 10, 64)
	return n
}

func versionOf(h catalogue.History) web.Choice {
	return web.Choice{Value: "version", Text: strconv.FormatInt(h.Version, 10)}
}

// newThingForm asks for a thing that is not there yet.
func (s *Server) newThingForm(c echo.Context, kind catalogue.Kind) web.Form {
	inputs := append([]web.Input{s.idInput(c, kind)}, s.rowInputs(c, emptyRow(kind))...)
	return web.Form{
		Action: kindPath(kind) + "/moi", Submit: s.words(c)("cat.add"), Cancel: web.Link{URL: kindPath(kind), Text: s.words(c)("console.cancel")},
		Inputs: append(inputs, s.dayInputs(c, catalogue.Validity{From: s.today()})...),
	}
}

func (s *Server) newThingPage(c echo.Context) error {
	kind, err := kindOf(c)
	if err != nil {
		return err
	}
	return s.showNewThing(c, http.StatusOK, kind, s.newThingForm(c, kind))
}

func (s *Server) showNewThing(c echo.Context, status int, kind catalogue.Kind, f web.Form) error {
	p := s.consolePage(c, "catalogue", s.words(c)("cat.new."+string(kind)))
	p.Up = web.Link{URL: kindPath(kind), Text: s.words(c)("cat.kind." + string(kind))}
	p.Forms = []web.Form{f}
	return s.page(c, status, web.PageConsole, p)
}

// addThing begins a new thing.
func (s *Server) addThing(c echo.Context) error {
	kind, err := kindOf(c)
	if err != nil {
		return err
	}
	form, err := readForm(c)
	if err != nil {
		return err
	}
	var bad fault.Fields
	id := form.Get("id")
	if code := catalogue.ProcedureID(id); kind == catalogue.KindProcedure {
		if id != "" && code == "" {
			bad.Add("id", catalogue.CodeProcedure, id)
		}
		id = code
	}
	if reservedIDs[id] {
		bad.Add("id", "id_page", id)
	}
	err = s.carryOut(c, change{
		kind: kind, id: id, action: "catalogue.add", detail: []string{"from=" + form.Get("from")},
		edit: catalogue.Add{Row: readRow(kind, id, form, language(c), &bad)},
	}, bad)
	if err != nil {
		f := s.newThingForm(c, kind)
		status, err := s.refill(c, &f, form, err)
		if err != nil {
			return err
		}
		return s.showNewThing(c, status, kind, f)
	}
	return done(c, thingPath(kind, id), "row.added")
}

// thingForm is a page with one form about one thing.
type thingForm struct {
	title string   // key of the heading
	lead  string   // key of what is said below it
	what  string   // key of what is said when it is done
	fresh []string // inputs that ask what no stored row says
	takes bool     // the row back as well, by a second form
	form  func(h catalogue.History, typed url.Values) web.Form
	read  func(h catalogue.History, form url.Values, bad *fault.Fields) change
}

// showThingForm answers a GET.
func (s *Server) showThingForm(c echo.Context, f thingForm) error {
	h, err := s.thing(c)
	if err != nil {
		return err
	}
	return s.thingFormPage(c, http.StatusOK, h, f, f.form(h, c.QueryParams()))
}

func (s *Server) thingFormPage(c echo.Context, status int, h catalogue.History, f thingForm, form web.Form) error {
	t := s.words(c)
	name := s.rowName(language(c), shownRows(h.Rows, s.today())[0])
	p := s.consolePage(c, "catalogue", t(f.title)+": "+name)
	p.Up = web.Link{URL: thingPath(h.Kind, h.ID), Text: name}
	p.Lead = t(f.lead)
	form.Cancel = web.Link{URL: p.Up.URL, Text: t("console.cancel")}
	form.Hidden = append(form.Hidden, versionOf(h))
	p.Forms = []web.Form{form}
	if status == http.StatusConflict {
		p.Tables = []web.Table{s.rowsTable(c, h)}
	}
	if f.takes {
		p.Forms = append(p.Forms, s.withdrawForm(c, h, form))
	}
	return s.page(c, status, web.PageConsole, p)
}

// sendThingForm answers a POST. Who comes second sees what is stored now and
// keeps what was typed.
func (s *Server) sendThingForm(c echo.Context, f thingForm) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	h, err := s.thing(c)
	if err != nil {
		return err
	}
	var bad fault.Fields
	ch := f.read(h, form, &bad)
	ch.kind, ch.id, ch.seen = h.Kind, h.ID, seenVersion(form)
	err = s.carryOut(c, ch, bad)
	if err == nil {
		if _, err := s.thing(c); errors.Is(err, store.ErrNotFound) { // its only row was withdrawn
			return done(c, kindPath(h.Kind), f.what)
		}
		return done(c, thingPath(h.Kind, h.ID), f.what)
	}
	stale := errors.Is(err, store.ErrStale)
	if stale {
		if h, err = s.thing(c); err != nil {
			return err
		}
		err = store.ErrStale
	}
	shown := f.form(h, form)
	changes := s.rewritten(c, shown, form, f.fresh)
	status, err := s.refill(c, &shown, form, err)
	if err != nil {
		return err
	}
	if stale {
		if shown.Changes, shown.Notice = changes, ""; len(changes) == 0 {
			shown.Notice = s.words(c)("cat.stale")
		}
	}
	return s.thingFormPage(c, status, h, f, shown)
}

// rowFrom is the row that begins on a day; false: none does.
func rowFrom(h catalogue.History, from string) (catalogue.Row, bool) {
	i := slices.IndexFunc(h.Rows, func(r catalogue.Row) bool { return string(catalogue.ValidityOf(r).From) == from })
	if i < 0 {
		return nil, false
	}
	return h.Rows[i], true
}

func lastRow(h catalogue.History) catalogue.Row { return h.Rows[len(h.Rows)-1] }

// reviseForm begins a new wording of a thing on a day. It is filled in from the
// row that holds then.
func (s *Server) reviseForm(c echo.Context) thingForm {
	base := func(h catalogue.History, from string) catalogue.Row {
		day := catalogue.Date(from)
		if !day.Valid() {
			day = s.today()
		}
		if r, ok := h.On(day); ok {
			return r
		}
		return lastRow(h)
	}
	return thingForm{
		title: "cat.revise", lead: "cat.revise.lead", what: "row.revised", fresh: []string{"from", "confirmed"},
		form: func(h catalogue.History, typed url.Values) web.Form {
			r := base(h, typed.Get("from"))
			v := catalogue.ValidityOf(r)
			if v.To < s.today() || r != lastRow(h) {
				v.To = ""
			}
			v.From, v.Confirmed = "", false
			return web.Form{Action: thingPath(h.Kind, h.ID) + "/doi", Submit: s.words(c)("console.save"), Inputs: append(s.rowInputs(c, r), s.dayInputs(c, v)...)}
		},
		read: func(h catalogue.History, form url.Values, bad *fault.Fields) change {
			r := readRow(h.Kind, h.ID, form, language(c), bad)
			return change{action: "catalogue.revise", edit: catalogue.Add{Row: r}, detail: fieldsChanged(base(h, form.Get("from")), r)}
		},
	}
}

// fieldsChanged names what a row says otherwise than an older one, for the audit log.
func fieldsChanged(older, newer catalogue.Row) []string {
	names := []string{"row=" + string(catalogue.ValidityOf(newer).From)}
	for _, d := range catalogue.Differences(older, newer) {
		names = append(names, d.Field)
	}
	return names
}

// editForm corrects a row that has not begun.
func (s *Server) editForm(c echo.Context) thingForm {
	row := func(h catalogue.History, from string) catalogue.Row {
		if r, ok := rowFrom(h, from); ok {
			return r
		}
		return lastRow(h)
	}
	return thingForm{
		title: "cat.edit", lead: "cat.edit.lead", what: "row.saved", takes: true,
		form: func(h catalogue.History, typed url.Values) web.Form {
			r := row(h, typed.Get("row"))
			v := catalogue.ValidityOf(r)
			if next, ok := rowAfter(h, r); ok && v.To == catalogue.ValidityOf(next).From.AddDays(-1) {
				v.To = "" // follows from the next row
			}
			return web.Form{
				Action: thingPath(h.Kind, h.ID) + "/sua", Submit: s.words(c)("console.save"),
				Inputs: append(s.rowInputs(c, r), s.dayInputs(c, v)...),
				Hidden: []web.Choice{{Value: "row", Text: string(catalogue.ValidityOf(r).From)}},
			}
		},
		read: func(h catalogue.History, form url.Values, bad *fault.Fields) change {
			r := readRow(h.Kind, h.ID, form, language(c), bad)
			return change{
				action: "catalogue.revise", edit: catalogue.Rewrite{From: catalogue.Date(form.Get("row")), Row: r},
				detail: fieldsChanged(row(h, form.Get("row")), r),
			}
		},
	}
}

func rowAfter(h catalogue.History, r catalogue.Row) (catalogue.Row, bool) {
	i := slices.Index(h.Rows, r) + 1
	if i == 0 || i == len(h.Rows) {
		return nil, false
	}
	return h.Rows[i], true
}

// withdrawForm offers, below the form that corrects a row, to take it back.
func (s *Server) withdrawForm(c echo.Context, h catalogue.History, edit web.Form) web.Form {
	t := s.words(c)
	return web.Form{
		Action: thingPath(h.Kind, h.ID) + "/rut", Quiet: true, Danger: true, Heading: t("cat.withdraw"), Lead: t("cat.withdraw.lead"),
		Submit: t("cat.withdraw"), Hidden: slices.Clone(edit.Hidden),
	}
}

func (s *Server) withdrawing(c echo.Context) thingForm {
	return thingForm{
		title: "cat.withdraw", lead: "cat.withdraw.lead", what: "row.withdrawn",
		form: func(h catalogue.History, typed url.Values) web.Form {
			return web.Form{
				Action: thingPath(h.Kind, h.ID) + "/rut", Danger: true, Submit: s.words(c)("cat.withdraw"),
				Hidden: []web.Choice{{Value: "row", Text: typed.Get("row")}},
			}
		},
		read: func(h catalogue.History, form url.Values, _ *fault.Fields) change {
			from := form.Get("row")
			return change{action: "catalogue.withdraw", edit: catalogue.Withdraw{From: catalogue.Date(from)}, detail: []string{"row=" + from}}
		},
	}
}

// endForm sets the last day of a thing, or takes it away again.
func (s *Server) endForm(c echo.Context) thingForm {
	return thingForm{
		title: "cat.end", lead: "cat.end.lead", what: "row.ended",
		form: func(h catalogue.History, _ url.Values) web.Form {
			v, t := catalogue.ValidityOf(lastRow(h)), s.words(c)
			f := web.Form{
				Action: thingPath(h.Kind, h.ID) + "/ket-thuc", Submit: t("console.save"),
				Inputs: []web.Input{{Name: "to", Label: t("cat.last"), Type: web.InputDate, Value: string(v.To), Hint: t("cat.last.hint")}},
				Hidden: []web.Choice{{Value: "row", Text: string(v.From)}},
			}
			if len(h.Rows) > 1 && v.From > s.today() {
				f.Lead = t("cat.end.later", dayText(language(c), v.From))
			}
			return f
		},
		read: func(h catalogue.History, form url.Values, _ *fault.Fields) change {
			e := catalogue.End{From: catalogue.Date(form.Get("row")), To: catalogue.Date(form.Get("to"))}
			return change{action: "catalogue.end", edit: e, detail: []string{"row=" + form.Get("row"), "to=" + form.Get("to")}}
		},
	}
}

// confirmForm says that the office vouches for a row.
func (s *Server) confirmForm(c echo.Context) thingForm {
	return thingForm{
		title: "cat.confirm", lead: "cat.confirm.lead", what: "row.confirmed",
		form: func(h catalogue.History, typed url.Values) web.Form {
			r, ok := rowFrom(h, typed.Get("row"))
			if !ok {
				r = lastRow(h)
			}
			v, t := catalogue.ValidityOf(r), s.words(c)
			return web.Form{
				Action: thingPath(h.Kind, h.ID) + "/xac-nhan", Submit: t("cat.confirm"),
				Lead:   s.rowName(language(c), r) + ", " + s.daysText(c, v),
				Inputs: []web.Input{{Name: "source", Label: t("cat.source"), Value: v.Source, Required: true, Wide: true, Hint: t("cat.confirm.source")}},
				Hidden: []web.Choice{{Value: "row", Text: string(v.From)}},
			}
		},
		read: func(h catalogue.History, form url.Values, bad *fault.Fields) change {
			e := catalogue.Confirm{From: catalogue.Date(form.Get("row")), Source: form.Get("source")}
			ch := change{action: "catalogue.confirm", edit: e, detail: []string{"row=" + form.Get("row")}}
			if e.Source == "" {
				bad.Add("source", catalogue.CodeRequired)
			} else if r, ok := rowFrom(h, form.Get("row")); ok && catalogue.ValidityOf(r).Source != e.Source {
				ch.detail = append(ch.detail, "source")
			}
			return ch
		},
	}
}

// formPage and formSent are the two handlers of a form.
func (s *Server) formPage(f func(echo.Context) thingForm) echo.HandlerFunc {
	return func(c echo.Context) error { return s.showThingForm(c, f(c)) }
}

func (s *Server) formSent(f func(echo.Context) thingForm) echo.HandlerFunc {
	return func(c echo.Context) error { return s.sendThingForm(c, f(c)) }
}
