package survey

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sipas/internal/catalogue"
	"sipas/internal/store"
)

// sealedWeek is an archive with five sealed days of eight answers each.
func sealedWeek(t *testing.T) *archive {
	t.Helper()
	c := &clock{at: at("2026-06-01", 9, 0)}
	a := openArchive(t, filepath.Join(t.TempDir(), "x.db"), c)
	for day := range 5 {
		a.answer(4)
		c.set(c.now().Add(time.Minute))
		a.answer(4)
		c.set(at(catalogue.Date("2026-06-02").AddDays(day), 9, 0))
		a.seal()
	}
	if v, b := a.verify(); b != nil || v.Days != 5 || v.Responses != 40 {
		t.Fatalf("%+v %v", v, b)
	}
	return a
}

// some returns an answer of the third day, and that day's seal as stored.
func (a *archive) some() (*storedResponse, *storedSeal) {
	a.t.Helper()
	seal, err := a.store.sealed.seals.Get(a.t.Context(), "2026-06-03")
	if err != nil {
		a.t.Fatal(err)
	}
	ids, _, err := a.store.list(a.t.Context(), seal.Pieces[0])
	if err != nil {
		a.t.Fatal(err)
	}
	r, err := a.store.responses.Get(a.t.Context(), ids[2])
	if err != nil {
		a.t.Fatal(err)
	}
	return r, seal
}

// put stores a document in the place of another, as somebody with the database
// in their hands would.
func put[T any](t *testing.T, c *store.Collection[T], id string, doc *T) {
	t.Helper()
	if err := c.Delete(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if err := c.Insert(t.Context(), doc); err != nil {
		t.Fatal(err)
	}
}

func TestTamperingIsFoundAndNamed(t *testing.T) {
	tests := []struct {
		name  string
		do    func(t *testing.T, a *archive) (id string)
		fault Fault
		day   catalogue.Date
	}{
		{"change an answer", func(t *testing.T, a *archive) string {
			r, _ := a.some()
			r.Answers[0].Value = 1 + r.Answers[0].Value%5
			put(t, a.store.responses, r.Doc.ID, r)
			return r.Doc.ID
		}, FaultChanged, "2026-06-03"},
		{"change what is in no column", func(t *testing.T, a *archive) string {
			r, _ := a.some()
			r.Extra[0].Value = "1"
			put(t, a.store.responses, r.Doc.ID, r)
			return r.Doc.ID
		}, FaultChanged, "2026-06-03"},
		{"remove an answer", func(t *testing.T, a *archive) string {
			r, _ := a.some()
			if err := a.store.responses.Delete(t.Context(), r.Doc.ID); err != nil {
				t.Fatal(err)
			}
			return r.Doc.ID
		}, FaultMissing, "2026-06-03"},
		{"add an answer", func(t *testing.T, a *archive) string {
			r, _ := a.some()
			r.Doc.ID = "forged-answer"
			if err := a.store.responses.Insert(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			return r.Doc.ID
		}, FaultAdded, "2026-06-03"},
		{"re-date an answer", func(t *testing.T, a *archive) string {
			r, _ := a.some()
			r.ReceivedAt = r.ReceivedAt.AddDate(0, 0, 1)
			put(t, a.store.responses, r.Doc.ID, r)
			return r.Doc.ID
		}, FaultChanged, "2026-06-03"},
		{"reorder answers", func(t *testing.T, a *archive) string {
			_, seal := a.some()
			p := a.piece(seal.Pieces[0])
			p.ids[1], p.ids[5] = p.ids[5], p.ids[1]
			p.leaves[1], p.leaves[5] = p.leaves[5], p.leaves[1]
			a.replacePiece(seal, p)
			return ""
		}, FaultOrder, "2026-06-03"},
		{"drop an answer from the list and the columns", func(t *testing.T, a *archive) string {
			_, seal := a.some()
			p := a.piece(seal.Pieces[0])
			p.ids, p.leaves = p.ids[:7], p.leaves[:7]
			a.replacePiece(seal, p)
			return ""
		}, FaultSegment, "2026-06-03"},
		{"replace the columns of a segment", func(t *testing.T, a *archive) string {
			_, seal := a.some()
			p := a.piece(seal.Pieces[0])
			p.segment.tallies[0].overall = 1 + p.segment.tallies[0].overall%5
			a.replacePiece(seal, p)
			return ""
		}, FaultSegment, "2026-06-03"},
		{"change a segment in place", func(t *testing.T, a *archive) string {
			_, seal := a.some()
			s, err := a.store.sealed.segments.Get(t.Context(), seal.Pieces[0])
			if err != nil {
				t.Fatal(err)
			}
			s.Answers[0] = 1 + s.Answers[0]%5
			put(t, a.store.sealed.segments, s.ID, s)
			return ""
		}, FaultSegment, "2026-06-03"},
		{"remove a segment", func(t *testing.T, a *archive) string {
			_, seal := a.some()
			if err := a.store.sealed.segments.Delete(t.Context(), seal.Pieces[0]); err != nil {
				t.Fatal(err)
			}
			return ""
		}, FaultSegment, "2026-06-03"},
		{"rewrite a seal", func(t *testing.T, a *archive) string {
			_, seal := a.some()
			seal.Root = strings.Repeat("ab", 32)
			put(t, a.store.sealed.seals, seal.ID, seal)
			return ""
		}, FaultSeal, "2026-06-03"},
		{"rewrite a seal with its hash", func(t *testing.T, a *archive) string {
			_, seal := a.some()
			seal.Root = strings.Repeat("ab", 32)
			seal.Seal = seal.seal().hashed()
			put(t, a.store.sealed.seals, seal.ID, seal)
			return ""
		}, FaultRoot, "2026-06-03"},
		{"let a seal follow another chain", func(t *testing.T, a *archive) string {
			_, seal := a.some()
			seal.Previous = strings.Repeat("cd", 32)
			seal.Seal = seal.seal().hashed()
			put(t, a.store.sealed.seals, seal.ID, seal)
			return ""
		}, FaultChain, "2026-06-03"},
		{"remove a seal", func(t *testing.T, a *archive) string {
			_, seal := a.some()
			if err := a.store.sealed.seals.Delete(t.Context(), seal.ID); err != nil {
				t.Fatal(err)
			}
			return ""
		}, FaultChain, "2026-06-03"},
		{"list an answer on two days", func(t *testing.T, a *archive) string {
			r, _ := a.some()
			seal, err := a.store.sealed.seals.Get(t.Context(), "2026-06-04")
			if err != nil {
				t.Fatal(err)
			}
			response, err := r.decode()
			if err != nil {
				t.Fatal(err)
			}
			p := a.piece(seal.Pieces[0])
			p.ids, p.leaves = append(p.ids, r.Doc.ID), append(p.leaves, leafHash(response))
			a.replacePiece(seal, p)
			return r.Doc.ID
		}, FaultTwice, "2026-06-04"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := sealedWeek(t)
			id := tt.do(t, a)
			_, b := a.verify()
			if b == nil || b.Fault != tt.fault || b.Day != tt.day || b.Response != id {
				t.Errorf("found %+v, want %s on %s in %q", b, tt.fault, tt.day, id)
			}
		})
	}
}

func (a *archive) piece(id string) *piece {
	a.t.Helper()
	segment, err := a.store.segment(a.t.Context(), id)
	if err != nil {
		a.t.Fatal(err)
	}
	ids, leaves, err := a.store.list(a.t.Context(), id)
	if err != nil {
		a.t.Fatal(err)
	}
	return &piece{segment, ids, leaves}
}

// replacePiece stores another piece under its own digest and lets the seal name
// it, without touching the seal's value.
func (a *archive) replacePiece(seal *storedSeal, p *piece) {
	a.t.Helper()
	segment, list := p.store()
	if err := a.store.sealed.segments.Insert(a.t.Context(), segment); err != nil {
		a.t.Fatal(err)
	}
	if err := a.store.sealed.lists.Insert(a.t.Context(), list); err != nil {
		a.t.Fatal(err)
	}
	seal.Pieces = []string{segment.ID}
	put(a.t, a.store.sealed.seals, seal.ID, seal)
}

// TestRewrittenChainIsFoundByAKeptSeal changes an answer and makes everything
// after it fit: only a seal kept elsewhere shows it.
func TestRewrittenChainIsFoundByAKeptSeal(t *testing.T) {
	a := sealedWeek(t)
	kept := a.seals()
	r, _ := a.some()
	r.Overall = 1 + r.Overall%5
	put(t, a.store.responses, r.Doc.ID, r)
	previous := kept[1].Seal
	for _, old := range kept[2:] {
		d, err := a.store.sealed.seals.Get(t.Context(), string(old.Date))
		if err != nil {
			t.Fatal(err)
		}
		p := a.piece(d.Pieces[0])
		var responses []*Response
		for _, id := range p.ids {
			x, err := a.store.stored(t.Context(), id, false)
			if err != nil {
				t.Fatal(err)
			}
			responses = append(responses, x)
		}
		made, leaves := makePieces(old.Date, responses, a.store.Questionnaire)
		segment, list := made[0].store()
		if segment.ID != d.Pieces[0] {
			if err := a.store.sealed.segments.Insert(t.Context(), segment); err != nil {
				t.Fatal(err)
			}
			if err := a.store.sealed.lists.Insert(t.Context(), list); err != nil {
				t.Fatal(err)
			}
		}
		d.Pieces, d.Root, d.Previous = []string{segment.ID}, merkleRoot(leaves).String(), previous
		d.Seal = d.seal().hashed()
		previous = d.Seal
		put(t, a.store.sealed.seals, d.ID, d)
	}
	if _, b := a.verify(); b != nil {
		t.Fatalf("the chain was to be rewritten whole: %v", b)
	}
	if _, b := a.verify(kept[4]); b == nil || b.Fault != FaultKept || b.Day != "2026-06-05" {
		t.Errorf("the newest kept seal finds %+v", b)
	}
	if _, b := a.verify(kept...); b == nil || b.Fault != FaultKept || b.Day != "2026-06-03" {
		t.Errorf("all kept seals find %+v", b)
	}
}

func TestCutOffChainIsFoundByAKeptSeal(t *testing.T) {
	a := sealedWeek(t)
	kept := a.seals()
	if err := a.store.sealed.seals.Delete(t.Context(), "2026-06-05"); err != nil {
		t.Fatal(err)
	}
	if _, b := a.verify(kept[4]); b == nil || b.Fault != FaultKept || b.Day != "2026-06-05" {
		t.Errorf("%+v", b)
	}
}

// commented returns the comment of an answer of the sealed week.
func (a *archive) commented() *storedComment {
	a.t.Helper()
	page, err := a.store.comments.Scan(a.t.Context(), store.Query{Index: "written", Limit: 5})
	if err != nil || len(page.Items) < 5 {
		a.t.Fatalf("%d comments, %v", len(page.Items), err)
	}
	return page.Items[4]
}

// TestFreeTextsAreThoseCommittedTo tampers with a free text, which no seal
// has in it, and blanks one as an officer may.
func TestFreeTextsAreThoseCommittedTo(t *testing.T) {
	replace := func(change func(c *storedComment)) func(*testing.T, *archive, *storedComment) {
		return func(t *testing.T, a *archive, c *storedComment) {
			change(c)
			if err := a.store.comments.Replace(t.Context(), c); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, test := range []struct {
		name  string
		do    func(*testing.T, *archive, *storedComment)
		fault Fault // "": none
	}{
		{"changed", replace(func(c *storedComment) { c.Text = "Rất tốt" }), FaultText},
		{"changed with another salt", replace(func(c *storedComment) { c.Text, c.Salt = "Rất tốt", "00" }), FaultText},
		{"changed and not compared", replace(func(c *storedComment) { c.Text, c.Salt = "Rất tốt", "" }), FaultText},
		{"changed and called blanked", replace(func(c *storedComment) { c.Text, c.Salt, c.Blanked = "Rất tốt", "", 1 }), FaultText},
		{"emptied", replace(func(c *storedComment) { c.Text, c.Salt = "", "" }), FaultText},
		{"given to another answer", replace(func(c *storedComment) { c.Response = "another" }), FaultText},
		{"put at another time", replace(func(c *storedComment) { c.WrittenAt = c.WrittenAt.AddDate(1, 0, 0) }), ""},
		{"removed", func(t *testing.T, a *archive, c *storedComment) {
			if err := a.store.comments.Delete(t.Context(), c.ID); err != nil {
				t.Fatal(err)
			}
		}, FaultNoText},
		{"tagged", replace(func(c *storedComment) { c.Tags = []string{"x"} }), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := sealedWeek(t)
			c := a.commented()
			day := catalogue.DateOf(c.WrittenAt)
			test.do(t, a, c)
			v, b := a.verify()
			switch {
			case test.fault == "" && b != nil:
				t.Error(b)
			case test.fault != "" && (b == nil || b.Fault != test.fault || b.Day != day || b.Response == "" || strings.Contains(b.Error(), "tốt")):
				t.Errorf("found %v, not %s on %s", b, test.fault, day)
			case len(v.Blanked) > 0:
				t.Errorf("%v are blanked", v.Blanked)
			}
		})
	}
}

// TestBlankedCommentKeepsTheSeal blanks a word in every text: the commitment stays
// and every seal with it.
func TestBlankedCommentKeepsTheSeal(t *testing.T) {
	a := sealedWeek(t)
	list := a.comments(CommentFilter{})
	for _, c := range list {
		if err := a.store.BlankComment(t.Context(), c, "Ông Ba"); err != nil {
			t.Fatal(err)
		}
	}
	v, b := a.verify()
	if b != nil || len(list) == 0 || len(v.Blanked) != len(list) {
		t.Fatalf("%d of %d are blanked: %v", len(v.Blanked), len(list), b)
	}
	for _, x := range v.Blanked {
		if c, err := a.store.Comment(t.Context(), x.Comment); err != nil || catalogue.DateOf(c.ReceivedAt) != x.Day {
			t.Errorf("%+v: %v", x, err)
		}
	}
}
