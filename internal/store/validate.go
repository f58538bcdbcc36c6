package store

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/bsontype"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"
)

var errBroken = errors.New("not well-formed BSON")

// inspect checks every rule for stored documents and returns the record. Its
// errors name at most a top-level key: keys further down may be content.
func (s *schema) inspect(raw []byte) (*record, error) {
	r, err := s.examine(raw)
	if err != nil {
		return nil, err
	}
	for f := range s.lacking(r) {
		return nil, fmt.Errorf("%q: index field is missing", f.Name)
	}
	return r, nil
}

// lacking yields the index fields that are not in r.
func (s *schema) lacking(r *record) iter.Seq[Field] {
	return func(yield func(Field) bool) {
		for i, f := range s.fields {
			if r.fields[i] == nil && !yield(f) {
				return
			}
		}
	}
}

// examine is inspect of a document that may lack index fields.
func (s *schema) examine(raw []byte) (*record, error) {
	if len(raw) > MaxDoc {
		return nil, fmt.Errorf("%d bytes, more than %d", len(raw), MaxDoc)
	}
	r := &record{raw: raw, fields: make([]any, len(s.fields))}
	at := 0
	err := eachElement(raw, false, func(key []byte, v bsoncore.Value) (err error) {
		switch at++; {
		case at == 1 && string(key) == "_id":
			r.id, err = idOf(v)
		case at == 2 && string(key) == "version":
			var ok bool
			if r.version, ok = v.Int64OK(); !ok || r.version < 1 {
				err = errors.New("not a positive int64")
			}
		case at <= 2:
			err = errors.New("_id and version do not come first")
		default:
			if string(key) == "write" {
				r.write, _ = v.StringValueOK()
			}
			if err = checkValue(v, 2); err == nil {
				err = s.take(r, key, v)
			}
		}
		if err != nil {
			return fmt.Errorf("%q: %w", key, err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if at < 2 {
		return nil, errors.New("_id or version is missing")
	}
	return r, nil
}

// take puts v among r's index fields if key is one.
func (s *schema) take(r *record, key []byte, v bsoncore.Value) error {
	i := slices.IndexFunc(s.fields, func(f Field) bool { return f.Name == string(key) })
	if i < 0 {
		return nil
	}
	switch s.fields[i].Type {
	case String:
		text, ok := v.StringValueOK()
		if !ok {
			return errors.New("index field is not a string")
		}
		if len(text) > MaxIndexString || strings.Contains(text, "\x00") {
			return fmt.Errorf("index field has more than %d bytes, or NUL", MaxIndexString)
		}
		r.fields[i] = text
	case Int64:
		if v.Type != bson.TypeInt32 && v.Type != bson.TypeInt64 {
			return errors.New("index field is not an integer")
		}
		r.fields[i] = v.AsInt64()
	case Time:
		ms, ok := v.DateTimeOK()
		if !ok {
			return errors.New("index field is not a time")
		}
		r.fields[i] = ms
	}
	return nil
}

func idOf(v bsoncore.Value) (string, error) {
	if v.Type != bson.TypeString {
		return "", errors.New("not a string")
	}
	if err := checkString(v.Data); err != nil {
		return "", err
	}
	id := v.StringValue()
	if !validID(id) {
		return "", fmt.Errorf("empty, longer than %d bytes, or with NUL", MaxID)
	}
	return id, nil
}

func validID(id string) bool {
	return id != "" && len(id) <= MaxID && utf8.ValidString(id) && !strings.Contains(id, "\x00")
}

// checkValue checks a value below the top; depth is the level of what it
// holds, should it be a document or an array.
func checkValue(v bsoncore.Value, depth int) error {
	switch v.Type {
	case bson.TypeInt32, bson.TypeInt64, bson.TypeDateTime, bson.TypeNull:
		return nil
	case bson.TypeBoolean:
		if v.Data[0] > 1 {
			return errBroken
		}
		return nil
	case bson.TypeDouble:
		if x := v.Double(); math.IsNaN(x) || math.IsInf(x, 0) {
			return errors.New("NaN or infinite")
		}
		return nil
	case bson.TypeString:
		return checkString(v.Data)
	case bson.TypeBinary:
		if v.Data[4] == bson.TypeBinaryBinaryOld {
			return errors.New("binary of the old kind")
		}
		return nil
	case bson.TypeEmbeddedDocument, bson.TypeArray:
		if depth > MaxDepth {
			return fmt.Errorf("more than %d levels", MaxDepth)
		}
		return eachElement(v.Data, v.Type == bson.TypeArray, func(_ []byte, v bsoncore.Value) error {
			return checkValue(v, depth+1)
		})
	default:
		// The rest is deprecated, or treated differently: MongoDB fills in an
		// empty timestamp, others have no order that SQLite could repeat.
		return fmt.Errorf("BSON type %s", v.Type)
	}
}

// checkString checks a string's bytes, the length before and the NUL behind
// them included.
func checkString(data []byte) error {
	if len(data) < 5 || data[len(data)-1] != 0 {
		return errBroken
	}
	if !utf8.Valid(data[4 : len(data)-1]) {
		return errors.New("not valid UTF-8")
	}
	return nil
}

// eachElement calls f with the elements of a document or array in their order,
// having checked the frame around them and the keys.
func eachElement(data []byte, array bool, f func(key []byte, v bsoncore.Value) error) error {
	length, rest, ok := bsoncore.ReadLength(data)
	if !ok || int(length) != len(data) || len(rest) == 0 || rest[len(rest)-1] != 0 {
		return errBroken
	}
	rest = rest[:len(rest)-1]
	keys := make([][]byte, 0, 32)
	ascending := true
	for len(rest) > 0 {
		kind := bsontype.Type(rest[0])
		key, behind, err := readKey(rest[1:])
		if err != nil {
			return err
		}
		var v bsoncore.Value
		if v, rest, ok = bsoncore.ReadValue(behind, kind); !ok {
			return errBroken
		}
		if array && string(key) != strconv.Itoa(len(keys)) {
			return errors.New("array that is not numbered 0, 1, 2")
		}
		ascending = ascending && (len(keys) == 0 || bytes.Compare(keys[len(keys)-1], key) < 0)
		keys = append(keys, key)
		if err := f(key, v); err != nil {
			return err
		}
	}
	if !array && !ascending {
		slices.SortFunc(keys, bytes.Compare)
		n := len(keys)
		if len(slices.CompactFunc(keys, bytes.Equal)) != n {
			return errors.New("key that stands there twice")
		}
	}
	return nil
}

// readKey splits off the key at the beginning of data, and the NUL behind it.
func readKey(data []byte) (key, rest []byte, err error) {
	for i, c := range data {
		switch c {
		case 0:
			if !utf8.Valid(data[:i]) {
				return nil, nil, errors.New("key that is not valid UTF-8")
			}
			return data[:i], data[i+1:], nil
		case '.', '$':
			return nil, nil, errors.New("key with . or $")
		}
	}
	return nil, nil, errBroken
}
