package report

import (
	"encoding/json"
	"errors"
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
	for _, t := range r.Tables() {
		for _, row := range t.Rows {
			for i, c := range t.Columns {
				if c.Kind != Words && c.Kind != Open {
					list = append(list, Fact{t.name(row, c), row.Cells[i].fact()})
				}
			}
		}
	}
	return list
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
