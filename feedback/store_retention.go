package feedback

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"sipas/internal/catalogue"
	"sipas/internal/store"
)

// storedRetention is a row of how long is kept what, under its ref.
type storedRetention struct {
	store.Doc `bson:",inline"`
	Retention `bson:",inline"`
}

func (s *Store) storedRetention(ctx context.Context) ([]Retention, error) {
	docs, err := s.retention.All(ctx)
	if err != nil {
		return nil, err
	}
	var list []Retention
	for _, d := range docs {
		list = append(list, d.Retention)
	}
	return list, nil
}

// MergeRetention adds rows that are not there yet, each checked by itself. Like
// Merge it overwrites nothing: what is stored with other content under the same
// ref is in Change.Differ, and then nothing is written.
func (s *Store) MergeRetention(ctx context.Context, rows []Retention) (catalogue.Change, error) {
	stored, err := s.storedRetention(ctx)
	if err != nil {
		return catalogue.Change{}, fmt.Errorf("merge retention: %w", err)
	}
	var change catalogue.Change
	missing := compare(&change, "retention", "retention", rows, stored, func(r Retention) string { return r.Ref() })
	if len(change.Differ) > 0 {
		return change, nil
	}
	for _, r := range missing {
		err := store.Repeat(func() error { return s.retention.Insert(ctx, &storedRetention{store.Doc{ID: r.Ref()}, r}) })
		if err != nil && !errors.Is(err, store.ErrExists) {
			return catalogue.Change{}, fmt.Errorf("merge retention: %w", err)
		}
	}
	return change, nil
}

// Kept is a case and until when its personal data are kept.
type Kept struct {
	Case  *Case
	Until catalogue.Date
	By    *Retention
}

// Expired lists the cases whose personal data the officer may erase because they
// have been kept for long enough, at most limit of them, the longest first, and
// says how many there are. Nothing is changed.
func (s *Store) Expired(ctx context.Context, o Officer, on catalogue.Date, limit int) (list []Kept, n int, err error) {
	rules := s.Rules()
	see := func(c *Case) error {
		if MayErase(o, c) && rules.Expired(c, on) {
			until, by := rules.Kept(c)
			list = append(list, Kept{c, until, by})
		}
		return nil
	}
	switch o.Role {
	case RoleOffice:
		err = scanAll(ctx, s.cases.docs, func(d *storedCase) error { return see(d.decode()) })
	case RoleInspection:
		err = scanAll(ctx, s.vault.docs, func(d *storedSecret) error {
			c, err := s.vault.decode(d)
			if err != nil || c.moved {
				return ignoring(err, ErrNoKey)
			}
			return see(c)
		})
	}
	if err != nil {
		return nil, 0, fmt.Errorf("list expired cases: %w", err)
	}
	slices.SortFunc(list, func(a, b Kept) int {
		if a.Until != b.Until {
			return a.Until.Days() - b.Until.Days()
		}
		return position{b.Case.DueAt, b.Case.Code}.compare(a.Case)
	})
	return list[:min(limit, len(list))], len(list), nil
}

func ignoring(err, known error) error {
	if errors.Is(err, known) {
		return nil
	}
	return err
}

// TakeWords stores an erasure that (*Case).Erase has returned; EndErasures brings
// it, and others with it, to its end. ErrStale if somebody else has changed the
// case since c was read.
//
// It goes in steps that can be repeated; one that was cut off is ended by Settle
// or by whoever erases it again:
//
//  1. The case without its words takes the place of the case. From here on nobody
//     reads them.
//  2. Its files are deleted, and the notices about it.
//  3. What the database still has on disk of all that is overwritten: this writes
//     all cases anew, once for however many are erased together.
//  4. The case is marked as done with.
func (s *Store) TakeWords(ctx context.Context, c *Case, e Event) error {
	if _, err := s.Apply(ctx, c, e); err != nil {
		return fmt.Errorf("erase case: %w", err)
	}
	return nil
}

func (s *Store) deleteFiles(ctx context.Context, c *Case) error {
	for _, f := range c.Erasure.Files {
		for n := range f.Pieces {
			err := store.Repeat(func() error { return s.pieces.Delete(ctx, pieceID(f.ID, n)) })
			if err := ignoring(err, store.ErrNotFound); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Store) purgeNotices(ctx context.Context, c *Case) error { return s.outbox.Purge(ctx, c.Code) }

// wipeErased wipes where cases of the kind stood with their words.
func (s *Store) wipeErased(ctx context.Context, c *Case) error {
	if c.Kind == Denunciation {
		return s.vault.docs.Scrub(ctx)
	}
	return s.scrub(ctx)
}

func (s *Store) markErased(ctx context.Context, c *Case) error {
	for range tries {
		c.Erasure.Files, c.Erasure.Done = nil, true
		err := s.of(c.Kind).replace(ctx, c)
		if !errors.Is(err, store.ErrStale) {
			return err
		}
		now, err := s.of(c.Kind).get(ctx, c.Code) // sealed anew meanwhile, or marked by somebody else
		if err != nil || now.Erasure.Done {
			return err
		}
		*c = *now
	}
	return store.ErrUnavailable
}

// EndErasures ends what TakeWords has begun, also where it was cut off or the files
// of the database could not be cleaned at the time. It may be run at any time.
func (s *Store) EndErasures(ctx context.Context) error {
	for _, b := range []book{s.cases, s.vault} {
		if err := s.endErasures(ctx, b); err != nil {
			return fmt.Errorf("end erasures: %w", err)
		}
	}
	return nil
}

func (s *Store) endErasures(ctx context.Context, b book) error {
	var begun []*Case
	for head, err := range listed(ctx, b, store.Query{Index: "queue", Equal: []any{erasing}}) {
		if err != nil {
			return err
		}
		if head.Unreadable() {
			continue
		}
		c, err := b.get(ctx, head.Code)
		if err == nil {
			err = errors.Join(s.deleteFiles(ctx, c), s.purgeNotices(ctx, c))
		}
		if err != nil {
			return err
		}
		begun = append(begun, c)
	}
	if len(begun) == 0 {
		return nil
	}
	if err := s.wipeErased(ctx, begun[0]); err != nil {
		return err
	}
	for _, c := range begun {
		if err := s.markErased(ctx, c); err != nil {
			return err
		}
	}
	return nil
}
