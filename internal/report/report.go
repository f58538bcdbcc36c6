// Package report is a report before it is a Word, Excel or PDF file: headings,
// paragraphs, and tables whose figures are numbers. It knows no subject and no
// format; whoever builds one has written its words.
package report

import "time"

// Report is a report of the office, to be signed.
type Report struct {
	Lang     string
	Head     Head
	Title    string   // what kind of paper it is: "BÁO CÁO"
	About    []string // what it is about, a line each
	To       string   // whom it is sent to
	Opening  string
	Sections []Section
	Closing  string
	Sign     Sign
	Foot     []string // on each page: method, moment, seal
	Made     time.Time
	Record   Record
}

// Head is the head of the first page, as NĐ 30/2020/NĐ-CP, Phụ lục I, has it.
type Head struct {
	Superior, Office string
	State, Motto     string
	Number           string
	Day              string // place and day
}

// Sign is the end of the last page.
type Sign struct {
	Receivers []string // the first one heads the others
	Signer    string   // whose place it is
	Name      string
}

// Section is a part of the report under a heading of its own.
type Section struct {
	Heading string
	Blocks  []Block
}

// Block is a table or, where it has none, a paragraph.
type Block struct {
	Text  string
	Small bool // a remark to what stands above it
	Table *Table
}

// Text is a paragraph.
func Text(s string) Block { return Block{Text: s} }

// Note is a remark to the table above it.
func Note(s string) Block { return Block{Text: s, Small: true} }

// Table has a line of headings and as many cells in each row.
type Table struct {
	ID      string // of what its figures are, within the report
	Name    string // of its sheet, at most 25 letters
	Caption string
	Columns []Column
	Rows    []Row
}

// Column heads the cells below it.
type Column struct {
	ID    string
	Text  string
	Kind  Kind
	Width int // in millimetres of a page with 165 for all
}

// Kind is what the cells of a column hold.
type Kind int

// The kinds. A figure with no value is a dash.
const (
	Words  Kind = iota // names and remarks
	Code               // one of few words that stand for a code, as a verdict
	Count              // a whole number
	Rate               // per cent, or days, with two decimals
	Points             // percentage points, with their sign
	Open               // for whoever signs to write in
)

// Wordy says whether the cells hold words, which stand on the left; figures stand on the right.
func (k Kind) Wordy() bool { return k == Words || k == Code || k == Open }

// Row is one thing.
type Row struct {
	Key   string // of the thing, within the table
	Total bool
	Cells []Cell
}

// Cell is what one row says in one column.
type Cell struct {
	Text  string
	Code  string   // of a Code
	Value *float64 // of a figure; nil: there is none
}

// Figure is a number with its words.
func Figure(text string, value float64) Cell { return Cell{Text: text, Value: &value} }

// None is a figure that there is not.
var None = Cell{Text: "–"}

// Tables returns every table in order.
func (r *Report) Tables() (list []*Table) {
	for _, s := range r.Sections {
		for _, b := range s.Blocks {
			if b.Table != nil {
				list = append(list, b.Table)
			}
		}
	}
	return list
}

// Headings returns the words above the columns.
func (t *Table) Headings() (list []string) {
	for _, c := range t.Columns {
		list = append(list, c.Text)
	}
	return list
}
