package web

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Number writes a whole number with the language's thousands separator: vi 3.120, en 3,120.
func Number(lang string, n int) string {
	s := strconv.Itoa(n)
	neg := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + separator(lang) + s[i:]
	}
	if neg {
		return "−" + s
	}
	return s
}

func separator(lang string) string {
	if lang == "en" {
		return ","
	}
	return "."
}

// Percent writes a percentage given in hundredths: 8842 → vi "88,42 %", en "88.42 %", always with two decimals and a
// space that does not break.
func Percent(lang string, hundredths int) string {
	point := ","
	if lang == "en" {
		point = "."
	}
	return Number(lang, hundredths/100) + point + fmt.Sprintf("%02d", hundredths%100) + "\u00a0%"
}

// Points writes percentage points given in hundredths, with their sign: 210 → vi "+2,10 điểm %", en "+2.10 points".
func Points(lang string, hundredths int) string {
	if lang == "en" {
		return Signed(lang, hundredths) + "\u00a0points"
	}
	return Signed(lang, hundredths) + "\u00a0điểm\u00a0%"
}

// Signed writes hundredths with two decimals and their sign.
func Signed(lang string, hundredths int) string {
	sign := "+"
	switch {
	case hundredths < 0:
		sign, hundredths = "−", -hundredths
	case hundredths == 0:
		sign = ""
	}
	return sign + strings.TrimSuffix(Percent(lang, hundredths), "\u00a0%")
}

// Hundredths returns part of whole in hundredths of a percent, rounded half-up from the counts themselves.
func Hundredths(part, whole int) int {
	if whole <= 0 {
		return 0
	}
	return int((int64(part)*20000 + int64(whole)) / (2 * int64(whole)))
}

// PercentOf writes part/whole as a percentage; empty when whole is 0.
func PercentOf(lang string, part, whole int) string {
	if whole <= 0 {
		return ""
	}
	return Percent(lang, Hundredths(part, whole))
}

// Date writes the day of t in t's own zone: vi 30/06/2026, en 30 June 2026.
func Date(lang string, t time.Time) string {
	if lang == "en" {
		return t.Format("2 January 2006")
	}
	return t.Format("02/01/2006")
}

// Month writes the month of t in t's own zone: vi 06/2026, en June 2026.
func Month(lang string, t time.Time) string {
	if lang == "en" {
		return t.Format("January 2006")
	}
	return t.Format("01/2006")
}

// DateTime writes day and minute of t in t's own zone: vi "09:41, 24/11/2026", en "24 November 2026, 09:41".
func DateTime(lang string, t time.Time) string {
	if lang == "en" {
		return t.Format("2 January 2006, 15:04")
	}
	return t.Format("15:04, 02/01/2006")
}
