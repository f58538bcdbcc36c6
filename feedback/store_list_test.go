package feedback_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sipas/feedback"
	"sipas/internal/fault"
)

// queue makes a store with a case for each letter: what it is, when it was
// received (a day of March 2026) and how far it has come.
func queue(t *testing.T) (o *site, letters func(codes []string) string) {
	o = openSite(t)
	names := map[string]string{}
	for i, x := range []struct {
		letter  string
		kind    feedback.Kind
		day     int
		unit    string
		content string
	}{
		{"a", feedback.Petition, 2, "", "Ống nước rò rỉ ở xã Gio Linh"},
		{"b", feedback.Petition, 3, land, "Đất đai: chậm cấp sổ đỏ"},
		{"c", feedback.Question, 4, registry, "Hỏi về đăng ký đất"},
		{"d", feedback.Complaint, 5, "", "Khiếu nại quyết định thu hồi đất"}, // due on the 15th, a Sunday, so the 16th
		{"e", feedback.Praise, 6, "", "Cảm ơn cán bộ"},
		{"f", feedback.Denunciation, 2, "", "Tố cáo nhận tiền"},
		{"g", feedback.Petition, 9, land, "Đường đất lầy lội"},
	} {
		in := keyed(x.kind, i)
		in.Subject, in.Content = "", x.content
		d, err := feedback.New(in, o.Rules(), onDay(x.day))
		if err != nil {
			t.Fatal(err)
		}
		r, err := o.Add(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		names[r.Case.Code] = x.letter
		if x.unit != "" {
			o.step(t, r.Case.Code, feedback.Classify, inspection, feedback.StepInput{Kind: x.kind})
			o.step(t, r.Case.Code, feedback.Assign, inspection, feedback.StepInput{Unit: x.unit})
		}
		switch x.letter {
		case "c":
			o.step(t, r.Case.Code, feedback.Ask, inspection, feedback.StepInput{Message: "?"})
		case "e":
			o.step(t, r.Case.Code, feedback.Withdraw, inspection, feedback.StepInput{})
		}
	}
	return o, func(codes []string) string {
		var s strings.Builder
		for _, c := range codes {
			s.WriteString(names[c])
		}
		return s.String()
	}
}

func TestLists(t *testing.T) {
	o, letters := queue(t)
	for _, tt := range []struct {
		name string
		who  feedback.Officer
		f    feedback.Filter
		want string
	}{
		{"everything, by due day", office, feedback.Filter{}, "dabceg"},
		{"what is to do", office, feedback.Filter{State: feedback.Running}, "dabg"},
		{"what waits", office, feedback.Filter{State: feedback.Paused}, "c"},
		{"what is done", office, feedback.Filter{State: feedback.Done}, "e"},
		{"by status", office, feedback.Filter{Status: feedback.Assigned}, "bg"},
		{"by kind", office, feedback.Filter{Kind: feedback.Petition}, "abg"},
		{"by kind and state", office, feedback.Filter{Kind: feedback.Question, State: feedback.Running}, ""},
		{"by unit", office, feedback.Filter{Unit: registry}, "c"},
		{"by unit and state", office, feedback.Filter{Unit: land, State: feedback.Running}, "bg"},
		{"by unit and status", office, feedback.Filter{Unit: land, Status: feedback.Waiting}, ""},
		{"overdue", office, feedback.Filter{Overdue: onDay(24)}, "da"},
		{"overdue of a unit", office, feedback.Filter{Overdue: onDay(25), Unit: land}, "b"},
		{"due from then on", office, feedback.Filter{DueFrom: onDay(24)}, "bg"},
		{"due between", office, feedback.Filter{DueFrom: onDay(17), DueBy: onDay(24)}, "a"},
		{"what waits is not due", office, feedback.Filter{Status: feedback.Waiting, DueFrom: onDay(1)}, ""},
		{"due soon", office, feedback.Filter{DueBy: onDay(24)}, "da"},
		{"the desk sees no complaint of others", desk, feedback.Filter{}, "abceg"},
		{"a unit sees its own", unit, feedback.Filter{}, "bg"},
		{"a unit asks for another's", unit, feedback.Filter{Unit: registry}, ""},
		{"the inspection sees all but denunciations", inspection, feedback.Filter{}, "dabceg"},
		{"denunciations", inspection, feedback.Filter{Kind: feedback.Denunciation}, "f"},
		{"denunciations that run", inspection, feedback.Filter{Kind: feedback.Denunciation, State: feedback.Running}, "f"},
		{"denunciations that are done", inspection, feedback.Filter{Kind: feedback.Denunciation, State: feedback.Done}, ""},
		{"denunciations that are overdue", inspection, feedback.Filter{Kind: feedback.Denunciation, Overdue: onDay(20)}, "f"},
		{"the office asks for denunciations", office, feedback.Filter{Kind: feedback.Denunciation}, ""},
		{"the administrator", admin, feedback.Filter{}, ""},
		{"words without diacritics", office, feedback.Filter{Words: "dat dai"}, "b"},
		{"words in capitals, with diacritics", office, feedback.Filter{Words: "ĐẤT"}, "dbcg"},
		{"beginnings of words", office, feedback.Filter{Words: "da"}, "dbcg"},
		{"not the middle of words", office, feedback.Filter{Words: "uong"}, ""},
		{"every word", office, feedback.Filter{Words: "gio nuoc"}, "a"},
		{"words and a state", office, feedback.Filter{Words: "dat", State: feedback.Running}, "dbg"},
		{"words of a denunciation", office, feedback.Filter{Words: "nhan tien"}, ""},
		{"words of a denunciation, for the inspection", inspection, feedback.Filter{Words: "nhan tien", Kind: feedback.Denunciation}, "f"},
		{"signs only", office, feedback.Filter{Words: "?!"}, "dabceg"},
		{"the sender's phone", desk, feedback.Filter{Words: "0905"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := letters(o.list(t, tt.who, tt.f)); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
	code := o.list(t, office, feedback.Filter{Words: "lay loi"})[0]
	for _, typed := range []string{code, strings.ToLower(feedback.FormatCode(code)), code[:6]} {
		if got := letters(o.list(t, office, feedback.Filter{Words: typed})); got != "g" {
			t.Errorf("by code %q: %q", typed, got)
		}
	}
}

// TestPagesOfAList: pages follow each other without a gap or a repetition, also
// over cases that are due on one day and over those that are not shown.
func TestPagesOfAList(t *testing.T) {
	o := openSite(t)
	const n = 60
	var want []string
	for i := range n {
		kind := feedback.Petition
		if i%3 == 0 {
			kind = feedback.Complaint // which the desk does not see
		}
		d, err := feedback.New(keyed(kind, i), o.Rules(), onDay(2+i%4))
		if err != nil {
			t.Fatal(err)
		}
		r, err := o.Add(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		if kind == feedback.Petition {
			want = append(want, fmt.Sprintf("%d %s", r.Case.DueAt.Unix(), r.Case.Code))
		}
	}
	slices.Sort(want)
	for _, limit := range []int{1, 7, 39, 40, 41, 500, 0, -3, 10000} {
		var got []string
		pages := 0
		for after := ""; ; pages++ {
			list, next, err := o.List(t.Context(), desk, feedback.Filter{}, limit, after)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range list {
				got = append(got, fmt.Sprintf("%d %s", c.DueAt.Unix(), c.Code))
			}
			if after = next; after == "" {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("pages of %d: %d cases of %d", limit, len(got), len(want))
		}
	}
	for _, after := range []string{"x", "1.", "1.abc", ".K7MX2ART9HC", "1772400000000.K7MX2ART9HD", "\x00"} {
		if _, _, err := o.List(t.Context(), desk, feedback.Filter{}, 10, after); fault.As(err).Kind != fault.Invalid {
			t.Errorf("after %q: %v", after, err)
		}
	}
}

// BenchmarkSearch is what a search for words costs that are in no case.
func BenchmarkSearch(b *testing.B) {
	o := openSite(b)
	for i := range 2000 {
		d, err := feedback.New(keyed(feedback.Petition, i), o.Rules(), noon)
		if err == nil {
			_, err = o.Add(b.Context(), d)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if list, _, err := o.List(b.Context(), office, feedback.Filter{Words: "khong co tu nay"}, 50, ""); err != nil || list != nil {
			b.Fatal(list, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/2000/float64(time.Microsecond), "µs/case")
}
