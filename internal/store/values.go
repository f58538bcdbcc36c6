package store

import (
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"
)

// FieldReader is a stored type that itself takes in the fields behind its Doc, in
// place of reflection over its tags: a third of the time, for what is read by the
// million. A document in which a field is not of the type that it asks for is read
// by its tags instead, so it need not know what else there may be.
type FieldReader interface{ ReadField(name string, v Value) }

// Value is the value of a field that is being read.
type Value struct {
	raw bsoncore.Value
	odd *bool // something was not of the type that was asked for
}

func (v Value) take(ok bool) {
	if !ok {
		*v.odd = true
	}
}

// String returns a text.
func (v Value) String() string {
	s, ok := v.raw.StringValueOK()
	v.take(ok)
	return s
}

// Int returns a whole number, of either width.
func (v Value) Int() int {
	n, ok := v.raw.AsInt64OK()
	v.take(ok && v.raw.Type != bson.TypeDouble)
	return int(n)
}

// Bool returns a yes or no.
func (v Value) Bool() bool {
	b, ok := v.raw.BooleanOK()
	v.take(ok)
	return b
}

// Time returns a moment, in UTC.
func (v Value) Time() time.Time {
	ms, ok := v.raw.DateTimeOK()
	v.take(ok)
	return time.UnixMilli(ms).UTC()
}

// Strings returns a list of texts; null is nil.
func (v Value) Strings() []string {
	if v.raw.Type == bson.TypeNull {
		return nil
	}
	list := []string{}
	array, ok := v.raw.ArrayOK()
	v.take(ok && v.each(bsoncore.Document(array), func(_ string, item Value) { list = append(list, item.String()) }))
	return list
}

// Each visits the fields of an embedded document.
func (v Value) Each(visit func(name string, v Value)) {
	d, ok := v.raw.DocumentOK()
	v.take(ok && v.each(d, visit))
}

func (v Value) each(d bsoncore.Document, visit func(name string, v Value)) bool {
	return eachField(d, func(name string, raw bsoncore.Value) { visit(name, Value{raw, v.odd}) })
}

// eachField reports whether the document is whole.
func eachField(d bsoncore.Document, visit func(name string, raw bsoncore.Value)) bool {
	length, rest, ok := bsoncore.ReadLength(d)
	if !ok || int(length) != len(d) || length < 5 {
		return false
	}
	for len(rest) > 1 {
		var e bsoncore.Element
		if e, rest, ok = bsoncore.ReadElement(rest); !ok {
			return false
		}
		v, err := e.ValueErr()
		if err != nil {
			return false
		}
		visit(e.Key(), v)
	}
	return len(rest) == 1 && rest[0] == 0
}

// readFields reads a document into one that takes in its own fields. False: it is
// to be read by its tags, into a new one.
func readFields(raw []byte, doc any, to FieldReader) bool {
	odd := false
	d := docOf(doc)
	whole := eachField(raw, func(name string, raw bsoncore.Value) {
		v := Value{raw, &odd}
		switch name {
		case "_id":
			d.ID = v.String()
		case "version":
			d.Version = int64(v.Int())
		case "write":
			d.Write = v.String()
		default:
			to.ReadField(name, v)
		}
	})
	return whole && !odd
}
