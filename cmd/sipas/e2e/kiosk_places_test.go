package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestKioskOverPlainHTTP: an address in the house without a certificate has no
// worker; the page lives through an outage as long as it stays open, and says so.
func TestKioskOverPlainHTTP(t *testing.T) {
	line := newLine(t)
	s := start(t, t.TempDir())
	line.connect(s.url)
	token := s.token("office")
	l := s.link(token, "kiosk", nil)
	_, port, _ := strings.Cut(strings.TrimPrefix(line.url(), "http://"), ":")
	b := openTablet(t, "http://khaosat.noi-bo:"+port, l.Code, chromedp.Flag("host-resolver-rules", "MAP khaosat.noi-bo 127.0.0.1"))
	if get(b.browser, chromedp.Evaluate[bool](`isSecureContext`)) {
		t.Fatal("the browser takes the address for a secure one")
	}
	line.cut()
	for range 3 {
		b.face(5)
		b.press("Xong")
		b.press("Người tiếp theo")
	}
	b.do(chromedp.KeyEvent(kb.F2))
	b.pass(0.5)
	b.says("3 phiếu đang chờ gửi")
	b.says("Trang mở bằng http nên không lưu được trên máy")
	line.mend()
	b.sendNow()
	s.counts(token, 3)
}

// TestKioskWithoutStorage: a browser that lets a page store nothing still sends
// everything, from memory, and staff are told what that means.
func TestKioskWithoutStorage(t *testing.T) {
	s, token, _, line, b := atDesk(t)
	get(b.browser, chromedp.Evaluate[int](`Storage.prototype.setItem = () => { throw new Error("full") }, 0`))
	line.cut()
	for range 2 {
		b.face(1)
		b.press("Xong")
		b.press("Người tiếp theo")
	}
	b.until(`document.getElementById("dot").className == "bad"`)
	b.do(chromedp.KeyEvent(kb.F2))
	b.pass(0.5)
	b.says("2 phiếu đang chờ gửi")
	b.says("Máy không cho lưu phiếu")
	line.mend()
	b.press("Tải lại trang") // would lose them
	b.until(`document.querySelector("#facts").innerText.includes("Kết nối với máy chủ: tốt")`)
	b.says("2 phiếu đang chờ gửi")
	b.sendNow()
	s.counts(token, 2)
}

// TestKioskCanBeInstalled asks the browser itself what it lacks.
func TestKioskCanBeInstalled(t *testing.T) {
	_, _, _, _, b := atDesk(t)
	get(b.browser, chromedp.Evaluate[bool](`navigator.serviceWorker.ready.then(() => true)`, chromedp.EvalAwaitPromise))
	m, err := chromedp.Call(b.ctx, page.GetAppManifest, page.GetAppManifestParams{})
	if err != nil || m.Data == "" || len(m.Errors) > 0 {
		t.Errorf("manifest %q: %v %v", m.Data, m.Errors, err)
	}
	lacks, err := chromedp.Call(b.ctx, page.GetInstallabilityErrors, cdp.Empty{})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lacks.InstallabilityErrors {
		t.Errorf("not installable: %s %v", l.ErrorID, l.ErrorArguments)
	}
}

func TestKioskWithoutScripts(t *testing.T) {
	s := start(t, t.TempDir())
	l := s.link(s.token("office"), "kiosk", nil)
	b := open(t)
	b.scripts(false)
	b.goTo(s.url + "/kiosk/" + l.Code)
	b.look("noscript")
	b.tap("main a")
	b.arrive("/k/" + l.Code)
}
