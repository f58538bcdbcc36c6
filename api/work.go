package api

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"sipas/web"
)

// work is the first page of the console: what this role does.
func (s *Server) work(c echo.Context) error {
	t, a := s.words(c), sessionOf(c).Account
	p := s.consolePage(c, "work", t("work.title"))
	p.Lead = t("work.lead", a.Name)
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

// toWork is for those who type the address without its last stroke.
func (s *Server) toWork(c echo.Context) error {
	return c.Redirect(http.StatusSeeOther, localPath(c, "/lam-viec/"))
}
