package feedback

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/store"
)

// A version of a year and a row of a term are documents under their refs, and
// neither ever changes.
type (
	storedYear struct {
		store.Doc `bson:",inline"`
		Year      `bson:",inline"`
	}
	storedTerm struct {
		store.Doc `bson:",inline"`
		Term      `bson:",inline"`
	}
)

// Rules returns what cases are judged by, as of the last Reload.
func (s *Store) Rules() *Rules { return s.current.Load().rules }

// Reload reads the rules from the store if anything changed since the last time,
// and always the first time.
func (s *Store) Reload(ctx context.Context) error {
	s.reloading.Lock()
	defer s.reloading.Unlock()
	// The revision is read first: a change in between is then seen twice, never
	// missed.
	revision, err := s.revision.Current(ctx)
	if err != nil {
		return fmt.Errorf("reload rules: %w", err)
	}
	if old := s.current.Load(); old != nil && old.revision == revision {
		return nil
	}
	rules, err := s.load(ctx)
	if err != nil {
		return fmt.Errorf("reload rules: %w", err)
	}
	s.current.Store(&edition{revision, rules})
	return nil
}

func (s *Store) load(ctx context.Context) (*Rules, error) {
	years, terms, err := s.stored(ctx)
	if err != nil {
		return nil, err
	}
	c, err := s.catalogue.Load(ctx)
	if err != nil {
		return nil, err
	}
	rules, err := NewRules(years, terms, c)
	if err != nil {
		return nil, err
	}
	rules.Retention, err = s.storedRetention(ctx)
	return rules, err
}

func (s *Store) stored(ctx context.Context) (years []Year, terms []Term, err error) {
	y, err := s.years.All(ctx)
	if err != nil {
		return nil, nil, err
	}
	t, err := s.terms.All(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, d := range y {
		years = append(years, d.Year)
	}
	for _, d := range t {
		terms = append(terms, d.Term)
	}
	return years, terms, nil
}

// Merge adds years and terms that are not there yet, each checked by itself.
// Like the catalogue's it never overwrites: what is stored with other content
// under the same ref is reported in Change.Differ, and then nothing is written.
// Rows that clash with each other or with stored ones are an Invalid fault that
// names a given row by its place, "terms.3", and a stored one by its ref.
// A Merge that is cut off has added some, and doing it again adds the rest.
func (s *Store) Merge(ctx context.Context, years []Year, terms []Term) (catalogue.Change, error) {
	var began *catalogue.Change // what there was to do when nobody had begun
	for range tries {
		p, err := s.plan(ctx, years, terms)
		if err != nil {
			return catalogue.Change{}, fmt.Errorf("merge rules: %w", err)
		}
		if began == nil {
			began = &p.change
		}
		if len(p.change.Differ) > 0 {
			return p.change, nil
		}
		switch err := s.write(ctx, p); {
		case err == nil:
			return *began, nil
		case errors.Is(err, store.ErrExists), errors.Is(err, store.ErrUnknown):
			// Somebody else wrote, or one has to look what became of it: again.
		default:
			return catalogue.Change{}, fmt.Errorf("merge rules: %w", err)
		}
	}
	return catalogue.Change{}, fmt.Errorf("merge rules: %w", store.ErrUnavailable)
}

// Differ returns what Merge would report in Change.Differ, and writes nothing.
func (s *Store) Differ(ctx context.Context, years []Year, terms []Term) ([]catalogue.Conflict, error) {
	p, err := s.plan(ctx, years, terms)
	if err != nil {
		return nil, fmt.Errorf("compare rules: %w", err)
	}
	return p.change.Differ, nil
}

// plan is a merge before it is written.
type plan struct {
	change catalogue.Change
	years  []Year // that are new
	terms  []Term
}

func (s *Store) plan(ctx context.Context, years []Year, terms []Term) (*plan, error) {
	storedYears, storedTerms, err := s.stored(ctx)
	if err != nil {
		return nil, err
	}
	together := newest(terms, storedTerms)
	if err := CheckTerms(together); err != nil {
		return nil, byRef(err, len(terms), together)
	}
	var p plan
	p.years = compare(&p.change, "year", "calendar", years, storedYears, func(y Year) string { return y.Ref() })
	p.terms = compare(&p.change, "term", "terms", terms, storedTerms, func(t Term) string { return t.Ref() })
	return &p, nil
}

func (s *Store) write(ctx context.Context, p *plan) error {
	for _, y := range p.years {
		if err := s.years.Insert(ctx, &storedYear{store.Doc{ID: y.Ref()}, y}); err != nil {
			return err
		}
	}
	for _, t := range p.terms {
		if err := s.terms.Insert(ctx, &storedTerm{store.Doc{ID: t.Ref()}, t}); err != nil {
			return err
		}
	}
	return nil
}

// newest returns the given rows and behind them those that only the store has.
func newest(given, stored []Term) []Term {
	list, known := append([]Term(nil), given...), map[string]bool{}
	for i := range given {
		known[given[i].Ref()] = true
	}
	for _, t := range stored {
		if !known[t.Ref()] {
			list = append(list, t)
		}
	}
	return list
}

// byRef names the stored rows in an error of CheckTerms.
func byRef(err error, given int, together []Term) error {
	var fields fault.Fields
	for _, f := range fault.As(err).Fields {
		if i, err := strconv.Atoi(strings.TrimPrefix(f.Name, "terms.")); err == nil && i >= given {
			f.Name = "terms." + together[i].Ref()
		}
		fields = append(fields, f)
	}
	return fields.Err()
}

// compare counts the given rows into c and returns those that are not stored.
func compare[R any](c *catalogue.Change, kind, list string, given, stored []R, ref func(R) string) (missing []R) {
	have := make(map[string]R, len(stored))
	for _, r := range stored {
		have[ref(r)] = r
	}
	for i, r := range given {
		there, ok := have[ref(r)]
		switch {
		case !ok:
			missing = append(missing, r)
			c.Added++
		case reflect.DeepEqual(there, r):
			c.Unchanged++
		default:
			c.Differ = append(c.Differ, catalogue.Conflict{Kind: catalogue.Kind(kind), ID: ref(r), Place: list + "." + strconv.Itoa(i)})
		}
	}
	return missing
}
