package api_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"sipas/api"
	"sipas/feedback"
	"sipas/internal/mail"
	"sipas/internal/mail/mailtest"
	"sipas/internal/outbox"
	"sipas/internal/staff"
)

// postOffice is an office with a mail server.
func postOffice(t *testing.T, change ...func(*api.Config)) (*office, *mailtest.Server) {
	t.Helper()
	server := mailtest.Start(t)
	m, err := mail.New("smtp://"+server.Addr, "Sở <mot-cua@example.gov.vn>")
	if err != nil {
		t.Fatal(err)
	}
	return newOffice(t, append(change, func(c *api.Config) { c.Mail = m })...), server
}

// mailed sends what waits.
func (o *office) mailed() {
	o.t.Helper()
	if _, err := o.cases.Outbox().Round(o.t.Context(), func() time.Time { return o.now }, o.server.Tell); err != nil {
		o.t.Fatal(err)
	}
}

// wrote stores a case whose sender gave an address.
func (o *office) wrote(n int, in feedback.Intake) *feedback.Receipt {
	o.t.Helper()
	in.Key, in.Consent, in.Content = fmt.Sprintf("key-%08d", n), true, "Chờ mãi không thấy giấy tờ đâu"
	in.Contact.Name, in.Contact.Phone = "Lê Thị Hoa", "0905 123 456"
	if in.Contact.Email == "" {
		in.Contact.Email = "hoa@example.vn"
	}
	d, err := feedback.New(in, o.cases.Rules(), o.now)
	if err != nil {
		o.t.Fatal(err)
	}
	r, err := o.cases.Add(o.t.Context(), d)
	if err != nil {
		o.t.Fatal(err)
	}
	return r
}

// takes lets an officer take a step on a case as it is now.
func (o *office) takes(code string, step feedback.Step, who feedback.Officer, in feedback.StepInput) {
	o.t.Helper()
	c, err := o.cases.Case(o.t.Context(), who, code)
	if err == nil {
		var e feedback.Event
		if e, err = c.Next(step, who, in, o.cases.Rules(), o.now); err == nil {
			_, err = o.cases.Apply(o.t.Context(), c, e)
		}
	}
	if err != nil && !errors.Is(err, feedback.ErrNoCase) {
		o.t.Fatal(err)
	}
}

var (
	frontDesk  = feedback.Officer{Account: "mot-cua-1", Role: feedback.RoleDesk}
	landOffice = "phong-quan-ly-dat-dai"
)

// staffer makes an account of the land office with an address.
func (o *office) staffer(id, name, email string) {
	o.t.Helper()
	a := &staff.Account{ID: id, Name: name, Role: staff.Unit, Unit: landOffice, Email: email, CreatedBy: "test"}
	if err := o.staff.AddAccount(o.t.Context(), a, password, o.now); err != nil {
		o.t.Fatal(err)
	}
}

// TestSenderIsMailed: code and link, in the sender's language, and nothing of
// what was written or answered.
func TestSenderIsMailed(t *testing.T) {
	o, server := postOffice(t)
	r := o.wrote(1, feedback.Intake{Kind: feedback.Petition, Subject: "Sổ đỏ"})
	o.wrote(2, feedback.Intake{Kind: feedback.Question, Lang: "en"})
	o.takes(r.Case.Code, feedback.Classify, frontDesk, feedback.StepInput{Kind: feedback.Petition})
	o.takes(r.Case.Code, feedback.Answer, frontDesk, feedback.StepInput{Message: "Mời ông bà đến nhận"})
	o.mailed()
	o.mailed()
	var subjects []string
	for _, l := range server.Read() {
		subjects = append(subjects, l.Subject)
		if !strings.Contains(l.Text, "https://khaosat.example.gov.vn/tra-cuu") {
			t.Errorf("no link: %s", l.Text)
		}
		for _, secret := range []string{r.Secret, "Chờ mãi", "Sổ đỏ", "Mời ông bà", "Hoa", "0905"} {
			if strings.Contains(l.Text+l.Subject, secret) {
				t.Errorf("the letter says %q: %s", secret, l.Text)
			}
		}
	}
	code := feedback.FormatCode(r.Case.Code)
	slices.Sort(subjects)
	if len(subjects) != 3 || subjects[1] != "Đã có trả lời: "+code && subjects[2] != "Đã có trả lời: "+code ||
		!slices.ContainsFunc(subjects, func(s string) bool { return strings.HasPrefix(s, "We have received") }) {
		t.Errorf("letters: %v", subjects)
	}
}

// TestUnitIsMailed: each of the unit who has an address and may see the case.
func TestUnitIsMailed(t *testing.T) {
	o, server := postOffice(t)
	o.staffer("dat-dai-1", "Trần Văn Bình", "binh@example.gov.vn")
	o.staffer("dat-dai-2", "Phạm Thị Lan", "lan@example.gov.vn")
	o.staffer("dat-dai-3", "Hồ Văn Không", "")
	r := o.wrote(1, feedback.Intake{Kind: feedback.Petition, Anonymous: true, About: feedback.About{Officer: "bà Phạm Thị Lan"}})
	o.takes(r.Case.Code, feedback.Classify, frontDesk, feedback.StepInput{Kind: feedback.Petition})
	o.takes(r.Case.Code, feedback.Assign, frontDesk, feedback.StepInput{Unit: landOffice})
	o.mailed()
	o.mailed()
	letters := server.Read()
	if len(letters) != 1 || letters[0].To != "<binh@example.gov.vn>" || !strings.Contains(letters[0].Subject, "mới giao") {
		t.Errorf("letters: %+v", letters)
	}
}

// TestKilledWhileAUnitIsTold: a server that stops after it has told some of a
// unit, or all, and has not noted it down, doubles no mail: what is sent again is
// the same to each mailbox.
func TestKilledWhileAUnitIsTold(t *testing.T) {
	o, server := postOffice(t)
	o.staffer("dat-1", "Trần Văn Một", "mot@example.gov.vn")
	o.staffer("dat-2", "Lê Thị Hai", "hai@example.gov.vn")
	r := o.wrote(1, feedback.Intake{Kind: feedback.Petition})
	o.mailed()
	o.takes(r.Case.Code, feedback.Classify, frontDesk, feedback.StepInput{Kind: feedback.Petition})
	o.takes(r.Case.Code, feedback.Assign, frontDesk, feedback.StepInput{Unit: landOffice})
	waiting, _, err := o.cases.Outbox().List(t.Context(), outbox.Waiting, 10, "")
	if err != nil || len(waiting) != 1 {
		t.Fatal(waiting, err)
	}
	told := func(n outbox.Notice) {
		t.Helper()
		if err := o.server.Tell(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	told(waiting[0].Notice)
	each, _, err := o.cases.Outbox().List(t.Context(), outbox.Waiting, 10, "")
	if err != nil || len(each) != 3 {
		t.Fatal(each, err)
	}
	for _, n := range each {
		if n.ID != waiting[0].ID {
			told(n.Notice)
			break
		}
	}
	o.mailed()
	o.mailed()
	ids := map[string]int{}
	for _, l := range server.Read() {
		if strings.Contains(l.To, "@example.gov.vn") {
			ids[l.ID+" "+l.To]++
		}
	}
	if len(ids) != 2 {
		t.Errorf("mails: %v", ids)
	}
}

// TestMailServerAway: nothing is lost and nothing comes twice; one address that
// is refused holds nobody up.
func TestMailServerAway(t *testing.T) {
	o, server := postOffice(t)
	server.Stop()
	for n := range 4 {
		o.wrote(n, feedback.Intake{Kind: feedback.Petition, Contact: feedback.Contact{Email: fmt.Sprintf("dan%d@example.vn", n)}})
	}
	for range 5 {
		o.mailed()
		o.now = o.now.Add(5 * time.Minute)
	}
	server.Restart()
	server.Refuse("dan2@example.vn", 550)
	for range 3 {
		o.now = o.now.Add(time.Hour)
		o.mailed()
	}
	var to []string
	for _, l := range server.Read() {
		to = append(to, l.To)
	}
	slices.Sort(to)
	if !slices.Equal(to, []string{"<dan0@example.vn>", "<dan1@example.vn>", "<dan3@example.vn>"}) {
		t.Errorf("letters to %v", to)
	}
	a := o.send("GET", noticesPage+"?state=failed", "", o.signIn(staff.Admin), local)
	if a.StatusCode != http.StatusOK || !strings.Contains(a.body, "không nhận địa chỉ này") || strings.Contains(a.body, "dan2@") {
		t.Errorf("the console says %s", a.body)
	}
}

const noticesPage = "/lam-viec/thu-bao"

// TestNoticesTellNoCodes: the administrator sees that mail waits, and of which
// case only those who may read it.
func TestNoticesTellNoCodes(t *testing.T) {
	o := newOffice(t)
	r := o.wrote(1, feedback.Intake{Kind: feedback.Petition})
	code := feedback.FormatCode(r.Case.Code)
	admin, staffOffice := o.send("GET", noticesPage, "", o.signIn(staff.Admin), local), o.send("GET", noticesPage, "", o.signIn(staff.Office), local)
	if strings.Contains(admin.body, code) || strings.Contains(admin.body, r.Case.Code) || !strings.Contains(admin.body, "Chưa đặt máy chủ thư") {
		t.Errorf("the administrator reads %s", admin.body)
	}
	if !strings.Contains(staffOffice.body, code) || !strings.Contains(staffOffice.body, "Tiếp nhận") {
		t.Errorf("the office reads %s", staffOffice.body)
	}
	if list, _, err := o.cases.Outbox().List(t.Context(), outbox.Waiting, 9, ""); err != nil || len(list) != 1 {
		t.Errorf("waiting: %+v, %v", list, err)
	}
}
