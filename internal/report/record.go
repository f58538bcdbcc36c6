package report

import (
	"encoding/json"
	"errors"
	"iter"
	"math"
	"strconv"
	"time"
)

// Format numbers the form of a Record.
const Format = 1

// Record is what a program reads in the file of a report: what was asked, of
// which answers, and every figure in full precision.
type Record struct {
	Format   int       `json:"format"`
	Question Question  `json:"question"`
	AsOf     time.Time `json:"asOf"`
	Method   string    `json:"method"`  // id and version of the computation
	Through  string    `json:"through"` // the last sealed day; "": none
	Seal     string    `json:"seal"`    // of that day
	Sealed   bool      `json:"sealed"`  // everything counted of the survey was sealed by then
	Sample   bool      `json:"sample"`  // the data are invented
	Figures  []Fact    `json:"figures"`
	Open     []Fact    `json:"open,omitempty"` // what it proposes in the columns left open; a check believes it
}

// Question is what a report answers.
type Question struct {
	From    string   `json:"from"` // "": from the first answer on
	To      string   `json:"to"`
	By      []string `json:"by"`
	Filters []Filter `json:"filters"`
	With    string   `json:"with"`  // what the period is compared with
	Cases   bool     `json:"cases"` // figures of cases are in it
	Lang    string   `json:"lang"`
}

// Filter keeps the answers that have one of the values.
type Filter struct {
	Dimension string   `json:"dimension"`
	Values    []string `json:"values"`
}

// Fact is a figure under its name: table, row and column. Value is a number, the
// code of a word, or "" for none.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Facts lists every figure of the report.
func (r *Report) Facts() (list []Fact) {
	for name, c := range r.cells(func(k Kind) bool { return k != Words && k != Open }) {
		list = append(list, Fact{name, c.fact()})
	}
	return list
}

// Proposed lists what stands in the columns that are there to be filled in.
func (r *Report) Proposed() (list []Fact) {
	for name, c := range r.cells(isOpen) {
		if c.Text != "" {
			list = append(list, Fact{name, c.Text})
		}
	}
	return list
}

// Propose puts this there, in place of what would be proposed now.
func (r *Report) Propose(open []Fact) {
	text := map[string]string{}
	for _, f := range open {
		text[f.Name] = f.Value
	}
	for name, c := range r.cells(isOpen) {
		c.Text = text[name]
	}
	r.Record.Open = open
}

func isOpen(k Kind) bool { return k == Open }

// cells yields the cells of the columns of some kinds, each under its name.
func (r *Report) cells(of func(Kind) bool) iter.Seq2[string, *Cell] {
	return func(yield func(string, *Cell) bool) {
		for _, t := range r.Tables() {
			for _, row := range t.Rows {
				for i, c := range t.Columns {
					if of(c.Kind) && !yield(t.name(row, c), &row.Cells[i]) {
						return
					}
				}
			}
		}
	}
}

func (t *Table) name(r Row, c Column) string { return t.ID + "/" + r.Key + "/" + c.ID }

func (c Cell) fact() string {
	if c.Value == nil {
		return c.Code
	}
	return strconv.FormatFloat(*c.Value, 'g', -1, 64)
}

// errNoRecord: the file is not a report of this program, or no longer.
var errNoRecord = errors.New("there is no record of figures in it")

// ErrNewer says that a later program has made the file.
var ErrNewer = errors.New("made by a newer version of the program")

// ParseRecord reads what Encode has written.
func ParseRecord(text string) (r Record, err error) {
	if json.Unmarshal([]byte(text), &r) != nil || r.Format < 1 {
		return r, errNoRecord
	}
	if r.Format > Format {
		return r, ErrNewer
	}
	return r, nil
}

// Encode writes the record as text.
func (r Record) Encode() string {
	b, err := json.Marshal(r)
	if err != nil {
		panic(err) // plain strings, bools and a time
	}
	return string(b)
}

// Difference is the first figure that is not what it should be.
type Difference struct {
	Name      string // of the figure, or of the table or sentence it should be in
	File, Now string // what the file says, what is counted
	Why       Why
}

// Why says where a difference was found.
type Why string

// Where a figure can differ.
const (
	Recorded Why = "record"  // what the file keeps for programs is not what is counted
	Shown    Why = "shown"   // what people read in the file is not
	Gone     Why = "gone"    // people no longer read it there
	Added    Why = "added"   // people read more than there should be
	Rewrote  Why = "rewrote" // the file is not as the program writes it, and its figures cannot be read
)

// Differs compares the record of a file with the figures of now; nil: they are
// the same.
func (r Record) Differs(now []Fact) *Difference {
	for i, f := range r.Figures {
		switch {
		case i >= len(now) || now[i].Name != f.Name:
			return &Difference{Name: f.Name, File: f.Value, Why: Recorded}
		case !same(f.Value, now[i].Value):
			return &Difference{Name: f.Name, File: f.Value, Now: now[i].Value, Why: Recorded}
		}
	}
	if len(now) > len(r.Figures) {
		f := now[len(r.Figures)]
		return &Difference{Name: f.Name, Now: f.Value, Why: Recorded}
	}
	return nil
}

// same allows for the last bits, in which two kinds of computers may differ.
func same(a, b string) bool {
	if a == b {
		return true
	}
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	return errX == nil && errY == nil && near(x, y)
}

func near(x, y float64) bool { return math.Abs(x-y) <= 1e-9*max(1, math.Abs(x)) }
