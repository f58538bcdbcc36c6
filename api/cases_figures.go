package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/staff"
)

// caseFigureRoles read every case, so that a figure is the same for all of them.
// The administrator reads none.
var caseFigureRoles = []staff.Role{staff.Inspection, staff.Office, staff.Leader}

// caseFigures is the answer to a question about how cases were handled.
type caseFigures struct {
	From    *catalogue.Date `json:"from"`
	To      catalogue.Date  `json:"to"`
	Kind    *feedback.Kind  `json:"kind"`
	AsOf    string          `json:"asOf"`
	Overall caseGroup       `json:"overall"`
	Groups  []caseGroup     `json:"groups"`
}

// caseGroup has shares in per cent, null where there is nothing to share.
type caseGroup struct {
	Key            map[feedback.Dimension]*string `json:"key"`
	Name           string                         `json:"name"`
	Received       int                            `json:"received"`
	Answered       int                            `json:"answered"`
	OnTime         int                            `json:"onTime"`
	Late           int                            `json:"late"`
	LateApologised int                            `json:"lateApologised"`
	LateUnsaid     int                            `json:"lateUnapologised"`
	Running        int                            `json:"running"`
	Overdue        int                            `json:"overdue"`
	Waiting        int                            `json:"waiting"`
	Withdrawn      int                            `json:"withdrawn"`
	OnTimeShare    *float64                       `json:"onTimeShare"`
	MedianDays     *float64                       `json:"medianDays"`
	Ratings        caseRatings                    `json:"ratings"`
}

type caseRatings struct {
	Rated       int      `json:"rated"`
	Yes         int      `json:"yes"`
	Partly      int      `json:"partly"`
	No          int      `json:"no"`
	SolvedShare *float64 `json:"solvedShare"`
}

// readFigureQuery reads the question; what is left out of "to" is today.
func (s *Server) readFigureQuery(c echo.Context) (feedback.FigureQuery, error) {
	q := feedback.FigureQuery{
		From: catalogue.Date(c.QueryParam("from")), To: catalogue.Date(c.QueryParam("to")),
		By: feedback.Dimension(c.QueryParam("by")), Kind: feedback.Kind(c.QueryParam("kind")),
	}
	if q.To == "" {
		q.To = s.today()
	}
	var bad fault.Fields
	onlyOnce(&bad, c, "from", "to", "by", "kind")
	if err := join(&bad, q.Check(s.caseOfficer(c))); err != nil {
		return q, err
	}
	return q, bad.Err()
}

// figuresOf answers the question of the address.
func (s *Server) figuresOf(c echo.Context, q feedback.FigureQuery) (*caseFigures, error) {
	now := s.Now()
	f, err := s.feedback.Figures(c.Request().Context(), s.caseOfficer(c), q, now)
	if err != nil {
		return nil, err
	}
	v := &caseFigures{To: q.To, AsOf: inZone(now), Overall: viewCaseGroup(f.Overall), Groups: []caseGroup{}}
	v.Overall.Name = s.pages.Text(language(c), "casefigures.all")
	if q.From != "" {
		v.From = &q.From
	}
	if q.Kind != "" {
		v.Kind = &q.Kind
	}
	inCatalogueOrder(s.names, f.Groups, string(q.By), q.To, func(g feedback.Figure) string { return g.Key })
	for _, g := range f.Groups {
		group := viewCaseGroup(g)
		group.Key[q.By], group.Name = orNull(g.Key), s.caseGroupName(c, q, g.Key)
		v.Groups = append(v.Groups, group)
	}
	return v, nil
}

func viewCaseGroup(f feedback.Figure) caseGroup {
	g := caseGroup{
		Key: map[feedback.Dimension]*string{}, Received: f.Received, Answered: f.Answered(), OnTime: f.OnTime, Late: f.Late,
		LateApologised: f.Apologised, LateUnsaid: f.Late - f.Apologised, Running: f.Running, Overdue: f.Overdue,
		Waiting: f.Waiting, Withdrawn: f.Withdrawn, OnTimeShare: share(f.OnTime, f.Answered()),
		Ratings: caseRatings{f.Rated(), f.Yes, f.Partly, f.No, share(f.Yes, f.Rated())},
	}
	if days, ok := f.MedianDays(); ok {
		g.MedianDays = &days
	}
	return g
}

func share(part, whole int) *float64 {
	if whole == 0 {
		return nil
	}
	v := 100 * float64(part) / float64(whole)
	return &v
}

// caseGroupName is what people call a group; one without a value is named by
// what it lacks.
func (s *Server) caseGroupName(c echo.Context, q feedback.FigureQuery, key string) string {
	lang := language(c)
	switch {
	case key == "":
		return s.pages.Text(lang, "casefigures.no."+string(q.By))
	case q.By == feedback.ByKind:
		return s.kindName(lang, feedback.Kind(key))
	}
	return s.valueName(string(q.By), key, lang, q.To)
}

func (s *Server) caseStatistics(c echo.Context) error {
	q, err := s.readFigureQuery(c)
	if err != nil {
		return err
	}
	v, err := s.figuresOf(c, q)
	if err != nil {
		return err
	}
	return writeJSON(c, http.StatusOK, v)
}
