package api

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/survey"
)

type intervalView struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// figureView is the part of G that the pooled rate and the overall rating share.
type figureView struct {
	Satisfied int64           `json:"satisfied"`
	Levels    [5]int64        `json:"levels"`
	Rate      *float64        `json:"rate"`
	Interval  *intervalView   `json:"interval"`
	Met       *bool           `json:"met"`
	Verdict   *survey.Verdict `json:"verdict"`
	Needed    *int64          `json:"needed"`
}

type overallView struct {
	Responses int64 `json:"responses"`
	figureView
}

// groupView is G of the contract.
type groupView struct {
	Key           map[string]*string `json:"key"`
	Name          string             `json:"name"`
	Responses     int64              `json:"responses"`
	Respondents   int64              `json:"respondents"`
	Effective     float64            `json:"effective"`
	CompleteShare *float64           `json:"completeShare"`
	Answered      int64              `json:"answered"`
	NotApplicable int64              `json:"notApplicable"`
	Target        *catalogue.Percent `json:"target"`
	figureView
	OverallRating overallView `json:"overallRating"`
}

type summaryView struct {
	From       *string            `json:"from"`
	To         string             `json:"to"`
	AsOf       string             `json:"asOf"`
	Method     survey.Computation `json:"method"`
	Overall    groupView          `json:"overall"`
	Groups     []groupView        `json:"groups"`
	Suppressed int                `json:"suppressed"`
}

// viewFigure leaves out what there is not: a rate of nothing, a verdict against
// a target that was not in force.
func viewFigure(f survey.Figure) figureView {
	v := figureView{Satisfied: f.Satisfied, Levels: f.Levels}
	if f.Answered > 0 {
		v.Rate, v.Interval = &f.Rate, &intervalView{f.Low, f.High}
	}
	if f.Target == 0 {
		return v
	}
	v.Verdict = &f.Verdict
	if f.Answered > 0 {
		v.Met = &f.Met
	}
	if f.Needed > 0 {
		v.Needed = &f.Needed
	}
	return v
}

func (s *Server) viewGroup(g survey.Group, q survey.Query, lang string) groupView {
	v := groupView{
		Key: map[string]*string{}, Responses: g.Sums.Responses, Respondents: g.Sums.Respondents,
		Effective: g.Pooled.Effective, Answered: g.Pooled.Answered, NotApplicable: g.Sums.NotApplicable,
		figureView:    viewFigure(g.Pooled),
		OverallRating: overallView{g.Overall.Answered, viewFigure(g.Overall)},
	}
	if g.Pooled.Target > 0 {
		v.Target = &g.Pooled.Target
	}
	if g.Sums.Responses > 0 {
		share := g.Sums.CompleteShare()
		v.CompleteShare = &share
	}
	v.Name = s.groupName(g, q, lang)
	for i, by := range q.By {
		if g.Key != nil {
			v.Key[by] = orNull(g.Key[i])
		}
	}
	return v
}

// groupName joins the names of a group's values; one that has none says so.
func (s *Server) groupName(g survey.Group, q survey.Query, lang string) string {
	if g.Key == nil {
		return s.pages.Text(lang, "group.all")
	}
	name := ""
	for i, by := range q.By {
		part := s.valueName(by, g.Key[i], lang, q.To)
		if part == "" {
			part = s.pages.Text(lang, "group.unknown")
		}
		if i > 0 {
			name += " · "
		}
		name += part
	}
	return name
}

func (s *Server) viewSummary(sum survey.Summary, lang string) summaryView {
	v := summaryView{
		From: orNull(string(sum.Query.From)), To: string(sum.Query.To), AsOf: inZone(sum.AsOf), Method: sum.Method,
		Overall: s.viewGroup(sum.Overall, sum.Query, lang), Groups: []groupView{}, Suppressed: sum.Suppressed,
	}
	for _, g := range sum.Groups {
		v.Groups = append(v.Groups, s.viewGroup(g, sum.Query, lang))
	}
	return v
}

// readQuery reads the question from the address: from, to, by, and a filter a
// dimension.
func readQuery(c echo.Context) (survey.Query, error) {
	var q survey.Query
	var bad fault.Fields
	params := c.QueryParams()
	q.From, q.To, q.By = typedDay(&bad, params, "from", ""), typedDay(&bad, params, "to", ""), params["by"]
	names := make([]string, 0, len(params))
	for name := range params {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		switch name {
		case "from", "to", "by", "lang":
		default:
			q.Filters = append(q.Filters, survey.Filter{Dimension: name, Values: params[name]})
		}
	}
	if err := join(&bad, q.Check()); err != nil {
		return q, err
	}
	return q, bad.Err()
}

// statistics answers the office's question.
func (s *Server) statistics(c echo.Context) error {
	q, err := readQuery(c)
	if err != nil {
		return err
	}
	sum, err := s.segments.Summarise(q, s.survey.Catalogue(), s.Now())
	if err != nil {
		return err
	}
	return writeJSON(c, http.StatusOK, s.viewSummary(sum, language(c)))
}
