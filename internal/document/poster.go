package document

import (
	"io"
	"slices"
)

// Poster is a sheet to hang at a desk (áp phích mã QR): the question and a code that
// are read from two metres, and what is read from near.
type Poster struct {
	Mark    string // says that the sheet is not for real use, as sample or trial; empty on a real one
	Heading string // the question, some 30 characters
	Line    string // what to do, some 30 characters
	QR      [][]bool

	Type     Note // the address to type where no code can be read
	Desk     Note // where it hangs, and for which area
	Genuine  Note // how to know the genuine page
	Feedback Note // where to complain
}

// Size is that of a poster's paper.
type Size int

const (
	A4 Size = iota
	A5
)

// A4 in millimetres.
const (
	paperWidth  = 210.0
	paperHeight = 297.0
)

// WritePosters writes a PDF file with one poster a page. On A4 the dark part of
// the code is at least 70 mm wide, on A5 at least 50 mm.
func WritePosters(w io.Writer, about About, size Size, posters []Poster) error {
	s := newSheet(about)
	width, height := paperWidth, paperHeight
	if size == A5 {
		width, height = 148, 210
		s.k = width / paperWidth
	}
	for _, p := range posters {
		c, err := newCode(p.QR)
		if err != nil {
			return err
		}
		s.page(width, height)
		s.poster(posterFor(about.Office, p, c), c)
	}
	return s.write(w)
}

// The place of a poster on A4, in millimetres.
const (
	posterEdge  = 15.0 // above and below
	posterLeft  = 18.0
	posterWide  = paperWidth - 2*posterLeft
	posterMid   = paperWidth / 2
	posterCode  = 71.0  // the dark part of the code, at least
	posterFrame = 110.0 // the code with its quiet zone, at most
	columnGap   = 10.0
	ruleGap     = 3.5 // above and below a rule
)

// poster is one set and measured: what hangs from the upper edge, what stands
// on the lower one, and the room for the code between.
type poster struct {
	mark, office, heading, line      paragraph
	radius                           float64 // of a face
	address, desk, genuine, feedback set
	top, bottom, below               float64 // where the upper part ends and the lower begins, and what belongs under the code
}

// posterFor sets a poster as large as leaves enough room for the code.
func posterFor(office string, p Poster, c code) (out poster) {
	shrink(func(share float64) bool {
		out = setPoster(office, p, share)
		return out.bottom-out.top-out.below >= c.outer(posterCode)
	})
	return out
}

func setPoster(office string, p Poster, share float64) (out poster) {
	const column = (posterWide - columnGap) / 2
	out.top = posterEdge
	if p.Mark != "" {
		out.mark = strong(14).in(white).fit(p.Mark, posterWide-10, 2, 9)
		out.top += out.mark.height() + 9
	}
	out.office = strong(15*share).fit(office, posterWide, 2, 9).balance()
	out.heading = strong(46*share).in(green).fit(p.Heading, posterWide, 2, 20).balance()
	out.radius = 6.5 * share
	out.top += out.office.height() + 8.5 + out.heading.height() + 5 + 2*out.radius + 7

	out.line = strong(26*share).fit(p.Line, posterWide, 1, 12)
	out.address = p.Type.set(posterWide, 14*share, 21*share, 1)
	out.below = 6 + out.line.height() + 3 + height(out.address) + 6

	out.desk = p.Desk.set(posterWide, 14*share, 19*share, 3)
	out.genuine = p.Genuine.set(column, 13*share, 16*share, 2)
	out.feedback = p.Feedback.set(column, 13*share, 16*share, 1)
	out.bottom = paperHeight - posterEdge + ruleGap
	for _, h := range []float64{height(out.desk), height(out.genuine, out.feedback)} {
		if h > 0 {
			out.bottom -= h + 2*ruleGap
		}
	}
	return out
}

func (s *sheet) poster(p poster, c code) {
	y := posterEdge
	if len(p.mark.lines) > 0 {
		s.frame(posterLeft, y, posterWide, p.mark.height()+4, 2, 0, black)
		y = s.paragraph(p.mark, posterMid, y+2, middle) + 7
	}
	y = s.paragraph(p.office, posterMid, y, middle) + 3.5
	s.line(posterMid-11, y, posterMid+11, y, 1, green)
	y = s.paragraph(p.heading, posterMid, y+5, middle) + 5
	for level := range faces {
		s.face(level, posterMid+float64(level-2)*2.9*p.radius, y+p.radius, p.radius, green)
	}

	room := p.bottom - p.top - p.below
	frame := min(posterFrame, room)
	y = p.top + (room-frame)/2
	s.frame(posterMid-frame/2, y, frame, frame, 5, 0.8, green)
	s.qr(c, posterMid-frame/2, y, frame)
	y = s.paragraph(p.line, posterMid, y+frame+6, middle) + 3
	s.set(p.address, posterMid, y, middle)

	y = p.bottom
	for _, row := range [][]set{{p.desk}, {p.genuine, p.feedback}} {
		if height(row...) > 0 {
			s.line(posterLeft, y, posterLeft+posterWide, y, 0.3, gray)
			y = s.columns(row, y+ruleGap) + ruleGap
		}
	}
}

// columns draws notes side by side and returns where the longest ends.
func (s *sheet) columns(notes []set, y float64) float64 {
	notes = slices.DeleteFunc(notes, func(n set) bool { return len(n) == 0 })
	for i, n := range notes {
		s.set(n, posterLeft+posterWide*(float64(i)+0.5)/float64(len(notes)), y, middle)
	}
	return y + height(notes...)
}
