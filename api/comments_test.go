package api_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"sipas/internal/staff"
	"sipas/survey"
)

const commentsPath = "/lam-viec/thong-ke/y-kien"

// comment sends an answer with a free text about an area and returns its id.
func (o *office) comment(text string) string {
	o.t.Helper()
	o.said(o.link(`"kind":"counter","area":"dat-dai"`), text)
	list, _, err := o.survey.Comments(o.t.Context(), survey.CommentFilter{Words: text}, 1, "")
	if err != nil || len(list) != 1 {
		o.t.Fatal(list, err)
	}
	return list[0].ID
}

func (o *office) said(code, text string) {
	o.t.Helper()
	body := fmt.Sprintf(`{"key":%q,"overall":2,"comment":%q,"profile":{"sex":"female","age":"60+"}}`, survey.NewKey(o.now), text)
	if a := o.send("POST", "/api/v1/surveys/"+code+"/responses", body); a.StatusCode != 201 {
		o.t.Fatalf("%d %s", a.StatusCode, a.body)
	}
}

// tag makes a tag and returns its id.
func (o *office) tag(name string) string {
	o.t.Helper()
	x := &survey.Tag{ID: survey.NewTagID(), Name: name}
	if err := o.survey.PutTag(o.t.Context(), x); err != nil {
		o.t.Fatal(err)
	}
	return x.ID
}

func TestCommentsAreListed(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Leader)
	if a := o.send("GET", commentsPath, "", session); a.StatusCode != 200 || !strings.Contains(a.body, "Không có ý kiến nào") {
		t.Errorf("%d", a.StatusCode)
	}
	id := o.comment("Đất đai: <b>chờ</b> ba buổi")
	o.said(o.link(`"kind":"trial"`), "Đất đai, chỉ là thử")
	body := o.send("GET", commentsPath+"?q=dat+dai&area=dat-dai&from=2026-06-30&to=2026-06-30", "", session).body
	if !strings.Contains(body, "&lt;b&gt;chờ&lt;/b&gt;") || strings.Contains(body, "chỉ là thử") || strings.Contains(body, "/nhan") {
		t.Errorf("%s", body)
	}
	for _, query := range []string{"q=moi+truong", "area=moi-truong", "from=2026-07-01&to=2026-07-02", "to=2026-06-29"} {
		if body := o.send("GET", commentsPath+"?"+query, "", session).body; strings.Contains(body, id) {
			t.Errorf("%s finds it", query)
		}
	}
	if a := o.send("GET", commentsPath+"?from=hom-qua", "", session); a.StatusCode != 422 || !strings.Contains(a.body, `href="#from"`) {
		t.Errorf("%d", a.StatusCode)
	}
	page := o.send("GET", commentsPath+"/"+id, "", session)
	for _, never := range []string{"60+", "trên 60", "Nữ", "female", "<form class=\"form"} {
		if strings.Contains(page.body, never) {
			t.Errorf("a leader sees %s", never)
		}
	}
	if !strings.Contains(page.body, "Đất đai") || !strings.Contains(page.body, "Không hài lòng") {
		t.Errorf("%s", page.body)
	}
	if english := o.send("GET", commentsPath+"/"+id+"?lang=en", "", session).body; !strings.Contains(english, `class="letter" lang="vi"`) {
		t.Error("the text's language is not said")
	}
}

// TestCommentIsBlanked shows what will be left, then takes the words away, and
// tells the second of two officers.
func TestCommentIsBlanked(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Office)
	page := commentsPath + "/" + o.comment("Gọi chị Hoa 0905123456. Chờ lâu.")
	version := versionIn(t, o.send("GET", page, "", session))
	if a := o.post(page+"/che", session, "version", version, "words", "0905 123 456"); a.StatusCode != 422 || !strings.Contains(a.body, "Trong ý kiến không có") || !strings.Contains(a.body, ">0905 123 456</textarea>") {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	shown := o.post(page+"/che", session, "version", version, "words", "chị Hoa\n0905123456")
	if shown.StatusCode != 200 || !strings.Contains(shown.body, "Gọi […] […]. Chờ lâu.") || !strings.Contains(shown.body, "Sẽ che 2 chỗ") {
		t.Errorf("%d %s", shown.StatusCode, shown.body)
	}
	if a := o.send("GET", page, "", session); !strings.Contains(a.body, "0905123456") {
		t.Error("a preview has blanked it")
	}
	if a := o.post(page+"/che", session, "version", version, "words", "chị Hoa", "confirm", "1", "back", "1"); a.StatusCode != 200 || !strings.Contains(a.body, ">chị Hoa</textarea>") {
		t.Errorf("back: %d", a.StatusCode)
	}
	for i, want := range []int{303, 422} { // what is gone already is not there to be blanked
		if a := o.post(page+"/che", session, "version", version, "words", "chị Hoa\n0905123456", "confirm", "1"); a.StatusCode != want {
			t.Errorf("%d: %d %s", i, a.StatusCode, a.body)
		}
	}
	if a := o.post(page+"/che", session, "version", version, "words", "Chờ", "confirm", "1"); a.StatusCode != 409 || !strings.Contains(a.body, ">Chờ</textarea>") {
		t.Errorf("somebody who saw the text before: %d", a.StatusCode)
	}
	body := o.send("GET", page, "", session).body
	if strings.Contains(body, "0905123456") || strings.Contains(body, "Hoa") || !strings.Contains(body, "2 chỗ") {
		t.Errorf("%s", body)
	}
	entries, _, err := o.staff.Entries(t.Context(), staff.EntryFilter{}, 100, "")
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, e := range entries {
		all := e.Action + e.Object + strings.Join(e.Detail, " ")
		found = found || e.Action == "comment.blank" && e.Account == "test-office" && e.Outcome == ""
		if strings.Contains(all, "Hoa") || strings.Contains(all, "0905") {
			t.Errorf("the audit log keeps what was blanked: %s", all)
		}
	}
	if !found || strings.Contains(o.log.String(), "0905") {
		t.Error("not on record, or on record with the words")
	}
}

func TestCommentIsTagged(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Office)
	page := commentsPath + "/" + o.comment("Chờ lâu")
	form := o.send("GET", commentsPath+"/nhan", "", session)
	id := hiddenID.FindStringSubmatch(form.body)[1]
	for range 2 {
		if a := o.post(commentsPath+"/nhan", session, "id", id, "name", " Thời  gian chờ "); a.StatusCode != 303 {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
	}
	if a := o.post(commentsPath+"/nhan", session, "name", "thoi gian cho"); a.StatusCode != 422 || !strings.Contains(a.body, "Đã có nhãn “Thời gian chờ”") {
		t.Errorf("a second one of the name: %d", a.StatusCode)
	}
	other := o.tag("Thái độ")
	version := versionIn(t, o.send("GET", page, "", session))
	if a := o.post(page+"/nhan", session, "version", version, "tag-"+id, "1", "tag-"+other, "1"); a.StatusCode != 303 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if a := o.post(page+"/nhan", session, "version", version, "tag-"+id, "1"); a.StatusCode != 409 || !strings.Contains(a.body, "Người khác vừa") {
		t.Errorf("the second of two: %d", a.StatusCode)
	}
	if body := o.send("GET", commentsPath+"?tag="+other, "", session).body; !strings.Contains(body, "Thái độ, Thời gian chờ") && !strings.Contains(body, "Thời gian chờ, Thái độ") {
		t.Errorf("%s", body)
	}
	tag := commentsPath + "/nhan/" + other
	version = versionIn(t, o.send("GET", tag, "", session))
	if a := o.post(tag, session, "version", version, "name", "Thái độ", "retired", "1"); a.StatusCode != 303 {
		t.Errorf("%d", a.StatusCode)
	}
	if a := o.post(tag, session, "version", version, "name", "Thái độ phục vụ"); a.StatusCode != 409 || !strings.Contains(a.body, `value="Thái độ phục vụ"`) {
		t.Errorf("the second of two: %d", a.StatusCode)
	}
	fresh := commentsPath + "/" + o.comment("Ý kiến khác")
	if body := o.send("GET", fresh, "", session).body; strings.Contains(body, "Thái độ") || !strings.Contains(body, "Thời gian chờ") {
		t.Error("a retired tag is offered")
	}
	if body := o.send("GET", page, "", session).body; !strings.Contains(body, "Thái độ") {
		t.Error("a comment has lost its retired tag")
	}
}

var caseLink = regexp.MustCompile(`/lam-viec/vu-viec/[A-Z0-9-]+`)

// TestCommentBecomesACase makes one case however often it is asked for, also when
// the process died before the comment knew of it and the text was blanked since.
func TestCommentBecomesACase(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Office)
	id := o.comment("Chị Hoa ở quầy 2 đòi thêm giấy tờ")
	page := commentsPath + "/" + id
	first := o.post(page+"/vu-viec", session)
	if first.StatusCode != 303 {
		t.Fatalf("%d %s", first.StatusCode, first.body)
	}
	to := caseLink.FindString(first.Header.Get("Location"))
	body := o.send("GET", to, "", session).body
	for _, want := range []string{"Ý kiến trong phiếu khảo sát", "đòi thêm giấy tờ", "Phản ánh, kiến nghị", "Đất đai"} {
		if !strings.Contains(body, want) {
			t.Errorf("the case lacks %q: %s", want, body)
		}
	}
	if body := o.send("GET", page, "", session).body; !strings.Contains(body, to) || strings.Contains(body, `id="case"`) {
		t.Error("the comment does not lead to its case, or offers another")
	}
	x, err := o.survey.Comment(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.survey.CommentCase(t.Context(), x, ""); err != nil {
		t.Fatal(err)
	}
	if err := o.survey.BlankComment(t.Context(), x, "Chị Hoa"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if a := o.post(page+"/vu-viec", session); a.StatusCode != 303 || caseLink.FindString(a.Header.Get("Location")) != to {
			t.Errorf("again: %d %s, first %s", a.StatusCode, a.Header.Get("Location"), to)
		}
	}
	var cases struct{ Items []struct{ Code string } }
	o.send("GET", "/api/v1/cases", "", bearer(o.token(staff.Office))).into(t, &cases)
	if len(cases.Items) != 1 {
		t.Errorf("%d cases", len(cases.Items))
	}
}
