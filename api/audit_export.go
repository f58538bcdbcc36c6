package api

import (
	"io"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/sheet"
	"sipas/internal/staff"
)

// exportPage is how many entries are read and sent at a time.
const exportPage = 500

// auditCSV sends what the filter selects, all of it: RFC 4180, UTF-8 with the
// mark by which spreadsheets know it.
func (s *Server) auditCSV(c echo.Context) error {
	f, err := readAuditFilter(c)
	if err != nil {
		return s.auditView(c, nil, "", err)
	}
	if err := s.audit(c, "audit.export", "audit", exportDetail(c)...); err != nil {
		return err
	}
	entries, next, err := s.staff.Entries(c.Request().Context(), f.EntryFilter, exportPage, "")
	if err != nil {
		return err
	}
	return s.sendFile(c, s.exportName(c), csvType, func(w io.Writer) error { return s.writeEntries(c, w, f, entries, next) })
}

// writeEntries writes the file, page by page.
func (s *Server) writeEntries(c echo.Context, to io.Writer, f auditFilter, entries []*staff.Entry, next string) error {
	w := sheet.NewCSV(to, ',')
	if err := w.WriteTexts(s.exportHead(c)...); err != nil {
		return err
	}
	for {
		for _, e := range entries {
			shown, err := s.selects(c, f, e)
			if err != nil {
				return err
			}
			if !shown {
				continue
			}
			if err := w.WriteTexts(s.exportLine(c, e)...); err != nil {
				return err
			}
		}
		if err := w.Flush(); err != nil || next == "" {
			return err
		}
		var err error
		if entries, next, err = s.staff.Entries(c.Request().Context(), f.EntryFilter, exportPage, next); err != nil {
			return err
		}
	}
}

func (s *Server) exportHead(c echo.Context) []string {
	t := s.words(c)
	return []string{
		t("audit.csv.when"), t("audit.who"), t("audit.role"), t("audit.what"), t("audit.csv.action"),
		t("audit.object"), t("audit.detail"), t("audit.outcome"),
	}
}

func (s *Server) exportLine(c echo.Context, e *staff.Entry) []string {
	return []string{
		e.At.In(catalogue.Zone).Format("2006-01-02 15:04:05.000"), e.Account, s.roleName(c, e.Role),
		s.actionName(c, e.Action), e.Action, e.Object, strings.Join(e.Detail, ", "), s.outcome(c, e.Outcome),
	}
}

// exportName has the days that the file is about, or up to when it goes.
func (s *Server) exportName(c echo.Context) string {
	name := "nhat-ky"
	if from := c.QueryParam("from"); from != "" {
		name += "-tu-" + from
	}
	to := c.QueryParam("to")
	if to == "" {
		to = string(s.today())
	}
	return name + "-den-" + to + ".csv"
}

// exportDetail says of the filter what is no personal content: days, an action
// that there is, and the names of the other fields.
func exportDetail(c echo.Context) (detail []string) {
	q := auditQuery(c)
	for _, name := range auditFields {
		switch {
		case !q.Has(name):
		case slices.Contains([]string{"from", "to"}, name):
			detail = append(detail, name+"="+q.Get(name))
		default:
			detail = append(detail, name)
		}
	}
	return detail
}
