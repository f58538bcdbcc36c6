package api_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"sipas/internal/catalogue"
	"sipas/internal/improve"
	"sipas/internal/staff"
)

const improvePath = "/lam-viec/cai-tien"

// task makes an open task of the unit that the accounts of tests belong to.
func (o *office) task(change ...func(*improve.Task)) string {
	o.t.Helper()
	x, err := improve.New(improve.Task{ID: improve.NewID()}, improve.Sheet{Unit: "van-phong-so", Due: catalogue.DateOf(o.now).AddDays(30), What: "Tập huấn công chức"},
		"test-office", o.survey.Catalogue(), o.now)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, f := range change {
		f(x)
	}
	if err := o.tasks.Put(o.t.Context(), x); err != nil {
		o.t.Fatal(err)
	}
	return x.ID
}

// judged sends so many answers about the officers of an area, of which so many
// are satisfied. first tells their keys from others'.
func (o *office) judged(code string, first, satisfied, n int) {
	o.t.Helper()
	for i := range n {
		level := 2
		if i < satisfied {
			level = 5
		}
		body := fmt.Sprintf(`{"key":%q,"answers":{"23":%d,"24":%d}}`, key(first+i), level, level)
		if a := o.send("POST", "/api/v1/surveys/"+code+"/responses", body); a.StatusCode != 201 {
			o.t.Fatalf("%d %s", a.StatusCode, a.body)
		}
	}
}

// TestWeakFactor: what is weak is shown with what the plan has for it; too few
// answers name nobody.
func TestWeakFactor(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Office)
	weak, few := o.link(`"kind":"counter","area":"dat-dai"`), o.link(`"kind":"counter","area":"moi-truong"`)
	o.judged(weak, 0, 10, 40)
	o.judged(few, 100, 0, 20)
	body := o.send("GET", improvePath, "", session).body
	list := body[strings.Index(body, `id="yeu-to"`):strings.Index(body, "</table>")]
	if n := strings.Count(list, "<tr>"); n != 2 || !strings.Contains(list, "25,00") || !strings.Contains(list, "Chưa đạt chỉ tiêu") ||
		strings.Contains(list, "Môi trường") || !strings.Contains(body, "Có 1 yếu tố") {
		t.Errorf("%d rows: %s", n, list)
	}
	page := func(area string) string {
		return o.send("GET", improvePath+"/yeu-to?area="+area+"&factor=III", "", session).body
	}
	if body := page("dat-dai"); !strings.Contains(body, "Rà soát và bố trí cán bộ") || !strings.Contains(body, "Văn phòng Sở; Văn phòng Đăng ký đất đai tỉnh") ||
		!strings.Contains(body, "part=III") || !strings.Contains(body, "31/12/2025") || !strings.Contains(body, "23. ") {
		t.Errorf("the plan's duties are missing: %s", body)
	}
	if body := page("moi-truong"); strings.Contains(body, "Chủ trì") || !strings.Contains(body, "Còn quá ít phiếu") {
		t.Errorf("too few answers name somebody: %s", body)
	}
	if a := o.send("GET", improvePath+"/yeu-to?area=phong-ma&factor=III", "", session); a.StatusCode != 404 {
		t.Errorf("an area that is none: %d", a.StatusCode)
	}
	if a := o.send("GET", improvePath+"?from=2026-07-01&to=hom-qua", "", session); a.StatusCode != 422 || !strings.Contains(a.body, `href="#to"`) {
		t.Errorf("wrong days: %d", a.StatusCode)
	}
	if a := o.send("GET", improvePath+"?state=xong&to=hom-qua", "", session); a.StatusCode != 422 || !strings.Contains(a.body, `href="#state"`) || !strings.Contains(a.body, `href="#to"`) {
		t.Errorf("a state and a day that are none: %d", a.StatusCode)
	}
	if a := o.send("GET", improvePath+"?to=hom-qua", "", o.signIn(staff.Unit)); a.StatusCode != 422 || strings.Contains(a.body, `href="#to"`) || !strings.Contains(a.body, "<li>to: ") {
		t.Errorf("a field that the reader's page has not: %d", a.StatusCode)
	}
	// Leaders see it and open nothing; a unit sees no weakness of others.
	leader := o.signIn(staff.Leader)
	if body := o.send("GET", improvePath+"/yeu-to?area=dat-dai&factor=III", "", leader).body; strings.Contains(body, "/moi?") {
		t.Error("a leader is offered to open a task")
	}
	if body := o.send("GET", improvePath, "", o.signIn(staff.Unit)).body; strings.Contains(body, `id="yeu-to"`) {
		t.Error("a unit sees what is weak elsewhere")
	}
}

var hiddenTask = regexp.MustCompile(`name="id" value="([^"]+)"`)

// TestFromFactorToDone opens a task from a weak factor, proves it, ends it, and
// looks at the same figure again.
func TestFromFactorToDone(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Office)
	link := o.link(`"kind":"counter","area":"dat-dai"`)
	o.judged(link, 0, 10, 40)
	plan, err := o.tasks.Plan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	duty := ""
	for _, d := range plan {
		if d.ID == "sipas-b-iii-2" {
			duty = d.Ref()
		}
	}
	begin := improvePath + "/moi?" + url.Values{"area": {"dat-dai"}, "part": {"III"}, "duty": {duty}, "from": {"2026-01-01"}, "to": {"2026-06-30"}}.Encode()
	form := o.send("GET", begin, "", session)
	if !strings.Contains(form.body, `<option value="van-phong-so" selected>`) || !strings.Contains(form.body, `<option value="III" selected>`) ||
		!strings.Contains(form.body, "Tổ chức đánh giá công chức tham gia giải quyết hồ sơ TTHC theo đúng quy định.</textarea>") {
		t.Errorf("the form does not begin with what the plan says: %s", form.body)
	}
	id := hiddenTask.FindStringSubmatch(form.body)[1]
	fields := []string{"id", id, "duty", duty, "area", "dat-dai", "part", "23", "from", "2026-01-01", "to", "2026-06-30", "unit", "van-phong-so", "what", "Đánh giá lại"}

	wrong := o.post(improvePath+"/moi", session, append(fields, "due", "2026-06-29", "from", "2026-07-01", "part", "99", "area", "khong")...)
	for _, want := range []string{`href="#due"`, `href="#area"`, `href="#part"`, `href="#to"`, "Đánh giá lại</textarea>", `value="2026-06-29"`, `value="` + id + `"`} {
		if !strings.Contains(wrong.body, want) || wrong.StatusCode != 422 {
			t.Errorf("%d: the page lacks %s", wrong.StatusCode, want)
		}
	}
	page := improvePath + "/" + id
	for range 2 { // an impatient hand
		if a := o.post(improvePath+"/moi", session, append(fields, "due", "2026-07-10")...); a.StatusCode != 303 || !strings.HasPrefix(a.Header.Get("Location"), page) {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
	}
	body := o.send("GET", page, "", session).body
	if !strings.Contains(body, "25,00") || !strings.Contains(body, "Còn 10 ngày") || !strings.Contains(body, "Chưa so sánh được") || !strings.Contains(body, "23. ") {
		t.Errorf("%s", body)
	}

	// Nothing is done without evidence, and what was typed stays.
	a := o.post(page+"/ket-thuc", session, "version", "1", "act", "done", "reason", "Đã xong rồi")
	if a.StatusCode != 422 || !strings.Contains(a.body, `href="#reason"`) || !strings.Contains(a.body, "Đã xong rồi</textarea>") {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	unit := o.signIn(staff.Unit)
	if a := o.post(page+"/minh-chung", unit, "text", "Đã họp", "link", "javascript:x"); a.StatusCode != 422 || !strings.Contains(a.body, "Đã họp</textarea>") || !strings.Contains(a.body, `href="#link"`) {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	proof := improve.NewID()
	for range 2 {
		if a := o.post(page+"/minh-chung", unit, "id", proof, "text", "Đã họp <b>", "link", "https://so.example.gov.vn/a?b=1"); a.StatusCode != 303 {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
	}
	english := o.send("GET", page+"?lang=en", "", unit).body
	if n := strings.Count(english, "Đã họp &lt;b&gt;"); n != 1 || !strings.Contains(english, `href="https://so.example.gov.vn/a?b=1"`) || strings.Contains(english, "/ket-thuc") {
		t.Errorf("%d pieces of evidence: %s", n, english)
	}

	// Two end it: the second is told, with what they wrote.
	a = o.post(page+"/ket-thuc", session, "version", "1", "act", "drop", "reason", "Trùng với việc khác")
	if a.StatusCode != 409 || !strings.Contains(a.body, "Người khác vừa sửa việc này") || !strings.Contains(a.body, "Trùng với việc khác</textarea>") {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	o.now = o.now.AddDate(0, 0, 20)
	session, unit = o.signIn(staff.Office), o.signIn(staff.Unit)
	if body := o.send("GET", improvePath+"?state=late", "", session).body; !strings.Contains(body, "Quá hạn 10 ngày") {
		t.Errorf("late is not said: %s", body)
	}
	if body := o.send("GET", "/lam-viec/", "", unit).body; !strings.Contains(body, "Việc cải thiện quá hạn") {
		t.Error("the first page says nothing of the late task")
	}
	if a := o.post(page+"/ket-thuc", session, "version", versionIn(t, o.send("GET", page, "", session)), "act", "done", "reason", ""); a.StatusCode != 303 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	o.now = o.now.AddDate(0, 0, 1)
	session = o.signIn(staff.Office)
	o.judged(link, 200, 38, 40)
	if body := o.send("GET", page, "", session).body; !strings.Contains(body, "95,00") || !strings.Contains(body, "&#43;70,00 điểm %") || !strings.Contains(body, "Tăng thật") || !strings.Contains(body, "Từ chỉ tiêu trở lên") || !strings.Contains(body, "Xong, quá hạn 10 ngày") {
		t.Errorf("before and after: %s", body)
	}
	if a := o.send("GET", page+"?from=2026-06-30&to=2026-07-30", "", session); a.StatusCode != 422 || !strings.Contains(a.body, "Phải sau 30/06/2026") {
		t.Errorf("days that are in both figures: %d", a.StatusCode)
	}
	if a := o.send("GET", page+"/sua", "", session); a.StatusCode != 409 {
		t.Errorf("changed after it was done: %d", a.StatusCode)
	}

	// The half year tells of the duty.
	report := o.send("GET", improvePath+"/ke-hoach?half=2026-2&unit=van-phong-so", "", session).body
	row := report[strings.Index(report, "Tổ chức đánh giá công chức"):]
	if row = row[:strings.Index(row, "</tr>")]; !strings.Contains(row, "Đã xong") || !strings.Contains(row, page) || !strings.Contains(row, "Đã họp &lt;b&gt;") {
		t.Errorf("%s", row)
	}

	// On record, without what anybody wrote.
	log, _, err := o.staff.Entries(t.Context(), staff.EntryFilter{}, 100, "")
	if err != nil {
		t.Fatal(err)
	}
	var actions []string
	for _, e := range log {
		if e.Object == "task/"+id {
			actions = append(actions, e.Action+e.Outcome)
			if strings.Contains(strings.Join(e.Detail, " "), "họp") {
				t.Errorf("the log says what was typed: %v", e.Detail)
			}
		}
	}
	if got := strings.Join(actions, " "); !strings.Contains(got, "improve.done") || !strings.Contains(got, "improve.evidence") || !strings.Contains(got, "improve.open") {
		t.Errorf("on record: %s", got)
	}
	if a := o.post(page+"/mo-lai", session, "version", versionIn(t, o.send("GET", page, "", session)), "reason", "Chưa đủ"); a.StatusCode != 303 {
		t.Errorf("%d", a.StatusCode)
	}
}

// TestTwoChangeATask: the second sees what the first has saved, and keeps what
// they typed.
func TestTwoChangeATask(t *testing.T) {
	o := newOffice(t)
	session, page := o.signIn(staff.Office), improvePath+"/"+o.task()
	version := versionIn(t, o.send("GET", page+"/sua", "", session))
	if a := o.post(page+"/sua", session, "version", version, "unit", "thanh-tra-so", "due", "2026-07-05", "what", "Một"); a.StatusCode != 303 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	a := o.post(page+"/sua", session, "version", version, "unit", "van-phong-so", "due", "2026-07-05", "what", "Hai")
	if a.StatusCode != 409 || !strings.Contains(a.body, "<td>Thanh tra Sở</td><td>Văn phòng Sở</td>") || !strings.Contains(a.body, "Hai</textarea>") {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	// It is the inspection's now, and nobody else's.
	if a := o.send("GET", page, "", o.signIn(staff.Unit)); a.StatusCode != 404 {
		t.Errorf("another unit's task: %d", a.StatusCode)
	}
	if a := o.post(page+"/minh-chung", o.signIn(staff.Desk), "text", "x"); a.StatusCode != 404 {
		t.Errorf("evidence for another unit's task: %d", a.StatusCode)
	}
}

// TestPlanPage shows every unit to the office and one's own to a unit.
func TestPlanPage(t *testing.T) {
	o := newOffice(t)
	office, unit := o.signIn(staff.Office), o.signIn(staff.Unit)
	body := o.send("GET", improvePath+"/ke-hoach", "", office).body
	if !strings.Contains(body, "unit=thanh-tra-so") || !strings.Contains(body, "6 tháng đầu năm 2026") || !strings.Contains(body, "31/12/2025") {
		t.Errorf("%s", body)
	}
	body = o.send("GET", improvePath+"/ke-hoach?unit=thanh-tra-so", "", unit).body
	if !strings.Contains(body, "Nhiệm vụ của kế hoạch: Văn phòng Sở, 6 tháng đầu năm 2026") || strings.Contains(body, "/moi?") {
		t.Errorf("a unit sees another's: %s", body)
	}
	if a := o.send("GET", improvePath+"/ke-hoach?half=2026-9", "", office); a.StatusCode != 422 {
		t.Errorf("%d", a.StatusCode)
	}
}

// TestPlanOfNoUnit: an officer who belongs to no unit is told of none.
func TestPlanOfNoUnit(t *testing.T) {
	o := newOffice(t)
	body := o.send("GET", improvePath+"/ke-hoach", "", o.enters(staff.Account{ID: "thanh-tra-moi", Name: "Trần Minh", Role: staff.Inspection}).session).body
	if strings.Contains(body, "unit=thanh-tra-so") || !strings.Contains(body, "Kế hoạch không giao nhiệm vụ nào") {
		t.Errorf("%s", body)
	}
}

// TestWrongChangeOfAChangedTask: what somebody has to mend is still a change of
// the version that they saw.
func TestWrongChangeOfAChangedTask(t *testing.T) {
	o := newOffice(t)
	session, page := o.signIn(staff.Office), improvePath+"/"+o.task()
	first := versionIn(t, o.send("GET", page+"/sua", "", session))
	if a := o.post(page+"/sua", session, "version", first, "unit", "thanh-tra-so", "due", "2026-07-05", "what", "Một"); a.StatusCode != 303 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	wrong := o.post(page+"/sua", session, "version", first, "unit", "van-phong-so", "due", "2026-07-05", "what", "")
	if wrong.StatusCode != 409 || !strings.Contains(wrong.body, "<td>Thanh tra Sở</td><td>Văn phòng Sở</td>") {
		t.Errorf("%d %s", wrong.StatusCode, wrong.body)
	}
}
