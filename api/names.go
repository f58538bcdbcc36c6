package api

import (
	"strings"

	"sipas/internal/catalogue"
	"sipas/survey"
	"sipas/web"
)

// names knows what people call things, in each language.
type names struct {
	survey *survey.Store
	pages  *web.Pages
}

// valueName is what people call a value of a dimension on the given day. Data
// have their own names, the fixed values are texts of the pages; "" has the
// name of what is missing, but for an area or desk that a page leaves out.
func (s names) valueName(dimension, value, lang string, on catalogue.Date) string {
	c := s.survey.Catalogue()
	name, ok := "", false
	switch dimension {
	case "area":
		x, found := c.Area(value, on)
		name, ok = x.Name.In(lang), found
	case "procedure":
		x, found := c.Procedure(value, on)
		name, ok = x.Name.In(lang), found
	case "unit":
		x, found := c.Unit(value, on)
		name, ok = x.Name.In(lang), found
	case "desk":
		x, found := c.Desk(value, on)
		name, ok = x.Name.In(lang), found
	case "factor", "criterion":
		name, ok = s.partName(dimension, value, lang, on)
	case "month":
		if y, m, cut := strings.Cut(value, "-"); cut {
			name, ok = m+"/"+y, true
		}
	case "quarter":
		if y, q, cut := strings.Cut(value, "-"); cut {
			name, ok = q+"/"+y, true
		}
	}
	for _, q := range survey.ProfileQuestions {
		for _, o := range q.Options {
			if q.ID == dimension && o.ID == value {
				name, ok = o.Text.In(lang), true
			}
		}
	}
	switch {
	case ok:
		return name
	case value == "":
		return ""
	}
	if key := "value." + dimension + "." + value; s.pages.Text(lang, key) != key {
		return s.pages.Text(lang, key)
	}
	return value
}

// partName names a factor or criterion as the newest questionnaire does that has
// begun on the day; one that is only planned names what no other has.
func (s names) partName(dimension, id, lang string, on catalogue.Date) (string, bool) {
	name, newest := "", (*survey.Questionnaire)(nil)
	for _, q := range s.survey.Questionnaires() {
		if newest != nil && (q.From > on || newest.From <= on && newest.Version > q.Version) {
			continue
		}
		for _, f := range q.Factors {
			if dimension == "factor" && f.ID == id {
				name, newest = f.Name.In(lang), q
			}
		}
		if c := q.Criterion(id); dimension == "criterion" && c != nil {
			name, newest = c.Text.In(lang), q
		}
	}
	return name, newest != nil
}

// officeName is the department's name on this day.
func (s *Server) officeName(lang string) string {
	u, ok := s.survey.Catalogue().Unit("so", s.today())
	if !ok {
		return s.pages.Text(lang, "office.unnamed")
	}
	return u.Name.In(lang)
}
