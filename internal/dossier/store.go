package dossier

import (
	"context"
	"errors"
	"fmt"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/store"
)

// ErrNone says that there is no dossier of this code.
var ErrNone = fault.New(fault.NotFound, "dossier_unknown")

// Store keeps dossiers, how lists name their columns, and for an hour the lists
// that somebody is about to import.
type Store struct {
	dossiers *store.Collection[stored]
	mappings *store.Collection[storedMapping]
	pieces   *store.Collection[storedPiece]
	revision *store.Revision
	kept     kept
}

// What a stored dossier is filed under.
const (
	stateOpen      = "open"
	stateLate      = "late"
	stateClosed    = "closed"
	stateWithdrawn = "withdrawn" // without a day of return
)

type stored struct {
	store.Doc `bson:",inline"`
	Dossier   `bson:",inline"`
	State     string `bson:"state"`
}

func encode(d Dossier) *stored {
	s := &stored{Doc: store.Doc{ID: d.Code, Version: d.Version}, Dossier: d, State: stateClosed}
	// Whether an open one is overdue changes by itself; what is filed does not.
	switch d.StandingOn("") {
	case Running, Overdue:
		s.State = stateOpen
	case Late:
		s.State = stateLate
	case Withdrawn:
		if d.ReturnedOn == "" {
			s.State = stateWithdrawn
		}
	}
	return s
}

// ReadField takes in what is stored by the tags.
func (s *stored) ReadField(name string, v store.Value) {
	switch name {
	case "procedure":
		s.Procedure = v.String()
	case "area":
		s.Area = v.String()
	case "desk":
		s.Desk = v.String()
	case "unit":
		s.Unit = v.String()
	case "receivedOn":
		s.ReceivedOn = catalogue.Date(v.String())
	case "dueOn":
		s.DueOn = catalogue.Date(v.String())
	case "returnedOn":
		s.ReturnedOn = catalogue.Date(v.String())
	case "outcome":
		s.Outcome = v.String()
	case "apologyOn":
		s.ApologyOn = catalogue.Date(v.String())
	case "promisedOn":
		s.PromisedOn = catalogue.Date(v.String())
	case "state":
		s.State = v.String()
	}
}

func (s *stored) decode() *Dossier {
	d := s.Dossier
	d.Code, d.Version = s.ID, s.Doc.Version
	return &d
}

// OpenStore opens the collections of this package.
func OpenStore(ctx context.Context, s *store.Store) (*Store, error) {
	st := &Store{}
	day := func(name string) store.Field { return store.Field{Name: name, Type: store.String} }
	err := s.OpenAll(ctx,
		store.Into(&st.dossiers, store.Spec{Name: "dossiers", Indexes: []store.Index{
			{Name: "state", Fields: []store.Field{{Name: "state", Type: store.String}, day("dueOn")}},
			{Name: "returned", Fields: []store.Field{day("returnedOn")}},
			{Name: "received", Fields: []store.Field{day("receivedOn")}},
		}}),
		store.RevisionInto(&st.revision, store.RevisionOfDossiers),
		store.Into(&st.mappings, store.Spec{Name: "dossier_mappings"}),
		store.Into(&st.pieces, store.Spec{Name: "dossier_uploads", Transient: true, Indexes: []store.Index{
			{Name: "until", Fields: []store.Field{{Name: "until", Type: store.Time}}},
		}}),
	)
	if err != nil {
		return nil, fmt.Errorf("open dossier store: %w", err)
	}
	return st, nil
}

// Get returns the dossier of this code, or ErrNone.
func (s *Store) Get(ctx context.Context, code string) (*Dossier, error) {
	d, err := s.dossiers.Get(ctx, CleanCode(code))
	if errors.Is(err, store.ErrNotFound) {
		return nil, ErrNone
	}
	if err != nil {
		return nil, fmt.Errorf("read dossier: %w", err)
	}
	return d.decode(), nil
}

// Replace stores the dossier over the version that it was read as; somebody else
// was faster: store.ErrStale.
func (s *Store) Replace(ctx context.Context, d *Dossier) error {
	return s.changing(ctx, func() error { return s.replace(ctx, d) })
}

// changing announces a change of dossiers before it is made, since it may be cut
// off, and after it, since somebody may have counted in between.
func (s *Store) changing(ctx context.Context, change func() error) error {
	if err := s.revision.Advance(ctx); err != nil {
		return fmt.Errorf("announce a change of dossiers: %w", err)
	}
	err := change()
	_ = s.revision.Advance(ctx) // what is stored is stored; figures are late by lateAtMost then
	return err
}

func (s *Store) replace(ctx context.Context, d *Dossier) error {
	doc := encode(*d)
	if err := store.Repeat(func() error { return s.dossiers.Replace(ctx, doc) }); err != nil {
		return fmt.Errorf("store dossier: %w", err)
	}
	d.Version = doc.Doc.Version
	return nil
}

// scan calls each for the dossiers of a query, a page at a time.
func (s *Store) scan(ctx context.Context, q store.Query, each func(*Dossier) error) error {
	q.Limit = pageSize
	for d, err := range s.dossiers.Each(ctx, q) {
		if err != nil {
			return fmt.Errorf("read dossiers: %w", err)
		}
		if err := each(d.decode()); err != nil {
			return err
		}
	}
	return nil
}

const pageSize = 1000

// Figures counts the dossiers of a period: those returned in it, and those that
// were due in it and are still open. by is what they are grouped by.
func (s *Store) Figures(ctx context.Context, q Query, today catalogue.Date) (*Table, error) {
	if err := q.Check(); err != nil {
		return nil, err
	}
	revision, err := s.revision.Current(ctx) // before anything is counted
	if err != nil {
		return nil, fmt.Errorf("count dossiers: %w", err)
	}
	key := keptKey{q, today}
	if t, ok := s.kept.get(revision, key); ok {
		return t, nil
	}
	t := newTable(q, today)
	add := func(d *Dossier) error { t.add(d); return nil }
	returned := store.Query{Index: "returned", From: string(max(q.From, "0")), To: string(q.To.AddDays(1))}
	if err := s.scan(ctx, returned, add); err != nil {
		return nil, err
	}
	for _, state := range []string{stateOpen, stateWithdrawn} {
		open := store.Query{Index: "state", Equal: []any{state}, From: string(q.From), To: string(q.To.AddDays(1))}
		if err := s.scan(ctx, open, add); err != nil {
			return nil, err
		}
	}
	s.kept.put(revision, key, t)
	return t, nil
}

// Received counts the dossiers received in a period by area and desk.
func (s *Store) Received(ctx context.Context, from, to catalogue.Date) ([]Received, error) {
	count := map[Received]int{}
	err := s.scan(ctx, store.Query{Index: "received", From: string(from), To: string(to.AddDays(1))}, func(d *Dossier) error {
		count[Received{Area: d.Area, Desk: d.Desk}]++
		return nil
	})
	return receivedOf(count), err
}
