package api_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sipas/feedback"
	"sipas/internal/staff"
)

// stepProblem is a problem with what a refused step says besides.
type stepProblem struct {
	problem
	Allowed []string
	Version int
}

func (o *office) refused(a answer, status int) (p stepProblem) {
	o.t.Helper()
	o.problem(a, status)
	a.into(o.t, &p)
	return p
}

// TestACaseFromReceiptToItsEnd walks a petition through the interface, each step
// by an officer of the role that the contract names.
func TestACaseFromReceiptToItsEnd(t *testing.T) {
	o := newOffice(t)
	code := o.sent(feedback.Petition).Code
	desk, unit, office, inspection := o.as(staff.Desk), o.as(staff.Unit), o.as(staff.Office), o.as(staff.Inspection)
	for i, s := range []struct{ who, step, members, want string }{
		{desk, "classify", `"kind": "petition", "note": "đúng loại"`, "classified"},
		{desk, "assign", `"unit": "` + land + `"`, "assigned"},
		{unit, "ask", `"message": "Thửa nào?"`, "waiting"},
		{office, "extend", `"until": "2026-07-27", "message": "Cần đo lại."`, "waiting"},
		{unit, "answer", `"message": "Đã cấp giấy."`, "answered"},
		{office, "publish", `"message": "Đã cấp giấy cho người dân."`, "answered"},
		{inspection, "publish", ``, "answered"},
		{office, "close", ``, "closed"},
		{office, "unpublish", ``, "closed"},
		{office, "reopen", `"note": "còn thiếu"`, "assigned"},
		{desk, "transfer", `"to": "Sở Xây dựng", "message": "Mời liên hệ Sở Xây dựng."`, "transferred"},
		{inspection, "reopen", ``, "assigned"},
		{desk, "withdraw", ``, "withdrawn"},
	} {
		members := fmt.Sprintf(`"version": %d`, i+1)
		if s.members != "" {
			members += ", " + s.members
		}
		c := o.step(code, s.who, s.step, members)
		if c.Status != s.want || c.Version != i+2 || c.Steps[i+1].Step != s.step {
			t.Fatalf("after %s: %s, version %d", s.step, c.Status, c.Version)
		}
	}
	complaint := o.sent(feedback.Complaint).Code
	for _, s := range []struct{ step, members, want string }{
		{"classify", `"kind": "complaint"`, "classified"}, {"accept", `"variant": "remote"`, "accepted"}, {"assign", `"unit": "` + land + `"`, "assigned"},
	} {
		if c := o.step(complaint, inspection, s.step, s.members); c.Status != s.want {
			t.Errorf("after %s: %s", s.step, c.Status)
		}
	}
	refused := o.sent(feedback.Complaint).Code
	o.step(refused, inspection, "classify", `"kind": "complaint"`)
	if c := o.step(refused, inspection, "refuse", `"message": "Đã quá thời hiệu."`); c.Status != "refused" {
		t.Error(c.Status)
	}
}

// TestWhoMayStep: a role that may not is told so, whatever the status.
func TestWhoMayStep(t *testing.T) {
	o := newOffice(t)
	code := o.assigned().Code
	for _, tt := range []struct {
		role  staff.Role
		step  string
		wants int
	}{
		{staff.Leader, "answer", 403}, {staff.Admin, "answer", 403}, {staff.Office, "answer", 403}, {staff.Office, "ask", 403},
		{staff.Unit, "assign", 403}, {staff.Unit, "classify", 403}, {staff.Unit, "close", 403}, {staff.Unit, "withdraw", 403},
		{staff.Desk, "extend", 403}, {staff.Desk, "accept", 403}, {staff.Desk, "reopen", 403}, {staff.Desk, "publish", 403},
		{staff.Unit, "answer", 422}, {staff.Desk, "ask", 422}, {staff.Inspection, "extend", 422}, {staff.Office, "assign", 422},
		{staff.Office, "close", 409}, {staff.Inspection, "accept", 409}, {staff.Desk, "classify", 409},
	} {
		a := o.send("POST", casesPath+"/"+code+"/steps", `{"step": "`+tt.step+`"}`, o.as(tt.role))
		o.problem(a, tt.wants)
	}
	other := o.officer(staff.Officer{Account: "registry", Role: staff.Unit, Unit: registry})
	o.problem(o.send("POST", casesPath+"/"+code+"/steps", `{"step": "answer", "message": "x"}`, other), 404)
}

// TestRefusedStepsTellWhatIsAllowed, and leave the case as it was.
func TestRefusedStepsTellWhatIsAllowed(t *testing.T) {
	o := newOffice(t)
	code := o.assigned().Code
	before := o.send("GET", casesPath+"/"+code, "", o.as(staff.Inspection)).body
	post := func(role staff.Role, body string) answer {
		return o.send("POST", casesPath+"/"+code+"/steps", body, o.as(role))
	}
	for _, tt := range []struct {
		name, body string
		role       staff.Role
		code       string
		allowed    string
	}{
		{"not now", `{"step": "close"}`, staff.Inspection, "step_not_now", "assign ask extend answer transfer withdraw"},
		{"not now, for the office", `{"step": "close", "version": 3}`, staff.Office, "step_not_now", "assign extend transfer withdraw"},
		{"of another kind", `{"step": "accept"}`, staff.Inspection, "step_not_now", "assign ask extend answer transfer withdraw"},
		{"stale", `{"step": "answer", "message": "x", "version": 2}`, staff.Unit, "case_stale", "ask answer"},
		{"of a version to come", `{"step": "answer", "message": "x", "version": 4}`, staff.Unit, "case_stale", "ask answer"},
		{"stale and not now", `{"step": "close", "version": 2}`, staff.Office, "case_stale", "assign extend transfer withdraw"},
	} {
		p := o.refused(post(tt.role, tt.body), 409)
		if p.Code != tt.code || strings.Join(p.Allowed, " ") != tt.allowed || p.Version != 3 {
			t.Errorf("%s: %+v", tt.name, p)
		}
	}
	o.step(code, o.as(staff.Unit), "answer", `"message": "Đã cấp."`)
	o.step(code, o.as(staff.Office), "publish", "")
	if p := o.refused(post(staff.Office, `{"step": "publish"}`), 409); p.Code != "second_person" || len(p.Allowed) == 0 {
		t.Errorf("%+v", p)
	}
	if p := o.refused(post(staff.Unit, `{"step": "answer", "message": "x"}`), 409); p.Allowed == nil || len(p.Allowed) != 0 {
		t.Errorf("nothing is allowed: %+v", p)
	}
	if strings.Contains(before, "Đã cấp.") {
		t.Error("a refused step was taken")
	}
}

func TestEveryFieldOfAStepIsNamed(t *testing.T) {
	o := newOffice(t)
	code := o.assigned().Code
	for _, tt := range []struct{ name, body, wants string }{
		{"nothing", `{}`, "step required"},
		{"no such step", `{"step": "dance"}`, "step choice"},
		{"a step that no officer takes", `{"step": "reply", "message": "x"}`, "step choice"},
		{"fields of wrong types", `{"step": "answer", "message": 7, "note": [], "version": "1", "apology": "yes"}`,
			"version type_number, note type_text, message type_text, apology type_flag"},
		{"a misspelt member", `{"step": "answer", "messages": "x"}`, "messages unknown_member, message required"},
		{"fields of another step", `{"step": "answer", "message": "x", "unit": "` + land + `", "kind": "petition", "until": "2026-07-27", "to": "x", "apology": true}`,
			"kind not_in_step, unit not_in_step, until not_in_step, apology not_in_step, to not_in_step"},
		{"values that are none", `{"step": "extend", "until": "2026-02-30"}`, "message required, until date"},
		{"no unit of ours", `{"step": "assign", "unit": "phong-mo"}`, "unit unknown"},
		{"200,000 characters", `{"step": "answer", "message": "` + strings.Repeat("ễ", 200_000) + `"}`, "message too_long"},
		{"only spaces", `{"step": "ask", "message": " \n\t"}`, "message required"},
	} {
		a := o.send("POST", casesPath+"/"+code+"/steps", tt.body, o.as(staff.Inspection))
		if got := o.problem(a, 422).fields(); got != tt.wants {
			t.Errorf("%s: %s", tt.name, got)
		}
	}
	for _, body := range []string{``, `[]`, `"x"`, `{`, "{\"step\": \"answer\", \"message\": \"\xff\"}"} {
		o.problem(o.send("POST", casesPath+"/"+code+"/steps", body, o.as(staff.Inspection)), 400)
	}
	o.problem(o.send("POST", casesPath+"/"+code+"/steps", `{"note": "`+strings.Repeat("x", 1<<20)+`"}`, o.as(staff.Inspection)), 413)
	if c := o.step(code, o.as(staff.Inspection), "assign", `"unit": "`+registry+`", "note": null, "message": null, "version": null, "apology": null`); c.Unit != registry {
		t.Errorf("null is not left out: %+v", c)
	}
}

// TestStepThatLeadsOutOfSight: whoever makes a denunciation of a case is told that
// it is done, and nothing more.
func TestStepThatLeadsOutOfSight(t *testing.T) {
	o := newOffice(t)
	k := o.sent(feedback.Petition)
	a := o.send("POST", casesPath+"/"+k.Code+"/steps", `{"step": "classify", "kind": "denunciation"}`, o.as(staff.Office))
	if a.StatusCode != 204 || a.body != "" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	o.problem(o.send("GET", casesPath+"/"+k.Code, "", o.as(staff.Office)), 404)
	if c := o.step(k.Code, o.as(staff.Inspection), "classify", `"kind": "denunciation", "note": "bí mật"`); c.Kind != "denunciation" {
		t.Errorf("%+v", c)
	}
	// And when it turns out to be none, what was done meanwhile stays hidden.
	o.step(k.Code, o.as(staff.Inspection), "classify", `"kind": "petition"`)
	a = o.send("GET", casesPath+"/"+k.Code, "", o.as(staff.Office))
	if a.StatusCode != 200 || strings.Contains(a.body, "bí mật") || strings.Contains(a.body, "denunciation") {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

// TestStepsAreOnRecord: before they are taken, without what was written, and with
// those about denunciations for the inspection alone.
func TestStepsAreOnRecord(t *testing.T) {
	o := newOffice(t)
	inspection := o.as(staff.Inspection)
	open, secret, turned := o.sent(feedback.Petition), o.sent(feedback.Denunciation), o.sent(feedback.Question)
	for _, k := range []*feedback.Case{open, secret} {
		o.now = o.now.Add(time.Second)
		o.step(k.Code, inspection, "classify", `"kind": "`+string(k.Kind)+`", "note": "ghi chú riêng"`)
	}
	o.now = o.now.Add(time.Second)
	o.step(turned.Code, o.as(staff.Office), "classify", `"kind": "denunciation"`)
	// What is refused changes nothing and is not on record.
	o.send("POST", casesPath+"/"+open.Code+"/steps", `{"step": "close"}`, inspection)
	o.send("POST", casesPath+"/"+open.Code+"/steps", `{"step": "assign", "version": 1}`, inspection)
	o.send("POST", casesPath+"/"+open.Code+"/steps", `{"step": "assign"}`, inspection)
	log := func(secrets bool) (list []string) {
		for _, e := range o.auditLog(staff.EntryFilter{Action: "case.step", Secret: secrets}) {
			list = append(list, fmt.Sprint(e.Account, " ", e.Object, " ", e.Detail, e.Outcome))
			if strings.Contains(fmt.Sprint(*e), "riêng") {
				t.Errorf("what was written is on record: %+v", e)
			}
		}
		slices.Reverse(list)
		return list
	}
	want := []string{
		"token/case-inspection case/" + open.Code + " [step=classify kind=petition]",
		"token/case-inspection case/" + secret.Code + " [step=classify kind=denunciation]",
		"token/case-office case/" + turned.Code + " [step=classify kind=denunciation]",
	}
	if got := log(true); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if got := log(false); !slices.Equal(got, want[:1]) {
		t.Errorf("not secret: %q", got)
	}
}

// TestManyOfficersAtOnce: of 32 officers who answer one case as they saw it,
// exactly one does; the others are told, and what they wrote is theirs to send
// again: in the end every note is in the case, once.
func TestManyOfficersAtOnce(t *testing.T) {
	o := newOffice(t)
	const n = 32
	code := o.assigned().Code
	tokens := make([]string, n)
	for i := range tokens {
		tokens[i] = o.officer(staff.Officer{Account: fmt.Sprintf("unit-%02d", i), Role: staff.Inspection, Unit: inspect})
	}
	post := func(i, version int) (status, now int) {
		body := fmt.Sprintf(`{"step": "assign", "unit": %q, "version": %d, "note": "ghi chú %02d"}`, land, version, i)
		if version == 0 {
			body = strings.Replace(body, `"version": 0, `, "", 1)
		}
		w := httptest.NewRecorder()
		o.server.ServeHTTP(w, request("POST", casesPath+"/"+code+"/steps", body, tokens[i]))
		var v struct {
			Version int
			Allowed []string
		}
		if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil || len(v.Allowed) == 0 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		return w.Code, v.Version
	}
	together := func(do func(i int)) {
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() { do(i) })
		}
		wg.Wait()
	}
	statuses := make([]int, n)
	together(func(i int) { statuses[i], _ = post(i, 3) })
	var won int
	for i, s := range statuses {
		switch s {
		case 200:
			won++
		case 409:
		default:
			t.Errorf("officer %d: %d", i, s)
		}
	}
	if won != 1 {
		t.Fatalf("%d won", won)
	}
	// Each of the others looks again, and sends until it is in.
	together(func(i int) {
		for version := 4; statuses[i] != 200; {
			statuses[i], version = post(i, version)
		}
	})
	check := func(want, rounds int) {
		t.Helper()
		var c caseJSON
		o.send("GET", casesPath+"/"+code, "", tokens[0]).into(t, &c)
		notes := map[string]int{}
		for _, s := range c.Steps {
			notes[s.Note]++
		}
		delete(notes, "")
		if len(notes) != n || c.Version != want {
			t.Errorf("%d notes, version %d", len(notes), c.Version)
		}
		for note, times := range notes {
			if times != rounds {
				t.Errorf("%q is there %d times", note, times)
			}
		}
	}
	check(3+n, 1)
	// Who does not say which version they saw is never told to send again.
	together(func(i int) {
		if status, _ := post(i, 0); status != 200 {
			t.Errorf("officer %d: %d", i, status)
		}
	})
	check(3+2*n, 2)
}

// FuzzStep sends whatever as a step: the answer is one that the contract has, and
// the case goes on by at most one.
func FuzzStep(f *testing.F) {
	for _, s := range []string{
		`{"step": "answer", "message": "Đã cấp.", "version": 3}`, `{"step": "extend", "until": "2026-08-05", "message": "x", "apology": true}`,
		`{"step": "assign", "unit": "thanh-tra-so", "note": "\u0000\ud800"}`, `{"step": "classify", "kind": "denunciation"}`, `{"version": -1}`,
		`{"step": "transfer", "to": {}, "message": null}`, `{"step": "answer", "version": 1e400}`, `{"step": "answer", "step": 3}`, `{`, ``, "\xff",
	} {
		f.Add([]byte(s))
	}
	o := newOffice(f)
	code := o.assigned().Code
	who := o.as(staff.Inspection)
	f.Fuzz(func(t *testing.T, body []byte) {
		version := func() int {
			k, err := o.cases.Case(t.Context(), feedback.Officer{Role: feedback.RoleInspection}, code)
			if err != nil {
				t.Fatal(err)
			}
			return k.Version()
		}
		before := version()
		w := httptest.NewRecorder()
		o.server.ServeHTTP(w, request("POST", casesPath+"/"+code+"/steps", string(body), who))
		if !slices.Contains([]int{200, 400, 403, 409, 413, 422}, w.Code) || !json.Valid(w.Body.Bytes()) {
			t.Errorf("%q: %d %s", body, w.Code, w.Body)
		}
		want := before
		if w.Code == 200 {
			want++
		}
		if got := version(); got != want {
			t.Errorf("%q: %d, and version %d after %d", body, w.Code, got, before)
		}
	})
}
