package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"unicode/utf8"
)

// A cursor is the position of the last document of a page: the values of the
// keys behind the equal ones, then a tag over them and the order they belong
// to, in base64. The tag finds damage and cursors of other queries. It is no
// secret; a forged position can only make a page begin elsewhere in its range.

const tagSize = 8

// encoding has one spelling per cursor: no padding, no spare bits.
var encoding = base64.RawURLEncoding.Strict()

func (s *schema) writeCursor(p *plan, position []any) string {
	data := appendValues(nil, position)
	return encoding.EncodeToString(append(data, s.cursorTag(p, data)...))
}

// readCursor returns the position, one value per key behind the equal ones.
func (s *schema) readCursor(p *plan, cursor string) ([]any, error) {
	bad := func(reason string) error { return invalid("cursor", "after", errors.New(reason)) }
	data, err := encoding.DecodeString(cursor)
	if err != nil || len(data) < tagSize || encoding.EncodeToString(data) != cursor { // the decoder skips line ends
		return nil, bad("not a cursor")
	}
	data, tag := data[:len(data)-tagSize], data[len(data)-tagSize:]
	if !bytes.Equal(tag, s.cursorTag(p, data)) {
		return nil, bad("cursor is damaged or of another query")
	}
	position, ok := readValues(data, p.keys[len(p.equal):])
	if !ok {
		return nil, bad("cursor of another shape")
	}
	return position, nil
}

// cursorTag covers what a position means nothing without. The range is not in
// it: "the last 24 hours" begins later on the second page.
func (s *schema) cursorTag(p *plan, position []byte) []byte {
	order := fmt.Appendf(nil, "%q %q %v %t ", s.Name, p.index, p.keys, p.reverse)
	order = appendValues(order, p.equal)
	order = binary.AppendUvarint(order, uint64(len(p.equal)))
	sum := sha256.Sum256(append(order, position...))
	return sum[:tagSize]
}

// appendValues writes strings with their length and integers in eight bytes.
func appendValues(data []byte, values []any) []byte {
	for _, v := range values {
		switch v := v.(type) {
		case string:
			data = binary.AppendUvarint(data, uint64(len(v)))
			data = append(data, v...)
		case int64:
			data = binary.BigEndian.AppendUint64(data, uint64(v))
		}
	}
	return data
}

func readValues(data []byte, keys []Field) (values []any, ok bool) {
	for _, key := range keys {
		if key.Type == String {
			n, size := binary.Uvarint(data)
			if size != len(binary.AppendUvarint(nil, n)) || uint64(len(data)-size) < n {
				return nil, false // cut off, or a length with spare bytes
			}
			text := string(data[size : size+int(n)])
			if !utf8.ValidString(text) {
				return nil, false
			}
			values, data = append(values, text), data[size+int(n):]
			continue
		}
		if len(data) < 8 {
			return nil, false
		}
		values, data = append(values, int64(binary.BigEndian.Uint64(data))), data[8:]
	}
	return values, len(data) == 0
}
