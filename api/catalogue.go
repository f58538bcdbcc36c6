package api

import (
	"strconv"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
)

// rowView is what every row of the catalogue has.
type rowView struct {
	ID        string  `json:"id"`
	Name      string  `json:"name"`
	From      string  `json:"from"`
	To        *string `json:"to"`
	Source    string  `json:"source"`
	Confirmed bool    `json:"confirmed"`
}

func viewRow(id string, name catalogue.Text, v catalogue.Validity, lang string) rowView {
	return rowView{id, name.In(lang), string(v.From), orNull(string(v.To)), v.Source, v.Confirmed}
}

type deskView struct {
	rowView
	Unit *string `json:"unit"`
}

type procedureView struct {
	rowView
	Area    string  `json:"area"`
	Unit    *string `json:"unit"`
	Example bool    `json:"example"`
}

type targetView struct {
	rowView
	Measure string            `json:"measure"`
	Area    *string           `json:"area"`
	Value   catalogue.Percent `json:"value"`
}

// listCatalogue answers with the rows of one kind that hold on ?on=.
func listCatalogue[R, V any](s *Server, c echo.Context, rows func(catalogue.Date) []R, view func(R, string) V) error {
	on := s.today()
	if q := c.QueryParam("on"); q != "" {
		d, err := catalogue.ParseDate(q)
		if err != nil {
			var bad fault.Fields
			bad.Add("on", "date")
			return bad.Err()
		}
		on = d
	}
	limit, err := pageLimit(c)
	if err != nil {
		return err
	}
	start := 0
	if after := c.QueryParam("after"); after != "" {
		if start, err = strconv.Atoi(after); err != nil || start < 0 {
			var bad fault.Fields
			bad.Add("after", "cursor")
			return bad.Err()
		}
	}
	all := rows(on)
	start = min(start, len(all))
	end := min(start+limit, len(all))
	items := make([]V, 0, end-start)
	for _, r := range all[start:end] {
		items = append(items, view(r, language(c)))
	}
	next := ""
	if end < len(all) {
		next = strconv.Itoa(end)
	}
	return writeList(c, items, next)
}

func (s *Server) listAreas(c echo.Context) error {
	return listCatalogue(s, c, s.survey.Catalogue().Areas, func(a catalogue.Area, lang string) rowView {
		return viewRow(a.ID, a.Name, a.Validity, lang)
	})
}

func (s *Server) listUnits(c echo.Context) error {
	return listCatalogue(s, c, s.survey.Catalogue().Units, func(u catalogue.Unit, lang string) rowView {
		return viewRow(u.ID, u.Name, u.Validity, lang)
	})
}

func (s *Server) listDesks(c echo.Context) error {
	return listCatalogue(s, c, s.survey.Catalogue().Desks, func(d catalogue.Desk, lang string) deskView {
		return deskView{viewRow(d.ID, d.Name, d.Validity, lang), orNull(d.Unit)}
	})
}

func (s *Server) listProcedures(c echo.Context) error {
	return listCatalogue(s, c, s.survey.Catalogue().Procedures, func(p catalogue.Procedure, lang string) procedureView {
		return procedureView{viewRow(p.ID, p.Name, p.Validity, lang), p.Area, orNull(p.Unit), p.Example}
	})
}

func (s *Server) listTargets(c echo.Context) error {
	return listCatalogue(s, c, s.survey.Catalogue().Targets, func(t catalogue.Target, lang string) targetView {
		name := catalogue.Text{VI: s.pages.Text("vi", "measure."+t.Measure), EN: s.pages.Text("en", "measure."+t.Measure)}
		if t.Area != "" {
			area := s.valueName("area", t.Area, lang, t.From)
			name.VI, name.EN = name.VI+" · "+area, name.EN+" · "+area
		}
		return targetView{viewRow(t.ID, name, t.Validity, lang), t.Measure, orNull(t.Area), t.Value}
	})
}

func (s *Server) listQuestionnaires(c echo.Context) error {
	type view struct {
		rowView
		Version int               `json:"version"`
		Block   string            `json:"block"`
		Form    questionnaireView `json:"questionnaire"`
	}
	type row = view
	return listCatalogue(s, c, func(on catalogue.Date) []row {
		var rows []row
		for _, q := range s.survey.Questionnaires() {
			if q.ValidOn(on) {
				v := catalogue.Validity{From: q.From, To: q.To, Source: q.Source, Confirmed: q.Confirmed}
				rows = append(rows, row{viewRow(q.ID, q.Name, v, language(c)), q.Version, q.Block, viewQuestionnaire(q, language(c))})
			}
		}
		return rows
	}, func(r row, _ string) view { return r })
}
