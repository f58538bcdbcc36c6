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
	prose      // words that wrap
	count      // a figure with its thousands told apart
	hundredths // a fraction shown with two decimals
	signed     // the same, with its sign
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

// Prose is a cell of words that breaks into lines in Excel.
func Prose(s string) Cell {
	if s == "" {
		return Cell{}
	}
	return Cell{kind: prose, text: s}
}

// Count is a Number that Excel shows with its thousands told apart.
func Count(n int) Cell { return Cell{kind: count, number: n} }

// Hundredths is a Decimal that Excel shows with two decimals.
func Hundredths(v float64) Cell { return Cell{kind: hundredths, decimal: v} }

// Signed is Hundredths with a sign before it.
func Signed(v float64) Cell { return Cell{kind: signed, decimal: v} }

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
	case figure, count:
		return strconv.Itoa(c.number)
	case fraction, hundredths, signed:
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
	Right bool    // over figures, which stand on the right
}
