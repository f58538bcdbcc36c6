package feedback_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/seeds"
)

// retained is a site with the shipped times, and o.Rules with them.
func retained(t *testing.T) *site {
	t.Helper()
	o := openSite(t)
	d, err := seeds.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, added := range []int{len(d.Retention), 0} {
		if change, err := o.MergeRetention(t.Context(), d.Retention); err != nil || change.Added != added || change.Added+change.Unchanged != len(feedback.Kinds) {
			t.Fatalf("%+v, %v", change, err)
		}
	}
	other := slices.Clone(d.Retention[:1])
	other[0].Months++
	if change, err := o.MergeRetention(t.Context(), other); err != nil || len(change.Differ) != 1 {
		t.Errorf("another time under the same name: %+v, %v", change, err)
	}
	o.Store = o.another(t)
	if err := o.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	return o
}

// told are words that stand in one place of a case each.
var told = []string{"tiêuđềriêng", "nộidungriêng", "hồsơriêng", "cánbộriêng", "tệpriêng", "ghichúriêng", "trảlờiriêng", "côngkhairiêng", "nhậnxétriêng", "tinnhắnriêng"}

// wordy is a case with something everywhere, at its end.
func (o *site) wordy(t testing.TB, kind feedback.Kind, n int) *feedback.Receipt {
	t.Helper()
	in := keyed(kind, n)
	in.Subject, in.Content, in.Dossier, in.About.Officer = told[0], told[1], told[2], told[3]
	in.Contact.Email = "hoa@example.vn"
	in.Files = []*feedback.File{smallPDF(t, told[4]+".pdf"), bigPDF(t, "lớn.pdf", "x")}
	r := o.add(t, in)
	o.step(t, r.Case.Code, feedback.Classify, inspection, feedback.StepInput{Kind: kind, Note: told[5]})
	reply := func(say func(*feedback.Case) (feedback.Event, error)) {
		c, err := o.ByLookup(t.Context(), r.Case.Code, r.Secret)
		if err != nil {
			t.Fatal(err)
		}
		e, err := say(c)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.Apply(t.Context(), c, e); err != nil {
			t.Fatal(err)
		}
	}
	reply(func(c *feedback.Case) (feedback.Event, error) {
		return c.Reply(told[9], o.Rules(), noon.Add(2*time.Hour))
	})
	o.step(t, r.Case.Code, feedback.Answer, inspection, feedback.StepInput{Message: told[6]})
	if kind != feedback.Denunciation {
		o.step(t, r.Case.Code, feedback.Publish, inspection, feedback.StepInput{Message: told[7]})
	}
	reply(func(c *feedback.Case) (feedback.Event, error) {
		return c.Rate(feedback.RatingInput{Solved: feedback.SolvedPartly, Level: 3, Comment: told[8]}, o.Rules(), noon.Add(3*time.Hour))
	})
	o.step(t, r.Case.Code, feedback.Close, inspection, feedback.StepInput{})
	return r
}

// eraser is whose the erasure of the kind is.
func eraser(kind feedback.Kind) feedback.Officer {
	if kind == feedback.Denunciation {
		return inspection
	}
	return office
}

func (o *site) erasure(t testing.TB, r *feedback.Receipt) (*feedback.Case, feedback.Event) {
	t.Helper()
	c, err := o.Case(t.Context(), eraser(r.Case.Kind), r.Case.Code)
	if err != nil {
		t.Fatal(err)
	}
	e, err := c.Erase(eraser(r.Case.Kind), feedback.ReasonRequest, o.Rules(), noon.AddDate(0, 0, 1))
	if err != nil {
		t.Fatal(err)
	}
	return c, e
}

// erase erases a case as the office does.
func (o *site) erase(t testing.TB, c *feedback.Case, e feedback.Event) error {
	t.Helper()
	return errors.Join(o.TakeWords(t.Context(), c, e), o.EndErasures(t.Context()))
}

// onDisk says which of the words stand in any file of the database.
func (o *site) onDisk(t testing.TB, words ...string) (found []string) {
	t.Helper()
	files, err := filepath.Glob(o.file + "*")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range words {
			if strings.Contains(string(b), w) && !slices.Contains(found, w) {
				found = append(found, w)
			}
		}
	}
	return found
}

// checkErased: nothing that anybody wrote is left, for nobody and nowhere; the
// sender is told; no figure has changed.
func (o *site) checkErased(t *testing.T, r *feedback.Receipt, figures *feedback.Figures) {
	t.Helper()
	kind := r.Case.Kind
	c, err := o.Case(t.Context(), inspection, r.Case.Code)
	if err != nil || !c.Erased() || c.Subject+c.Content+c.Dossier+c.About.Officer+c.Rating.Comment+c.Publication.Text != "" || c.Contact != nil || c.Files != nil {
		t.Fatalf("left is %+v, %v", c, err)
	}
	for _, e := range c.Events {
		if e.Note+e.Message+e.To != "" {
			t.Errorf("left is %+v", e)
		}
	}
	if c.Kind != kind || c.Area != r.Case.Area || c.Status != feedback.Closed || c.Rating.Solved != feedback.SolvedPartly || c.Rating.Level != 3 || c.Erasure.Reason != feedback.ReasonRequest {
		t.Errorf("%+v", c)
	}
	if n, err := o.Pieces(t.Context()); n != 0 || err != nil {
		t.Errorf("%d pieces are left, %v", n, err)
	}
	if left, err := o.Erasing(t.Context(), kind, r.Case.Code); !left.Done || left.Files != nil || err != nil {
		t.Errorf("it goes on: %+v, %v", left, err)
	}
	if found := o.onDisk(t, told...); found != nil {
		t.Errorf("on disk are %v", found)
	}
	mine, err := o.ByLookup(t.Context(), r.Case.Code, r.Secret)
	if err != nil {
		t.Fatal(err)
	}
	if p := feedback.PublicView(mine, noon.AddDate(0, 0, 2)); p.ErasedAt.IsZero() || p.CanReply || p.CanRate || p.CanReopen {
		t.Errorf("its sender sees %+v %t %t %t", p.ErasedAt, p.CanReply, p.CanRate, p.CanReopen)
	}
	for _, who := range []feedback.Officer{desk, unit, inspection, office} {
		if steps := feedback.Allowed(c, who); steps != nil {
			t.Errorf("the %s may %v", who.Role, steps)
		}
	}
	now, err := o.Figures(t.Context(), inspection, feedback.FigureQuery{Kind: kind, By: feedback.ByArea}, noon.AddDate(0, 0, 2))
	if err != nil || !reflect.DeepEqual(now, figures) {
		t.Errorf("the figures are %+v, were %+v, %v", now, figures, err)
	}
}

func (o *site) figures(t *testing.T, kind feedback.Kind) *feedback.Figures {
	t.Helper()
	f, err := o.Figures(t.Context(), inspection, feedback.FigureQuery{Kind: kind, By: feedback.ByArea}, noon.AddDate(0, 0, 2))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestErase: of every kind, and found on disk before.
func TestErase(t *testing.T) {
	for _, kind := range feedback.Kinds {
		t.Run(string(kind), func(t *testing.T) {
			o := retained(t)
			other := o.add(t, keyed(kind, 1))
			r := o.wordy(t, kind, 2)
			if found := o.onDisk(t, told...); kind != feedback.Denunciation && len(found) != len(told) {
				t.Fatalf("before, on disk are only %v", found)
			}
			before := o.figures(t, kind)
			c, e := o.erasure(t, r)
			if err := o.erase(t, c, e); err != nil {
				t.Fatal(err)
			}
			o.checkErased(t, r, before)
			if err := o.erase(t, c, e); err != nil { // the same again
				t.Error(err)
			}
			gone, err := o.Case(t.Context(), eraser(kind), r.Case.Code)
			if err != nil || gone.Version() != c.Version()+1 {
				t.Errorf("%d events, %v", gone.Version(), err)
			}
			if _, err := gone.Erase(eraser(kind), feedback.ReasonRequest, o.Rules(), noon); !errors.Is(err, feedback.ErrErased) {
				t.Errorf("once more: %v", err)
			}
			if c, err := o.Case(t.Context(), inspection, other.Case.Code); err != nil || c.Content != other.Case.Content {
				t.Errorf("another case: %v", err)
			}
		})
	}
}

// TestErasureCutOff kills an erasure after each of its writes; the next start
// brings it to its end, twice as well as once.
func TestErasureCutOff(t *testing.T) {
	for _, kind := range []feedback.Kind{feedback.Petition, feedback.Denunciation} {
		for writes := 1; writes <= 5; writes++ {
			o := retained(t)
			r := o.wordy(t, kind, 1)
			before := o.figures(t, kind)
			c, e := o.erasure(t, r)
			if err := o.BeginErasure(t.Context(), c, e, writes); err != nil {
				t.Fatal(err)
			}
			now, err := o.Case(t.Context(), inspection, r.Case.Code)
			if err != nil || now.Content != "" {
				t.Errorf("%s, after %d writes it is read: %v", kind, writes, err)
			}
			if list := o.list(t, inspection, feedback.Filter{Kind: kind, State: feedback.Running}); list != nil {
				t.Errorf("it runs: %v", list)
			}
			next := o.another(t)
			if err := errors.Join(next.Settle(t.Context()), next.Settle(t.Context())); err != nil {
				t.Fatal(err)
			}
			o.checkErased(t, r, before)
		}
	}
}

// TestEraseBesideOthers: a server that is killed leaves nothing for a reader that
// holds an old state of the database, and a change of keys meanwhile loses nothing.
func TestEraseBesideOthers(t *testing.T) {
	o := retained(t)
	r := o.wordy(t, feedback.Petition, 1)
	before := o.figures(t, feedback.Petition)
	c, e := o.erasure(t, r)
	o.keys = append(o.keys, feedback.NewKey())
	o.UseKeys(o.ring(t))
	if _, err := o.Reseal(t.Context(), noon, func(feedback.Resealed) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if err := o.erase(t, c, e); err != nil {
		t.Fatal(err)
	}
	o.checkErased(t, r, before)
	if list := o.list(t, inspection, feedback.Filter{Phone: "0905123456"}); list != nil {
		t.Errorf("found by phone: %v", list)
	}
}

// TestWhoMayErase: each kind by the one role, what is over, and once.
func TestWhoMayErase(t *testing.T) {
	o := retained(t)
	for i, kind := range feedback.Kinds {
		running := o.add(t, keyed(kind, i)).Case
		over := o.step(t, o.add(t, keyed(kind, 10+i)).Case.Code, feedback.Withdraw, inspection, feedback.StepInput{})
		for _, who := range []feedback.Officer{desk, unit, inspection, office, leader, admin} {
			var want error
			switch {
			case !feedback.Visible(who, over).Read:
				want = feedback.ErrNoCase
			case who.Role != eraser(kind).Role:
				want = feedback.ErrRole
			}
			if _, err := over.Erase(who, feedback.ReasonRequest, o.Rules(), noon); !errors.Is(err, want) {
				t.Errorf("%s by the %s: %v, not %v", kind, who.Role, err, want)
			}
			if want == nil {
				want = feedback.ErrNotOver
			}
			if _, err := running.Erase(who, feedback.ReasonRequest, o.Rules(), noon); !errors.Is(err, want) {
				t.Errorf("running %s by the %s: %v, not %v", kind, who.Role, err, want)
			}
		}
		if _, err := over.Erase(eraser(kind), feedback.ReasonExpired, o.Rules(), noon.AddDate(0, 2, 0)); !errors.Is(err, feedback.ErrNotExpired) {
			t.Errorf("%s, before its time: %v", kind, err)
		}
		if _, err := over.Erase(eraser(kind), feedback.ReasonExpired, o.Rules(), noon.AddDate(16, 0, 0)); err != nil {
			t.Errorf("%s, after its time: %v", kind, err)
		}
	}
}

// TestKept: until when, by the row of the day on which the case ended.
func TestKept(t *testing.T) {
	row := func(id string, months int, from, to catalogue.Date) feedback.Retention {
		return feedback.Retention{ID: id, Kind: feedback.Petition, Months: months, Validity: catalogue.Validity{From: from, To: to}}
	}
	rules := &feedback.Rules{Retention: []feedback.Retention{row("a", 24, "2026-01-01", ""), row("b", 12, "2027-01-01", ""), row("c", 1, "2028-01-01", "2028-01-31")}}
	over := func(on string) *feedback.Case {
		at, err := time.Parse(time.DateOnly, on)
		if err != nil {
			t.Fatal(err)
		}
		return &feedback.Case{Kind: feedback.Petition, Status: feedback.Closed, Events: []feedback.Event{{At: at}}}
	}
	for _, tt := range []struct {
		on, until string
		by        string
	}{
		{"2026-06-30", "2028-06-30", "a"}, {"2027-01-01", "2028-01-01", "b"}, {"2028-01-15", "2028-02-15", "c"}, {"2028-02-01", "2029-02-01", "b"},
		{"2025-05-05", "2027-05-05", "a"},
	} {
		until, by := rules.Kept(over(tt.on))
		if string(until) != tt.until || by == nil || by.ID != tt.by {
			t.Errorf("ended on %s, kept until %s by %+v", tt.on, until, by)
		}
		if rules.Expired(over(tt.on), until) || !rules.Expired(over(tt.on), until.AddDays(1)) {
			t.Errorf("ended on %s: expired on another day than the one after %s", tt.on, until)
		}
	}
	for name, c := range map[string]*feedback.Case{
		"running": {Kind: feedback.Petition, Status: feedback.Assigned, Events: over("2026-01-01").Events},
		"erased":  {Kind: feedback.Petition, Status: feedback.Closed, Events: over("2026-01-01").Events, Erasure: feedback.Erasure{At: noon}},
		"praise":  {Kind: feedback.Praise, Status: feedback.Closed, Events: over("2026-01-01").Events},
	} {
		if until, by := rules.Kept(c); by != nil || until != "" || rules.Expired(c, "2099-01-01") {
			t.Errorf("%s is kept until %s", name, until)
		}
	}
}

// TestExpired lists what may go, to whoever may erase it, and changes nothing.
func TestExpired(t *testing.T) {
	o := retained(t)
	var codes []string
	for i, kind := range feedback.Kinds {
		c := o.step(t, o.add(t, keyed(kind, i)).Case.Code, feedback.Withdraw, inspection, feedback.StepInput{})
		codes = append(codes, c.Code)
	}
	o.add(t, keyed(feedback.Petition, 9))
	lists := func(who feedback.Officer, on catalogue.Date) (got []string) {
		list, n, err := o.Expired(context.Background(), who, on, 3)
		if err != nil || len(list) != min(n, 3) {
			t.Fatal(n, err)
		}
		for _, k := range list {
			got = append(got, k.Case.Code)
		}
		slices.Sort(got)
		return got
	}
	ofKinds := func(kinds ...feedback.Kind) (want []string) {
		for i, k := range feedback.Kinds {
			if slices.Contains(kinds, k) {
				want = append(want, codes[i])
			}
		}
		slices.Sort(want)
		return want
	}
	for _, tt := range []struct {
		who  feedback.Officer
		on   catalogue.Date
		want []string
	}{
		{office, "2026-12-01", nil}, {office, "2027-12-01", ofKinds(feedback.Question, feedback.Praise)},
		{office, "2029-01-01", ofKinds(feedback.Question, feedback.Praise, feedback.Petition)},
		{inspection, "2029-01-01", nil}, {inspection, "2042-01-01", ofKinds(feedback.Denunciation)},
		{leader, "2042-01-01", nil}, {admin, "2042-01-01", nil}, {desk, "2042-01-01", nil},
	} {
		if got := lists(tt.who, tt.on); !slices.Equal(got, tt.want) {
			t.Errorf("on %s, the %s: %v, not %v", tt.on, tt.who.Role, got, tt.want)
		}
	}
}
