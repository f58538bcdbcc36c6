package api_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"sipas/feedback"
	"sipas/internal/staff"
)

func TestFeedbackPageExplainsTheKinds(t *testing.T) {
	o := newOffice(t)
	a := o.send("GET", "/gop-y", "")
	if a.StatusCode != 200 || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %q", a.StatusCode, a.Header.Get("Cache-Control"))
	}
	for _, want := range []string{
		"Phản ánh, kiến nghị", "Khiếu nại", "Tố cáo", "Câu hỏi", "Khen ngợi",
		"Trả lời trong 15 ngày làm việc, tính từ ngày nhận.",
		"Trong 10 ngày báo có thụ lý hay không; giải quyết trong 30 ngày kể từ ngày thụ lý.",
		"Trong 7 ngày làm việc báo có thụ lý hay không",
		"chỉ Thanh tra Sở mở được", "chữ ký hoặc điểm chỉ",
		`enctype="multipart/form-data"`, `capture="environment"`,
	} {
		if !strings.Contains(a.body, want) {
			t.Errorf("without %q", want)
		}
	}
	for _, m := range regexp.MustCompile(`<input[^>]*(checkbox|radio)[^>]*>`).FindAllString(a.body, -1) {
		if strings.Contains(m, "checked") {
			t.Errorf("ticked beforehand: %s", m)
		}
	}
	if strings.Contains(a.body, "maxlength") {
		t.Error("a text would be cut without a word")
	}
	if en := o.send("GET", "/gop-y?lang=en", ""); !strings.Contains(en.body, "Answered within 15 working days of receipt.") {
		t.Error("no English")
	}
}

func TestFeedbackPageIsFilledInFromTheAddress(t *testing.T) {
	o := newOffice(t)
	code := o.link(`"kind":"counter","area":"dat-dai","desk":"bo-phan-mot-cua"`)
	thanks := o.send("GET", "/k/"+code+"/cam-on", "")
	m := regexp.MustCompile(`href="(/gop-y\?[^"]+)"`).FindStringSubmatch(thanks.body)
	if m == nil {
		t.Fatalf("no way from the thank-you page: %s", thanks.body)
	}
	page := o.send("GET", strings.ReplaceAll(m[1], "&amp;", "&"), "")
	for _, want := range []string{`<details open>`, `<option value="dat-dai" selected>`, `<option value="bo-phan-mot-cua" selected>`} {
		if !strings.Contains(page.body, want) {
			t.Errorf("without %s", want)
		}
	}
	if survey := o.send("GET", "/k/"+code, ""); !strings.Contains(survey.body, `<a href="/gop-y">`) {
		t.Error("no way from the foot of the survey")
	}
	bad := o.send("GET", "/gop-y?area=%22%3E%3Cscript%3E&content=x&desk=khong-co&contact.name=y", "")
	if bad.StatusCode != 200 || strings.Contains(bad.body, "<details open>") || strings.Contains(bad.body, `"><script>`) || strings.Contains(bad.body, `value="y"`) {
		t.Error("more than known ids is taken from the address")
	}
}

func TestFeedbackPageGivesTheReceiptAtOnce(t *testing.T) {
	o := newOffice(t)
	form := fields("key", key(1), "lang", "vi", "kind", "denunciation", "content", "Đòi tiền ngoài phí", "contact.name", "Nguyễn Văn Dân",
		"contact.address", "12 Hùng Vương", "consent", "on", "subject", "", "area", "")
	a := o.sendUpload("/gop-y", form, sentFile{"ảnh.jpg", photo(t)}, sentFile{"", ""})
	if a.StatusCode != 201 || a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Location") != "" {
		t.Fatalf("%d %v %s", a.StatusCode, a.Header, a.body)
	}
	codes := regexp.MustCompile(`<dd class="code">([^<]+)</dd>`).FindAllStringSubmatch(a.body, -1)
	if len(codes) != 2 {
		t.Fatalf("codes %v", codes)
	}
	c, err := o.cases.ByLookup(t.Context(), codes[0][1], codes[1][1])
	if err != nil || len(c.Files) != 1 || c.Kind != feedback.Denunciation {
		t.Fatalf("%+v %v", c, err)
	}
	for _, want := range []string{"Thứ Năm, 09/07/2026", "Báo có thụ lý hay không, chậm nhất", "Ngày nhận, không tính", "Chủ nhật", `href="/tra-cuu"`, "chỉ hiện ở trang này"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("receipt without %q", want)
		}
	}
	for _, link := range regexp.MustCompile(`(?:href|action)="([^"]*)"`).FindAllStringSubmatch(a.body, -1) {
		if strings.Contains(link[1], codes[0][1]) || strings.Contains(link[1], codes[1][1]) {
			t.Errorf("code or secret in the address %s", link[1])
		}
	}
	// Loading the page anew posts the same.
	again := o.sendUpload("/gop-y", form, sentFile{"ảnh.jpg", photo(t)}, sentFile{"", ""})
	if again.StatusCode != 200 || again.body != a.body {
		t.Errorf("again: %d", again.StatusCode)
	}
}

func TestFeedbackPageComesBackWithEverythingTyped(t *testing.T) {
	o := newOffice(t)
	long := strings.Repeat("Việc này ", 25_000) // 225,000 characters
	a := o.sendUpload("/gop-y", fields("key", key(1), "kind", "complaint", "content", long, "subject", `<b>"Đậm"</b>`, "area", "dat-dai", "contact.email", "a@",
		"publish", "on"), sentFile{"ảnh.jpg", photo(t)}, sentFile{"nhạc.mp3", "ID3"})
	if a.StatusCode != http.StatusUnprocessableEntity {
		t.Fatalf("%d", a.StatusCode)
	}
	for _, want := range []string{
		strings.TrimSpace(long) + "</textarea>", "&lt;b&gt;&#34;Đậm&#34;&lt;/b&gt;", `<option value="dat-dai" selected>`, `value="a@"`, `value="complaint" id="kind-complaint" checked`,
		`name="publish" value="on" checked`, `value="` + key(1) + `"`,
		`<a href="#content">`, `<a href="#contact.name">`, `<a href="#contact.phone">`, `<a href="#contact.email">`, `<a href="#files">nhạc.mp3: `, `<a href="#consent">`,
		"Dài quá: tối đa 20.000 ký tự", "Xin chọn lại: ảnh.jpg, nhạc.mp3",
	} {
		if !strings.Contains(a.body, want) {
			t.Errorf("without %.80q", want)
		}
	}
	for _, id := range []string{"content", "contact.name", "contact.phone", "contact.email", "files", "consent"} {
		if !strings.Contains(a.body, `id="`+id+`"`) {
			t.Errorf("nothing has the id %s", id)
		}
	}
	if strings.Contains(a.body, `name="consent" value="on" checked`) {
		t.Error("consent that nobody gave")
	}
}

func TestFeedbackPageAfterAKeyWasUsed(t *testing.T) {
	o := newOffice(t)
	form := fields("key", key(1), "kind", "petition", "content", "Một", "consent", "on")
	if a := o.sendUpload("/gop-y", form); a.StatusCode != 201 {
		t.Fatal(a.StatusCode)
	}
	form[2][1] = "Hai"
	a := o.sendUpload("/gop-y", form)
	fresh := regexp.MustCompile(`name="key" value="([^"]+)"`).FindStringSubmatch(a.body)
	if a.StatusCode != 409 || fresh == nil || fresh[1] == key(1) || !strings.Contains(a.body, "Hai</textarea>") {
		t.Fatalf("%d %v", a.StatusCode, fresh)
	}
	form[0][1] = fresh[1]
	if a := o.sendUpload("/gop-y", form); a.StatusCode != 201 {
		t.Errorf("with the fresh key: %d", a.StatusCode)
	}
}

// TestFeedbackFromTheScript posts as feedback.js does.
func TestFeedbackFromTheScript(t *testing.T) {
	o := newOffice(t)
	const asJSON = "Accept: application/json"
	a := o.send("POST", "/gop-y", "key="+key(1)+"&kind=petition&content=%3Cb%3EA&consent=on&lang=vi&anonymous=on", form, asJSON)
	var r struct{ Code, Secret, Page string }
	a.into(t, &r)
	if a.StatusCode != 201 || !strings.Contains(r.Page, r.Code) || !strings.Contains(r.Page, r.Secret) || strings.Contains(r.Page, "<script") || a.Header.Get("Location") != "/gop-y" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	p := o.problem(o.send("POST", "/gop-y", "key="+key(2)+"&kind=complaint", form, asJSON), 422)
	if p.fields() != "content required, contact.name required, contact.phone phone_or_address, consent consent" || p.Errors[0].Message != "Viết vài dòng về việc đã xảy ra" {
		t.Errorf("%+v", p)
	}
	if p := o.problem(o.send("POST", "/gop-y", "key="+key(1)+"&kind=petition&content=B&consent=on", form, asJSON), 409); p.Key == "" {
		t.Errorf("%+v", p)
	}
}

func TestTakenDownByStaff(t *testing.T) {
	o := newOffice(t)
	for _, role := range []staff.Role{staff.Desk, staff.Inspection, staff.Office} {
		t.Run(string(role), func(t *testing.T) {
			session := o.signIn(role)
			page := o.send("GET", "/lam-viec/vu-viec/moi", "", session, local)
			if page.StatusCode != 200 || strings.Contains(page.body, "checked") {
				t.Fatalf("%d", page.StatusCode)
			}
			k := regexp.MustCompile(`name="key" value="([^"]+)"`).FindStringSubmatch(page.body)[1]
			form := fields("key", k, "lang", "vi", "kind", "complaint", "content", "Bà Lan gọi điện", "contact.name", "Trần Thị Lan", "contact.phone", "0905123456")
			bad := o.sendUpload("/lam-viec/vu-viec/moi", form, session, local, sentFile{"nhạc.mp3", "ID3"})
			if bad.StatusCode != 422 || !strings.Contains(bad.body, "Bà Lan gọi điện") || !strings.Contains(bad.body, `href="#consent"`) || !strings.Contains(bad.body, "nhạc.mp3") {
				t.Errorf("%d %s", bad.StatusCode, bad.body)
			}
			form = append(form, [2]string{"consent", "1"})
			a := o.sendUpload("/lam-viec/vu-viec/moi", form, session, local, sentFile{"đơn.pdf", pdf})
			codes := regexp.MustCompile(`<dd class="code"[^>]*>([^<]+)</dd>`).FindAllStringSubmatch(a.body, -1)
			if a.StatusCode != 201 || len(codes) != 2 || a.Header.Get("Cache-Control") != "no-store" {
				t.Fatalf("%d %v", a.StatusCode, codes)
			}
			c, err := o.cases.ByLookup(t.Context(), codes[0][1], codes[1][1])
			if err != nil || c.Taken.Account != "test-"+string(role) || len(c.Files) != 1 {
				t.Errorf("%+v %v", c, err)
			}
			if again := o.sendUpload("/lam-viec/vu-viec/moi", form, session, local, sentFile{"đơn.pdf", pdf}); again.StatusCode != 200 {
				t.Errorf("again %d", again.StatusCode)
			}
			// A denunciation can be taken down; afterwards only the inspection has it.
			form[0][1], form[2][1] = key(7)+string(role), "denunciation"
			a = o.sendUpload("/lam-viec/vu-viec/moi", form, session, local)
			codes = regexp.MustCompile(`<dd class="code"[^>]*>([^<]+)</dd>`).FindAllStringSubmatch(a.body, -1)
			if a.StatusCode != 201 || len(codes) != 2 {
				t.Fatalf("%d %s", a.StatusCode, a.body)
			}
			_, err = o.cases.Case(t.Context(), feedback.Officer{Account: "test-" + string(role), Role: feedback.Role(role)}, codes[0][1])
			if (err == nil) != (role == staff.Inspection) {
				t.Errorf("reads it afterwards: %v", err)
			}
			if strings.Contains(a.body, `href="/lam-viec/vu-viec/`+codes[0][1]) {
				t.Error("leads to what cannot be read")
			}
		})
	}
	// Of each a complaint and a denunciation, the latter for the inspection alone;
	// once where the same was sent again, and nothing of what they are.
	for role, want := range map[staff.Role]int{staff.Inspection: 6, staff.Admin: 3} {
		entries := 0
		for _, row := range strings.Split(o.send("GET", "/lam-viec/nhat-ky.csv", "", o.signIn(role), local).body, "\n") {
			if !strings.Contains(row, "case.taken") {
				continue
			}
			entries++
			if strings.Contains(row, "denunciation") || strings.Contains(row, "complaint") || strings.Contains(row, "Lan") || strings.Contains(row, "key-") {
				t.Errorf("the log tells %s", row)
			}
		}
		if entries != want {
			t.Errorf("%s sees %d entries, want %d", role, entries, want)
		}
	}
}

// TestTakenDownAfterTheSessionEnded: what was typed is there after signing in
// again, and the files are asked for once more.
func TestTakenDownAfterTheSessionEnded(t *testing.T) {
	o := newOffice(t)
	typed := fields("key", key(1), "kind", "petition", "content", "Còn nguyên", "consent", "1")
	a := o.sendUpload("/lam-viec/vu-viec/moi", typed, local, sentFile{"đơn.pdf", pdf})
	if a.StatusCode != 401 || !strings.Contains(a.body, "nguy%C3%AAn") {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	resumed := o.send("POST", "/lam-viec/vu-viec/moi", "key="+key(1)+"&kind=petition&content=x&consent=1&files=%C4%91%C6%A1n.pdf", form, o.signIn(staff.Desk), local)
	if resumed.StatusCode != 422 || !strings.Contains(resumed.body, "Xin chọn lại: đơn.pdf") {
		t.Errorf("%d %s", resumed.StatusCode, resumed.body)
	}
}
