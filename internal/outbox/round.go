package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sipas/internal/store"
)

// Round tells what is due and returns how many notices it has told. Of several
// servers that do so at once each notice is one's: it is leased before it is
// told, and after leaseFor, if that server has stopped meanwhile, anybody's
// again. After ErrAway the round ends, since nobody else could be told either.
// The error is the store's; what a Teller says is noted with the notice.
func (s *Store) Round(ctx context.Context, now func() time.Time, tell Teller) (told int, err error) {
	q := store.Query{Index: "state", Equal: []any{string(Waiting)}, To: now().Add(time.Millisecond), Limit: 100}
	for d, err := range s.notices.Each(ctx, q) {
		if err != nil {
			return told, fmt.Errorf("read outbox: %w", err)
		}
		mine, err := s.lease(ctx, d, now())
		if err != nil {
			return told, err
		}
		if !mine {
			continue
		}
		saying := s.tell(ctx, d, tell)
		if saying == nil {
			told++
		}
		if err := s.note(ctx, d, saying, now()); err != nil {
			return told, err
		}
		if errors.Is(saying, ErrAway) {
			return told, nil
		}
	}
	return told, nil
}

// lease puts the next try off, so that no other server makes it, and says
// whether this one may.
func (s *Store) lease(ctx context.Context, d *storedNotice, now time.Time) (mine bool, err error) {
	d.At = now.Add(leaseFor)
	err = store.Repeat(func() error { return s.notices.Replace(ctx, d) })
	if errors.Is(err, store.ErrStale) || errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("lease notice: %w", err)
	}
	return true, nil
}

func (s *Store) tell(ctx context.Context, d *storedNotice, tell Teller) error {
	ctx, cancel := context.WithTimeout(ctx, leaseFor/2)
	defer cancel()
	return tell(ctx, d.notice())
}

// note writes down what came of it.
func (s *Store) note(ctx context.Context, d *storedNotice, saying error, now time.Time) error {
	d.Tries++
	d.At, d.Trouble = now, ""
	switch {
	case saying == nil:
		d.State = Told
	case errors.Is(saying, ErrMoot):
		d.State = Moot
	case errors.Is(saying, ErrRefused), now.Sub(d.PutAt) > giveUpAfter:
		d.State, d.Trouble = GivenUp, trouble(saying)
	default:
		d.At, d.Trouble = now.Add(pause(d.Tries)), trouble(saying)
	}
	// It is written down even while the server stops: what was told is told.
	err := store.Repeat(func() error { return s.notices.Replace(context.WithoutCancel(ctx), d) })
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrStale) { // purged, or taken over after the lease
		return nil
	}
	if err != nil {
		return fmt.Errorf("note what came of a notice: %w", err)
	}
	if d.State == GivenUp {
		s.gaveUp.Add(1)
	}
	return nil
}
