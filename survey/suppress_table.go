package survey

import "slices"

// mostFew is how many cells of fewer than MinCell people a table can have and
// still show others: beyond it, finding out what may be shown takes too long.
const mostFew = 600

// hideCells says which cells of a demographic table are left out, given how many
// people are in each and which cells add up to a number that is known too: the
// total, the lines and the columns. It leaves out the cells of fewer than MinCell
// people, and of the others as few as keep sums and differences of what is known
// from being about 1 to MinCell-1 people, the smallest first. Pure.
func hideCells(people []int64, lines [][]int) (hidden []bool) {
	hidden = make([]bool, len(people))
	few := 0
	for i, n := range people {
		if hidden[i] = n > 0 && n < MinCell; hidden[i] {
			few++
		}
	}
	if few > mostFew {
		for i := range hidden {
			hidden[i] = true
		}
		return hidden
	}
	lines = slices.DeleteFunc(slices.Clone(lines), func(line []int) bool { return sumOf(people, line) < MinCell })
	for fillLines(people, lines, hidden) || restOf(people, lines, hidden).isolates() && hideNext(people, lines, hidden) {
	}
	return hidden
}

func sumOf(people []int64, cells []int) (sum int64) {
	for _, i := range cells {
		sum += people[i]
	}
	return sum
}

// fillLines hides the smallest cell of each line of which fewer than MinCell
// people are hidden. It reports whether it has hidden any.
func fillLines(people []int64, lines [][]int, hidden []bool) (some bool) {
	for _, line := range lines {
		rest := int64(0)
		for _, i := range line {
			if hidden[i] {
				rest += people[i]
			}
		}
		if rest > 0 && rest < MinCell {
			some = hideSmallest(people, line, hidden) || some
		}
	}
	return some
}

// hideNext hides the smallest cell of the lines in which something is hidden.
func hideNext(people []int64, lines [][]int, hidden []bool) bool {
	var near []int
	for _, line := range lines {
		if slices.ContainsFunc(line, func(i int) bool { return hidden[i] }) {
			near = append(near, line...)
		}
	}
	return hideSmallest(people, near, hidden)
}

func hideSmallest(people []int64, cells []int, hidden []bool) bool {
	smallest := -1
	for _, i := range cells {
		if !hidden[i] && people[i] > 0 && (smallest < 0 || people[i] < people[smallest]) {
			smallest = i
		}
	}
	if smallest >= 0 {
		hidden[smallest] = true
	}
	return smallest >= 0
}

// restOf is what is known of the hidden cells once the shown ones are taken out
// of each line.
func restOf(people []int64, lines [][]int, hidden []bool) disclosure {
	d := disclosure{}
	at := map[int]int{}
	for i, n := range people {
		if hidden[i] {
			at[i] = len(d.people)
			d.people = append(d.people, n)
		}
	}
	for _, line := range lines {
		var set []int
		for _, i := range line {
			if hidden[i] {
				set = append(set, at[i])
			}
		}
		if set != nil {
			d.sets = append(d.sets, set)
		}
	}
	return d
}
