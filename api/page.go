package api

import (
	"bytes"
	"maps"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"sipas/web"
)

// base is what every page says of itself.
func (s *Server) base(c echo.Context) web.Base {
	u := url.URL{Path: c.Request().URL.Path}
	q := c.QueryParams()
	kept := url.Values{}
	for name, values := range q {
		if name != "lang" {
			kept[name] = values
		}
	}
	u.RawQuery = kept.Encode()
	return web.Base{Path: u.String(), OfficeName: s.officeName(language(c)), Sample: s.Sample, FeedbackURL: feedbackPath}
}

// page renders a page with the headers that allow its own style and script and
// nothing else.
func (s *Server) page(c echo.Context, status int, name string, view any) error {
	var b bytes.Buffer
	if err := s.pages.Render(&b, name, language(c), view); err != nil {
		return err
	}
	policy := web.ConsoleCSP
	if !web.IsConsole(name) {
		policy = web.CSP(b.Bytes())
	}
	return writePage(c, status, b.Bytes(), policy)
}

// writePage answers with a rendered page under its policy.
func writePage(c echo.Context, status int, rendered []byte, policy string) error {
	h := c.Response().Header()
	maps.Copy(h, ofPages)
	h.Set("Content-Security-Policy", policy)
	h.Set("Content-Language", language(c))
	if h.Get(echo.HeaderCacheControl) == "" {
		h.Set(echo.HeaderCacheControl, "no-cache")
	}
	return writeCompressed(c, status, echo.MIMETextHTMLCharsetUTF8, rendered)
}

func (s *Server) home(c echo.Context) error {
	return s.page(c, http.StatusOK, web.PageHome, web.Home{Base: s.base(c)})
}

func (s *Server) privacy(c echo.Context) error {
	v := web.Privacy{Base: s.base(c)}
	for _, r := range s.feedback.Rules().RetentionOn(s.today()) {
		v.Kept = append(v.Kept, web.Fact{Name: s.kindName(language(c), r.Kind), Text: s.monthsInWords(c, r.Months)})
	}
	return s.page(c, http.StatusOK, web.PagePrivacy, v)
}
