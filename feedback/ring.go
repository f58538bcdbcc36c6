package feedback

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"sipas/internal/fault"
)

// Ring is the keys that personal fields are sealed with and codes are derived
// from. They live outside the database and its backups: whoever has only those
// can read neither. The last key is used for what is new, each of them for what
// was made with it. A nil Ring has no keys.
type Ring struct {
	keys    []ringKey
	missing []string // ids of keys that something was sealed with and that are not here
	reads   bool     // it only opens
}

// Key is one key of a ring: 32 random bytes, and an id that is no secret.
type Key struct {
	ID     string // 1 to 64 bytes
	Secret []byte
}

type ringKey struct {
	id   string
	seal cipher.AEAD
	macKey
	phones macKey
}

// macKey makes keyed hashes.
type macKey []byte

// ErrNoKey says that something was sealed with a key that the ring does not have,
// or cannot be sealed as long as one is missing. With the key it can be done.
var ErrNoKey = fault.New(fault.Unavailable, "key_missing")

// errDamaged: what was sealed has been changed, or moved to another place.
var errDamaged = errors.New("sealed content is damaged")

// KeySize is how many bytes a Key's secret has.
const KeySize = 32

// NewRing makes a ring of at least one key.
func NewRing(keys ...Key) (*Ring, error) {
	r := &Ring{}
	for _, k := range keys {
		if k.ID == "" || len(k.ID) > 64 || len(k.Secret) != KeySize || r.find(k.ID) != nil {
			return nil, fmt.Errorf("key %.64q: no id, an id twice, or not of %d bytes", k.ID, KeySize)
		}
		// One key for each use, so that none can be mistaken for another.
		sealing, err := hkdf.Key(sha256.New, k.Secret, nil, "sipas feedback: sealing", 32)
		if err != nil {
			return nil, err
		}
		mac, err := hkdf.Key(sha256.New, k.Secret, nil, "sipas feedback: codes", 32)
		if err != nil {
			return nil, err
		}
		phones, err := hkdf.Key(sha256.New, k.Secret, nil, "sipas feedback: phones", 32)
		if err != nil {
			return nil, err
		}
		block, err := aes.NewCipher(sealing)
		if err != nil {
			return nil, err
		}
		gcm, err := cipher.NewGCM(block)
		if err != nil {
			return nil, err
		}
		r.keys = append(r.keys, ringKey{k.ID, gcm, mac, phones})
	}
	if len(r.keys) == 0 {
		return nil, errors.New("no key")
	}
	return r, nil
}

// NewKey makes a key with a random id.
func NewKey() Key {
	b := make([]byte, 4+KeySize)
	rand.Read(b)
	return Key{ID: fmt.Sprintf("%x", b[:4]), Secret: b[4:]}
}

func (r *Ring) find(id string) *ringKey {
	if r != nil {
		for i := range r.keys {
			if r.keys[i].id == id {
				return &r.keys[i]
			}
		}
	}
	return nil
}

// Fit compares the ring with the keys that are used, in their order, and returns
// the ring for them and the ids of those that it lacks. If it lacks the last one
// it is another office's or an old one, and only opens what it can: what it
// sealed could not be opened by whoever has the right one.
func (r *Ring) Fit(used []UsedKey) (fit *Ring, missing []string) {
	reads := false
	for _, k := range used {
		if k.Lost {
			continue
		}
		if reads = r.find(k.ID) == nil; reads {
			missing = append(missing, k.ID)
		}
	}
	if r == nil {
		return nil, missing
	}
	return &Ring{keys: r.keys, missing: missing, reads: reads}, missing
}

// Seals says whether anything new can be sealed, so that feedback can be taken in.
func (r *Ring) Seals() bool { return r != nil && !r.reads }

// newest returns the key for what is new.
func (r *Ring) newest() (*ringKey, error) {
	if !r.Seals() {
		return nil, ErrNoKey
	}
	return &r.keys[len(r.keys)-1], nil
}

// sealed content is one byte for its form, the key's id with its length, the
// nonce, and what AES-256-GCM makes of the rest.
const sealedForm = 1

// seal encrypts with the newest key. It can be opened only with the same place,
// so that nothing sealed can be put where something else was.
func (r *Ring) seal(plain []byte, place string) ([]byte, error) {
	k, err := r.newest()
	if err != nil {
		return nil, err
	}
	out := append([]byte{sealedForm, byte(len(k.id))}, k.id...)
	nonce := make([]byte, k.seal.NonceSize())
	rand.Read(nonce)
	return k.seal.Seal(append(out, nonce...), nonce, plain, []byte(place)), nil
}

// open reverses seal, with whatever key it was. ErrNoKey if that is not there.
func (r *Ring) open(sealed []byte, place string) ([]byte, error) {
	id := sealedWith(sealed)
	if id == "" {
		return nil, errDamaged
	}
	rest := sealed[2+len(id):]
	k := r.find(id)
	if k == nil {
		return nil, ErrNoKey.Because(fmt.Errorf("sealed with key %q", id))
	}
	n := k.seal.NonceSize()
	if len(rest) < n {
		return nil, errDamaged
	}
	plain, err := k.seal.Open(nil, rest[:n], rest[n:], []byte(place))
	if err != nil {
		return nil, errDamaged
	}
	return plain, nil
}

// sealedWith returns the id of the key that something was sealed with; "": it is
// not sealed content.
func sealedWith(sealed []byte) string {
	if len(sealed) < 2 || sealed[0] != sealedForm || len(sealed) < 2+int(sealed[1]) {
		return ""
	}
	return string(sealed[2 : 2+sealed[1]])
}

// sum is a keyed hash of the parts. Their lengths go in, so that no two lists
// look alike.
func (k macKey) sum(parts ...string) []byte {
	h := hmac.New(sha256.New, k)
	for _, p := range parts {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(p))))
		h.Write([]byte(p))
	}
	return h.Sum(nil)
}
