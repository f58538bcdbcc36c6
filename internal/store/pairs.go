package store

import (
	"fmt"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/bsontype"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"
)

// Pairs is a small document with keys that are not known beforehand, in a fixed
// order. Stored types use it where a Go map would be written in a new order each
// time, so that two encodings of one fact never differ.
type Pairs[V int | string] []Pair[V]

// Pair is one key with its value. The key follows the rules of all keys: no
// dot, no dollar sign, no NUL.
type Pair[V int | string] struct {
	Key   string
	Value V
}

// WriteFields writes the pairs, numbers in 64 bits.
func (p Pairs[V]) WriteFields(f *Fields) {
	for _, x := range p {
		switch v := any(x.Value).(type) {
		case int:
			f.int64(x.Key, int64(v))
		case string:
			f.String(x.Key, v)
		}
	}
}

// MarshalBSONValue writes the pairs as an embedded document.
func (p Pairs[V]) MarshalBSONValue() (bsontype.Type, []byte, error) {
	b, err := writeDocument(p.WriteFields)
	return bson.TypeEmbeddedDocument, b, err
}

// UnmarshalBSONValue reads what MarshalBSONValue wrote; numbers of either width.
func (p *Pairs[V]) UnmarshalBSONValue(t bsontype.Type, data []byte) error {
	*p = nil
	if t == bson.TypeNull {
		return nil
	}
	if t != bson.TypeEmbeddedDocument {
		return fmt.Errorf("pairs: a document was expected, not %s", t)
	}
	elements, err := bsoncore.Document(data).Elements()
	if err != nil {
		return fmt.Errorf("pairs: %w", err)
	}
	for _, e := range elements {
		x := Pair[V]{Key: e.Key()}
		ok := false
		switch v := any(&x.Value).(type) {
		case *int:
			var n int64
			n, ok = e.Value().AsInt64OK()
			*v = int(n)
		case *string:
			*v, ok = e.Value().StringValueOK()
		}
		if !ok {
			return fmt.Errorf("pairs: %s has the type %s", x.Key, e.Value().Type)
		}
		*p = append(*p, x)
	}
	return nil
}
