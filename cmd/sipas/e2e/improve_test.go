package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

const (
	improvePage  = "/lam-viec/cai-tien"
	commentsPage = "/lam-viec/thong-ke/y-kien"
)

// judged sends n answers about the officers of an area, so many of them satisfied.
func (s *server) judged(code, batch string, satisfied, n int) {
	s.t.Helper()
	for i := range n {
		level := 2
		if i < satisfied {
			level = 5
		}
		body := map[string]any{"key": fmt.Sprintf("judged-%s-%04d", batch, i), "overall": level, "answers": map[string]int{"23": level, "24": level, "15": 5}}
		if i == 0 {
			body["comment"] = "Đất đai: gọi chị Hoa 0905 123 456 mãi không được.\n<b>Chờ</b> ba buổi."
			body["profile"] = map[string]string{"sex": "female", "age": "60+"}
		}
		if a := s.call("POST", "/api/v1/surveys/"+code+"/responses", "", body, nil); a.StatusCode != http.StatusCreated {
			s.t.Fatalf("answer %d: %d", i, a.StatusCode)
		}
	}
}

// TestFromWeakFactorToDone: the office sees a weak factor and opens a task from the
// plan's duty; the unit adds evidence; the office ends it and measures again.
func TestFromWeakFactorToDone(t *testing.T) {
	for name, scripts := range map[string]bool{"scripts": true, "none": false} {
		t.Run(name, func(t *testing.T) {
			s := desk(t)
			l := s.link(s.token("office"), "counter", map[string]any{"area": "dat-dai"})
			s.judged(l.Code, "before", 10, 40)
			office, unit := openFor(t, 6*time.Minute), openFor(t, 6*time.Minute)
			for _, b := range []*browser{office, unit} {
				b.size(deskWidth, deskHeight)
				b.scripts(scripts)
			}
			b := office
			b.firstSignIn(s, "van-phong", "office")
			b.tap(`nav a[href="` + improvePage + `"]`)
			b.arrive(improvePage)
			b.everyLook("weak factors")
			b.tap(`#yeu-to a`)
			b.arrive(improvePage + "/yeu-to")
			b.says("Văn phòng Sở; Văn phòng Đăng ký đất đai tỉnh")
			b.everyLook("factor")
			b.tap(`a[href*="sipas-b-iii-1"]`)
			b.arrive(improvePage + "/moi")
			b.tap("main .form button")
			b.visible("#errors")
			b.everyLook("task with errors")
			b.do(chromedp.SetValue(chromedp.CSS("#unit"), landUnit), chromedp.SetValue(chromedp.CSS("#due"), "2030-01-31"))
			b.tap("main .form button")
			b.until(`/^\/lam-viec\/cai-tien\/[a-z0-9]{26}$/.test(location.pathname) && document.readyState=="complete"`)
			b.says("Chưa so sánh được")
			b.everyLook("task")
			page := get(b, chromedp.Evaluate[string]("location.pathname"))

			unit.firstSignIn(s, "dat-dai", "unit", "--unit", landUnit)
			unit.everyLook("first page of a unit")
			unit.tap(`nav a[href="` + improvePage + `"]`)
			unit.arrive(improvePage)
			unit.tap(`main td a[href="` + page + `"]`)
			unit.arrive(page)
			unit.fill("text", "Đã đổi người ở quầy 2")
			unit.fill("link", "so.example.gov.vn")
			unit.tap("#proof button")
			unit.visible("#errors")
			unit.everyLook("evidence with errors")
			unit.do(chromedp.Clear(chromedp.CSS("#link")))
			unit.fill("link", "https://so.example.gov.vn/thong-bao")
			unit.tap("#proof button")
			unit.says("Đã ghi minh chứng")

			// The office's page is older than the evidence: told, and nothing lost.
			b.fill("reason", "Đủ người")
			b.tap("#end button")
			b.says("Người khác vừa sửa việc này")
			b.everyLook("second of two")
			b.tap("#end button")
			b.says("Đã lưu")
			b.visible("#reopen")
			b.everyLook("done")
			b.goTo(s.url + improvePage + "/ke-hoach")
			b.everyLook("half year")
			b.goTo(s.url + improvePage + "/ke-hoach?unit=" + landUnit)
			if main := b.text("main"); !strings.Contains(main, "Đã đổi người ở quầy 2") || !strings.Contains(main, "Đã xong") {
				t.Errorf("the half year: %s", main)
			}
			b.everyLook("half year of a unit")
			b.paper("half year of a unit printed")
		})
	}
}

// TestCommentIsSorted: a comment is found without marks, tagged, blanked after a
// second thought, and becomes a case.
func TestCommentIsSorted(t *testing.T) {
	for name, scripts := range map[string]bool{"scripts": true, "none": false} {
		t.Run(name, func(t *testing.T) {
			s := desk(t)
			l := s.link(s.token("office"), "counter", map[string]any{"area": "dat-dai"})
			s.judged(l.Code, "only", 1, 2)
			b := openFor(t, 5*time.Minute)
			b.size(deskWidth, deskHeight)
			b.scripts(scripts)
			b.firstSignIn(s, "van-phong", "office")
			b.goTo(s.url + commentsPage + "/nhan")
			b.everyLook("no tags")
			b.tap("main .form button")
			b.visible("#errors")
			b.fill("name", "Khó liên hệ")
			b.tap("main .form button")
			b.says("Đã thêm nhãn")
			b.everyLook("tags")
			b.goTo(s.url + commentsPage + "?q=khong+co+dau")
			b.everyLook("nothing found")
			b.goTo(s.url + commentsPage + "?q=goi+chi+hoa")
			b.everyLook("found")
			b.tap("main td a")
			b.until(`/^\/lam-viec\/thong-ke\/y-kien\/[0-9a-f]{64}$/.test(location.pathname) && document.readyState=="complete"`)
			b.everyLook("comment")
			b.tap(`#tags input[type=checkbox]`)
			b.tap("#tags button")
			b.says("Đã lưu")
			b.fill("words", "chị Hòa")
			b.tap("#blank button")
			b.visible("#errors")
			b.everyLook("words that do not occur")
			b.do(chromedp.Clear(chromedp.CSS("#words")))
			b.fill("words", "chị Hoa")
			b.tap("#blank button")
			b.visible(`[name="back"]`)
			b.everyLook("preview")
			b.tap(`[name="back"]`)
			b.visible("#words")
			b.do(chromedp.Clear(chromedp.CSS("#words")))
			b.fill("words", "chị Hoa 0905 123 456")
			b.tap("#blank button")
			b.visible(`[name="back"]`)
			b.tap(`#blank button:not([name])`)
			b.says("Đã che")
			if main := b.text("main"); strings.Contains(main, "0905") || !strings.Contains(main, "gọi […] mãi") || !strings.Contains(main, "Khó liên hệ") {
				t.Errorf("%s", main)
			}
			b.everyLook("blanked and tagged")
			b.tap("#case button")
			b.says("Đã chuyển thành vụ việc này")
			b.says("Ý kiến trong phiếu khảo sát")
			b.everyLook("case")
			if _, errs, code := s.sipas("verify"); code != 0 {
				t.Errorf("verify: %d %s", code, errs)
			}
		})
	}
}
