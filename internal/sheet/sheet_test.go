package sheet_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"sipas/internal/fault"
	"sipas/internal/sheet"
)

// known counts the headings of these tests.
func known(cells []string) (n int) {
	for _, c := range cells {
		if slices.Contains([]string{"mã hồ sơ", "đơn vị xử lý", "ngày tiếp nhận"}, strings.ToLower(strings.TrimSpace(norm.NFC.String(c)))) {
			n++
		}
	}
	return n
}

// written writes a sheet as it was read: a line of the file after the other.
func written(file []byte) string {
	s, err := sheet.Open(file, known)
	if err != nil {
		return fault.As(err).Fields.String()
	}
	out := fmt.Sprintf("%d %s", s.Line, strings.Join(s.Headings, "|"))
	err = s.Each(func(line int, cells []string, bad string) error {
		out += fmt.Sprintf("; %d %s%s", line, strings.Join(cells, "|"), bad)
		return nil
	})
	if err != nil {
		out += "; " + fault.As(err).Fields.String()
	}
	return out
}

const headings = "Mã hồ sơ;Đơn vị xử lý;Ngày tiếp nhận"

// to1258 writes tone marks apart, as Windows does.
func to1258(t *testing.T, s string) string {
	t.Helper()
	var apart strings.Builder
	for _, r := range norm.NFC.String(s) {
		if _, ok := charmap.Windows1258.EncodeRune(r); ok {
			apart.WriteRune(r)
			continue
		}
		letters := []rune(norm.NFD.String(string(r)))
		if base := norm.NFC.String(string(letters[0]) + string(letters[len(letters)-1])); len(letters) == 3 && !isTone(letters[len(letters)-1]) {
			apart.WriteString(base + string(letters[1]))
			continue
		}
		tone := slices.IndexFunc(letters, isTone)
		rest := norm.NFC.String(string(slices.Delete(slices.Clone(letters), tone, tone+1)))
		apart.WriteString(rest + string(letters[tone]))
	}
	out, err := charmap.Windows1258.NewEncoder().String(apart.String())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func isTone(r rune) bool { return strings.ContainsRune("\u0300\u0301\u0303\u0309\u0323", r) }

// tcvn3 writes the words of these tests, byte by byte from the standard's table.
var tcvn3 = strings.NewReplacer("ã", "\xb7", "ồ", "\xe5", "ơ", "\xac", "Đ", "\xa7", "ị", "\xde", "ử", "\xf6", "ý", "\xfd", "à", "\xb5",
	"ế", "\xd5", "ậ", "\xcb", "ă", "\xa8", "ò", "\xdf", "đ", "\xae", "ấ", "\xca", "ù", "\xef", "ủ", "\xf1")

func TestFilesOfEveryKind(t *testing.T) {
	const line = "\r\nH1;Phòng đất;1/7/2026\r\n"
	for _, tt := range []struct{ name, file, want string }{
		{"UTF-8", headings + "\nH1;A;1/7/2026\n", "1 Mã hồ sơ|Đơn vị xử lý|Ngày tiếp nhận; 2 H1|A|1/7/2026"},
		{"with a byte-order mark and titles above", "\ufeffSỞ\n\n" + headings + "\nH1;A;1\n", "3 Mã hồ sơ|Đơn vị xử lý|Ngày tiếp nhận; 4 H1|A|1"},
		{"letters and marks apart", norm.NFD.String(headings) + "\nH1;" + norm.NFD.String("Phòng") + ";1\n", "1 Mã hồ sơ|Đơn vị xử lý|Ngày tiếp nhận; 2 H1|Phòng|1"},
		{"Windows-1258", to1258(t, headings+line), "1 Mã hồ sơ|Đơn vị xử lý|Ngày tiếp nhận; 2 H1|Phòng đất|1/7/2026"},
		{"TCVN3", tcvn3.Replace(headings + line), "1 Mã hồ sơ|Đơn vị xử lý|Ngày tiếp nhận; 2 H1|Phòng đất|1/7/2026"},
		{"commas", strings.ReplaceAll(headings, ";", ",") + "\n\"H1\",\"A, B\",1\n", "1 Mã hồ sơ|Đơn vị xử lý|Ngày tiếp nhận; 2 H1|A, B|1"},
		{"tabs", strings.ReplaceAll(headings, ";", "\t") + "\nH1\tA;B\t1\n", "1 Mã hồ sơ|Đơn vị xử lý|Ngày tiếp nhận; 2 H1|A;B|1"},
		{"spaces, empty lines, and a text kept from being a number", headings + "\n;;\n  H1\u00a0 ;\" A\n B \";\"=\"\"0012\"\"\"\n", "1 Mã hồ sơ|Đơn vị xử lý|Ngày tiếp nhận; 3 H1|A B|0012"},
		{"a quotation mark inside a cell", headings + "\nH1;A \"B\";1\nH2;B;2\n", "1 Mã hồ sơ|Đơn vị xử lý|Ngày tiếp nhận; 2 quotes; 3 H2|B|2"},
		{"headings that nobody knows", "Số;Ai\n1;2\n", "1 Số|Ai; 2 1|2"},
		{"one word", "xin chào\n", "file sheet_head"},
		{"nothing", "", "file sheet_head"},
		{"UTF-8 that breaks far below", headings + "\n" + strings.Repeat("H1;A;1\n", 40_000) + "H\xff;A;1\n", "file sheet_letters"},
		{"an old workbook", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file sheet_file"},
		{"no workbook", "PK\x03\x04 and no more", "file sheet_file"},
		{"a picture", "\x89PNG\x00\x00", "file sheet_file"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := written([]byte(tt.file)); got != tt.want {
				t.Errorf("got  %.400s\nwant %s", got, tt.want)
			}
		})
	}
}

// book makes a workbook; more changes it before it is written.
func book(t testing.TB, lines [][]any, more func(*excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, cells := range lines {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &cells); err != nil {
			t.Fatal(err)
		}
	}
	if more != nil {
		more(f)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWorkbooks(t *testing.T) {
	head := []any{"Mã hồ sơ", "Đơn vị xử lý", "Ngày tiếp nhận"}
	old := make([]any, 3)
	for i, c := range head {
		old[i] = latin1(tcvn3.Replace(c.(string)))
	}
	for _, tt := range []struct {
		name  string
		lines [][]any
		more  func(*excelize.File)
		want  string
	}{
		{"numbers of days, titles above", [][]any{{"DANH SÁCH"}, {}, head, {"H1 ", "A", 46204}, {"H2", 1.012783, 46204.5}}, nil,
			"3 Mã hồ sơ|Đơn vị xử lý|Ngày tiếp nhận; 4 H1|A|46204; 5 H2|1.012783|46204.5"},
		{"a formula has its value", [][]any{head, {"H1", "A", 46204}}, func(f *excelize.File) { _ = f.SetCellFormula("Sheet1", "C2", "46200+4") },
			"1 Mã hồ sơ|Đơn vị xử lý|Ngày tiếp nhận; 2 H1|A|46204"},
		{"days counted from 1904", [][]any{head, {"H1", "A", 46204 - 1462}}, func(f *excelize.File) {
			yes := true
			_ = f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes})
		}, "1 Mã hồ sơ|Đơn vị xử lý|Ngày tiếp nhận; 2 H1|A|46204"},
		{"letters of the .VnTime fonts", [][]any{old, {"H1", latin1(tcvn3.Replace("Phòng đất")), 46204}}, nil,
			"1 Mã hồ sơ|Đơn vị xử lý|Ngày tiếp nhận; 2 H1|Phòng đất|46204"},
		{"cells that are merged downwards have a value once", [][]any{head, {"H1", "A", 46204}, {"H2", "A", 46204}}, func(f *excelize.File) {
			_ = f.MergeCell("Sheet1", "B2", "B3")
		}, "1 Mã hồ sơ|Đơn vị xử lý|Ngày tiếp nhận; 2 H1|A|46204; 3 H2||46204"},
		{"on the second sheet", [][]any{{"xin chào", "bìa"}}, func(f *excelize.File) {
			_, _ = f.NewSheet("Dữ liệu")
			_ = f.SetSheetRow("Dữ liệu", "A1", &head)
			_ = f.SetSheetRow("Dữ liệu", "A2", &[]any{"H1", "A", 1})
		}, "1 Mã hồ sơ|Đơn vị xử lý|Ngày tiếp nhận; 2 H1|A|1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := written(book(t, tt.lines, tt.more)); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// latin1 is bytes as a program takes them that knows no other encoding.
func latin1(s string) string {
	out, _ := charmap.ISO8859_1.NewDecoder().String(s)
	return out
}

func TestDay(t *testing.T) {
	for cell, want := range map[string]string{
		"31/12/2026": "2026-12-31", "1/7/2026": "2026-07-01", "2026-12-31": "2026-12-31", "46387": "2026-12-31", "46387.99": "2026-12-31",
		"31/12/2026 14:30": "2026-12-31", "31/12/2026 14:30:05": "2026-12-31", "2026-12-31 07:00:00": "2026-12-31",
		"2026-12-31T07:00:00+07:00": "2026-12-31", "14:30 31/12/2026": "2026-12-31", "31-12-2026": "2026-12-31", "31.12.2026": "2026-12-31",
		"31/2/2026": "", "12/31/2026": "", "2026-13-01": "", "hôm qua": "", "2026": "", "12345": "", "99999": "", "": "", "0000-01-01": "",
		"31/12/26": "", "31/12/2026 hoặc sau": "",
	} {
		if got, ok := sheet.ReadDay(cell); got != want && (want != "" || ok) || ok != (want != "") {
			t.Errorf("%q: %q %v, want %q", cell, got, ok, want)
		}
	}
}

// FuzzOpen: whatever the bytes, a file is refused or read to its end, in whole
// letters.
func FuzzOpen(f *testing.F) {
	f.Add([]byte(headings + "\nH1;A;1/7/2026\n"))
	f.Add([]byte(tcvn3.Replace(headings) + "\nH1;\"A;1\n"))
	f.Add([]byte("\ufeffx;y\n\xff\n"))
	f.Add(book(f, [][]any{{"Mã hồ sơ", "Đơn vị xử lý"}, {"H1", 46204}}, nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := sheet.Open(b, known)
		if err != nil {
			if fault.As(err).Kind != fault.Invalid {
				t.Fatal(err)
			}
			return
		}
		last := s.Line
		err = s.Each(func(line int, cells []string, bad string) error {
			if line < last || bad == "" && len(cells) == 0 {
				t.Fatalf("line %d after %d, %d cells", line, last, len(cells))
			}
			last = line
			return nil
		})
		if err != nil && fault.As(err).Kind != fault.Invalid {
			t.Fatal(err)
		}
	})
}
