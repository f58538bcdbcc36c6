package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// office is a server with a counter link of the land area, behind a line that
// can be cut.
func office(t *testing.T) (s *server, token string, l link, line *line) {
	t.Helper()
	line = newLine(t)
	s = start(t, t.TempDir(), "SIPAS_BASE_URL="+line.url())
	line.connect(s.url)
	token = s.token("office")
	return s, token, s.link(token, "counter", map[string]any{"area": "dat-dai", "desk": "bo-phan-mot-cua"}), line
}

func TestScanAnswerAndFigure(t *testing.T) {
	s, token, l, _ := office(t)
	scanned := s.decodeQR(token, l.Code)
	if scanned != l.URL {
		t.Fatalf("the QR code says %q, the link %q", scanned, l.URL)
	}
	b := open(t)
	b.goTo(scanned)
	b.look("form")
	b.choose("overall", "4")
	b.choose("q15", "5")
	b.choose("q23", "2")
	b.choose("q31", "0")
	b.do(chromedp.SendKeys(chromedp.CSS(`textarea[name="comment"]`), "Chờ hơi lâu, thêm ghế ngồi"))
	b.look("filled")
	b.tap("button.send")
	b.arrive("/k/" + l.Code + "/cam-on")
	b.look("thanks")
	if !strings.Contains(b.text("main"), "Cảm ơn ông/bà") {
		t.Errorf("no thanks on the page: %s", b.text("main"))
	}
	overall, areas := s.statistics(token, "?by=area")
	land := areas["dat-dai"]
	if overall.Responses != 1 || land.Responses != 1 || land.Answered != 2 || land.Satisfied != 1 || land.Overall.Satisfied != 1 || land.Target != 85 {
		t.Errorf("figures after one answer: all %+v, land %+v", overall, land)
	}
}

func TestWithoutScripts(t *testing.T) {
	s, token, l, _ := office(t)
	b := open(t)
	b.scripts(false)
	b.goTo(l.URL)
	b.look("form")
	// Sent empty: the page comes back and says what to do.
	b.tap("button.send")
	b.visible(`[role="alert"]`)
	b.look("errors")
	b.choose("overall", "5")
	b.tap("button.send")
	b.do(chromedp.WaitNotPresent(chromedp.CSS("form#f")))
	b.look("thanks")
	if overall, _ := s.statistics(token, ""); overall.Responses != 1 || overall.Overall.Satisfied != 1 {
		t.Errorf("figures: %+v", overall)
	}
}

func TestInEnglish(t *testing.T) {
	s, token, l, _ := office(t)
	b := open(t)
	b.goTo(l.URL)
	b.choose("q20", "3")
	b.tap("a.lg")
	b.until(`document.documentElement.lang=="en" && document.querySelector('[name=q20][value="3"]').checked`) // what was chosen stays
	b.look("form")
	b.choose("overall", "2")
	b.tap("button.send")
	b.arrive("/k/" + l.Code + "/cam-on")
	b.look("thanks")
	if _, by := s.statistics(token, "?by=lang"); by["en"].Responses != 1 || by["en"].Answered != 1 {
		t.Errorf("by language: %+v", by)
	}
}

func TestLineDropsAndComesBack(t *testing.T) {
	s, token, l, line := office(t)
	b := open(t)
	b.goTo(l.URL)
	b.choose("overall", "4")
	line.cut()
	b.tap("button.send")
	b.visible("#bar.on")
	b.look("waiting")
	if text := b.text("#bar"); !strings.Contains(text, "Đã giữ phiếu trên máy này") {
		t.Errorf("the waiting answer is not shown: %q", text)
	}
	b.accessible("waiting for the network")
	if overall, _ := s.statistics(token, ""); overall.Responses != 0 {
		t.Fatalf("counted without a network: %+v", overall)
	}
	line.mend()
	b.tap("#bar > button")
	eventually(t, "the waiting answer arrives", func() bool {
		overall, _ := s.statistics(token, "")
		return overall.Responses == 1
	})
	b.until(`Object.keys(localStorage).length==0`)
	b.look("sent")
	b.accessible("sent after the network came back")
}

func TestWaitingAnswerSurvivesClosingThePage(t *testing.T) {
	s, token, l, line := office(t)
	b := open(t)
	b.goTo(l.URL)
	b.choose("overall", "1")
	line.cut()
	b.tap("button.send")
	b.visible("#bar.on")
	b.goTo("about:blank")
	line.mend()
	b.goTo(l.URL) // the next visit
	eventually(t, "the waiting answer arrives", func() bool {
		overall, _ := s.statistics(token, "")
		return overall.Responses == 1
	})
}

func TestSameKeyFiveTimesCountsOnce(t *testing.T) {
	s, token, l, _ := office(t)
	body := map[string]any{"key": "one-key-five-times", "overall": 5, "answers": map[string]int{"15": 4, "31": 0}}
	var first, again struct{ ID, ReceivedAt string }
	if r := s.call("POST", "/api/v1/surveys/"+l.Code+"/responses", "", body, &first); r.StatusCode != 201 {
		t.Fatalf("first: %d", r.StatusCode)
	}
	for range 4 {
		if r := s.call("POST", "/api/v1/surveys/"+l.Code+"/responses", "", body, &again); r.StatusCode != 200 || again != first {
			t.Errorf("again: %d %+v, first %+v", r.StatusCode, again, first)
		}
	}
	body["overall"] = 1
	var p struct{ Code, Key string }
	if r := s.call("POST", "/api/v1/surveys/"+l.Code+"/responses", "", body, &p); r.StatusCode != 409 || p.Code != "key_reused" || len(p.Key) < 8 {
		t.Errorf("another body under the same key: %d %+v", r.StatusCode, p)
	}
	if overall, _ := s.statistics(token, ""); overall.Responses != 1 || overall.Overall.Satisfied != 1 {
		t.Errorf("figures: %+v", overall)
	}
}

// TestEveryPageIsAccessible opens every page in every state a citizen can meet:
// in Vietnamese on a phone in the light, in English on a desk in the dark.
func TestEveryPageIsAccessible(t *testing.T) {
	data := t.TempDir()
	lastMonth := time.Now().AddDate(0, -1, 0).Format(time.RFC3339)
	s := start(t, data, "SIPAS_NOW="+lastMonth)
	token := s.token("office")
	fillAreas(s, token)
	s.stop(syscall.SIGTERM)
	s = start(t, data)
	l := s.link(token, "counter", map[string]any{"area": "dat-dai", "desk": "bo-phan-mot-cua"})
	openLink := s.link(token, "counter", nil)
	trial := s.link(token, "trial", nil)
	closed := s.link(token, "counter", map[string]any{"closesAt": "2026-01-01T00:00:00+07:00"})
	later := s.link(token, "counter", map[string]any{"opensAt": "2099-01-01T00:00:00+07:00"})
	b := open(t)
	pages := []struct{ name, path string }{
		{"home", "/"}, {"form", "/k/" + l.Code}, {"open form", "/k/" + openLink.Code}, {"trial form", "/k/" + trial.Code},
		{"closed", "/k/" + closed.Code}, {"not yet open", "/k/" + later.Code}, {"unknown code", "/k/zzzzzzzz"},
		{"thanks", "/k/" + l.Code + "/cam-on?r=ABCD1234&t=20261124T0941"}, {"results", "/ket-qua"},
		{"privacy", "/quyen-rieng-tu"}, {"feedback", "/gop-y?area=dat-dai"}, {"for programmers", "/api"}, {"no such page", "/khong-co"},
	}
	for _, look := range []struct {
		name, lang, theme string
		w, h              int64
	}{{"phone", "vi", "light", phoneWidth, phoneHeight}, {"desk", "en", "dark", deskWidth, deskHeight}} {
		b.size(look.w, look.h)
		b.theme(look.theme)
		for _, p := range pages {
			address := s.url + p.path
			if look.lang == "en" {
				if strings.Contains(address, "?") {
					address += "&lang=en"
				} else {
					address += "?lang=en"
				}
			}
			b.goTo(address)
			b.seen(look.name + "-" + look.lang + "-" + p.name)
		}
		// Errors as the script shows them.
		b.goTo(s.url + "/k/" + l.Code + "?lang=" + look.lang)
		b.tap("button.send")
		b.visible(`#err[role="alert"]`)
		b.seen(look.name + "-" + look.lang + "-errors")
	}
	b.theme("light")
	// Errors as the server shows them.
	b.goTo(s.url + "/k/" + openLink.Code)
	get(b, chromedp.Evaluate[int](`(()=>{const f=document.getElementById("f");f.elements.key.value="x";document.querySelector('[name=q15][value="5"]').value="9";document.querySelector('[name=q15][value="9"]').checked=true;f.elements.comment.value="x".repeat(4001);HTMLFormElement.prototype.submit.call(f);return 0})()`))
	b.visible(`#err[role="alert"]`)
	b.look("errors-server")
	b.accessible("errors from the server")
	// Printed: the results are on paper what they are on the screen.
	b.goTo(s.url + "/ket-qua")
	pdf := get(b, chromedp.PrintToPDF())
	if len(pdf) < 1000 {
		t.Errorf("the results print as %d bytes", len(pdf))
	}
	if dir := os.Getenv("SIPAS_LOOK"); dir != "" {
		os.WriteFile(dir+"/results.pdf", pdf, 0o644)
	}
}

// fillAreas answers so that the results show every verdict there is.
func fillAreas(s *server, token string) {
	s.t.Helper()
	for area, n := range map[string][2]int{ // satisfied, not satisfied
		"dat-dai": {180, 12}, "xay-dung": {60, 9}, "moi-truong": {60, 40}, "dau-tu": {20, 1}, "khoang-san": {100, 9},
	} {
		code := s.link(token, "counter", map[string]any{"area": area}).Code
		for i := range n[0] + n[1] {
			rating := 4
			if i >= n[0] {
				rating = 2
			}
			body := map[string]any{"key": fmt.Sprintf("fill-%s-%04d", area, i), "overall": rating, "answers": map[string]int{"15": rating, "23": rating, "28": 4}}
			if r := s.call("POST", "/api/v1/surveys/"+code+"/responses", "", body, nil); r.StatusCode != 201 {
				s.t.Fatalf("fill %s: %d", area, r.StatusCode)
			}
		}
	}
}

// TestEveryRenderedStateIsAccessible opens every state of every page that the
// page package can render, those that take a broken server to meet included.
func TestEveryRenderedStateIsAccessible(t *testing.T) {
	dir := t.TempDir()
	render := exec.Command("go", "test", "./web", "-count=1", "-run", "TestLook", "-look="+dir)
	render.Dir = "../../.."
	if out, err := render.CombinedOutput(); err != nil {
		t.Fatalf("render pages: %v\n%s", err, out)
	}
	pages, err := filepath.Glob(dir + "/*.html")
	if err != nil || len(pages) < 20 {
		t.Fatalf("%d pages rendered, %v", len(pages), err)
	}
	b := open(t)
	for _, p := range pages {
		b.goTo("file://" + p)
		b.accessible(filepath.Base(p))
	}
	t.Logf("%d states", len(pages))
}

// TestByKeyboardAlone answers without a pointer: Tab, arrow keys, Space, Enter.
func TestByKeyboardAlone(t *testing.T) {
	s, token, l, _ := office(t)
	b := open(t)
	b.goTo(l.URL)
	focused := func() string {
		return get(b, chromedp.Evaluate[string](`(e => e.name || e.textContent.trim())(document.activeElement)`))
	}
	press := func(keys ...string) {
		for _, k := range keys {
			b.do(chromedp.KeyEvent(k))
		}
	}
	for range 12 { // past the skip link, the header and the language
		if press(kb.Tab); focused() == "overall" {
			break
		}
	}
	if focused() != "overall" {
		t.Fatalf("Tab does not reach the first question but %q", focused())
	}
	press(" ", kb.ArrowDown, kb.ArrowDown, kb.ArrowDown) // the fourth level
	for range 60 {
		if press(kb.Tab); focused() == "q15" {
			break
		}
	}
	press(" ", kb.ArrowRight) // the second level
	for range 120 {
		if focused() == "Gửi đánh giá" {
			break
		}
		press(kb.Tab)
	}
	press(kb.Enter)
	b.arrive("/k/" + l.Code + "/cam-on")
	overall, _ := s.statistics(token, "")
	if overall.Overall.Satisfied != 1 || overall.Answered != 1 || overall.Satisfied != 0 {
		t.Errorf("%+v", overall)
	}
}
