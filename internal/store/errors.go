package store

import (
	"errors"
	"sipas/internal/fault"
)

// What callers tell apart with errors.Is. The error that carries one of them
// says what was being done and to which collection, never what was in the
// document.
var (
	// ErrExists: there is a document of this id. Not written.
	ErrExists = fault.New(fault.Conflict, "already_exists")
	// ErrNotFound: there is no document of this id.
	ErrNotFound = fault.New(fault.NotFound, "not_found")
	// ErrStale: the stored version is another one. Not written by this call;
	// after an ErrUnknown for the same document it can also mean that the
	// earlier attempt landed and has been replaced since.
	ErrStale = fault.New(fault.Conflict, "stale")
	// ErrUnknown: the write may have landed, or may land yet. Repeating it
	// settles the question.
	ErrUnknown = fault.New(fault.Unavailable, "outcome_unknown")
	// ErrClosed: the store was closed before the call. Not written.
	ErrClosed = fault.New(fault.Unavailable, "store_closed")
	// ErrUnavailable: the store is away, or the caller's time was over before
	// anything was handed to it. Not written.
	ErrUnavailable = fault.New(fault.Unavailable, "store_unavailable")
	// ErrRefused: the document breaks a rule of this package, which the error
	// names. Not written.
	ErrRefused = fault.New(fault.Internal, "document_refused")
)

// Repeat repeats a write until its outcome is known, ten times at the most: what
// is left unknown then is returned as ErrUnknown.
func Repeat(write func() error) (err error) {
	for range 10 {
		if err = write(); !errors.Is(err, ErrUnknown) {
			return err
		}
	}
	return err
}
