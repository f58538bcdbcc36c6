package survey_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"sipas/internal/catalogue"
	"sipas/survey"
)

// form is one citizen's answers to the criteria: 1 to 5, or one of these.
type form []int

const (
	notApplicable = 0
	blank         = -1
)

// marks is a form with y satisfied and u unsatisfied answers, the rest blank.
func marks(k, y, u int) form {
	f := slices.Repeat(form{blank}, k)
	for i := range y {
		f[i] = 4 + i%2
	}
	for i := range u {
		f[y+i] = 1 + i%3
	}
	return f
}

// tally counts satisfied and valid answers.
func (f form) tally() (y, m int) {
	for _, a := range f {
		if a == 4 || a == 5 {
			y++
		}
		if a >= 1 {
			m++
		}
	}
	return y, m
}

func sums(k int, forms []form) survey.Sums {
	s := survey.Sums{Criteria: k, Responses: int64(len(forms))}
	for _, f := range forms {
		for _, a := range f {
			switch {
			case a >= 1:
				s.Levels[a-1]++
			case a == notApplicable:
				s.NotApplicable++
			}
		}
		y, m := f.tally()
		if m == 0 {
			continue
		}
		s.Respondents++
		if 2*m >= k {
			s.Complete++
		}
		s.Y += int64(y)
		s.M += int64(m)
		s.YY += int64(y * y)
		s.YM += int64(y * m)
		s.MM += int64(m * m)
	}
	return s
}

// byTheText computes rate and interval (shares) and n_K as DOMAIN.md, section 4, words them: from the forms one
// by one, each with a weight, and with nothing taken from the program. The interval is searched for as the
// set of shares t with (p-t)² <= z²·t(1-t)/n, which is what Wilson's formula solves.
func byTheText(k int, forms []form, weight float64) (p, low, high, nK float64) {
	var y, m, mm float64
	for _, f := range forms {
		yi, mi := f.tally()
		y += weight * float64(yi)
		m += weight * float64(mi)
		mm += weight * float64(mi*mi)
	}
	p, nK = y/m, m*m/mm
	if k == 1 {
		low, high = wilsonBySearch(p, m)
		return p, low, high, nK
	}
	kk := float64(k)
	imagined := (y + kk) / (m + 2*kk)
	spread := math.Pow(kk-imagined*kk, 2) + math.Pow(0-imagined*kk, 2)
	for _, f := range forms {
		yi, mi := f.tally()
		spread += weight * math.Pow(float64(yi)-imagined*float64(mi), 2)
	}
	variance := (nK + 2) / (nK + 1) * spread / math.Pow(m+2*kk, 2)
	size := min(m, nK/(nK+2)*imagined*(1-imagined)/variance) * math.Pow(1.959964/studentBySearch(max(nK-1, 1)), 2)
	low, high = wilsonBySearch(p, size)
	return p, low, high, nK
}

func wilsonBySearch(p, n float64) (low, high float64) {
	inside := func(t float64) bool { return (p-t)*(p-t) <= 1.959964*1.959964*t*(1-t)/n }
	edge := func(in, out float64) float64 {
		for range 100 {
			if mid := (in + out) / 2; inside(mid) {
				in = mid
			} else {
				out = mid
			}
		}
		return in
	}
	return edge(p, 0), edge(p, 1)
}

// studentBySearch halves its way to the 97.5 % point of Student's t, whose distribution it integrates by
// Simpson's rule after the substitution x = sqrt(df)·tan(a).
func studentBySearch(df float64) float64 {
	up, _ := math.Lgamma((df + 1) / 2)
	down, _ := math.Lgamma(df / 2)
	scale := math.Exp(up-down) / math.Sqrt(math.Pi)
	over := func(x float64) float64 {
		parts := 400
		if df < 3 {
			parts = 4000 // the cosine's power is steep near the end
		}
		end := math.Atan(x / math.Sqrt(df))
		sum := 0.0
		for i := range parts + 1 {
			w := 2 + 2*float64(i%2)
			if i == 0 || i == parts {
				w = 1
			}
			sum += w * math.Pow(math.Cos(end*float64(i)/float64(parts)), df-1)
		}
		return scale * sum * end / float64(parts) / 3
	}
	low, high := 1.9, 12.8
	for range 46 {
		if mid := (low + high) / 2; over(mid) < 0.475 {
			low = mid
		} else {
			high = mid
		}
	}
	return (low + high) / 2
}

// randomForms asks a random number of citizens with random leanings and a random habit of skipping.
func randomForms(r *rand.Rand, most int) (k int, forms []form) {
	k = 1 + r.IntN(24)
	mood, skip := math.Sqrt(r.Float64()), r.Float64()*r.Float64()
	alike := r.Float64()
	if r.IntN(6) == 0 { // all alike in how many criteria satisfy them: less spread than independent answers have
		return k, slices.Repeat([]form{marks(k, k-k/10, k/10)}, 1+r.IntN(most))
	}
	for range 1 + r.IntN(most) {
		f := make(form, k)
		own := mood
		if r.Float64() < alike {
			own = math.Round(r.Float64()/2 + mood/2)
		}
		quits := r.Float64()*0.5 + 0.5
		for i := range f {
			switch {
			case r.Float64() < skip:
				f[i] = -r.IntN(2)
			case r.Float64() > quits:
				f[i] = blank
			case r.Float64() < own:
				f[i] = 4 + r.IntN(2)
			default:
				f[i] = 1 + r.IntN(3)
			}
		}
		forms = append(forms, f)
	}
	return k, forms
}

func answered(forms []form) bool {
	return slices.ContainsFunc(forms, func(f form) bool { _, m := f.tally(); return m > 0 })
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s: got %.12f, want %.12f", what, got, want)
	}
}

// outOf is the levels of n answers of which some are satisfied.
func outOf(satisfied, n int64) [5]int64 { return [5]int64{0, 0, n - satisfied, satisfied, 0} }

func TestSingle(t *testing.T) {
	tests := []struct {
		name            string
		levels          [5]int64
		target          catalogue.Percent
		rate, low, high float64 // to two decimals where not whole
		met             bool
		verdict         survey.Verdict
		needed          int64
	}{
		{"26 of 31 against 85", [5]int64{1, 1, 3, 16, 10}, 8500, 83.87, 67.37, 92.91, false, survey.VerdictUnproven, 3812},
		{"26 of 31 against 90", [5]int64{1, 1, 3, 16, 10}, 9000, 83.87, 67.37, 92.91, false, survey.VerdictUnproven, 62},
		{"95 of 100 against 90", outOf(95, 100), 9000, 95, 88.82, 97.85, true, survey.VerdictUnproven, 39},
		{"95 of 100 against 85", outOf(95, 100), 8500, 95, 88.82, 97.85, true, survey.VerdictMet, 0},
		{"95 of 100 against 99", outOf(95, 100), 9900, 95, 88.82, 97.85, false, survey.VerdictNotMet, 0},
		{"35 of 35 prove 90", outOf(35, 35), 9000, 100, 90.11, 100, true, survey.VerdictMet, 0},
		{"34 of 34 do not yet", outOf(34, 34), 9000, 100, 89.85, 100, true, survey.VerdictUnproven, 1},
		{"22 of 22 are over 85 and too few", outOf(22, 22), 8500, 100, 85.13, 100, true, survey.VerdictTooFew, 8},
		{"21 of 21 are not over 85", outOf(21, 21), 8500, 100, 84.54, 100, true, survey.VerdictTooFew, 9},
		{"20 of 20 need 35 for 90", outOf(20, 20), 9000, 100, 83.89, 100, true, survey.VerdictTooFew, 15},
		{"29 are too few", outOf(0, 29), 9000, 0, 0, 11.70, false, survey.VerdictTooFew, 1},
		{"30 are not", outOf(0, 30), 9000, 0, 0, 11.35, false, survey.VerdictNotMet, 0},
		{"the rate is the target", outOf(90, 100), 9000, 90, 82.56, 94.48, true, survey.VerdictUnproven, 0},
		{"the rate is the target, too few", outOf(9, 10), 9000, 90, 59.58, 98.21, true, survey.VerdictTooFew, 0},
		{"all satisfied, 100 wanted", outOf(40, 40), 10000, 100, 91.24, 100, true, survey.VerdictUnproven, 0},
		{"none satisfied, nothing wanted", outOf(0, 40), 0, 0, 0, 8.76, true, survey.VerdictMet, 0},
		{"nobody answered", [5]int64{}, 9000, 0, 0, 0, false, survey.VerdictTooFew, 0},
		{"89.996 is not 90", outOf(22499, 25000), 9000, 90.00, 89.62, 90.36, false, survey.VerdictUnproven, 216057063},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := survey.Single(test.levels, test.target)
			near(t, "rate", f.Rate, test.rate, 0.005)
			near(t, "low", f.Low, test.low, 0.005)
			near(t, "high", f.High, test.high, 0.005)
			if f.Met != test.met || f.Verdict != test.verdict {
				t.Errorf("met %v, verdict %s; want %v, %s", f.Met, f.Verdict, test.met, test.verdict)
			}
			if test.needed != f.Needed {
				t.Errorf("needed %d, want %d", f.Needed, test.needed)
			}
			if f.Levels != test.levels || f.Target != test.target || f.N != f.Answered || f.Effective != float64(f.N) {
				t.Errorf("what stands beside the rate: %+v", f)
			}
		})
	}
	near(t, "26 of 31", survey.Single(outOf(26, 31), 8500).Rate, 83.87096774193549, 1e-12)
}

func TestWilson(t *testing.T) {
	tests := []struct {
		name            string
		p, n, low, high float64
	}{
		{"nothing is known of nobody", 0.3, 0, 0, 1},
		{"none", 0, 30, 0, 0.113513},
		{"all", 1, 30, 0.886487, 1},
		{"not a whole number", 0.9, 12.5, 0.632770, 0.979170},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			low, high := survey.Wilson(test.p, test.n)
			near(t, "low", low, test.low, 1e-6)
			near(t, "high", high, test.high, 1e-6)
		})
	}
	if low, _ := survey.Wilson(0, 7.3); low != 0 {
		t.Errorf("low end for none: %g", low)
	}
	if _, high := survey.Wilson(1, 7.3); high != 1 {
		t.Errorf("high end for all: %g", high)
	}
}

// The ministry printed for 2024: policy 83.84 on 24 criteria, service 84.09 on 15, overall 83.94.
func TestPooledIsNotAMeanOfMeans(t *testing.T) {
	const households = 10000
	var all survey.Sums
	var policy, service int64 = 24 * households * 8384 / 10000, 15 * households * 8409 / 10000
	for i := range int64(households) { // the satisfied answers spread as evenly as they go
		y := (policy*(i+1)/households - policy*i/households) + (service*(i+1)/households - service*i/households)
		all.Add(survey.Sums{Criteria: 39, Responses: 1, Respondents: 1, Complete: 1,
			Y: y, M: 39, YY: y * y, YM: y * 39, MM: 39 * 39})
	}
	f := survey.Pooled(all, 9000)
	if got := survey.Rounded(f.Satisfied, f.Answered); got != 8394 {
		t.Errorf("pooled: %d, want 8394", got)
	}
	near(t, "rate", f.Rate, (24*83.84+15*84.09)/39, 1e-9)
	if mean := survey.Rounded(8384+8409, 20000); mean != 8397 {
		t.Errorf("the mean of both blocks: %d, want 8397", mean)
	}
}

func TestRounded(t *testing.T) {
	tests := []struct {
		name                      string
		satisfied, answered, want int64
	}{
		{"26 of 31", 26, 31, 8387},
		{"89.996 is printed as 90.00", 22499, 25000, 9000},
		{"half goes up", 1, 800, 13},
		{"just under half goes down", 99999, 80000000, 12},
		{"none", 0, 7, 0},
		{"all", 7, 7, 10000},
		{"nothing answered", 0, 0, 0},
		{"beyond 64 bits in between", math.MaxInt64 / 2, math.MaxInt64, 5000},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := survey.Rounded(test.satisfied, test.answered); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
		})
	}
}

func TestSampleSize(t *testing.T) {
	for n, want := range map[int64]int64{0: 0, 1: 1, 2: 2, 20: 20, 100: 80, 400: 200, 2000: 334, 1e9: 400} {
		if got := survey.SampleSize(n); got != want {
			t.Errorf("of %d: %d, want %d", n, got, want)
		}
	}
}

// The worked example of docs/statistics.md: 60 respondents, 40 with 19 of 19 satisfied, 8 with 15 of 19, 12 with 2 of 4.
func TestWorkedExample(t *testing.T) {
	forms := slices.Concat(
		slices.Repeat([]form{marks(19, 19, 0)}, 40),
		slices.Repeat([]form{marks(19, 15, 4)}, 8),
		slices.Repeat([]form{marks(19, 2, 2)}, 12))
	s := sums(19, forms)
	if s.Y != 904 || s.M != 960 || s.YY != 16288 || s.YM != 16816 || s.MM != 17520 || s.Complete != 48 {
		t.Errorf("sums: %+v", s)
	}
	f := survey.Pooled(s, 8500)
	near(t, "rate", f.Rate, 94.1667, 0.00005)
	near(t, "n_K", f.Effective, 52.6027, 0.00005)
	near(t, "low", f.Low, 88.7332, 0.00005)
	near(t, "high", f.High, 97.0665, 0.00005)
	if f.Verdict != survey.VerdictMet || survey.Pooled(s, 9000).Verdict != survey.VerdictUnproven {
		t.Errorf("verdicts: %s against 85, %s against 90", f.Verdict, survey.Pooled(s, 9000).Verdict)
	}
	if got := survey.Pooled(s, 9000).Needed; got != 20 {
		t.Errorf("needed for 90: %d, want 20", got)
	}
	near(t, "complete", s.CompleteShare(), 80, 0)
	s.Responses += 4 // who gave an overall rating only
	near(t, "complete of all", s.CompleteShare(), 75, 0)
}

// Citizens who differ less than independent answers would do not count for more than their answers.
func TestAnswersAreTheMost(t *testing.T) {
	s := sums(10, slices.Repeat([]form{marks(10, 9, 1)}, 200))
	f := survey.Pooled(s, 8500)
	low, high := survey.Wilson(0.9, 2000*math.Pow(1.959964/studentBySearch(199), 2))
	near(t, "low", f.Low, 100*low, 1e-9)
	near(t, "high", f.High, 100*high, 1e-9)
}

func TestNoAnswersToCriteria(t *testing.T) {
	s := sums(19, []form{marks(19, 0, 0), slices.Repeat(form{notApplicable}, 19)})
	s.Overall = outOf(2, 2)
	f := survey.Pooled(s, 9000)
	want := survey.Figure{Target: 9000, Verdict: survey.VerdictTooFew}
	if f != want {
		t.Errorf("got %+v, want %+v", f, want)
	}
	if s.Responses != 2 || s.NotApplicable != 19 {
		t.Errorf("not counted: %+v", s)
	}
	near(t, "complete share of nobody", survey.Sums{}.CompleteShare(), 0, 0)
}

// Blank and not-applicable answers are in neither side of the rate; "Bình thường" is below it only.
func TestWhatCounts(t *testing.T) {
	base := sums(6, []form{{5, 4, 3, 1, blank, blank}, {5, 5, 5, blank, blank, blank}})
	with := sums(6, []form{{5, 4, 3, 1, notApplicable, blank}, {5, 5, 5, blank, notApplicable, notApplicable}})
	a, b := survey.Pooled(base, 9000), survey.Pooled(with, 9000)
	if a != b {
		t.Errorf("not applicable changes the figure: %+v, %+v", a, b)
	}
	if a.Satisfied != 5 || a.Answered != 7 || a.Levels != [5]int64{1, 0, 1, 1, 4} || a.N != 2 {
		t.Errorf("counts: %+v", a)
	}
}

func TestPooledAgainstTheText(t *testing.T) {
	r := rand.New(rand.NewPCG(19, 4))
	checked := 0
	for i := range 300 {
		most := 12
		if i%3 == 0 {
			most = 300
		}
		k, forms := randomForms(r, most)
		if !answered(forms) {
			continue
		}
		checked++
		p, low, high, nK := byTheText(k, forms, 1)
		f := survey.Pooled(sums(k, forms), 9000)
		near(t, "rate", f.Rate, 100*p, 1e-9)
		near(t, "low", f.Low, 100*low, 1e-9)
		near(t, "high", f.High, 100*high, 1e-9)
		near(t, "n_K", f.Effective, nK, 1e-9)
		if t.Failed() {
			t.Fatalf("survey %d: %d criteria, %v", i, k, forms)
		}
	}
	if checked < 250 {
		t.Errorf("only %d surveys", checked)
	}
}

func TestOneCriterionIsSingle(t *testing.T) {
	levels := outOf(26, 31)
	s := survey.Sums{Criteria: 1, Responses: 40, Respondents: 31, Complete: 31, Y: 26, M: 31, YY: 26, YM: 26, MM: 31,
		Levels: levels, NotApplicable: 5}
	if got, want := survey.Pooled(s, 8500), survey.Single(levels, 8500); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestAdd(t *testing.T) {
	r := rand.New(rand.NewPCG(20, 4))
	for range 50 {
		k, forms := randomForms(r, 40)
		at := r.IntN(len(forms) + 1)
		whole, part, rest := sums(k, forms), sums(k, forms[:at]), sums(k, forms[at:])
		whole.Overall, part.Overall, rest.Overall = [5]int64{3, 3, 3, 3, 3}, [5]int64{1, 2, 3, 0, 1}, [5]int64{2, 1, 0, 3, 2}
		part.Add(rest)
		if part != whole {
			t.Fatalf("got %+v, want %+v", part, whole)
		}
	}
	older := survey.Sums{Criteria: 16}
	older.Add(survey.Sums{Criteria: 19})
	older.Add(survey.Sums{Criteria: 15})
	if older.Criteria != 19 {
		t.Errorf("criteria of several versions: %d, want the most, 19", older.Criteria)
	}
}

// Repeating every form never takes independent answers away: the interval narrows on both sides. It is why
// Needed may be searched by halving.
func TestMoreOfTheSameNarrows(t *testing.T) {
	r := rand.New(rand.NewPCG(22, 4))
	for range 2000 {
		k, forms := randomForms(r, 1+r.IntN(8))
		if !answered(forms) {
			continue
		}
		one := sums(k, forms)
		all := one
		last := survey.Pooled(all, 9000)
		for range 40 {
			all.Add(one)
			f := survey.Pooled(all, 9000)
			if f.Low < last.Low-1e-10 || f.High > last.High+1e-10 {
				t.Fatalf("%+v\nwidens to %+v", last, f)
			}
			last = f
		}
	}
}

// A thousand million respondents, all but a few satisfied with everything.
func TestHugeCounts(t *testing.T) {
	const n, few = 1_000_000_000, 1000
	s := survey.Sums{Criteria: 19, Responses: n, Respondents: n, Complete: n,
		Y: 19*n - 19*few, M: 19 * n, YY: 361*n - 361*few, YM: 361*n - 361*few, MM: 361 * n}
	f := survey.Pooled(s, 9999)
	// Each is satisfied with all or nothing, so this is a yes/no of n people.
	low, high := survey.Wilson(1-1e-6, n)
	near(t, "low", f.Low, 100*low, 1e-8)
	near(t, "high", f.High, 100*high, 1e-8)
	near(t, "n_K", f.Effective, n, 1e-3)
	if !f.Met || f.Verdict != survey.VerdictMet {
		t.Errorf("%+v", f)
	}
}

// The official reading is taken in whole numbers: as a float64 this rate is 0.9.
func TestOneAnswerShort(t *testing.T) {
	const m = 200_000_000_000_000_000
	if survey.Single(outOf(m/10*9-1, m), 9000).Met {
		t.Error("one answer under 90 % meets 90 %")
	}
	if !survey.Single(outOf(m/10*9, m), 9000).Met {
		t.Error("90 % does not meet 90 %")
	}
}

func FuzzPooled(f *testing.F) {
	f.Add(uint8(19), uint16(9000), []byte{19, 19, 40, 15, 4, 8, 2, 2, 12})
	f.Add(uint8(1), uint16(8500), []byte{1, 0, 22})
	f.Add(uint8(3), uint16(10000), []byte{3, 0, 255, 0, 1, 1})
	f.Add(uint8(19), uint16(0), []byte{0, 19, 200})
	f.Fuzz(func(t *testing.T, criteria uint8, target uint16, groups []byte) {
		k := int64(criteria%40) + 1
		s := survey.Sums{Criteria: int(k)}
		for ; len(groups) >= 3; groups = groups[3:] {
			m := int64(groups[0]) % (k + 1)
			y := int64(groups[1]) % (m + 1)
			n := int64(1) << (groups[2] % 32) // as many such respondents
			s.Responses += n
			if m == 0 {
				continue
			}
			s.Respondents += n
			s.Y, s.M = s.Y+n*y, s.M+n*m
			s.YY, s.YM, s.MM = s.YY+n*y*y, s.YM+n*y*m, s.MM+n*m*m
		}
		check(t, s, catalogue.Percent(target%10001))
	})
}

// check holds a figure to what is true of every figure.
func check(t *testing.T, s survey.Sums, target catalogue.Percent) {
	t.Helper()
	f := survey.Pooled(s, target)
	for _, v := range []float64{f.Rate, f.Low, f.High, f.Effective} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			t.Fatalf("not a number: %+v", f)
		}
	}
	if f.Low < 0 || f.Low > f.Rate || f.Rate > f.High || f.High > 100 {
		t.Errorf("interval and rate out of order: %+v", f)
	}
	if f.Effective > float64(f.N)*(1+1e-12) || f.Answered > 0 && f.Effective < 1-1e-12 {
		t.Errorf("n_K is not from 1 to n: %+v", f)
	}
	if f.Verdict == survey.VerdictMet && !f.Met || f.Verdict == survey.VerdictNotMet && f.Met {
		t.Errorf("verdict against the official reading: %+v", f)
	}
	if (f.Verdict == survey.VerdictTooFew) != (f.Effective < 30) {
		t.Errorf("too few, or not: %+v", f)
	}
	if f.Needed < 0 || f.Needed > 0 && (f.Verdict == survey.VerdictMet || f.Verdict == survey.VerdictNotMet || f.Answered == 0) {
		t.Errorf("needed: %+v", f)
	}
}
