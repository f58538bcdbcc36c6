package feedback

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"

	"sipas/internal/fault"
	"sipas/internal/store"
	"sipas/internal/text"
)

// ErrNoTemplate says that there is no such template, or it is none of the caller's
// business.
var ErrNoTemplate = fault.New(fault.NotFound, "template_unknown")

// ErrTemplateStale says that somebody else has changed the template since it was read.
var ErrTemplateStale = fault.New(fault.Conflict, "template_stale")

type storedTemplate struct {
	store.Doc `bson:",inline"`
	Template  `bson:",inline"`
}

func (d *storedTemplate) template() *Template {
	t := d.Template
	t.ID, t.version = d.Doc.ID, d.Doc.Version
	return &t
}

// same says whether it is t as it was first stored.
func (d *storedTemplate) same(t *Template) bool {
	stored := *d.template()
	stored.version = t.version
	return d.Doc.Version == 1 && stored == *t
}

// Templates returns the templates that officers of the role may know of, by step
// and name.
func (s *Store) Templates(ctx context.Context, r Role) ([]*Template, error) {
	docs, err := s.templates.All(ctx)
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	var list []*Template
	for _, d := range docs {
		if t := d.template(); t.shownTo(r) {
			list = append(list, t)
		}
	}
	steps := WritingSteps()
	slices.SortFunc(list, func(a, b *Template) int {
		return cmp.Or(slices.Index(steps, a.Step)-slices.Index(steps, b.Step),
			strings.Compare(text.Fold(a.Name), text.Fold(b.Name)), strings.Compare(a.ID, b.ID))
	})
	return list, nil
}

// Template returns the template of this id, or ErrNoTemplate.
func (s *Store) Template(ctx context.Context, r Role, id string) (*Template, error) {
	d, err := s.templates.Get(ctx, id)
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && !d.shownTo(r):
		return nil, ErrNoTemplate
	case err != nil:
		return nil, fmt.Errorf("read template: %w", err)
	}
	return d.template(), nil
}

// NewTemplateID returns an id that no template has.
func NewTemplateID() string { return strings.ToLower(rand.Text()) }

// PutTemplate stores a template that Check has found right: a new one, whose
// version is 0, under an id of NewTemplateID, or one over the version that was
// read. ErrTemplateStale if somebody else has changed or removed it since.
func (s *Store) PutTemplate(ctx context.Context, t *Template) error {
	d := &storedTemplate{Doc: store.Doc{ID: t.ID, Version: t.version}, Template: *t}
	switch err := s.templates.Put(ctx, d, func(stored *storedTemplate) bool { return stored.same(t) }); {
	case errors.Is(err, store.ErrStale):
		return ErrTemplateStale
	case err != nil:
		return fmt.Errorf("store template: %w", err)
	}
	t.version = d.Doc.Version
	return nil
}

// RemoveTemplate removes a template; one that is not there is removed.
func (s *Store) RemoveTemplate(ctx context.Context, id string) error {
	err := store.Repeat(func() error { return s.templates.Delete(ctx, id) })
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("remove template: %w", err)
	}
	return nil
}
