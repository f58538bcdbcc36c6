package api_test

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sipas/feedback"
	"sipas/internal/staff"
)

// The desk of these tests and the unit that runs it.
const (
	theirDesk = "quay-moi-truong-tai-nguyen"
	oneStop   = "bo-phan-mot-cua"
)

// concerned makes the accounts of those whom a case is about, each with a
// mailbox. They ask by session everywhere: a token has no person's name.
func (o *office) concerned(accounts ...staff.Account) (people []somebody) {
	o.t.Helper()
	for _, a := range accounts {
		a.Email = a.ID + "@example.gov.vn"
		who := o.enters(a)
		who.token = ""
		people = append(people, who)
	}
	return people
}

// TestCasesNeverReachTheOneTheyAreAbout goes through the whole program as the
// unit, the desk and the officer that a case is about, before and after it has
// come and was handled: no page of theirs is another one, no mail goes to them,
// and nobody can give it to them.
func TestCasesNeverReachTheOneTheyAreAbout(t *testing.T) {
	named := func(role staff.Role, unit string) staff.Account {
		return staff.Account{ID: "named-" + string(role), Name: "Trần Văn Một", Role: role, Unit: unit}
	}
	for _, tt := range []struct {
		name  string
		kind  feedback.Kind
		about feedback.About
		taken feedback.Taken
		never string // the unit that it is never given to
		who   []staff.Account
	}{
		{"a unit", feedback.Petition, feedback.About{Unit: land}, feedback.Taken{}, land, []staff.Account{
			{ID: "of-the-unit", Name: "Đỗ Thị Đất", Role: staff.Unit, Unit: land},
			{ID: "its-desk", Name: "Bùi Văn Quầy", Role: staff.Desk, Unit: land},
		}},
		{"a unit, a complaint", feedback.Complaint, feedback.About{Unit: land}, feedback.Taken{Account: "its-desk", Desk: theirDesk}, land, []staff.Account{
			{ID: "of-the-unit", Name: "Đỗ Thị Đất", Role: staff.Unit, Unit: land},
			{ID: "its-desk", Name: "Bùi Văn Quầy", Role: staff.Desk, Unit: land, Desk: theirDesk},
		}},
		{"a desk", feedback.Petition, feedback.About{Desk: theirDesk}, feedback.Taken{Account: "at-the-desk", Desk: theirDesk}, oneStop, []staff.Account{
			{ID: "at-the-desk", Name: "Bùi Văn Quầy", Role: staff.Desk, Unit: oneStop, Desk: theirDesk},
			{ID: "of-its-unit", Name: "Đỗ Thị Đất", Role: staff.Unit, Unit: oneStop},
			{ID: "lent-to-the-desk", Name: "Cao Thị Giúp", Role: staff.Desk, Unit: "van-phong-so", Desk: theirDesk},
		}},
		{"an officer", feedback.Petition, feedback.About{Officer: "ông tran van mot ở quầy 3"}, feedback.Taken{}, "", []staff.Account{
			named(staff.Desk, oneStop), named(staff.Unit, registry), named(staff.Office, "van-phong-so"), named(staff.Leader, ""),
			named(staff.Inspection, inspect), named(staff.Admin, ""),
		}},
		{"an officer, a denunciation", feedback.Denunciation, feedback.About{Officer: "Trần Văn Một"}, feedback.Taken{}, "", []staff.Account{
			named(staff.Inspection, inspect), named(staff.Admin, ""),
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o, mails := postOffice(t)
			people := o.concerned(tt.who...)
			o.concerned(staff.Account{ID: "registry", Name: "Lê Văn Sổ", Role: staff.Unit, Unit: registry})
			handler := o.as(staff.Inspection)
			values := o.values()
			s := &secrets{codes: []string{o.sent(feedback.Petition).Code}} // so that a case is looked at
			paths := slices.DeleteFunc(o.casePaths(s, values), onRecord.MatchString)
			o.remindAndMail()
			first, second := o.walk(paths, people), o.walk(paths, people)

			s = &secrets{}
			r := o.plants(s, tt.kind, tt.taken, tt.about)
			o.isGivenOnlyToOthers(s, r, tt.never, handler)
			o.isWorkedOn(s, r, handler)
			o.now = o.now.AddDate(0, 0, 20) // the term will soon be over
			o.remindAndMail()
			o.now = o.now.AddDate(0, 0, -20)

			o.sameAsBefore(paths, people, first, second)
			for _, path := range o.casePaths(s, values) {
				for _, who := range people {
					if status, text := o.ask(who, "GET", path, ""); s.leaks(text, true) != nil {
						t.Errorf("%s, GET %s: %d with %q", who.name, path, status, s.leaks(text, true))
					}
				}
			}
			o.postsEverything(s, values, people)
			if k := o.openedBy(handler, r.Case.Code); k.Status != "assigned" || k.Version != 5 {
				t.Errorf("somebody has changed it: %+v", k)
			}
			for _, l := range mails.Read() {
				if slices.ContainsFunc(tt.who, func(a staff.Account) bool { return strings.Contains(l.To, a.ID+"@") }) {
					t.Errorf("a mail to %s: %s", l.To, l.Subject)
				}
			}
		})
	}
}

// casePaths are the addresses at which something of the cases could be seen.
func (o *office) casePaths(s *secrets, values map[string][]string) []string {
	queries := []string{"state=all", "q=" + leakSearch + "&state=all", "limit=500", "unit=" + land, "by=unit", "action=case.step"}
	for _, c := range s.codes {
		queries = append(queries, "state=all&q="+url.QueryEscape(strings.ToLower(c[:4]+" "+c[4:])), "object=case%2F"+strings.ToLower(c))
	}
	return slices.DeleteFunc(o.paths("GET", s.values(values), queries), func(p string) bool { return !ofCases(p) })
}

// onRecord are pages of which each reading is in the audit log, and so changes it.
var onRecord = regexp.MustCompile(`\.csv|\.xlsx|/reports/|/exports/|/contact|/van-ban/`)

func (o *office) openedBy(who, code string) (k caseJSON) {
	o.t.Helper()
	o.send("GET", casesPath+"/"+code, "", who).into(o.t, &k)
	return k
}

func (o *office) remindAndMail() {
	o.t.Helper()
	if err := o.cases.Remind(o.t.Context(), o.now); err != nil {
		o.t.Fatal(err)
	}
	o.mailed()
	o.mailed()
}

// isGivenOnlyToOthers classifies a case and tries every way there is to give it
// to a unit, by everybody who gives cases to units.
func (o *office) isGivenOnlyToOthers(s *secrets, r *feedback.Receipt, never, handler string) {
	o.t.Helper()
	code := r.Case.Code
	o.step(code, handler, "classify", `"kind": "`+string(r.Case.Kind)+`", "note": "`+s.word("note")+`"`)
	if never == "" {
		return
	}
	for _, role := range []staff.Role{staff.Desk, staff.Inspection, staff.Office} {
		if a := o.send("POST", casesPath+"/"+code+"/steps", `{"step": "assign", "unit": "`+never+`"}`, o.as(role)); a.StatusCode < 400 {
			o.t.Errorf("the %s gives it to %s: %d", role, never, a.StatusCode)
		}
		session := o.signIn(role)
		page := o.send("GET", "/lam-viec/vu-viec/"+code+"/buoc/assign", "", session).body
		if strings.Contains(page, `value="`+never+`"`) {
			o.t.Errorf("the %s is offered to give it to %s", role, never)
		}
		o.post("/lam-viec/vu-viec/"+code+"/buoc/assign", session, "version", "2", "unit", never, "sure", "1")
		o.post(bulkPath, session, "case", code+".2", "unit", never, "sure", "1")
	}
	if unit := o.unitOf(r.Case); unit != "" {
		o.t.Errorf("it was given to %s", unit)
	}
}

// isWorkedOn gives a case to a unit and asks its sender, with a word in all that
// is written.
func (o *office) isWorkedOn(s *secrets, r *feedback.Receipt, handler string) {
	o.t.Helper()
	unit := registry
	switch r.Case.Kind {
	case feedback.Complaint:
		o.step(r.Case.Code, handler, "accept", "")
	case feedback.Denunciation:
		unit = inspect
	}
	o.step(r.Case.Code, handler, "assign", `"unit": "`+unit+`", "note": "`+s.word("note")+`"`)
	if r.Case.Kind != feedback.Complaint {
		o.step(r.Case.Code, handler, "ask", `"message": "`+s.word("message")+`"`)
		if a := o.send("POST", feedbackAPI+"/"+r.Case.Code+"/messages", `{"secret": "`+r.Secret+`", "message": "`+s.word("reply")+`"}`); a.StatusCode != 200 {
			o.t.Fatalf("reply: %d %s", a.StatusCode, a.body)
		}
		return
	}
	o.step(r.Case.Code, handler, "extend", `"until": "2026-08-10", "message": "`+s.word("message")+`"`)
}

// postsEverything sends what could change the case, or make the program speak of
// it.
func (o *office) postsEverything(s *secrets, values map[string][]string, people []somebody) {
	o.t.Helper()
	code := strings.ToLower(s.codes[0])
	for _, path := range o.paths("POST", s.values(values), nil) {
		if !ofCases(path) || strings.Contains(path, "/mau/") || strings.HasSuffix(path, "/moi") {
			continue
		}
		body, header := url.Values{"version": {"5"}, "message": {"x"}, "kind": {"petition"}, "case": {code + ".5"}, "unit": {registry}, "to": {"x"}, "sure": {"1"}}.Encode(), form
		if strings.HasPrefix(path, "/api/") {
			body, header = `{"step": "withdraw", "message": "x"}`, "Content-Type: application/json"
		}
		for _, who := range people {
			if status, text := o.ask(who, "POST", path, body, header); s.leaks(text, true) != nil {
				o.t.Errorf("%s, POST %s: %d with %q", who.name, path, status, s.leaks(text, true))
			}
		}
	}
}
