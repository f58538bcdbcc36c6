package api_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"sipas/internal/staff"
	"sipas/survey"
)

// sealer seals the days that have ended when it is called.
func (o *office) sealer() (seal func()) {
	o.t.Helper()
	chain := survey.NewChain(o.survey, o.counts, func() time.Time { return o.now }, slog.New(slog.DiscardHandler), func(context.Context) ([]string, error) { return nil, nil })
	if err := chain.Load(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
	return func() {
		o.t.Helper()
		if err := chain.Seal(o.t.Context()); err != nil {
			o.t.Fatal(err)
		}
	}
}

const (
	editions   = "/lam-viec/cong-bo"
	newEdition = editions + "/moi"
)

// inMay is an office at which people have answered in May, it being early June.
// Further calls of later answer for May by paper, and seal.
func inMay(t *testing.T) (o *office, later func(n int)) {
	t.Helper()
	o = newOffice(t)
	o.now = time.Date(2026, 5, 20, 3, 0, 0, 0, time.UTC)
	seal := o.sealer()
	o.answers(o.link(`"kind":"counter","area":"dat-dai"`), 0, 40, `"overall":5,"answers":{"15":5}`)
	o.answers(o.link(`"kind":"counter","area":"moi-truong"`), 40, 8, `"overall":4`)
	o.answers(o.link(`"kind":"counter","area":"xay-dung"`), 48, 3, `"overall":1`)
	paper := o.link(`"kind":"paper","area":"dat-dai"`)
	o.now = time.Date(2026, 6, 2, 3, 0, 0, 0, time.UTC)
	seal()
	first := 100
	return o, func(n int) {
		t.Helper()
		for range n {
			a := o.send("POST", "/api/v1/surveys/"+paper+"/responses", `{"key":"`+key(first)+`","overall":2,"answeredOn":"2026-05-20"}`, bearer(o.token(staff.Desk)))
			if first++; a.StatusCode != 201 {
				t.Fatalf("%d %s", a.StatusCode, a.body)
			}
		}
		o.now = o.now.Add(24 * time.Hour)
		seal()
	}
}

// publish goes the way of the console: months, preview, words. fields replace or
// add to those of the form.
func (o *office) publish(session, from, to string, fields ...string) answer {
	o.t.Helper()
	preview := o.send("GET", newEdition+"?from="+from+"&to="+to, "", session)
	if preview.StatusCode != 200 {
		return preview
	}
	v := hiddenOf(preview)
	v.Set("note", "Kết quả kỳ này")
	for i := 0; i < len(fields); i += 2 {
		v.Set(fields[i], fields[i+1])
	}
	return o.send("POST", newEdition, v.Encode(), session, form, local)
}

type publicSummary struct {
	summary
	Edition *struct {
		Number             int
		Note, Sealed, Seal string
		Corrects           *int
		Reason             *string
		Others             []int
	}
	Channels []struct {
		Channel   string
		Responses int
	}
}

func (o *office) public(query string) (v publicSummary) {
	o.t.Helper()
	o.send("GET", "/api/v1/public/statistics"+query, "").into(o.t, &v)
	return v
}

// areas writes the areas that have responses.
func (v publicSummary) areas() string {
	var list []string
	for _, g := range v.Groups {
		if g.Responses > 0 {
			list = append(list, *g.Key["area"]+" "+strings.Repeat("|", g.Responses))
		}
	}
	return strings.Join(list, ", ")
}

func TestPublishedEdition(t *testing.T) {
	o, later := inMay(t)
	session := o.signIn(staff.Office)
	if v := o.public(""); v.Edition != nil || v.From != "2026-05-01" || v.Overall.Responses != 51 {
		t.Errorf("before: %+v", v)
	}
	if a := o.publish(session, "2026-05", "2026-05"); a.StatusCode != 303 || a.Header.Get("Location") != editions+"?done=edition" {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	v := o.public("")
	if v.Edition == nil || v.Edition.Number != 1 || v.Edition.Note != "Kết quả kỳ này" || v.Edition.Sealed != "2026-06-01" || len(v.Edition.Seal) != 64 || v.Overall.Responses != 51 {
		t.Fatalf("%+v", v)
	}
	// Three people of one area: they and the next smallest stand in the total alone.
	if got := v.areas(); got != "dat-dai "+strings.Repeat("|", 40) || v.Suppressed != 2 {
		t.Errorf("%s, %d left out", got, v.Suppressed)
	}
	page := o.send("GET", "/ket-qua", "")
	for _, say := range []string{"Bản công bố số 1, ngày 02/06/2026", "Kết quả kỳ này", "2 lĩnh vực không nêu riêng", "Tháng 05/2026", `href="/ket-qua.csv?ban=1"`} {
		if !strings.Contains(page.body, say) {
			t.Errorf("/ket-qua does not say %q", say)
		}
	}
	if entries := o.auditLog(staff.EntryFilter{Action: "results.publish"}); len(entries) != 1 || entries[0].Object != "edition/1" || strings.Join(entries[0].Detail, " ") != "from=2026-05 to=2026-05" {
		t.Errorf("%+v", entries)
	}

	// What comes later changes nothing of it, and is published as a correction.
	later(6)
	session = o.signIn(staff.Office) // a day has passed
	if again := o.public(""); again.Overall.Responses != 51 || again.AsOf != v.AsOf {
		t.Errorf("a published edition has changed: %+v", again)
	}
	if a := o.publish(session, "2026-05", "2026-05"); a.StatusCode != 422 || !strings.Contains(a.body, "Lý do đính chính: Cần điền mục này") {
		t.Errorf("without a reason: %d", a.StatusCode)
	}
	if a := o.publish(session, "2026-05", "2026-05", "reason", "Nhập thêm phiếu giấy"); a.StatusCode != 303 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	two, one := o.public(""), o.public("?edition=1")
	if two.Overall.Responses != 57 || *two.Edition.Corrects != 1 || *two.Edition.Reason != "Nhập thêm phiếu giấy" || !slices.Equal(two.Edition.Others, []int{1}) {
		t.Errorf("%+v", two)
	}
	if one.Overall.Responses != 51 || one.Edition.Number != 1 {
		t.Errorf("%+v", one)
	}
	first, second := o.send("GET", "/ket-qua?ban=1", ""), o.send("GET", "/ket-qua", "")
	if !strings.Contains(first.body, "Bản này đã được đính chính") || !strings.Contains(first.body, `href="/ket-qua?ban=2"`) {
		t.Error("the first edition does not lead to its correction")
	}
	if !strings.Contains(second.body, "Nhập thêm phiếu giấy") || !strings.Contains(second.body, `href="/ket-qua?ban=1"`) {
		t.Error("the correction says no reason, or does not lead to the first edition")
	}
	for _, path := range []string{"/ket-qua?ban=3", "/ket-qua.csv?ban=x", "/ket-qua.json?ban=0"} {
		if a := o.send("GET", path, ""); a.StatusCode != 404 {
			t.Errorf("%s: %d", path, a.StatusCode)
		}
	}
	o.problem(o.send("GET", "/api/v1/public/statistics?edition=3", ""), 404)
}

// TestNoCorrectionForOnePerson: the difference of two editions would be about them.
func TestNoCorrectionForOnePerson(t *testing.T) {
	o, later := inMay(t)
	session := o.signIn(staff.Office)
	if a := o.publish(session, "2026-05", "2026-05"); a.StatusCode != 303 {
		t.Fatal(a.StatusCode)
	}
	later(1)
	a := o.publish(o.signIn(staff.Office), "2026-05", "2026-05", "reason", "x")
	if a.StatusCode != 422 || !strings.Contains(a.body, "chỉ khác vài phiếu") || o.public("").Overall.Responses != 51 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

func TestWrongEditions(t *testing.T) {
	o, _ := inMay(t)
	session := o.signIn(staff.Office)
	for query, want := range map[string]string{
		"from=2026-05&to=2026-04": "Chọn tháng đầu không sau tháng cuối", "from=2026-05&to=2026-06": "chưa kết thúc", "from=mai&to=2026-05": "Chọn tháng đầu",
		"from=2026-04&to=2026-04": "dưới 5 phiếu", "": "Chọn tháng đầu",
	} {
		if a := o.send("GET", newEdition+"?"+query, "", session); a.StatusCode != 422 || !strings.Contains(a.body, want) {
			t.Errorf("%s: %d %s", query, a.StatusCode, a.body)
		}
	}
	if a := o.publish(session, "2026-05", "2026-05", "note", ""); a.StatusCode != 422 || !strings.Contains(a.body, "Lời kèm theo: Cần điền mục này") {
		t.Errorf("without a note: %d", a.StatusCode)
	}
	if a := o.publish(session, "2026-05", "2026-05", "note", strings.Repeat("ă", 1001)); a.StatusCode != 422 || !strings.Contains(a.body, strings.Repeat("ă", 1001)) {
		t.Errorf("with a long note: %d", a.StatusCode)
	}
	if a := o.publish(session, "2026-05", "2026-05", "through", "2026-07-01"); a.StatusCode != 422 {
		t.Errorf("through a day that is not sealed: %d", a.StatusCode)
	}
	if v := o.public(""); v.Edition != nil {
		t.Errorf("published all the same: %+v", v.Edition)
	}
}

// TestTwoPublishAtOnce: the second is shown the table again, with what was typed.
// The same form again is the same edition.
func TestTwoPublishAtOnce(t *testing.T) {
	o, _ := inMay(t)
	session := o.signIn(staff.Office)
	first := o.publish(session, "2026-05", "2026-05")
	again := o.publish(session, "2026-05", "2026-05", "number", "1", "note", "Kết quả kỳ này")
	if first.StatusCode != 303 || again.StatusCode != 303 || len(o.survey.Editions()) != 1 {
		t.Errorf("the same again: %d, then %d, %d editions", first.StatusCode, again.StatusCode, len(o.survey.Editions()))
	}
	other := o.publish(session, "2026-05", "2026-05", "number", "1", "note", "Lời khác", "reason", "Lý do khác")
	if other.StatusCode != 409 || !strings.Contains(other.body, "Vừa có người công bố một bản khác") || !strings.Contains(other.body, "Lời khác") || len(o.survey.Editions()) != 1 {
		t.Errorf("another one: %d %s", other.StatusCode, other.body)
	}
}

// TestOpenData has what is published and nothing else.
func TestOpenData(t *testing.T) {
	o, _ := inMay(t)
	o.publish(o.signIn(staff.Office), "2026-05", "2026-05", "note", "=1+1")
	a := o.send("GET", "/ket-qua.csv", "")
	rows, cell := o.exported(a)
	if a.Header.Get("Content-Disposition") != `attachment; filename="ket-qua-2026-05-ban-1.csv"` || cell(rows[0], "area") != "all" || cell(rows[0], "responses") != "51" || cell(rows[0], "rate") != "100" {
		t.Errorf("%v %q", a.Header, rows)
	}
	for _, row := range rows {
		if id := cell(row, "area"); id == "xay-dung" || id == "moi-truong" {
			t.Errorf("%s was to be left out: %q", id, row)
		} else if id == "dat-dai" && (cell(row, "name_vi") != "Đất đai" || cell(row, "responses") != "40" || cell(row, "overall_satisfied") != "40") {
			t.Errorf("%q", row)
		}
	}
	var file, public publicSummary
	j := o.send("GET", "/ket-qua.json", "")
	j.into(t, &file)
	if public = o.public(""); file.Overall.Responses != public.Overall.Responses || len(file.Groups) != len(public.Groups) || !strings.Contains(j.Header.Get("Content-Disposition"), ".json") {
		t.Errorf("%s", j.body)
	}
}

// TestFewPeopleBeforeAnythingIsPublished.
func TestFewPeopleBeforeAnythingIsPublished(t *testing.T) {
	o := newOffice(t)
	o.now = time.Date(2026, 5, 20, 3, 0, 0, 0, time.UTC)
	o.answers(o.link(`"kind":"counter","area":"dat-dai"`), 0, 4, `"overall":5`)
	o.now = time.Date(2026, 6, 2, 3, 0, 0, 0, time.UTC)
	if v := o.public(""); v.Overall.Responses != 0 || v.areas() != "" || v.Suppressed != 1 || v.Channels != nil {
		t.Errorf("%+v", v)
	}
	if page := o.send("GET", "/ket-qua", ""); page.StatusCode != 200 || strings.Contains(page.body, "100,00") {
		t.Errorf("%d", page.StatusCode)
	}
}
