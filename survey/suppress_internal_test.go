package survey

import (
	"math/rand/v2"
	"testing"
)

func TestIsolates(t *testing.T) {
	for _, tt := range []struct {
		name   string
		people []int64
		sets   [][]int
		want   bool
	}{
		{"nothing published", []int64{1, 2}, nil, false},
		{"a small number", []int64{4}, [][]int{{0}}, true},
		{"five", []int64{5}, [][]int{{0}}, false},
		{"the rest of a total", []int64{9, 3}, [][]int{{0, 1}, {0}}, true},
		{"the rest is two kinds of five together", []int64{9, 3, 2}, [][]int{{0, 1, 2}, {0}}, false},
		{"the rest is two kinds of four together", []int64{9, 3, 1}, [][]int{{0, 1, 2}, {0}}, true},
		{"two tables that overlap in all but one", []int64{9, 1, 8}, [][]int{{0, 1}, {0}, {2}}, true},
		{"a quarter without two of its months", []int64{9, 9, 3}, [][]int{{0, 1, 2}, {0}, {1}}, true},
		{"a quarter without one of its months", []int64{9, 9, 3}, [][]int{{0, 1, 2}, {0}}, false},
		{"an overlap, by three numbers", []int64{9, 2, 9}, [][]int{{0, 1}, {1, 2}, {0, 1, 2}}, true},
		{"a difference of two single people", []int64{1, 1, 9}, [][]int{{0, 2}, {1, 2}}, true},
		{"rows and columns of four cells", []int64{2, 9, 9, 3}, [][]int{{0, 1}, {2, 3}, {0, 2}, {1, 3}}, false},
		{"rows and columns, by which two groups of two differ", []int64{2, 9, 9, 2}, [][]int{{0, 1}, {2, 3}, {0, 2}, {1, 3}}, true},
		{"rows and columns, and one cell", []int64{2, 9, 9, 3}, [][]int{{0, 1}, {2, 3}, {0, 2}, {1, 3}, {1}}, true},
		{"four people one by one", []int64{1, 1, 1, 1, 9}, [][]int{{0, 1, 2, 3, 4}, {4}}, true},
		{"nobody", []int64{0, 7}, [][]int{{0, 1}, {1}, {0}}, false},
	} {
		if got := (disclosure{tt.people, tt.sets}).isolates(); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

// isolatesByTrying subtracts and adds all published numbers in every way with
// factors -1, 0 and 1.
func (c disclosure) isolatesByTrying() bool {
	factors := make([]int, len(c.sets))
	var try func(at int) bool
	try = func(at int) bool {
		if at < len(factors) {
			for _, f := range []int{-1, 0, 1} {
				factors[at] = f
				if try(at + 1) {
					return true
				}
			}
			return false
		}
		sum, people := make([]int, len(c.people)), int64(0)
		for s, f := range factors {
			for _, i := range c.sets[s] {
				sum[i] += f
			}
		}
		for i, v := range sum {
			switch {
			case v < -1 || v > 1:
				return false
			case v != 0:
				people += c.people[i]
			}
		}
		return people > 0 && people < MinCell
	}
	return try(0)
}

// TestIsolatesFindsWhatTryingFinds over random tables.
func TestIsolatesFindsWhatTryingFinds(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	found := 0
	for range 3000 {
		var c disclosure
		for range 2 + random.IntN(6) {
			c.people = append(c.people, int64(random.IntN(9)))
		}
		for range 1 + random.IntN(6) {
			var set []int
			for i := range c.people {
				if random.IntN(2) == 0 {
					set = append(set, i)
				}
			}
			c.sets = append(c.sets, set)
		}
		if c.isolatesByTrying() {
			found++
			if !c.isolates() {
				t.Fatalf("trying isolates people in %+v", c)
			}
		}
	}
	if found < 300 || found > 2900 {
		t.Errorf("%d of 3000 tables isolate people: a poor test", found)
	}
}
