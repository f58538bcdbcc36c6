package api

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/sheet"
	"sipas/survey"
	"sipas/web"
)

// Exporter makes tables of single responses and of single cases, for the server
// and for the command line.
type Exporter struct {
	names
	segments *survey.Segments
	feedback *feedback.Store
	now      func() time.Time
}

// NewExporter returns an Exporter over open stores. The segments have to hold
// what is stored.
func NewExporter(st *survey.Store, segments *survey.Segments, cases *feedback.Store, now func() time.Time) (*Exporter, error) {
	pages, err := web.New()
	if err != nil {
		return nil, fmt.Errorf("load words: %w", err)
	}
	return &Exporter{names{st, pages}, segments, cases, now}, nil
}

// Formats of an export.
const (
	FormatCSV   = "csv"
	FormatExcel = "xlsx"
)

// CheckPeriod names what is wrong with the days of an export, of which "" is open:
// "before_from", "future".
func CheckPeriod(p survey.Period, today catalogue.Date) error {
	var bad fault.Fields
	switch {
	case p.From > today:
		bad.Add("from", "future")
	case p.From != "" && p.To != "" && p.To < p.From:
		bad.Add("to", "before_from")
	}
	return bad.Err()
}

// errNoData says that there is nothing in the period.
func errNoData() error {
	var bad fault.Fields
	bad.Add("from", "no_data")
	return bad.Err()
}

// Responses writes the responses answered in the period. The free texts are for
// the office alone. An Invalid fault, before anything is written: there are none.
func (x *Exporter) Responses(ctx context.Context, w io.Writer, format, lang string, p survey.Period, comments bool) error {
	profiles := x.segments.Profiles(p.From, p.To)
	rows := func(yield func(*survey.ExportRow, error) bool) {
		for r, err := range x.survey.Answered(ctx, p.From, p.To) {
			if err != nil {
				yield(nil, err)
				return
			}
			text := ""
			if comments {
				if text, err = x.survey.CommentOf(ctx, r); err != nil {
					yield(nil, err)
					return
				}
			}
			if !yield(survey.NewExportRow(r, profiles.Of(r), text), nil) {
				return
			}
		}
	}
	return writeExport(w, format, x.book(lang, p), exportTable[*survey.ExportRow]{
		responsesExport, survey.ExportColumns(x.segments.FormsAnswered(p.From, p.To), comments), rows,
	})
}

// Cases writes the cases received in the period that the officer may read.
func (x *Exporter) Cases(ctx context.Context, w io.Writer, format, lang string, p survey.Period, o feedback.Officer) error {
	return writeExport(w, format, x.book(lang, p), exportTable[*feedback.Case]{
		casesExport, feedback.ExportColumns(x.now()), x.feedback.Export(ctx, o, p.From, p.To),
	})
}

// The tables, by the names that they have in addresses.
const (
	responsesExport = "responses"
	casesExport     = "cases"
)

// exportTable is a table before it has a format.
type exportTable[T any] struct {
	name    string
	columns []sheet.Column[T]
	rows    iter.Seq2[T, error]
}

// writeExport writes the table. Nothing is written before there is a row.
func writeExport[T any](w io.Writer, format string, book codeBook, t exportTable[T]) (err error) {
	out := bufio.NewWriterSize(w, 64<<10)
	switch format {
	case FormatCSV:
		err = writeCSV(out, t)
	case FormatExcel:
		err = writeExcel(out, book, t)
	default:
		err = fmt.Errorf("no format %q", format)
	}
	if err != nil {
		return fmt.Errorf("export %s: %w", t.name, err)
	}
	return out.Flush()
}

func writeCSV[T any](w io.Writer, t exportTable[T]) error {
	out := sheet.NewCSV(w, ',')
	var ids []string
	for _, c := range t.columns {
		ids = append(ids, c.ID)
	}
	if err := out.WriteTexts(ids...); err != nil {
		return err
	}
	if err := t.write(out.Write); err != nil {
		return err
	}
	return out.Flush()
}

func writeExcel[T any](w io.Writer, book codeBook, t exportTable[T]) (err error) {
	out, err := sheet.NewExcel()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	var headings []sheet.Heading
	for _, c := range t.columns {
		headings = append(headings, sheet.Heading{Text: book.heading(t.name, c.ID), Width: c.Width})
	}
	if err := out.Table(book.word("export."+t.name), headings); err != nil {
		return err
	}
	if err := t.write(out.Write); err != nil {
		return err
	}
	if err := out.Table(book.word("export.codebook"), book.headings()); err != nil {
		return err
	}
	if err := explain(book, t.name, t.columns, out.Write); err != nil {
		return err
	}
	return out.WriteFile(w)
}

// write hands the rows over; errNoData if there are none.
func (t exportTable[T]) write(to func([]sheet.Cell) error) error {
	row := make([]sheet.Cell, len(t.columns))
	none := true
	for r, err := range t.rows {
		if err != nil {
			return err
		}
		none = false
		for i := range t.columns {
			row[i] = t.columns[i].Cell(r)
		}
		if err := to(row); err != nil {
			return err
		}
	}
	if none {
		return errNoData()
	}
	return nil
}
