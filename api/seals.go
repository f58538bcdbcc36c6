package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/survey"
)

// sealView is a published seal; docs/seals.md says how it is computed.
type sealView struct {
	Date      catalogue.Date `json:"date"`
	Responses int            `json:"responses"`
	Root      string         `json:"root"`
	Previous  string         `json:"previous"`
	Restores  []string       `json:"restores,omitempty"`
	Seal      string         `json:"seal"`
}

func viewSeal(s survey.Seal) sealView {
	return sealView{s.Date, s.Responses, s.Root, s.Previous, s.Restores, s.Seal}
}

// listSeals publishes the chain, the first day first.
func (s *Server) listSeals(c echo.Context) error {
	limit, err := pageLimit(c)
	if err != nil {
		return err
	}
	seals, next, err := s.survey.Seals(c.Request().Context(), false, limit, c.QueryParam("after"))
	if err != nil {
		return err
	}
	items := make([]sealView, len(seals))
	for i, seal := range seals {
		items[i] = viewSeal(seal)
	}
	return writeList(c, items, next)
}

func (s *Server) getSeal(c echo.Context) error {
	day, err := catalogue.ParseDate(c.Param("date"))
	if err != nil {
		var bad fault.Fields
		bad.Add("date", "date")
		return bad.Err()
	}
	seal, err := s.survey.SealOf(c.Request().Context(), day)
	if err != nil {
		return err
	}
	return writeJSON(c, http.StatusOK, viewSeal(seal))
}
