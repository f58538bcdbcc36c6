package api_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"
	"testing"

	"sipas/feedback"
	"sipas/internal/staff"
	"sipas/seeds"
)

// retained loads the shipped times.
func (o *office) retained() {
	o.t.Helper()
	d, err := seeds.Load()
	if err == nil {
		_, err = o.cases.MergeRetention(o.t.Context(), d.Retention)
	}
	if err == nil {
		err = o.survey.Changed(o.t.Context())
	}
	if err == nil {
		err = o.cases.Reload(o.t.Context())
	}
	if err != nil {
		o.t.Fatal(err)
	}
}

// over ends a case by its withdrawal.
func (o *office) over(k *feedback.Case) *feedback.Case {
	o.t.Helper()
	who := feedback.Officer{Account: "x", Role: feedback.RoleInspection, Unit: "thanh-tra-so"}
	e, err := k.Next(feedback.Withdraw, who, feedback.StepInput{Note: "ghi chú kín"}, o.cases.Rules(), o.now)
	if err != nil {
		o.t.Fatal(err)
	}
	if k, err = o.cases.Apply(o.t.Context(), k, e); err != nil {
		o.t.Fatal(err)
	}
	return k
}

// TestEraseOnRequest: the office erases a case that is over, once it has said why
// and typed its code; everybody then reads that it was erased, and nothing else.
func TestEraseOnRequest(t *testing.T) {
	o := newOffice(t)
	o.retained()
	running, secret := o.sent(feedback.Petition), o.over(o.sent(feedback.Denunciation))
	k := o.over(o.sent(feedback.Petition, func(in *feedback.Intake) {
		in.Subject, in.Content, in.Files = "Việc riêng", "Chuyện kín của tôi", []*feedback.File{picture(t, "kín.png")}
	}))
	office, desk := o.signIn(staff.Office), o.signIn(staff.Desk)
	path := "/lam-viec/vu-viec/" + feedback.FormatCode(k.Code)
	if a := o.send("GET", path, "", office, local); !strings.Contains(a.body, path+"/xoa") {
		t.Error("the case leads to no erasure")
	}
	if a := o.send("GET", path, "", desk, local); strings.Contains(a.body, path+"/xoa") {
		t.Error("the desk is offered the erasure")
	}
	post := func(code, reason, typed string) answer {
		return o.send("POST", "/lam-viec/vu-viec/"+code+"/xoa", url.Values{"reason": {reason}, "code": {typed}}.Encode(), form, office, local)
	}
	for _, tt := range []struct{ reason, typed, href string }{
		{"", k.Code, "#reason"}, {"expired", k.Code, "#reason"}, {"request", "", "#code"}, {"request", running.Code, "#code"}, {"request", "xóa", "#code"},
	} {
		if a := post(k.Code, tt.reason, tt.typed); a.StatusCode != 422 || !strings.Contains(a.body, `href="`+tt.href+`"`) {
			t.Errorf("%q, %q: %d", tt.reason, tt.typed, a.StatusCode)
		}
	}
	if a := post(running.Code, "request", running.Code); a.StatusCode != 409 {
		t.Errorf("a running case: %d", a.StatusCode)
	}
	if a := post(secret.Code, "request", secret.Code); a.StatusCode != 404 {
		t.Errorf("a denunciation, by the office: %d", a.StatusCode)
	}
	if got := o.auditLog(staff.EntryFilter{Action: "case.erase"}); len(got) != 0 {
		t.Errorf("nothing was erased, and on record are %+v", got)
	}
	for range 2 { // sent twice it is done once
		if a := post(k.Code, "request", strings.ToLower(feedback.FormatCode(k.Code))); a.StatusCode != 303 || !strings.HasPrefix(a.Header.Get("Location"), path+"?") {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
	}
	log := o.auditLog(staff.EntryFilter{Action: "case.erase"})
	if len(log) != 1 || log[0].Object != "case/"+k.Code || !slices.Equal(log[0].Detail, []string{"reason=request"}) {
		t.Errorf("on record: %+v", log)
	}
	for name, a := range map[string]answer{
		"the office": o.send("GET", path, "", office, local), "the desk": o.send("GET", path, "", desk, local),
		"a program": o.send("GET", casesPath+"/"+k.Code, "", o.as(staff.Office)),
	} {
		if a.StatusCode != 200 || strings.Contains(a.body, "kín") || strings.Contains(a.body, "riêng") && name == "a program" || strings.Contains(a.body, "/lien-he") {
			t.Errorf("%s reads %d %s", name, a.StatusCode, a.body)
		}
		if name != "a program" && (!strings.Contains(a.body, "đã được xóa") || strings.Contains(a.body, "/ban-sao") || strings.Contains(a.body, "/xoa\"")) {
			t.Errorf("%s is not told that it was erased", name)
		}
	}
	if a := o.send("GET", path+"/xoa", "", office, local); a.StatusCode != 200 || strings.Contains(a.body, `name="code"`) {
		t.Errorf("once more: %d", a.StatusCode)
	}
	var figures caseFiguresJSON
	o.send("GET", casesPath+"/statistics", "", o.as(staff.Office)).into(t, &figures)
	if figures.Overall.Received != 2 || figures.Overall.Withdrawn != 1 {
		t.Errorf("figures %+v", figures.Overall)
	}
}

type caseFiguresJSON struct {
	Overall struct{ Received, Withdrawn int }
}

// TestSenderIsToldOfTheErasure: on the page and in JSON, in both languages, with no
// form left that could not be taken.
func TestSenderIsToldOfTheErasure(t *testing.T) {
	o := newOffice(t)
	a := o.send("POST", "/api/v1/feedback", `{"key": "key-12345678", "kind": "petition", "content": "Chuyện kín", "consent": true}`)
	var receipt struct{ Code, Secret string }
	a.into(t, &receipt)
	k, err := o.cases.ByLookup(t.Context(), receipt.Code, receipt.Secret)
	if err != nil {
		t.Fatal(err)
	}
	k = o.over(k)
	e, err := k.Erase(feedback.Officer{Account: "x", Role: feedback.RoleOffice}, feedback.ReasonUnlawful, o.cases.Rules(), o.now)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(o.cases.TakeWords(t.Context(), k, e), o.cases.EndErasures(t.Context())); err != nil {
		t.Fatal(err)
	}
	pair := url.Values{"code": {receipt.Code}, "secret": {receipt.Secret}}.Encode()
	for lang, says := range map[string]string{"vi": "đã được xóa", "en": "were erased"} {
		if a := o.send("POST", "/tra-cuu?lang="+lang, pair, form); a.StatusCode != 200 || !strings.Contains(a.body, says) || strings.Contains(a.body, "<textarea id=\"message\"") || strings.Contains(a.body, "kín") {
			t.Errorf("%s: %d %s", lang, a.StatusCode, a.body)
		}
	}
	if a := o.send("POST", "/api/v1/feedback/lookup", `{"code": "`+receipt.Code+`", "secret": "`+receipt.Secret+`"}`); a.StatusCode != 200 || !strings.Contains(a.body, `"step":"erase"`) || !strings.Contains(a.body, `"allowed":[]`) {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

// TestRetentionRun: the list shows what would go and why; what it listed goes, in
// one run, and each is reported. Nothing else does.
func TestRetentionRun(t *testing.T) {
	o := newOffice(t)
	o.retained()
	question, petition := o.over(o.sent(feedback.Question)), o.over(o.sent(feedback.Petition))
	secret := o.over(o.sent(feedback.Denunciation))
	const path = "/lam-viec/vu-viec/luu-tru"
	shows := func(a answer, k *feedback.Case) bool {
		return strings.Contains(a.body, "/lam-viec/vu-viec/"+feedback.FormatCode(k.Code))
	}
	if a := o.send("GET", path, "", o.signIn(staff.Office), local); a.StatusCode != 200 || shows(a, question) || !strings.Contains(a.body, "Chưa xác nhận") || strings.Contains(a.body, `name="number"`) {
		t.Errorf("at first: %d", a.StatusCode)
	}
	o.now = o.now.AddDate(1, 0, 1)
	office := o.signIn(staff.Office)
	if a := o.send("GET", path, "", office, local); !shows(a, question) || shows(a, petition) || shows(a, secret) || !strings.Contains(a.body, "1 năm sau việc cuối cùng") {
		t.Error("after a year the list is another one")
	}
	run := func(number string, codes ...string) answer {
		return o.send("POST", path, url.Values{"number": {number}, "case": codes}.Encode(), form, office, local)
	}
	for _, tt := range []struct {
		number string
		codes  []string
	}{{"", []string{question.Code}}, {"2", []string{question.Code}}, {"0", nil}} {
		if a := run(tt.number, tt.codes...); a.StatusCode != 422 || !strings.Contains(a.body, `value="`+tt.number+`"`) {
			t.Errorf("%q for %d cases: %d", tt.number, len(tt.codes), a.StatusCode)
		}
	}
	a := run("3", question.Code, petition.Code, secret.Code)
	if a.StatusCode != 200 || !strings.Contains(a.body, "Đã xóa 1 trong 3 vụ việc") || !strings.Contains(a.body, "Chưa hết thời hạn lưu") {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	for _, x := range []struct {
		k    *feedback.Case
		gone bool
	}{{question, true}, {petition, false}, {secret, false}} {
		who := feedback.Officer{Account: "x", Role: feedback.RoleInspection}
		if now, err := o.cases.Case(t.Context(), who, x.k.Code); err != nil || now.Erased() != x.gone {
			t.Errorf("%s: %v", x.k.Kind, err)
		}
	}
	if log := o.auditLog(staff.EntryFilter{Action: "case.erase"}); len(log) != 1 || !slices.Equal(log[0].Detail, []string{"reason=expired"}) {
		t.Errorf("on record: %+v", log)
	}
	o.now = o.now.AddDate(15, 0, 0)
	if a := o.send("GET", path, "", o.signIn(staff.Inspection), local); !shows(a, secret) || shows(a, petition) {
		t.Error("the inspection's list is not of the denunciations")
	}
}

// TestCopyForTheSender: whoever may see the contact gets a zip file with a page and
// the files; it has what the sender wrote and is told, no note, and is on record.
func TestCopyForTheSender(t *testing.T) {
	o := newOffice(t)
	o.retained()
	k := o.over(o.sent(feedback.Petition, func(in *feedback.Intake) {
		in.Files = []*feedback.File{picture(t, "giấy tờ.png"), picture(t, "giấy tờ.png")}
	}))
	secret := o.sent(feedback.Denunciation)
	desk := o.signIn(staff.Desk)
	a := o.send("POST", "/lam-viec/vu-viec/"+k.Code+"/ban-sao", "", form, desk, local)
	if a.StatusCode != 200 || a.Header.Get("Content-Type") != "application/zip" || a.Header.Get("Cache-Control") != "no-store" ||
		!strings.Contains(a.Header.Get("Content-Disposition"), "ban-sao-"+feedback.FormatCode(k.Code)+".zip") {
		t.Fatalf("%d %v", a.StatusCode, a.Header)
	}
	z, err := zip.NewReader(bytes.NewReader([]byte(a.body)), int64(len(a.body)))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		got[f.Name] = string(b)
	}
	page := got["vu-viec.html"]
	for _, has := range []string{"Lê Thị Hoa", "0905 123 456", k.Content, k.Subject, "tep-1-giấy tờ.png", "tep-2-giấy tờ.png", "1 ghi chú nội bộ", feedback.FormatCode(k.Code)} {
		if !strings.Contains(page, has) {
			t.Errorf("the page lacks %q", has)
		}
	}
	if strings.Contains(page, "ghi chú kín") || strings.Contains(page, "<script") || strings.Contains(page, "href=\"/") {
		t.Error("the page has a note of officers, a script, or a link to the server")
	}
	if len(got) != 3 || !strings.HasPrefix(got["tep-1-giấy tờ.png"], "\x89PNG") || got["tep-1-giấy tờ.png"] != got["tep-2-giấy tờ.png"] {
		t.Errorf("%d files", len(got))
	}
	if log := o.auditLog(staff.EntryFilter{Action: "case.copy"}); len(log) != 1 || log[0].Object != "case/"+k.Code {
		t.Errorf("on record: %+v", log)
	}
	if a := o.send("POST", "/lam-viec/vu-viec/"+secret.Code+"/ban-sao", "", form, desk, local); a.StatusCode != 404 {
		t.Errorf("a denunciation, by the desk: %d", a.StatusCode)
	}
}

// TestPrivacyPageSaysHowLong: the notice has the times that are in force, and what
// senders may ask for.
func TestPrivacyPageSaysHowLong(t *testing.T) {
	o := newOffice(t)
	o.retained()
	for lang, says := range map[string][]string{
		"vi": {"Phản ánh, kiến nghị: 2 năm", "Tố cáo: 15 năm", "yêu cầu xóa khi vụ việc đã xong"},
		"en": {"Petition: 2 years", "Question: 1 year<", "Denunciation: 15 years", "erased once the case is over"},
	} {
		a := o.send("GET", "/quyen-rieng-tu?lang="+lang, "")
		for _, s := range says {
			if !strings.Contains(a.body, s) {
				t.Errorf("%s: it does not say %q", lang, s)
			}
		}
	}
}
