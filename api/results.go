package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/survey"
	"sipas/web"
)

// results is the public page of figures.
func (s *Server) results(c echo.Context) error {
	sum, err := s.published()
	if err != nil {
		return err
	}
	lang := language(c)
	all := sum.Overall
	v := web.Results{
		Base: s.base(c), Provisional: true, Total: int(all.Sums.Responses),
		PeriodText:    s.pages.Text(lang, "period.month", sum.Query.To.Month()[5:], sum.Query.To.Month()[:4]),
		AsOf:          web.DateTime(lang, sum.AsOf.In(catalogue.Zone)),
		CompleteText:  web.PercentOf(lang, int(all.Sums.Complete), int(all.Sums.Responses)),
		Method:        s.pages.Text(lang, "method."+sum.Method.ID, sum.Method.Version),
		StatisticsURL: "/api/v1/public/statistics",
	}
	for _, g := range sum.Groups {
		v.Areas = append(v.Areas, s.resultRow(g, sum.Query, lang))
	}
	if v.Mix, err = s.channelMix(sum.Query, lang); err != nil {
		return err
	}
	newest, _, err := s.survey.Seals(c.Request().Context(), true, 1, "")
	switch {
	case err != nil: // the figures are in memory; the store that has the seal is away
		s.Log.Warn("no seal on the results", "id", requestID(c), "error", err)
	case len(newest) > 0:
		v.SealDate = web.Date(lang, newest[0].Date.Start())
		v.SealRoot = newest[0].Seal[:12] + "…"
	}
	return s.page(c, http.StatusOK, web.PageResults, v)
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

// channelMix says how the answers of the same period came in.
func (s *Server) channelMix(q survey.Query, lang string) ([]web.Share, error) {
	q.By = []string{"channel"}
	mix, err := s.segments.Summarise(q, s.survey.Catalogue(), s.Now())
	if err != nil {
		return nil, err
	}
	var shares []web.Share
	for _, g := range mix.Groups {
		n, all := int(g.Sums.Responses), int(mix.Overall.Sums.Responses)
		shares = append(shares, web.Share{Name: s.groupName(g, mix.Query, lang), Responses: n, Text: web.PercentOf(lang, n, all)})
	}
	return shares, nil
}
