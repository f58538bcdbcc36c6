package e2e

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// atDesk is a server with a kiosk link behind a line that can be cut, and a tablet
// that has it open.
func atDesk(t *testing.T) (s *server, token string, l link, line *line, b *tablet) {
	t.Helper()
	line = newLine(t)
	s = start(t, t.TempDir(), "SIPAS_BASE_URL="+line.url())
	line.connect(s.url)
	token = s.token("office")
	l = s.link(token, "kiosk", map[string]any{"area": "dat-dai", "desk": "bo-phan-mot-cua", "title": "Quầy 3"})
	return s, token, l, line, openTablet(t, line.url(), l.Code)
}

// counts waits until the server has n answers.
func (s *server) counts(token string, n int) figures {
	s.t.Helper()
	var f figures
	eventually(s.t, fmt.Sprintf("%d answers", n), func() bool {
		f, _ = s.statistics(token, "?channel=kiosk")
		return f.Responses >= n
	})
	if f.Responses != n {
		s.t.Errorf("%d answers, want %d", f.Responses, n)
	}
	return f
}

func TestKioskOneTapAndGone(t *testing.T) {
	s, token, _, _, b := atDesk(t)
	b.look("first")
	b.face(4)
	b.says("Đã ghi mức “Hài lòng”")
	b.pass(23)
	b.saysNot("Ông/bà còn ở đây không?")
	b.pass(2)
	b.says("trở về đầu sau 20 giây")
	b.look("soon")
	b.pick("q15", "2") // any touch takes the warning away, and counts as what it is
	b.saysNot("Ông/bà còn ở đây không?")
	b.pass(26)
	b.press("Tôi vẫn đang trả lời")
	b.saysNot("Ông/bà còn ở đây không?")
	b.says("Đã ghi mức “Hài lòng”") // the tap did not fall through onto what lay below
	b.pass(43)
	b.says("trở về đầu sau ")
	if f, _ := s.statistics(token, ""); f.Responses != 0 {
		t.Errorf("sent while the citizen was there: %+v", f)
	}
	b.pass(3)
	b.first()
	f := s.counts(token, 1)
	if f.Overall.Satisfied != 1 || f.Answered != 1 || f.Satisfied != 0 {
		t.Errorf("%+v", f)
	}
	b.until(`!Object.keys(localStorage).some(k => k.startsWith("sipas-k-"))`)
	b.pass(300)
	s.counts(token, 1)
	b.first()
}

func TestKioskLeavesNothingForTheNext(t *testing.T) {
	s, token, _, line, b := atDesk(t)
	entries := get(b.browser, chromedp.Evaluate[int](`history.length`))
	b.press("English")
	b.face(2)
	b.pick("q15", "1")
	b.press("Continue")
	b.press("Back")
	if !get(b.browser, chromedp.Evaluate[bool](`document.querySelector('[name=q15][value="1"]').checked`)) {
		t.Error("Back loses an answer of the same citizen")
	}
	for range 6 {
		b.press("Continue")
	}
	b.do(chromedp.SendKeys(chromedp.CSS(`#words`), "Secret words"))
	b.press("Continue")
	b.pick("p_sex", "female")
	b.press("Done")
	b.says("Thank you")
	b.look("thanks")
	nothing := func(when string) {
		t.Helper()
		left := get(b.browser, chromedp.Evaluate[string](`document.documentElement.outerHTML.replace(/<(script|style)>[^]*?<\/\1>/g, "") + JSON.stringify(Object.entries(sessionStorage)) + Object.keys(localStorage).filter(k => k != "sipas-kiosk-sent") + document.cookie`))
		if regexp.MustCompile(`Secret|aria-pressed="true"|sipas-`).MatchString(left) {
			t.Errorf("%s something is left: %s", when, left)
		}
		if n := get(b.browser, chromedp.Evaluate[int](`history.length`)); n != entries {
			t.Errorf("%s %d history entries, %d before", when, n, entries)
		}
	}
	s.counts(token, 1)
	b.until(`!Object.keys(localStorage).some(k => k.startsWith("sipas-k-"))`)
	nothing("after Done")
	b.pass(8)
	b.first()
	nothing("for the next citizen")

	// Back leads away or nowhere, and the way forward to a fresh screen.
	b.face(5)
	b.pick("q16", "3")
	b.do(chromedp.NavigateBack())
	b.goTo(b.address)
	b.pass(0.5)
	b.first()
	s.counts(token, 2) // what had been chosen counts all the same
	b.until(`!Object.keys(localStorage).some(k => k.startsWith("sipas-k-"))`)

	// Whoever clears is not counted, and words that nobody said to send stay unsaid.
	line.cut()
	b.face(1)
	b.press("Xóa, làm lại")
	b.first()
	b.face(3)
	for range 6 {
		b.press("Tiếp tục")
	}
	b.do(chromedp.SendKeys(chromedp.CSS(`#words`), "nửa chừng"))
	b.pass(45)
	b.first()
	for _, v := range b.kept() {
		if !regexp.MustCompile(`^overall=3&lang=vi&questionnaire=dich-vu%401&startedAt=20[^&]*&key=[0-9A-V]{23}$`).MatchString(v.B) {
			t.Errorf("kept %s", v.B)
		}
	}
	if n := len(b.kept()); n != 1 {
		t.Errorf("%d answers are kept", n)
	}

	// The screen goes dark: that visit is over, and what was chosen counts.
	b.face(5)
	get(b.browser, chromedp.Evaluate[int](`Object.defineProperty(document, "hidden", {value: true, configurable: true}), document.dispatchEvent(new Event("visibilitychange")), delete document.hidden, 0`))
	b.first()
	if n := len(b.kept()); n != 2 {
		t.Errorf("%d answers are kept after the screen went dark", n)
	}
	for _, event := range []string{"copy", "cut", "contextmenu"} {
		if get(b.browser, chromedp.Evaluate[bool](fmt.Sprintf(`document.body.dispatchEvent(new Event(%q, {bubbles: true, cancelable: true}))`, event))) {
			t.Errorf("the browser may %s", event)
		}
	}
}

func TestKioskSecondTapAnswersNothing(t *testing.T) {
	_, _, _, line, b := atDesk(t)
	line.cut()
	x := `document.querySelectorAll(".first button")[2].getBoundingClientRect()`
	cx, cy := get(b.browser, chromedp.Evaluate[float64](x+`.left+40`)), get(b.browser, chromedp.Evaluate[float64](x+`.bottom-20`))
	b.do(chromedp.MouseClickXY(cx, cy), chromedp.MouseClickXY(cx, cy), chromedp.MouseClickXY(cx, cy))
	b.says("Đã ghi mức “Bình thường”")
	if n := get(b.browser, chromedp.Evaluate[int](`document.querySelectorAll(":checked").length`)); n != 0 {
		t.Errorf("the second tap answered %d questions", n)
	}
}

// TestKioskTouchDoesNotFallThrough: the finger that answers the warning does not
// press the button that lies below it.
func TestKioskTouchDoesNotFallThrough(t *testing.T) {
	s, token, _, _, b := atDesk(t)
	b.do(chromedp.EmulateViewport(tabletWidth, tabletHeight, chromedp.EmulateMobile, chromedp.EmulateTouch))
	b.goTo(b.address)
	b.pass(0.5)
	b.face(4)
	b.pass(30)
	button := `document.querySelector("#soon button").getBoundingClientRect()`
	x, y := get(b.browser, chromedp.Evaluate[float64](button+`.left+60`)), get(b.browser, chromedp.Evaluate[float64](button+`.top+20`))
	below := get(b.browser, chromedp.Evaluate[string](fmt.Sprintf(`Array.from(document.elementsFromPoint(%g, %g)).filter(e => e.tagName == "BUTTON").map(e => e.textContent).join()`, x, y)))
	if below != "Tôi vẫn đang trả lời,Xong" {
		t.Fatalf("the warning covers no button: %s", below)
	}
	finger := func(event input.DispatchTouchEventType, points []*input.TouchPoint) {
		t.Helper()
		if _, err := chromedp.Call(b.ctx, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: event, TouchPoints: points}); err != nil {
			t.Fatal(err)
		}
	}
	finger("touchStart", []*input.TouchPoint{{X: x, Y: y}})
	finger("touchEnd", []*input.TouchPoint{})
	b.until(`!document.querySelector("#soon p")`)
	b.says("Đã ghi mức “Hài lòng”")
	if f, _ := s.statistics(token, ""); f.Responses != 0 {
		t.Errorf("%+v", f)
	}
}

// TestKioskForgetsZoom: whoever had enlarged the page leaves it at its size.
func TestKioskForgetsZoom(t *testing.T) {
	_, _, _, _, b := atDesk(t)
	b.do(chromedp.EmulateViewport(tabletWidth, tabletHeight, chromedp.EmulateMobile, chromedp.EmulateTouch))
	b.goTo(b.address)
	b.pass(0.5)
	b.face(2)
	if _, err := chromedp.Call(b.ctx, emulation.SetPageScaleFactor, emulation.SetPageScaleFactorParams{PageScaleFactor: 2}); err != nil {
		t.Fatal(err)
	}
	b.until(`visualViewport.scale == 2`)
	get(b.browser, chromedp.Evaluate[int](`document.querySelector("#head button").click(),0`))
	b.until(`visualViewport.scale == 1`)
	b.pass(0.5)
	b.first()
	if s := get(b.browser, chromedp.Evaluate[string](`document.querySelector("[name=viewport]").content`)); strings.Contains(s, "maximum-scale") {
		t.Errorf("the next citizen cannot enlarge the page: %s", s)
	}
}

// TestKioskOfflineDay answers thirty times while the server is dead, with a
// reload in between, and finds each once when it is back.
func TestKioskOfflineDay(t *testing.T) {
	s, token, l, line, b := atDesk(t)
	b.do(chromedp.KeyEvent(kb.F2))
	b.until(`document.querySelector("#facts").innerText.includes("Trang đã lưu trên máy")`)
	b.do(chromedp.KeyEvent(kb.Escape))
	b.pass(0.5)
	line.cut()
	s.stop(syscall.SIGKILL)
	const citizens = 30
	for i := range citizens {
		b.face(1 + i%5)
		switch i % 3 {
		case 0: // walks away
			b.pass(45)
		case 1:
			b.pick("q15", "4")
			b.press("Xong")
			b.press("Người tiếp theo")
		case 2:
			b.press("Xong")
			b.pass(8)
		}
		if i == citizens/2 {
			b.do(chromedp.Reload()) // the tablet is switched off and on
			b.pass(0.5)
		}
		b.first()
		b.pass(600)
	}
	b.look("offline")
	kept := b.kept()
	if len(kept) != citizens {
		t.Fatalf("%d answers kept, want %d", len(kept), citizens)
	}
	keys := map[string]bool{}
	for name, v := range kept {
		key := regexp.MustCompile(`key=(([0-9A-V]{7})[0-9A-V]{16})$`).FindStringSubmatch(v.B)
		if key == nil || keys[key[1]] {
			t.Fatalf("%s: no key of its own: %s", name, v.B)
		}
		keys[key[1]] = true
		hour, err := strconv.ParseInt(key[2], 32, 64)
		if given := time.Unix(hour/8*3600, 0); err != nil || given.After(time.Now().Add(citizens*12*time.Minute)) || given.Before(time.Now().Add(-time.Hour)) {
			t.Errorf("%s begins with %s, %v", key[1], given, err)
		}
	}
	b.do(chromedp.KeyEvent(kb.F2))
	b.pass(0.5)
	b.until(`document.querySelector("#facts").innerText.includes("Chưa kết nối được máy chủ")`)
	b.says("30 phiếu đang chờ gửi, cũ nhất từ ")
	b.says("Trang đã lưu trên máy")
	b.look("staff-offline")
	b.press("Đóng")

	s = start(t, s.data, "SIPAS_BASE_URL="+line.url())
	line.connect(s.url)
	line.mend()
	// One of them had arrived before the line broke: only its answer was lost.
	for _, v := range kept {
		if r := s.form("/k/"+l.Code, v.B); r != 201 {
			t.Fatalf("the answer that had arrived: %d", r)
		}
		break
	}
	sent := func() int { return citizens - len(b.kept()) }
	get(b.browser, chromedp.Evaluate[int](`window.posts = 0, XMLHttpRequest.prototype.send = new Proxy(XMLHttpRequest.prototype.send, {apply: (f, x, a) => (posts += a[0] != null, Reflect.apply(f, x, a))}), 0`))
	b.pass(400) // the longest pause between two tries
	eventually(t, "the first answer arrives", func() bool { return sent() == 1 })
	b.pass(5)
	if n := get(b.browser, chromedp.Evaluate[int](`posts`)); n != 1 {
		t.Errorf("%d answers went out within five seconds of an outage's end", n)
	}
	for n := 2; n <= citizens; n++ {
		b.pass(6)
		eventually(t, "the next one arrives", func() bool { return sent() == n })
	}
	f := s.counts(token, citizens)
	if f.Overall.Responses != citizens || f.Overall.Satisfied != 2*citizens/5 || f.Answered != citizens/3 {
		t.Errorf("%+v", f)
	}
	b.pass(600)
	s.counts(token, citizens)
}

func TestKioskStaffPanel(t *testing.T) {
	s, token, l, line, b := atDesk(t)
	secret := func(word string) {
		b.face(2)
		for range 6 {
			b.press("Tiếp tục")
		}
		b.do(chromedp.SendKeys(chromedp.CSS(`#words`), word))
		b.press("Xong")
		b.press("Người tiếp theo")
	}
	line.cut()
	secret("Bimat")
	dot := func() string {
		return get(b.browser, chromedp.Evaluate[string](`(e => e.className + e.textContent)(document.getElementById("dot"))`))
	}
	b.until(`document.getElementById("dot").className == "wait"`)
	if d := dot(); d != "wait1" {
		t.Errorf("the dot is %q", d)
	}

	// A short touch on the office's name opens nothing, a long one does.
	name := `document.getElementById("office").getBoundingClientRect()`
	x, y := get(b.browser, chromedp.Evaluate[float64](name+`.left+20`)), get(b.browser, chromedp.Evaluate[float64](name+`.top+10`))
	b.do(chromedp.MouseEvent("mousePressed", x, y, chromedp.Button("left")))
	b.pass(1.9)
	b.do(chromedp.MouseEvent("mouseReleased", x, y, chromedp.Button("left")))
	b.pass(3)
	b.saysNot("Dành cho cán bộ trực quầy")
	b.do(chromedp.MouseEvent("mousePressed", x, y, chromedp.Button("left")))
	b.pass(2)
	b.do(chromedp.MouseEvent("mouseReleased", x, y, chromedp.Button("left")))
	b.pass(0.5)
	b.says("Dành cho cán bộ trực quầy")
	b.says("1 phiếu đang chờ gửi")
	b.says("Máy này chưa gửi phiếu nào")
	b.says("Quầy 3")
	b.says(l.Code)
	if strings.Contains(get(b.browser, chromedp.Evaluate[string](`document.body.outerHTML`)), "Bimat") {
		t.Error("the panel holds a citizen's words")
	}
	line.mend()
	b.sendNow()
	s.counts(token, 1)
	b.until(`document.querySelector("#facts").innerText.includes("Không có phiếu nào đang chờ gửi")`)
	b.says("Lần gửi gần nhất: ")
	b.until(`document.getElementById("dot").className == "ok"`)
	b.look("staff")
	b.pass(45) // forgotten open
	b.first()

	// Answers that the server will never take stay, and are told to staff alone.
	s.call("PATCH", "/api/v1/links/"+l.Code, token, map[string]any{"closesAt": "2026-01-01T00:00:00+07:00"}, nil)
	secret("Kínđáo")
	b.until(`document.getElementById("dot").className == "bad"`)
	b.until(`document.body.innerText.includes("Máy này đang tạm nghỉ")`) // nobody else answers for nothing
	b.do(chromedp.KeyEvent(kb.F2))
	b.pass(0.5)
	b.until(`document.querySelector("#facts").innerText.includes("Mã này đang đóng")`)
	b.says("1 phiếu máy chủ không nhận")
	b.says("Đợt khảo sát này đã kết thúc")
	b.saysNot("Kínđáo")
	b.look("staff-refused")
	b.accessible("staff panel with a refused answer")
	// The file holds what the screen must not.
	get(b.browser, chromedp.Evaluate[int](`URL.createObjectURL = f => { f.text().then(t => window.file = t); return "data:," }, 0`))
	b.press("Chép ra tệp")
	b.until(`!!window.file`)
	file := get(b.browser, chromedp.Evaluate[string](`window.file`))
	for _, want := range []string{"Phiếu ghi lúc ", "Mức độ hài lòng chung: Không hài lòng", "Điều cần cải thiện: Kínđáo", "Đợt khảo sát này đã kết thúc"} {
		if !strings.Contains(file, want) {
			t.Errorf("the file lacks %q:\n%s", want, file)
		}
	}
	if strings.Contains(file, "key") {
		t.Errorf("the file holds the key:\n%s", file)
	}
	s.call("PATCH", "/api/v1/links/"+l.Code, token, map[string]any{"closesAt": nil}, nil)
	b.press("Gửi lại các phiếu này")
	s.counts(token, 2)
	b.until(`!document.querySelector("#refused").textContent`)
	b.do(chromedp.KeyEvent(kb.Escape))
	b.first()
}

func TestKioskFollowsTheServer(t *testing.T) {
	s, token, l, _, b := atDesk(t)
	get(b.browser, chromedp.Evaluate[int](`window.same = 1`))
	change := func(more map[string]any) {
		s.call("PATCH", "/api/v1/links/"+l.Code, token, more, nil)
		b.pass(300) // until it asks again
	}
	change(map[string]any{"closesAt": "2026-01-01T00:00:00+07:00"})
	b.until(`document.body.innerText.includes("Máy này đang tạm nghỉ")`)
	b.look("resting")
	b.accessible("resting")
	b.pass(1)
	change(map[string]any{"closesAt": nil})
	b.until(`document.querySelectorAll(".first button").length == 5`)
	b.pass(0.5)

	// Another edition waits until the citizen has gone.
	b.face(4)
	s.call("PATCH", "/api/v1/links/"+l.Code, token, map[string]any{"area": "moi-truong"}, nil)
	for range 20 {
		b.pick("q15", "4")
		b.pass(20)
	}
	if !get(b.browser, chromedp.Evaluate[bool](`window.same == 1`)) {
		t.Fatal("loaded anew under a citizen's hands")
	}
	b.says("Tiếp cận dịch vụ")
	b.press("Xong")
	b.press("Người tiếp theo")
	s.counts(token, 1)
	b.until(`window.clock && (clock.pass(1000), !window.same && document.body.innerText.includes("Môi trường"))`)
	b.pass(0.5)
	b.first()
	get(b.browser, chromedp.Evaluate[int](`window.same = 2`))
	b.pass(900)
	b.pass(900)
	if !get(b.browser, chromedp.Evaluate[bool](`window.same == 2`)) {
		t.Error("loads itself anew without need")
	}
}

func TestKioskOfAnOpenLinkAsksTheArea(t *testing.T) {
	s := start(t, t.TempDir())
	token := s.token("office")
	b := openTablet(t, s.url, s.link(token, "kiosk", nil).Code)
	b.face(5)
	b.says("Lần này ông/bà làm thủ tục về lĩnh vực nào?")
	b.pick("area", "khoang-san")
	b.press("Tiếp tục")
	b.says("Tiếp cận dịch vụ")
	b.press("Xong")
	s.counts(token, 1)
	if _, areas := s.statistics(token, "?by=area"); areas["khoang-san"].Responses != 1 {
		t.Errorf("%+v", areas)
	}
}

func TestKioskByKeyboardAlone(t *testing.T) {
	s, token, _, _, b := atDesk(t)
	press := func(keys ...string) {
		for _, k := range keys {
			b.do(chromedp.KeyEvent(k))
			b.pass(0.5)
		}
	}
	reach := func(what, expression string) {
		t.Helper()
		for range 40 {
			if press(kb.Tab); get(b.browser, chromedp.Evaluate[bool](`(e => `+expression+`)(document.activeElement)`)) {
				return
			}
		}
		t.Fatalf("Tab does not reach %s", what)
	}
	reach("the fourth face", `e.textContent == "Hài lòng"`)
	press(kb.Enter)
	reach("a criterion", `e.name == "q15"`)
	press(" ", kb.ArrowRight)
	reach("Continue", `e.textContent == "Tiếp tục"`)
	press(kb.Enter)
	reach("Done", `e.textContent == "Xong"`)
	press(kb.Enter)
	b.says("Cảm ơn ông/bà")
	f := s.counts(token, 1)
	if f.Overall.Satisfied != 1 || f.Answered != 1 || f.Satisfied != 0 {
		t.Errorf("%+v", f)
	}
}

// TestKioskIsAccessible looks at every screen in both languages at the sizes of
// tablets and of a phone: that all of it is there and large enough to touch. axe
// is asked about each in each language, in each theme, on a tablet and a phone.
func TestKioskIsAccessible(t *testing.T) {
	_, _, _, _, b := atDesk(t)
	for _, size := range []struct {
		name  string
		w, h  int64
		theme string
		asks  string // axe, in this language
	}{
		{"wide", tabletWidth, tabletHeight, "light", "vi"}, {"wide", tabletWidth, tabletHeight, "dark", "en"},
		{"tall", 800, 1280, "light", ""}, {"low", 1024, 600, "light", ""}, {"phone", phoneWidth, phoneHeight, "light", "vi"},
	} {
		b.size(size.w, size.h)
		b.theme(size.theme)
		for _, lang := range []string{"vi", "en"} {
			if size.theme == "dark" && lang != size.asks {
				continue // of the same size as in the light
			}
			b.goTo(b.address + "?lang=" + lang)
			b.pass(0.5)
			look := func(screen string) {
				t.Helper()
				name := size.name + "-" + size.theme + "-" + lang + "-" + screen
				b.look(name)
				if lang == size.asks {
					b.accessible(name)
				}
				if wide := get(b.browser, chromedp.Evaluate[int](`document.documentElement.scrollWidth - innerWidth`)); wide > 0 {
					t.Errorf("%s is %d pixels too wide", name, wide)
				}
				small := get(b.browser, chromedp.Evaluate[string](`Array.from(document.querySelectorAll("button,label")).filter(e => e.offsetParent).filter(e => { const r = e.getBoundingClientRect(), min = e.closest(".first") ? 96 : 44; return r.height < min || r.width < min }).map(e => e.textContent).join()`))
				if small != "" {
					t.Errorf("%s: too small to touch: %s", name, small)
				}
			}
			words := map[string]string{"vi": "Tiếp tục", "en": "Continue"}
			look("first")
			b.face(2)
			b.pass(26)
			look("soon")
			b.pick("q16", "2")
			for part := 1; part <= 8; part++ {
				look(fmt.Sprintf("part%d", part))
				if part < 8 {
					b.press(words[lang])
				}
			}
			b.press(map[string]string{"vi": "Xong", "en": "Done"}[lang])
			look("thanks")
			b.do(chromedp.KeyEvent(kb.F2))
			b.pass(0.5)
			look("staff")
		}
	}
}
