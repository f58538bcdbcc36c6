package staff_test

import (
	"regexp"
	"strings"
	"testing"

	"sipas/internal/staff"
)

func TestCheckPassword(t *testing.T) {
	const account = "nguyen.van.an"
	for _, tt := range []struct{ name, password, want string }{
		{"a few words", "cau vuot song Han", ""},
		{"words in Vietnamese", "cầu vượt sông Hàn", ""},
		{"ten characters", "vnk3xq7tpw", ""},
		{"nine characters", "vnk3xq7tp", "too_short"},
		{"ten characters of many bytes", "ễễệểềếêẹẽẻ", ""},
		{"nine characters of many bytes", "ễễệểềếêẹẽ", "too_short"},
		{"nine characters in more code points", "e\u0302\u0303e\u0323bcdefghij"[:len("e\u0302\u0303e\u0323bcdefgh")], "too_short"},
		{"digits alone", "4083175926", ""},
		{"two hundred characters", strings.Repeat("ab", 100), ""},
		{"more", strings.Repeat("ab", 100) + "a", "too_long"},
		{"nothing", "", "required"},
		{"not UTF-8", "vnk3xq7tpw\xff", "password_characters"},
		{"the account's name", account, "password_account"},
		{"in capitals", "Nguyen.Van.An", "password_account"},
		{"one character", "aaaaaaaaaaaa", "password_repeated"},
		{"one character of many bytes", "ễễễễễễễễễễ", "password_repeated"},
		{"one space", "            ", "password_repeated"},
		{"a common one", "1234567890", "password_common"},
		{"in capitals", "QWERTYUIOP", "password_common"},
		{"with a year", "password2026", "password_common"},
		{"with signs", "Password@123!", "password_common"},
		{"a Vietnamese one", "matkhau123", "password_common"},
		{"with diacritics and a space", "Mật khẩu 2026", "password_common"},
		{"with đ", "Đà Nẵng 2026", "password_common"},
		{"anh yêu em", "anhyeuem123456", "password_common"},
		{"the house", "sotainguyenmoitruong", "password_common"},
		{"a common one inside", "vuotmatkhaucau", ""},
	} {
		t.Run(tt.name+": "+tt.want, func(t *testing.T) {
			var want []string
			if tt.want != "" {
				want = []string{"password " + tt.want}
			}
			wantFields(t, staff.CheckPassword(tt.password, account), want...)
		})
	}
}

func TestNewPassword(t *testing.T) {
	form := regexp.MustCompile(`^[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){3}$`)
	seen, letters := map[string]bool{}, map[rune]bool{}
	for range 500 {
		p := staff.NewPassword()
		if !form.MatchString(p) || seen[p] {
			t.Fatalf("%q", p)
		}
		if err := staff.CheckPassword(p, "an"); err != nil {
			t.Errorf("%q: %v", p, err)
		}
		seen[p] = true
		for _, r := range p {
			letters[r] = true
		}
	}
	if len(letters) != 32 { // 31 of them, and the hyphen: 16 times log2 31 is 79 bits
		t.Errorf("%d different characters", len(letters))
	}
}
