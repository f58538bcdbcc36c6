package api_test

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"sipas/internal/ooxml"
	"sipas/internal/staff"
	"sipas/web"
)

var drawn = regexp.MustCompile(`(?s)<svg.*?</svg>|<[^>]*>`)

// readable is the text of a page as somebody reads it.
func readable(page string) string {
	return strings.Join(strings.Fields(html.UnescapeString(drawn.ReplaceAllString(page, " "))), " ")
}

// figures opens a page of figures as the office and returns it as it is read.
func (o *office) figures(path string, status int) string {
	o.t.Helper()
	a := o.send("GET", "/lam-viec/thong-ke"+path, "", o.signIn(staff.Office))
	if a.StatusCode != status {
		o.t.Fatalf("%s: %d, want %d: %s", path, a.StatusCode, status, readable(a.body))
	}
	return readable(a.body)
}

// says fails the test unless the page says all of the words.
func (o *office) says(page string, words ...string) {
	o.t.Helper()
	for _, w := range words {
		if w = strings.Join(strings.Fields(w), " "); !strings.Contains(page, w) {
			o.t.Errorf("nothing says %q:\n%s", w, page)
		}
	}
}

// TestStatisticsPageSaysWhatTheInterfaceSays: each area's rate, interval, number
// and verdict are those of the JSON for the same question.
func TestStatisticsPageSaysWhatTheInterfaceSays(t *testing.T) {
	o := newOffice(t)
	land, build := o.link(`"kind":"counter","area":"dat-dai"`), o.link(`"kind":"counter","area":"xay-dung"`)
	o.answerMany(land, 40, 5)
	o.answerMany(land, 3, 2)
	o.answerMany(build, 12, 1)
	o.answerMany(build, 25, 4)
	page := o.figures("?period=2026-H1", 200)
	v := o.statistics("?from=2026-01-01&to=2026-06-30&by=area")
	for _, g := range append(v.Groups, v.Overall) {
		o.says(page, web.PercentOf("vi", g.Satisfied, g.Answered),
			fmt.Sprintf("khoảng %s đến %s", percent(g.Interval.Low), percent(g.Interval.High)), fmt.Sprint(g.Responses))
	}
	o.says(page, "Xây dựng 67,57 %", "Chưa đạt chỉ tiêu", "Môi trường –", "0 trong 10 lĩnh vực đạt chỉ tiêu, 1 chưa đạt.")
	o.says(o.figures("?period=2026-H1&area=dat-dai&by=criterion", 200), "6 tháng đầu năm 2026 Đất đai", "93,02 %")
	o.says(o.figures("/hai-chieu?period=2026-06&by=area&across=channel", 200), "Điện thoại của người dân", "▼ 67,57 % 37 phiếu")
	o.says(o.figures("/keo-xuong?period=2026&area=xay-dung", 200), "Nên bắt đầu từ câu 15", "nếu ai cũng hài lòng, tỷ lệ chung tăng 5,41 điểm %")
	o.says(o.figures("/keo-xuong?period=2026&area=dat-dai", 200), "Chưa có tiêu chí nào chắc chắn dưới chỉ tiêu")
}

func percent(v float64) string { return web.Percent("vi", int(v*100+0.5)) }

// TestChangeOnThePage: what chance would bring is not called a difference, and
// what few people say is called that.
func TestChangeOnThePage(t *testing.T) {
	o := newOffice(t)
	code := o.link(`"kind":"counter","area":"dat-dai"`)
	o.answerMany(code, 60, 5)
	o.answerMany(code, 20, 2)
	few := o.link(`"kind":"counter","area":"moi-truong"`)
	o.answerMany(few, 6, 2)
	o.now = o.now.AddDate(0, 1, 0)
	o.answerMany(code, 79, 4)
	o.answerMany(few, 6, 4)
	page := o.figures("?period=2026-07", 200)
	o.says(page, "Đất đai 100,00 %", "+25,00 điểm % từ +", "khác biệt thật", "+100,00 điểm % từ", "còn ít phiếu", "Kỳ này chưa kết thúc: số liệu tính đến hết ngày 30/07/2026")
	if page := o.figures("?period=2026-07&with=year", 200); strings.Contains(page, "điểm % từ") || !strings.Contains(page, "không có số liệu để so") {
		t.Errorf("a year earlier there was nothing: %s", page)
	}
	o.answerMany(code, 12, 1)
	o.says(o.figures("?period=2026-07&with=before", 200), "+11,81 điểm % từ −", "có thể do ngẫu nhiên")
}

// TestQuestionsWithoutAnAnswer: each is told what it means.
func TestQuestionsWithoutAnAnswer(t *testing.T) {
	o := newOffice(t)
	code := o.link(`"kind":"counter","area":"dat-dai"`)
	for i := range 3 {
		body := fmt.Sprintf(`{"key":"profile-%04d","overall":4,"answers":{"15":4},"profile":{"sex":"female"}}`, i)
		if a := o.send("POST", "/api/v1/surveys/"+code+"/responses", body); a.StatusCode != 201 {
			t.Fatal(a.body)
		}
	}
	for path, tt := range map[string]struct {
		status int
		says   string
	}{
		"?from=2026-05-02&to=2026-05-01":         {422, "Đến ngày: Ngày cuối phải không trước ngày đầu"},
		"?from=2026-02-30&to=2026-05-01":         {422, "Từ ngày: Phải là ngày có thật"},
		"?period=2026-H3":                        {422, "“2026-H3” không phải một kỳ"},
		"?by=thoi-tiet":                          {422, "Không có “thoi-tiet”"},
		"?with=tomorrow":                         {422, "So với"},
		"?period=2025":                           {200, "Chưa có phiếu nào trong kỳ này"},
		"?period=2027":                           {200, "Kỳ này chưa bắt đầu."},
		"?sex=female":                            {200, "chỉ còn dưới 5 người"},
		"/keo-xuong?sex=female":                  {200, "chỉ còn dưới 5 người"},
		"/hai-chieu?by=sex&across=age":           {200, "chỉ còn dưới 5 người"},
		"/hai-chieu?by=area&across=area":         {200, "Đất đai"},
		"/hai-chieu?from=2026-01-01&to=x&by=sex": {422, "Đến ngày"},
		"?period=&by=area":                       {200, "Từ ngày"},
		"?area=khong-co":                         {200, "Chưa có phiếu nào trong kỳ này"},
		"?area=%3Cscript%3E&by=procedure":        {200, "<script>"},
	} {
		o.says(o.figures(path, tt.status), tt.says)
	}
}

// TestRenamedUnitOnThePage keeps the name that people knew for a part of the
// period.
func TestRenamedUnitOnThePage(t *testing.T) {
	o := newOffice(t)
	o.answerMany(o.link(`"kind":"counter","area":"dat-dai","unit":"phong-quan-ly-dat-dai"`), 3, 4)
	admin := o.signIn(staff.Admin)
	if a := o.post("/lam-viec/danh-muc/don-vi/phong-quan-ly-dat-dai/doi", admin, "version", "1", "from", "2026-07-01", "name.vi", "Phòng Đất đai", "name.en", "Land", "source", "QĐ 1"); a.StatusCode != 303 {
		t.Fatalf("%d %s", a.StatusCode, readable(a.body))
	}
	o.now = o.now.AddDate(0, 1, 0)
	o.says(o.figures("?period=2026-Q3&by=unit", 200), "Chưa có phiếu nào")
	o.says(o.figures("?period=2026&by=unit", 200), "Phòng Đất đai trước đó: Phòng Quản lý đất đai")
	if page := o.figures("?period=2026-H1&by=unit", 200); strings.Contains(page, "trước đó") || !strings.Contains(page, "Phòng Quản lý đất đai") {
		t.Errorf("a period that is over keeps its names: %s", page)
	}
}

// TestMergedUnitsOnThePage: two units become one in the middle of the period; each
// row says of which part of it its figures are.
func TestMergedUnitsOnThePage(t *testing.T) {
	o := newOffice(t)
	admin := o.signIn(staff.Admin)
	add := func(id, name, from string) {
		t.Helper()
		if a := o.post("/lam-viec/danh-muc/don-vi/moi", admin, "id", id, "name.vi", name, "name.en", name, "from", from, "source", "QĐ 1"); a.StatusCode != 303 {
			t.Fatalf("%d %s", a.StatusCode, readable(a.body))
		}
	}
	today := o.now.Format("2006-01-02")
	add("phong-a", "Phòng A", today)
	add("phong-b", "Phòng B", today)
	for _, id := range []string{"phong-a", "phong-b"} {
		o.answerMany(o.link(`"kind":"counter","area":"dat-dai","unit":"`+id+`"`), 3, 4)
		page := "/lam-viec/danh-muc/don-vi/" + id + "/ket-thuc"
		if a := o.post(page, admin, "version", versionIn(t, o.send("GET", page, "", admin)), "row", today, "to", "2026-06-30"); a.StatusCode != 303 {
			t.Fatalf("%d %s", a.StatusCode, readable(a.body))
		}
	}
	add("phong-c", "Phòng C", "2026-07-01")
	o.now = o.now.AddDate(0, 1, 0)
	o.answerMany(o.link(`"kind":"counter","area":"dat-dai","unit":"phong-c"`), 3, 4)
	o.says(o.figures("?period=2026-Q2&by=unit", 200), "Phòng A từ", "Phòng B từ")
	o.says(o.figures("?period=2026&by=unit", 200), "Phòng A đến hết 30/06/2026", "Phòng C từ 01/07/2026")
	o.says(o.figures("?from="+today+"&to=2026-12-31&by=unit", 200), "Phòng A đến hết 30/06/2026", "Phòng B đến hết 30/06/2026", "Phòng C từ 01/07/2026")
	word, err := ooxml.Read(o.taken(staff.Leader, "docx", "?from=2026-01-01&to=2026-12-31&by=unit"))
	if err != nil {
		t.Fatal(err)
	}
	o.says(word.Text, "Phòng A (đến hết 30/06/2026)", "Phòng C (từ 01/07/2026)")
	if page := o.figures("?period=2026-Q3&by=unit", 200); strings.Contains(page, "Phòng C từ") {
		t.Errorf("it was there all the time: %s", page)
	}
}

// TestResponseRateOnThePage: answers by the dossiers that were returned, of each
// area and of all; not where a filter leaves out answers.
func TestResponseRateOnThePage(t *testing.T) {
	o := newOffice(t)
	o.answerMany(o.link(`"kind":"counter","area":"dat-dai"`), 3, 4)
	o.answerMany(o.link(`"kind":"counter"`), 1, 4)
	list := `[{"code":"H1","procedure":"1.012784","receivedOn":"2026-06-01","dueOn":"2026-06-20","returnedOn":"2026-06-19","outcome":"granted"},
		{"code":"H2","procedure":"1.012784","receivedOn":"2026-06-01","dueOn":"2026-06-20","returnedOn":"2026-06-22","outcome":"granted"},
		{"code":"H3","procedure":"1.012784","receivedOn":"2026-06-01","dueOn":"2026-06-20","returnedOn":"2026-06-19","outcome":"granted"},
		{"code":"H4","procedure":"1.012784","receivedOn":"2026-06-01","dueOn":"2026-06-20","returnedOn":"2026-06-19","outcome":"granted"},
		{"code":"H5","procedure":"1.012784","receivedOn":"2026-06-01","dueOn":"2026-06-30"}]`
	if a := o.send("POST", "/api/v1/dossiers", list, bearer(o.token(staff.Desk)), "Content-Type: application/json"); a.StatusCode != 200 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	page := o.figures("?period=2026-06", 200)
	o.says(page, "bằng 75,00 % số hồ sơ đã trả", "bằng 100,00 % số hồ sơ đã trả")
	if page := o.figures("?period=2026-06&channel=phone", 200); strings.Contains(page, "số hồ sơ đã trả") {
		t.Errorf("a part of the answers by all dossiers: %s", page)
	}
}

// verified sends so many answers with one-time codes. first tells their dossiers
// and keys from others'.
func (o *office) verified(first, n int, members string) {
	o.t.Helper()
	list := dossierHead
	for i := range n {
		list += fmt.Sprintf("V%d;1.012784;quay-dat-dai;;1/6/2026;20/6/2026;;;;\n", first+i)
	}
	o.load(list, csvType)
	for i := range n {
		o.answers(o.slip(fmt.Sprintf("V%d", first+i), ""), first+i, 1, members)
	}
}

// TestVerifiedShares: a row without a value has its own share, and a share that
// would be one of a few people only is not told as none.
func TestVerifiedShares(t *testing.T) {
	o := newOffice(t)
	nowhere := o.link(`"kind":"counter"`)
	o.answers(nowhere, 0, 20, `"overall":4,"profile":{"sex":"female"}`)
	o.answers(nowhere, 20, 20, `"overall":4,"profile":{"sex":"male"}`)
	o.verified(100, 3, `"overall":4,"profile":{"sex":"female"}`)
	o.verified(200, 7, `"overall":4,"profile":{"sex":"male"}`)
	shares := func(query string) string {
		return strings.Join(regexp.MustCompile(`[0-9,]+ % qua mã dùng một lần`).FindAllString(strings.ReplaceAll(o.figures(query, 200), "\u00a0", " "), -1), "; ")
	}
	if got, want := shares("?period=2026-06&by=area&area=dat-dai&area="), "100,00 % qua mã dùng một lần; 100,00 % qua mã dùng một lần"; got != want {
		t.Errorf("of one area: %s", got)
	}
	if got := shares("?period=2026-06&by=area"); !strings.Contains(got, "; 0,00 % qua mã") || strings.Contains(got, "25,00 % qua mã") {
		t.Errorf("by area: %s", got)
	}
	if got, want := shares("?period=2026-06&by=sex"), "20,00 % qua mã dùng một lần"; got != want {
		t.Errorf("by sex: %s", got)
	}
	if got := shares("?period=2026-06&by=area&sex=female"); got != "" {
		t.Errorf("of women: %s", got)
	}
}

// TestFewAreNotNone: what is left out since few people answered is not told as
// nobody's.
func TestFewAreNotNone(t *testing.T) {
	o := newOffice(t)
	land, build := o.link(`"kind":"counter","area":"dat-dai"`), o.link(`"kind":"counter","area":"xay-dung"`)
	for i, n := range []int{20, 30, 3, 40} { // March to June
		o.now = time.Date(2026, time.Month(3+i), 10, 5, 0, 0, 0, time.UTC)
		o.answers(land, 100*i, n, `"overall":4,"answers":{"15":4},"profile":{"sex":"female"}`)
	}
	o.answers(build, 900, 3, `"overall":4,"answers":{"15":4},"profile":{"sex":"female"}`)
	page := o.figures("?period=2026-H1&by=desk&sex=female", 200)
	o.says(page, "Tháng 04/2026 100,00 %", "Tháng 02/2026 – – –", "Tháng 05/2026 – – –")
	o.answers(o.link(`"kind":"counter","area":"moi-truong"`), 1000, 50, `"overall":4,"answers":{"15":4},"profile":{"sex":"female"}`)
	page = o.figures("?period=2026-H1&by=area&sex=female", 200)
	o.says(page, "Đất đai 100,00 %")
	if n := strings.Count(page, "Xây dựng"); n != 1 { // the choice of the filter
		t.Errorf("an area of a few people has a row: %s", page)
	}
	o.says(o.figures("?period=2026-H1&by=area", 200), "Xây dựng 100,00 %", "Tài nguyên nước –")
	o.says(o.figures("?period=2026-H1&by=desk", 200), "Tháng 02/2026 – – 0", "Tháng 05/2026 100,00 %")
}
