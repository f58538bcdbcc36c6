package store

import (
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"
)

// An older program stored documents without the index fields that it did not
// know, and no query would find them by those. So each gets what it lacks, when
// its collection is opened or it comes out of a backup: it is read as its type,
// and the fields are added to it as the type writes them. What it holds already
// stays as it is, bit by bit, its version and its place too.

// Deriver is a stored type with index fields that are made of its other fields.
// Derive sets them; an index field that it does not set is zero.
type Deriver interface{ Derive() }

// errLog: what a log holds may be sealed, and a change would break the seal.
var errLog = errors.New("the collection is append-only, so a new index field has to be in all that is stored")

// completer returns the record of a stored document, with the index fields that
// the document lacks.
type completer func(raw []byte) (*record, error)

func completerOf[T any](s *schema) completer {
	return func(raw []byte) (*record, error) {
		r, err := s.examine(raw)
		if err != nil {
			return nil, err
		}
		var written bsoncore.Document
		for f := range s.lacking(r) {
			if s.Log {
				return nil, fmt.Errorf("%q: index field is missing: %w", f.Name, errLog)
			}
			if written == nil {
				if written, err = rewrite[T](raw); err != nil {
					return nil, err
				}
				raw = append([]byte(nil), raw[:len(raw)-1]...) // without the NUL at its end
			}
			v, err := written.LookupErr(f.Name)
			if err != nil {
				return nil, fmt.Errorf("%q: index field that its type does not write", f.Name)
			}
			raw = bsoncore.AppendValueElement(raw, f.Name, v)
		}
		if written == nil {
			return r, nil
		}
		raw = append(raw, 0)
		return s.inspect(bsoncore.UpdateLength(raw, 0, int32(len(raw))))
	}
}

// rewrite encodes what was stored as its type writes it today.
func rewrite[T any](raw []byte) ([]byte, error) {
	doc := new(T)
	if err := decode(raw, doc); err != nil {
		return nil, err
	}
	if d, ok := any(doc).(Deriver); ok {
		d.Derive()
	}
	written, err := marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("cannot be encoded (%T)", err)
	}
	return written, nil
}

// incomplete is the error for a stored document that cannot be completed. Its
// place among all, by their ids, finds it; the id itself may say too much.
func incomplete(place int64, err error) error {
	return fmt.Errorf("stored document %d in the order of ids: %w", place, err)
}
