package sheet

import (
	"bufio"
	"strings"
	"unicode/utf8"
)

// tcvn3 are the letters of TCVN 5712:1993, VN3, by their bytes from 0xA1 on: the
// encoding of the .VnTime fonts, which Vietnamese offices wrote in before
// Unicode. It has no capitals with tone marks (the fonts for them look like the
// small letters). A space stands for a byte without a letter.
const tcvn3 = "ĂÂÊÔƠƯĐăâêôơưđ" + // A1–AE
	"      " + // AF–B4
	"àảãáạ ằẳẵắ       ặ" + // B5–C6
	"ầẩẫấậè ẻẽéẹềểễếệìỉ   ĩíịò ỏõóọồổỗốộờởỡớợù ủũúụừửữứựỳỷỹýỵ" // C7–FE

const tcvn3First = 0xA1

var tcvn3Letters = []rune(tcvn3)

// tcvn3Rune returns the letter of a byte; other bytes are what Latin-1 has.
func tcvn3Rune(b byte) rune {
	if i := int(b) - tcvn3First; i >= 0 && i < len(tcvn3Letters) && tcvn3Letters[i] != ' ' {
		return tcvn3Letters[i]
	}
	return rune(b)
}

// FromTCVN3 returns a text that a workbook holds as bytes of TCVN3, each taken
// for a letter of Latin-1: what Excel makes of a cell in a .VnTime font.
func FromTCVN3(s string) string {
	return strings.Map(func(r rune) rune {
		if r > 0xFF {
			return r
		}
		return tcvn3Rune(byte(r))
	}, s)
}

// tcvn3Reader reads TCVN3 as UTF-8.
type tcvn3Reader struct {
	r    *bufio.Reader
	rest []byte // of a letter that did not fit
}

func (t *tcvn3Reader) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if len(t.rest) == 0 {
			b, err := t.r.ReadByte()
			if err != nil {
				if n > 0 {
					return n, nil
				}
				return 0, err
			}
			t.rest = utf8.AppendRune(t.rest[:0], tcvn3Rune(b))
		}
		copied := copy(p[n:], t.rest)
		n, t.rest = n+copied, t.rest[copied:]
	}
	return n, nil
}
