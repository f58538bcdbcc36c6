package api_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"sipas/feedback"
	"sipas/internal/staff"
)

const bulkPath = "/lam-viec/vu-viec/giao"

// classified is a case that can be given to a unit.
func (o *office) classified(kind feedback.Kind, change ...func(*feedback.Intake)) *feedback.Case {
	o.t.Helper()
	k := o.sent(kind, change...)
	o.step(k.Code, o.as(staff.Inspection), "classify", `"kind": "`+string(kind)+`"`)
	return k
}

// assignMany sends the ticks of cases that a list showed at version 2.
func (o *office) assignMany(session string, cases []*feedback.Case, fields ...string) answer {
	o.t.Helper()
	v := url.Values{}
	for _, k := range cases {
		v.Add("case", k.Code+".2")
	}
	for i := 0; i+1 < len(fields); i += 2 {
		v.Set(fields[i], fields[i+1])
	}
	return o.send("POST", bulkPath, v.Encode(), form, session, local)
}

// unitOf is the unit that has a case.
func (o *office) unitOf(k *feedback.Case) string {
	o.t.Helper()
	k, err := o.cases.Case(o.t.Context(), feedback.Officer{Account: "x", Role: feedback.RoleInspection}, k.Code)
	if err != nil {
		o.t.Fatal(err)
	}
	return k.Unit
}

// TestManyCasesAtOnce: shown before, done one by one, and each that could not be
// is named with the reason.
func TestManyCasesAtOnce(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Desk)
	subject := func(s string) func(*feedback.Intake) { return func(in *feedback.Intake) { in.Subject = s } }
	one, two := o.classified(feedback.Petition, subject("<i>Một</i>")), o.classified(feedback.Question, subject("Hai"))
	stale := o.classified(feedback.Petition, subject("Ba"))
	about := o.classified(feedback.Petition, subject("Bốn"), func(in *feedback.Intake) { in.About.Unit = land })
	cases := []*feedback.Case{one, two, stale, about}

	list := o.send("GET", "/lam-viec/vu-viec", "", session).body
	for _, k := range cases {
		if !strings.Contains(list, `name="case" value="`+k.Code+`.2" form="giao"`) {
			t.Errorf("%s cannot be ticked", k.Subject)
		}
	}
	if list := o.send("GET", "/lam-viec/vu-viec", "", o.signIn(staff.Leader)).body; strings.Contains(list, `form="giao"`) || !strings.Contains(list, "Hai") {
		t.Error("a leader can tick cases, or sees none")
	}

	a := o.assignMany(session, cases, "unit", land)
	if a.StatusCode != 200 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	for _, want := range []string{"<h1>3 vụ việc sẽ giao cho Phòng Quản lý đất đai</h1>", "1 vụ việc không giao được", "chính đơn vị này",
		"&lt;i&gt;Một&lt;/i&gt;", `name="case" value="` + one.Code + `.2"`, "Giao 3 vụ việc"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("before: the page lacks %q", want)
		}
	}
	if strings.Contains(a.body, `name="case" value="`+about.Code) {
		t.Error("what cannot be given is sent on")
	}
	if o.unitOf(one) != "" {
		t.Fatal("given before it was shown")
	}

	// Somebody was faster with the third.
	o.step(stale.Code, o.as(staff.Office), "assign", `"unit": "`+registry+`"`)
	for _, again := range []bool{false, true} { // the page sent twice says the same
		a = o.assignMany(session, cases[:3], "unit", land, "do", "send", "note", "xử lý gộp")
		for _, want := range []string{"Đã giao 2 trong 3 vụ việc cho Phòng Quản lý đất đai", "1 vụ việc chưa giao", "Người khác vừa xử lý vụ việc này", "2 vụ việc đã giao",
			"<td class=\"\" data-label=\"Hiện nay\">Đang giải quyết<small>Phòng Quản lý đất đai</small></td>"} {
			if a.StatusCode != 200 || !strings.Contains(a.body, want) {
				t.Errorf("after (again: %v): %d, the page lacks %q", again, a.StatusCode, want)
			}
		}
	}
	for want, list := range map[string][]*feedback.Case{land: {one, two}, registry: {stale}, "": {about}} {
		for _, k := range list {
			if got := o.unitOf(k); got != want {
				t.Errorf("%s is with %q, want %q", k.Subject, got, want)
			}
		}
	}
	if c := o.send("GET", casesPath+"/"+one.Code, "", o.as(staff.Office)); strings.Count(c.body, "xử lý gộp") != 1 {
		t.Errorf("the note: %s", c.body)
	}
	entries, _, err := o.staff.Entries(t.Context(), staff.EntryFilter{Account: "test-desk", Action: "case.step"}, 10, "")
	if err != nil || len(entries) != 2 {
		t.Errorf("%d steps on record (%v)", len(entries), err)
	}
}

// TestManyCasesFormComesBack with the ticks and what was typed.
func TestManyCasesFormComesBack(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Office)
	k := o.classified(feedback.Petition)
	for _, tt := range []struct {
		name         string
		cases        []*feedback.Case
		fields, want []string
	}{
		{"nothing ticked", nil, []string{"unit", land}, []string{"Chưa đánh dấu vụ việc nào"}},
		{"no unit", []*feedback.Case{k}, []string{"note", "đã gõ"}, []string{`href="#unit"`, "đã gõ</textarea>", k.Code + ".2"}},
		{"an unknown unit", []*feedback.Case{k}, []string{"unit", "phong-mo", "do", "send"}, []string{`href="#unit"`, k.Code + ".2"}},
		{"a long note", []*feedback.Case{k}, []string{"unit", land, "do", "send", "note", strings.Repeat("ễ", 10_001)},
			[]string{`href="#note"`, strings.Repeat("ễ", 10_001) + "</textarea>", `value="` + land + `" selected`}},
	} {
		a := o.assignMany(session, tt.cases, tt.fields...)
		if a.StatusCode != 422 {
			t.Errorf("%s: %d", tt.name, a.StatusCode)
		}
		for _, want := range tt.want {
			if !strings.Contains(a.body, want) {
				t.Errorf("%s: the page lacks %q", tt.name, want)
			}
		}
	}
	if o.unitOf(k) != "" {
		t.Error("given all the same")
	}
	if a := o.post(bulkPath, session, "case", k.Code, "unit", land); a.StatusCode != 400 {
		t.Errorf("a tick without a version: %d", a.StatusCode)
	}
	many := url.Values{"unit": {land}}
	for i := range 201 {
		many.Add("case", fmt.Sprintf("K%d.1", i))
	}
	if a := o.send("POST", bulkPath, many.Encode(), form, session, local); a.StatusCode != 422 || !strings.Contains(a.body, "201") {
		t.Errorf("201 ticks: %d", a.StatusCode)
	}
	if a := o.send("GET", bulkPath, "", session); a.StatusCode != 303 || a.Header.Get("Location") != "/lam-viec/vu-viec" {
		t.Errorf("the address, typed: %d", a.StatusCode)
	}
}

// TestManyCasesTellOfNone: a denunciation, and a case that the officer may not
// see, are like a code that is none.
func TestManyCasesTellOfNone(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Desk)
	hidden := map[string]string{"a denunciation": o.classified(feedback.Denunciation).Code, "another's complaint": o.classified(feedback.Complaint).Code}
	for _, do := range []string{"", "send"} {
		page := func(code string) string {
			a := o.send("POST", bulkPath, url.Values{"case": {code + ".2"}, "unit": {inspect}, "do": {do}}.Encode(), form, session, local)
			return fmt.Sprint(a.StatusCode) + sameBut(a, code)
		}
		none := page("K7MX2ART9HC")
		for name, code := range hidden {
			if page(code) != none {
				t.Errorf("%s (%q) is not like none", name, do)
			}
		}
	}
	// The inspection gives a denunciation to itself, and to nobody else.
	k := o.classified(feedback.Denunciation)
	account := o.account(staff.Inspection)
	account.ID, account.Unit = "thanh-tra", inspect
	if err := o.staff.AddAccount(t.Context(), account, password, o.now); err != nil {
		t.Fatal(err)
	}
	inspection := o.signIn(staff.Inspection)
	if a := o.assignMany(inspection, []*feedback.Case{k}, "unit", land, "do", "send"); !strings.Contains(a.body, "chỉ giao trong Thanh tra") || o.unitOf(k) != "" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

// TestWhatThereIsToDo on the first page, by role.
func TestWhatThereIsToDo(t *testing.T) {
	o := newOffice(t)
	o.assigned()
	o.sent(feedback.Complaint)
	o.classified(feedback.Denunciation)
	for role, want := range map[staff.Role]string{
		staff.Office: "2 0 0 0", staff.Leader: "2 0 0 0", staff.Desk: "1 0 0 0", staff.Inspection: "2 0 0 0 1, trong đó 0 quá hạn",
		staff.Unit: "0 0 0 0", staff.Admin: "",
	} {
		page := o.send("GET", "/lam-viec/", "", o.signIn(role)).body
		var got []string
		for _, part := range strings.Split(page, `<a href="/lam-viec/vu-viec?`)[1:] {
			_, rest, _ := strings.Cut(part, ">")
			text, _, _ := strings.Cut(rest, "<")
			got = append(got, text)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: %q, want %q", role, s, want)
		}
	}
}
