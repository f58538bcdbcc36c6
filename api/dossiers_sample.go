package api

import (
	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/dossier"
	"sipas/survey"
)

// samples says for each area with dossiers in a period how many answers it needs
// and has.
func (s *Server) samples(c echo.Context, from, to catalogue.Date) ([]dossier.Sample, error) {
	received, err := s.dossiers.Received(c.Request().Context(), from, to)
	if err != nil {
		return nil, err
	}
	table, err := s.segments.Tabulate(survey.Query{From: from, To: to, By: []string{"area", "desk"}})
	if err != nil {
		return nil, err
	}
	var answered []dossier.Answered
	for _, cell := range table.Cells {
		answered = append(answered, dossier.Answered{Area: cell.Key[0], Desk: cell.Key[1], Responses: int(cell.Sums.Responses)})
	}
	list := dossier.Sampling(received, answered, func(n int) int { return int(survey.SampleSize(int64(n))) })
	inCatalogueOrder(s.names, list, "area", to, func(a dossier.Sample) string { return a.Area })
	return list, nil
}
