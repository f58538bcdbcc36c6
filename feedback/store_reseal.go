package feedback

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"sipas/internal/store"
)

// Resealed counts what Reseal has sealed anew, and what it had to leave.
type Resealed struct {
	Cases, Denunciations, Pieces int
	Unreadable                   int // their key is missing
}

func (r Resealed) done() int { return r.Cases + r.Denunciations + r.Pieces }

// Reseal seals with the newest key what was sealed with an older one: contacts
// and the tags of phones, denunciations, pieces of files. Each is one write that
// can be repeated, beside whatever servers do, so that it can be cut off anywhere
// and called again. told is called after each write, and ends it with an error.
//
// Codes and secrets are not touched. They follow from what the sender has and
// nobody else, so that the key that made them is needed as long as they are.
func (s *Store) Reseal(ctx context.Context, now time.Time, told func(Resealed) error) (Resealed, error) {
	ring, err := s.sealing(ctx, now)
	if err != nil {
		return Resealed{}, fmt.Errorf("seal anew: %w", err)
	}
	k, err := ring.newest()
	if err != nil {
		return Resealed{}, fmt.Errorf("seal anew: %w", err)
	}
	r := resealer{s: s, ring: ring, k: k, told: told}
	// Until nothing is found: what a server was at meanwhile may lie behind.
	for before := -1; before != r.did.done(); {
		before, r.did.Unreadable = r.did.done(), 0
		for _, pass := range []func(context.Context) error{r.cases, r.secrets, r.pieces} {
			if err := pass(ctx); err != nil {
				return r.did, fmt.Errorf("seal anew: %w", err)
			}
		}
	}
	return r.did, s.changeKey(ctx, k.id, func(k *storedKey) { k.Whole = true })
}

// resealer is one run of Reseal.
type resealer struct {
	s    *Store
	ring *Ring
	k    *ringKey
	did  Resealed
	told func(Resealed) error
}

// wrote settles one write. What somebody else has changed or deleted meanwhile
// is looked at in the next pass.
func (r *resealer) wrote(count *int, err error) error {
	if err != nil && !errors.Is(err, store.ErrStale) && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	*count++
	return r.told(r.did)
}

// left counts what cannot be opened.
func (r *resealer) left(err error) error {
	if errors.Is(err, ErrNoKey) {
		r.did.Unreadable++
		return nil
	}
	return err
}

// contact seals the contact of a case anew; false: there is nothing to do.
func (r *resealer) contact(c *Case) (changed bool, err error) {
	sealed := sealedWith(c.Contact) == r.k.id
	if c.Contact == nil || sealed && c.Phone.Key == r.k.id {
		return false, nil
	}
	place := sealedIn(c.Code, "contact")
	plain, err := r.ring.open(c.Contact, place)
	if err != nil {
		return false, err
	}
	var contact Contact
	if err := json.Unmarshal(plain, &contact); err != nil {
		return false, err
	}
	tag := r.k.phoneTag(contact.Phone)
	if sealed && tag.Key == c.Phone.Key { // it has no phone
		return false, nil
	}
	c.Phone = tag
	c.Contact, err = r.ring.seal(plain, place)
	return true, err
}

func (r *resealer) cases(ctx context.Context) error {
	return scanAll(ctx, r.s.cases.docs, func(d *storedCase) error {
		c := d.decode()
		if c.queue() == moving { // ended first, and met in its book in the next pass
			_, err := r.s.find(ctx, c.Code)
			return r.left(err)
		}
		changed, err := r.contact(c)
		if err != nil || !changed {
			return r.left(err)
		}
		return r.wrote(&r.did.Cases, r.s.cases.replace(ctx, c))
	})
}

func (r *resealer) secrets(ctx context.Context) error {
	return scanAll(ctx, r.s.vault.docs, func(d *storedSecret) error {
		c, err := r.s.vault.decode(d)
		if err != nil {
			return r.left(err)
		}
		if c.queue() == moving {
			_, err := r.s.find(ctx, c.Code)
			return r.left(err)
		}
		changed, err := r.contact(c)
		if err != nil || !changed && sealedWith(d.Content) == r.k.id {
			return r.left(err)
		}
		return r.wrote(&r.did.Denunciations, r.s.vault.replace(ctx, c))
	})
}

func (r *resealer) pieces(ctx context.Context) error {
	return scanAll(ctx, r.s.pieces, func(d *storedPiece) error {
		if sealedWith(d.Owner) == r.k.id && sealedWith(d.Content) == r.k.id {
			return nil
		}
		for _, part := range []struct {
			sealed *[]byte
			place  string
		}{{&d.Owner, "owner of " + d.ID}, {&d.Content, "piece " + d.ID}} {
			plain, err := r.ring.open(*part.sealed, part.place)
			if err != nil {
				return r.left(err)
			}
			if *part.sealed, err = r.ring.seal(plain, part.place); err != nil {
				return err
			}
		}
		return r.wrote(&r.did.Pieces, store.Repeat(func() error { return r.s.pieces.Replace(ctx, d) }))
	})
}

// KeyUse is what needs a key.
type KeyUse struct {
	UsedKey
	Contacts, Denunciations, Pieces int // sealed with it
	Codes                           int // cases whose code and secret were made with it
	There                           bool
}

// Free says whether nothing needs the key, so that it can go.
func (u *KeyUse) Free() bool { return u.Contacts+u.Denunciations+u.Pieces+u.Codes == 0 }

// KeyUses counts what needs each key, in the order of UsedKeys; keys of the ring
// that were never used follow. It reads everything that is sealed.
func (s *Store) KeyUses(ctx context.Context) ([]*KeyUse, error) {
	used, err := s.UsedKeys(ctx)
	if err != nil {
		return nil, err
	}
	ring := s.ring.Load()
	var list []*KeyUse
	of := func(id string) *KeyUse {
		for _, u := range list {
			if u.ID == id {
				return u
			}
		}
		u := &KeyUse{UsedKey: UsedKey{ID: id}, There: ring.find(id) != nil}
		list = append(list, u)
		return u
	}
	for _, k := range used {
		of(k.ID).UsedKey = k
	}
	if ring != nil {
		for i := range ring.keys {
			of(ring.keys[i].id)
		}
	}
	see := func(c *Case) {
		if id := sealedWith(c.Contact); id != "" {
			of(id).Contacts++
		}
		if c.Phone.Key != "" && c.Phone.Key != sealedWith(c.Contact) {
			of(c.Phone.Key).Contacts++
		}
		if c.Lock.Key != "" {
			of(c.Lock.Key).Codes++
		}
	}
	err = errors.Join(
		scanAll(ctx, s.cases.docs, func(d *storedCase) error { see(d.decode()); return nil }),
		scanAll(ctx, s.vault.docs, func(d *storedSecret) error {
			of(sealedWith(d.Content)).Denunciations++
			c, err := s.vault.decode(d)
			if err == nil {
				see(c)
			}
			if errors.Is(err, ErrNoKey) {
				return nil
			}
			return err
		}),
		scanAll(ctx, s.pieces, func(d *storedPiece) error {
			of(sealedWith(d.Content)).Pieces++
			if sealedWith(d.Owner) != sealedWith(d.Content) {
				of(sealedWith(d.Owner)).Pieces++
			}
			return nil
		}),
	)
	if err != nil {
		return nil, fmt.Errorf("count uses of keys: %w", err)
	}
	return list, nil
}
