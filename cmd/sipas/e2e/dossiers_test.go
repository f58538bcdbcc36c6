package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

const filesPath = "/lam-viec/ho-so"

// TestClerkLoadsDossiers sends a wrong file, then one whose headings nobody
// knows, says which column is which, looks, and loads: with scripts on a screen,
// without on a phone.
func TestClerkLoadsDossiers(t *testing.T) {
	for i, screen := range [][2]int64{screens[0], screens[2]} {
		t.Run(fmt.Sprintf("%dx%d", screen[0], screen[1]), func(t *testing.T) {
			scripts := i == 0
			s := desk(t)
			b := open(t)
			b.size(screen[0], screen[1])
			b.scripts(scripts)
			see := func(state string) {
				name := fmt.Sprintf("dossiers-%s-%d", state, screen[0])
				if scripts { // axe is one
					b.everyLook(name)
				} else {
					b.look(name)
				}
			}
			file := func(name, content string) {
				path := filepath.Join(t.TempDir(), name)
				if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
				b.do(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{path}))
				b.tap("main .form button")
			}
			b.signIn(s.url, "admin", adminPassword)
			b.visible(`nav a[href="` + filesPath + `"]`)
			b.tap(`nav a[href="` + filesPath + `"]`)
			b.visible(`a[href="` + filesPath + `/nap"]`)
			see("empty")
			b.tap(`a[href="` + filesPath + `/nap"]`)
			b.visible("#file")
			see("upload")
			file("anh.csv", "xin chào")
			b.visible("#errors")
			if said := b.text("#errors"); !strings.Contains(said, "dòng tiêu đề") {
				t.Errorf("the wrong file: %s", said)
			}
			see("wrong-file")

			var list strings.Builder
			list.WriteString("STT;Số;Thứ;Vào;Hẹn;Ra;Người nộp\n")
			for n := range 30 {
				fmt.Fprintf(&list, "%d;H%04d;1.012784;1/6/2025;20/6/2025;%s;Nguyễn Văn A\n", n, n, []string{"19/6/2025", "23/6/2025", ""}[n%3])
			}
			list.WriteString("31;H9999;không rõ;31/2/2025;20/6/2025;;Nguyễn Văn B\n")
			file("ho so.csv", list.String())
			b.visible("#columns")
			see("unclear")
			for column, at := range map[string]string{"code": "1", "procedure": "2", "receivedOn": "3", "dueOn": "4", "returnedOn": "5"} {
				b.do(chromedp.SetValue(chromedp.CSS(`[id="col.`+column+`"]`), at))
			}
			b.tap("#columns button")
			b.visible("#go")
			if shown := b.text("main"); !strings.Contains(shown, "Nạp 30 hồ sơ") || !strings.Contains(shown, "Không có thủ tục “không rõ”") {
				t.Errorf("the preview: %s", shown)
			}
			see("preview")
			b.tap("#go button")
			b.visible(`main a.button[href="` + filesPath + `"]`)
			see("loaded")

			b.goTo(s.url + filesPath + "?from=2025-01-01&to=2025-12-31")
			b.visible("#late tbody")
			if shown := b.text("main"); !strings.Contains(shown, "10 trả trễ, 10 chưa trả") {
				t.Errorf("the figures: %s", shown)
			}
			see("list")
			b.tap("#late tbody a")
			b.visible("#apology")
			see("one")
			b.tap("#apology button")
			b.visible(".done")
			see("apology")
			b.goTo(s.url + filesPath + "/mau")
			b.visible("main h1")
			see("sample")
		})
	}
}
