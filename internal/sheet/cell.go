package sheet

import (
	"strconv"
	"strings"
)

// Cell is what one row says in one column. The zero value is an empty one.
type Cell struct {
	kind    kind
	number  int
	decimal float64
	text    string
}

type kind uint8

const (
	empty kind = iota
	words
	figure
	fraction
	day
)

// Text is a cell of words or of a code; "" is an empty one.
func Text(s string) Cell {
	if s == "" {
		return Cell{}
	}
	return Cell{kind: words, text: s}
}

// Number is a figure that can be counted with.
func Number(n int) Cell { return Cell{kind: figure, number: n} }

// Decimal is a figure with a fraction, written in full precision.
func Decimal(v float64) Cell { return Cell{kind: fraction, decimal: v} }

// Day is a day: as it is written ("2026-06-30"), and counted since 1970-01-01.
func Day(written string, days int) Cell {
	if written == "" {
		return Cell{}
	}
	return Cell{kind: day, number: days, text: written}
}

// plain is the cell as a CSV file has it.
func (c Cell) plain() string {
	switch c.kind {
	case figure:
		return strconv.Itoa(c.number)
	case fraction:
		return strconv.FormatFloat(c.decimal, 'f', -1, 64)
	}
	return Defused(c.text)
}

// formulaSigns are what spreadsheets take for the beginning of a formula.
const formulaSigns = "=+-@\t\r"

// Defused is a cell of a CSV file that no spreadsheet takes for a formula: one
// that begins like it has an apostrophe in front.
func Defused(cell string) string {
	if cell != "" && strings.IndexByte(formulaSigns, cell[0]) >= 0 {
		return "'" + cell
	}
	return cell
}

// Plain takes back what Defused has added.
func Plain(cell string) string {
	if len(cell) > 1 && cell[0] == '\'' && strings.IndexByte(formulaSigns, cell[1]) >= 0 {
		return cell[1:]
	}
	return cell
}

// Heading is the top of a column.
type Heading struct {
	Text  string
	Width float64 // in Excel, in characters; 0: the usual one
}
