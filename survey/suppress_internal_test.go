package survey

import (
	"math/rand/v2"
	"slices"
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
func (d disclosure) isolatesByTrying() bool {
	factors := make([]int, len(d.sets))
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
		sum, people := make([]int, len(d.people)), int64(0)
		for s, f := range factors {
			for _, i := range d.sets[s] {
				sum[i] += f
			}
		}
		for i, v := range sum {
			switch {
			case v < -1 || v > 1:
				return false
			case v != 0:
				people += d.people[i]
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

func TestHiddenCells(t *testing.T) {
	one := [][]int{{0, 1, 2}}
	for _, tt := range []struct {
		name   string
		people []int64
		lines  [][]int
		want   []bool
	}{
		{"none", []int64{5, 6, 0}, one, []bool{false, false, false}},
		{"the rest of the total", []int64{4, 6, 9}, one, []bool{true, true, false}},
		{"two that are five", []int64{4, 3, 9}, one, []bool{true, true, false}},
		{"all that there is", []int64{2, 9, 0}, one, []bool{true, true, false}},
		{"a line and a column", []int64{2, 9, 9, 9}, [][]int{{0, 1, 2, 3}, {0, 1}, {2, 3}, {0, 2}, {1, 3}}, []bool{true, true, true, true}},
	} {
		if got := hideCells(tt.people, tt.lines); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// TestHideCells over random tables: nothing that is shown, added and subtracted
// with the total, lines and columns, is about a few people, and not all is hidden.
func TestHideCells(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	shown := 0
	for range 400 {
		rows, columns := 1+random.IntN(3), 2+random.IntN(2)
		people := make([]int64, rows*columns)
		lines := make([][]int, 1+rows+columns)
		for c := range people {
			people[c] = int64(random.IntN(30))
			for _, line := range []int{0, 1 + c/columns, 1 + rows + c%columns} {
				lines[line] = append(lines[line], c)
			}
		}
		if rows == 1 {
			lines = lines[:1]
		}
		hidden := hideCells(people, lines)
		d := disclosure{people: people}
		for c := range people {
			if !hidden[c] && people[c] > 0 {
				d.sets = append(d.sets, []int{c})
				shown++
			}
		}
		if len(d.sets) == 0 {
			continue // what the lines say by themselves is not this table's
		}
		for _, line := range lines {
			if sumOf(people, line) >= MinCell {
				d.sets = append(d.sets, line)
			}
		}
		if len(d.sets) > 11 {
			d.sets = d.sets[len(d.sets)-11:] // 177,147 ways
		}
		if d.isolatesByTrying() {
			t.Fatalf("%d lines of %v, hidden %v", rows, people, hidden)
		}
	}
	if shown < 800 {
		t.Errorf("only %d cells are shown: a poor test", shown)
	}
}
