package store

import (
	"errors"
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/bsoncodec"
)

// record is a document as the engines get it: encoded, and found to keep every
// rule, so that no engine has an opinion of its own.
type record struct {
	id      string
	version int64
	write   string
	fields  []any // values of schema.fields: a string, or an int64 (Time: milliseconds)
	raw     []byte
}

// encode makes the record of doc, or returns ErrRefused. What the encoder says
// is left out: it may quote the document.
func (s *schema) encode(doc any) (*record, error) {
	raw, err := marshal(doc)
	if err != nil {
		return nil, ErrRefused.Because(fmt.Errorf("cannot be encoded (%T)", err))
	}
	r, err := s.inspect(raw)
	if err != nil {
		return nil, ErrRefused.Because(err)
	}
	return r, nil
}

// encodeReplace makes the record of a Replace. The token takes the place of
// the bare attempt that its digest is computed over.
func (s *schema) encodeReplace(doc any, attempt string) (*record, error) {
	d := docOf(doc)
	d.Write = attempt
	raw, err := marshal(doc)
	if err != nil {
		return nil, ErrRefused.Because(fmt.Errorf("cannot be encoded (%T)", err))
	}
	d.Write = writeToken(attempt, raw)
	return s.encode(doc)
}

// decode reads what an engine returned into doc. Times come out in UTC. What
// the decoder says is left out but for the place: it may quote the document.
func decode[T any](raw []byte, doc *T) error {
	if r, ok := any(doc).(FieldReader); ok {
		if readFields(raw, doc, r) {
			return nil
		}
		*doc = *new(T)
	}
	err := bson.Unmarshal(raw, doc)
	if err == nil {
		return nil
	}
	if de := (*bsoncodec.DecodeError)(nil); errors.As(err, &de) {
		return fmt.Errorf("stored document does not fit its type at %s", strings.Join(de.Keys(), "."))
	}
	return fmt.Errorf("stored document cannot be decoded (%T)", err)
}

// settleReplace decides a Replace whose condition did not match, from what is
// stored under its id instead.
func settleReplace(r *record, stored []byte) error {
	now := bson.Raw(stored)
	version, _ := now.Lookup("version").Int64OK()
	write, _ := now.Lookup("write").StringValueOK()
	switch {
	case version == r.version && write == r.write:
		return nil // an earlier attempt of the same call had landed
	case version == r.version-1:
		// It would have matched: whatever was read is not what was written to.
		return ErrUnknown.Because(errors.New("read another state than was written to"))
	default:
		return ErrStale
	}
}

// settled tells whether err says for certain how a Replace and all earlier
// attempts at it ended.
func settled(err error) bool {
	return errors.Is(err, ErrStale) || errors.Is(err, ErrNotFound)
}
