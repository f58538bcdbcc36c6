package api

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/survey"
	"sipas/web"
)

const resultsPath = "/ket-qua"

// errNoEdition: nothing is published under this number.
var errNoEdition = fault.New(fault.NotFound, "edition_unknown")

// results is the public page of figures.
func (s *Server) results(c echo.Context) error {
	e, err := s.published(c)
	if err != nil {
		return err
	}
	v := s.viewResults(e, language(c))
	v.Base = s.base(c)
	if e.Number == 0 {
		s.newestSeal(c, &v)
	}
	return s.page(c, http.StatusOK, web.PageResults, v)
}

// published is the edition that was asked for ("?ban=2"), or the newest; before
// there is one, the last whole month as it is counted now.
func (s *Server) published(c echo.Context) (*survey.Edition, error) {
	list := s.survey.Editions()
	asked := c.QueryParam("ban") + c.QueryParam("edition") // pages say it in Vietnamese
	switch {
	case asked != "":
		for _, e := range list {
			if strconv.Itoa(e.Number) == asked {
				return e, nil
			}
		}
		return nil, errNoEdition
	case len(list) > 0:
		return list[len(list)-1], nil
	}
	return s.segments.Current(s.survey.Catalogue(), s.Now())
}

// viewResults puts an edition into words.
func (s *Server) viewResults(e *survey.Edition, lang string) web.Results {
	all := e.Overall.Sums
	v := web.Results{
		Provisional: e.Number == 0, Total: int(all.Responses), PeriodText: s.monthsText(lang, e.From, e.To),
		AsOf:         web.DateTime(lang, e.AsOf.In(catalogue.Zone)),
		CompleteText: web.PercentOf(lang, int(all.Complete), int(all.Responses)),
		Method:       s.pages.Text(lang, "method."+e.Method.ID, e.Method.Version),
		Note:         e.Note, Reason: e.Reason, Hidden: e.Hidden,
		StatisticsURL: editionPath("/api/v1/public/statistics", "edition", e), CSVURL: editionPath(resultsPath+".csv", "ban", e), JSONURL: editionPath(resultsPath+".json", "ban", e),
	}
	if e.Number > 0 {
		v.Edition = s.editionName(lang, e)
		v.SealDate, v.SealRoot = web.Date(lang, e.Through.Start()), shortSeal(e.Seal)
	}
	q := e.Summary().Query
	for i, g := range e.Summary().Groups {
		row := s.resultRow(g, q, lang)
		row.Name = s.areaName(e.Areas[i], lang)
		v.Areas = append(v.Areas, row)
	}
	for _, share := range e.Channels {
		n := int(share.Responses)
		v.Mix = append(v.Mix, web.Share{Name: s.valueName("channel", string(share.Channel), lang, e.To), Responses: n, Text: web.PercentOf(lang, n, int(all.Responses))})
	}
	for _, other := range slices.Backward(s.survey.Editions()) {
		v.Editions = append(v.Editions, s.editionLink(lang, other, e))
		if e.Number > 0 && other.Corrects == e.Number && v.Corrected.URL == "" {
			v.Corrected = web.Link{URL: editionPath(resultsPath, "ban", other), Text: s.editionName(lang, other)}
		}
	}
	return v
}

func (s *Server) editionLink(lang string, e, shown *survey.Edition) web.EditionLink {
	l := web.EditionLink{Name: s.editionName(lang, e), Period: s.monthsText(lang, e.From, e.To), Current: e.Number == shown.Number, URL: editionPath(resultsPath, "ban", e)}
	if e.Corrects > 0 {
		l.Corrects = s.pages.Text(lang, "results.corrects", e.Corrects)
	}
	return l
}

// editionName is the number of an edition and the day on which it was published.
func (s *Server) editionName(lang string, e *survey.Edition) string {
	return s.pages.Text(lang, "results.edition", e.Number, web.Date(lang, e.PublishedAt.In(catalogue.Zone)))
}

// monthsText names whole months.
func (s *Server) monthsText(lang string, from, to catalogue.Date) string {
	if from.Month() == to.Month() {
		return s.pages.Text(lang, "period.month", web.Month(lang, to.Start()))
	}
	return s.pages.Text(lang, "period.months", web.Month(lang, from.Start()), web.Month(lang, to.Start()))
}

// areaName is what the area was called when it was published.
func (s *Server) areaName(a survey.EditionArea, lang string) string {
	switch name := a.Name.In(lang); {
	case name != "":
		return name
	case a.ID != "":
		return a.ID
	}
	return s.pages.Text(lang, "group.unknown")
}

// editionPath leads to a published edition; to what is newest where there is none.
func editionPath(path, parameter string, e *survey.Edition) string {
	if e.Number == 0 {
		return path
	}
	return path + "?" + parameter + "=" + strconv.Itoa(e.Number)
}

// shortSeal is the beginning of a seal, enough to compare by eye.
func shortSeal(seal string) string { return seal[:min(12, len(seal))] + "…" }

func (s *Server) newestSeal(c echo.Context, v *web.Results) {
	newest, _, err := s.survey.Seals(c.Request().Context(), true, 1, "")
	switch {
	case err != nil: // the figures are in memory; the store that has the seal is away
		s.Log.Warn("no seal on the results", "id", requestID(c), "error", err)
	case len(newest) > 0:
		v.SealDate, v.SealRoot = web.Date(language(c), newest[0].Date.Start()), shortSeal(newest[0].Seal)
	}
}

func (s *Server) resultRow(g survey.Group, q survey.Query, lang string) web.ResultRow {
	f := g.Pooled
	row := web.ResultRow{
		Name: s.groupName(g, q, lang), Responses: int(g.Sums.Responses),
		Rate: f.Rate, Low: f.Low, High: f.High, Target: float64(f.Target) / 100,
		TargetText: web.Percent(lang, int(f.Target)), Needed: int(f.Needed), Met: f.Met,
	}
	if f.Answered > 0 {
		row.Verdict = string(f.Verdict)
		row.RateText = web.Percent(lang, int(survey.Rounded(f.Satisfied, f.Answered)))
		row.LowText, row.HighText = percentText(lang, f.Low), percentText(lang, f.High)
	}
	if o := g.Overall; o.Answered > 0 {
		row.OverallText = web.Percent(lang, int(survey.Rounded(o.Satisfied, o.Answered)))
		row.OverallVerdict = string(o.Verdict)
	}
	return row
}

// percentText writes an end of an interval, which has no counts to round from.
func percentText(lang string, percent float64) string {
	return web.Percent(lang, int(percent*100+0.5))
}
