package document

import "slices"

// Note is something to be read from near. One without Lines is left out.
type Note struct {
	Label string   // says what it is; may be empty
	Lines []string // what it says, in larger letters
	After string   // a remark below; may be empty
}

// set is a note broken into lines.
type set []paragraph

// set sets a note in a column, each of its lines in at most so many. Label and
// remark have the small size, never larger than what they belong to.
func (n Note) set(width, small, large float64, lines int) set {
	if len(n.Lines) == 0 {
		return nil
	}
	var out set
	for _, line := range n.Lines {
		p := strong(large).fit(line, width, lines, large*0.6).balance()
		small = min(small, p.size)
		out = append(out, p)
	}
	beside := func(text string) paragraph {
		return plain(small).fit(text, width, 2, small*0.75).balance()
	}
	return slices.Concat(set{beside(n.Label)}, out, set{beside(n.After)})
}

// height returns that of the longest of notes side by side.
func height(notes ...set) float64 {
	var most float64
	for _, n := range notes {
		var h float64
		for _, p := range n {
			h += p.height()
		}
		most = max(most, h)
	}
	return most
}

// set draws a note and returns where it ends.
func (s *sheet) set(n set, x, y, align float64) float64 {
	for _, p := range n {
		y = s.paragraph(p, x, y, align)
	}
	return y
}

// shrink sets something smaller and smaller, from its full size down to half,
// until it says that it fits.
func shrink(set func(share float64) (fits bool)) {
	for share := 1.0; !set(share) && share > 0.5; share -= 0.05 {
	}
}
