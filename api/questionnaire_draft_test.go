package api_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"sipas/internal/staff"
)

const criterion17 = "factors.0.criteria.2.text.vi"

func TestWriteADraft(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Admin)
	path, fields := o.draft(t, session)
	if len(fields) < 150 || fields.Get("factors.4.criteria.2.id") != "33" || fields.Get("factors.0.judges") != "desk" || fields.Get("source") != "" {
		t.Fatalf("%d fields: %v", len(fields), fields)
	}
	v := changed(fields, criterion17, "Chỗ chờ  có\r\nsạch không?", "source", "Theo phương pháp mới", "confirmed", "1", "do", "save")
	if a := o.sendForm(path, session, v); a.StatusCode != 303 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	a := o.send("GET", path, "", session)
	contains(t, "the draft", a, 200, "Chỗ chờ có sạch không?", "Theo phương pháp mới")
	if got := fieldsOf(t, a); got.Get("confirmed") != "1" || got.Get(criterion17) != "Chỗ chờ có sạch không?" || got.Get("factors.1.name.en") != fields.Get("factors.1.name.en") {
		t.Errorf("%v", got)
	}
	// Saved as it came, it is the same questionnaire: nothing is lost on the way through the page.
	again := fieldsOf(t, a)
	again.Set("do", "preview")
	if a := o.sendForm(path, session, again); a.StatusCode != 303 || a.Header.Get("Location") != path+"/xem" {
		t.Errorf("%d %s", a.StatusCode, a.Header.Get("Location"))
	}
	if got := fieldsOf(t, o.send("GET", path, "", session)); got.Get("version") != again.Get("version") {
		t.Error("saving the page as it came changed the draft")
	}
	if a := o.post(formsPage+"/dich-vu@1/ban-moi", session); a.StatusCode != 303 || a.Header.Get("Location") != path+"?done=draft-there" {
		t.Errorf("a second draft: %d %s", a.StatusCode, a.Header.Get("Location"))
	}
	if got, want := o.actions(t), "draft dich-vu@2; draft dich-vu@2; draft dich-vu@2  draft_exists; save dich-vu@2; save dich-vu@2 source,confirmed,criteria"; got != want {
		t.Errorf("the log: %s", got)
	}
}

// TestDraftMayBeUnfinished: it is saved, and each place to mend is named.
func TestDraftMayBeUnfinished(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Admin)
	path, fields := o.draft(t, session)
	v := changed(fields, criterion17, "", "factors.1.id", "hai", "factors.0.criteria.0.id", "16", "factors.0.criteria.1.official.en", "")
	if a := o.sendForm(path, session, v); a.StatusCode != 303 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	a := o.send("GET", path, "", session)
	contains(t, "the draft", a, 200, `href="#`+criterion17+`">Tiêu chí 17: câu hỏi. Cần điền mục này`, `href="#factors.1.id"`, `“hai” phải là số La Mã`,
		`href="#factors.0.criteria.1.id">Tiêu chí 16: số hoặc ký hiệu. Trùng với Tiêu chí 16`, `href="#source"`, "5 chỗ cần điền", "<details open>")
	contains(t, "publishing", o.send("GET", path+"/cong-bo", "", session), 200, "Chưa công bố được", `href="`+path+`#`+criterion17+`"`)
	if a := o.post(path+"/cong-bo", session, "version", versionIn(t, a), "from", "2026-07-01"); a.StatusCode != 422 {
		t.Errorf("published unfinished: %d", a.StatusCode)
	}
}

// TestBadDraftComesBack with every wrong place named and all that was typed.
func TestBadDraftComesBack(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Admin)
	path, fields := o.draft(t, session)
	long := strings.Repeat("dài ", 130) + "quá"
	v := changed(fields, criterion17, long, "name.en", "a\x01b", "block", "khác", "factors.0.judges", "sai", "factors.1.criteria.0.official.vi", long, "source", "Nguồn đang gõ")
	a := o.sendForm(path, session, v)
	contains(t, "the page", a, 422, long, `value="Nguồn đang gõ"`, "Chưa lưu được, cần sửa")
	for _, name := range []string{criterion17, "name.en", "block", "factors.0.judges", "factors.1.criteria.0.official.vi"} {
		if !strings.Contains(a.body, `href="#`+name+`"`) || !strings.Contains(a.body, `id="`+name+`"`) {
			t.Errorf("no error linked to %s", name)
		}
	}
	many := changed(fields)
	for i := range 60 {
		many.Set(fmt.Sprintf("factors.0.criteria.%d.id", i), "")
	}
	for i := range 21 {
		many.Set(fmt.Sprintf("extra.%d.id", i), "")
	}
	contains(t, "too many", o.sendForm(path, session, many), 422, `href="#factors"`, `href="#extra"`, "Nhiều nhất 60", "Nhiều nhất 20")
	if got := fieldsOf(t, o.send("GET", path, "", session)); got.Get("version") != fields.Get("version") {
		t.Error("stored all the same")
	}
	huge := changed(fields, "source", strings.Repeat("a", 300<<10))
	if a := o.sendForm(path, session, huge); a.StatusCode != 413 {
		t.Errorf("larger than the page can be: %d", a.StatusCode)
	}
	if a := o.sendForm(path, session, changed(fields, "source", strings.Repeat("a", 100<<10))); a.StatusCode != 422 {
		t.Errorf("as large as the page can be: %d", a.StatusCode)
	}
}

// TestRearrange: the buttons change the page, keep what was typed, and store
// nothing.
func TestRearrange(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Admin)
	path, fields := o.draft(t, session)
	typed := changed(fields, criterion17, "Đang gõ dở")
	ids := func(v url.Values, list string) string {
		var out []string
		for i := 0; v.Has(fmt.Sprintf("%s.%d.id", list, i)); i++ {
			out = append(out, v.Get(fmt.Sprintf("%s.%d.id", list, i)))
		}
		return strings.Join(out, " ")
	}
	for _, tt := range []struct{ button, list, want, focus string }{
		{"factors.0.criteria.add", "factors.0.criteria", "15 16 17 18 ", "factors.0.criteria.4.id"},
		{"factors.0.criteria.2.up", "factors.0.criteria", "15 17 16 18", "factors.0.criteria.1.up"},
		{"factors.0.criteria.2.down", "factors.0.criteria", "15 16 18 17", "factors.0.criteria.3.down"},
		{"factors.0.criteria.1.up", "factors.0.criteria", "16 15 17 18", "factors.0.criteria.0.down"},
		{"factors.0.criteria.0.up", "factors.0.criteria", "15 16 17 18", ""},
		{"factors.0.criteria.3.remove", "factors.0.criteria", "15 16 17", "factors.0.criteria.2.remove"},
		{"factors.0.criteria.3.down", "factors.1.criteria", "18 19 20 21 22", "factors.1.criteria.0.down"},
		{"factors.1.criteria.0.up", "factors.0.criteria", "15 16 17 18 19", "factors.0.criteria.4.up"},
		{"factors.1.up", "factors", "II I III IV V", "factors.0.down"},
		{"factors.4.remove", "factors", "I II III IV", "factors.3.remove"},
		{"factors.add", "factors", "I II III IV V ", "factors.5.id"},
		{"extra.add", "extra", "visits appointment waiting harassment extra-money ", "extra.5.id"},
		{"extra.0.options.add", "extra.0.options", "1 2 3 4+ ", "extra.0.options.4.id"},
		{"extra.1.remove", "extra", "visits waiting harassment extra-money", "extra.1.remove"},
		{"extra.99.options.add", "extra", "visits appointment waiting harassment extra-money", ""},
		{"factors.99.up", "factors", "I II III IV V", ""},
		{"factors.0.criteria.0.explode", "factors.0.criteria", "15 16 17 18", ""},
		{"rubbish", "factors", "I II III IV V", ""},
	} {
		a := o.sendForm(path, session, changed(typed, "do", tt.button))
		if a.StatusCode != 200 {
			t.Fatalf("%s: %d", tt.button, a.StatusCode)
		}
		got := fieldsOf(t, a)
		if ids(got, tt.list) != tt.want {
			t.Errorf("%s: %q, want %q", tt.button, ids(got, tt.list), tt.want)
		}
		focus := ""
		if i := strings.Index(a.body, " autofocus"); i > 0 {
			_, focus, _ = strings.Cut(a.body[strings.LastIndex(a.body[:i], "<"):i], ` id="`)
			focus, _, _ = strings.Cut(focus, `"`)
		}
		if focus != tt.focus && tt.focus != "" {
			t.Errorf("%s: the focus is at %q, want %q", tt.button, focus, tt.focus)
		}
		if got.Get("version") != fields.Get("version") || !strings.Contains(a.body, "Đang gõ dở") || !strings.Contains(a.body, "Có thay đổi chưa lưu") {
			t.Errorf("%s: something typed is lost", tt.button)
		}
	}
	if got := fieldsOf(t, o.send("GET", path, "", session)); got.Get(criterion17) == "Đang gõ dở" || got.Get("version") != fields.Get("version") {
		t.Error("a button has saved")
	}
	// A question of the counter's own, from nothing to saved.
	v := fieldsOf(t, o.sendForm(path, session, changed(typed, "do", "extra.add")))
	v = fieldsOf(t, o.sendForm(path, session, changed(v, "extra.5.id", "cho-doi", "extra.5.options.0.id", "ngan", "do", "extra.5.options.add")))
	if got := ids(v, "extra.5.options"); got != "ngan  " {
		t.Errorf("options %q", got)
	}
	if a := o.sendForm(path, session, changed(v, "do", "save")); a.StatusCode != 303 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if got := fieldsOf(t, o.send("GET", path, "", session)); got.Get("extra.5.id") != "cho-doi" || got.Get(criterion17) != "Đang gõ dở" {
		t.Error("not saved")
	}
}

// TestTwoWriteOneDraft: the second is told what changed and keeps what was typed.
func TestTwoWriteOneDraft(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Admin)
	path, fields := o.draft(t, session)
	if a := o.sendForm(path, session, changed(fields, criterion17, "Câu của người thứ nhất", "source", "Nguồn một")); a.StatusCode != 303 {
		t.Fatal(a.StatusCode)
	}
	a := o.sendForm(path, session, changed(fields, criterion17, "Câu của người thứ hai", "source", "Nguồn một", "block", "policy"))
	contains(t, "the page of the second", a, 409, "Người khác vừa sửa", "Tiêu chí 17: câu hỏi</th><td>Câu của người thứ nhất</td><td>Câu của người thứ hai</td>",
		"Khối</th><td>Dịch vụ</td><td>Chính sách</td>")
	if strings.Contains(a.body, "<td>Nguồn một</td>") {
		t.Error("what both typed alike is among the differences")
	}
	v := fieldsOf(t, a)
	if v.Get(criterion17) != "Câu của người thứ hai" {
		t.Error("lost what the second typed")
	}
	if a := o.sendForm(path, session, v); a.StatusCode != 303 {
		t.Errorf("knowing it, the second cannot save: %d", a.StatusCode)
	}
	contains(t, "throwing away what one has not seen", o.post(path+"/bo", session, "version", fields.Get("version")), 409, "test-admin vừa sửa bản nháp này")
}

// TestDraftThatIsGone: what was typed survives that somebody has thrown the draft
// away, or published it.
func TestDraftThatIsGone(t *testing.T) {
	for _, tt := range []struct {
		name, next, said string
		end              func(o *office, path, session, version string) answer
	}{
		{"thrown away", "dich-vu@2", "vừa bị người khác bỏ", func(o *office, path, session, version string) answer {
			return o.post(path+"/bo", session, "version", version)
		}},
		{"published", "dich-vu@3", "vừa được công bố, áp dụng từ 02/07/2026", func(o *office, path, session, version string) answer {
			return o.post(path+"/cong-bo", session, "version", version, "from", "2026-07-02")
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := newOffice(t)
			session := o.signIn(staff.Admin)
			path, fields := o.draft(t, session)
			if a := o.sendForm(path, session, changed(fields, "source", "Nguồn")); a.StatusCode != 303 {
				t.Fatal(a.StatusCode)
			}
			fields = fieldsOf(t, o.send("GET", path, "", session))
			if a := tt.end(o, path, session, fields.Get("version")); a.StatusCode != 303 {
				t.Fatalf("%d %s", a.StatusCode, a.body)
			}
			a := o.sendForm(path, session, changed(fields, criterion17, "Đang gõ dở"))
			contains(t, "the page", a, 409, tt.said, "Đang gõ dở")
			a = o.sendForm(path, session, fieldsOf(t, a))
			if a.StatusCode != 303 || a.Header.Get("Location") != formsPage+"/nhap/"+tt.next+"?done=saved" {
				t.Fatalf("%d %s %s", a.StatusCode, a.Header.Get("Location"), a.body)
			}
			if got := fieldsOf(t, o.send("GET", formsPage+"/nhap/"+tt.next, "", session)); got.Get(criterion17) != "Đang gõ dở" || got.Get("source") != "Nguồn" {
				t.Errorf("lost: %v", got)
			}
		})
	}
}

// TestUnsentDraftWaitsForSigningIn: a whole page of questions survives the end of
// the session.
func TestUnsentDraftWaitsForSigningIn(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Admin)
	path, fields := o.draft(t, session)
	for name := range fields {
		if strings.Contains(name, ".official.") || strings.HasSuffix(name, ".name.vi") { // longer than 64 KB
			fields.Set(name, strings.Repeat("Đề nghị cấp giấy phép môi trường ", 15)+"hết")
		}
	}
	if a := o.send("POST", "/dang-xuat", "", session); a.StatusCode != 303 {
		t.Fatal(a.StatusCode)
	}
	a := o.sendForm(path, session, changed(fields, criterion17, "Đang gõ dở"))
	contains(t, "the sign-in page", a, 401, "Phiên làm việc đã hết trước khi lưu")
	sent := hiddenValue(a.body, "sent")
	if len(sent) < 64<<10 {
		t.Fatalf("only %d bytes came along", len(sent))
	}
	a = o.send("POST", "/dang-nhap", signInForm("test-admin", password, "next", path, "sent", sent), form, local)
	contains(t, "after signing in", a, 200, "Gửi tiếp", "Đang gõ dở")
	cookie := "Cookie: __Host-sipas=" + a.Cookies()[slices.IndexFunc(a.Cookies(), isSession)].Value
	v := url.Values{}
	for name := range fields {
		v.Set(name, hiddenValue(a.body, name))
	}
	if a := o.sendForm(path, cookie, v); a.StatusCode != 303 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if got := fieldsOf(t, o.send("GET", path, "", cookie)); got.Get(criterion17) != "Đang gõ dở" {
		t.Error("not saved")
	}
}
