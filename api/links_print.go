package api

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/internal/document"
	"sipas/internal/fault"
	"sipas/survey"
	"sipas/web"
)

// linkPoster is the poster of one link, to hang at the desk.
func (s *Server) linkPoster(c echo.Context) error {
	size := document.A4
	switch c.QueryParam("size") {
	case "", "a4":
	case "a5":
		size = document.A5
	default:
		var bad fault.Fields
		bad.Add("size", "choice", "a4, a5")
		return bad.Err()
	}
	l, err := s.survey.Link(c.Request().Context(), c.Param("code"))
	if err != nil {
		return err
	}
	p, err := s.poster(c, l)
	if err != nil {
		return err
	}
	return s.writePDF(c, s.words(c)("print.poster"), "ap-phich-"+l.Code, func(w io.Writer, about document.About) error {
		return document.WritePosters(w, about, size, []document.Poster{p})
	})
}

// poster puts a link into the words of its poster. Where to complain is said by
// the unit "so", the department itself.
func (s *Server) poster(c echo.Context, l *survey.Link) (document.Poster, error) {
	t, lang, on := s.words(c), language(c), s.today()
	q, err := s.linkCode(l)
	if err != nil {
		return document.Poster{}, err
	}
	p := document.Poster{
		Mark: s.markOf(c, l), Heading: t("print.heading"), Line: t("print.line"), QR: q.Bitmap(),
		Type:    document.Note{Label: t("print.type"), Lines: []string{toType(s.publicURL("/k/" + l.Code))}},
		Desk:    document.Note{Lines: []string{s.linkName(c, l)}},
		Genuine: document.Note{Label: t("print.genuine"), Lines: []string{toType(s.publicURL(""))}, After: t("print.genuine.after")},
	}
	if so, ok := s.survey.Catalogue().Unit("so", on); ok {
		p.Feedback.Label = t("print.feedback")
		for _, way := range []string{so.Phone, so.Mailbox} {
			if way != "" {
				p.Feedback.Lines = append(p.Feedback.Lines, way)
			}
		}
	}
	if desk := s.placeOf(c, l); desk != "" && desk != p.Desk.Lines[0] {
		p.Desk.Lines = append(p.Desk.Lines, desk)
	}
	if area := s.valueName("area", l.Area, lang, on); area != "" {
		p.Desk.After = t("print.area", area)
	}
	return p, nil
}

// markOf says on paper that it is not for real use; "" for paper that is.
func (s *Server) markOf(c echo.Context, l *survey.Link) string {
	switch {
	case s.Sample:
		return s.words(c)("print.sample")
	case l.Kind == survey.KindTrial:
		return s.words(c)("print.trial")
	}
	return ""
}

// toType is an address as people type it.
func toType(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	return rest
}

// writePDF answers with a file that browsers show, ready to be printed.
func (s *Server) writePDF(c echo.Context, title, name string, write func(io.Writer, document.About) error) error {
	var b bytes.Buffer
	lang := language(c)
	if err := write(&b, document.About{Title: title, Office: s.officeName(lang), Lang: lang, Made: s.Now()}); err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `inline; filename="`+name+`.pdf"`)
	return c.Blob(http.StatusOK, "application/pdf", b.Bytes())
}

// sheetPage offers the open codes to be printed together, to be cut out and put
// up at each desk.
func (s *Server) sheetPage(c echo.Context) error {
	f, err := s.sheetForm(c)
	if err != nil {
		return err
	}
	return s.sheetFormPage(c, http.StatusOK, f)
}

func (s *Server) sheetForm(c echo.Context) (web.Form, error) {
	t := s.words(c)
	links, _, err := s.findLinks(c.Request().Context(), "", "", func(l *survey.Link) bool {
		return l.Open(s.Now()) == nil && l.Kind == survey.KindCounter
	})
	f := web.Form{Action: linksPath + "/to-in.pdf", Get: true, Submit: t("sheet.go"), Cancel: web.Link{URL: linksPath, Text: t("console.cancel")}}
	for _, l := range links {
		f.Inputs = append(f.Inputs, web.Input{
			Name: "c_" + l.Code, Label: s.linkName(c, l) + " · " + s.subjectOf(c, l), Type: web.InputCheck, Value: "1", Wide: true,
		})
	}
	return f, err
}

func (s *Server) sheetFormPage(c echo.Context, status int, f web.Form) error {
	t := s.words(c)
	p := s.consolePage(c, "links", t("links.sheet"))
	p.Lead = t("sheet.lead")
	p.Up = web.Link{URL: linksPath, Text: t("links.title")}
	if len(f.Inputs) == 0 {
		p.Tables = []web.Table{{Empty: t("links.empty")}}
	} else {
		p.Forms = []web.Form{f}
	}
	return s.page(c, status, web.PageConsole, p)
}

// sheet is the chosen codes on as many pages as they need, in the order in which
// they were sent: that of the page.
func (s *Server) sheet(c echo.Context) error {
	var cards []document.Poster
	for part := range strings.SplitSeq(c.Request().URL.RawQuery, "&") {
		name, _, _ := strings.Cut(part, "=")
		code, chosen := strings.CutPrefix(name, "c_")
		if !chosen {
			continue
		}
		code, err := url.QueryUnescape(code)
		if err != nil {
			return errBadForm.Because(err)
		}
		l, err := s.survey.Link(c.Request().Context(), code)
		if err != nil {
			return err
		}
		p, err := s.poster(c, l)
		if err != nil {
			return err
		}
		cards = append(cards, p)
	}
	if len(cards) == 0 {
		return s.sheetOfNothing(c)
	}
	return s.writePDF(c, s.words(c)("print.sheet"), "to-in-ma-qr", func(w io.Writer, about document.About) error {
		return document.WriteDeskSheet(w, about, cards)
	})
}

// sheetOfNothing asks again where no code was chosen.
func (s *Server) sheetOfNothing(c echo.Context) error {
	f, err := s.sheetForm(c)
	if err != nil {
		return err
	}
	for i := range f.Inputs {
		f.Inputs[i].Value = ""
	}
	if len(f.Inputs) > 0 {
		f.Errors = []web.FieldError{{Field: f.Inputs[0].Name, Message: s.words(c)("sheet.none")}}
	}
	return s.sheetFormPage(c, http.StatusUnprocessableEntity, f)
}
