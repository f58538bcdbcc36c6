package e2e

import (
	"archive/zip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestErasure: the desk finds a caller by the phone number and hands a copy over;
// the office erases one case on request, and what has been kept for long enough;
// the sender is told. With scripts and without.
func TestErasure(t *testing.T) {
	for name, scripts := range map[string]bool{"scripts": true, "none": false} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			s := start(t, data, "SIPAS_ADMIN_PASSWORD="+adminPassword, "SIPAS_NOW=2026-03-02T08:00:00+07:00")
			token := s.token("inspection")
			asked, old := s.petition(token, "one", "Trả kết quả chậm"), s.petition(token, "two", "Hẹn nhiều lần")
			for _, r := range []sent{asked, old} {
				s.officer(token, r, "withdraw", map[string]any{"note": "gọi điện xin rút"})
			}
			s.stop(syscall.SIGTERM)
			s = start(t, data, "SIPAS_ADMIN_PASSWORD="+adminPassword, "SIPAS_NOW=2028-06-01T08:00:00+07:00")
			b := openFor(t, 5*time.Minute)
			b.size(deskWidth, deskHeight)
			b.scripts(scripts)
			seen := func(state string) {
				t.Helper()
				if scripts { // axe is one
					b.everyLook(state)
				}
			}
			s.copyForACaller(b, asked, seen)
			b.do(chromedp.Navigate(s.url + "/dang-xuat"))
			b.tap(`main form button`)
			b.firstSignIn(s, "van-phong", "office")
			page := caseList + "/" + asked.Code
			b.goTo(s.url + page)
			b.tap(`a[href="` + page + `/xoa"]`)
			b.arrive(page + "/xoa")
			b.tap(`form[action$="/xoa"] button`)
			b.visible("#errors")
			seen("erase-errors")
			b.do(chromedp.SetValue(chromedp.CSS("#reason"), "request"))
			b.fill("code", asked.Code)
			b.tap(`form[action$="/xoa"] button`)
			b.arrive(page)
			b.says("Dữ liệu cá nhân của vụ việc này đã được xóa")
			if text := b.text("main"); strings.Contains(text, "tách thửa") || strings.Contains(text, "gọi điện") {
				t.Errorf("it is still read: %s", text)
			}
			seen("erased")

			// The list has the other one alone.
			b.goTo(s.url + caseList + "/luu-tru")
			if text := b.text("#expired"); !strings.Contains(text, old.Code) || strings.Contains(text, asked.Code) {
				t.Errorf("the list is %s", text)
			}
			b.fill("number", "7")
			b.tap(`form[action$="/luu-tru"] button`)
			b.visible("#errors")
			seen("retention-errors")
			b.anew("number", "1")
			b.tap(`form[action$="/luu-tru"] button`)
			b.says("Đã xóa 1 trong 1 vụ việc")

			for _, r := range []sent{asked, old} {
				b.lookUp(s.url, r)
				b.says("đã được xóa")
			}
			seen("sender")
			b.goTo(s.url + "/quyen-rieng-tu")
			b.says("Giữ bao lâu")
		})
	}
}

// copyForACaller finds a case by the number that a caller says, and opens what
// the sender is given.
func (s *server) copyForACaller(b *browser, r sent, seen func(string)) {
	b.t.Helper()
	b.firstSignIn(s, "quay-1", "desk")
	b.goTo(s.url + caseList)
	b.tap(`a[href="` + caseList + `/so-dien-thoai"]`)
	b.arrive(caseList + "/so-dien-thoai")
	b.fill("phone", "0905")
	b.tap(`form[action$="/so-dien-thoai"] button`)
	b.visible("#errors")
	b.anew("phone", "+84 905.123.456")
	b.tap(`form[action$="/so-dien-thoai"] button`)
	b.says(r.Code)
	seen("phone")
	b.tap(`a[href="` + caseList + "/" + r.Code + `"]`)
	dir := b.t.TempDir()
	b.downloads(dir)
	b.tap(`form[action$="/ban-sao"] button`)
	page := unpacked(b.t, downloaded(b.t, dir, "*.zip"), "vu-viec.html")
	if !strings.Contains(page, "0905 123 456") || strings.Contains(page, "gọi điện") {
		b.t.Errorf("the copy is %s", page)
	}
	// Shown from an address of its own: the sandboxed browser opens no files.
	shown := httptest.NewServer(http.FileServerFS(os.DirFS(writePage(b.t, page))))
	b.t.Cleanup(shown.Close)
	b.goTo(shown.URL + "/vu-viec.html")
	b.says("Dữ liệu của ông/bà trong vụ việc")
	seen("copy")
}

// anew types over what a field has.
func (b *browser) anew(id, text string) {
	b.t.Helper()
	b.do(chromedp.Clear(chromedp.CSS("#" + id)))
	b.fill(id, text)
}

func unpacked(t *testing.T, file, name string) string {
	t.Helper()
	z, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func writePage(t *testing.T, page string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "vu-viec.html"), []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}
