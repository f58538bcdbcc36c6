package feedback_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"sipas/feedback"
)

// planted are words that stand in every field of what plant sends.
var planted = []string{"quaxanh", "chuotvang", "meotrang", "chimsau", "camuoi", "cuabien", "tomhum", "ocsen", "bachtuoc", "0911 222 333", "ghichukin", "nhannhu"}

func plant(t *testing.T, kind feedback.Kind) feedback.Intake {
	t.Helper()
	file, err := feedback.ReadFile("ocsen.pdf", []byte("%PDF-1.7\nbachtuoc\n%%EOF"))
	if err != nil {
		t.Fatal(err)
	}
	in := intake(kind)
	in.Subject, in.Content, in.About.Officer, in.Dossier = "quaxanh", "chuotvang "+strings.Repeat("dài ", 300), "ong meotrang", "chimsau-1"
	in.Contact = feedback.Contact{Name: "camuoi", Phone: "0911 222 333", Email: "cuabien@example.vn", Address: "tomhum"}
	in.Files = []*feedback.File{file}
	return in
}

// inFiles returns which of the words stand in the database's files.
func (o *site) inFiles(t *testing.T, words []string) (found []string) {
	t.Helper()
	for _, end := range []string{"", "-wal"} {
		b, err := os.ReadFile(o.file + end)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range words {
			if bytes.Contains(b, []byte(w)) {
				found = append(found, w)
			}
		}
	}
	return found
}

// TestNothingIsLeftInTheFile: what somebody wrote as a petition is in no file any
// more once it has become a denunciation, also if the server is killed on the
// way, between any two writes.
func TestNothingIsLeftInTheFile(t *testing.T) {
	for name, move := range map[string]func(*testing.T, *site, *feedback.Case, feedback.Event) error{
		"moved": func(t *testing.T, o *site, c *feedback.Case, e feedback.Event) error {
			_, err := o.Apply(t.Context(), c, e)
			return err
		},
		"killed after the first write": func(t *testing.T, o *site, c *feedback.Case, e feedback.Event) error {
			_, err := o.BeginMove(t.Context(), c, e, 1)
			return err
		},
		"killed after the second write": func(t *testing.T, o *site, c *feedback.Case, e feedback.Event) error {
			_, err := o.BeginMove(t.Context(), c, e, 2)
			return err
		},
		"killed before the traces are wiped": func(t *testing.T, o *site, c *feedback.Case, e feedback.Event) error {
			_, err := o.BeginMove(t.Context(), c, e, 3)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := openSite(t)
			for n := range 40 {
				in := keyed(feedback.Petition, n)
				in.Content = strings.Repeat("bình thường ", 20*(n%7)) + "."
				o.add(t, in)
			}
			r := o.add(t, plant(t, feedback.Petition))
			c := o.step(t, r.Case.Code, feedback.Classify, desk, feedback.StepInput{Kind: feedback.Petition, Note: "ghichukin"})
			c = o.step(t, c.Code, feedback.Ask, desk, feedback.StepInput{Message: "Hỏi thêm"})
			e, err := c.Reply("nhannhu", o.Rules(), noon)
			if err != nil {
				t.Fatal(err)
			}
			if c, err = o.Apply(t.Context(), c, e); err != nil {
				t.Fatal(err)
			}
			for n := range 40 {
				o.add(t, keyed(feedback.Petition, 100+n))
			}
			if found := o.inFiles(t, planted[:2]); len(found) == 0 {
				t.Fatal("a petition is not where the test looks")
			}
			if err := move(t, o, c, o.reclassify(t, c, desk, feedback.Denunciation)); err != nil {
				t.Fatal(err)
			}
			if name != "moved" {
				next := o.another(t)
				if err := next.Settle(t.Context()); err != nil {
					t.Fatal(err)
				}
				if err := next.Wipe(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if found := o.inFiles(t, planted); found != nil {
				t.Errorf("in the files: %q", found)
			}
			if secret, err := o.Case(t.Context(), inspection, c.Code); err != nil || secret.Subject != "quaxanh" || secret.Version() != 5 {
				t.Errorf("the inspection reads %+v, %v", secret, err)
			}
			if n := len(o.list(t, office, feedback.Filter{})); n != 80 {
				t.Errorf("of the other 80 there are %d", n)
			}
		})
	}
}

// TestDenunciationIsSealed: of one that comes as one no word is ever in a file.
func TestDenunciationIsSealed(t *testing.T) {
	o := openSite(t)
	r := o.add(t, plant(t, feedback.Denunciation))
	o.step(t, r.Case.Code, feedback.Classify, inspection, feedback.StepInput{Kind: feedback.Denunciation, Note: "ghichukin"})
	if found := o.inFiles(t, planted); found != nil {
		t.Errorf("in the files: %q", found)
	}
}
