package api

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"sipas/internal/fault"
	"sipas/internal/staff"
	"sipas/survey"
	"sipas/web"
)

const paperPath = "/lam-viec/nhap-phieu"

// paperPage lists the open links of paper forms, to type forms in or print more.
func (s *Server) paperPage(c echo.Context) error {
	t, lang := s.words(c), language(c)
	links, next, err := s.findLinks(c.Request().Context(), survey.KindPaper, c.QueryParam("after"), func(l *survey.Link) bool {
		return l.Open(s.Now()) == nil
	})
	if err != nil {
		return err
	}
	p := s.consolePage(c, "paper", t("paper.title"))
	p.Lead = t("paper.lead")
	p.Actions = []web.Action{{URL: linksPath + "/moi?kind=" + string(survey.KindPaper), Text: t("paper.new"), Primary: len(links) == 0}}
	list := web.Table{Empty: t("paper.empty"), Columns: []web.Column{
		{Text: t("links.name")}, {Text: t("links.place")}, {Text: t("links.subject")},
		{Text: t("paper.today"), Right: true}, {Text: t("paper.month"), Right: true}, {Text: t("paper.type")}, {Text: t("paper.print")},
	}}
	today, month := s.segments.ByLink(s.today()), s.segments.ByLink(s.today().AddDays(-29))
	for _, l := range links {
		here := paperPath + "/" + l.Code
		list.Rows = append(list.Rows, web.Row{Cells: []web.Cell{
			{Text: s.linkName(c, l), Note: l.Code},
			{Text: s.placeOf(c, l)},
			{Text: s.subjectOf(c, l)},
			{Text: web.Number(lang, today[l.Code])},
			{Text: web.Number(lang, month[l.Code])},
			{Text: t("links.paper.type"), URL: here},
			{Text: t("paper.pdf"), URL: here + "/phieu.pdf"},
		}})
	}
	if next != "" {
		list.Next = localPath(c, paperPath+"?"+url.Values{"after": {next}}.Encode())
	}
	p.Tables = []web.Table{list}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

// openPaper returns the form behind a link of paper forms. With ErrNotOpen and
// ErrClosed it is there all the same.
func (s *Server) openPaper(c echo.Context) (*survey.Form, error) {
	form, err := s.survey.OpenForm(c.Request().Context(), c.Param("code"), s.Now())
	if form != nil && form.Link.Kind != survey.KindPaper {
		return nil, survey.ErrNoLink
	}
	return form, err
}

// paperEntry says who has typed a paper form in. Its ID follows from the form and
// the person, so that sending the same again does not make a second one.
func (s *Server) paperEntry(c echo.Context, r *survey.Response) *staff.Entry {
	detail := []string{"link=" + r.Link}
	if r.AnsweredOn != "" {
		detail = append(detail, "answeredOn="+string(r.AnsweredOn))
	}
	e := s.entry(c, "paper.enter", "response/"+r.ID, detail)
	e.ID = fmt.Sprintf("paper-%s-%x", r.ID, sha256.Sum256([]byte(e.Account)))
	return e
}

// noteTypist takes down which officer sends an answer through the link of a
// paper form. Anybody may send one; whoever shows no right to type forms in is
// nobody.
func (s *Server) noteTypist(c echo.Context) error {
	o, err := s.sender(c)
	switch {
	case err == nil && slices.Contains(paperRoles, o.Role):
		c.Set(keyOfficer, o)
	case err == nil, fault.As(err).Kind == fault.Unauthenticated, fault.As(err).Kind == fault.Forbidden:
	default:
		return err
	}
	return nil
}

// typedToday counts the forms that this account has typed in today.
func (s *Server) typedToday(c echo.Context) (int, error) {
	n := 0
	f := staff.EntryFilter{Account: officerOf(c).Account, Action: "paper.enter", From: s.today().Start()}
	for after := ""; ; {
		entries, next, err := s.staff.Entries(c.Request().Context(), f, 500, after)
		if err != nil {
			return 0, err
		}
		for _, e := range entries {
			if e.Outcome == "" {
				n++
			}
		}
		if after = next; after == "" {
			return n, nil
		}
	}
}
