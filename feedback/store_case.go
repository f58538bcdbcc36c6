package feedback

import (
	"context"
	"crypto/hmac"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"sipas/internal/fault"
	"sipas/internal/store"
)

// ErrKeyReused says that the key of the request came with something else before.
// Nothing of this request is stored.
var ErrKeyReused = fault.New(fault.Conflict, "key_reused")

// Receipt is what a sender gets. Only they can read the secret, and only here.
type Receipt struct {
	Case   *Case
	Secret string
	Again  bool // the same was sent before, and this is its receipt
}

// Add stores a case. The same request sent again gets the same receipt and
// stores nothing; another one with the same key is ErrKeyReused. Without keys it
// is ErrNoKey.
func (s *Store) Add(ctx context.Context, d *Draft) (*Receipt, error) {
	ring, err := s.sealing(ctx, d.c.ReceivedAt)
	if err != nil {
		return nil, err
	}
	newest, err := ring.newest()
	if err != nil {
		return nil, err
	}
	for range tries {
		var code string
		for _, k := range slices.Backward(ring.keys) {
			for _, secret := range []bool{d.secret(), !d.secret()} {
				earlier, free, err := s.earlier(ctx, &k, d, secret)
				if err != nil {
					return nil, fmt.Errorf("add case: %w", err)
				}
				if earlier != nil {
					return d.again(&k, earlier)
				}
				if k.id == newest.id && secret == d.secret() {
					code = free
				}
			}
		}
		r, err := s.insert(ctx, newest, d, code)
		if !errors.Is(err, store.ErrExists) { // else the same request at the same moment, or a taken code
			return r, err
		}
	}
	return nil, fmt.Errorf("add case: %w", store.ErrUnavailable)
}

// OfKey returns the case that a request with this key has stored, or ErrNoCase. It
// knows nothing of denunciations.
func (s *Store) OfKey(ctx context.Context, key string) (*Case, error) {
	ring := s.ring.Load()
	if _, err := ring.newest(); err != nil {
		return nil, err
	}
	for _, k := range slices.Backward(ring.keys) {
		c, _, err := s.earlier(ctx, &k, &Draft{key: key}, false)
		if err != nil {
			return nil, fmt.Errorf("find case: %w", err)
		}
		if c != nil {
			return c, nil
		}
	}
	return nil, ErrNoCase
}

// secret says whether it goes into the book of secrets.
func (d *Draft) secret() bool { return d.c.Kind == Denunciation }

// earlier returns what an earlier request with this key has stored in the row of
// codes, or the first free code of the row.
func (s *Store) earlier(ctx context.Context, k *ringKey, d *Draft, secret bool) (c *Case, free string, err error) {
	for n := 0; ; n++ {
		code := k.code(d.key, secret, n)
		c, err := s.find(ctx, code)
		switch {
		case errors.Is(err, ErrNoCase):
			return nil, code, nil
		case err != nil:
			return nil, "", err
		case hmac.Equal(c.Lock.Request, k.sum("request", d.key)):
			return c, "", nil
		}
	}
}

// again returns the receipt of an earlier request.
func (d *Draft) again(k *ringKey, c *Case) (*Receipt, error) {
	secret := k.secretOf(d.key, c.Code)
	if l := k.lock(c.Code, secret, d.key, d.body); !hmac.Equal(l.Body, c.Lock.Body) {
		return nil, ErrKeyReused
	}
	return &Receipt{c, secret, true}, nil
}

func (s *Store) insert(ctx context.Context, k *ringKey, d *Draft, code string) (*Receipt, error) {
	c := d.c
	secret := k.secretOf(d.key, code)
	c.Code, c.Lock = code, k.lock(code, secret, d.key, d.body)
	if d.contact != (Contact{}) {
		plain, err := json.Marshal(d.contact)
		if err == nil {
			c.Contact, err = s.ring.Load().seal(plain, sealedIn(code, "contact"))
		}
		if err != nil {
			return nil, fmt.Errorf("seal contact: %w", err)
		}
		c.Phone = k.phoneTag(d.contact.Phone)
	}
	if err := s.putFiles(ctx, k, d, &c); err != nil { // before the case: none is ever without its files
		return nil, err
	}
	if err := s.outbox.Put(ctx, c.ReceivedAt, noticesOf(&c)...); err != nil {
		return nil, err
	}
	if err := s.of(c.Kind).insert(ctx, &c); err != nil {
		return nil, fmt.Errorf("add case: %w", err)
	}
	return &Receipt{&c, secret, false}, nil
}

// Case returns the case of this code if the officer may see it, or ErrNoCase.
func (s *Store) Case(ctx context.Context, o Officer, code string) (*Case, error) {
	code, ok := CleanCode(code)
	if !ok {
		return nil, ErrNoCase
	}
	c, err := s.find(ctx, code)
	if errors.Is(err, ErrNoKey) && o.Role != RoleInspection {
		return nil, ErrNoCase // only denunciations need a key to be read
	}
	if err != nil {
		return nil, err
	}
	if !Visible(o, c).Read {
		return nil, ErrNoCase
	}
	return c, nil
}

// Names says whether the case of this code names the officer, who then is not to
// hear of it by any way, whatever the role.
func (s *Store) Names(ctx context.Context, o Officer, code string) (bool, error) {
	c, err := s.find(ctx, code)
	if errors.Is(err, ErrNoCase) {
		return false, nil
	}
	return err == nil && c.About.person(o), err
}

// ByLookup returns the case of a sender who knows its code and its secret, or
// ErrNoCase: the same answer on the same path for a code that is none and for a
// wrong secret. As long as a key is missing nobody can tell whether the two are
// wrong, and the answer is ErrNoKey.
func (s *Store) ByLookup(ctx context.Context, code, secret string) (*Case, error) {
	ring := s.ring.Load()
	if ring == nil {
		return nil, ErrNoKey
	}
	code, _ = CleanCode(code)
	c, err := s.find(ctx, code)
	if errors.Is(err, ErrNoCase) || errors.Is(err, ErrNoKey) {
		c, err = &Case{}, nil
	}
	if err != nil {
		return nil, err
	}
	switch {
	case ring.opens(c.Lock, code, cleanSecret(secret)):
		return c, nil
	case len(ring.missing) > 0:
		return nil, ErrNoKey
	}
	return nil, ErrNoCase
}

// Contact opens the contact of a case for an officer who may see it, which the
// caller has written into the audit log before; else it is ErrRole. The contact
// of an anonymous sender is empty.
func (s *Store) Contact(o Officer, c *Case) (Contact, error) {
	if !Visible(o, c).Contact {
		return Contact{}, ErrRole
	}
	return s.contact(c)
}

func (s *Store) contact(c *Case) (contact Contact, err error) {
	if c.Contact == nil {
		return contact, nil
	}
	plain, err := s.ring.Load().open(c.Contact, sealedIn(c.Code, "contact"))
	if err == nil {
		err = json.Unmarshal(plain, &contact)
	}
	if err != nil {
		return Contact{}, fmt.Errorf("open contact: %w", err)
	}
	return contact, nil
}

// Apply stores a case with one more event, which Next, Reply or Rate made of c,
// and returns it. ErrStale if somebody else has changed it since c was read.
func (s *Store) Apply(ctx context.Context, c *Case, e Event) (*Case, error) {
	next := *e.becomes
	from := s.of(c.Kind)
	if next.Kind == Denunciation { // before anybody is told: it could not be sealed
		if _, err := s.sealing(ctx, e.At); err != nil {
			return nil, fmt.Errorf("apply %s: %w", e.Step, err)
		}
	}
	if err := s.outbox.Put(ctx, e.At, noticesOf(&next)...); err != nil {
		return nil, fmt.Errorf("apply %s: %w", e.Step, err)
	}
	for range tries {
		moves := s.of(next.Kind) != from
		var err error
		if moves {
			err = s.leave(ctx, from, &next)
		} else {
			err = from.replace(ctx, &next)
		}
		switch {
		case err == nil && moves:
			return s.arrive(ctx, &next)
		case err == nil:
			return &next, nil
		case !errors.Is(err, store.ErrStale) && !errors.Is(err, store.ErrNotFound):
			return nil, fmt.Errorf("apply %s: %w", e.Step, err)
		}
		now, err := s.lost(ctx, c, e)
		if !errors.Is(err, errResealed) {
			return now, err
		}
		if !next.Erased() {
			next.Contact, next.Phone = now.Contact, now.Phone
		}
		next.revision, next.moved = now.revision, false
	}
	return nil, ErrStale
}

// errResealed: nothing has happened to a case but that it was sealed with another
// key.
var errResealed = errors.New("the case was sealed anew")

// lost is a race that looks lost: unless the event is in the case after all,
// stored by a try whose outcome was not known before somebody else came.
func (s *Store) lost(ctx context.Context, c *Case, e Event) (*Case, error) {
	now, err := s.find(ctx, c.Code)
	if err != nil {
		return nil, err
	}
	if n := c.Version(); now.Version() > n && now.Events[n].same(e) {
		return now, nil
	} else if now.Version() == n && now.Kind == c.Kind {
		return now, errResealed
	}
	return nil, ErrStale
}

// same compares what tells one event from another. Stored times have
// milliseconds.
func (e Event) same(o Event) bool {
	return e.At.Truncate(time.Millisecond).Equal(o.At.Truncate(time.Millisecond)) &&
		e.Step == o.Step && e.By == o.By && e.Note == o.Note && e.Message == o.Message &&
		e.Kind == o.Kind && e.Unit == o.Unit && e.Until == o.Until && e.Apology == o.Apology && e.To == o.To &&
		e.Solved == o.Solved && e.Level == o.Level
}
