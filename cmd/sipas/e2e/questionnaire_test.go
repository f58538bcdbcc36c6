package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

const questionnaires = "/lam-viec/danh-muc/phieu"

// field is the input of that place in the questionnaire.
func field(place string) string { return fmt.Sprintf(`[name="%s"]`, place) }

// write replaces what is in a field, by keyboard.
func (b *browser) write(place, text string) {
	b.t.Helper()
	get(b, chromedp.Evaluate[bool](fmt.Sprintf(`document.querySelector(%q).select(),true`, field(place))))
	b.do(chromedp.SendKeys(chromedp.CSS(field(place)), text))
}

// press presses the button of the page that does what.
func (b *browser) press(what string) {
	b.t.Helper()
	b.tap(fmt.Sprintf(`button[name="do"][value="%s"]`, what))
}

// says reports whether a text holds all of some others.
func says(text string, wants ...string) bool {
	for _, w := range wants {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// writeQuestionnaire makes a draft of the service questionnaire, words criterion
// 17 anew, adds a question of the counter's own, and saves it on the way to its
// preview. arrived waits for a path.
func (b *browser) writeQuestionnaire(s *server, arrived func(path string)) {
	b.t.Helper()
	b.goTo(s.url + questionnaires)
	b.tap(`a[href="` + questionnaires + `/dich-vu@1"]`)
	arrived(questionnaires + "/dich-vu@1")
	b.tap(`form[action$="/ban-moi"] button`)
	arrived(questionnaires + "/nhap/dich-vu@2")
	b.write("factors.0.criteria.2.text.vi", "Chỗ ngồi chờ có sạch sẽ, đủ chỗ không")
	b.write("source", "Phương pháp đo lường mới")
	b.press("extra.add")
	b.visible(field("extra.5.options.1.id"))
	b.write("extra.5.id", "gui-xe")
	b.write("extra.5.text.vi", "Ông/bà gửi xe có phải trả tiền không?")
	b.write("extra.5.text.en", "Did you pay for parking?")
	for i, o := range [][3]string{{"co", "Có", "Yes"}, {"khong", "Không", "No"}} {
		at := fmt.Sprintf("extra.5.options.%d", i)
		b.write(at+".id", o[0])
		b.write(at+".text.vi", o[1])
		b.write(at+".text.en", o[2])
	}
	b.press("extra.5.options.add")
	b.visible(field("extra.5.options.2.id"))
	b.press("extra.5.options.2.remove")
	b.do(chromedp.WaitNotPresent(chromedp.CSS(field("extra.5.options.2.id"))))
	b.press("preview")
	arrived(questionnaires + "/nhap/dich-vu@2/xem")
}

// TestQuestionnaireFromDraftToAnswer: the administrator words a question anew,
// adds one, looks at it as citizens will, and publishes it for today; a citizen
// scans a code that hung there before, sees the new version and is counted.
func TestQuestionnaireFromDraftToAnswer(t *testing.T) {
	s := desk(t)
	token := s.token("office")
	l := s.link(token, "counter", map[string]any{"area": "dat-dai"})
	b := open(t)
	b.size(screens[0][0], screens[0][1])
	b.signIn(s.url, "admin", adminPassword)
	b.arrive("/lam-viec/")
	b.writeQuestionnaire(s, b.arrive)
	b.look("preview")
	b.accessible("preview")
	// The preview is the citizen's page with the new words, and cannot be sent.
	if said := b.text("main"); !says(said, "đủ chỗ không", "gửi xe", "Không gửi được") {
		t.Errorf("the preview says %s", said)
	}
	if n := get(b, chromedp.Evaluate[int](`document.querySelectorAll("button.send:not([disabled]),[name=key]").length`)); n != 0 {
		t.Errorf("%d ways to send a preview", n)
	}
	b.choose("overall", "4")
	b.tap("p.strip a")
	b.arrive(questionnaires + "/nhap/dich-vu@2")
	b.look("draft")
	b.press("publish")
	b.arrive(questionnaires + "/nhap/dich-vu@2/cong-bo")
	b.look("publish")
	b.accessible("publish")
	if said := b.text("main"); !says(said, "Tiêu chí 17 hỏi bằng câu khác", "đủ chỗ không", "Bản 1 (Đang dùng) dừng") {
		t.Errorf("before publishing: %s", said)
	}
	get(b, chromedp.Evaluate[string](`document.getElementById("from").value=new Date(Date.now()+7*36e5).toISOString().slice(0,10)`))
	b.tap("main .form button")
	b.arrive(questionnaires + "/dich-vu@2")
	b.look("published")
	b.accessible("published")
	if said := b.text("main"); !says(said, "Đã công bố", "Đang dùng", "không sửa được nữa") {
		t.Errorf("the published version says %s", said)
	}

	phone := open(t)
	if scanned := s.decodeQR(token, l.Code); !strings.HasSuffix(scanned, "/k/"+l.Code) {
		t.Errorf("the code leads to %q", scanned)
	}
	phone.goTo(s.url + "/k/" + l.Code)
	if said := phone.text("main"); !says(said, "đủ chỗ không", "gửi xe") {
		t.Errorf("the citizen reads %s", said)
	}
	phone.choose("overall", "4")
	phone.choose("q17", "5")
	phone.choose("x_gui-xe", "khong")
	phone.tap("button.send")
	phone.arrive("/k/" + l.Code + "/cam-on")
	eventually(t, "the answer is counted", func() bool {
		all, _ := s.statistics(token, "?by=criterion")
		return all.Responses == 1 && all.Answered == 1 && all.Satisfied == 1
	})
}

// TestQuestionnaireStaysInPlace: with scripts, a button changes the page without
// loading it again, leads to what it has made, and nothing typed is lost when the
// session has ended meanwhile.
func TestQuestionnaireStaysInPlace(t *testing.T) {
	s := desk(t)
	b := open(t)
	b.size(screens[0][0], screens[0][1])
	b.signIn(s.url, "admin", adminPassword)
	b.arrive("/lam-viec/")
	b.goTo(s.url + questionnaires + "/dich-vu@1")
	b.tap(`form[action$="/ban-moi"] button`)
	b.arrive(questionnaires + "/nhap/dich-vu@2")
	get(b, chromedp.Evaluate[bool](`window.same=true`))
	b.write("factors.2.criteria.1.text.vi", "Đang gõ dở")
	b.visible(".unsaved")
	b.press("factors.2.criteria.1.down")
	b.until(`document.getElementById("factors.2.criteria.2.text.vi").value=="Đang gõ dở"`)
	b.until(`document.activeElement.id=="factors.2.criteria.2.down"`)
	if !get(b, chromedp.Evaluate[bool](`window.same===true && scrollY>300`)) {
		t.Error("the page was loaded again, or has moved")
	}
	b.press("factors.2.criteria.add")
	b.until(`document.activeElement.id=="factors.2.criteria.5.id"`)
	b.look("added")
	b.accessible("a draft that is not saved")
	// Signed out in another tab.
	get(b, chromedp.Evaluate[int](`fetch("/dang-xuat",{method:"POST",redirect:"manual"}).then(r=>r.status)`, chromedp.EvalAwaitPromise))
	b.press("factors.2.criteria.5.remove")
	b.visible("#password")
	b.do(chromedp.SendKeys(chromedp.CSS("#account"), "admin"), chromedp.SendKeys(chromedp.CSS("#password"), adminPassword))
	b.tap("main form button")
	b.until(`!document.getElementById("password") && !!document.querySelector('input[type=hidden][name="factors.2.criteria.2.text.vi"]')`)
	b.tap("main .form button")
	b.visible("#draft")
	if v := get(b, chromedp.Evaluate[string](`document.getElementById("factors.2.criteria.2.text.vi").value`)); v != "Đang gõ dở" {
		t.Errorf("after signing in again: %q", v)
	}
	if there := get(b, chromedp.Evaluate[bool](`!!document.getElementById("factors.2.criteria.5.id")`)); there {
		t.Error("what the button was to remove is still there")
	}
}

// TestQuestionnaireWithoutScripts: the same by plain posts.
func TestQuestionnaireWithoutScripts(t *testing.T) {
	s := desk(t)
	b := open(t)
	b.size(screens[0][0], screens[0][1])
	b.scripts(false)
	b.signIn(s.url, "admin", adminPassword)
	b.do(chromedp.WaitVisible(chromedp.CSS("nav")))
	ends := map[string]string{
		questionnaires + "/dich-vu@1":          `form[action$="/ban-moi"]`,
		questionnaires + "/nhap/dich-vu@2":     "#draft",
		questionnaires + "/nhap/dich-vu@2/xem": "button.send[disabled]",
	}
	b.writeQuestionnaire(s, func(path string) { b.visible(ends[path]) })
	b.goTo(s.url + questionnaires + "/nhap/dich-vu@2/cong-bo")
	b.tap("main .form button")
	b.visible(`form[action$="/rut"]`)
	if said := b.text("main"); !says(said, "Sẽ dùng từ", "gửi xe") {
		t.Errorf("the published version says %s", said)
	}
}
