package backup_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"sipas/internal/backup"
	"sipas/internal/store"
)

// ticket is a document as an older program stored it, numbered as today's does.
type ticket struct {
	store.Doc `bson:",inline"`
	Words     string `bson:"words"`
}

type numbered struct {
	store.Doc `bson:",inline"`
	Words     string `bson:"words"`
	Number    int    `bson:"number"`
}

// TestRestoreOlder brings the backup of an older program into a store whose
// documents have one more index field, in one go and cut off behind each page.
func TestRestoreOlder(t *testing.T) {
	from := newShelf(t)
	tickets, err := store.Open[ticket](t.Context(), from.Store, store.Spec{Name: "tickets"})
	if err != nil {
		t.Fatal(err)
	}
	var docs []*ticket
	for i := range 1200 {
		docs = append(docs, &ticket{Doc: store.Doc{ID: fmt.Sprintf("%04d", i)}, Words: "Cảm ơn"})
	}
	if err := errors.Join(tickets.InsertMany(t.Context(), docs)...); err != nil {
		t.Fatal(err)
	}
	f := from.backUp(t)
	for stopAt := 1; ; stopAt++ {
		to := newShelf(t)
		c, err := store.Open[numbered](t.Context(), to.Store, store.Spec{Name: "tickets", Indexes: []store.Index{
			{Name: "by_number", Fields: []store.Field{{Name: "number", Type: store.Int64}}},
		}})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		pages := 0
		_, cut := backup.Restore(ctx, f, to.Store, now, func(string, string, int64) {
			if pages++; pages == stopAt {
				stop()
			}
		})
		stop()
		if cut != nil {
			if _, err := backup.Restore(t.Context(), f, to.Store, now, nil); err != nil {
				t.Fatalf("the same again, cut off behind page %d: %v", stopAt, err)
			}
		}
		page, err := c.Scan(t.Context(), store.Query{Index: "by_number", Equal: []any{0}, Limit: 1000})
		if err != nil || len(page.Items) != 1000 || page.Items[999].ID != "0999" || page.Items[999].Words != "Cảm ơn" {
			t.Fatalf("cut off behind page %d, %d documents are found: %v", stopAt, len(page.Items), err)
		}
		if cut == nil {
			break
		}
	}
}
