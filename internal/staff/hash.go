package staff

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"sipas/internal/fault"
)

// ErrBusy: too many passwords are being checked at once.
var ErrBusy = fault.New(fault.Unavailable, "sign_in_busy").After(5 * time.Second)

// cost are the parameters of argon2id.
type cost struct {
	memory uint32 // KiB
	passes uint32
	lanes  uint8
}

// hashCost is the second of the two options that RFC 9106, section 4,
// recommends.
var hashCost = cost{memory: 64 << 10, passes: 3, lanes: 4}

const (
	saltLength = 16
	keyLength  = 32
)

// hashes are the places for hashing at the same time.
var hashes = make(chan struct{}, 2)

// compute runs argon2id when there is a place.
func (c cost) compute(ctx context.Context, password string, salt []byte, length uint32) ([]byte, error) {
	select {
	case hashes <- struct{}{}:
	case <-ctx.Done():
		return nil, ErrBusy.Because(ctx.Err())
	}
	defer func() { <-hashes }()
	return argon2.IDKey([]byte(norm.NFKC.String(password)), salt, c.passes, c.memory, c.lanes, length), nil
}

func hashPassword(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltLength)
	rand.Read(salt)
	key, err := hashCost.compute(ctx, password, salt, keyLength)
	if err != nil {
		return "", err
	}
	return passwordHash{hashCost, salt, key}.String(), nil
}

type passwordHash struct {
	cost
	salt, key []byte
}

func (h passwordHash) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.memory, h.passes, h.lanes,
		base64.RawStdEncoding.EncodeToString(h.salt), base64.RawStdEncoding.EncodeToString(h.key))
}

func (h passwordHash) matches(ctx context.Context, password string) (bool, error) {
	key, err := h.compute(ctx, password, h.salt, uint32(len(h.key)))
	return err == nil && subtle.ConstantTimeCompare(key, h.key) == 1, err
}

var errHash = errors.New("not a password hash")

func parseHash(text string) (passwordHash, error) {
	var h passwordHash
	var version int
	var salt, key string
	n, err := fmt.Sscanf(text, "$argon2id$v=%d$m=%d,t=%d,p=%d$", &version, &h.memory, &h.passes, &h.lanes)
	if err != nil || n != 4 {
		return h, errHash
	}
	parts := strings.Split(text, "$")
	if len(parts) != 6 {
		return h, errHash
	}
	salt, key = parts[4], parts[5]
	if h.salt, err = base64.RawStdEncoding.DecodeString(salt); err != nil {
		return h, errHash
	}
	if h.key, err = base64.RawStdEncoding.DecodeString(key); err != nil {
		return h, errHash
	}
	return h, nil
}
