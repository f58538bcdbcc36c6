package api_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"sipas/internal/staff"
)

// post sends a form of the console.
func (o *office) post(path, session string, fields ...string) answer {
	o.t.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		v.Set(fields[i], fields[i+1])
	}
	return o.send("POST", path, v.Encode(), form, session, local)
}

var hidden = regexp.MustCompile(`name="version" value="(\d+)"`)

func versionIn(t *testing.T, a answer) string {
	t.Helper()
	m := hidden.FindStringSubmatch(a.body)
	if m == nil {
		t.Fatalf("%d: no version in %s", a.StatusCode, a.body)
	}
	return m[1]
}

func TestLinkPages(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Desk)
	if a := o.send("GET", "/lam-viec/ma-qr", "", session); a.StatusCode != 200 || !strings.Contains(a.body, "Chưa có mã nào đang mở") {
		t.Errorf("the empty list says nothing of what to do: %d", a.StatusCode)
	}
	a := o.post("/lam-viec/ma-qr/moi", session, "kind", "counter", "title", "  Quầy 3  ", "desk", "bo-phan-mot-cua", "procedure", "1.012784")
	page, _, _ := strings.Cut(a.Header.Get("Location"), "?")
	if a.StatusCode != 303 || !strings.HasPrefix(page, "/lam-viec/ma-qr/") {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	code := strings.TrimPrefix(page, "/lam-viec/ma-qr/")
	a = o.send("GET", a.Header.Get("Location"), "", session)
	for _, want := range []string{"<h1>Quầy 3</h1>", "Đã tạo mã", "https://khaosat.example.gov.vn/k/" + code, "Đất đai", "poster.pdf", `src="/api/v1/links/` + code + `/qr.svg"`} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the link's page lacks %q", want)
		}
	}
	o.send("POST", "/api/v1/surveys/"+code+"/responses", `{"key":"`+key(1)+`","overall":5}`)
	if a := o.send("GET", "/lam-viec/ma-qr?q=quay+3", "", session); !strings.Contains(a.body, code) || !regexp.MustCompile(`class="fig[^>]*>1<`).MatchString(a.body) {
		t.Errorf("the list does not count the answer: %s", a.body)
	}
	if a := o.send("GET", "/lam-viec/ma-qr?kind=kiosk", "", session); strings.Contains(a.body, code) || !strings.Contains(a.body, "Không có mã nào như vậy") {
		t.Error("the filter lets another kind pass")
	}
	// Closed: citizens are told, the list leaves it out unless asked.
	version := versionIn(t, o.send("GET", page, "", session))
	if a := o.post(page+"/dong", session, "version", version); a.StatusCode != 303 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if a := o.send("GET", "/k/"+code, ""); a.StatusCode != 410 {
		t.Errorf("closed: %d", a.StatusCode)
	}
	if a := o.send("GET", "/lam-viec/ma-qr", "", session); strings.Contains(a.body, code) {
		t.Error("a closed code is in the list")
	}
	if a := o.send("GET", "/lam-viec/ma-qr?state=closed", "", session); !strings.Contains(a.body, code) {
		t.Error("a closed code cannot be found")
	}
	// The button of a page that is no longer true does nothing and says so.
	if a := o.post(page+"/mo", session, "version", version); a.StatusCode != 409 || !strings.Contains(a.body, "vừa được người khác sửa") {
		t.Errorf("%d", a.StatusCode)
	}
	if a := o.send("GET", "/k/"+code, ""); a.StatusCode != 410 {
		t.Errorf("reopened by an outdated button: %d", a.StatusCode)
	}
	if a := o.post(page+"/mo", session, "version", versionIn(t, o.send("GET", page, "", session))); a.StatusCode != 303 {
		t.Errorf("%d", a.StatusCode)
	}
	if a := o.send("GET", "/k/"+code, ""); a.StatusCode != 200 {
		t.Errorf("reopened: %d", a.StatusCode)
	}
}

func TestBadLinkFormComesBack(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Office)
	a := o.post("/lam-viec/ma-qr/moi", session, "kind", "", "title", strings.Repeat("dài ", 60), "desk", "khong-co", "area", "moi-truong",
		"procedure", "1.012784", "opensAt", "hôm nay", "closesAt", "2026-06-30T08:00")
	if a.StatusCode != 422 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	for _, name := range []string{"kind", "title", "desk", "procedure", "opensAt"} {
		if !strings.Contains(a.body, `href="#`+name+`"`) || !strings.Contains(a.body, `id="`+name+`"`) {
			t.Errorf("no error linked to %s", name)
		}
	}
	for _, kept := range []string{strings.TrimSpace(strings.Repeat("dài ", 60)), `value="moi-truong" selected`, `value="1.012784" selected`, `value="hôm nay"`, `value="2026-06-30T08:00"`} {
		if !strings.Contains(a.body, kept) {
			t.Errorf("lost: %q", kept)
		}
	}
	if strings.Contains(a.body, "field.") || strings.Contains(a.body, "{0}") {
		t.Error("a text is missing")
	}
	if list := o.send("GET", "/lam-viec/ma-qr?state=all", "", session); strings.Contains(list.body, "dài dài") {
		t.Error("stored all the same")
	}
}

// TestTwoEditOneLink: the second is told what changed and keeps what was typed.
func TestTwoEditOneLink(t *testing.T) {
	o := newOffice(t)
	first, second := o.signIn(staff.Office), o.signIn(staff.Desk)
	page := "/lam-viec/ma-qr/" + o.link(`"kind":"counter","title":"Quầy 3"`)
	version := versionIn(t, o.send("GET", page+"/sua", "", second))
	if a := o.post(page+"/sua", first, "version", version, "title", "Quầy 4", "area", "dat-dai"); a.StatusCode != 303 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	a := o.post(page+"/sua", second, "version", version, "title", "Quầy 5", "desk", "bo-phan-mot-cua")
	if a.StatusCode != 409 {
		t.Fatalf("%d", a.StatusCode)
	}
	for _, want := range []string{"Người khác vừa sửa", "<td>Quầy 4</td><td>Quầy 5</td>", "<td>Đất đai</td><td>–</td>", `value="Quầy 5"`, `value="bo-phan-mot-cua" selected`} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if a := o.post(page+"/sua", second, "version", versionIn(t, a), "title", "Quầy 5", "desk", "bo-phan-mot-cua"); a.StatusCode != 303 {
		t.Errorf("knowing it, the second cannot save: %d", a.StatusCode)
	}
	if a := o.send("GET", page, "", first); !strings.Contains(a.body, "<h1>Quầy 5</h1>") {
		t.Error("not saved")
	}
}

// TestEveryChangeOfALinkIsRecorded, by page or by program, before it is made:
// where no entry can be written, nothing changes.
func TestEveryChangeOfALinkIsRecorded(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Office)
	code := o.link(`"kind":"counter","title":"Quầy bà Hoa"`)
	page := "/lam-viec/ma-qr/" + code
	o.now = o.now.Add(time.Second)
	o.post(page+"/sua", session, "version", "1", "title", "Quầy ông Minh")
	o.now = o.now.Add(time.Second)
	o.post(page+"/dong", session, "version", "2")
	o.send("PATCH", "/api/v1/links/"+code, `{"closesAt":null,"version":1}`, session)
	entries, _, err := o.staff.Entries(t.Context(), staff.EntryFilter{Object: "link/" + code}, 100, "")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i := len(entries) - 1; i >= 0; i-- {
		e := entries[i]
		got = append(got, e.Account+" "+e.Action+" "+strings.Join(e.Detail, ",")+" "+e.Outcome)
		if strings.Contains(strings.Join(e.Detail, " "), "Hoa") || strings.Contains(strings.Join(e.Detail, " "), "Minh") {
			t.Errorf("what was typed is in the log: %+v", e)
		}
	}
	want := "token/test-office link.create kind=counter |test-office link.change title |test-office link.change closesAt "
	if strings.Join(got, "|") != want {
		t.Errorf("%q, want %q", strings.Join(got, "|"), want)
	}
}
