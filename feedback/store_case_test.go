package feedback_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"sipas/feedback"
)

// add stores an intake, received at noon.
func (o *site) add(t testing.TB, in feedback.Intake) *feedback.Receipt {
	t.Helper()
	r, err := o.try(t, in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (o *site) try(t testing.TB, in feedback.Intake) (*feedback.Receipt, error) {
	t.Helper()
	d, err := feedback.New(in, o.Rules(), noon)
	if err != nil {
		t.Fatal(err)
	}
	return o.Add(t.Context(), d)
}

// keyed is an intake with a key of its own.
func keyed(kind feedback.Kind, n int) feedback.Intake {
	in := intake(kind)
	in.Key = fmt.Sprintf("key-%08d", n)
	return in
}

// step takes a step on the case as it is now.
func (o *site) step(t testing.TB, code string, step feedback.Step, who feedback.Officer, in feedback.StepInput) *feedback.Case {
	t.Helper()
	c, err := o.Case(t.Context(), who, code)
	if err != nil {
		t.Fatalf("%s: %v", step, err)
	}
	e, err := c.Next(step, who, in, o.Rules(), noon.Add(time.Hour))
	if err != nil {
		t.Fatalf("%s: %v", step, err)
	}
	c, err = o.Apply(t.Context(), c, e)
	if err != nil && !errors.Is(err, feedback.ErrNoCase) {
		t.Fatalf("%s: %v", step, err)
	}
	return c
}

// TestSameRequestAgain: whatever is sent twice is stored once, with one receipt.
func TestSameRequestAgain(t *testing.T) {
	o := openSite(t)
	for _, kind := range feedback.Kinds {
		in := intake(kind)
		in.Key = "request-" + string(kind)
		first := o.add(t, in)
		if first.Again || first.Secret == "" {
			t.Errorf("%s: %+v", kind, first)
		}
		for range 2 {
			again := o.add(t, in)
			if !again.Again || again.Case.Code != first.Case.Code || again.Secret != first.Secret || !again.Case.DueAt.Equal(first.Case.DueAt) {
				t.Errorf("%s: sent again: %+v", kind, again)
			}
		}
		changed := in
		changed.Content += "!"
		if _, err := o.try(t, changed); !errors.Is(err, feedback.ErrKeyReused) {
			t.Errorf("%s: another content: %v", kind, err)
		}
		for _, other := range feedback.Kinds {
			changed := in
			if changed.Kind = other; other == kind {
				continue
			}
			if _, err := o.try(t, changed); !errors.Is(err, feedback.ErrKeyReused) {
				t.Errorf("%s: sent as %s: %v", kind, other, err)
			}
		}
	}
	contact := intake(feedback.Petition)
	contact.Key = "request-petition"
	contact.Contact.Phone = "0905 123 457"
	if _, err := o.try(t, contact); !errors.Is(err, feedback.ErrKeyReused) {
		t.Errorf("another phone: %v", err)
	}
	if n := len(o.list(t, inspection, feedback.Filter{})); n != 4 {
		t.Errorf("%d cases beside the denunciation", n)
	}
}

// list returns the codes of a whole list.
func (o *site) list(t testing.TB, who feedback.Officer, f feedback.Filter) []string {
	t.Helper()
	var codes []string
	for after := ""; ; {
		list, next, err := o.List(t.Context(), who, f, 7, after)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range list {
			codes = append(codes, c.Code)
		}
		if after = next; after == "" {
			return codes
		}
	}
}

func TestSameRequestAfterTheKeysWereRotated(t *testing.T) {
	o := openSite(t)
	first := o.add(t, intake(feedback.Complaint))
	o.keys = append(o.keys, feedback.NewKey())
	o.UseKeys(o.ring(t))
	if again := o.add(t, intake(feedback.Complaint)); !again.Again || again.Case.Code != first.Case.Code || again.Secret != first.Secret {
		t.Errorf("%+v", again)
	}
	if _, err := o.ByLookup(t.Context(), first.Case.Code, first.Secret); err != nil {
		t.Errorf("looked up: %v", err)
	}
	if c, err := o.Contact(inspection, first.Case); err != nil || c.Name != "Lê Thị Hoa" {
		t.Errorf("%+v, %v", c, err)
	}
}

// TestSameRequestAtOnce: a double tap over two connections and two servers.
func TestSameRequestAtOnce(t *testing.T) {
	o := openSite(t)
	servers := []*feedback.Store{o.Store, o.another(t)}
	codes := make([]string, 16)
	var all sync.WaitGroup
	for i := range codes {
		all.Go(func() {
			d, err := feedback.New(intake(feedback.Petition), o.Rules(), noon)
			if err == nil {
				var r *feedback.Receipt
				if r, err = servers[i%2].Add(t.Context(), d); err == nil {
					codes[i] = r.Case.Code + r.Secret
				}
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, code := range codes {
		if code != codes[0] {
			t.Fatalf("%v", codes)
		}
	}
	if n := len(o.list(t, office, feedback.Filter{})); n != 1 {
		t.Errorf("%d cases", n)
	}
}

func TestLookup(t *testing.T) {
	o := openSite(t)
	for i, kind := range []feedback.Kind{feedback.Question, feedback.Denunciation} {
		in := keyed(kind, i)
		r, other := o.add(t, in), o.add(t, keyed(kind, 10+i))
		c, err := o.ByLookup(t.Context(), " "+strings.ToLower(feedback.FormatCode(r.Case.Code)), feedback.FormatCode(r.Secret))
		if err != nil || c.Code != r.Case.Code || c.Content != in.Content {
			t.Errorf("%s: %v", kind, err)
		}
		for name, pair := range map[string][2]string{
			"secret of another": {r.Case.Code, other.Secret}, "no secret": {r.Case.Code, ""}, "unknown code": {"K7MX2ART9HC", r.Secret},
			"no code": {"", ""}, "long": {strings.Repeat("K", 5000), strings.Repeat("K", 5000)}, "not text": {"\xff\x00", "\xff"},
		} {
			if _, err := o.ByLookup(t.Context(), pair[0], pair[1]); err != feedback.ErrNoCase {
				t.Errorf("%s, %s: %v", kind, name, err)
			}
		}
	}
}

// TestWhoGetsACase: an officer who may not see a case is told that there is none.
func TestWhoGetsACase(t *testing.T) {
	o := openSite(t)
	petition, complaint, denunciation := o.add(t, keyed(feedback.Petition, 1)), o.add(t, keyed(feedback.Complaint, 2)), o.add(t, keyed(feedback.Denunciation, 3))
	for _, tt := range []struct {
		who  feedback.Officer
		code string
		ok   bool
	}{
		{desk, petition.Case.Code, true}, {desk, complaint.Case.Code, false}, {desk, denunciation.Case.Code, false},
		{office, complaint.Case.Code, true}, {office, denunciation.Case.Code, false}, {leader, denunciation.Case.Code, false},
		{inspection, denunciation.Case.Code, true}, {admin, petition.Case.Code, false}, {unit, petition.Case.Code, false},
		{inspection, "K7MX2ART9HC", false}, {inspection, "x", false},
	} {
		_, err := o.Case(t.Context(), tt.who, tt.code)
		if tt.ok && err != nil || !tt.ok && err != feedback.ErrNoCase {
			t.Errorf("%s, %s: %v", tt.who.Role, tt.code, err)
		}
	}
	for _, tt := range []struct {
		who feedback.Officer
		of  *feedback.Receipt
		ok  bool
	}{{desk, petition, true}, {inspection, denunciation, true}, {office, petition, false}, {leader, petition, false}, {desk, complaint, false}, {office, denunciation, false}} {
		c, err := o.Contact(tt.who, tt.of.Case)
		if tt.ok && (err != nil || c.Phone != "0905 123 456") || !tt.ok && (!errors.Is(err, feedback.ErrRole) || c != feedback.Contact{}) {
			t.Errorf("contact for %s: %+v, %v", tt.who.Role, c, err)
		}
	}
	anonymous := keyed(feedback.Petition, 4)
	anonymous.Anonymous = true
	if c, err := o.Contact(desk, o.add(t, anonymous).Case); err != nil || c != (feedback.Contact{}) {
		t.Errorf("of an anonymous sender: %+v, %v", c, err)
	}
}

// raw returns everything that the database has on disk.
func (o *site) raw(t *testing.T) []byte {
	t.Helper()
	names, err := filepath.Glob(o.file + "*")
	if err != nil {
		t.Fatal(err)
	}
	var all []byte
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b...)
	}
	return all
}

// TestDatabaseAloneTellsNothing: without the keys nobody reads a contact, a
// secret or the key of a request, nor any word of a denunciation, its steps and
// its replies included.
func TestDatabaseAloneTellsNothing(t *testing.T) {
	o := openSite(t)
	in := keyed(feedback.Petition, 1)
	in.Contact = feedback.Contact{Name: "ZZQUXZZNAME", Phone: "0912345678", Email: "zzqux@mail.example", Address: "ZZQUXZZSTREET"}
	in.Content = "PLAINWORD"
	petition := o.add(t, in)

	in = keyed(feedback.Denunciation, 2)
	in.Subject, in.Content, in.Dossier = "ZZQUXZZSUBJECT", "ZZQUXZZCONTENT", "ZZQUXZZDOSSIER"
	in.About = feedback.About{Unit: land, Officer: "ZZQUXZZOFFICER"}
	in.Contact = feedback.Contact{Name: "ZZQUXZZWHO", Phone: "0987654321"}
	denunciation := o.add(t, in)
	code := denunciation.Case.Code
	o.step(t, code, feedback.Classify, inspection, feedback.StepInput{Kind: feedback.Denunciation, Note: "ZZQUXZZNOTE"})
	o.step(t, code, feedback.Ask, inspection, feedback.StepInput{Message: "ZZQUXZZASKED"})
	c, err := o.ByLookup(t.Context(), code, denunciation.Secret)
	if err != nil {
		t.Fatal(err)
	}
	e, err := c.Reply("ZZQUXZZREPLY", o.Rules(), noon.Add(2*time.Hour))
	if err == nil {
		_, err = o.Apply(t.Context(), c, e)
	}
	if err != nil {
		t.Fatal(err)
	}

	db := o.raw(t)
	if !bytes.Contains(db, []byte("PLAINWORD")) {
		t.Fatal("this test does not read what is stored")
	}
	for _, secret := range []string{
		"ZZQUXZZ", "zzqux@", "0912345678", "0987654321", "key-0000", petition.Secret, denunciation.Secret, inspection.Account,
	} {
		if bytes.Contains(db, []byte(secret)) {
			t.Errorf("the database has %q in it", secret)
		}
	}
}

// TestThirtyTwoOfficersAtOnce: of all who take a step on one version exactly one
// wins; the others look again and take theirs, and no note is lost.
func TestThirtyTwoOfficersAtOnce(t *testing.T) {
	const officers = 32
	o := openSite(t)
	servers := []*feedback.Store{o.Store, o.another(t)}
	code := o.add(t, intake(feedback.Petition)).Case.Code
	o.step(t, code, feedback.Classify, office, feedback.StepInput{Kind: feedback.Petition})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()

	var mu sync.Mutex
	won := map[int]int{} // who, by the version that was replaced
	var all sync.WaitGroup
	for i := range officers {
		all.Go(func() {
			s, who := servers[i%2], office
			who.Account = fmt.Sprintf("van-phong-%d", i)
			for {
				c, err := s.Case(ctx, who, code)
				if err != nil {
					t.Error(err)
					return
				}
				e, err := c.Next(feedback.Assign, who, feedback.StepInput{Unit: land, Note: "ghi chú của " + who.Account}, o.Rules(), noon)
				if err != nil {
					t.Error(err)
					return
				}
				after, err := s.Apply(ctx, c, e)
				if errors.Is(err, feedback.ErrStale) {
					continue
				}
				if err != nil || after.Version() != c.Version()+1 {
					t.Errorf("%v", err)
					return
				}
				mu.Lock()
				won[c.Version()]++
				mu.Unlock()
				return
			}
		})
	}
	all.Wait()
	for version, n := range won {
		if n != 1 {
			t.Errorf("%d officers took a step on version %d", n, version)
		}
	}
	c, err := o.Case(t.Context(), office, code)
	if err != nil || c.Version() != officers+2 || len(won) != officers {
		t.Fatalf("version %d, %d steps, %v", c.Version(), len(won), err)
	}
	notes := map[string]bool{}
	for _, e := range c.Events[2:] {
		notes[e.Note] = true
		if e.Note != "ghi chú của "+e.By.Account {
			t.Errorf("%q by %s", e.Note, e.By.Account)
		}
	}
	if len(notes) != officers {
		t.Errorf("%d notes of %d", len(notes), officers)
	}
}

// TestStepsAreKept: what a step does to a case is what is read again.
func TestStepsAreKept(t *testing.T) {
	o := openSite(t)
	for i, kind := range []feedback.Kind{feedback.Petition, feedback.Denunciation} {
		r := o.add(t, keyed(kind, i))
		unit := land
		if kind == feedback.Denunciation {
			unit = inspect
		}
		o.step(t, r.Case.Code, feedback.Classify, inspection, feedback.StepInput{Kind: kind})
		o.step(t, r.Case.Code, feedback.Assign, inspection, feedback.StepInput{Unit: unit})
		o.step(t, r.Case.Code, feedback.Ask, inspection, feedback.StepInput{Message: "?", Note: "n"})
		after := o.step(t, r.Case.Code, feedback.Answer, inspection, feedback.StepInput{Message: "Đã có kết quả.", Version: 4})
		c, err := o.another(t).Case(t.Context(), inspection, r.Case.Code)
		if err != nil {
			t.Fatal(err)
		}
		if c.Version() != 5 || c.Status != feedback.Answered || !c.DueAt.Equal(after.DueAt) || !reflect.DeepEqual(c.Clock.Days, after.Clock.Days) ||
			len(c.Pauses) != 1 || c.Events[3].Note != "n" || c.Events[3].By != after.Events[3].By || c.Unit != unit || c.Content != r.Case.Content {
			t.Errorf("%s: %+v\n%+v", kind, c, after)
		}
		if _, err := o.Apply(t.Context(), r.Case, reply(t, o, r.Case)); !errors.Is(err, feedback.ErrStale) {
			t.Errorf("%s: a step on the first version: %v", kind, err)
		}
	}
}

func reply(t *testing.T, o *site, c *feedback.Case) feedback.Event {
	t.Helper()
	e, err := c.Reply("!", o.Rules(), noon)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestLostAnswer: the same event stored already is not told to be lost.
func TestLostAnswer(t *testing.T) {
	o := openSite(t)
	c := o.add(t, intake(feedback.Petition)).Case
	e := reply(t, o, c)
	for range 2 {
		after, err := o.Apply(t.Context(), c, e)
		if err != nil || after.Version() != 2 {
			t.Fatalf("%v", err)
		}
	}
	if _, err := o.Apply(t.Context(), c, func() feedback.Event { e, _ := c.Reply("?", o.Rules(), noon); return e }()); !errors.Is(err, feedback.ErrStale) {
		t.Errorf("another event: %v", err)
	}
}

// TestWithoutKeys: nothing is taken in that could not be opened again.
func TestWithoutKeys(t *testing.T) {
	o := openSite(t)
	petition, denunciation := o.add(t, keyed(feedback.Petition, 1)).Case, o.add(t, keyed(feedback.Denunciation, 2)).Case
	for name, ring := range map[string]*feedback.Ring{"no keys": nil, "other keys": func() *feedback.Ring { r, _ := feedback.NewRing(feedback.NewKey()); return r }()} {
		o.UseKeys(ring)
		if ring == nil {
			if _, err := o.try(t, keyed(feedback.Petition, 3)); !errors.Is(err, feedback.ErrNoKey) {
				t.Errorf("%s: added: %v", name, err)
			}
			if _, err := o.ByLookup(t.Context(), petition.Code, "x"); !errors.Is(err, feedback.ErrNoKey) {
				t.Errorf("%s: looked up: %v", name, err)
			}
		}
		if _, err := o.Contact(desk, petition); !errors.Is(err, feedback.ErrNoKey) {
			t.Errorf("%s: contact: %v", name, err)
		}
		if _, err := o.Case(t.Context(), inspection, denunciation.Code); !errors.Is(err, feedback.ErrNoKey) {
			t.Errorf("%s: denunciation: %v", name, err)
		}
		if _, err := o.Case(t.Context(), desk, petition.Code); err != nil {
			t.Errorf("%s: petition: %v", name, err)
		}
	}
}
