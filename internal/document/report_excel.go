package document

import (
	"errors"
	"io"
	"slices"
	"strings"

	"sipas/internal/report"
	excel "sipas/internal/sheet"
)

// recordSheet is hidden in the Excel file: the record, and below it each figure.
const recordSheet = "sipas"

// WriteReportExcel writes a report as an Excel file: its words on the first
// sheet, each table on one of its own with figures that can be counted with.
func WriteReportExcel(w io.Writer, r *report.Report) (err error) {
	x, err := excel.NewExcel()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, x.Close()) }()
	x.Foot(strings.Join(r.Foot, "\n"))
	if err := x.Table(proseName(r.Lang), []excel.Heading{{Text: r.Title + "\n" + strings.Join(r.About, "\n"), Width: 110}}); err != nil {
		return err
	}
	for _, line := range prose(r) {
		if err := x.Write([]excel.Cell{excel.Prose(line)}); err != nil {
			return err
		}
	}
	for _, t := range r.Tables() {
		if err := excelTable(x, t); err != nil {
			return err
		}
	}
	if err := x.Hidden(recordSheet, pieces(r.Record.Encode())); err != nil {
		return err
	}
	return x.WriteFile(w)
}

// pieces breaks a text into rows that a cell can hold.
func pieces(text string) (rows [][]string) {
	for part := range slices.Chunk([]rune(text), 20_000) {
		rows = append(rows, []string{string(part)})
	}
	return rows
}

func proseName(lang string) string {
	if lang == "en" {
		return "Report"
	}
	return "Báo cáo"
}

// prose is all of the report but its tables, which are named where they belong.
func prose(r *report.Report) []string {
	lines := []string{r.Head.Office, r.Head.Day, r.Opening}
	for _, s := range r.Sections {
		lines = append(lines, s.Heading)
		for _, b := range s.Blocks {
			if b.Table != nil {
				lines = append(lines, "→ "+b.Table.Name+": "+b.Table.Caption)
				continue
			}
			lines = append(lines, b.Text)
		}
	}
	return append(append(lines, r.Closing), r.Foot...)
}

func excelTable(x *excel.Excel, t *report.Table) error {
	var headings []excel.Heading
	for _, c := range t.Columns {
		headings = append(headings, excel.Heading{Text: c.Text, Width: max(11, float64(c.Width)*0.95), Right: !c.Kind.Wordy()})
	}
	if err := x.Table(t.Name, headings); err != nil {
		return err
	}
	for _, row := range t.Rows {
		cells := make([]excel.Cell, len(t.Columns))
		for i, c := range t.Columns {
			cells[i] = excelCell(c.Kind, row.Cells[i])
		}
		if err := x.Write(cells); err != nil {
			return err
		}
	}
	return nil
}

func excelCell(kind report.Kind, c report.Cell) excel.Cell {
	switch {
	case kind.Wordy():
		return excel.Prose(c.Text)
	case c.Value == nil:
		return excel.Cell{}
	case kind == report.Count:
		return excel.Count(int(*c.Value))
	case kind == report.Points:
		return excel.Signed(*c.Value)
	}
	return excel.Hundredths(*c.Value)
}
