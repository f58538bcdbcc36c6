package document_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"sipas/internal/document"
)

func letter(kind document.LetterKind) *document.Letter {
	at := func(d, m int) time.Time { return time.Date(2026, time.Month(m), d, 9, 0, 0, 0, time.UTC) }
	return &document.Letter{
		Kind: kind, Office: "Sở Nông nghiệp và Môi trường tỉnh Quảng Trị", On: at(5, 2), Matter: "khiếu nại", Subject: "Thu hồi đất ở xã Hải Lăng",
		Code: "K7MX-2ART-9HC", Received: at(9, 1), Due: at(4, 2), Until: at(12, 3), To: "Lê Thị Hoa", Address: "Thôn 3, xã Hải Lăng, tỉnh Quảng Trị",
		Words: "Hồ sơ cần xác minh thêm tại thực địa.\n\nSở đã mời đơn vị đo đạc làm việc trong tuần tới.",
	}
}

var letterKinds = []document.LetterKind{
	document.LetterAcceptance, document.LetterRefusal, document.LetterExtension, document.LetterAnswer, document.LetterApology,
}

// textOf returns the words of a Word file.
func textOf(t *testing.T, file []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
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
	text := regexp.MustCompile(`</w:p>`).ReplaceAllString(string(b), "\n")
	return regexp.MustCompile(`<[^>]*>`).ReplaceAllString(text, "")
}

func TestLetters(t *testing.T) {
	for kind, want := range map[document.LetterKind][]string{
		document.LetterAcceptance: {"THÔNG BÁO\nVề việc thụ lý khiếu nại", "Thời hạn giải quyết đến hết ngày 04/02/2026"},
		document.LetterRefusal:    {"Về việc không thụ lý khiếu nại", "với lý do như sau:\nHồ sơ cần xác minh"},
		document.LetterExtension:  {"Về việc gia hạn thời hạn giải quyết khiếu nại", "gia hạn đến hết ngày 12/03/2026"},
		document.LetterAnswer:     {"V/v trả lời khiếu nại", "trả lời như sau:\nHồ sơ cần xác minh", "đơn vị đo đạc"},
		document.LetterApology:    {"PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ", "chậm nhất ngày 04/02/2026", "hẹn trả kết quả vào ngày 12/03/2026"},
	} {
		var b bytes.Buffer
		if _, err := letter(kind).WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		if *look != "" {
			if err := os.WriteFile(filepath.Join(*look, string(kind)+".docx"), b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		text := textOf(t, b.Bytes())
		if !strings.HasPrefix(strings.TrimSpace(text), "DỰ THẢO") {
			t.Errorf("%s does not begin by saying that it is a draft:\n%s", kind, text)
		}
		want = append(want, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc", "ngày 05 tháng 02 năm 2026",
			"SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG TỈNH QUẢNG TRỊ", "Kính gửi: Ông/bà Lê Thị Hoa", "mã tra cứu K7MX-2ART-9HC", "Nơi nhận:")
		for _, words := range want {
			if !strings.Contains(text, words) {
				t.Errorf("%s lacks %q:\n%s", kind, words, text)
			}
		}
	}
}

// TestLetterWithoutContact: what this officer may not see is left open.
func TestLetterWithoutContact(t *testing.T) {
	for _, kind := range letterKinds {
		l := letter(kind)
		l.To, l.Address, l.Subject = "", "", ""
		var b bytes.Buffer
		if _, err := l.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		if text := textOf(t, b.Bytes()); !strings.Contains(text, "Ông/bà ……") || !strings.Contains(text, "Địa chỉ: ……") || strings.Contains(text, "“”") {
			t.Errorf("%s: %s", kind, text)
		}
	}
	if _, err := (&document.Letter{Kind: "other"}).WriteTo(io.Discard); err == nil {
		t.Error("a letter that there is none of")
	}
}
