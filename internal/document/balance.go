package document

import (
	"math"
	"strings"
)

// balance breaks a paragraph anew into as many lines, about equally long, after
// commas where it can, and with more than one word in the last. One with broken
// words stays as it is.
func (p paragraph) balance() paragraph {
	n := len(p.lines)
	words := strings.Fields(strings.Join(p.lines, " "))
	if n < 2 || p.broken != atSpaces {
		return p
	}
	ends := make([]float64, len(words)+1) // of the words, set in one line with a space after each
	for i, word := range words {
		ends[i+1] = ends[i] + p.width(word+" ")
	}
	even := ends[len(words)] / float64(n)
	space := p.width(" ")
	fits := func(from, to int) bool { return ends[to]-ends[from]-space <= p.column }
	cost := func(from, to int) float64 {
		w := ends[to] - ends[from]
		c := (w - even) * (w - even)
		switch {
		case to < len(words) && !strings.HasSuffix(words[to-1], ","):
			c += even * even / 5
		case to == len(words) && to-from == 1:
			c += even * even / 2
		}
		return c
	}
	// costs[k][i] is the least cost of the first i words in k lines, and
	// starts[k][i] the word with which the last of them begins.
	costs, starts := make([][]float64, n+1), make([][]int, n+1)
	for k := range costs {
		costs[k], starts[k] = make([]float64, len(words)+1), make([]int, len(words)+1)
		for i := range costs[k] {
			if k+i > 0 {
				costs[k][i] = math.Inf(1)
			}
			for from := i - 1; k > 0 && from >= 0 && fits(from, i); from-- {
				if c := costs[k-1][from] + cost(from, i); c < costs[k][i] {
					costs[k][i], starts[k][i] = c, from
				}
			}
		}
	}
	if math.IsInf(costs[n][len(words)], 1) {
		return p
	}
	lines := make([]string, n)
	for k, to := n, len(words); k > 0; k-- {
		from := starts[k][to]
		lines[k-1] = strings.Join(words[from:to], " ")
		to = from
	}
	p.lines = lines
	return p
}
