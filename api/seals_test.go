package api_test

import (
	"log/slog"
	"testing"
	"time"

	"sipas/survey"
)

func TestSealsArePublished(t *testing.T) {
	o := newOffice(t)
	type seal struct {
		Date                 string
		Responses            int
		Root, Previous, Seal string
	}
	type list struct {
		Items []seal
		Next  *string
	}
	var none, first, second list
	o.send("GET", "/api/v1/seals", "").into(t, &none)
	if len(none.Items) != 0 || none.Next != nil {
		t.Errorf("before anything is sealed: %+v", none)
	}
	chain := survey.NewChain(o.survey, survey.NewSegments(o.survey.Questionnaire), func() time.Time { return o.now }, slog.New(slog.NewTextHandler(o.log, nil)), nil)
	if err := chain.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	o.answerMany(o.link(`"kind":"counter","area":"dat-dai"`), 3, 4)
	o.now = o.now.AddDate(0, 0, 2)
	if err := chain.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	o.send("GET", "/api/v1/seals?limit=1", "").into(t, &first)
	if len(first.Items) != 1 || first.Next == nil || first.Items[0].Date != "2026-06-30" || first.Items[0].Responses != 3 {
		t.Fatalf("first part: %+v", first)
	}
	o.send("GET", "/api/v1/seals?after="+*first.Next, "").into(t, &second)
	if len(second.Items) != 1 || second.Next != nil || second.Items[0].Previous != first.Items[0].Seal {
		t.Fatalf("second part: %+v", second)
	}
	var one seal
	if o.send("GET", "/api/v1/seals/2026-06-30", "").into(t, &one); one != first.Items[0] {
		t.Errorf("by its day: %+v, in the list %+v", one, first.Items[0])
	}
	if p := o.problem(o.send("GET", "/api/v1/seals/2026-07-02", ""), 404); p.Code != "not_found" {
		t.Errorf("a day that is not over: %+v", p)
	}
	if p := o.problem(o.send("GET", "/api/v1/seals/yesterday", ""), 422); p.fields() != "date date" {
		t.Errorf("%s", p.fields())
	}
}
