package document

import (
	"io"
	"strconv"

	"codeberg.org/go-pdf/fpdf"

	"sipas/internal/report"
)

// The page of a report, in millimetres: margins of NĐ 30/2020/NĐ-CP, and the foot
// below the text.
const (
	reportLeft   = 30.0
	reportWidth  = 165.0
	reportTop    = 20.0
	reportBottom = 274.0
	reportFoot   = 278.0
)

var (
	reportBody  = 10.5
	reportSmall = 8.0
)

// pressman sets a report page by page.
type pressman struct {
	*sheet
	report *report.Report
	at     float64 // where the next thing goes
	number int     // of the page
}

// WriteReportPDF writes a report as a PDF file, in the form of a state paper. Its
// record is attached to it.
func WriteReportPDF(w io.Writer, r *report.Report) error {
	p := &pressman{sheet: newSheet(About{Title: r.Title + ". " + r.About[0], Office: r.Head.Office, Lang: r.Lang, Made: r.Made}), report: r}
	p.pdf.SetAttachments([]fpdf.Attachment{{Content: []byte(r.Record.Encode()), Filename: "sipas.json", Description: r.Title}})
	p.turn()
	p.head()
	p.centered(strong(13), 4, r.Title)
	for _, line := range r.About {
		p.centered(strong(11.5), 0.5, line)
	}
	p.line(reportLeft+60, p.at+2, reportLeft+reportWidth-60, p.at+2, 0.25, black)
	p.at += 6
	p.centered(plain(reportBody), 0, r.To)
	p.at += 3
	p.body(r.Opening)
	for _, s := range r.Sections {
		p.section(s)
	}
	p.end()
	return p.write(w)
}

// turn begins the next page.
func (p *pressman) turn() {
	p.page(210, 297)
	p.number++
	p.at = reportTop
	if p.number > 1 {
		p.text(strconv.Itoa(p.number), plain(10), 105, 14, middle)
	}
	p.line(reportLeft, reportFoot, reportLeft+reportWidth, reportFoot, 0.15, gray)
	y := reportFoot + 1
	for _, line := range p.report.Foot {
		y = p.paragraph(plain(7).wrap(line, reportWidth), reportLeft, y, left)
	}
}

// need turns the page if there is not so much room left.
func (p *pressman) need(height float64) {
	if p.at+height > reportBottom && p.at > reportTop {
		p.turn()
	}
}

// head is the office on the left, the state on the right.
func (p *pressman) head() {
	h := p.report.Head
	column := func(x, width, rule float64, lines ...paragraph) float64 {
		y := p.at
		for _, l := range lines {
			y = p.paragraph(l, x, y, middle)
		}
		p.line(x-rule/2, y+1.2, x+rule/2, y+1.2, 0.25, black)
		return y + 3
	}
	const office, state = 64.0, 97.0
	a := column(reportLeft+office/2, office, 22, plain(10).wrap(h.Superior, office), strong(10).wrap(h.Office, office).balance())
	b := column(reportLeft+reportWidth-state/2, state, 46, strong(10).wrap(h.State, state), strong(10.5).wrap(h.Motto, state))
	p.at = max(a, b)
	p.paragraph(plain(10).wrap(h.Number, office), reportLeft+office/2, p.at, middle)
	p.at = p.paragraph(plain(10).wrap(h.Day, state), reportLeft+reportWidth-state/2, p.at, middle)
}

func (p *pressman) centered(t style, before float64, text string) {
	p.at = p.paragraph(t.wrap(text, reportWidth-20).balance(), reportLeft+reportWidth/2, p.at+before, middle)
}

// body sets a paragraph, which may go on on the next page, but not with one line
// alone.
func (p *pressman) body(text string) { p.flow(plain(reportBody).wrap(text, reportWidth), 2) }

func (p *pressman) flow(set paragraph, after float64) {
	for i, line := range set.lines {
		rest := len(set.lines) - i
		keep := 1
		if i == 0 || rest == 2 {
			keep = min(2, rest)
		}
		p.need(float64(keep) * set.leading())
		p.text(line, set.style, reportLeft, p.at+set.em(), left)
		p.at += set.leading()
	}
	p.at += after
}

// section sets a section, its heading on the page on which it begins.
func (p *pressman) section(s report.Section) {
	heading, start := strong(11.5).wrap(s.Heading, reportWidth), 20.0
	if len(s.Blocks) > 0 && s.Blocks[0].Table != nil {
		start = setLines(s.Blocks[0].Table).start()
	}
	p.need(heading.height() + 4 + start)
	p.at += 2
	p.flow(heading, 1.5)
	for _, b := range s.Blocks {
		switch {
		case b.Table != nil:
			p.table(b.Table)
		case b.Small:
			p.flow(plain(reportSmall).wrap(b.Text, reportWidth), 2)
		default:
			p.body(b.Text)
		}
	}
}

// end is who gets the report and who signs, on one page with the last sentence.
func (p *pressman) end() {
	closing, sign := plain(reportBody).wrap(p.report.Closing, reportWidth), p.report.Sign
	p.need(closing.height() + 48)
	p.flow(closing, 5)
	const half = reportWidth/2 - 5
	y := p.at
	for i, line := range sign.Receivers {
		t := plain(9)
		if i == 0 {
			t = strong(9.5)
		}
		y = p.paragraph(t.wrap(line, half), reportLeft, y, left)
	}
	center := reportLeft + reportWidth - half/2
	y = p.paragraph(strong(10).wrap(sign.Signer, half).balance(), center, p.at, middle)
	p.paragraph(strong(10).wrap(sign.Name, half), center, y+24, middle)
}
