package survey

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sipas/internal/catalogue"
	"sipas/internal/store"
)

// storedDraft is the document of a draft, under the Ref of the version that it
// is to become. It is never deleted, so that a version of the document that an
// editor has seen never names another content: one that is published stays as
// it was, one that is thrown away loses its questions.
type storedDraft struct {
	store.Doc     `bson:",inline"`
	Questionnaire `bson:",inline"`
	Publishing    catalogue.Date `bson:"publishing"`
	Discarded     bool           `bson:"discarded"`
	ChangedAt     time.Time      `bson:"changedAt"`
	ChangedBy     string         `bson:"changedBy"`
}

func (d *storedDraft) draft() Draft {
	return Draft{d.Questionnaire, d.Doc.Version, d.Publishing, d.ChangedAt, d.ChangedBy}
}

// fill takes over what an editor has written.
func (d *storedDraft) fill(from Draft) {
	d.Questionnaire, d.ChangedAt, d.ChangedBy = from.Questionnaire, from.ChangedAt, from.ChangedBy
	d.To, d.Discarded = "", false
}

// sameContent says whether two drafts ask and say the same.
func sameContent(a, b *Questionnaire) bool {
	return a.Digest() == b.Digest() && a.From == b.From && a.Source == b.Source && a.Confirmed == b.Confirmed
}

// Drafts lists the drafts by id and version; one whose publishing was cut off is
// among them, with the day in Publishing.
func (s *Store) Drafts(ctx context.Context) ([]Draft, error) {
	published, err := s.Published(ctx)
	if err != nil {
		return nil, err
	}
	docs, err := s.drafts.All(ctx)
	if err != nil {
		return nil, fmt.Errorf("list drafts: %w", err)
	}
	var list []Draft
	for _, d := range docs {
		if !d.Discarded && (d.Publishing == "" || find(published, d.Ref()) == nil) {
			list = append(list, d.draft())
		}
	}
	return list, nil
}

// Draft returns a draft, or ErrNoDraft. One that is published is returned, too.
func (s *Store) Draft(ctx context.Context, ref string) (Draft, error) {
	d, err := s.draft(ctx, ref)
	if err != nil {
		return Draft{}, fmt.Errorf("read draft: %w", err)
	}
	return d.draft(), nil
}

func (s *Store) draft(ctx context.Context, ref string) (*storedDraft, error) {
	d, err := s.drafts.Get(ctx, ref)
	if errors.Is(err, store.ErrNotFound) || err == nil && d.Discarded {
		return nil, ErrNoDraft
	}
	return d, err
}

// NewDraft makes a draft with the questions of q, a published version or one of
// which only the id is known, under the number after all that are published.
// There is one at a time: ErrDraftExists comes with the one that is there.
func (s *Store) NewDraft(ctx context.Context, q *Questionnaire, by string, now time.Time) (Draft, error) {
	published, err := s.Published(ctx)
	if err != nil {
		return Draft{}, err
	}
	d := nextDraft(q, published)
	d.ChangedAt, d.ChangedBy = now, by
	if err := checkNewDraft(&d); err != nil {
		return d, err
	}
	made := &storedDraft{Doc: store.Doc{ID: d.Ref()}}
	made.fill(d)
	err = s.drafts.Insert(ctx, made)
	if errors.Is(err, store.ErrExists) {
		if made, err = s.drafts.Get(ctx, d.Ref()); err == nil && !made.Discarded {
			return made.draft(), ErrDraftExists
		} else if err == nil {
			made.fill(d)
			err = s.drafts.Replace(ctx, made)
		}
	}
	if err != nil {
		return Draft{}, fmt.Errorf("make draft: %w", err)
	}
	return made.draft(), nil
}

// SaveDraft replaces a draft as a whole, if d.Seen is what is stored. It takes
// an unfinished one; what even that cannot be is an Invalid fault that names each
// field. store.ErrStale, if somebody else has changed or published it, and
// ErrNoDraft, if it was thrown away, come with what is stored. Saving the same
// again is no error.
func (s *Store) SaveDraft(ctx context.Context, d Draft) (Draft, error) {
	if err := checkDraft(&d); err != nil {
		return d, err
	}
	now, err := s.draft(ctx, d.Ref())
	if err != nil {
		return Draft{}, fmt.Errorf("save draft: %w", err)
	}
	if now.Publishing == "" && sameContent(&now.Questionnaire, &d.Questionnaire) {
		return now.draft(), nil
	}
	if now.Publishing != "" || now.Doc.Version != d.Seen {
		return now.draft(), fmt.Errorf("save draft: %w", store.ErrStale)
	}
	next := *now
	next.fill(d)
	return s.replaceDraft(ctx, &next, "save draft")
}

// DiscardDraft throws a draft away, if seen is what is stored; store.ErrStale
// comes with what is.
func (s *Store) DiscardDraft(ctx context.Context, ref string, seen int64) (Draft, error) {
	d, err := s.draft(ctx, ref)
	if errors.Is(err, ErrNoDraft) {
		return Draft{}, nil // done already
	}
	if err != nil {
		return Draft{}, fmt.Errorf("discard draft: %w", err)
	}
	if d.Publishing != "" || d.Doc.Version != seen {
		return d.draft(), fmt.Errorf("discard draft: %w", store.ErrStale)
	}
	d.Questionnaire = Questionnaire{ID: d.Questionnaire.ID, Version: d.Questionnaire.Version}
	d.Discarded = true
	return s.replaceDraft(ctx, d, "discard draft")
}

// replaceDraft stores a changed draft. With store.ErrStale it returns what is
// stored instead.
func (s *Store) replaceDraft(ctx context.Context, d *storedDraft, doing string) (Draft, error) {
	err := s.drafts.Replace(ctx, d)
	if errors.Is(err, store.ErrStale) {
		if now, lost := s.draft(ctx, d.Doc.ID); lost == nil {
			d = now
		}
	}
	if err != nil {
		return d.draft(), fmt.Errorf("%s: %w", doing, err)
	}
	return d.draft(), nil
}

// Preview returns the form as a citizen would have it, who chooses the area, on
// the day when the questions begin to be asked, or today. Nothing can be sent
// through it. q need not be stored, nor finished.
func (s *Store) Preview(q *Questionnaire, now time.Time) *Form {
	ed := s.current.Load()
	on := max(catalogue.DateOf(now), q.From)
	return &Form{
		Link: Link{Kind: KindCounter}, Questionnaire: q, Areas: ed.catalogue.Areas(on),
		Edition: ed.number, catalogue: ed.catalogue, preview: true,
	}
}
