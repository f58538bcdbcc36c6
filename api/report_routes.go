package api

import (
	"cmp"
	"io"
	"slices"

	"github.com/labstack/echo/v4"

	"sipas/internal/fault"
	"sipas/internal/report"
	"sipas/internal/staff"
)

// satisfactionRoles may take the report on a period.
var satisfactionRoles = []staff.Role{staff.Office, staff.Admin, staff.Leader}

const reportAPI = "/api/v1/reports/satisfaction."

// satisfactionReport sends the report on a period; the audit entry comes first.
func (s *Server) satisfactionReport(format string) echo.HandlerFunc {
	return func(c echo.Context) error {
		q, err := s.readReport(c)
		if err != nil {
			return err
		}
		detail := []string{"from=" + q.From, "to=" + q.To, "format=" + format}
		return s.audited(c, "report.satisfaction", "report/satisfaction", detail, func() error {
			return s.sendFile(c, reportFile(q, format), mediaTypes[format], func(w io.Writer) error {
				return s.reporter().Write(c.Request().Context(), w, format, q)
			})
		})
	}
}

func (s *Server) reporter() *Reporter {
	return &Reporter{s.names, s.segments, s.feedback, s.dossiers, s.improve, s.Now, s.Sample}
}

// readReport reads the question: that of the figures, and what to compare with.
func (s *Server) readReport(c echo.Context) (report.Question, error) {
	params := c.QueryParams()
	var bad fault.Fields
	with := choiceOf(&bad, params, "with", comparisons, withBefore)
	params.Del("with")
	asked, err := readQuery(c)
	if err = join(&bad, err); err != nil {
		return report.Question{}, err
	}
	q := report.Question{
		From: string(asked.From), To: cmp.Or(string(asked.To), string(s.today())), By: slices.Clone(asked.By), With: with, Lang: language(c),
		Cases: slices.Contains(caseFigureRoles, officerOf(c).Role),
	}
	if asked.To == "" && q.From > q.To {
		bad.Add("from", "future")
	}
	for _, f := range asked.Filters {
		q.Filters = append(q.Filters, report.Filter{Dimension: f.Dimension, Values: f.Values})
	}
	return q, bad.Err()
}

// reportFile names a file after its period.
func reportFile(q report.Question, format string) string {
	const name = "bao-cao-hai-long"
	p := periodOf(q)
	if p.ID != "" {
		return name + "-" + p.ID + "." + format
	}
	return exportFile(name, format, p)
}
