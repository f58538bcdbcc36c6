package feedback_test

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"sipas/feedback"
)

// bigPDF is one of several pieces that no compression makes smaller.
func bigPDF(t testing.TB, name string, mark string) *feedback.File {
	t.Helper()
	r := rand.New(rand.NewPCG(1, uint64(len(name))))
	b := bytes.NewBufferString("%PDF-1.7\n" + mark)
	for b.Len() < 3<<20+17 {
		b.WriteByte(byte(r.Uint32()))
	}
	b.WriteString("\n%%EOF")
	f, err := feedback.ReadFile(name, b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestFilesOfACase: they come back whole, with either kind of case, after a move
// too, and only with the case that they belong to.
func TestFilesOfACase(t *testing.T) {
	o := openSite(t)
	for i, kind := range []feedback.Kind{feedback.Petition, feedback.Denunciation} {
		in := keyed(kind, i)
		in.Files = []*feedback.File{bigPDF(t, "đơn.pdf", "ZZQUXFILE"), bigPDF(t, "phụ lục.pdf", "ZZQUXMORE")}
		r := o.add(t, in)
		other := o.add(t, keyed(kind, 10+i)).Case
		if kind == feedback.Petition {
			if _, err := o.Apply(t.Context(), r.Case, o.reclassify(t, r.Case, desk, feedback.Denunciation)); err != nil {
				t.Fatal(err)
			}
		}
		c, err := o.ByLookup(t.Context(), r.Case.Code, r.Secret)
		if err != nil || len(c.Files) != 2 || c.Files[0].Name != "đơn.pdf" || c.Files[0].Pieces != 4 {
			t.Fatalf("%s: %+v, %v", kind, c.Files, err)
		}
		for n, f := range c.Files {
			_, content, err := o.File(t.Context(), c, f.ID)
			if err != nil || len(content) != f.Size || !bytes.Contains(content[:30], []byte([]string{"ZZQUXFILE", "ZZQUXMORE"}[n])) || !bytes.HasSuffix(content, []byte("%%EOF")) {
				t.Errorf("%s, %s: %d bytes, %v", kind, f.Name, len(content), err)
			}
			if _, _, err := o.File(t.Context(), other, f.ID); !errors.Is(err, feedback.ErrNoFile) {
				t.Errorf("%s: with another case: %v", kind, err)
			}
		}
		if again := o.add(t, in); !again.Again || again.Case.Code != r.Case.Code {
			t.Errorf("%s: sent again: %+v", kind, again)
		}
		fewer := in
		fewer.Files = in.Files[:1]
		if _, err := o.try(t, fewer); !errors.Is(err, feedback.ErrKeyReused) {
			t.Errorf("%s: with another file: %v", kind, err)
		}
	}
	db := o.raw(t)
	for _, mark := range []string{"ZZQUXFILE", "ZZQUXMORE"} {
		if bytes.Contains(db, []byte(mark)) { // long enough not to be met by chance in what is sealed
			t.Errorf("the database has %s in the clear", mark)
		}
	}
}

func TestTooManyFiles(t *testing.T) {
	in := intake(feedback.Petition)
	f := bigPDF(t, "a.pdf", "")
	for range 6 {
		in.Files = append(in.Files, f)
	}
	if _, err := feedback.New(in, shipped(t), noon); message(err) != "invalid: files too_many" {
		t.Errorf("%v", err)
	}
}

// TestRequestCutOffAmongItsFiles: no case is ever without its files. One that was
// cut off before its case was stored leaves pieces; sent again it finds them, and
// else they are swept away.
func TestRequestCutOffAmongItsFiles(t *testing.T) {
	o := openSite(t)
	kept := keyed(feedback.Petition, 1)
	kept.Files = []*feedback.File{bigPDF(t, "a.pdf", "")}
	stays := o.add(t, kept).Case

	for i, again := range []bool{true, false} {
		in := keyed(feedback.Complaint, 2+i)
		in.Files = []*feedback.File{bigPDF(t, "b.pdf", "")}
		d, err := feedback.New(in, o.Rules(), noon)
		if err != nil {
			t.Fatal(err)
		}
		if err := o.PutFilesOnly(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		if list := o.list(t, inspection, feedback.Filter{Kind: feedback.Complaint}); len(list) != i {
			t.Errorf("%d complaints", len(list))
		}
		if again {
			r := o.add(t, in)
			if _, content, err := o.File(t.Context(), r.Case, r.Case.Files[0].ID); err != nil || !strings.HasSuffix(string(content), "%%EOF") {
				t.Errorf("sent again: %v", err)
			}
		}
	}
	for _, tt := range []struct {
		after time.Duration
		want  int
	}{{23 * time.Hour, 0}, {25 * time.Hour, 4}, {26 * time.Hour, 0}} {
		if n, err := o.Sweep(t.Context(), noon.Add(tt.after)); err != nil || n != tt.want {
			t.Errorf("after %s: %d pieces, %v", tt.after, n, err)
		}
	}
	if _, _, err := o.File(context.Background(), stays, stays.Files[0].ID); err != nil {
		t.Errorf("a file of a case was swept away: %v", err)
	}
}
