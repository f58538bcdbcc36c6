package document_test

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"sipas/internal/document"
)

func TestDeskSheet(t *testing.T) {
	var cards []document.Poster
	for i := range 11 {
		card := posterOf(t, "vi", fmt.Sprintf("desk%04d", i+1), fmt.Sprintf("Quầy số %d", i+1), "Đất đai")
		switch i {
		case 3:
			card.Desk = document.Note{Lines: []string{long}, After: subject}
		case 4:
			card.Mark = texts(t, "vi")("print.sample")
		case 5:
			card.Mark, card.Heading, card.Line = texts(t, "vi")("print.trial"), card.Heading+long, card.Line+long
			card.Desk = document.Note{Lines: []string{strings.Repeat(long, 15)}, After: strings.Repeat("x", 2000)}
			card.Type.Lines = []string{strings.Repeat("khaosat.", 40)}
		}
		cards = append(cards, card)
	}
	cards[9] = posterOf(t, "en", "desk0010", "Results counter", "Land")

	p := print(t, "desk-sheet", func(w io.Writer) error { return document.WriteDeskSheet(w, about("Mã QR để bàn"), cards) })
	if len(p.pages) != 2 {
		t.Fatalf("%d pages", len(p.pages))
	}
	for i, card := range cards {
		page := p.pages[i/8]
		on := area{float64(i%2) * 105, float64(i%8/2) * 74.25, 105, 74.25}
		url, code := page.decode(t, on)
		if url != fmt.Sprintf("https://%s/k/desk%04d", host, i+1) {
			t.Errorf("card %d leads to %s", i+1, url)
		}
		if code.w < 35 || code.x < on.x+5 || code.y < on.y+5 {
			t.Errorf("card %d: code at %v", i+1, code)
		}
		inside := leaf{width: on.w, height: on.h}
		for _, w := range page.words {
			if on.meets(w.area) {
				w.x, w.y = w.x-on.x, w.y-on.y
				inside.words = append(inside.words, w)
			}
		}
		code.x, code.y = code.x-on.x-4*code.w/29, code.y-on.y-4*code.w/29
		code.w, code.h = code.w*37/29, code.h*37/29
		tidy(t, inside, 5, []area{code})
		if i == 5 {
			continue
		}
		for _, text := range []string{card.Mark, about("").Office, card.Heading, card.Line, card.Desk.Lines[0], card.Desk.After, card.Type.Lines[0]} {
			if !strings.Contains(inside.says(), text) {
				t.Errorf("card %d does not say %q", i+1, text)
			}
		}
	}
	if n := len(p.pages[1].words); slices.ContainsFunc(p.pages[1].words, func(w words) bool { return w.y > 2*74.25 }) {
		t.Errorf("an empty card has words, %d in all", n)
	}
	for i, page := range p.pages {
		for _, cut := range []area{{105, 0, 0, 297}, {0, 74.25, 210, 0}, {0, 148.5, 210, 0}, {0, 222.75, 210, 0}} {
			if !slices.ContainsFunc(page.lines, func(l area) bool {
				return math.Abs(l.x-cut.x)+math.Abs(l.y-cut.y)+math.Abs(l.w-cut.w)+math.Abs(l.h-cut.h) < 0.1
			}) {
				t.Errorf("page %d has no line to cut along at %v", i+1, cut)
			}
		}
	}
}
