package catalogue

import (
	"context"
	"errors"
	"fmt"

	"sipas/internal/store"
)

// Store keeps the catalogue: one document per id with all its rows, so that the
// history of a thing and its present are changed together or not at all.
type Store struct {
	areas      *shelf[Area]
	units      *shelf[Unit]
	desks      *shelf[Desk]
	procedures *shelf[Procedure]
	targets    *shelf[Target]
}

// Open opens the five collections, "areas" to "targets".
func Open(ctx context.Context, s *store.Store) (*Store, error) {
	var c Store
	err := errors.Join(
		openShelf(ctx, s, func(c *contents) *[]*history[Area] { return &c.areas }, &c.areas),
		openShelf(ctx, s, func(c *contents) *[]*history[Unit] { return &c.units }, &c.units),
		openShelf(ctx, s, func(c *contents) *[]*history[Desk] { return &c.desks }, &c.desks),
		openShelf(ctx, s, func(c *contents) *[]*history[Procedure] { return &c.procedures }, &c.procedures),
		openShelf(ctx, s, func(c *contents) *[]*history[Target] { return &c.targets }, &c.targets),
	)
	if err != nil {
		return nil, fmt.Errorf("open catalogue: %w", err)
	}
	return &c, nil
}

// Load reads the whole catalogue and checks it as New does. An empty store
// makes an empty catalogue.
func (s *Store) Load(ctx context.Context) (*Catalogue, error) {
	have, err := s.read(ctx)
	if err != nil {
		return nil, fmt.Errorf("load catalogue: %w", err)
	}
	c, err := New(have.rows())
	if err != nil {
		return nil, fmt.Errorf("load catalogue: %w", err)
	}
	return c, nil
}

// attempts bounds how often Merge begins again when others write at the same
// time. Each time somebody else has got further, so a few are plenty.
const attempts = 10

// Merge adds the rows that are not there yet. A row is known by its id and
// From: loading the same again changes nothing, and a new later row closes the
// open one before it on the day before. A stored row with other content is
// never overwritten but reported in Change.Differ, and then nothing at all is
// written. Rows that would not make a sound catalogue together with the stored
// ones are refused as by New: the fields name places among the rows given, or a
// stored row by its id ("desks.quay-dat-dai.unit").
//
// Two processes may merge at the same time; each document goes by version, and
// who comes second begins again with what the first one wrote. There are no
// transactions: a Merge that is cut off has added some rows and not others, and
// doing it again adds the rest.
func (s *Store) Merge(ctx context.Context, rows Rows) (Change, error) {
	var began *Change // what there was to do when nobody had begun
	for range attempts {
		have, err := s.read(ctx)
		if err != nil {
			return Change{}, fmt.Errorf("merge catalogue: %w", err)
		}
		p := s.plan(have, rows)
		if began == nil {
			began = &p.change
		}
		if len(p.change.Differ) > 0 {
			return p.change, nil
		}
		if _, err := New(p.rows); err != nil {
			return Change{}, fmt.Errorf("merge catalogue: %w", placesGiven(err, rows, p.rows))
		}
		switch err := p.write(ctx); {
		case err == nil:
			return *began, nil
		case errors.Is(err, store.ErrExists), errors.Is(err, store.ErrStale), errors.Is(err, store.ErrUnknown):
			// Somebody else wrote, or one has to look what became of it: again.
		default:
			return Change{}, fmt.Errorf("merge catalogue: %w", err)
		}
	}
	return Change{}, fmt.Errorf("merge catalogue: %w", store.ErrStale)
}

// contents is all that is stored.
type contents struct {
	areas      []*history[Area]
	units      []*history[Unit]
	desks      []*history[Desk]
	procedures []*history[Procedure]
	targets    []*history[Target]
}

// read takes what refers before what it refers to, and plan writes in the other
// order: so nobody ever sees a reference without its row.
func (s *Store) read(ctx context.Context) (have contents, err error) {
	err = errors.Join(
		s.targets.all(ctx, &have.targets),
		s.procedures.all(ctx, &have.procedures),
		s.desks.all(ctx, &have.desks),
		s.units.all(ctx, &have.units),
		s.areas.all(ctx, &have.areas),
	)
	return have, err
}

func (c contents) rows() Rows {
	return Rows{
		Areas: rowsOf(c.areas), Units: rowsOf(c.units), Desks: rowsOf(c.desks),
		Procedures: rowsOf(c.procedures), Targets: rowsOf(c.targets),
	}
}

// plan is a merge before it is written.
type plan struct {
	change Change
	rows   Rows // as they will be: those given in their places, then the others
	writes []func(context.Context) error
}

func (s *Store) plan(have contents, given Rows) *plan {
	p := &plan{}
	p.rows.Areas = planShelf(p, s.areas, have.areas, given.Areas)
	p.rows.Units = planShelf(p, s.units, have.units, given.Units)
	p.rows.Desks = planShelf(p, s.desks, have.desks, given.Desks)
	p.rows.Procedures = planShelf(p, s.procedures, have.procedures, given.Procedures)
	p.rows.Targets = planShelf(p, s.targets, have.targets, given.Targets)
	return p
}

// planShelf takes up one kind and returns its rows.
func planShelf[R row[R]](p *plan, on *shelf[R], have []*history[R], given []R) []R {
	m := merge(rowsOf(have), given)
	p.change.Added += m.added
	p.change.Unchanged += m.unchanged
	p.change.Differ = append(p.change.Differ, m.differ...)
	byID := make(map[string]*history[R], len(have))
	for _, d := range have {
		byID[d.ID] = d
	}
	places := byDate(m.rows, R.id)
	var write []*history[R]
	for _, id := range m.changed {
		d := byID[id]
		if d == nil {
			d = &history[R]{Doc: store.Doc{ID: id}}
		}
		d.Rows = nil
		for _, i := range places[id] {
			d.Rows = append(d.Rows, m.rows[i])
		}
		write = append(write, d)
	}
	p.writes = append(p.writes, func(ctx context.Context) error { return on.put(ctx, write) })
	return m.rows
}

func (p *plan) write(ctx context.Context) error {
	for _, w := range p.writes {
		if err := w(ctx); err != nil {
			return err
		}
	}
	return nil
}
