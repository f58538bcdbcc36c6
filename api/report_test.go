package api_test

import (
	"bytes"
	"encoding/csv"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"sipas/api"
	"sipas/feedback"
	"sipas/internal/document"
	"sipas/internal/ooxml"
	"sipas/internal/report"
	"sipas/internal/staff"
	"sipas/survey"
	"sipas/web"
)

var lookReports = flag.String("look", "", "folder to keep reports in, for looking at them")

const reportAPI = "/api/v1/reports/satisfaction."

// busyOffice has two areas with figures, feedback and dossiers in June 2026.
func busyOffice(t *testing.T) *office {
	t.Helper()
	o := newOffice(t)
	land, build := o.link(`"kind":"counter","area":"dat-dai"`), o.link(`"kind":"kiosk","area":"xay-dung"`)
	o.answerMany(land, 40, 5)
	o.answerMany(land, 3, 2)
	o.answerMany(build, 12, 1)
	o.answerMany(build, 25, 4)
	if a := o.send("POST", "/api/v1/surveys/"+land+"/responses", `{"key":"of-a-woman-1","profile":{"sex":"female"},"overall":5,"lang":"vi"}`); a.StatusCode != 201 {
		t.Fatal(a.body)
	}
	o.sent(feedback.Petition)
	a := o.send("POST", "/api/v1/dossiers", `[{"code":"H50-1","procedure":"1.012784","receivedOn":"2026-06-01","dueOn":"2026-06-20","returnedOn":"2026-06-19","outcome":"granted"},`+
		`{"code":"H50-2","procedure":"1.012784","receivedOn":"2026-06-01","dueOn":"2026-06-20","returnedOn":"2026-06-25","outcome":"granted"}]`,
		bearer(o.token(staff.Admin)), "Content-Type: application/json")
	if a.StatusCode != 200 {
		t.Fatal(a.body)
	}
	return o
}

// taken downloads a report as the role.
func (o *office) taken(role staff.Role, format, query string) []byte {
	o.t.Helper()
	a := o.send("GET", reportAPI+format+query, "", bearer(o.token(role)))
	if a.StatusCode != 200 || a.Header.Get("Cache-Control") != "no-store" {
		o.t.Fatalf("%s%s: %d %s", format, query, a.StatusCode, a.body)
	}
	if *lookReports != "" {
		name := strings.NewReplacer("?", "-", "&", "-", "=", "-").Replace(strings.ReplaceAll(o.t.Name(), "/", "-") + query + "-" + format)
		if err := os.WriteFile(filepath.Join(*lookReports, name+"."+format), []byte(a.body), 0o644); err != nil {
			o.t.Fatal(err)
		}
	}
	return []byte(a.body)
}

// pdfText is what people read in a PDF.
func pdfText(t *testing.T, file []byte) string {
	t.Helper()
	cmd := exec.Command("pdftotext", "-layout", "-", "-")
	cmd.Stdin = bytes.NewReader(file)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("pdftotext (Debian: poppler-utils): %v", err)
	}
	return strings.Join(strings.Fields(string(out)), " ")
}

// TestReportSaysWhatEverythingElseSays: for one question the interface, the page,
// the published table and the three files have the same figures of each area.
func TestReportSaysWhatEverythingElseSays(t *testing.T) {
	o := busyOffice(t)
	const query = "?from=2026-06-01&to=2026-06-30"
	page := o.figures("?period=2026-06", 200)
	word, err := ooxml.Read(o.taken(staff.Office, "docx", query))
	if err != nil {
		t.Fatal(err)
	}
	pdf := pdfText(t, o.taken(staff.Office, "pdf", query))
	book, err := excelize.OpenReader(bytes.NewReader(o.taken(staff.Office, "xlsx", query)))
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := book.GetRows("Lĩnh vực", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	o.now = o.now.AddDate(0, 0, 1) // June is the last whole month
	public, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(o.send("GET", "/ket-qua.csv", "").body, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	v := o.statistics(query + "&by=area")
	for _, g := range append(v.Groups, v.Overall) {
		rate, low, high := web.PercentOf("vi", g.Satisfied, g.Answered), percent(g.Interval.Low), percent(g.Interval.High)
		bare := strings.NewReplacer("\u00a0%", "").Replace(fmt.Sprintf("%d|%s|%s|%s", g.Responses, rate, low, high))
		for name, found := range map[string]bool{
			"page":  strings.Contains(page, strings.Join(strings.Fields(rate+" khoảng "+low+" đến "+high), " ")) || strings.Contains(page, rate[:5]),
			"Word":  hasRow(word.Tables, g.Name, bare),
			"PDF":   strings.Contains(pdf, strings.ReplaceAll(bare, "|", " ")),
			"Excel": hasNumbers(sheet, g.Name, float64(g.Responses), *g.Rate, g.Interval.Low, g.Interval.High),
			"CSV":   hasNumbers(public, g.Name, *g.Rate, g.Interval.Low, g.Interval.High) || g.Name == "Tất cả" && hasNumbers(public, "", *g.Rate, g.Interval.Low, g.Interval.High),
		} {
			if !found {
				t.Errorf("%s: %s does not say %s", g.Name, name, bare)
			}
		}
	}
	if t.Failed() {
		t.Logf("%q\n%q\n%s", sheet, public, pdf)
	}
}

// hasRow finds a row of a table by its name, with figures behind it.
func hasRow(tables [][][]string, name, figures string) bool {
	for _, table := range tables {
		for _, row := range table {
			if row[0] == name && strings.HasPrefix(strings.Join(row[1:], "|"), figures) {
				return true
			}
		}
	}
	return false
}

// hasNumbers finds a row that has the name ("": any) and all numbers, in order.
func hasNumbers(rows [][]string, name string, numbers ...float64) bool {
	for _, row := range rows {
		left, named := numbers, name == ""
		for _, cell := range row {
			named = named || cell == name
			if n, err := strconv.ParseFloat(cell, 64); err == nil && len(left) > 0 && math.Abs(n-left[0]) < 1e-9 {
				left = left[1:]
			}
		}
		if named && len(left) == 0 {
			return true
		}
	}
	return false
}

func TestReportsOfUnusualPeriods(t *testing.T) {
	o := busyOffice(t)
	for query, want := range map[string][]string{
		"?from=2025-01-01&to=2025-12-31": {"Năm 2025", "Trong kỳ không có phiếu trả lời nào", "Không có số liệu hồ sơ trong kỳ"},
		"?from=2027-01-01&to=2027-06-30": {"6 tháng đầu năm 2027", "Kỳ này chưa bắt đầu."},
		"?from=2026-06-01&to=2026-07-31": {"Từ ngày 01/06/2026 đến ngày 31/07/2026", "số liệu tính đến hết ngày 30/06/2026"},
		"":                               {"Đến hết ngày 30/06/2026", "Đất đai"},
		"?area=moi-truong":               {"Lĩnh vực: Môi trường", "không nêu số liệu hồ sơ và vụ việc"},
		"?area=%3Cscript%3E%26":          {"Lĩnh vực: <script>&"},
		"?sex=female":                    {"không hiển thị để không ai bị nhận ra"},
		"?from=2026-06-01&to=2026-06-30&by=channel&by=verified": {"Máy đặt tại quầy · Mã chung tại quầy"},
		"?from=2026-06-01&to=2026-06-30&lang=en":                {"SOCIALIST REPUBLIC OF VIET NAM", "chose themselves"},
		"?from=2026-06-01&to=2026-06-30&with=year":              {"Không có số liệu của kỳ so sánh (Tháng 06/2025)"},
	} {
		word, err := ooxml.Read(o.taken(staff.Leader, "docx", query))
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range append(want, "SIPAS") {
			if !strings.Contains(word.Text, w) {
				t.Errorf("%s: nothing says %q:\n%s", query, w, word.Text)
			}
		}
		o.taken(staff.Leader, "xlsx", query)
		pdf := pdfText(t, o.taken(staff.Leader, "pdf", query))
		if regexp.MustCompile(`\b(report|stats|verdict)\.[a-z]`).MatchString(pdf+word.Text) || strings.Contains(pdf+word.Text, "{0}") {
			t.Errorf("%s: a text is missing:\n%s", query, word.Text)
		}
	}
	for query, status := range map[string]int{"?from=2026-02-30": 422, "?by=weather": 422, "?with=tomorrow": 422, "?from=2026-06-30&to=2026-06-01": 422, "?from=2027-01-01": 422} {
		if a := o.send("GET", reportAPI+"pdf"+query, "", bearer(o.token(staff.Office))); a.StatusCode != status {
			t.Errorf("%s: %d", query, a.StatusCode)
		}
	}
}

// TestReportOverTwoQuestionnaires says when the questions changed.
func TestReportOverTwoQuestionnaires(t *testing.T) {
	o := busyOffice(t)
	next := *o.survey.Questionnaire("dich-vu@1")
	next.Version, next.From = 2, "2026-06-15"
	if err := o.survey.AddQuestionnaires(t.Context(), []survey.Questionnaire{next}); err != nil {
		t.Fatal(err)
	}
	if err := o.survey.Changed(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, seen, err := document.ReadReport(o.taken(staff.Office, "docx", "?from=2026-06-01&to=2026-06-30"))
	if err != nil || !strings.Contains(seen.Text, "Từ ngày 15/06/2026 dùng phiếu mới") {
		t.Errorf("%v: %s", err, seen.Text)
	}
}

// TestReportOfSampleData says so on every page.
func TestReportOfSampleData(t *testing.T) {
	o := newOffice(t, func(c *api.Config) { c.Sample = true })
	for _, format := range api.ReportFormats {
		file := o.taken(staff.Office, format, "")
		text := ""
		if format == api.FormatPDF {
			text = pdfText(t, file)
		} else if _, seen, err := document.ReadReport(file); err == nil {
			text = seen.Text
		}
		if !strings.Contains(text, "DỮ LIỆU MẪU") {
			t.Errorf("%s: %s", format, text)
		}
	}
}

// TestReportOfTheAdministrator leaves out what only readers of cases may know.
func TestReportOfTheAdministrator(t *testing.T) {
	o := busyOffice(t)
	for role, want := range map[staff.Role]bool{staff.Admin: false, staff.Office: true, staff.Leader: true} {
		record, seen, err := document.ReadReport(o.taken(role, "docx", "?from=2026-06-01&to=2026-06-30"))
		if err != nil {
			t.Fatal(err)
		}
		if record.Question.Cases != want || strings.Contains(seen.Text, "Số vụ việc đã nhận") != want {
			t.Errorf("%s: figures of cases: %v", role, !want)
		}
	}
	if entries := o.auditLog(staff.EntryFilter{Action: "report.satisfaction"}); len(entries) != 3 || strings.Join(entries[0].Detail, " ") != "from=2026-06-01 to=2026-06-30 format=docx" {
		t.Errorf("%+v", entries)
	}
}

// TestReportFiguresHaveNames of their own, so that a difference can be named.
func TestReportFiguresHaveNames(t *testing.T) {
	o := busyOffice(t)
	record, _, err := document.ReadReport(o.taken(staff.Office, "pdf", "?from=2026-06-01&to=2026-06-30&by=area&by=channel"))
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]report.Fact{}
	for _, f := range record.Figures {
		if _, twice := names[f.Name]; twice {
			t.Errorf("%s stands twice", f.Name)
		}
		names[f.Name] = f
	}
	for name, value := range map[string]string{
		"areas/xay-dung/verdict": "not_met", "areas/dat-dai/responses": "44", "dossiers/dat-dai/share": "50", "cases/petition/received": "1", "areas/moi-truong/rate": "",
	} {
		if f, ok := names[name]; !ok || f.Value != value {
			t.Errorf("%s: %q %v", name, f.Value, ok)
		}
	}
}

// TestReportOfAFew: how many answers are verified is a dash where it would tell of
// a few people.
func TestReportOfAFew(t *testing.T) {
	o := newOffice(t)
	o.answers(o.link(`"kind":"counter"`), 0, 20, `"overall":4,"profile":{"sex":"female"}`)
	o.verified(100, 3, `"overall":4,"profile":{"sex":"female"}`)
	q := june
	q.Filters = []report.Filter{{Dimension: "sex", Values: []string{"female"}}}
	made, err := o.reporter(o.counts).Report(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range made.Facts() {
		switch f.Name {
		case "trust/verified/part", "trust/verified/share":
			if f.Value != "" {
				t.Errorf("%s is %s", f.Name, f.Value)
			}
		case "trust/verified/whole":
			if f.Value != "23" {
				t.Errorf("of %s", f.Value)
			}
		}
	}
	said := false
	for _, b := range made.Sections[1].Blocks {
		said = said || strings.Contains(b.Text, "2 ô dưới 5 người không hiển thị")
	}
	if !said {
		t.Errorf("the table of areas does not say what it leaves out: %+v", made.Sections[1])
	}
}
