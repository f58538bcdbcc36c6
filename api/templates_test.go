package api_test

import (
	"regexp"
	"strings"
	"testing"

	"sipas/feedback"
	"sipas/internal/staff"
)

const templatesPath = "/lam-viec/vu-viec/mau"

var hiddenID = regexp.MustCompile(`name="id" value="([^"]+)"`)

// template makes a template as the page does, and returns its address.
func (o *office) template(session string, fields ...string) string {
	o.t.Helper()
	id := hiddenID.FindStringSubmatch(o.send("GET", templatesPath+"/moi", "", session).body)
	if id == nil {
		o.t.Fatal("no id in the form")
	}
	if a := o.post(templatesPath+"/moi", session, append(fields, "id", id[1])...); a.StatusCode != 303 {
		o.t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	return templatesPath + "/" + id[1]
}

func TestTemplatePages(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Office)
	if a := o.send("GET", templatesPath, "", session); a.StatusCode != 200 || !strings.Contains(a.body, "Chưa có mẫu nào") {
		t.Errorf("the empty list says nothing of what a template is for: %d", a.StatusCode)
	}
	page := o.template(session, "name", "Hỏi thửa đất", "step", "ask", "kind", "petition", "text", "Kính gửi ông/bà,\n<b>Thửa nào?</b>")
	// Sent twice by an impatient hand it is one template.
	if a := o.post(templatesPath+"/moi", session, "id", strings.TrimPrefix(page, templatesPath+"/"), "name", "Hỏi thửa đất", "step", "ask",
		"kind", "petition", "text", "Kính gửi ông/bà,\n<b>Thửa nào?</b>"); a.StatusCode != 303 {
		t.Errorf("sent again: %d", a.StatusCode)
	}
	a := o.send("GET", templatesPath, "", session)
	if n := strings.Count(a.body, `href="`+page+`"`); n != 1 || !strings.Contains(a.body, "Hỏi người gửi") || !strings.Contains(a.body, "&lt;b&gt;Thửa nào?") {
		t.Errorf("%d rows: %s", n, a.body)
	}

	// What is wrong comes back with all that was typed.
	a = o.post(templatesPath+"/moi", session, "name", "Tên đã gõ", "step", "refuse", "kind", "question", "text", "")
	if a.StatusCode != 422 {
		t.Fatalf("%d", a.StatusCode)
	}
	for _, want := range []string{`href="#step"`, `href="#text"`, `value="Tên đã gõ"`, `value="question" selected`, "không có bước đó"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}

	long := strings.Repeat("ễ", 10_001)
	if a := o.post(templatesPath+"/moi", session, "name", "x", "step", "ask", "text", long); a.StatusCode != 422 || !strings.Contains(a.body, long) {
		t.Errorf("10,001 characters: %d, or they are lost", a.StatusCode)
	}

	// Two change one: the second sees what the first has saved, and keeps their own.
	version := versionIn(t, o.send("GET", page, "", session))
	o.post(page, session, "version", version, "name", "Hỏi số thửa", "step", "ask", "kind", "petition", "text", "Một")
	a = o.post(page, session, "version", version, "name", "Hỏi thửa", "step", "ask", "kind", "petition", "text", "Hai")
	if a.StatusCode != 409 || !strings.Contains(a.body, "<td>Hỏi số thửa</td><td>Hỏi thửa</td>") || !strings.Contains(a.body, ">Hai</textarea>") {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := o.post(page+"/xoa", session, "version", version); a.StatusCode != 409 || !strings.Contains(a.body, "chưa xóa") {
		t.Errorf("removed by a page that was no longer true: %d", a.StatusCode)
	}
	if a := o.post(page+"/xoa", session, "version", versionIn(t, o.send("GET", page, "", session))); a.StatusCode != 303 {
		t.Errorf("%d", a.StatusCode)
	}
	if a := o.send("GET", page, "", session); a.StatusCode != 404 {
		t.Errorf("removed: %d", a.StatusCode)
	}
	if a := o.post(page, session, "version", "2", "name", "x", "step", "ask", "text", "x"); a.StatusCode != 404 {
		t.Errorf("changed after it was removed: %d", a.StatusCode)
	}
}

// TestTemplateOnTheStep: those for this step and kind are offered, and the chosen
// one's text is what the officer begins from.
func TestTemplateOnTheStep(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Inspection)
	k := o.classified(feedback.Petition)
	step := "/lam-viec/vu-viec/" + feedback.FormatCode(k.Code) + "/buoc/ask"
	if a := o.send("GET", step, "", session); a.StatusCode != 200 || strings.Contains(a.body, `name="mau"`) {
		t.Errorf("%d, or templates are offered and there is none", a.StatusCode)
	}
	id := strings.TrimPrefix(o.template(session, "name", "Hỏi thửa đất", "step", "ask", "text", "Thửa <số> nào?"), templatesPath+"/")
	secret := strings.TrimPrefix(o.template(session, "name", "Của tố cáo", "step", "ask", "kind", "denunciation", "text", "Bí mật"), templatesPath+"/")
	o.template(session, "name", "Trả lời chung", "step", "answer", "text", "Khác")
	a := o.send("GET", step+"?mau="+id, "", session)
	if !strings.Contains(a.body, ">Thửa &lt;số&gt; nào?</textarea>") || !strings.Contains(a.body, `value="`+id+`" selected`) {
		t.Errorf("not begun from the template: %s", a.body)
	}
	for _, other := range []string{"Của tố cáo", "Trả lời chung"} {
		if strings.Contains(a.body, other) {
			t.Errorf("%s is offered", other)
		}
	}
	if a := o.send("GET", step+"?mau="+secret, "", session); a.StatusCode != 200 || strings.Contains(a.body, "Bí mật") {
		t.Errorf("%d, or a template of another kind is used", a.StatusCode)
	}
}

// TestTemplateForDenunciations is the inspection's alone: for the office its
// page is like that of none, byte for byte, and so is the log.
func TestTemplateForDenunciations(t *testing.T) {
	o := newOffice(t)
	inspection, office := o.signIn(staff.Inspection), o.signIn(staff.Office)
	page := o.template(inspection, "name", "Bảo vệ người tố cáo", "step", "answer", "kind", "denunciation", "text", "Kính gửi ông/bà,")
	if a := o.send("GET", templatesPath, "", inspection); !strings.Contains(a.body, "Bảo vệ người tố cáo") {
		t.Error("the inspection does not see it")
	}
	if a := o.send("GET", templatesPath, "", office); strings.Contains(a.body, "Bảo vệ") || !strings.Contains(a.body, "Chưa có mẫu nào") {
		t.Error("the office sees it")
	}
	none := templatesPath + "/" + feedback.NewTemplateID()
	for _, tt := range []struct{ method, end, body string }{
		{"GET", "", ""}, {"POST", "", "version=1&name=x&step=ask&text=x"}, {"POST", "/xoa", "version=1"},
	} {
		there, not := o.send(tt.method, page+tt.end, tt.body, form, office, local), o.send(tt.method, none+tt.end, tt.body, form, office, local)
		if there.StatusCode != 404 || sameBut(there, page) != sameBut(not, none) {
			t.Errorf("%s %s: %d, and not as for none", tt.method, tt.end, there.StatusCode)
		}
	}
	if a := o.post(templatesPath+"/moi", office, "name", "x", "step", "ask", "kind", "denunciation", "text", "x"); a.StatusCode != 422 {
		t.Errorf("the office writes one that it cannot see: %d", a.StatusCode)
	}
	for r, want := range map[bool]int{true: 1, false: 0} {
		entries, _, err := o.staff.Entries(t.Context(), staff.EntryFilter{Action: "template.create", Secret: r}, 10, "")
		if err != nil || len(entries) != want {
			t.Errorf("%d entries where secrets are shown: %v (%v)", len(entries), r, err)
		}
	}
}

// sameBut is an answer without what tells any two requests apart.
func sameBut(a answer, path string) string {
	body := strings.ReplaceAll(a.body, path, "")
	return strings.ReplaceAll(body, a.Header.Get("X-Request-Id"), "")
}
