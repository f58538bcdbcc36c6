package feedback_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"sipas/feedback"
)

// reclassify returns the event that makes another kind of a case.
func (o *site) reclassify(t *testing.T, c *feedback.Case, who feedback.Officer, kind feedback.Kind) feedback.Event {
	t.Helper()
	e, err := c.Next(feedback.Classify, who, feedback.StepInput{Kind: kind, Note: "đọc kỹ"}, o.Rules(), noon.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

var everybodyElse = []feedback.Officer{desk, unit, office, leader, admin}

// checkSecret: the case is the inspection's and its sender's, whole, and as good
// as not there for everybody else.
func checkSecret(t *testing.T, o *site, r *feedback.Receipt, version int) {
	t.Helper()
	c, err := o.Case(t.Context(), inspection, r.Case.Code)
	if err != nil || c.Kind != feedback.Denunciation || c.Version() != version || c.Content != r.Case.Content || c.Events[0].Step != feedback.Receive {
		t.Fatalf("the inspection reads %+v, %v", c, err)
	}
	if contact, err := o.Contact(inspection, c); err != nil || contact.Phone != "0905 123 456" {
		t.Errorf("its contact is %+v, %v", contact, err)
	}
	if c, err := o.ByLookup(t.Context(), r.Case.Code, r.Secret); err != nil || c.Version() != version {
		t.Errorf("its sender reads %v", err)
	}
	for _, who := range everybodyElse {
		if _, err := o.Case(t.Context(), who, r.Case.Code); err != feedback.ErrNoCase {
			t.Errorf("%s reads it: %v", who.Role, err)
		}
		if list := o.list(t, who, feedback.Filter{}); slices.Contains(list, r.Case.Code) {
			t.Errorf("%s has it in a list", who.Role)
		}
	}
	if list := o.list(t, inspection, feedback.Filter{}); slices.Contains(list, r.Case.Code) {
		t.Error("it is in the list of all cases")
	}
	if list := o.list(t, inspection, feedback.Filter{Kind: feedback.Denunciation}); !slices.Equal(list, []string{r.Case.Code}) {
		t.Errorf("the list of denunciations has %v", list)
	}
	left, err := o.Left(t.Context(), r.Case.Code)
	if err != nil || left.Kind != "" || left.Subject+left.Content+left.Unit != "" || left.Contact != nil || left.Events != nil ||
		left.About != (feedback.About{}) || left.Lock.Secret != nil || !left.DueAt.IsZero() {
		t.Errorf("left of it is %+v, %v", left, err)
	}
}

// TestPetitionThatIsADenunciation: the desk finds it, and from that step on it is
// the inspection's alone.
func TestPetitionThatIsADenunciation(t *testing.T) {
	o := openSite(t)
	other := o.add(t, keyed(feedback.Petition, 1))
	r := o.add(t, keyed(feedback.Petition, 2))
	if _, err := o.Apply(t.Context(), r.Case, o.reclassify(t, r.Case, desk, feedback.Denunciation)); err != nil {
		t.Fatal(err)
	}
	checkSecret(t, o, r, 2)
	if list := o.list(t, office, feedback.Filter{}); !slices.Equal(list, []string{other.Case.Code}) {
		t.Errorf("the office lists %v", list)
	}
	// Whoever had read it before can neither go on nor send it again as new.
	if _, err := o.Apply(t.Context(), r.Case, o.reclassify(t, r.Case, office, feedback.Question)); !errors.Is(err, feedback.ErrStale) {
		t.Errorf("a step on the petition: %v", err)
	}
	if again := o.add(t, keyed(feedback.Petition, 2)); !again.Again || again.Case.Code != r.Case.Code || again.Secret != r.Secret {
		t.Errorf("sent again: %+v", again)
	}
}

// TestMoveCutOff: a server that is killed between any two writes of a move leaves
// nothing that anybody else can see, and the next one ends it, at its start or
// when somebody asks for the case.
func TestMoveCutOff(t *testing.T) {
	for _, writes := range []int{1, 2} {
		for name, end := range map[string]func(*testing.T, *site, *feedback.Receipt, *feedback.Case) error{
			"at the start": func(t *testing.T, o *site, _ *feedback.Receipt, _ *feedback.Case) error {
				return o.another(t).Settle(t.Context())
			},
			"by its sender": func(t *testing.T, o *site, r *feedback.Receipt, _ *feedback.Case) error {
				_, err := o.another(t).ByLookup(t.Context(), r.Case.Code, r.Secret)
				return err
			},
			"by somebody who may not see it": func(t *testing.T, o *site, r *feedback.Receipt, _ *feedback.Case) error {
				if _, err := o.another(t).Case(t.Context(), desk, r.Case.Code); err != feedback.ErrNoCase {
					return fmt.Errorf("the desk was told %w", err)
				}
				return nil
			},
			"twice": func(t *testing.T, o *site, _ *feedback.Receipt, c *feedback.Case) error {
				return errors.Join(o.EndMove(t.Context(), c), o.EndMove(t.Context(), c), o.Settle(t.Context()))
			},
		} {
			t.Run(fmt.Sprintf("after %d writes, %s", writes, name), func(t *testing.T) {
				o := openSite(t)
				r := o.add(t, intake(feedback.Petition))
				c, err := o.BeginMove(t.Context(), r.Case, o.reclassify(t, r.Case, desk, feedback.Denunciation), writes)
				if err != nil {
					t.Fatal(err)
				}
				for _, who := range append(everybodyElse, inspection) {
					if list := o.list(t, who, feedback.Filter{}); len(list) > 0 {
						t.Errorf("on its way it is in a list of the %s", who.Role)
					}
				}
				if err := end(t, o, r, c); err != nil {
					t.Fatal(err)
				}
				checkSecret(t, o, r, 2)
			})
		}
	}
}

// TestMoveBackCutOff: the same for a denunciation that turns out to be none.
func TestMoveBackCutOff(t *testing.T) {
	for _, writes := range []int{1, 2} {
		for name, end := range map[string]func(*site, *feedback.Receipt) error{
			"at the start": func(o *site, _ *feedback.Receipt) error { return o.another(t).Settle(t.Context()) },
			"by the desk": func(o *site, r *feedback.Receipt) error {
				_, err := o.another(t).Case(t.Context(), desk, r.Case.Code)
				return err
			},
		} {
			o := openSite(t)
			r := o.add(t, intake(feedback.Denunciation))
			if _, err := o.BeginMove(t.Context(), r.Case, o.reclassify(t, r.Case, inspection, feedback.Petition), writes); err != nil {
				t.Fatal(err)
			}
			if err := end(o, r); err != nil {
				t.Fatalf("after %d writes, %s: %v", writes, name, err)
			}
			if list := o.list(t, inspection, feedback.Filter{Kind: feedback.Denunciation}); list != nil {
				t.Errorf("after %d writes, %s: still a denunciation", writes, name)
			}
			if list := o.list(t, desk, feedback.Filter{}); !slices.Equal(list, []string{r.Case.Code}) {
				t.Errorf("after %d writes, %s: the desk lists %v", writes, name, list)
			}
			if c, err := o.ByLookup(t.Context(), r.Case.Code, r.Secret); err != nil || c.Version() != 2 || c.Kind != feedback.Petition {
				t.Errorf("after %d writes, %s: %v", writes, name, err)
			}
		}
	}
}

// TestThereAndBack: a case can move as often as officers change their minds. Its
// version only grows, and a server that slept through it all wakes up to nothing.
func TestThereAndBack(t *testing.T) {
	o := openSite(t)
	r := o.add(t, intake(feedback.Petition))
	asleep, err := o.BeginMove(t.Context(), r.Case, o.reclassify(t, r.Case, desk, feedback.Denunciation), 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.another(t).Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	for version := 2; version < 8; version++ {
		c, err := o.Case(t.Context(), inspection, r.Case.Code)
		if err != nil || c.Version() != version {
			t.Fatalf("version %d: %v", version, err)
		}
		kind := feedback.Petition
		if c.Kind == feedback.Petition {
			kind = feedback.Denunciation
		}
		if _, err := o.Apply(t.Context(), c, o.reclassify(t, c, inspection, kind)); err != nil {
			t.Fatal(err)
		}
		if err := o.EndMove(t.Context(), asleep); err != nil && !errors.Is(err, feedback.ErrNoCase) {
			t.Fatal(err)
		}
		_, err = o.Case(t.Context(), desk, r.Case.Code)
		if kind == feedback.Petition && err != nil || kind == feedback.Denunciation && err != feedback.ErrNoCase {
			t.Errorf("as a %s, the desk reads it: %v", kind, err)
		}
	}
	checkSecret(t, o, r, 8)
}

// TestCaseInBothBooks: a backup that was taken during a move, without a snapshot,
// has the case before and after it. After a restore the later one counts.
func TestCaseInBothBooks(t *testing.T) {
	o := openSite(t)
	r := o.add(t, intake(feedback.Petition))
	if _, err := o.Apply(t.Context(), r.Case, o.reclassify(t, r.Case, desk, feedback.Denunciation)); err != nil {
		t.Fatal(err)
	}
	if err := o.PutBack(t.Context(), r.Case); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Case(t.Context(), desk, r.Case.Code); err != feedback.ErrNoCase {
		t.Errorf("the desk reads it: %v", err)
	}
	if err := o.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	checkSecret(t, o, r, 2)

	secret, err := o.Case(t.Context(), inspection, r.Case.Code)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Apply(t.Context(), secret, o.reclassify(t, secret, inspection, feedback.Petition)); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(o.PutBack(t.Context(), secret), o.Settle(t.Context())); err != nil {
		t.Fatal(err)
	}
	if c, err := o.Case(t.Context(), desk, r.Case.Code); err != nil || c.Kind != feedback.Petition || c.Version() != 3 {
		t.Errorf("the desk reads %+v, %v", c, err)
	}
	if list := o.list(t, inspection, feedback.Filter{Kind: feedback.Denunciation}); list != nil {
		t.Errorf("the denunciation is still there: %v", list)
	}
}
