// Package fault is the one vocabulary of failure: what kind of failure it is,
// a stable code whose sentence is looked up where people read it, and the
// fields that a sender has to mend. It knows nothing of HTTP or of languages.
package fault

import (
	"errors"
	"strings"
	"time"
)

// Kind says who can do something about a failure. What it looks like from
// outside (status, page) is decided in one place, in package api.
type Kind int

const (
	Internal        Kind = iota // ours; the sender can do nothing but report the id
	Malformed                   // the bytes could not be read at all
	Invalid                     // read, but Fields have to be mended
	Unauthenticated             // no token, or an unknown one
	Forbidden                   // known, but not for this role
	NotFound                    // no such thing, or its existence is none of the caller's business
	Conflict                    // clashes with what is stored
	Gone                        // was or will be there, is not now
	TooLarge                    // over a limit of size
	TooMany                     // over a limit of rate
	Unavailable                 // not done; sending the same again later is safe
)

// Error is a failure of a known kind. Code is a stable key ("link_closed"),
// never a sentence.
type Error struct {
	Kind       Kind
	Code       string
	Fields     Fields
	RetryAfter time.Duration // for TooMany and Unavailable; 0: not said
	causes     []error
}

// New returns an Error that can serve as a sentinel: errors.Is finds it under
// any number of wrappings.
func New(kind Kind, code string) *Error { return &Error{Kind: kind, Code: code} }

// Because returns a copy of e that says why; errors.Is finds e and cause in it.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.causes = []error{e, cause}
	return &c
}

// After returns a copy of e that asks the sender to wait for d; errors.Is finds
// e in it.
func (e *Error) After(d time.Duration) *Error {
	c := *e
	c.RetryAfter, c.causes = d, []error{e}
	return &c
}

func (e *Error) Error() string {
	s := e.Code
	if len(e.Fields) > 0 {
		s += ": " + e.Fields.String()
	}
	if n := len(e.causes); n > 0 && e.causes[n-1].Error() != s {
		s += ": " + e.causes[n-1].Error()
	}
	return s
}

// Unwrap returns what e was copied from and what caused it.
func (e *Error) Unwrap() []error { return e.causes }

// As returns the Error inside err, or one of kind Internal that wraps it.
func As(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Kind: Internal, Code: "internal", causes: []error{err}}
}

// Field is one thing to mend: where it stands (the JSON path or the form
// field, "answers.15"), a stable code ("range"), and the arguments of its
// sentence, in order.
type Field struct {
	Name string
	Code string
	Args []any
}

// Fields collects what has to be mended, in the order of the form.
type Fields []Field

// Add appends one entry.
func (f *Fields) Add(name, code string, args ...any) {
	*f = append(*f, Field{Name: name, Code: code, Args: args})
}

// Err returns an Invalid error with these fields, or nil when there are none.
func (f Fields) Err() error {
	if len(f) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Code: "invalid", Fields: f}
}

func (f Fields) String() string {
	parts := make([]string, len(f))
	for i, x := range f {
		parts[i] = x.Name + " " + x.Code
	}
	return strings.Join(parts, ", ")
}
