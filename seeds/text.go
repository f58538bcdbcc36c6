package seeds

import (
	"bytes"
	"io"
	"os"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Limits of a file, far beyond any that people write and below what makes the
// YAML reader slow or deep.
const (
	maxFile    = 2 << 20 // bytes
	maxLine    = 10_000  // bytes
	maxNesting = 100     // open brackets
	maxEntries = 1_000   // keys of one mapping; the reader's time grows with their square
)

// readFile returns at most one byte more than maxFile, which cleaned refuses,
// so that a huge or endless file is not taken into memory.
func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxFile+1))
}

// cleaned returns the text as the YAML reader may see it: UTF-8 in Normal Form
// C (a Mac's file names and some editors write Vietnamese decomposed), lines
// ending in one line feed, no byte order mark. Otherwise the line and what is
// wrong there.
func cleaned(b []byte) (text []byte, line int, wrong string) {
	if len(b) > maxFile {
		return nil, 1, "the file is larger than 2 MiB"
	}
	if i := invalidUTF8(b); i >= 0 {
		return nil, 1 + bytes.Count(b[:i], []byte("\n")), "this is not UTF-8 text; save the file as UTF-8"
	}
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	b = bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n"))
	b = bytes.ReplaceAll(b, []byte("\r"), []byte("\n"))
	b = norm.NFC.Bytes(b)
	nesting := 0
	var mappings levels
	for i, l := range bytes.Split(b, []byte("\n")) {
		nesting += bytes.Count(l, []byte("[")) + bytes.Count(l, []byte("{")) - bytes.Count(l, []byte("]")) - bytes.Count(l, []byte("}"))
		switch {
		case len(l) > maxLine:
			return nil, i + 1, "the line is longer than 10,000 bytes"
		case bytes.IndexFunc(l, unprintable) >= 0:
			return nil, i + 1, "the line has a control character"
		case nesting > maxNesting:
			return nil, i + 1, "too many brackets are open"
		case mappings.wide(l):
			return nil, i + 1, "more than 1,000 entries in one mapping"
		}
		nesting = max(nesting, 0)
	}
	return b, 0, ""
}

func invalidUTF8(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n <= 1 {
			return i
		}
		i += n
	}
	return -1
}

func unprintable(r rune) bool { return r != '\t' && unicode.IsControl(r) }

// levels counts the lines that stand side by side at each indentation.
type levels []struct{ indent, lines int }

// wide takes one line and says whether there are too many beside it.
func (v *levels) wide(line []byte) bool {
	rest := bytes.TrimLeft(line, " ")
	if len(rest) == 0 || rest[0] == '#' {
		return false
	}
	indent := len(line) - len(rest)
	for len(*v) > 0 && (*v)[len(*v)-1].indent > indent {
		*v = (*v)[:len(*v)-1]
	}
	if len(*v) == 0 || (*v)[len(*v)-1].indent < indent {
		*v = append(*v, struct{ indent, lines int }{indent, 0})
	}
	last := &(*v)[len(*v)-1]
	if rest[0] == '-' { // an item of a list, which may be long
		last.lines = 0
		return false
	}
	last.lines++
	return last.lines > maxEntries
}
