// Package store keeps typed collections of BSON documents in MongoDB or in one
// SQLite file. It alone knows the two engines; what it offers is what both do
// well and alike, and one suite of tests (package storetest) holds them to it.
//
// A write has three outcomes, not two: done (nil), not done (any error but
// ErrUnknown), and not known (ErrUnknown): the caller stopped waiting, or the
// answer was lost, while the write may still land. Only repeating it settles
// that: Insert again and compare with one's own document on ErrExists; Replace
// again with the same *T; Delete again.
package store

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// What every stored document has to keep to, on both engines.
const (
	MaxID          = 256     // bytes of an id
	MaxDoc         = 8 << 20 // bytes of an encoded document; its first Replace adds about 45
	MaxIndexString = 512     // bytes of a string in an index field
	MaxDepth       = 64      // levels of documents and arrays, the document itself being the first
)

// WriteDeadline is how long a call of this package runs at the most; a shorter
// deadline of the caller's context goes first. A write cut off by it is
// ErrUnknown and may, on MongoDB, land later still.
const WriteDeadline = 30 * time.Second

// Store is one open database. Its methods may be called concurrently.
type Store struct {
	engine engine

	mu      sync.Mutex // orders running.Add against closing; guards opened
	closing bool
	running sync.WaitGroup
	opened  map[string]opening // by name, for backups
}

// engine is a database; every error it returns is one of the sentinels.
type engine interface {
	ping(context.Context) error
	open(context.Context, *schema) (table, error)
	dumper
	close(context.Context) error // called once, when no call is running
}

// table is one collection of an engine. It is handed documents that are
// already encoded and checked, and gives documents back undecoded.
type table interface {
	insert(context.Context, []*record) []error // one outcome per record, in no order
	get(ctx context.Context, id string) ([]byte, error)
	replace(context.Context, *record) error // where the stored version is one less
	remove(ctx context.Context, id string) error
	scan(context.Context, *plan) (docs [][]byte, more bool, err error)
}

// enter admits a call unless the store is closing; every admitted call ends
// with leave.
func (s *Store) enter() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return ErrClosed
	}
	s.running.Add(1)
	return nil
}

func (s *Store) leave() { s.running.Done() }

// begin admits a call and bounds its time. A context that has already ended is
// ErrUnavailable: nothing has been handed to the engine.
func (s *Store) begin(ctx context.Context) (context.Context, func(), error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, ErrUnavailable.Because(err)
	}
	if err := s.enter(); err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, WriteDeadline)
	return ctx, func() { cancel(); s.leave() }, nil
}

// Ping asks the database for a sign of life: nil, ErrUnavailable or ErrClosed.
func (s *Store) Ping(ctx context.Context) error {
	ctx, end, err := s.begin(ctx)
	if err == nil {
		defer end()
		err = s.engine.ping(ctx)
	}
	if err != nil {
		return fmt.Errorf("ping store: %w", err)
	}
	return nil
}

// Close refuses new calls, lets the running ones finish, and closes the
// database. Every later call, of Close too, returns ErrClosed. If ctx ends
// first, Close returns ErrUnavailable and the closing goes on behind it.
func (s *Store) Close(ctx context.Context) error {
	s.mu.Lock()
	if s.closing {
		s.mu.Unlock()
		return ErrClosed
	}
	s.closing = true
	s.mu.Unlock()

	closed := make(chan error, 1)
	go func() {
		s.running.Wait()
		closed <- s.engine.close(ctx)
	}()
	select {
	case err := <-closed:
		if err != nil {
			return fmt.Errorf("close store: %w", err)
		}
		return nil
	case <-ctx.Done():
		return fmt.Errorf("close store: %w", ErrUnavailable.Because(ctx.Err()))
	}
}
