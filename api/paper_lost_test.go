package api_test

import (
	"database/sql"
	"html"
	"strings"
	"testing"

	"sipas/internal/staff"
)

func TestPaperSentTwiceIsOneForm(t *testing.T) {
	k := newClerk(t, `,"area":"dat-dai"`)
	v := k.full()
	first, again := k.enter(v), k.enter(v)
	if first.StatusCode != 303 || again.StatusCode != 303 || first.Header.Get("Location") != again.Header.Get("Location") {
		t.Errorf("%d %s, then %d %s", first.StatusCode, first.Header.Get("Location"), again.StatusCode, again.Header.Get("Location"))
	}
	if log := k.entries("paper.enter"); k.responses() != 1 || len(log) != 1 {
		t.Errorf("%d forms, the log says %q", k.responses(), log)
	}
	// Gone back and changed: it is told that the first is kept as it was, and
	// only sent once more it is another form.
	v.Set("q15", "1")
	a := k.enter(v)
	fresh := hiddenOf(a).Get("key")
	if a.StatusCode != 409 || fresh == v.Get("key") || !strings.Contains(a.body, "không sửa được") || !strings.Contains(a.body, `name="q15" value="1"`) || !strings.Contains(a.body, "Gửi lại</button>") {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	v.Set("key", fresh)
	if a = k.enter(v); a.StatusCode != 303 || k.responses() != 2 {
		t.Errorf("%d, %d forms", a.StatusCode, k.responses())
	}
}

// refuse makes the store refuse to write into a table until mend is called, as a
// full disk would.
func (o *office) refuse(table string) (mend func()) {
	o.t.Helper()
	db, err := sql.Open("sqlite", o.file+"?_pragma=busy_timeout(10000)")
	if err != nil {
		o.t.Fatal(err)
	}
	do := func(text string) {
		o.t.Helper()
		if _, err := db.Exec(text); err != nil {
			o.t.Fatal(err)
		}
	}
	do(`CREATE TRIGGER refuse BEFORE INSERT ON "` + table + `" BEGIN SELECT RAISE(ABORT, 'refused'); END`)
	return func() {
		o.t.Helper()
		do("DROP TRIGGER refuse")
		if err := db.Close(); err != nil {
			o.t.Fatal(err)
		}
	}
}

// TestNoPaperFormWithoutItsEntry: the log says who typed a form in before the
// form is stored; where the log cannot be written, nothing is stored.
func TestNoPaperFormWithoutItsEntry(t *testing.T) {
	k := newClerk(t, `,"area":"dat-dai"`)
	v := k.full()
	mend := k.refuse("audit")
	a := k.enter(v)
	if a.StatusCode != 503 || a.Header.Get("Retry-After") == "" || !strings.Contains(a.body, "Gửi lại</button>") || !strings.Contains(a.body, `name="q18" value="2"`) || hiddenOf(a).Get("key") != v.Get("key") {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	body := `{"key":"` + key(1) + `","overall":4,"answeredOn":"2026-06-15"}`
	token := bearer(k.token(staff.Office))
	k.problem(k.send("POST", "/api/v1/surveys/"+k.code+"/responses", body, token), 503)
	k.problem(k.send("POST", "/api/v1/surveys/"+k.code+"/responses", strings.Replace(body, `,"answeredOn":"2026-06-15"`, "", 1), token), 503)
	if n := len(k.stored()); n != 0 {
		t.Errorf("%d forms are stored that nobody has typed in", n)
	}
	mend()
	if a = k.enter(v); a.StatusCode != 303 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a = k.send("POST", "/api/v1/surveys/"+k.code+"/responses", body, token); a.StatusCode != 201 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	log := k.entries("paper.enter")
	if len(log) != 2 || len(k.stored()) != 2 || !strings.HasPrefix(log[1], "token/test-office response/"+key(1)) {
		t.Errorf("%d forms, the log says %q", len(k.stored()), log)
	}
}

// TestPaperStoreAway: what was typed comes back, and the same key again stores it
// once.
func TestPaperStoreAway(t *testing.T) {
	k := newClerk(t, `,"area":"dat-dai"`)
	v := k.full()
	mend := k.refuse("responses")
	a := k.enter(v)
	if a.StatusCode != 503 || a.Header.Get("Retry-After") == "" || !strings.Contains(a.body, "Những gì đã gõ vẫn còn nguyên") || !strings.Contains(a.body, `name="x_waiting" value="3"`) || hiddenOf(a).Get("key") != v.Get("key") {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	mend()
	if a = k.enter(v); a.StatusCode != 303 || len(k.stored()) != 1 {
		t.Errorf("%d, %d stored", a.StatusCode, len(k.stored()))
	}
	log := k.entries("paper.enter")
	tried := log[0] + " not_acknowledged" // both entries are of one moment
	if len(log) != 2 || log[1] != tried && log[0] != log[1]+" not_acknowledged" {
		t.Errorf("the log says %q", log)
	}
	if a = k.send("GET", k.path, "", k.session); !strings.Contains(a.body, "Tôi nhập hôm nay: 1 phiếu") {
		t.Error("the second try counts as a second form")
	}
	// Somebody else sends the form again that the first could not save: the log
	// has both.
	mend = k.refuse("responses")
	v = k.full()
	k.enter(v)
	mend()
	mine := k.session
	k.session = k.signIn(staff.Office)
	if a = k.enter(v); a.StatusCode != 303 || len(k.stored()) != 2 {
		t.Errorf("%d, %d stored", a.StatusCode, len(k.stored()))
	}
	both := strings.Join(k.entries("paper.enter"), "\n")
	for _, who := range []string{"test-desk", "test-office"} {
		if !strings.Contains(both, who+" response/"+v.Get("key")) {
			t.Errorf("%s is not in the log: %s", who, both)
		}
	}
	k.session = mine
	// Away altogether: not even who is signed in can be read, and still nothing
	// that was typed is lost.
	v = k.full()
	k.db.Close(t.Context())
	a = k.enter(v)
	back := hiddenOf(a)
	back.Del("blank")
	if a.StatusCode != 503 || a.Header.Get("Retry-After") == "" || back.Encode() != v.Encode() || !strings.Contains(a.body, `action="`+k.path+`"`) {
		t.Errorf("%d, came back as %s: %s", a.StatusCode, back.Encode(), a.body)
	}
}

func TestPaperLinkClosedMeanwhile(t *testing.T) {
	k := newClerk(t, `,"area":"dat-dai"`)
	v := k.full()
	token := bearer(k.token(staff.Office))
	change := func(members string) {
		t.Helper()
		if a := k.send("PATCH", "/api/v1/links/"+k.code, members, token); a.StatusCode != 200 {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
	}
	change(`{"closesAt":"2026-06-30T11:00:00+07:00"}`)
	a := k.enter(v)
	if a.StatusCode != 410 || !strings.Contains(a.body, "đã đóng từ 11:00, 30/06/2026") || !strings.Contains(a.body, `href="/lam-viec/ma-qr/`+k.code+`"`) || !strings.Contains(a.body, `name="q18" value="2"`) || len(k.stored()) != 0 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	change(`{"closesAt":null,"opensAt":"2026-07-01T00:00:00+07:00"}`)
	if a = k.enter(v); a.StatusCode != 410 || !strings.Contains(a.body, "đến 00:00, 01/07/2026 mới nhận phiếu") {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	change(`{"opensAt":null}`)
	if a = k.enter(v); a.StatusCode != 303 {
		t.Errorf("opened again: %d", a.StatusCode)
	}
	// The link has an area now, another one than was typed: told, and what is
	// sent then has none.
	v = k.full()
	v.Set("area", "moi-truong")
	if a = k.enter(v); a.StatusCode != 422 || !strings.Contains(a.body, "Lĩnh vực: Mã QR này đã định sẵn") || strings.Contains(a.body, `name="area"`) {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

// TestPaperSessionEnded: the form waits behind the sign-in page.
func TestPaperSessionEnded(t *testing.T) {
	k := newClerk(t, `,"area":"dat-dai"`)
	v := k.full()
	k.send("POST", "/dang-xuat", "", k.session)
	a := k.send("POST", k.path, v.Encode(), k.session, form, local)
	if a.StatusCode != 401 || hiddenOf(a).Get("sent") == "" {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	a = k.send("POST", "/dang-nhap", signInForm("test-desk", password, "next", k.path, "sent", html.UnescapeString(hiddenOf(a).Get("sent"))), form, local)
	back := hiddenOf(a)
	if a.StatusCode != 200 || back.Encode() != v.Encode() {
		t.Fatalf("%d, came back as %s", a.StatusCode, back.Encode())
	}
	k.session = "Cookie: __Host-sipas=" + a.Cookies()[0].Value
	if a = k.enter(back); a.StatusCode != 303 || len(k.stored()) != 1 {
		t.Errorf("%d, %d stored", a.StatusCode, len(k.stored()))
	}
}
