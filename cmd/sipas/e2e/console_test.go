package e2e

import (
	"fmt"
	"net/url"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// adminPassword is the administrator's in these tests.
const adminPassword = "cay da giua dong"

// The office's screens and a phone.
var screens = [][2]int64{{1366, 768}, {1920, 1080}, {phoneWidth, phoneHeight}}

// desk is a server that an administrator can sign in to.
func desk(t *testing.T) *server {
	t.Helper()
	return start(t, t.TempDir(), "SIPAS_ADMIN_PASSWORD="+adminPassword)
}

// addUser makes an account on the command line, beside the running server, and
// returns its first password.
func (s *server) addUser(name, role string, more ...string) string {
	s.t.Helper()
	cmd := exec.Command(binary, append([]string{"user", "add", "--name", name, "--person", "Lê Thị Quầy", "--role", role}, more...)...)
	cmd.Env = s.env
	out, err := cmd.Output()
	if err != nil {
		s.t.Fatalf("user add: %v", err)
	}
	return strings.TrimSpace(string(out))
}

// signIn fills in the sign-in page, by keyboard.
func (b *browser) signIn(address, account, password string) {
	b.t.Helper()
	b.goTo(address + "/dang-nhap")
	b.do(chromedp.Clear(chromedp.CSS("#account")), chromedp.SendKeys(chromedp.CSS("#account"), account),
		chromedp.SendKeys(chromedp.CSS("#password"), password+kb.Enter))
}

// TestFromPosterToAnswer: a clerk signs in for the first time, makes a code,
// prints the poster; a citizen scans the print and answers; the clerk sees it
// counted.
func TestFromPosterToAnswer(t *testing.T) {
	s := desk(t)
	first := s.addUser("quay-3", "desk")
	b := open(t)
	b.size(screens[0][0], screens[0][1])
	b.signIn(s.url, "quay-3", "khong phai mat khau")
	b.visible(`[role="alert"]`)
	b.look("wrong")
	b.accessible("wrong password")
	b.signIn(s.url, "quay-3", first)
	b.arrive("/lam-viec/toi")
	b.look("first password")
	b.accessible("first password")
	b.do(chromedp.SendKeys(chromedp.CSS("#old"), first), chromedp.SendKeys(chromedp.CSS("#password"), "con meo treo cay cau"),
		chromedp.SendKeys(chromedp.CSS("#again"), "con meo treo cay cau"+kb.Enter))
	b.arrive("/lam-viec/")
	b.tap(`a[href="/lam-viec/ma-qr"]`)
	b.arrive("/lam-viec/ma-qr")
	b.look("no codes")
	b.tap(`a[href="/lam-viec/ma-qr/moi"]`)
	b.arrive("/lam-viec/ma-qr/moi")
	b.do(chromedp.SendKeys(chromedp.CSS("#title"), "Quầy 3, tầng 1"),
		chromedp.SetValue(chromedp.CSS("#desk"), "bo-phan-mot-cua"), chromedp.SetValue(chromedp.CSS("#area"), "dat-dai"))
	b.tap("main .form button")
	b.until(`/^\/lam-viec\/ma-qr\/[a-z0-9]{8}$/.test(location.pathname) && document.readyState=="complete"`)
	b.look("made")
	page := get(b, chromedp.Evaluate[string]("location.pathname"))
	code := page[strings.LastIndex(page, "/")+1:]
	for _, size := range []string{"a4", "a5"} {
		pdf := s.fetch(s.token("office"), "/api/v1/links/"+code+"/poster.pdf?size="+size)
		for _, gray := range []bool{false, true} {
			if scanned := scan(t, rasterise(t, pdf, gray)); !strings.HasSuffix(scanned, "/k/"+code) {
				t.Errorf("the %s poster (grey: %v) leads to %q", size, gray, scanned)
			}
		}
	}
	phone := open(t)
	phone.goTo(s.url + "/k/" + code)
	phone.choose("overall", "4")
	phone.tap("button.send")
	phone.arrive("/k/" + code + "/cam-on")
	b.goTo(s.url + page)
	if facts := b.text("main"); !regexp.MustCompile(`Tổng số phiếu\s+1\b`).MatchString(facts) {
		t.Errorf("the answer is not counted: %s", facts)
	}
	b.tap("header form button")
	b.arrive("/dang-nhap")
	b.goTo(s.url + page)
	b.arrive("/dang-nhap")
}

// TestConsoleWithoutScripts: everything of a code's life works by plain posts.
func TestConsoleWithoutScripts(t *testing.T) {
	s := desk(t)
	b := open(t)
	b.size(screens[0][0], screens[0][1])
	b.scripts(false)
	b.signIn(s.url, "admin", adminPassword)
	b.do(chromedp.WaitVisible(chromedp.CSS("nav")))
	b.goTo(s.url + "/lam-viec/ma-qr/moi")
	b.do(chromedp.SendKeys(chromedp.CSS("#opensAt"), "31122026"))
	b.tap("main .form button")
	b.do(chromedp.WaitVisible(chromedp.CSS("figure img")))
	b.tap(`a[href$="/sua"]`)
	b.do(chromedp.WaitVisible(chromedp.CSS("#title")), chromedp.SendKeys(chromedp.CSS("#title"), "Quầy 1"))
	b.tap("main .form button")
	b.do(chromedp.WaitVisible(chromedp.CSS("figure img")))
	if h := b.text("h1"); h != "Quầy 1" {
		t.Errorf("heading %q", h)
	}
	b.tap("button.danger")
	b.do(chromedp.WaitVisible(chromedp.CSS(`form[action$="/mo"]`)))
	b.goTo(s.url + "/lam-viec/ma-qr")
	b.do(chromedp.SetValue(chromedp.CSS("#state"), "closed"))
	b.tap(".filter button")
	b.until(`location.search.includes("state=closed") && document.readyState=="complete"`)
	if list := b.text("tbody"); !strings.Contains(list, "Quầy 1") {
		t.Errorf("the filter does not find it: %s", list)
	}
}

// TestConsoleByKeyboard: the filter, the rows and the list of keys.
func TestConsoleByKeyboard(t *testing.T) {
	s := desk(t)
	token := s.token("office")
	for _, title := range []string{"Quầy 1", "Quầy 2", "Sảnh"} {
		s.link(token, "counter", map[string]any{"title": title})
	}
	b := open(t)
	b.size(screens[0][0], screens[0][1])
	b.signIn(s.url, "admin", adminPassword)
	b.arrive("/lam-viec/")
	b.goTo(s.url + "/lam-viec/ma-qr")
	b.do(chromedp.KeyEvent("?"), chromedp.WaitVisible(chromedp.CSS("#keys[open]")), chromedp.KeyEvent(kb.Escape))
	b.until(`!document.getElementById("keys").open`)
	b.do(chromedp.KeyEvent("/"))
	b.until(`document.activeElement.id=="q"`)
	// The driver sends the letter of a key even where the page has taken the key.
	get(b, chromedp.Evaluate[string](`document.activeElement.value=""`))
	b.do(chromedp.SendKeys(chromedp.CSS("#q"), "sảnh"))
	// Not before the whole word has been looked for: another list takes the focus away.
	b.until(`new URLSearchParams(location.search).get("q")=="sảnh" && document.querySelectorAll("#list tbody tr").length==1 && !document.querySelector(".htmx-request")`)
	get(b, chromedp.Evaluate[bool]("document.activeElement.blur(),true"))
	b.do(chromedp.KeyEvent("j"))
	b.until(`document.activeElement.textContent=="Sảnh"`)
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until(`document.querySelector("h1").textContent=="Sảnh"`)
}

// TestConsoleIsAccessible walks over the console from link to link, so that no
// page is forgotten, and asks axe about each: of pages alike about the first on a
// desk in the light and on a phone in the dark, about the second on a desk in the
// dark, and about one in English on a phone in the light. None may be wider than
// a phone.
func TestConsoleIsAccessible(t *testing.T) {
	s := desk(t)
	token := s.token("office")
	for _, kind := range []string{"counter", "kiosk", "paper"} {
		s.link(token, kind, map[string]any{"title": "Quầy 1"})
	}
	b := openFor(t, 15*time.Minute)
	b.size(screens[0][0], screens[0][1])
	b.goTo(s.url + "/dang-nhap")
	b.accessible("/dang-nhap")
	b.signIn(s.url, "admin", adminPassword)
	b.arrive("/lam-viec/")
	b.goTo(s.url + questionnaires + "/dich-vu@1")
	b.tap(`form[action$="/ban-moi"] button`)
	draft := questionnaires + "/nhap/dich-vu@2"
	b.arrive(draft)
	seen, shapes := map[string]bool{}, map[string]int{}
	// Only buttons lead from a draft to its preview and to publishing it.
	todo := []string{"/lam-viec/", "/lam-viec/?lang=en", draft + "/xem", draft + "/cong-bo"}
	for len(todo) > 0 {
		path := todo[0]
		todo = todo[1:]
		u, err := url.Parse(path)
		if err != nil {
			t.Fatal(err)
		}
		if seen[path] || !strings.HasPrefix(u.Path, "/lam-viec/") || strings.Contains(u.Path, ".") {
			continue
		}
		seen[path] = true
		shapes[shape(u)]++
		onDesk, onPhone := "light", "dark"
		switch nth, english := shapes[shape(u)], u.Query().Get("lang") == "en"; {
		case nth == 1 && english:
			onDesk, onPhone = "", "light"
		case nth == 2 && !english:
			onDesk, onPhone = "dark", ""
		case nth > 1:
			continue // of many links alike these are enough
		}
		b.goTo(s.url + path)
		if onDesk != "" {
			b.theme(onDesk)
			b.accessible(path + " " + onDesk)
		}
		b.look(strings.NewReplacer("/", "_", "?", "_", "&", "_", "=", "-").Replace(path))
		todo = append(todo, get(b, chromedp.Evaluate[[]string](`[...document.querySelectorAll("a[href]")].map(a => a.getAttribute("href")).filter(h => h[0]=="/")`))...)
		b.size(phoneWidth, phoneHeight)
		if onPhone != "" {
			b.theme(onPhone)
			b.accessible(path + " on a phone, " + onPhone)
		}
		if wide := get(b, chromedp.Evaluate[int64]("document.documentElement.scrollWidth")); wide > phoneWidth {
			t.Errorf("%s: %d px wide on a phone of %d", path, wide, phoneWidth)
		}
		b.size(screens[0][0], screens[0][1])
	}
	var pages []string
	for p := range shapes {
		pages = append(pages, p)
	}
	slices.Sort(pages)
	if len(pages) < 8 {
		t.Errorf("only %v were found", pages)
	}
}

// shape is what pages alike have in common: the part of the console, how deep
// the page is, and the language.
func shape(u *url.URL) string {
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	last := ""
	if known := []string{"moi", "sua", "to-in", "ma-truy-cap", "nhap", "doi", "ket-thuc", "xac-nhan", "xem", "cong-bo"}; slices.Contains(known, parts[len(parts)-1]) {
		last = parts[len(parts)-1]
	}
	part := 2
	if len(parts) > 2 && parts[1] == "danh-muc" {
		part = 3
	}
	return fmt.Sprint(parts[:min(part, len(parts))], len(parts), last, u.Query().Get("lang"))
}
