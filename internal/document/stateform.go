package document

import (
	"fmt"
	"time"

	"sipas/internal/ooxml"
	"sipas/internal/report"
)

// stateHead puts the head of a state paper (NĐ 30/2020/NĐ-CP, Phụ lục I) into a
// Word document: the office on the left, the state on the right, and below them
// number and day. about is what a paper without a title says under its number.
func stateHead(d *ooxml.Document, h report.Head, about string) {
	center := func(runs ...ooxml.Run) ooxml.Paragraph { return ooxml.Text(ooxml.Center, runs...) }
	// Lines under the names: a third of the office's, all of the motto.
	rule := func(indent float64) ooxml.Paragraph {
		return ooxml.Paragraph{Align: ooxml.Center, Rule: true, Indent: indent, Runs: []ooxml.Run{{Size: 2}}}
	}
	number := ooxml.Cell{center(ooxml.Run{Text: h.Number, Size: 13})}
	if about != "" {
		number = append(number, center(ooxml.Run{Text: about, Size: 12}))
	}
	d.AddTable(ooxml.Table{Widths: []int{40, 60}, Rows: [][]ooxml.Cell{
		{
			{center(ooxml.Run{Text: h.Superior, Size: 12}), center(ooxml.Run{Text: h.Office, Bold: true, Size: 12}), rule(21)},
			{center(ooxml.Run{Text: h.State, Bold: true, Size: 12}), center(ooxml.Run{Text: h.Motto, Bold: true, Size: 13}), rule(23)},
		},
		{number, {center(ooxml.Run{Text: h.Day, Italic: true, Size: 13})}},
	}})
}

// stateTitle is the title of a state paper and what it is about, with a line
// below.
func stateTitle(d *ooxml.Document, title string, about ...string) {
	d.Add(ooxml.Paragraph{Align: ooxml.Center, Before: 12, Together: true, Runs: []ooxml.Run{{Text: title, Bold: true}}})
	for _, line := range about {
		d.Add(ooxml.Paragraph{Align: ooxml.Center, Together: true, Runs: []ooxml.Run{{Text: line, Bold: true}}})
	}
	if len(about) > 0 {
		d.Add(ooxml.Paragraph{Align: ooxml.Center, After: 12, Together: true, Rule: true, Indent: 55, Runs: []ooxml.Run{{Size: 2}}})
	}
}

// stateEnd is who gets the paper, on the left, and who signs.
func stateEnd(d *ooxml.Document, s report.Sign) {
	small := func(s string) ooxml.Paragraph { return ooxml.Text(ooxml.Left, ooxml.Run{Text: s, Size: 11}) }
	center := func(s string) ooxml.Paragraph { return ooxml.Text(ooxml.Center, ooxml.Run{Text: s, Bold: true}) }
	receivers := ooxml.Cell{ooxml.Text(ooxml.Left, ooxml.Run{Text: s.Receivers[0], Bold: true, Italic: true, Size: 12})}
	for _, r := range s.Receivers[1:] {
		receivers = append(receivers, small(r))
	}
	d.Add(ooxml.Paragraph{Before: 6, Together: true})
	d.AddTable(ooxml.Table{Widths: []int{1, 1}, Rows: [][]ooxml.Cell{{
		receivers, {center(s.Signer), center(""), center(""), center(""), center(s.Name)},
	}}})
}

// LongDay is the day of a paper: days under ten and the first two months have a
// leading zero (NĐ 30/2020/NĐ-CP, Phụ lục I).
func LongDay(t time.Time) string {
	month := fmt.Sprint(int(t.Month()))
	if t.Month() < 3 {
		month = "0" + month
	}
	return fmt.Sprintf("ngày %02d tháng %s năm %d", t.Day(), month, t.Year())
}
