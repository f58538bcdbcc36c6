package api

import (
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// Media types of files to be saved.
const (
	csvType   = "text/csv; charset=utf-8"
	excelType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	pdfFile   = "application/pdf"
)

// sendFile sends a file to be saved as write makes it. An error before its first
// byte is answered like any other. After it the status is gone: only a broken
// connection says that this is not all.
func (s *Server) sendFile(c echo.Context, name, mediaType string, write func(io.Writer) error) error {
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, mediaType)
	h.Set(echo.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	err := write(&patient{c.Response(), http.NewResponseController(c.Response())})
	switch {
	case err != nil && c.Response().Committed:
		s.Log.Warn("export broken off", "id", requestID(c), "route", c.Path(), "error", err)
		panic(http.ErrAbortHandler)
	case err != nil:
		h.Del(echo.HeaderContentType)
		h.Del(echo.HeaderContentDisposition)
		return err
	}
	if !c.Response().Committed {
		c.Response().WriteHeader(http.StatusOK)
	}
	return nil
}

// patient gives each write a minute: the whole may take longer than any other
// answer.
type patient struct {
	to         io.Writer
	connection *http.ResponseController
}

func (p *patient) Write(b []byte) (int, error) {
	err := p.connection.SetWriteDeadline(time.Now().Add(time.Minute))
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	return p.to.Write(b)
}
