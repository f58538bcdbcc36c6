package document

import (
	"io"
	"slices"
)

// A sheet of cards is A4 cut in eight. Nothing is drawn near the edges of a
// card: the outer ones are those of the paper, where printers leave a margin.
const (
	cardWidth   = paperWidth / 2
	cardHeight  = paperHeight / 4
	cardsInARow = 2
	cardsASheet = 8
)

// WriteDeskSheet writes a PDF file of A4 pages with eight cards each, to be cut
// along the dashed lines and put on the desks. The dark part of the codes is
// 36 mm wide.
func WriteDeskSheet(w io.Writer, about About, cards []Poster) error {
	s := newSheet(about)
	for i, p := range cards {
		c, err := newCode(p.QR)
		if err != nil {
			return err
		}
		n := i % cardsASheet
		if n == 0 {
			s.x, s.y = 0, 0
			s.page(paperWidth, paperHeight)
			s.cuts()
		}
		s.x, s.y = float64(n%cardsInARow)*cardWidth, float64(n/cardsInARow)*cardHeight
		s.card(about.Office, p, c)
	}
	return s.write(w)
}

// cuts draws the lines to cut along.
func (s *sheet) cuts() {
	for x := cardWidth; x < paperWidth; x += cardWidth {
		s.dashed(x, 0, x, paperHeight)
	}
	for y := cardHeight; y < paperHeight; y += cardHeight {
		s.dashed(0, y, paperWidth, y)
	}
}

// The parts of a card: what is read first stands beside the code, the desk and
// the address to type stand below.
const (
	cardMargin = 8.0
	cardCode   = 36.0 // the dark part of the code
	cardWide   = cardWidth - 2*cardMargin
	cardBeside = cardMargin + cardCode + 6
	cardColumn = cardWidth - cardMargin - cardBeside
)

func (s *sheet) card(office string, p Poster, c code) {
	frame := c.outer(cardCode)
	corner := cardMargin - (frame-cardCode)/2 // the quiet zone may reach into the margin
	s.qr(c, corner, corner, frame)

	var mark paragraph
	var beside, below set
	shrink(func(share float64) bool {
		mark = strong(9*share).in(white).fit(p.Mark, cardColumn-4, 2, 6).balance()
		beside = set{
			plain(8*share).fit(office, cardColumn, 3, 6).balance(),
			strong(16*share).in(green).fit(p.Heading, cardColumn, 2, 9).balance(),
			strong(10.5*share).fit(p.Line, cardColumn, 2, 7).balance(),
		}
		return mark.height()+2+height(beside)+4 <= cardCode
	})
	shrink(func(share float64) bool {
		below = slices.Concat(p.Desk.set(cardWide, 8.5*share, 11*share, 3), p.Type.set(cardWide, 8.5*share, 10*share, 1))
		return height(below) <= cardHeight-2*cardMargin-cardCode-4
	})
	y := cardMargin
	if p.Mark != "" {
		s.frame(cardBeside, y, cardColumn, mark.height()+2, 1, 0, black)
		y = s.paragraph(mark, cardBeside+2, y+1, left) + 2
	}
	for _, part := range beside {
		y = s.paragraph(part, cardBeside, y, left) + 2
	}
	y = cardHeight - cardMargin - height(below)
	s.line(cardMargin, y-1.5, cardMargin+cardWide, y-1.5, 0.2, gray)
	s.set(below, cardMargin, y, left)
}
