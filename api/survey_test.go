package api_test

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"sipas/internal/staff"
)

func TestSurveyIsDescribed(t *testing.T) {
	o := newOffice(t)
	type described struct {
		Code, Kind    string
		Area          *string
		Areas         []struct{ ID, Name string }
		Questionnaire struct {
			ID      string
			Version int
			Factors []struct {
				ID, Name string
				Criteria []struct{ ID, Text string }
			}
			Extra []struct{ ID string }
		}
	}
	var v described
	o.send("GET", "/api/v1/surveys/"+o.link(`"kind":"counter","area":"dat-dai"`), "").into(t, &v)
	if v.Kind != "counter" || v.Area == nil || *v.Area != "dat-dai" || v.Areas != nil {
		t.Errorf("%+v", v)
	}
	n := 0
	for _, f := range v.Questionnaire.Factors {
		n += len(f.Criteria)
	}
	if len(v.Questionnaire.Factors) != 5 || n != 19 || v.Questionnaire.Factors[0].Criteria[0].ID != "15" {
		t.Errorf("%d factors, %d criteria", len(v.Questionnaire.Factors), n)
	}
	var open described
	o.send("GET", "/api/v1/surveys/"+o.link(`"kind":"kiosk"`)+"?lang=en", "").into(t, &open)
	if open.Area != nil || len(open.Areas) != 10 || open.Areas[0].Name != "Land" {
		t.Errorf("an open link: %+v", open.Areas)
	}
}

func TestChannelComesFromTheLink(t *testing.T) {
	o := newOffice(t)
	for i, kind := range []string{"counter", "kiosk", "paper"} {
		code := o.link(`"kind":"` + kind + `"`)
		a := o.send("POST", "/api/v1/surveys/"+code+"/responses", `{"key":"`+key(i)+`","overall":4,"channel":"paper","verified":true}`)
		if a.StatusCode != http.StatusCreated || strings.Contains(a.body, `"verified":true`) {
			t.Errorf("%s: %d %s", kind, a.StatusCode, a.body)
		}
	}
	var v struct {
		Groups []struct {
			Key       map[string]string
			Responses int
		}
	}
	o.send("GET", "/api/v1/statistics?by=channel", "", bearer(o.token(staff.Leader))).into(t, &v)
	if len(v.Groups) != 3 {
		t.Fatalf("%+v", v)
	}
	for _, g := range v.Groups {
		if g.Responses != 1 {
			t.Errorf("%+v", g)
		}
	}
}

func TestPaperDateIsForStaff(t *testing.T) {
	o := newOffice(t)
	path := "/api/v1/surveys/" + o.link(`"kind":"paper"`) + "/responses"
	body := `{"key":"` + key(1) + `","overall":4,"answeredOn":"2026-06-15"}`
	o.problem(o.send("POST", path, body), 401)
	o.problem(o.send("POST", path, body, bearer("sipas_wrong")), 401)
	o.problem(o.send("POST", path, body, bearer(o.token(staff.Inspection))), 403)
	if a := o.send("POST", path, body, bearer(o.token(staff.Desk))); a.StatusCode != 201 {
		t.Errorf("desk: %d %s", a.StatusCode, a.body)
	}
	var v struct{ Overall struct{ Responses int } }
	o.send("GET", "/api/v1/statistics?from=2026-06-15&to=2026-06-15", "", bearer(o.token(staff.Office))).into(t, &v)
	if v.Overall.Responses != 1 {
		t.Errorf("counted on the day of the form: %d", v.Overall.Responses)
	}
}

func TestBadAnswersNameEveryField(t *testing.T) {
	o := newOffice(t)
	code := o.link(`"kind":"counter","area":"dat-dai"`)
	path := "/api/v1/surveys/" + code + "/responses"
	tests := []struct {
		name, body string
		status     int
		fields     string // sorted by nothing: the order of the answer
	}{
		{"empty object", `{}`, 422, "key required, overall nothing"},
		{"short key", `{"key":"abc","overall":3}`, 422, "key too_short"},
		{"long key", `{"key":"` + strings.Repeat("a", 65) + `","overall":3}`, 422, "key too_long"},
		{"odd key", `{"key":"abcd efgh","overall":3}`, 422, "key characters"},
		{"another language", `{"key":"abcdefgh","overall":3,"lang":"fr"}`, 422, "lang choice"},
		{"overall zero", `{"key":"abcdefgh","overall":0,"answers":{"15":3}}`, 422, "overall range"},
		{"overall fraction", `{"key":"abcdefgh","overall":3.5}`, 422, "overall type_number"},
		{"overall text", `{"key":"abcdefgh","overall":"4"}`, 422, "overall type_number"},
		{"huge number", `{"key":"abcdefgh","overall":99999999999999999999}`, 422, "overall type_number"},
		{"answer out of range", `{"key":"abcdefgh","answers":{"15":6}}`, 422, "answers.15 range"},
		{"unknown criterion", `{"key":"abcdefgh","answers":{"1":3}}`, 422, "answers.1 unknown_criterion"},
		{"answers a list", `{"key":"abcdefgh","overall":3,"answers":[1]}`, 422, "answers type_object"},
		{"key a number", `{"key":12345678,"overall":3}`, 422, "key type_text"},
		{"date", `{"key":"abcdefgh","overall":3,"startedAt":"yesterday"}`, 422, "startedAt moment"},
		{"misspelt", `{"key":"abcdefgh","overal":3,"answers":{"15":1}}`, 422, "overal unknown_member"},
		{"broken JSON", `{"key":`, 400, ""},
		{"a list", `[]`, 400, ""},
		{"two values", `{"key":"abcdefgh","overall":3}{}`, 400, ""},
		{"nothing", ``, 400, ""},
		{"broken UTF-8", "{\"key\":\"abcdefgh\",\"overall\":3,\"comment\":\"\xff\"}", 400, ""},
		{"65 KB", `{"key":"abcdefgh","overall":3,"comment":"` + strings.Repeat("x", 65<<10) + `"}`, 413, ""},
		{"comment too long", `{"key":"abcdefgh","overall":3,"comment":"` + strings.Repeat("ệ", 4001) + `"}`, 422, "comment too_long"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := o.problem(o.send("POST", path, tt.body), tt.status)
			if p.fields() != tt.fields {
				t.Errorf("fields %q, want %q", p.fields(), tt.fields)
			}
		})
	}
	if n := o.responses(); n != 0 {
		t.Errorf("%d of them were stored", n)
	}
}

func TestUnknownClosedAndLater(t *testing.T) {
	o := newOffice(t)
	closed := o.link(`"kind":"counter","closesAt":"2026-06-30T11:59:59+07:00"`)
	later := o.link(`"kind":"counter","opensAt":"2026-07-01T00:00:00+07:00"`)
	for _, tt := range []struct {
		code   string
		status int
		says   string
	}{{"zzzzzzzz", 404, "Không tìm thấy mã này"}, {closed, 410, "11:59, 30/06/2026"}, {later, 410, "00:00, 01/07/2026"}} {
		o.problem(o.send("GET", "/api/v1/surveys/"+tt.code, ""), tt.status)
		o.problem(o.send("POST", "/api/v1/surveys/"+tt.code+"/responses", `{"key":"abcdefgh","overall":3}`), tt.status)
		page := o.send("GET", "/k/"+tt.code, "")
		if page.StatusCode != tt.status || !strings.Contains(page.body, tt.says) {
			t.Errorf("page of %s: %d, without %q", tt.code, page.StatusCode, tt.says)
		}
		if page = o.send("POST", "/k/"+tt.code, "overall=3&key=abcdefgh", form); page.StatusCode != tt.status {
			t.Errorf("post to the page of %s: %d", tt.code, page.StatusCode)
		}
		o.problem(o.send("POST", "/k/"+tt.code, "overall=3&key=abcdefgh", form, "Accept: application/json"), tt.status)
	}
	// The minute it opens, it opens.
	o.now = time.Date(2026, 7, 1, 0, 0, 0, 0, time.FixedZone("", 7*3600))
	if a := o.send("GET", "/k/"+later, ""); a.StatusCode != 200 {
		t.Errorf("open now: %d", a.StatusCode)
	}
}

// TestPageIsOneSmallResponse reads the page as a browser does and checks size,
// policy, and that the spliced bytes are a sound gzip stream.
func TestPageIsOneSmallResponse(t *testing.T) {
	o := newOffice(t)
	for _, code := range []string{o.link(`"kind":"counter","area":"dat-dai","desk":"bo-phan-mot-cua"`), o.link(`"kind":"counter"`), o.link(`"kind":"trial"`)} {
		for _, lang := range []string{"vi", "en"} {
			path := "/k/" + code + "?lang=" + lang
			a := o.send("GET", path, "", "Accept-Encoding: gzip, deflate, br")
			head, err := httputil.DumpResponse(a.Response, false)
			if err != nil {
				t.Fatal(err)
			}
			if size := len(head) + len(a.body); size > 14<<10 {
				t.Errorf("%s: %d bytes with headers, at most 14 KB", path, size)
			}
			z, err := gzip.NewReader(strings.NewReader(a.body))
			if err != nil {
				t.Fatal(err)
			}
			page, err := io.ReadAll(z) // checks sum and length
			if err != nil {
				t.Fatal(err)
			}
			plain := o.send("GET", path, "", "Accept-Encoding: gzip;q=0")
			if plain.Header.Get("Content-Encoding") != "" {
				t.Error("compressed for a client that refuses it")
			}
			keyField := regexp.MustCompile(`name="key" value="([^"]+)"`)
			one, two := keyField.FindStringSubmatch(string(page)), keyField.FindStringSubmatch(plain.body)
			if one == nil || two == nil || one[1] == two[1] {
				t.Fatalf("keys %v and %v", one, two)
			}
			if strings.ReplaceAll(string(page), one[1], two[1]) != plain.body {
				t.Error("compressed and plain page differ in more than the key")
			}
			rule := a.Header.Get("Content-Security-Policy")
			for _, tag := range []string{"style", "script"} {
				for _, m := range regexp.MustCompile(`(?s)<`+tag+`>(.*?)</`+tag+`>`).FindAllStringSubmatch(plain.body, -1) {
					sum := sha256.Sum256([]byte(m[1]))
					if !strings.Contains(rule, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") {
						t.Errorf("the policy does not allow the page's own %s", tag)
					}
				}
			}
			if strings.Contains(rule, "unsafe") || strings.Contains(plain.body, "http://") && strings.Contains(plain.body, "src=") {
				t.Errorf("policy %s", rule)
			}
		}
	}
}

func TestPostWithoutScripts(t *testing.T) {
	o := newOffice(t)
	code := o.link(`"kind":"counter"`)
	good := url.Values{"key": {key(1)}, "overall": {"4"}, "q15": {"5"}, "q31": {"0"}, "x_visits": {"2"}, "p_sex": {"female"},
		"area": {"moi-truong"}, "comment": {"Nên có ghế & nước"}, "lang": {"vi"}, "questionnaire": {"dich-vu@1"}, "startedAt": {"2026-06-30T04:59:00Z"}}
	a := o.send("POST", "/k/"+code, good.Encode(), form)
	if a.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	thanks := o.send("GET", a.Header.Get("Location"), "")
	if thanks.StatusCode != 200 || !strings.Contains(thanks.body, "y-00 0001") && !strings.Contains(thanks.body, "-000 001") && !strings.Contains(thanks.body, "0000") {
		t.Errorf("thanks without a receipt: %d", thanks.StatusCode)
	}
	if again := o.send("POST", "/k/"+code, good.Encode(), form); again.StatusCode != http.StatusSeeOther || again.Header.Get("Location") != a.Header.Get("Location") {
		t.Errorf("the same again: %d %s", again.StatusCode, again.Header.Get("Location"))
	}
	if n := o.responses(); n != 1 {
		t.Errorf("%d counted", n)
	}
}

func TestPageComesBackWithEverythingTyped(t *testing.T) {
	o := newOffice(t)
	code := o.link(`"kind":"counter"`)
	typed := url.Values{"key": {key(1)}, "overall": {"9"}, "q15": {"5"}, "q33": {"0"}, "x_visits": {"7"}, "p_age": {"60+"},
		"area": {"bien-hai-dao"}, "comment": {`Ghế <b>"gãy"</b> & bụi`}}
	kept := []string{`value="5" id="q15" checked`, `name="q15" value="5" checked`, `<option value="bien-hai-dao" selected>`,
		`Ghế &lt;b&gt;&#34;gãy&#34;&lt;/b&gt; &amp; bụi</textarea>`, `name="q33" value="0" checked`, `name="p_age" value="60&#43;" checked`, `value="` + key(1) + `"`}
	a := o.send("POST", "/k/"+code, typed.Encode(), form)
	if a.StatusCode != 422 || !strings.Contains(a.body, `role="alert"`) || !strings.Contains(a.body, `href="#overall"`) || !strings.Contains(a.body, `href="#x_visits"`) {
		t.Errorf("%d without a linked list of errors", a.StatusCode)
	}
	for _, k := range kept[1:] {
		if !strings.Contains(a.body, k) {
			t.Errorf("lost: %s", k)
		}
	}
	// The key of other answers: a fresh one, and nothing lost.
	typed.Set("overall", "3")
	typed.Del("x_visits")
	if a = o.send("POST", "/k/"+code, typed.Encode(), form); a.StatusCode != 303 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	typed.Set("overall", "2")
	a = o.send("POST", "/k/"+code, typed.Encode(), form)
	fresh := regexp.MustCompile(`name="key" value="([^"]+)"`).FindStringSubmatch(a.body)
	if a.StatusCode != 409 || fresh == nil || fresh[1] == key(1) || !strings.Contains(a.body, `name="overall" value="2"`) {
		t.Fatalf("%d, key %v", a.StatusCode, fresh)
	}
	for _, k := range kept[1:6] {
		if !strings.Contains(a.body, k) {
			t.Errorf("lost with a reused key: %s", k)
		}
	}
	p := o.problem(o.send("POST", "/k/"+code, typed.Encode(), form, "Accept: application/json"), 409)
	if p.Code != "key_reused" || p.Key == "" {
		t.Errorf("%+v", p)
	}
	typed.Set("key", fresh[1])
	if a = o.send("POST", "/k/"+code, typed.Encode(), form); a.StatusCode != 303 || o.responses() != 2 {
		t.Errorf("with the fresh key: %d, %d counted", a.StatusCode, o.responses())
	}
}

func TestBrokenPostsToThePage(t *testing.T) {
	o := newOffice(t)
	code := o.link(`"kind":"counter"`)
	for name, tt := range map[string]struct {
		body   string
		status int
	}{
		"escape":     {"overall=%zz&key=abcdefgh", 400},
		"UTF-8":      {"overall=3&key=abcdefgh&comment=%ff", 400},
		"too large":  {"comment=" + strings.Repeat("x", 65<<10), 413},
		"twice":      {"overall=3&overall=4&key=abcdefgh", 422},
		"no number":  {"overall=good&key=abcdefgh", 422},
		"no key":     {"overall=4", 422},
		"unknown":    {"overall=4&key=abcdefgh&q99=4", 422},
		"wrong area": {"overall=4&key=abcdefgh&area=bong-da", 422},
	} {
		a := o.send("POST", "/k/"+code, tt.body, form)
		if a.StatusCode != tt.status || !strings.Contains(a.body, "<html") {
			t.Errorf("%s: %d, want %d", name, a.StatusCode, tt.status)
		}
	}
	if n := o.responses(); n != 0 {
		t.Errorf("%d stored", n)
	}
}

func TestStoreAway(t *testing.T) {
	o := newOffice(t)
	code := o.link(`"kind":"counter","area":"dat-dai"`)
	if a := o.send("GET", "/k/"+code, ""); a.StatusCode != 200 {
		t.Fatal(a.StatusCode)
	}
	o.db.Close(t.Context())
	if a := o.send("GET", "/readyz", ""); a.StatusCode != 503 {
		t.Errorf("ready without a store: %d", a.StatusCode)
	}
	if a := o.send("GET", "/healthz", ""); a.StatusCode != 200 {
		t.Errorf("healthz is of the process: %d", a.StatusCode)
	}
	if a := o.send("GET", "/k/"+code, ""); a.StatusCode != 200 {
		t.Errorf("a page needs no store: %d", a.StatusCode)
	}
	a := o.send("POST", "/k/"+code, "overall=4&q15=2&key=abcdefgh&comment=xin+ch%C3%A0o", form)
	if a.StatusCode != 503 || a.Header.Get("Retry-After") == "" || !strings.Contains(a.body, "xin chào</textarea>") || !strings.Contains(a.body, `value="abcdefgh"`) || !strings.Contains(a.body, "Gửi lại") {
		t.Errorf("without scripts the same form comes back, filled in: %d", a.StatusCode)
	}
	p := o.send("POST", "/api/v1/surveys/"+code+"/responses", `{"key":"abcdefgh","overall":4}`)
	o.problem(p, 503)
	if p.Header.Get("Retry-After") == "" {
		t.Error("503 without Retry-After")
	}
}

func TestLogsHoldNoCodesNorWords(t *testing.T) {
	o := newOffice(t)
	code := o.link(`"kind":"counter"`)
	token := o.token(staff.Office)
	o.send("POST", "/k/"+code, "overall=4&key=secretkey1&comment=bimatlogs", form)
	o.send("POST", "/k/"+code, "overall=9&key=secretkey2&comment=bimatlogs", form)
	o.send("GET", "/k/"+code+"?x="+code, "")
	o.send("GET", "/k/unknown0", "")
	o.send("GET", "/api/v1/links/"+code, "", bearer(token))
	o.db.Close(t.Context())
	o.send("POST", "/k/"+code, "overall=4&key=secretkey3&comment=bimatlogs", form)
	o.send("GET", "/api/v1/links/"+code, "", bearer(token))
	log := o.log.String()
	for _, word := range []string{code, "secretkey", "bimatlogs", token, "unknown0"} {
		if strings.Contains(log, word) {
			t.Errorf("%q is in the log", word)
		}
	}
	if !strings.Contains(log, "route=/k/:code") {
		t.Errorf("no routes in the log: %s", log)
	}
}
