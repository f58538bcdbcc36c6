package document

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"sipas/internal/ooxml"
	"sipas/internal/report"
	excel "sipas/internal/sheet"
)

// ReadReport reads the file of a report: its record, and what people see in it.
// Of a PDF only the record is read.
func ReadReport(file []byte) (record report.Record, seen report.Seen, err error) {
	text := ""
	switch {
	case bytes.HasPrefix(file, []byte("%PDF-")):
		text = pdfRecord(file)
	case bytes.HasPrefix(file, []byte("PK")) && bytes.Contains(file, []byte("xl/workbook.xml")):
		text, seen, err = excelRecord(file)
	case bytes.HasPrefix(file, []byte("PK")):
		var c ooxml.Content
		c, err = ooxml.Read(file)
		text, seen = c.Data, report.Seen{Tables: c.Tables, Text: c.Text}
	default:
		err = errors.New("neither Word, Excel nor PDF")
	}
	if err != nil {
		return record, seen, fmt.Errorf("read report: %w", err)
	}
	record, err = report.ParseRecord(text)
	return record, seen, err
}

// IsPDF says what kind of file it is.
func IsPDF(file []byte) bool { return bytes.HasPrefix(file, []byte("%PDF-")) }

// excelRecord takes sheets that begin with more than a cell for tables, the others
// for words.
func excelRecord(file []byte) (text string, seen report.Seen, err error) {
	pages, err := excel.Pages(file)
	seen.Numbers = true
	var words strings.Builder
	for _, p := range pages {
		if p.Name == recordSheet {
			for _, row := range p.Rows {
				text += strings.Join(row, "")
			}
			continue
		}
		seen.Tables = append(seen.Tables, p.Rows)
		for _, row := range p.Rows {
			words.WriteString(strings.Join(row, " ") + "\n")
		}
	}
	seen.Text = words.String()
	return text, seen, err
}

// attached begins the one file that a report has attached.
var attached = regexp.MustCompile(`/Type /EmbeddedFile /Length (\d+) /Filter /FlateDecode[^\n]*\n+stream\n`)

// maxRecord bounds what a record may unpack to.
const maxRecord = 8 << 20

func pdfRecord(file []byte) string {
	at := attached.FindSubmatchIndex(file)
	if at == nil {
		return ""
	}
	length, err := strconv.Atoi(string(file[at[2]:at[3]]))
	if err != nil || length > len(file)-at[1] {
		return ""
	}
	z, err := zlib.NewReader(bytes.NewReader(file[at[1] : at[1]+length]))
	if err != nil {
		return ""
	}
	text, err := io.ReadAll(io.LimitReader(z, maxRecord))
	if err != nil {
		return ""
	}
	return string(text)
}
