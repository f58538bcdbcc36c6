package survey

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"sipas/internal/catalogue"
)

var someSlip = Slip{Dossier: "H50-0001", Area: "dat-dai", Procedure: "1.012784", Desk: "quay-1", Unit: "van-phong-dang-ky", Stage: "result"}

func (a *archive) issue(slip Slip) string {
	a.t.Helper()
	code, err := a.store.IssueCode(a.t.Context(), slip, "")
	if err != nil {
		a.t.Fatal(err)
	}
	return code
}

// rate answers with a one-time code as the server does.
func (a *archive) rate(code, key string, overall int) (Receipt, error) {
	ctx := context.Background()
	form, err := a.store.OpenForm(ctx, code, a.clock.now())
	if err != nil && !errors.Is(err, ErrUsed) {
		return Receipt{}, err
	}
	form.catalogue = testCatalogue(a.t)
	form.Slip.Outcome, form.Slip.Late = "granted", "no"
	r, comment, err := form.Read(Submission{Key: key, Overall: overall, Comment: "Tốt"}, a.clock.now())
	if err != nil {
		return Receipt{}, err
	}
	return a.intake.SaveOnce(ctx, form, r, comment)
}

func openForCodes(t *testing.T) *archive {
	return openArchive(t, filepath.Join(t.TempDir(), "x.db"), &clock{at: noon.Add(47 * time.Minute)})
}

// TestOneTimeCode: an answer knows what the slip was about and the hour, and
// neither the code nor the dossier.
func TestOneTimeCode(t *testing.T) {
	a := openForCodes(t)
	code := a.issue(someSlip)
	got, err := a.rate(strings.ToUpper(code[:4])+"-"+code[4:], "key-0001", 4)
	if err != nil || !got.Verified || !got.ReceivedAt.Equal(noon) {
		t.Fatalf("%+v %v", got, err)
	}
	r, err := a.store.stored(t.Context(), "key-0001", false)
	if err != nil {
		t.Fatal(err)
	}
	if s := fmt.Sprintln(r.Verified, r.Stage, r.Outcome, r.Late, r.Area, r.Procedure, r.Desk, r.Unit, r.Channel, r.AnsweredOn); s != "true result granted no dat-dai 1.012784 quay-1 van-phong-dang-ky phone 2026-06-30\n" {
		t.Error(s)
	}
	if line := Line(r) + fmt.Sprintf("%+v", r); strings.Contains(line, code) || strings.Contains(line, someSlip.Dossier) || strings.Contains(line, hashOf("code", code)) {
		t.Errorf("the response leads to its dossier: %s", line)
	}
	if _, err := a.rate(code, "key-0002", 5); !errors.Is(err, ErrSpent) {
		t.Errorf("a second answer: %v", err)
	}
	if again, err := a.rate(code, "key-0001", 4); err != nil || !again.Repeated {
		t.Errorf("the same again: %+v %v", again, err)
	}
	if _, err := a.rate(code, "key-0001", 5); !errors.Is(err, ErrKeyReused) {
		t.Errorf("another answer under the key: %v", err)
	}
	if _, err := a.store.OpenForm(t.Context(), code, noon); !errors.Is(err, ErrUsed) {
		t.Errorf("opening it: %v", err)
	}
	if _, err := a.store.IssueCode(t.Context(), someSlip, ""); !errors.Is(err, ErrSpent) {
		t.Errorf("a new slip for a dossier that was rated: %v", err)
	}
}

// TestNewSlip: the former one is good no more.
func TestNewSlip(t *testing.T) {
	a := openForCodes(t)
	if issued, spent, err := a.store.CodeState(t.Context(), someSlip.Dossier); issued || spent || err != nil {
		t.Error(issued, spent, err)
	}
	old := a.issue(someSlip)
	opened, err := a.store.OpenForm(t.Context(), old, noon)
	if err != nil {
		t.Fatal(err)
	}
	opened.catalogue = testCatalogue(t)
	code := a.issue(someSlip)
	if _, err := a.store.OpenForm(t.Context(), old, noon); !errors.Is(err, ErrNoLink) {
		t.Errorf("the old one opens: %v", err)
	}
	r, comment, err := opened.Read(Submission{Key: "key-0001", Overall: 4}, noon)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.intake.SaveOnce(t.Context(), opened, r, comment); !errors.Is(err, ErrNoLink) {
		t.Errorf("a page opened before takes an answer: %v", err)
	}
	if _, err := a.rate(code, "key-0002", 4); err != nil {
		t.Error(err)
	}
	if issued, spent, err := a.store.CodeState(t.Context(), someSlip.Dossier); !issued || !spent || err != nil {
		t.Error(issued, spent, err)
	}
}

// TestTwoPhonesAtOnce: one wins, the others are told.
func TestTwoPhonesAtOnce(t *testing.T) {
	a := openForCodes(t)
	code := a.issue(someSlip)
	var wg sync.WaitGroup
	errs := make([]error, 20)
	for i := range errs {
		wg.Go(func() { _, errs[i] = a.rate(code, fmt.Sprintf("key-%04d", i), 1+i%5) })
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		switch {
		case err == nil:
			won++
		case !errors.Is(err, ErrSpent):
			t.Error(err)
		}
	}
	if table := a.figures(); won != 1 || table.Overall.Responses != 1 {
		t.Errorf("%d won, %d counted", won, table.Overall.Responses)
	}
}

// TestCutOffBetweenCodeAndAnswer: the same key goes on, another has come too late.
func TestCutOffBetweenCodeAndAnswer(t *testing.T) {
	a := openForCodes(t)
	code := a.issue(someSlip)
	if err := a.intake.Close(t.Context()); err != nil { // after this no response is stored
		t.Fatal(err)
	}
	if _, err := a.rate(code, "key-0001", 4); !errors.Is(err, ErrNotAcknowledged) {
		t.Fatal(err)
	}
	if _, spent, err := a.store.CodeState(t.Context(), someSlip.Dossier); !spent || err != nil {
		t.Fatal(spent, err)
	}
	a.intake = StartIntake(a.store, a.segments, a.clock.now, a.chain.log)
	if _, err := a.rate(code, "key-0002", 4); !errors.Is(err, ErrSpent) {
		t.Errorf("another key: %v", err)
	}
	if got, err := a.rate(code, "key-0001", 4); err != nil || got.Repeated {
		t.Errorf("the same key: %+v %v", got, err)
	}
	if n := a.figures().Overall.Responses; n != 1 {
		t.Errorf("%d counted", n)
	}
}

// TestSomebodyElsesKey does not use the code up.
func TestSomebodyElsesKey(t *testing.T) {
	a := openForCodes(t)
	code := a.issue(someSlip)
	r, _, err := a.form.Read(Submission{Key: "key-0001", Overall: 1}, noon)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.intake.Save(t.Context(), r, "", false); err != nil {
		t.Fatal(err)
	}
	if _, err := a.rate(code, "key-0001", 4); !errors.Is(err, ErrKeyReused) {
		t.Error(err)
	}
	if _, err := a.rate(code, "key-0002", 4); err != nil {
		t.Error(err)
	}
}

// TestAfterTheSealNothingJoins code and answer; what was given stays given.
func TestAfterTheSealNothingJoins(t *testing.T) {
	a := openForCodes(t)
	code := a.issue(someSlip)
	if _, err := a.rate(code, "key-0001", 4); err != nil {
		t.Fatal(err)
	}
	later := someSlip
	later.Dossier = "H50-0002"
	second := a.issue(later)
	a.clock.set(catalogue.Date("2026-07-01").Start().Add(time.Minute)) // the day is over and not sealed
	if _, err := a.rate(second, "key-0002", 4); err != nil {
		t.Fatal(err)
	}
	a.clock.set(catalogue.Date("2026-07-01").Start().Add(3 * time.Minute))
	a.seal()
	for dossier, blank := range map[string]bool{someSlip.Dossier: true, later.Dossier: false} {
		d, err := a.store.codes.Get(t.Context(), dossier)
		if err != nil || !d.Spent || (d.Key == "") != blank || (d.SpentOn == "") != blank {
			t.Errorf("%s: %+v %v", dossier, d, err)
		}
	}
	if again, err := a.rate(code, "key-0001", 4); err != nil || !again.Repeated {
		t.Errorf("the same again: %+v %v", again, err)
	}
	if _, err := a.rate(code, "key-0003", 4); !errors.Is(err, ErrSpent) {
		t.Errorf("another: %v", err)
	}
	a.clock.set(catalogue.Date("2026-07-02").Start().Add(3 * time.Minute))
	a.seal()
	if d, err := a.store.codes.Get(t.Context(), later.Dossier); err != nil || d.Key != "" {
		t.Errorf("the next day: %+v %v", d, err)
	}
	if _, broken := a.verify(); broken != nil {
		t.Error(broken)
	}
}

// TestFollowersSeeVerifiedAnswers although these are stamped with the beginning
// of their hour.
func TestFollowersSeeVerifiedAnswers(t *testing.T) {
	a := openForCodes(t)
	segments := NewSegments(a.store.Questionnaire)
	other := NewChain(a.store, segments, a.clock.now, a.chain.log, nil)
	if err := other.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := a.rate(a.issue(someSlip), "key-0001", 4); err != nil {
		t.Fatal(err)
	}
	if err := other.Follow(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	if segments.Rows() != 1 {
		t.Errorf("%d rows", segments.Rows())
	}
}

// TestSameFormSameSlip: sending the form again, or loading the slip anew, makes no
// other code.
func TestSameFormSameSlip(t *testing.T) {
	a := openForCodes(t)
	issue := func(key string) string {
		code, err := a.store.IssueCode(t.Context(), someSlip, key)
		if err != nil {
			t.Fatal(err)
		}
		return code
	}
	first := issue("0123456789abcdef")
	if again := issue("0123456789abcdef"); again != first || !IsOneTimeCode(first) {
		t.Errorf("%q, then %q", first, again)
	}
	if other := issue("0123456789abcdeg"); other == first {
		t.Error("another form makes the same code")
	}
}

// TestSameFormOtherStage: whoever goes back to the form and chooses another stage
// gets the same code, for that stage.
func TestSameFormOtherStage(t *testing.T) {
	a := openForCodes(t)
	var code string
	for _, stage := range []string{"receipt", "result"} {
		slip := someSlip
		slip.Stage = stage
		var err error
		if code, err = a.store.IssueCode(t.Context(), slip, "0123456789abcdef"); err != nil {
			t.Fatal(err)
		}
		if form, err := a.store.OpenForm(t.Context(), code, noon); err != nil || form.Slip.Stage != stage {
			t.Errorf("%s: %+v %v", stage, form.Slip, err)
		}
	}
	if _, err := a.rate(code, "key-0001", 4); err != nil {
		t.Fatal(err)
	}
	if _, err := a.store.IssueCode(t.Context(), someSlip, "0123456789abcdef"); !errors.Is(err, ErrSpent) {
		t.Errorf("the form once more, after the answer: %v", err)
	}
}

func TestNoBurstOfVerifiedAnswers(t *testing.T) {
	a := openForCodes(t)
	for i := range burstPerMin + 5 {
		slip := someSlip
		slip.Dossier = fmt.Sprintf("H50-%04d", i)
		if _, err := a.rate(a.issue(slip), fmt.Sprintf("key-%04d", i), 4); err != nil {
			t.Fatal(err)
		}
	}
	table, err := a.segments.Tabulate(Query{Filters: []Filter{{Dimension: "flagged", Values: []string{"yes"}}}})
	if err != nil || table.Overall.Responses != 0 {
		t.Errorf("%d flagged, %v", table.Overall.Responses, err)
	}
}
