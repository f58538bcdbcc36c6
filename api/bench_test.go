package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

// nowhere is a ResponseWriter that keeps nothing.
type nowhere struct {
	h      http.Header
	status int
}

func (n *nowhere) Header() http.Header         { return n.h }
func (n *nowhere) WriteHeader(status int)      { n.status = status }
func (n *nowhere) Write(p []byte) (int, error) { return len(p), nil }

func BenchmarkSurveyPage(b *testing.B) {
	o := newOffice(b)
	code := o.link(`"kind":"counter","area":"dat-dai"`)
	for b.Loop() {
		r, _ := http.NewRequest("GET", "/k/"+code, nil)
		r.Header.Set("Accept-Encoding", "gzip")
		w := &nowhere{h: http.Header{}}
		if o.server.ServeHTTP(w, r); w.status != 200 {
			b.Fatal(w.status)
		}
	}
}

func BenchmarkRespond(b *testing.B) {
	o := newOffice(b)
	path := "/api/v1/surveys/" + o.link(`"kind":"counter","area":"dat-dai"`) + "/responses"
	var n atomic.Int64
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			body := fmt.Sprintf(`{"key":"bench-%09d","overall":4,"answers":{"15":5,"16":4,"17":4,"18":3,"19":5,"20":4,"21":4,"22":2,"23":5,"24":4,"25":4,"26":5,"27":4,"28":3,"29":4,"30":5,"31":0,"32":0,"33":0},"extra":{"visits":"2"},"profile":{"sex":"female","age":"35-49"},"lang":"vi"}`, n.Add(1))
			r, _ := http.NewRequest("POST", path, strings.NewReader(body))
			w := &nowhere{h: http.Header{}}
			if o.server.ServeHTTP(w, r); w.status != 201 {
				b.Fatal(w.status)
			}
		}
	})
}
