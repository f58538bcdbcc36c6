package api_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"sipas/feedback"
	"sipas/internal/outbox"
	"sipas/internal/staff"
)

// secrets are words planted in every field of denunciations. A search begins
// with leakSearch, which begins most of them and is none, so that no page has one
// only because it shows again what was searched for.
type secrets struct {
	words []string
	codes []string // as they are stored
	files []string // ids
}

const leakSearch = "zq"

func (s *secrets) word(field string) string {
	w := fmt.Sprintf("%s%s%d", leakSearch, field, len(s.words))
	s.words = append(s.words, w)
	return w
}

// leaks returns what of it stands in a text.
func (s *secrets) leaks(text string, codesToo bool) (found []string) {
	for _, w := range s.words {
		if strings.Contains(text, w) {
			found = append(found, w)
		}
	}
	for _, c := range s.codes {
		if codesToo && (strings.Contains(text, c) || strings.Contains(text, feedback.FormatCode(c))) {
			found = append(found, "the code "+c)
		}
	}
	return found
}

// denounces stores a case that is, or will be, a denunciation.
func (o *office) denounces(s *secrets, kind feedback.Kind, taken feedback.Taken) *feedback.Receipt {
	o.t.Helper()
	return o.plants(s, kind, taken, feedback.About{Unit: land})
}

// plants stores a case about somebody with a word in every field.
func (o *office) plants(s *secrets, kind feedback.Kind, taken feedback.Taken, about feedback.About) *feedback.Receipt {
	o.t.Helper()
	file, err := feedback.ReadFile(s.word("name")+".pdf", []byte("%PDF-1.7\n"+s.word("file")+"\n%%EOF"))
	if err != nil {
		o.t.Fatal(err)
	}
	phone := fmt.Sprintf("0911%06d", len(s.words))
	s.words = append(s.words, phone)
	about.Officer = strings.TrimSpace(about.Officer + " " + s.word("officer"))
	d, err := feedback.New(feedback.Intake{
		Key: feedback.NewKey().ID + "-leak", Kind: kind, Subject: s.word("subject"), Content: s.word("content"), Area: "dat-dai",
		About: about, Dossier: s.word("dossier"),
		Contact: feedback.Contact{Name: s.word("person"), Phone: phone, Email: s.word("mail") + "@example.vn", Address: s.word("address")},
		Consent: true, Publish: true, Files: []*feedback.File{file}, Taken: taken,
	}, o.cases.Rules(), o.now)
	if err != nil {
		o.t.Fatal(err)
	}
	r, err := o.cases.Add(o.t.Context(), d)
	if err != nil {
		o.t.Fatal(err)
	}
	s.codes = append(s.codes, r.Case.Code)
	for _, f := range r.Case.Files {
		s.files = append(s.files, f.ID)
	}
	return r
}

// isHandled takes a denunciation through the inspection and its sender, with a
// word in all that is written.
func (o *office) isHandled(s *secrets, r *feedback.Receipt) {
	o.t.Helper()
	code, who := r.Case.Code, o.as(staff.Inspection)
	say := func(field string) string { return `"` + field + `": "` + s.word(field) + `"` }
	o.step(code, who, "classify", `"kind": "denunciation", `+say("note"))
	o.step(code, who, "assign", `"unit": "`+inspect+`", `+say("note"))
	o.step(code, who, "ask", say("message")+", "+say("note"))
	reply := `{"secret": "` + r.Secret + `", ` + say("message") + `}`
	if a := o.send("POST", feedbackAPI+"/"+code+"/messages", reply); a.StatusCode != 200 {
		o.t.Fatalf("reply: %d %s", a.StatusCode, a.body)
	}
	o.step(code, who, "answer", say("message")+", "+say("note"))
	rating := `{"secret": "` + r.Secret + `", "solved": "no", "rating": 1, ` + say("comment") + `}`
	if a := o.send("POST", feedbackAPI+"/"+code+"/rating", rating); a.StatusCode != 200 {
		o.t.Fatalf("rating: %d %s", a.StatusCode, a.body)
	}
}

// queries are what lists, figures and files can be asked with.
func (s *secrets) queries() []string {
	list := []string{
		"q=" + leakSearch, "q=" + leakSearch + "&state=all", "state=all", "kind=denunciation", "kind=denunciation&state=all", "state=overdue",
		"unit=" + inspect + "&state=all", "unit=" + land, "status=answered", "overdue=true", "limit=500", "lang=en", "from=2026-06-01&to=2026-07-31",
		"by=kind", "by=unit", "by=area&from=2026-06-01&to=2026-07-31", "action=case.step", "object=" + leakSearch,
	}
	for _, c := range s.codes {
		asTyped := strings.ToLower(c[:4] + " " + c[4:])
		list = append(list, "q="+url.QueryEscape(asTyped), "state=all&q="+url.QueryEscape(asTyped), "object=case%2F"+strings.ToLower(c))
	}
	return list
}

// values are what stands for the parameters of routes.
func (o *office) values() map[string][]string {
	values := map[string][]string{":what": {"tin-nhan", "danh-gia", "tep"}, ":file": {"192.png"}}
	for parameter, id := range o.objects() {
		values[parameter] = []string{id}
	}
	maps.Copy(values, pathWords)
	return values
}

// values are those with the codes and files of the cases. Codes are written as
// nothing else writes them, so that an address that is shown again is no leak.
func (s *secrets) values(of map[string][]string) map[string][]string {
	values := maps.Clone(of)
	values[":id"] = append(slices.Clone(of[":id"]), s.files...)
	for _, c := range s.codes {
		values[":code"] = append(values[":code"], strings.ToLower(feedback.FormatCode(c)))
	}
	return values
}

// everybodyElse are all but the inspection, the one who wrote a denunciation down
// among them.
func (o *office) everybodyElse() []somebody {
	return []somebody{
		{name: "nobody"},
		o.enters(staff.Account{ID: "leak-desk", Name: "Bùi Văn Quầy", Role: staff.Desk, Unit: "van-phong-so", Desk: "quay-tra-ket-qua"}),
		o.enters(staff.Account{ID: "leak-land", Name: "Đỗ Thị Đất", Role: staff.Unit, Unit: land}),
		o.enters(staff.Account{ID: "leak-inspectors", Name: "Hồ Văn Phòng", Role: staff.Unit, Unit: inspect}),
		o.enters(staff.Account{ID: "leak-office", Name: "Võ Thị Phòng", Role: staff.Office, Unit: "van-phong-so"}),
		o.enters(staff.Account{ID: "leak-leader", Name: "Lý Văn Trưởng", Role: staff.Leader}),
		o.enters(staff.Account{ID: "leak-admin", Name: "Mai Thị Máy", Role: staff.Admin}),
	}
}

// TestDenunciationsStaySecret goes through the whole program as everybody but the
// inspection and looks for what stands in denunciations: one as sent, one that
// the desk wrote down, and one that was sent as a petition.
func TestDenunciationsStaySecret(t *testing.T) {
	o, mails := postOffice(t)
	o.sent(feedback.Petition)
	others := o.everybodyElse()
	s := &secrets{}
	for _, r := range []*feedback.Receipt{
		o.denounces(s, feedback.Denunciation, feedback.Taken{}),
		o.denounces(s, feedback.Denunciation, feedback.Taken{Account: "leak-desk", Desk: "quay-tra-ket-qua"}),
		o.denounces(s, feedback.Petition, feedback.Taken{}),
	} {
		if r.Case.Kind == feedback.Petition {
			o.step(r.Case.Code, others[1].token, "classify", `"kind": "denunciation", "note": "`+s.word("note")+`"`)
		}
		o.isHandled(s, r)
	}
	o.outboxIsSilent(s)
	o.mailed()
	o.mailed()
	o.outboxIsSilent(s)

	values, paths := s.values(o.values()), 0
	for _, path := range o.paths("GET", values, s.queries()) {
		for _, who := range others {
			status, text := o.ask(who, "GET", path, "")
			if found := s.leaks(text, true); found != nil {
				t.Errorf("%s, GET %s: %d with %q", who.name, path, status, found)
			}
			paths++
		}
	}
	o.tryEverything(s, values, others)

	if found := s.leaks(o.log.String(), true); found != nil {
		t.Errorf("the log has %q", found)
	}
	for _, letter := range mails.Letters() {
		if found := s.leaks(letter, true); found != nil {
			t.Errorf("a mail has %q", found)
		}
	}
	for _, end := range []string{"", "-wal"} {
		b, err := os.ReadFile(o.file + end)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range s.words {
			if bytes.Contains(b, []byte(w)) {
				t.Errorf("%q stands in x.db%s", w, end)
			}
		}
	}
	o.inspectionReads(s, values)
	t.Logf("%d pages read for %d words", paths, len(s.words))
}

func (o *office) outboxIsSilent(s *secrets) {
	o.t.Helper()
	for _, state := range []outbox.State{outbox.Waiting, outbox.Told, outbox.Moot, outbox.GivenUp} {
		list, _, err := o.cases.Outbox().List(o.t.Context(), state, 500, "")
		if err != nil {
			o.t.Fatal(err)
		}
		if found := s.leaks(fmt.Sprintf("%+v", list), true); found != nil {
			o.t.Errorf("the outbox has %q", found)
		}
	}
}

// tryEverything posts what could make the program say something: steps, ticks,
// contacts, and the sender's requests with a wrong secret.
func (o *office) tryEverything(s *secrets, values map[string][]string, others []somebody) {
	o.t.Helper()
	for _, who := range others {
		for _, path := range o.paths("POST", values, nil) {
			if !strings.Contains(path, "vu-viec") && !strings.Contains(path, "/cases/") && !strings.Contains(path, "/feedback/") && !strings.Contains(path, "tra-cuu") {
				continue
			}
			code := strings.ToLower(s.codes[0])
			body, header := url.Values{"version": {"1"}, "message": {"x"}, "kind": {"petition"}, "code": {code}, "secret": {"wrong"},
				"case": {code + ".1"}, "unit": {land}, "sure": {"1"}}.Encode(), form
			if strings.HasPrefix(path, "/api/") {
				body, header = `{"step": "classify", "kind": "petition", "code": "`+code+`", "secret": "wrong", "message": "x", "solved": "no", "rating": 1}`, "Content-Type: application/json"
			}
			status, text := o.ask(who, "POST", path, body, header)
			if found := s.leaks(text, true); found != nil {
				o.t.Errorf("%s, POST %s: %d with %q", who.name, path, status, found)
			}
		}
	}
	for _, code := range s.codes { // still what they were
		k, err := o.cases.Case(o.t.Context(), feedback.Officer{Account: "x", Role: feedback.RoleInspection}, code)
		if err != nil || k.Kind != feedback.Denunciation || k.Status != feedback.Answered {
			o.t.Errorf("a denunciation has changed: %+v, %v", k, err)
		}
	}
}

// inspectionReads makes sure that the test looks where the words are: the
// inspection finds every one on the same routes.
func (o *office) inspectionReads(s *secrets, values map[string][]string) {
	o.t.Helper()
	who := o.enters(staff.Account{ID: "leak-inspection", Name: "Trần Thị Tra", Role: staff.Inspection, Unit: inspect})
	var all strings.Builder
	for _, path := range o.paths("GET", values, s.queries()) {
		_, text := o.ask(who, "GET", path, "")
		all.WriteString(text)
	}
	for _, c := range s.codes {
		_, text := o.ask(who, "POST", "/lam-viec/vu-viec/"+feedback.FormatCode(c)+"/lien-he", "", form)
		all.WriteString(text)
	}
	if found := s.leaks(all.String(), true); len(found) != len(s.words)+len(s.codes) {
		o.t.Errorf("of %d words and %d codes the inspection finds %q", len(s.words), len(s.codes), found)
	}
}

// TestDenunciationsMoveNothing: no page of anybody else looks otherwise, in any
// count or place, after a denunciation has come.
func TestDenunciationsMoveNothing(t *testing.T) {
	o := newOffice(t)
	s := &secrets{codes: []string{o.assigned().Code}} // so that a case is looked at
	o.sent(feedback.Complaint)
	others := o.everybodyElse()
	paths := slices.DeleteFunc(o.paths("GET", s.values(o.values()), s.queries()), func(p string) bool { return !ofCases(p) || onRecord.MatchString(p) })
	first, second := o.walk(paths, others), o.walk(paths, others)
	code := o.denounces(s, feedback.Denunciation, feedback.Taken{}).Case.Code
	who := feedback.Officer{Account: "tra", Role: feedback.RoleInspection, Unit: inspect}
	o.takes(code, feedback.Classify, who, feedback.StepInput{Kind: feedback.Denunciation})
	o.takes(code, feedback.Assign, who, feedback.StepInput{Unit: inspect})
	o.denounces(s, feedback.Denunciation, feedback.Taken{Account: "leak-desk", Desk: "quay-tra-ket-qua"})
	o.sameAsBefore(paths, others, first, second)
}
