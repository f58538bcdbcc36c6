package api_test

import (
	"regexp"
	"strings"
	"testing"

	"sipas/api"
	"sipas/internal/staff"
)

var onePage = regexp.MustCompile(`/Type /Page\b`)

// pdf checks that the answer is a whole PDF file to be shown, of so many pages
// of that size in points.
func (o *office) pdf(a answer, pages int, size string) {
	o.t.Helper()
	if a.StatusCode != 200 || a.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(a.Header.Get("Content-Disposition"), "inline; filename=") {
		o.t.Fatalf("%d %v", a.StatusCode, a.Header)
	}
	if !strings.HasPrefix(a.body, "%PDF-") || !strings.HasSuffix(strings.TrimSpace(a.body), "%%EOF") {
		o.t.Fatalf("no whole file of %d bytes", len(a.body))
	}
	if n := len(onePage.FindAllString(a.body, -1)); n != pages {
		o.t.Errorf("%d pages, want %d", n, pages)
	}
	if !strings.Contains(a.body, "/MediaBox [0 0 "+size) {
		o.t.Errorf("no page of %s", size)
	}
}

const (
	a4 = "595.28 841.89"
	a5 = "419.53 595.28"
)

func TestPosters(t *testing.T) {
	o := newOffice(t)
	token := bearer(o.token(staff.Desk))
	path := "/api/v1/links/" + o.link(`"kind":"counter","area":"dat-dai","desk":"quay-dat-dai"`) + "/poster.pdf"
	o.pdf(o.send("GET", path, "", token), 1, a4)
	o.pdf(o.send("GET", path+"?size=a4&lang=en", "", token), 1, a4)
	o.pdf(o.send("GET", path+"?size=a5", "", token), 1, a5)
	if p := o.problem(o.send("GET", path+"?size=a3", "", token), 422); p.fields() != "size choice" {
		t.Errorf("%s", p.fields())
	}
	o.problem(o.send("GET", "/api/v1/links/khongcoma/poster.pdf", "", token), 404)
}

func TestSheetOfCodes(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Office)
	const path = "/lam-viec/ma-qr/to-in.pdf"
	if a := o.send("GET", path, "", session); a.StatusCode != 422 || !strings.Contains(a.body, "Chưa có mã nào đang mở") {
		t.Errorf("without any code: %d", a.StatusCode)
	}
	var query strings.Builder
	for range 9 {
		query.WriteString("c_" + o.link(`"kind":"counter"`) + "=1&")
	}
	o.pdf(o.send("GET", path+"?"+query.String()[:3*13], "", session), 1, a4)
	o.pdf(o.send("GET", path+"?"+query.String(), "", session), 2, a4) // eight a page
	if a := o.send("GET", path+"?"+query.String()+"c_khongcoma=1", "", session); a.StatusCode != 404 {
		t.Errorf("an unknown code: %d", a.StatusCode)
	}
	a := o.send("GET", path+"?lang=vi", "", session)
	if a.StatusCode != 422 || !strings.Contains(a.body, "Chọn ít nhất một mã để in") || strings.Contains(a.body, " checked") || strings.Count(a.body, `type="checkbox"`) != 9 {
		t.Errorf("none chosen: %d", a.StatusCode)
	}
}

// TestPaperFormHasTwoSides: one sheet, whatever the link leaves open and in both
// languages.
func TestPaperFormHasTwoSides(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Desk)
	for _, link := range []string{`"kind":"paper","desk":"quay-moi-truong-tai-nguyen"`, `"kind":"paper","area":"dat-dai","desk":"quay-dat-dai"`} {
		path := "/lam-viec/nhap-phieu/" + o.link(link) + "/phieu.pdf"
		o.pdf(o.send("GET", path, "", session), 2, a4)
		o.pdf(o.send("GET", path+"?lang=en", "", session), 2, a4)
	}
	sample := newOffice(t, func(c *api.Config) { c.Sample = true })
	sample.pdf(sample.send("GET", "/lam-viec/nhap-phieu/"+sample.link(`"kind":"paper","desk":"quay-dat-dai"`)+"/phieu.pdf", "", sample.signIn(staff.Desk)), 2, a4)
	for code, status := range map[string]int{
		o.link(`"kind":"counter"`): 404, "khongcoma": 404, o.link(`"kind":"paper","closesAt":"2026-06-01T00:00:00+07:00"`): 410,
	} {
		if a := o.send("GET", "/lam-viec/nhap-phieu/"+code+"/phieu.pdf", "", session); a.StatusCode != status {
			t.Errorf("%s: %d, want %d", code, a.StatusCode, status)
		}
	}
}

// TestPosterSaysWhereToComplain: the department's telephone and mailbox, kept as
// dated data, stand on every poster from the day on which they hold.
func TestPosterSaysWhereToComplain(t *testing.T) {
	o := newOffice(t)
	admin := o.signIn(staff.Admin)
	const unit = "/lam-viec/danh-muc/don-vi/so"
	fields := func(version, phone string) []string {
		return []string{"version", version, "name.vi", "Sở Thử", "name.en", "Trial Department", "phone", phone, "mailbox", "phananh@example.vn",
			"from", "2026-06-30", "source", "Thông báo của Sở"}
	}
	path := "/api/v1/links/" + o.link(`"kind":"counter"`) + "/poster.pdf"
	before := len(o.send("GET", path, "", admin).body)
	seen := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(o.send("GET", unit+"/doi", "", admin).body)
	if seen == nil {
		t.Fatal("the form has no version")
	}
	if a := o.post(unit+"/doi", admin, fields(seen[1], "gọi cô Hoa")...); a.StatusCode != 422 || !strings.Contains(a.body, `href="#phone"`) {
		t.Errorf("a telephone that is none: %d", a.StatusCode)
	}
	if a := o.post(unit+"/doi", admin, fields(seen[1], "0233 3852 510")...); a.StatusCode != 303 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if after := len(o.send("GET", path, "", admin).body); after <= before {
		t.Errorf("the poster has %d bytes, %d before", after, before)
	}
}
