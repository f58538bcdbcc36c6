package api_test

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"sipas/internal/staff"
	"sipas/survey"
)

func isSession(c *http.Cookie) bool { return c.Name == "__Host-sipas" }

// hiddenValue is the value of a hidden field.
func hiddenValue(body, name string) string {
	m := regexp.MustCompile(`<input type="hidden" name="` + regexp.QuoteMeta(name) + `" value="([^"]*)"`).FindStringSubmatch(body)
	if m == nil {
		return ""
	}
	return html.UnescapeString(m[1])
}

// readyDraft makes a draft that can be published: criterion 17 in other words.
func (o *office) readyDraft(t *testing.T, session, wording string) (path, version string) {
	t.Helper()
	path, fields := o.draft(t, session)
	if a := o.sendForm(path, session, changed(fields, criterion17, wording, "source", "Phương pháp mới")); a.StatusCode != 303 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	return path, versionIn(t, o.send("GET", path, "", session))
}

func TestPreviewCannotBeSent(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Admin)
	path, _ := o.readyDraft(t, session, "Chỗ chờ có sạch không?")
	before := o.responses()
	for page, strip := range map[string]string{path + "/xem": "chưa công bố", formsPage + "/dich-vu@1/xem": "Xem trước bản 1"} {
		a := o.send("GET", page, "", o.signIn(staff.Unit))
		contains(t, page, a, 200, strip, "Không gửi được phiếu", `<option value="dat-dai">`, `name="q17"`)
		if strings.Contains(a.body, `name="key"`) || strings.Contains(a.body, "sipas:key") || strings.Count(a.body, `class="send" disabled`) != 2 {
			t.Errorf("%s: the page could be sent", page)
		}
		if !strings.Contains(a.Header.Get("Content-Security-Policy"), "form-action 'none'") || a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", page, a.Header)
		}
		if a := o.post(page, session, "overall", "5", "key", key(1), "area", "dat-dai", "questionnaire", "dich-vu@2"); a.StatusCode != 405 && a.StatusCode != 404 {
			t.Errorf("%s takes answers: %d", page, a.StatusCode)
		}
	}
	if a := o.send("GET", path+"/xem?lang=en", "", session); !strings.Contains(a.body, "No answer can be sent") || !strings.Contains(a.body, "How was") && !strings.Contains(a.body, `lang="en"`) {
		t.Error("no preview in English")
	}
	if !strings.Contains(o.send("GET", path+"/xem", "", session).body, "Chỗ chờ có sạch không?") {
		t.Error("the preview has the words of another version")
	}
	if o.responses() != before {
		t.Error("something was counted")
	}
}

func TestPublish(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Admin)
	code := o.link(`"kind":"counter","area":"dat-dai"`)
	bound := o.link(`"kind":"counter","title":"Quầy giữ bản cũ","questionnaire":"dich-vu@1"`)
	path, version := o.readyDraft(t, session, "Chỗ chờ có sạch không?")
	a := o.send("GET", path+"/cong-bo", "", session)
	contains(t, "what follows", a, 200, "Tiêu chí 17 hỏi bằng câu khác", "Nơi làm việc, chỗ ngồi chờ sạch sẽ, văn minh", "Chỗ chờ có sạch không?",
		"Bản 1 (Đang dùng) dừng vào ngày trước", ">1 mã<", "Quầy giữ bản cũ ("+bound+")", `value="2026-07-01"`)
	for _, tt := range []struct{ from, said string }{{"", "Cần điền mục này"}, {"2026-06-29", "từ 30/06/2026 trở đi"}, {"mai", "ngày có thật"}} {
		contains(t, "the day "+tt.from, o.post(path+"/cong-bo", session, "version", version, "from", tt.from), 422, `href="#from"`, tt.said, `value="`+tt.from+`"`)
	}
	// Somebody changes the draft between the look and the button.
	v := fieldsOf(t, o.send("GET", path, "", session))
	if a := o.sendForm(path, session, changed(v, "name.vi", "Tên mới")); a.StatusCode != 303 {
		t.Fatal(a.StatusCode)
	}
	a = o.post(path+"/cong-bo", session, "version", version, "from", "2026-07-09")
	contains(t, "unseen changes", a, 409, "vừa sửa bản nháp", "Tên mới", `value="2026-07-09"`)
	a = o.post(path+"/cong-bo", session, "version", versionIn(t, a), "from", "2026-06-30")
	if a.StatusCode != 303 || a.Header.Get("Location") != formsPage+"/dich-vu@2?done=published" {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	contains(t, "the version", o.send("GET", a.Header.Get("Location"), "", session), 200, "Đã công bố", "không sửa được nữa", "Chỗ chờ có sạch không?")
	contains(t, "the list", o.send("GET", formsPage, "", session), 200, "Đã ngừng", "01/01/2023 – 29/06/2026")
	if a := o.send("GET", "/k/"+code, ""); !strings.Contains(a.body, "Chỗ chờ có sạch không?") || !strings.Contains(a.body, `value="dich-vu@2"`) {
		t.Error("the link asks the earlier version")
	}
	if a := o.send("GET", "/k/"+bound, ""); a.StatusCode != 410 {
		t.Errorf("the link bound to version 1: %d", a.StatusCode)
	}
	if a := o.send("POST", "/api/v1/surveys/"+code+"/responses", `{"key":"`+key(1)+`","answers":{"17":4}}`); a.StatusCode != 201 || o.responses() != 1 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	// The way back to the editor leads to what it has become; it is written no more.
	if a := o.send("GET", path, "", session); a.StatusCode != 303 || a.Header.Get("Location") != formsPage+"/dich-vu@2" {
		t.Errorf("%d %s", a.StatusCode, a.Header.Get("Location"))
	}
	if a := o.send("GET", path+"/cong-bo", "", session); a.StatusCode != 303 {
		t.Errorf("%d", a.StatusCode)
	}
	log := o.actions(t)
	for _, want := range []string{"publish dich-vu@2 from=2026-07-09", "publish dich-vu@2 from=2026-07-09 stale", "publish dich-vu@2 from=2026-06-30"} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %q: %s", want, log)
		}
	}
}

// TestTwoPublish: the second sees what has become of the draft.
func TestTwoPublish(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Admin)
	path, version := o.readyDraft(t, session, "Mới")
	first := o.post(path+"/cong-bo", session, "version", version, "from", "2026-07-02")
	again := o.post(path+"/cong-bo", session, "version", version, "from", "2026-07-02")
	other := o.post(path+"/cong-bo", session, "version", version, "from", "2026-07-03")
	if first.StatusCode != 303 || again.StatusCode != 303 {
		t.Errorf("%d, the same again %d", first.StatusCode, again.StatusCode)
	}
	contains(t, "another day", other, 409, "vừa được người khác công bố, áp dụng từ 02/07/2026", "Sẽ dùng từ 02/07/2026", "Rút về bản nháp")
	// It has not begun, so it can be withdrawn; the one before it goes on.
	a := o.post(formsPage+"/dich-vu@2/rut", session, "version", hiddenValue(o.send("GET", formsPage+"/dich-vu@2", "", session).body, "version"))
	if a.StatusCode != 303 || a.Header.Get("Location") != path+"?done=withdrawn" {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	contains(t, "the draft again", o.send("GET", path, "", session), 200, "Mới", "Phương pháp mới")
	contains(t, "the day planned", o.send("GET", path+"/cong-bo", "", session), 200, `value="2026-07-02"`)
	contains(t, "version 1", o.send("GET", formsPage+"/dich-vu@1", "", session), 200, "Từ 01/01/2023")
	if a := o.post(path+"/cong-bo", session, "version", versionIn(t, o.send("GET", path, "", session)), "from", "2026-07-02"); a.StatusCode != 303 {
		t.Fatal(a.StatusCode)
	}
	o.now = o.now.Add(72 * time.Hour)
	session = o.signIn(staff.Admin)
	contains(t, "withdrawn after it began", o.post(formsPage+"/dich-vu@2/rut", session, "version", "1"), 409, "không rút lại được")
}

// TestVersionTaken: another text has the number meanwhile, from a file.
func TestVersionTaken(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Admin)
	path, version := o.readyDraft(t, session, "Mới")
	q := *o.survey.Questionnaire("dich-vu@1")
	q.Version, q.From, q.Name.VI = 2, "2026-08-01", "Bản từ tệp"
	if err := o.survey.AddQuestionnaires(t.Context(), []survey.Questionnaire{q}); err != nil {
		t.Fatal(err)
	}
	a := o.post(path+"/cong-bo", session, "version", version, "from", "2026-09-01")
	contains(t, "the page", a, 409, "Số bản này đã dùng", "Soạn bản mới từ bản nháp này")
	a = o.post(path+"/ban-moi", session)
	if next := formsPage + "/nhap/dich-vu@3"; a.StatusCode != 303 || a.Header.Get("Location") != next+"?done=draft" ||
		!strings.Contains(o.send("GET", next, "", session).body, ">Mới</textarea>") {
		t.Errorf("%d %s", a.StatusCode, a.Header.Get("Location"))
	}
}
