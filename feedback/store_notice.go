package feedback

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sipas/internal/catalogue"
	"sipas/internal/outbox"
	"sipas/internal/store"
)

// Outbox returns where notices of cases wait until they are told.
func (s *Store) Outbox() *outbox.Store { return s.outbox }

// Remind puts a notice for every running case whose term is over or will soon
// be. Doing it again on the same day adds nothing.
func (s *Store) Remind(ctx context.Context, now time.Time) error {
	today, rules := catalogue.DateOf(now), s.Rules()
	q := store.Query{Index: "queue", Equal: []any{string(Running)}, To: rules.Soon(now)}
	for c, err := range listed(ctx, s.cases, q) {
		if err != nil {
			return fmt.Errorf("remind of cases: %w", err)
		}
		if n, ok := reminderOf(c, rules, today); ok {
			if err := s.outbox.Put(ctx, now, n); err != nil {
				return err
			}
		}
	}
	return nil
}

// patience is how long an event may take to be stored after its notice.
const patience = 10 * time.Minute

// errNotYet: the event that a notice is about is not stored yet.
var errNotYet = errors.New("the event is not stored yet")

// Noticed returns the case that a notice is about, as it is now, and the event,
// which is nil where the notice is of none. outbox.ErrMoot if there is nothing to
// tell any more: the event was never stored, the case is a denunciation or is
// over. Any other error is worth another try.
func (s *Store) Noticed(ctx context.Context, n outbox.Notice, now time.Time) (*Case, *Event, error) {
	c, err := s.find(ctx, n.About)
	switch {
	case err != nil && !errors.Is(err, ErrNoCase):
		return nil, nil, err
	case err == nil && c.Kind == Denunciation:
		if err := s.outbox.Purge(ctx, n.About); err != nil {
			return nil, nil, err
		}
		return nil, nil, outbox.ErrMoot
	case err != nil || len(c.Events) < n.Event:
		if now.Sub(n.PutAt) > patience {
			return nil, nil, outbox.ErrMoot
		}
		return nil, nil, errNotYet
	case n.What != NoticeEvent:
		if c.State() != Running || n.What == NoticeSoon && c.Overdue(now) {
			return nil, nil, outbox.ErrMoot
		}
		return c, nil, nil
	}
	e := &c.Events[n.Event-1]
	if n.To == ToSender && !toldToSender[e.Step] || NoticeUnit(n) != "" && (e.Step != Assign || e.Unit != NoticeUnit(n)) {
		return nil, nil, outbox.ErrMoot // another event took the place of the one that was to be told
	}
	return c, e, nil
}

// NoticeAddress returns the address at which the sender of a case wants to be
// told of it; "": they gave none.
func (s *Store) NoticeAddress(c *Case) (string, error) {
	contact, err := s.contact(c)
	return contact.Email, err
}
