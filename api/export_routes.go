package api

import (
	"io"

	"github.com/labstack/echo/v4"

	"sipas/internal/staff"
	"sipas/survey"
)

// Who may take tables out of the house. The administrator reads no case, and no
// free text.
var (
	responseExportRoles = []staff.Role{staff.Office, staff.Admin}
	caseExportRoles     = []staff.Role{staff.Office}
)

// exportResponses sends the responses of a period.
func (s *Server) exportResponses(format string) echo.HandlerFunc {
	return s.export(responsesExport, format, func(c echo.Context, w io.Writer, p survey.Period) error {
		comments := officerOf(c).Role == staff.Office
		return s.exporter().Responses(c.Request().Context(), w, format, language(c), p, comments)
	})
}

// exportCases sends the cases of a period.
func (s *Server) exportCases(format string) echo.HandlerFunc {
	return s.export(casesExport, format, func(c echo.Context, w io.Writer, p survey.Period) error {
		return s.exporter().Cases(c.Request().Context(), w, format, language(c), p, s.caseOfficer(c))
	})
}

// exportCodeBook sends what explains the columns and codes. Nothing in it is
// about anybody.
func (s *Server) exportCodeBook(c echo.Context) error {
	p, err := s.readPeriod(c)
	if err != nil {
		return err
	}
	return s.sendFile(c, exportFile("giai-ma", FormatCSV, p), csvType, func(w io.Writer) error {
		return s.exporter().CodeBook(w, p)
	})
}

func (s *Server) exporter() *Exporter { return &Exporter{s.names, s.segments, s.feedback, s.Now} }

// export sends a table; the audit entry comes before the first byte.
func (s *Server) export(table, format string, write func(echo.Context, io.Writer, survey.Period) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		p, err := s.readPeriod(c)
		if err != nil {
			return err
		}
		detail := []string{"from=" + string(p.From), "to=" + string(p.To), "format=" + format}
		return s.audited(c, "export."+table, "export/"+table, detail, func() error {
			return s.sendFile(c, exportFile(fileNames[table], format, p), mediaTypes[format], func(w io.Writer) error { return write(c, w, p) })
		})
	}
}

var (
	mediaTypes = map[string]string{FormatCSV: csvType, FormatExcel: excelType, FormatWord: wordFile, FormatPDF: pdfFile}
	fileNames  = map[string]string{responsesExport: "phieu-tra-loi", casesExport: "vu-viec"}
)

// exportFile names a file after what is in it.
func exportFile(name, format string, p survey.Period) string {
	if p.From != "" {
		name += "-tu-" + string(p.From)
	}
	return name + "-den-" + string(p.To) + "." + format
}
