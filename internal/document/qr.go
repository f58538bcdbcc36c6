package document

import "errors"

// errCode is a mistake of the caller's: what was to be a QR code is none.
var errCode = errors.New("document: a QR code must be square, with dark modules and a quiet zone around them")

// code is a QR code measured: its modules and the quiet zone around the dark ones.
type code struct {
	modules [][]bool // rows from the top, dark is true, the quiet zone included
	quiet   int
}

func newCode(modules [][]bool) (code, error) {
	n := len(modules)
	c := code{modules, n}
	for y, row := range modules {
		if len(row) != n {
			return code{}, errCode
		}
		for x, dark := range row {
			if dark {
				c.quiet = min(c.quiet, x, y, n-1-x, n-1-y)
			}
		}
	}
	if c.quiet == n || c.quiet == 0 {
		return code{}, errCode
	}
	return c, nil
}

// outer returns the side of the code with its quiet zone, when side is that of
// the dark part.
func (c code) outer(side float64) float64 {
	n := len(c.modules)
	return side * float64(n) / float64(n-2*c.quiet)
}

// overlap is by how much of a module each row reaches into the next, so that no
// printer leaves a light line between them. It is far below what a camera sees.
const overlap = 0.02

// qr draws a code with its quiet zone, the upper left corner at x, y, of that
// side. It is one path, a run of dark modules at a time.
func (s *sheet) qr(c code, x, y, side float64) {
	n := len(c.modules)
	m := side / float64(n)
	to := func(col, row float64) (float64, float64) { return s.x + (x+col*m)*s.k, s.y + (y+row*m)*s.k }
	for row, modules := range c.modules {
		for col := 0; col < n; {
			end := col
			for end < n && modules[end] {
				end++
			}
			if end > col {
				s.pdf.MoveTo(to(float64(col), float64(row)))
				s.pdf.LineTo(to(float64(end), float64(row)))
				s.pdf.LineTo(to(float64(end), float64(row)+1+overlap))
				s.pdf.LineTo(to(float64(col), float64(row)+1+overlap))
				s.pdf.ClosePath()
			}
			col = end + 1
		}
	}
	s.pdf.SetFillColor(0, 0, 0)
	s.pdf.DrawPath("F")
}
