package web

// StatisticsPage is what the office asks of the surveys, page "console/statistics": its Filter asks, Finding answers in a
// sentence, and what follows shows it. Its Tables come last.
type StatisticsPage struct {
	Page
	Trail   []Link   // the way down to what is shown, each leading back up; the last is where one is
	Notes   []string // what has to be known before the figures are read
	Finding string
	Whole   RateRow // all that was asked for
	Empty   string  // why there are no figures, and what to do
	RowName string  // heading of the first column
	Rates   []RateRow
	Trend   *Trend
	Foot    []string // method, moment, seal
}

// RateRow is one line of rates: a result with what the office looks at beside it.
type RateRow struct {
	ResultRow
	URL      string // one step further down; may be empty
	Note     string // under the name; may be empty
	Change   string // since the period compared with: "+2,10 điểm %"; empty: not compared
	ChangeOf string // its interval and what it means, in words
	Real     bool   // the change is more than chance
	Complete string // share of responses that answered at least half
	Verified string // share that came through one-time codes
	Response string // responses by dossiers returned; may be empty
}

// Axis is what all rows share.
func (p StatisticsPage) Axis() Axis {
	rows := []ResultRow{p.Whole.ResultRow}
	for _, r := range p.Rates {
		rows = append(rows, r.ResultRow)
	}
	return newAxis(rows)
}

// RateBand is a RateRow drawn on the common axis.
type RateBand struct {
	Axis  Axis
	Row   RateRow
	Whole bool // it is all rows together
}

// WithRow puts a line of rates on the axis.
func (a Axis) WithRow(row RateRow, whole bool) RateBand { return RateBand{a, row, whole} }
