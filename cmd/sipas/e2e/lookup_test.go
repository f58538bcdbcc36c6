package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	cdp "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
)

// sent is the receipt of a case that was filed through the interface.
type sent struct{ Code, Secret string }

// fileCase sends feedback with a photo, as a program does.
func (s *server) fileCase() sent {
	s.t.Helper()
	var r sent
	body := map[string]any{
		"key": "lookup-e2e-1", "kind": "petition", "subject": "Trả kết quả chậm", "area": "dat-dai", "consent": true,
		"content": "Tôi nộp hồ sơ tách thửa ngày 02/06.\nĐã hẹn ba lần mà chưa trả kết quả.",
	}
	if a := s.call("POST", "/api/v1/feedback", "", body, &r); a.StatusCode != http.StatusCreated {
		s.t.Fatalf("POST /feedback: %d", a.StatusCode)
	}
	return r
}

// officer takes a step with a case.
func (s *server) officer(token string, r sent, step string, more map[string]any) {
	s.t.Helper()
	body := map[string]any{"step": step}
	for k, v := range more {
		body[k] = v
	}
	if a := s.call("POST", "/api/v1/cases/"+r.Code+"/steps", token, body, nil); a.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %d", step, a.StatusCode)
	}
}

// lookUp types code and secret.
func (b *browser) lookUp(address string, r sent) {
	b.t.Helper()
	b.goTo(address + "/tra-cuu")
	b.fill("code", r.Code)
	b.fill("secret", r.Secret+"\r")
}

// downloads says where files are to be kept.
func (b *browser) downloads(dir string) {
	b.t.Helper()
	keep := cdp.SetDownloadBehaviorParams{Behavior: cdp.SetDownloadBehaviorBehaviorAllow, DownloadPath: dir}
	if _, err := chromedp.Call(b.ctx, cdp.SetDownloadBehavior, keep); err != nil {
		b.t.Fatal(err)
	}
}

// downloaded waits for a file in the folder and returns its name. Chromium takes
// the name with an empty file and puts the whole one over it at the end.
func downloaded(t *testing.T, dir, pattern string) (file string) {
	t.Helper()
	eventually(t, pattern+" is downloaded", func() bool {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil || len(files) != 1 {
			return false
		}
		file = files[0]
		f, err := os.Stat(file)
		return err == nil && f.Size() > 0
	})
	return file
}

var shownPair = regexp.MustCompile(`([2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{3})\s+.*\s+([2-9A-Z]{4}-[2-9A-Z]{4})\b`)

// says waits for words on the page.
func (b *browser) says(words string) {
	b.t.Helper()
	b.until(fmt.Sprintf(`document.readyState=="complete" && document.querySelector("main").innerText.includes(%q)`, words))
}

// TestSenderFollowsTheirCase: a wrong secret first; the office asks, the sender
// replies, twice by mistake; it answers, and the sender rates and wants another
// look.
func TestSenderFollowsTheirCase(t *testing.T) {
	s := start(t, t.TempDir())
	r := s.fileCase()
	desk, unit := s.token("desk"), "phong-quan-ly-dat-dai"
	b := open(t)
	b.goTo(s.url + "/tra-cuu")
	b.everyLook("form")
	b.fill("code", strings.ToLower(strings.ReplaceAll(r.Code, "-", " ")))
	b.fill("secret", "4KXA-9TRE\r")
	b.says("Không có vụ việc nào mang hai mã này")
	b.everyLook("wrong")
	b.lookUp(s.url, r)
	b.says("Sở đã nhận")
	b.everyLook("received")
	s.officer(desk, r, "classify", map[string]any{"kind": "petition"})
	s.officer(desk, r, "assign", map[string]any{"unit": unit})
	s.officer(desk, r, "ask", map[string]any{"message": "Xin ông/bà cho biết mã hồ sơ ghi trên giấy hẹn, và ngày hẹn gần nhất."})
	b.lookUp(s.url, r)
	b.says("Sở hỏi ông/bà")
	b.everyLook("asked")
	b.fill("message", "Mã hồ sơ H48-250602-0017, hẹn ngày 20/06.")
	b.tap(`form[action="/tra-cuu/tin-nhan"] .send`)
	b.says("Sở đã nhận tin của ông/bà")
	b.everyLook("replied")
	b.do(chromedp.Reload())
	b.says("không ghi thêm lần nữa")
	s.officer(desk, r, "answer", map[string]any{"message": "Kính gửi ông/bà,\n\nHồ sơ H48-250602-0017 đã có kết quả. Mời ông/bà đến Bộ phận Một cửa nhận trong giờ hành chính, mang theo giấy hẹn.\n\nSở xin lỗi vì đã để ông/bà đi lại nhiều lần."})
	b.lookUp(s.url, r)
	b.says("Trả lời của Sở")
	b.everyLook("answered")
	b.tap(`form[action="/tra-cuu/danh-gia"] .send`)
	b.says("Chọn một trong năm mức hài lòng")
	b.everyLook("unrated")
	b.choose("solved", "partly")
	b.choose("rating", "2")
	b.tap("#reopen")
	b.fill("comment", "Đến nơi lại thiếu một trang.")
	b.look("rating")
	b.tap(`form[action="/tra-cuu/danh-gia"] .send`)
	b.says("Vụ việc được mở lại để xem xét")
	b.everyLook("reopened")
	s.officer(desk, r, "answer", map[string]any{"message": "Đã bổ sung trang còn thiếu."})
	b.lookUp(s.url, r)
	b.says("Đã bổ sung trang còn thiếu")
	b.choose("solved", "yes")
	b.choose("rating", "5")
	b.tap(`form[action="/tra-cuu/danh-gia"] .send`)
	b.says("Đã lưu đánh giá của ông/bà")
	b.everyLook("rated")
	b.tap("header button.lg")
	b.says("What you sent")
	b.everyLook("english")
	if address := get(b, chromedp.Evaluate[string]("location.href")); strings.Contains(address, r.Code) || strings.Contains(address, r.Secret) {
		t.Errorf("the address is %s", address)
	}
	for _, private := range []string{r.Code, strings.ReplaceAll(r.Code, "-", ""), r.Secret, strings.ReplaceAll(r.Secret, "-", "")} {
		if strings.Contains(s.log.String(), private) {
			t.Errorf("the log holds %s", private)
		}
	}
	if kept := get(b, chromedp.Evaluate[string](`document.cookie+JSON.stringify(localStorage)`)); kept != "{}" {
		t.Errorf("kept on the phone: %s", kept)
	}
}

// TestSenderWithoutScripts files with a photo, follows the case and takes the
// photo home again.
func TestSenderWithoutScripts(t *testing.T) {
	s := start(t, t.TempDir())
	b := open(t)
	b.goTo(s.url + "/gop-y")
	b.scripts(false)
	b.goTo(s.url + "/gop-y")
	b.fill("content", "Hẹn ba lần chưa trả kết quả")
	b.kind("petition")
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#photo"), []string{takePhoto(t)}))
	b.tap("#consent")
	b.tap("button.send")
	b.visible("#receipt")
	codes := shownPair.FindStringSubmatch(b.text("main"))
	if codes == nil {
		t.Fatalf("no codes: %s", b.text("main"))
	}
	r := sent{codes[1], codes[2]}
	b.lookUp(s.url, r)
	b.visible(".files")
	b.scripts(true)
	b.everyLook("photo")
	b.scripts(false)
	dir := t.TempDir()
	b.downloads(dir)
	b.tap(".files button")
	downloaded(t, dir, "anh-quay.jpg")
	b.fill("message", "Chiều nay tôi đến được.")
	b.tap(`form[action="/tra-cuu/tin-nhan"] .send`)
	b.visible(".ok")
	if text := b.text(".ok"); !strings.Contains(text, "Sở đã nhận tin") {
		t.Error(text)
	}
}
