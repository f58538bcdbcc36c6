package feedback

import "context"

// BeginMove takes a step that moves a case and stops after so many of the three
// writes, as a server does that is killed. It returns the case on its way.
func (s *Store) BeginMove(ctx context.Context, c *Case, e Event, writes int) (*Case, error) {
	next := *e.becomes
	if err := s.leave(ctx, s.of(c.Kind), &next); err != nil || writes == 1 {
		return &next, err
	}
	if err := s.land(ctx, &next); err != nil || writes == 2 {
		return &next, err
	}
	return &next, s.cases.replace(ctx, s.mark(&next, next.Version(), next.revision))
}

// EndMove goes on with a move where it was stopped.
func (s *Store) EndMove(ctx context.Context, c *Case) error {
	_, err := s.arrive(ctx, c)
	return err
}

// Left returns what the book of open cases has under a code.
func (s *Store) Left(ctx context.Context, code string) (*Case, error) { return s.cases.get(ctx, code) }

// StoredDays returns an explanation as it comes back from the store.
func StoredDays(days []Day) []Day { return packDays(days).unpack() }

// PutBack stores a case as it was before it moved, as a backup may have it that
// was taken during the move.
func (s *Store) PutBack(ctx context.Context, c *Case) error {
	b := s.of(c.Kind)
	mark, err := b.get(ctx, c.Code)
	if err != nil {
		return err
	}
	before := *c
	before.revision = mark.revision
	return b.replace(ctx, &before)
}

// PutFilesOnly stores the files of a request and not its case, as a server does
// that is killed between.
func (s *Store) PutFilesOnly(ctx context.Context, d *Draft) error {
	k, err := s.ring.Load().newest()
	if err != nil {
		return err
	}
	c := d.c
	c.Code = k.code(d.key, d.secret(), 0)
	return s.putFiles(ctx, k, d, &c)
}

// BeginErasure erases a case and stops after so many of its writes, as a server
// does that is killed: the case, a first piece of a file, the rest, the notices,
// the files of the database.
func (s *Store) BeginErasure(ctx context.Context, c *Case, e Event, writes int) error {
	next, err := s.Apply(ctx, c, e)
	if err != nil {
		return err
	}
	firstPiece := func(ctx context.Context, c *Case) error {
		return s.pieces.Delete(ctx, pieceID(c.Erasure.Files[0].ID, 0))
	}
	for _, step := range []func(context.Context, *Case) error{firstPiece, s.deleteFiles, s.purgeNotices, s.wipeErased}[:writes-1] {
		if err := step(ctx, next); err != nil {
			return err
		}
	}
	return nil
}

// Pieces counts the pieces of files that are stored.
func (s *Store) Pieces(ctx context.Context) (n int, err error) {
	return n, scanAll(ctx, s.pieces, func(*storedPiece) error { n++; return nil })
}

// Erasing returns what is known of an erasure and left of it.
func (s *Store) Erasing(ctx context.Context, k Kind, code string) (Erasure, error) {
	c, err := s.of(k).get(ctx, code)
	if err != nil {
		return Erasure{}, err
	}
	return c.Erasure, nil
}
