package api_test

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"sipas/feedback"
	"sipas/internal/staff"
)

const exportsPath = "/api/v1/exports/"

// exported reads a CSV file; cell finds the cell of a row by the column's id.
func (o *office) exported(a answer) (rows [][]string, cell func(row []string, column string) string) {
	o.t.Helper()
	if a.StatusCode != 200 || !strings.HasPrefix(a.body, "\ufeff") || a.Header.Get("Content-Type") != "text/csv; charset=utf-8" {
		o.t.Fatalf("%d %s %.60q", a.StatusCode, a.Header.Get("Content-Type"), a.body)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.body, "\ufeff"))).ReadAll()
	if err != nil {
		o.t.Fatal(err)
	}
	head := rows[0]
	return rows[1:], func(row []string, column string) string {
		at := slices.Index(head, column)
		if at < 0 {
			o.t.Fatalf("no column %s in %v", column, head)
		}
		return row[at]
	}
}

// answers takes in answers with these members of JSON.
func (o *office) answers(code string, first, n int, members string) {
	o.t.Helper()
	for i := range n {
		a := o.send("POST", "/api/v1/surveys/"+code+"/responses", fmt.Sprintf(`{"key":%q,%s}`, key(first+i), members))
		if a.StatusCode != 201 {
			o.t.Fatalf("%d %s", a.StatusCode, a.body)
		}
	}
}

func TestExportedResponses(t *testing.T) {
	o := newOffice(t)
	code := o.link(`"kind":"counter","area":"dat-dai","desk":"bo-phan-mot-cua"`)
	o.answers(code, 0, 6, `"overall":5,"answers":{"15":4,"31":0},"extra":{"visits":"4+"},"profile":{"sex":"female","age":"18-24"}`)
	o.answers(code, 6, 1, `"overall":2,"comment":"=1+1; ghế ít","profile":{"sex":"male"}`)
	o.answers(code, 7, 5, `"overall":3`)
	trial := o.link(`"kind":"trial"`)
	o.answers(trial, 20, 1, `"overall":1`)
	who := bearer(o.token(staff.Office))
	a := o.send("GET", exportsPath+"responses.csv?from=2026-06-01&to=2026-06-30", "", who)
	rows, cell := o.exported(a)
	if len(rows) != 12 {
		t.Errorf("%d rows", len(rows))
	}
	got := map[string]int{}
	for _, row := range rows {
		var line []string
		for _, column := range []string{"answered_on", "area", "desk", "channel", "verified", "overall", "q15", "q31", "q16", "x_visits", "p_sex", "p_age", "comment"} {
			line = append(line, cell(row, column))
		}
		got[strings.Join(line, "|")]++
	}
	for line, n := range map[string]int{
		"2026-06-30|dat-dai|bo-phan-mot-cua|phone|no|5|4|0||4+|female|18-24|": 6,
		"2026-06-30|dat-dai|bo-phan-mot-cua|phone|no|2|||||||'=1+1; ghế ít":   1,
		"2026-06-30|dat-dai|bo-phan-mot-cua|phone|no|3|||||||":                5,
	} {
		if got[line] != n {
			t.Errorf("%d of %s, want %d; there are %v", got[line], line, n, got)
		}
	}
	for _, secret := range []string{key(0), code} {
		if strings.Contains(a.body, secret) {
			t.Errorf("it has the key or the link %s", secret)
		}
	}
	if d := a.Header.Get("Content-Disposition"); d != `attachment; filename="phieu-tra-loi-tu-2026-06-01-den-2026-06-30.csv"` {
		t.Error(d)
	}
	o.now = o.now.Add(time.Minute) // so that the log has an order
	admin := o.send("GET", exportsPath+"responses.csv", "", bearer(o.token(staff.Admin)))
	if rows, _ := o.exported(admin); len(rows) != 12 || strings.Contains(admin.body, "comment") || strings.Contains(admin.body, "ghế") {
		t.Errorf("the administrator gets %d rows, or the free text: %s", len(rows), admin.body)
	}
	entries := o.auditLog(staff.EntryFilter{Action: "export.responses"})
	if len(entries) != 2 || entries[1].Object != "export/responses" || strings.Join(entries[1].Detail, " ") != "from=2026-06-01 to=2026-06-30 format=csv" {
		t.Errorf("%+v", entries)
	}
}

// TestExportedAsExcel: the same cells, figures as numbers, days as days, and the
// code book behind them.
func TestExportedAsExcel(t *testing.T) {
	o := newOffice(t)
	o.answers(o.link(`"kind":"counter","area":"dat-dai"`), 0, 3, `"overall":5,"answers":{"15":4}`)
	a := o.send("GET", exportsPath+"responses.xlsx?lang=en", "", bearer(o.token(staff.Office)))
	if a.StatusCode != 200 || a.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %v", a.StatusCode, a.Header)
	}
	f, err := excelize.OpenReader(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(f.GetSheetList()); got != "[Responses Code book]" {
		t.Error(got)
	}
	rows, err := f.GetRows("Responses")
	if err != nil || len(rows) != 4 || rows[0][0] != "Answered on" || rows[1][0] != "30/06/2026" || rows[1][1] != "dat-dai" {
		t.Errorf("%q, %v", rows, err)
	}
	at, _ := excelize.CoordinatesToCellName(slices.Index(rows[0], "Criterion 15")+1, 2)
	if kind, err := f.GetCellType("Responses", at); err != nil || kind != excelize.CellTypeUnset {
		t.Errorf("%s is no number: %v %v", at, kind, err)
	}
	book, err := f.GetRows("Code book")
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("%q", book)
	for _, line := range []string{
		`["responses" "q15" "" "Câu 15" "Criterion 15" `, `["responses" "q15" "4" "" "" "Hài lòng" "Satisfied"]`, `["responses" "q15" "0" "" "" "Không áp dụng" "Not applicable"]`,
		`["responses" "area" "dat-dai" "" "" "Đất đai" `, `["responses" "channel" "kiosk" "" "" "Máy đặt tại quầy" `, `["responses" "p_age" "60+" "" "" "Trên 60 tuổi" "Over 60"]`,
		`["responses" "x_visits" "4+" `, `["responses" "flags" "burst" `,
	} {
		if !strings.Contains(text, line) {
			t.Errorf("the code book lacks %s: %s", line, text)
		}
	}
}

// TestCodeBookExplainsEverything: each column of the tables, in both languages,
// and no key without its words.
func TestCodeBookExplainsEverything(t *testing.T) {
	o := newOffice(t)
	o.answers(o.link(`"kind":"counter","area":"dat-dai"`), 0, 1, `"overall":5`)
	o.sent(feedback.Petition)
	who := bearer(o.token(staff.Office))
	rows, cell := o.exported(o.send("GET", exportsPath+"codebook.csv", "", who))
	explained := map[string]bool{}
	for _, row := range rows {
		explained[row[0]+"."+row[1]] = true
		for i, name := range []string{"meaning_vi", "meaning_en", "name_vi", "name_en"} {
			text := cell(row, name)
			if text == "" && (i < 2 || cell(row, "code") == "") || strings.HasPrefix(text, "export.") || strings.HasPrefix(text, "value.") {
				t.Errorf("%s: %q in %q", name, text, row)
			}
		}
		if code := cell(row, "code"); code != "" && code == cell(row, "meaning_vi") {
			t.Errorf("a code without words: %q", row)
		}
	}
	for _, table := range []string{"responses", "cases"} {
		a := o.send("GET", exportsPath+table+".csv", "", who)
		head, _, _ := strings.Cut(strings.TrimPrefix(a.body, "\ufeff"), "\r\n")
		for _, column := range strings.Split(head, ",") {
			if !explained[table+"."+column] {
				t.Errorf("%s of %s is not explained", column, table)
			}
		}
	}
}

func TestExportedCases(t *testing.T) {
	o := newOffice(t)
	k := o.assigned()
	o.sent(feedback.Complaint, func(in *feedback.Intake) { in.Subject = "=Khiếu nại"; in.About.Officer = "Trần Văn Tên" })
	o.sent(feedback.Denunciation)
	o.sent(feedback.Petition, func(in *feedback.Intake) { in.About.Officer = "case-office" }) // about the reader
	moved := o.sent(feedback.Petition)
	o.step(moved.Code, o.as(staff.Inspection), "classify", `"kind": "denunciation"`)
	a := o.send("GET", exportsPath+"cases.csv?from=2026-06-30&to=2026-06-30", "", o.as(staff.Office))
	rows, cell := o.exported(a)
	if len(rows) != 2 {
		t.Fatalf("%q", rows)
	}
	for _, row := range rows {
		if cell(row, "code") != k.Code {
			if cell(row, "kind") != "complaint" || cell(row, "subject") != "'=Khiếu nại" {
				t.Errorf("%q", row)
			}
			continue
		}
		got := []string{cell(row, "kind"), cell(row, "status"), cell(row, "standing"), cell(row, "unit"), cell(row, "received_on"), cell(row, "due_on"), cell(row, "subject"), cell(row, "files")}
		if strings.Join(got, "|") != "petition|assigned|running|phong-quan-ly-dat-dai|2026-06-30|2026-07-21|Sổ đỏ chậm|0" {
			t.Errorf("%q", got)
		}
	}
	for _, secret := range []string{"0905", "Lê Thị Hoa", "tháng trước", "Trần Văn Tên", "denunciation", moved.Code} {
		if strings.Contains(a.body, secret) {
			t.Errorf("it has %s:\n%s", secret, a.body)
		}
	}
}

func TestWrongExports(t *testing.T) {
	o := newOffice(t)
	o.answers(o.link(`"kind":"counter"`), 0, 1, `"overall":5`)
	who := bearer(o.token(staff.Office))
	for query, want := range map[string]string{
		"from=2026-06-30&to=2026-06-01": "to before_from", "from=2026-07-01": "from future", "from=hom-nay": "from date",
		"from=2026-01-01&to=2026-05-31": "from no_data", "from=2026-01-01&from=2026-02-01": "from twice",
	} {
		for _, file := range []string{"responses.csv", "responses.xlsx"} {
			a := o.send("GET", exportsPath+file+"?"+query, "", who)
			if got := o.problem(a, 422).fields(); got != want || a.Header.Get("Content-Disposition") != "" {
				t.Errorf("%s?%s: %s, want %s", file, query, got, want)
			}
		}
	}
	o.problem(o.send("GET", exportsPath+"cases.csv", "", who), 422)
	if n := len(o.auditLog(staff.EntryFilter{Action: "export.responses"})); n != 4 {
		t.Errorf("%d entries: two downloads of nothing, each with its outcome", n)
	}
}

// TestExportAndStatisticsCountTheSame.
func TestExportAndStatisticsCountTheSame(t *testing.T) {
	o := newOffice(t)
	o.answers(o.link(`"kind":"counter"`), 0, 7, `"overall":4`)
	rows, _ := o.exported(o.send("GET", exportsPath+"responses.csv", "", bearer(o.token(staff.Office))))
	if len(rows) != o.responses() {
		t.Errorf("%d rows, %d responses", len(rows), o.responses())
	}
}
