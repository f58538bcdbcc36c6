package api_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"sipas/feedback"
	"sipas/internal/staff"
)

const queuePath = "/lam-viec/vu-viec"

func caseAddress(k *feedback.Case) string { return queuePath + "/" + feedback.FormatCode(k.Code) }

// takesStep sends the form of a step as the page has it.
func (o *office) takesStep(k *feedback.Case, cookie, step string, version int, fields ...string) answer {
	o.t.Helper()
	v := url.Values{"version": {strconv.Itoa(version)}}
	for i := 0; i+1 < len(fields); i += 2 {
		v.Set(fields[i], fields[i+1])
	}
	return o.send("POST", caseAddress(k)+"/buoc/"+step, v.Encode(), cookie, local, form)
}

// TestQueueByRole: everybody finds what is theirs, the oldest due day first, and
// what is not as if it were not there.
func TestQueueByRole(t *testing.T) {
	o := newOffice(t)
	titled := func(s string) func(*feedback.Intake) { return func(in *feedback.Intake) { in.Subject = s } }
	o.sent(feedback.Question, titled("Câu hỏi sau"))
	early := o.now
	o.now = early.AddDate(0, 0, -9)
	petition := o.sent(feedback.Petition, titled("Kiến nghị trước"))
	o.now = early
	complaint, secret := o.sent(feedback.Complaint, titled("Khiếu nại")), o.sent(feedback.Denunciation, titled("Đơn kín"))
	for role, want := range map[staff.Role][]string{
		staff.Desk:       {"Kiến nghị trước", "Câu hỏi sau"},
		staff.Unit:       nil,
		staff.Inspection: {"Khiếu nại", "Kiến nghị trước", "Câu hỏi sau"},
		staff.Office:     {"Khiếu nại", "Kiến nghị trước", "Câu hỏi sau"},
		staff.Leader:     {"Khiếu nại", "Kiến nghị trước", "Câu hỏi sau"},
	} {
		cookie := o.signIn(role)
		body := o.send("GET", queuePath, "", cookie, local).body
		last := -1
		for _, title := range want {
			at := strings.Index(body, title)
			if at < 0 || role != staff.Inspection && role != staff.Office && role != staff.Leader && at < last {
				t.Errorf("%s does not find %q in its place", role, title)
			}
			last = at
		}
		for _, title := range []string{"Khiếu nại</a>", "Kiến nghị trước", "Câu hỏi sau", "Đơn kín", feedback.FormatCode(secret.Code)} {
			if wanted := strings.Contains(strings.Join(want, "</a>")+"</a>", title); strings.Contains(body, title) && !wanted {
				t.Errorf("%s finds %q", role, title)
			}
		}
		if got := o.send("GET", caseAddress(complaint), "", cookie, local).StatusCode; (got == 200) != (role != staff.Desk && role != staff.Unit) {
			t.Errorf("%s: the complaint: %d", role, got)
		}
		asked, unknown := o.send("GET", caseAddress(secret), "", cookie, local), o.send("GET", queuePath+"/KKKK-KKKK-KKK", "", cookie, local)
		id := regexp.MustCompile(`[0-9a-f]{12,}`)
		if role == staff.Inspection {
			if asked.StatusCode != http.StatusOK || !strings.Contains(asked.body, "Đơn kín") {
				t.Errorf("the inspection reads a denunciation: %d", asked.StatusCode)
			}
		} else if asked.StatusCode != http.StatusNotFound || id.ReplaceAllString(strings.ReplaceAll(asked.body, feedback.FormatCode(secret.Code), "KKKK-KKKK-KKK"), "") != id.ReplaceAllString(unknown.body, "") {
			t.Errorf("%s: a denunciation is not as good as unknown: %d", role, asked.StatusCode)
		}
		own := o.send("GET", queuePath+"?kind=denunciation", "", cookie, local)
		if strings.Contains(own.body, "Đơn kín") != (role == staff.Inspection) {
			t.Errorf("%s: the queue of denunciations", role)
		}
	}
	o.now = o.now.AddDate(0, 0, 40)
	if body := o.send("GET", queuePath+"?state=overdue&q=kien+nghi", "", o.signIn(staff.Office), local).body; !strings.Contains(body, "Quá hạn") ||
		!strings.Contains(body, feedback.FormatCode(petition.Code)) || strings.Contains(body, "Câu hỏi sau") {
		t.Errorf("overdue: %s", body)
	}
}

// TestStepIsPreviewedAndSent: what the sender will read is shown once before it
// goes, and nothing is stored until then.
func TestStepIsPreviewedAndSent(t *testing.T) {
	o := newOffice(t)
	k, cookie := o.sent(feedback.Petition), o.signIn(staff.Office)
	if a := o.takesStep(k, cookie, "classify", 1, "kind", "petition"); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("classify: %d %s", a.StatusCode, a.body)
	}
	desk := o.signIn(staff.Desk)
	words := []string{"message", "Mời ông bà <b>đến</b> nhận", "note", "gọi lại chiều nay"}
	a := o.takesStep(k, desk, "answer", 2, words...)
	if a.StatusCode != http.StatusOK || !strings.Contains(a.body, "Người gửi sẽ đọc như sau") || !strings.Contains(a.body, "Mời ông bà &lt;b&gt;đến") {
		t.Fatalf("preview: %d %s", a.StatusCode, a.body)
	}
	if now, _ := o.cases.Case(t.Context(), frontDesk, k.Code); now.Version() != 2 {
		t.Error("the preview stored something")
	}
	back := o.takesStep(k, desk, "answer", 2, append(words, "back", "1", "sure", "")...)
	if !strings.Contains(back.body, `>Mời ông bà &lt;b&gt;đến&lt;/b&gt; nhận</textarea>`) || !strings.Contains(back.body, "gọi lại chiều nay</textarea>") {
		t.Errorf("back to the fields: %s", back.body)
	}
	if sent := o.takesStep(k, desk, "answer", 2, append(words, "sure", "1")...); sent.StatusCode != http.StatusSeeOther {
		t.Fatalf("sent: %d %s", sent.StatusCode, sent.body)
	}
	page := o.send("GET", caseAddress(k), "", desk, local).body
	public, internal := strings.Index(page, "Mời ông bà &lt;b&gt;"), strings.Index(page, "gọi lại chiều nay")
	if public < 0 || internal < 0 || strings.LastIndex(page[:public], `class="public"`) < strings.LastIndex(page[:public], `class="internal"`) ||
		strings.LastIndex(page[:internal], `class="internal"`) < strings.LastIndex(page[:internal], `class="public"`) {
		t.Error("message and note do not stand on grounds of their own")
	}
}

// TestBackWins: the button that leads back to the fields does so on the page of
// the preview, which has been seen.
func TestBackWins(t *testing.T) {
	o := newOffice(t)
	k, cookie := o.sent(feedback.Petition), o.signIn(staff.Desk)
	o.takesStep(k, cookie, "classify", 1, "kind", "petition")
	a := o.takesStep(k, cookie, "answer", 2, "message", "Chưa xong", "sure", "1", "back", "1")
	if now, _ := o.cases.Case(t.Context(), frontDesk, k.Code); a.StatusCode != http.StatusOK || now.Version() != 2 {
		t.Errorf("going back sent it: %d", a.StatusCode)
	}
}

// TestSecondOfficerKeepsTheText: who comes second is told what happened and keeps
// what was typed.
func TestSecondOfficerKeepsTheText(t *testing.T) {
	o := newOffice(t)
	k, cookie := o.sent(feedback.Petition), o.signIn(staff.Desk)
	o.takesStep(k, cookie, "classify", 1, "kind", "petition")
	o.takes(k.Code, feedback.Assign, feedback.Officer{Account: "van-phong-1", Role: feedback.RoleOffice}, feedback.StepInput{Unit: land})
	for _, sure := range []string{"", "1"} {
		a := o.takesStep(k, cookie, "answer", 2, "message", "Câu trả lời dài", "note", "ghi chú", "sure", sure)
		if a.StatusCode != http.StatusConflict || !strings.Contains(a.body, "Câu trả lời dài</textarea>") || !strings.Contains(a.body, "ghi chú</textarea>") ||
			!strings.Contains(a.body, "Giao cho Phòng Quản lý đất đai (van-phong-1") || !strings.Contains(a.body, `name="version" value="3"`) {
			t.Errorf("sure %q: %d %s", sure, a.StatusCode, a.body)
		}
	}
	if a := o.takesStep(k, cookie, "answer", 0, "message", "x", "sure", "1"); a.StatusCode != http.StatusConflict {
		t.Errorf("without a version: %d", a.StatusCode)
	}
}

// TestStepMistakes: every field is named, and what was typed stays.
func TestStepMistakes(t *testing.T) {
	o := newOffice(t)
	k := o.sent(feedback.Petition, func(in *feedback.Intake) { in.About.Unit = registry })
	cookie := o.signIn(staff.Office)
	o.takesStep(k, cookie, "classify", 1, "kind", "petition")
	for _, test := range []struct{ step, fields, want string }{
		{"assign", "", `href="#unit"`},
		{"assign", "unit " + registry, `href="#unit"`},
		{"transfer", "", `href="#to"`},
		{"transfer", "", `href="#message"`},
	} {
		a := o.takesStep(k, cookie, test.step, 2, append(strings.Fields(test.fields), "note", "giữ lại")...)
		if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.body, test.want) || !strings.Contains(a.body, "giữ lại</textarea>") {
			t.Errorf("%s %s: %d %s", test.step, test.fields, a.StatusCode, a.body)
		}
	}
	if page := o.send("GET", caseAddress(k)+"/buoc/assign", "", cookie, local).body; strings.Contains(page, `value="`+registry+`"`) {
		t.Error("the unit that it is about is offered")
	}
	if a := o.takesStep(k, o.signIn(staff.Desk), "answer", 2, "message", strings.Repeat("ữ", 200_000)); a.StatusCode != 422 || !strings.Contains(a.body, "ữữữữ</textarea>") {
		t.Errorf("200,000 characters: %d", a.StatusCode)
	}
	if a := o.send("GET", caseAddress(k)+"/buoc/accept", "", cookie, local); a.StatusCode != http.StatusForbidden {
		t.Errorf("a step of another role: %d", a.StatusCode)
	}
	if a := o.send("GET", caseAddress(k)+"/buoc/close", "", cookie, local); a.StatusCode != http.StatusConflict {
		t.Errorf("a step that is not allowed now: %d", a.StatusCode)
	}
	if a := o.send("GET", caseAddress(k)+"/buoc/nothing", "", cookie, local); a.StatusCode != http.StatusNotFound {
		t.Errorf("no step: %d", a.StatusCode)
	}
}

// TestContactIsShownOnRecord: it is in no page unless it was asked for, and that
// is in the audit log before.
func TestContactIsShownOnRecord(t *testing.T) {
	o := newOffice(t)
	k, desk := o.sent(feedback.Petition), o.signIn(staff.Desk)
	if page := o.send("GET", caseAddress(k), "", desk, local).body; strings.Contains(page, "Lê Thị Hoa") || !strings.Contains(page, "/lien-he") {
		t.Errorf("the page without asking: %s", page)
	}
	if page := o.send("POST", caseAddress(k)+"/lien-he", "", desk, local, form).body; !strings.Contains(page, "Lê Thị Hoa") || !strings.Contains(page, "0905 123 456") {
		t.Errorf("asked for: %s", page)
	}
	if entries := o.entries("case.contact"); len(entries) != 1 {
		t.Errorf("on record: %v", entries)
	}
	if page := o.send("GET", caseAddress(k), "", o.signIn(staff.Office), local).body; strings.Contains(page, "/lien-he") {
		t.Error("the office is offered the contact")
	}
	mend := o.refuse("audit")
	if a := o.send("POST", caseAddress(k)+"/lien-he", "", desk, local, form); strings.Contains(a.body, "Lê Thị Hoa") {
		t.Error("shown without a record")
	}
	mend()
}

// TestStepOutOfSight: who gives a case away is told so and led back to the queue.
func TestStepOutOfSight(t *testing.T) {
	o := newOffice(t)
	k, desk := o.sent(feedback.Petition), o.signIn(staff.Desk)
	a := o.takesStep(k, desk, "classify", 1, "kind", "denunciation", "sure", "1")
	if a.StatusCode != http.StatusSeeOther || !strings.HasPrefix(a.Header.Get("Location"), queuePath+"?") || strings.Contains(a.Header.Get("Location"), feedback.FormatCode(k.Code)) {
		t.Errorf("%d %s", a.StatusCode, a.Header.Get("Location"))
	}
}

// TestApologyForALateAnswer: once the term is over, the way on is an apology with
// a new day.
func TestApologyForALateAnswer(t *testing.T) {
	o := newOffice(t)
	k := o.assigned()
	o.now = o.now.AddDate(0, 0, 30)
	cookie := o.signIn(staff.Office)
	if page := o.send("GET", caseAddress(k)+"/buoc/extend", "", cookie, local).body; !strings.Contains(page, `name="apology"`) {
		t.Fatalf("no apology is offered: %s", page)
	}
	day := o.now.AddDate(0, 0, 7)
	for day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		day = day.AddDate(0, 0, 1)
	}
	a := o.takesStep(k, cookie, "extend", 3, "apology", "1", "until", day.Format("2006-01-02"), "message", "Xin lỗi ông bà", "sure", "1")
	if page := o.send("GET", caseAddress(k), "", cookie, local).body; a.StatusCode != http.StatusSeeOther || !strings.Contains(page, "Xin lỗi và hẹn lại ngày "+day.Format("02/01/2006")) {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}
