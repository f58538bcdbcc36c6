package document

import "sipas/internal/report"

const (
	cellPad   = 1.0 // left and right, in millimetres
	cellAbove = 0.8
)

// tableRow is a row of a table broken into lines.
type tableRow struct {
	cells  []paragraph
	height float64
}

// setTable is a table broken into lines.
type setTable struct {
	widths  []float64
	caption paragraph
	head    tableRow
	rows    []tableRow
}

func setLines(t *report.Table) setTable {
	widths := columnWidths(t)
	rows := make([]tableRow, len(t.Rows))
	for i, r := range t.Rows {
		look := plain(reportSmall)
		if r.Total {
			look = strong(reportSmall)
		}
		var texts []string
		for _, c := range r.Cells {
			texts = append(texts, c.Text)
		}
		rows[i] = setRow(widths, texts, look)
	}
	return setTable{widths, strong(9.5).wrap(t.Caption, reportWidth).balance(), setRow(widths, t.Headings(), strong(reportSmall)), rows}
}

// start is the height of what stays together: caption, headings and the first two
// rows.
func (t setTable) start() float64 {
	height := t.caption.height() + t.head.height + 3
	for _, r := range t.rows[:min(2, len(t.rows))] {
		height += r.height
	}
	return height
}

// table sets a table, its headings on each page that it goes over. The last two
// rows stay together.
func (p *pressman) table(t *report.Table) {
	set := setLines(t)
	p.need(set.start())
	p.at = p.paragraph(set.caption, reportLeft+reportWidth/2, p.at+1, middle) + 1
	p.row(t, set.widths, set.head, true)
	for i, r := range set.rows {
		height := r.height
		if i == len(set.rows)-2 {
			height += set.rows[i+1].height
		}
		if p.at+height > reportBottom {
			p.turn()
			p.row(t, set.widths, set.head, true)
		}
		p.row(t, set.widths, r, false)
	}
	p.at += 3
}

// columnWidths shares the width of the page.
func columnWidths(t *report.Table) (list []float64) {
	total := 0
	for _, c := range t.Columns {
		total += c.Width
	}
	for _, c := range t.Columns {
		list = append(list, reportWidth*float64(c.Width)/float64(total))
	}
	return list
}

func setRow(widths []float64, texts []string, t style) (r tableRow) {
	for i, text := range texts {
		cell := t.wrap(text, widths[i]-2*cellPad)
		r.cells = append(r.cells, cell)
		r.height = max(r.height, cell.height()+2*cellAbove)
	}
	return r
}

// row draws a row with the lines around it: figures to the right, headings in the
// middle.
func (p *pressman) row(t *report.Table, widths []float64, r tableRow, head bool) {
	x := reportLeft
	p.line(x, p.at, x+reportWidth, p.at, 0.2, gray)
	for i, cell := range r.cells {
		kind, at, align := t.Columns[i].Kind, x+cellPad, left
		switch {
		case head:
			at, align = x+widths[i]/2, middle
		case kind == report.Count || kind == report.Rate || kind == report.Points:
			at, align = x+widths[i]-cellPad, right
		}
		p.paragraph(cell, at, p.at+cellAbove, align)
		p.line(x, p.at, x, p.at+r.height, 0.2, gray)
		x += widths[i]
	}
	p.line(x, p.at, x, p.at+r.height, 0.2, gray)
	p.at += r.height
	p.line(reportLeft, p.at, x, p.at, 0.2, gray)
}
