package feedback

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// digits are groups of digits with one or two signs between them, as telephone
// and identity numbers are written.
var digits = regexp.MustCompile(`\d+(?:[ .\-()]{1,2}\d+)*`)

var oneGroup = regexp.MustCompile(`\d+`)

// numberMarks finds telephone numbers and numbers of identity papers.
func numberMarks(s string) (list []Mark) {
	for _, run := range digits.FindAllStringIndex(s, -1) {
		groups := oneGroup.FindAllStringIndex(s[run[0]:run[1]], -1)
		for i := range groups {
			groups[i][0], groups[i][1] = groups[i][0]+run[0], groups[i][1]+run[0]
		}
		for len(groups) > 0 {
			m, n := firstNumber(s, groups)
			if n > 0 {
				list = append(list, m)
			}
			groups = groups[max(n, 1):]
		}
	}
	return list
}

// firstNumber says whether a number begins with the first of the groups, and how
// many of them it has.
func firstNumber(s string, groups [][]int) (Mark, int) {
	if n := phoneGroups(s, groups); n > 0 {
		m := Mark{groups[0][0], groups[n-1][1], MarkPhone}
		for m.From > 0 && (s[m.From-1] == '+' || s[m.From-1] == '(' && strings.Contains(s[m.From:m.To], ")")) {
			m.From--
		}
		return m, n
	}
	if n := identityGroups(s, groups); n > 0 {
		return Mark{groups[0][0], groups[n-1][1], MarkIdentity}, n
	}
	return Mark{}, 0
}

// phoneGroups: ten digits from 03, 05, 07, 08, 09 on (eleven from 02), or the
// same with 84 instead of the 0.
func phoneGroups(s string, groups [][]int) int {
	number := ""
	for n, g := range groups {
		number += s[g[0]:g[1]]
		national := number
		if rest, found := strings.CutPrefix(number, "84"); found {
			national = "0" + rest
		}
		if len(national) > 1 && (national[0] != '0' || !strings.ContainsRune("235789", rune(national[1]))) || len(national) > 11 {
			return 0
		}
		// A number at a desk has eleven: one with ten may go on.
		goesOn := national[:min(2, len(national))] == "02" && n+1 < len(groups) && groups[n+1][1]-groups[n+1][0] <= 4
		if (len(national) == 11 && national[1] == '2' || len(national) == 10 && !goesOn) && !letterFollows(s, g[1]) {
			return n + 1
		}
	}
	return 0
}

func letterFollows(s string, at int) bool {
	r, _ := utf8.DecodeRuneInString(s[at:])
	return unicode.IsLetter(r) && r != utf8.RuneError
}

// identityGroups: nine digits (CMND), or twelve from 0 on (CCCD), in one piece or
// in threes.
func identityGroups(s string, groups [][]int) int {
	number, inThrees := "", true
	for n, g := range groups[:min(4, len(groups))] {
		number += s[g[0]:g[1]]
		inThrees = inThrees && g[1]-g[0] == 3
		whole := n == 0 || inThrees && n+1 == len(groups)
		fits := len(number) == 12 && number[0] == '0' || len(number) == 9
		if whole && fits && !isSum(s, groups[:n+1]) && edge(s, groups[0][0], g[1]) && !strings.HasPrefix(s[g[1]:], "/") {
			return n + 1
		}
	}
	return 0
}

// sums follow a number that counts money or land.
var sums = []string{"đ", "dong", "vnd", "vnđ", "m2", "m²", "triệu", "tỷ", "ha", "usd", "%"}

// isSum says whether a number is a sum of money or an area: by what follows, or
// because it is written with points for the thousands.
func isSum(s string, groups [][]int) bool {
	after := strings.ToLower(strings.TrimLeft(s[groups[len(groups)-1][1]:], " \u00a0"))
	for _, unit := range sums {
		if strings.HasPrefix(after, unit) {
			return true
		}
	}
	return len(groups) > 1 && s[groups[0][1]] == '.' && s[groups[0][0]] != '0'
}
