package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"reflect"
)

// Collection keeps documents of one type. Its methods may be called
// concurrently, with different documents. Any of them can also return
// ErrClosed and ErrUnavailable; the writes ErrUnknown.
type Collection[T any] struct {
	store  *Store
	schema *schema
	table  table
}

// Open makes the collection and its indexes if they are not there, and adds to
// stored documents the index fields that they lack. It panics when T or spec
// breaks a rule (see Doc and Spec), which are mistakes in the program, and
// returns an error when the store cannot be used or holds the collection in
// another form.
func Open[T any](ctx context.Context, s *Store, spec Spec) (*Collection[T], error) {
	checkType(reflect.TypeFor[T]())
	schema := newSchema(spec)
	schema.complete = completerOf[T](schema)
	// Without WriteDeadline: a new index over many documents takes its time.
	if err := s.enter(); err != nil {
		return nil, fmt.Errorf("open collection %s: %w", spec.Name, err)
	}
	defer s.leave()
	table, err := s.engine.open(ctx, schema)
	if err != nil {
		return nil, fmt.Errorf("open collection %s: %w", spec.Name, err)
	}
	s.remember(schema, table)
	return &Collection[T]{store: s, schema: schema, table: table}, nil
}

// As returns the collection with its documents read as another type, which has
// some of their fields. Nothing may be written through it: the rest would be lost.
func As[V, T any](c *Collection[T]) *Collection[V] {
	checkType(reflect.TypeFor[V]())
	return &Collection[V]{store: c.store, schema: c.schema, table: c.table}
}

// wrap says what failed and where; the document stays out of it.
func (c *Collection[T]) wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %s: %w", doing, c.schema.Name, err)
}

// Insert stores doc as version 1 and sets doc.Version to it. ErrExists if the
// id is taken: after an ErrUnknown that may be doc itself.
func (c *Collection[T]) Insert(ctx context.Context, doc *T) error {
	return c.InsertMany(ctx, []*T{doc})[0]
}

// At most so much goes to an engine at once. The bytes keep MongoDB's driver
// from splitting an insert in two, of which one could fail alone.
const (
	batchDocs  = 1000
	batchBytes = 12 << 20
)

// InsertMany stores each document that can be, in no promised order, and
// returns one outcome per document: nil, or what Insert would have returned.
// Each stored one's Version is set to 1.
func (c *Collection[T]) InsertMany(ctx context.Context, docs []*T) []error {
	errs := make([]error, len(docs))
	ctx, end, err := c.store.begin(ctx)
	if err != nil {
		for i := range errs {
			errs[i] = c.wrap("insert into", err)
		}
		return errs
	}
	defer end()

	var batch []*record
	var places []int // of the records of batch in docs
	size := 0
	flush := func() {
		if len(batch) == 0 {
			return
		}
		for i, err := range c.table.insert(ctx, batch) {
			if err == nil {
				d := docOf(docs[places[i]])
				d.Version, d.Write, d.attempt = 1, "", ""
			}
			errs[places[i]] = c.wrap("insert into", err)
		}
		batch, places, size = nil, nil, 0
	}
	for i, doc := range docs {
		first := *doc // the caller's document changes only when it is stored
		d := docOf(&first)
		d.Version, d.Write = 1, ""
		r, err := c.schema.encode(&first)
		if err != nil {
			errs[i] = c.wrap("insert into", err)
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

// Get returns the document of this id, or ErrNotFound. The caller owns it.
func (c *Collection[T]) Get(ctx context.Context, id string) (*T, error) {
	doc, err := c.get(ctx, id)
	return doc, c.wrap("get from", err)
}

func (c *Collection[T]) get(ctx context.Context, id string) (*T, error) {
	ctx, end, err := c.store.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	if !validID(id) {
		return nil, ErrNotFound
	}
	raw, err := c.table.get(ctx, id)
	if err != nil {
		return nil, err
	}
	doc := new(T)
	if err := decode(raw, doc); err != nil {
		return nil, err
	}
	return doc, nil
}

// Replace stores doc in the place of the document of its id if that still has
// doc.Version, and sets doc.Version and doc.Write to the new ones. ErrStale if
// it has another version, ErrNotFound if it is not there.
//
// After ErrUnknown, calling Replace again with the same *T, unchanged, settles
// it: nil if either call's write is what is stored. ErrStale then leaves open
// whether the first one was stored in between.
func (c *Collection[T]) Replace(ctx context.Context, doc *T) error {
	return c.wrap("replace in", c.replace(ctx, doc))
}

func (c *Collection[T]) replace(ctx context.Context, doc *T) error {
	ctx, end, err := c.store.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	if c.schema.Log {
		return ErrRefused.Because(fmt.Errorf("the collection is append-only"))
	}
	d := docOf(doc)
	attempt := d.attempt
	if attempt == "" {
		attempt = newAttempt()
	}
	next := *doc
	docOf(&next).Version++
	r, err := c.schema.encodeReplace(&next, attempt)
	if err != nil {
		return err
	}
	switch err := c.table.replace(ctx, r); {
	case err == nil:
		d.Version, d.Write, d.attempt = r.version, r.write, ""
		return nil
	case settled(err):
		d.attempt = ""
		return err
	default:
		d.attempt = attempt
		return err
	}
}

// Put stores what somebody edits: a new document, whose version is 0, or one over
// the version that it was read as. ErrStale if somebody else has made, changed or
// removed it since. A new one that is there already is no error if same says that
// it is this one, put before; doc is what is stored then.
func (c *Collection[T]) Put(ctx context.Context, doc *T, same func(stored *T) bool) error {
	write := c.Replace
	if docOf(doc).Version == 0 {
		write = c.Insert
	}
	err := Repeat(func() error { return write(ctx, doc) })
	if errors.Is(err, ErrExists) {
		if stored, e := c.Get(ctx, docOf(doc).ID); e == nil && same(stored) {
			*doc = *stored
			return nil
		}
	}
	if errors.Is(err, ErrExists) || errors.Is(err, ErrNotFound) {
		return c.wrap("put into", ErrStale)
	}
	return err
}

// Delete removes the document of this id, or returns ErrNotFound: after an
// ErrUnknown that may be the first call's doing.
func (c *Collection[T]) Delete(ctx context.Context, id string) error {
	return c.wrap("delete from", c.remove(ctx, id))
}

func (c *Collection[T]) remove(ctx context.Context, id string) error {
	ctx, end, err := c.store.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	if !validID(id) {
		return ErrNotFound
	}
	return c.table.remove(ctx, id)
}

// All returns every document, in the order of ids: for small collections only.
func (c *Collection[T]) All(ctx context.Context) (list []*T, err error) {
	for doc, err := range c.Each(ctx, Query{Limit: maxLimit}) {
		if err != nil {
			return nil, err
		}
		list = append(list, doc)
	}
	return list, nil
}

// Each goes through all documents of q, which it reads by pages of q.Limit, as
// Scan does. An error ends it, and comes with no document. No page is held open
// while the caller looks at its documents, and they may be changed and deleted.
func (c *Collection[T]) Each(ctx context.Context, q Query) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for q := q; ; {
			page, err := c.Scan(ctx, q)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, doc := range page.Items {
				if !yield(doc, nil) {
					return
				}
			}
			if q.After = page.Next; q.After == "" {
				return
			}
		}
	}
}

// Scan returns one page of documents, in the order of q.Index. Documents
// stored or deleted between two pages appear if they stand behind the cursor;
// none that stayed is missed or comes twice, unless a Replace moves it. A
// damaged q.After, or one of another query, is an Invalid fault.
func (c *Collection[T]) Scan(ctx context.Context, q Query) (Page[T], error) {
	page, err := c.scan(ctx, q)
	return page, c.wrap("scan", err)
}

func (c *Collection[T]) scan(ctx context.Context, q Query) (page Page[T], err error) {
	ctx, end, err := c.store.begin(ctx)
	if err != nil {
		return page, err
	}
	defer end()
	p, err := c.schema.plan(q)
	if err != nil {
		return page, err
	}
	docs, more, err := c.table.scan(ctx, p)
	if err != nil {
		return page, err
	}
	items := make([]*T, len(docs))
	for i, raw := range docs {
		items[i] = new(T)
		if err := decode(raw, items[i]); err != nil {
			return page, err
		}
	}
	if more {
		last, err := c.schema.inspect(docs[len(docs)-1])
		if err != nil {
			return page, fmt.Errorf("stored document breaks a rule: %w", err)
		}
		page.Next = c.schema.writeCursor(p, c.schema.position(p, last))
	}
	page.Items = items
	return page, nil
}
