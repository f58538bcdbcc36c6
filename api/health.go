package api

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// healthz says that the process answers.
func (s *Server) healthz(c echo.Context) error { return c.String(http.StatusOK, "ok\n") }

// readyz says whether the store can be reached.
func (s *Server) readyz(c echo.Context) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), 2*time.Second)
	defer cancel()
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	if err := s.Ping(ctx); err != nil {
		s.Log.Warn("store away", "id", requestID(c), "error", err)
		return c.String(http.StatusServiceUnavailable, "store away\n")
	}
	return c.String(http.StatusOK, "ready\n")
}
