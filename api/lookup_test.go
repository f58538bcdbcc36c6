package api_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"sipas/api"
	"sipas/feedback"
)

const lookupAPI = feedbackAPI + "/lookup"

// The officers of these tests.
var (
	front    = feedback.Officer{Account: "quay-3", Name: "Lê Thị Quầy", Role: feedback.RoleDesk}
	thanhTra = feedback.Officer{Account: "thanh-tra", Role: feedback.RoleInspection, Unit: "thanh-tra-so"}
)

// filed sends feedback, and returns its receipt.
func (o *office) filed(n int, members ...any) given {
	o.t.Helper()
	var r given
	a := o.send("POST", feedbackAPI, petition(key(n), members...))
	if a.into(o.t, &r); a.StatusCode != 201 {
		o.t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	return r
}

// take takes a step of an officer.
func (o *office) take(r given, by feedback.Officer, step feedback.Step, in feedback.StepInput) {
	o.t.Helper()
	c, err := o.cases.ByLookup(o.t.Context(), r.Code, r.Secret)
	if err != nil {
		o.t.Fatal(err)
	}
	e, err := c.Next(step, by, in, o.cases.Rules(), o.now)
	if err == nil {
		_, err = o.cases.Apply(o.t.Context(), c, e)
	}
	if err != nil {
		o.t.Fatalf("%s: %v", step, err)
	}
}

// asked is a petition that waits for its sender; answered is one with an answer.
func (o *office) asked(n int) given {
	r := o.filed(n)
	o.take(r, front, feedback.Classify, feedback.StepInput{Kind: feedback.Petition})
	o.take(r, front, feedback.Ask, feedback.StepInput{Message: "Mã hồ sơ là gì?", Note: "ghi chú nội bộ"})
	return r
}

func (o *office) answered(n int, members ...any) given {
	r := o.filed(n, members...)
	o.take(r, front, feedback.Classify, feedback.StepInput{Kind: feedback.Petition, Note: "ghi chú nội bộ"})
	o.take(r, front, feedback.Answer, feedback.StepInput{Message: "Đã trả kết quả <b>hôm nay</b>"})
	return r
}

// sender is a case as its sender's program reads it.
type sender struct {
	Code, Kind, Status, Subject, Content, Term string
	Version                                    int
	Area, Procedure, Unit, AnsweredAt          *string
	DueAt                                      time.Time
	DueExplained                               []struct{ Date, Code string }
	Paused                                     bool
	Promised, ReopenUntil                      *string
	Steps                                      []struct {
		Step, Status, Message string
		Mine, Apology         bool
		Kind, Unit, Until, To *string
	}
	Files []struct {
		ID, Name, Type string
		Size           int
	}
	Rating *struct {
		Solved, Comment string
		Rating          int
	}
	Allowed []string
}

func body(members ...any) string {
	m := map[string]any{}
	for i := 0; i < len(members); i += 2 {
		m[members[i].(string)] = members[i+1]
	}
	b, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// look looks a case up.
func (o *office) look(r given) sender {
	o.t.Helper()
	var v sender
	a := o.send("POST", lookupAPI, body("code", r.Code, "secret", r.Secret))
	if a.into(o.t, &v); a.StatusCode != 200 || a.Header.Get("Cache-Control") != "no-store" {
		o.t.Fatalf("%d %q %s", a.StatusCode, a.Header.Get("Cache-Control"), a.body)
	}
	return v
}

func (v sender) allowed() string { return strings.Join(v.Allowed, " ") }

func (v sender) last() string {
	s := v.Steps[len(v.Steps)-1]
	return fmt.Sprint(s.Step, " ", s.Mine, " ", s.Message)
}

func TestLookupShowsTheCase(t *testing.T) {
	o := newOffice(t)
	r := o.filed(1, "subject", "Trả chậm", "area", "dat-dai", "contact", map[string]string{"phone": "0905 123 456"})
	v := o.look(r)
	if v.Code != r.Code || v.Kind != "petition" || v.Status != "received" || v.Subject != "Trả chậm" || v.Content != "Hẹn ba lần chưa trả kết quả" ||
		*v.Area != "dat-dai" || v.Procedure != nil || v.Unit != nil || v.AnsweredAt != nil || v.Term != "resolve" || !v.DueAt.Equal(r.DueAt) ||
		len(v.DueExplained) != len(r.DueExplained) || v.Version != 1 || v.allowed() != "reply" || v.last() != "receive true " || v.Rating != nil {
		t.Errorf("%+v", v)
	}
	o.take(r, front, feedback.Classify, feedback.StepInput{Kind: feedback.Petition, Note: "ghi chú nội bộ"})
	o.take(r, front, feedback.Assign, feedback.StepInput{Unit: "phong-quan-ly-dat-dai"})
	o.take(r, front, feedback.Ask, feedback.StepInput{Message: "Mã hồ sơ là gì?"})
	if v := o.look(r); v.Status != "waiting" || !v.Paused || *v.Unit != "phong-quan-ly-dat-dai" || v.last() != "ask false Mã hồ sơ là gì?" ||
		*v.Steps[1].Kind != "petition" || *v.Steps[2].Unit != "phong-quan-ly-dat-dai" {
		t.Errorf("%+v", v)
	}
	a := o.send("POST", lookupAPI, body("code", r.Code, "secret", r.Secret))
	for _, hidden := range []string{"nội bộ", "quay-3", "Quầy", "0905"} {
		if strings.Contains(a.body, hidden) {
			t.Errorf("the sender reads %q: %s", hidden, a.body)
		}
	}
}

// TestLookupTakesAnySpelling: as codes are read out and typed.
func TestLookupTakesAnySpelling(t *testing.T) {
	o := newOffice(t)
	r := o.filed(1)
	whole := strings.ReplaceAll(r.Code, "-", "")
	for i, code := range []string{r.Code, whole, strings.ToLower(whole), " " + strings.Join(strings.Split(whole, ""), " ") + " ", strings.ReplaceAll(r.Code, "-", "."),
		strings.NewReplacer("8", "b", "6", "g", "5", "s", "2", "z").Replace(strings.ToLower(r.Code))} {
		if a := o.send("POST", lookupAPI, body("code", code, "secret", strings.ToLower(r.Secret))); a.StatusCode != 200 {
			t.Errorf("%d %q: %d", i, code, a.StatusCode)
		}
		a := o.send("POST", "/tra-cuu", url.Values{"code": {code}, "secret": {r.Secret}}.Encode(), form)
		if a.StatusCode != 200 || !strings.Contains(a.body, "Sở đã nhận") {
			t.Errorf("%d %q on the page: %d", i, code, a.StatusCode)
		}
	}
}

// wrongPairs are all the ways of not knowing a case.
func (o *office) wrongPairs(r given) map[string][2]string {
	other := o.filed(900, "content", "Việc khác")
	secretOfNone := "4KXA-9TRE"
	denounced := o.filed(901, "kind", "denunciation", "content", "Đòi tiền", "contact", map[string]string{"name": "Nguyễn Văn Dân", "address": "12 Hùng Vương"})
	wrongLast := r.Code[:len(r.Code)-1] + map[bool]string{true: "3", false: "2"}[r.Code[len(r.Code)-1] == '2']
	return map[string][2]string{
		"wrong secret":                   {r.Code, secretOfNone},
		"another case's secret":          {r.Code, other.Secret},
		"a denunciation, wrong secret":   {denounced.Code, r.Secret},
		"no such code":                   {"2222-2222-222", r.Secret},
		"a wrong letter":                 {wrongLast, r.Secret},
		"too short":                      {"K7", r.Secret},
		"no letters of codes":            {"đơn số 5", r.Secret},
		"far too long":                   {strings.Repeat("K7", 3000), r.Secret},
		"control characters":             {"K7\x00MX\n", r.Secret},
		"a query":                        {`{"$ne":""}`, `{"$gt":""}`},
		"a secret far too long":          {r.Code, strings.Repeat("4KXA", 3000)},
		"a secret of Vietnamese letters": {r.Code, strings.Repeat("ữ", 67)},
		"the two exchanged":              {r.Secret, r.Code},
	}
}

// TestAllRefusalsAreOne: byte by byte, so that nobody learns which codes there
// are, or that there is a denunciation.
func TestAllRefusalsAreOne(t *testing.T) {
	o := newOffice(t)
	r := o.answered(1)
	type refusal struct {
		status       int
		header, body string
	}
	seen := map[string]refusal{} // by address
	for name, pair := range o.wrongPairs(r) {
		code := url.PathEscape(pair[0])
		for path, sent := range map[string]string{
			lookupAPI:                          body("code", pair[0], "secret", pair[1]),
			feedbackAPI + "/{code}/messages":   body("secret", pair[1], "message", "Chào"),
			feedbackAPI + "/{code}/rating":     body("secret", pair[1], "solved", "yes", "rating", 5),
			feedbackAPI + "/{code}/rating?bad": body("secret", pair[1], "solved", "maybe", "rating", 9, "x", 1),
			"/tra-cuu":                         "",
			"/tra-cuu/tin-nhan":                "message=Ch%C3%A0o",
			"/tra-cuu/danh-gia":                "solved=yes&rating=5",
			"/tra-cuu/tep":                     "file=1",
		} {
			if path != lookupAPI && strings.HasPrefix(path, "/api") && len(code) > 200 {
				continue // no such address
			}
			headers := []string{"X-Forwarded-For: 192.0.2.1"}
			if !strings.HasPrefix(path, "/api") {
				sent += "&" + url.Values{"code": {pair[0]}, "secret": {pair[1]}}.Encode()
				headers = append(headers, form)
			}
			if strings.Contains(pair[0], "\x00") && !strings.HasPrefix(path, "/api") {
				continue // no form has it
			}
			a := o.send("POST", strings.TrimSuffix(strings.Replace(path, "{code}", code, 1), "?bad"), sent, headers...)
			text := strings.ReplaceAll(a.body, a.Header.Get("X-Request-Id"), "ID")
			for i, typed := range pair { // the page shows what was typed
				text = strings.ReplaceAll(text, `value="`+attribute(typed)+`"`, fmt.Sprint("typed ", i))
			}
			a.Header.Del("X-Request-Id")
			a.Header.Del("Content-Length")
			a.Header.Del("Date")
			got := refusal{a.StatusCode, fmt.Sprint(a.Header), text}
			if first, ok := seen[path]; !ok {
				seen[path] = got
			} else if got != first {
				t.Errorf("%s to %s differs:\n%+v\n%+v", name, path, got, first)
			}
			if got.status != 404 || a.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s to %s: %d %s", name, path, got.status, a.Header)
			}
			o.now = o.now.Add(2 * time.Minute) // each is let in
		}
	}
}

func attribute(s string) string {
	return strings.NewReplacer("&", "&amp;", `"`, "&#34;", "<", "&lt;", "'", "&#39;", "+", "&#43;", "\x00", "\ufffd").Replace(s)
}

// from makes a request from a network address.
func (o *office) from(address, method, path, sent string, headers ...string) answer {
	o.t.Helper()
	r := request(method, path, sent, headers...)
	r.RemoteAddr = address + ":1234"
	w := httptest.NewRecorder()
	o.server.ServeHTTP(w, r)
	described.check(o.t, r, sent, w.Result(), w.Body.String())
	return answer{w.Result(), w.Body.String()}
}

// TestGuessingIsSlowedDown, and keeps nobody who knows the secret out for long.
func TestGuessingIsSlowedDown(t *testing.T) {
	o := newOffice(t)
	r := o.filed(1)
	guess := body("code", r.Code, "secret", "4KXA-9TRE")
	right := body("code", r.Code, "secret", r.Secret)
	if a := o.from("198.51.100.7", "POST", lookupAPI, right); a.StatusCode != 200 {
		t.Fatal(a.StatusCode)
	}
	until429 := func(address func(int) string) int {
		for n := range 1000 {
			if a := o.from(address(n), "POST", lookupAPI, guess); a.StatusCode == 429 {
				p := o.problem(a, 429)
				wait, _ := strconv.Atoi(a.Header.Get("Retry-After"))
				if wait < 1 || wait > 60 || p.Code != "lookup_throttled" {
					t.Errorf("Retry-After %q, %s", a.Header.Get("Retry-After"), p.Code)
				}
				return n
			}
		}
		return 1000
	}
	one := func(int) string { return "192.0.2.1" }
	if n := until429(one); n != 10 {
		t.Errorf("one address guesses %d times", n)
	}
	if a := o.from("192.0.2.1", "POST", "/tra-cuu", url.Values{"code": {r.Code}, "secret": {r.Secret}, "message": {"Lời đã viết"}}.Encode(), form); a.StatusCode != 429 ||
		a.Header.Get("Retry-After") == "" || !strings.Contains(a.body, `name="message" value="Lời đã viết"`) || !strings.Contains(a.body, "giây") {
		t.Errorf("the page of a guesser: %d %s", a.StatusCode, a.body)
	}
	if n := until429(func(i int) string { return fmt.Sprintf("203.0.113.%d", i) }); n != 20 {
		t.Errorf("many addresses guess %d times more", n)
	}
	if a := o.from("198.51.100.7", "POST", lookupAPI, right); a.StatusCode != 200 {
		t.Errorf("where the sender has looked before: %d", a.StatusCode)
	}
	o.now = o.now.Add(10 * time.Second)
	if a := o.from("198.51.100.99", "POST", lookupAPI, right); a.StatusCode != 200 {
		t.Errorf("where the sender has not looked before, ten seconds later: %d", a.StatusCode)
	}
}

// TestManyCodesFromOneAddress: whoever goes through codes is slowed down too, and
// one own case is no way around.
func TestManyCodesFromOneAddress(t *testing.T) {
	o := newOffice(t)
	r := o.filed(1)
	n := 0
	for ; n < 1000; n++ {
		o.send("POST", lookupAPI, body("code", r.Code, "secret", r.Secret))
		if a := o.send("POST", lookupAPI, body("code", fmt.Sprint("K7MX", n), "secret", r.Secret)); a.StatusCode == 429 {
			break
		}
	}
	if n != 60 {
		t.Errorf("%d codes", n)
	}
}

func TestLookupWithoutAPair(t *testing.T) {
	o := newOffice(t)
	for sent, want := range map[string]string{
		`{}`:                             "code required, secret required",
		`{"code":"","secret":""}`:        "code required, secret required",
		`{"code":5,"secret":null,"x":1}`: "x unknown_member, code type_text, secret required",
	} {
		if p := o.problem(o.send("POST", lookupAPI, sent), 422); p.fields() != want {
			t.Errorf("%s: %s", sent, p.fields())
		}
	}
	if p := o.problem(o.send("POST", feedbackAPI+"/K7MX/rating", `{"solved":5,"comment":"`+strings.Repeat("x", 4001)+`"}`), 422); p.fields() != "secret required, solved type_text, rating range, comment too_long" {
		t.Errorf("%s", p.fields())
	}
	o.problem(o.send("POST", lookupAPI, `[]`), 400)
	a := o.send("POST", "/tra-cuu", "code=+", form)
	if a.StatusCode != 422 || !strings.Contains(a.body, `<a href="#code">`) || !strings.Contains(a.body, `<a href="#secret">`) {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

func TestSenderReplies(t *testing.T) {
	o := newOffice(t)
	r := o.asked(1)
	path := feedbackAPI + "/" + r.Code + "/messages"
	if p := o.problem(o.send("POST", path, body("secret", r.Secret, "message", " \n ")), 422); p.fields() != "message required" {
		t.Error(p.fields())
	}
	if p := o.problem(o.send("POST", path, body("secret", r.Secret, "message", strings.Repeat("ữ", 4001))), 422); p.fields() != "message too_long" {
		t.Error(p.fields())
	}
	o.now = o.now.AddDate(0, 0, 2)
	var v sender
	o.send("POST", path, body("secret", r.Secret, "message", "Mã H1 <script>alert(1)</script>")).into(t, &v)
	if v.Status != "classified" || v.Paused || v.last() != "reply true Mã H1 <script>alert(1)</script>" || !v.DueAt.After(r.DueAt) {
		t.Errorf("%+v", v)
	}
	o.take(r, front, feedback.Answer, feedback.StepInput{Message: "Xong"})
	if p := o.problem(o.send("POST", path, body("secret", r.Secret, "message", "Cảm ơn")), 409); p.Code != "message_not_now" {
		t.Error(p.Code)
	}
}

func TestSenderRates(t *testing.T) {
	o := newOffice(t)
	r := o.filed(1)
	path := feedbackAPI + "/" + r.Code + "/rating"
	if p := o.problem(o.send("POST", path, body("secret", r.Secret, "solved", "yes", "rating", 5)), 409); p.Code != "rating_not_now" {
		t.Error(p.Code)
	}
	r = o.answered(2)
	path = feedbackAPI + "/" + r.Code + "/rating"
	if p := o.problem(o.send("POST", path, body("secret", r.Secret, "solved", "maybe", "rating", 6)), 422); p.fields() != "solved choice, rating range" {
		t.Error(p.fields())
	}
	if p := o.problem(o.send("POST", path, body("secret", r.Secret, "solved", "yes", "rating", 5, "reopen", true)), 422); p.fields() != "reopen reopen_solved" {
		t.Error(p.fields())
	}
	var v sender
	if a := o.send("POST", path, body("secret", r.Secret, "solved", "partly", "rating", 3, "comment", "Còn chậm", "version", o.look(r).Version)); a.StatusCode != 200 {
		t.Fatal(a.body)
	} else if a.into(t, &v); v.Rating.Solved != "partly" || v.Rating.Rating != 3 || v.Rating.Comment != "Còn chậm" || v.Status != "answered" || v.allowed() != "rate reopen" || *v.ReopenUntil != "2026-07-30" {
		t.Errorf("%+v", v)
	}
	o.now = o.now.AddDate(0, 0, 31)
	if p := o.problem(o.send("POST", path, body("secret", r.Secret, "solved", "no", "rating", 1, "reopen", true)), 409); p.Code != "reopen_too_late" {
		t.Error(p.Code)
	}
	o.now = o.now.AddDate(0, 0, -1)
	o.send("POST", path, body("secret", r.Secret, "solved", "no", "rating", 1, "reopen", true)).into(t, &v)
	if v.Status != "classified" || v.last() != "reopen true " || v.allowed() != "reply" {
		t.Errorf("%+v", v)
	}
}

// TestRatingsStayOutOfTheSurvey: they are a source of their own.
func TestRatingsStayOutOfTheSurvey(t *testing.T) {
	o := newOffice(t)
	r := o.answered(1)
	o.send("POST", feedbackAPI+"/"+r.Code+"/rating", body("secret", r.Secret, "solved", "no", "rating", 1))
	if n := o.responses(); n != 0 {
		t.Errorf("%d responses", n)
	}
}

// TestSentTwiceIsKeptOnce: loaded anew, sent again by a program whose answer was
// lost, pressed twice at once; and the same words said anew later are kept.
func TestSentTwiceIsKeptOnce(t *testing.T) {
	messages := func(o *office, r given) (n int) {
		for _, s := range o.look(r).Steps {
			if s.Step == "reply" || s.Step == "rate" || s.Step == "reopen" {
				n++
			}
		}
		return n
	}
	o := newOffice(t)
	r := o.asked(1)
	path := feedbackAPI + "/" + r.Code + "/messages"
	first := body("secret", r.Secret, "message", "Mã H1", "version", 3)
	for range 3 {
		if a := o.send("POST", path, first); a.StatusCode != 200 {
			t.Fatal(a.body)
		}
	}
	o.take(r, front, feedback.Ask, feedback.StepInput{Message: "Rõ hơn?"})
	o.send("POST", path, first)
	if n := messages(o, r); n != 1 {
		t.Errorf("kept %d times", n)
	}
	if v := o.look(r); v.Status != "waiting" {
		t.Errorf("a page loaded anew has answered the next question: %s", v.Status)
	}
	for range 2 { // without a version
		o.send("POST", path, body("secret", r.Secret, "message", "Mã H1"))
	}
	if n := messages(o, r); n != 2 {
		t.Errorf("said anew, kept %d times", n)
	}

	r = o.answered(2)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			sent := url.Values{"code": {r.Code}, "secret": {r.Secret}, "version": {"3"}, "solved": {"partly"}, "rating": {"2"}, "reopen": {"on"}}
			if a := o.send("POST", "/tra-cuu/danh-gia", sent.Encode(), form); a.StatusCode != 200 || !strings.Contains(a.body, "Đã lưu đánh giá của ông/bà") {
				t.Errorf("%d", a.StatusCode)
			}
		})
	}
	wg.Wait()
	if n := messages(o, r); n != 1 {
		t.Errorf("a rating pressed eight times is kept %d times", n)
	}
}

// TestSenderAgainstOfficers: a message that comes while officers work on the case
// is kept, whoever was quicker.
func TestSenderAgainstOfficers(t *testing.T) {
	o := newOffice(t)
	r := o.filed(1)
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			if a := o.send("POST", feedbackAPI+"/"+r.Code+"/messages", body("secret", r.Secret, "message", fmt.Sprint("Tin ", i))); a.StatusCode != 200 {
				t.Errorf("%d %s", a.StatusCode, a.body)
			}
		})
	}
	wg.Wait()
	if v := o.look(r); v.Version != 5 {
		t.Errorf("%+v", v.Steps)
	}
}

// TestMovedCaseIsStillItsSenders: a petition that turns out to be a denunciation
// leaves every list of officers, and nothing changes for its sender.
func TestMovedCaseIsStillItsSenders(t *testing.T) {
	o := newOffice(t)
	r := o.filed(1)
	o.take(r, thanhTra, feedback.Classify, feedback.StepInput{Kind: feedback.Denunciation})
	if v := o.look(r); v.Kind != "denunciation" || v.Status != "classified" || v.Version != 2 {
		t.Errorf("%+v", v)
	}
	o.take(r, thanhTra, feedback.Ask, feedback.StepInput{Message: "Ai, ngày nào?"})
	var v sender
	o.send("POST", feedbackAPI+"/"+r.Code+"/messages", body("secret", r.Secret, "message", "Ông Một, 1/6")).into(t, &v)
	if v.Status != "classified" || v.last() != "reply true Ông Một, 1/6" {
		t.Errorf("%+v", v)
	}
	o.take(r, thanhTra, feedback.Answer, feedback.StepInput{Message: "Đã kết luận"})
	sent := url.Values{"code": {r.Code}, "secret": {r.Secret}, "solved": {"no"}, "rating": {"1"}, "reopen": {"on"}}
	if a := o.send("POST", "/tra-cuu/danh-gia", sent.Encode(), form); a.StatusCode != 200 || !strings.Contains(a.body, "mở lại") {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

// TestLookupsLeaveNoTrace: neither code nor secret nor what was written is in the
// log or in an address, also when the store is away.
func TestLookupsLeaveNoTrace(t *testing.T) {
	o := newOffice(t, func(c *api.Config) { c.AddressLimit = 100 })
	r := o.asked(1)
	pair := url.Values{"code": {r.Code}, "secret": {r.Secret}, "message": {"Lời riêng"}, "version": {"3"}}
	visit := func() (all string) {
		for _, a := range []answer{
			o.send("POST", lookupAPI, body("code", r.Code, "secret", r.Secret)), o.send("POST", lookupAPI, body("code", r.Code, "secret", "4KXA-9TRE")),
			o.send("POST", "/tra-cuu", pair.Encode(), form), o.send("POST", "/tra-cuu/tin-nhan", pair.Encode(), form),
			o.send("POST", "/tra-cuu/danh-gia", pair.Encode(), form), o.send("POST", "/tra-cuu/tep", pair.Encode(), form),
			o.send("POST", feedbackAPI+"/"+r.Code+"/messages", body("secret", r.Secret, "message", "Lời riêng")),
			o.send("POST", feedbackAPI+"/"+r.Code+"/rating", body("secret", r.Secret, "solved", "no", "rating", 1)),
		} {
			if a.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%d may be kept", a.StatusCode)
			}
			if a.Header.Get("Location") != "" || len(a.Cookies()) > 0 {
				t.Errorf("%v", a.Header)
			}
			all += a.Header.Get("Location")
		}
		return all
	}
	visit()
	o.db.Close(t.Context())
	visit()
	log := o.log.String()
	for _, private := range []string{r.Code, strings.ReplaceAll(r.Code, "-", ""), r.Secret, strings.ReplaceAll(r.Secret, "-", ""), "riêng"} {
		if strings.Contains(log, private) {
			t.Errorf("the log holds %q: %s", private, log)
		}
	}
	if !strings.Contains(log, "/feedback/:code/messages") {
		t.Error("nothing was logged at all")
	}
}
