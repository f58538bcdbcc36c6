package api_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sipas/internal/staff"
)

const accounts = "/lam-viec/tai-khoan"

// secretOn returns what a page offers to copy, or "".
func secretOn(page answer) string {
	m := regexp.MustCompile(`data-copy="[^"]*" data-copied="[^"]*">([^<]+)<`).FindStringSubmatch(page.body)
	if m == nil {
		return ""
	}
	return m[1]
}

// signInAs returns the cookie of an account, or "" if it is refused.
func (o *office) signInAs(account, password string) string {
	o.t.Helper()
	a := o.send("POST", "/dang-nhap", signInForm(account, password), form, local)
	if a.StatusCode != 303 {
		return ""
	}
	return "Cookie: __Host-sipas=" + a.Cookies()[0].Value
}

// auditLog returns the audit log, the newest first.
func (o *office) auditLog(f staff.EntryFilter) (list []*staff.Entry) {
	o.t.Helper()
	for after := ""; ; {
		page, next, err := o.staff.Entries(o.t.Context(), f, 100, after)
		if err != nil {
			o.t.Fatal(err)
		}
		if list = append(list, page...); next == "" {
			return list
		}
		after = next
	}
}

func TestAccountIsMadeAndHandedOver(t *testing.T) {
	o := newOffice(t)
	admin := o.signIn(staff.Admin)
	typed := []string{"account", "Lan.NT", "name", "Nguyễn Thị Ngọc Lan", "role", "desk", "unit", "van-phong-so", "desk", "bo-phan-mot-cua"}
	made := o.post(accounts+"/moi", admin, typed...)
	first := secretOn(made)
	if made.StatusCode != 201 || first == "" || made.Header.Get("Location") != "" || made.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %v %s", made.StatusCode, made.Header, made.body)
	}
	for _, want := range []string{"lan.nt", "Nguyễn Thị Ngọc Lan", "https://khaosat.example.gov.vn/dang-nhap", "chỉ hiện lần này"} {
		if !strings.Contains(made.body, want) {
			t.Errorf("the slip lacks %q", want)
		}
	}
	again := o.post(accounts+"/moi", admin, typed...)
	if again.StatusCode != 409 || secretOn(again) != "" || !strings.Contains(again.body, `value="Lan.NT"`) || !strings.Contains(again.body, `value="Nguyễn Thị Ngọc Lan"`) {
		t.Errorf("sent again: %d %s", again.StatusCode, again.body)
	}
	session := o.signInAs("lan.nt", first)
	if a := o.send("GET", "/lam-viec/ma-qr", "", session); a.StatusCode != 303 || a.Header.Get("Location") != "/lam-viec/toi" {
		t.Errorf("the first password need not be changed: %d %s", a.StatusCode, a.Header.Get("Location"))
	}
	a, err := o.staff.Account(t.Context(), "lan.nt")
	if err != nil || a.Desk != "bo-phan-mot-cua" || a.Unit != "van-phong-so" || a.Role != staff.Desk || a.CreatedBy != "test-admin" {
		t.Errorf("%+v %v", a, err)
	}
	want := []string{
		"test-admin account/lan.nt role=desk unit=van-phong-so desk=bo-phan-mot-cua account_exists",
		"test-admin account/lan.nt role=desk unit=van-phong-so desk=bo-phan-mot-cua",
		"test-admin account/lan.nt role=desk unit=van-phong-so desk=bo-phan-mot-cua",
	}
	if got := o.entries("account.create"); !slices.Equal(sorted(got), sorted(want)) {
		t.Errorf("log: %q", got)
	}
}

func sorted(list []string) []string { return slices.Sorted(slices.Values(list)) }

// TestBadAccounts: every field to mend is named and led to, what was typed
// stays, and nothing is stored, in the audit log neither.
func TestBadAccounts(t *testing.T) {
	o := newOffice(t)
	admin := o.signIn(staff.Admin)
	for name, c := range map[string]struct{ fields, bad []string }{
		"nothing":             {nil, []string{"account", "name", "role"}},
		"marks in the name":   {[]string{"account", "lân", "name", "Lân", "role", "leader"}, []string{"account"}},
		"too short":           {[]string{"account", "ab", "name", "Lân", "role", "leader"}, []string{"account"}},
		"a page's name":       {[]string{"account", "moi", "name", "Mới", "role", "leader"}, []string{"account"}},
		"another page's name": {[]string{"account", "ma-truy-cap", "name", "Mới", "role", "leader"}, []string{"account"}},
		"the log's name":      {[]string{"account", "command", "name", "Mới", "role", "leader"}, []string{"account"}},
		"two lines":           {[]string{"account", "lan.nt", "name", "Lân\nLan", "role", "leader"}, []string{"name"}},
		"no such role":        {[]string{"account", "lan.nt", "name", "Lân", "role", "root"}, []string{"role"}},
		"a unit is missing":   {[]string{"account", "lan.nt", "name", "Lân", "role", "unit"}, []string{"unit"}},
		"no such places":      {[]string{"account", "lan.nt", "name", "Lân", "role", "desk", "unit", "khong-co", "desk", "khong-co"}, []string{"unit", "desk"}},
		"all at once":         {[]string{"account", "Ố", "name", strings.Repeat("x", 101), "role", "x", "unit", "X X", "desk", "Y Y"}, []string{"account", "name", "role", "unit", "desk"}},
	} {
		a := o.post(accounts+"/moi", admin, c.fields...)
		if a.StatusCode != 422 {
			t.Errorf("%s: %d", name, a.StatusCode)
		}
		for _, field := range []string{"account", "name", "role", "unit", "desk"} {
			if got, want := strings.Count(a.body, `<li><a href="#`+field+`">`), count(c.bad, field); got != want {
				t.Errorf("%s: %d messages lead to %s, want %d", name, got, field, want)
			}
		}
		for i := 0; i+1 < len(c.fields); i += 2 {
			if v := c.fields[i+1]; (c.fields[i] == "account" || c.fields[i] == "name") && !strings.Contains(a.body, `value="`+v+`"`) {
				t.Errorf("%s: %q is gone", name, v)
			}
		}
	}
	if a := o.post(accounts+"/moi", admin); strings.Contains(a.body, "desk, unit") {
		t.Error("who chose no role is told the ids of roles")
	}
	list, err := o.staff.Accounts(t.Context())
	if err != nil || len(list) != 1 {
		t.Errorf("%d accounts are stored: %v", len(list), err)
	}
	if got := o.entries("account.create"); len(got) > 0 {
		t.Errorf("log: %q", got)
	}
}

func count(list []string, s string) (n int) {
	for _, x := range list {
		if x == s {
			n++
		}
	}
	return n
}

func TestAccountIsChanged(t *testing.T) {
	o := newOffice(t)
	admin, other := o.signIn(staff.Admin), o.signIn(staff.Desk)
	path := accounts + "/test-desk/sua"
	version := versionIn(t, o.send("GET", path, "", admin))
	if a := o.post(path, admin, "version", version, "name", "", "role", "unit", "unit", "", "desk", "khong-co"); a.StatusCode != 422 ||
		!strings.Contains(a.body, `href="#name"`) || !strings.Contains(a.body, `href="#unit"`) || !strings.Contains(a.body, `href="#desk"`) {
		t.Errorf("bad fields: %d", a.StatusCode)
	}
	a := o.post(path, admin, "version", version, "name", "Lê Văn Đổi", "role", "office", "unit", "thanh-tra-so", "desk", "")
	if a.StatusCode != 303 || a.Header.Get("Location") != accounts+"/test-desk?done=saved" {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if a := o.send("GET", accounts+"/test-desk", "", admin); !strings.Contains(a.body, "Lê Văn Đổi") || !strings.Contains(a.body, "Văn phòng Sở") || !strings.Contains(a.body, "Thanh tra") {
		t.Errorf("%s", a.body)
	}
	if a := o.send("GET", "/lam-viec/", "", other); a.StatusCode != 303 {
		t.Errorf("with another role the old session goes on: %d", a.StatusCode)
	}
	if got := o.entries("account.change"); len(got) != 1 || got[0] != "test-admin account/test-desk name role=office unit=thanh-tra-so" {
		t.Errorf("log: %q", got)
	}
}

// TestPlaceOutsideTheCatalogueIsKept: an account whose desk has closed can be
// changed without losing or mending that.
func TestPlaceOutsideTheCatalogueIsKept(t *testing.T) {
	o := newOffice(t)
	admin := o.signIn(staff.Admin)
	if err := o.staff.AddAccount(t.Context(), &staff.Account{ID: "lan.nt", Name: "Lan", Role: staff.Desk, Desk: "quay-cu"}, password, o.now); err != nil {
		t.Fatal(err)
	}
	page := o.send("GET", accounts+"/lan.nt/sua", "", admin)
	if !strings.Contains(page.body, `<option value="quay-cu" selected>`) {
		t.Fatalf("%s", page.body)
	}
	if a := o.post(accounts+"/lan.nt/sua", admin, "version", versionIn(t, page), "name", "Ngọc Lan", "role", "desk", "desk", "quay-cu"); a.StatusCode != 303 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

// TestTwoEditorsOfAnAccount: the second sees what the first has saved, and keeps
// what was typed.
func TestTwoEditorsOfAnAccount(t *testing.T) {
	o := newOffice(t)
	admin := o.signIn(staff.Admin)
	o.account(staff.Desk)
	path := accounts + "/test-desk/sua"
	version := versionIn(t, o.send("GET", path, "", admin))
	if a := o.post(path, admin, "version", version, "name", "Tên Thứ Nhất", "role", "leader", "unit", "van-phong-so"); a.StatusCode != 303 {
		t.Fatalf("%d", a.StatusCode)
	}
	second := o.post(path, admin, "version", version, "name", "Tên Thứ Hai", "role", "desk", "unit", "van-phong-so")
	if second.StatusCode != 409 {
		t.Fatalf("%d", second.StatusCode)
	}
	for _, want := range []string{"<td>Tên Thứ Nhất</td><td>Tên Thứ Hai</td>", `value="Tên Thứ Hai"`, `value="desk" id="role" checked`, "<td>Lãnh đạo: chỉ xem</td>"} {
		if !strings.Contains(strings.ReplaceAll(second.body, "\n", ""), want) {
			t.Errorf("no %q in %s", want, second.body)
		}
	}
	if a, _ := o.staff.Account(t.Context(), "test-desk"); a.Name != "Tên Thứ Nhất" {
		t.Errorf("stored: %s", a.Name)
	}
	if a := o.post(path, admin, "version", versionIn(t, second), "name", "Tên Thứ Hai", "role", "desk", "unit", "van-phong-so"); a.StatusCode != 303 {
		t.Errorf("saved again: %d", a.StatusCode)
	}
	// One button pressed on a page that is old does nothing either.
	if a := o.post(accounts+"/test-desk/khoa", admin, "version", version); a.StatusCode != 409 || !strings.Contains(a.body, "chưa làm gì") {
		t.Errorf("%d", a.StatusCode)
	}
	if a, _ := o.staff.Account(t.Context(), "test-desk"); a.Disabled {
		t.Error("disabled by a page that did not know the account as it is")
	}
}

func TestAccountIsDisabledAndEnabled(t *testing.T) {
	o := newOffice(t)
	admin, session := o.signIn(staff.Admin), o.signIn(staff.Desk)
	here := accounts + "/test-desk"
	press := func(button string) answer {
		return o.post(here+button, admin, "version", versionIn(t, o.send("GET", here, "", admin)))
	}
	if a := press("/khoa"); a.StatusCode != 303 || a.Header.Get("Location") != here+"?done=disabled" {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if a := o.send("GET", "/lam-viec/", "", session); a.StatusCode != 303 {
		t.Errorf("the session goes on: %d", a.StatusCode)
	}
	if o.signInAs("test-desk", password) != "" {
		t.Error("a disabled account signs in")
	}
	if a := press("/mo-khoa"); a.StatusCode != 303 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	session = o.signInAs("test-desk", password)
	if session == "" {
		t.Error("enabled, it cannot sign in")
	}
	if a := o.post(here+"/dang-xuat", admin); a.StatusCode != 303 || a.Header.Get("Location") != here+"?done=sessions" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := o.send("GET", "/lam-viec/", "", session); a.StatusCode != 303 {
		t.Errorf("signed out by the administrator, the session goes on: %d", a.StatusCode)
	}
	for _, action := range []string{"account.disable", "account.enable", "session.end-all"} {
		if got := o.entries(action); len(got) != 1 || got[0] != "test-admin account/test-desk" {
			t.Errorf("%s in the log: %q", action, got)
		}
	}
}

// TestLastAdministrator stays one, whoever asks and whichever way.
func TestLastAdministrator(t *testing.T) {
	o := newOffice(t)
	admin := o.signIn(staff.Admin)
	here := accounts + "/test-admin"
	page := o.send("GET", here, "", admin)
	if !strings.Contains(page.body, "bị đăng xuất ngay") {
		t.Error("the page does not say what happens to who disables the own account")
	}
	version := versionIn(t, page)
	for name, a := range map[string]answer{
		"disabling":    o.post(here+"/khoa", admin, "version", version),
		"another role": o.post(here+"/sua", admin, "version", version, "name", "Tên Đã Gõ", "role", "office", "unit", "van-phong-so"),
	} {
		if a.StatusCode != 409 || !strings.Contains(a.body, `<div class="box" role="alert">`) || !strings.Contains(a.body, "Đây là quản trị viên cuối cùng") {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
		if name == "another role" && (!strings.Contains(a.body, `value="Tên Đã Gõ"`) || !strings.Contains(a.body, `value="office" checked`)) {
			t.Error("what was typed is gone")
		}
	}
	if a := o.send("GET", here, "", admin); a.StatusCode != 200 {
		t.Fatalf("still signed in: %d", a.StatusCode)
	}

	// With another one there, both can be done, and end the own session.
	for _, id := range []string{"lan.nt", "minh.tv"} {
		if err := o.staff.AddAccount(t.Context(), &staff.Account{ID: id, Name: "Người Khác", Role: staff.Admin}, password, o.now); err != nil {
			t.Fatal(err)
		}
	}
	second := o.signInAs("lan.nt", password)
	version = versionIn(t, o.send("GET", accounts+"/lan.nt", "", second))
	a := o.post(accounts+"/lan.nt/sua", second, "version", version, "name", "Người Khác", "role", "leader")
	if a.StatusCode != 303 || a.Header.Get("Location") != "/dang-nhap?done=role" {
		t.Errorf("another role: %d %s", a.StatusCode, a.Header.Get("Location"))
	}
	a = o.post(here+"/khoa", admin, "version", versionIn(t, o.send("GET", here, "", admin)))
	if a.StatusCode != 303 || a.Header.Get("Location") != "/dang-nhap?done=disabled" || !strings.Contains(a.Header.Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("disabling: %d %v", a.StatusCode, a.Header)
	}
	if a := o.send("GET", "/dang-nhap?done=disabled", "", local); !strings.Contains(a.body, "Đã khóa tài khoản của mình") {
		t.Error("the sign-in page does not say why")
	}
	if a := o.send("GET", here, "", admin); a.StatusCode != 303 {
		t.Errorf("disabled and still in: %d", a.StatusCode)
	}
}

// TestNewPasswordIsShownOnce: the page sent again, by reloading it, makes no
// other password.
func TestNewPasswordIsShownOnce(t *testing.T) {
	o := newOffice(t)
	admin, session := o.signIn(staff.Admin), o.signIn(staff.Desk)
	here := accounts + "/test-desk"
	stamp := hiddenOf(o.send("GET", here, "", admin)).Get("passwordAt")
	o.now = o.now.Add(time.Minute)
	a := o.post(here+"/mat-khau", admin, "passwordAt", stamp)
	fresh := secretOn(a)
	if a.StatusCode != 200 || fresh == "" || a.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if a := o.send("GET", "/lam-viec/", "", session); a.StatusCode != 303 {
		t.Errorf("the session of the old password goes on: %d", a.StatusCode)
	}
	o.now = o.now.Add(time.Minute)
	if a := o.post(here+"/mat-khau", admin, "passwordAt", stamp); a.StatusCode != 409 || secretOn(a) != "" || !strings.Contains(a.body, "chưa làm gì") {
		t.Errorf("sent again: %d %s", a.StatusCode, a.body)
	}
	if o.signInAs("test-desk", password) != "" {
		t.Error("the old password still works")
	}
	session = o.signInAs("test-desk", fresh)
	if a := o.send("GET", "/lam-viec/", "", session); a.Header.Get("Location") != "/lam-viec/toi" {
		t.Errorf("the new password need not be changed: %d %s", a.StatusCode, a.Header.Get("Location"))
	}
	if got := o.entries("account.reset"); len(got) != 1 || got[0] != "test-admin account/test-desk" {
		t.Errorf("log: %q", got)
	}
	// The own password is changed by who knows it.
	if a := o.post(accounts+"/test-admin/mat-khau", admin, "passwordAt", o.now.Format(time.RFC3339Nano)); a.StatusCode != 303 || a.Header.Get("Location") != "/lam-viec/toi" {
		t.Errorf("the own password: %d", a.StatusCode)
	}
}

func TestAccountList(t *testing.T) {
	o := newOffice(t)
	admin := o.signIn(staff.Admin)
	for _, a := range []*staff.Account{
		{ID: "lan.nt", Name: "Nguyễn Thị Ngọc Lan", Role: staff.Desk, Desk: "bo-phan-mot-cua"},
		{ID: "duc.tv", Name: "Trần Văn Đức", Role: staff.Unit, Unit: "thanh-tra-so", MustChange: true},
		{ID: "cu.lv", Name: "Lê Văn Cũ", Role: staff.Desk, Disabled: true},
	} {
		if err := o.staff.AddAccount(t.Context(), a, password, o.now); err != nil {
			t.Fatal(err)
		}
	}
	for query, want := range map[string]string{
		"":                      "duc.tv lan.nt test-admin",
		"q=ngoc+lan":            "lan.nt",
		"q=%C4%90%E1%BB%A8C":    "duc.tv",
		"q=mot+cua":             "lan.nt",
		"q=thanh+tra":           "duc.tv",
		"role=desk":             "lan.nt",
		"role=desk&state=all":   "cu.lv lan.nt",
		"state=disabled":        "cu.lv",
		"state=first":           "duc.tv",
		"q=khong+ai&state=all":  "",
		"q=test-admin&lang=en":  "test-admin",
		"state=first&role=desk": "",
	} {
		page := o.send("GET", accounts+"?"+query, "", admin)
		var got []string
		for _, m := range regexp.MustCompile(`<td class="code [^"]*"[^>]*>([^<]+)</td>`).FindAllStringSubmatch(page.body, -1) {
			got = append(got, m[1])
		}
		if page.StatusCode != 200 || strings.Join(got, " ") != want {
			t.Errorf("%s: %d %q, want %q", query, page.StatusCode, got, want)
		}
	}
}

// TestAccountHistory shows what the account did, and what others did to it.
func TestAccountHistory(t *testing.T) {
	o := newOffice(t)
	admin := o.signIn(staff.Admin)
	for range 7 {
		o.signIn(staff.Desk)
		o.now = o.now.Add(time.Minute)
	}
	o.post(accounts+"/test-desk/dang-xuat", admin)
	page := o.send("GET", accounts+"/test-desk", "", admin)
	did, done, _ := strings.Cut(page.body, "Người khác vừa làm")
	if n := strings.Count(did, "Đăng nhập<"); n != 5 || !strings.Contains(did, `href="/lam-viec/nhat-ky?account=test-desk"`) {
		t.Errorf("%d sign-ins: %s", n, did)
	}
	if !strings.Contains(done, "Kết thúc mọi phiên làm việc") || strings.Contains(done, "Đăng nhập<") {
		t.Errorf("%s", done)
	}
}

// TestSecretsStayInThePage: passwords, tokens and people's names are in no line
// of the log, no audit entry, and no address.
func TestSecretsStayInThePage(t *testing.T) {
	o := newOffice(t)
	admin := o.signIn(staff.Admin)
	made := o.post(accounts+"/moi", admin, "account", "lan.nt", "name", "Hoàng Thị Riêng Tư", "role", "leader")
	stamp := hiddenOf(o.send("GET", accounts+"/lan.nt", "", admin)).Get("passwordAt")
	o.now = o.now.Add(time.Minute)
	reset := o.post(accounts+"/lan.nt/mat-khau", admin, "passwordAt", stamp)
	token := o.post(accounts+"/ma-truy-cap/moi", admin, "name", "thong-ke", "role", "office")
	version := versionIn(t, o.send("GET", accounts+"/lan.nt", "", admin))
	o.post(accounts+"/lan.nt/sua", admin, "version", version, "name", "Hoàng Thị Tên Mới", "role", "leader")
	o.send("GET", "/lam-viec/nhat-ky.csv?account=Ho%C3%A0ng+Th%E1%BB%8B+Ri%C3%AAng+T%C6%B0&object=Ri%C3%AAng", "", admin)
	secrets := []string{secretOn(made), secretOn(reset), secretOn(token), "Riêng", "Tên Mới"}
	var entries []string
	for _, e := range o.auditLog(staff.EntryFilter{Secret: true}) {
		entries = append(entries, fmt.Sprint(*e))
	}
	o.db.Close(t.Context())
	failed := o.post(accounts+"/moi", admin, "account", "hai.nt", "name", "Hoàng Thị Riêng Tư", "role", "leader")
	if secrets[0] == "" || secrets[1] == "" || secrets[2] == "" || failed.StatusCode != 503 {
		t.Fatalf("%q %d", secrets, failed.StatusCode)
	}
	for _, secret := range secrets {
		if strings.Contains(o.log.String(), secret) {
			t.Errorf("%q is in the log", secret)
		}
		for _, e := range entries {
			if strings.Contains(e, secret) {
				t.Errorf("%q is in the audit log: %s", secret, e)
			}
		}
		for _, a := range []answer{made, reset, token} {
			if strings.Contains(a.Header.Get("Location"), secret) {
				t.Errorf("%q is in an address", secret)
			}
		}
	}
}
