package e2e

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// firstPassword signs a new account in and gives it a password of its own.
func (b *browser) firstPassword(s *server, account, first string) {
	b.t.Helper()
	b.signIn(s.url, account, first)
	b.arrive("/lam-viec/toi")
	b.do(chromedp.SendKeys(chromedp.CSS("#old"), first), chromedp.SendKeys(chromedp.CSS("#password"), "con meo treo cay cau"),
		chromedp.SendKeys(chromedp.CSS("#again"), "con meo treo cay cau"+kb.Enter))
	b.arrive("/lam-viec/")
}

// TestPublishAndDownload: the office looks at the figures of a month, publishes
// them for good, publishes a correction, and downloads what they are made of. A
// citizen reads both editions, takes the open data, and prints the page.
func TestPublishAndDownload(t *testing.T) {
	data := t.TempDir()
	s := start(t, data, "SIPAS_NOW=2026-05-20T09:00:00+07:00")
	token := s.token("office")
	fillAreas(s, token)
	paper := s.link(token, "paper", map[string]any{"area": "moi-truong"})
	s.stop(syscall.SIGTERM)

	s = start(t, data, "SIPAS_NOW=2026-06-02T09:00:00+07:00")
	first := s.addUser("van-phong", "office")
	sealed := func(day string) {
		eventually(t, "the seal of "+day, func() bool { return s.call("GET", "/api/v1/seals/"+day, "", nil, nil).StatusCode == http.StatusOK })
	}
	sealed("2026-06-01")
	b := openFor(t, 8*time.Minute)
	b.size(deskWidth, deskHeight)
	b.firstPassword(s, "van-phong", first)

	b.goTo(s.url + "/lam-viec/bao-cao?period=2026-05")
	b.visible(`a[href^="/api/v1/exports/responses.xlsx"]`)
	b.everyLook("reports")
	b.goTo(s.url + "/lam-viec/bao-cao?from=2026-06-02&to=2026-06-01")
	b.visible("#errors")
	b.everyLook("wrong period")

	b.goTo(s.url + "/lam-viec/cong-bo")
	b.everyLook("nothing published")
	b.tap("main .form button")
	b.arrive("/lam-viec/cong-bo/moi")
	b.everyLook("preview")
	b.tap("main .form button")
	b.visible("#errors")
	b.everyLook("no note")
	b.do(chromedp.SendKeys(chromedp.CSS("#note"), "Kết quả tháng 5, lần đầu công bố."))
	b.tap("main .form button")
	b.arrive("/lam-viec/cong-bo")
	if said := b.text("main"); !strings.Contains(said, "Bản công bố số 1, ngày 02/06/2026") {
		t.Errorf("it is not in the list: %s", said)
	}

	// Paper forms of May that came late are a correction beside it.
	for i := range 6 {
		answer := map[string]any{"key": fmt.Sprintf("of-a-test-%04d", i), "overall": 2, "answeredOn": "2026-05-20"}
		if resp := s.call("POST", "/api/v1/surveys/"+paper.Code+"/responses", token, answer, nil); resp.StatusCode != http.StatusCreated {
			t.Fatal(resp.Status)
		}
	}
	s.stop(syscall.SIGTERM)
	s = start(t, data, "SIPAS_NOW=2026-06-03T09:00:00+07:00")
	sealed("2026-06-02")
	b.signIn(s.url, "van-phong", "con meo treo cay cau")
	b.arrive("/lam-viec/")
	b.goTo(s.url + "/lam-viec/cong-bo/moi?from=2026-05&to=2026-05")
	b.everyLook("preview of a correction")
	b.do(chromedp.SendKeys(chromedp.CSS("#note"), "Kết quả tháng 5."), chromedp.SendKeys(chromedp.CSS("#reason"), "Thêm 6 phiếu giấy nhập sau ngày công bố."))
	b.tap("main .form button")
	b.arrive("/lam-viec/cong-bo")
	b.everyLook("published")

	out := s.fetch(token, "/api/v1/exports/responses.csv?from=2026-05-01&to=2026-05-31")
	exported, err := csv.NewReader(bytes.NewReader(out)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	overall, _ := s.statistics(token, "?from=2026-05-01&to=2026-05-31")
	if len(exported)-1 != overall.Responses || overall.Responses == 0 {
		t.Errorf("%d rows are exported, %d responses counted", len(exported)-1, overall.Responses)
	}

	citizen := openFor(t, 8*time.Minute)
	citizen.goTo(s.url + "/ket-qua")
	for _, say := range []string{"Bản công bố số 2", "Thêm 6 phiếu giấy", "Các bản đã công bố"} {
		if !strings.Contains(citizen.text("main"), say) {
			t.Errorf("the results do not say %q", say)
		}
	}
	citizen.everyLook("results")
	citizen.tap(`a[href="/ket-qua?ban=1"]`)
	citizen.until(`location.search=="?ban=1"`)
	if !strings.Contains(citizen.text("main"), "Bản này đã được đính chính") {
		t.Error("the first edition does not say that it was corrected")
	}
	citizen.everyLook("corrected")
	pdf := get(citizen, chromedp.PrintToPDF())
	rasterised := rasterise(t, pdf, true)
	citizen.keep("printed in grey", rasterised)
	text := exec.Command("pdftotext", "-layout", "-", "-")
	text.Stdin = bytes.NewReader(pdf)
	printed, err := text.Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, say := range []string{"Đất đai", "Bản công bố số 1", "Chỉ tiêu"} {
		if !strings.Contains(string(printed), say) {
			t.Errorf("the print does not say %q:\n%s", say, printed)
		}
	}
}
