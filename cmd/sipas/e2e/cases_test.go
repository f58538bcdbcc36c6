package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const (
	caseList = "/lam-viec/vu-viec"
	landUnit = "phong-quan-ly-dat-dai"
)

// petition sends a petition as a program does, and classifies it if token is
// that of an officer who may.
func (s *server) petition(token, key, subject string) sent {
	s.t.Helper()
	var r sent
	body := map[string]any{
		"key": "cases-e2e-" + key, "kind": "petition", "subject": subject, "area": "dat-dai", "consent": true,
		"content": "Tôi nộp hồ sơ tách thửa ngày 02/06.\n<script>document.title='x'</script>",
		"contact": map[string]string{"name": "Lê Thị Hoa", "phone": "0905 123 456"},
	}
	if a := s.call("POST", "/api/v1/feedback", "", body, &r); a.StatusCode != http.StatusCreated {
		s.t.Fatalf("POST /feedback: %d", a.StatusCode)
	}
	if token != "" {
		s.officer(token, r, "classify", map[string]any{"kind": "petition"})
	}
	return r
}

// firstSignIn signs somebody in who was just given an account, by a command with
// more arguments.
func (b *browser) firstSignIn(s *server, account, role string, more ...string) {
	b.t.Helper()
	first := s.addUser(account, role, more...)
	b.signIn(s.url, account, first)
	b.arrive("/lam-viec/toi")
	b.fill("old", first)
	b.fill("password", "con meo treo cay cau")
	b.fill("again", "con meo treo cay cau"+kb.Enter)
	b.arrive("/lam-viec/")
}

// TestOfficerHandlesCases: several are given to a unit at once, one of them by
// somebody faster; then one is asked about, with a second thought, and answered
// from a template. With scripts and without.
func TestOfficerHandlesCases(t *testing.T) {
	for name, scripts := range map[string]bool{"scripts": true, "none": false} {
		t.Run(name, func(t *testing.T) {
			s := desk(t)
			token := s.token("inspection")
			one, two := s.petition(token, "one", "Trả kết quả chậm"), s.petition(token, "two", "Hẹn nhiều lần")
			s.petition("", "three", "Chưa phân loại")
			b := openFor(t, 5*time.Minute)
			b.size(screens[0][0], screens[0][1])
			b.scripts(scripts)
			seen := func(state string) {
				t.Helper()
				if !scripts { // axe is one
					return
				}
				b.everyLook(state)
			}
			b.firstSignIn(s, "thanh-tra", "inspection")
			seen("work")
			b.tap(`nav a[href="` + caseList + `"]`)
			b.arrive(caseList)
			seen("list")
			if n := get(b, chromedp.Evaluate[int](`document.querySelectorAll('tbody tr').length*10+document.querySelectorAll('[name=case]').length`)); n != 32 {
				t.Errorf("rows and ticks: %d, want 3 rows and 2 ticks", n)
			}

			// Nothing ticked, then no unit, then both.
			b.tap("#giao button")
			b.says("Chưa đánh dấu vụ việc nào")
			seen("nothing ticked")
			b.goTo(s.url + caseList)
			for _, r := range []sent{one, two} {
				b.tap(`[name=case][value^="` + strings.ReplaceAll(r.Code, "-", "") + `"]`)
			}
			b.tap("#giao button")
			b.visible("#errors")
			seen("no unit")
			b.do(chromedp.SetValue(chromedp.CSS("#unit"), landUnit))
			b.tap("#send button")
			b.says("2 vụ việc sẽ giao cho Phòng Quản lý đất đai")
			seen("preview of several")
			s.officer(token, two, "assign", map[string]any{"unit": "van-phong-dang-ky-dat-dai"})
			b.fill("note", "Giao gộp")
			b.tap("#send button")
			b.says("Đã giao 1 trong 2 vụ việc")
			b.says("Người khác vừa xử lý vụ việc này")
			seen("done with several")

			// A question, seen as the sender will read it, taken back once.
			page := caseList + "/" + one.Code
			b.goTo(s.url + page)
			seen("case")
			b.tap(`a[href="` + page + `/buoc/ask"]`)
			b.arrive(page + "/buoc/ask")
			b.tap(`form[action$="/ask"] button`)
			b.visible("#errors")
			seen("step with errors")
			b.fill("message", "Thửa <b>nào</b>?")
			b.fill("note", "Chưa gọi được")
			b.tap(`form[action$="/ask"] button`)
			b.says("Gửi")
			b.visible(`[name="back"]`)
			if text := b.text("section.public"); !strings.Contains(text, "Thửa <b>nào</b>?") || strings.Contains(text, "Chưa gọi được") {
				t.Errorf("the preview says %q", text)
			}
			seen("preview")
			b.tap(`[name="back"]`)
			b.visible("#message")
			if kept := get(b, chromedp.Evaluate[string](`document.getElementById("message").value+"|"+document.getElementById("note").value`)); kept != "Thửa <b>nào</b>?|Chưa gọi được" {
				t.Errorf("came back: %s", kept)
			}
			b.tap(`form[action$="/ask"] button`)
			b.visible(`[name="back"]`)
			b.tap(`form[action$="/ask"] button:not([name])`)
			b.arrive(page)
			b.says("Chờ người gửi trả lời")
			seen("waiting case")

			// A template, and the answer that begins from it.
			b.goTo(s.url + caseList + "/mau")
			seen("no templates")
			b.tap(`main a.button[href$="/moi"]`)
			b.visible("#text")
			b.fill("name", "Đã kiểm tra")
			b.do(chromedp.SetValue(chromedp.CSS("#step"), "answer"))
			b.tap("main .form button")
			b.visible("#errors")
			seen("template with errors")
			b.fill("text", "Kính gửi ông/bà, Sở đã kiểm tra.")
			b.tap("main .form button")
			b.says("Đã thêm mẫu")
			seen("templates")
			b.tap(`tbody a`)
			b.visible("button.danger")
			seen("template")
			b.goTo(s.url + page + "/buoc/answer")
			b.do(chromedp.SendKeys(chromedp.CSS("#mau"), "Đã"))
			b.tap(`form[method=get] button`)
			b.until(`location.search.startsWith("?mau=") && document.readyState=="complete"`)
			seen("answer from a template")
			if text := get(b, chromedp.Evaluate[string](`document.getElementById("message").value`)); text != "Kính gửi ông/bà, Sở đã kiểm tra." {
				t.Errorf("the template gave %q", text)
			}
			b.tap(`form[action$="/answer"][method=post] button`)
			b.visible(`[name="back"]`)
			b.tap(`form[action$="/answer"] button:not([name])`)
			b.arrive(page)
			b.says("Đã trả lời")
			seen("answered case")

			b.goTo(s.url + "/tra-cuu")
			b.fill("code", one.Code)
			b.fill("secret", one.Secret+kb.Enter)
			b.says("Kính gửi ông/bà, Sở đã kiểm tra.")
			if text := b.text("main"); !strings.Contains(text, "Thửa <b>nào</b>?") || strings.Contains(text, "Chưa gọi được") || strings.Contains(text, "Giao gộp") {
				t.Errorf("the sender reads %q", text)
			}
		})
	}
}

// TestCasesByKeyboard: along the rows, a tick, the unit, and into a case.
func TestCasesByKeyboard(t *testing.T) {
	s := desk(t)
	token := s.token("inspection")
	one := s.petition(token, "one", "Trả kết quả chậm")
	s.petition(token, "two", "Hẹn nhiều lần")
	b := open(t)
	b.size(screens[0][0], screens[0][1])
	b.firstSignIn(s, "thanh-tra", "inspection")
	b.goTo(s.url + caseList)
	b.do(chromedp.KeyEvent("j"), chromedp.KeyEvent("j"), chromedp.KeyEvent("k"), chromedp.KeyEvent("x"))
	b.until(`document.querySelectorAll("[name=case]:checked").length==1 && document.querySelector("tr.at [name=case]").checked`)
	first := get(b, chromedp.Evaluate[string](`document.activeElement.textContent`))
	b.do(chromedp.SetValue(chromedp.CSS("#giao select"), landUnit), chromedp.Focus(chromedp.CSS("#giao button")), chromedp.KeyEvent(kb.Enter))
	b.says("1 vụ việc sẽ giao cho")
	b.do(chromedp.Focus(chromedp.CSS("#send button")), chromedp.KeyEvent(kb.Enter))
	b.says("Đã giao 1 trong 1 vụ việc")
	b.says(first)
	b.goTo(s.url + caseList + "?q=" + one.Code)
	b.do(chromedp.KeyEvent("j"), chromedp.KeyEvent(kb.Enter))
	b.arrive(caseList + "/" + one.Code)
	b.until(fmt.Sprintf(`document.querySelector("h1").textContent==%q`, "Trả kết quả chậm"))
	// From a list with nothing in it to one with ticks, in place.
	b.goTo(s.url + caseList + "?state=done")
	b.says("Không có vụ việc nào")
	b.do(chromedp.SetValue(chromedp.CSS("#state"), "open"))
	get(b, chromedp.Evaluate[bool](`document.getElementById("state").dispatchEvent(new Event("change",{bubbles:true}))`))
	b.until(`document.querySelectorAll("#list [name=case]").length==2 && document.getElementById("giao")!=null`)
}
