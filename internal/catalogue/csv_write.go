package catalogue

import (
	"fmt"
	"io"

	"sipas/internal/sheet"
)

// procedureHeadings head the columns of a list that we write.
var procedureHeadings = [columns]string{
	colCode: "Mã", colName: "Tên thủ tục", colEnglish: "Tên tiếng Anh", colArea: "Lĩnh vực",
	colUnit: "Đơn vị giải quyết", colFrom: "Từ ngày", colSource: "Căn cứ",
}

// WriteProcedures writes the procedures that hold on the day as a list that
// ReadProcedures reads back and that imports without a change: UTF-8 with its
// mark and semicolons, which a spreadsheet set to Vietnamese opens as a table, and
// no cell that it would take for a formula.
// The examples are left out: what an office lists is its own.
func (c *Catalogue) WriteProcedures(w io.Writer, on Date) error {
	areas := byName(c.areas, func(a Area) Text { return a.Name })
	units := byName(c.units, func(u Unit) Text { return u.Name })
	out := sheet.NewCSV(w, ';')
	rows := [][]string{procedureHeadings[:]}
	for _, p := range c.Procedures(on) {
		if p.Example {
			continue
		}
		area, _ := c.Area(p.Area, on)
		unit, _ := c.Unit(p.Unit, on)
		rows = append(rows, []string{
			colCode: p.ID, colName: p.Name.VI, colEnglish: p.Name.EN,
			colArea: cellOf(p.Area, area.Name.VI, areas), colUnit: cellOf(p.Unit, unit.Name.VI, units),
			colFrom: p.From.vietnamese(), colSource: p.Source,
		})
	}
	for _, row := range rows {
		if err := out.WriteTexts(row...); err != nil {
			return fmt.Errorf("write list of procedures: %w", err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write list of procedures: %w", err)
	}
	return nil
}

// cellOf is the name of what a cell refers to, or the id where several things
// have that name.
func cellOf(id, name string, ids map[string]string) string {
	if id != "" && ids[Folded(name)] != id {
		return id
	}
	return name
}

// vietnamese writes a day as "30/06/2026".
func (d Date) vietnamese() string { return d.utc().Format("02/01/2006") }
