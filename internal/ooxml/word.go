// Package ooxml writes Word documents (ECMA-376, WordprocessingML): A4 pages of
// paragraphs and tables, numbered in the top margin from the second on, with lines
// at the foot of each and a text for programs if they are wanted, nothing else.
// What is written is text, whatever is in it, and refers to nothing outside the
// file. The same document is the same bytes every time. It also reads what
// people see in such a file, after others have worked on it.
package ooxml

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

// Document is a Word document that is being written. The zero value is empty,
// with Times New Roman of 14 points, as NĐ 30/2020/NĐ-CP wants it.
type Document struct {
	Title string   // of the file, for those who read it aloud
	Lang  string   // "": Vietnamese
	Foot  []string // small lines at the foot of each page
	Data  string   // for programs, in a part of its own that Word keeps; "": none
	body  strings.Builder
}

// Align is how the lines of a paragraph stand.
type Align string

// The ways to stand.
const (
	Left    Align = "left"
	Center  Align = "center"
	Right   Align = "right"
	Justify Align = "both"
)

// Run is a stretch of text in one look. A line feed in it begins a new line, a
// tab is a tab.
type Run struct {
	Text                    string
	Bold, Italic, Underline bool
	Size                    float64 // points; 0: that of the document
}

// Paragraph is text between two ends of line.
type Paragraph struct {
	Align         Align   // "": Left
	FirstLine     float64 // mm that its first line is moved in
	Before, After float64 // points
	Together      bool    // with the next one, on one page
	Rule          bool    // a solid line below it, as wide as the indents leave
	Indent        float64 // mm on both sides
	Level         int     // of a heading, from 1; 0: it is none
	Runs          []Run
}

// Cell is one cell of a table.
type Cell []Paragraph

// Table is a table over the width of the page. Widths are shares of it; all rows
// have as many cells.
type Table struct {
	Widths   []int
	Rows     [][]Cell
	Borders  bool
	HeadRows int // repeated on every page
}

// Text is a paragraph of one run.
func Text(a Align, runs ...Run) Paragraph { return Paragraph{Align: a, Runs: runs} }

// Add adds paragraphs.
func (d *Document) Add(list ...Paragraph) {
	for _, p := range list {
		p.write(&d.body)
	}
}

// AddTable adds a table. An empty paragraph follows it, which Word wants between
// two of them.
func (d *Document) AddTable(t Table) { t.write(&d.body) }

const (
	twipsPerMM  = 56.6929
	twipsPerPt  = 20
	pageWidth   = 11906 // A4
	pageHeight  = 16838
	marginLeft  = 1701 // 30 mm
	marginRight = 850  // 15 mm
	marginEdge  = 1134 // 20 mm
	textWidth   = pageWidth - marginLeft - marginRight
)

func (p Paragraph) write(b *strings.Builder) {
	b.WriteString("<w:p><w:pPr>")
	if p.Together {
		b.WriteString("<w:keepNext/>")
	}
	if p.Rule {
		b.WriteString(`<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="1" w:color="auto"/></w:pBdr>`)
	}
	fmt.Fprintf(b, `<w:spacing w:before="%.0f" w:after="%.0f"/>`, p.Before*twipsPerPt, p.After*twipsPerPt)
	if p.Indent > 0 {
		fmt.Fprintf(b, `<w:ind w:left="%.0f" w:right="%.0f"/>`, p.Indent*twipsPerMM, p.Indent*twipsPerMM)
	}
	if p.FirstLine > 0 {
		fmt.Fprintf(b, `<w:ind w:firstLine="%.0f"/>`, p.FirstLine*twipsPerMM)
	}
	if p.Align != "" {
		fmt.Fprintf(b, `<w:jc w:val="%s"/>`, p.Align)
	}
	if p.Level > 0 {
		fmt.Fprintf(b, `<w:outlineLvl w:val="%d"/>`, p.Level-1)
	}
	if p.Rule { // the mark at its end is as high as the letters that it has not
		b.WriteString(`<w:rPr><w:sz w:val="4"/></w:rPr>`)
	}
	b.WriteString("</w:pPr>")
	for _, r := range p.Runs {
		r.write(b)
	}
	b.WriteString("</w:p>")
}

func (r Run) write(b *strings.Builder) {
	b.WriteString("<w:r><w:rPr>")
	for _, x := range []struct {
		on  bool
		tag string
	}{{r.Bold, "<w:b/>"}, {r.Italic, "<w:i/>"}} {
		if x.on {
			b.WriteString(x.tag)
		}
	}
	if r.Size > 0 {
		fmt.Fprintf(b, `<w:sz w:val="%.0f"/><w:szCs w:val="%.0f"/>`, r.Size*2, r.Size*2)
	}
	if r.Underline {
		b.WriteString(`<w:u w:val="single"/>`)
	}
	b.WriteString("</w:rPr>")
	for i, line := range strings.Split(r.Text, "\n") {
		if i > 0 {
			b.WriteString("<w:br/>")
		}
		for j, part := range strings.Split(line, "\t") {
			if j > 0 {
				b.WriteString("<w:tab/>")
			}
			b.WriteString(`<w:t xml:space="preserve">`)
			escape(b, part)
			b.WriteString("</w:t>")
		}
	}
	b.WriteString("</w:r>")
}

// escape writes text as text: what XML has no letter for is left out.
func escape(b *strings.Builder, s string) {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	_ = xml.EscapeText(b, []byte(s)) // a Builder takes everything
}

func (t Table) write(b *strings.Builder) {
	total := 0
	for _, w := range t.Widths {
		total += w
	}
	border := "none"
	if t.Borders {
		border = "single"
	}
	fmt.Fprintf(b, `<w:tbl><w:tblPr><w:tblW w:w="%d" w:type="dxa"/><w:tblBorders>`, textWidth)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		fmt.Fprintf(b, `<w:%s w:val="%s" w:sz="4" w:space="0" w:color="auto"/>`, side, border)
	}
	b.WriteString(`</w:tblBorders><w:tblLayout w:type="fixed"/>`)
	if t.Borders { // narrower than usual: columns of figures stand close
		b.WriteString(`<w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar>`)
	}
	b.WriteString(`</w:tblPr><w:tblGrid>`)
	for _, w := range t.Widths {
		fmt.Fprintf(b, `<w:gridCol w:w="%d"/>`, textWidth*w/total)
	}
	b.WriteString("</w:tblGrid>")
	for i, row := range t.Rows {
		b.WriteString("<w:tr><w:trPr><w:cantSplit/>")
		if i < t.HeadRows {
			b.WriteString("<w:tblHeader/>")
		}
		b.WriteString("</w:trPr>")
		for j, cell := range row {
			fmt.Fprintf(b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>`, textWidth*t.Widths[j]/total)
			for _, p := range cell {
				p.write(b)
			}
			if len(cell) == 0 {
				b.WriteString("<w:p/>")
			}
			b.WriteString("</w:tc>")
		}
		b.WriteString("</w:tr>")
	}
	b.WriteString("</w:tbl>")
	Paragraph{}.write(b)
}

// WriteTo writes the file.
func (d *Document) WriteTo(w io.Writer) (int64, error) {
	counted := &counter{w: w}
	z := zip.NewWriter(counted)
	for _, part := range d.parts() {
		// Without a moment of its own a file would differ from one made later.
		f, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err == nil {
			_, err = io.WriteString(f, part.text)
		}
		if err != nil {
			return counted.n, fmt.Errorf("write Word document: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return counted.n, fmt.Errorf("write Word document: %w", err)
	}
	return counted.n, nil
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}
