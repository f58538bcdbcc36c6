package api

import (
	"slices"
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

// valueName is what people call a value of a dimension on the given day, or did
// when it was still there. Data have their own names, the fixed values are texts
// of the pages; "" has the name of what is missing, but for an area or desk that a
// page leaves out.
func (s names) valueName(dimension, value, lang string, on catalogue.Date) string {
	name, ok := "", false
	switch dimension {
	case "area", "procedure", "unit", "desk":
		text, found := s.survey.Catalogue().Name(catalogue.Kind(dimension), value, on)
		name, ok = text.In(lang), found
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

// nameOfPeriod names a period as people do.
func (s names) nameOfPeriod(lang string, p survey.Period) string {
	text := func(key string, args ...any) string { return s.pages.Text(lang, key, args...) }
	switch len(p.ID) {
	case 0:
		return text("stats.period.days", dayText(lang, p.From), dayText(lang, p.To))
	case 4:
		return text("stats.period.year", p.ID)
	}
	switch p.ID[5] {
	case 'H', 'Q':
		return text("stats.period."+p.ID[5:], p.ID[:4])
	}
	return text("period.month", web.Month(lang, p.From.Start()))
}

// officeName is the department's name on this day.
func (s *Server) officeName(lang string) string { return s.officeOn(lang, s.today()) }

func (s names) officeOn(lang string, on catalogue.Date) string {
	u, ok := s.survey.Catalogue().Unit("so", on)
	if !ok {
		return s.pages.Text(lang, "office.unnamed")
	}
	return u.Name.In(lang)
}

// inCatalogueOrder puts what there is of areas or units into the order of the
// catalogue, which people know them in. What it does not know on the day comes
// last; by another dimension nothing is moved.
func inCatalogueOrder[T any](s names, list []T, by string, on catalogue.Date, key func(T) string) {
	var order []string
	switch by {
	case "area":
		for _, a := range s.survey.Catalogue().Areas(on) {
			order = append(order, a.ID)
		}
	case "unit":
		for _, u := range s.survey.Catalogue().Units(on) {
			order = append(order, u.ID)
		}
	}
	slices.SortStableFunc(list, func(a, b T) int { return placeIn(order, key(a)) - placeIn(order, key(b)) })
}

// placeIn is where the list has the id; behind all of them where it has not.
func placeIn(list []string, id string) int {
	if i := slices.Index(list, id); i >= 0 {
		return i
	}
	return len(list)
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
