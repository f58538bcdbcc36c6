package survey

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"
)

// table reads a file of testdata without its headings.
func table(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatalf("%s: %d rows, %v", name, len(rows), err)
	}
	return rows[1:]
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestVarianceIsThatOfR: R's package survey was given the same responses and
// says the same of them (testdata/cluster.R).
func TestVarianceIsThatOfR(t *testing.T) {
	sums := map[string]*Sums{}
	for _, row := range table(t, "cluster.csv") {
		k, y, m := number(t, row[1]), int64(number(t, row[2])), int64(number(t, row[3]))
		if sums[row[0]] == nil {
			sums[row[0]] = &Sums{}
		}
		sums[row[0]].Add(Sums{Criteria: int(k), Responses: 1, Respondents: 1, Y: y, M: m, YY: y * y, YM: y * m, MM: m * m})
	}
	sets := table(t, "cluster-r.csv")
	if len(sets) != len(sums) {
		t.Errorf("%d sets, R tells of %d", len(sums), len(sets))
	}
	for _, row := range sets {
		p, q, v := cluster(*sums[row[0]]).ratio(0)
		ratio, variance := number(t, row[1]), number(t, row[2])
		if math.Abs(p-ratio) > 1e-9*ratio || math.Abs(p+q-1) > 1e-12 || math.Abs(v-variance) > 1e-9*variance {
			t.Errorf("%s: %.12g and %.12g, R says %.12g and %.12g", row[0], p, v, ratio, variance)
		}
	}
}
