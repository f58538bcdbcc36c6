package api

import (
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/web"
)

// dayText writes a day as people read it; what is none stays as it is.
func dayText(lang string, d catalogue.Date) string {
	if !d.Valid() {
		return string(d)
	}
	return web.Date(lang, d.Start())
}

// daysText writes from when to when a row holds.
func (s *Server) daysText(c echo.Context, v catalogue.Validity) string {
	lang := language(c)
	if v.To == "" {
		return s.words(c)("cat.since", dayText(lang, v.From))
	}
	return s.words(c)("cat.between", dayText(lang, v.From), dayText(lang, v.To))
}

func otherLanguage(c echo.Context) string {
	all := web.Languages()
	return all[1-slices.Index(all, language(c))]
}

func kindOfRow(r catalogue.Row) catalogue.Kind {
	switch r.(type) {
	case catalogue.Area:
		return catalogue.KindArea
	case catalogue.Unit:
		return catalogue.KindUnit
	case catalogue.Desk:
		return catalogue.KindDesk
	case catalogue.Procedure:
		return catalogue.KindProcedure
	}
	return catalogue.KindTarget
}

// rowName is what a row calls its thing. A target has no name of its own.
func (s *Server) rowName(lang string, r catalogue.Row) string {
	switch r := r.(type) {
	case catalogue.Area:
		return r.Name.In(lang)
	case catalogue.Unit:
		return r.Name.In(lang)
	case catalogue.Desk:
		return r.Name.In(lang)
	case catalogue.Procedure:
		return r.Name.In(lang)
	case catalogue.Target:
		name := s.pages.Text(lang, "measure."+r.Measure)
		if r.Area != "" {
			name += " · " + s.nameOf(lang, catalogue.KindArea, r.Area)
		}
		return name
	}
	return ""
}

// nameOf is what a thing is called today, or else was or will be; its id if
// there is none.
func (s *Server) nameOf(lang string, kind catalogue.Kind, id string) string {
	for _, r := range shownRows(s.survey.Catalogue().All(kind), s.today()) {
		if catalogue.IDOf(r) == id {
			return s.rowName(lang, r)
		}
	}
	return id
}

// factColumns are what rows of a kind say beside name and days.
func (s *Server) factColumns(c echo.Context, kind catalogue.Kind) []web.Column {
	t := s.words(c)
	area, unit := web.Column{Text: t("cat.one.area")}, web.Column{Text: t("cat.one.unit")}
	switch kind {
	case catalogue.KindUnit:
		return []web.Column{{Text: t("cat.phone")}, {Text: t("cat.mailbox")}}
	case catalogue.KindDesk:
		return []web.Column{unit}
	case catalogue.KindProcedure:
		return []web.Column{area, unit}
	case catalogue.KindTarget:
		return []web.Column{{Text: t("cat.value"), Right: true}}
	}
	return nil
}

// factCells are the cells below factColumns.
func (s *Server) factCells(c echo.Context, r catalogue.Row) []web.Cell {
	lang := language(c)
	switch r := r.(type) {
	case catalogue.Unit:
		return []web.Cell{{Text: r.Phone}, {Text: r.Mailbox}}
	case catalogue.Desk:
		return []web.Cell{{Text: s.nameOf(lang, catalogue.KindUnit, r.Unit)}}
	case catalogue.Procedure:
		return []web.Cell{{Text: s.nameOf(lang, catalogue.KindArea, r.Area)}, {Text: s.nameOf(lang, catalogue.KindUnit, r.Unit)}}
	case catalogue.Target:
		return []web.Cell{{Text: web.Percent(lang, int(r.Value))}}
	}
	return nil
}

// thingChoices offers the things of a kind that hold today or later, and the one
// that is chosen.
func (s *Server) thingChoices(c echo.Context, kind catalogue.Kind, none, chosen string) []web.Choice {
	list := []web.Choice{{Value: "", Text: none}}
	for _, r := range shownRows(s.survey.Catalogue().All(kind), s.today()) {
		if id := catalogue.IDOf(r); id == chosen || rowState(catalogue.ValidityOf(r), s.today()) != rowEnded {
			list = append(list, web.Choice{Value: id, Text: s.rowName(language(c), r)})
		}
	}
	return list
}

// valueText writes a value of catalogue.Difference for people.
func (s *Server) valueText(c echo.Context, field, value string) string {
	t, lang := s.words(c), language(c)
	switch field {
	case "area", "unit":
		return s.nameOf(lang, catalogue.Kind(field), value)
	case "from", "to":
		return dayText(lang, catalogue.Date(value))
	case "example", "confirmed":
		return t("cat.bool." + value)
	}
	return value
}

// neededShown is how many of those that still need a thing are named, and
// neededName how many characters of a name are shown.
const (
	neededShown = 8
	neededName  = 80
)

// explained rewrites what is wrong with an edit for who looks at its form. What
// refers to the edited thing, "procedures.1.012783.unit", is no field there.
func (s *Server) explained(c echo.Context, err error) error {
	e := fault.As(err)
	if e.Kind != fault.Invalid {
		return err
	}
	var own, others fault.Fields
	for _, f := range e.Fields {
		list, rest, _ := strings.Cut(f.Name, ".")
		kind := catalogue.Kind(strings.TrimSuffix(list, "s"))
		dot := strings.LastIndex(rest, ".")
		switch {
		case f.Name == "from" && f.Code == catalogue.CodeTaken:
			own.Add("from", "from_taken", f.Args...)
		case dot < 0 || kind == catalogue.Kind(list) || !slices.Contains(catalogue.Kinds, kind):
			own = append(own, f)
		default:
			name := []rune(s.nameOf(language(c), kind, rest[:dot]))
			if len(name) > neededName {
				name = append(name[:neededName-1], '…')
			}
			others.Add("", "needed_by", s.words(c)("cat.one."+string(kind)), string(name))
		}
	}
	if n := len(others); n > 0 {
		own.Add("", "needed", n)
		own = append(own, others[:min(n, neededShown)]...)
		if n > neededShown {
			own.Add("", "needed_more", n-neededShown)
		}
	}
	return own.Err()
}
