package api

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/staff"
	"sipas/survey"
	"sipas/web"
)

const editionsPath = "/lam-viec/cong-bo"

// editionRoles publish figures.
var editionRoles = []staff.Role{staff.Office}

// maxEditionText is the longest note or reason, in characters.
const maxEditionText = 1000

// editionsPage lists what is published and asks for the months of the next
// edition.
func (s *Server) editionsPage(c echo.Context) error {
	t, lang := s.words(c), language(c)
	p := s.consolePage(c, "editions", t("editions.title"))
	p.Lead = t("editions.lead")
	list := web.Table{Heading: t("results.editions"), Empty: t("editions.none"), Columns: []web.Column{
		{Text: t("editions.edition"), Whole: true}, {Text: t("editions.period"), Whole: true}, {Text: t("editions.responses"), Right: true}, {Text: t("editions.note")}, {Text: t("editions.by")},
	}}
	editions := s.survey.Editions()
	for i := len(editions) - 1; i >= 0; i-- {
		e := editions[i]
		name := web.Cell{Text: s.editionName(lang, e), URL: editionPath(resultsPath, "ban", e)}
		if e.Corrects > 0 {
			name.Note = t("results.corrects", e.Corrects)
		}
		note := web.Cell{Text: e.Note, Note: e.Reason}
		list.Rows = append(list.Rows, web.Row{Cells: []web.Cell{
			name, {Text: s.monthsText(lang, e.From, e.To)}, {Text: web.Number(lang, int(e.Overall.Sums.Responses))}, note, s.actor(c, e.By),
		}})
	}
	p.Tables, p.Forms = []web.Table{list}, []web.Form{s.monthsForm(c)}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

// monthsForm asks for the months of an edition.
func (s *Server) monthsForm(c echo.Context) web.Form {
	t := s.words(c)
	last, _ := survey.LastWholeMonth(s.Now())
	var months []web.Choice
	for range 36 {
		months = append(months, web.Choice{Value: last.Month(), Text: s.monthsText(language(c), last, last)})
		last = last.AddDays(-1)[:8] + "01"
	}
	month := func(name string) web.Input {
		value := c.QueryParam(name)
		if value == "" {
			value = months[0].Value
		}
		return web.Input{Name: name, Label: t("editions." + name), Type: web.InputSelect, Value: value, Options: months, Required: true}
	}
	return web.Form{Action: editionsPath + "/moi", Get: true, Heading: t("editions.new"), Lead: t("editions.new.lead"), Submit: t("editions.preview"),
		Inputs: []web.Input{month("from"), month("to")}}
}

// draftEdition is what would be published now, or what was looked at if the form
// says so. The error is an Invalid fault, or the store's.
func (s *Server) draftEdition(c echo.Context, from, to, through string) (*survey.Edition, error) {
	first, last := monthStart(from), monthStart(to)
	if last != "" {
		last = catalogue.DateOf(last.Start().AddDate(0, 1, -1))
	}
	seal, err := s.sealFor(c, through)
	if err != nil {
		return nil, err
	}
	editions := s.survey.Editions()
	e, err := s.segments.Compose(first, last, seal, editions, s.survey.Catalogue(), s.Now())
	if err != nil {
		return nil, err
	}
	e.Number = len(editions) + 1
	return e, nil
}

// monthStart is the first day of a month, "2026-06"; "": it is none.
func monthStart(month string) catalogue.Date {
	d := catalogue.Date(month + "-01")
	if !d.Valid() {
		return ""
	}
	return d
}

// sealFor returns the seal of a day, or the newest one; the zero Seal where there
// is none.
func (s *Server) sealFor(c echo.Context, day string) (survey.Seal, error) {
	if day == "" {
		newest, _, err := s.survey.Seals(c.Request().Context(), true, 1, "")
		if err != nil || len(newest) == 0 {
			return survey.Seal{}, err
		}
		return newest[0], nil
	}
	if !catalogue.Date(day).Valid() {
		return survey.Seal{}, nil
	}
	seal, err := s.survey.SealOf(c.Request().Context(), catalogue.Date(day))
	if errors.Is(err, survey.ErrNoSeal) {
		return survey.Seal{}, nil
	}
	return seal, err
}

// newEditionPage shows what would be published and asks for the words.
func (s *Server) newEditionPage(c echo.Context) error {
	e, err := s.draftEdition(c, c.QueryParam("from"), c.QueryParam("to"), "")
	if err != nil {
		return s.wrongMonths(c, err)
	}
	return s.editionView(c, e, nil, nil)
}

// wrongMonths asks for the months again.
func (s *Server) wrongMonths(c echo.Context, err error) error {
	p := s.consolePage(c, "editions", s.words(c)("editions.new"))
	p.Up = web.Link{URL: editionsPath, Text: s.words(c)("editions.title")}
	f := s.monthsForm(c)
	f.Heading = ""
	status, err := s.refill(c, &f, c.QueryParams(), err)
	if err != nil {
		return err
	}
	p.Forms = []web.Form{f}
	return s.page(c, status, web.PageConsole, p)
}

func (s *Server) editionView(c echo.Context, e *survey.Edition, typed url.Values, bad error) error {
	t, lang := s.words(c), language(c)
	p := s.consolePage(c, "editions", t("editions.new"))
	p.Up = web.Link{URL: editionsPath, Text: t("editions.title")}
	p.Lead = t("editions.check")
	p.Facts = []web.Fact{
		{Name: t("editions.period"), Text: s.monthsText(lang, e.From, e.To)},
		{Name: t("editions.responses"), Text: web.Number(lang, int(e.Overall.Sums.Responses))},
		{Name: t("editions.through"), Text: dayText(lang, e.Through)},
		{Name: t("editions.method"), Text: s.pages.Text(lang, "method."+e.Method.ID, e.Method.Version)},
	}
	p.Tables = []web.Table{s.editionTable(c, e)}
	f := s.wordsForm(c, e)
	status := http.StatusOK
	if bad != nil {
		var err error
		if status, err = s.refill(c, &f, typed, bad); err != nil {
			return err
		}
	}
	p.Forms = []web.Form{f}
	return s.page(c, status, web.PageConsole, p)
}

// editionTable is the table that would be public.
func (s *Server) editionTable(c echo.Context, e *survey.Edition) web.Table {
	t, lang := s.words(c), language(c)
	table := web.Table{Heading: t("editions.table"), Columns: []web.Column{
		{Text: t("results.h.area")}, {Text: t("results.h.rate"), Right: true}, {Text: t("results.h.target"), Right: true}, {Text: t("results.h.verdict")}, {Text: t("results.h.responses"), Right: true},
	}}
	row := func(name string, r web.ResultRow) {
		rate := web.Cell{Text: orDash(r.RateText)}
		if r.RateText != "" {
			rate.Note = t("results.range", r.LowText, r.HighText)
		}
		table.Rows = append(table.Rows, web.Row{Cells: []web.Cell{
			{Text: name}, rate, {Text: "≥ " + r.TargetText}, {Text: t("verdict." + r.VerdictKey() + ".name")}, {Text: web.Number(lang, r.Responses)},
		}})
	}
	q := e.Summary().Query
	row(t("group.all"), s.resultRow(e.Overall, q, lang))
	for i, g := range e.Summary().Groups {
		row(s.areaName(e.Areas[i], lang), s.resultRow(g, q, lang))
	}
	if e.Hidden > 0 {
		table.Note = t("editions.hidden", e.Hidden)
	}
	if e.Channels == nil {
		table.Note = strings.TrimSpace(table.Note + " " + t("editions.nochannels"))
	}
	return table
}

// wordsForm asks for what readers are told beside the figures.
func (s *Server) wordsForm(c echo.Context, e *survey.Edition) web.Form {
	t := s.words(c)
	f := web.Form{
		Action: editionsPath + "/moi", Heading: t("editions.publish"), Lead: t("editions.publish.lead", e.Number), Submit: t("editions.submit"), Danger: true,
		Cancel: web.Link{URL: editionsPath, Text: t("console.cancel")},
		Hidden: []web.Choice{{Value: "from", Text: e.From.Month()}, {Value: "to", Text: e.To.Month()}, {Value: "through", Text: string(e.Through)}, {Value: "number", Text: strconv.Itoa(e.Number)}},
		Inputs: []web.Input{{Name: "note", Label: t("editions.note"), Hint: t("editions.note.hint"), Type: web.InputArea, Wide: true, Ground: web.GroundPublic, Required: true}},
	}
	if e.Corrects > 0 {
		f.Lead += " " + t("editions.correcting", e.Corrects)
		f.Inputs = append(f.Inputs, web.Input{Name: "reason", Label: t("editions.reason"), Hint: t("editions.reason.hint"), Type: web.InputArea, Wide: true, Ground: web.GroundPublic, Required: true})
	}
	return f
}

// publishEdition publishes what was looked at.
func (s *Server) publishEdition(c echo.Context) error {
	values, err := readForm(c)
	if err != nil {
		return err
	}
	if s.sentAgain(c, values) {
		return done(c, editionsPath, "edition")
	}
	e, err := s.draftEdition(c, values.Get("from"), values.Get("to"), values.Get("through"))
	if err != nil {
		return s.wrongMonths(c, err)
	}
	var bad fault.Fields
	e.Note = editionText(&bad, values, "note")
	if e.Corrects > 0 {
		e.Reason = editionText(&bad, values, "reason")
	}
	err = bad.Err()
	if values.Get("number") != strconv.Itoa(e.Number) {
		err = survey.ErrEditionTaken // what may be shown beside it has to be looked at again
	}
	if err != nil {
		return s.editionView(c, e, values, err)
	}
	e.By, e.PublishedAt = officerOf(c).Account, s.Now().UTC().Truncate(time.Millisecond)
	object := "edition/" + strconv.Itoa(e.Number)
	err = s.audited(c, "results.publish", object, []string{"from=" + e.From.Month(), "to=" + e.To.Month()}, func() error {
		return s.survey.PublishEdition(c.Request().Context(), e)
	})
	if err != nil {
		return s.editionView(c, e, values, err)
	}
	return done(c, editionsPath, "edition")
}

// sentAgain says whether the form has been published already by whoever sends it.
func (s *Server) sentAgain(c echo.Context, values url.Values) bool {
	for _, e := range s.survey.Editions() {
		if values.Get("number") == strconv.Itoa(e.Number) {
			return e.By == officerOf(c).Account && e.From.Month() == values.Get("from") && e.To.Month() == values.Get("to") &&
				e.Note == values.Get("note") && e.Reason == values.Get("reason")
		}
	}
	return false
}

// editionText reads what readers will see.
func editionText(bad *fault.Fields, values url.Values, name string) string {
	s := values.Get(name)
	switch n := utf8.RuneCountInString(s); {
	case s == "":
		bad.Add(name, "required")
	case n > maxEditionText:
		bad.Add(name, "too_long", maxEditionText, n)
	}
	return s
}
