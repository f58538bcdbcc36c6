package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

const rowsPath = "/lam-viec/danh-muc"

// TestAdministratorKeepsTheCatalogue renames a desk from tomorrow, ends another,
// and loads three procedures from a file: with scripts and without.
func TestAdministratorKeepsTheCatalogue(t *testing.T) {
	for name, scripts := range map[string]bool{"scripts": true, "none": false} {
		t.Run(name, func(t *testing.T) {
			accessible := func(b *browser, state string) {
				if scripts { // axe is one
					b.accessible(state)
				}
			}
			s := desk(t)
			b := open(t)
			b.size(screens[0][0], screens[0][1])
			b.scripts(scripts)
			b.signIn(s.url, "admin", adminPassword)
			b.visible(`nav a[href="` + rowsPath + `"]`)
			b.tap(`nav a[href="` + rowsPath + `"]`)
			b.visible("tbody")
			b.tap(`a[href="` + rowsPath + `/quay"]`)
			b.visible(`a[href="` + rowsPath + `/quay/quay-dat-dai"]`)

			tomorrow := time.Now().In(time.FixedZone("", 7*3600)).AddDate(0, 0, 1).Format("2006-01-02")
			b.tap(`a[href="` + rowsPath + `/quay/quay-dat-dai"]`)
			b.visible(`a[href$="/doi"]`)
			b.tap(`a[href$="/doi"]`)
			b.visible("#source")
			b.tap("main .form button") // no day yet
			b.visible("#errors")
			b.do(chromedp.SetValue(chromedp.CSS(`[id="name.vi"]`), "Quầy Đất đai và Đo đạc"), chromedp.SetValue(chromedp.CSS("#from"), tomorrow))
			b.tap("main .form button")
			b.visible(".done")
			if list := b.text("tbody tr:first-child"); !strings.Contains(list, "Quầy Đất đai và Đo đạc") || !strings.Contains(list, "Sắp áp dụng") {
				t.Errorf("the rename is not in the rows: %s", list)
			}

			b.goTo(s.url + rowsPath + "/quay/quay-tra-ket-qua/ket-thuc")
			b.do(chromedp.SetValue(chromedp.CSS("#to"), tomorrow))
			b.tap("main .form button")
			b.visible(".done")
			if facts := b.text(".facts"); !strings.Contains(facts, " đến ") {
				t.Errorf("no end: %s", facts)
			}

			list := filepath.Join(t.TempDir(), "danh muc.csv")
			if err := os.WriteFile(list, []byte("Mã;Tên;Lĩnh vực\r\n5.000001;Thủ tục một;Đất đai\r\n5.000002;Thủ tục hai;Môi trường\r\n5.000003;Thủ tục ba;Đất đai\r\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			b.goTo(s.url + rowsPath + "/thu-tuc/nhap")
			b.do(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{list}), chromedp.SetValue(chromedp.CSS("#source"), "Quyết định thử"))
			b.tap("main .form button")
			b.visible("#ghi")
			accessible(b, "preview")
			b.tap("#ghi button")
			b.visible(`main a.button[href="` + rowsPath + `/thu-tuc"]`)
			accessible(b, "loaded")
			b.goTo(s.url + rowsPath + "/thu-tuc?q=thu+tuc+ba")
			if found := b.text("tbody"); !strings.Contains(found, "5.000003") {
				t.Errorf("not loaded: %s", found)
			}
		})
	}
}
