package catalogue

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"sipas/internal/fault"
	"sipas/internal/store"
)

// History is all that is stored of one thing.
type History struct {
	Kind    Kind
	ID      string
	Version int64 // of what is stored, for Edit; 0: nothing is
	Rows    []Row // the earliest first
}

// On returns the row that holds on the day; false: none does.
func (h History) On(day Date) (Row, bool) {
	i := slices.IndexFunc(h.Rows, func(r Row) bool { return r.validity().On(day) })
	if i < 0 {
		return nil, false
	}
	return h.Rows[i], true
}

// History reads all rows of a thing, or returns store.ErrNotFound.
func (s *Store) History(ctx context.Context, kind Kind, id string) (History, error) {
	h, err := s.shelf(kind).history(ctx, id)
	if err == nil && len(h.Rows) == 0 { // the only row was withdrawn
		err = store.ErrNotFound
	}
	if err != nil {
		return History{}, fmt.Errorf("read history: %w", err)
	}
	return h, nil
}

// Edit applies an edit to one thing, if what is stored of it is still what the
// editor has seen (History.Version; 0: nothing), and returns what is stored
// then. It says with an Invalid fault what is wrong: names of fields of the row,
// and of stored rows that would refer to what does not hold as long as they do,
// by their ids ("desks.quay-dat-dai.unit"). Other errors are ErrNoRow,
// store.ErrStale if somebody else has changed the thing, and those of the store;
// with any of them the history says what is stored now. An edit that is done
// already is no error, so that repeating one settles an unknown outcome.
//
// Two edits at the same moment can be sound each and not together: one ends the
// unit that the other refers to. Whoever finds that takes its own back and
// returns store.ErrStale; it may happen to both.
func (s *Store) Edit(ctx context.Context, kind Kind, id string, seen int64, e Edit, today Date) (History, error) {
	now, err := s.edit(ctx, s.shelf(kind), id, seen, e, today)
	if err != nil {
		return now, fmt.Errorf("edit catalogue: %w", err)
	}
	return now, nil
}

// CheckEdit answers as Edit would, and writes nothing: for who has to record a
// change before it is made, and has nothing to record of one that is refused.
func (s *Store) CheckEdit(ctx context.Context, kind Kind, id string, seen int64, e Edit, today Date) (History, error) {
	now, _, err := s.prepare(ctx, s.shelf(kind), id, seen, e, today)
	if err != nil {
		return now, fmt.Errorf("check edit of catalogue: %w", err)
	}
	return now, nil
}

func (s *Store) prepare(ctx context.Context, on anyShelf, id string, seen int64, e Edit, today Date) (History, write, error) {
	have, err := s.read(ctx)
	if err != nil {
		return History{}, nil, err
	}
	return on.edit(have, id, seen, e, today)
}

func (s *Store) edit(ctx context.Context, on anyShelf, id string, seen int64, e Edit, today Date) (History, error) {
	now, w, err := s.prepare(ctx, on, id, seen, e, today)
	if w == nil {
		return now, err
	}
	err = s.commit(ctx, w)
	now, lost := on.history(ctx, id)
	return now, errors.Join(err, lost)
}

func lastPlace[R row[R]](all []*history[R]) int {
	last := 0
	for _, r := range rowsOf(all) {
		last = max(last, r.order())
	}
	return last
}

// anyShelf is a shelf of whatever kind.
type anyShelf interface {
	history(ctx context.Context, id string) (History, error)
	edit(have contents, id string, seen int64, e Edit, today Date) (now History, w write, err error)
}

// shelf returns the shelf of a kind; any other is a mistake in the program.
func (s *Store) shelf(kind Kind) anyShelf {
	switch kind {
	case KindArea:
		return s.areas
	case KindUnit:
		return s.units
	case KindDesk:
		return s.desks
	case KindProcedure:
		return s.procedures
	case KindTarget:
		return s.targets
	}
	panic("catalogue: no kind " + string(kind))
}

func (h *history[R]) seen() History {
	var r R
	return History{Kind: r.kind(), ID: h.ID, Version: h.Version, Rows: rowList(h.Rows)}
}

func (on *shelf[R]) history(ctx context.Context, id string) (History, error) {
	d, err := on.docs.Get(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return (&history[R]{Doc: store.Doc{ID: id}}).seen(), nil
	}
	if err != nil {
		return History{}, err
	}
	return d.seen(), nil
}

// edit returns what is stored of a thing, and what is to be written, nil if that
// is nothing.
func (on *shelf[R]) edit(have contents, id string, seen int64, e Edit, today Date) (History, write, error) {
	before := &history[R]{Doc: store.Doc{ID: id}}
	all := on.of(&have)
	i := slices.IndexFunc(*all, func(h *history[R]) bool { return h.ID == id })
	if i >= 0 {
		before = (*all)[i]
	}
	now, fresh := before.seen(), len(before.Rows) == 0
	rows, err := Revise(before.Rows, e, today)
	switch {
	case err == nil && slices.Equal(rows, before.Rows): // done already
		return now, nil, nil
	case seen == 0 && !fresh:
		var bad fault.Fields
		bad.Add("id", CodeTaken, id)
		return now, nil, bad.Err()
	case seen != before.Version && !(seen == 0 && fresh):
		return now, nil, store.ErrStale
	case err != nil:
		return now, nil, err
	case slices.ContainsFunc(rows, func(r R) bool { return r.id() != id }):
		return now, nil, fmt.Errorf("a row of another id than %q", id) // a mistake in the program
	case fresh:
		rows[0] = rows[0].placed(1 + lastPlace(*all))
	}
	after := &history[R]{before.Doc, rows}
	*all = slices.Clone(*all)
	if i >= 0 {
		(*all)[i] = after
	} else {
		*all = append(*all, after)
	}
	if _, err := New(have.rows()); err != nil {
		return now, nil, seenFrom(err, now, have.rows())
	}
	return now, &writing[R]{on, []*history[R]{after}, []*history[R]{before}}, nil
}

// seenFrom rewrites the names in an error of New about all rows for somebody who
// edits one thing: its own fields are named as in the form ("unit"), those of
// others by kind and id.
func seenFrom(err error, edited History, all Rows) error {
	var e *fault.Error
	if !errors.As(err, &e) {
		return err
	}
	var bad fault.Fields
	for _, f := range e.Fields {
		list, id, field := all.thing(f.Name)
		own := list == edited.Kind.list() && id == edited.ID
		switch {
		case f.Code == CodeOverlap: // two targets; what overlaps in one thing is Revise's to say
			if own {
				_, id, _ = all.thing(f.Args[0].(string))
			}
			f = fault.Field{Name: "measure", Code: CodeSecond, Args: []any{id}}
		case own && f.Code == CodeUnknown:
			f = fault.Field{Name: field, Code: f.Code, Args: f.Args[1:]} // the field tells the kind
		case own:
			f.Name = field
		default:
			f.Name = list + "." + id + "." + field
		}
		if !slices.ContainsFunc(bad, func(g fault.Field) bool { return g.Name == f.Name && g.Code == f.Code }) {
			bad = append(bad, f)
		}
	}
	return bad.Err()
}

// write is a change on its way into the store.
type write interface {
	put(context.Context) error
	takeBack(context.Context) error
}

// commit writes, and takes it back if somebody else has written meanwhile what
// it is not sound together with.
func (s *Store) commit(ctx context.Context, w write) error {
	if err := w.put(ctx); err != nil {
		if errors.Is(err, store.ErrExists) || errors.Is(err, store.ErrNotFound) {
			return store.ErrStale.Because(err)
		}
		return err
	}
	have, err := s.read(ctx)
	if err != nil {
		return err
	}
	if _, err := New(have.rows()); err != nil {
		return errors.Join(store.ErrStale.Because(err), w.takeBack(ctx))
	}
	return nil
}

// writing is documents of one kind as they will be, and as they were.
type writing[R row[R]] struct {
	on            *shelf[R]
	after, before []*history[R]
}

func (w *writing[R]) put(ctx context.Context) error { return w.on.put(ctx, w.after) }

// takeBack leaves what somebody has built upon meanwhile. Where there was
// nothing it leaves a document without rows: one that is deleted and comes again
// counts its versions anew, and who has seen the first could write over the second.
func (w *writing[R]) takeBack(ctx context.Context) error {
	for i, d := range w.after {
		d.Rows = w.before[i].Rows
		if err := w.on.docs.Replace(ctx, d); err != nil && !errors.Is(err, store.ErrStale) {
			return err
		}
	}
	return nil
}
