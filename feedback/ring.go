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
type Ring struct{ keys []ringKey }

// Key is one key of a ring: 32 random bytes, and an id that is no secret.
type Key struct {
	ID     string // 1 to 64 bytes
	Secret []byte
}

type ringKey struct {
	id   string
	seal cipher.AEAD
	mac  []byte
}

// ErrNoKey: something was sealed with a key that the ring does not have.
var ErrNoKey = fault.New(fault.Internal, "key_missing")

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
		block, err := aes.NewCipher(sealing)
		if err != nil {
			return nil, err
		}
		gcm, err := cipher.NewGCM(block)
		if err != nil {
			return nil, err
		}
		r.keys = append(r.keys, ringKey{k.ID, gcm, mac})
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

// newest returns the key for what is new.
func (r *Ring) newest() (*ringKey, error) {
	if r == nil {
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
	if len(sealed) < 2 || sealed[0] != sealedForm || len(sealed) < 2+int(sealed[1]) {
		return nil, errDamaged
	}
	id, rest := sealed[2:2+sealed[1]], sealed[2+sealed[1]:]
	k := r.find(string(id))
	if k == nil {
		return nil, ErrNoKey
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

// sum is a keyed hash of the parts. Their lengths go in, so that no two lists
// look alike.
func (k *ringKey) sum(parts ...string) []byte {
	h := hmac.New(sha256.New, k.mac)
	for _, p := range parts {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(p))))
		h.Write([]byte(p))
	}
	return h.Sum(nil)
}
