package api_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"sipas/feedback"
	"sipas/internal/staff"
)

// handled takes in cases in June and July 2026 of which these tests know the
// figures by hand. It ends on 29 July.
func handled(t *testing.T) *office {
	o := newOffice(t)
	inspection := o.as(staff.Inspection)
	late, quick := o.assigned(), o.assigned() // of 30 June, due on 21 July
	o.sent(feedback.Denunciation)
	o.now = o.now.AddDate(0, 0, 6)
	o.step(quick.Code, inspection, "answer", `"message": "Đã cấp."`)
	o.rate(quick, feedback.SolvedYes)
	o.now = o.now.AddDate(0, 0, 16) // 22 July
	o.step(late.Code, inspection, "answer", `"message": "Đã cấp."`)
	o.rate(late, feedback.SolvedPartly)
	o.sent(feedback.Question, func(in *feedback.Intake) { in.Area = "moi-truong" })
	o.now = o.now.AddDate(0, 0, 7)
	return o
}

// rate is the sender's doing.
func (o *office) rate(k *feedback.Case, solved feedback.Solved) {
	o.t.Helper()
	c, err := o.cases.Case(o.t.Context(), feedback.Officer{Role: feedback.RoleInspection}, k.Code)
	if err != nil {
		o.t.Fatal(err)
	}
	e, err := c.Rate(feedback.RatingInput{Solved: solved, Level: 4}, o.cases.Rules(), o.now)
	if err == nil {
		_, err = o.cases.Apply(o.t.Context(), c, e)
	}
	if err != nil {
		o.t.Fatal(err)
	}
}

type groupJSON struct {
	Key                                                                map[string]*string
	Name                                                               string
	Received, Answered, OnTime, Late, LateApologised, LateUnapologised int
	Running, Overdue, Waiting, Withdrawn                               int
	OnTimeShare, MedianDays                                            *float64
	Ratings                                                            struct {
		Rated, Yes, Partly, No int
		SolvedShare            *float64
	}
}

func (g groupJSON) String() string {
	number := func(f *float64) string {
		if f == nil {
			return "-"
		}
		return fmt.Sprint(*f)
	}
	key := ""
	for by, v := range g.Key {
		key = by + "="
		if v != nil {
			key += *v
		}
	}
	return fmt.Sprintf("%s %s: %d = %d+%d(%d,%d)+%d+%d+%d+%d; %s %%, %s days, %d/%d/%d %s %%", key, g.Name, g.Received, g.OnTime, g.Late, g.LateApologised,
		g.LateUnapologised, g.Running, g.Overdue, g.Waiting, g.Withdrawn, number(g.OnTimeShare), number(g.MedianDays),
		g.Ratings.Yes, g.Ratings.Partly, g.Ratings.No, number(g.Ratings.SolvedShare))
}

func TestCaseStatistics(t *testing.T) {
	o := handled(t)
	const all = " Tất cả: 3 = 1+1(0,1)+1+0+0+0; 50 %, 14 days, 1/1/0 50 %"
	for _, tt := range []struct {
		query string
		role  staff.Role
		want  []string
	}{
		{"", staff.Office, []string{all}},
		{"from=2026-06-30&to=2026-07-29&by=kind", staff.Leader, []string{all,
			"kind=petition Phản ánh, kiến nghị: 2 = 1+1(0,1)+0+0+0+0; 50 %, 14 days, 1/1/0 50 %",
			"kind=question Câu hỏi: 1 = 0+0(0,0)+1+0+0+0; - %, - days, 0/0/0 - %"}},
		{"by=unit", staff.Inspection, []string{all,
			"unit=" + land + " Phòng Quản lý đất đai: 2 = 1+1(0,1)+0+0+0+0; 50 %, 14 days, 1/1/0 50 %",
			"unit= Chưa giao đơn vị nào: 1 = 0+0(0,0)+1+0+0+0; - %, - days, 0/0/0 - %"}},
		{"by=month&from=2026-07-01", staff.Office, []string{" Tất cả: 1 = 0+0(0,0)+1+0+0+0; - %, - days, 0/0/0 - %",
			"month=2026-07 07/2026: 1 = 0+0(0,0)+1+0+0+0; - %, - days, 0/0/0 - %"}},
		{"by=area&kind=petition", staff.Office, []string{" Tất cả: 2 = 1+1(0,1)+0+0+0+0; 50 %, 14 days, 1/1/0 50 %",
			"area=dat-dai Đất đai: 2 = 1+1(0,1)+0+0+0+0; 50 %, 14 days, 1/1/0 50 %"}},
		{"kind=denunciation&by=kind", staff.Inspection, []string{" Tất cả: 1 = 0+0(0,0)+0+1+0+0; - %, - days, 0/0/0 - %",
			"kind=denunciation Tố cáo: 1 = 0+0(0,0)+0+1+0+0; - %, - days, 0/0/0 - %"}},
		{"from=2027-01-01&to=2027-12-31&by=kind", staff.Office, []string{" Tất cả: 0 = 0+0(0,0)+0+0+0+0; - %, - days, 0/0/0 - %"}},
	} {
		var v struct {
			From, Kind *string
			To, AsOf   string
			Overall    groupJSON
			Groups     []groupJSON
		}
		o.send("GET", "/api/v1/cases/statistics?"+tt.query, "", o.as(tt.role)).into(t, &v)
		got := []string{v.Overall.String()}
		for _, g := range v.Groups {
			got = append(got, g.String())
		}
		if a, b := strings.Join(got, "\n"), strings.Join(tt.want, "\n"); a != b {
			t.Errorf("%s asks for %q:\n%s\nwant\n%s", tt.role, tt.query, a, b)
		}
		if v.AsOf != "2026-07-29T12:00:00.000+07:00" {
			t.Errorf("as of %s", v.AsOf)
		}
	}
	for _, tt := range []struct {
		query, wants string
		role         staff.Role
	}{
		{"from=x&to=2026-02-30&by=officer&kind=report", "from date, to date, by choice, kind choice", staff.Inspection},
		{"from=2026-07-02&to=2026-07-01", "to before_from", staff.Office},
		{"kind=denunciation", "kind choice", staff.Office}, {"kind=denunciation", "kind choice", staff.Leader},
		{"by=kind&by=unit", "by twice", staff.Office},
	} {
		if got := o.problem(o.send("GET", "/api/v1/cases/statistics?"+tt.query, "", o.as(tt.role)), 422).fields(); got != tt.wants {
			t.Errorf("%s: %s", tt.query, got)
		}
	}
}

// tags are what a reader does not see.
var tags = regexp.MustCompile(`<[^>]*>`)

func TestPageOfCaseFigures(t *testing.T) {
	o := handled(t)
	const page = "/lam-viec/vu-viec/so-lieu"
	leader, inspection := o.signIn(staff.Leader), o.signIn(staff.Inspection)
	get := func(query, who string) answer { return o.send("GET", page+query, "", who, local) }
	plainText := func(a answer) string { return strings.Join(strings.Fields(tags.ReplaceAllString(a.body, " ")), " ") }

	a := get("", leader)
	text := plainText(a)
	for _, part := range []string{
		"Tất cả 3 1 50,00 % 1 1 chưa xin lỗi 0 1 0 0 14 50,00 % 1 · 1 · 0",
		"Câu hỏi 1 0 0 0 1 0 0 – –", "Không gồm đơn tố cáo.", "Các cột cho biết điều gì", `value="2026-01-01"`, `value="2026-07-29"`,
	} {
		if !strings.Contains(text, part) && !strings.Contains(a.body, part) {
			t.Errorf("%q is missing: %s", part, text)
		}
	}
	if a.StatusCode != 200 || strings.Contains(a.body, `value="denunciation"`) || strings.Contains(text, "Tố cáo") {
		t.Errorf("%d: a leader is offered denunciations", a.StatusCode)
	}
	if text := plainText(get("?by=unit&lang=en", leader)); !strings.Contains(text, "Not assigned to a unit 1 0 0 0 1") || strings.Contains(text, "casefigures.") {
		t.Error(text)
	}
	if text := plainText(get("?from=2025-01-01&to=2025-12-31", leader)); !strings.Contains(text, "Không có vụ việc nào được nhận") || strings.Contains(text, "Các cột") {
		t.Error(text)
	}
	if text := plainText(get("?kind=denunciation", inspection)); !strings.Contains(text, "Tố cáo 1 0 0 1 0") || strings.Contains(text, "Không gồm") {
		t.Error(text)
	}
	a = get("?from=30%2F06&to=2026-07-01&by=unit&kind=denunciation", leader)
	if text := plainText(a); a.StatusCode != 422 || !strings.Contains(text, "Nhận từ ngày: ") || !strings.Contains(text, "Chỉ tính loại: ") || !strings.Contains(a.body, `value="2026-07-01"`) {
		t.Errorf("%d %s", a.StatusCode, text)
	}
}

// TestUnitsAndAreasInTheOrderOfTheCatalogue, which is not that of their ids.
func TestUnitsAndAreasInTheOrderOfTheCatalogue(t *testing.T) {
	o := newOffice(t)
	who := o.as(staff.Inspection)
	for _, x := range [][2]string{{land, "bien-hai-dao"}, {"van-phong-so", "dat-dai"}} {
		k := o.sent(feedback.Petition, func(in *feedback.Intake) { in.Area = x[1] })
		o.step(k.Code, who, "classify", `"kind": "petition"`)
		o.step(k.Code, who, "assign", `"unit": "`+x[0]+`"`)
	}
	o.sent(feedback.Petition, func(in *feedback.Intake) { in.Area = "" })
	for by, want := range map[string]string{"unit": "van-phong-so " + land + " -", "area": "dat-dai bien-hai-dao -"} {
		var v struct{ Groups []groupJSON }
		o.send("GET", "/api/v1/cases/statistics?by="+by, "", who).into(t, &v)
		var got []string
		for _, g := range v.Groups {
			if id := g.Key[by]; id != nil {
				got = append(got, *id)
			} else {
				got = append(got, "-")
			}
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("by %s: %s, want %s", by, s, want)
		}
	}
}
