package sheet

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// Encoding is how the letters of a CSV file are written.
type Encoding string

// The encodings that are told apart.
const (
	UTF8        Encoding = "utf-8" // with a byte-order mark or without
	Windows1258 Encoding = "windows-1258"
	TCVN3       Encoding = "tcvn3" // of the .VnTime fonts
)

// HeadingsWithin is how many lines may stand above the headings: titles.
const HeadingsWithin = 10

// Format is what has to be known to read a CSV file.
type Format struct {
	Encoding Encoding
	Comma    rune // between the cells
	Above    int  // lines above the headings
}

// bom is the byte-order mark that spreadsheets write before UTF-8.
var bom = []byte("\ufeff")

// Sniff finds out encoding, separator and headings from the beginning of a
// file: those by which a line has the most headings that known counts in it. On
// a tie the earlier of UTF-8, Windows-1258, TCVN3, of ; , and tab, and the upper
// line. False: no line has any.
func Sniff(beginning []byte, known func(cells []string) int) (Format, bool) {
	beginning = bytes.TrimPrefix(beginning, bom)
	encodings := []Encoding{Windows1258, TCVN3}
	if utf8.Valid(wholeRunes(beginning)) {
		encodings = []Encoding{UTF8}
	}
	var best Format
	most := 0
	for _, e := range encodings {
		for _, comma := range ";,\t" {
			rows := Format{Encoding: e, Comma: comma}.Rows(bytes.NewReader(beginning))
			for above := range HeadingsWithin {
				cells, err := rows.Read()
				if err == io.EOF {
					break
				}
				if err != nil {
					continue
				}
				if n := known(composed(cells)); n > most {
					most, best = n, Format{e, comma, above}
				}
			}
		}
	}
	return best, most > 0
}

// Rows reads the lines of a file in this format, those above the headings too.
// Lines may have different numbers of cells.
func (f Format) Rows(r io.Reader) *csv.Reader {
	rows := csv.NewReader(f.Decode(r))
	rows.Comma, rows.FieldsPerRecord = f.Comma, -1
	return rows
}

// Decode reads the text of a file as UTF-8, without a byte-order mark.
func (f Format) Decode(r io.Reader) io.Reader {
	switch f.Encoding {
	case Windows1258:
		return charmap.Windows1258.NewDecoder().Reader(r)
	case TCVN3:
		return &tcvn3Reader{r: bufio.NewReader(r)}
	}
	b := bufio.NewReader(r)
	if begin, _ := b.Peek(len(bom)); bytes.Equal(begin, bom) {
		_, _ = b.Discard(len(bom))
	}
	return b
}

// composed brings letters and their marks together, which Windows-1258 writes
// apart.
func composed(cells []string) []string {
	out := make([]string, len(cells))
	for i, s := range cells {
		out[i] = norm.NFC.String(s)
	}
	return out
}

// wholeRunes leaves a letter out that a cut has halved.
func wholeRunes(b []byte) []byte {
	for i := 1; i < utf8.UTFMax && i <= len(b); i++ {
		if c := b[len(b)-i]; utf8.RuneStart(c) {
			if !utf8.FullRune(b[len(b)-i:]) {
				return b[:len(b)-i]
			}
			break
		}
	}
	return b
}
