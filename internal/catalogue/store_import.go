package catalogue

import (
	"context"
	"errors"
	"fmt"

	"sipas/internal/store"
)

// PreviewProcedures says what a list would change, and changes nothing. The
// error is an Invalid fault: fields of the terms ("from", "end.1.012783"), and
// of lines ("12.area"); with it, the Import has what could be worked out.
func (s *Store) PreviewProcedures(ctx context.Context, lines []ProcedureLine, terms ImportTerms, today Date) (Import, error) {
	im, err := s.importing(ctx, lines, terms, today)
	if err != nil {
		return im.Import, fmt.Errorf("preview procedures: %w", err)
	}
	return im.Import, nil
}

// ImportProcedures does what the preview with this digest has shown, ending what
// the terms say besides. If anything of it would be otherwise now, it returns
// store.ErrStale and a new preview, and nothing is changed.
//
// Procedures are stored one after the other. If that is cut off, or somebody
// else edits one of them at the same moment, some are stored and others not, and
// the preview that comes with the error, or the next one, shows the rest.
func (s *Store) ImportProcedures(ctx context.Context, lines []ProcedureLine, terms ImportTerms, digest string, today Date) (Import, error) {
	im, err := s.importing(ctx, lines, terms, today)
	if err == nil && im.Digest != digest {
		err = store.ErrStale
	}
	if err == nil && len(im.after) > 0 {
		if err = s.commit(ctx, &writing[Procedure]{s.procedures, im.after, im.before}); errors.Is(err, store.ErrStale) {
			if fresh, again := s.importing(ctx, lines, terms, today); again == nil {
				im = fresh
			}
		}
	}
	if err != nil {
		return im.Import, fmt.Errorf("import procedures: %w", err)
	}
	return im.Import, nil
}

func (s *Store) importing(ctx context.Context, lines []ProcedureLine, terms ImportTerms, today Date) (*importing, error) {
	have, err := s.read(ctx)
	if err != nil {
		return &importing{}, err
	}
	return planImport(have, lines, terms, today)
}
