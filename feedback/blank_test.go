package feedback_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"sipas/feedback"
)

// TestMarks: each place that should be found is in 〈〉.
func TestMarks(t *testing.T) {
	for _, tt := range []struct{ text, sorts string }{
		{"Sở đã gọi cho ông 〈Nguyễn Văn An〉 theo số 〈0905 123 456〉 ngày 12/6/2026.", "name phone"},
		{"Liên hệ bà 〈Trần Thị Hoa〉, điện thoại 〈0914.234.567〉 hoặc 〈+84 905 123 456〉.", "name phone phone"},
		{"SĐT:〈0905123456〉, máy bàn 〈(0233) 3852 000〉, 〈02333852000〉", "phone phone phone"},
		{"Gọi 〈84905123456〉/〈0868-123-456〉 nhé", "phone phone"},
		{"CCCD số 〈046083001234〉, CMND cũ 〈191234567〉, cấp ngày 01/02/2021.", "identity identity"},
		{"CMND 〈191 234 567〉, căn cước 〈046 083 001 234〉", "identity identity"},
		{"Thư gửi về 〈hoa.le+1@example.com.vn〉.", "email"},
		{"Xe biển số 〈74A-123.45〉 và xe máy 〈74-F1 123.45〉, 〈74F1-12345〉, xe cũ 〈74H-1234〉.", "plate plate plate plate"},
		{"Anh 〈Lê Quang〉 và chị 〈Mai〉 cùng cô 〈Bùi Thị Thu Hà〉 đã ký.", "name name name"},
		{"ong 〈Nguyen Van An〉, ba 〈Tran Thi Hoa〉 o thon Thuong", "name name"},
		{"ÔNG 〈NGUYỄN VĂN AN〉: đã nhận", "name"},
		{"Ông/bà 〈Phạm Hữu Lộc〉 và ông (bà) 〈Đỗ Thế〉", "name name"},
		{"Chủ sử dụng: 〈Nguyễn Thị Lan Anh〉 (vợ)", "name"},
		{"bác 〈N.V.A.〉 có đơn, bác sĩ 〈Hoàng〉 cũng vậy", "name name"},
		{"〈Thửa đất số 125〉, 〈tờ bản đồ số 14〉, xã Triệu Phong", "land land"},
		{"〈thua dat so 125〉, 〈to ban do 14〉; 〈thửa 12〉 〈tờ 5〉; 〈thửa số 7-2〉", "land land land land land"},
		{"Giấy chứng nhận số 〈BX 123456〉 cấp năm 2014", "land"},
		{"Nhà ở 〈số nhà 12/3 đường Lê Lợi〉, 〈15 Đường Trần Hưng Đạo〉, 〈kiệt 25/7〉, 〈tổ 5〉", "address address address address"},
		{"so nha 〈〉", ""},

		{"Theo Luật 136/2025/QH15, Nghị định 101/2024/NĐ-CP và Thông tư 23/2014/TT-BTNMT.", ""},
		{"Công văn số 1234/STNMT-VPĐK ngày 30/06/2026 và Kế hoạch 165/KH-UBND ngày 04/8/2023", ""},
		{"Hồ sơ H50-260630-0001, 000.00.16.H50-260630-0001, thủ tục 1.012783 (1.012783.H50)", ""},
		{"Nộp 500.000 đồng; tổng 1.250.000.000 đồng; đã thu 150.000.000 đồng, còn 120 000 000 đ; 191234567 đồng", ""},
		{"Diện tích 1.200,5 m2, trong đó 123456789 m2", ""},
		{"Ông/bà có thể đến quầy 3 trong 15 ngày làm việc, từ 7 giờ 30 đến 11 giờ 30.", ""},
		{"Kính gửi ông Chủ tịch UBND tỉnh, bà Phó Giám đốc Sở; tỉnh Bà Rịa - Vũng Tàu; chị em, bà con, cô chú", ""},
		{"Điều 27 Luật Khiếu nại 2011; năm 2025 2026; giai đoạn 2023-2026; 30.06.2026 08", ""},
		{"Sửa đường Nguyễn Văn Cừ ở phường Nguyễn Thị Định", ""},
		{"thông Bản đồ, trong Văn phòng", ""},
		{"Văn bản 12A-2026 và 0123456789/QĐ-UBND", ""},
		{"", ""},
	} {
		var want []string
		plain := strings.NewReplacer("〈", "", "〉", "").Replace(tt.text)
		for _, part := range strings.Split(tt.text, "〈")[1:] {
			if in, _, _ := strings.Cut(part, "〉"); in != "" {
				want = append(want, in)
			}
		}
		var got, sorts []string
		for _, m := range feedback.Marks(plain) {
			got, sorts = append(got, plain[m.From:m.To]), append(sorts, string(m.Sort))
		}
		if !slices.Equal(got, want) || strings.Join(sorts, " ") != tt.sorts {
			t.Errorf("%s\n found %q %q\n want  %q %s", plain, got, sorts, want, tt.sorts)
		}
	}
}

func TestBlank(t *testing.T) {
	const s = "Ông Nguyễn Văn An (0905 123 456) đã nhận."
	if got := feedback.Blank(s, feedback.Marks(s)); got != "Ông […] ([…]) đã nhận." {
		t.Error(got)
	}
	if got := feedback.Blank(s, nil); got != s {
		t.Error(got)
	}
}

// FuzzMarks: whatever the text, marks are in order, apart, and of whole letters,
// and what is not marked stays as it is.
func FuzzMarks(f *testing.F) {
	f.Add("Ông Nguyễn Văn An (0905 123 456), thửa 12 tờ 5, a@b.vn, 74A-123.45, 046083001234, số nhà 1/2")
	f.Add("+84(0905)..123 456--7 ông/bà N.V.A. 12A-2026")
	f.Fuzz(func(t *testing.T, s string) {
		marks := feedback.Marks(s)
		at, rest := 0, ""
		for _, m := range marks {
			if m.From < at || m.To <= m.From || m.To > len(s) || !slices.Contains(feedback.Sorts, m.Sort) {
				t.Fatalf("%+v of %q", marks, s)
			}
			if utf8.ValidString(s) && !utf8.ValidString(s[m.From:m.To]) {
				t.Fatalf("half a letter: %q", s[m.From:m.To])
			}
			rest += s[at:m.From] + feedback.Blanked
			at = m.To
		}
		if got := feedback.Blank(s, marks); got != rest+s[at:] {
			t.Fatalf("%q, want %q", got, rest+s[at:])
		}
	})
}
