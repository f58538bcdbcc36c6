package seeds

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Position is a line of a file, counted from 1.
type Position struct {
	File string
	Line int
}

// String writes the form that editors and shells jump to, "areas.yaml:12".
func (p Position) String() string { return fmt.Sprintf("%s:%d", p.File, p.Line) }

// Error is one mistake in a file. Its text is a single line that starts with
// the position.
type Error struct {
	Position
	Message string
}

func (e *Error) Error() string { return e.Position.String() + ": " + oneLine(e.Message) }

// oneLine keeps the promise above for whatever was quoted from a file.
func oneLine(s string) string {
	s = strings.ReplaceAll(s, "\t", `\t`)
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }), " ")
}

// mistakes collects errors and puts each file's in the order of its lines.
type mistakes struct {
	list  []*Error
	files []string        // in the order in which they were read
	wrong map[string]bool // paths whose form is wrong
}

// known says whether the path, or one around it, has been reported already.
func (m *mistakes) known(path string) bool {
	for {
		if m.wrong[path] {
			return true
		}
		i := strings.LastIndexByte(path, '.')
		if i < 0 {
			return false
		}
		path = path[:i]
	}
}

func (m *mistakes) add(at Position, format string, args ...any) {
	m.list = append(m.list, &Error{at, fmt.Sprintf(format, args...)})
}

// err joins what was found, one line each; nil when nothing was.
func (m *mistakes) err() error {
	slices.SortStableFunc(m.list, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(slices.Index(m.files, a.File), slices.Index(m.files, b.File)), cmp.Compare(a.Line, b.Line))
	})
	errs := make([]error, len(m.list))
	for i, e := range m.list {
		errs[i] = e
	}
	return errors.Join(errs...)
}
