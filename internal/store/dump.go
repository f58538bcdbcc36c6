package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/bson"
)

// Backups handle documents as the bytes that are stored, of whatever type: what
// is copied is then the same to the last bit, and what was computed over it
// (figures, digests, seals) is too. Only index fields that an older program did
// not know are added when a document is brought in.

// dumper is the part of an engine that backups read through. It needs no Spec,
// because a database may hold collections that this program does not know.
type dumper interface {
	names(context.Context) ([]string, error)
	// tail returns the position of the last document, nil if there is none, in
	// the order of the dump: an int64 (commit number of a log in SQLite) or a
	// string (id).
	tail(ctx context.Context, name string) (any, error)
	// read returns a page of what stands behind after (nil: the beginning), up
	// to and with last, and the position of the page's last document.
	read(ctx context.Context, name string, after, last any) (docs [][]byte, at any, err error)
}

// dumpLimit is how many documents a page of a dump has at the most; pageBytes
// ends it earlier.
const dumpLimit = 1000

// Collections returns the names of the collections that have been opened, in
// alphabetical order.
func (s *Store) Collections() []string {
	return s.openedNames(func(*schema) bool { return true })
}

// Transient returns the names of those among Collections that a backup leaves
// out.
func (s *Store) Transient() []string {
	return s.openedNames(func(c *schema) bool { return c.Transient })
}

func (s *Store) openedNames(wanted func(*schema) bool) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	names := make([]string, 0, len(s.opened))
	for name, o := range s.opened {
		if wanted(o.schema) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Names returns the names of the collections that the database holds, opened
// here or not, in alphabetical order.
func (s *Store) Names(ctx context.Context) ([]string, error) {
	ctx, end, err := s.begin(ctx)
	if err != nil {
		return nil, fmt.Errorf("list collections: %w", err)
	}
	defer end()
	names, err := s.engine.names(ctx)
	if err != nil {
		return nil, fmt.Errorf("list collections: %w", err)
	}
	slices.Sort(names)
	return names, nil
}

// Dump reads a collection from its beginning to where it ended when the dump
// began: a log in commit order where the engine has one, anything else in the
// order of ids. The end is fixed first, so that a dump ends however fast others
// write, and so that where ids grow with time a document that builds on an
// earlier one never comes without it.
type Dump struct {
	store *Store
	name  string
	last  any // nil: empty
	after any
	done  bool
}

// Dump begins to read the collection of this name, which need not be open.
// Reading one that is not there finds nothing.
func (s *Store) Dump(ctx context.Context, name string) (*Dump, error) {
	ctx, end, err := s.begin(ctx)
	if err != nil {
		return nil, fmt.Errorf("dump %s: %w", name, err)
	}
	defer end()
	last, err := s.engine.tail(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("dump %s: %w", name, err)
	}
	return &Dump{store: s, name: name, last: last, done: last == nil}, nil
}

// Empty tells whether there was no document when the dump began.
func (d *Dump) Empty() bool { return d.last == nil }

// bare checks what every stored document keeps to, whatever its collection.
var bare = &schema{}

// Next returns the next page of documents, which the caller owns; none at the
// end. A document that breaks a rule of this package (damage, or a foreign hand)
// is an error: a backup of it could not be restored.
func (d *Dump) Next(ctx context.Context) ([][]byte, error) {
	if d.done {
		return nil, nil
	}
	ctx, end, err := d.store.begin(ctx)
	if err != nil {
		return nil, fmt.Errorf("dump %s: %w", d.name, err)
	}
	defer end()
	docs, at, err := d.store.engine.read(ctx, d.name, d.after, d.last)
	if err != nil {
		return nil, fmt.Errorf("dump %s: %w", d.name, err)
	}
	for _, raw := range docs {
		if _, err := bare.inspect(raw); err != nil {
			return nil, fmt.Errorf("dump %s: stored document breaks a rule: %w", d.name, err)
		}
	}
	d.after, d.done = at, len(docs) == 0
	return docs, nil
}

// RawID returns the id of a document that Next has returned.
func RawID(doc []byte) string {
	id, _ := bson.Raw(doc).Lookup(idKey.Name).StringValueOK()
	return id
}

// opening is what a collection was opened with.
type opening struct {
	schema *schema
	table  table
}

// remember keeps what InsertRaw needs; a collection opened twice is the later
// one.
func (s *Store) remember(schema *schema, t table) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.opened == nil {
		s.opened = map[string]opening{}
	}
	s.opened[schema.Name] = opening{schema, t}
}

func (s *Store) recall(name string) (opening, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.opened[name]
	if !ok {
		return o, ErrRefused.Because(errors.New("the collection has not been opened"))
	}
	return o, nil
}

// CompleteRaw returns the document as InsertRaw would store it: with the index
// fields that it lacks (see Deriver), otherwise as it is. ErrRefused if it would not.
func (s *Store) CompleteRaw(name string, doc []byte) ([]byte, error) {
	o, err := s.recall(name)
	if err != nil {
		return nil, fmt.Errorf("complete document for %s: %w", name, err)
	}
	r, err := o.schema.complete(doc)
	if err != nil {
		return nil, fmt.Errorf("complete document for %s: %w", name, ErrRefused.Because(err))
	}
	return r.raw, nil
}

// InsertRaw stores documents as CompleteRaw returns them, version and write token
// included, in a collection that has been opened, and returns the outcome of each
// as InsertMany does. Those of a log get commit numbers in their order.
func (s *Store) InsertRaw(ctx context.Context, name string, docs [][]byte) []error {
	errs := make([]error, len(docs))
	fail := func(err error) []error {
		for i := range errs {
			errs[i] = fmt.Errorf("insert into %s: %w", name, err)
		}
		return errs
	}
	o, err := s.recall(name)
	if err != nil {
		return fail(err)
	}
	ctx, end, err := s.begin(ctx)
	if err != nil {
		return fail(err)
	}
	defer end()
	var batch []*record
	var places []int // of the records of batch in docs
	size := 0
	flush := func() {
		if len(batch) == 0 {
			return
		}
		for i, err := range o.table.insert(ctx, batch) {
			if err != nil {
				errs[places[i]] = fmt.Errorf("insert into %s: %w", name, err)
			}
		}
		batch, places, size = nil, nil, 0
	}
	for i, raw := range docs {
		r, err := o.schema.complete(raw)
		if err != nil {
			errs[i] = fmt.Errorf("insert into %s: %w", name, ErrRefused.Because(err))
			continue
		}
		if len(batch) == batchDocs || size+len(r.raw) > batchBytes {
			flush()
		}
		batch, places, size = append(batch, r), append(places, i), size+len(r.raw)
	}
	flush()
	return errs
}
