package api_test

import (
	"bytes"
	"html"
	"io"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"sipas/internal/catalogue"
	"sipas/internal/staff"
)

const rowsPath = "/lam-viec/danh-muc"

// The day of the tests is 2026-06-30.
func (o *office) history(kind catalogue.Kind, id string) catalogue.History {
	o.t.Helper()
	h, err := o.survey.CatalogueStore().History(o.t.Context(), kind, id)
	if err != nil {
		o.t.Fatal(err)
	}
	return h
}

// has fails for every text that the answer lacks.
func (a answer) has(t *testing.T, what string, texts ...string) {
	t.Helper()
	for _, s := range texts {
		if !strings.Contains(a.body, s) {
			t.Errorf("%s (%d) lacks %q", what, a.StatusCode, s)
		}
	}
	if strings.Contains(a.body, "{0}") || regexp.MustCompile(`[">](cat|import|field|done)\.[a-z]`).MatchString(a.body) {
		t.Errorf("%s: a text is missing", what)
	}
}

func TestCatalogueAsOfADay(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Unit)
	get := func(path string) answer { return o.send("GET", rowsPath+path, "", session) }
	over := get("")
	over.has(t, "overview", "Lĩnh vực", "/lam-viec/danh-muc/phieu", "state=unconfirmed", `value="2026-06-30"`)
	for _, path := range []string{"/linh-vuc", "/thu-tuc", "/don-vi", "/quay", "/chi-tieu"} {
		a := get(path)
		a.has(t, path, "Đang áp dụng", "Đã xác nhận")
		if a.StatusCode != 200 || strings.Contains(a.body, path+`/moi"`) || strings.Contains(a.body, `/nhap"`) {
			t.Errorf("%s: %d, or it offers an edit", path, a.StatusCode)
		}
	}
	get("/don-vi?on=2024-01-01").has(t, "units of 2024", "Sở Tài nguyên và Môi trường")
	if a := get("/don-vi"); strings.Contains(a.body, "Sở Tài nguyên và Môi trường") {
		t.Error("the name of another year is shown today")
	}
	get("/don-vi?on=1990-01-01").has(t, "a day before all", "Sắp áp dụng")
	get("/don-vi?on=1990-01-01&state=now").has(t, "an empty list", "Không có mục nào như vậy")
	if a := get("/thu-tuc?q=CAP+DOI+giay"); !strings.Contains(a.body, "1.012783") || strings.Contains(a.body, "1.012756") {
		t.Error("the filter does not look past capitals and marks")
	}
	if a := get("/thu-tuc?area=moi-truong"); strings.Contains(a.body, "1.012783") {
		t.Error("another area's procedure is in the list")
	}
	if a := get("/linh-vuc?state=unconfirmed"); strings.Contains(a.body, "<td class=\"\" data-label=\"Xác nhận\">Đã xác nhận") {
		t.Error("a confirmed area among the unconfirmed")
	}
	thing := get("/don-vi/so")
	thing.has(t, "a thing", "Các dòng theo ngày", "Sở Tài nguyên và Môi trường", "Đã kết thúc", "Căn cứ")
	if strings.Contains(thing.body, "ket-thuc") || strings.Contains(thing.body, "/doi") {
		t.Error("the page of a thing offers edits to who may not edit")
	}
	for _, path := range []string{"/khong-co", "/don-vi/khong-co", "/khong-co/so"} {
		if a := get(path); a.StatusCode != 404 {
			t.Errorf("%s: %d", path, a.StatusCode)
		}
	}
}

func TestLongListsArePaged(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Admin)
	var list strings.Builder
	list.WriteString("mã;tên;lĩnh vực\n")
	for i := range 230 {
		list.WriteString("5.00" + string(rune('0'+i/100)) + string(rune('0'+i/10%10)) + string(rune('0'+i%10)) + "0;Thủ tục dài;Đất đai\n")
	}
	o.importList(session, list.String())
	a := o.send("GET", rowsPath+"/thu-tuc?q=thu+tuc+dai", "", session)
	next := regexp.MustCompile(`href="([^"]*after=200[^"]*)"`).FindStringSubmatch(a.body)
	if strings.Count(a.body, "<tr>") != 201 || next == nil {
		t.Fatalf("%d rows, next %v", strings.Count(a.body, "<tr>"), next)
	}
	if b := o.send("GET", html.UnescapeString(next[1]), "", session); strings.Count(b.body, "<tr>") != 31 {
		t.Errorf("%d rows on the second page", strings.Count(b.body, "<tr>"))
	}
}

// TestLifeOfADesk: added, renamed from a day on, the rename corrected and
// withdrawn, confirmed, ended, with an audit entry each.
func TestLifeOfADesk(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Admin)
	page := rowsPath + "/quay/quay-4"
	step := func(path string, fields ...string) {
		t.Helper()
		if a := o.post(path, session, fields...); a.StatusCode != 303 {
			t.Fatalf("%s: %d %s", path, a.StatusCode, a.body)
		}
	}
	version := func() string { return versionIn(t, o.send("GET", page+"/ket-thuc", "", session)) }
	desk := func(name, from string) []string {
		return []string{"name.vi", name, "name.en", "Counter 4", "unit", "van-phong-so", "from", from, "source", "QĐ 4"}
	}
	step(rowsPath+"/quay/moi", append(desk("Quầy 4", "2026-06-30"), "id", "quay-4")...)
	o.send("GET", page+"?done=row.added", "", session).has(t, "the new desk", "<h1>Quầy 4</h1>", "Đã thêm.", page+"/doi", "Từ 30/06/2026")
	if got := o.send("GET", "/api/v1/desks", ""); !strings.Contains(got.body, "Quầy 4") {
		t.Error("the change is not announced")
	}
	o.send("GET", page+"/doi", "", session).has(t, "a rename", `value="Quầy 4"`, `value="van-phong-so" selected`, `value="QĐ 4"`)
	step(page+"/doi", append(desk("Quầy Bốn", "2026-07-01"), "version", version())...)
	o.send("GET", page, "", session).has(t, "renamed", "<h1>Quầy 4</h1>", "Quầy Bốn", "30/06/2026 đến 30/06/2026", page+"/sua?row=2026-07-01")
	step(page+"/sua", append(desk("Quầy số 4", "2026-07-02"), "version", version(), "row", "2026-07-01")...)
	if h := o.history(catalogue.KindDesk, "quay-4"); len(h.Rows) != 2 || h.Rows[1].(catalogue.Desk).Name.VI != "Quầy số 4" || h.Rows[0].(catalogue.Desk).To != "2026-07-01" {
		t.Errorf("%+v", h.Rows)
	}
	o.send("GET", page+"/sua?row=2026-07-02", "", session).has(t, "correct or withdraw", `value="Quầy số 4"`, page+"/rut", `value="2026-07-02"`)
	step(page+"/rut", "version", version(), "row", "2026-07-02")
	step(page+"/xac-nhan", "version", version(), "row", "2026-06-30", "source", "QĐ 5")
	step(page+"/ket-thuc", "version", version(), "row", "2026-06-30", "to", "2026-12-31")
	h := o.history(catalogue.KindDesk, "quay-4")
	want := catalogue.Validity{From: "2026-06-30", To: "2026-12-31", Source: "QĐ 5", Confirmed: true}
	if len(h.Rows) != 1 || catalogue.ValidityOf(h.Rows[0]) != want {
		t.Errorf("%+v", h.Rows)
	}
	entries, _, err := o.staff.Entries(t.Context(), staff.EntryFilter{Object: "desk/quay-4"}, 100, "")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, e := range entries {
		got[e.Account+" "+e.Action+" "+strings.Join(e.Detail, ",")+e.Outcome] = true
	}
	for _, want := range []string{
		"catalogue.add from=2026-06-30", "catalogue.revise row=2026-07-01,name.vi,from", "catalogue.revise row=2026-07-02,name.vi,from",
		"catalogue.withdraw row=2026-07-02", "catalogue.confirm row=2026-06-30,source", "catalogue.end row=2026-06-30,to=2026-12-31",
	} {
		if !got["test-admin "+want] {
			t.Errorf("no entry %q in %v", want, got)
		}
	}
	if len(entries) != 6 {
		t.Errorf("%d entries", len(entries))
	}
	// A new thing that never began disappears with its only row.
	step(rowsPath+"/quay/moi", append(desk("Quầy 5", "2026-07-01"), "id", "quay-5")...)
	if a := o.post(rowsPath+"/quay/quay-5/rut", session, "version", "1", "row", "2026-07-01"); a.StatusCode != 303 || a.Header.Get("Location") != rowsPath+"/quay?done=row.withdrawn" {
		t.Errorf("%d %s", a.StatusCode, a.Header.Get("Location"))
	}
}

// TestBadCatalogueForms: the page comes back with what was typed and a linked
// list, nothing is stored and nothing recorded.
func TestBadCatalogueForms(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Admin)
	for _, tt := range []struct {
		name, path string
		fields     []string
		linked     []string // inputs
		says       []string
	}{
		{"an empty area", "/linh-vuc/moi", nil, []string{"id", "name.vi", "name.en", "from", "source"}, nil},
		{"an empty target", "/chi-tieu/moi", nil, []string{"id", "measure", "value", "from", "source"}, nil},
		{"an empty procedure", "/thu-tuc/moi", nil, []string{"id", "name.vi", "area"}, nil},
		{"an empty desk", "/quay/moi", nil, []string{"unit"}, nil},
		{"an id with marks", "/don-vi/moi", []string{"id", "Phòng 1", "name.vi", "Phòng <1>"}, []string{"id"}, []string{"“Phòng 1” chưa đúng", `value="Phòng &lt;1&gt;"`}},
		{"an id that is a page", "/don-vi/moi", []string{"id", "moi"}, []string{"id"}, []string{"tên dành cho trang khác"}},
		{"a spoilt code", "/thu-tuc/moi", []string{"id", "1.01278"}, []string{"id"}, []string{"không phải mã thủ tục"}},
		{"an id that is taken", "/don-vi/moi", []string{"id", "so", "name.vi", "Sở", "name.en", "Sở", "from", "2026-07-01", "source", "x"}, []string{"id"}, []string{"Đã có “so”"}},
		{"no percentage", "/chi-tieu/moi", []string{"id", "x", "measure", "on-time", "value", "chín mươi", "from", "2026-07-01", "source", "x"}, []string{"value"}, []string{"Ghi số phần trăm", `value="chín mươi"`, `value="on-time" selected`}},
		{"too many percent", "/chi-tieu/moi", []string{"value", "185,5"}, []string{"value"}, []string{"Phải là số từ 0 đến 100"}},
		{"a second target for the same", "/chi-tieu/moi", []string{"id", "x", "measure", "on-time", "value", "85,5", "from", "2026-07-01", "source", "x"}, []string{"measure"}, []string{"dung-han"}},
		{"a past day", "/quay/quay-dat-dai/doi", []string{"version", "1", "name.vi", "Q", "name.en", "Q", "unit", "so", "from", "2026-06-29", "source", "x"}, []string{"from"}, []string{"Chọn từ 30/06/2026 trở đi"}},
		{"an end that one cannot bear", "/don-vi/phong-quan-ly-dat-dai/ket-thuc", []string{"version", "1", "row", string(o.history(catalogue.KindUnit, "phong-quan-ly-dat-dai").Rows[0].(catalogue.Unit).From), "to", "2026-12-31"}, nil, []string{"mục dùng mục này"}},
		{"no day", "/quay/quay-dat-dai/doi", []string{"version", "1", "name.vi", "Q", "name.en", "Q", "unit", "so", "from", "2026-02-30", "to", "mai", "source", "x"}, []string{"from", "to"}, nil},
		{"an end before the beginning", "/linh-vuc/dat-dai/doi", []string{"version", "1", "name.vi", "Q", "name.en", "Q", "from", "2026-07-30", "to", "2026-07-01", "source", "x"}, []string{"to"}, nil},
		{"a row that has begun", "/linh-vuc/dat-dai/sua", []string{"version", "1", "row", "2023-08-04", "name.vi", "Q", "name.en", "Q", "from", "2026-07-30", "source", "x"}, []string{"from"}, []string{"đã áp dụng nên không sửa"}},
		{"an end that others cannot bear", "/linh-vuc/dat-dai/ket-thuc", []string{"version", "1", "row", "2023-08-04", "to", "2026-12-31"}, nil, []string{"mục dùng mục này", "Thủ tục “", "Và còn", `value="2026-12-31"`}},
		{"an end in the past", "/quay/quay-dat-dai/ket-thuc", []string{"version", "1", "row", "2023-08-04", "to", "2026-01-31"}, []string{"to"}, []string{"30/06/2026"}},
		{"a confirmation by nothing", "/quay/quay-dat-dai/xac-nhan", []string{"version", "1", "row", "2023-08-04"}, []string{"source"}, nil},
		{"a withdrawal of what has begun", "/quay/quay-dat-dai/rut", []string{"version", "1", "row", "2023-08-04"}, nil, []string{"Dòng từ ngày 04/08/2023 đã áp dụng"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := o.post(rowsPath+tt.path, session, tt.fields...)
			if a.StatusCode != 422 {
				t.Fatalf("%d %s", a.StatusCode, a.body)
			}
			a.has(t, tt.name, tt.says...)
			for _, id := range tt.linked {
				a.has(t, tt.name, `href="#`+id+`"`, `id="`+id+`"`)
			}
		})
	}
	entries, _, err := o.staff.Entries(t.Context(), staff.EntryFilter{}, 100, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Action, "catalogue.") {
			t.Errorf("recorded: %+v", e)
		}
	}
}

// TestTwoEditOneThing: the second is told what is stored now and keeps what was typed.
func TestTwoEditOneThing(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Admin)
	page := rowsPath + "/quay/quay-dat-dai"
	rename := func(version, name string) answer {
		return o.post(page+"/doi", session, "version", version, "name.vi", name, "name.en", "Land", "unit", "van-phong-so", "from", "2026-07-01", "source", "QĐ 9", "confirmed", "1")
	}
	if a := rename("1", "Quầy A"); a.StatusCode != 303 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	a := rename("1", "Quầy B")
	if a.StatusCode != 409 {
		t.Fatalf("%d", a.StatusCode)
	}
	a.has(t, "the conflict", "Người khác vừa sửa", "<td>Quầy A</td><td>Quầy B</td>", `value="Quầy B"`, "Các dòng theo ngày", `name="confirmed" value="1" checked`)
	if a := o.post(page+"/ket-thuc", session, "version", "1", "row", "2023-08-04", "to", "2026-12-31"); a.StatusCode != 409 {
		t.Errorf("an outdated end: %d", a.StatusCode)
	}
	// A new day begins a further row after the one that the first has made.
	if a := o.post(page+"/doi", session, "version", versionIn(t, a), "name.vi", "Quầy B", "name.en", "Land", "unit", "van-phong-so", "from", "2026-07-02", "source", "QĐ 9"); a.StatusCode != 303 {
		t.Errorf("knowing it, the second cannot save: %d %s", a.StatusCode, a.body)
	}
	if h := o.history(catalogue.KindDesk, "quay-dat-dai"); len(h.Rows) != 3 {
		t.Errorf("%+v", h.Rows)
	}
}

func TestPercentAsTyped(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Admin)
	for typed, want := range map[string]catalogue.Percent{"85": 8500, "85,5": 8550, "85.25": 8525, "90 %": 9000} {
		id := "muc-" + strings.NewReplacer(",", "-", ".", "-", " %", "").Replace(typed)
		a := o.post(rowsPath+"/chi-tieu/moi", session, "id", id, "measure", "apology", "area", "dat-dai", "value", typed, "from", "2026-07-01", "source", "x")
		if a.StatusCode != 303 {
			t.Fatalf("%s: %d %s", typed, a.StatusCode, a.body)
		}
		h := o.history(catalogue.KindTarget, id)
		if got := h.Rows[0].(catalogue.Target).Value; got != want {
			t.Errorf("%s is %v", typed, got)
		}
		o.post(rowsPath+"/chi-tieu/"+id+"/rut", session, "version", "1", "row", "2026-07-01")
	}
}

// upload sends a form with a file, or with a list in a field of that name.
func (o *office) upload(path, session, name, content string, fields ...string) answer {
	o.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i+1 < len(fields); i += 2 {
		w.WriteField(fields[i], fields[i+1])
	}
	if name == "file" {
		part, _ := w.CreateFormFile(name, "danh muc.csv")
		part.Write([]byte(content))
	} else {
		w.WriteField(name, content)
	}
	w.Close()
	return o.send("POST", path, b.String(), "Content-Type: "+w.FormDataContentType(), session, local)
}

var digest = regexp.MustCompile(`name="digest" value="(\w+)"`)

// importList previews a list and applies it.
func (o *office) importList(session, list string, more ...string) answer {
	o.t.Helper()
	terms := []string{"from", "2026-07-01", "source", "QĐ 9"}
	a := o.upload(rowsPath+"/thu-tuc/nhap", session, "file", list, terms...)
	m := digest.FindStringSubmatch(a.body)
	if a.StatusCode != 200 || m == nil {
		o.t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	a = o.upload(rowsPath+"/thu-tuc/nhap/ghi", session, "list", list, append(append(terms, "digest", m[1]), more...)...)
	if a.StatusCode != 303 {
		o.t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	return a
}

const threeLines = "\ufeffMã;Tên;Tên tiếng Anh;Lĩnh vực;Ghi chú\r\n" +
	"5.000001;Mới \"một\";;Đất đai;x\r\n" +
	"1.012783.H50;Tên khác;;Đất đai;\r\n" +
	"1.012784;%s;;Đất đai;\r\n"

// TestImportIsWhatWasPreviewed, and nothing is written before.
func TestImportIsWhatWasPreviewed(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Admin)
	same := o.history(catalogue.KindProcedure, "1.012784").Rows[0].(catalogue.Procedure).Name.VI
	list := strings.Replace(threeLines, "%s", `"`+same+`"`, 1)
	list = strings.Replace(list, `Mới "một"`, `"Mới ""một"""`, 1)
	before := o.survey.Catalogue()
	a := o.upload(rowsPath+"/thu-tuc/nhap", session, "file", list, "from", "2026-07-01", "source", "QĐ 9")
	a.has(t, "the preview", "Mới &#34;một&#34;", "Tên khác", "chưa có tên tiếng Anh", "Ghi chú", "Không có trong tệp", "endAbsent", "Chưa ghi gì", "01/07/2026")
	if o.survey.Catalogue() != before {
		t.Error("a preview has changed the catalogue")
	}
	sent := o.importList(session, list, "endAbsent", "1")
	u, _ := url.Parse(sent.Header.Get("Location"))
	q := u.Query()
	if q.Get("added") != "1" || q.Get("changed") != "1" || q.Get("same") != "1" || q.Get("ended") == "0" {
		t.Errorf("%s", u)
	}
	o.send("GET", u.String(), "", session).has(t, "the end", "Đã nạp danh mục thủ tục")
	c := o.survey.Catalogue()
	if p, ok := c.Procedure("5.000001", "2026-07-01"); !ok || p.Name.VI != `Mới "một"` || p.Source != "QĐ 9" || p.Confirmed {
		t.Errorf("%+v", p)
	}
	if p, _ := c.Procedure("1.012783", "2026-07-01"); p.Name.VI != "Tên khác" {
		t.Errorf("%+v", p)
	}
	if p, _ := c.Procedure("1.012783", "2026-06-30"); p.Name.VI == "Tên khác" {
		t.Error("the past has changed")
	}
	if _, ok := c.Procedure("1.012756", "2026-07-01"); ok {
		t.Error("what the file leaves out was to end")
	}
	entries, _, err := o.staff.Entries(t.Context(), staff.EntryFilter{Object: "procedures"}, 100, "")
	if err != nil || len(entries) != 1 || !strings.Contains(strings.Join(entries[0].Detail, ","), "added=1,changed=1,ended=") {
		t.Errorf("%+v, %v", entries, err)
	}
}

// TestStaleImport: somebody renames a procedure between preview and saving.
func TestStaleImport(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Admin)
	list := "mã;tên;lĩnh vực\n1.012783;Tên khác;Đất đai\n"
	terms := []string{"from", "2026-07-01", "source", "QĐ 9"}
	old := digest.FindStringSubmatch(o.upload(rowsPath+"/thu-tuc/nhap", session, "file", list, terms...).body)[1]
	if a := o.post(rowsPath+"/thu-tuc/1.012783/doi", session, "version", "1", "name.vi", "Tên thứ ba", "name.en", "Third", "area", "dat-dai", "from", "2026-07-01", "source", "x"); a.StatusCode != 303 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	a := o.upload(rowsPath+"/thu-tuc/nhap/ghi", session, "list", list, append(terms, "digest", old)...)
	if a.StatusCode != 409 {
		t.Fatalf("%d", a.StatusCode)
	}
	a.has(t, "the new preview", "đã khác so với lúc xem trước", "Tên thứ ba")
	if p, _ := o.survey.Catalogue().Procedure("1.012783", "2026-07-01"); p.Name.VI != "Tên thứ ba" {
		t.Errorf("written over: %+v", p)
	}
	again := digest.FindStringSubmatch(a.body)[1]
	if a := o.upload(rowsPath+"/thu-tuc/nhap/ghi", session, "list", list, append(terms, "digest", again)...); a.StatusCode != 303 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

// TestListInAnOldEncoding: it goes through the preview and back in whole letters.
func TestListInAnOldEncoding(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Admin)
	terms := []string{"from", "2026-07-01", "source", "QĐ 9"}
	a := o.upload(rowsPath+"/thu-tuc/nhap", session, "file", "m\xe3;t\xean;li\xdenh v\xfd\xf2c\n5.000001;C\xe2\xecp la\xf2i;dat-dai\n", terms...)
	_, after, _ := strings.Cut(a.body, `name="list" value="`)
	list, _, _ := strings.Cut(after, `"`)
	if a.StatusCode != 200 || !strings.Contains(list, "5.000001;Cấp lại;") || !utf8.ValidString(a.body) {
		t.Fatalf("%d %q", a.StatusCode, list)
	}
	m := digest.FindStringSubmatch(a.body)
	if m == nil {
		t.Fatal("it cannot be saved")
	}
	if a := o.upload(rowsPath+"/thu-tuc/nhap/ghi", session, "list", html.UnescapeString(list), append(terms, "digest", m[1])...); a.StatusCode != 303 {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

func TestBadImports(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Admin)
	good := "mã;tên;lĩnh vực\n5.000001;Mới;Đất đai\n"
	for _, tt := range []struct {
		name, list string
		terms      []string
		says       []string
	}{
		{"no file", "", []string{"from", "2026-07-01"}, []string{`href="#file"`}},
		{"no day, no source", good, nil, []string{`href="#from"`}},
		{"a past day", good, []string{"from", "2026-06-01", "source", "QĐ"}, []string{`href="#from"`, `value="QĐ"`}},
		{"no source", good, []string{"from", "2026-07-01"}, []string{`href="#source"`, "Dòng 2 của tệp không ghi căn cứ"}},
		{"another encoding", "m\xe3;tên\n", []string{"from", "2026-07-01"}, []string{"không phải mã UTF-8"}},
		{"too large", strings.Repeat("a;b;c\n", catalogue.MaxListBytes/6+10), []string{"from", "2026-07-01"}, []string{"Tệp lớn quá 2 MB"}},
		{"not a list", "a;b\n1;2\n", []string{"from", "2026-07-01"}, []string{"không có dòng tiêu đề"}},
		{"a column that is missing", "mã;tên\n5.000001;Mới\n", []string{"from", "2026-07-01"}, []string{"Lĩnh vực", "Thiếu cột này"}},
		{"bad lines and a bad day", "mã;tên;lĩnh vực\n12;;Đất đai\n5.000001;A;Cõi trên\n5.000001;B;Đất đai\n", []string{"from", "hôm qua", "source", "x"},
			[]string{`href="#from"`, "Còn 4 chỗ cần sửa", "“12” không phải mã thủ tục", "Cõi trên", "Trùng mã với dòng 3"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := o.upload(rowsPath+"/thu-tuc/nhap", session, "file", tt.list, tt.terms...)
			if a.StatusCode != 422 {
				t.Fatalf("%d %s", a.StatusCode, a.body)
			}
			a.has(t, tt.name, tt.says...)
			if digest.MatchString(a.body) {
				t.Error("it can be saved")
			}
		})
	}
	for name, a := range map[string]answer{
		"no form with files": o.post(rowsPath+"/thu-tuc/nhap", session, "from", "2026-07-01"),
		"a broken one":       o.send("POST", rowsPath+"/thu-tuc/nhap", "--x\r\nbroken", "Content-Type: multipart/form-data; boundary=x", session, local),
		"no boundary":        o.send("POST", rowsPath+"/thu-tuc/nhap", "x", "Content-Type: multipart/form-data", session, local),
	} {
		if a.StatusCode != 400 {
			t.Errorf("%s: %d", name, a.StatusCode)
		}
	}
	if a := o.upload(rowsPath+"/thu-tuc/nhap", session, "file", good, "from", strings.Repeat("9", 70<<10)); a.StatusCode != 413 {
		t.Errorf("fields of 70 KB: %d", a.StatusCode)
	}
	huge := request("POST", rowsPath+"/thu-tuc/nhap", "", "Content-Type: multipart/form-data; boundary=x", session, local)
	huge.Body = io.NopCloser(io.MultiReader(strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n"), endless{}))
	w := httptest.NewRecorder()
	if o.server.ServeHTTP(w, huge); w.Code != 413 {
		t.Errorf("a file without an end: %d", w.Code)
	}
}

// endless is a file that never ends.
type endless struct{}

func (endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'a'
	}
	return len(b), nil
}

// TestTemplateImportsWithoutAChange: the list to fill in is the list as it is.
func TestTemplateImportsWithoutAChange(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Admin)
	list := o.send("GET", rowsPath+"/thu-tuc/danh-muc.csv", "", session)
	if !strings.HasPrefix(list.body, "\ufeffMã;") || !strings.Contains(list.Header.Get("Content-Disposition"), ".csv") {
		t.Fatalf("%d %v", list.StatusCode, list.Header)
	}
	a := o.upload(rowsPath+"/thu-tuc/nhap", session, "file", list.body, "from", "2026-07-01")
	a.has(t, "the preview", "Giữ nguyên")
	for _, heading := range []string{"<h2>Thêm</h2>", "<h2>Đổi</h2>", "<h2>Không có trong tệp</h2>"} {
		if strings.Contains(a.body, heading) {
			t.Errorf("%s in the preview of the list as it is", heading)
		}
	}
}

// TestImportCannotEndWhatGoesOn: a procedure that is left out has another wording
// to come. Nothing of the import is stored, and the preview says why.
func TestImportCannotEndWhatGoesOn(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Admin)
	if a := o.post(rowsPath+"/thu-tuc/1.012783/doi", session, "version", "1", "name.vi", "Tên mới", "name.en", "New", "area", "dat-dai", "from", "2026-09-01", "source", "x"); a.StatusCode != 303 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	list := "mã;tên;lĩnh vực\n5.000001;Mới;Đất đai\n"
	terms := []string{"from", "2026-07-01", "source", "QĐ 9"}
	m := digest.FindStringSubmatch(o.upload(rowsPath+"/thu-tuc/nhap", session, "file", list, terms...).body)
	a := o.upload(rowsPath+"/thu-tuc/nhap/ghi", session, "list", list, append(terms, "digest", m[1], "endAbsent", "1")...)
	if a.StatusCode != 422 {
		t.Fatalf("%d", a.StatusCode)
	}
	a.has(t, "the refusal", "1.012783: ", "Từ ngày 01/09/2026 đã có dòng kế tiếp", `name="endAbsent" value="1" checked`)
	if _, ok := o.survey.Catalogue().Procedure("5.000001", "2026-07-01"); ok {
		t.Error("a part is stored")
	}
	if entries, _, _ := o.staff.Entries(t.Context(), staff.EntryFilter{Object: "procedures"}, 10, ""); len(entries) > 0 {
		t.Errorf("recorded: %+v", entries)
	}
	if a := o.upload(rowsPath+"/thu-tuc/nhap/ghi", session, "list", list, append(terms, "digest", m[1])...); a.StatusCode != 303 {
		t.Errorf("without ending anything: %d", a.StatusCode)
	}
}

// TestRenamedUnitKeepsWhereToComplain: whatever a unit says is in its form, so
// that a rename sent as it was filled in changes the name and nothing else.
func TestRenamedUnitKeepsWhereToComplain(t *testing.T) {
	o := newOffice(t)
	session := o.signIn(staff.Admin)
	unit := []string{"name.vi", "Chi cục", "name.en", "Branch", "source", "QĐ 4"}
	a := o.post(rowsPath+"/don-vi/moi", session, append(unit, "id", "chi-cuc", "from", "2026-06-30", "phone", "0233 3852 000", "mailbox", "chicuc@example.gov.vn")...)
	if a.StatusCode != 303 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	page := o.send("GET", rowsPath+"/don-vi/chi-cuc/doi", "", session)
	sent := []string{"from", "2026-07-01"}
	for _, m := range regexp.MustCompile(`name="([\w.]+)"(?: value="([^"]+)")`).FindAllStringSubmatch(page.body, -1) {
		if m[1] != "from" && m[1] != "confirmed" {
			sent = append(sent, m[1], html.UnescapeString(m[2]))
		}
	}
	if a := o.post(rowsPath+"/don-vi/chi-cuc/doi", session, append(sent, "name.vi", "Chi cục mới")...); a.StatusCode != 303 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	h := o.history(catalogue.KindUnit, "chi-cuc")
	var changed []string
	for _, d := range catalogue.Differences(h.Rows[0], h.Rows[1]) {
		changed = append(changed, d.Field)
	}
	if got := strings.Join(changed, " "); got != "name.vi from to" {
		t.Errorf("a rename has changed %s", got)
	}
	bad := o.post(rowsPath+"/don-vi/moi", session, append(unit, "id", "x", "from", "2026-06-30", "phone", "gọi tôi", "mailbox", "ở nhà")...)
	if bad.StatusCode != 422 {
		t.Fatalf("%d", bad.StatusCode)
	}
	bad.has(t, "a bad unit", `href="#phone"`, `href="#mailbox"`, `value="gọi tôi"`)
}
