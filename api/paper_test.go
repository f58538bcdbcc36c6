package api_test

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sipas/internal/catalogue"
	"sipas/internal/staff"
	"sipas/internal/store"
	"sipas/survey"
)

// clerk sits at the page of one paper link.
type clerk struct {
	*office
	session, code, path string
}

func newClerk(t *testing.T, link string) clerk {
	o := newOffice(t)
	code := o.link(`"kind":"paper","title":"Phiếu tháng 6"` + link)
	return clerk{o, o.signIn(staff.Desk), code, "/lam-viec/nhap-phieu/" + code}
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([\w-]+)" value="([^"]*)">`)

// blank is an empty form as the page offers it: its hidden fields.
func (k clerk) blank() url.Values {
	k.t.Helper()
	a := k.send("GET", k.path, "", k.session)
	if a.StatusCode != 200 {
		k.t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	return hiddenOf(a)
}

func hiddenOf(a answer) url.Values {
	v := url.Values{}
	for _, m := range hiddenField.FindAllStringSubmatch(a.body, -1) {
		v.Set(m[1], m[2])
	}
	return v
}

// full is a form with every question that is asked about answered.
func (k clerk) full() url.Values {
	k.t.Helper()
	v := k.blank()
	v.Set("answeredOn", "1506")
	v.Set("overall", "4")
	for n := 15; n <= 33; n++ {
		v.Set(fmt.Sprintf("q%d", n), "5")
	}
	v.Set("q18", "2")
	v.Set("q31", "0")
	for i, x := range []string{"visits", "appointment", "waiting", "harassment", "extra-money"} {
		v.Set("x_"+x, fmt.Sprint(1+i%3))
	}
	return v
}

func (k clerk) enter(v url.Values) answer {
	k.t.Helper()
	return k.send("POST", k.path, v.Encode(), k.session, form)
}

// entries are the entries of the log for forms that were typed in, the oldest
// first: who, what, outcome.
func (o *office) entries(action string) (list []string) {
	o.t.Helper()
	entries, _, err := o.staff.Entries(o.t.Context(), staff.EntryFilter{Action: action}, 100, "")
	if err != nil {
		o.t.Fatal(err)
	}
	for _, e := range slices.Backward(entries) {
		list = append(list, strings.TrimSpace(strings.Join(append([]string{e.Account, e.Object}, append(e.Detail, e.Outcome)...), " ")))
	}
	return list
}

// flagged counts answers with a flag.
func (o *office) flagged() int {
	o.t.Helper()
	var v struct{ Overall struct{ Responses int } }
	o.send("GET", "/api/v1/statistics?flagged=yes", "", bearer(o.token(staff.Office))).into(o.t, &v)
	return v.Overall.Responses
}

func TestPaperLinksAreListed(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Desk)
	a := o.send("GET", "/lam-viec/nhap-phieu", "", session)
	if a.StatusCode != 200 || !strings.Contains(a.body, "Chưa có mã phiếu giấy nào") || !strings.Contains(a.body, `class="button" href="/lam-viec/ma-qr/moi?kind=paper"`) {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a = o.send("GET", "/lam-viec/ma-qr/moi?kind=paper", "", session); !regexp.MustCompile(`value="paper"[^>]* checked`).MatchString(a.body) {
		t.Error("the kind is not chosen on the page of a new link")
	}
	open := o.link(`"kind":"paper","title":"Quầy 1","area":"dat-dai"`)
	closed := o.link(`"kind":"paper","closesAt":"2026-06-01T00:00:00+07:00"`)
	counter := o.link(`"kind":"counter"`)
	a = o.send("GET", "/lam-viec/nhap-phieu", "", session)
	for _, want := range []string{`href="/lam-viec/nhap-phieu/` + open + `"`, `href="/lam-viec/nhap-phieu/` + open + `/phieu.pdf"`, "Quầy 1", "Đất đai"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("without %s", want)
		}
	}
	if strings.Contains(a.body, closed) || strings.Contains(a.body, counter) {
		t.Error("a closed link or one of another kind is listed")
	}
	for path, status := range map[string]int{counter: 404, "khongcoma": 404, closed: 410, open: 200} {
		if a := o.send("GET", "/lam-viec/nhap-phieu/"+path, "", session); a.StatusCode != status {
			t.Errorf("%s: %d, want %d", path, a.StatusCode, status)
		}
	}
}

// TestPaperStack types two forms of a stack in: what they have in common stays,
// and each is counted on the day that is written on it.
func TestPaperStack(t *testing.T) {
	k := newClerk(t, `,"desk":"bo-phan-mot-cua"`)
	v := k.full()
	v.Set("area", "moi-truong")
	v.Set("p_sex", "2")
	v.Set("p_age", "5")
	v.Set("comment", "Thêm ghế <b>ngồi</b>")
	a := k.enter(v)
	if a.StatusCode != 303 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	next := k.send("GET", a.Header.Get("Location"), "", k.session)
	for _, want := range []string{"Đã nhập phiếu thứ 1 trong tập này · biên nhận ", `value="15/06/2026"`, `<option value="moi-truong" selected>`, "Tập này: 1 phiếu", "Tôi nhập hôm nay: 1 phiếu"} {
		if !strings.Contains(next.body, want) {
			t.Errorf("the next page lacks %q", want)
		}
	}
	for _, gone := range []string{`id="overall" name="overall" value="4"`, "Thêm ghế", v.Get("key")} {
		if strings.Contains(next.body, gone) {
			t.Errorf("the next page still has %q", gone)
		}
	}
	if !regexp.MustCompile(`<select id="area"[^>]* autofocus`).MatchString(next.body) {
		t.Error("the cursor is not in the first cell")
	}
	v = k.full()
	for name, kept := range hiddenOf(next) {
		v[name] = kept
	}
	v.Set("area", "dat-dai")
	v.Set("answeredOn", "15/06/2026")
	if a = k.enter(v); a.StatusCode != 303 || !strings.Contains(a.Header.Get("Location"), "stack=2") {
		t.Fatalf("%d %s", a.StatusCode, a.Header.Get("Location"))
	}

	var got struct {
		Overall struct {
			Responses, Answered, NotApplicable int
			OverallRating                      struct{ Satisfied int }
		}
		Groups []struct {
			Key       map[string]string
			Responses int
		}
	}
	o := k.office
	o.send("GET", "/api/v1/statistics?by=channel&from=2026-06-15&to=2026-06-15&flagged=no&area=moi-truong&desk=bo-phan-mot-cua", "", bearer(o.token(staff.Office))).into(t, &got)
	if len(got.Groups) != 1 || got.Groups[0].Key["channel"] != "paper" || got.Groups[0].Responses != 1 || got.Overall.Answered != 18 || got.Overall.NotApplicable != 1 || got.Overall.OverallRating.Satisfied != 1 {
		t.Errorf("%+v", got)
	}
	log := k.entries("paper.enter")
	if len(log) != 2 || !strings.HasPrefix(log[0], "test-desk response/") || !strings.HasSuffix(log[0], " link="+k.code+" answeredOn=2026-06-15") {
		t.Errorf("the log says %q", log)
	}
}

// TestPaperNumbersAreTheirChoices holds the numbers that are typed against the
// questionnaire: number n is its nth answer.
func TestPaperNumbersAreTheirChoices(t *testing.T) {
	k := newClerk(t, `,"area":"dat-dai"`)
	page := k.send("GET", k.path, "", k.session).body
	q := k.survey.Questionnaire("dich-vu@1")
	n := 1 // the overall rating
	check := func(field, text string) {
		n++
		if want := fmt.Sprintf(`<label for="%s"><b>%d</b> <span>%s</span></label>`, field, n, text); !strings.Contains(page, want) {
			t.Errorf("no %s", want)
		}
	}
	for _, f := range q.Factors {
		for _, c := range f.Criteria {
			check("q"+c.ID, c.Text.VI)
		}
	}
	for _, x := range q.Extra {
		check("x_"+x.ID, x.Text.VI)
		for i, o := range x.Options {
			if want := fmt.Sprintf("<li><b>%d</b> <span>%s</span></li>", i+1, o.Text.VI); !strings.Contains(page, want) {
				t.Errorf("%s: no %s", x.ID, want)
			}
		}
	}
	n++ // the comment
	for _, x := range survey.ProfileQuestions {
		check("p_"+x.ID, x.Text.VI)
	}
	v := k.full()
	v.Set("x_waiting", "5")
	v.Set("p_residence", "2")
	if a := k.enter(v); a.StatusCode != 303 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	r := k.stored()[0]
	if want := (store.Pair[string]{Key: "waiting", Value: "not-visited"}); !slices.Contains(r.Extra, want) || r.Profile.Residence != "rural" {
		t.Errorf("%+v", r)
	}
}

// storedResponse is a response as it is in the store.
type storedResponse struct {
	store.Doc       `bson:",inline"`
	survey.Response `bson:",inline"`
	Answers         store.Pairs[int]    `bson:"answers"`
	Extra           store.Pairs[string] `bson:"extra"`
}

// stored reads every response from the store itself.
func (o *office) stored() []*storedResponse {
	o.t.Helper()
	responses, err := store.Open[storedResponse](o.t.Context(), o.db, store.Spec{Name: "responses", Log: true,
		Indexes: []store.Index{{Name: "received", Fields: []store.Field{{Name: "receivedAt", Type: store.Time}}}}})
	if err != nil {
		o.t.Fatal(err)
	}
	page, err := responses.Scan(o.t.Context(), store.Query{Limit: 1000})
	if err != nil {
		o.t.Fatal(err)
	}
	return page.Items
}

func TestPaperErrors(t *testing.T) {
	for name, tt := range map[string]struct {
		field, value string
		want         string // on top of the page
		href         string
	}{
		"no date":              {"answeredOn", "", "Ngày ghi trên phiếu: Cần điền mục này", "answeredOn"},
		"a date in words":      {"answeredOn", "hôm qua", "Ngày ghi trên phiếu: Gõ ngày và tháng", "answeredOn"},
		"no such day":          {"answeredOn", "3102", "Ngày ghi trên phiếu: Gõ ngày và tháng", "answeredOn"},
		"tomorrow":             {"answeredOn", "0107", "Ngày ghi trên phiếu: Ngày này chưa đến", "answeredOn"},
		"31 days ago":          {"answeredOn", "30/5", "Ngày ghi trên phiếu: Quá 30 ngày trước", "answeredOn"},
		"a level that is none": {"q16", "7", "Câu 4: Phải là số từ 1 đến 5", "q16"},
		"0 where not offered":  {"q16", "0", "Câu 4: Phải là số từ 1 đến 5", "q16"},
		"beyond the choices":   {"x_visits", "5", "Câu 22: Phải là số từ 1 đến 4", "x_visits"},
		"a letter":             {"p_sex", "n", "Câu 28: Phải là số từ 1 đến 3", "p_sex"},
		"an unknown area":      {"area", "bong-da", "Câu 1: Không có", "area"},
		"a long comment":       {"comment", strings.Repeat("ệ", 4001), "Câu 27: Dài quá", "comment"},
	} {
		t.Run(name, func(t *testing.T) {
			k := newClerk(t, "")
			v := k.full()
			v.Set("area", "dat-dai")
			v.Set("p_age", "3")
			v.Set(tt.field, tt.value)
			a := k.enter(v)
			if a.StatusCode != 422 || !strings.Contains(a.body, `<li><a href="#`+tt.href+`">`+tt.want) {
				t.Fatalf("%d, without %q: %s", a.StatusCode, tt.want, a.body)
			}
			for field, kept := range map[string]string{"q15": "5", "q31": "0", "x_waiting": "3", "p_age": "3"} {
				if !strings.Contains(a.body, `name="`+field+`" value="`+kept+`"`) {
					t.Errorf("%s is lost", field)
				}
			}
			if tt.field != "comment" && tt.field != "area" && !strings.Contains(a.body, `name="`+tt.field+`" value="`+tt.value+`"`) {
				t.Errorf("what was typed wrong is lost")
			}
			if hiddenOf(a).Get("key") != v.Get("key") {
				t.Error("another key: sent again, the form could be stored twice")
			}
			if k.responses() != 0 || len(k.entries("paper.enter")) != 0 {
				t.Error("stored, or said to be")
			}
		})
	}
}

func TestPaperDates(t *testing.T) {
	k := newClerk(t, `,"area":"dat-dai"`)
	for typed, want := range map[string]string{
		"1506": "15/06/2026", "15/6": "15/06/2026", "15-06-26": "15/06/2026", "150626": "15/06/2026", "15062026": "15/06/2026",
		"15.06.2026": "15/06/2026", "30 6": "30/06/2026", "3105": "31/05/2026", "1/6/2026": "01/06/2026",
	} {
		v := k.full()
		v.Set("answeredOn", typed)
		a := k.enter(v)
		to, _ := url.Parse(a.Header.Get("Location"))
		if a.StatusCode != 303 || to.Query().Get("answeredOn") != want {
			t.Errorf("%s: %d %s, want %s", typed, a.StatusCode, to, want)
		}
	}
	// In January a day of December is last year's.
	k.now = catalogue.Date("2027-01-05").Start()
	k.session = k.signIn(staff.Desk)
	v := k.full()
	v.Set("answeredOn", "2812")
	if a := k.enter(v); !strings.Contains(a.Header.Get("Location"), url.QueryEscape("28/12/2026")) {
		t.Errorf("%d %s", a.StatusCode, a.Header.Get("Location"))
	}
}

// TestPaperBlanksAreAskedAboutOnce: a blank may be a line that was missed.
func TestPaperBlanksAreAskedAboutOnce(t *testing.T) {
	k := newClerk(t, "")
	v := k.full() // no area
	v.Del("q33")
	a := k.enter(v)
	if a.StatusCode != 422 || !strings.Contains(a.body, "câu 1, 21 đang trống") || !strings.Contains(a.body, `<button id="save" autofocus>`) || k.responses() != 0 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	v.Set("blank", hiddenOf(a).Get("blank"))
	v.Del("q32") // one more
	if a = k.enter(v); a.StatusCode != 422 || !strings.Contains(a.body, "câu 1, 20, 21 đang trống") {
		t.Errorf("%d", a.StatusCode)
	}
	v.Set("blank", hiddenOf(a).Get("blank"))
	v.Set("q33", "3") // one less
	if a = k.enter(v); a.StatusCode != 303 || k.responses() != 1 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	// Nothing at all is no form, blank on paper or not.
	v = k.blank()
	v.Set("answeredOn", "1506")
	v.Set("blank", "area,overall,q15")
	if a = k.enter(v); a.StatusCode != 422 || !strings.Contains(a.body, `href="#overall"`) {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

// TestPaperAnswersThatNobodyTyped: whoever holds a blank form may answer through
// its code, and such an answer is marked.
func TestPaperAnswersThatNobodyTyped(t *testing.T) {
	k := newClerk(t, `,"area":"dat-dai"`)
	path := "/api/v1/surveys/" + k.code + "/responses"
	for i, tt := range []struct {
		name, path, body string
		headers          []string
		flagged          int
	}{
		{"a program", path, `{"key":"%s","overall":4}`, nil, 1},
		{"a wrong token", path, `{"key":"%s","overall":4}`, []string{bearer("sipas_wrong")}, 1},
		{"a role that types nothing in", path, `{"key":"%s","overall":4}`, []string{bearer(k.token(staff.Leader))}, 1},
		{"a citizen", "/k/" + k.code, "key=%s&overall=4", []string{form}, 1},
		{"the page of citizens, signed in", "/k/" + k.code, "key=%s&overall=4", []string{form, k.session}, 1},
		{"an officer's program", path, `{"key":"%s","overall":4}`, []string{bearer(k.token(staff.Desk))}, 0},
		{"with the date", path, `{"key":"%s","overall":4,"answeredOn":"2026-06-15"}`, []string{bearer(k.token(staff.Admin))}, 0},
		{"an officer's browser", path, `{"key":"%s","overall":4}`, []string{k.session}, 0},
	} {
		before, logged := k.flagged(), len(k.entries("paper.enter"))
		a := k.send("POST", tt.path, fmt.Sprintf(tt.body, key(i)), tt.headers...)
		if a.StatusCode != 201 && a.StatusCode != 303 {
			t.Fatalf("%s: %d %s", tt.name, a.StatusCode, a.body)
		}
		if n := k.flagged() - before; n != tt.flagged {
			t.Errorf("%s: %d flagged, want %d", tt.name, n, tt.flagged)
		}
		if n := len(k.entries("paper.enter")) - logged; n != 1-tt.flagged {
			t.Errorf("%s: %d entries", tt.name, n)
		}
	}
	if r := k.stored()[0]; !slices.Equal(r.Flags, []string{survey.FlagUntyped}) || r.Channel != survey.ChannelPaper {
		t.Errorf("%+v", r)
	}
}

// TestPaperOfAnEarlierVersion: forms lie in boxes when a questionnaire changes.
func TestPaperOfAnEarlierVersion(t *testing.T) {
	k := newClerk(t, `,"area":"dat-dai"`)
	if a := k.send("GET", k.path, "", k.session); strings.Contains(a.body, "Phiếu in theo bản") {
		t.Error("a choice of one version")
	}
	second := *k.survey.Questionnaire("dich-vu@1")
	second.Version, second.From = 2, "2026-06-20"
	second.Factors = slices.Clone(second.Factors)
	slices.Reverse(second.Factors) // question 2 is another one
	if err := k.survey.AddQuestionnaires(t.Context(), []survey.Questionnaire{second}); err != nil {
		t.Fatal(err)
	}
	if err := k.survey.Changed(t.Context()); err != nil {
		t.Fatal(err)
	}
	a := k.send("GET", k.path, "", k.session)
	if !strings.Contains(a.body, `<label for="q31"><b>2</b>`) || !strings.Contains(a.body, `href="`+k.path+`?questionnaire=dich-vu%401"`) {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	k.path += "?questionnaire=dich-vu%401"
	v := k.full()
	if a = k.send("GET", k.path, "", k.session); !strings.Contains(a.body, `<label for="q15"><b>2</b>`) {
		t.Error("the first version is not shown")
	}
	if a = k.enter(v); a.StatusCode != 303 || !strings.Contains(a.Header.Get("Location"), "questionnaire=dich-vu%401") {
		t.Fatalf("%d %s", a.StatusCode, a.Header.Get("Location"))
	}
	if r := k.stored()[0]; r.QuestionnaireVersion != 1 {
		t.Errorf("stored as version %d", r.QuestionnaireVersion)
	}
}

// TestPaperInEnglish: the language stays from form to form, and is that of the
// form which was shown.
func TestPaperInEnglish(t *testing.T) {
	k := newClerk(t, `,"area":"dat-dai"`)
	k.path += "?lang=en"
	a := k.enter(k.full())
	to, err := url.Parse(a.Header.Get("Location"))
	if err != nil || a.StatusCode != 303 || to.Query().Get("lang") != "en" || to.Query().Get("stack") != "1" {
		t.Fatalf("%d %s", a.StatusCode, a.Header.Get("Location"))
	}
	if a = k.send("GET", to.String(), "", k.session); !strings.Contains(a.body, "Form 1 of this stack is saved") || !strings.Contains(a.body, "Very dissatisfied") {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if r := k.stored()[0]; r.Lang != "en" {
		t.Errorf("stored as %q", r.Lang)
	}
}
