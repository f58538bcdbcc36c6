package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"sipas/internal/dossier"
	"sipas/internal/staff"
)

// dossierFields are the codes of fields with which a list is refused.
var dossierFields = []string{"column", "large", "quotes", "same_code", "sheet_file", "sheet_letters", "sheet_head", "sheet_empty",
	"dossier_rows", "dossier_blank", "dossier_code", "dossier_formula", "dossier_procedure", "dossier_outcome", "dossier_day", "dossier_before", "dossier_open", "dossier_stale"}

const (
	csvType  = "Content-Type: text/csv"
	jsonType = "Content-Type: application/json"
	xlsxType = "Content-Type: application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

const dossierHead = "Mã hồ sơ;Mã TTHC;Quầy;Đơn vị;Ngày tiếp nhận;Ngày hẹn trả;Ngày trả;Kết quả giải quyết;Ngày xin lỗi;Họ và tên\n"

type imported struct {
	Created, Updated, Unchanged, RejectedCount int
	Rejected                                   []struct {
		Row    int
		Errors []struct{ Field, Code, Message string }
	}
}

func (i imported) String() string {
	s := fmt.Sprintf("%d created, %d updated, %d unchanged, %d rejected", i.Created, i.Updated, i.Unchanged, i.RejectedCount)
	for _, r := range i.Rejected {
		for _, e := range r.Errors {
			s += fmt.Sprintf("; %d %s %s", r.Row, e.Field, e.Code)
		}
	}
	return s
}

// load takes a list in.
func (o *office) load(body string, headers ...string) imported {
	o.t.Helper()
	a := o.send("POST", "/api/v1/dossiers", body, append(headers, bearer(o.token(staff.Desk)))...)
	var out imported
	if a.into(o.t, &out); a.StatusCode != 200 {
		o.t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	return out
}

func TestListsOfDossiers(t *testing.T) {
	book := excelize.NewFile()
	for i, line := range [][]any{{"Mã hồ sơ", "Mã TTHC", "Ngày tiếp nhận", "Hạn trả", "Ngày trả"}, {"X1", "1.012784", 46174, 46193, 46192.6}} {
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &line); err != nil {
			t.Fatal(err)
		}
	}
	var xlsx bytes.Buffer
	if err := book.Write(&xlsx); err != nil {
		t.Fatal(err)
	}
	var parts bytes.Buffer
	form := multipart.NewWriter(&parts)
	part, _ := form.CreateFormFile("file", "ho so.xlsx")
	_, _ = part.Write(xlsx.Bytes())
	_ = form.Close()

	const good = `{"code":"H1","procedure":"1.012784.H50","desk":"quay-dat-dai","receivedOn":"2026-06-01","dueOn":"20/06/2026","applicant":"ZZNAME"}`
	for _, tt := range []struct{ name, kind, body, want string }{
		{"JSON", jsonType, "[" + good + "]", "1 created, 0 updated, 0 unchanged, 0 rejected"},
		{"good ones in, bad ones named", jsonType, "[" + good + `,{"code":"H2"}]`,
			"1 created, 0 updated, 0 unchanged, 1 rejected; 2 receivedOn dossier_blank; 2 dueOn dossier_blank; 2 procedure dossier_blank"},
		{"an empty list", jsonType, "[]", "0 created, 0 updated, 0 unchanged, 0 rejected"},
		{"CSV", csvType, dossierHead + "H1;1.012784;;;1/6/2026;20/6/2026;;;;ZZNAME\nH1;1.012784;;;1/6/2026;20/6/2026;;;;\n",
			"1 created, 0 updated, 0 unchanged, 1 rejected; 3 code same_code"},
		{"Excel", xlsxType, xlsx.String(), "1 created, 0 updated, 0 unchanged, 0 rejected"},
		{"Excel in a form", "Content-Type: " + form.FormDataContentType(), parts.String(), "1 created, 0 updated, 0 unchanged, 0 rejected"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := newOffice(t)
			if got := o.load(tt.body, tt.kind).String(); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			again := o.load(tt.body, tt.kind)
			if again.Created+again.Updated > 0 {
				t.Errorf("the same again: %s", again)
			}
			b, err := os.ReadFile(o.file)
			wal, _ := os.ReadFile(o.file + "-wal")
			if err != nil || strings.Contains(string(b)+string(wal)+o.log.String(), "ZZNAME") {
				t.Errorf("a name is in the store or the log, %v", err)
			}
		})
	}
}

func TestListsThatAreRefused(t *testing.T) {
	o := newOffice(t)
	for _, tt := range []struct {
		name, kind, body string
		status           int
		want             string
	}{
		{"no list", jsonType, `{"code":"H1"}`, 400, "json"},
		{"cut off", jsonType, `[{"code":"H1"},`, 400, "json"},
		{"something behind it", jsonType, `[] []`, 400, "json"},
		{"no headings", csvType, "xin chào", 422, "file sheet_head"},
		{"a column too few", csvType, "Mã hồ sơ;Ngày nhận\nH1;1/6/2026\n", 422, "columns.procedure column, columns.dueOn column"},
		{"nothing", csvType, "", 422, "file required"},
		{"no workbook", xlsxType, "PK\x03\x04", 422, "file sheet_file"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := o.problem(o.send("POST", "/api/v1/dossiers", tt.body, tt.kind, bearer(o.token(staff.Desk))), tt.status)
			if got := p.fields(); got != tt.want && p.Code != tt.want {
				t.Errorf("%s %s", p.Code, got)
			}
		})
	}
}

// TestValuesOfAnotherType than the document has are named as other mistakes are.
func TestValuesOfAnotherType(t *testing.T) {
	o := newOffice(t)
	w := httptest.NewRecorder()
	o.server.ServeHTTP(w, request("POST", "/api/v1/dossiers", `[7,{"code":1,"dueOn":{}}]`, jsonType, bearer(o.token(staff.Desk))))
	var out imported
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || out.String() != "0 created, 0 updated, 0 unchanged, 2 rejected; 1  type_object; 2 code type_text; 2 dueOn type_text" {
		t.Errorf("%s %v", out, err)
	}
}

// slip makes the one-time code of a dossier.
func (o *office) slip(dossier, body string) string {
	o.t.Helper()
	headers := []string{bearer(o.token(staff.Desk))}
	if body != "" {
		headers = append(headers, jsonType)
	}
	a := o.send("POST", "/api/v1/dossiers/"+dossier+"/survey", body, headers...)
	var v struct{ URL, Code, QR string }
	if a.into(o.t, &v); a.StatusCode != 201 || v.URL != "https://khaosat.example.gov.vn/k/"+v.Code || !strings.HasPrefix(v.QR, "data:image/svg") {
		o.t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	return v.Code
}

// stamp is what an answer says of its dossier.
func (o *office) stamp(key string) string {
	o.t.Helper()
	var s []string
	for _, by := range []string{"verified", "stage", "outcome", "late", "area", "procedure", "desk", "unit", "channel"} {
		var v struct {
			Groups []struct{ Key map[string]*string }
		}
		o.send("GET", "/api/v1/statistics?by="+by, "", bearer(o.token(staff.Office))).into(o.t, &v)
		for _, g := range v.Groups {
			if k := g.Key[by]; k != nil && (by != "area" || *k == "dat-dai") {
				s = append(s, *k)
			}
		}
	}
	return strings.Join(s, " ")
}

func TestOneTimeCodeOverTheInterface(t *testing.T) {
	o := newOffice(t)
	o.load(dossierHead+"H1;1.012784;quay-dat-dai;;1/6/2026;20/6/2026;;;;\n", csvType)
	code := o.slip("h1", `{"stage":"supplement"}`)
	o.load(dossierHead+"H1;1.012784;quay-dat-dai;;1/6/2026;20/6/2026;22/6/2026;Từ chối;;\n", csvType)

	var form struct {
		Kind, Code, Area string
		Procedure, Desk  *string
	}
	o.send("GET", "/api/v1/surveys/"+code, "").into(t, &form)
	if form.Kind != "dossier" || form.Code != code || form.Area != "dat-dai" {
		t.Errorf("%+v", form)
	}
	if page := o.send("GET", "/k/"+code, ""); page.StatusCode != 200 || !strings.Contains(page.body, "một lần") || strings.Contains(page.body, "H1") {
		t.Errorf("%d; the page says nothing of one time, or names the dossier", page.StatusCode)
	}
	a := o.send("POST", "/api/v1/surveys/"+code+"/responses", `{"key":"`+key(1)+`","overall":4}`)
	var receipt struct {
		Verified   bool
		ReceivedAt string
	}
	if a.into(t, &receipt); a.StatusCode != 201 || !receipt.Verified || receipt.ReceivedAt != "2026-06-30T12:00:00.000+07:00" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if got, want := o.stamp(key(1)), "yes refusal refused yes dat-dai 1.012784 quay-dat-dai van-phong-dang-ky-dat-dai phone"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if p := o.problem(o.send("POST", "/api/v1/surveys/"+code+"/responses", `{"key":"`+key(2)+`","overall":5}`), 409); p.Code != "spent" {
		t.Error(p.Code)
	}
	if a := o.send("POST", "/api/v1/surveys/"+code+"/responses", `{"key":"`+key(1)+`","overall":4}`); a.StatusCode != 200 {
		t.Errorf("the same again: %d %s", a.StatusCode, a.body)
	}
	if p := o.problem(o.send("GET", "/api/v1/surveys/"+code, ""), 410); p.Code != "spent" {
		t.Error(p.Code)
	}
	for _, page := range []answer{o.send("GET", "/k/"+code, ""), o.send("POST", "/k/"+code, url.Values{"key": {key(3)}, "overall": {"5"}}.Encode(), "Content-Type: application/x-www-form-urlencoded")} {
		if (page.StatusCode != 410 && page.StatusCode != 409) || !strings.Contains(page.body, "Mã này đã được dùng") || !strings.Contains(page.body, "đặt tại quầy") {
			t.Errorf("%d %.300s", page.StatusCode, page.body)
		}
	}
	if p := o.problem(o.send("POST", "/api/v1/dossiers/H1/survey", "", bearer(o.token(staff.Desk))), 409); p.Code != "spent" {
		t.Error(p.Code)
	}
	if o.responses() != 1 {
		t.Errorf("%d responses", o.responses())
	}
	if strings.Contains(o.log.String(), code) {
		t.Error("the code is in the log")
	}
}

// TestSlipIsReplaced: the former code is none any more.
func TestSlipIsReplaced(t *testing.T) {
	o := newOffice(t)
	o.load(dossierHead+"H1;1.012784;;;1/6/2026;20/6/2026;;;;\n", csvType)
	old := o.slip("H1", "")
	code := o.slip("H1", "{}")
	if a := o.send("GET", "/k/"+old, ""); a.StatusCode != 404 {
		t.Errorf("the old one: %d", a.StatusCode)
	}
	a := o.send("POST", "/k/"+code, url.Values{"key": {key(1)}, "overall": {"5"}}.Encode(), form)
	if a.StatusCode != 303 {
		t.Fatalf("the new one: %d", a.StatusCode)
	}
	if thanks := o.send("GET", a.Header.Get("Location"), ""); thanks.StatusCode != 200 || strings.Contains(thanks.body, "H1") {
		t.Errorf("the receipt: %d", thanks.StatusCode)
	}
	o.problem(o.send("POST", "/api/v1/dossiers/H9/survey", "", bearer(o.token(staff.Desk))), 404)
	if p := o.problem(o.send("POST", "/api/v1/dossiers/H1/survey", `{"stage":2}`, bearer(o.token(staff.Desk))), 422); p.fields() != "stage type_text" {
		t.Error(p.fields())
	}
}

// TestTriesOfAOneTimeCode: ten a minute, and then one every six seconds.
func TestTriesOfAOneTimeCode(t *testing.T) {
	o := newOffice(t)
	o.load(dossierHead+"H1;1.012784;;;1/6/2026;20/6/2026;;;;\nH2;1.012784;;;1/6/2026;20/6/2026;;;;\n", csvType)
	code, other := o.slip("H1", ""), o.slip("H2", "")
	try := func(code, body string) int {
		return o.send("POST", "/api/v1/surveys/"+code+"/responses", body).StatusCode
	}
	for i := range 10 {
		if status := try(code, `{"key":"`+key(i)+`"}`); status != 422 {
			t.Fatalf("try %d: %d", i, status)
		}
	}
	a := o.send("POST", "/api/v1/surveys/"+code+"/responses", `{"key":"`+key(11)+`","overall":5}`)
	if o.problem(a, 429); a.Header.Get("Retry-After") != "6" {
		t.Errorf("wait %s", a.Header.Get("Retry-After"))
	}
	if status := try(other, `{"key":"`+key(12)+`","overall":5}`); status != 201 {
		t.Errorf("another code: %d", status)
	}
	o.now = o.now.Add(6e9)
	if status := try(code, `{"key":"`+key(11)+`","overall":5}`); status != 201 {
		t.Errorf("having waited: %d", status)
	}
	counter := o.link(`"kind":"counter","area":"dat-dai"`)
	for i := range 15 {
		if status := try(counter, `{"key":"`+key(20+i)+`","overall":5}`); status != 201 {
			t.Errorf("an open link: %d", status)
		}
	}
}

func TestDossierStatistics(t *testing.T) {
	o := newOffice(t)
	o.load(dossierHead+strings.Join([]string{
		"A1;1.012784;;;1/5/2026;20/5/2026;20/5/2026;;;", "A2;1.012784;;;1/5/2026;20/5/2026;21/5/2026;;19/5/2026;",
		"A3;1.010727;;;1/6/2026;20/6/2026;;;;", "A4;1.010727;;;1/6/2026;20/6/2026;15/6/2026;;;",
	}, "\n")+"\n", csvType)
	code := o.slip("A2", "")
	o.send("POST", "/api/v1/surveys/"+code+"/responses", `{"key":"`+key(1)+`","overall":2}`)
	counter := o.link(`"kind":"counter","area":"dat-dai"`)
	o.send("POST", "/api/v1/surveys/"+counter+"/responses", `{"key":"`+key(2)+`","overall":5}`)

	type group struct {
		Key                                                map[string]*string
		Name                                               string
		Closed, OnTime, Late, Overdue, Apologised, Running int
		LateUnapologised, Responses, Verified              int
		OnTimeShare, ApologyShare, ResponseRate, Target    *float64
		Met                                                *bool
	}
	var v struct {
		Overall group
		Groups  []group
	}
	o.send("GET", "/api/v1/dossiers/statistics?from=2026-01-01&to=2026-06-30&by=area", "", bearer(o.token(staff.Leader))).into(t, &v)
	show := func(g group) string {
		number := func(f *float64) string {
			if f == nil {
				return "-"
			}
			return fmt.Sprintf("%.2f", *f)
		}
		return fmt.Sprintf("%s: %d/%d %s target %s met %v, late %d, overdue %d, sorry %d %s, not %d, responses %d verified %d %s", g.Name, g.OnTime, g.Closed, number(g.OnTimeShare),
			number(g.Target), g.Met != nil && *g.Met, g.Late, g.Overdue, g.Apologised, number(g.ApologyShare), g.LateUnapologised, g.Responses, g.Verified, number(g.ResponseRate))
	}
	got := show(v.Overall)
	for _, g := range v.Groups {
		got += "\n" + show(g)
	}
	want := `Tất cả: 2/3 66.67 target 99.00 met false, late 1, overdue 1, sorry 1 50.00, not 1, responses 2 verified 1 66.67
Đất đai: 1/2 50.00 target 99.00 met false, late 1, overdue 0, sorry 1 100.00, not 0, responses 2 verified 1 100.00
Môi trường: 1/1 100.00 target 99.00 met true, late 0, overdue 1, sorry 0 0.00, not 1, responses 0 verified 0 0.00`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if p := o.problem(o.send("GET", "/api/v1/dossiers/statistics?from=x&by=desk&by=area", "", bearer(o.token(staff.Office))), 422); p.fields() != "by twice, from date" {
		t.Error(p.fields())
	}
}

func TestJSONListIsReadAsFarAsItIsGood(t *testing.T) {
	var list []map[string]string
	for i := range 1200 {
		list = append(list, map[string]string{"code": fmt.Sprint("H", i), "procedure": "1.012784", "receivedOn": "2026-06-01", "dueOn": "2026-06-20", "returnedOn": "2026-06-20", "outcome": dossier.OutcomeGranted})
	}
	b, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	if got := newOffice(t).load(string(b), jsonType).String(); got != "1200 created, 0 updated, 0 unchanged, 0 rejected" {
		t.Error(got)
	}
}
