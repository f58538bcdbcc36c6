package survey_test

import (
	"math/rand/v2"
	"testing"

	"sipas/internal/catalogue"
	"sipas/survey"
)

// Three figures that the specification names: the fewest, all satisfied, whose interval is over the target.
func TestFewestThatProve(t *testing.T) {
	for target, want := range map[catalogue.Percent]int64{9000: 35, 8500: 22} {
		n := int64(1)
		for n < 100 && survey.Single(outOf(n, n), 0).Low < float64(target)/100 {
			n++
		}
		if n != want {
			t.Errorf("%v %%: %d of %d, want %d", target, n, n, want)
		}
	}
}

// settledByTheText is the verdict on forms that each count more times over, as if more had come.
func settledByTheText(k int, forms []form, target, respondents, more float64) bool {
	p, low, high, nK := byTheText(k, forms, (respondents+more)/respondents)
	return p == p && nK > 30-1e-9 && (low >= target || high < target)
}

func TestNeededIsTheSmallest(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 4))
	asked := 0
	for asked < 60 {
		k, forms := randomForms(r, 60)
		s := sums(k, forms)
		target := catalogue.Percent(8000 + 250*r.IntN(8))
		f := survey.Pooled(s, target)
		n, share := float64(s.Respondents), float64(target)/10000
		if f.Needed == 0 {
			open := f.Verdict == survey.VerdictUnproven || f.Verdict == survey.VerdictTooFew
			if open && s.M > 0 && 10000*s.Y != int64(target)*s.M {
				t.Errorf("needs nothing: %+v", f)
			}
			continue
		}
		asked++
		if f.Verdict == survey.VerdictMet || f.Verdict == survey.VerdictNotMet {
			t.Errorf("settled, and needs %d: %+v", f.Needed, f)
		}
		if !settledByTheText(k, forms, share, n, float64(f.Needed)) {
			t.Errorf("%d more do not settle it: %+v", f.Needed, f)
		}
		if f.Needed > 1 && settledByTheText(k, forms, share, n, float64(f.Needed-1)) {
			t.Errorf("%d more settle it already: %+v", f.Needed-1, f)
		}
		if f.Needed <= 40 { // and no smaller number either
			for more := range f.Needed {
				if settledByTheText(k, forms, share, n, float64(more)) {
					t.Errorf("%d more settle it already: %+v", more, f)
				}
			}
		}
	}
}

func TestNeededOutOfReach(t *testing.T) {
	// One answer in 500 million from the target: it would take 8.6e16 responses.
	const m = 500_000_000
	f := survey.Single(outOf(m/10*9+1, m), 9000)
	if f.Verdict != survey.VerdictUnproven || f.Needed != 0 {
		t.Errorf("%s, needs %d", f.Verdict, f.Needed)
	}
}
