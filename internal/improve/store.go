package improve

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/store"
)

// Store keeps the plan and the tasks: some hundreds, so that they are read whole.
type Store struct {
	duties    *store.Collection[storedDuty]
	tasks     *store.Collection[storedTask]
	catalogue *catalogue.Store
}

// OpenStore opens the collections of this package.
func OpenStore(ctx context.Context, db *store.Store, c *catalogue.Store) (*Store, error) {
	s := &Store{catalogue: c}
	err := db.OpenAll(ctx,
		store.Into(&s.duties, store.Spec{Name: "duties"}),
		store.Into(&s.tasks, store.Spec{Name: "improvements"}),
	)
	if err != nil {
		return nil, fmt.Errorf("open improvement store: %w", err)
	}
	return s, nil
}

// ErrNoTask says that there is no such task, or it is none of the reader's.
var ErrNoTask = fault.New(fault.NotFound, "task_unknown")

// ErrStale says that somebody else has changed the task since it was read.
var ErrStale = fault.New(fault.Conflict, "task_stale")

type storedTask struct {
	store.Doc `bson:",inline"`
	Task      `bson:",inline"`
}

func (d *storedTask) task() *Task {
	t := d.Task
	t.ID, t.version = d.Doc.ID, d.Doc.Version
	return &t
}

// opened says whether d is the task t as it was opened, whenever that was.
func (d *storedTask) opened(t *Task) bool {
	return d.Doc.Version == 1 && d.Area == t.Area && d.Factor == t.Factor && d.Criterion == t.Criterion && d.Duty == t.Duty &&
		d.Task.Sheet() == t.Sheet() && d.Events[0].By == t.Events[0].By
}

// NewID returns an id that no task has.
func NewID() string { return strings.ToLower(rand.Text()) }

// Tasks returns what the reader may know of: open ones first, by due day.
func (s *Store) Tasks(ctx context.Context, r Reader) ([]*Task, error) {
	docs, err := s.tasks.All(ctx)
	if err != nil {
		return nil, fmt.Errorf("list tasks: %w", err)
	}
	var list []*Task
	for _, d := range docs {
		if t := d.task(); r.Sees(t) {
			list = append(list, t)
		}
	}
	slices.SortFunc(list, func(a, b *Task) int {
		return cmp.Or(slices.Index(Statuses, a.Status)-slices.Index(Statuses, b.Status),
			cmp.Compare(a.Due, b.Due), cmp.Compare(a.ID, b.ID))
	})
	return list, nil
}

// Task returns the task of this id, or ErrNoTask.
func (s *Store) Task(ctx context.Context, r Reader, id string) (*Task, error) {
	d, err := s.tasks.Get(ctx, id)
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && !r.Sees(d.task()):
		return nil, ErrNoTask
	case err != nil:
		return nil, fmt.Errorf("read task: %w", err)
	}
	return d.task(), nil
}

// Put stores a task: a new one, whose version is 0, under an id of NewID, or one
// over the version that was read. ErrStale if somebody else has changed it since.
// A new one that is stored already, sent twice, is no error.
func (s *Store) Put(ctx context.Context, t *Task) error {
	d := &storedTask{Doc: store.Doc{ID: t.ID, Version: t.version}, Task: *t}
	switch err := s.tasks.Put(ctx, d, func(stored *storedTask) bool { return stored.opened(t) }); {
	case errors.Is(err, store.ErrStale):
		return ErrStale
	case err != nil:
		return fmt.Errorf("store task: %w", err)
	}
	t.version = d.Doc.Version
	return nil
}
