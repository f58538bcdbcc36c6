package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/dossier"
	"sipas/internal/fault"
	"sipas/survey"
)

// dossierFigures is the answer to a question about dossiers and time.
type dossierFigures struct {
	From    *catalogue.Date `json:"from"`
	To      catalogue.Date  `json:"to"`
	AsOf    string          `json:"asOf"`
	Overall dossierGroup    `json:"overall"`
	Groups  []dossierGroup  `json:"groups"`
}

// dossierGroup has shares in per cent, null where there is nothing to share.
type dossierGroup struct {
	Key              map[dossier.Dimension]*string `json:"key"`
	Name             string                        `json:"name"`
	Closed           int                           `json:"closed"`
	OnTime           int                           `json:"onTime"`
	OnTimeShare      *float64                      `json:"onTimeShare"`
	Target           *catalogue.Percent            `json:"target"`
	Met              *bool                         `json:"met"`
	Late             int                           `json:"late"`
	Overdue          int                           `json:"overdue"`
	Apologised       int                           `json:"apologised"`
	LateUnapologised int                           `json:"lateUnapologised"`
	ApologyShare     *float64                      `json:"apologyShare"`
	Running          int                           `json:"running"`
	Withdrawn        int                           `json:"withdrawn"`
	Responses        int                           `json:"responses"`
	Verified         int                           `json:"verified"`
	ResponseRate     *float64                      `json:"responseRate"`
	VerifiedRate     *float64                      `json:"verifiedRate"`
}

// readDossierQuery reads the question; what is left out of "to" is today.
func (s *Server) readDossierQuery(c echo.Context) (dossier.Query, error) {
	q := dossier.Query{From: catalogue.Date(c.QueryParam("from")), To: catalogue.Date(c.QueryParam("to")), By: dossier.Dimension(c.QueryParam("by"))}
	if q.To == "" {
		q.To = s.today()
	}
	var bad fault.Fields
	onlyOnce(&bad, c, "from", "to", "by")
	if err := join(&bad, q.Check()); err != nil {
		return q, err
	}
	return q, bad.Err()
}

func (s *Server) dossierStatistics(c echo.Context) error {
	q, err := s.readDossierQuery(c)
	if err != nil {
		return err
	}
	v, err := s.dossierFiguresOf(c, q)
	if err != nil {
		return err
	}
	return writeJSON(c, http.StatusOK, v)
}

// dossierFiguresOf answers the question, with the answers of citizens beside the
// dossiers.
func (s *Server) dossierFiguresOf(c echo.Context, q dossier.Query) (*dossierFigures, error) {
	table, err := s.dossiers.Figures(c.Request().Context(), q, s.today())
	if err != nil {
		return nil, err
	}
	all, verified, err := s.responsesBy(q)
	if err != nil {
		return nil, err
	}
	v := &dossierFigures{To: q.To, AsOf: inZone(s.Now()), Groups: []dossierGroup{}}
	if q.From != "" {
		v.From = &q.From
	}
	v.Overall = s.viewDossierGroup(q, table.Overall, all[""], verified[""])
	v.Overall.Name = s.pages.Text(language(c), "dossier.all")
	s.orderDossiers(table)
	for _, f := range table.Groups {
		g := s.viewDossierGroup(q, f, all["="+f.Key], verified["="+f.Key])
		if g.Key[q.By], g.Name = orNull(f.Key), s.valueName(string(q.By), f.Key, language(c), q.To); f.Key == "" {
			g.Name = s.pages.Text(language(c), "dossier.no."+string(q.By))
		}
		v.Groups = append(v.Groups, g)
	}
	return v, nil
}

// responsesBy counts the answers of the period, all and verified ones: under ""
// all of them, under "=" and its key each group.
func (s *Server) responsesBy(q dossier.Query) (all, verified map[string]int, err error) {
	query := survey.Query{From: q.From, To: q.To}
	if q.By != "" {
		query.By = []string{string(q.By)}
	}
	table, err := s.segments.Tabulate(query)
	all, verified = map[string]int{}, map[string]int{}
	for _, cell := range append(table.Cells, survey.Cell{Sums: table.Overall}) {
		key := ""
		if len(cell.Key) > 0 {
			key = "=" + cell.Key[0]
		}
		all[key], verified[key] = int(cell.Sums.Responses), int(cell.Sums.Verified)
	}
	return all, verified, err
}

func (s *Server) viewDossierGroup(q dossier.Query, f dossier.Figure, responses, verified int) dossierGroup {
	g := dossierGroup{
		Key: map[dossier.Dimension]*string{}, Closed: f.Closed(), OnTime: f.OnTime, OnTimeShare: share(f.OnTime, f.Closed()),
		Late: f.Late, Overdue: f.Overdue, Apologised: f.Apologised(), LateUnapologised: f.Unapologised(), ApologyShare: share(f.Apologised(), f.DuePassed()),
		Running: f.Running, Withdrawn: f.Withdrawn, Responses: responses, Verified: verified,
		ResponseRate: share(responses, f.Closed()), VerifiedRate: share(verified, f.Closed()),
	}
	area := ""
	if q.By == dossier.ByArea {
		area = f.Key
	}
	if t, ok := s.survey.Catalogue().Target(catalogue.MeasureOnTime, area, q.To); ok {
		g.Target = &t.Value
		if f.Closed() > 0 {
			met := f.Met(t.Value)
			g.Met = &met
		}
	}
	return g
}

func (s names) orderDossiers(t *dossier.Table) {
	inCatalogueOrder(s, t.Groups, string(t.By), t.To, func(f dossier.Figure) string { return f.Key })
}
