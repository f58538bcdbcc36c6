package e2e

import (
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// takePhoto makes a picture as a phone's camera would hand over.
func takePhoto(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "anh-quay.jpg")
	f, err := os.Create(name)
	if err == nil {
		err = jpeg.Encode(f, image.NewGray(image.Rect(0, 0, 1600, 1200)), nil)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return name
}

func (b *browser) fill(id, text string) {
	b.t.Helper()
	b.do(chromedp.SendKeys(chromedp.CSS(`[id="`+id+`"]`), text))
}

// kind taps the card of a kind of feedback.
func (b *browser) kind(value string) {
	b.t.Helper()
	b.tap(`input[name="kind"][value="` + value + `"] ~ label`)
}

var shownCode = regexp.MustCompile(`[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{3}\b`)

// receipt waits for a receipt and returns the code on it.
func (b *browser) receipt() string {
	b.t.Helper()
	b.visible("#receipt")
	code := shownCode.FindString(b.text("main"))
	if code == "" {
		b.t.Fatalf("no code on the receipt: %s", b.text("main"))
	}
	return code
}

// TestFeedbackWithAPhotoWithoutScripts: on a phone, first with mistakes.
func TestFeedbackWithAPhotoWithoutScripts(t *testing.T) {
	s := start(t, t.TempDir())
	photo := takePhoto(t)
	b := open(t)
	b.scripts(false)
	b.goTo(s.url + "/gop-y")
	b.look("form")
	b.fill("content", "Hẹn ba lần chưa trả kết quả")
	b.kind("complaint")
	b.look("complaint")
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#photo"), []string{photo}))
	b.tap("button.send")
	b.visible("#err a")
	b.look("errors")
	if text := b.text("#err"); !strings.Contains(text, "Họ và tên") || !strings.Contains(text, "Xin chọn lại: anh-quay.jpg") {
		t.Errorf("the list of mistakes says %q", text)
	}
	b.fill("contact.name", "Nguyễn Văn Dân")
	b.fill("contact.phone", "0905 123 456")
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#photo"), []string{photo}))
	b.tap("#consent")
	b.tap("button.send")
	code := b.receipt()
	b.look("receipt")
	b.scripts(true)
	if address := get(b, chromedp.Evaluate[string]("location.href")); strings.Contains(address, code) {
		t.Errorf("the code stands in the address %s", address)
	}
	if strings.Contains(s.log.String(), code) || strings.Contains(s.log.String(), strings.ReplaceAll(code, "-", "")) {
		t.Error("the code stands in the log")
	}
	b.accessible("receipt without scripts")
}

// TestFeedbackDraftAndQueue: what was begun survives a reload, and what was sent
// without a network goes out once when there is one.
func TestFeedbackDraftAndQueue(t *testing.T) {
	line := newLine(t)
	s := start(t, t.TempDir(), "SIPAS_BASE_URL="+line.url())
	line.connect(s.url)
	b := open(t)
	b.goTo(line.url() + "/gop-y")
	b.fill("content", "Quầy đóng cửa sớm")
	b.kind("petition")
	b.fill("contact.phone", "0905 123 456")
	b.tap("#consent")
	b.goTo(line.url() + "/gop-y?lai") // another loading of the page
	b.visible("#kept.has")
	b.look("restored")
	if got := get(b, chromedp.Evaluate[string](`[content.value,document.querySelector('[name=kind]:checked').value,document.getElementById('contact.phone').value,consent.checked].join()`)); got != "Quầy đóng cửa sớm,petition,0905 123 456,false" {
		t.Errorf("came back: %s", got)
	}
	key := get(b, chromedp.Evaluate[string](`document.querySelector('[name=key]').value`))
	b.tap("#consent")
	line.cut()
	b.tap("button.send")
	b.visible("#bar.go")
	b.look("waiting")
	b.accessible("feedback waits for the network")
	line.mend()
	b.goTo(line.url() + "/ket-qua") // another page sends it
	b.visible("#bar p a")
	b.look("sent")
	b.tap("#bar p a")
	b.visible("#receipts .quiet")
	b.look("kept receipt")
	b.accessible("a receipt is kept")
	b.tap("#receipts .quiet")
	code := b.receipt()
	b.accessible("receipt with scripts")
	b.look("receipt")
	var again struct{ Code string }
	body := map[string]any{"key": key, "kind": "petition", "content": "Quầy đóng cửa sớm", "contact": map[string]string{"phone": "0905 123 456"}, "consent": true, "lang": "vi"}
	if r := s.call("POST", "/api/v1/feedback", "", body, &again); r.StatusCode != 200 || again.Code != code {
		t.Errorf("under its key: %d %s, want 200 %s", r.StatusCode, again.Code, code)
	}
	b.tap("#print button:last-child") // written down
	b.until(`location.pathname=="/" && Object.keys(localStorage).length==0`)
}

// TestDenunciationStaysOffThePhone: neither the name of a draft nor anything of
// one that could not be sent is kept, and all of it can be sent again.
func TestDenunciationStaysOffThePhone(t *testing.T) {
	line := newLine(t)
	s := start(t, t.TempDir(), "SIPAS_BASE_URL="+line.url())
	line.connect(s.url)
	b := open(t)
	b.goTo(line.url() + "/gop-y")
	b.tap("button.send")
	b.visible("#err.bad")
	b.look("errors by script")
	b.accessible("errors by script")
	b.kind("denunciation")
	b.look("denunciation")
	b.accessible("denunciation chosen")
	b.fill("content", "Đòi tiền ngoài phí")
	b.fill("contact.name", "Nguyễn Văn Dân")
	b.fill("contact.address", "12 Hùng Vương")
	b.tap("#consent")
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#photo"), []string{takePhoto(t)}))
	line.cut()
	b.tap("button.send")
	b.visible("#msg.box")
	b.look("offline")
	if kept := get(b, chromedp.Evaluate[string](`JSON.stringify(localStorage)`)); strings.Contains(kept, "Dân") || strings.Contains(kept, "Hùng") || strings.Contains(kept, "sipas-q-") {
		t.Errorf("kept on the phone: %s", kept)
	}
	line.mend()
	b.tap("button.send")
	b.receipt()
	b.look("receipt")
	if kept := get(b, chromedp.Evaluate[string](`JSON.stringify(localStorage)`)); kept != "{}" {
		t.Errorf("kept on the phone afterwards: %s", kept)
	}
}

// TestTakenDownAtTheDesk: an officer types in what somebody says on the phone.
func TestTakenDownAtTheDesk(t *testing.T) {
	s := desk(t)
	first := s.addUser("quay-3", "desk")
	b := open(t)
	b.size(screens[0][0], screens[0][1])
	b.signIn(s.url, "quay-3", first)
	b.arrive("/lam-viec/toi")
	b.fill("old", first)
	b.fill("password", "con meo treo cay cau")
	b.fill("again", "con meo treo cay cau\r")
	b.arrive("/lam-viec/")
	b.goTo(s.url + "/lam-viec/vu-viec/moi")
	b.look("form")
	b.accessible("taking down")
	b.fill("content", "Ông Ba gọi điện: hẹn ba lần chưa trả")
	b.tap(`input[name="kind"][value="petition"]`)
	b.do(chromedp.SendKeys(chromedp.CSS(`[id="contact.phone"]`), "0905 123 456\r"))
	b.visible("#errors")
	b.look("errors")
	b.accessible("taking down, with a mistake")
	b.tap("#consent")
	b.tap("form.form button")
	b.visible(".slip")
	b.look("receipt")
	b.accessible("receipt to read out")
	if !shownCode.MatchString(b.text("main")) {
		t.Errorf("no code: %s", b.text("main"))
	}
}
