package api

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/skip2/go-qrcode"

	"sipas/survey"
)

// linkCode makes the QR code of a link: level M, with the quiet zone of four
// modules that the standard asks for.
func (s *Server) linkCode(l *survey.Link) (*qrcode.QRCode, error) {
	q, err := qrcode.New(s.publicURL("/k/"+l.Code), qrcode.Medium)
	if err != nil {
		return nil, fmt.Errorf("make QR code: %w", err)
	}
	return q, nil
}

func (s *Server) linkQRSVG(c echo.Context) error {
	l, err := s.survey.Link(c.Request().Context(), c.Param("code"))
	if err != nil {
		return err
	}
	q, err := s.linkCode(l)
	if err != nil {
		return err
	}
	return c.Blob(http.StatusOK, "image/svg+xml", []byte(qrSVG(q.Bitmap())))
}

// qrSVG draws a bitmap with one unit a module and one path for all of them, a
// run of dark modules at a time, so that no renderer leaves hairlines between.
func qrSVG(bitmap [][]bool) string {
	var b strings.Builder
	n := len(bitmap)
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="`, n, n, n, n)
	for y, row := range bitmap {
		for x := 0; x < n; {
			run := x
			for run < n && row[run] {
				run++
			}
			if run > x {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x, y, run-x, run-x)
			}
			x = run + 1
		}
	}
	b.WriteString(`"/></svg>`)
	return b.String()
}

// pixelsPerModule makes a PNG that prints sharp at poster size.
const pixelsPerModule = 12

func (s *Server) linkQRPNG(c echo.Context) error {
	l, err := s.survey.Link(c.Request().Context(), c.Param("code"))
	if err != nil {
		return err
	}
	q, err := s.linkCode(l)
	if err != nil {
		return err
	}
	png, err := q.PNG(-pixelsPerModule) // negative: a multiple of the modules, so that each is whole pixels
	if err != nil {
		return fmt.Errorf("draw QR code: %w", err)
	}
	return c.Blob(http.StatusOK, "image/png", png)
}
