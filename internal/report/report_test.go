package report_test

import (
	"errors"
	"strings"
	"testing"

	"sipas/internal/report"
)

func example() *report.Report {
	return &report.Report{
		Foot: []string{"Seal of 14/07/2026: ab12"},
		Sections: []report.Section{{Heading: "1. Areas", Blocks: []report.Block{
			report.Text("Land has 93.02 %."), report.Text("A text that anybody may write anew."),
			{Table: &report.Table{
				ID: "areas", Columns: []report.Column{{ID: "name", Text: "Area"}, {ID: "rate", Text: "Rate (%)", Kind: report.Rate}, {ID: "verdict", Text: "Verdict", Kind: report.Code}, {ID: "task", Text: "Task", Kind: report.Open}},
				Rows: []report.Row{
					{Key: "land", Cells: []report.Cell{{Text: "Land"}, report.Figure("93.02", 100*40./43), {Text: "Met", Code: "met"}, {}}},
					{Key: "all", Cells: []report.Cell{{Text: "All"}, report.None, {Text: "–"}, {}}},
				},
			}},
		}}},
	}
}

func TestRecord(t *testing.T) {
	r := example()
	r.Record = report.Record{Format: report.Format, Figures: r.Facts()}
	back, err := report.ParseRecord(r.Record.Encode())
	if err != nil || len(back.Figures) != 4 || back.Figures[0] != (report.Fact{Name: "areas/land/rate", Value: "93.02325581395348"}) || back.Figures[1].Value != "met" || back.Figures[2].Value != "" {
		t.Errorf("%+v %v", back, err)
	}
	if d := back.Differs(r.Facts()); d != nil {
		t.Error(d)
	}
	for name, change := range map[string]func([]report.Fact) []report.Fact{
		"areas/land/verdict": func(f []report.Fact) []report.Fact { f[1].Value = "not_met"; return f },
		"areas/land/rate":    func(f []report.Fact) []report.Fact { f[0].Value = "93.0233"; return f },
		"areas/all/verdict":  func(f []report.Fact) []report.Fact { return f[:3] },
		"x/y/z":              func(f []report.Fact) []report.Fact { return append(f, report.Fact{Name: "x/y/z", Value: "1"}) },
	} {
		if d := back.Differs(change(r.Facts())); d == nil || d.Name != name || d.Why != report.Recorded {
			t.Errorf("%s: %+v", name, d)
		}
	}
	if last := []report.Fact{{Name: "areas/land/rate", Value: "93.02325581395349"}}; (report.Record{Figures: last}).Differs(r.Facts()[:1]) != nil {
		t.Error("the last bit of a number is a difference")
	}
	for text, want := range map[string]error{"": nil, "{}": nil, `{"format":99}`: report.ErrNewer} {
		if _, err := report.ParseRecord(text); err == nil || want != nil && !errors.Is(err, want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestSeen(t *testing.T) {
	table := func(rate, task string, more ...[]string) [][]string {
		return append([][]string{{"Area", "Rate (%)", "Verdict", "Task"}, {"Land", rate, "Met", task}, {"All", "–", "–"}}, more...)
	}
	const text = "Land has\u00a093.02 %.\nSeal of 14/07/2026: ab12\n"
	for name, tt := range map[string]struct {
		seen report.Seen
		want string
	}{
		"as it is":           {report.Seen{Tables: [][][]string{{{"Head"}}, table("93.02", "")}, Text: text}, ""},
		"a task":             {report.Seen{Tables: [][][]string{table("93.02", "More chairs")}, Text: text}, ""},
		"numbers":            {report.Seen{Tables: [][][]string{{{"Area", "Rate (%)", "Verdict", "Task"}, {"Land", "93.0232558139535", "Met"}, {"All", "", "–"}}}, Text: text, Numbers: true}, ""},
		"a rounded number":   {report.Seen{Tables: [][][]string{table("93.02", "")}, Text: text, Numbers: true}, "areas/land/rate"},
		"another rate":       {report.Seen{Tables: [][][]string{table("94.02", "")}, Text: text}, "areas/land/rate"},
		"no table":           {report.Seen{Text: text}, "areas"},
		"a row less":         {report.Seen{Tables: [][][]string{table("93.02", "")[:2]}, Text: text}, "areas/all"},
		"a sentence changed": {report.Seen{Tables: [][][]string{table("93.02", "")}, Text: strings.Replace(text, "93", "94", 1)}, "text"},
		"another seal":       {report.Seen{Tables: [][][]string{table("93.02", "")}, Text: strings.Replace(text, "ab12", "ab13", 1)}, "text"},
	} {
		d := tt.seen.Differs(example())
		if tt.want == "" && d != nil || tt.want != "" && (d == nil || d.Name != tt.want) {
			t.Errorf("%s: %+v", name, d)
		}
	}
}

func FuzzParseRecord(f *testing.F) {
	f.Add(`{"format":1,"figures":[{"name":"a","value":"1"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		if r, err := report.ParseRecord(text); err == nil {
			r.Differs(nil)
		}
	})
}
