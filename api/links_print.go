package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"sipas/survey"
	"sipas/web"
)

// sheetPage offers the open codes to be printed together, to be cut out and put
// up at each desk.
func (s *Server) sheetPage(c echo.Context) error {
	t := s.words(c)
	links, _, err := s.findLinks(c.Request().Context(), "", "", func(l *survey.Link) bool {
		return l.Open(s.Now()) == nil && l.Kind == survey.KindCounter
	})
	if err != nil {
		return err
	}
	p := s.consolePage(c, "links", t("links.sheet"))
	p.Lead = t("sheet.lead")
	p.Up = web.Link{URL: linksPath, Text: t("links.title")}
	f := web.Form{Action: linksPath + "/to-in.pdf", Get: true, Submit: t("sheet.go"), Cancel: web.Link{URL: linksPath, Text: t("console.cancel")}}
	for _, l := range links {
		f.Inputs = append(f.Inputs, web.Input{
			Name: "c_" + l.Code, Label: s.linkName(c, l) + " · " + s.subjectOf(c, l), Type: web.InputCheck, Value: "1", Wide: true,
		})
	}
	if len(links) == 0 {
		p.Tables = []web.Table{{Empty: t("links.empty")}}
	} else {
		p.Forms = []web.Form{f}
	}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}
