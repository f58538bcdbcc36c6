package api_test

import (
	"archive/zip"
	"html"
	"io"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"sipas/internal/staff"
)

const (
	dossiersPath = "/lam-viec/ho-so"
	unclearHead  = "Số;Thứ;Vào;Hẹn;Người nộp\n"
)

// counter is where somebody works with dossiers, in a browser.
type counter struct {
	*office
	session string
}

func (o *office) at(role staff.Role) *counter { return &counter{o, o.signIn(role)} }

func (k *counter) get(path string) answer {
	k.t.Helper()
	return k.send("GET", path, "", k.session, local)
}

func (k *counter) post(path string, values url.Values) answer {
	k.t.Helper()
	return k.send("POST", path, values.Encode(), form, k.session, local)
}

func (k *counter) upload(file string) answer {
	k.t.Helper()
	return k.office.upload(dossiersPath+"/nap", k.session, "file", file)
}

var (
	hiddenPair = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)
	factOf     = regexp.MustCompile(`<dt>([^<]*)</dt><dd[^>]*>([^<]*)`)
)

// sentAlong returns the hidden fields of the form of that id.
func sentAlong(a answer, id string) url.Values {
	_, after, _ := strings.Cut(a.body, `id="`+id+`"`)
	part, _, _ := strings.Cut(after, "</form>")
	v := url.Values{}
	for _, m := range hiddenPair.FindAllStringSubmatch(part, -1) {
		v.Set(html.UnescapeString(m[1]), html.UnescapeString(m[2]))
	}
	return v
}

// facts returns the facts of a page.
func facts(a answer) string {
	var list []string
	for _, m := range factOf.FindAllStringSubmatch(a.body, -1) {
		list = append(list, html.UnescapeString(m[1])+": "+strings.TrimSpace(html.UnescapeString(m[2])))
	}
	return strings.Join(list, "; ")
}

// TestLoadingAList: wrong file, preview, columns put right, loaded, remembered.
func TestLoadingAList(t *testing.T) {
	o := newOffice(t)
	k := o.at(staff.Desk)
	if a := k.upload("xin chào"); a.StatusCode != 422 || !strings.Contains(a.body, "dòng tiêu đề") {
		t.Errorf("a wrong file: %d", a.StatusCode)
	}
	list := unclearHead + "H1;1.012784;1/6/2026;20/6/2026;ZZNAME\nH2;9.999999;1/6/2026;20/6/2026;ZZNAME\n"
	a := k.upload(list)
	if a.StatusCode != 422 || !strings.Contains(a.body, `href="#col.code"`) || sentAlong(a, "go").Has("digest") {
		t.Fatalf("unclear headings: %d %s", a.StatusCode, a.body)
	}
	columns := sentAlong(a, "columns")
	for name, at := range map[string]string{"code": "0", "procedure": "1", "receivedOn": "2", "dueOn": "3"} {
		columns.Set("col."+name, at)
	}
	a = k.post(dossiersPath+"/nap/cot", columns)
	if got := facts(a); a.StatusCode != 200 || got != "Hồ sơ mới: 1; Hồ sơ thay đổi: 0; Giữ nguyên: 0; Dòng không nạp được: 1; Cột không đọc: Người nộp" {
		t.Fatalf("preview: %d %s", a.StatusCode, got)
	}
	if !strings.Contains(a.body, "Không có thủ tục “9.999999”") {
		t.Error("the bad line is not named")
	}
	lines := sentAlong(a, "bad")
	const toMend = "\ufeffDòng,Cột,Cần sửa\r\n3,Mã thủ tục,\"Không có thủ tục “9.999999” trong danh mục."
	if f := k.post(dossiersPath+"/nap/dong-phai-sua.csv", lines); f.StatusCode != 200 || !strings.HasPrefix(f.body, toMend) || strings.Count(f.body, "\n") != 2 {
		t.Errorf("the file of bad lines: %d %q", f.StatusCode, f.body)
	}
	lines.Del("col.dueOn")
	if f := k.post(dossiersPath+"/nap/dong-phai-sua.csv", lines); f.StatusCode != 422 || !strings.Contains(f.body, `href="#col.dueOn"`) {
		t.Errorf("the file of bad lines without a column: %d", f.StatusCode)
	}
	going := sentAlong(a, "go")
	a = k.post(dossiersPath+"/nap/ghi", going)
	if a.StatusCode != 303 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if got := facts(k.get(a.Header.Get("Location"))); got != "Hồ sơ mới: 1; Hồ sơ thay đổi: 0; Giữ nguyên: 0; Dòng không nạp được: 1" {
		t.Error(got)
	}
	if a := k.post(dossiersPath+"/nap/ghi", going); a.StatusCode != 409 || !strings.Contains(a.body, "chọn lại tệp") {
		t.Errorf("sent again: %d", a.StatusCode)
	}
	if a := k.upload(list); a.StatusCode != 200 || !strings.Contains(a.body, "không làm thay đổi gì") || sentAlong(a, "go").Has("digest") {
		t.Errorf("the columns are not remembered: %d %s", a.StatusCode, facts(a))
	}
	b, _ := os.ReadFile(o.file)
	wal, _ := os.ReadFile(o.file + "-wal")
	if strings.Contains(string(b)+string(wal)+o.log.String(), "ZZNAME") {
		t.Error("a name is in the store or the log")
	}
}

// TestLoadingSomethingElseThanShown asks again.
func TestLoadingSomethingElseThanShown(t *testing.T) {
	o := newOffice(t)
	k := o.at(staff.Desk)
	const line = "H1;1.012784;;;1/6/2026;20/6/2026;%;;;\n"
	a := k.upload(dossierHead + strings.Replace(line, "%", "21/6/2026", 1))
	o.load(dossierHead+strings.Replace(line, "%", "", 1), csvType)
	a = k.post(dossiersPath+"/nap/ghi", sentAlong(a, "go"))
	if got := facts(a); a.StatusCode != 409 || !strings.HasPrefix(got, "Hồ sơ mới: 0; Hồ sơ thay đổi: 1") {
		t.Fatalf("%d %s", a.StatusCode, got)
	}
	if a = k.post(dossiersPath+"/nap/ghi", sentAlong(a, "go")); a.StatusCode != 303 {
		t.Errorf("%d", a.StatusCode)
	}
}

func TestListsOfTheOffice(t *testing.T) {
	o := newOffice(t)
	o.load(dossierHead+"H1;1.012784;quay-dat-dai;;1/5/2026;20/5/2026;20/5/2026;;;\nH2;1.012784;quay-dat-dai;;1/5/2026;20/5/2026;;;;\n", csvType)
	o.send("POST", "/api/v1/surveys/"+o.slip("H1", "")+"/responses", `{"key":"`+key(1)+`","overall":5}`)
	page := o.at(staff.Office).get(dossiersPath)
	for _, want := range []string{"100,00 %, đạt chỉ tiêu 99,00 %", "0 trả trễ, 1 chưa trả", "0,00 %; còn 1 hồ sơ chưa xin lỗi", "100,00 % (1 phiếu, 1 hồ sơ đã trả); 1 phiếu qua mã dùng một lần"} {
		if got := facts(page); !strings.Contains(strings.ReplaceAll(got, "\u00a0", " "), want) {
			t.Errorf("%s\nhas no %q", got, want)
		}
	}
	if !strings.Contains(page.body, "Quá hạn 41 ngày, chưa trả") || !strings.Contains(page.body, dossiersPath+"/H2/phieu-xin-loi.docx") {
		t.Error("the late one is not listed")
	}
	if a := o.at(staff.Desk).get(dossiersPath); strings.Contains(a.body, "đạt chỉ tiêu") || !strings.Contains(a.body, "Quá hạn 41 ngày") {
		t.Error("a desk sees figures, or not the late ones")
	}
	if a := o.at(staff.Office).get(dossiersPath + "?from=x&to=2026-06-30"); a.StatusCode != 422 {
		t.Errorf("%d", a.StatusCode)
	}
	if a := o.at(staff.Office).get(dossiersPath + "?from=2027-01-01&to=2027-12-31&by=month"); a.StatusCode != 200 || !strings.Contains(a.body, "Không có hồ sơ nào") {
		t.Errorf("%d", a.StatusCode)
	}
	sample := o.at(staff.Leader).get(dossiersPath + "/mau")
	if text := strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(sample.body, " ")), " "); !strings.Contains(text, "Đất đai 2 2 1 1") || !strings.Contains(text, "Từ 01/01/2026 đến 30/06/2026") {
		t.Errorf("sample: %s", text)
	}
}

func TestOneDossier(t *testing.T) {
	o := newOffice(t)
	o.load(dossierHead+"H1;1.012784;quay-dat-dai;;1/5/2026;20/5/2026;;;;\n", csvType)
	k := o.at(staff.Desk)
	page := k.get(dossiersPath + "/h1")
	if page.StatusCode != 200 || !strings.Contains(facts(page), "Tình trạng: Quá hạn, chưa trả") {
		t.Fatalf("%d %s", page.StatusCode, facts(page))
	}
	if a := k.post(dossiersPath+"/H1/xin-loi", url.Values{"apologyOn": {"2026-07-01"}, "promisedOn": {"2026-05-01"}}); a.StatusCode != 422 || !strings.Contains(a.body, `value="2026-07-01"`) {
		t.Errorf("a wrong apology: %d", a.StatusCode)
	}
	if a := k.post(dossiersPath+"/H1/xin-loi", url.Values{"apologyOn": {"2026-05-19"}, "promisedOn": {"2026-07-10"}}); a.StatusCode != 303 {
		t.Errorf("an apology: %d", a.StatusCode)
	}
	if got := facts(k.get(dossiersPath + "/H1")); !strings.Contains(got, "Ngày xin lỗi: 19/05/2026; Hẹn lại ngày: 10/07/2026") {
		t.Error(got)
	}
	letter := k.get(dossiersPath + "/H1/phieu-xin-loi.docx")
	if text := wordText(t, letter.body); !strings.Contains(text, "nhận được hồ sơ của ông/bà") || !strings.Contains(text, "(mã hồ sơ H1)") || !strings.Contains(text, "chậm nhất ngày 20/05/2026") || !strings.Contains(text, "vào ngày 10/07/2026") {
		t.Error(text)
	}

	sent := sentAlong(page, "slip")
	sent.Set("stage", "result")
	first, again := k.post(dossiersPath+"/H1/phieu", sent), k.post(dossiersPath+"/H1/phieu", sent)
	if first.Header.Get("Content-Type") != "application/pdf" || first.Header.Get("Cache-Control") != "no-store" || first.body != again.body {
		t.Errorf("%d %s, the same again: %v", first.StatusCode, first.Header, first.body == again.body)
	}
	sent.Set("stage", "x")
	if a := k.post(dossiersPath+"/H1/phieu", sent); a.StatusCode != 422 {
		t.Errorf("no stage: %d", a.StatusCode)
	}
	if got := facts(k.get(dossiersPath + "/H1")); !strings.Contains(got, "Mã khảo sát: Đã in, chưa dùng") {
		t.Error(got)
	}
	o.send("POST", "/api/v1/surveys/"+o.slip("H1", "")+"/responses", `{"key":"`+key(1)+`","overall":5}`)
	if a := k.get(dossiersPath + "/H1"); !strings.Contains(facts(a), "Đã được dùng") || strings.Contains(a.body, `id="slip"`) {
		t.Error(facts(a))
	}
	if a := k.post(dossiersPath+"/H1/phieu", url.Values{"stage": {"result"}, "key": {"00"}}); a.StatusCode != 409 {
		t.Errorf("a slip for one that was rated: %d", a.StatusCode)
	}
	if a := k.get(dossiersPath + "/H9"); a.StatusCode != 404 {
		t.Errorf("%d", a.StatusCode)
	}
	for typed, there := range map[string]bool{"h": true, "+h1": true, "h2": false, "%C4%90": false} {
		if a := k.get(dossiersPath + "?q=" + typed); a.StatusCode != 200 || strings.Contains(a.body, `href="`+dossiersPath+`/H1"`) != there {
			t.Errorf("%s: %d", typed, a.StatusCode)
		}
	}
}

// wordText is the text of a Word file.
func wordText(t *testing.T, file string) string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(string(b), ""))
}
