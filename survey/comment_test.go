package survey

import (
	"bytes"

	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"sipas/internal/fault"
)

func TestBlankOut(t *testing.T) {
	const s = "Chị Hoa, 0905 123 456, nói: gọi Hoa hoặc Hoa Lê. Hoa Lê ở quầy 3."
	for _, tt := range []struct {
		name, lines, want string
		places            int
		wrong             string
	}{
		{"a number", "0905 123 456", "Chị Hoa, […], nói: gọi Hoa hoặc Hoa Lê. Hoa Lê ở quầy 3.", 1, ""},
		{"the longer name first", "Hoa\nHoa Lê\r\n\n", "Chị […], 0905 123 456, nói: gọi […] hoặc […]. […] ở quầy 3.", 4, ""},
		{"two that overlap", "Chị Hoa, 0905\nHoa, 0905 123 456", "[…], nói: gọi Hoa hoặc Hoa Lê. Hoa Lê ở quầy 3.", 1, ""},
		{"named twice", "quầy 3\nquầy 3", "Chị Hoa, 0905 123 456, nói: gọi Hoa hoặc Hoa Lê. Hoa Lê ở […].", 1, ""},
		{"decomposed letters", "qua\u0302\u0300y 3", "Chị Hoa, 0905 123 456, nói: gọi Hoa hoặc Hoa Lê. Hoa Lê ở […].", 1, ""},
		{"nothing", " \n", s, 0, "required"},
		{"one letter", "H", s, 0, "blank_short"},
		{"written otherwise", "hoa lê", s, 0, "blank_missing"},
		{"one of two does not occur", "Hoa\nMai", s, 0, "blank_missing"},
		{"the mark itself", "…]", s, 0, "blank_missing"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, places, err := BlankOut(s, tt.lines)
			code := ""
			if err != nil {
				code = fault.As(err).Fields[0].Code
			}
			if got != tt.want || places != tt.places || code != tt.wrong {
				t.Errorf("%q, %d places, %q", got, places, code)
			}
		})
	}
}

// say takes in one response with a free text.
func (a *archive) say(comment string, trial bool) Response {
	a.t.Helper()
	a.next++
	r, text, err := a.form.Read(Submission{Key: fmt.Sprintf("say-%06d", a.next), Overall: 2, Comment: comment, Profile: map[string]string{"sex": "female"}}, a.clock.now())
	if err != nil {
		a.t.Fatal(err)
	}
	if _, err := a.intake.Save(a.t.Context(), r, text, trial); err != nil {
		a.t.Fatal(err)
	}
	return r
}

func (a *archive) comments(f CommentFilter) []*Comment {
	a.t.Helper()
	list, next, err := a.store.Comments(a.t.Context(), f, 50, "")
	if err != nil || next != "" {
		a.t.Fatal(next, err)
	}
	return list
}

func texts(list []*Comment) string {
	var all []string
	for _, c := range list {
		all = append(all, c.Text)
	}
	return strings.Join(all, "|")
}

func TestCommentsAreFound(t *testing.T) {
	c := &clock{at: at("2026-06-01", 9, 0)}
	a := openArchive(t, filepath.Join(t.TempDir(), "x.db"), c)
	land := a.say("Đất đai: chờ lâu", false)
	a.say("Thử mã này", true)
	c.set(at("2026-06-02", 9, 0))
	a.form.Link.Area = "moi-truong"
	a.say("Quầy MÔI TRƯỜNG tốt", false)
	a.say("", false)
	tag := []string{"cho-lau"}
	if err := a.store.TagComment(t.Context(), a.comments(CommentFilter{Words: "cho lau"})[0], tag); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		f    CommentFilter
		want string
	}{
		{"all but the trial's, the newest land", CommentFilter{}, "Quầy MÔI TRƯỜNG tốt|Đất đai: chờ lâu"},
		{"without marks", CommentFilter{Words: "dat dai"}, "Đất đai: chờ lâu"},
		{"with marks", CommentFilter{Words: "môi trường"}, "Quầy MÔI TRƯỜNG tốt"},
		{"the number of a receipt", CommentFilter{Words: land.ID[len(land.ID)-8:len(land.ID)-4] + " " + land.ID[len(land.ID)-4:]}, "Đất đai: chờ lâu"},
		{"a part of it", CommentFilter{Words: land.ID[len(land.ID)-6:]}, ""},
		{"a trial's words", CommentFilter{Words: "thu ma"}, ""},
		{"an area", CommentFilter{Area: "moi-truong"}, "Quầy MÔI TRƯỜNG tốt"},
		{"a tag", CommentFilter{Tag: "cho-lau"}, "Đất đai: chờ lâu"},
		{"until a day", CommentFilter{To: "2026-06-01"}, "Đất đai: chờ lâu"},
		{"from a day", CommentFilter{From: "2026-06-02", To: "2026-06-02"}, "Quầy MÔI TRƯỜNG tốt"},
		{"another day", CommentFilter{From: "2026-06-03"}, ""},
	} {
		if got := texts(a.comments(tt.f)); got != tt.want {
			t.Errorf("%s: %q", tt.name, got)
		}
	}
	first, next, err := a.store.Comments(t.Context(), CommentFilter{}, 1, "")
	if err != nil || texts(first) != "Quầy MÔI TRƯỜNG tốt" || next == "" {
		t.Fatalf("%q %q %v", texts(first), next, err)
	}
	for seen := ""; ; {
		page, more, err := a.store.Comments(t.Context(), CommentFilter{}, 1, next)
		if err != nil {
			t.Fatal(err)
		}
		seen += texts(page)
		if next = more; next == "" {
			if seen != "Đất đai: chờ lâu" {
				t.Errorf("behind the first page: %q", seen)
			}
			break
		}
	}
}

// TestBlankingLeavesTheSealWhole: the words and the salt are gone from the file,
// verify finds nothing, and a phone that sends again is not refused.
func TestBlankingLeavesTheSealWhole(t *testing.T) {
	c := &clock{at: at("2026-06-01", 9, 0)}
	file := filepath.Join(t.TempDir(), "x.db")
	a := openArchive(t, file, c)
	const secret = "0905123456"
	r := a.say("Gọi cho tôi "+secret+" trước khi hẹn. "+strings.Repeat("Chờ rất lâu. ", 300), false)
	c.set(at("2026-06-02", 9, 0))
	a.seal()
	found := a.comments(CommentFilter{})[0]
	d, err := a.store.comments.Get(t.Context(), found.ID)
	if err != nil {
		t.Fatal(err)
	}
	salt, second := d.Salt, *found
	if err := a.store.BlankComment(t.Context(), found, secret); err != nil {
		t.Fatal(err)
	}
	if err := a.store.BlankComment(t.Context(), &second, "Chờ"); !errors.Is(err, ErrCommentStale) {
		t.Errorf("somebody who saw the text before: %v", err)
	}
	if again, err := a.store.Comment(t.Context(), found.ID); err != nil || !strings.HasPrefix(again.Text, "Gọi cho tôi […] trước") || again.Blanked != 1 {
		t.Errorf("%+v %v", again, err)
	}
	if v, broken := a.verify(); broken != nil || v.Responses != 1 {
		t.Errorf("%+v %v", v, broken)
	}
	r.Digest = digest(&r)
	if receipt, err := a.intake.Save(t.Context(), r, d.Text, false); err != nil || receipt.ID != r.ID {
		t.Errorf("sent again: %+v %v", receipt, err)
	}
	a.close()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for what, x := range map[string]string{"the words": secret, "the salt": salt} {
		if bytes.Contains(b, []byte(x)) {
			t.Errorf("%s are still in the file", what)
		}
	}
}

// FuzzBlankOut: whatever is named is gone, and the rest is there.
func FuzzBlankOut(f *testing.F) {
	f.Add("Chị Hoa, 0905 123 456", "Hoa\n0905")
	f.Add("aaa", "aa")
	f.Add("[…] x", "x]\n… ")
	f.Fuzz(func(t *testing.T, s, lines string) {
		left, places, err := BlankOut(s, lines)
		if err != nil {
			if left != s || places != 0 {
				t.Errorf("refused, and yet %q", left)
			}
			return
		}
		rest := strings.ReplaceAll(left, Blank, "")
		if places < 1 || len(rest) > len(s) || strings.Count(left, Blank) < places {
			t.Errorf("%q: %d places in %q", lines, places, left)
		}
		for part := range strings.SplitSeq(left, Blank) {
			for line := range strings.Lines(lines) {
				if w := strings.TrimSpace(line); len([]rune(w)) > 1 && !strings.ContainsAny(w, Blank) && norm.NFC.IsNormalString(w) && strings.Contains(part, w) {
					t.Errorf("%q is still in %q", w, left)
				}
			}
		}
	})
}
