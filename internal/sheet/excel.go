package sheet

import (
	"archive/zip"
	"compress/flate"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

const (
	sheetRows  = 1_048_576 // as many as Excel has, the headings included
	sheetBytes = 3 << 30   // of text; beyond 4 GB a part of the file is one that not every program reads
	excelEpoch = 25_569    // days from Excel's day 0 to 1970-01-01
)

// Excel writes tables as the sheets of one Excel file. Rows go to a temporary
// file as they come, so that memory does not grow with them; Close removes it.
type Excel struct {
	file     *excelize.File
	out      *excelize.StreamWriter // of the sheet that is being written
	name     string
	headings []Heading
	part     int // of the table: beyond Excel's rows it goes on in a further sheet
	row      int
	bytes    int
	limit    int
	cells    []any
	foot     string
	head     int          // style of the headings
	figHead  int          // and of those over figures
	styles   map[kind]int // of cells that are not as they come
}

// NewExcel begins a file.
func NewExcel() (*Excel, error) {
	x := &Excel{file: excelize.NewFile(), limit: sheetRows}
	letters := excelize.Alignment{WrapText: true, Vertical: "top"}
	figures := excelize.Alignment{Vertical: "top"}
	head := excelize.Style{
		// A font is only whole with a name and a size: programs choose their own for what is missing.
		Font:      &excelize.Font{Bold: true, Family: "Calibri", Size: 11},
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E3F1EC"}},
		Border:    []excelize.Border{{Type: "bottom", Style: 1, Color: "4C5A55"}},
		Alignment: &letters,
	}
	var err error
	if x.head, err = x.file.NewStyle(&head); err == nil {
		head.Alignment = &excelize.Alignment{WrapText: true, Vertical: "top", Horizontal: "right", Indent: 1}
		x.figHead, err = x.file.NewStyle(&head)
	}
	x.styles = map[kind]int{}
	for kind, style := range map[kind]excelize.Style{
		prose: {Alignment: &letters}, day: {CustomNumFmt: new("dd/mm/yyyy")},
		// "_0" leaves the width of a digit between a figure and the words in the next column.
		count: {CustomNumFmt: new("#,##0_0"), Alignment: &figures}, hundredths: {CustomNumFmt: new("0.00_0"), Alignment: &figures},
		signed: {CustomNumFmt: new("+0.00_0;-0.00_0;0.00_0"), Alignment: &figures},
	} {
		if err == nil {
			x.styles[kind], err = x.file.NewStyle(&style)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("begin Excel file: %w", err)
	}
	return x, nil
}

// Foot is printed at the foot of each page of the tables that follow; at most
// some 230 letters.
func (x *Excel) Foot(text string) { x.foot = text }

// Hidden writes a sheet that nobody sees who does not ask for it.
func (x *Excel) Hidden(name string, rows [][]string) error {
	if err := x.end(); err != nil {
		return err
	}
	x.out = nil
	if _, err := x.file.NewSheet(name); err != nil {
		return fmt.Errorf("sheet %s: %w", name, err)
	}
	for i, row := range rows {
		if err := x.file.SetSheetRow(name, "A"+strconv.Itoa(i+1), &row); err != nil {
			return fmt.Errorf("sheet %s: %w", name, err)
		}
	}
	return x.file.SetSheetVisible(name, false)
}

// Table begins a table in a sheet of its own. A name has at most 25 letters: the
// number of a further sheet is put behind it.
func (x *Excel) Table(name string, headings []Heading) error {
	x.name, x.headings, x.part = name, headings, 0
	return x.sheet()
}

// sheet begins the next sheet of the table: headings that stay in sight and are
// printed on each page, A4 across, as wide as the page.
func (x *Excel) sheet() error {
	if err := x.end(); err != nil {
		return err
	}
	x.part++
	name := x.name
	if x.part > 1 {
		name += " (" + strconv.Itoa(x.part) + ")"
	}
	if first := x.file.GetSheetName(0); x.part == 1 && x.row == 0 {
		if err := x.file.SetSheetName(first, name); err != nil {
			return fmt.Errorf("sheet %s: %w", name, err)
		}
	} else if _, err := x.file.NewSheet(name); err != nil {
		return fmt.Errorf("sheet %s: %w", name, err)
	}
	if err := x.printed(name); err != nil {
		return fmt.Errorf("sheet %s: %w", name, err)
	}
	var err error
	if x.out, err = x.file.NewStreamWriter(name); err != nil {
		return fmt.Errorf("sheet %s: %w", name, err)
	}
	if err := x.widths(); err != nil {
		return fmt.Errorf("sheet %s: %w", name, err)
	}
	if err := x.out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return fmt.Errorf("sheet %s: %w", name, err)
	}
	x.row, x.bytes, x.cells = 1, 0, x.cells[:0]
	lines := 1
	for i, h := range x.headings {
		cell := excelize.Cell{StyleID: x.head, Value: h.Text}
		if h.Right {
			cell.StyleID = x.figHead
		}
		x.cells = append(x.cells, cell)
		lines = max(lines, x.lines(i, h.Text))
	}
	return x.out.SetRow("A1", x.cells, excelize.RowOpts{StyleID: x.head, Height: height(lines)})
}

// usualWidth is that of a column without a width of its own, in characters.
const usualWidth = 9

// lines estimates into how many lines a text breaks in its column: programs do not
// make rows higher by themselves when they open a file.
func (x *Excel) lines(column int, text string) (n int) {
	width := usualWidth
	if w := x.headings[column].Width; w > 0 {
		width = int(w)
	}
	for line := range strings.SplitSeq(text, "\n") {
		n += max(1, (utf8.RuneCountInString(line)+width-1)/width)
	}
	return n
}

// height is that of a row in points; 0: the usual one.
func height(lines int) float64 {
	if lines == 1 {
		return 0
	}
	return float64(lines) * 15
}

func (x *Excel) printed(name string) error {
	across, a4, wide, high := "landscape", 9, 1, 0
	yes := true
	if err := x.file.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &yes}); err != nil {
		return err
	}
	if err := x.file.SetPageLayout(name, &excelize.PageLayoutOptions{Orientation: &across, Size: &a4, FitToWidth: &wide, FitToHeight: &high}); err != nil {
		return err
	}
	if err := x.file.SetHeaderFooter(name, &excelize.HeaderFooterOptions{OddFooter: x.footer()}); err != nil {
		return err
	}
	return x.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: "'" + name + "'!$1:$1", Scope: name})
}

// footer is the name of the sheet or what was asked for, and the number of the
// page.
func (x *Excel) footer() string {
	if x.foot == "" {
		return "&L&A&R&P / &N"
	}
	return "&L&8" + strings.ReplaceAll(x.foot, "&", "&&") + "&R&P / &N"
}

// widths sets runs of equal ones at once: each cell looks its column up.
func (x *Excel) widths() error {
	for from := 0; from < len(x.headings); {
		to := from + 1
		for to < len(x.headings) && x.headings[to].Width == x.headings[from].Width {
			to++
		}
		if width := x.headings[from].Width; width > 0 {
			if err := x.out.SetColWidth(from+1, to, width); err != nil {
				return err
			}
		}
		from = to
	}
	return nil
}

// Write adds a row; the table goes on in a further sheet where one is full.
func (x *Excel) Write(row []Cell) error {
	if x.row == x.limit || x.bytes > sheetBytes {
		if err := x.sheet(); err != nil {
			return err
		}
	}
	x.row++
	x.cells = x.cells[:0]
	lines := 1
	for i, c := range row {
		x.bytes += 40 + len(c.text)
		switch c.kind {
		case empty:
			x.cells = append(x.cells, nil)
		case words:
			x.cells = append(x.cells, c.text)
		case prose:
			lines = max(lines, x.lines(i, c.text))
			x.cells = append(x.cells, excelize.Cell{StyleID: x.styles[prose], Value: c.text})
		case count:
			x.cells = append(x.cells, excelize.Cell{StyleID: x.styles[count], Value: c.number})
		case hundredths, signed:
			x.cells = append(x.cells, excelize.Cell{StyleID: x.styles[c.kind], Value: c.decimal})
		case figure:
			x.cells = append(x.cells, c.number)
		case fraction:
			x.cells = append(x.cells, c.decimal)
		case day:
			x.cells = append(x.cells, excelize.Cell{StyleID: x.styles[day], Value: c.number + excelEpoch})
		}
	}
	if err := x.out.SetRow("A"+strconv.Itoa(x.row), x.cells, excelize.RowOpts{Height: height(lines)}); err != nil {
		return fmt.Errorf("row of sheet %s: %w", x.name, err)
	}
	return nil
}

func (x *Excel) end() error {
	if x.out == nil {
		return nil
	}
	if err := x.out.Flush(); err != nil {
		return fmt.Errorf("end sheet %s: %w", x.name, err)
	}
	return nil
}

// WriteFile writes the file; nothing is written before. The library would hold it
// in memory whole, but lets its zip writer be another one.
func (x *Excel) WriteFile(w io.Writer) error {
	if err := x.end(); err != nil {
		return err
	}
	x.file.SetZipWriter(func(io.Writer) excelize.ZipWriter {
		z := zip.NewWriter(w)
		z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
			return flate.NewWriter(w, flate.BestSpeed)
		})
		return z
	})
	if err := x.file.Write(io.Discard); err != nil {
		return fmt.Errorf("write Excel file: %w", err)
	}
	return nil
}

// Close removes what the file has left on disk.
func (x *Excel) Close() error { return x.file.Close() }
