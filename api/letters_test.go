package api_test

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"sipas/feedback"
	"sipas/internal/staff"
)

// words returns what a Word file says.
func (a answer) words(t *testing.T) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader([]byte(a.body)), int64(len(a.body)))
	if err != nil {
		t.Fatalf("%d %v", a.StatusCode, err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`<[^>]*>`).ReplaceAllString(string(b), " ")
}

// TestLettersOfACase: a letter for what has happened, with the sender's name for
// who may see it, on record; for others it is left open.
func TestLettersOfACase(t *testing.T) {
	o := newOffice(t)
	k := o.sent(feedback.Petition, func(in *feedback.Intake) { in.Contact.Address = "Thôn 3 <xã>" })
	desk, office := o.signIn(staff.Desk), o.signIn(staff.Office)
	file := caseAddress(k) + "/van-ban/cong-van-tra-loi.docx"
	if a := o.send("GET", file, "", desk, local); a.StatusCode != http.StatusNotFound {
		t.Errorf("before there is an answer: %d", a.StatusCode)
	}
	o.takes(k.Code, feedback.Classify, frontDesk, feedback.StepInput{Kind: feedback.Petition})
	o.takes(k.Code, feedback.Answer, frontDesk, feedback.StepInput{Message: "=1+1 <b>đã xong</b>", Note: "ghi chú kín"})
	if page := o.send("GET", caseAddress(k), "", desk, local).body; !strings.Contains(page, file) || strings.Contains(page, "phieu-xin-loi") {
		t.Errorf("the page does not lead to the letter: %s", page)
	}
	a := o.send("GET", file, "", desk, local)
	said := a.words(t)
	for _, want := range []string{"Lê Thị Hoa", "Thôn 3 &lt;xã&gt;", "=1+1 &lt;b&gt;đã xong&lt;/b&gt;", "trả lời phản ánh, kiến nghị", feedback.FormatCode(k.Code)} {
		if !strings.Contains(said, want) {
			t.Errorf("the letter lacks %q: %s", want, said)
		}
	}
	if strings.Contains(said, "ghi chú kín") || a.Header.Get("Cache-Control") != "no-store" ||
		a.Header.Get("Content-Disposition") != `attachment; filename="cong-van-tra-loi.docx"` {
		t.Errorf("%v %s", a.Header, said)
	}
	if n := len(o.entries("case.contact")); n != 1 {
		t.Errorf("%d entries", n)
	}
	if said := o.send("GET", file, "", office, local).words(t); strings.Contains(said, "Lê Thị Hoa") || !strings.Contains(said, "……") {
		t.Errorf("the office's letter: %s", said)
	}
	mend := o.refuse("audit")
	if a := o.send("GET", file, "", desk, local); a.StatusCode == http.StatusOK {
		t.Error("a name without a record")
	}
	mend()
	for _, other := range []string{"phieu-xin-loi.docx", "cong-van-tra-loi", "x.docx"} {
		if a := o.send("GET", caseAddress(k)+"/van-ban/"+other, "", desk, local); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", other, a.StatusCode)
		}
	}
	secret := o.sent(feedback.Denunciation)
	if a := o.send("GET", caseAddress(secret)+"/van-ban/cong-van-tra-loi.docx", "", office, local); a.StatusCode != http.StatusNotFound {
		t.Errorf("a denunciation: %d", a.StatusCode)
	}
}

// TestApologyLetter: the day that was missed and the new one, and no letter of a
// round that is over.
func TestApologyLetter(t *testing.T) {
	o := newOffice(t)
	k := o.assigned()
	officer := feedback.Officer{Account: "van-phong-1", Role: feedback.RoleOffice}
	o.now = o.now.AddDate(0, 0, 30)
	o.takes(k.Code, feedback.Extend, officer, feedback.StepInput{Apology: true, Until: "2026-08-10", Message: "Bão lụt"})
	cookie, file := o.signIn(staff.Office), caseAddress(k)+"/van-ban/phieu-xin-loi.docx"
	said := o.send("GET", file, "", cookie, local).words(t)
	for _, want := range []string{"chậm nhất ngày 21/07/2026", "hẹn trả kết quả vào ngày 10/08/2026", "Bão lụt"} {
		if !strings.Contains(said, want) {
			t.Errorf("the letter lacks %q: %s", want, said)
		}
	}
	o.takes(k.Code, feedback.Answer, frontDesk, feedback.StepInput{Message: "Xong"})
	o.takes(k.Code, feedback.Reopen, officer, feedback.StepInput{})
	if a := o.send("GET", file, "", cookie, local); a.StatusCode != http.StatusNotFound {
		t.Errorf("after reopening: %d", a.StatusCode)
	}
}
