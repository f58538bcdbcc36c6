package api_test

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sipas/api"
	"sipas/internal/signon"
	"sipas/internal/signon/signontest"
	"sipas/internal/staff"
)

const (
	signOn   = "/dang-nhap/sso"
	atOffice = "Host: khaosat.example.gov.vn" // which the provider leads back to
)

// lan is somebody as the provider knows them.
func lan() map[string]any {
	return map[string]any{"sub": "f81d4fae-7dec", "email": "lan.nt@example.gov.vn", "email_verified": true}
}

// newSignOnOffice is an office with a provider, at which lan sits, and lan's account.
func newSignOnOffice(t *testing.T) (*office, *signontest.Provider) {
	t.Helper()
	p := signontest.Start(t)
	s, err := signon.New(p.Issuer, signontest.ClientID, signontest.ClientSecret)
	if err != nil {
		t.Fatal(err)
	}
	o := newOffice(t, func(c *api.Config) { c.SignOn = s })
	p.SignIn(lan())
	o.hire(staff.Account{ID: "lan.nt", Name: "Nguyễn Thị Ngọc Lan", Role: staff.Desk, Email: "lan.nt@example.gov.vn"})
	return o, p
}

func (o *office) hire(a staff.Account) {
	o.t.Helper()
	if err := o.staff.AddAccount(o.t.Context(), &a, password, o.now); err != nil {
		o.t.Fatal(err)
	}
}

// jar is a browser's cookies.
type jar map[string]string

// visit asks for a page as the browser does.
func (j jar) visit(o *office, path string) answer {
	o.t.Helper()
	var cookies []string
	for _, name := range slices.Sorted(maps.Keys(j)) {
		cookies = append(cookies, name+"="+j[name])
	}
	headers := []string{atOffice}
	if len(cookies) > 0 {
		headers = append(headers, "Cookie: "+strings.Join(cookies, "; "))
	}
	a := o.send("GET", path, "", headers...)
	for _, c := range a.Cookies() {
		if j[c.Name] = c.Value; c.MaxAge < 0 {
			delete(j, c.Name)
		}
	}
	return a
}

// leave follows the button of the sign-in page, and returns where the provider
// leads back to once its page is confirmed.
func (j jar) leave(o *office, p *signontest.Provider, query string) (back string) {
	o.t.Helper()
	a := j.visit(o, signOn+query)
	if a.StatusCode != 303 || !strings.HasPrefix(a.Header.Get("Location"), p.Issuer+"/authorize?") {
		o.t.Fatalf("%d %s", a.StatusCode, a.Header.Get("Location"))
	}
	u := p.Confirm(a.Header.Get("Location"))
	if u.Scheme+"://"+u.Host+u.Path != signontest.Back {
		o.t.Fatalf("back to %s", u)
	}
	return u.RequestURI()
}

// wantBack checks that an answer leads to the sign-in page, without the code and
// without a session, and returns what that page says.
func (j jar) wantBack(o *office, a answer, why string) string {
	o.t.Helper()
	to, err := a.Location()
	if err != nil || a.StatusCode != 303 || to.Path != "/dang-nhap" || to.Query().Get("sso") != why || a.Header.Get("Cache-Control") != "no-store" {
		o.t.Fatalf("%d %v, want %s", a.StatusCode, a.Header, why)
	}
	if j["__Host-sipas"] != "" || to.Query().Has("code") || to.Query().Has("state") {
		o.t.Errorf("%v, %v", j, to)
	}
	page := j.visit(o, to.RequestURI())
	notice := regexp.MustCompile(`<div class="box" role="alert"><p>([^<]+)</p>`).FindStringSubmatch(page.body)
	if page.StatusCode != 200 || notice == nil || strings.Contains(notice[1], "{0}") || !strings.Contains(page.body, `type="password"`) {
		o.t.Fatalf("%d %s", page.StatusCode, page.body)
	}
	return notice[1]
}

func TestSignOn(t *testing.T) {
	o, p := newSignOnOffice(t)
	browser := jar{}
	page := browser.visit(o, "/dang-nhap?next=%2Flam-viec%2Fma-qr%3Fkind%3Dkiosk")
	if button := `<a class="button quiet" href="https://khaosat.example.gov.vn/dang-nhap/sso?next=%2Flam-viec%2Fma-qr%3Fkind%3Dkiosk">`; !strings.Contains(page.body, button) {
		t.Fatalf("no button: %s", page.body)
	}
	start := o.send("GET", signOn+"?next=%2Flam-viec%2Fma-qr", "", atOffice)
	if set := start.Header.Get("Set-Cookie"); !regexp.MustCompile(`^__Host-sipas-sso-[A-Z2-7]{26}=[^;]+; Path=/; Max-Age=600; HttpOnly; Secure; SameSite=Lax$`).MatchString(set) || start.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("cookie %q, %v", set, start.Header)
	}
	a := browser.visit(o, browser.leave(o, p, "?next=%2Flam-viec%2Fma-qr%3Fkind%3Dkiosk"))
	if a.StatusCode != 303 || a.Header.Get("Location") != "/lam-viec/ma-qr?kind=kiosk" || a.Header.Get("Cache-Control") != "no-store" || a.body != "" {
		t.Fatalf("%d %v", a.StatusCode, a.Header)
	}
	if set := strings.Join(a.Header.Values("Set-Cookie"), "\n"); len(browser) != 1 || !regexp.MustCompile(`(?m)^__Host-sipas=[^;]+; Path=/; HttpOnly; Secure; SameSite=Lax$`).MatchString(set) {
		t.Errorf("left in the browser: %v, set %s", browser, set)
	}
	if work := browser.visit(o, "/lam-viec/"); work.StatusCode != 200 || !strings.Contains(work.body, "Nguyễn Thị Ngọc Lan") {
		t.Errorf("%d", work.StatusCode)
	}
	for _, path := range []string{"/dang-nhap", signOn} {
		if a := browser.visit(o, path+"?next=%2Flam-viec%2Ftoi"); a.StatusCode != 303 || a.Header.Get("Location") != "/lam-viec/toi" {
			t.Errorf("%s once signed in: %d %s", path, a.StatusCode, a.Header.Get("Location"))
		}
	}
	out := o.send("POST", "/dang-xuat", "", atOffice, "Cookie: __Host-sipas="+browser["__Host-sipas"])
	if out.StatusCode != 303 || out.Header.Get("Location") != "/dang-nhap?done=out-sso" {
		t.Errorf("%d %s", out.StatusCode, out.Header.Get("Location"))
	}
	if page := o.send("GET", "/dang-nhap?done=out-sso", "", local); !strings.Contains(page.body, "có thể vẫn đang đăng nhập") {
		t.Error("nothing says that the provider's session goes on")
	}
	o.now = o.now.Add(time.Hour)
	delete(browser, "__Host-sipas")
	browser.visit(o, browser.leave(o, p, ""))
	entries := o.auditLog(staff.EntryFilter{Account: "lan.nt"})
	var log []string
	for _, e := range entries {
		log = append(log, e.Action+" "+e.Object+" "+strings.Join(e.Detail, " "))
	}
	want := []string{"session.end account/lan.nt ", "session.start account/lan.nt by=sso", "session.start account/lan.nt by=sso bound"}
	if slices.Sort(log); !slices.Equal(log, want) {
		t.Errorf("log %q", log)
	}
}

// TestSignOnIsInTheLanguage: neither the provider nor the way back lose it.
func TestSignOnIsInTheLanguage(t *testing.T) {
	o, p := newSignOnOffice(t)
	browser := jar{}
	if page := browser.visit(o, "/dang-nhap?lang=en"); !strings.Contains(page.body, signOn+`?lang=en">Sign in with your office account`) {
		t.Errorf("%s", page.body)
	}
	if a := browser.visit(o, browser.leave(o, p, "?lang=en")); a.Header.Get("Location") != "/lam-viec/?lang=en" {
		t.Errorf("%s", a.Header.Get("Location"))
	}
	p.SignIn(nil)
	browser = jar{}
	if says := browser.wantBack(o, browser.visit(o, browser.leave(o, p, "?lang=en")), "sign_on_unconfirmed"); !strings.Contains(says, "password") {
		t.Errorf("%s", says)
	}
}

// TestTwoTabs: each comes back to its own page, in any order.
func TestTwoTabs(t *testing.T) {
	o, p := newSignOnOffice(t)
	browser := jar{}
	first := browser.leave(o, p, "?next=%2Flam-viec%2Fma-qr")
	second := browser.leave(o, p, "?next=%2Flam-viec%2Ftoi")
	for path, back := range map[string]string{"/lam-viec/ma-qr": first, "/lam-viec/toi": second} {
		if a := browser.visit(o, back); a.StatusCode != 303 || a.Header.Get("Location") != path {
			t.Errorf("%d %s, want %s", a.StatusCode, a.Header.Get("Location"), path)
		}
	}
	delete(browser, "__Host-sipas")
	for range 30 {
		browser.leave(o, p, "?next="+url.QueryEscape("/lam-viec/ma-qr?q="+strings.Repeat("%3A", 94)))
		sent := 0
		for name, value := range browser {
			sent += len(name + "=" + value + "; ")
		}
		if sent > 8000 {
			t.Fatalf("%d flows are %d bytes: no proxy takes them", len(browser), sent)
		}
	}
}

// TestSignOnThatIsNotThisBrowsers: nobody is signed in by an address that somebody
// else has sent, and none works twice.
func TestSignOnThatIsNotThisBrowsers(t *testing.T) {
	o, p := newSignOnOffice(t)
	t.Run("an address from elsewhere", func(t *testing.T) {
		browser := jar{}
		browser.wantBack(o, browser.visit(o, jar{}.leave(o, p, "")), "sign_on_spent")
	})
	t.Run("another flow of this browser is under way", func(t *testing.T) {
		browser := jar{}
		browser.leave(o, p, "")
		browser.wantBack(o, browser.visit(o, jar{}.leave(o, p, "")), "sign_on_spent")
	})
	t.Run("another flow's code", func(t *testing.T) {
		browser := jar{}
		mine, _ := url.Parse(browser.leave(o, p, ""))
		theirs, _ := url.Parse(jar{}.leave(o, p, ""))
		q := mine.Query()
		q.Set("code", theirs.Query().Get("code"))
		browser.wantBack(o, browser.visit(o, mine.Path+"?"+q.Encode()), "sign_on_spent")
	})
	t.Run("another state", func(t *testing.T) {
		browser := jar{}
		mine, _ := url.Parse(browser.leave(o, p, ""))
		q := mine.Query()
		q.Set("state", strings.Repeat("A", 26))
		browser.wantBack(o, browser.visit(o, mine.Path+"?"+q.Encode()), "sign_on_spent")
	})
	t.Run("no state", func(t *testing.T) {
		browser := jar{}
		browser.leave(o, p, "")
		browser.wantBack(o, browser.visit(o, signOn+"/ve?code=x"), "sign_on_spent")
		browser.wantBack(o, browser.visit(o, signOn+"/ve"), "sign_on_spent")
	})
	t.Run("again", func(t *testing.T) {
		browser := jar{}
		back := browser.leave(o, p, "")
		cookies := maps.Clone(browser)
		if a := browser.visit(o, back); a.Header.Get("Location") != "/lam-viec/" {
			t.Fatalf("%d %v", a.StatusCode, a.Header)
		}
		delete(browser, "__Host-sipas")
		browser.wantBack(o, browser.visit(o, back), "sign_on_spent")
		browser = cookies
		browser.wantBack(o, browser.visit(o, back), "sign_on_spent")
	})
}

// TestSignOnRefusalsLookAlike: nobody learns which accounts there are; the audit
// log has why, in words.
func TestSignOnRefusalsLookAlike(t *testing.T) {
	o, p := newSignOnOffice(t)
	o.hire(staff.Account{ID: "gone", Name: "Người Nghỉ", Role: staff.Desk, Email: "nghi@example.gov.vn", Disabled: true})
	for _, id := range []string{"hai.a", "hai.b"} {
		o.hire(staff.Account{ID: id, Name: "Hai Người", Role: staff.Desk, Email: "chung@example.gov.vn"})
	}
	browser := jar{}
	browser.visit(o, browser.leave(o, p, ""))
	says := map[string]bool{}
	for _, claims := range []map[string]any{
		{"sub": "2", "email": "khong-ai@example.gov.vn", "email_verified": true},
		{"sub": "2", "email": "nghi@example.gov.vn", "email_verified": true},
		{"sub": "2", "email": "lan.nt@example.gov.vn", "email_verified": true}, // bound to another
		{"sub": "2", "email": "chung@example.gov.vn", "email_verified": true},
		{"sub": "2", "email": "lan.nt@example.gov.vn", "email_verified": false},
		{"sub": "2"},
	} {
		p.SignIn(claims)
		browser := jar{}
		a := browser.visit(o, browser.leave(o, p, "?next=%2Flam-viec%2Ftoi"))
		says[a.Header.Get("Location")+browser.wantBack(o, a, "sign_on_refused")] = true
	}
	if len(says) != 1 {
		t.Errorf("%q", slices.Collect(maps.Keys(says)))
	}
	var log []string
	for _, e := range o.auditLog(staff.EntryFilter{Action: "session.refused"}) {
		log = append(log, e.Account+"|"+e.Object+"|"+strings.Join(e.Detail, " ")+"|"+e.Outcome)
	}
	want := []string{
		"|account/gone|by=sso|sign_on_disabled", "|account/lan.nt|by=sso|sign_on_other", "||by=sso|sign_on_several", "||by=sso|sign_on_unknown",
		"||by=sso|sign_on_unverified", "||by=sso|sign_on_unverified",
	}
	if slices.Sort(log); !slices.Equal(log, want) {
		t.Errorf("log %q", log)
	}
	page := o.send("GET", "/lam-viec/nhat-ky?action=session.refused", "", o.signIn(staff.Admin))
	for _, words := range []string{"đã gắn với người khác", "nhiều tài khoản cùng địa chỉ", "không tài khoản nào", "đã xác minh", "tài khoản đã khóa"} {
		if !strings.Contains(page.body, words) {
			t.Errorf("the audit log does not say %q", words)
		}
	}
	if strings.Contains(page.body, "example.gov.vn") {
		t.Error("an address is in the audit log")
	}
}

// TestSignOnAnswersThatAreNotBelieved: package signon knows all that may be wrong
// with one. Here: what people and the log are told.
func TestSignOnAnswersThatAreNotBelieved(t *testing.T) {
	o, p := newSignOnOffice(t)
	p.Forge()
	browser := jar{}
	a := browser.visit(o, browser.leave(o, p, ""))
	id := a.Header.Get("X-Request-Id")
	if says := browser.wantBack(o, a, "sign_on_failed"); !strings.Contains(says, id) || !strings.Contains(o.log.String(), `level=ERROR msg="single sign-on failed" id=`+id) {
		t.Errorf("%s\n%s", says, o.log)
	}
	for _, made := range []string{"sso=sign_on_failed", "sso=sign_on_failed&id=%3Cb%3Egọi+0900", "sso=sign_in", "sso=khac"} {
		if page := o.send("GET", "/dang-nhap?"+made, "", local); strings.Contains(page.body, `role="alert"`) || strings.Contains(page.body, "0900") {
			t.Errorf("%s: the page says what a link made it say", made)
		}
	}
}

// TestProviderIsAway: the button says so, and passwords go on working.
func TestProviderIsAway(t *testing.T) {
	o, p := newSignOnOffice(t)
	p.Away(true)
	browser := jar{}
	a := browser.visit(o, signOn+"?next=%2Flam-viec%2Ftoi")
	if says := browser.wantBack(o, a, "sign_on_away"); !strings.Contains(says, "mật khẩu") || !strings.Contains(o.log.String(), "id="+a.Header.Get("X-Request-Id")+" error=") {
		t.Errorf("%s\n%s", says, o.log)
	}
	if o.signInAs("lan.nt", password) == "" {
		t.Error("the password does not work")
	}
	p.Away(false)
	back := browser.leave(o, p, "")
	p.Away(true)
	browser.wantBack(o, browser.visit(o, back), "sign_on_away")
	p.Away(false)
	if a := browser.visit(o, browser.leave(o, p, "")); a.Header.Get("Location") != "/lam-viec/" {
		t.Errorf("back again: %d %v", a.StatusCode, a.Header)
	}
}

func TestSignOnIsSlowedDown(t *testing.T) {
	o, p := newSignOnOffice(t)
	p.SignIn(map[string]any{"sub": "2"})
	for range 70 {
		browser := jar{}
		a := browser.visit(o, browser.leave(o, p, ""))
		if strings.Contains(a.Header.Get("Location"), "sign_in_throttled") {
			if says := browser.wantBack(o, a, "sign_in_throttled"); !strings.Contains(says, "phút") {
				t.Errorf("%s", says)
			}
			return
		}
	}
	t.Error("seventy refused and no pause")
}

// TestNothingOfASignOnIsLogged looks for all that the provider and the browser told
// each other.
func TestNothingOfASignOnIsLogged(t *testing.T) {
	o, p := newSignOnOffice(t)
	said := []string{"f81d4fae", "lan.nt@", url.QueryEscape("lan.nt@"), "khong-ai", "Nguy", signontest.ClientSecret, url.QueryEscape(signontest.ClientSecret)}
	for _, claims := range []map[string]any{lan(), {"sub": "2", "email": "khong-ai@example.gov.vn", "email_verified": true}, nil} {
		p.SignIn(claims)
		browser := jar{}
		back := browser.leave(o, p, "")
		for name, value := range browser {
			said = append(said, strings.TrimPrefix(name, "__Host-sipas-sso-"))
			kept, _ := url.ParseQuery(value)
			said = append(said, kept.Get("nonce"), kept.Get("verifier"))
		}
		browser.visit(o, back)
		browser.visit(o, back) // and once more
	}
	p.SignIn(lan())
	p.Tamper(func(claims map[string]any) { claims["aud"] = "other" })
	browser := jar{}
	browser.visit(o, browser.leave(o, p, ""))
	p.Away(true)
	browser.visit(o, signOn+"/ve?state=x&code=zq-code&error_description=zq-words")
	said = append(append(said, p.Spoken()...), "zq-")
	log := o.log.String()
	if len(said) < 20 || strings.Count(log, "route=/dang-nhap/sso/ve") != 8 {
		t.Fatalf("%d things said; %s", len(said), log)
	}
	for _, secret := range said {
		if strings.Contains(log, secret) {
			t.Errorf("%q is in the log:\n%s", secret, log)
		}
	}
	for _, e := range o.auditLog(staff.EntryFilter{}) {
		for _, secret := range said {
			if strings.Contains(e.Object+strings.Join(e.Detail, " "), secret) {
				t.Errorf("%q is in the audit log: %+v", secret, e)
			}
		}
	}
}

// TestSignOnAndAFirstPassword: who never uses the first password need not change
// it.
func TestSignOnAndAFirstPassword(t *testing.T) {
	o, p := newSignOnOffice(t)
	p.SignIn(map[string]any{"sub": "3", "email": "moi@example.gov.vn", "email_verified": true})
	o.hire(staff.Account{ID: "nguoi-moi", Name: "Trần Văn Mới", Role: staff.Office, Email: "moi@example.gov.vn", MustChange: true})
	browser := jar{}
	browser.visit(o, browser.leave(o, p, ""))
	for _, path := range []string{"/lam-viec/ma-qr", "/api/v1/me"} {
		if a := browser.visit(o, path); a.StatusCode != 200 {
			t.Errorf("%s: %d", path, a.StatusCode)
		}
	}
	if me := browser.visit(o, "/lam-viec/toi"); !strings.Contains(me.body, "Đăng xuất khỏi mọi máy") || !strings.Contains(me.body, "Đã gắn từ 12:00, 30/06/2026") {
		t.Errorf("the page asks for another password first, or does not say that somebody is bound: %s", me.body)
	}
}

// TestSignOnIsUnbound by an administrator, who sees whether it is bound.
func TestSignOnIsUnbound(t *testing.T) {
	o, p := newSignOnOffice(t)
	admin := o.signIn(staff.Admin)
	path := accounts + "/lan.nt"
	if page := o.send("GET", path, "", admin); !strings.Contains(page.body, "Chưa gắn; lần đầu nhận ra theo lan.nt@example.gov.vn") || strings.Contains(page.body, path+"/bo-gan") {
		t.Errorf("%s", page.body)
	}
	browser := jar{}
	browser.visit(o, browser.leave(o, p, ""))
	if page := o.send("GET", path, "", admin); !strings.Contains(page.body, "Đã gắn từ") || !strings.Contains(page.body, path+"/bo-gan") {
		t.Errorf("%s", page.body)
	}
	if a := o.post(path+"/bo-gan", admin); a.StatusCode != 303 || a.Header.Get("Location") != path+"?done=unbound" {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if a := browser.visit(o, "/lam-viec/"); a.StatusCode != http.StatusSeeOther {
		t.Errorf("the session goes on: %d", a.StatusCode)
	}
	if page := o.send("GET", path+"?done=unbound", "", admin); !strings.Contains(page.body, "Đã bỏ gắn") || !strings.Contains(page.body, "Chưa gắn") {
		t.Errorf("%s", page.body)
	}
	if got := o.entries("account.unbind"); !slices.Equal(got, []string{"test-admin account/lan.nt"}) {
		t.Errorf("log: %q", got)
	}
	if a := o.post(accounts+"/khong-ai/bo-gan", admin); a.StatusCode != 404 {
		t.Errorf("%d", a.StatusCode)
	}
	if page := o.send("GET", accounts+"/moi", "", admin); !strings.Contains(page.body, "hộp thư chung") {
		t.Error("nobody is told what the address opens")
	}
}

// TestNothingTypedIsLostBySignOn: the form waits in this tab, while the other one
// signs in.
func TestNothingTypedIsLostBySignOn(t *testing.T) {
	o, p := newSignOnOffice(t)
	typed := url.Values{"kind": {"kiosk"}, "title": {`Quầy "3" & <b>`}}
	a := o.send("POST", "/lam-viec/ma-qr/moi", typed.Encode(), form, atOffice)
	wrong := o.send("POST", "/dang-nhap", signInForm("lan.nt", "khong dung roi", "next", "/lam-viec/ma-qr/moi", "sent", typed.Encode()), form, atOffice)
	for name, page := range map[string]answer{"first": a, "after a wrong password": wrong} {
		for _, want := range []string{`target="_blank"`, `action="/lam-viec/ma-qr/moi"`, `name="title" value="Quầy &#34;3&#34; &amp; &lt;b&gt;"`, "quay lại thẻ này"} {
			if page.StatusCode != 401 || !strings.Contains(page.body, want) {
				t.Errorf("%s: %d, no %s in %s", name, page.StatusCode, want, page.body)
			}
		}
	}
	browser := jar{}
	browser.visit(o, browser.leave(o, p, "?next=%2Flam-viec%2Fma-qr%2Fmoi"))
	if sent := o.send("POST", "/lam-viec/ma-qr/moi", typed.Encode(), form, atOffice, "Cookie: __Host-sipas="+browser["__Host-sipas"]); sent.StatusCode != 303 {
		t.Errorf("%d %s", sent.StatusCode, sent.body)
	}
}

// TestSignOnNextStaysInTheConsole, whoever made the link to the button.
func TestSignOnNextStaysInTheConsole(t *testing.T) {
	o, p := newSignOnOffice(t)
	for _, next := range []string{"https://evil.example/lam-viec/", "//evil.example/lam-viec/", `/\evil.example`, "/ket-qua", "/lam-viec/ma-qr?q=" + strings.Repeat("x", 5000)} {
		browser := jar{}
		if a := browser.visit(o, browser.leave(o, p, "?next="+url.QueryEscape(next))); a.Header.Get("Location") != "/lam-viec/" {
			t.Errorf("%.40s leads to %s", next, a.Header.Get("Location"))
		}
	}
	// Nor does a cookie that somebody has written by hand.
	browser := jar{}
	back := browser.leave(o, p, "")
	for name, value := range browser {
		kept, _ := url.ParseQuery(value)
		kept.Set("next", "https://evil.example/lam-viec/")
		browser[name] = kept.Encode()
	}
	if a := browser.visit(o, back); a.Header.Get("Location") != "/lam-viec/" {
		t.Errorf("%s", a.Header.Get("Location"))
	}
}

// TestSignOnWantsHTTPS, as passwords do.
func TestSignOnWantsHTTPS(t *testing.T) {
	o, _ := newSignOnOffice(t)
	a := o.send("GET", signOn+"?next=%2Flam-viec%2Ftoi", "", "Host: 192.168.1.20:8080")
	if a.StatusCode != 303 || a.Header.Get("Location") != "/dang-nhap?next=%2Flam-viec%2Ftoi" || a.Header.Get("Set-Cookie") != "" {
		t.Errorf("%d %v", a.StatusCode, a.Header)
	}
	if page := o.send("GET", "/dang-nhap", "", "Host: 192.168.1.20:8080"); strings.Contains(page.body, signOn) {
		t.Error("the button is where no session is kept")
	}
}

// TestWithoutSignOn: nothing shows that there could be one.
func TestWithoutSignOn(t *testing.T) {
	o := newOffice(t)
	if page := o.send("GET", "/dang-nhap", "", local); strings.Contains(page.body, "sso") || strings.Contains(page.body, "cơ quan") {
		t.Errorf("%s", page.body)
	}
	for _, path := range []string{signOn, signOn + "/ve?code=x&state=y"} {
		if a := o.send("GET", path, "", local); a.StatusCode != 404 {
			t.Errorf("%s: %d", path, a.StatusCode)
		}
	}
	admin := o.signIn(staff.Admin)
	o.account(staff.Desk)
	if page := o.send("GET", accounts+"/test-desk", "", admin); strings.Contains(page.body, "cơ quan") {
		t.Errorf("%s", page.body)
	}
}
