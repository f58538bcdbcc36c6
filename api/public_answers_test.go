package api_test

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sipas/feedback"
	"sipas/internal/staff"
)

const publicPage = "/gop-y/cong-khai"

// answeredCase is a petition that has been answered with these words.
func (o *office) answeredCase(answer string, change ...func(*feedback.Intake)) *feedback.Case {
	o.t.Helper()
	k := o.sent(feedback.Petition, change...)
	who := o.as(staff.Inspection)
	o.step(k.Code, who, "classify", `"kind": "petition"`)
	o.step(k.Code, who, "assign", `"unit": "`+land+`"`)
	o.step(k.Code, who, "answer", `"message": "`+answer+`"`)
	return k
}

// publishes has one officer propose and another one confirm.
func (o *office) publishes(k *feedback.Case, question, text string) {
	o.t.Helper()
	o.step(k.Code, o.as(staff.Office), "publish", fmt.Sprintf(`"question": %q, "message": %q`, question, text))
	if c := o.step(k.Code, o.as(staff.Inspection), "publish", ""); len(c.Steps) < 2 {
		o.t.Errorf("%+v", c)
	}
}

// reads holds a page that anybody may read to what has to stand in it.
func (o *office) reads(a answer, status int, words ...string) {
	o.t.Helper()
	if a.StatusCode != status {
		o.t.Errorf("status %d, want %d", a.StatusCode, status)
	}
	for _, w := range words {
		if !strings.Contains(a.body, w) {
			o.t.Errorf("%q is not on the page", w)
		}
	}
}

func TestPublicAnswersPage(t *testing.T) {
	o := newOffice(t)
	o.reads(o.send("GET", publicPage, ""), 200, "Chưa có câu trả lời nào được công khai.")
	k := o.answeredCase("Kính gửi bà Hoa, số 0905 123 456: đã cấp giấy.")
	o.step(k.Code, o.as(staff.Office), "publish", `"question": "Bao giờ có sổ?", "message": "Đã cấp <giấy>."`)
	if a := o.send("GET", publicPage, ""); strings.Contains(a.body, "Đã cấp") {
		t.Error("public before a second officer has read it")
	}
	o.step(k.Code, o.as(staff.Inspection), "publish", "")
	a := o.send("GET", publicPage, "")
	o.reads(a, 200, "Bao giờ có sổ?", "Đã cấp &lt;giấy&gt;.", "Đất đai", "Phòng Quản lý đất đai trả lời ngày 30/06/2026", "Đúng hạn", "Công khai ngày 30/06/2026")
	for _, never := range []string{k.Code, feedback.FormatCode(k.Code), "Hoa", "0905", "Nộp hồ sơ", "nộp hồ sơ", "Sổ đỏ chậm", "case-office", "case-inspection"} {
		if strings.Contains(a.body, never) {
			t.Errorf("%q is public", never)
		}
	}
	o.reads(o.send("GET", publicPage+"?lang=en", ""), 200, "What the office has answered", `lang="vi">Bao giờ có sổ?`)
	for _, page := range []string{"/", "/gop-y", "/tra-cuu"} {
		o.reads(o.send("GET", page, ""), 200, `href="`+publicPage+`"`)
	}

	o.step(k.Code, o.as(staff.Office), "close", "")
	o.step(k.Code, o.as(staff.Office), "unpublish", `"note": "có tên người"`)
	if a := o.send("GET", publicPage, ""); strings.Contains(a.body, "Đã cấp") {
		t.Error("still public after it was taken back")
	}
	if !slices.ContainsFunc(o.auditLog(staff.EntryFilter{Object: "case/" + k.Code}), func(e *staff.Entry) bool {
		return e.Account == "token/case-office" && slices.Equal(e.Detail, []string{"step=unpublish"})
	}) {
		t.Error("taking it back is not on record")
	}
}

// TestPublicAnswersAreFound: by area and by month, page by page, and whatever is
// asked wrongly is said.
func TestPublicAnswersAreFound(t *testing.T) {
	o := newOffice(t)
	for n := range 23 {
		o.publishes(o.answeredCase("Đáp"), fmt.Sprintf("Hỏi số %d!", n), "Đáp")
	}
	o.now = o.now.AddDate(0, 1, 0)
	o.publishes(o.answeredCase("Đáp", func(in *feedback.Intake) { in.Area = "moi-truong" }), "", "Đáp về rác")
	o.reads(o.send("GET", publicPage+"?area=moi-truong", ""), 200, "Về Môi trường", "Đáp về rác", "Công khai ngày 30/07/2026")
	o.reads(o.send("GET", publicPage+"?month=2026-07", ""), 200, "Đáp về rác", `<option value="2026-07" selected>Tháng 07/2026`)
	o.reads(o.send("GET", publicPage+"?month=2026-05", ""), 200, "Không có câu trả lời nào như vậy.")

	asked := regexp.MustCompile(`Hỏi số \d+!`)
	first := o.send("GET", publicPage+"?month=2026-06", "").body
	next := regexp.MustCompile(`href="([^"]+after=[^"]+)" rel="next"`).FindStringSubmatch(first)
	if next == nil {
		t.Fatal("no next page")
	}
	address := strings.ReplaceAll(next[1], "&amp;", "&")
	second := o.send("GET", address, "").body
	seen := map[string]bool{}
	for _, q := range asked.FindAllString(first+second, -1) {
		seen[q] = true
	}
	if len(asked.FindAllString(first, -1)) != 20 || len(seen) != 23 || strings.Contains(second, `rel="next"`) {
		t.Errorf("%d questions on the first page, %d on both", len(asked.FindAllString(first, -1)), len(seen))
	}
	if q, err := url.ParseQuery(address[strings.Index(address, "?")+1:]); err != nil || !regexp.MustCompile(`^\d+\.\d+$`).MatchString(q.Get("after")) || q.Get("month") != "2026-06" {
		t.Errorf("the next page is at %s", address)
	}
	for query, want := range map[string]string{
		"area=khong-co": "Không có lĩnh vực này", "month=2026-13": "Không có tháng này", "month=2020-01": "Không có tháng này", "after=x": "đã hỏng",
	} {
		o.reads(o.send("GET", publicPage+"?"+query, ""), 422, want)
	}
}

// TestBlankBeforePublishing: one officer sees what may tell who somebody is,
// blanks some of it and then all, and the other one reads exactly what will be
// public, with a warning of what is left.
func TestBlankBeforePublishing(t *testing.T) {
	o := newOffice(t)
	k := o.answeredCase("Kính gửi bà Lê Thị Hoa, điện thoại 0905 123 456: theo Luật 31/2024, đã cấp giấy.", func(in *feedback.Intake) { in.Subject = "Sổ của ông An" })
	one, other := o.signIn(staff.Office), o.signIn(staff.Inspection)
	path := "/lam-viec/vu-viec/" + feedback.FormatCode(k.Code) + "/buoc/publish"
	o.shows(o.send("GET", path, "", one), 200, "Lê Thị Hoa</mark>", `value="0905 123 456"`, "số điện thoại", "Sổ của ông ", "An</mark>", "Che tất cả")

	message := "Kính gửi bà Lê Thị Hoa, điện thoại 0905 123 456: đã cấp giấy."
	fields := func(more ...string) []string {
		return append([]string{"version", "4", "question", "Sổ của ông An?", "message", message, "note", "đã đọc"}, more...)
	}
	picked := o.post(path, one, fields("blank", "Lê Thị Hoa", "blankpicked", "1")...)
	o.shows(picked, 200, "Kính gửi bà […], điện thoại 0905 123 456", ">Sổ của ông An?</textarea>", ">đã đọc</textarea>")
	all := o.post(path, one, fields("blankall", "1")...)
	o.shows(all, 200, "Kính gửi bà […], điện thoại […]: đã cấp giấy.", ">Sổ của ông […]?</textarea>", "Không tìm thấy tên")

	preview := o.post(path, one, fields()...)
	o.shows(preview, 200, "Còn 3 chỗ có thể cho biết đó là ai", "Câu trả lời đã gửi cho người gửi", "theo Luật 31/2024", "Mọi người sẽ đọc như sau", "Chưa ai đọc được", "Chuyển người khác đọc")
	if c, _ := o.cases.Case(t.Context(), feedback.Officer{Role: feedback.RoleOffice}, k.Code); c.Version() != 4 {
		t.Fatal("looking has changed the case")
	}
	o.post(path, one, fields("sure", "1")...)

	o.shows(o.send("GET", path, "", other), 200, message, "đã soạn", `value="0905 123 456"`)
	confirm := []string{"version", "5", "question", "Sổ của ông An?", "message", message}
	o.shows(o.post(path, other, confirm...), 200, "Còn 3 chỗ có thể cho biết đó là ai", "mọi người đọc được ngay", "Công khai ngay", "Nội dung để mọi người đọc")
	if a := o.post(path, other, append(confirm, "sure", "1")...); a.StatusCode != 303 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	o.reads(o.send("GET", publicPage, ""), 200, "Sổ của ông An?", message)
}
