package api_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"sipas/feedback"
)

// visit posts a form of the sender's pages, with code and secret.
func (o *office) visit(path string, r given, more ...string) answer {
	o.t.Helper()
	sent := url.Values{"code": {r.Code}, "secret": {r.Secret}}
	for i := 0; i < len(more); i += 2 {
		sent.Set(more[i], more[i+1])
	}
	return o.send("POST", path, sent.Encode(), form)
}

// shows fails the test unless the page has the status and all of the words.
func (o *office) shows(a answer, status int, words ...string) {
	o.t.Helper()
	if a.StatusCode != status || a.Header.Get("Cache-Control") != "no-store" {
		o.t.Errorf("%d %s", a.StatusCode, a.Header.Get("Cache-Control"))
	}
	for _, w := range words {
		if !strings.Contains(a.body, w) {
			o.t.Errorf("the page does not say %q: %s", w, a.body[strings.Index(a.body, "<main"):])
		}
	}
}

func TestCasePage(t *testing.T) {
	o := newOffice(t)
	r := o.filed(1, "subject", "Trả <i>chậm</i>", "content", "<script>alert(1)</script>", "area", "dat-dai")
	a := o.visit("/tra-cuu", r)
	// 30/6 is Tuesday, the fifteenth working day after it the 21st.
	o.shows(a, 200, r.Code, "Sở đã nhận", "Trả lời chậm nhất", "Thứ Ba, 21/07/2026", "Còn 15 ngày làm việc", "Ngày thứ 15",
		"Đất đai", "Trả &lt;i&gt;chậm&lt;/i&gt;", "&lt;script&gt;alert(1)&lt;/script&gt;", "Nhắn thêm cho Sở")
	if strings.Contains(a.body, "danh-gia") {
		t.Error("there is nothing to rate yet")
	}
	o.now = time.Date(2026, 7, 21, 1, 0, 0, 0, time.UTC)
	o.shows(o.visit("/tra-cuu", r), 200, "Hôm nay là ngày cuối")
	o.now = o.now.AddDate(0, 0, 1)
	o.shows(o.visit("/tra-cuu", r), 200, "Sở đã trễ 1 ngày làm việc")
	o.shows(o.visit("/tra-cuu?lang=en", r), 200, "Late by 1 working day<", "What you sent")
}

func TestCasePageAfterAnExtensionAndAnApology(t *testing.T) {
	o := newOffice(t)
	r := o.filed(1)
	o.take(r, front, feedback.Classify, feedback.StepInput{Kind: feedback.Petition})
	o.take(r, front, feedback.Assign, feedback.StepInput{Unit: "phong-quan-ly-dat-dai"})
	o.now = o.now.AddDate(0, 0, 30)
	o.take(r, thanhTra, feedback.Extend, feedback.StepInput{Until: "2026-08-05", Message: "Xin lỗi ông/bà", Apology: true})
	o.shows(o.visit("/tra-cuu", r), 200, "hẹn trả lời vào Thứ Tư, 05/08/2026", "Sở xin lỗi vì trễ hẹn", "Sở đã trễ 7 ngày làm việc", "Phòng")
}

func TestQuestionAndReplyOnThePage(t *testing.T) {
	o := newOffice(t)
	r := o.asked(1)
	o.shows(o.visit("/tra-cuu", r), 200, "Sở chờ ông/bà trả lời", "Sở hỏi ông/bà", "Mã hồ sơ là gì?", "Tạm dừng", `name="version" value="3"`)
	long := strings.Repeat("ữ ", 100_000)
	for typed, message := range map[string]string{" ": "Viết điều ông/bà muốn nói", long: "tối đa 4.000 ký tự"} {
		a := o.visit("/tra-cuu/tin-nhan", r, "message", typed, "version", "3")
		o.shows(a, 422, message, `<a href="#message">`, strings.TrimSpace(typed)+"</textarea>")
	}
	o.shows(o.visit("/tra-cuu/tin-nhan", r, "message", "Mã <b>H1</b>", "version", "3"), 200, "Sở đã nhận tin của ông/bà", "Mã &lt;b&gt;H1&lt;/b&gt;", "Sở đang xem xét")
	o.shows(o.visit("/tra-cuu/tin-nhan", r, "message", "Mã <b>H1</b>", "version", "3"), 200, "đã nhận trước đó rồi")
	if v := o.look(r); v.Version != 4 {
		t.Errorf("%+v", v.Steps)
	}
	o.take(r, front, feedback.Answer, feedback.StepInput{Message: "Xong"})
	o.shows(o.visit("/tra-cuu/tin-nhan", r, "message", "Khoan đã", "version", "4"), 409, "Vụ việc này đã kết thúc", "", "Khoan đã</textarea>", "Xong")
}

func TestRatingOnThePage(t *testing.T) {
	o := newOffice(t)
	r := o.answered(1)
	o.shows(o.visit("/tra-cuu", r), 200, "Trả lời của Sở", "Đã trả kết quả &lt;b&gt;hôm nay&lt;/b&gt;", "đến hết Thứ Năm, 30/07/2026")
	a := o.visit("/tra-cuu/danh-gia", r, "comment", "Còn chậm", "reopen", "on", "version", "3")
	o.shows(a, 422, `<a href="#solved">`, `<a href="#rating">`, "Còn chậm</textarea>", `value="on" checked`)
	a = o.visit("/tra-cuu/danh-gia", r, "solved", "yes", "rating", "4", "reopen", "on", "version", "3")
	o.shows(a, 422, `<a href="#reopen">`, `value="4" checked`)
	a = o.visit("/tra-cuu/danh-gia", r, "solved", "partly", "rating", "3", "comment", "Còn chậm", "version", "3")
	o.shows(a, 200, "Đã lưu đánh giá của ông/bà: Mới được một phần; Bình thường.", "Đánh giá của ông/bà đã được lưu", `value="3" checked`, "Gửi lại đánh giá")
	o.shows(o.visit("/tra-cuu", r), 200, "Sở đã nhận đánh giá", `value="partly" checked`, `value="3" checked`, "Còn chậm</textarea>", "Ông/bà đánh giá: Mới được một phần; Bình thường")
	o.take(r, thanhTra, feedback.Reopen, feedback.StepInput{})
	o.take(r, front, feedback.Answer, feedback.StepInput{Message: "Trả lời mới"})
	a = o.visit("/tra-cuu", r)
	if o.shows(a, 200, "Trả lời mới", "Gửi đánh giá"); strings.Contains(a.body, `" checked`) {
		t.Error("the rating of the answer before stands for this one")
	}
	a = o.visit("/tra-cuu/danh-gia", r, "solved", "no", "rating", "1", "comment", "Chưa xong", "version", "4")
	o.shows(a, 409, "đọc trả lời mới", "Chưa xong</textarea>", `name="version" value="6"`)
	a = o.visit("/tra-cuu/danh-gia", r, "solved", "no", "rating", "1", "comment", "Chưa xong", "reopen", "on", "version", "6")
	o.shows(a, 200, "Đã lưu đánh giá", "mở lại để xem xét", "Ông/bà đề nghị xem xét lại")
	o.take(r, front, feedback.Answer, feedback.StepInput{Message: "Lần ba"})
	o.now = o.now.AddDate(0, 0, 31)
	o.shows(o.visit("/tra-cuu", r), 200, "Đã quá thời gian đề nghị xem xét lại")
}

// TestNothingTypedIsLostWhileTheStoreIsAway: it comes along until the case can be
// shown again.
func TestNothingTypedIsLostWhileTheStoreIsAway(t *testing.T) {
	o := newOffice(t)
	r := o.asked(1)
	typed := []string{"message", "Mã <H1>\nrồi", "solved", "partly", "rating", "2", "comment", "Chậm", "reopen", "on"}
	o.shows(o.visit("/tra-cuu", r, typed...), 200, "Mã &lt;H1&gt;\nrồi</textarea>")
	o.db.Close(t.Context())
	for _, path := range []string{"/tra-cuu", "/tra-cuu/tin-nhan", "/tra-cuu/danh-gia"} {
		a := o.visit(path, r, typed...)
		o.shows(a, 503, "Hệ thống đang bận", r.Code, r.Secret, "Mã &lt;H1&gt;\nrồi", `name="rating" value="2"`, `name="comment" value="Chậm"`, `name="reopen" value="on"`)
		if a.Header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	}
}

func TestAttachmentsAreHandedOver(t *testing.T) {
	o := newOffice(t)
	picture := photo(t)
	a := o.sendUpload(feedbackAPI, fields("key", key(1), "kind", "petition", "content", "Ảnh", "consent", "true"), sentFile{`ảnh 'quầy' số 3.jpg`, picture})
	var r given
	if a.into(t, &r); a.StatusCode != 201 {
		t.Fatal(a.body)
	}
	v := o.look(r)
	if len(v.Files) != 1 || v.Files[0].Type != "image/jpeg" {
		t.Fatalf("%+v", v.Files)
	}
	o.shows(o.visit("/tra-cuu", r), 200, `name="file" value="`+v.Files[0].ID+`"`, "số 3.jpg")
	a = o.visit("/tra-cuu/tep", r, "file", v.Files[0].ID)
	for name, want := range map[string]string{
		"Content-Type": "image/jpeg", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
		"Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
	} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("%s %q, want %q", name, got, want)
		}
	}
	d := a.Header.Get("Content-Disposition")
	if !strings.HasPrefix(d, "attachment; filename=\"anh ") || !strings.Contains(d, "filename*=utf-8''%E1%BA%A3nh%20") {
		t.Error(d)
	}
	if a.StatusCode != 200 || len(a.body) != v.Files[0].Size || !strings.HasPrefix(a.body, "\xff\xd8\xff") {
		t.Errorf("%d, %d bytes", a.StatusCode, len(a.body))
	}
	other := o.filed(2)
	o.shows(o.visit("/tra-cuu/tep", other, "file", v.Files[0].ID), 404)
	for _, path := range []string{"/tra-cuu/tep", "/tra-cuu/tin-nhan", "/tra-cuu/x"} {
		if a := o.send("GET", path+"?lang=en", ""); a.StatusCode != 303 || a.Header.Get("Location") != "/tra-cuu?lang=en" {
			t.Errorf("GET %s: %d %s", path, a.StatusCode, a.Header.Get("Location"))
		}
	}
}
