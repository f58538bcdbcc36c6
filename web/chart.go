package web

import (
	"fmt"
	"math"
	"strconv"
)

// Axis is the common scale of the bands in the results.
type Axis struct {
	From  float64
	Ticks []Tick
}

// Tick is a labelled line of the axis.
type Tick struct {
	X, Label, Anchor string
}

// Axis is what the areas of the results share.
func (r Results) Axis() Axis { return newAxis(r.Areas) }

// newAxis runs from 60 to 100 % and starts lower, at a full ten, when something lies lower; an interval that is told of too
// few may be cut off.
func newAxis(rows []ResultRow) Axis {
	from := 60.0
	for _, row := range rows {
		from = math.Min(from, math.Floor(row.Target/10)*10)
		switch {
		case row.RateText == "":
		case row.Verdict == VerdictTooFew: // whose long interval would press the others together
			from = math.Min(from, math.Floor(row.Rate/10)*10)
		default:
			from = math.Min(from, math.Floor(math.Min(row.Low, row.Rate)/10)*10)
		}
	}
	a := Axis{From: math.Max(from, 0)}
	if a.From < 40 {
		a.From = math.Floor(a.From/20) * 20
	}
	for _, v := range a.lines() {
		tick := Tick{X: a.X(v), Label: strconv.Itoa(int(v)), Anchor: "middle"}
		switch v {
		case a.From:
			tick.Anchor = "start"
		case 100:
			tick.Anchor = "end"
		}
		a.Ticks = append(a.Ticks, tick)
	}
	return a
}

// lines are the percentages that are marked.
func (a Axis) lines() (list []float64) {
	step := 10.0
	if a.From < 40 {
		step = 20
	}
	for v := a.From; v <= 100; v += step {
		list = append(list, v)
	}
	return list
}

// X places a percentage on the axis.
func (a Axis) X(v float64) string {
	share := (math.Min(math.Max(v, a.From), 100) - a.From) / (100 - a.From)
	return fmt.Sprintf("%.2f%%", 100*share)
}

// Width is the length between two percentages on the axis.
func (a Axis) Width(low, high float64) string {
	low, high = math.Max(low, a.From), math.Min(high, 100)
	return fmt.Sprintf("%.2f%%", 100*math.Max(high-low, 0)/(100-a.From))
}

// Band is one row drawn on the common axis.
type Band struct {
	Axis Axis
	Row  ResultRow
}

// With puts a row on the axis.
func (a Axis) With(row ResultRow) Band { return Band{a, row} }

// Trend is a rate month by month, drawn from left to right: template "trend". What it shows stands in Table as well.
type Trend struct {
	Heading string // says the finding
	Points  []TrendPoint
	Table   Table
	axis    Axis
}

// TrendPoint is one month of a Trend.
type TrendPoint struct {
	ResultRow
	Label string // under the point
	Mark  string // what changed in the way of asking, from this month on; may be empty
}

// The height of a Trend, and of the part of it that values are drawn in.
const (
	trendHeight = 220
	trendTop    = 24
	trendBottom = 180
)

// NewTrend puts the points on an axis of their own.
func NewTrend(heading string, points []TrendPoint, table Table) *Trend {
	rows := make([]ResultRow, len(points))
	for i, p := range points {
		rows[i] = p.ResultRow
	}
	return &Trend{heading, points, table, newAxis(rows)}
}

// X places the point of that number, in per cent of the width: the scale is on the left.
func (t *Trend) X(i int) string { return trendX(float64(i)+0.5, len(t.Points)) }

// Edge is where the month of that number begins.
func (t *Trend) Edge(i int) string { return trendX(float64(i), len(t.Points)) }

func trendX(at float64, of int) string { return fmt.Sprintf("%.2f%%", 7+93*at/float64(of)) }

// Y places a percentage, in pixels from the top.
func (t *Trend) Y(v float64) string {
	share := (math.Min(math.Max(v, t.axis.From), 100) - t.axis.From) / (100 - t.axis.From)
	return fmt.Sprintf("%.1f", trendBottom-share*(trendBottom-trendTop))
}

// Lines are the percentages of the scale.
func (t *Trend) Lines() []float64 { return t.axis.lines() }

// Pair is two neighbouring points with a rate, to be joined by a line.
type Pair struct{ From, To int }

// Pairs lists what is joined; a month without a rate leaves a gap.
func (t *Trend) Pairs() (list []Pair) {
	for i := 1; i < len(t.Points); i++ {
		if t.Points[i-1].RateText != "" && t.Points[i].RateText != "" {
			list = append(list, Pair{i - 1, i})
		}
	}
	return list
}

// Target is the target of the last month.
func (t *Trend) Target() float64 { return t.Points[len(t.Points)-1].Target }

// Height is that of the whole drawing.
func (t *Trend) Height() int { return trendHeight }
