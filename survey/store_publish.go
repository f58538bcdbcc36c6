package survey

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"sipas/internal/catalogue"
	"sipas/internal/store"
)

// Published lists every published version, by id and version.
func (s *Store) Published(ctx context.Context) ([]Published, error) {
	docs, err := s.questionnaires.All(ctx)
	if err != nil {
		return nil, fmt.Errorf("list questionnaires: %w", err)
	}
	var list []Published
	for _, d := range docs {
		list = append(list, d.published())
	}
	slices.SortFunc(list, func(a, b Published) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Version, b.Version))
	})
	return list, nil
}

func (d *storedQuestionnaire) published() Published { return Published{d.Questionnaire, d.Doc.Version} }

// find returns the version of a Ref, nil if there is none.
func find(list []Published, ref string) *Published {
	for i := range list {
		if list[i].Ref() == ref {
			return &list[i]
		}
	}
	return nil
}

// Publish makes a draft the version that is asked from a day on, today or later,
// and ends the one before it on the day before. seen is the version of the draft
// that was looked at. The questions can never be changed again.
//
// What is wrong is an Invalid fault that names fields of the questionnaire and
// the day ("from"); ErrVersionTaken; ErrNoDraft; or store.ErrStale, if somebody
// has changed the draft or published it for another day. With any of them the
// draft is returned as it is stored.
//
// The draft is marked first, so that of two who publish it one does, and nobody
// changes it meanwhile. All later steps can be repeated: the same call again
// finishes what was cut off, and of what is done already it is no error.
func (s *Store) Publish(ctx context.Context, ref string, seen int64, from, today catalogue.Date) (Draft, error) {
	d, err := s.publish(ctx, ref, seen, from, today)
	if err != nil {
		return d, fmt.Errorf("publish %s: %w", ref, err)
	}
	return d, nil
}

func (s *Store) publish(ctx context.Context, ref string, seen int64, from, today catalogue.Date) (Draft, error) {
	d, err := s.draft(ctx, ref)
	if err != nil {
		return Draft{}, err
	}
	published, err := s.Published(ctx)
	if err != nil {
		return d.draft(), err
	}
	q := d.Questionnaire
	q.From, q.To = from, ""
	there := find(published, ref)
	switch {
	case d.Publishing != "" && (d.Publishing != from || d.Doc.Version != seen+1), d.Publishing == "" && d.Doc.Version != seen:
		return d.draft(), store.ErrStale
	case there != nil && (there.Digest() != q.Digest() || there.From != from):
		return d.draft(), ErrVersionTaken
	case there != nil: // cut off before the version before it was ended
	case d.Publishing != "" && from < today: // cut off too long ago
		d.Publishing = ""
		now, err := s.replaceDraft(ctx, d, "unmark")
		if err == nil {
			err = checkPublish(&q, published, today)
		}
		return now, err
	default:
		if err := checkPublish(&q, published, today); err != nil {
			return d.draft(), err
		}
	}
	if d.Publishing == "" {
		d.Publishing = from
		if now, err := s.replaceDraft(ctx, d, "mark"); err != nil {
			return now, err
		}
	}
	err = s.AddQuestionnaires(ctx, []Questionnaire{q})
	if errors.Is(err, ErrQuestionnaireFrozen) { // a file of this version was loaded meanwhile
		d.Publishing = ""
		now, lost := s.replaceDraft(ctx, d, "unmark")
		return now, errors.Join(ErrVersionTaken, lost)
	}
	if err != nil {
		return d.draft(), err
	}
	last := from.AddDays(-1)
	for _, p := range published {
		if p.endedBy(&q) {
			if err := s.moveEnd(ctx, p.Ref(), func(to catalogue.Date) bool { return to == "" || to > last }, last); err != nil {
				return d.draft(), err
			}
		}
	}
	return d.draft(), s.Changed(ctx)
}

// moveEnd sets the last day of a version if the one that it has is to be moved,
// whoever else changes it meanwhile.
func (s *Store) moveEnd(ctx context.Context, ref string, move func(catalogue.Date) bool, to catalogue.Date) error {
	for {
		d, err := s.questionnaires.Get(ctx, ref)
		if err == nil && move(d.To) {
			d.To = to
			err = s.questionnaires.Replace(ctx, d)
		}
		switch {
		case errors.Is(err, store.ErrStale): // somebody else has got further
		case errors.Is(err, store.ErrNotFound): // withdrawn meanwhile
			return nil
		default:
			return err
		}
	}
}

// Amend changes the terms of a published version, if seen is what is stored:
// with an end it retires the version, and its links close after that day unless
// another version follows. What is wrong is an Invalid fault that names the field,
// or ErrNoQuestionnaire; store.ErrStale comes with what is stored. What is so
// already is no error.
func (s *Store) Amend(ctx context.Context, ref string, seen int64, t Terms, today catalogue.Date) (Published, error) {
	published, err := s.Published(ctx)
	if err != nil {
		return Published{}, err
	}
	p := find(published, ref)
	if p == nil {
		return Published{}, ErrNoQuestionnaire
	}
	before := *p
	if t == (Terms{p.To, p.Source, p.Confirmed}) {
		return before, s.Changed(ctx) // the announcement may be what was cut off
	}
	if err := p.amend(t, published, today); err != nil {
		return before, err
	}
	d := &storedQuestionnaire{Doc: store.Doc{ID: ref, Version: seen}, Questionnaire: p.Questionnaire}
	if err := s.questionnaires.Replace(ctx, d); err != nil {
		if now, lost := s.questionnaires.Get(ctx, ref); lost == nil {
			before = now.published()
		}
		return before, fmt.Errorf("amend %s: %w", ref, err)
	}
	return d.published(), s.Changed(ctx)
}

// Withdraw makes a published version that has not begun a draft again; the one
// before it goes on. ErrBegun, if people may have answered it; ErrNoQuestionnaire;
// store.ErrStale, if its terms have changed since seen. The same call again
// finishes what was cut off.
//
// A version of the files that are shipped comes back with the next start.
func (s *Store) Withdraw(ctx context.Context, ref string, seen int64, by string, now time.Time) (Draft, error) {
	d, err := s.withdraw(ctx, ref, seen, by, now)
	if err != nil {
		return d, fmt.Errorf("withdraw %s: %w", ref, err)
	}
	return d, nil
}

func (s *Store) withdraw(ctx context.Context, ref string, seen int64, by string, now time.Time) (Draft, error) {
	published, err := s.Published(ctx)
	if err != nil {
		return Draft{}, err
	}
	p := find(published, ref)
	if p == nil {
		d, err := s.draft(ctx, ref)
		if err != nil || d.Publishing != "" {
			return Draft{}, ErrNoQuestionnaire
		}
		return d.draft(), s.Changed(ctx) // done already, but for the announcement
	}
	if err := p.checkWithdraw(now); err != nil {
		return Draft{}, err
	}
	if p.Seen != seen {
		return Draft{}, store.ErrStale
	}
	// First the draft, last the version: whatever is cut off, nothing is lost,
	// and no day is without a version.
	d, err := s.keepAsDraft(ctx, &p.Questionnaire, by, now)
	if err != nil {
		return Draft{}, err
	}
	before := p.From.AddDays(-1)
	for _, former := range published {
		if former.ID == p.ID && former.To == before {
			if err := s.moveEnd(ctx, former.Ref(), func(to catalogue.Date) bool { return to == before }, p.To); err != nil {
				return d, err
			}
		}
	}
	if err := s.questionnaires.Delete(ctx, ref); err != nil && !errors.Is(err, store.ErrNotFound) {
		return d, err
	}
	return d, s.Changed(ctx)
}

// keepAsDraft makes a version that is about to be withdrawn a draft. One that is
// there and open already is from the same withdrawing, cut off.
func (s *Store) keepAsDraft(ctx context.Context, q *Questionnaire, by string, now time.Time) (Draft, error) {
	d, err := s.drafts.Get(ctx, q.Ref())
	if err == nil && d.Publishing == "" && !d.Discarded {
		return d.draft(), nil
	}
	fresh := errors.Is(err, store.ErrNotFound)
	if fresh {
		d, err = &storedDraft{Doc: store.Doc{ID: q.Ref()}}, nil
	}
	if err != nil {
		return Draft{}, err
	}
	d.fill(Draft{Questionnaire: *q, ChangedAt: now, ChangedBy: by})
	d.Publishing = ""
	if fresh {
		return d.draft(), s.drafts.Insert(ctx, d)
	}
	return s.replaceDraft(ctx, d, "reopen draft")
}

// LinksTo lists the links that name this very version and so close when it ends,
// where those that name only the questionnaire follow the next one.
func (s *Store) LinksTo(ctx context.Context, ref string) ([]*Link, error) {
	var to []*Link
	for after := ""; ; {
		links, next, err := s.Links(ctx, "", 1000, after)
		if err != nil {
			return nil, err
		}
		for _, l := range links {
			if l.Questionnaire == ref {
				to = append(to, l)
			}
		}
		if after = next; after == "" {
			return to, nil
		}
	}
}
