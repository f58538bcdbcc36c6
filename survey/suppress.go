package survey

import (
	"math/bits"
	"math/rand/v2"
	"slices"
)

// disclosure is what somebody who reads published tables has to go by: how many people
// there are of each kind that the tables cannot tell apart further, and of which
// kinds each published number counts the people.
type disclosure struct {
	people []int64
	sets   [][]int // indices into people
}

// isolates reports whether adding and subtracting published numbers can give one
// about 1 to MinCell-1 people. Pure, and exact but for chances of 1 in 10^15,
// which err on the side of yes.
//
// Everything that sums and differences of the sets can give is their row space.
// A group of kinds is in it if its vector is zero once the space is taken out;
// each kind's own remainder is put into one random number, so that groups of up
// to four kinds (more are no less than MinCell people) are sums of numbers that
// are zero. A member of a group may also stand in it with a minus: what one group
// of answers has more than another tells both. Other factors do not come of
// tables by area, by channel and by period.
func (d disclosure) isolates() bool {
	var few []remainder
	for i, left := range d.remainders() {
		if n := d.people[i]; n > 0 && n < MinCell {
			few = append(few, remainder{left, n, []int{i}})
		}
	}
	halves := slices.Clone(few)
	for i, a := range few {
		for _, b := range few[i+1:] {
			if people := a.people + b.people; people < MinCell {
				of := []int{a.of[0], b.of[0]}
				halves = append(halves, remainder{plus(a.left, b.left), people, of}, remainder{plus(a.left, minus(b.left)), people, of})
			}
		}
	}
	byLeft := map[uint64][]remainder{}
	for _, h := range halves {
		if h.left == 0 {
			return true
		}
		byLeft[h.left] = append(byLeft[h.left], h)
	}
	for _, h := range halves {
		for _, left := range []uint64{h.left, minus(h.left)} {
			for _, other := range byLeft[left] {
				apart := !slices.ContainsFunc(other.of, func(i int) bool { return slices.Contains(h.of, i) })
				if apart && h.people+other.people < MinCell {
					return true
				}
			}
		}
	}
	return false
}

// remainder is what is left of a group of kinds when everything that the
// published numbers say is taken out.
type remainder struct {
	left   uint64
	people int64
	of     []int
}

// remainders returns the number of each kind, 0 for one that is known by itself.
func (d disclosure) remainders() []uint64 {
	var rows [][]uint64
	var pivots []int
	for _, set := range d.sets {
		row := make([]uint64, len(d.people))
		for _, i := range set {
			if d.people[i] > 0 { // nobody is nobody, however often counted
				row[i] = 1
			}
		}
		for r, p := range pivots {
			subtract(row, rows[r], row[p])
		}
		p := slices.IndexFunc(row, func(v uint64) bool { return v != 0 })
		if p < 0 {
			continue
		}
		scale := inverse(row[p])
		for i := range row {
			row[i] = times(row[i], scale)
		}
		for r := range rows {
			subtract(rows[r], row, rows[r][p])
		}
		rows, pivots = append(rows, row), append(pivots, p)
	}
	random := rand.New(rand.NewPCG(165, 2023)) // any weights do, and the same question has the same answer
	left := make([]uint64, len(d.people))
	for i := range left {
		left[i] = 1 + random.Uint64N(prime-1)
	}
	known := make([]bool, len(left))
	for _, p := range pivots {
		known[p] = true
	}
	for r, p := range pivots {
		left[p] = 0
		for i, v := range rows[r] {
			if v != 0 && !known[i] {
				left[p] = plus(left[p], minus(times(v, left[i])))
			}
		}
	}
	return left
}

// Numbers modulo a prime stand for fractions.
const prime = 1<<61 - 1

func plus(a, b uint64) uint64 { return (a + b) % prime }

func minus(a uint64) uint64 { return (prime - a) % prime }

func times(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	return bits.Rem64(high, low, prime)
}

func inverse(a uint64) uint64 {
	out := uint64(1)
	for e := uint64(prime - 2); e > 0; e >>= 1 {
		if e&1 == 1 {
			out = times(out, a)
		}
		a = times(a, a)
	}
	return out
}

// subtract takes factor times of from row.
func subtract(row, of []uint64, factor uint64) {
	if factor == 0 {
		return
	}
	factor = minus(factor)
	for i := range row {
		if of[i] != 0 {
			row[i] = plus(row[i], times(factor, of[i]))
		}
	}
}
