package document

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"

	"sipas/internal/ooxml"
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

// longDay is the day of a letter: days under ten and the first two months have a
// leading zero (NĐ 30/2020/NĐ-CP, Phụ lục I).
func longDay(t time.Time) string {
	month := fmt.Sprint(int(t.Month()))
	if t.Month() < 3 {
		month = "0" + month
	}
	return fmt.Sprintf("ngày %02d tháng %s năm %d", t.Day(), month, t.Year())
}

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
	l.heading(d, form, about)
	if form.title != "" {
		d.Add(ooxml.Paragraph{Align: ooxml.Center, Before: 12, Together: true, Runs: []ooxml.Run{{Text: form.title, Bold: true}}})
		if about != "" {
			d.Add(
				ooxml.Paragraph{Align: ooxml.Center, Together: true, Runs: []ooxml.Run{{Text: about, Bold: true}}},
				ooxml.Paragraph{Align: ooxml.Center, After: 12, Together: true, Rule: true, Indent: 55, Runs: []ooxml.Run{{Size: 2}}},
			)
		}
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
	l.ending(d)
	return d.WriteTo(w)
}

// heading is the office on the left, the state on the right, and below them
// number and day; a letter without a title says there what it is about.
func (l *Letter) heading(d *ooxml.Document, form letterForm, about string) {
	center := func(runs ...ooxml.Run) ooxml.Paragraph { return ooxml.Text(ooxml.Center, runs...) }
	// Lines under the names: a third of the office's, all of the motto.
	rule := func(indent float64) ooxml.Paragraph {
		return ooxml.Paragraph{Align: ooxml.Center, Rule: true, Indent: indent, Runs: []ooxml.Run{{Size: 2}}}
	}
	number := ooxml.Cell{center(ooxml.Run{Text: "Số: ………/………", Size: 13})}
	if form.title == "" {
		number = append(number, center(ooxml.Run{Text: about, Size: 12}))
	}
	d.AddTable(ooxml.Table{Widths: []int{40, 60}, Rows: [][]ooxml.Cell{
		{
			{center(ooxml.Run{Text: open, Size: 12}), center(ooxml.Run{Text: strings.ToUpper(l.Office), Bold: true, Size: 12}), rule(21)},
			{
				center(ooxml.Run{Text: "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Bold: true, Size: 12}),
				center(ooxml.Run{Text: "Độc lập - Tự do - Hạnh phúc", Bold: true, Size: 13}), rule(23),
			},
		},
		{number, {center(ooxml.Run{Text: "…………, " + longDay(l.On), Italic: true, Size: 13})}},
	}})
}

// ending is who gets it, on the left, and who signs.
func (l *Letter) ending(d *ooxml.Document) {
	small := func(s string) ooxml.Paragraph { return ooxml.Text(ooxml.Left, ooxml.Run{Text: s, Size: 11}) }
	center := func(s string) ooxml.Paragraph { return ooxml.Text(ooxml.Center, ooxml.Run{Text: s, Bold: true}) }
	d.Add(ooxml.Paragraph{Before: 6})
	d.AddTable(ooxml.Table{Widths: []int{1, 1}, Rows: [][]ooxml.Cell{{
		{ooxml.Text(ooxml.Left, ooxml.Run{Text: "Nơi nhận:", Bold: true, Italic: true, Size: 12}), small("- Như trên;"), small("- Lưu: VT, " + open)},
		{center("QUYỀN HẠN, CHỨC VỤ CỦA NGƯỜI KÝ"), center(""), center(""), center(""), center(open)},
	}}})
}
