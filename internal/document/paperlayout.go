package document

import "strconv"

// form is a paper form about to be set.
type form struct {
	PaperForm
	about About
	size  float64 // of its letters, in points
}

// The columns of a form: number, question, and boxes in columns of their own.
const (
	indent   = 8.0
	levels   = 5
	levelCol = 18.0
	question = formWide - indent - levels*levelCol - 2
	box      = 5.2
	beside   = box + 1.8 // from a box to what stands beside it
)

func (f form) plain() style   { return plain(f.size) }
func (f form) strong() style  { return strong(f.size) }
func (f form) small() style   { return plain(f.size - 0.5) }
func (f form) heading() style { return strong(f.size + 1) }

// parts sets the form.
func (f form) parts(c code) []part {
	out := []part{f.title(c)}
	n := 0
	number := func() string { n++; return strconv.Itoa(n) }
	for _, x := range f.First {
		out = append(out, f.choice(number(), x))
	}
	out = append(out, f.overall(number()))
	for _, x := range f.Factors {
		head := f.factor(x)
		out = append(out, head)
		for _, x := range x.Criteria {
			row := f.criterion(number(), x)
			row.again = &head
			out = append(out, row)
		}
	}
	out = append(out, f.group(f.Extra, number)...)
	out = append(out, f.comment(number()))
	out = append(out, f.group(f.Profile, number)...)
	return append(out, f.last())
}

// title is the upper part of the first page.
func (f form) title(c code) part {
	const (
		side = 23.0 // the dark part of the code
		wide = formWide - side - 8
	)
	frame := c.outer(side)
	beside := set{
		f.strong().fit(f.about.Office, wide, 2, 8),
		strong(20).in(green).fit(f.about.Title, wide, 2, 14),
		f.strong().fit(f.Place, wide, 3, 8),
		f.plain().wrap(f.Intro, wide),
	}
	date := f.strong().fit(f.Date, formWide, 1, 8)
	high := max(height(beside), side)
	return part{height: high + 2 + date.height() + 3, draw: func(s *sheet, y, _ float64) {
		quiet := (frame - side) / 2
		s.qr(c, formRight-frame+quiet, y-quiet, frame)
		s.set(beside, formLeft, y, left)
		s.paragraph(date, formLeft, y+high+2, left)
	}}
}

// overall is the first rating, larger than the others and with faces.
func (f form) overall(number string) part {
	const (
		column = formWide / levels
		radius = 4.5
		side   = 6.5 // of its boxes
	)
	text := strong(f.size+1).wrap(f.Overall, formWide-indent-8)
	words, high := f.words(f.strong(), column-4)
	inner := 2.5 + text.height() + 1.5 + 2*radius + 1 + high + 1.5
	return part{height: inner + 2.5, draw: func(s *sheet, y, _ float64) {
		y++
		s.frame(formLeft, y, formWide, inner, 2.5, 0.6, green)
		s.text(number, text.style, formLeft+4, y+2.5+text.em(), left)
		y = s.paragraph(text, formLeft+4+indent, y+2.5, left) + 1.5
		for i := range levels {
			x := formLeft + column*(float64(i)+0.5)
			s.face(i, x-5.5, y+radius, radius, black)
			s.box(i+1, x+1.5, y+radius-side/2, side)
			s.paragraph(words[i], x, y+2*radius+1, middle)
		}
	}}
}

// words sets the words of the scale in columns, all in the size that the longest
// needs, and returns how high the highest is.
func (f form) words(t style, width float64) (words []paragraph, high float64) {
	for _, word := range f.Scale {
		t.size = t.fit(word, width, 2, 7).size
	}
	for _, word := range f.Scale {
		p := t.fit(word, width, 2, 7).balance()
		words, high = append(words, p), max(high, p.height())
	}
	return words, high
}

// box draws a box to be ticked, with the digit that is typed for it.
func (s *sheet) box(digit int, x, y, side float64) {
	s.frame(x, y, side, side, 0.6, 0.35, black)
	t := plain(8).in(gray)
	s.text(strconv.Itoa(digit), t, x+side/2, y+side/2+0.36*t.em(), middle)
}

// factor is the heading of a group of criteria, with the words of the scale.
func (f form) factor(x Factor) part {
	name := f.heading().wrap(x.Name, question+indent).balance()
	words, high := f.words(plain(f.size-1), levelCol-0.5)
	h := max(name.height(), high)
	return part{height: 2 + h + 1, with: len(x.Criteria), draw: func(s *sheet, y, _ float64) {
		y += 2 + h
		s.paragraph(name, formLeft, y-name.height(), left)
		for i, word := range words {
			s.paragraph(word, levelAt(i), y-word.height(), middle)
		}
		s.line(formLeft, y+1, formRight, y+1, 0.4, green)
	}}
}

// levelAt is the middle of the column of a level.
func levelAt(level int) float64 {
	return formRight - levelCol*(levels-float64(level)-0.5)
}

// criterion is one row of five boxes.
func (f form) criterion(number string, x Criterion) part {
	text := f.plain().wrap(x.Text, question).balance()
	var none paragraph
	inner := text.height()
	if x.NotApplicable != "" {
		none = f.small().wrap(x.NotApplicable, question-beside)
		inner += 0.5 + max(box, none.height())
	}
	h := max(inner, box) + 2
	return part{height: h, draw: func(s *sheet, y, _ float64) {
		at := y + (h-inner)/2
		s.text(number, f.strong(), formLeft, at+text.em(), left)
		at = s.paragraph(text, formLeft+indent, at, left) + 0.5
		if x.NotApplicable != "" {
			s.box(0, formLeft+indent, at, box)
			s.paragraph(none, formLeft+indent+beside, at+max(0, box-none.height())/2, left)
		}
		for i := range levels {
			s.box(i+1, levelAt(i)-box/2, y+(h-box)/2, box)
		}
		s.line(formLeft, y+h, formRight, y+h, 0.15, gray)
	}}
}

// group is questions under a heading.
func (f form) group(g Group, number func() string) []part {
	if len(g.Questions) == 0 {
		return nil
	}
	name := f.heading().wrap(g.Name, formWide)
	hint := f.small().wrap(g.Hint, formWide)
	h := 2 + name.height() + hint.height() + 0.5
	out := []part{{height: h + 1, with: 1, draw: func(s *sheet, y, _ float64) {
		s.paragraph(hint, formLeft, s.paragraph(name, formLeft, y+2, left), left)
		s.line(formLeft, y+h, formRight, y+h, 0.4, green)
	}}}
	for _, x := range g.Questions {
		out = append(out, f.choice(number(), x))
	}
	return out
}

// choice is a question with its answers: beside it if there is room for all of
// them, else below in as many rows as they need.
func (f form) choice(number string, x Choice) part {
	const (
		wide   = formWide - indent
		gap    = 4.5
		oneRow = box + 1.3
	)
	text := f.strong().wrap(x.Text, wide).balance()
	type option struct {
		paragraph
		x, y float64
	}
	place := func(from float64) (options []option, high float64) {
		at, row := from, 0.0
		for _, o := range x.Options {
			p := f.plain().wrap(o, wide-beside)
			if at > 0 && at+beside+p.widest() > wide {
				at, high, row = 0, high+row, 0
			}
			options = append(options, option{p, at, high})
			at += beside + p.widest() + gap
			row = max(row, oneRow, p.height()+0.5)
		}
		return options, high + row
	}
	down := max(0, (box-text.leading())/2) // the question, where it stands beside a box
	options, high := place(text.widest() + gap)
	if len(text.lines) > 1 || high > oneRow {
		options, high = place(0)
		for i := range options {
			options[i].y += text.height() + 0.5
		}
		high += text.height() + 0.5
		down = 0
	}
	return part{height: 1.2 + high, draw: func(s *sheet, y, _ float64) {
		y += 1.2
		s.text(number, f.strong(), formLeft, y+down+text.em(), left)
		s.paragraph(text, formLeft+indent, y+down, left)
		for i, o := range options {
			x, y := formLeft+indent+o.x, y+o.y
			s.box(i+1, x, y, box)
			s.paragraph(o.paragraph, x+beside, y+max(0, box-o.leading())/2, left)
		}
	}}
}

// comment is lines to write on, at least three.
func (f form) comment(number string) part {
	const apart = 8.0
	text := f.heading().wrap(f.Comment.Text, formWide-indent)
	hint := f.small().wrap(f.Comment.Hint, formWide-indent)
	return part{height: 2 + text.height() + hint.height() + 3*apart + 1, grows: true, draw: func(s *sheet, y, height float64) {
		end := y + height
		s.text(number, f.strong(), formLeft, y+2+text.em(), left)
		y = s.paragraph(hint, formLeft+indent, s.paragraph(text, formLeft+indent, y+2, left), left)
		for y += apart; y < end; y += apart {
			s.line(formLeft+indent, y, formRight, y, 0.15, gray)
		}
	}}
}

// last is the end of the form.
func (f form) last() part {
	p := f.strong().wrap(f.Last, formWide).balance()
	return part{height: p.height() + 2, draw: func(s *sheet, y, _ float64) {
		s.paragraph(p, paperWidth/2, y+2, middle)
	}}
}
