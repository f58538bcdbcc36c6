package api_test

import (
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sipas/internal/staff"
)

const formsPage = "/lam-viec/danh-muc/phieu"

var (
	inputTag   = regexp.MustCompile(`<input id="([^"]+)" name="[^"]+" value="([^"]*)"`)
	checkedTag = regexp.MustCompile(`<input type="checkbox" id="([^"]+)" name="[^"]+" value="1" checked`)
	areaTag    = regexp.MustCompile(`(?s)<textarea id="([^"]+)"[^>]*>(.*?)</textarea>`)
	selectTag  = regexp.MustCompile(`(?s)<select id="([^"]+)".*?</select>`)
	chosenTag  = regexp.MustCompile(`<option value="([^"]*)" selected`)
)

// fieldsOf reads the fields of the page on which drafts are written, as a browser
// sends them.
func fieldsOf(t *testing.T, a answer) url.Values {
	t.Helper()
	v := url.Values{"version": {versionIn(t, a)}}
	for _, tag := range []*regexp.Regexp{inputTag, areaTag} {
		for _, m := range tag.FindAllStringSubmatch(a.body, -1) {
			v.Set(m[1], html.UnescapeString(m[2]))
		}
	}
	for _, m := range checkedTag.FindAllStringSubmatch(a.body, -1) {
		v.Set(m[1], "1")
	}
	for _, m := range selectTag.FindAllStringSubmatch(a.body, -1) {
		if chosen := chosenTag.FindStringSubmatch(m[0]); chosen != nil {
			v.Set(m[1], chosen[1])
		}
	}
	return v
}

func (o *office) sendForm(path, session string, v url.Values) answer {
	o.t.Helper()
	return o.send("POST", path, v.Encode(), form, session, local)
}

// draft makes a draft of the next version of the service questionnaire and
// returns its path and fields.
func (o *office) draft(t *testing.T, session string) (path string, fields url.Values) {
	t.Helper()
	a := o.post(formsPage+"/dich-vu@1/ban-moi", session)
	path, _, _ = strings.Cut(a.Header.Get("Location"), "?")
	if a.StatusCode != 303 || path != formsPage+"/nhap/dich-vu@2" {
		t.Fatalf("%d %s %s", a.StatusCode, path, a.body)
	}
	return path, fieldsOf(t, o.send("GET", path, "", session))
}

// changed is a copy of fields with other values.
func changed(v url.Values, fields ...string) url.Values {
	c := url.Values{}
	for name := range v {
		c.Set(name, v.Get(name))
	}
	for i := 0; i+1 < len(fields); i += 2 {
		c.Set(fields[i], fields[i+1])
	}
	return c
}

// actions are the entries of the log about questionnaires, sorted: those of one
// moment have no order.
func (o *office) actions(t *testing.T) string {
	t.Helper()
	entries, _, err := o.staff.Entries(t.Context(), staff.EntryFilter{}, 100, "")
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		if strings.HasPrefix(e.Action, "questionnaire.") {
			list = append(list, strings.TrimSpace(strings.TrimPrefix(e.Action, "questionnaire.")+" "+strings.TrimPrefix(e.Object, "questionnaire/")+" "+strings.Join(e.Detail, ",")+" "+e.Outcome))
		}
	}
	slices.Sort(list)
	return strings.Join(list, "; ")
}

// noText is what a page shows where a text is missing; notRead is what nobody reads.
var (
	noText  = regexp.MustCompile(`\b(asked|field|problem|done|warning)\.[a-z]+|\{[0-9]\}`)
	notRead = regexp.MustCompile(`(?s)<(script|style)>.*?</(script|style)>|<[^>]*>`)
)

// contains checks the status of a page, what it says, and that no text of it is
// missing.
func contains(t *testing.T, what string, a answer, status int, wants ...string) {
	t.Helper()
	if a.StatusCode != status {
		t.Fatalf("%s: %d, want %d: %s", what, a.StatusCode, status, a.body)
	}
	body := html.UnescapeString(a.body)
	for _, want := range wants {
		if !strings.Contains(body, want) {
			t.Errorf("%s lacks %q", what, want)
		}
	}
	if m := noText.FindString(notRead.ReplaceAllString(body, " ")); m != "" {
		t.Errorf("%s: a text is missing: %s", what, m)
	}
}

func TestQuestionnairesAreForEveryoneToRead(t *testing.T) {
	o := newOffice(t)
	o.link(`"kind":"counter"`)
	session := o.signIn(staff.Leader)
	list := o.send("GET", formsPage, "", session)
	contains(t, "the list", list, 200, "dich-vu@1", "chinh-sach@1", "Đang dùng", "Từ 01/01/2023", "Chưa xác nhận")
	if strings.Contains(list.body, formsPage+"/moi") {
		t.Error("who may not write is offered to")
	}
	v := o.send("GET", formsPage+"/dich-vu@1", "", session)
	contains(t, "the version", v, 200, "không sửa được nữa", "Tiếp cận dịch vụ", "Access to the service", "Trụ sở cơ quan sạch sẽ", ">33<")
	if strings.Contains(v.body, `method="post" action="`+formsPage) {
		t.Error("who may not write is offered to")
	}
	if n := strings.Count(v.body, "<tr>"); n < 19 {
		t.Errorf("%d rows", n)
	}
	contains(t, "in English", o.send("GET", formsPage+"/dich-vu@1?lang=en", "", session), 200, "can no longer be changed", "In use")
	for _, gone := range []string{"/dich-vu@9", "/x", "/dich-vu@9/xem", "/nhap/dich-vu@2/xem"} {
		if a := o.send("GET", formsPage+gone, "", session); a.StatusCode != 404 {
			t.Errorf("%s: %d", gone, a.StatusCode)
		}
	}
}

// TestTermsOfAVersion: its source and end may change, its questions never.
func TestTermsOfAVersion(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Admin)
	code := o.link(`"kind":"counter"`)
	page := formsPage + "/dich-vu@1"
	version := versionIn(t, o.send("GET", page, "", session))
	contains(t, "an end that has passed", o.post(page+"/sua", session, "version", version, "source", "", "confirmed", "1", "to", "2026-06-29"), 422,
		`href="#source"`, `href="#to"`, "từ 30/06/2026 trở đi", `value="2026-06-29"`, `value="1" checked`)
	if a := o.post(page+"/sua", session, "version", version, "source", "Quyết định mới", "confirmed", "1", "to", "2026-06-30"); a.StatusCode != 303 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	contains(t, "the version", o.send("GET", page, "", session), 200, "Đang dùng đến hết 30/06/2026", "Quyết định mới (Đã xác nhận)")
	contains(t, "the second", o.post(page+"/sua", session, "version", version, "source", "Nguồn khác", "to", "2026-12-31"), 409,
		"Người khác vừa sửa", "<td>Quyết định mới</td><td>Nguồn khác</td>", "<td>30/06/2026</td><td>31/12/2026</td>", `value="Nguồn khác"`)
	if a := o.send("GET", "/k/"+code, ""); a.StatusCode != 200 {
		t.Errorf("on its last day: %d", a.StatusCode)
	}
	o.now = o.now.Add(24 * time.Hour)
	if a := o.send("GET", "/k/"+code, ""); a.StatusCode != 410 {
		t.Errorf("retired: %d", a.StatusCode)
	}
	session = o.signIn(staff.Admin)
	contains(t, "what has begun", o.post(page+"/rut", session, "version", "2"), 409, "Có thể đã có người trả lời")
	if got, want := o.actions(t), "amend dich-vu@1 to=2026-06-29,source,confirmed; amend dich-vu@1 to=2026-06-29,source,confirmed invalid; "+
		"amend dich-vu@1 to=2026-06-30,source,confirmed; amend dich-vu@1 to=2026-12-31,source,confirmed; amend dich-vu@1 to=2026-12-31,source,confirmed stale; "+
		"withdraw dich-vu@1; withdraw dich-vu@1  questionnaire_begun"; got != want {
		t.Errorf("the log: %s", got)
	}
}

func TestNewQuestionnaire(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Admin)
	for name, tt := range map[string]struct{ id, title, field string }{
		"no id": {"", "Phiếu", "id"}, "a bad id": {"Phiếu 1", "Phiếu", "id"}, "one that is there": {"dich-vu", "Phiếu", "id"},
		"no name": {"quay", "", "name"}, "too long": {"quay", strings.Repeat("a", 501), "name"},
	} {
		a := o.post(formsPage+"/moi", session, "id", tt.id, "name", tt.title, "block", "service")
		contains(t, name, a, 422, `href="#`+tt.field+`"`, `value="`+tt.id+`"`, `value="`+tt.title+`"`)
	}
	a := o.post(formsPage+"/moi", session, "id", "quay", "name", "Phiếu tại quầy", "block", "service")
	if a.StatusCode != 303 || !strings.HasPrefix(a.Header.Get("Location"), formsPage+"/nhap/quay@1") {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	contains(t, "the draft", o.send("GET", a.Header.Get("Location"), "", session), 200, "Phiếu tại quầy", `href="#factors"`, `href="#name.en"`)
	if leader := o.signIn(staff.Leader); !strings.Contains(o.send("GET", formsPage, "", leader).body, formsPage+"/nhap/quay@1/xem") {
		t.Error("others cannot look at the draft")
	}
}
