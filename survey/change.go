package survey

import "math"

// Change is by how much a rate differs from an earlier one, in percentage
// points, with a two-sided 95 % interval.
type Change struct{ Points, Low, High float64 }

// Real says whether the difference is more than chance would bring: its interval
// does not hold 0.
func (c Change) Real() bool { return c.Low > 0 || c.High < 0 }

// Compare tells how the rate of now differs from that of before, two figures that
// have no response in common. ok is false where one of them has no rate.
//
// The interval combines the two figures' own ones (Newcombe, Interval estimation
// for the difference between independent proportions, Statistics in Medicine 17,
// 1998, method 10), so that it allows for alike answers of one citizen as they do.
func Compare(now, before Figure) (c Change, ok bool) {
	if now.Answered == 0 || before.Answered == 0 {
		return c, false
	}
	c.Points = now.Rate - before.Rate
	c.Low = c.Points - math.Hypot(now.Rate-now.Low, before.High-before.Rate)
	c.High = c.Points + math.Hypot(now.High-now.Rate, before.Rate-before.Low)
	return c, true
}
