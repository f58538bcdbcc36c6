package e2e

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// takeStep writes a step on its page, reads the preview if there is one, and sends it.
func (b *browser) takeStep(s *server, code, step string, fields map[string]string) {
	b.t.Helper()
	page := caseList + "/" + code
	b.goTo(s.url + page)
	b.tap(`a[href="` + page + `/buoc/` + step + `"]`)
	b.arrive(page + "/buoc/" + step)
	for name, value := range fields {
		switch name {
		case "kind":
			b.tap(`input[name="kind"][value="` + value + `"]`)
		case "unit":
			b.do(chromedp.SetValue(chromedp.CSS("#unit"), value))
		case "until":
			b.do(chromedp.SetValue(chromedp.CSS("#until"), value))
		default:
			b.fill(name, value)
		}
	}
	b.seen(step + " written")
	b.tap(`form[action$="/` + step + `"] button`)
	if fields["message"] != "" {
		b.visible(`[name="back"]`)
		b.seen(step + " as it will be read")
		b.tap(`form[action$="/` + step + `"] button:not([name])`)
	}
	b.arrive(page)
	b.seen("after " + step)
}

// TestCaseFromSenderToReopening: a sender on a phone without scripts, the desk
// and a unit, each in a browser of their own, from a photo to another look.
func TestCaseFromSenderToReopening(t *testing.T) {
	s := desk(t)
	sender, clerk, unit := openFor(t, 10*time.Minute), openFor(t, 10*time.Minute), openFor(t, 10*time.Minute)
	for _, b := range []*browser{clerk, unit} {
		b.size(deskWidth, deskHeight)
	}

	sender.scripts(false)
	sender.goTo(s.url + "/gop-y")
	sender.seen("form")
	sender.fill("content", "Tôi nộp hồ sơ tách thửa từ đầu tháng, hẹn ba lần mà chưa trả kết quả.")
	sender.kind("petition")
	sender.do(chromedp.SetUploadFiles(chromedp.CSS("#photo"), []string{takePhoto(t)}))
	sender.tap("#consent")
	sender.tap("button.send")
	sender.visible("#receipt")
	sender.seen("receipt")
	codes := shownPair.FindStringSubmatch(sender.text("main"))
	if codes == nil {
		t.Fatalf("no codes: %s", sender.text("main"))
	}
	r := sent{codes[1], codes[2]}

	clerk.firstSignIn(s, "quay-1", "desk")
	clerk.takeStep(s, r.Code, "classify", map[string]string{"kind": "petition", "note": "Đúng là phản ánh"})
	clerk.takeStep(s, r.Code, "assign", map[string]string{"unit": landUnit, "note": "Giao phòng chuyên môn"})

	unit.firstSignIn(s, "phong-dat", "unit", "--unit", landUnit)
	unit.goTo(s.url + caseList)
	unit.says(r.Code)
	unit.seen("the unit's list")
	unit.takeStep(s, r.Code, "ask", map[string]string{"message": "Xin ông/bà cho biết mã hồ sơ ghi trên giấy hẹn."})

	sender.lookUp(s.url, r)
	sender.says("Xin ông/bà cho biết mã hồ sơ")
	sender.seen("asked")
	sender.fill("message", "Mã hồ sơ H48-0017.")
	sender.tap(`form[action="/tra-cuu/tin-nhan"] .send`)
	sender.says("Sở đã nhận tin của ông/bà")
	sender.seen("replied")

	unit.goTo(s.url + caseList + "/" + r.Code)
	unit.says("Mã hồ sơ H48-0017.")
	unit.takeStep(s, r.Code, "answer", map[string]string{"message": "Hồ sơ đã có kết quả, mời ông/bà đến Bộ phận Một cửa nhận.", "note": "Đã báo quầy"})

	sender.lookUp(s.url, r)
	sender.says("Hồ sơ đã có kết quả")
	sender.seen("answered")
	sender.choose("solved", "partly")
	sender.choose("rating", "3")
	sender.tap("#reopen")
	sender.fill("comment", "Còn thiếu một trang.")
	sender.tap(`form[action="/tra-cuu/danh-gia"] .send`)
	sender.says("Vụ việc được mở lại để xem xét")
	sender.seen("reopened")
	if text := sender.text("main"); strings.Contains(text, "Đã báo quầy") || strings.Contains(text, "Giao phòng") {
		t.Errorf("the sender reads an internal note: %s", text)
	}

	unit.goTo(s.url + caseList + "/" + r.Code)
	unit.says("Còn thiếu một trang.")
	unit.says("Giải quyết một phần")
	unit.seen("the unit's case, reopened")
}

// TestLateCase: the inspection extends a term while it runs; when it is over,
// what another officer does meanwhile comes back with all that was typed, and
// the apology names a new day.
func TestLateCase(t *testing.T) {
	data := t.TempDir()
	admin := "SIPAS_ADMIN_PASSWORD=" + adminPassword
	s := start(t, data, admin, "SIPAS_NOW=2026-06-02T09:00:00+07:00")
	token := s.token("inspection")
	r := s.petition(token, "late", "Trả kết quả chậm")
	s.officer(token, r, "assign", map[string]any{"unit": landUnit})
	b := openFor(t, 10*time.Minute)
	b.size(deskWidth, deskHeight)
	b.firstSignIn(s, "thanh-tra", "inspection")
	b.takeStep(s, r.Code, "extend", map[string]string{"until": "2026-06-30", "message": "Sở cần thêm thời gian đo lại thửa đất."})
	b.says("30/06/2026")
	s.stop(syscall.SIGTERM)

	s = start(t, data, admin, "SIPAS_NOW=2026-07-06T09:00:00+07:00")
	page := caseList + "/" + r.Code
	b.signIn(s.url, "thanh-tra", "con meo treo cay cau")
	b.arrive("/lam-viec/")
	b.goTo(s.url + page)
	b.says("Quá hạn")
	b.seen("late")
	b.goTo(s.url + page + "/buoc/extend")
	b.do(chromedp.SetValue(chromedp.CSS("#until"), "2026-07-15"))
	b.tap(`input[name="apology"]`)
	b.fill("message", "Sở xin lỗi ông/bà và hẹn lại ngày trả lời.")
	s.officer(token, r, "ask", map[string]any{"message": "Mã hồ sơ của ông/bà?"})
	s.call("POST", "/api/v1/feedback/"+r.Code+"/messages", "", map[string]any{"secret": r.Secret, "message": "H48-0017", "key": "late-reply-1"}, nil)
	b.tap(`form[action$="/extend"] button`)
	b.says("Trong lúc đó vụ việc đã thay đổi")
	b.seen("somebody was faster")
	if kept := get(b, chromedp.Evaluate[string](`document.getElementById("message").value+"|"+document.querySelector("[name=apology]").checked`)); kept != "Sở xin lỗi ông/bà và hẹn lại ngày trả lời.|true" {
		t.Errorf("came back: %s", kept)
	}
	b.tap(`form[action$="/extend"] button`)
	b.visible(`[name="back"]`)
	b.seen("the apology as it will be read")
	b.tap(`form[action$="/extend"] button:not([name])`)
	b.arrive(page)
	b.says("Sở xin lỗi ông/bà và hẹn lại ngày trả lời.")
	b.seen("apologised")
	b.paper("the case on paper")

	sender := open(t)
	sender.lookUp(s.url, r)
	sender.says("15/07/2026")
	sender.everyLook("the new appointment")
}
