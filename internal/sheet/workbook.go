package sheet

import (
	"bytes"
	"slices"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// maxUnpacked bounds what a workbook may unpack to. It is one limit for all of
// it and for each part, so that no part is ever put into a temporary file: names
// of citizens may stand in it.
const maxUnpacked = 192 << 20

// days1904 is how many days later the day 0 of old Macintosh workbooks is.
const days1904 = 1462

func openWorkbook(file []byte, known func([]string) int) (*Sheet, error) {
	book, err := excelize.OpenReader(bytes.NewReader(file), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxUnpacked,
	})
	if err != nil {
		return nil, refuse(CodeFile)
	}
	for _, name := range book.GetSheetList() {
		for _, count := range []func([]string) int{known, func(cells []string) int { return known(fromTCVN3(cells)) }} {
			if s := findTable(book, name, count); s != nil {
				return s, nil
			}
		}
	}
	for _, name := range book.GetSheetList() {
		if s := findTable(book, name, looksLikeHeadings); s != nil {
			return s, nil
		}
	}
	return nil, refuse(CodeHeadings, HeadingsWithin)
}

// findTable returns the table below the line of a worksheet that has the most
// headings; nil: there is none.
func findTable(book *excelize.File, name string, known func([]string) int) *Sheet {
	rows, err := book.Rows(name)
	if err != nil {
		return nil
	}
	defer rows.Close()
	s, most := &Sheet{Name: name}, 0
	old := false // letters of the .VnTime fonts
	for line := 1; line <= HeadingsWithin && rows.Next(); line++ {
		cells, err := rows.Columns()
		if err != nil {
			return nil
		}
		if n := known(cells); n > most {
			most, s.Line = n, line
			modern := headings(cells)
			s.Headings = headings(fromTCVN3(cells))
			old = !slices.Equal(modern, s.Headings) && looksOld(modern)
			if !old {
				s.Headings = modern
			}
		}
	}
	if most == 0 {
		return nil
	}
	s.lines = func(yield func(int, []string, string) error) error { return eachRow(book, s, old, yield) }
	return s
}

func eachRow(book *excelize.File, s *Sheet, old bool, yield func(int, []string, string) error) error {
	rows, err := book.Rows(s.Name)
	if err != nil {
		return refuse(CodeFile)
	}
	defer rows.Close()
	props, err := book.GetWorkbookProps()
	later := err == nil && props.Date1904 != nil && *props.Date1904
	for line := 1; rows.Next(); line++ {
		cells, err := rows.Columns()
		if err != nil {
			return refuse(CodeFile)
		}
		if line <= s.Line {
			continue
		}
		if old {
			cells = fromTCVN3(cells)
		}
		if later {
			for i := range cells {
				cells[i] = shiftSerial(cells[i])
			}
		}
		if err := yield(line, cells, ""); err != nil {
			return err
		}
	}
	if rows.Error() != nil {
		return refuse(CodeFile)
	}
	return nil
}

// shiftSerial brings the day of a workbook that counts from 1904 to one that
// counts from 1900.
func shiftSerial(cell string) string {
	days, err := strconv.ParseFloat(cell, 64)
	if err != nil || !isSerial(days+days1904) {
		return cell
	}
	return strconv.FormatFloat(days+days1904, 'f', -1, 64)
}

func fromTCVN3(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = FromTCVN3(c)
	}
	return out
}

// looksOld says that there are signs in the cells that no Vietnamese word has
// and that stand for letters in the .VnTime fonts.
func looksOld(cells []string) bool {
	for _, c := range cells {
		for _, r := range c {
			switch r {
			case '§', '¨', '©', 'ª', '«', '¬', '\u00ad', '®', 'µ', '¶', '·', '¸', '¹', '»', '¼', '½', '¾', 'Æ', 'Ç', '×', 'Þ', 'ß', 'ñ', 'ø', '÷', 'þ':
				return true
			}
		}
	}
	return false
}
