package api_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sipas/internal/staff"
)

const tokens = accounts + "/ma-truy-cap"

func TestTokenLife(t *testing.T) {
	o := newOffice(t)
	admin := o.signIn(staff.Admin)
	if a := o.send("GET", tokens+"/moi", "", admin); !strings.Contains(a.body, `name="expires" value="2027-06-30"`) || !strings.Contains(a.body, "Mã truy cập để phần mềm khác") {
		t.Errorf("a year from now is not offered: %s", a.body)
	}
	typed := []string{"name", "thong-ke-tinh", "role", "office", "unit", "van-phong-so", "expires", "2026-07-02"}
	made := o.post(tokens+"/moi", admin, typed...)
	token := secretOn(made)
	if made.StatusCode != 201 || !strings.HasPrefix(token, "sipas_") || made.Header.Get("Location") != "" || made.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %v %s", made.StatusCode, made.Header, made.body)
	}
	if again := o.post(tokens+"/moi", admin, typed...); again.StatusCode != 409 || secretOn(again) != "" || !strings.Contains(again.body, `value="thong-ke-tinh"`) || !strings.Contains(again.body, `value="2026-07-02"`) {
		t.Errorf("sent again: %d %s", again.StatusCode, again.body)
	}
	if list, _ := o.staff.Tokens(t.Context()); len(list) != 1 {
		t.Errorf("%d tokens", len(list))
	}
	var me struct{ Account, Role, Unit string }
	o.send("GET", "/api/v1/me", "", bearer(token)).into(t, &me)
	if me.Account != "thong-ke-tinh" || me.Role != "office" || me.Unit != "van-phong-so" {
		t.Errorf("%+v", me)
	}
	page := o.send("GET", tokens, "", admin)
	for _, want := range []string{"thong-ke-tinh", "Văn phòng Sở", "test-admin", "02/07/2026", "Đang dùng được"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the list lacks %q", want)
		}
	}
	if strings.Contains(page.body, token) {
		t.Error("the list has the token")
	}

	// It is good until that day ends here, not elsewhere.
	o.now = time.Date(2026, 7, 2, 16, 59, 59, 0, time.UTC)
	if a := o.send("GET", "/api/v1/me", "", bearer(token)); a.StatusCode != 200 {
		t.Errorf("in the last second of the day: %d", a.StatusCode)
	}
	o.now = o.now.Add(time.Second)
	o.problem(o.send("GET", "/api/v1/me", "", bearer(token)), 401)

	// The name is free again; the new token, without an end, is revoked.
	admin = o.signIn(staff.Admin)
	token = secretOn(o.post(tokens+"/moi", admin, "name", "thong-ke-tinh", "role", "office"))
	list, err := o.staff.Tokens(t.Context())
	if err != nil || len(list) != 2 || !list[0].ExpiresAt.IsZero() {
		t.Fatalf("%v %v", list, err)
	}
	here := tokens + "/" + list[0].ID
	if a := o.send("GET", here, "", admin); a.StatusCode != 200 || !strings.Contains(a.body, "Không thời hạn") || !strings.Contains(a.body, "nhat-ky?account=token%2Fthong-ke-tinh") {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	o.send("GET", "/api/v1/me", "", bearer(token))
	for range 2 {
		if a := o.post(here+"/thu-hoi", admin); a.StatusCode != 303 || a.Header.Get("Location") != here+"?done=revoked" {
			t.Errorf("%d %s", a.StatusCode, a.body)
		}
	}
	o.problem(o.send("GET", "/api/v1/me", "", bearer(token)), 401)
	if a := o.send("GET", here, "", admin); !strings.Contains(a.body, "Đã thu hồi") || strings.Contains(a.body, "/thu-hoi") {
		t.Errorf("%s", a.body)
	}
	if a := o.send("GET", tokens, "", admin); !strings.Contains(a.body, "Chỉ cấp khi") {
		t.Error("ended ones are among the valid ones")
	}
	if a := o.send("GET", tokens+"?state=ended&q=THONG", "", admin); strings.Count(a.body, ">thong-ke-tinh</a>") != 2 {
		t.Errorf("%s", a.body)
	}
	want := []string{
		"test-admin token/thong-ke-tinh role=office unit=van-phong-so expires=2026-07-02",
		"test-admin token/thong-ke-tinh role=office",
	}
	if got := o.entries("token.create"); !slices.Equal(sorted(got), sorted(want)) {
		t.Errorf("log: %q", got)
	}
	if got := o.entries("token.revoke"); len(got) != 1 || got[0] != "test-admin token/thong-ke-tinh createdAt=2026-07-03T00:00:00.000+07:00" {
		t.Errorf("log: %q", got)
	}
}

func TestBadTokens(t *testing.T) {
	o := newOffice(t)
	admin := o.signIn(staff.Admin)
	for name, c := range map[string]struct{ fields, bad []string }{
		"nothing":             {[]string{"expires", ""}, []string{"name", "role"}},
		"a name with spaces":  {[]string{"name", "thống kê", "role", "office"}, []string{"name"}},
		"no such role":        {[]string{"name", "thong-ke", "role", "root"}, []string{"role"}},
		"a unit is missing":   {[]string{"name", "thong-ke", "role", "unit"}, []string{"unit"}},
		"no such places":      {[]string{"name", "thong-ke", "role", "desk", "unit", "x", "desk", "x"}, []string{"unit", "desk"}},
		"yesterday":           {[]string{"name", "thong-ke", "role", "office", "expires", "2026-06-29"}, []string{"expires"}},
		"no date":             {[]string{"name", "thong-ke", "role", "office", "expires", "30/06/2027"}, []string{"expires"}},
		"everything at once":  {[]string{"name", "X", "role", "x", "unit", "x", "desk", "x", "expires", "x"}, []string{"name", "expires", "role", "unit", "desk"}},
		"a date that is none": {[]string{"name", "thong-ke", "role", "office", "expires", "2027-02-30"}, []string{"expires"}},
	} {
		a := o.post(tokens+"/moi", admin, c.fields...)
		if a.StatusCode != 422 {
			t.Errorf("%s: %d", name, a.StatusCode)
		}
		for _, field := range []string{"name", "expires", "role", "unit", "desk"} {
			if got, want := strings.Count(a.body, `<li><a href="#`+field+`">`), count(c.bad, field); got != want {
				t.Errorf("%s: %d messages lead to %s, want %d", name, got, field, want)
			}
		}
		for i := 0; i+1 < len(c.fields); i += 2 {
			if v := c.fields[i+1]; (c.fields[i] == "name" || c.fields[i] == "expires") && !strings.Contains(a.body, `value="`+v+`"`) {
				t.Errorf("%s: %q is gone", name, v)
			}
		}
	}
	if list, err := o.staff.Tokens(t.Context()); err != nil || len(list) > 0 {
		t.Errorf("%d tokens are stored: %v", len(list), err)
	}
	if got := o.entries("token.create"); len(got) > 0 {
		t.Errorf("log: %q", got)
	}
}
