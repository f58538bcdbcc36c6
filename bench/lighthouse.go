package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

const lighthousePassword = "do bang lighthouse"

// wanted is the least score of a page: for staff in accessibility and best
// practices, for citizens in performance too, on Lighthouse's slow phone.
const wanted = 95

// lighthouseTable opens the pages of citizens as on a phone and those of staff
// as on a desktop. Run npm ci in bench/lighthouse first.
func lighthouseTable(report *bytes.Buffer, binary, dir string) error {
	data := filepath.Join(dir, "lighthouse")
	if err := os.Setenv("SIPAS_ADMIN_PASSWORD", lighthousePassword); err != nil {
		return err
	}
	p, code, err := startSipas(binary, data)
	if err != nil {
		return err
	}
	defer p.stop()
	cookie, err := signIn("http://" + p.addr)
	if err != nil {
		return err
	}
	kiosk, err := makeKiosk("http://"+p.addr, cookie)
	if err != nil {
		return err
	}
	fmt.Fprintf(report, "\n## Lighthouse\n\nScores of 100; citizens' pages on Lighthouse's slow phone, the staff's on its desktop. Asked for: accessibility and best practices %d, citizens' performance %d.\n\n| page | performance | accessibility | best practices |\n|---|---:|---:|---:|\n", wanted, wanted)
	low := false
	for _, page := range []struct {
		path  string
		staff bool
	}{
		{"/", false}, {"/k/" + code, false}, {"/k/" + code + "/cam-on", false}, {"/ket-qua", false}, {"/quyen-rieng-tu", false}, {"/dang-nhap", false}, {"/kiosk/" + kiosk, false},
		{"/lam-viec/", true}, {"/lam-viec/toi", true}, {"/lam-viec/ma-qr", true}, {"/lam-viec/ma-qr/moi", true}, {"/lam-viec/ma-qr/" + code, true},
		{"/lam-viec/nhap-phieu", true}, {"/lam-viec/danh-muc", true}, {"/lam-viec/danh-muc/thu-tuc", true}, {"/lam-viec/danh-muc/phieu/dich-vu@1", true}, {"/lam-viec/tai-khoan", true}, {"/lam-viec/nhat-ky", true},
	} {
		s, err := lighthouse(dir, "http://"+p.addr+page.path, cookie, page.staff)
		if err != nil {
			return fmt.Errorf("lighthouse %s: %w", page.path, err)
		}
		low = low || s.Accessibility < wanted || s.BestPractices < wanted || !page.staff && s.Performance < wanted
		fmt.Fprintf(report, "| `%s` | %.0f | %.0f | %.0f |\n", strings.NewReplacer(code, "CODE", kiosk, "CODE").Replace(page.path), s.Performance, s.Accessibility, s.BestPractices)
	}
	report.WriteByte('\n')
	if low {
		return errors.New("lighthouse: a page is below what is asked for:\n" + report.String())
	}
	return nil
}

func signIn(address string) (cookie string, err error) {
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.PostForm(address+"/dang-nhap", url.Values{"account": {"admin"}, "password": {lighthousePassword}})
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	for _, c := range resp.Cookies() {
		return c.Name + "=" + c.Value, nil
	}
	return "", fmt.Errorf("sign in: %s", resp.Status)
}

// makeKiosk makes a link for a tablet.
func makeKiosk(address, cookie string) (code string, err error) {
	req, err := http.NewRequest("POST", address+"/api/v1/links", strings.NewReader(`{"kind":"kiosk"}`))
	if err != nil {
		return "", err
	}
	req.Header.Set("Cookie", cookie)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	var link struct{ Code string }
	if err := json.NewDecoder(resp.Body).Decode(&link); err != nil || link.Code == "" {
		return "", fmt.Errorf("make a kiosk link: %s %w", resp.Status, err)
	}
	return link.Code, nil
}

type scores struct{ Performance, Accessibility, BestPractices float64 }

func lighthouse(dir, address, cookie string, staff bool) (scores, error) {
	out := filepath.Join(dir, fmt.Sprintf("lighthouse-%d.json", time.Now().UnixNano()))
	args := []string{"lighthouse", address, "--quiet", "--only-categories=performance,accessibility,best-practices",
		"--chrome-flags=--headless=new --no-sandbox", "--output=json", "--output-path=" + out}
	if staff {
		headers, err := json.Marshal(map[string]string{"Cookie": cookie})
		if err != nil {
			return scores{}, err
		}
		args = append(args, "--preset=desktop", "--extra-headers="+string(headers))
	}
	cmd := exec.Command("npx", args...)
	cmd.Dir, cmd.Env = "bench/lighthouse", append(os.Environ(), "CHROME_PATH=/usr/bin/chromium")
	if b, err := cmd.CombinedOutput(); err != nil {
		return scores{}, fmt.Errorf("%w\n%s", err, b)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		return scores{}, err
	}
	var r struct {
		FinalDisplayedUrl string
		Categories        map[string]struct{ Score float64 }
	}
	if err := json.Unmarshal(b, &r); err != nil {
		return scores{}, err
	}
	if r.FinalDisplayedUrl != address {
		return scores{}, fmt.Errorf("led to %s", r.FinalDisplayedUrl)
	}
	of := func(name string) float64 { return 100 * r.Categories[name].Score }
	return scores{of("performance"), of("accessibility"), of("best-practices")}, nil
}
