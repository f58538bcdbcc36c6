package e2e

import (
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

const reportsPath = "/lam-viec/bao-cao"

// TestOfficeTakesTheReport chooses a period and downloads the report in each
// format, with scripts on a screen, without on a phone; the command finds that what
// was downloaded agrees.
func TestOfficeTakesTheReport(t *testing.T) {
	for i, screen := range [][2]int64{screens[0], screens[2]} {
		t.Run(fmt.Sprintf("%dx%d", screen[0], screen[1]), func(t *testing.T) {
			scripts := i == 0
			s := desk(t)
			l := s.link(s.token("office"), "counter", map[string]any{"area": "dat-dai"})
			for n := range 3 {
				body := map[string]any{"key": fmt.Sprintf("of-a-report-%d", n), "overall": 4, "answers": map[string]int{"15": 4, "16": 2}}
				if a := s.call("POST", "/api/v1/surveys/"+l.Code+"/responses", "", body, nil); a.StatusCode != http.StatusCreated {
					t.Fatal(a.Status)
				}
			}
			b := open(t)
			b.size(screen[0], screen[1])
			b.scripts(scripts)
			see := func(state string) {
				name := fmt.Sprintf("reports-%s-%d", state, screen[0])
				if scripts { // axe is one
					b.everyLook(name)
				} else {
					b.look(name)
				}
			}
			b.signIn(s.url, "admin", adminPassword)
			b.visible(`nav a[href="` + reportsPath + `"]`)
			b.tap(`nav a[href="` + reportsPath + `"]`)
			b.visible(`main a[href*="/reports/satisfaction.docx"]`)
			see("usual")
			b.goTo(s.url + reportsPath + "?from=2026-06-30&to=2026-06-01")
			b.visible("#errors")
			see("wrong")
			b.goTo(s.url + reportsPath + "?from=2020-01-01&to=2199-12-31&with=none")
			b.visible(`main a[href*="/exports/responses.csv"]`)
			see("data")

			dir := t.TempDir()
			b.downloads(dir)
			for _, format := range []string{"docx", "xlsx", "pdf"} {
				b.do(chromedp.Click(chromedp.CSS(`main a[href*="/reports/satisfaction.` + format + `"]`)))
				file := downloaded(t, dir, "bao-cao-hai-long-tu-2020-01-01-den-2199-12-31."+format)
				cmd := exec.Command(binary, "report", "--check", file)
				cmd.Env = s.env
				if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "3 responses") {
					t.Errorf("%s: %v %s", format, err, out)
				}
			}
		})
	}
}
