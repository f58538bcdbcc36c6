package api_test

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"sipas/api"
	"sipas/internal/staff"
	"sipas/survey"
)

type group struct {
	Key                                                        map[string]*string
	Name, Verdict                                              string
	Responses, Respondents, Answered, Satisfied, NotApplicable int
	Levels                                                     [5]int
	Effective                                                  float64
	CompleteShare, Rate                                        *float64
	Interval                                                   *struct{ Low, High float64 }
	Target                                                     *float64
	Met                                                        *bool
	Needed                                                     *int
	OverallRating                                              struct {
		Responses, Satisfied int
		Rate                 *float64
		Interval             *struct{ Low, High float64 }
		Verdict              string
		Met                  *bool
		Needed               *int
	}
}

type summary struct {
	From, To, AsOf string
	Method         struct {
		ID      string
		Version int
	}
	Overall    group
	Groups     []group
	Suppressed int
}

func (o *office) statistics(query string) summary {
	o.t.Helper()
	var v summary
	a := o.send("GET", "/api/v1/statistics"+query, "", bearer(o.token(staff.Office)))
	if a.StatusCode != http.StatusOK {
		o.t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	a.into(o.t, &v)
	return v
}

// answerMany sends n answers with the same rating throughout.
func (o *office) answerMany(code string, n, rating int) {
	o.t.Helper()
	for i := range n {
		body := fmt.Sprintf(`{"key":"%s-%d-%04d","overall":%d,"answers":{"15":%[4]d,"18":%[4]d,"20":%[4]d,"23":%[4]d,"28":%[4]d,"30":%[4]d}}`, code, rating, i, rating)
		if a := o.send("POST", "/api/v1/surveys/"+code+"/responses", body); a.StatusCode != 201 {
			o.t.Fatalf("%d %s", a.StatusCode, a.body)
		}
	}
}

func TestTwentySixOfThirtyOne(t *testing.T) {
	o := newOffice(t)
	code := o.link(`"kind":"counter","area":"dat-dai"`)
	o.answerMany(code, 26, 4)
	o.answerMany(code, 5, 2)
	v := o.statistics("?by=area")
	if len(v.Groups) != 1 || v.To != "2026-06-30" || v.Method.ID != "sipas-pooled" {
		t.Fatalf("%+v", v)
	}
	for name, g := range map[string]group{"land": v.Groups[0], "all": v.Overall} {
		r := g.OverallRating
		if g.Responses != 31 || math.Abs(*r.Rate-83.8709677419) > 1e-9 || *r.Met || r.Verdict != "unproven" ||
			math.Abs(r.Interval.Low-67.37) > .005 || math.Abs(r.Interval.High-92.91) > .005 || r.Needed == nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if *v.Groups[0].Target != 85 || *v.Overall.Target != 90 || *v.Groups[0].Key["area"] != "dat-dai" || v.Groups[0].Name != "Đất đai" {
		t.Errorf("%+v", v.Groups[0])
	}
	if f := o.statistics("?area=dat-dai"); *f.Overall.Target != 85 || f.Overall.Responses != 31 {
		t.Errorf("one area by filter: %+v", f.Overall)
	}
	if f := o.statistics("?area=dat-dai&area=moi-truong"); *f.Overall.Target != 90 {
		t.Errorf("two areas have the general target, not %v", *f.Overall.Target)
	}
}

func TestNothingAnswered(t *testing.T) {
	o := newOffice(t)
	code := o.link(`"kind":"counter","area":"dat-dai"`)
	if a := o.send("POST", "/api/v1/surveys/"+code+"/responses", `{"key":"abcdefgh","answers":{"31":0}}`); a.StatusCode != 201 {
		t.Fatal(a.body)
	}
	g := o.statistics("").Overall
	if g.Responses != 1 || g.Respondents != 0 || g.NotApplicable != 1 || g.Rate != nil || g.Interval != nil || g.Met != nil || g.Needed != nil || g.OverallRating.Rate != nil {
		t.Errorf("%+v", g)
	}
	if empty := o.statistics("?from=2020-01-01&to=2020-12-31"); empty.Overall.Responses != 0 || len(empty.Groups) != 0 || empty.From != "2020-01-01" {
		t.Errorf("%+v", empty)
	}
}

func TestTargetsAreOfTheTime(t *testing.T) {
	o := newOffice(t)
	if v := o.statistics("?from=2020-01-01&to=2020-12-31"); v.Overall.Target != nil || v.Overall.Met != nil || v.Overall.Verdict != "" {
		t.Errorf("a target before there was one: %+v", v.Overall)
	}
}

func TestBadQuestions(t *testing.T) {
	o := newOffice(t)
	token := bearer(o.token(staff.Office))
	for query, fields := range map[string]string{
		"?by=weather":                    "by choice",
		"?by=area&by=area":               "by twice",
		"?by=area&by=desk&by=unit":       "by too_many",
		"?from=yesterday":                "from date",
		"?from=2026-02-30":               "from date",
		"?from=2026-02-02&to=2026-02-01": "to before_from",
		"?weather=rain":                  "weather unknown",
		"?from=x&to=y&by=z":              "from date, to date, by choice",
	} {
		if p := o.problem(o.send("GET", "/api/v1/statistics"+query, "", token), 422); p.fields() != fields {
			t.Errorf("%s: %q, want %q", query, p.fields(), fields)
		}
	}
}

func TestPublishedIsTheLastWholeMonth(t *testing.T) {
	o := newOffice(t)
	o.now = time.Date(2026, 5, 31, 16, 59, 0, 0, time.UTC) // 23:59 on the last of May
	code := o.link(`"kind":"counter","area":"moi-truong"`)
	o.answerMany(code, 200, 5)
	o.now = o.now.Add(2 * time.Minute) // June
	o.answerMany(code, 3, 1)
	var v summary
	o.send("GET", "/api/v1/public/statistics", "").into(t, &v)
	if v.From != "2026-05-01" || v.To != "2026-05-31" || v.Overall.Responses != 200 || len(v.Groups) != 10 {
		t.Errorf("%s to %s: %d in %d areas", v.From, v.To, v.Overall.Responses, len(v.Groups))
	}
	for _, g := range v.Groups {
		if *g.Key["area"] == "moi-truong" && (g.Responses != 200 || g.Verdict != "met") {
			t.Errorf("%+v", g)
		}
	}
	page := o.send("GET", "/ket-qua", "")
	for _, say := range []string{"Tháng 05/2026", "Môi trường", "100,00", "Đạt chỉ tiêu", "Điện thoại của người dân"} {
		if !strings.Contains(page.body, say) {
			t.Errorf("/ket-qua does not say %q", say)
		}
	}
	if en := o.send("GET", "/ket-qua?lang=en", ""); !strings.Contains(en.body, "100.00") || !strings.Contains(en.body, "Environment") {
		t.Error("/ket-qua in English")
	}
}

func TestCatalogueOnADay(t *testing.T) {
	o := newOffice(t)
	type list struct {
		Items []struct {
			ID, Name, From, Source string
			To                     *string
			Value                  float64
			Area                   *string
		}
		Next *string
	}
	var areas, before, targets list
	o.send("GET", "/api/v1/areas", "").into(t, &areas)
	if len(areas.Items) != 10 || areas.Items[0].ID != "dat-dai" || areas.Items[0].Name != "Đất đai" || areas.Items[0].From != "2023-08-04" || areas.Items[0].Source == "" {
		t.Errorf("%+v", areas)
	}
	o.send("GET", "/api/v1/areas?on=2023-08-03", "").into(t, &before)
	if len(before.Items) != 0 {
		t.Errorf("before the plan there were %d areas", len(before.Items))
	}
	o.send("GET", "/api/v1/targets?lang=en", "").into(t, &targets)
	found := false
	for _, x := range targets.Items {
		found = found || x.Area != nil && *x.Area == "dat-dai" && x.Value == 85 && x.Name == "Satisfaction · Land"
	}
	if !found {
		t.Errorf("%+v", targets)
	}
	var first, second list
	o.send("GET", "/api/v1/procedures?limit=30", "").into(t, &first)
	o.send("GET", "/api/v1/procedures?limit=30&after="+*first.Next, "").into(t, &second)
	if len(first.Items) != 30 || len(second.Items) == 0 || first.Items[29].ID == second.Items[0].ID {
		t.Errorf("%d and %d procedures", len(first.Items), len(second.Items))
	}
	o.problem(o.send("GET", "/api/v1/areas?on=today", ""), 422)
	for _, path := range []string{"units", "desks", "questionnaires"} {
		var l list
		if o.send("GET", "/api/v1/"+path, "").into(t, &l); len(l.Items) == 0 {
			t.Errorf("no %s", path)
		}
	}
}

func TestManyAnswersFromOneAddress(t *testing.T) {
	o := newOffice(t, func(c *api.Config) { c.AddressLimit = 3 })
	path := "/api/v1/surveys/" + o.link(`"kind":"counter"`) + "/responses"
	for i := range 3 {
		if a := o.send("POST", path, `{"key":"`+key(i)+`","overall":3}`); a.StatusCode != 201 {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
	}
	a := o.send("POST", path, `{"key":"`+key(9)+`","overall":3}`)
	o.problem(a, 429)
	if a.Header.Get("Retry-After") == "" {
		t.Error("429 without Retry-After")
	}
}

// A version of the questionnaire that is published and has not begun gives its
// words to no figure yet.
func TestNamesAreThoseInForce(t *testing.T) {
	o := newOffice(t)
	code := o.link(`"kind":"counter","area":"dat-dai"`)
	o.answerMany(code, 1, 4)
	planned := *o.survey.Questionnaire("dich-vu@1")
	planned.Version, planned.From = 2, "2026-07-01"
	planned.Factors = slices.Clone(planned.Factors)
	planned.Factors[0].Name.VI = "Tên mới"
	if err := o.survey.AddQuestionnaires(t.Context(), []survey.Questionnaire{planned}); err != nil {
		t.Fatal(err)
	}
	if err := o.survey.Changed(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := o.statistics("?by=factor").Groups[0].Name; got != "Tiếp cận dịch vụ" {
		t.Errorf("the first factor is called %q", got)
	}
	o.now = o.now.AddDate(0, 0, 1)
	if got := o.statistics("?by=factor").Groups[0].Name; got != "Tên mới" {
		t.Errorf("the first factor is called %q on its first day", got)
	}
}
