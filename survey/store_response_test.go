package survey

import (
	"bytes"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"sipas/internal/catalogue"
	"sipas/internal/store"
)

// taggedResponse is a storedResponse without its method: it is written by its
// tags.
type taggedResponse storedResponse

// TestResponseIsWrittenAsItsTagsSay: a response is read, also by other programs,
// by the tags of its type; what it writes by itself has to be the same bytes.
func TestResponseIsWrittenAsItsTagsSay(t *testing.T) {
	var full storedResponse
	fill(reflect.ValueOf(&full).Elem(), new(int))
	full.Answers = store.Pairs[int]{{Key: "15", Value: 5}, {Key: "16", Value: 0}, {Key: "17", Value: 1 << 40}}
	full.Extra = store.Pairs[string]{{Key: "visits", Value: "2"}, {Key: "", Value: ""}}
	large := full
	large.Overall, large.Shape = 1<<40, -1<<40
	for name, d := range map[string]storedResponse{
		"everything":           full,
		"nothing":              {},
		"numbers of 64 bits":   large,
		"no flags, but a list": {Response: Response{Flags: []string{}}},
		"half of a profile":    {Response: Response{Profile: Profile{Age: "35-49", Residence: "thanh-thi"}}},
		"Vietnamese":           {Response: Response{Comment: "Thủ tục nhanh, cảm ơn."}},
		"before 1970":          {Response: Response{ReceivedAt: time.Date(1954, 10, 10, 1, 2, 3, 999_999_999, catalogue.Zone)}},
	} {
		t.Run(name, func(t *testing.T) {
			d.Doc.ID = "key-of-a-sheet"
			tagged := taggedResponse(d)
			if a, b := written(t, &d), written(t, &tagged); !bytes.Equal(a, b) {
				t.Errorf("\n%q\ninstead of\n%q", a, b)
			}
			if a, b := read[storedResponse](t, &d), storedResponse(*read[taggedResponse](t, &d)); !reflect.DeepEqual(*a, b) {
				t.Errorf("read as\n%+v\ninstead of\n%+v", *a, b)
			}
		})
	}
}

// fill sets every field, each to another value, so that one which is not
// written, or in the place of another, shows.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.UnixMilli(int64(*n))))
		return
	case []string:
		v.Set(reflect.ValueOf([]string{FlagFast, FlagBurst}))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(string(rune('A' + *n)))
	case reflect.Int:
		v.SetInt(int64(*n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				fill(v.Field(i), n)
			}
		}
	}
}

// written returns the bytes that a document is stored as.
func written[T any](t *testing.T, doc *T) []byte {
	t.Helper()
	db, err := store.OpenSQLite(filepath.Join(t.TempDir(), "a.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(t.Context())
	c, err := store.Open[T](t.Context(), db, store.Spec{Name: "a"})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Insert(t.Context(), doc); err != nil {
		t.Fatal(err)
	}
	d, err := db.Dump(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	docs, err := d.Next(t.Context())
	if err != nil || len(docs) != 1 {
		t.Fatalf("%d documents, %v", len(docs), err)
	}
	return docs[0]
}

// read stores a response and reads it back as a T.
func read[T any](t *testing.T, doc *storedResponse) *T {
	t.Helper()
	db, err := store.OpenSQLite(filepath.Join(t.TempDir(), "a.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(t.Context())
	in, err := store.Open[storedResponse](t.Context(), db, store.Spec{Name: "a"})
	if err != nil {
		t.Fatal(err)
	}
	d := *doc
	if err := in.Insert(t.Context(), &d); err != nil {
		t.Fatal(err)
	}
	out, err := store.Open[T](t.Context(), db, store.Spec{Name: "a"})
	if err != nil {
		t.Fatal(err)
	}
	got, err := out.Get(t.Context(), doc.Doc.ID)
	if err != nil {
		t.Fatal(err)
	}
	return got
}
