package api_test

import (
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
	for role, want := range map[staff.Role][]string{
		staff.Office: {"responses.xlsx", "responses.csv", "cases.xlsx", "cases.csv", "codebook.csv"},
		staff.Admin:  {"responses.xlsx", "responses.csv", "codebook.csv"},
	} {
		session := o.signIn(role)
		page := o.send("GET", reports+"?from=2026-06-01&to=2026-06-30", "", session)
		var got []string
		for _, part := range strings.Split(page.body, `href="/api/v1/exports/`)[1:] {
			address, _, _ := strings.Cut(part, `"`)
			file, query, _ := strings.Cut(strings.ReplaceAll(address, "&amp;", "&"), "?")
			got = append(got, file)
			if a := o.send("GET", "/api/v1/exports/"+file+"?"+query, "", session, local); a.StatusCode != 200 {
				t.Errorf("%s, %s: %d", role, file, a.StatusCode)
			}
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%s is offered %v, want %v", role, got, want)
		}
		if rows := cells(page.body); rows[0][1] != "3" {
			t.Errorf("%s: %q", role, rows)
		}
	}
}

func TestReportsPageSaysWhatIsWrong(t *testing.T) {
	o := newOffice(t)
	o.answers(o.link(`"kind":"counter"`), 0, 1, `"overall":5`)
	session := o.signIn(staff.Office)
	for query, want := range map[string]string{
		"?from=2026-06-30&to=2026-06-01": "Đến ngày: Ngày cuối phải không trước ngày đầu",
		"?from=2026-07-01":               "Từ ngày: Ngày này chưa đến",
		"?from=31/12/2026":               "Từ ngày: Phải là ngày có thật",
		"?from=2026-01-01&to=2026-02-01": "Không có dữ liệu nào trong khoảng ngày này",
		"":                               "Không có dữ liệu nào trong khoảng ngày này", // May
	} {
		a := o.send("GET", reports+query, "", session)
		status := 422
		if strings.HasPrefix(want, "Không") {
			status = 200
		}
		if a.StatusCode != status || !strings.Contains(a.body, want) || strings.Contains(a.body, "/api/v1/exports/") {
			t.Errorf("%s: %d %s", query, a.StatusCode, a.body)
		}
	}
	a := o.send("GET", reports, "", session)
	for _, period := range []string{
		"from=2026-05-01&amp;to=2026-05-31", "from=2026-01-01&amp;to=2026-03-31", "from=2025-07-01&amp;to=2025-12-31", "from=2026-01-01&amp;to=2026-06-30",
	} {
		if !strings.Contains(a.body, period) {
			t.Errorf("the usual periods lack %s", period)
		}
	}
}
