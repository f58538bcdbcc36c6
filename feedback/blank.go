package feedback

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"sipas/internal/text"
)

// Before anybody reads an answer that was written for one person, what tells who
// that person is has to go. Marks finds what looks like it; an officer decides.
// It finds too much rather than too little, but not what every answer is full of:
// laws, dates, sums, numbers of dossiers.

// Sort is what a mark in a text looks like.
type Sort string

// The sorts of marks.
const (
	MarkPhone    Sort = "phone"
	MarkIdentity Sort = "identity" // CMND, CCCD
	MarkEmail    Sort = "email"
	MarkPlate    Sort = "plate" // of a vehicle
	MarkName     Sort = "name"
	MarkLand     Sort = "land" // a parcel, a map sheet, a certificate
	MarkAddress  Sort = "address"
)

// Sorts lists them all.
var Sorts = []Sort{MarkPhone, MarkIdentity, MarkEmail, MarkPlate, MarkName, MarkLand, MarkAddress}

// Mark is a place in a text, in bytes, that may tell who somebody is.
type Mark struct {
	From, To int
	Sort     Sort
}

// Blanked stands in a text for what was taken out of it.
const Blanked = "[…]"

// Marks returns the places in a text (see text.Clean) that may tell who somebody
// is, from the beginning to the end; none touches another. Pure.
func Marks(s string) []Mark {
	list := numberMarks(s)
	for _, p := range patterns {
		list = append(list, p.marks(s)...)
	}
	slices.SortFunc(list, func(a, b Mark) int { return cmp.Or(a.From-b.From, b.To-a.To) })
	var apart []Mark
	for _, m := range list {
		if n := len(apart); n > 0 && m.From < apart[n-1].To {
			apart[n-1].To = max(apart[n-1].To, m.To)
			continue
		}
		apart = append(apart, m)
	}
	return apart
}

// Blank returns the text with Blanked in the place of each mark, which Marks has
// returned for it.
func Blank(s string, marks []Mark) string {
	var b strings.Builder
	at := 0
	for _, m := range marks {
		b.WriteString(s[at:m.From])
		b.WriteString(Blanked)
		at = m.To
	}
	return b.String() + s[at:]
}

// pattern finds one sort of marks: the first group of the expression, between
// letters and digits on neither side.
type pattern struct {
	sort Sort
	re   *regexp.Regexp
	not  func(before, found, after string) bool // it is something else; nil: never
}

// Parts of expressions. People write with and without diacritics.
const (
	space   = `[ \t\x{a0}]`
	named   = `(?:\p{Lu}\.)*\p{Lu}[\p{L}\p{M}]*\.?`
	address = `(?:ông|ong|bà|ba|anh|chị|chi|cô giáo|cô|co|chú|chu|bác sĩ|bác|bac|cụ|cậu|dì|dượng|thím|mợ|em|cháu|thầy giáo|thầy)`
	street  = `(?:đường|duong|phố|pho)`
)

var patterns = []pattern{
	{MarkEmail, regexp.MustCompile(`([\p{L}\p{N}._%+\-]+@[\p{L}\p{N}\-]+(?:\.[\p{L}\p{N}\-]+)+)`), nil},
	{MarkPlate, regexp.MustCompile(`(\d{2}[- ]?[A-ZĐ]{1,2}\d?[-. ]?(?:\d{3}\.\d{2}|\d{5}))`), nil},
	{MarkPlate, regexp.MustCompile(`(\d{2}[A-ZĐ]\d?-\d{4})`), isYear},
	{MarkName, regexp.MustCompile(`(?i:` + address + `)(?:` + space + `*[/(]` + space + `*(?i:` + address + `)\)?)?:?` + space + `+(` + named + `(?:` + space + `+` + named + `){0,4})`), isOffice},
	{MarkName, regexp.MustCompile(`(` + named + space + `+(?:Văn|Thị|Van|Thi|VĂN|THỊ|VAN|THI)` + space + `+` + named + `(?:` + space + `+` + named + `)?)`), isStreet},
	{MarkLand, regexp.MustCompile(`((?i:thửa|thua)(?i: đất| dat)?(?i: số| so)?:?` + space + `*\d+\p{L}?(?:[-/]\d+)?)`), nil},
	{MarkLand, regexp.MustCompile(`((?i:tờ|to)(?i: bản đồ| ban do)(?i: địa chính| dia chinh)?(?i: số| so)?:?` + space + `*\d+)`), nil},
	{MarkLand, regexp.MustCompile(`((?i:tờ)(?i: số)?` + space + `*\d+)`), nil},
	{MarkLand, regexp.MustCompile(`([A-ZĐ]{2}` + space + `?\d{6,8})`), nil},
	{MarkAddress, regexp.MustCompile(`((?i:số nhà|so nha|nhà số|nha so)` + space + `*\d+\p{L}?(?:[/\-]\d+\p{L}?)*(?:,?` + space + `*(?i:` + street + `)(?:` + space + `+` + named + `){1,4})?)`), nil},
	{MarkAddress, regexp.MustCompile(`((?:(?i:số|so)` + space + `*)?\d+\p{L}?(?:/\d+\p{L}?)*,?` + space + `+(?i:` + street + `)(?:` + space + `+` + named + `){1,4})`), nil},
	{MarkAddress, regexp.MustCompile(`((?i:kiệt|kiet|ngõ|ngách|hẻm|hem)(?i: số)?` + space + `*\d+\p{L}?(?:/\d+\p{L}?)*)`), nil},
	{MarkAddress, regexp.MustCompile(`((?i:tổ)(?i: dân phố)?(?i: số)?` + space + `*\d+)`), nil},
}

func (p *pattern) marks(s string) (list []Mark) {
	for at := 0; at < len(s); {
		found := p.re.FindStringSubmatchIndex(s[at:])
		if found == nil {
			break
		}
		whole, from, to := at+found[0], at+found[2], at+found[3]
		if edge(s, whole, to) && (p.not == nil || !p.not(s[:whole], s[from:to], s[to:])) {
			list, at = append(list, Mark{from, to, p.sort}), to
			continue
		}
		_, size := utf8.DecodeRuneInString(s[whole:])
		at = whole + size
	}
	return list
}

// edge says whether neither a letter nor a digit touches the place.
func edge(s string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:from])
	after, _ := utf8.DecodeRuneInString(s[to:])
	return !wordRune(before) && !wordRune(after)
}

func wordRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r))
}

// offices are what follows "ông" or "bà" and is no name: a rank, or a place.
var offices = []string{"chu tich", "pho", "giam doc", "truong", "bi thu", "chanh", "tong", "bo truong", "thu truong", "vien", "quyen", "ria", "quoc", "ubnd", "so"}

func isOffice(_, found, after string) bool {
	next, _, _ := strings.Cut(strings.TrimLeft(after, " "), " ")
	words := text.Fold(found+" "+next) + " "
	return slices.ContainsFunc(offices, func(o string) bool { return strings.HasPrefix(words, o+" ") })
}

// isStreet says whether a name is one of a street, a ward or a school.
func isStreet(before, _, _ string) bool {
	words := strings.Fields(text.Fold(before[max(0, len(before)-30):]))
	return len(words) > 0 && slices.Contains([]string{"duong", "pho", "phuong", "xa", "thpt", "thcs", "cau", "luat", "nghi"}, words[len(words)-1])
}

// isYear says whether the last four digits are one: then it is the number of a
// document.
func isYear(_, found, _ string) bool {
	year := found[len(found)-4:]
	return strings.HasPrefix(year, "19") || strings.HasPrefix(year, "20")
}
