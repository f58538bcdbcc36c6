package dossier

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"slices"
	"sync"

	"sipas/internal/fault"
	"sipas/internal/store"
)

// Rejected is a line that was not taken in, with what to mend. Row counts as the
// list's own program shows it.
type Rejected struct {
	Row    int
	Errors fault.Fields
}

// maxRejected is how many lines are named; the others are only counted.
const maxRejected = 10_000

// Outcome is what a list changes, or has changed.
type Outcome struct {
	Created, Updated, Unchanged int
	Rejected                    []Rejected // the first 10,000
	RejectedCount               int
	Digest                      string // of all that the list changes and of what it would be written over
}

const (
	// batchSize is how many dossiers are written at once: so few that answers of
	// citizens, which share the writer, are not held up.
	batchSize = 500
	// readers and writers that work on a batch at once share its waiting.
	parallel = 16
)

// Preview says what a list would change, and changes nothing.
func (s *Store) Preview(ctx context.Context, src Source, has Columns) (Outcome, error) {
	im := importing{store: s, has: has, digest: sha256.New()}
	return im.run(ctx, src)
}

// Import takes a list in, 500 dossiers at a time. The same list again changes
// nothing, so an import that was cut off is finished by sending it again.
func (s *Store) Import(ctx context.Context, src Source, has Columns) (Outcome, error) {
	im := importing{store: s, has: has, digest: sha256.New(), write: true}
	return im.run(ctx, src)
}

// ImportAsShown does what the preview with that digest has shown. If anything of
// it would be otherwise now, it returns store.ErrStale and a new preview, and
// changes nothing.
func (s *Store) ImportAsShown(ctx context.Context, src Source, has Columns, digest string) (Outcome, error) {
	shown, err := s.Preview(ctx, src, has)
	if err != nil {
		return shown, err
	}
	if shown.Digest != digest {
		return shown, store.ErrStale
	}
	return s.Import(ctx, src, has)
}

// Add stores dossiers as they are: nothing is looked up or checked. It is for
// sample data, before any server runs on the store. What is there already stays
// as it is.
func (s *Store) Add(ctx context.Context, list []Dossier) error {
	for batch := range slices.Chunk(list, 2*batchSize) {
		docs := make([]*stored, len(batch))
		for i, d := range batch {
			docs[i] = encode(d)
		}
		for _, err := range s.dossiers.InsertMany(ctx, docs) {
			if err != nil && !errors.Is(err, store.ErrExists) {
				return fmt.Errorf("add dossiers: %w", err)
			}
		}
	}
	return nil
}

// importing is a list on its way.
type importing struct {
	store  *Store
	has    Columns
	write  bool
	batch  []entry
	out    Outcome
	digest hash.Hash
}

// entry is a line of a batch, and what is stored of its dossier.
type entry struct {
	row int
	Dossier
	before *Dossier // nil: new
	err    error
}

func (im *importing) run(ctx context.Context, src Source) (Outcome, error) {
	err := src(func(row int, d Dossier, bad fault.Fields) error {
		if len(bad) > 0 {
			im.reject(row, bad)
			return nil
		}
		im.batch = append(im.batch, entry{row: row, Dossier: d})
		if len(im.batch) < batchSize {
			return nil
		}
		return im.flush(ctx)
	})
	if err == nil {
		err = im.flush(ctx)
	}
	im.out.Digest = hex.EncodeToString(im.digest.Sum(nil))
	if err != nil {
		return im.out, fmt.Errorf("import dossiers: %w", err)
	}
	return im.out, nil
}

func (im *importing) reject(row int, bad fault.Fields) {
	if im.out.RejectedCount++; len(im.out.Rejected) < maxRejected {
		im.out.Rejected = append(im.out.Rejected, Rejected{row, bad})
	}
	fmt.Fprintln(im.digest, "rejected", row)
}

// flush works out what the batch changes, and with write changes it.
func (im *importing) flush(ctx context.Context) error {
	batch := im.batch
	im.batch = batch[:0]
	if err := im.lookUp(ctx, batch); err != nil {
		return err
	}
	var created, updated []*entry
	for i := range batch {
		e := &batch[i]
		switch e.before {
		case nil:
			created = append(created, e)
		default:
			e.Dossier = e.over(e.before, im.has)
			if e.Dossier == *e.before {
				im.out.Unchanged++
				continue
			}
			updated = append(updated, e)
		}
		fmt.Fprintln(im.digest, e.row, e.Dossier)
	}
	if im.write && len(created)+len(updated) > 0 {
		err := im.store.changing(ctx, func() error {
			im.insert(ctx, created)
			each(updated, func(e *entry) { e.err = im.store.replace(ctx, &e.Dossier) })
			return nil
		})
		if err != nil {
			return err
		}
	}
	for _, list := range [][]*entry{created, updated} {
		for _, e := range list {
			switch {
			case errors.Is(e.err, store.ErrStale), errors.Is(e.err, store.ErrExists):
				var bad fault.Fields
				bad.Add("code", "dossier_stale") // somebody else has changed it in this moment
				im.reject(e.row, bad)
			case e.err != nil:
				return e.err
			case e.before == nil:
				im.out.Created++
			default:
				im.out.Updated++
			}
		}
	}
	return nil
}

// lookUp reads what is stored of the batch.
func (im *importing) lookUp(ctx context.Context, batch []entry) error {
	list := make([]*entry, len(batch))
	for i := range batch {
		list[i] = &batch[i]
	}
	each(list, func(e *entry) {
		d, err := im.store.Get(ctx, e.Code)
		if e.before = d; errors.Is(err, ErrNone) {
			err = nil
		}
		e.err = err
	})
	for i := range batch {
		if err := batch[i].err; err != nil {
			return err
		}
	}
	return nil
}

// insert stores new dossiers. One whose outcome is not known is inserted again;
// if it is there then, it is ours or the same list is being imported twice.
func (im *importing) insert(ctx context.Context, list []*entry) {
	docs := make([]*stored, len(list))
	for i, e := range list {
		docs[i] = encode(e.Dossier)
	}
	for i, err := range im.store.dossiers.InsertMany(ctx, docs) {
		if errors.Is(err, store.ErrUnknown) {
			err = store.Repeat(func() error { return im.store.dossiers.Insert(ctx, docs[i]) })
		}
		if errors.Is(err, store.ErrExists) {
			if d, again := im.store.Get(ctx, list[i].Code); again == nil {
				if d.Version = 0; *d == list[i].Dossier {
					err = nil
				}
			}
		}
		list[i].err = err
	}
}

// each calls do for every entry, some at a time.
func each(list []*entry, do func(*entry)) {
	var wg sync.WaitGroup
	next := make(chan *entry)
	for range min(parallel, len(list)) {
		wg.Go(func() {
			for e := range next {
				do(e)
			}
		})
	}
	for _, e := range list {
		next <- e
	}
	close(next)
	wg.Wait()
}
