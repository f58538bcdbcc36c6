package api

import (
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/web"
)

// measures are what targets are set for, in the order of the form.
var measures = []string{catalogue.MeasureSatisfaction, catalogue.MeasureOnTime, catalogue.MeasureApology, catalogue.MeasureFeedback}

// reservedIDs are the ids whose pages would be hidden by other pages.
var reservedIDs = map[string]bool{"moi": true, "nhap": true}

// rowInputs asks for a row, filled in from r; its days and what it says of
// confirmation are the caller's.
func (s *Server) rowInputs(c echo.Context, r catalogue.Row) []web.Input {
	t := s.words(c)
	names := func(n catalogue.Text) []web.Input {
		return []web.Input{
			{Name: "name.vi", Label: t("cat.name.vi"), Value: n.VI, Required: true, Wide: true},
			{Name: "name.en", Label: t("cat.name.en"), Value: n.EN, Required: true, Wide: true, Hint: t("cat.name.en.hint")},
		}
	}
	choose := func(kind catalogue.Kind, none, value string, required bool) web.Input {
		return web.Input{Name: string(kind), Label: t("cat.one." + string(kind)), Type: web.InputSelect, Value: value,
			Required: required, Options: s.thingChoices(c, kind, t(none), value)}
	}
	switch r := r.(type) {
	case catalogue.Area:
		return names(r.Name)
	case catalogue.Unit:
		return append(names(r.Name),
			web.Input{Name: "phone", Label: t("cat.phone"), Value: r.Phone, Hint: t("cat.complaints.hint")},
			web.Input{Name: "mailbox", Label: t("cat.mailbox"), Value: r.Mailbox, Hint: t("cat.complaints.hint")})
	case catalogue.Desk:
		return append(names(r.Name), choose(catalogue.KindUnit, "cat.choose", r.Unit, true))
	case catalogue.Procedure:
		inputs := append(names(r.Name), choose(catalogue.KindArea, "cat.choose", r.Area, true), choose(catalogue.KindUnit, "cat.unit.none", r.Unit, false))
		if r.Example {
			inputs = append(inputs, web.Input{Name: "example", Label: t("cat.example.still"), Type: web.InputCheck, Value: "1", Wide: true})
		}
		return inputs
	case catalogue.Target:
		measure := web.Input{Name: "measure", Label: t("cat.measure"), Type: web.InputSelect, Value: r.Measure, Required: true,
			Options: []web.Choice{{Value: "", Text: t("cat.choose")}}}
		for _, m := range measures {
			measure.Options = append(measure.Options, web.Choice{Value: m, Text: t("measure." + m)})
		}
		value := web.Input{Name: "value", Label: t("cat.value"), Required: true, Hint: t("cat.value.hint")}
		if r.ID != "" {
			value.Value = typedPercent(language(c), r.Value)
		}
		return []web.Input{measure, choose(catalogue.KindArea, "cat.area.every", r.Area, false), value}
	}
	return nil
}

// dayInputs ask from when to when a row holds and how one knows.
func (s *Server) dayInputs(c echo.Context, v catalogue.Validity) []web.Input {
	t := s.words(c)
	confirmed := web.Input{Name: "confirmed", Label: t("cat.confirmed.box"), Type: web.InputCheck, Wide: true, Hint: t("cat.confirmed.hint")}
	if v.Confirmed {
		confirmed.Value = "1"
	}
	return []web.Input{
		{Name: "from", Label: t("cat.from"), Type: web.InputDate, Value: string(v.From), Required: true, Hint: t("cat.from.hint")},
		{Name: "to", Label: t("cat.to"), Type: web.InputDate, Value: string(v.To), Hint: t("cat.to.hint")},
		{Name: "source", Label: t("cat.source"), Value: v.Source, Required: true, Wide: true, Hint: t("cat.source.hint")},
		confirmed,
	}
}

func (s *Server) idInput(c echo.Context, kind catalogue.Kind) web.Input {
	t := s.words(c)
	in := web.Input{Name: "id", Label: t("cat.id"), Required: true, Hint: t("cat.id.hint")}
	if kind == catalogue.KindProcedure {
		in.Hint = t("cat.id.procedure")
	}
	return in
}

// emptyRow is a row of a kind that says nothing yet.
func emptyRow(kind catalogue.Kind) catalogue.Row {
	switch kind {
	case catalogue.KindArea:
		return catalogue.Area{}
	case catalogue.KindUnit:
		return catalogue.Unit{}
	case catalogue.KindDesk:
		return catalogue.Desk{}
	case catalogue.KindProcedure:
		return catalogue.Procedure{}
	}
	return catalogue.Target{}
}

// readRow reads what rowInputs and dayInputs ask.
func readRow(kind catalogue.Kind, id string, form url.Values, lang string, bad *fault.Fields) catalogue.Row {
	name := catalogue.Text{VI: form.Get("name.vi"), EN: form.Get("name.en")}
	v := catalogue.Validity{
		From: catalogue.Date(form.Get("from")), To: catalogue.Date(form.Get("to")),
		Source: form.Get("source"), Confirmed: form.Get("confirmed") == "1",
	}
	switch kind {
	case catalogue.KindArea:
		return catalogue.Area{ID: id, Name: name, Validity: v}
	case catalogue.KindUnit:
		return catalogue.Unit{ID: id, Name: name, Phone: form.Get("phone"), Mailbox: form.Get("mailbox"), Validity: v}
	case catalogue.KindDesk:
		return catalogue.Desk{ID: id, Name: name, Unit: form.Get("unit"), Validity: v}
	case catalogue.KindProcedure:
		return catalogue.Procedure{ID: id, Name: name, Area: form.Get("area"), Unit: form.Get("unit"), Example: form.Get("example") == "1", Validity: v}
	}
	value, err := readPercent(form.Get("value"))
	switch {
	case form.Get("value") == "":
		bad.Add("value", "required")
	case err != nil:
		bad.Add("value", "percent", typedPercent(lang, 8550))
	}
	return catalogue.Target{ID: id, Measure: form.Get("measure"), Area: form.Get("area"), Value: value, Validity: v}
}

// readPercent reads "85", "85,5" or "85.5", with or without the sign.
func readPercent(s string) (catalogue.Percent, error) {
	s = strings.TrimSpace(strings.TrimSuffix(s, "%"))
	return catalogue.ParsePercent(strings.Replace(s, ",", ".", 1))
}

// typedPercent writes a percentage as people of the language type it.
func typedPercent(lang string, p catalogue.Percent) string {
	if lang == "en" {
		return p.String()
	}
	return strings.Replace(p.String(), ".", ",", 1)
}

// rewritten lists, in words, where what is stored of a thing is not what was
// typed, but for the inputs that ask what no stored row says.
func (s *Server) rewritten(c echo.Context, stored web.Form, typed url.Values, fresh []string) []web.Disagreeing {
	var list []web.Disagreeing
	for _, in := range stored.Inputs {
		now, was := in.Value, typed.Get(in.Name)
		if now == was || slices.Contains(fresh, in.Name) {
			continue
		}
		shown := in.Shown
		switch in.Type {
		case web.InputDate:
			shown = func(v string) string {
				if day := catalogue.Date(v); day.Valid() {
					return dayText(language(c), day)
				}
				return v
			}
		case web.InputCheck:
			shown = func(v string) string {
				if v == "1" {
					return s.words(c)("cat.bool.true")
				}
				return s.words(c)("cat.bool.false")
			}
		}
		list = append(list, web.Disagreeing{Label: in.Label, Stored: shown(now), Typed: shown(was)})
	}
	return list
}
