package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"mime/multipart"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"sipas/feedback"
)

// given is the receipt of POST /feedback.
type given struct {
	Code, Secret, Kind, Status, Term string
	DueAt                            time.Time
	DueExplained                     []struct {
		Date, Why, Code string
		Counted         bool
	}
}

// petition is a whole body in JSON, with members put in or over its own.
func petition(key string, members ...any) string {
	m := map[string]any{"key": key, "kind": "petition", "content": "Hẹn ba lần chưa trả kết quả", "consent": true}
	for i := 0; i < len(members); i += 2 {
		m[members[i].(string)] = members[i+1]
	}
	b, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	return string(b)
}

const feedbackAPI = "/api/v1/feedback"

func TestFeedbackGetsAReceipt(t *testing.T) {
	for _, tt := range []struct {
		kind, term string
		due        string // counted by hand from Tuesday, 30 June 2026, noon
		days       int
	}{
		{"petition", "resolve", "2026-07-21", 22},   // 15 working days
		{"complaint", "register", "2026-07-10", 11}, // 10 days
		{"denunciation", "register", "2026-07-09", 10},
		{"question", "resolve", "2026-07-21", 22},
		{"praise", "resolve", "2026-07-21", 22},
	} {
		t.Run(tt.kind, func(t *testing.T) {
			o := newOffice(t)
			body := petition(key(1), "kind", tt.kind, "subject", "Trả kết quả chậm", "area", "dat-dai",
				"about", map[string]string{"unit": "phong-quan-ly-dat-dai", "officer": "Trần Văn Một"},
				"contact", map[string]string{"name": "Nguyễn Văn Dân", "phone": "0905 123 456"}, "publish", true, "lang", "vi")
			a := o.send("POST", feedbackAPI, body)
			var r given
			if a.into(t, &r); a.StatusCode != 201 || a.Header.Get("Cache-Control") != "no-store" {
				t.Fatalf("%d %q %s", a.StatusCode, a.Header.Get("Cache-Control"), a.body)
			}
			if r.Kind != tt.kind || r.Status != "received" || r.Term != tt.term {
				t.Errorf("%+v", r)
			}
			if got := r.DueAt.Format(time.RFC3339); got != tt.due+"T23:59:59+07:00" {
				t.Errorf("due %s", got)
			}
			if d := r.DueExplained; len(d) != tt.days || d[0].Code != "receipt_day" || d[0].Counted || d[len(d)-1].Date != tt.due {
				t.Errorf("%d days: %+v", len(d), d)
			}
			c, err := o.cases.ByLookup(t.Context(), strings.ToLower(r.Code), r.Secret)
			if err != nil {
				t.Fatal(err)
			}
			if c.Content != "Hẹn ba lần chưa trả kết quả" || c.Subject != "Trả kết quả chậm" || c.About.Unit != "phong-quan-ly-dat-dai" ||
				c.About.Officer != "Trần Văn Một" || !c.Publish || c.Taken != (feedback.Taken{}) {
				t.Errorf("stored %+v", c)
			}
			if log := o.log.String(); strings.Contains(log, r.Code) || strings.Contains(log, strings.ReplaceAll(r.Code, "-", "")) || strings.Contains(log, "0905") {
				t.Error("code or contact in the log")
			}
		})
	}
}

func TestFeedbackSentAgain(t *testing.T) {
	o := newOffice(t)
	first := o.send("POST", feedbackAPI, petition(key(1)))
	var r given
	first.into(t, &r)
	// Sent again next week, when the case has moved on: the same receipt.
	o.now = o.now.AddDate(0, 0, 7)
	desk := feedback.Officer{Account: "quay-1", Role: feedback.RoleDesk}
	c, err := o.cases.Case(t.Context(), desk, r.Code)
	if err != nil {
		t.Fatal(err)
	}
	e, err := c.Next(feedback.Classify, desk, feedback.StepInput{Kind: feedback.Question, Version: c.Version()}, o.cases.Rules(), o.now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.cases.Apply(t.Context(), c, e); err != nil {
		t.Fatal(err)
	}
	again := o.send("POST", feedbackAPI, petition(key(1)))
	if first.StatusCode != 201 || again.StatusCode != 200 || first.body != again.body {
		t.Errorf("%d %s\n%d %s", first.StatusCode, first.body, again.StatusCode, again.body)
	}
	p := o.problem(o.send("POST", feedbackAPI, petition(key(1), "content", "Một việc khác")), 409)
	if p.Code != "key_reused" || len(p.Key) < 8 || p.Key == key(1) {
		t.Errorf("%+v", p)
	}
	list, _, err := o.cases.List(t.Context(), desk, feedback.Filter{}, 10, "")
	if err != nil || len(list) != 1 {
		t.Errorf("%d cases, %v", len(list), err)
	}
}

func TestBadFeedbackNamesEveryField(t *testing.T) {
	o := newOffice(t)
	named := map[string]string{"name": "Nguyễn Văn Dân", "address": "12 Hùng Vương"}
	for _, tt := range []struct {
		name, body string
		status     int
		fields     string
	}{
		{"nothing", `{}`, 422, "key required, content required, kind required, consent consent"},
		{"everything of the wrong type", `{"key":1,"kind":2,"subject":3,"content":4,"area":5,"procedure":6,"about":7,"dossier":8,"contact":9,"anonymous":"no","consent":"yes","publish":0,"lang":1}`, 422,
			"key type_text, content type_text, subject type_text, kind type_text, area type_text, procedure type_text, dossier type_text, anonymous type_flag, consent type_flag, publish type_flag, lang type_text, about type_object, contact type_object"},
		{"inner members of the wrong type", petition(key(1), "about", map[string]any{"unit": 1, "desk": true}, "contact", map[string]any{"name": []int{}}), 422, "about.unit type_text, about.desk type_text, contact.name type_text"},
		{"misspelt", petition(key(1), "contents", "x", "contact", map[string]any{"mail": "x"}, "files", []string{}), 422, "files unknown_member, contents unknown_member, contact.mail unknown_member"},
		{"an unknown kind", petition(key(1), "kind", "rant"), 422, "kind choice"},
		{"unknown places", petition(key(1), "area", "x", "procedure", "x", "about", map[string]string{"unit": "x", "desk": "x"}), 422,
			"area unknown, procedure unknown, about.unit unknown, about.desk unknown"},
		{"a complaint of nobody", petition(key(1), "kind", "complaint"), 422, "contact.name required, contact.phone phone_or_address"},
		{"an anonymous denunciation", petition(key(1), "kind", "denunciation", "anonymous", true, "contact", named), 422, "anonymous not_anonymous"},
		{"no consent", petition(key(1), "consent", false), 422, "consent consent"},
		{"200,000 characters", petition(key(1), "content", strings.Repeat("ệ", 200_000)), 422, "content too_long"},
		{"bad contact", petition(key(1), "contact", map[string]string{"phone": "12", "email": "x@"}), 422, "contact.phone phone, contact.email email"},
		{"another language", petition(key(1), "lang", "fr"), 422, "lang choice"},
		{"broken JSON", `{"key":`, 400, ""},
		{"a list", `[]`, 400, ""},
		{"broken UTF-8", "{\"key\":\"\xff\"}", 400, ""},
		{"5 MB", petition(key(1), "content", strings.Repeat("x", 5<<20)), 413, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if p := o.problem(o.send("POST", feedbackAPI, tt.body), tt.status); p.fields() != tt.fields {
				t.Errorf("fields %q, want %q", p.fields(), tt.fields)
			}
		})
	}
	if list, _, err := o.cases.List(t.Context(), feedback.Officer{Role: feedback.RoleOffice}, feedback.Filter{}, 10, ""); err != nil || len(list) != 0 {
		t.Errorf("%d of them were stored, %v", len(list), err)
	}
}

func TestFeedbackWithoutAStore(t *testing.T) {
	o := newOffice(t)
	o.db.Close(t.Context())
	a := o.send("POST", feedbackAPI, petition(key(1)))
	if p := o.problem(a, 503); a.Header.Get("Retry-After") == "" || p.Code == "" {
		t.Errorf("%+v", p)
	}
	page := o.sendUpload("/gop-y", fields("key", key(1), "kind", "petition", "content", "Chữ còn nguyên", "consent", "on"))
	if page.StatusCode != 503 || page.Header.Get("Retry-After") == "" || !strings.Contains(page.body, "Chữ còn nguyên") || !strings.Contains(page.body, "Gửi lại") || !strings.Contains(page.body, `value="`+key(1)+`"`) {
		t.Errorf("%d %s", page.StatusCode, page.body)
	}
}

// FuzzFeedbackJSON sends whatever comes: it is stored, or it is refused with a
// reason, and never an internal error.
func FuzzFeedbackJSON(f *testing.F) {
	o := newOffice(f)
	f.Add([]byte(petition(key(1))))
	f.Add([]byte(petition(key(2), "about", map[string]any{"unit": nil}, "contact", map[string]any{"name": "x"}, "anonymous", true)))
	f.Add([]byte(`{"key":"abcdefgh","key":1,"consent":null,"about":{"about":{}}}`))
	f.Add([]byte(`{"":""}`))
	f.Add([]byte(`{"content":"\ud800 \u0000 <script>"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		o.t = t
		a := o.send("POST", feedbackAPI, string(body))
		switch a.StatusCode {
		case 200, 201, 400, 409, 413, 422:
		default:
			t.Errorf("%d %s", a.StatusCode, a.body)
		}
	})
}

// sentFile is a file of a form; a nameless one is what a browser sends for a
// field in which nothing was chosen.
type sentFile struct{ name, content string }

// fields pairs names and values of a form.
func fields(pairs ...string) [][2]string {
	var list [][2]string
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, [2]string{pairs[i], pairs[i+1]})
	}
	return list
}

// sendUpload posts a form with files, as a browser does.
func (o *office) sendUpload(path string, form [][2]string, more ...any) answer {
	o.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, f := range form {
		if err := w.WriteField(f[0], f[1]); err != nil {
			o.t.Fatal(err)
		}
	}
	var headers []string
	for _, m := range more {
		switch m := m.(type) {
		case string:
			headers = append(headers, m)
		case sentFile:
			p, err := w.CreatePart(textproto.MIMEHeader{
				"Content-Disposition": {fmt.Sprintf(`form-data; name="files"; filename="%s"`, m.name)}, "Content-Type": {"application/octet-stream"},
			})
			if err == nil {
				_, err = p.Write([]byte(m.content))
			}
			if err != nil {
				o.t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		o.t.Fatal(err)
	}
	return o.send("POST", path, b.String(), append(headers, "Content-Type: "+w.FormDataContentType())...)
}

// photo is a small picture.
func photo(t testing.TB) string {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30)), nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const pdf = "%PDF-1.4\n%%EOF\n"

func TestFeedbackWithFiles(t *testing.T) {
	o := newOffice(t)
	form := fields("key", key(1), "kind", "petition", "content", "Kèm ảnh", "consent", "true", "about.desk", "bo-phan-mot-cua", "contact.phone", "0905123456", "publish", "false")
	a := o.sendUpload(feedbackAPI, form, sentFile{"ảnh.jpg", photo(t)}, sentFile{"", ""}, sentFile{"đơn.pdf", pdf})
	var r given
	if a.into(t, &r); a.StatusCode != 201 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	c, err := o.cases.ByLookup(t.Context(), r.Code, r.Secret)
	if err != nil || len(c.Files) != 2 || c.Files[0].Name != "ảnh.jpg" || c.Files[0].Type != "image/jpeg" || c.Files[1].Type != "application/pdf" || c.About.Desk != "bo-phan-mot-cua" || c.Publish {
		t.Fatalf("%+v %v", c, err)
	}
	if _, content, err := o.cases.File(t.Context(), c, c.Files[1].ID); err != nil || string(content) != pdf {
		t.Errorf("%q %v", content, err)
	}
	if again := o.sendUpload(feedbackAPI, form, sentFile{"ảnh.jpg", photo(t)}, sentFile{"đơn.pdf", pdf}); again.StatusCode != 200 || again.body != a.body {
		t.Errorf("again: %d %s", again.StatusCode, again.body)
	}
	o.problem(o.sendUpload(feedbackAPI, form, sentFile{"ảnh.jpg", photo(t)}), 409)
}

// TestBadFilesAreRefusedByName sends good and bad files with other mistakes: all
// are told at once, and each file by its name.
func TestBadFilesAreRefusedByName(t *testing.T) {
	o := newOffice(t)
	good := sentFile{"ảnh.jpg", photo(t)}
	form := fields("key", key(1), "kind", "complaint", "content", "x", "consent", "maybe", "colour", "red")
	a := o.sendUpload(feedbackAPI, form, good, sentFile{"../../etc/passwd.pdf", pdf}, sentFile{"nhạc.mp3", "ID3"}, sentFile{"lớn.pdf", "%PDF-" + strings.Repeat("x", feedback.MaxFileSize)}, sentFile{"giả.jpg", pdf})
	p := o.problem(a, 422)
	want := "contact.name required, contact.phone phone_or_address, files.1 file_name, files.2 file_type, files.3 file_too_large, files.4 file_other, consent type_flag, colour unknown_member"
	if p.fields() != want {
		t.Errorf("%s\nwant %s", p.fields(), want)
	}
	for i, name := range map[int]string{2: "../../etc/passwd.pdf", 3: "nhạc.mp3", 4: "lớn.pdf", 5: "giả.jpg"} {
		if !strings.HasPrefix(p.Errors[i].Message, name+": ") {
			t.Errorf("%q does not name %s", p.Errors[i].Message, name)
		}
	}
	six := o.sendUpload(feedbackAPI, fields("key", key(2), "kind", "petition", "content", "x", "consent", "1"), good, good, good, good, good, good)
	if p := o.problem(six, 422); p.fields() != "files too_many" {
		t.Error(p.fields())
	}
	if a := o.sendUpload(feedbackAPI, fields("key", key(2)), make([]any, 0)...); a.StatusCode != 422 {
		t.Error(a.StatusCode)
	}
	parts := make([][2]string, 100)
	for i := range parts {
		parts[i] = [2]string{"content", "x"}
	}
	o.problem(o.sendUpload(feedbackAPI, parts), 400)
	if n := o.server.HeldBytes(); n != 0 {
		t.Errorf("%d bytes are never given back", n)
	}
}

func TestFeedbackLargerThanAllowed(t *testing.T) {
	o := newOffice(t)
	big := sentFile{"lớn.pdf", "%PDF-" + strings.Repeat("x", 20<<20)}
	form := fields("key", key(1), "kind", "petition", "content", "Chữ còn nguyên")
	if p := o.problem(o.sendUpload(feedbackAPI, form, big, big, big), 413); p.Code != "feedback_too_large" {
		t.Errorf("%+v", p)
	}
	page := o.sendUpload("/gop-y", form, big, big, big)
	if page.StatusCode != 413 || !strings.Contains(page.body, "Chữ còn nguyên") || !strings.Contains(page.body, "Xin chọn lại: lớn.pdf") {
		t.Errorf("%d %.300s", page.StatusCode, page.body)
	}
	// What was held is free again.
	for range 12 {
		o.problem(o.sendUpload(feedbackAPI, form, big, big, big), 413)
	}
	if a := o.sendUpload(feedbackAPI, append(form, [2]string{"consent", "on"}), sentFile{"đơn.pdf", pdf}); a.StatusCode != 201 {
		t.Errorf("afterwards: %d %s", a.StatusCode, a.body)
	}
}
