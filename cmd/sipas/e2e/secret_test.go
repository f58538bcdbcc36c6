package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestDenunciationReachesTheInspectionAlone: a citizen files one on a phone
// without scripts; the inspection has it in a queue of its own; a clerk at the
// desk finds nothing, searching for it or knowing its address.
func TestDenunciationReachesTheInspectionAlone(t *testing.T) {
	s := desk(t)
	b := openFor(t, 5*time.Minute)
	b.scripts(false)
	b.goTo(s.url + "/gop-y")
	b.fill("content", "Cán bộ đòi tiền để trả sổ: mèo trắng")
	b.kind("denunciation")
	b.look("form")
	b.fill("contact.name", "Nguyễn Văn Dân")
	b.fill("contact.phone", "0905 123 456")
	b.tap("#consent")
	b.tap("button.send")
	code := b.receipt()
	b.look("receipt")
	b.scripts(true)

	inspector := openFor(t, 5*time.Minute)
	inspector.firstSignIn(s, "thanh-tra", "inspection")
	inspector.says("Đơn tố cáo đang giải quyết")
	inspector.everyLook("work of the inspection")
	inspector.tap(`main a[href*="kind=denunciation"]`)
	inspector.until(`location.search.includes("kind=denunciation") && document.readyState=="complete"`)
	inspector.says(code)
	inspector.everyLook("queue of the inspection")
	inspector.goTo(s.url + caseList + "/" + code)
	inspector.says("mèo trắng")
	inspector.everyLook("case of the inspection")

	clerk := openFor(t, 5*time.Minute)
	clerk.firstSignIn(s, "quay-3", "desk")
	for _, path := range []string{caseList, caseList + "?state=all", caseList + "?kind=denunciation", caseList + "?state=all&q=" + code[:4], caseList + "/" + code} {
		clerk.goTo(s.url + path)
		if text := clerk.text("main"); strings.Contains(text, code) || strings.Contains(text, "mèo") {
			t.Errorf("%s shows the desk: %s", path, text)
		}
	}
	clerk.everyLook("nothing for the desk")
}

// TestTwoPublishAnAnswer: one blanks what tells who the sender is and proposes,
// another one reads exactly that and confirms; everybody reads it, until it is
// taken back. All without scripts.
func TestTwoPublishAnAnswer(t *testing.T) {
	s := desk(t)
	token := s.token("inspection")
	var r sent
	s.call("POST", "/api/v1/feedback", "", map[string]any{
		"key": "publish-e2e-1", "kind": "petition", "subject": "Sổ của ông Lê Văn An", "content": "Tôi chờ sổ từ tháng trước.", "area": "dat-dai",
		"consent": true, "publish": true,
	}, &r)
	s.officer(token, r, "classify", map[string]any{"kind": "petition"})
	s.officer(token, r, "assign", map[string]any{"unit": landUnit})
	s.officer(token, r, "answer", map[string]any{"message": "Kính gửi bà Lê Thị Hoa, điện thoại 0905 123 456: thửa đất số 12 đã được cấp giấy theo Luật 31/2024."})
	page := caseList + "/" + r.Code

	one, other := openFor(t, 5*time.Minute), openFor(t, 5*time.Minute)
	one.firstSignIn(s, "van-phong", "office")
	one.goTo(s.url + page + "/buoc/publish")
	one.everyLook("marked")
	one.scripts(false)
	one.goTo(s.url + page + "/buoc/publish")
	one.fill("message", " Trân trọng.")
	one.tap(`[name=blank][value="Lê Thị Hoa"]`)
	one.tap(`[name=blankpicked]`)
	one.until(`document.readyState=="complete" && !document.querySelector('[name=blank][value="Lê Thị Hoa"]')`)
	one.says("0905 123 456")
	one.tap(`[name=blankall]`)
	one.says("Không tìm thấy tên")
	one.fill("question", " Bao giờ có?")
	one.tap(`form[action$="/publish"] .fields ~ .actions button:not([name])`)
	one.says("Mọi người sẽ đọc như sau")
	one.scripts(true)
	one.everyLook("preview of the first")
	one.scripts(false)
	one.tap(`form[action$="/publish"] button:not([name])`)
	one.arrive(page)

	other.firstSignIn(s, "thanh-tra", "inspection")
	other.goTo(s.url + page + "/buoc/publish")
	other.tap(`form[action$="/publish"] .fields ~ .actions button:not([name])`)
	other.says("mọi người đọc được ngay")
	other.everyLook("preview of the second")
	other.tap(`form[action$="/publish"] button:not([name])`)
	other.arrive(page)

	public := open(t)
	public.goTo(s.url + "/gop-y")
	public.tap(`a[href="/gop-y/cong-khai"]`)
	public.arrive("/gop-y/cong-khai")
	text := public.text("main")
	if !strings.Contains(text, "Kính gửi bà […]") || !strings.Contains(text, "Luật 31/2024") || !strings.Contains(text, "Bao giờ có?") ||
		strings.Contains(text, "Hoa") || strings.Contains(text, "0905") || strings.Contains(text, "số 12") || strings.Contains(text, r.Code) {
		t.Errorf("everybody reads %q", text)
	}
	public.everyLook("public")
	public.scripts(false)
	public.do(chromedp.SendKeys(chromedp.CSS("#area"), "Môi"))
	public.do(chromedp.SendKeys(chromedp.CSS("#area"), kb.Tab))
	public.tap(".find button")
	public.says("Không có câu trả lời nào như vậy")
	public.goTo(s.url + "/gop-y/cong-khai?month=2020-01")
	public.scripts(true)
	public.everyLook("wrong month")

	for _, step := range []string{"close", "unpublish"} {
		other.goTo(s.url + page + "/buoc/" + step)
		other.tap(`form[action$="/` + step + `"] .actions button:not([name])`)
		other.arrive(page)
	}
	public.goTo(s.url + "/gop-y/cong-khai")
	public.says("Chưa có câu trả lời nào")
}
