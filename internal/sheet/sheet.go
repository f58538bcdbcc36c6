package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"sipas/internal/fault"
)

// Codes of what can be wrong with a file as a whole or with one of its lines.
const (
	CodeFile     = "sheet_file"    // neither a CSV file nor a workbook that can be read
	CodeEncoding = "sheet_letters" // letters in none of the encodings
	CodeLarge    = "large"         // Args: megabytes at the most
	CodeHeadings = "sheet_head"    // Args: within how many lines there is nothing like headings
	CodeQuotes   = "quotes"        // a quotation mark that is not closed, or stands inside a cell
)

// Sheet is a table with its headings, whose lines are still to be read.
type Sheet struct {
	Headings []string
	Line     int    // of the headings in the file, from 1
	Name     string // of the worksheet; "": CSV
	lines    func(yield func(line int, cells []string, bad string) error) error
}

// Open finds the table in a file: the first worksheet of a workbook that has
// headings, or a CSV file. known counts the headings among the cells of a line;
// where it finds none, the headings are the first line of at least two cells.
// The error is an Invalid fault about the field "file".
func Open(file []byte, known func(cells []string) int) (*Sheet, error) {
	if bytes.HasPrefix(file, []byte("PK\x03\x04")) {
		return openWorkbook(file, known)
	}
	if bytes.HasPrefix(file, []byte("\xD0\xCF\x11\xE0")) || bytes.IndexByte(file[:min(len(file), sniffBytes)], 0) >= 0 {
		return nil, refuse(CodeFile) // an .xls of before 2007, or no text
	}
	return openCSV(file, known)
}

// sniffBytes is how much of a file is looked at to find out what it is.
const sniffBytes = 256 << 10

func refuse(code string, args ...any) error {
	var bad fault.Fields
	bad.Add("file", code, args...)
	return bad.Err()
}

// Each calls yield for every line below the headings that is not empty, with its
// number in the file and its cells: one line each, composed letters, no space at
// the ends. A line that cannot be read comes without cells and with a code. The
// error is yield's, or an Invalid fault about "file".
func (s *Sheet) Each(yield func(line int, cells []string, bad string) error) error {
	return s.lines(func(line int, cells []string, bad string) error {
		empty := bad == ""
		for i, c := range cells {
			if cells[i] = cleanCell(c); cells[i] != "" {
				empty = false
			}
		}
		if empty {
			return nil // a spreadsheet writes the empty lines below a table, too
		}
		return yield(line, cells, bad)
	})
}

// cleanCell returns the words of a cell with one space between. A text that a
// spreadsheet was kept from reading as a number, ="0012", is that text.
func cleanCell(s string) string {
	if ascii := strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0; !ascii {
		s = norm.NFC.String(s)
	}
	if n := len(s); n >= 3 && strings.HasPrefix(s, `="`) && s[n-1] == '"' {
		s = s[2 : n-1]
	}
	if strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0xA0 || r == 0xFEFF || r == 0x200B }) {
		s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r <= ' ' || r == 0xA0 || r == 0xFEFF || r == 0x200B }), " ")
	}
	return s
}

// headings cleans the cells of a heading.
func headings(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = cleanCell(c)
	}
	return out
}

// looksLikeHeadings is used where no heading is known.
func looksLikeHeadings(cells []string) int {
	n := 0
	for _, c := range cells {
		if cleanCell(c) != "" {
			n++
		}
	}
	if n < 2 {
		return 0
	}
	return n
}

func openCSV(file []byte, known func([]string) int) (*Sheet, error) {
	beginning := file[:min(len(file), sniffBytes)]
	f, ok := Sniff(beginning, known)
	if !ok {
		f, ok = Sniff(beginning, looksLikeHeadings)
	}
	switch {
	case !ok:
		return nil, refuse(CodeHeadings, HeadingsWithin)
	case f.Encoding == UTF8 && !utf8.Valid(file):
		return nil, refuse(CodeEncoding)
	}
	rows := f.Rows(bytes.NewReader(file))
	s := &Sheet{}
	for range f.Above + 1 {
		cells, _ := rows.Read() // Sniff has read them before; one of the titles may be broken
		s.Headings = headings(cells)
	}
	s.Line, _ = rows.FieldPos(0)
	s.lines = func(yield func(int, []string, string) error) error {
		for {
			cells, err := rows.Read()
			if errors.Is(err, io.EOF) {
				return nil
			}
			var parse *csv.ParseError
			switch {
			case errors.As(err, &parse):
				err = yield(parse.StartLine, nil, CodeQuotes)
			case err != nil:
				return err
			default:
				line, _ := rows.FieldPos(0)
				err = yield(line, cells, "")
			}
			if err != nil {
				return err
			}
		}
	}
	return s, nil
}
