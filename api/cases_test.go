package api_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"sipas/feedback"
	"sipas/internal/staff"
)

// What the routes of cases refuse with, beside what all routes do.
var (
	caseProblems = []string{"case_unknown", "case_stale", "step_not_now", "step_role", "second_person", "published", "not_published", "case_full", "key_missing"}
	caseFields   = []string{"not_in_step", "case_about_unit", "inspection_only", "until_past", "until_day_off",
		"extended_enough", "extended_late", "extended_too_far"}
)

// The units of these tests.
const (
	land     = "phong-quan-ly-dat-dai"
	registry = "van-phong-dang-ky-dat-dai"
	inspect  = "thanh-tra-so"
)

// as makes a token for an officer of the role, at the unit that the role has in
// these tests.
func (o *office) as(role staff.Role) string {
	units := map[staff.Role]string{staff.Unit: land, staff.Inspection: inspect, staff.Office: "van-phong-so"}
	return o.officer(staff.Officer{Account: "case-" + string(role), Role: role, Unit: units[role]})
}

func (o *office) officer(officer staff.Officer) string {
	o.t.Helper()
	token, err := o.staff.AddToken(o.t.Context(), officer, o.now)
	if err != nil {
		o.t.Fatal(err)
	}
	return bearer(token)
}

// sent takes in a case at this moment, as it would come from a citizen.
func (o *office) sent(kind feedback.Kind, change ...func(*feedback.Intake)) *feedback.Case {
	o.t.Helper()
	in := feedback.Intake{
		Key: feedback.NewKey().ID + "-of-a-test", Kind: kind, Subject: "Sổ đỏ chậm", Content: "Đất đai: nộp hồ sơ từ tháng trước mà chưa có kết quả.",
		Area: "dat-dai", Contact: feedback.Contact{Name: "Lê Thị Hoa", Phone: "0905 123 456"}, Consent: true, Publish: true,
	}
	for _, f := range change {
		f(&in)
	}
	d, err := feedback.New(in, o.cases.Rules(), o.now)
	if err != nil {
		o.t.Fatal(err)
	}
	r, err := o.cases.Add(o.t.Context(), d)
	if err != nil {
		o.t.Fatal(err)
	}
	return r.Case
}

// caseJSON is as much of a case as these tests look at.
type caseJSON struct {
	Code, Kind, Status, State, Subject, Content, Unit, DueAt, Term string
	Version                                                        int
	Overdue                                                        bool
	Promised                                                       string
	Allowed                                                        []string
	DueExplained                                                   []struct{ Date, Why, Code string }
	Files                                                          []struct{ ID, Name, Type string }
	Steps                                                          []struct {
		Step, Status, Note, Message, Kind, Unit string
		By                                      *struct{ Account, Role string }
	}
}

const casesPath = "/api/v1/cases"

// step takes a step that has to go well and returns the case after it. members
// are JSON, `"unit": "x"`.
func (o *office) step(code, who, step, members string) (c caseJSON) {
	o.t.Helper()
	if members != "" {
		members = ", " + members
	}
	a := o.send("POST", casesPath+"/"+code+"/steps", `{"step": "`+step+`"`+members+`}`, who)
	if a.StatusCode == 204 {
		return c
	}
	if a.StatusCode != 200 {
		o.t.Fatalf("%s: %d %s", step, a.StatusCode, a.body)
	}
	a.into(o.t, &c)
	return c
}

// assigned is a petition that the unit for land has.
func (o *office) assigned() *feedback.Case {
	o.t.Helper()
	k := o.sent(feedback.Petition)
	who := o.as(staff.Inspection)
	o.step(k.Code, who, "classify", `"kind": "petition"`)
	o.step(k.Code, who, "assign", `"unit": "`+land+`"`)
	return k
}

func TestOneCase(t *testing.T) {
	o := newOffice(t)
	k := o.assigned()
	var c caseJSON
	a := o.send("GET", casesPath+"/"+strings.ToLower(feedback.FormatCode(k.Code)), "", o.as(staff.Unit))
	if a.into(t, &c); a.StatusCode != 200 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if c.Code != feedback.FormatCode(k.Code) || c.Version != 3 || c.Kind != "petition" || c.Status != "assigned" || c.State != "running" ||
		c.Unit != land || c.Term != "resolve" || c.DueAt != "2026-07-21T23:59:59.000+07:00" || c.Overdue {
		t.Errorf("%+v", c)
	}
	if got := strings.Join(c.Allowed, " "); got != "ask answer" {
		t.Errorf("a unit may %s", got)
	}
	if d := c.DueExplained; d[0].Code != "receipt_day" || d[len(d)-1].Date != "2026-07-21" || !strings.HasPrefix(d[1].Why, "Ngày thứ") {
		t.Errorf("%+v", d)
	}
	if s := c.Steps; len(s) != 3 || s[0].By != nil || s[1].By.Account != "case-inspection" || s[1].By.Role != "inspection" || s[2].Unit != land {
		t.Errorf("%+v", c.Steps)
	}
	for _, personal := range []string{"Lê Thị Hoa", "0905"} {
		if strings.Contains(a.body, personal) {
			t.Errorf("the contact is in the case: %s", personal)
		}
	}
}

func TestListOfCases(t *testing.T) {
	o := newOffice(t)
	late := o.sent(feedback.Petition, func(in *feedback.Intake) { in.Content = "Môi trường: khói bụi." })
	o.now = o.now.AddDate(0, 0, 20)
	o.assigned()
	o.sent(feedback.Complaint)
	o.sent(feedback.Denunciation)
	o.now = o.now.AddDate(0, 0, 2)
	who := map[staff.Role]string{}
	for _, r := range []staff.Role{staff.Desk, staff.Unit, staff.Inspection, staff.Office, staff.Leader} {
		who[r] = o.as(r)
	}
	for _, tt := range []struct {
		query string
		role  staff.Role
		want  int
	}{
		{"", staff.Office, 3}, {"", staff.Leader, 3}, {"", staff.Inspection, 3}, {"", staff.Desk, 2}, {"", staff.Unit, 1},
		{"overdue=true", staff.Office, 1}, {"overdue=true", staff.Unit, 0},
		{"status=received", staff.Office, 2}, {"status=assigned", staff.Office, 1},
		{"kind=complaint", staff.Office, 1}, {"kind=complaint", staff.Desk, 0},
		{"kind=denunciation", staff.Inspection, 1}, {"kind=denunciation", staff.Office, 0}, {"kind=denunciation", staff.Leader, 0},
		{"unit=" + land, staff.Office, 1}, {"unit=" + registry, staff.Office, 0}, {"unit=" + registry, staff.Unit, 0},
		{"q=dat+dai", staff.Office, 2}, {"q=khoi+bui", staff.Office, 1}, {"q=KHÓI", staff.Office, 1}, {"q=0905", staff.Office, 0},
		{"q=" + feedback.FormatCode(late.Code), staff.Office, 1},
		{"q=dat+dai&kind=petition&status=assigned&unit=" + land, staff.Office, 1}, {"q=dat+dai&overdue=true", staff.Office, 0},
	} {
		var list struct {
			Items []caseJSON
			Next  *string
		}
		o.send("GET", casesPath+"?"+tt.query, "", who[tt.role]).into(t, &list)
		if len(list.Items) != tt.want || list.Next != nil {
			t.Errorf("%s asks for %q: %d cases, want %d", tt.role, tt.query, len(list.Items), tt.want)
		}
	}
	// Pages follow each other, the oldest due day first.
	var codes []string
	for after := ""; ; {
		var page struct {
			Items []caseJSON
			Next  *string
		}
		o.send("GET", casesPath+"?limit=1&after="+url.QueryEscape(after), "", who[staff.Office]).into(t, &page)
		for _, c := range page.Items {
			codes = append(codes, c.Code)
		}
		if page.Next == nil {
			break
		}
		after = *page.Next
	}
	if len(codes) != 3 || codes[0] != feedback.FormatCode(late.Code) {
		t.Errorf("%v", codes)
	}
	p := o.problem(o.send("GET", casesPath+"?status=open&kind=report&unit=phong-mo&overdue=false", "", who[staff.Office]), 422)
	if p.fields() != "status choice, kind choice, unit unknown, overdue choice" {
		t.Error(p.fields())
	}
	for _, q := range []string{"limit=0", "limit=501", "limit=x", "after=x", "unit=%00", "after=%00"} {
		o.problem(o.send("GET", casesPath+"?"+q, "", who[staff.Office]), 422)
	}
}

// TestWhatOneMayNotSeeIsNotThere: to the byte, but for the request's id, as an
// unknown code, on every route and whatever is sent.
func TestWhatOneMayNotSeeIsNotThere(t *testing.T) {
	o := newOffice(t)
	hidden := map[string]*feedback.Case{
		"a denunciation":              o.sent(feedback.Denunciation),
		"a case about one's own unit": o.sent(feedback.Petition, func(in *feedback.Intake) { in.About.Unit = land }),
	}
	picture := func(in *feedback.Intake) { in.Files = []*feedback.File{picture(t, "x.png")} }
	hidden["a denunciation with a file"] = o.sent(feedback.Denunciation, picture)
	for name, k := range hidden {
		unknown := o.sent(feedback.Petition).Code
		unknown = unknown[:len(unknown)-1] + "?"
		file := "0"
		if len(k.Files) > 0 {
			file = k.Files[0].ID
		}
		roles := []staff.Role{staff.Unit, staff.Desk, staff.Office, staff.Leader}
		if k.Kind != feedback.Denunciation {
			roles = roles[:1]
		}
		for _, role := range roles {
			who := o.as(role)
			for _, r := range []struct{ method, path, body string }{
				{"GET", "", ""}, {"GET", "/files/" + file, ""}, {"GET", "/contact", ""},
				{"POST", "/steps", `{"step": "answer", "message": "x"}`}, {"POST", "/steps", `{"step": "accept"}`},
				{"POST", "/steps", `{"step": "extend", "version": 7}`}, {"POST", "/steps", `{"step": 1, "x": 2}`}, {"POST", "/steps", `{"step": "dance"}`},
				{"POST", "/steps", `{}`}, {"POST", "/steps", `[]`}, {"POST", "/steps", ``},
			} {
				answers := map[string]string{}
				for _, code := range []string{k.Code, unknown} {
					a := o.send(r.method, casesPath+"/"+url.PathEscape(code)+r.path, r.body, who)
					id := a.Header.Get("X-Request-Id")
					a.Header.Del("X-Request-Id")
					a.Header.Del("Date")
					answers[code] = strings.ReplaceAll(fmt.Sprint(a.StatusCode, a.Header, a.body), id, "ID")
					if a.StatusCode == 200 || a.StatusCode == 409 || a.StatusCode == 422 {
						t.Errorf("%s: %s %s as %s: %d", name, r.method, r.path, role, a.StatusCode)
					}
				}
				if answers[k.Code] != answers[unknown] {
					t.Errorf("%s: %s %s as %s:\n%s\nan unknown code:\n%s", name, r.method, r.path, role, answers[k.Code], answers[unknown])
				}
			}
		}
	}
}

func TestContactIsOnRecordBeforeItIsRead(t *testing.T) {
	o := newOffice(t)
	k := o.sent(feedback.Petition)
	secret := o.sent(feedback.Denunciation)
	nobody := o.sent(feedback.Petition, func(in *feedback.Intake) { in.Anonymous = true })
	inspection := o.as(staff.Inspection)
	read := func(code string) string {
		o.now = o.now.Add(time.Second) // entries of one moment have no order
		a := o.send("GET", casesPath+"/"+code+"/contact", "", inspection)
		return fmt.Sprint(a.StatusCode, " ", strings.TrimSpace(a.body))
	}
	if got := read(k.Code); got != `200 {"name":"Lê Thị Hoa","phone":"0905 123 456","email":null,"address":null}` {
		t.Error(got)
	}
	if got := read(nobody.Code); got != `200 {"name":null,"phone":null,"email":null,"address":null}` {
		t.Error(got)
	}
	read(secret.Code)
	entries := func(secrets bool) (list []string) {
		for _, e := range o.auditLog(staff.EntryFilter{Action: "case.contact", Secret: secrets}) {
			list = append(list, fmt.Sprint(e.Account, " ", e.Object, " ", e.Outcome, e.Detail))
		}
		slices.Reverse(list)
		return list
	}
	want := []string{"token/case-inspection case/" + k.Code + " []", "token/case-inspection case/" + nobody.Code + " []"}
	if got := entries(false); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if got := entries(true); len(got) != 3 {
		t.Errorf("%q", got)
	}
	// A contact that cannot be opened was asked for all the same.
	ring, err := feedback.NewRing(feedback.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	o.cases.UseKeys(ring)
	if got := read(k.Code); !strings.HasPrefix(got, "503") {
		t.Error(got)
	}
	if got := entries(false); len(got) != 4 || !slices.Contains(got[2:], want[0]) || !slices.Contains(got[2:], strings.Replace(want[0], "[]", "key_missing[]", 1)) {
		t.Errorf("%q", got)
	}
}

// picture is a file as an upload makes it.
func picture(t testing.TB, name string) *feedback.File {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	f, err := feedback.ReadFile(name, b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFilesAreForSavingOnly(t *testing.T) {
	o := newOffice(t)
	k := o.sent(feedback.Petition, func(in *feedback.Intake) {
		in.Files = []*feedback.File{picture(t, "giấy tờ (1).png"), picture(t, "scan.png")}
	})
	who := o.as(staff.Leader)
	var c caseJSON
	o.send("GET", casesPath+"/"+k.Code, "", who).into(t, &c)
	if len(c.Files) != 2 {
		t.Fatalf("%+v", c.Files)
	}
	for i, name := range []string{`attachment; filename="giay to (1).png"; filename*=utf-8''gi%E1%BA%A5y%20t%E1%BB%9D%20%281%29.png`, `attachment; filename=scan.png`} {
		a := o.send("GET", casesPath+"/"+k.Code+"/files/"+c.Files[i].ID, "", who)
		h := a.Header
		if a.StatusCode != 200 || !strings.HasPrefix(a.body, "\x89PNG") || h.Get("Content-Disposition") != name {
			t.Errorf("%d %s", a.StatusCode, h.Get("Content-Disposition"))
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") ||
			h.Get("Cache-Control") != "no-store" || h.Get("Content-Type") != "image/png" {
			t.Errorf("%v", h)
		}
	}
	other := o.sent(feedback.Petition)
	for _, path := range []string{k.Code + "/files/x", k.Code + "/files/..%2f..%2fkeys", other.Code + "/files/" + c.Files[0].ID} {
		o.problem(o.send("GET", casesPath+"/"+path, "", who), 404)
	}
}

// TestCodesAreInNoLog: neither of cases that are there nor of those that are not.
func TestCodesAreInNoLog(t *testing.T) {
	o := newOffice(t)
	k := o.sent(feedback.Petition)
	who := o.as(staff.Inspection)
	for _, path := range []string{"", "/contact", "/files/x"} {
		o.send("GET", casesPath+"/"+k.Code+path, "", who)
	}
	o.send("GET", casesPath+"?q="+k.Code, "", who)
	o.send("POST", casesPath+"/"+k.Code+"/steps", `{"step": "classify", "kind": "petition", "note": "mật mã"}`, who)
	o.send("POST", casesPath+"/"+k.Code+"/steps", `{"step": "accept"}`, who)
	if log := o.log.String(); strings.Contains(log, k.Code) || strings.Contains(log, "mật mã") || !strings.Contains(log, "/api/v1/cases/:code/steps") {
		t.Error(log)
	}
}
