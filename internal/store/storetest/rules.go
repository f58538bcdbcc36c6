package storetest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"sipas/internal/store"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
)

// loose is a type with room for whatever BSON can say.
type loose struct {
	store.Doc `bson:",inline"`
	Area      bson.RawValue `bson:"area,omitempty"`
	Code      bson.RawValue `bson:"code"`
	At        bson.RawValue `bson:"at"`
	Extra     bson.RawValue `bson:"extra"`
}

func value(x any) bson.RawValue {
	if x == nil {
		return bson.RawValue{Type: bson.TypeNull}
	}
	t, data, err := bson.MarshalValue(x)
	if err != nil {
		panic(err)
	}
	return bson.RawValue{Type: t, Value: data}
}

// nested returns a document that makes the one it is put in so many levels deep.
func nested(levels int, array bool) any {
	var x any = bson.D{}
	for range levels - 2 {
		if array {
			x = bson.A{x}
		} else {
			x = bson.D{{Key: "x", Value: x}}
		}
	}
	return x
}

// rules: what both engines keep, and what one of them alone would accept.
func rules(t *testing.T, open Opener) {
	c := openAs[loose](t, open(t), visits)
	const sqlite, both = "SQLite, which keeps any bytes", "either, but not in the same way"
	for i, test := range []struct {
		name     string
		accepted string // who else would take it; "": it is stored
		change   func(*loose)
	}{
		{"string, numbers, nothing", "", func(d *loose) {
			d.Extra = value(bson.D{{Key: "s", Value: "á\x00"}, {Key: "n", Value: nil}, {Key: "f", Value: -1.5}, {Key: "i", Value: int32(1)}, {Key: "b", Value: true}})
		}},
		{"an array of documents", "", func(d *loose) { d.Extra = value(bson.A{bson.D{{Key: "x", Value: 1}}, "y"}) }},
		{"an empty key", "", func(d *loose) { d.Extra = value(bson.D{{Key: "", Value: 1}}) }},
		{"an int32 for an int64", "", func(d *loose) { d.Code = value(int32(3)) }},
		{"512 bytes in an index field", "", func(d *loose) { d.Area = value(strings.Repeat("á", 256)) }},
		{"the oldest time", "", func(d *loose) { d.At = value(time.Time{}) }},
		{"64 levels", "", func(d *loose) { d.Extra = value(nested(store.MaxDepth, false)) }},

		{"65 levels", sqlite, func(d *loose) { d.Extra = value(nested(store.MaxDepth+1, false)) }},
		{"65 levels of arrays", sqlite, func(d *loose) { d.Extra = value(nested(store.MaxDepth+1, true)) }},
		{"key with a dot", both, func(d *loose) { d.Extra = value(bson.D{{Key: "a.b", Value: 1}}) }},
		{"key with a dollar", both, func(d *loose) { d.Extra = value(bson.D{{Key: "$a", Value: 1}}) }},
		{"key twice", sqlite, func(d *loose) {
			d.Extra = value(bson.D{{Key: "a", Value: 1}, {Key: "b", Value: 1}, {Key: "a", Value: 2}})
		}},
		{"key twice, further down", sqlite, func(d *loose) {
			d.Extra = value(bson.A{bson.D{{Key: "a", Value: bson.D{{Key: "b", Value: 1}, {Key: "b", Value: 2}}}}})
		}},
		{"key that is not UTF-8", sqlite, func(d *loose) { d.Extra = value(bson.D{{Key: "a\xff", Value: 1}}) }},
		{"string that is not UTF-8", sqlite, func(d *loose) { d.Extra = value("a\xff") }},
		{"array that is not numbered", both, func(d *loose) {
			d.Extra = bson.RawValue{Type: bson.TypeArray, Value: value(bson.D{{Key: "x", Value: 1}}).Value}
		}},
		{"boolean that is neither", sqlite, func(d *loose) { d.Extra = bson.RawValue{Type: bson.TypeBoolean, Value: []byte{2}} }},
		{"string without its end", sqlite, func(d *loose) {
			d.Extra = bson.RawValue{Type: bson.TypeString, Value: []byte{2, 0, 0, 0, 'a', 'b'}}
		}},
		{"NaN", both, func(d *loose) { d.Extra = value(math.NaN()) }},
		{"infinity", both, func(d *loose) { d.Extra = value(bson.A{math.Inf(-1)}) }},
		{"object id", both, func(d *loose) { d.Extra = value(primitive.NewObjectID()) }},
		{"timestamp, filled in by MongoDB", both, func(d *loose) { d.Extra = value(primitive.Timestamp{}) }},
		{"regular expression", both, func(d *loose) { d.Extra = value(primitive.Regex{Pattern: "a"}) }},
		{"decimal", both, func(d *loose) { d.Extra = value(primitive.NewDecimal128(0, 1)) }},
		{"undefined", both, func(d *loose) { d.Extra = value(primitive.Undefined{}) }},
		{"code", both, func(d *loose) { d.Extra = value(primitive.JavaScript("1")) }},
		{"smallest key", both, func(d *loose) { d.Extra = value(primitive.MinKey{}) }},
		{"binary of the old kind", both, func(d *loose) { d.Extra = value(primitive.Binary{Subtype: 2, Data: []byte("a")}) }},
		{"index field missing", "MongoDB, as null", func(d *loose) { d.Area = bson.RawValue{} }},
		{"index field null", "MongoDB", func(d *loose) { d.Area = value(nil) }},
		{"index field of another type", "MongoDB", func(d *loose) { d.Area = value(1) }},
		{"index field a string for an integer", "MongoDB", func(d *loose) { d.Code = value("1") }},
		{"index field a float for an integer", "MongoDB", func(d *loose) { d.Code = value(1.0) }},
		{"index field an integer for a time", "MongoDB", func(d *loose) { d.At = value(int64(1)) }},
		{"index field an array", "MongoDB, with an entry for each", func(d *loose) { d.Area = value(bson.A{"a", "b"}) }},
		{"513 bytes in an index field", "either, up to a limit of its own", func(d *loose) { d.Area = value("a" + strings.Repeat("á", 256)) }},
		{"NUL in an index field", both, func(d *loose) { d.Area = value("a\x00") }},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc := &loose{Doc: store.Doc{ID: fmt.Sprint(i)}, Area: value("a"), Code: value(int64(1)), At: value(noon), Extra: value(nil)}
			test.change(doc)
			err := c.Insert(t.Context(), doc)
			if test.accepted == "" {
				want(t, "insert", err, nil)
				got := mustGet(t, c, doc.ID)
				for _, pair := range [][2]bson.RawValue{{got.Area, doc.Area}, {got.Code, doc.Code}, {got.At, doc.At}, {got.Extra, doc.Extra}} {
					if !pair[0].Equal(pair[1]) {
						t.Errorf("got %v, want %v", pair[0], pair[1])
					}
				}
				return
			}
			want(t, "insert", err, store.ErrRefused)
			_, err = c.Get(t.Context(), doc.ID)
			want(t, "get", err, store.ErrNotFound)
		})
	}

	// Replace keeps the same rules, and leaves what is stored.
	doc := &loose{Doc: store.Doc{ID: "r"}, Area: value("a"), Code: value(int64(1)), At: value(noon), Extra: value("kept")}
	mustInsert(t, c, doc)
	doc.Extra = value(math.NaN())
	want(t, "replace", c.Replace(t.Context(), doc), store.ErrRefused)
	if got := mustGet(t, c, "r"); got.Version != 1 || got.Extra.StringValue() != "kept" {
		t.Errorf("the refused Replace left %+v", got)
	}
}

func sizes(t *testing.T, open Opener) {
	c := openVisits(t, open(t))
	filler := make([]byte, store.MaxDoc)
	rand.NewChaCha8([32]byte{}).Read(filler)
	empty := visit("000")
	empty.Version, empty.Body = 1, filler[:1]
	raw, err := bson.Marshal(empty)
	want(t, "marshal", err, nil)
	most := store.MaxDoc - (len(raw) - 1)
	for i, n := range []int{1, 100, 4 << 10, 70 << 10, 1 << 20, most} {
		v := visit(fmt.Sprintf("%03d", i))
		v.Body = filler[:n]
		want(t, fmt.Sprintf("insert with %d bytes", n), c.Insert(t.Context(), v), nil)
		if got := mustGet(t, c, v.ID).Body; string(got) != string(v.Body) {
			t.Errorf("%d bytes came back as %d, or others", n, len(got))
		}
	}
	over := visit("ovr") // as long as the ids above
	over.Body = filler[:most+1]
	errs := c.InsertMany(t.Context(), []*Visit{over, visit("small")})
	want(t, "insert one byte more", errs[0], store.ErrRefused)
	want(t, "insert beside it", errs[1], nil)
	_, err = c.Get(t.Context(), over.ID)
	want(t, "get", err, store.ErrNotFound)

	// Three of the largest make two pages, whatever the limit.
	for _, id := range []string{"z1", "z2"} {
		v := visit(id)
		v.Body = filler[:most+1]
		want(t, "insert", c.Insert(t.Context(), v), nil)
	}
	page, err := c.Scan(t.Context(), store.Query{From: "005"})
	want(t, "scan", err, nil)
	if len(page.Items) == 0 || page.Next == "" {
		t.Errorf("one page of %d, with 24 MB", len(page.Items))
	}
	wantIDs(t, "all pages", walk(t, c, store.Query{From: "005"}), []string{"005", "small", "z1", "z2"})
}
