package api

import (
	"io"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"sipas/internal/dossier"
	"sipas/internal/sheet"
	"sipas/web"
)

// rejectedTable names the first lines that are not taken in, with what to mend.
func (s *Server) rejectedTable(c echo.Context, out dossier.Outcome) web.Table {
	t := s.words(c)
	table := web.Table{ID: "rejected", Heading: t("dossier.load.bad"), Columns: []web.Column{{Text: t("import.line"), Right: true}, {Text: t("import.column")}, {Text: t("import.mend")}}}
	for _, r := range out.Rejected[:min(len(out.Rejected), rowsShown)] {
		for _, line := range s.rejectedLine(c, r) {
			table.Rows = append(table.Rows, web.Row{Cells: []web.Cell{{Text: line[0]}, {Text: line[1]}, {Text: line[2]}}})
		}
	}
	if n := out.RejectedCount - rowsShown; n > 0 {
		table.Note = t("import.more", web.Number(language(c), n))
	}
	return table
}

// rejectedLine is the number of a line, a column and what to mend there, for each
// column with a fault.
func (s *Server) rejectedLine(c echo.Context, r dossier.Rejected) (list [][3]string) {
	for _, f := range r.Errors {
		column := ""
		if f.Name != "" {
			column = s.words(c)("dossier.col." + f.Name)
		}
		list = append(list, [3]string{strconv.Itoa(r.Row), orDash(column), s.inputMessage(c, f)})
	}
	return list
}

// rejectedForm offers all lines to mend as a file.
func (s *Server) rejectedForm(c echo.Context, l *dossierList, ticket string) web.Form {
	t := s.words(c)
	return web.Form{
		ID: "bad", Action: dossierImportPath + "/dong-phai-sua.csv", Heading: t("dossier.load.bad.file"), Lead: t("dossier.load.bad.lead"),
		Submit: t("dossier.load.bad.csv"), Quiet: true, Hidden: l.sentAlong(ticket),
	}
}

// rejectedLines sends the lines of a list that are not taken in.
func (s *Server) rejectedLines(c echo.Context, l *dossierList, _ url.Values) error {
	src, has := s.source(l)
	out, err := s.dossiers.Preview(c.Request().Context(), src, has)
	if err != nil {
		return s.askAgain(c, err)
	}
	t := s.words(c)
	return s.sendFile(c, "dong-phai-sua.csv", csvType, func(w io.Writer) error {
		file := sheet.NewCSV(w, ',')
		if err := file.WriteTexts(t("import.line"), t("import.column"), t("import.mend")); err != nil {
			return err
		}
		for _, r := range out.Rejected {
			for _, line := range s.rejectedLine(c, r) {
				if err := file.WriteTexts(line[:]...); err != nil {
					return err
				}
			}
		}
		if n := out.RejectedCount - len(out.Rejected); n > 0 {
			if err := file.WriteTexts("", "", t("import.more", web.Number(language(c), n))); err != nil {
				return err
			}
		}
		return file.Flush()
	})
}
