package api

import (
	"encoding/csv"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
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
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	h.Set(echo.HeaderContentDisposition, `attachment; filename="`+s.exportName(c)+`"`)
	c.Response().WriteHeader(http.StatusOK)
	if err := s.writeEntries(c, f, entries, next); err != nil {
		// The status is gone: only a broken connection says that this is not all.
		s.Log.Warn("export broken off", "id", requestID(c), "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// writeEntries writes the file, page by page. Each page has a minute: the whole
// may take longer than any other answer.
func (s *Server) writeEntries(c echo.Context, f auditFilter, entries []*staff.Entry, next string) error {
	if _, err := c.Response().Write([]byte("\ufeff")); err != nil {
		return err
	}
	w := csv.NewWriter(c.Response())
	w.UseCRLF = true
	if err := w.Write(s.exportHead(c)); err != nil {
		return err
	}
	connection := http.NewResponseController(c.Response())
	for {
		for _, e := range entries {
			shown, err := s.selects(c, f, e)
			if err != nil {
				return err
			}
			if !shown {
				continue
			}
			if err := w.Write(s.exportLine(c, e)); err != nil {
				return err
			}
		}
		if w.Flush(); w.Error() != nil {
			return w.Error()
		}
		if next == "" {
			return nil
		}
		for _, err := range []error{connection.Flush(), connection.SetWriteDeadline(time.Now().Add(time.Minute))} {
			if err != nil && !errors.Is(err, http.ErrNotSupported) {
				return fmt.Errorf("send page: %w", err)
			}
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
	line := []string{
		e.At.In(catalogue.Zone).Format("2006-01-02 15:04:05.000"), e.Account, s.roleName(c, e.Role),
		s.actionName(c, e.Action), e.Action, e.Object, strings.Join(e.Detail, ", "), s.outcome(c, e.Outcome),
	}
	for i := range line {
		line[i] = defused(line[i])
	}
	return line
}

// defused is a cell that no spreadsheet takes for a formula.
func defused(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
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
