package document

import (
	"strings"
	"unicode/utf8"
)

// style is how a text is set.
type style struct {
	font  *font
	size  float64 // in points
	color color
}

func plain(size float64) style  { return style{regular(), size, black} }
func strong(size float64) style { return style{semibold(), size, black} }

// in returns the style in another colour.
func (t style) in(c color) style {
	t.color = c
	return t
}

const point = 25.4 / 72 // in millimetres

func (t style) em() float64               { return t.size * point }
func (t style) width(text string) float64 { return t.font.width(text) * t.em() }

// leading is from one line to the next: Vietnamese letters carry two marks one
// above the other, and one below.
func (t style) leading() float64 { return 1.3 * t.em() }

// paragraph is a text broken into lines.
type paragraph struct {
	style
	column float64 // the width it was broken for
	lines  []string
	broken broken
}

// broken says where the worst break of a paragraph is.
type broken int

const (
	atSpaces broken = iota
	atMarks         // inside a word, at a mark where an address may be broken
	anywhere
)

func (p paragraph) height() float64 { return float64(len(p.lines)) * p.leading() }

// widest returns the width of its longest line.
func (p paragraph) widest() float64 {
	var w float64
	for _, line := range p.lines {
		w = max(w, p.width(line))
	}
	return w
}

// drawable returns text with a question mark for whatever the font lacks.
func (f *font) drawable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case f.has(r):
			return r
		}
		return '?'
	}, text)
}

// wrap breaks text into lines of at most width, at spaces.
func (t style) wrap(text string, width float64) paragraph {
	p := paragraph{style: t, column: width}
	line := ""
	for word := range strings.SplitSeq(t.font.drawable(text), " ") {
		if word == "" {
			continue
		}
		next := strings.TrimPrefix(line+" "+word, " ")
		if t.width(next) <= width {
			line = next
			continue
		}
		if line != "" {
			p.lines = append(p.lines, line)
		}
		for t.width(word) > width {
			n, at := t.breakAt(word, width)
			p.lines = append(p.lines, word[:n])
			word, p.broken = word[n:], max(p.broken, at)
		}
		line = word
	}
	if line != "" {
		p.lines = append(p.lines, line)
	}
	return p
}

// breakAt returns how much of a word fits: up to a mark inside it, else as many
// characters as there is room for, at least one.
func (t style) breakAt(word string, width float64) (n int, at broken) {
	hard := 0
	for i, r := range word {
		end := i + utf8.RuneLen(r)
		if hard > 0 && t.width(word[:end]) > width {
			break
		}
		hard = end
		if strings.ContainsRune("/.-@", r) {
			n = end
		}
	}
	if n == 0 {
		return hard, anywhere
	}
	return n, atMarks
}

// fit sets text in at most so many lines of that width. What does not fit is
// set smaller, down to the least size; what does not fit then is cut, and ends
// in dots.
func (t style) fit(text string, width float64, lines int, least float64) paragraph {
	for ; t.size > least; t.size -= 0.5 {
		if p := t.wrap(text, width); p.broken < anywhere && len(p.lines) <= lines {
			return p
		}
	}
	t.size = min(t.size, least)
	p := t.wrap(text, width)
	if len(p.lines) <= lines {
		return p
	}
	p.lines = p.lines[:lines]
	last := p.lines[lines-1]
	for t.width(last+"…") > width {
		_, n := utf8.DecodeLastRuneInString(last)
		last = last[:len(last)-n]
	}
	p.lines[lines-1] = strings.TrimRight(last, " ") + "…"
	return p
}

// Where a text stands beside its x.
const (
	left   = 0.0
	middle = 0.5
	right  = 1.0
)

// text draws one line with its baseline at y.
func (s *sheet) text(line string, t style, x, y, align float64) {
	weight := ""
	if t.font == semibold() {
		weight = "B"
	}
	s.pdf.SetFont(family, weight, t.size*s.k)
	s.pdf.SetTextColor(t.color.r, t.color.g, t.color.b)
	s.pdf.Text(s.x+(x-align*t.width(line))*s.k, s.y+y*s.k, line)
}

// paragraph draws a paragraph with its upper edge at y and returns where it ends.
func (s *sheet) paragraph(p paragraph, x, y, align float64) float64 {
	for i, line := range p.lines {
		s.text(line, p.style, x, y+float64(i)*p.leading()+p.em(), align)
	}
	return y + p.height()
}
