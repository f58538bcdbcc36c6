package api_test

import (
	"slices"
	"strings"
	"testing"

	"sipas/feedback"
	"sipas/internal/staff"
)

const reports = "/lam-viec/bao-cao"

// TestReportsPage offers each role what it may take, and what it offers is there.
func TestReportsPage(t *testing.T) {
	o := newOffice(t)
	o.answers(o.link(`"kind":"counter"`), 0, 3, `"overall":5`)
	o.sent(feedback.Petition)
	report := []string{"reports/satisfaction.docx", "reports/satisfaction.xlsx", "reports/satisfaction.pdf"}
	for role, data := range map[staff.Role][]string{
		staff.Office: {"exports/responses.xlsx", "exports/responses.csv", "exports/cases.xlsx", "exports/cases.csv", "exports/codebook.csv"},
		staff.Admin:  {"exports/responses.xlsx", "exports/responses.csv", "exports/codebook.csv"},
		staff.Leader: nil,
	} {
		session, want := o.signIn(role), append(slices.Clone(report), data...)
		page := o.send("GET", reports+"?period=2026-06&with=year", "", session)
		var got []string
		for _, part := range strings.Split(page.body, `href="/api/v1/`)[1:] {
			address, _, _ := strings.Cut(part, `"`)
			file, query, _ := strings.Cut(strings.ReplaceAll(address, "&amp;", "&"), "?")
			got = append(got, file)
			if a := o.send("GET", "/api/v1/"+file+"?"+query, "", session, local); a.StatusCode != 200 {
				t.Errorf("%s, %s: %d", role, file, a.StatusCode)
			}
			if strings.HasPrefix(file, "reports/") && query != "from=2026-06-01&to=2026-06-30&with=year" {
				t.Errorf("%s asks %s", file, query)
			}
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%s is offered %v, want %v", role, got, want)
		}
		o.says(readable(page.body), "Báo cáo kết quả khảo sát: Tháng 06/2026")
	}
}

func TestReportsPageSaysWhatIsWrong(t *testing.T) {
	o := newOffice(t)
	o.answers(o.link(`"kind":"counter"`), 0, 1, `"overall":5`)
	session := o.signIn(staff.Office)
	for query, want := range map[string]string{
		"?from=2026-06-30&to=2026-06-01": "Đến ngày: Ngày cuối phải không trước ngày đầu",
		"?from=31/12/2026&to=2026-12-31": "Từ ngày: Phải là ngày có thật",
		"?period=2026-H3":                "“2026-H3” không phải một kỳ",
		"?with=tomorrow":                 "So với: ",
	} {
		a := o.send("GET", reports+query, "", session)
		if a.StatusCode != 422 || strings.Contains(a.body, "/api/v1/") {
			t.Errorf("%s: %d", query, a.StatusCode)
		}
		o.says(readable(a.body), want)
	}
	for query, want := range map[string][]string{
		"?from=2026-01-01&to=2026-02-01": {"Không có dữ liệu nào", "01/01/2026 – 01/02/2026"},
		"":                               {"Không có dữ liệu nào", "6 tháng cuối năm 2025"},
		"?period=2027":                   {"Kỳ này chưa bắt đầu."},
		"?period=2026":                   {"Kỳ này chưa kết thúc", "Phiếu trả lời (CSV)"},
		"?period=":                       {"Từ ngày", "Đến ngày"},
	} {
		a := o.send("GET", reports+query, "", session)
		if a.StatusCode != 200 || !strings.Contains(a.body, "/api/v1/reports/") {
			t.Errorf("%s: %d", query, a.StatusCode)
		}
		o.says(readable(a.body), want...)
	}
}
