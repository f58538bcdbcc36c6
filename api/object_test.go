package api

import (
	"encoding/json"
	"reflect"
	"testing"

	"sipas/internal/fault"
)

// FuzzReadObject holds our reader to encoding/json: the same objects are
// accepted, with the same members.
func FuzzReadObject(f *testing.F) {
	for _, s := range []string{
		`{}`, ` { "a" : 1 , "b":[1,{"c":"}]\\""}], "\u0061":null,"d":-1.5e3,"e":true}\n`, `{"a":"\\","b":{}}`, `[]`, `{"a":1}{}`, `{"a"`, `1`, ``, `{"":""}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var bad fault.Fields
		o, err := readObject(body, &bad)
		var want map[string]json.RawMessage
		wantErr := json.Unmarshal(body, &want)
		if string(body) == "null" || wantErr == nil && want == nil {
			return // encoding/json takes null for an empty map; we want an object
		}
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("%q: %v, encoding/json: %v", body, err, wantErr)
		}
		if err != nil {
			return
		}
		got := map[string]json.RawMessage{}
		for _, m := range o.members {
			got[m.name] = json.RawMessage(o.raw(m.name))
			o.text(m.name)
			o.number(m.name)
			o.inner(m.name)
			o.moment(m.name)
		}
		if len(want) == 0 && len(got) == 0 {
			return
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q\n got %q\nwant %q", body, got, want)
		}
	})
}
