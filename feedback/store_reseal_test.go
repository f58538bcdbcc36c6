package feedback_test

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"sipas/feedback"
)

// sealedSite has some of everything that is sealed, and what is to be read in it.
func sealedSite(t *testing.T) (o *site, receipts []*feedback.Receipt) {
	t.Helper()
	o = openSite(t)
	for i, kind := range []feedback.Kind{feedback.Petition, feedback.Complaint, feedback.Denunciation, feedback.Petition} {
		in := keyed(kind, i)
		if i < 3 {
			in.Files = []*feedback.File{smallPDF(t, fmt.Sprintf("%d.pdf", i))}
		}
		receipts = append(receipts, o.add(t, in))
	}
	mailed := keyed(feedback.Praise, 7)
	mailed.Contact.Phone, mailed.Contact.Email = "", "hoa@example.vn"
	o.add(t, mailed)
	// One that was a denunciation for a while leaves a sealed mark behind.
	c := receipts[3].Case
	for _, kind := range []feedback.Kind{feedback.Denunciation, feedback.Petition} {
		c, _ = o.Apply(t.Context(), c, o.reclassify(t, c, inspection, kind))
	}
	return o, receipts
}

// checkSealed: everybody reads what they read before.
func checkSealed(t *testing.T, o *site, receipts []*feedback.Receipt) {
	t.Helper()
	for i, r := range receipts {
		c, err := o.Case(t.Context(), inspection, r.Case.Code)
		if err != nil || c.Content != r.Case.Content {
			t.Errorf("%d: %v", i, err)
			continue
		}
		if contact, err := o.Contact(inspection, c); err != nil || contact.Phone != "0905 123 456" {
			t.Errorf("%d: contact %+v, %v", i, contact, err)
		}
		if _, err := o.ByLookup(t.Context(), r.Case.Code, r.Secret); err != nil {
			t.Errorf("%d: its sender: %v", i, err)
		}
		for _, f := range c.Files {
			if _, content, err := o.File(t.Context(), c, f.ID); err != nil || len(content) != f.Size {
				t.Errorf("%d: file: %v", i, err)
			}
		}
		again := keyed(feedback.Kind(map[int]string{0: "petition", 1: "complaint", 2: "denunciation", 3: "petition"}[i]), i)
		if i < 3 {
			again.Files = []*feedback.File{smallPDF(t, fmt.Sprintf("%d.pdf", i))}
		}
		if again := o.add(t, again); !again.Again || again.Secret != r.Secret {
			t.Errorf("%d: sent again: %+v", i, again)
		}
	}
	if n := len(o.list(t, inspection, feedback.Filter{})) + len(o.list(t, inspection, feedback.Filter{Kind: feedback.Denunciation})); n != len(receipts)+1 {
		t.Errorf("%d cases", n)
	}
}

func (o *site) uses(t *testing.T) map[string]feedback.KeyUse {
	t.Helper()
	list, err := o.KeyUses(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	uses := map[string]feedback.KeyUse{}
	for _, u := range list {
		uses[u.ID] = *u
	}
	return uses
}

var errKilled = errors.New("killed")

// TestResealCutOff kills the sealing anew after each of its writes: what is done
// is done, the next run does the rest, and at no moment is anything unreadable.
func TestResealCutOff(t *testing.T) {
	for writes := 1; ; writes++ {
		o, receipts := sealedSite(t)
		old := o.keys[0].ID
		before := o.uses(t)[old]
		if before.Contacts != 5 || before.Denunciations != 2 || before.Pieces != 3 || before.Codes != 5 {
			t.Fatalf("before: %+v", before)
		}
		o.keys = append(o.keys, feedback.NewKey())
		o.UseKeys(o.ring(t))
		n := 0
		_, err := o.Reseal(t.Context(), noon, func(feedback.Resealed) error {
			if n++; n == writes {
				return errKilled
			}
			return nil
		})
		if err != nil && !errors.Is(err, errKilled) {
			t.Fatal(err)
		}
		killed := err != nil
		checkSealed(t, o, receipts)
		o.Store = o.another(t)
		if err := o.Reload(t.Context()); err != nil {
			t.Fatal(err)
		}
		did, err := o.Reseal(t.Context(), noon, func(feedback.Resealed) error { return nil })
		if err != nil || did.Unreadable > 0 || killed && did.Cases+did.Denunciations+did.Pieces+writes != 9 {
			t.Errorf("after %d writes: the rest is %+v, %v", writes, did, err)
		}
		checkSealed(t, o, receipts)
		after, fresh := o.uses(t)[old], o.uses(t)[o.keys[1].ID]
		if after.Contacts+after.Denunciations+after.Pieces != 0 || after.Codes != 5 || after.Free() {
			t.Errorf("after %d writes, the old key: %+v", writes, after)
		}
		if fresh.Contacts != 5 || fresh.Denunciations != 2 || fresh.Pieces != 3 || fresh.Codes != 0 || !fresh.Whole {
			t.Errorf("after %d writes, the new key: %+v", writes, fresh)
		}
		if !killed {
			return
		}
	}
}

// TestResealBesideOfficers: a step that an officer takes on a case as they saw it
// before it was sealed anew is taken, and seals nothing back.
func TestResealBesideOfficers(t *testing.T) {
	o, receipts := sealedSite(t)
	var seen []*feedback.Case
	for _, r := range receipts {
		c, err := o.Case(t.Context(), inspection, r.Case.Code)
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, c)
	}
	o.keys = append(o.keys, feedback.NewKey())
	o.UseKeys(o.ring(t))
	if _, err := o.Reseal(t.Context(), noon, func(feedback.Resealed) error { return nil }); err != nil {
		t.Fatal(err)
	}
	for i, kind := range []feedback.Kind{feedback.Question, feedback.Denunciation, feedback.Petition, feedback.Question} {
		if _, err := o.Apply(t.Context(), seen[i], o.reclassify(t, seen[i], inspection, kind)); err != nil {
			t.Errorf("%d: %v", i, err)
		}
		second := o.reclassify(t, seen[i], inspection, feedback.Praise)
		second.Note = "khác"
		if _, err := o.Apply(t.Context(), seen[i], second); !errors.Is(err, feedback.ErrStale) {
			t.Errorf("%d, the second officer: %v", i, err)
		}
	}
	if u := o.uses(t)[o.keys[0].ID]; u.Contacts+u.Denunciations+u.Pieces != 0 {
		t.Errorf("sealed with the old key: %+v", u)
	}
	checkSealed(t, o, receipts)
}

// TestResealWithAMissingKey leaves what cannot be opened, and says how much.
func TestResealWithAMissingKey(t *testing.T) {
	o, receipts := sealedSite(t)
	lost := o.keys[0]
	o.keys = []feedback.Key{feedback.NewKey()}
	o.UseKeys(o.ring(t))
	fresh := o.add(t, keyed(feedback.Denunciation, 9))
	o.keys = append(o.keys, feedback.NewKey())
	o.UseKeys(o.ring(t))
	did, err := o.Reseal(t.Context(), noon, func(feedback.Resealed) error { return nil })
	if err != nil || did.Unreadable != 8 || did.Denunciations != 2 { // the mark has nothing in it to be opened
		t.Errorf("%+v, %v", did, err)
	}
	o.keys = append([]feedback.Key{lost}, o.keys...)
	o.UseKeys(o.ring(t))
	if _, err := o.Case(t.Context(), inspection, fresh.Case.Code); err != nil {
		t.Error(err)
	}
	for _, r := range receipts {
		if _, err := o.ByLookup(t.Context(), r.Case.Code, r.Secret); err != nil {
			t.Error(err)
		}
	}
}

// TestFit: which keys are missing, and whether the ring is the one to seal with.
func TestFit(t *testing.T) {
	a, b, c := feedback.NewKey(), feedback.NewKey(), feedback.NewKey()
	used := func(list ...feedback.Key) (u []feedback.UsedKey) {
		for _, k := range list {
			u = append(u, feedback.UsedKey{ID: k.ID})
		}
		return u
	}
	gone := feedback.UsedKey{ID: b.ID, Lost: true}
	for _, tt := range []struct {
		name    string
		keys    []feedback.Key
		used    []feedback.UsedKey
		missing []string
		seals   bool
	}{
		{"nothing sealed yet", []feedback.Key{a}, nil, nil, true},
		{"the one", []feedback.Key{a}, used(a), nil, true},
		{"a new one beside it", []feedback.Key{a, b}, used(a), nil, true},
		{"an old one missing", []feedback.Key{b}, used(a, b), []string{a.ID}, true},
		{"the newest missing", []feedback.Key{a}, used(a, b), []string{b.ID}, false},
		{"another office's", []feedback.Key{c}, used(a, b), []string{a.ID, b.ID}, false},
		{"the newest given up", []feedback.Key{a}, append(used(a), gone), nil, true},
		{"all given up", []feedback.Key{c}, []feedback.UsedKey{gone}, nil, true},
		{"no keys", nil, used(a), []string{a.ID}, false},
	} {
		ring, _ := feedback.NewRing(tt.keys...)
		fit, missing := ring.Fit(tt.used)
		if !reflect.DeepEqual(missing, tt.missing) || fit.Seals() != tt.seals {
			t.Errorf("%s: missing %v, seals %t", tt.name, missing, fit.Seals())
		}
	}
}

// TestUsedKeys: the newest is known whoever's clock was right, a key that is given
// up stays known as that, and a store from before keys were noted finds its own.
func TestUsedKeys(t *testing.T) {
	o := openSite(t)
	o.add(t, keyed(feedback.Petition, 1))
	first := o.keys[0].ID
	o.keys = append(o.keys, feedback.NewKey())
	o.UseKeys(o.ring(t))
	if _, err := o.Reseal(t.Context(), noon.Add(-time.Hour), func(feedback.Resealed) error { return nil }); err != nil {
		t.Fatal(err)
	}
	used, err := o.UsedKeys(t.Context())
	if err != nil || len(used) != 2 || used[0].ID != first || used[1].ID != o.keys[1].ID {
		t.Fatalf("%+v, %v", used, err)
	}
	if err := errors.Join(o.DropKey(t.Context(), first), o.DropKey(t.Context(), o.keys[1].ID)); err != nil {
		t.Fatal(err)
	}
	if used, err = o.UsedKeys(t.Context()); err != nil || len(used) != 2 { // the code's and the contact's
		t.Errorf("found anew: %+v, %v", used, err)
	}
	if err := o.LoseKey(t.Context(), first); err != nil {
		t.Error(err)
	}
	if used, err = o.UsedKeys(t.Context()); err != nil || len(used) != 2 || used[0].Lost == used[1].Lost {
		t.Errorf("given up: %+v, %v", used, err)
	}
	if err := o.LoseKey(t.Context(), "none"); err == nil {
		t.Error("a key that nobody used is given up")
	}
}

// smallPDF is a file of one piece.
func smallPDF(t testing.TB, name string) *feedback.File {
	t.Helper()
	f, err := feedback.ReadFile(name, []byte("%PDF-1.7\ngiấy tờ "+name+"\n%%EOF"))
	if err != nil {
		t.Fatal(err)
	}
	return f
}
