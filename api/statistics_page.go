package api

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/survey"
	"sipas/web"
)

// statisticsPage answers the office's question: the rates of each group, how
// they have moved, where they come from.
func (s *Server) statisticsPage(c echo.Context) error {
	q, err := s.readQuestion(c)
	v := web.StatisticsPage{Page: s.figuresPage(c, q, statisticsPath, "stats.title", "stats.title.lead")}
	if err != nil {
		return s.refuseQuestion(c, &v, err)
	}
	q.by = q.by[:1]
	sum, err := s.summary(q)
	if err != nil {
		return err
	}
	v.Actions = s.waysOn(c, q)
	v.Trail, v.Notes, v.Foot = s.trail(c, q), s.periodNotes(c, q), s.figuresFoot(c, sum)
	if sum.Overall.Sums.Responses == 0 {
		v.Empty = s.nothingCounted(c, sum)
		return s.page(c, http.StatusOK, web.PageStatistics, v)
	}
	if err := s.fillRates(c, &v, q, sum); err != nil {
		return err
	}
	if v.Trend, err = s.trend(c, q); err != nil {
		return err
	}
	heat, err := s.heat(c, q)
	if err != nil {
		return err
	}
	v.Tables = heat
	return s.page(c, http.StatusOK, web.PageStatistics, v)
}

// waysOn lead from the rates to what may explain them.
func (s *Server) waysOn(c echo.Context, q question) []web.Action {
	t := s.words(c)
	list := []web.Action{
		{URL: q.address(pullsPath), Text: t("stats.pulls")},
		{URL: q.cross().address(crossPath), Text: t("stats.cross")},
	}
	if hasPart(c, commentRoles) {
		v := url.Values{"from": {string(q.period.From)}, "to": {string(q.period.To)}}
		if areas := q.values("area"); len(areas) == 1 {
			v["area"] = areas
		}
		list = append(list, web.Action{URL: commentsPath + "?" + v.Encode(), Text: t("console.nav.comments")})
	}
	return list
}

// summary answers a question; by area every area has a row.
func (s *Server) summary(q question) (survey.Summary, error) {
	cat := s.survey.Catalogue()
	sum, err := s.segments.Summarise(q.query(q.period), cat, s.Now())
	if err == nil && slices.Equal(q.by, []string{"area"}) && !q.filtered("area") {
		sum.EveryArea(cat)
	}
	return sum, err
}

// figuresPage begins a page of figures with the form that asks.
func (s *Server) figuresPage(c echo.Context, q question, path, title, lead string) web.Page {
	t := s.words(c)
	p := s.consolePage(c, "statistics", t(title))
	p.Path = c.Request().URL.RequestURI()
	p.Lead = t(lead)
	f := s.questionForm(c, path, q)
	p.Filter = &f
	return p
}

// refuseQuestion shows what cannot be asked, with everything that was typed.
func (s *Server) refuseQuestion(c echo.Context, v *web.StatisticsPage, err error) error {
	status, err := s.refill(c, v.Filter, c.QueryParams(), err)
	if err != nil {
		return err
	}
	return s.page(c, status, web.PageStatistics, v)
}

// questionForm asks for the period, what to compare with, the rows and what to
// leave out. What it has no input for goes along.
func (s *Server) questionForm(c echo.Context, path string, q question) web.Form {
	t, lang := s.words(c), language(c)
	f := web.Form{Action: path, Plain: true, Submit: t("stats.show"), Inputs: []web.Input{s.periodInput(c, q.period)}}
	if q.period.ID == "" {
		f.Inputs = append(f.Inputs,
			web.Input{Name: "from", Label: t("stats.from"), Type: web.InputDate, Value: string(q.period.From)},
			web.Input{Name: "to", Label: t("stats.to"), Type: web.InputDate, Value: string(q.period.To)})
	}
	if path == statisticsPath {
		f.Inputs = append(f.Inputs, s.comparisonInput(c, q))
	}
	if path != pullsPath {
		f.Inputs = append(f.Inputs, s.dimensionInput(c, "by", t("stats.by"), q.by[0]))
	}
	if path == crossPath {
		f.Inputs = append(f.Inputs, s.dimensionInput(c, "across", t("stats.by.second"), q.by[1]))
	}
	choices := s.filterChoices(lang, q.period.To)
	for _, name := range rowDimensions {
		values := q.values(name)
		switch {
		case choices[name] != nil && len(values) < 2:
			in := web.Input{Name: name, Label: t("stats.dimension." + name), Type: web.InputSelect, Options: []web.Choice{{Text: t("stats.any")}}}
			in.Options = append(in.Options, choices[name]...)
			if len(values) == 1 {
				in.Value = values[0]
				if !slices.ContainsFunc(in.Options, func(o web.Choice) bool { return o.Value == in.Value }) {
					in.Options = append(in.Options, web.Choice{Value: in.Value, Text: s.nameWithin(lang, name, in.Value, q.period)})
				}
			}
			f.Inputs = append(f.Inputs, in)
		default:
			for _, v := range values {
				f.Hidden = append(f.Hidden, web.Choice{Value: name, Text: v})
			}
		}
	}
	return f
}

// filterChoices are the values of the dimensions that have an input of their own.
func (s *Server) filterChoices(lang string, on catalogue.Date) map[string][]web.Choice {
	cat, choices := s.survey.Catalogue(), map[string][]web.Choice{}
	add := func(dimension, id string, name catalogue.Text) {
		choices[dimension] = append(choices[dimension], web.Choice{Value: id, Text: name.In(lang)})
	}
	for _, a := range cat.Areas(on) {
		add("area", a.ID, a.Name)
	}
	for _, u := range cat.Units(on) {
		add("unit", u.ID, u.Name)
	}
	for _, d := range cat.Desks(on) {
		add("desk", d.ID, d.Name)
	}
	return choices
}

func (s *Server) comparisonInput(c echo.Context, q question) web.Input {
	t := s.words(c)
	with := web.Input{Name: "with", Label: t("stats.with"), Type: web.InputSelect, Value: q.with}
	for _, w := range comparisons {
		with.Options = append(with.Options, web.Choice{Value: w, Text: t("stats.with." + w)})
	}
	return with
}

func (s *Server) dimensionInput(c echo.Context, name, label, value string) web.Input {
	in := web.Input{Name: name, Label: label, Type: web.InputSelect, Value: value}
	for _, d := range rowDimensions {
		in.Options = append(in.Options, web.Choice{Value: d, Text: s.words(c)("stats.dimension." + d)})
	}
	return in
}

// periodInput offers the periods mostly asked for, and the one that is shown.
func (s *Server) periodInput(c echo.Context, shown survey.Period) web.Input {
	in := web.Input{Name: "period", Label: s.words(c)("stats.period"), Type: web.InputSelect, Value: shown.ID}
	list := survey.Recent(s.today())
	if shown.ID != "" && !slices.ContainsFunc(list, func(p survey.Period) bool { return p.ID == shown.ID }) {
		list = append(list, shown)
	}
	for _, p := range list {
		in.Options = append(in.Options, web.Choice{Value: p.ID, Text: s.periodName(c, p)})
	}
	in.Options = append(in.Options, web.Choice{Text: s.words(c)("stats.period.own")})
	return in
}

func (s *Server) periodName(c echo.Context, p survey.Period) string {
	return s.nameOfPeriod(language(c), p)
}

// values are what one dimension is filtered to.
func (q question) values(dimension string) []string {
	for _, f := range q.filters {
		if f.Dimension == dimension {
			return f.Values
		}
	}
	return nil
}

// trail is the way down to what is shown, from all answers of the period.
func (s *Server) trail(c echo.Context, q question) []web.Link {
	up := q
	up.filters, up.by = nil, []string{levels[0]}
	list := []web.Link{{URL: up.address(statisticsPath), Text: s.periodName(c, q.period)}}
	for _, name := range rowDimensions {
		if values := q.values(name); values != nil {
			up.filters = append(slices.Clone(up.filters), survey.Filter{Dimension: name, Values: values})
			up.by = []string{up.nextLevel()}
			text := ""
			for i, v := range values {
				if i > 0 {
					text += ", "
				}
				text += s.nameWithin(language(c), name, v, q.period)
			}
			list = append(list, web.Link{URL: up.address(statisticsPath), Text: text})
		}
	}
	list[len(list)-1].URL = ""
	return list
}

// nameWithin is what people call a value within a period: by its last name in it.
func (s names) nameWithin(lang, dimension, value string, p survey.Period) string {
	name, _ := s.namesIn(lang, dimension, value, p)
	return name
}

// namesIn returns the last name within a period, and the one at its beginning if
// that was another one.
func (s names) namesIn(lang, dimension, value string, p survey.Period) (name, earlier string) {
	name = s.valueName(dimension, value, lang, p.To)
	if first := s.valueName(dimension, value, lang, p.From); first != name {
		earlier = first
	}
	if name == "" {
		name = s.pages.Text(lang, "group.unknown")
	}
	return name, earlier
}

// nameAndNote returns the name of a value within a period, and what has to be
// known of it to read its figures: an earlier name, or that it was there for a
// part of the period alone, as units are that are merged.
func (s names) nameAndNote(lang, dimension, value string, p survey.Period) (name, note string) {
	name, earlier := s.namesIn(lang, dimension, value, p)
	if earlier != "" {
		return name, s.pages.Text(lang, "stats.renamed", earlier)
	}
	if kind := catalogue.Kind(dimension); slices.Contains(catalogue.Kinds, kind) {
		switch from, to := s.survey.Catalogue().Within(kind, value, p.From, p.To); {
		case to < p.To:
			note = s.pages.Text(lang, "stats.until", dayText(lang, to))
		case from > p.From:
			note = s.pages.Text(lang, "stats.since", dayText(lang, from))
		}
	}
	return name, note
}

func (s *Server) periodNotes(c echo.Context, q question) []string {
	return s.notesOn(language(c), q.period, s.today())
}

// notesOn say what has to be known before figures of a period are read: that it
// is not over, and answers to more than one questionnaire.
func (s names) notesOn(lang string, p survey.Period, today catalogue.Date) (notes []string) {
	switch {
	case p.From > today:
		notes = append(notes, s.pages.Text(lang, "stats.note.future"))
	case p.To > today:
		notes = append(notes, s.pages.Text(lang, "stats.note.running", dayText(lang, today)))
	}
	after := p.From
	if after != "" {
		after = after.AddDays(1)
	}
	for _, f := range s.changesOfForm(after, p.To) {
		notes = append(notes, s.pages.Text(lang, "stats.note.forms", dayText(lang, f.From), f.Name.In(lang)))
	}
	return notes
}

// changesOfForm lists the questionnaires at the counter that came into use
// between two days, the first of all left out.
func (s names) changesOfForm(from, to catalogue.Date) (list []*survey.Questionnaire) {
	for _, f := range s.survey.Questionnaires() {
		if f.Block == survey.BlockService && f.Version > 1 && f.From >= from && f.From <= to {
			list = append(list, f)
		}
	}
	return list
}

// nothingCounted says why there is no figure.
func (s *Server) nothingCounted(c echo.Context, sum survey.Summary) string {
	if sum.Suppressed > 0 {
		return s.words(c)("stats.empty.few", survey.MinCell)
	}
	return s.words(c)("stats.empty")
}

// figuresFoot says how and when was counted, and what vouches for it.
func (s *Server) figuresFoot(c echo.Context, sum survey.Summary) []string {
	t := s.words(c)
	foot := []string{t("results.method", t("method."+sum.Method.ID, sum.Method.Version)), t("results.asof", s.moment(c, sum.AsOf)), t("stats.foot.self")}
	if sum.Suppressed > 0 {
		foot = append(foot, t("stats.foot.suppressed", sum.Suppressed, survey.MinCell))
	}
	return foot
}
