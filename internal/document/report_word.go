package document

import (
	"io"

	"sipas/internal/ooxml"
	"sipas/internal/report"
)

// WriteReportWord writes a report as a Word file, in the form of a state paper,
// to be finished and signed.
func WriteReportWord(w io.Writer, r *report.Report) error {
	d := &ooxml.Document{Title: r.Title + ". " + r.About[0], Lang: r.Lang, Foot: r.Foot, Data: r.Record.Encode()}
	stateHead(d, r.Head, "")
	stateTitle(d, r.Title, r.About...)
	d.Add(ooxml.Paragraph{Align: ooxml.Center, After: 12, Runs: []ooxml.Run{{Text: r.To}}}, bodyText(r.Opening))
	for _, s := range r.Sections {
		d.Add(ooxml.Paragraph{Before: 6, After: 6, Together: true, Level: 1, Runs: []ooxml.Run{{Text: s.Heading, Bold: true}}})
		for _, b := range s.Blocks {
			switch {
			case b.Table != nil:
				wordTable(d, b.Table)
			case b.Small:
				d.Add(ooxml.Paragraph{Align: ooxml.Justify, After: 6, Runs: []ooxml.Run{{Text: b.Text, Italic: true, Size: 11}}})
			default:
				d.Add(bodyText(b.Text))
			}
		}
	}
	closing := bodyText(r.Closing)
	closing.Together = true // with who signs it
	d.Add(closing)
	stateEnd(d, r.Sign)
	_, err := d.WriteTo(w)
	return err
}

func bodyText(text string) ooxml.Paragraph {
	return ooxml.Paragraph{Align: ooxml.Justify, FirstLine: 10, After: 6, Runs: []ooxml.Run{{Text: text}}}
}

// wordTable sets a table small enough for all its columns, its headings on each
// page.
func wordTable(d *ooxml.Document, t *report.Table) {
	d.Add(ooxml.Paragraph{Align: ooxml.Center, Before: 6, After: 3, Together: true, Runs: []ooxml.Run{{Text: t.Caption, Bold: true, Size: 12}}})
	const size = 10
	table := ooxml.Table{Borders: true, HeadRows: 1, Rows: [][]ooxml.Cell{nil}}
	for _, c := range t.Columns {
		table.Widths = append(table.Widths, c.Width)
		table.Rows[0] = append(table.Rows[0], ooxml.Cell{{Align: ooxml.Center, Together: true, Runs: []ooxml.Run{{Text: c.Text, Bold: true, Size: size}}}})
	}
	for i, row := range t.Rows {
		var cells []ooxml.Cell
		for j, c := range t.Columns {
			align := ooxml.Right
			if c.Kind.Wordy() {
				align = ooxml.Left
			}
			cells = append(cells, ooxml.Cell{{
				Align: align, Before: 1, After: 1, Together: i == 0 || i+2 == len(t.Rows), // no row alone
				Runs: []ooxml.Run{{Text: row.Cells[j].Text, Bold: row.Total, Size: size}},
			}})
		}
		table.Rows = append(table.Rows, cells)
	}
	d.AddTable(table)
}
