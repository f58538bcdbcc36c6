package api

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/survey"
	"sipas/web"
)

// questionnairesPath is where staff see the questionnaires, and administrators
// write them.
const questionnairesPath = "/lam-viec/danh-muc/phieu"

func versionPath(ref string) string { return questionnairesPath + "/" + ref }
func draftPath(ref string) string   { return questionnairesPath + "/nhap/" + ref }

func mayWrite(c echo.Context) bool { return hasPart(c, editorRoles) }

// questionnairesPage lists every version, the newest of a questionnaire first.
func (s *Server) questionnairesPage(c echo.Context) error {
	t := s.words(c)
	ctx := c.Request().Context()
	published, err := s.survey.Published(ctx)
	if err != nil {
		return err
	}
	drafts, err := s.survey.Drafts(ctx)
	if err != nil {
		return err
	}
	asking, err := s.linksAsking(ctx)
	if err != nil {
		return err
	}
	p := s.consolePage(c, "catalogue", t("asked.title"))
	p.Lead = t("asked.lead")
	if mayWrite(c) {
		p.Lead += " " + t("asked.lead.admin")
		p.Actions = []web.Action{{URL: questionnairesPath + "/moi", Text: t("asked.new")}}
	}
	type line struct {
		*survey.Questionnaire
		row web.Row
	}
	var lines []line
	for i := range drafts {
		lines = append(lines, line{&drafts[i].Questionnaire, s.draftRow(c, &drafts[i])})
	}
	for i := range published {
		q := &published[i].Questionnaire
		lines = append(lines, line{q, s.versionRow(c, q, s.linksOf(q, asking))})
	}
	service := func(q *survey.Questionnaire) int {
		if q.ID == survey.ServiceQuestionnaire {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(lines, func(a, b line) int {
		return cmp.Or(service(a.Questionnaire)-service(b.Questionnaire), cmp.Compare(a.ID, b.ID), b.Version-a.Version)
	})
	list := web.Table{Empty: t("asked.empty"), Columns: []web.Column{
		{Text: t("asked.name")}, {Text: t("asked.version"), Right: true}, {Text: t("asked.state")}, {Text: t("asked.days")},
		{Text: t("asked.links"), Right: true}, {Text: t("asked.block")}, {Text: t("asked.source")},
	}}
	for _, l := range lines {
		list.Rows = append(list.Rows, l.row)
	}
	p.Tables = []web.Table{list}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

func (s *Server) versionRow(c echo.Context, q *survey.Questionnaire, links int) web.Row {
	t, lang := s.words(c), language(c)
	state, mark := s.versionState(c, q)
	return web.Row{Quiet: mark == "", Cells: []web.Cell{
		{Text: q.Name.In(lang), URL: versionPath(q.Ref()), Note: q.Ref()},
		{Text: strconv.Itoa(q.Version)},
		{Text: state, Mark: mark},
		{Text: daysText(t, lang, q)},
		{Text: web.Number(lang, links)},
		{Text: t("asked.block." + q.Block)},
		{Text: q.Source, Note: t("asked.confirmed." + yesNo(q.Confirmed))},
	}}
}

func (s *Server) draftRow(c echo.Context, d *survey.Draft) web.Row {
	t, lang := s.words(c), language(c)
	name := web.Cell{Text: cmp.Or(d.Name.In(lang), d.Name.VI, d.Ref()), URL: draftPath(d.Ref()) + "/xem", Note: d.Ref()}
	if mayWrite(c) {
		name.URL = draftPath(d.Ref())
	}
	state := t("asked.state.draft")
	if d.Publishing != "" {
		state = t("asked.state.halfway", dayText(lang, d.Publishing))
	}
	return web.Row{Cells: []web.Cell{
		name, {Text: strconv.Itoa(d.Version)},
		{Text: state, Mark: web.MarkDoubt, Note: t("asked.changed", web.DateTime(lang, d.ChangedAt.In(catalogue.Zone)), d.ChangedBy)},
		{}, {}, {Text: t("asked.block." + d.Block)}, {Text: d.Source},
	}}
}

// versionState says in words whether a version is asked; mark "" is for one that
// is no more.
func (s *Server) versionState(c echo.Context, q *survey.Questionnaire) (words, mark string) {
	t, lang, today := s.words(c), language(c), s.today()
	switch {
	case q.From > today:
		return t("asked.state.planned", dayText(lang, q.From)), web.MarkDoubt
	case q.To != "" && q.To < today:
		return t("asked.state.over"), ""
	case q.To != "":
		return t("asked.state.until", dayText(lang, q.To)), web.MarkGood
	}
	return t("asked.state.now"), web.MarkGood
}

func daysText(t func(string, ...any) string, lang string, q *survey.Questionnaire) string {
	if q.To == "" {
		return t("asked.from", dayText(lang, q.From))
	}
	return spanText(lang, q.From, q.To)
}

// linksAsking counts the links that are open or about to be, by what they name
// as their questionnaire.
func (s *Server) linksAsking(ctx context.Context) (map[string]int, error) {
	named, now := map[string]int{}, s.Now()
	for after := ""; ; {
		links, next, err := s.survey.Links(ctx, "", 1000, after)
		if err != nil {
			return nil, err
		}
		for _, l := range links {
			if !errors.Is(l.Open(now), survey.ErrClosed) {
				named[l.Questionnaire]++
			}
		}
		if after = next; after == "" {
			return named, nil
		}
	}
}

// linksOf is how many links ask this version today. Those that name only the
// questionnaire ask the version in force.
func (s *Server) linksOf(q *survey.Questionnaire, named map[string]int) int {
	if !q.ValidOn(s.today()) {
		return 0
	}
	return named[q.Ref()] + following(q.ID, named)
}

// following is how many links go from version to version of a questionnaire.
func following(id string, named map[string]int) int {
	n := named[id]
	if id == survey.ServiceQuestionnaire {
		n += named[""]
	}
	return n
}
