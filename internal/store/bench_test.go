package store_test

import (
	"crypto/rand"
	"fmt"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"sipas/internal/store"
)

// response is about what a survey's response is: 594 bytes, ids close together.
type response struct {
	store.Doc `bson:",inline"`
	Office    string    `bson:"office"`
	At        time.Time `bson:"at"`
	Answers   []byte    `bson:"answers"`
}

var responses = store.Spec{Name: "responses", Log: true, Indexes: []store.Index{
	{Name: "by_time", Fields: []store.Field{{Name: "at", Type: store.Time}}},
}}

const responseSize = 594

func newResponse() *response {
	return &response{Doc: store.Doc{ID: "2026112412" + rand.Text()[:16]}, Office: "hanoi-1", At: time.Now(), Answers: make([]byte, 490)}
}

func openResponses(b *testing.B) *store.Collection[response] {
	b.Helper()
	sized := newResponse()
	sized.Version = 1
	if raw, err := bson.Marshal(sized); err != nil || len(raw) != responseSize {
		b.Fatalf("a response has %d bytes, not %d: %v", len(raw), responseSize, err)
	}
	c, err := store.Open[response](b.Context(), openSQLite(b, b.TempDir()+"/bench.db"), responses)
	if err != nil {
		b.Fatal(err)
	}
	return c
}

func docsPerSecond(b *testing.B, perOp int) {
	b.ReportMetric(float64(b.N*perOp)/b.Elapsed().Seconds(), "docs/s")
}

// BenchmarkInsert has so many callers at once that each insert one document
// after the other, and share commits.
func BenchmarkInsert(b *testing.B) {
	for _, callers := range []int{1, 8, 32, 128} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			c := openResponses(b)
			var group sync.WaitGroup
			next := make(chan struct{}, b.N)
			for range b.N {
				next <- struct{}{}
			}
			close(next)
			b.ResetTimer()
			for range callers {
				group.Go(func() {
					for range next {
						if err := c.Insert(b.Context(), newResponse()); err != nil {
							b.Error(err)
						}
					}
				})
			}
			group.Wait()
			docsPerSecond(b, 1)
		})
	}
}

func BenchmarkInsertMany(b *testing.B) {
	for _, size := range []int{10, 100, 1000} {
		b.Run(fmt.Sprintf("docs=%d", size), func(b *testing.B) {
			c := openResponses(b)
			for b.Loop() {
				docs := make([]*response, size)
				for i := range docs {
					docs[i] = newResponse()
				}
				for _, err := range c.InsertMany(b.Context(), docs) {
					if err != nil {
						b.Fatal(err)
					}
				}
			}
			docsPerSecond(b, size)
		})
	}
}

func fill(b *testing.B, c *store.Collection[response], n int) (ids []string) {
	b.Helper()
	docs := make([]*response, n)
	start := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	for i := range docs {
		docs[i] = newResponse()
		docs[i].At = start.Add(time.Duration(i) * time.Second)
		ids = append(ids, docs[i].ID)
	}
	for _, err := range c.InsertMany(b.Context(), docs) {
		if err != nil {
			b.Fatal(err)
		}
	}
	return ids
}

func BenchmarkGet(b *testing.B) {
	c := openResponses(b)
	ids := fill(b, c, 50_000)
	for i := 0; b.Loop(); i++ {
		if _, err := c.Get(b.Context(), ids[i*7919%len(ids)]); err != nil {
			b.Fatal(err)
		}
	}
	docsPerSecond(b, 1)
}

// BenchmarkScan reads 50,000 documents in pages of 1,000.
func BenchmarkScan(b *testing.B) {
	c := openResponses(b)
	fill(b, c, 50_000)
	for b.Loop() {
		q, n := store.Query{Index: "by_time", Limit: 1000}, 0
		for {
			page, err := c.Scan(b.Context(), q)
			if err != nil {
				b.Fatal(err)
			}
			n += len(page.Items)
			if q.After = page.Next; q.After == "" {
				break
			}
		}
		if n != 50_000 {
			b.Fatal(n)
		}
	}
	docsPerSecond(b, 50_000)
}
