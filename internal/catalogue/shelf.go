package catalogue

import (
	"context"
	"errors"
	"slices"

	"sipas/internal/store"
)

// history is the document of one id.
type history[R row[R]] struct {
	store.Doc `bson:",inline"`
	Rows      []R `bson:"rows"` // the earliest first
}

func rowsOf[R row[R]](documents []*history[R]) []R {
	rows := make([]R, 0, len(documents))
	for _, d := range documents {
		rows = append(rows, d.Rows...)
	}
	return rows
}

// shelf is the collection of one kind.
type shelf[R row[R]] struct {
	docs *store.Collection[history[R]]
	of   func(*contents) *[]*history[R] // where all that is stored has the kind
}

func openShelf[R row[R]](ctx context.Context, s *store.Store, of func(*contents) *[]*history[R], to **shelf[R]) error {
	var r R
	docs, err := store.Open[history[R]](ctx, s, store.Spec{Name: r.kind().list()})
	*to = &shelf[R]{docs, of}
	return err
}

// all reads every document.
func (s *shelf[R]) all(ctx context.Context, to *[]*history[R]) (err error) {
	*to, err = s.docs.All(ctx)
	return err
}

// maxTogether keeps a write short for a server that waits to write beside it.
const maxTogether = 500

// put stores documents that were read and changed, and new ones. It stops at
// the first that cannot be stored.
func (s *shelf[R]) put(ctx context.Context, documents []*history[R]) error {
	var fresh, changed []*history[R]
	for _, d := range documents {
		if d.Version == 0 {
			fresh = append(fresh, d)
		} else {
			changed = append(changed, d)
		}
	}
	for some := range slices.Chunk(fresh, maxTogether) {
		if err := errors.Join(s.docs.InsertMany(ctx, some)...); err != nil {
			return err
		}
	}
	for _, d := range changed {
		if err := s.docs.Replace(ctx, d); err != nil {
			return err
		}
	}
	return nil
}
