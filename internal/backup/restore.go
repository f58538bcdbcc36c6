package backup

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"sipas/internal/store"
)

// Header opens the file as far as to know what it is and where it comes from.
func (f File) Header(ctx context.Context) (h Header, err error) {
	enough := errors.New("enough")
	_, err = f.read(ctx, visitor{header: func(found Header) error { h = found; return enough }})
	if errors.Is(err, enough) {
		err = nil
	}
	return h, err
}

// Verify reads the whole file: every byte of it is what was written, if there is
// no error.
func (f File) Verify(ctx context.Context) (Header, Contents, error) {
	var h Header
	contents, err := f.read(ctx, visitor{header: func(found Header) error { h = found; return nil }})
	return h, contents, err
}

// ErrNotEmpty says that there are documents where a backup should go.
var ErrNotEmpty = errors.New("the store is not empty")

// Restore brings the file into an empty store whose collections have been
// opened, the restores among them, and compares what is then there. Nothing is
// written before the whole file has been read and found sound and fitting. From
// the first write to the last the store is marked as unfinished; a restore that
// is cut off is finished by restoring the same file again, and no other.
//
// Nobody else may use the store meanwhile.
func Restore(ctx context.Context, f File, target *store.Store, now func() time.Time, tell Progress) (Record, error) {
	r := &restoring{file: f, target: target, now: now, tell: tell}
	if r.tell == nil {
		r.tell = func(string, string, int64) {}
	}
	if err := r.run(ctx); err != nil {
		return Record{}, fmt.Errorf("restore: %w", err)
	}
	return r.record, nil
}

type restoring struct {
	file     File
	target   *store.Store
	now      func() time.Time
	tell     Progress
	header   Header
	contents Contents
	whole    map[string]*counter // what is to be there in the end, by the name of its collection
	markers  *store.Collection[marker]
	marker   *marker
	record   Record
}

func (r *restoring) run(ctx context.Context) (err error) {
	restores, err := OpenRestores(ctx, r.target)
	if err != nil {
		return err
	}
	if r.markers, err = openMarkers(ctx, r.target); err != nil {
		return err
	}
	if r.marker, err = unfinished(ctx, r.markers); err != nil {
		return err
	}
	if r.marker == nil {
		if err := r.empty(ctx); err != nil {
			return err
		}
	}
	if err := r.examine(ctx); err != nil {
		return err
	}
	if err := r.mark(ctx); err != nil {
		return err
	}
	if err := r.write(ctx); err != nil {
		return fmt.Errorf("%w; run the same restore again to finish it", err)
	}
	if err := r.compare(ctx); err != nil {
		return err
	}
	r.record = Record{
		ID: recordID(r.marker), Program: r.header.Program, Engine: r.header.Engine,
		AsOf: r.header.AsOf.UTC(), RestoredAt: r.now().UTC().Truncate(time.Millisecond),
		SHA256: r.contents.SHA256, Collections: r.contents.Collections,
	}
	if err := restores.add(ctx, r.record); err != nil {
		return err
	}
	err = settled(func() error { return r.markers.Delete(ctx, markerID) })
	if errors.Is(err, store.ErrNotFound) { // an earlier try had landed
		err = nil
	}
	return err
}

// empty returns ErrNotEmpty if there is a document anywhere.
func (r *restoring) empty(ctx context.Context) error {
	names, err := r.target.Names(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		d, err := r.target.Dump(ctx, name)
		if err != nil {
			return err
		}
		if !d.Empty() {
			return fmt.Errorf("%w: there are documents in %s", ErrNotEmpty, name)
		}
	}
	return nil
}

// examine reads the whole file before anything of it is written.
func (r *restoring) examine(ctx context.Context) (err error) {
	known := r.target.Collections()
	r.whole = map[string]*counter{}
	r.contents, err = r.file.read(ctx, visitor{
		header: func(h Header) error { r.header = h; return nil },
		collection: func(name string) error {
			if !slices.Contains(known, name) {
				return fmt.Errorf("has a collection %s, which %w", name, ErrUnknownCollection)
			}
			return nil
		},
		document: func(name string, doc []byte) error {
			whole, err := r.target.CompleteRaw(name, doc)
			if err != nil {
				return fmt.Errorf("does not fit this program: %w", err)
			}
			r.wanted(name).add(whole)
			return nil
		},
	})
	return err
}

// wanted counts what is to be in the collection: the backup's documents, with what
// those of an older program lack.
func (r *restoring) wanted(name string) *counter {
	if r.whole[name] == nil {
		r.whole[name] = &counter{Collection: Collection{Name: name}}
	}
	return r.whole[name]
}

// mark sets the marker, or finds that an earlier try has set it.
func (r *restoring) mark(ctx context.Context) error {
	if r.marker != nil {
		if r.marker.SHA256 != r.contents.SHA256 {
			return fmt.Errorf("the store holds half of another backup (%.12s): finish that restore, or begin with an empty store", r.marker.SHA256)
		}
		return nil
	}
	r.marker = &marker{Doc: store.Doc{ID: markerID}, SHA256: r.contents.SHA256, StartedAt: r.now().UTC().Truncate(time.Millisecond)}
	err := settled(func() error { return r.markers.Insert(ctx, r.marker) })
	if errors.Is(err, store.ErrExists) {
		// Ours after an unknown outcome, or of another restore that began now.
		found, err := unfinished(ctx, r.markers)
		if err == nil && (found == nil || found.SHA256 != r.marker.SHA256 || !found.StartedAt.Equal(r.marker.StartedAt)) {
			err = errors.New("another restore into this store is running")
		}
		return err
	}
	return err
}

// A batch is what one transaction holds.
const (
	batchDocs  = 500
	batchBytes = 4 << 20
)

// write inserts every document. One that is there already was inserted by an
// earlier try; whether it is the same is seen when all are compared.
func (r *restoring) write(ctx context.Context) error {
	var batch [][]byte
	var size int
	var name string
	var done int64
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		if err := r.insert(ctx, name, batch); err != nil {
			return err
		}
		done += int64(len(batch))
		batch, size = nil, 0
		r.tell("written", name, done)
		return nil
	}
	contents, err := r.file.read(ctx, visitor{
		collection: func(next string) error {
			err := flush()
			name, done = next, 0
			return err
		},
		document: func(_ string, doc []byte) error {
			if len(batch) == batchDocs || size+len(doc) > batchBytes {
				if err := flush(); err != nil {
					return err
				}
			}
			batch, size = append(batch, slices.Clone(doc)), size+len(doc)
			return nil
		},
	})
	if err == nil {
		err = flush()
	}
	if err == nil && contents.SHA256 != r.contents.SHA256 {
		err = fmt.Errorf("%s was changed while it was read", r.file.Path)
	}
	return err
}

func (r *restoring) insert(ctx context.Context, name string, batch [][]byte) error {
	err := settled(func() error {
		for _, err := range r.target.InsertRaw(ctx, name, batch) {
			if err != nil && !errors.Is(err, store.ErrExists) {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("could not be brought in: %w", err)
	}
	return nil
}

// compare reads everything back and holds it against the backup.
func (r *restoring) compare(ctx context.Context) error {
	names, err := r.target.Names(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		found, err := r.count(ctx, name)
		if err != nil {
			return err
		}
		if want := r.wanted(name).counted(); found != want {
			return fmt.Errorf("what is now in %s is not what the backup holds (%d documents of %d bytes instead of %d of %d): somebody else writes to this store, or it is damaged; begin again with an empty one",
				name, found.Documents, found.Bytes, want.Documents, want.Bytes)
		}
	}
	for _, c := range r.contents.Collections {
		if c.Documents > 0 && !slices.Contains(names, c.Name) {
			return fmt.Errorf("nothing is in %s", c.Name)
		}
	}
	return nil
}

// count counts what is in a collection without what a restore itself leaves there.
func (r *restoring) count(ctx context.Context, name string) (Collection, error) {
	d, err := r.target.Dump(ctx, name)
	if err != nil {
		return Collection{}, err
	}
	c := &counter{Collection: Collection{Name: name}}
	for {
		docs, err := d.Next(ctx)
		if err != nil {
			return Collection{}, err
		}
		if len(docs) == 0 {
			return c.counted(), nil
		}
		for _, doc := range docs {
			id := store.RawID(doc)
			if name == markerIn && id == markerID || name == restoresIn && id == recordID(r.marker) {
				continue
			}
			c.add(doc)
		}
		r.tell("compared", name, c.Documents)
	}
}
