package survey_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"sipas/survey"
)

// ratings are n overall ratings of which so many were satisfied.
func ratings(satisfied, n int64) survey.Figure {
	return survey.Single([5]int64{n - satisfied, 0, 0, satisfied, 0}, 9000)
}

// TestCompare holds the interval to Newcombe's own worked examples (1998, table
// II, method 10), which are of shares.
func TestCompare(t *testing.T) {
	for _, tt := range []struct {
		a, m, b, n int64
		low, high  float64
	}{
		{56, 70, 48, 80, 5.24, 33.39},
		{9, 10, 3, 10, 17.05, 80.90},
		{6, 7, 2, 7, 5.82, 80.62},
		{5, 56, 0, 29, -3.81, 19.26},
		{0, 10, 0, 20, -16.11, 27.75},
		{10, 10, 0, 20, 67.91, 100},
	} {
		got, ok := survey.Compare(ratings(tt.a, tt.m), ratings(tt.b, tt.n))
		if !ok || math.Abs(got.Low-tt.low) > 0.005 || math.Abs(got.High-tt.high) > 0.005 {
			t.Errorf("%d of %d, %d of %d: %.2f to %.2f, want %.2f to %.2f", tt.a, tt.m, tt.b, tt.n, got.Low, got.High, tt.low, tt.high)
		}
		if got.Real() != (tt.low > 0) {
			t.Errorf("%d of %d, %d of %d: real %v", tt.a, tt.m, tt.b, tt.n, got.Real())
		}
	}
	if _, ok := survey.Compare(ratings(3, 5), survey.Figure{}); ok {
		t.Error("compared with nothing")
	}
}

// TestCompareTurned: seen from the other side it is the same difference.
func TestCompareTurned(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		m, n := 1+r.Int64N(400), 1+r.Int64N(400)
		a, b := ratings(r.Int64N(m+1), m), ratings(r.Int64N(n+1), n)
		x, _ := survey.Compare(a, b)
		y, _ := survey.Compare(b, a)
		if math.Abs(x.Low+y.High) > 1e-9 || math.Abs(x.High+y.Low) > 1e-9 || x.Low > x.Points || x.High < x.Points || x.Low < -100-1e-9 || x.High > 100+1e-9 {
			t.Fatalf("%+v and %+v of %+v, %+v", x, y, a, b)
		}
	}
}
