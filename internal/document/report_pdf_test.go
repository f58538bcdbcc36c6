package document_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"sipas/internal/document"
	"sipas/internal/report"
)

// TestHeadingStaysWithItsTable: wherever on a page a section begins, its heading
// is not left behind when the table goes to the next one.
func TestHeadingStaysWithItsTable(t *testing.T) {
	table := &report.Table{
		Caption: "Bảng một", Columns: []report.Column{{Text: "Tiêu chí", Width: 165}},
		Rows: []report.Row{{Cells: []report.Cell{{Text: strings.Repeat("Thông tin về thủ tục có nhiều cách để xem. ", 9)}}}, {Cells: []report.Cell{{Text: "Hai"}}}},
	}
	for above := range 45 {
		r := &report.Report{About: []string{"Thử"}, Sections: []report.Section{
			{Heading: "1. Phần trên", Blocks: slices.Repeat([]report.Block{report.Text("Một dòng.")}, above)},
			{Heading: "2. Phần có bảng", Blocks: []report.Block{{Table: table}}},
		}, Sign: report.Sign{Receivers: []string{"Nơi nhận:"}}}
		var b bytes.Buffer
		if err := document.WriteReportPDF(&b, r); err != nil {
			t.Fatal(err)
		}
		on := func(text string) int {
			return slices.IndexFunc(read(t, b.Bytes()).pages, func(l leaf) bool {
				return slices.ContainsFunc(l.words, func(w words) bool { return w.text == text })
			})
		}
		if heading, caption := on("2. Phần có bảng"), on("Bảng một"); heading < 0 || heading != caption {
			t.Errorf("below %d lines the heading is on page %d, its table on page %d", above, heading+1, caption+1)
		}
	}
}
