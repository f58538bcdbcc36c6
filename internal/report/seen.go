package report

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Seen is what people read in a file.
type Seen struct {
	Tables  [][][]string // cells of rows of tables, in order
	Text    string       // everything, for sentences with figures
	Numbers bool         // figures are numbers in full precision, not words
}

// Differs compares what people read with what they should; nil: the figures are
// the same. Names, headings and figures have to be as they are, and sentences
// that have a digit; everything else may have been written anew, and columns that
// are there to be filled in.
func (s Seen) Differs(r *Report) *Difference {
	rest := s.Tables
	for _, t := range r.Tables() {
		at := slices.IndexFunc(rest, func(rows [][]string) bool { return len(rows) > 0 && t.heads(rows[0]) })
		if at < 0 {
			return &Difference{Name: t.ID, Now: t.Caption, Why: Gone}
		}
		if d := s.table(t, rest[at][1:]); d != nil {
			return d
		}
		rest = rest[at+1:]
	}
	text := plain(s.Text)
	for _, sentence := range r.sentences() {
		if !strings.Contains(text, plain(sentence)) {
			return &Difference{Name: "text", Now: sentence, Why: Gone}
		}
	}
	return nil
}

// heads says whether the cells are the headings of the table.
func (t *Table) heads(cells []string) bool {
	for i, c := range t.Columns {
		if i >= len(cells) || plain(cells[i]) != plain(c.Text) {
			return false
		}
	}
	return true
}

func (s Seen) table(t *Table, rows [][]string) *Difference {
	for i, row := range t.Rows {
		if i >= len(rows) {
			return &Difference{Name: t.ID + "/" + row.Key, Now: row.Cells[0].Text, Why: Gone}
		}
		for j, c := range t.Columns {
			shown := ""
			if j < len(rows[i]) {
				shown = rows[i][j]
			}
			if c.Kind != Open && !s.shows(c, row.Cells[j], shown) {
				return &Difference{Name: t.name(row, c), File: shown, Now: row.Cells[j].Text, Why: Shown}
			}
		}
	}
	filled := func(row []string) bool { return strings.TrimSpace(strings.Join(row, "")) != "" }
	if more := rows[len(t.Rows):]; !t.fillable() && slices.ContainsFunc(more, filled) {
		return &Difference{Name: t.ID, File: more[slices.IndexFunc(more, filled)][0], Why: Added}
	}
	return nil
}

// fillable says whether rows may be added by hand.
func (t *Table) fillable() bool {
	return slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Kind == Open })
}

func (s Seen) shows(c Column, cell Cell, shown string) bool {
	if s.Numbers && c.Kind != Words && c.Kind != Code {
		if cell.Value == nil {
			return strings.TrimSpace(shown) == ""
		}
		v, err := strconv.ParseFloat(shown, 64)
		return err == nil && near(v, *cell.Value)
	}
	return plain(shown) == plain(cell.Text)
}

// sentences are the paragraphs that have a digit, the remarks to tables among
// them.
func (r *Report) sentences() (list []string) {
	for _, s := range r.Sections {
		for _, b := range s.Blocks {
			if b.Table == nil && strings.ContainsFunc(b.Text, unicode.IsDigit) {
				list = append(list, b.Text)
			}
		}
	}
	return append(list, r.Foot...)
}

// plain is text without the differences that a program makes by itself: spaces,
// and how they break.
func plain(s string) string { return strings.Join(strings.Fields(s), " ") }
