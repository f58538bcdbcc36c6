package document

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"

	"sipas/internal/ooxml"
	"sipas/internal/report"
)

// LetterKind is what a letter about a case tells its sender.
type LetterKind string

// The five letters. Their ids are the names of the files.
const (
	LetterAcceptance LetterKind = "thong-bao-thu-ly"       // the complaint is accepted
	LetterRefusal    LetterKind = "thong-bao-khong-thu-ly" // it is not
	LetterExtension  LetterKind = "thong-bao-gia-han"      // the answer takes longer
	LetterAnswer     LetterKind = "cong-van-tra-loi"
	LetterApology    LetterKind = "phieu-xin-loi" // phiếu xin lỗi và hẹn lại ngày trả kết quả
)

// Letter is a letter about a case, to be finished in Word: number, superior
// office, place and signer are left open. It has the heading form of
// NĐ 30/2020/NĐ-CP, Phụ lục I, and is in Vietnamese, whatever the case is in. The
// wording is ours and waits for the office to confirm it.
type Letter struct {
	Kind     LetterKind
	Office   string    // who writes
	On       time.Time // day of the letter
	Matter   string    // kind of the case, in small letters: "khiếu nại"
	Subject  string    // in the sender's words; may be empty
	Code     string    // of the case, as it is read out, or of the dossier
	Of       string    // what Code is; "": mã tra cứu
	Received time.Time
	Due      time.Time // the day promised first, or by law
	Until    time.Time // extension and apology: the new day; zero: left open
	To       string    // name; "": left open
	Address  string    // "": left open
	Words    string    // what the office says, as the sender has read it; "": left open in an apology
}

// letterForm is what tells one letter from another.
type letterForm struct {
	title, about string
	body         func(l *Letter) []string
}

var letterForms = map[LetterKind]letterForm{
	LetterAcceptance: {"THÔNG BÁO", "Về việc thụ lý %s", func(l *Letter) []string {
		return []string{
			l.received(),
			fmt.Sprintf("Sau khi xem xét, %s thông báo đã thụ lý %s của ông/bà để giải quyết. Thời hạn giải quyết đến hết ngày %s.", l.Office, l.Matter, day(l.Due)),
		}
	}},
	LetterRefusal: {"THÔNG BÁO", "Về việc không thụ lý %s", func(l *Letter) []string {
		return []string{
			l.received(),
			fmt.Sprintf("Sau khi xem xét, %s thông báo không thụ lý để giải quyết, với lý do như sau:", l.Office),
		}
	}},
	LetterExtension: {"THÔNG BÁO", "Về việc gia hạn thời hạn giải quyết %s", func(l *Letter) []string {
		return []string{
			l.received(),
			fmt.Sprintf("Thời hạn giải quyết được gia hạn đến hết ngày %s, với lý do như sau:", day(l.Until)),
		}
	}},
	LetterAnswer: {"", "V/v trả lời %s", func(l *Letter) []string {
		return []string{l.received(), fmt.Sprintf("%s trả lời như sau:", l.Office)}
	}},
	LetterApology: {"PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ", "", func(l *Letter) []string {
		return []string{
			l.received(),
			fmt.Sprintf("Theo quy định, kết quả được trả chậm nhất ngày %s. %s không trả được kết quả đúng hạn, với lý do như sau:", day(l.Due), l.Office),
		}
	}},
}

func (l *Letter) received() string {
	of := ""
	if l.Subject != "" {
		of = " về việc “" + l.Subject + "”"
	}
	return fmt.Sprintf("Ngày %s, %s nhận được %s của ông/bà%s (%s %s).", day(l.Received), l.Office, l.Matter, of, cmp.Or(l.Of, "mã tra cứu"), l.Code)
}

// closing are the sentences after the office's own.
func (l *Letter) closing() []string {
	switch l.Kind {
	case LetterApology:
		return []string{
			fmt.Sprintf("%s xin lỗi ông/bà về sự chậm trễ này và hẹn trả kết quả vào ngày %s.", l.Office, day(l.Until)),
			"Sự chậm trễ này gây phiền hà, tốn kém về thời gian, công sức của ông/bà. Mong nhận được sự thông cảm của ông/bà.",
		}
	case LetterAnswer:
		return []string{fmt.Sprintf("%s trả lời để ông/bà biết./.", l.Office)}
	}
	return []string{fmt.Sprintf("%s thông báo để ông/bà biết./.", l.Office)}
}

// day writes a date with a leading zero where a digit could be put before it; one
// that is not said is left open.
func day(t time.Time) string {
	if t.IsZero() {
		return open
	}
	return t.Format("02/01/2006")
}

// draft stands above a letter until somebody has read and signed it.
const draft = "DỰ THẢO (xóa dòng này trước khi ký)"

const open = "…………………………"

func orOpen(s string) string {
	if s == "" {
		return open
	}
	return s
}

// WriteTo writes the letter as a Word file.
func (l *Letter) WriteTo(w io.Writer) (int64, error) {
	form, ok := letterForms[l.Kind]
	if !ok {
		return 0, fmt.Errorf("no letter %q", l.Kind)
	}
	about := form.about
	if strings.Contains(about, "%s") {
		about = fmt.Sprintf(about, l.Matter)
	}
	d := &ooxml.Document{Title: strings.TrimSpace(form.title + " " + about)}
	d.Add(ooxml.Text(ooxml.Left, ooxml.Run{Text: draft, Bold: true, Size: 12}))
	switch {
	case form.title == "":
		stateHead(d, l.head(), about)
	case about == "":
		stateHead(d, l.head(), "")
		stateTitle(d, form.title)
	default:
		stateHead(d, l.head(), "")
		stateTitle(d, form.title, about)
	}
	d.Add(
		ooxml.Paragraph{Align: ooxml.Center, Before: 12, Runs: []ooxml.Run{{Text: "Kính gửi: Ông/bà " + orOpen(l.To)}}},
		ooxml.Paragraph{Align: ooxml.Center, After: 12, Runs: []ooxml.Run{{Text: "Địa chỉ: " + orOpen(l.Address)}}},
	)
	paragraphs := form.body(l)
	for line := range strings.SplitSeq(l.Words, "\n") {
		if strings.TrimSpace(line) != "" {
			paragraphs = append(paragraphs, line)
		}
	}
	if l.Words == "" && l.Kind == LetterApology {
		paragraphs = append(paragraphs, open)
	}
	for _, p := range append(paragraphs, l.closing()...) {
		d.Add(ooxml.Paragraph{Align: ooxml.Justify, FirstLine: 10, After: 6, Runs: []ooxml.Run{{Text: p}}})
	}
	stateEnd(d, letterEnd)
	return d.WriteTo(w)
}

// head is the head of the letter; the office's superior and number are left open.
func (l *Letter) head() report.Head {
	return report.Head{
		Superior: open, Office: strings.ToUpper(l.Office), State: "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Motto: "Độc lập - Tự do - Hạnh phúc",
		Number: "Số: ………/………", Day: "…………, " + LongDay(l.On),
	}
}

var letterEnd = report.Sign{Receivers: []string{"Nơi nhận:", "- Như trên;", "- Lưu: VT, " + open}, Signer: "QUYỀN HẠN, CHỨC VỤ CỦA NGƯỜI KÝ", Name: open}
