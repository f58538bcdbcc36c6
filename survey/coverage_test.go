package survey

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

var coverageFull = flag.Bool("coverage.full", false,
	"TestCoverage: simulate every cell and rewrite the table in docs/statistics.md")

const (
	surveys       = 10000 // simulated in a cell
	leastCoverage = 94.0  // per cent of surveys whose interval holds the truth
	mostLowAbove  = 3.3   // per cent of surveys whose low end is above the truth: a false "met" at the worst target
)

// citizen is one who answered m criteria, y of them satisfied.
type citizen struct{ y, m uint8 }

// population is a whole population, citizen by citizen, so that the truth is counted, not estimated.
type population [1 << 16]citizen

func (p *population) truth() float64 {
	var y, m int
	for _, c := range p {
		y, m = y+int(c.y), m+int(c.m)
	}
	return float64(y) / float64(m)
}

// shares says what part of a population are citizens of each kind.
type shares map[citizen]float64

func (s shares) rate() float64 {
	var y, m float64
	for c, share := range s {
		y, m = y+share*float64(c.y), m+share*float64(c.m)
	}
	return y / m
}

func (s shares) population() *population {
	kinds := make([]citizen, 0, len(s))
	for c := range s {
		kinds = append(kinds, c)
	}
	slices.SortFunc(kinds, func(a, b citizen) int { return 256*(int(a.m)-int(b.m)) + int(a.y) - int(b.y) })
	var p population
	done, sum := 0, 0.0
	for _, c := range kinds {
		sum += s[c]
		for end := int(math.Round(sum * float64(len(p)))); done < end; done++ {
			p[done] = c
		}
	}
	return &p
}

// answer adds citizens who answer m criteria each, whose chance to be satisfied is beta-distributed with
// this mean between citizens, and whose answers correlate by rho within a citizen.
func (s shares) answer(share float64, m int, mean, rho float64) {
	a, b := betas(mean, rho)
	for y := range m + 1 {
		choose := lgamma(m+1) - lgamma(y+1) - lgamma(m-y+1)
		s[citizen{uint8(y), uint8(m)}] += share * math.Exp(choose+lbeta(a+float64(y), b+float64(m-y))-lbeta(a, b))
	}
}

func betas(mean, rho float64) (a, b float64) {
	return mean * (1 - rho) / rho, (1 - mean) * (1 - rho) / rho
}

func lgamma(n int) float64 { v, _ := math.Lgamma(float64(n)); return v }

func lbeta(a, b float64) float64 {
	x, _ := math.Lgamma(a)
	y, _ := math.Lgamma(b)
	z, _ := math.Lgamma(a + b)
	return x + y - z
}

// odds multiplies the odds of a chance.
func odds(by, chance float64) float64 { return by * chance / (1 - chance + by*chance) }

// A pattern is a way in which citizens answer and skip the k criteria.
type pattern struct {
	name    string
	k       int
	answers func(s shares, mean, rho float64)
}

var patterns = []pattern{
	{"all answer all 19", 19, func(s shares, mean, rho float64) {
		s.answer(1, 19, mean, rho)
	}},
	{"half answer all, half 1 to 4", 19, func(s shares, mean, rho float64) {
		s.answer(0.5, 19, mean, rho)
		for m := 1; m <= 4; m++ {
			s.answer(0.5/4, m, mean, rho)
		}
	}},
	{"the same, long answerers happier", 19, func(s shares, mean, rho float64) {
		s.answer(0.5, 19, mean, rho)
		for m := 1; m <= 4; m++ {
			s.answer(0.5/4, m, odds(1./3, mean), rho)
		}
	}},
	{"the same, long answerers less happy", 19, func(s shares, mean, rho float64) {
		s.answer(0.5, 19, mean, rho)
		for m := 1; m <= 4; m++ {
			s.answer(0.5/4, m, odds(3, mean), rho)
		}
	}},
	{"15 % drop out after each criterion", 19, func(s shares, mean, rho float64) {
		left := 1.0
		for m := 1; m < 19; m++ {
			s.answer(left*0.15, m, mean, rho)
			left *= 0.85
		}
		s.answer(left, 19, mean, rho)
	}},
	{"each answers one factor of the five", 19, func(s shares, mean, rho float64) {
		for _, m := range []int{4, 4, 5, 3, 3} {
			s.answer(1./5, m, mean, rho)
		}
	}},
	{"one in ten answers all, the others one", 19, func(s shares, mean, rho float64) {
		s.answer(0.1, 19, mean, rho)
		s.answer(0.9, 1, mean, rho)
	}},
	{"all stop after a dissatisfied answer", 19, func(s shares, mean, rho float64) {
		a, b := betas(mean, rho)
		for m := 1; m <= 19; m++ {
			s[citizen{uint8(m - 1), uint8(m)}] += math.Exp(lbeta(a+float64(m-1), b+1) - lbeta(a, b))
		}
		s[citizen{19, 19}] += math.Exp(lbeta(a+19, b) - lbeta(a, b))
	}},
	{"a factor of 3 criteria, all answered", 3, func(s shares, mean, rho float64) {
		s.answer(1, 3, mean, rho)
	}},
	{"a factor of 3 criteria, 1 to 3 answered", 3, func(s shares, mean, rho float64) {
		for m := 1; m <= 3; m++ {
			s.answer(1./3, m, mean, rho)
		}
	}},
}

// shares finds the mean satisfaction with which the pooled rate of the population is the wanted one.
func (p pattern) shares(rate, rho float64) shares {
	low, high := 0.0, 1.0
	for {
		s, mean := shares{}, (low+high)/2
		p.answers(s, mean, rho)
		switch r := s.rate(); {
		case math.Abs(r-rate) < 1e-9:
			return s
		case r < rate:
			low = mean
		default:
			high = mean
		}
	}
}

// A cell is one setting of the simulation.
type cell struct {
	pattern
	n         int
	rate, rho float64
}

func (c cell) String() string {
	return fmt.Sprintf("%s, n %d, rate %g, correlation %g", c.name, c.n, c.rate, c.rho)
}

// outcome is in per cent of the surveys of a cell.
type outcome struct{ covered, lowAbove, highBelow float64 }

// simulate asks n citizens at random, as often as surveys says, and counts how often the interval holds the truth.
func (c cell) simulate(seed uint64) outcome {
	p := c.shares(c.rate, c.rho).population()
	truth := p.truth()
	random := rand.New(rand.NewPCG(seed, 0))
	var above, below int
	for range surveys {
		low, high := Wilson(ask(p, c.n, c.k, random))
		if low > truth {
			above++
		}
		if high < truth {
			below++
		}
	}
	const per = surveys / 100.
	return outcome{100 - float64(above+below)/per, float64(above) / per, float64(below) / per}
}

// ask returns the rate and the effective size of one survey. Pooled would say the same and look for Needed besides.
func ask(p *population, n, k int, random *rand.Rand) (rate, effective float64) {
	s := Sums{Criteria: k, Respondents: int64(n)}
	var bits uint64
	for i := range n {
		if i%4 == 0 {
			bits = random.Uint64()
		}
		c := p[uint16(bits)]
		bits >>= 16
		y, m := int64(c.y), int64(c.m)
		s.Y, s.M, s.YY, s.YM, s.MM = s.Y+y, s.M+m, s.YY+y*y, s.YM+y*m, s.MM+m*m
	}
	return float64(s.Y) / float64(s.M), cluster(s).answers(0)
}

var (
	coverageSizes        = []int{30, 60, 100, 300, 1000}
	coverageRates        = []float64{0.80, 0.85, 0.90, 0.95, 0.98}
	coverageCorrelations = []float64{0.1, 0.5, 0.9}
)

// cells lists all settings with these rates and correlations.
func cells(rates, correlations []float64) []cell {
	var all []cell
	for _, p := range patterns {
		for _, n := range coverageSizes {
			for _, rate := range rates {
				for _, rho := range correlations {
					all = append(all, cell{p, n, rate, rho})
				}
			}
		}
	}
	return all
}

// TestCoverage shows by simulation that the interval is what it says. After the cells of the table come the
// extremes, nearly all satisfied and each with nearly all or nothing: there the high end is known to fall
// short, as it does with Wilson's interval, and the low end is held to its bound all the same. A cell's seed
// is its place in the list, so the part that runs by default gives the very figures of the full table.
func TestCoverage(t *testing.T) {
	table := cells(coverageRates, coverageCorrelations)
	all := slices.Concat(table, cells([]float64{0.99, 0.995}, []float64{0.9, 0.98}))
	outcomes := make([]outcome, len(all))
	t.Run("cells", func(t *testing.T) {
		for i, c := range all {
			if !*coverageFull && i%8 != 0 {
				continue // an eighth of them, every pattern and setting among it
			}
			t.Run(c.String(), func(t *testing.T) {
				t.Parallel()
				o := c.simulate(uint64(i))
				outcomes[i] = o
				if i < len(table) && o.covered < leastCoverage || o.lowAbove > mostLowAbove {
					t.Errorf("the interval holds the truth in %.2f %% of surveys, want at least %v; its low end is above in %.2f %%, want at most %v",
						o.covered, leastCoverage, o.lowAbove, mostLowAbove)
				}
			})
		}
	})
	if *coverageFull {
		rewriteTable(t, table, outcomes[:len(table)], outcomes[len(table):])
	}
}

// wilsonOutcome is exact: the binomial chances of all numbers of satisfied ones among n.
func wilsonOutcome(n int, rate float64) outcome {
	var above, below float64
	for x := range n + 1 {
		choose := lgamma(n+1) - lgamma(x+1) - lgamma(n-x+1)
		chance := 100 * math.Exp(choose+float64(x)*math.Log(rate)+float64(n-x)*math.Log1p(-rate))
		low, high := Wilson(float64(x)/float64(n), float64(n))
		if low > rate {
			above += chance
		}
		if high < rate {
			below += chance
		}
	}
	return outcome{100 - above - below, above, below}
}

// TestWilsonCoverage: near 100 % the interval of one yes/no per response holds the truth less often than it
// says, but errs with its high end. Its low end, which "met" rests on, keeps the bound everywhere.
func TestWilsonCoverage(t *testing.T) {
	for n := fewest; n <= 1000; n += 1 + n/10 {
		for rate := 0.8; rate < 0.995; rate += 0.001 {
			o := wilsonOutcome(n, rate)
			if o.lowAbove > mostLowAbove {
				t.Errorf("n %d, rate %.3f: the low end is above the truth in %.2f %%, want at most %v", n, rate, o.lowAbove, mostLowAbove)
			}
			if rate < 0.95 && o.covered < 91 {
				t.Errorf("n %d, rate %.3f: the interval holds the truth in %.2f %%, want at least 91", n, rate, o.covered)
			}
		}
	}
}

// rewriteTable puts the worst cells of every pattern and size into the page for auditors.
func rewriteTable(t *testing.T, all []cell, outcomes, extremes []outcome) {
	var b strings.Builder
	over := func(what string, o []outcome) {
		fmt.Fprintf(&b, "%s, %d cells: the interval holds the truth in %s %% of surveys, its low end is above the truth in %s %%, its high end below it in %s %%.\n\n",
			what, len(o), span(o, covered), span(o, lowAbove), span(o, highBelow))
	}
	fmt.Fprintf(&b, "Simulated on %s, %d surveys a cell.\n\n", time.Now().UTC().Format(time.DateOnly), surveys)
	over("The table", outcomes)
	over("Extremes (true rate 99 and 99.5 %, correlation 0.9 and 0.98, the same patterns and n)", extremes)
	b.WriteString("| how citizens answer | n | truth held | low end above | high end below | cell that holds it least |\n|---|---|---|---|---|---|\n")
	group := len(coverageRates) * len(coverageCorrelations)
	for i := 0; i < len(all); i += group {
		part := outcomes[i : i+group]
		worst := 0
		for j, o := range part {
			if o.covered < part[worst].covered {
				worst = j
			}
		}
		c := all[i+worst]
		fmt.Fprintf(&b, "| %s | %d | %s | %s | %s | rate %g, correlation %g |\n", c.name, c.n,
			span(part, covered), span(part, lowAbove), span(part, highBelow), c.rate, c.rho)
	}
	b.WriteString("\nOne yes/no per response (Wilson), exact, not simulated:\n\n| n | rate | truth held | low end above | high end below |\n|---|---|---|---|---|\n")
	for _, n := range coverageSizes {
		for _, rate := range coverageRates {
			o := wilsonOutcome(n, rate)
			fmt.Fprintf(&b, "| %d | %.2f | %.2f | %.2f | %.2f |\n", n, rate, o.covered, o.lowAbove, o.highBelow)
		}
	}
	const page, from, to = "../docs/statistics.md", "<!-- simulation -->\n", "<!-- end of simulation -->"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, found := bytes.Cut(text, []byte(from))
	_, tail, ends := bytes.Cut(rest, []byte(to))
	if !found || !ends {
		t.Fatalf("%s has no place for the table", page)
	}
	text = slices.Concat(head, []byte(from), []byte(b.String()), []byte(to), tail)
	if err := os.WriteFile(page, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

func covered(o outcome) float64   { return o.covered }
func lowAbove(o outcome) float64  { return o.lowAbove }
func highBelow(o outcome) float64 { return o.highBelow }

// span writes the least and the greatest of a figure.
func span(outcomes []outcome, figure func(outcome) float64) string {
	low, high := math.Inf(1), math.Inf(-1)
	for _, o := range outcomes {
		low, high = min(low, figure(o)), max(high, figure(o))
	}
	return fmt.Sprintf("%.2f-%.2f", low, high)
}
