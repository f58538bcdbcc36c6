package improve

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/store"
)

// storedDuty is a duty under its Ref, which never changes.
type storedDuty struct {
	store.Doc `bson:",inline"`
	Duty      `bson:",inline"`
}

// Plan returns every duty that was ever loaded.
func (s *Store) Plan(ctx context.Context) (Plan, error) {
	docs, err := s.duties.All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the plan: %w", err)
	}
	p := make(Plan, len(docs))
	for i, d := range docs {
		p[i] = d.Duty
	}
	slices.SortFunc(p, func(a, b Duty) int {
		return cmp.Or(cmp.Compare(a.From, b.From), slices.Index(Indices, a.Index)-slices.Index(Indices, b.Index),
			cmp.Compare(a.Order, b.Order), cmp.Compare(a.ID, b.ID))
	})
	return p, nil
}

// Merge adds duties that are not there yet. It never overwrites: one that is
// stored with other content is reported in Change.Differ, and then nothing is
// written. A unit that the catalogue does not know on the duty's first day is an
// Invalid fault that names the row by its place, "improvements.3.units". A Merge
// that is cut off has added some, and doing it again adds the rest.
func (s *Store) Merge(ctx context.Context, duties []Duty) (catalogue.Change, error) {
	change, missing, err := s.compare(ctx, duties)
	if err != nil || len(change.Differ) > 0 {
		return change, err
	}
	c, err := s.catalogue.Load(ctx)
	if err != nil {
		return catalogue.Change{}, fmt.Errorf("merge the plan: %w", err)
	}
	if err := CheckUnits(duties, c); err != nil {
		return catalogue.Change{}, err
	}
	for _, d := range missing {
		err := store.Repeat(func() error { return s.duties.Insert(ctx, &storedDuty{store.Doc{ID: d.Ref()}, d}) })
		if errors.Is(err, store.ErrExists) { // by somebody who loads the same: looked at below
			continue
		}
		if err != nil {
			return catalogue.Change{}, fmt.Errorf("merge the plan: %w", err)
		}
	}
	after, _, err := s.compare(ctx, duties)
	change.Differ = after.Differ
	return change, err
}

// Differ returns what Merge would report in Change.Differ, and writes nothing.
func (s *Store) Differ(ctx context.Context, duties []Duty) ([]catalogue.Conflict, error) {
	change, _, err := s.compare(ctx, duties)
	return change.Differ, err
}

func (s *Store) compare(ctx context.Context, duties []Duty) (change catalogue.Change, missing []Duty, err error) {
	p, err := s.Plan(ctx)
	if err != nil {
		return change, nil, err
	}
	for i, d := range duties {
		stored := p.Of(d.Ref())
		if stored != nil {
			stored.Order = d.Order
		}
		switch {
		case stored == nil:
			missing = append(missing, d)
			change.Added++
		case reflect.DeepEqual(*stored, d):
			change.Unchanged++
		default:
			change.Differ = append(change.Differ, catalogue.Conflict{Kind: "duty", ID: d.Ref(), Place: "improvements." + strconv.Itoa(i)})
		}
	}
	return change, missing, nil
}

// CheckUnits reports the units that a duty names and the catalogue does not know
// on its first day.
func CheckUnits(duties []Duty, c *catalogue.Catalogue) error {
	var bad fault.Fields
	for i, d := range duties {
		for _, unit := range d.Units {
			if _, ok := c.Unit(unit, d.From); !ok {
				bad.Add("improvements."+strconv.Itoa(i)+".units", catalogue.CodeUnknown, "unit", unit)
			}
		}
	}
	return bad.Err()
}
