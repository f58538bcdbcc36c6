package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestAccountIsHandedOver: an administrator makes an account, and whoever gets
// the slip comes in with it; the page of the slip, loaded again, has no second
// password.
func TestAccountIsHandedOver(t *testing.T) {
	s := desk(t)
	admin := open(t)
	admin.size(screens[0][0], screens[0][1])
	admin.signIn(s.url, "admin", adminPassword)
	admin.arrive("/lam-viec/")
	admin.goTo(s.url + "/lam-viec/tai-khoan/moi")
	admin.tap("main .form button")
	admin.visible("#errors")
	admin.everyLook("nothing typed")
	admin.do(chromedp.SendKeys(chromedp.CSS("#account"), "lan.nt"), chromedp.SendKeys(chromedp.CSS("#name"), "Nguyễn Thị Ngọc Lan"))
	admin.choose("role", "desk")
	admin.tap("main .form button")
	admin.visible(".slip")
	admin.everyLook("slip")
	password := get(admin, chromedp.Evaluate[string](`document.querySelector("[data-copy]").firstChild.textContent`))

	lan := open(t)
	lan.signIn(s.url, "lan.nt", password)
	lan.arrive("/lam-viec/toi")
	lan.do(chromedp.SendKeys(chromedp.CSS("#old"), password), chromedp.SendKeys(chromedp.CSS("#password"), "con meo treo cay cau"),
		chromedp.SendKeys(chromedp.CSS("#again"), "con meo treo cay cau"+kb.Enter))
	lan.arrive("/lam-viec/")

	admin.do(chromedp.Reload())
	admin.visible(`.box[role="alert"]`)
	admin.everyLook("slip loaded again")
	if page := admin.text("main"); strings.Contains(page, password) {
		t.Error("loaded again, the page still has the password")
	}
	admin.goTo(s.url + "/lam-viec/tai-khoan/ma-truy-cap/moi")
	admin.do(chromedp.SendKeys(chromedp.CSS("#name"), "thong-ke-tinh"))
	admin.choose("role", "office")
	admin.tap("main .form button")
	admin.visible(".slip")
	admin.everyLook("token")
	admin.goTo(s.url + "/lam-viec/nhat-ky?from=2026-12-01&to=2026-11-01")
	admin.visible("#errors")
	admin.everyLook("days the wrong way round")
}
