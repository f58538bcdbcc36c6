package api

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/survey"
	"sipas/web"
)

// work is the first page of the console: what this role does.
func (s *Server) work(c echo.Context) error {
	t, a := s.words(c), sessionOf(c).Account
	p := s.consolePage(c, "work", t("work.title"))
	p.Lead = t("work.lead", a.Name)
	facts, err := s.workFacts(c)
	if err != nil {
		return err
	}
	p.Facts = facts
	list := web.Table{Columns: []web.Column{{Text: t("work.go")}, {Text: t("work.what")}}}
	for _, part := range parts[1:] {
		if slices.Contains(part.roles, a.Role) {
			list.Rows = append(list.Rows, web.Row{Cells: []web.Cell{
				{Text: t("console.nav." + part.name), URL: part.path}, {Text: t("work." + part.name + ".what")},
			}})
		}
	}
	list.Rows = append(list.Rows, web.Row{Cells: []web.Cell{{Text: t("work.results"), URL: "/ket-qua"}, {Text: t("work.results.what")}}})
	p.Tables = []web.Table{list}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

// workFacts are the figures that this role looks at first.
func (s *Server) workFacts(c echo.Context) ([]web.Fact, error) {
	t, lang, role := s.words(c), language(c), sessionOf(c).Account.Role
	facts, err := s.queueFacts(c)
	if err != nil {
		return nil, err
	}
	better, err := s.improveFacts(c)
	if err != nil {
		return nil, err
	}
	facts = append(facts, better...)
	if slices.Contains(linkRoles, role) {
		links, _, err := s.findLinks(c.Request().Context(), "", "", func(l *survey.Link) bool { return l.Open(s.Now()) == nil })
		if err != nil {
			return nil, err
		}
		facts = append(facts,
			web.Fact{Name: t("work.today"), Text: web.Number(lang, total(s.segments.ByLink(s.today())))},
			web.Fact{Name: t("work.month"), Text: web.Number(lang, total(s.segments.ByLink(s.today().AddDays(-29))))},
			web.Fact{Name: t("work.links"), Text: web.Number(lang, len(links)), URL: localPath(c, linksPath)})
	}
	if slices.Contains(statisticsRoles, role) {
		sum, err := s.segments.Summarise(survey.Query{From: s.today().AddDays(-29), To: s.today()}, s.survey.Catalogue(), s.Now())
		if err != nil {
			return nil, err
		}
		if f := sum.Overall.Pooled; f.Answered > 0 {
			facts = append(facts, web.Fact{Name: t("work.rate"), Text: t("work.rateof",
				web.Percent(lang, int(survey.Rounded(f.Satisfied, f.Answered))), percentText(lang, f.Low), percentText(lang, f.High))})
		}
	}
	return facts, nil
}

// queueFacts are how many cases there are to look after, each with the list of
// them. Denunciations are counted apart, for the inspection alone.
func (s *Server) queueFacts(c echo.Context) ([]web.Fact, error) {
	t, lang, o := s.words(c), language(c), s.caseOfficer(c)
	if !slices.Contains(caseRoles, sessionOf(c).Account.Role) {
		return nil, nil
	}
	load, err := s.feedback.Load(c.Request().Context(), o, false, s.Now())
	if err != nil {
		return nil, err
	}
	var facts []web.Fact
	for _, f := range []struct {
		name string
		n    int
	}{{"open", load.Running}, {"overdue", load.Overdue}, {"soon", load.Soon}, {"waiting", load.Waiting}} {
		facts = append(facts, web.Fact{Name: t("work.cases." + f.name), Text: web.Number(lang, f.n), URL: localPath(c, casesPath+"?state="+f.name)})
	}
	if o.Role == feedback.RoleInspection {
		secret, err := s.feedback.Load(c.Request().Context(), o, true, s.Now())
		if err != nil {
			return nil, err
		}
		facts = append(facts, web.Fact{Name: t("work.cases.secret"), Text: t("work.cases.secret.of", secret.Running, secret.Overdue),
			URL: localPath(c, casesPath+"?kind="+string(feedback.Denunciation))})
	}
	return facts, nil
}

func total(counts map[string]int) int {
	n := 0
	for _, v := range counts {
		n += v
	}
	return n
}

// toWork is for those who type the address without its last stroke.
func (s *Server) toWork(c echo.Context) error {
	return c.Redirect(http.StatusSeeOther, localPath(c, "/lam-viec/"))
}
