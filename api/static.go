package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"sipas/internal/fault"
	"sipas/web"
)

var errNoAsset = fault.New(fault.NotFound, "not_found")

// asset serves what the staff's pages load. The address names the content, so a
// browser that has it never asks again.
func (s *Server) asset(c echo.Context) error {
	a, ok := web.FindAsset(c.Param("name"))
	if !ok {
		return errNoAsset
	}
	keep := "public, max-age=31536000, immutable"
	if c.QueryParam("v") != a.Version {
		keep = "no-cache" // an address of another version of the program
	}
	c.Response().Header().Set(echo.HeaderCacheControl, keep)
	return writeCompressed(c, http.StatusOK, a.Type, a.Content)
}
