// Package document makes the papers of the office: posters and desk sheets with
// the QR code of a survey, and the paper form. It gets finished words and knows
// no language and no subject.
//
// Everything is drawn in black and one dark green, in lines and type alone, so
// that an office laser prints it in grey without loss. Equal input gives equal
// bytes.
package document

import (
	"fmt"
	"io"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// About is what a file says of itself: in its properties, and the office also
// on the paper.
type About struct {
	Title  string
	Office string    // who asks; the author of the file
	Lang   string    // language of the words, "vi"; screen readers need it
	Made   time.Time // must be given, for its properties
}

// color is a colour on paper.
type color struct{ r, g, b int }

// Text and codes are pure black: a laser printer rasters everything else, and
// small letters fray. The green is for what is large.
var (
	black = color{0, 0, 0}
	white = color{255, 255, 255}
	green = color{0x0b, 0x5d, 0x4e}
	gray  = color{0x6b, 0x75, 0x71} // lines, and digits to be written over
)

// sheet draws on the pages of a file, in millimetres from the upper left corner.
type sheet struct {
	pdf  *fpdf.Fpdf
	x, y float64 // where 0, 0 is on the page
	k    float64 // by how much everything is made smaller or larger
}

func newSheet(about About) *sheet {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetMargins(0, 0, 0)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCatalogSort(true) // else its maps are written in their own order
	pdf.SetCreationDate(about.Made)
	pdf.SetModificationDate(about.Made)
	pdf.SetTitle(regular().drawable(about.Title), true)
	pdf.SetAuthor(regular().drawable(about.Office), true)
	pdf.SetLang(about.Lang)
	pdf.AddUTF8FontFromBytes(family, "", []byte(regular().ttf))
	pdf.AddUTF8FontFromBytes(family, "B", []byte(semibold().ttf))
	return &sheet{pdf: pdf, k: 1}
}

const family = "BeVietnamPro"

// page begins a page of that width and height.
func (s *sheet) page(width, height float64) {
	s.pdf.AddPageFormat("P", fpdf.SizeType{Wd: width, Ht: height})
	s.pdf.SetLineCapStyle("round")
	s.pdf.SetLineJoinStyle("round")
}

func (s *sheet) write(w io.Writer) error {
	if err := s.pdf.Output(w); err != nil {
		return fmt.Errorf("write PDF: %w", err)
	}
	return nil
}

// line draws a line of that width.
func (s *sheet) line(x1, y1, x2, y2, width float64, c color) {
	s.stroke(width, c)
	s.pdf.Line(s.x+x1*s.k, s.y+y1*s.k, s.x+x2*s.k, s.y+y2*s.k)
}

// dashed draws a thin line of dashes.
func (s *sheet) dashed(x1, y1, x2, y2 float64) {
	s.pdf.SetDashPattern([]float64{1.5, 1.5}, 0)
	s.line(x1, y1, x2, y2, 0.2, gray)
	s.pdf.SetDashPattern(nil, 0)
}

// frame draws a rectangle with round corners, filled if width is 0.
func (s *sheet) frame(x, y, w, h, radius, width float64, c color) {
	how := "D"
	if width == 0 {
		how = "F"
		s.pdf.SetFillColor(c.r, c.g, c.b)
	} else {
		s.stroke(width, c)
	}
	s.pdf.RoundedRect(s.x+x*s.k, s.y+y*s.k, w*s.k, h*s.k, radius*s.k, "1234", how)
}

func (s *sheet) stroke(width float64, c color) {
	s.pdf.SetLineWidth(width * s.k)
	s.pdf.SetDrawColor(c.r, c.g, c.b)
}
