package survey

import (
	"cmp"
	"math"
	"math/bits"

	"gonum.org/v1/gonum/stat/distuv"

	"sipas/internal/catalogue"
)

// Computation names a way of computing the rate, so that two figures can be told to be comparable.
type Computation struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
}

// Method is the computation of this file; it stands beside every figure. A change that can move any
// printed digit gets a new version. docs/statistics.md explains it with worked examples.
var Method = Computation{ID: "sipas-pooled", Version: 1}

const (
	z975      = 1.959964 // two-sided 95 % point of the normal distribution, as the specification writes it
	fewest    = 30       // respondents (n_K) under which a verdict is withheld
	mostAsked = 1 << 53  // a need beyond this many responses is not told: float64 no longer counts one by one
)

// Verdict (kết luận) is what the 95 % interval says of the target.
type Verdict string

// The verdicts. Whether the plain rate reaches the target, the official reading, is Figure.Met.
const (
	VerdictMet      Verdict = "met"      // the whole interval is at or above the target
	VerdictNotMet   Verdict = "not_met"  // the whole interval is below the target
	VerdictUnproven Verdict = "unproven" // the target is inside the interval
	VerdictTooFew   Verdict = "too_few"  // fewer than 30 respondents, whatever the interval
)

// Sums is what a group of responses adds up to. Sums of two disjoint groups add, and nothing else about
// the responses is needed for rate, interval and verdict. Blank and not-applicable answers are not valid
// answers: they count neither as satisfied nor as answered.
type Sums struct {
	Criteria    int   // K: criteria that a response could answer (the most, when questionnaire versions differ); no response has more answers
	Responses   int64 // all
	Respondents int64 // responses with at least one valid answer to a criterion
	Complete    int64 // responses that answered at least half of the criteria
	Verified    int64 // responses through a one-time code

	// Over respondents, with y satisfied (4 or 5) of m answered criteria each: the sums of y, m, y², y·m, m².
	Y, M, YY, YM, MM int64

	Levels        [5]int64 // answers to criteria from 1, very dissatisfied, to 5, very satisfied
	NotApplicable int64    // answers "not applicable" to criteria
	Overall       [5]int64 // the overall rating, 1 to 5; not part of the pooled rate
}

// Add joins a disjoint group.
func (s *Sums) Add(o Sums) {
	s.Criteria = max(s.Criteria, o.Criteria)
	s.Responses += o.Responses
	s.Respondents += o.Respondents
	s.Complete += o.Complete
	s.Verified += o.Verified
	s.Y += o.Y
	s.M += o.M
	s.YY += o.YY
	s.YM += o.YM
	s.MM += o.MM
	for i := range s.Levels {
		s.Levels[i] += o.Levels[i]
		s.Overall[i] += o.Overall[i]
	}
	s.NotApplicable += o.NotApplicable
}

// CompleteShare is the per cent of all responses that answered at least half of the criteria, 0 when there
// are none. In a pooled rate long answerers weigh more, so it is shown beside the rate.
func (s Sums) CompleteShare() float64 {
	if s.Responses == 0 {
		return 0
	}
	return 100 * float64(s.Complete) / float64(s.Responses)
}

// Figure is a rate with all that must stand beside it. Where Answered is 0 there is no rate and no
// interval: Rate, Low and High are then 0 and must not be shown.
type Figure struct {
	N         int64   // responses for one yes/no per response, respondents for a pooled rate
	Effective float64 // n_K, the number of respondents with equal weight that N counts for; N for one yes/no per response
	Satisfied int64   // answers 4 and 5
	Answered  int64   // valid answers
	Levels    [5]int64
	Rate      float64 // per cent, not rounded; for print see Rounded
	Low, High float64 // two-sided 95 % interval, per cent, within [0, 100] and around Rate
	Target    catalogue.Percent
	Met       bool // the official reading: the rate, not rounded, reaches the target
	Verdict   Verdict
	Needed    int64 // how many more responses like these would settle the verdict; 0 when there is no such number
}

// Pooled is the rate over several criteria: all satisfied answers by all valid answers, not a mean of means.
// The ministry's printed figures for 2024 (method of QĐ 1001/QĐ-BNV) fit this and refute a mean of means.
// The verdict looks at an interval that allows for one citizen's answers being alike and for skipped ones.
func Pooled(s Sums, target catalogue.Percent) Figure {
	f := Figure{N: s.Respondents, Satisfied: s.Y, Answered: s.M, Levels: s.Levels, Target: target}
	if s.Criteria == 1 {
		return f.judged(independent(s.M))
	}
	return f.judged(cluster(s))
}

// Single is the rate of one yes/no per response, the overall rating or one criterion, from its answers 1 to 5.
func Single(levels [5]int64, target catalogue.Percent) Figure {
	f := Figure{Satisfied: levels[3] + levels[4], Levels: levels, Target: target}
	for _, n := range levels {
		f.Answered += n
	}
	f.N = f.Answered
	return f.judged(independent(f.Answered))
}

func (f Figure) judged(s sample) Figure {
	if f.Answered == 0 {
		f.Verdict = VerdictTooFew
		return f
	}
	low, high := Wilson(f.share(), s.answers(0))
	f.Rate, f.Low, f.High = 100*f.share(), 100*low, 100*high
	f.Effective = s.respondents(0)
	f.Met = f.against() >= 0
	f.Verdict = f.verdict(s, 0)
	f.Needed = f.needed(s)
	return f
}

func (f Figure) share() float64 { return float64(f.Satisfied) / float64(f.Answered) }

// against tells whether the rate is under (-1), at (0) or over (1) the target, in whole numbers:
// 89.996 % is under 90 %.
func (f Figure) against() int {
	high, low := bits.Mul64(uint64(f.Satisfied), 10000)
	targetHigh, targetLow := bits.Mul64(uint64(f.Answered), uint64(f.Target))
	return cmp.Or(cmp.Compare(high, targetHigh), cmp.Compare(low, targetLow))
}

// verdict is what the figure would say with more responses of the same rate and the same way of answering.
func (f Figure) verdict(s sample, more int64) Verdict {
	if s.respondents(more) < fewest {
		return VerdictTooFew
	}
	low, high := Wilson(f.share(), s.answers(more))
	target := float64(f.Target) / 10000
	switch {
	case low >= target:
		return VerdictMet
	case high < target:
		return VerdictNotMet
	}
	return VerdictUnproven
}

// needed is the smallest number of further responses that settles the verdict. Once settled it stays so
// with every further response (docs/statistics.md has the proof), hence doubling, then halving. It starts
// from twice the group, as t is slow to find for small ones.
func (f Figure) needed(s sample) int64 {
	settled := func(more int64) bool {
		v := f.verdict(s, more)
		return v == VerdictMet || v == VerdictNotMet
	}
	if settled(0) || f.against() == 0 {
		return 0
	}
	open, done := int64(0), max(f.N, 1)
	for !settled(done) {
		if done >= mostAsked {
			return 0
		}
		open, done = done, 2*done
	}
	for done-open > 1 {
		if middle := open + (done-open)/2; settled(middle) {
			done = middle
		} else {
			open = middle
		}
	}
	return done
}

// A sample tells how much a group of responses counts for, as it is or with more responses like its own.
type sample interface {
	respondents(more int64) float64 // respondents of equal weight
	answers(more int64) float64     // independent answers, the n of the interval
}

// independent is a sample of one yes/no per response.
type independent int64

func (n independent) respondents(more int64) float64 { return float64(int64(n) + more) }
func (n independent) answers(more int64) float64     { return float64(int64(n) + more) }

// clustered is a sample of respondents who each answer several criteria, y of them satisfied and u not.
type clustered struct {
	n, k, y, u, yy, yu, uu, mm float64
}

// cluster goes from answered to unsatisfied answers, u = m - y, while the sums are whole numbers: the
// squares in answers then hardly cancel, even for a billion respondents who are nearly all satisfied.
func cluster(s Sums) clustered {
	return clustered{
		n: float64(s.Respondents), k: float64(s.Criteria),
		y: float64(s.Y), u: float64(s.M - s.Y),
		yy: float64(s.YY), yu: float64(s.YM - s.YY), uu: float64(s.MM - 2*s.YM + s.YY),
		mm: float64(s.MM),
	}
}

// respondents is Kish's number of equal clusters, n_K = M² / Σm² (Kish 1965, Survey Sampling).
// More responses of the same pattern scale it; one division keeps whole results exact.
func (c clustered) respondents(more int64) float64 {
	m := c.y + c.u
	return m * m * (c.n + float64(more)) / (c.mm * c.n)
}

// answers is the effective sample size n_e of a pooled rate. The variance is that of a ratio between
// clusters, steadied by two imagined respondents, one satisfied with all K criteria and one with none
// (after Agresti and Coull 1998, The American Statistician 52); (z/t)² allows for few respondents (Korn and
// Graubard 1998, Survey Methodology 24). It never exceeds the number of answers but by z's rounding.
func (c clustered) answers(more int64) float64 {
	nK := c.respondents(more)
	p, q, v := c.ratio(more)
	m := (c.y + c.u) * (c.n + float64(more)) / c.n
	v *= (nK + 2) / (nK + 1)
	zt := z975 / student975(max(nK-1, 1))
	return min(m, nK/(nK+2)*p*q/v) * zt * zt
}

// ratio is p', 1-p' and the variance of p' between clusters, all with the two imagined respondents: what survey
// packages compute, but for their factor n/(n-1).
func (c clustered) ratio(more int64) (p, q, v float64) {
	f := (c.n + float64(more)) / c.n
	y, u, k := f*c.y, f*c.u, c.k
	m := y + u + 2*k
	p, q = (y+k)/m, (u+k)/m
	s := f*(q*q*c.yy-2*p*q*c.yu+p*p*c.uu) + k*k*q*q + k*k*p*p // y - p'm = q'y - p'u
	return p, q, s / (m * m)
}

// Wilson is the two-sided 95 % interval of a share p seen in n independent answers (Wilson 1927, Journal of
// the American Statistical Association 22), as shares. It contains p; n need not be whole, and with n = 0 it is [0, 1].
func Wilson(p, n float64) (low, high float64) {
	const zz = z975 * z975
	middle := (n*p + zz/2) / (n + zz)
	half := z975 * math.Sqrt(n*p*(1-p)+zz/4) / (n + zz)
	low, high = max(middle-half, 0), min(middle+half, 1)
	if p == 0 {
		low = 0 // exactly, not but for the last digit
	}
	if p == 1 {
		high = 1
	}
	return low, high
}

// student975 is the 97.5 % point of Student's t with df >= 1 degrees of freedom, not necessarily whole: Fisher's
// expansion (Abramowitz and Stegun, 26.7.5), within 4e-11 of the value from df = 100 on, and for fewer where
// Newton's steps take it. The library's own inversion is slower, and inexact past a million.
func student975(df float64) float64 {
	const z = 1.959963984540054
	const zz = z * z
	t := z * (1 +
		(zz+1)/(4*df) +
		((5*zz+16)*zz+3)/(96*df*df) +
		(((3*zz+19)*zz+17)*zz-15)/(384*df*df*df) +
		((((79*zz+776)*zz+1482)*zz-1920)*zz-945)/(92160*df*df*df*df))
	if df < 100 {
		student := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}
		for step := 1.0; math.Abs(step) > 1e-7; t -= step {
			step = (student.CDF(t) - 0.975) / student.Prob(t)
		}
	}
	return t
}

// Rounded is the rate for print, in hundredths of a per cent, half up, from the counts: 22499 of 25000,
// 89.996 %, gives 9000 and still does not meet 90 %. With nothing answered it is 0.
// 0 <= satisfied <= answered.
func Rounded(satisfied, answered int64) (hundredths int64) {
	if answered == 0 {
		return 0
	}
	n := uint64(answered)
	high, low := bits.Mul64(uint64(satisfied), 10000)
	whole, rest := bits.Div64(high, low, n)
	if rest >= n-rest {
		whole++
	}
	return int64(whole)
}

// SampleSize is how many responses the ministry's older method asks of n dossiers: n / (1 + n·0.05²), rounded up.
func SampleSize(n int64) int64 {
	return (400*n + 400 + n - 1) / (400 + n) // n / (1 + n/400)
}
