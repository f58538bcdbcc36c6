package api_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"sipas/internal/staff"
	"sipas/web"
)

const auditLog = "/lam-viec/nhat-ky"

// record puts an entry into the log, a minute after the one before.
func (o *office) record(e staff.Entry) {
	o.t.Helper()
	o.now = o.now.Add(time.Minute)
	e.At = o.now
	if err := o.staff.Record(o.t.Context(), &e); err != nil {
		o.t.Fatal(err)
	}
}

// cells returns the rows of the first table of a page, tags left out.
func cells(body string) (rows [][]string) {
	for _, tr := range strings.Split(body, "<tr")[1:] {
		var row []string
		for _, m := range regexp.MustCompile(`(?s)<td[^>]*>(.*?)</td>`).FindAllStringSubmatch(tr, -1) {
			row = append(row, regexp.MustCompile(`<small>|<[^>]*>`).ReplaceAllStringFunc(m[1], func(tag string) string {
				if tag == "<small>" {
					return " / "
				}
				return ""
			}))
		}
		if row != nil {
			rows = append(rows, row)
		}
	}
	return rows
}

func TestAuditLogInWords(t *testing.T) {
	o := newOffice(t)
	admin, inspection := o.signIn(staff.Admin), o.signIn(staff.Inspection)
	o.record(staff.Entry{Account: "lan.nt", Role: staff.Desk, Action: "link.change", Object: "link/ab12cd34", Detail: []string{"title", "closesAt"}})
	o.record(staff.Entry{Account: "lan.nt", Role: staff.Desk, Action: "link.change", Object: "link/ab12cd34", Outcome: "stale"})
	o.record(staff.Entry{Account: "command", Action: "moon.land", Object: "moon/1", Outcome: "no_fuel"})
	o.record(staff.Entry{Action: "session.refused"})
	o.record(staff.Entry{Account: "token/thong-ke", Role: staff.Office, Action: "access.refused", Object: "route/api/v1/links"})
	page := o.send("GET", auditLog, "", admin)
	got := cells(page.body)
	for i, want := range []string{
		"12:05, 30/06/2026|Mã truy cập thong-ke / Văn phòng Sở|Vào trang không thuộc vai trò|Trang /api/v1/links||",
		"12:04, 30/06/2026|Chưa đăng nhập|Đăng nhập sai|||",
		"12:03, 30/06/2026|Lệnh trên máy chủ|moon.land|moon/1||Không thành: no_fuel",
		"12:02, 30/06/2026|lan.nt / Bộ phận Một cửa|Sửa, đóng hoặc mở mã QR|Mã QR ab12cd34||Không thành: Người khác vừa sửa",
		"12:01, 30/06/2026|lan.nt / Bộ phận Một cửa|Sửa, đóng hoặc mở mã QR|Mã QR ab12cd34|title, closesAt|",
	} {
		if strings.Join(got[i], "|") != want {
			t.Errorf("line %d: %q, want %q", i, got[i], want)
		}
	}
	links := func(body string) string {
		var list []string
		for _, m := range regexp.MustCompile(`<td [^>]*><a href="([^"]*)"`).FindAllStringSubmatch(body, 7) {
			list = append(list, m[1])
		}
		return strings.Join(list, " ")
	}
	if got := links(page.body); !strings.HasPrefix(got, tokens+"?state=all&amp;q=thong-ke "+accounts+"/lan.nt /lam-viec/ma-qr/ab12cd34 ") {
		t.Errorf("the administrator is led to %s", got)
	}
	if got := links(o.send("GET", auditLog, "", inspection).body); got != "" {
		t.Errorf("inspection is led to pages that it does not have: %s", got)
	}
	if a := o.send("GET", auditLog+"?lang=en", "", admin); !strings.Contains(a.body, "Change, close or reopen a QR code") || !strings.Contains(a.body, "Not done: ") {
		t.Errorf("%s", a.body)
	}
}

// TestSecretEntriesAreInspections alone: on the page, in the file, and on the
// page of the account.
func TestSecretEntriesAreInspections(t *testing.T) {
	o := newOffice(t)
	o.account(staff.Desk)
	admin, inspection := o.signIn(staff.Admin), o.signIn(staff.Inspection)
	o.record(staff.Entry{Account: "test-desk", Role: staff.Desk, Action: "case.read", Object: "case/bimat", Secret: true})
	for _, path := range []string{auditLog, auditLog + ".csv", auditLog + "?object=case/bimat", auditLog + "?object=bimat", auditLog + "?account=test-desk", auditLog + ".csv?action=case.read"} {
		if a := o.send("GET", path, "", inspection); a.StatusCode != 200 || !strings.Contains(a.body, "case.read") {
			t.Errorf("%s: inspection does not see it: %d", path, a.StatusCode)
		}
		if a := o.send("GET", path, "", admin); a.StatusCode != 200 || strings.Contains(a.body, ">case.read<") || strings.Contains(a.body, "case/bimat<") || strings.Contains(a.body, ",case/bimat") {
			t.Errorf("%s: the administrator sees it: %d", path, a.StatusCode)
		}
	}
	if a := o.send("GET", accounts+"/test-desk", "", admin); strings.Contains(a.body, "bimat") {
		t.Error("the page of the account shows it")
	}
}

func TestAuditFilter(t *testing.T) {
	o := newOffice(t)
	o.now = time.Date(2026, 7, 1, 16, 58, 0, 0, time.UTC)
	o.record(staff.Entry{Account: "lan.nt", Action: "link.create", Object: "link/ab12cd34"})   // 1 July, 23:59 here
	o.record(staff.Entry{Account: "lan.nt", Action: "link.change", Object: "link/ab12cd34"})   // 2 July, 00:00
	o.record(staff.Entry{Account: "duc.tv", Action: "link.change", Object: "link/ab99xx34"})   // 00:01
	o.record(staff.Entry{Account: "duc.tv", Action: "account.change", Object: "account/ab12"}) // 00:02
	o.now = o.now.Add(24 * time.Hour)
	inspection := o.signIn(staff.Inspection)
	for query, want := range map[string]string{
		"account=lan.nt":                      "00:00 23:59",
		"account=lan":                         "",
		"action=link.change":                  "00:01 00:00",
		"object=link/ab12cd34":                "00:00 23:59",
		"object=link/ab12":                    "",
		"object=ab12":                         "00:02 00:00 23:59",
		"object=ab12&account=duc.tv":          "00:02",
		"from=2026-07-02&to=2026-07-02":       "00:02 00:01 00:00",
		"from=2026-07-01&to=2026-07-01":       "23:59",
		"to=2026-07-01&account=lan.nt":        "23:59",
		"from=2026-07-02&action=link.create":  "",
		"account=duc.tv&action=link.change":   "00:01",
		"account=+lan.nt+&object=+ab12cd34++": "00:00 23:59",
	} {
		page := o.send("GET", auditLog+"?"+query, "", inspection)
		var got []string
		for _, row := range cells(page.body) {
			got = append(got, row[0][:5])
		}
		if page.StatusCode != 200 || strings.Join(got, " ") != want {
			t.Errorf("%s: %d %q, want %q", query, page.StatusCode, got, want)
		}
	}
	for query, field := range map[string]string{"from=1.7.2026": "from", "to=2026-06-31": "to", "from=2026-07-02&to=2026-07-01": "to"} {
		for _, path := range []string{auditLog, auditLog + ".csv"} {
			a := o.send("GET", path+"?"+query+"&account=lan.nt", "", inspection)
			if a.StatusCode != 422 || !strings.Contains(a.body, `<a href="#`+field+`">`) || !strings.Contains(a.body, `value="lan.nt"`) || strings.Contains(a.body, "<td") {
				t.Errorf("%s?%s: %d %s", path, query, a.StatusCode, a.body)
			}
		}
	}
}

// TestAuditPages: every entry stands on one page, the newest first.
func TestAuditPages(t *testing.T) {
	o := newOffice(t)
	for i := range 230 {
		o.record(staff.Entry{Account: "lan.nt", Action: "link.change", Object: fmt.Sprintf("link/x%03d", i)})
	}
	inspection := o.signIn(staff.Inspection)
	var got []string
	path, pages := auditLog+"?account=lan.nt&object=x", 0
	for ; path != "" && pages < 10; pages++ {
		page := o.send("GET", path, "", inspection)
		for _, row := range cells(page.body) {
			got = append(got, row[3])
		}
		path = ""
		if m := regexp.MustCompile(`class="button quiet" href="([^"]*after=[^"]*)"`).FindStringSubmatch(page.body); m != nil {
			path = strings.ReplaceAll(m[1], "&amp;", "&")
		}
	}
	if pages < 2 || len(got) != 230 {
		t.Fatalf("%d entries on %d pages", len(got), pages)
	}
	for i, object := range got {
		if want := fmt.Sprintf("Mã QR x%03d", 229-i); object != want {
			t.Fatalf("entry %d is %s, want %s", i, object, want)
		}
	}
}

func TestAuditExport(t *testing.T) {
	o := newOffice(t)
	for i := range 1200 {
		o.record(staff.Entry{Account: "lan.nt", Role: staff.Desk, Action: "link.change", Object: fmt.Sprintf("link/x%04d", i)})
	}
	o.record(staff.Entry{Account: "=1+1", Action: "@sum", Object: "+84", Detail: []string{"-x", `"quoted"`}, Outcome: "stale"})
	o.record(staff.Entry{Account: "\tlan", Action: "-1", Object: "link/a,b", Detail: []string{"two\nlines"}})
	o.now = o.now.Add(time.Minute)
	inspection := o.signIn(staff.Inspection)
	o.now = o.now.Add(time.Minute)
	a := o.send("GET", auditLog+".csv?from=2026-06-01&to=2026-07-31&object=", "", inspection)
	if a.StatusCode != 200 || a.Header.Get("Content-Type") != "text/csv; charset=utf-8" || a.Header.Get("Cache-Control") != "no-store" ||
		a.Header.Get("Content-Disposition") != `attachment; filename="nhat-ky-tu-2026-06-01-den-2026-07-31.csv"` {
		t.Fatalf("%d %v", a.StatusCode, a.Header)
	}
	text, marked := strings.CutPrefix(a.body, "\ufeff")
	if !marked || strings.Count(text, "\r\n") < 1200 || strings.Contains(strings.ReplaceAll(text, "\r\n", ""), "\n\"") {
		t.Errorf("no mark, or not the lines of RFC 4180: %.300q", a.body)
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(rows[0], "|"); got != "Lúc (giờ Việt Nam)|Tài khoản|Vai trò|Việc|Mã việc|Đối tượng|Mục, mã|Kết quả" {
		t.Errorf("head %s", got)
	}
	for i, want := range []string{
		"|test-inspection|Thanh tra Sở|Tải nhật ký về|audit.export|audit|from=2026-06-01, to=2026-07-31|",
		"|test-inspection|Thanh tra Sở|Đăng nhập|session.start|account/test-inspection|by=password|",
		"|'\tlan||'-1|'-1|link/a,b|two\nlines|",
		`|'=1+1||'@sum|'@sum|'+84|'-x, "quoted"|Không thành: Người khác vừa sửa`,
		"|lan.nt|Bộ phận Một cửa|Sửa, đóng hoặc mở mã QR|link.change|link/x1199||",
	} {
		if got := "|" + strings.Join(rows[i+1][1:], "|"); got != want {
			t.Errorf("line %d: %q, want %q", i+1, got, want)
		}
	}
	if got := rows[len(rows)-1]; got[5] != "link/x0000" || got[0] != "2026-06-30 12:01:00.000" {
		t.Errorf("the last line is %q", got)
	}
	if len(rows) != 1+2+2+1200 {
		t.Errorf("%d lines", len(rows))
	}
	if rows, _ := csv.NewReader(strings.NewReader(strings.TrimPrefix(o.send("GET", auditLog+".csv?object=x01&lang=en", "", inspection).body, "\ufeff"))).ReadAll(); len(rows) != 101 || rows[0][1] != "Account" {
		t.Errorf("by the beginning of an id: %d lines", len(rows))
	}
	if a := o.send("GET", auditLog+".csv?account=lan.nt", "", inspection); a.Header.Get("Content-Disposition") != `attachment; filename="nhat-ky-den-2026-07-01.csv"` {
		t.Errorf("%v", a.Header)
	}
	if got := o.entries("audit.export"); len(got) != 3 || !strings.Contains(strings.Join(got, "\n"), "test-inspection audit account") {
		t.Errorf("log: %q", got)
	}
}

// TestTokensAreToldFromAccounts: a token that has the name of an account does
// not speak for it in the log.
func TestTokensAreToldFromAccounts(t *testing.T) {
	o := newOffice(t)
	token := o.token(staff.Desk) // of the name test-desk
	o.send("POST", "/api/v1/links", `{"kind":"trial"}`, bearer(token))
	o.send("POST", "/api/v1/links", `{"kind":"trial"}`, o.signIn(staff.Desk))
	var got []string
	for _, e := range o.auditLog(staff.EntryFilter{Action: "link.create"}) {
		got = append(got, e.Account)
	}
	if len(got) != 2 || count(got, "token/test-desk") != 1 || count(got, "test-desk") != 1 {
		t.Errorf("%q", got)
	}
}

// TestEveryActionHasItsWords reads the sources for what is recorded, and looks
// each up in both languages.
func TestEveryActionHasItsWords(t *testing.T) {
	pages, err := web.New()
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	recorded := regexp.MustCompile(`(?:\(c, |[aA]ction: )"([a-z]+\.[a-z-]+)"`)
	named := regexp.MustCompile(`"([a-z]+\.(?:[a-z-]+)?)"`) // in whatever way it is recorded; "export." begins several
	found, anywhere := map[string]bool{}, map[string]bool{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range recorded.FindAllStringSubmatch(string(b), -1) {
			found[m[1]] = true
		}
		for _, m := range named.FindAllStringSubmatch(string(b), -1) {
			anywhere[m[1]] = true
		}
	}
	if len(found) < 16 {
		t.Fatalf("only %d actions found in the sources: %v", len(found), found)
	}
	for action := range found {
		for _, lang := range web.Languages() {
			if key := "action." + action; pages.Text(lang, key) == key {
				t.Errorf("%s: no words in %s", key, lang)
			}
		}
	}
	for _, action := range pages.Keys("action.") {
		if subject, _, _ := strings.Cut(action, "."); !anywhere[action] && !anywhere[subject+"."] {
			t.Errorf("%s has words and is never recorded", action)
		}
	}
}

// cutting is a connection on which something happens after the first bytes.
type cutting struct {
	*httptest.ResponseRecorder
	first func()
}

func (w *cutting) Write(b []byte) (int, error) {
	if w.first != nil {
		w.first()
		w.first = nil
	}
	return w.ResponseRecorder.Write(b)
}

// TestBrokenExportIsNotTakenForWhole: when the store goes away in between, the
// connection breaks instead of ending well.
func TestBrokenExportIsNotTakenForWhole(t *testing.T) {
	o := newOffice(t)
	for range 600 {
		o.record(staff.Entry{Account: "lan.nt", Action: "link.change"})
	}
	inspection := o.signIn(staff.Inspection)
	defer func() {
		if r := recover(); r != http.ErrAbortHandler || !strings.Contains(o.log.String(), "export broken off") {
			t.Errorf("%v, %s", r, o.log)
		}
	}()
	w := &cutting{httptest.NewRecorder(), func() { o.db.Close(t.Context()) }}
	o.server.ServeHTTP(w, request("GET", auditLog+".csv", "", inspection))
	t.Errorf("the file ends well after %d lines", strings.Count(w.Body.String(), "\n"))
}
