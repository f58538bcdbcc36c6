package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"regexp"
	"strings"
	"testing"
	"time"

	"sipas/internal/staff"
)

func TestKiosk(t *testing.T) {
	o := newOffice(t)
	kiosk := o.link(`"kind":"kiosk","area":"dat-dai","desk":"bo-phan-mot-cua"`)
	counter := o.link(`"kind":"counter"`)
	trial := o.link(`"kind":"trial"`)
	paper := o.link(`"kind":"paper"`)
	closed := o.link(`"kind":"kiosk","closesAt":"2026-06-01T00:00:00+07:00"`)
	later := o.link(`"kind":"kiosk","opensAt":"2026-07-01T08:00:00+07:00"`)
	for _, c := range []struct {
		name, path string
		status     int
		says       []string
	}{
		{"a kiosk", "/kiosk/" + kiosk, 200, []string{`lang="vi"`, "Trình duyệt này đang tắt JavaScript", `href="/k/` + kiosk + `"`, "Đất đai", "Land"}},
		{"in English", "/kiosk/" + kiosk + "?lang=en", 200, []string{`lang="en"`, "JavaScript is off in this browser", `href="/k/` + kiosk + `?lang=en"`}},
		{"a counter's code", "/kiosk/" + counter, 404, []string{"Mã này không dùng cho máy đặt tại quầy", `href="/k/` + counter + `"`}},
		{"a trial code in English", "/kiosk/" + trial + "?lang=en", 404, []string{"not for a tablet at the desk", `href="/k/` + trial + `?lang=en"`}},
		{"a code for paper", "/kiosk/" + paper, 404, []string{"Mã này không dùng cho máy đặt tại quầy"}},
		{"unknown", "/kiosk/zzzzzzzz", 404, []string{"Không tìm thấy mã này"}},
		{"closed", "/kiosk/" + closed, 410, []string{"Đợt khảo sát này đã kết thúc", "00:00, 01/06/2026"}},
		{"not yet open", "/kiosk/" + later, 410, []string{"chưa bắt đầu", "08:00, 01/07/2026"}},
		{"manifest of a counter's code", "/kiosk/" + counter + "/manifest.webmanifest", 404, nil},
		{"manifest of a closed kiosk", "/kiosk/" + closed + "/manifest.webmanifest", 410, nil},
		{"no such icon", "/kiosk/icon/191.png", 404, nil},
		{"no such picture", "/kiosk/icon/192.gif", 404, nil},
		{"out of the folder", "/kiosk/icon/..%2fstatic%2fqueue.png", 404, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := o.send("GET", c.path, "")
			if a.StatusCode != c.status {
				t.Fatalf("status %d, want %d", a.StatusCode, c.status)
			}
			for _, want := range c.says {
				if !strings.Contains(a.body, want) {
					t.Errorf("lacks %q", want)
				}
			}
			worker := strings.Contains(a.Header.Get("Content-Security-Policy"), "worker-src")
			if page := c.status == 200; worker != page {
				t.Errorf("policy %s", a.Header.Get("Content-Security-Policy"))
			}
			if a.Header.Get("Set-Cookie") != "" {
				t.Error("a cookie for a citizen")
			}
		})
	}
	if a := o.send("GET", "/kiosk/"+strings.ToUpper(kiosk[:4])+"-"+kiosk[4:]+"?lang=en", ""); a.StatusCode != 303 || a.Header.Get("Location") != "/kiosk/"+kiosk+"?lang=en" {
		t.Errorf("as typed from a sheet: %d %s", a.StatusCode, a.Header.Get("Location"))
	}
	if a := o.send("GET", "/k/"+kiosk, ""); a.StatusCode != 200 || strings.Contains(a.Header.Get("Content-Security-Policy"), "worker-src") {
		t.Errorf("the ordinary page of a kiosk: %d %s", a.StatusCode, a.Header.Get("Content-Security-Policy"))
	}
}

// TestKioskPolicy: the page may have its worker and its manifest, and both no
// more than they need.
func TestKioskPolicy(t *testing.T) {
	o := newOffice(t)
	code := o.link(`"kind":"kiosk"`)
	page := o.send("GET", "/kiosk/"+code, "")
	policy := page.Header.Get("Content-Security-Policy")
	want := regexp.MustCompile(`^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; worker-src 'self'; manifest-src 'self'$`)
	if !want.MatchString(policy) {
		t.Errorf("policy %s", policy)
	}
	if page.Header.Get("Cache-Control") != "no-cache" || page.Header.Get("Referrer-Policy") != "same-origin" {
		t.Errorf("headers %v", page.Header)
	}
	worker := o.send("GET", "/kiosk/sw.js", "")
	if h := worker.Header; worker.StatusCode != 200 || h.Get("Content-Type") != "text/javascript; charset=utf-8" || h.Get("Cache-Control") != "no-cache" ||
		h.Get("Content-Security-Policy") != "default-src 'none'; connect-src 'self'" || h.Get("Service-Worker-Allowed") != "" || !strings.Contains(worker.body, "addEventListener('fetch'") {
		t.Errorf("worker %d %v", worker.StatusCode, h)
	}
}

// TestKioskEdition: the tag is the same for the same page, and another one when
// anything in it has changed.
func TestKioskEdition(t *testing.T) {
	o := newOffice(t)
	code := o.link(`"kind":"kiosk","area":"dat-dai"`)
	tag := func(method, query string) string {
		a := o.send(method, "/kiosk/"+code+query, "")
		edition := regexp.MustCompile(`^W/"([0-9a-f]{16})"$`).FindStringSubmatch(a.Header.Get("ETag"))
		if edition == nil || method == "GET" && !strings.Contains(a.body, `"Edition":"`+edition[1]+`"`) {
			t.Fatalf("%s: tag %s is not what the page knows of itself", method, a.Header.Get("ETag"))
		}
		return edition[1]
	}
	first := tag("GET", "")
	for range 20 {
		if again := tag("HEAD", ""); again != first {
			t.Fatalf("%s and %s for one page", first, again)
		}
	}
	o.now = o.now.Add(26 * time.Hour)
	if again := tag("GET", ""); again != first {
		t.Error("another day makes another edition")
	}
	if tag("GET", "?lang=en") == first {
		t.Error("one tag for two languages")
	}
	o.send("PATCH", "/api/v1/links/"+code, `{"area":"moi-truong"}`, bearer(o.token(staff.Office)))
	if tag("HEAD", "") == first {
		t.Error("another area makes no other edition")
	}
}

func TestKioskManifest(t *testing.T) {
	o := newOffice(t)
	code := o.link(`"kind":"kiosk"`)
	a := o.send("GET", "/kiosk/"+code+"/manifest.webmanifest?lang=en", "")
	var m struct {
		ID, Name, Lang, Scope, Display string
		Start                          string `json:"start_url"`
		Icons                          []struct{ Src, Sizes, Type string }
	}
	if err := json.Unmarshal([]byte(a.body), &m); err != nil || a.StatusCode != 200 || a.Header.Get("Content-Type") != "application/manifest+json" {
		t.Fatalf("%d %s %v", a.StatusCode, a.Header.Get("Content-Type"), err)
	}
	if m.ID != "/kiosk/"+code || m.Start != "/kiosk/"+code+"?lang=en" || m.Scope != "/kiosk/"+code || m.Display != "fullscreen" || m.Lang != "en" || !strings.HasPrefix(m.Name, "Survey at the desk") {
		t.Errorf("%+v", m)
	}
	if len(m.Icons) != 2 {
		t.Fatalf("%d icons", len(m.Icons))
	}
	for _, icon := range m.Icons {
		p := o.send("GET", icon.Src, "")
		img, err := png.DecodeConfig(bytes.NewReader([]byte(p.body)))
		if err != nil || p.Header.Get("Content-Type") != icon.Type || icon.Sizes != fmt.Sprintf("%dx%d", img.Width, img.Height) {
			t.Errorf("%s: %v %s %dx%d", icon.Src, err, p.Header.Get("Content-Type"), img.Width, img.Height)
		}
	}
}

// TestKioskAnswers: what the tablet sends comes through the kiosk's channel, and
// counts to the version that it showed.
func TestKioskAnswers(t *testing.T) {
	o := newOffice(t)
	code := o.link(`"kind":"kiosk","area":"dat-dai"`)
	body := "overall=4&q15=5&lang=vi&questionnaire=dich-vu%401&startedAt=2026-06-30T04%3A59%3A00.123Z&key=003POKGF0T03DLG04HQFLT9"
	for i, want := range []int{201, 200} {
		if a := o.send("POST", "/k/"+code, body, form, "Accept: application/json"); a.StatusCode != want {
			t.Errorf("time %d: %d %s", i+1, a.StatusCode, a.body)
		}
	}
	var v struct {
		Groups []struct {
			Key       map[string]string
			Responses int
		}
	}
	o.send("GET", "/api/v1/statistics?by=channel", "", bearer(o.token(staff.Office))).into(t, &v)
	if len(v.Groups) != 1 || v.Groups[0].Key["channel"] != "kiosk" || v.Groups[0].Responses != 1 {
		t.Errorf("%+v", v)
	}
}
