package document

import "io"

// WriteSlip writes a PDF file of one page of A7, 105 by 74.25 mm: a card of a desk
// sheet by itself, to go with a dossier.
func WriteSlip(w io.Writer, about About, p Poster) error {
	c, err := newCode(p.QR)
	if err != nil {
		return err
	}
	s := newSheet(about)
	s.page(cardWidth, cardHeight)
	s.card(about.Office, p, c)
	return s.write(w)
}
