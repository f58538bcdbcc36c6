package feedback

import (
	"context"
	"errors"
	"fmt"

	"sipas/internal/store"
)

// A case that is found to be a denunciation, or not to be one, moves from one
// book into the other. There are no transactions, so it goes in three writes,
// each of which can be repeated, and whoever meets a case on its way brings it
// to its end:
//
//  1. The case with the step in it takes the place of the case as it was. Here
//     it is decided who wins, as with any step, and from here on nobody sees it.
//  2. It is inserted into the other book. What was to be told of what is a
//     denunciation now is purged.
//  3. A mark without content takes its place in the first one.
//
// The database's files may hold for a while what a document was. So the mark of
// what is a denunciation now says that there are traces, until they are wiped.

// leave is the first write; next is the case after the step that makes it move.
func (s *Store) leave(ctx context.Context, from book, next *Case) error {
	next.moved = true
	return from.replace(ctx, next)
}

// arrive does the rest for a case on its way, and returns the case as it is now.
func (s *Store) arrive(ctx context.Context, c *Case) (*Case, error) {
	if err := s.land(ctx, c); err != nil {
		return nil, fmt.Errorf("move case: %w", err)
	}
	if c.Kind == Denunciation {
		if err := s.outbox.Purge(ctx, c.Code); err != nil {
			return nil, fmt.Errorf("move case: %w", err)
		}
	}
	mark := s.mark(c, c.Version(), c.revision)
	// A stale one: somebody else has brought it here.
	if err := s.other(c.Kind).replace(ctx, mark); err != nil && !errors.Is(err, store.ErrStale) {
		return nil, fmt.Errorf("move case: %w", err)
	}
	if c.Kind == Denunciation {
		// The move is done, whatever comes of this: the mark says what is left to do.
		_ = s.Wipe(context.WithoutCancel(ctx))
	}
	return s.find(ctx, c.Code)
}

// land is the second write.
func (s *Store) land(ctx context.Context, c *Case) error {
	to, arrived := s.of(c.Kind), *c
	arrived.moved, arrived.revision, arrived.left = false, 0, 0
	err := to.insert(ctx, &arrived)
	if errors.Is(err, store.ErrExists) {
		return s.landAgain(ctx, to, &arrived)
	}
	return err
}

// landAgain puts the case in the place of what is left of it from when it was
// in the book before. If it is there already, or has left since, somebody else
// has ended this move.
func (s *Store) landAgain(ctx context.Context, to book, arrived *Case) error {
	there, err := to.get(ctx, arrived.Code)
	if err != nil || !there.away() || there.left >= arrived.Version() {
		return err
	}
	arrived.revision = there.revision
	if err := to.replace(ctx, arrived); !errors.Is(err, store.ErrStale) {
		return err
	}
	return nil
}

// mark is what is left in a book of a case that is in the other one now, with so
// many events, and in the place of that revision.
func (s *Store) mark(c *Case, left int, revision int64) *Case {
	return &Case{Code: c.Code, moved: true, traced: c.Kind == Denunciation, left: left, revision: revision}
}

// Wipe removes what the database's files still hold of cases that have become
// denunciations. It is run after each such move, and to be run now and then, as
// it may have been cut off; with nothing to do it reads one index.
func (s *Store) Wipe(ctx context.Context) error {
	wiped := false
	for c, err := range listed(ctx, s.cases, store.Query{Index: "queue", Equal: []any{traces}}) {
		if err == nil && !wiped {
			wiped, err = true, s.scrub(ctx)
		}
		if err == nil {
			err = s.unmark(ctx, c.Code)
		}
		if err != nil {
			return fmt.Errorf("wipe traces of cases: %w", err)
		}
	}
	return nil
}

// scrub wipes what holds words or codes of cases.
func (s *Store) scrub(ctx context.Context) error {
	if err := s.cases.docs.Scrub(ctx); err != nil {
		return err
	}
	return s.outbox.Scrub(ctx)
}

// unmark says of a case that has gone that no traces are left.
func (s *Store) unmark(ctx context.Context, code string) error {
	mark, err := s.cases.get(ctx, code)
	if err != nil || !mark.traced {
		return err
	}
	mark.traced = false
	if err := s.cases.replace(ctx, mark); !errors.Is(err, store.ErrStale) {
		return err
	}
	return nil // it comes back, or somebody else has done this
}

// other returns the book that cases of the kind are not in.
func (s *Store) other(k Kind) book {
	if k == Denunciation {
		return s.cases
	}
	return s.vault
}

// Settle ends what was cut off when a server stopped, and decides where a case
// is that a backup, taken during its move, has in both books. It is run at the
// start and may be run at any time. What cannot be read, because a key is missing,
// it leaves for when the key is there.
func (s *Store) Settle(ctx context.Context) error {
	for _, b := range []book{s.cases, s.vault} {
		for c, err := range listed(ctx, b, store.Query{Index: "queue", Equal: []any{moving}}) {
			if err == nil {
				_, err = s.find(ctx, c.Code)
			}
			if err != nil && !errors.Is(err, ErrNoKey) {
				return fmt.Errorf("settle moves of cases: %w", err)
			}
		}
	}
	if err := s.EndErasures(ctx); err != nil {
		return err
	}
	for c, err := range listed(ctx, s.vault, store.Query{}) {
		if err == nil && !c.moved && !c.Unreadable() {
			err = s.settleTwins(ctx, c.Code)
		}
		if err != nil {
			return fmt.Errorf("settle moves of cases: %w", err)
		}
	}
	return nil
}

// settleTwins leaves only the later of two states of a case.
func (s *Store) settleTwins(ctx context.Context, code string) error {
	open, err := s.cases.get(ctx, code)
	if errors.Is(err, store.ErrNotFound) || err == nil && open.moved {
		return nil
	}
	if err != nil {
		return err
	}
	secret, err := s.vault.get(ctx, code)
	if err != nil {
		return err
	}
	if secret.Version() < open.Version() {
		return s.vault.replace(ctx, s.mark(open, open.Version(), secret.revision))
	}
	return s.cases.replace(ctx, s.mark(secret, secret.Version(), open.revision))
}
