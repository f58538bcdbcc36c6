package catalogue

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"sipas/internal/fault"
	"sipas/internal/sheet"
)

// Limits of a list of procedures: the national database has some 6,000 in all,
// and no department a tenth of them.
const (
	MaxLines     = 5000
	MaxListBytes = 2 << 20
)

// ProcedureList is a list of procedures (danh mục thủ tục hành chính) as an
// office keeps it in a spreadsheet.
type ProcedureList struct {
	Lines   []ProcedureLine
	Ignored []string // headings of columns that are not read
	Text    []byte   // the list in UTF-8
}

// ProcedureLine is one line of such a list. Of the procedure, Name.EN, Unit,
// From and Source are empty where the line does not say them.
type ProcedureLine struct {
	Line int // in the file, from 1
	Procedure
}

// Codes of what can be wrong with a list, beside those of Check. A field is
// named by line and column, "12.area"; "file" is the file as a whole, "columns.area"
// a column that is not there.
const (
	CodeUTF8      = "utf8"      // text in none of the encodings that are known
	CodeLarge     = "large"     // Args: megabytes at the most
	CodeLines     = "lines"     // Args: lines at the most
	CodeHeadings  = "headings"  // Args: within how many lines there is none with the headings of code and name
	CodeEmpty     = "empty"     // headings and nothing below
	CodeColumn    = "column"    // the column is missing
	CodeQuotes    = "quotes"    // a quotation mark that is not closed, or stands inside a cell
	CodeCells     = "cells"     // Args: how many columns there are; the line has more
	CodeProcedure = "procedure" // Args: what is no code of a procedure
	CodeSame      = "same_code" // Args: the line that has the same code
)

// The columns that are read, by the names of their fields.
const (
	colCode = iota
	colName
	colEnglish
	colArea
	colUnit
	colFrom
	colSource
	columns
)

var columnNames = [columns]string{"code", "name", "english", "area", "unit", "from", "source"}

// headings are the ways in which offices name the columns, as Folded writes them.
var headings = [columns][]string{
	colCode:    {"ma", "ma tthc", "ma so", "ma so tthc", "ma thu tuc", "ma so thu tuc", "ma thu tuc hanh chinh", "code", "id"},
	colName:    {"ten", "ten tthc", "ten thu tuc", "ten thu tuc hanh chinh", "thu tuc", "thu tuc hanh chinh", "name", "name vi", "procedure"},
	colEnglish: {"ten tieng anh", "tieng anh", "english", "english name", "name en", "name in english"},
	colArea:    {"linh vuc", "area", "field"},
	colUnit:    {"don vi", "don vi giai quyet", "don vi thuc hien", "phong don vi", "co quan giai quyet", "unit"},
	colFrom:    {"tu ngay", "ngay ap dung", "ngay hieu luc", "ngay co hieu luc", "hieu luc tu", "from", "valid from"},
	colSource:  {"nguon", "can cu", "can cu phap ly", "quyet dinh", "quyet dinh cong bo", "source"},
}

// ReadProcedures reads a list in the form of CSV: UTF-8, Windows-1258 or TCVN3, with commas, semicolons
// (which a spreadsheet set to Vietnamese writes) or tabs between the cells, and
// a line of headings in Vietnamese or English. Code, name and area have to be
// there; areas and units are written as id or name.
//
// The code is the national one, "1.012783", which every province has alike. The
// local form appends the province's number, "1.012783.H50" or
// "1.012783.000.00.00.H50": that is the same procedure and is read as such.
//
// The error is an Invalid fault that names every line and column that is wrong,
// or the reader's own.
func (c *Catalogue) ReadProcedures(r io.Reader) (ProcedureList, error) {
	b, err := io.ReadAll(io.LimitReader(r, MaxListBytes+1))
	if err != nil {
		return ProcedureList{}, fmt.Errorf("read list of procedures: %w", err)
	}
	l := listReader{
		area:  byName(c.areas, func(a Area) Text { return a.Name }),
		unit:  byName(c.units, func(u Unit) Text { return u.Name }),
		lines: map[string]int{},
	}
	switch {
	case len(b) > MaxListBytes:
		l.bad.Add("file", CodeLarge, MaxListBytes>>20)
	case bytes.IndexByte(b, 0) >= 0:
		l.bad.Add("file", CodeUTF8)
	default:
		l.read(b)
	}
	if err := l.bad.Err(); err != nil {
		return ProcedureList{}, err
	}
	return l.list, nil
}

// listReader reads one list.
type listReader struct {
	area, unit map[string]string // folded id or name → id
	list       ProcedureList
	lines      map[string]int // of each code
	at         [columns]int   // where a line has the column, -1: nowhere
	bad        fault.Fields
}

func (l *listReader) read(text []byte) {
	form, found := sheet.Sniff(text, func(cells []string) int {
		if columnOf(cells, colCode) < 0 || columnOf(cells, colName) < 0 {
			return 0
		}
		return 1
	})
	switch {
	case !utf8.Valid(text) && (!found || form.Encoding == sheet.UTF8):
		l.bad.Add("file", CodeUTF8)
		return
	case !found:
		l.bad.Add("file", CodeHeadings, sheet.HeadingsWithin)
		return
	}
	// Windows-1258 writes marks apart from their letters. Bytes in memory are read without an error.
	l.list.Text, _ = io.ReadAll(norm.NFC.Reader(form.Decode(bytes.NewReader(text))))
	rows := sheet.Format{Encoding: sheet.UTF8, Comma: form.Comma}.Rows(bytes.NewReader(l.list.Text))
	var head []string
	for range form.Above + 1 {
		head, _ = rows.Read() // Sniff has read them before
	}
	l.headings(head)
	if len(l.bad) > 0 {
		return
	}
	for n := 0; ; {
		cells, err := rows.Read()
		if errors.Is(err, io.EOF) {
			if n == 0 && len(l.bad) == 0 {
				l.bad.Add("file", CodeEmpty)
			}
			return
		}
		if parse := (*csv.ParseError)(nil); errors.As(err, &parse) { // the only other one
			l.bad.Add(strconv.Itoa(parse.StartLine), CodeQuotes)
			continue
		}
		if !slices.ContainsFunc(cells, func(s string) bool { return oneLine(s) != "" }) {
			continue // a spreadsheet writes the empty lines below a table, too
		}
		if n++; n > MaxLines {
			l.bad.Add("file", CodeLines, MaxLines)
			return
		}
		line, _ := rows.FieldPos(0)
		l.line(line, cells, len(head))
	}
}

func columnOf(cells []string, column int) int {
	return slices.IndexFunc(cells, func(s string) bool { return slices.Contains(headings[column], Folded(s)) })
}

func (l *listReader) headings(head []string) {
	used := map[int]bool{}
	for column := range columns {
		l.at[column] = columnOf(head, column)
		used[l.at[column]] = true
	}
	if l.at[colArea] < 0 {
		l.bad.Add("columns."+columnNames[colArea], CodeColumn)
	}
	for i, s := range head {
		if s = oneLine(s); s != "" && !used[i] {
			l.list.Ignored = append(l.list.Ignored, s)
		}
	}
}

func (l *listReader) line(number int, cells []string, columns int) {
	at := place{&l.bad, strconv.Itoa(number) + "."}
	cell := func(column int) string {
		if i := l.at[column]; i >= 0 && i < len(cells) {
			return oneLine(sheet.Plain(cells[i]))
		}
		return ""
	}
	if len(cells) > columns && slices.ContainsFunc(cells[columns:], func(s string) bool { return oneLine(s) != "" }) {
		l.bad.Add(strconv.Itoa(number), CodeCells, columns)
		return // the cells stand in other columns than they seem to
	}
	p := Procedure{ID: ProcedureID(cell(colCode)), Name: Text{VI: cell(colName), EN: cell(colEnglish)}}
	first, twice := l.lines[p.ID]
	switch {
	case cell(colCode) == "":
		at.add("code", CodeRequired)
	case p.ID == "":
		at.add("code", CodeProcedure, cell(colCode))
	case twice:
		at.add("code", CodeSame, first)
	default:
		l.lines[p.ID] = number
	}
	at.text("name", p.Name.VI)
	p.Area = at.known("area", CodeRequired, cell(colArea), l.area)
	p.Unit = at.known("unit", "", cell(colUnit), l.unit)
	p.From = at.day("from", cell(colFrom))
	p.Source = cell(colSource)
	at.optional("english", p.Name.EN)
	at.optional("source", p.Source)
	l.list.Lines = append(l.list.Lines, ProcedureLine{number, p})
}
