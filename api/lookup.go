package api

import (
	"errors"
	"time"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/fault"
	"sipas/internal/pace"
)

// errLookupThrottled says how long to wait, at most a minute.
var errLookupThrottled = fault.New(fault.TooMany, "lookup_throttled")

// newLookupGuard slows the guessing of codes and secrets down. A secret has some
// 34 bits: at the pace of all addresses together one is found in 5,000 years. Who
// has looked a case up in the last hour is not held up by guessers elsewhere, and
// anybody else waits ten seconds for the next place, a minute at the most.
func newLookupGuard() *pace.Guard {
	return &pace.Guard{
		Pair:     pace.Row{Places: 10, Every: time.Minute},
		Thing:    pace.Row{Places: 30, Every: 10 * time.Second},
		Address:  pace.Row{Places: 60, Every: 5 * time.Second},
		KnownFor: time.Hour,
	}
}

// senderCase returns the case of a sender who knows code and secret. A code that
// is none, one that is not known and a wrong secret are one failure.
func (s *Server) senderCase(c echo.Context, code, secret string) (*feedback.Case, error) {
	now := s.Now()
	thing, _ := feedback.CleanCode(code)
	try, wait := s.lookups.Try(thing, c.RealIP(), now)
	if try == nil {
		return nil, errLookupThrottled.After(wait)
	}
	cs, err := s.feedback.ByLookup(c.Request().Context(), code, secret)
	switch {
	case err == nil:
		try.Right(now)
	case !errors.Is(err, feedback.ErrNoCase) && !errors.Is(err, feedback.ErrNoKey): // without a key, too, guessing is slow
		try.Undecided()
	}
	return cs, err
}

// said is what a sender says of their case.
type said struct {
	before func(*feedback.Case) bool // it is in the case already
	event  func(*feedback.Case, *feedback.Rules, time.Time) (feedback.Event, error)
}

func saidMessage(message string, seen int) said {
	return said{
		before: func(cs *feedback.Case) bool { return cs.Replied(message, seen) },
		event: func(cs *feedback.Case, r *feedback.Rules, now time.Time) (feedback.Event, error) {
			return cs.Reply(message, r, now)
		},
	}
}

func saidRating(in feedback.RatingInput) said {
	return said{
		before: func(cs *feedback.Case) bool { return cs.Rated(in) },
		event: func(cs *feedback.Case, r *feedback.Rules, now time.Time) (feedback.Event, error) {
			return cs.Rate(in, r, now)
		},
	}
}

// lookupTries is how often something is put into a case that others change at
// the same moment.
const lookupTries = 10

// take puts what the sender of a case says into it, once however often it is
// sent, and whoever is at work on the case. It returns the case as it is then;
// again: it was in it before.
func (s *Server) take(c echo.Context, cs *feedback.Case, secret string, what said) (now *feedback.Case, again bool, err error) {
	ctx := c.Request().Context()
	for range lookupTries {
		if what.before(cs) {
			return cs, true, nil
		}
		e, err := what.event(cs, s.feedback.Rules(), s.Now())
		if err != nil {
			return cs, false, err
		}
		next, err := s.feedback.Apply(ctx, cs, e)
		if err == nil {
			return next, false, nil
		}
		if !errors.Is(err, feedback.ErrStale) {
			return cs, false, err
		}
		if cs, err = s.feedback.ByLookup(ctx, cs.Code, secret); err != nil {
			return nil, false, err
		}
	}
	return cs, false, feedback.ErrStale
}
