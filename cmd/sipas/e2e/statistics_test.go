package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

const figuresPath = "/lam-viec/thong-ke"

// answers sends so many answers of one rating through a link.
func (s *server) answers(code string, n, rating int) {
	s.t.Helper()
	for i := range n {
		body := map[string]any{"key": fmt.Sprintf("figures-%s-%d-%03d", code, rating, i), "overall": rating, "answers": map[string]int{"15": rating, "22": rating, "28": rating}}
		if a := s.call("POST", "/api/v1/surveys/"+code+"/responses", "", body, nil); a.StatusCode != 201 {
			s.t.Fatalf("answer: %d", a.StatusCode)
		}
	}
}

// TestDashboard: from all areas down to what one is asked, with scripts and
// without, and back up; a wrong question keeps what was typed.
func TestDashboard(t *testing.T) {
	s := start(t, t.TempDir(), "SIPAS_ADMIN_PASSWORD="+adminPassword, "SIPAS_NOW=2026-06-15T09:00:00+07:00")
	token := s.token("office")
	land := s.link(token, "counter", map[string]any{"area": "dat-dai", "procedure": "1.012784"})
	s.answers(land.Code, 30, 2)
	s.answers(land.Code, 15, 5)
	s.answers(s.link(token, "counter", map[string]any{"area": "moi-truong"}).Code, 4, 5)
	for name, scripts := range map[string]bool{"scripts": true, "none": false} {
		t.Run(name, func(t *testing.T) {
			b := openFor(t, 5*time.Minute)
			b.size(deskWidth, deskHeight)
			b.scripts(scripts)
			b.signIn(s.url, "admin", adminPassword)
			b.arrive("/lam-viec/")
			b.tap(`nav a[href="` + figuresPath + `"]`)
			b.arrive(figuresPath)
			b.says("0 trong 10 lĩnh vực đạt chỉ tiêu, 1 chưa đạt.")
			b.says("Kỳ này chưa kết thúc: số liệu tính đến hết ngày 15/06/2026.")
			b.everyLook("areas")
			b.tap(`.rates a[href*="area=dat-dai"]`)
			b.until(`location.search.includes("area=dat-dai") && document.readyState=="complete"`)
			b.says("Tách thửa hoặc hợp thửa đất")
			b.everyLook("procedures of one area")
			b.tap(`.rates a[href*="procedure=1.012784"]`)
			b.until(`location.search.includes("procedure=1.012784") && document.readyState=="complete"`)
			b.tap(`a[href*="keo-xuong"]`)
			b.arrive(figuresPath + "/keo-xuong")
			b.says("Nên bắt đầu từ câu 15")
			if text := b.text(".trail"); !strings.Contains(text, "Tách thửa") {
				t.Errorf("the way down was left: %s", text)
			}
			b.everyLook("what holds it down")
			b.tap(`.trail a[href*="area=dat-dai"]`)
			b.arrive(figuresPath)
			b.tap(`a[href*="hai-chieu"]`)
			b.arrive(figuresPath + "/hai-chieu")
			b.do(chromedp.SetValue(chromedp.CSS("#by"), "channel"))
			get(b, chromedp.Evaluate[int](`(p => p.selectedIndex = p.options.length-1)(document.getElementById("period"))`))
			b.tap("form.filter button")
			b.visible("#from")
			b.says("Điện thoại của người dân")
			b.everyLook("two dimensions on days of one's own")
			b.do(chromedp.SetValue(chromedp.CSS("#to"), "2026-01-01"), chromedp.SetValue(chromedp.CSS("#from"), "2026-02-01"))
			b.tap("form.filter button")
			b.visible("#errors")
			b.everyLook("ends before it begins")
			if kept := get(b, chromedp.Evaluate[string](`["from","to","by","area"].map(id=>document.getElementById(id).value).join()`)); kept != "2026-02-01,2026-01-01,channel,dat-dai" {
				t.Errorf("came back: %s", kept)
			}
		})
	}
}
