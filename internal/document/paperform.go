package document

import (
	"errors"
	"io"
	"strconv"
)

// PaperForm is a questionnaire to be filled in with a pen and typed in later
// (phiếu giấy). Its questions are numbered from 1 in the order in which they are
// printed, which is that of the fields here, and their answers from 1 in their
// order; 0 is "does not apply". So a clerk types number by number.
type PaperForm struct {
	Mark      string   // as in Poster
	Intro     string   // who asks, what for, how to fill it in
	Place     string   // where it is handed out, for which area; may be empty
	Reference string   // code of the link and version of the questionnaire; on every page
	Page      string   // stands before "1/2"
	QR        [][]bool // of the link
	Date      string   // of the answers, with room to write

	First   []Choice // what the link leaves open
	Overall string
	Scale   [5]string // the levels, worst first
	Factors []Factor
	Extra   Group
	Comment Comment
	Profile Group
	Last    string // what to do with the form
}

// Factor is a group of criteria, each answered on the scale.
type Factor struct {
	Name     string
	Criteria []Criterion
}

// Criterion is one thing to be satisfied with or not.
type Criterion struct {
	Text          string
	NotApplicable string // the wording of answer 0; empty: not offered
}

// Group is questions under a heading. One without Questions is left out.
type Group struct {
	Name      string
	Hint      string // may be empty
	Questions []Choice
}

// Choice is a question with answers to choose one from.
type Choice struct {
	Text    string
	Options []string
}

// Comment is the question answered in one's own words.
type Comment struct{ Text, Hint string }

// WritePaperForm writes a PDF file with one form on A4 pages, in letters as
// large as need no more pages than the smallest that are still easy to read.
// Questions are never cut; what does not fit on a page begins the next. What
// room is left on a page goes to the lines for the comment, if they are there.
func WritePaperForm(w io.Writer, about About, f PaperForm) error {
	c, err := newCode(f.QR)
	if err != nil {
		return err
	}
	const largest, smallest = 10.5, 9.5
	pages, err := paginate(form{f, about, smallest}.parts(c))
	if err != nil {
		return err
	}
	for size := largest; size > smallest; size -= 0.25 {
		if larger, err := paginate(form{f, about, size}.parts(c)); err == nil && len(larger) == len(pages) {
			pages = larger
			break
		}
	}
	s := newSheet(about)
	for i, page := range pages {
		s.page(paperWidth, paperHeight)
		s.head(f, i+1, len(pages))
		y := formTop
		for _, p := range page.parts {
			h := p.height
			if p.grows {
				h += page.room
			}
			p.draw(s, y, h)
			y += h
		}
	}
	return s.write(w)
}

// part is something that is not cut by the end of a page.
type part struct {
	height float64
	with   int   // how many of the following parts stay on its page, if a page can hold them; at least one does
	again  *part // what is repeated above it where it begins a page
	grows  bool  // takes the room that is left on the page
	draw   func(s *sheet, y, height float64)
}

// page is the parts of one page and the room that they leave.
type page struct {
	parts []part
	room  float64
}

// The place of a form on A4: heads and what stands between them and the end.
const (
	formLeft   = 13.0
	formRight  = paperWidth - formLeft
	formWide   = formRight - formLeft
	formHead   = 11.0
	formTop    = 16.0
	formBottom = paperHeight - 10.0
)

var errLong = errors.New("document: a question is longer than a page")

// paginate lays parts on pages, in order.
func paginate(parts []part) ([]page, error) {
	const space = formBottom - formTop
	var pages []page
	now := page{room: space}
	for len(parts) > 0 {
		n := 1 + parts[0].with
		if sum(parts[:n]) > space {
			n = min(n, 2)
		}
		if sum(parts[:n]) > now.room {
			pages = append(pages, now)
			now = page{room: space}
			if head := parts[0].again; head != nil {
				now.add(*head)
			}
		}
		now.add(parts[:n]...)
		if now.room < 0 {
			return nil, errLong
		}
		parts = parts[n:]
	}
	return append(pages, now), nil
}

func (p *page) add(parts ...part) {
	p.parts = append(p.parts, parts...)
	p.room -= sum(parts)
}

func sum(parts []part) float64 {
	var h float64
	for _, p := range parts {
		h += p.height
	}
	return h
}

// head draws the line at the head of a page. The mark of a sample stands on each,
// since leaves come apart.
func (s *sheet) head(f PaperForm, n, of int) {
	t := strong(9.5)
	page := t.fit(f.Page+" "+strconv.Itoa(n)+"/"+strconv.Itoa(of), 30, 1, 6)
	s.paragraph(page, formRight, formHead-t.em(), right)
	side := formWide - 35 // of the reference
	if f.Mark != "" {
		side = 58 // left and right of the mark
	}
	s.paragraph(plain(9.5).fit(f.Reference, side, 1, 6), formLeft, formHead-t.em(), left)
	if f.Mark != "" {
		mark := t.in(white).fit(f.Mark, formWide-2*side-6, 1, 6)
		s.frame(formLeft+side, formHead-t.em()-0.8, formWide-2*side, mark.height()+1.6, 1, 0, black)
		s.paragraph(mark, paperWidth/2, formHead-t.em(), middle)
	}
	s.line(formLeft, formHead+2, formRight, formHead+2, 0.2, gray)
}
