package text_test

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"sipas/internal/text"
)

func TestFold(t *testing.T) {
	for s, want := range map[string]string{
		"Đất đai":                         "dat dai",
		"ĐẶNG THỊ HƯỜNG, tổ 3":            "dang thi huong to 3",
		norm.NFD.String("Nguyễn Văn Ước"): "nguyen van uoc",
		"  a\n\tb – c.D ":                 "a b c d",
		"giấy 1.012783/QĐ":                "giay 1 012783 qd",
		"Ðất của ông":                     "dat cua ong", // a foreign D that looks the same
		"":                                "",
		"…":                               "",
		"żółć naïve":                      "zołc naive",
	} {
		if got := text.Fold(s); got != want {
			t.Errorf("%q is folded to %q, not %q", s, got, want)
		}
	}
	every := "áàảãạăắằẳẵặâấầẩẫậéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵđ"
	for _, s := range []string{every, strings.ToUpper(every), norm.NFD.String(every)} {
		if got := text.Fold(s); strings.Trim(got, "aeiouyd") != "" || len(got) != 67 {
			t.Errorf("%q is folded to %q", s, got)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("Tốt\r\nlắm")
	f.Fuzz(func(t *testing.T, s string) {
		once := text.Clean(s)
		if text.Clean(once) != once {
			t.Errorf("%q is cleaned twice: %q", s, text.Clean(once))
		}
		folded := text.Fold(once)
		if text.Fold(folded) != folded {
			t.Errorf("%q is folded twice: %q", once, text.Fold(folded))
		}
	})
}
