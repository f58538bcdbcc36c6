package sheet

import (
	"encoding/csv"
	"io"
)

// CSV writes a table as RFC 4180 wants it, in UTF-8 with the mark by which
// spreadsheets know it. No cell can become a formula.
type CSV struct {
	to     io.Writer
	rows   *csv.Writer
	line   []string
	marked bool
}

// NewCSV returns a writer of a table whose cells are separated by comma: ',' as
// RFC 4180 has it, or ';', which a spreadsheet set to Vietnamese expects. Nothing
// is written before the first Flush or a full buffer.
func NewCSV(w io.Writer, comma rune) *CSV {
	c := &CSV{}
	c.to = writerFunc(func(p []byte) (int, error) {
		if !c.marked {
			c.marked = true
			if _, err := io.WriteString(w, "\ufeff"); err != nil {
				return 0, err
			}
		}
		return w.Write(p)
	})
	c.rows = csv.NewWriter(c.to)
	c.rows.Comma, c.rows.UseCRLF = comma, true
	return c
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// Write adds a row.
func (c *CSV) Write(row []Cell) error {
	c.line = c.line[:0]
	for _, cell := range row {
		c.line = append(c.line, cell.plain())
	}
	return c.rows.Write(c.line)
}

// WriteTexts adds a row of words alone.
func (c *CSV) WriteTexts(row ...string) error {
	c.line = c.line[:0]
	for _, s := range row {
		c.line = append(c.line, Defused(s))
	}
	return c.rows.Write(c.line)
}

// Flush writes what is buffered.
func (c *CSV) Flush() error {
	c.rows.Flush()
	return c.rows.Error()
}
