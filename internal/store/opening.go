package store

import "context"

// Opening opens one thing of a store, and puts it where its owner keeps it.
type Opening func(context.Context, *Store) error

// Into is the Opening of a collection.
func Into[T any](to **Collection[T], spec Spec) Opening {
	return func(ctx context.Context, s *Store) (err error) {
		*to, err = Open[T](ctx, s, spec)
		return err
	}
}

// RevisionInto is the Opening of a revision.
func RevisionInto(to **Revision, id string) Opening {
	return func(ctx context.Context, s *Store) (err error) {
		*to, err = OpenRevision(ctx, s, id)
		return err
	}
}

// OpenAll opens one after the other, up to the first that fails.
func (s *Store) OpenAll(ctx context.Context, openings ...Opening) error {
	for _, open := range openings {
		if err := open(ctx, s); err != nil {
			return err
		}
	}
	return nil
}
