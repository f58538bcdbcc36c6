package survey

import (
	"context"
	"errors"
	"fmt"

	"sipas/internal/catalogue"
	"sipas/internal/store"
)

// storedCode is the one-time code of a dossier, under the dossier's code: so
// there is one, and whoever makes another or answers replaces this document, of
// several at once one. There is no time of use in it. Key and SpentOn join it
// with its answer until the day is sealed, and are blank before and after.
type storedCode struct {
	store.Doc `bson:",inline"`
	Hash      string         `bson:"hash"` // of the code
	Area      string         `bson:"area"`
	Procedure string         `bson:"procedure"`
	Desk      string         `bson:"desk"`
	Unit      string         `bson:"unit"`
	Stage     string         `bson:"stage"`
	Spent     bool           `bson:"spent"`
	Key       string         `bson:"key"`     // hash of the key that spent it
	SpentOn   catalogue.Date `bson:"spentOn"` // "" but between spending and seal
}

func (d *storedCode) form(code string) (Link, *Slip) {
	return Link{Code: code, Kind: KindDossier, Area: d.Area, Procedure: d.Procedure, Desk: d.Desk, Unit: d.Unit},
		&Slip{Dossier: d.ID, Area: d.Area, Procedure: d.Procedure, Desk: d.Desk, Unit: d.Unit, Stage: d.Stage}
}

// same says whether both are of one code for one slip.
func (d *storedCode) same(other *storedCode) bool {
	a, b := *d, *other
	a.Doc, b.Doc = store.Doc{}, store.Doc{}
	return a == b
}

// IssueCode makes the one-time code of a dossier and returns it; it is stored
// nowhere. One that was made before and not used is good no more; one that was
// used is ErrSpent: a dossier is rated once. The same key again, if it is not "",
// makes the same code, so that a form sent twice spoils no slip; the code is for
// what was said last.
func (s *Store) IssueCode(ctx context.Context, slip Slip, key string) (string, error) {
	code := NewOneTimeCode()
	if key != "" {
		code = oneTimeCodeOf(slip.Dossier, key)
	}
	d := &storedCode{
		Doc: store.Doc{ID: slip.Dossier}, Hash: hashOf("code", code),
		Area: slip.Area, Procedure: slip.Procedure, Desk: slip.Desk, Unit: slip.Unit, Stage: slip.Stage,
	}
	for {
		err := store.Repeat(func() error { return s.codes.Insert(ctx, d) })
		if err == nil {
			return code, nil
		}
		if !errors.Is(err, store.ErrExists) {
			return "", fmt.Errorf("issue code: %w", err)
		}
		old, err := s.codes.Get(ctx, d.ID)
		switch {
		case err != nil:
			return "", fmt.Errorf("issue code: %w", err)
		case old.Spent:
			return "", ErrSpent
		case old.same(d):
			return code, nil // the form once more, or a write of unknown outcome had landed
		}
		d.Version = old.Version
		err = store.Repeat(func() error { return s.codes.Replace(ctx, d) })
		if err == nil {
			return code, nil
		}
		if !errors.Is(err, store.ErrStale) {
			return "", fmt.Errorf("issue code: %w", err)
		}
		d.Doc = store.Doc{ID: d.ID} // somebody was faster: look again
	}
}

// CodeState says whether a dossier has a one-time code, and whether it was used.
func (s *Store) CodeState(ctx context.Context, dossier string) (issued, spent bool, err error) {
	d, err := s.codes.Get(ctx, dossier)
	if errors.Is(err, store.ErrNotFound) {
		return false, false, nil
	}
	if err != nil {
		return false, false, fmt.Errorf("read code: %w", err)
	}
	return true, d.Spent, nil
}

// byCode returns the document of a code, or ErrNoLink.
func (s *Store) byCode(ctx context.Context, code string) (*storedCode, error) {
	page, err := s.codes.Scan(ctx, store.Query{Index: "hash", Equal: []any{hashOf("code", code)}, Limit: 1})
	if err != nil {
		return nil, fmt.Errorf("read code: %w", err)
	}
	if len(page.Items) == 0 {
		return nil, ErrNoLink
	}
	return page.Items[0], nil
}

// spend uses a code up for the answer with this key. nil: this answer may be
// stored, now or again; ErrSpent: another one has the code; ErrNoLink: a newer
// slip was made meanwhile.
func (s *Store) spend(ctx context.Context, fm *Form, key string, today catalogue.Date) error {
	mine := hashOf("key", key)
	for {
		d, err := s.codes.Get(ctx, fm.Slip.Dossier)
		switch {
		case errors.Is(err, store.ErrNotFound), err == nil && d.Hash != hashOf("code", fm.Link.Code):
			return ErrNoLink
		case err != nil:
			return fmt.Errorf("spend code: %w", err)
		case d.Spent && d.Key == mine:
			return nil // a crash, or a lost line, between code and answer
		case d.Spent:
			return ErrSpent
		}
		d.Spent, d.Key, d.SpentOn = true, mine, today
		err = store.Repeat(func() error { return s.codes.Replace(ctx, d) })
		if err == nil {
			return nil
		}
		if !errors.Is(err, store.ErrStale) {
			return fmt.Errorf("spend code: %w", err)
		}
	}
}

// blankCodes takes out what joins the codes spent up to a sealed day with their
// answers. It can be repeated.
func (s *Store) blankCodes(ctx context.Context, day catalogue.Date) error {
	for d, err := range s.codes.Each(ctx, store.Query{Index: "spent", From: "0", To: string(day.AddDays(1))}) {
		if err == nil {
			d.Key, d.SpentOn = "", ""
			err = store.Repeat(func() error { return s.codes.Replace(ctx, d) })
		}
		if err != nil && !errors.Is(err, store.ErrStale) { // stale: another server has
			return fmt.Errorf("blank codes: %w", err)
		}
	}
	return nil
}
