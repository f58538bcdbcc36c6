package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"filippo.io/age"

	"sipas/internal/store"
)

// Source is what a backup is made of.
type Source struct {
	// Store is read, page by page. If others write to it meanwhile, the backup
	// is of no one moment; a snapshot of it is.
	Store *store.Store
	// Known are the collections that this program could restore. A document in
	// another one is an error: better no backup, and somebody who sees it, than
	// one that cannot be restored.
	Known []string
	// Without are the collections that the backup leaves out.
	Without []string
	// First are the collections to read before the others, in this order: what
	// is written later is read earlier, so that what a document in the backup
	// builds on is in the backup too.
	First  []string
	Header Header
	Tell   Progress // nil: nobody
}

// ErrUnknownCollection is returned because a program that does not know a
// collection cannot vouch for it.
var ErrUnknownCollection = errors.New("is not known to this program")

// Create writes a backup of src to the file, encrypted to the recipient, and
// reads it again before it gets its name. The keys have to be able to open it.
func Create(ctx context.Context, f File, to age.Recipient, src Source) (Contents, error) {
	var written Contents
	write := func(w io.Writer) error {
		s, err := seal(w, to)
		if err != nil {
			return err
		}
		if written, err = src.write(ctx, s); err != nil {
			return err
		}
		return s.Close()
	}
	check := func(path string) error {
		found, err := File{path, f.Keys}.read(ctx, visitor{})
		if err == nil && found.SHA256 != written.SHA256 {
			err = fmt.Errorf("%s %w: it is not what was written", path, ErrDamaged)
		}
		return err
	}
	if err := create(f.Path, write, check); err != nil {
		return Contents{}, fmt.Errorf("back up: %w", err)
	}
	return written, nil
}

// write writes the plain stream.
func (src Source) write(ctx context.Context, to io.Writer) (Contents, error) {
	names, err := src.Store.Names(ctx)
	if err != nil {
		return Contents{}, err
	}
	w, err := newWriter(to, src.Header)
	if err != nil {
		return Contents{}, err
	}
	slices.SortStableFunc(names, func(a, b string) int { return src.turn(a) - src.turn(b) })
	for _, name := range names {
		if slices.Contains(src.Without, name) {
			continue
		}
		if err := src.collection(ctx, w, name); err != nil {
			return Contents{}, err
		}
	}
	return w.finish()
}

// turn is when the collection is read; all that are not in First come after them.
func (src Source) turn(name string) int {
	if i := slices.Index(src.First, name); i >= 0 {
		return i
	}
	return len(src.First)
}

func (src Source) collection(ctx context.Context, w *writer, name string) error {
	d, err := src.Store.Dump(ctx, name)
	if err != nil {
		return err
	}
	if !slices.Contains(src.Known, name) {
		if d.Empty() {
			return nil
		}
		return fmt.Errorf("collection %s %w: it is of a newer program, which can back it up, or of somebody else, who should take it out of this database", name, ErrUnknownCollection)
	}
	if err := w.begin(name); err != nil {
		return err
	}
	for {
		docs, err := d.Next(ctx)
		if err != nil || len(docs) == 0 {
			return err
		}
		for _, doc := range docs {
			if err := w.document(doc); err != nil {
				return err
			}
		}
		if src.Tell != nil {
			src.Tell("copied", name, w.current.Documents)
		}
	}
}
