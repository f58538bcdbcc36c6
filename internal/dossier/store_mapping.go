package dossier

import (
	"context"
	"errors"
	"fmt"

	"sipas/internal/store"
)

// storedMapping remembers by the signature of headings where the columns of such
// lists stand. The headings themselves are not kept.
type storedMapping struct {
	store.Doc `bson:",inline"`
	At        store.Pairs[int] `bson:"at"`
}

// MappingFor returns the mapping that was remembered for these headings, else a
// guess. One that points behind the headings is passed over.
func (s *Store) MappingFor(ctx context.Context, headings []string) (Mapping, error) {
	d, err := s.mappings.Get(ctx, Signature(headings))
	if errors.Is(err, store.ErrNotFound) {
		return Guess(headings), nil
	}
	if err != nil {
		return nil, fmt.Errorf("read mapping: %w", err)
	}
	m := Mapping{}
	for _, p := range d.At {
		if p.Value >= 0 && p.Value < len(headings) {
			m[Column(p.Key)] = p.Value
		}
	}
	return m, nil
}

// RememberMapping keeps a mapping for the next list with these headings. Of two
// at once one is kept.
func (s *Store) RememberMapping(ctx context.Context, headings []string, m Mapping) error {
	d := &storedMapping{Doc: store.Doc{ID: Signature(headings)}}
	for _, c := range AllColumns {
		if i, ok := m[c]; ok {
			d.At = append(d.At, store.Pair[int]{Key: string(c), Value: i})
		}
	}
	err := s.mappings.Insert(ctx, d)
	if errors.Is(err, store.ErrExists) {
		var old *storedMapping
		if old, err = s.mappings.Get(ctx, d.ID); err == nil {
			d.Version = old.Version
			if err = s.mappings.Replace(ctx, d); errors.Is(err, store.ErrStale) {
				err = nil
			}
		}
	}
	if err != nil {
		return fmt.Errorf("remember mapping: %w", err)
	}
	return nil
}
