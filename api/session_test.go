package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sipas/api"
	"sipas/internal/staff"
)

func signInForm(account, password string, more ...string) string {
	v := url.Values{"account": {account}, "password": {password}}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return v.Encode()
}

func TestSignIn(t *testing.T) {
	o := newOffice(t)
	a := o.send("POST", "/dang-nhap", signInForm(o.account(staff.Desk).ID, password, "next", "/lam-viec/ma-qr?kind=kiosk"), form, local)
	if a.StatusCode != 303 || a.Header.Get("Location") != "/lam-viec/ma-qr?kind=kiosk" {
		t.Fatalf("%d %s", a.StatusCode, a.Header.Get("Location"))
	}
	if set := a.Header.Get("Set-Cookie"); !strings.HasPrefix(set, "__Host-sipas=") || !strings.Contains(set, "; Path=/; HttpOnly; Secure; SameSite=Lax") || strings.Contains(set, "Domain") {
		t.Errorf("cookie %q", set)
	}
	session := o.signIn(staff.Desk)
	if a := o.send("GET", "/lam-viec/", "", session); a.StatusCode != 200 || !strings.Contains(a.body, "Nguyễn Thị Thử") || !strings.Contains(a.body, `href="/lam-viec/ma-qr"`) {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	var me struct{ Account, Role string }
	o.send("GET", "/api/v1/me", "", session).into(t, &me)
	if me.Account != "test-desk" || me.Role != "desk" {
		t.Errorf("%+v", me)
	}
	if a := o.send("POST", "/dang-xuat", "", session); a.StatusCode != 303 || !strings.Contains(a.Header.Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("%d %s", a.StatusCode, a.Header.Get("Set-Cookie"))
	}
	if a := o.send("GET", "/lam-viec/", "", session); a.StatusCode != 303 {
		t.Errorf("signed out, the old cookie still opens the console: %d", a.StatusCode)
	}
}

// TestSignInRefusalsLookAlike: nobody learns which accounts there are.
func TestSignInRefusalsLookAlike(t *testing.T) {
	o := newOffice(t)
	o.account(staff.Admin)
	disabled := o.account(staff.Desk)
	disabled, err := o.staff.Account(t.Context(), disabled.ID)
	if err != nil {
		t.Fatal(err)
	}
	disabled.Disabled = true
	if err := o.staff.ChangeAccount(t.Context(), disabled); err != nil {
		t.Fatal(err)
	}
	var pages []string
	for name, body := range map[string]string{
		"wrong password": signInForm("test-admin", "khong dung roi"), "no such account": signInForm("khong-ai", password),
		"disabled": signInForm("test-desk", password), "nothing typed": signInForm("", ""),
	} {
		a := o.send("POST", "/dang-nhap", body, form, local)
		if a.StatusCode != 401 || a.Header.Get("Set-Cookie") != "" || a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v", name, a.StatusCode, a.Header)
		}
		typed, _ := url.ParseQuery(body)
		pages = append(pages, strings.ReplaceAll(a.body, `value="`+typed.Get("account")+`"`, `value=""`))
		if strings.Contains(a.body, "khong dung roi") || strings.Contains(a.body, password) {
			t.Errorf("%s: the page holds the password", name)
		}
	}
	for _, p := range pages[1:] {
		if p != pages[0] {
			t.Errorf("the pages differ:\n%s\n%s", pages[0], p)
		}
	}
}

func TestSignInIsSlowedDown(t *testing.T) {
	o := newOffice(t)
	o.account(staff.Desk)
	for range 30 {
		a := o.send("POST", "/dang-nhap", signInForm("test-desk", "khong dung roi"), form, local)
		if a.StatusCode == 429 {
			if a.Header.Get("Retry-After") == "" || !strings.Contains(a.body, "Chờ") {
				t.Errorf("no time to wait: %v", a.Header)
			}
			return
		}
	}
	t.Error("thirty wrong passwords and no pause")
}

// TestSignInWantsHTTPS: over plain http from elsewhere the page says so, and no
// password is taken.
func TestSignInWantsHTTPS(t *testing.T) {
	o := newOffice(t, func(c *api.Config) { c.BaseURL = "http://192.168.1.20:8080" })
	o.account(staff.Desk)
	const lan = "Host: 192.168.1.20:8080"
	if a := o.send("GET", "/dang-nhap", "", lan); a.StatusCode != 200 || !strings.Contains(a.body, "https://") || strings.Contains(a.body, `type="password"`) {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := o.send("POST", "/dang-nhap", signInForm("test-desk", password), form, lan); a.StatusCode != 403 || a.Header.Get("Set-Cookie") != "" {
		t.Errorf("%d", a.StatusCode)
	}
	for _, host := range []string{"localhost:8080", "127.0.0.1:8080", "[::1]:8080", "localhost"} {
		if a := o.send("GET", "/dang-nhap", "", "Host: "+host); !strings.Contains(a.body, `type="password"`) {
			t.Errorf("%s: no form", host)
		}
	}
}

// TestAnotherSiteCannotAct sends what a page of another site can make a
// signed-in browser send.
func TestAnotherSiteCannotAct(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Admin)
	code := o.link(`"kind":"counter"`)
	for name, headers := range map[string][]string{
		"a browser of today": {"Sec-Fetch-Site: cross-site"}, "an older one": {"Origin: https://evil.example"}, "a sandboxed frame": {"Origin: null"},
		"a neighbour": {"Sec-Fetch-Site: same-site", "Origin: https://other.example.gov.vn"},
	} {
		for _, path := range []string{"/dang-nhap", "/dang-xuat", "/lam-viec/toi", "/lam-viec/ma-qr/moi", "/lam-viec/ma-qr/" + code + "/dong"} {
			if a := o.send("POST", path, "", append(headers, session, form)...); a.StatusCode != 403 {
				t.Errorf("%s: POST %s: %d", name, path, a.StatusCode)
			}
		}
		if a := o.send("POST", "/api/v1/links", `{"kind":"trial"}`, append(headers, session)...); a.StatusCode != 403 {
			t.Errorf("%s: POST /api/v1/links: %d", name, a.StatusCode)
		}
	}
	// Our own pages, and the public address before a proxy that changes Host.
	for _, headers := range [][]string{{"Sec-Fetch-Site: same-origin"}, {"Origin: https://khaosat.example.gov.vn"}, nil} {
		if a := o.send("POST", "/lam-viec/ma-qr/moi", "kind=trial", append(headers, session, form)...); a.StatusCode != 303 {
			t.Errorf("%v: %d", headers, a.StatusCode)
		}
	}
	// Citizens' answers come from anywhere: no cookie is asked, none is heeded.
	if a := o.send("POST", "/api/v1/surveys/"+code+"/responses", `{"key":"`+key(1)+`","overall":4}`, "Origin: https://zalo.example"); a.StatusCode != 201 {
		t.Errorf("an answer from another page: %d", a.StatusCode)
	}
}

func TestNextStaysInTheConsole(t *testing.T) {
	o := newOffice(t)
	o.account(staff.Desk)
	for _, next := range []string{"https://evil.example/lam-viec/", "//evil.example/lam-viec/", `/\evil.example`, "/ket-qua", "javascript:alert(1)", "%", `/lam-viec/\..\`} {
		a := o.send("POST", "/dang-nhap", signInForm("test-desk", password, "next", next), form, local)
		if got := a.Header.Get("Location"); got != "/lam-viec/" {
			t.Errorf("%s leads to %s", next, got)
		}
	}
}

// TestFirstPasswordComesFirst: nothing else opens before it is changed.
func TestFirstPasswordComesFirst(t *testing.T) {
	o := newOffice(t)
	a := &staff.Account{ID: "nguoi-moi", Name: "Trần Văn Mới", Role: staff.Office, MustChange: true}
	if err := o.staff.AddAccount(t.Context(), a, password, o.now); err != nil {
		t.Fatal(err)
	}
	in := o.send("POST", "/dang-nhap", signInForm("nguoi-moi", password), form, local)
	session := "Cookie: __Host-sipas=" + in.Cookies()[0].Value
	if a := o.send("GET", "/lam-viec/ma-qr", "", session); a.StatusCode != 303 || a.Header.Get("Location") != "/lam-viec/toi" {
		t.Errorf("%d %s", a.StatusCode, a.Header.Get("Location"))
	}
	o.problem(o.send("GET", "/api/v1/me", "", session), 403)
	change := func(old, fresh, again string) answer {
		return o.send("POST", "/lam-viec/toi", url.Values{"old": {old}, "password": {fresh}, "again": {again}}.Encode(), form, session, local)
	}
	for name, c := range map[string]struct {
		old, fresh, again string
		ids               []string
	}{
		"nothing":         {"", "", "", []string{"#old", "#password"}},
		"not the same":    {password, "con mèo trèo cây cau", "con mèo trèo cây", []string{"#again"}},
		"too short":       {password, "ngan9", "ngan9", []string{"#password"}},
		"the wrong old":   {"khong dung roi", "con mèo trèo cây cau", "con mèo trèo cây cau", []string{"#old"}},
		"the same as now": {password, password, password, []string{"#password"}},
	} {
		a := change(c.old, c.fresh, c.again)
		if a.StatusCode != 422 {
			t.Errorf("%s: %d", name, a.StatusCode)
		}
		for _, id := range c.ids {
			if !strings.Contains(a.body, `href="`+id+`"`) {
				t.Errorf("%s: no link to %s", name, id)
			}
		}
		for _, typed := range []string{c.old, c.fresh} {
			if typed != "" && strings.Contains(a.body, typed) {
				t.Errorf("%s: the page holds a password", name)
			}
		}
	}
	other := o.send("POST", "/dang-nhap", signInForm("nguoi-moi", password), form, local).Cookies()[0].Value
	done := change(password, "con mèo trèo cây cau", "con mèo trèo cây cau")
	if done.StatusCode != 303 || done.Header.Get("Location") != "/lam-viec/?done=password" {
		t.Fatalf("%d %s", done.StatusCode, done.body)
	}
	if a := o.send("GET", "/lam-viec/ma-qr", "", "Cookie: __Host-sipas="+done.Cookies()[0].Value); a.StatusCode != 200 {
		t.Errorf("after the change: %d", a.StatusCode)
	}
	if a := o.send("GET", "/lam-viec/", "", "Cookie: __Host-sipas="+other); a.StatusCode != 303 {
		t.Errorf("another session outlives the change of password: %d", a.StatusCode)
	}
}

// TestNothingTypedIsLostWhenASessionEnds: the form waits in the sign-in page and
// is offered again.
func TestNothingTypedIsLostWhenASessionEnds(t *testing.T) {
	o := newOffice(t)
	o.account(staff.Desk)
	typed := url.Values{"kind": {"kiosk"}, "title": {`Quầy "3" & <b>`}}
	a := o.send("POST", "/lam-viec/ma-qr/moi", typed.Encode(), form, local)
	if a.StatusCode != http.StatusUnauthorized || !strings.Contains(a.body, "hiện ra để gửi tiếp") {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	in := o.send("POST", "/dang-nhap", signInForm("test-desk", password, "next", "/lam-viec/ma-qr/moi", "sent", typed.Encode()), form, local)
	if in.StatusCode != 200 || !strings.Contains(in.body, `name="title" value="Quầy &#34;3&#34; &amp; &lt;b&gt;"`) || !strings.Contains(in.body, `action="/lam-viec/ma-qr/moi"`) {
		t.Fatalf("%d %s", in.StatusCode, in.body)
	}
	// A form with a password is not kept.
	if a := o.send("POST", "/lam-viec/toi", "old=matkhaucu&password=b&again=b", form, local); strings.Contains(a.body, "matkhaucu") {
		t.Error("the sign-in page holds a password")
	}
}

func TestSignInsAreRecorded(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Unit)
	o.send("POST", "/dang-nhap", signInForm("test-unit", "khong dung roi"), form, local)
	o.send("POST", "/dang-nhap", signInForm("mat-khau-go-nham", "x"), form, local)
	o.send("GET", "/lam-viec/ma-qr", "", session)
	o.send("POST", "/dang-xuat", "", session)
	entries, _, err := o.staff.Entries(t.Context(), staff.EntryFilter{}, 100, "")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, strings.TrimSpace(e.Account+" "+e.Action+" "+e.Object))
	}
	for _, want := range []string{
		"test-unit session.start account/test-unit", "session.refused account/test-unit", "session.refused",
		"test-unit access.refused route/lam-viec/ma-qr", "test-unit session.end account/test-unit",
	} {
		if !strings.Contains("\n"+strings.Join(got, "\n")+"\n", "\n"+want+"\n") {
			t.Errorf("no entry %q in %q", want, got)
		}
	}
	if strings.Contains(strings.Join(got, "\n"), "mat-khau-go-nham") {
		t.Error("what was typed for an unknown account is in the log")
	}
}
