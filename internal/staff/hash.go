package staff

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"sipas/internal/fault"
)

// ErrBusy says that too many passwords are being checked at the moment. Nothing
// was done.
var ErrBusy = fault.New(fault.Unavailable, "sign_in_busy").After(5 * time.Second)

// cost are the parameters of argon2id.
type cost struct {
	memory uint32 // KiB
	passes uint32
	lanes  uint8
}

// hashCost is the first of the options in OWASP's Password Storage Cheat Sheet:
// 46 MiB, one pass. RFC 9106, section 4, has a dearer one for machines of little
// memory (64 MiB, three passes, four lanes); but here one small machine also
// takes in citizens' answers, and a hash shall not take all its processors. It
// costs some 40 ms of one, which is felt once a morning. A stored hash carries
// its parameters: raise them, and each is renewed at the next sign-in.
var hashCost = cost{memory: 46 << 10, passes: 1, lanes: 1}

// Lengths in bytes, after RFC 9106, section 4.
const (
	saltLength = 16
	keyLength  = 32
)

// hashes has a place for each hash that may be computed at the same time in this
// process: two, so that a rush of sign-ins takes 92 MiB and not all there is.
// hashWait is how long somebody waits for a place.
var (
	hashes   = make(chan struct{}, 2)
	hashWait = 10 * time.Second
)

// compute hashes the password in the normal form NFKC (NIST SP 800-63B, section
// 5.1.1.2): Vietnamese keyboards write ế in one, two or three code points.
func (c cost) compute(ctx context.Context, password string, salt []byte, length int) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, hashWait)
	defer cancel()
	select {
	case hashes <- struct{}{}:
	case <-ctx.Done():
		return nil, ErrBusy.Because(ctx.Err())
	}
	defer func() { <-hashes }()
	return argon2.IDKey([]byte(norm.NFKC.String(password)), salt, c.passes, c.memory, c.lanes, uint32(length)), nil
}

// passwordHash is what is stored of a password, written in the PHC string
// format: $argon2id$v=19$m=47104,t=1,p=1$salt$key.
type passwordHash struct {
	cost
	salt, key []byte
}

func hashPassword(ctx context.Context, password string) (string, error) {
	h := passwordHash{cost: hashCost, salt: make([]byte, saltLength)}
	rand.Read(h.salt)
	var err error
	if h.key, err = h.compute(ctx, password, h.salt, keyLength); err != nil {
		return "", err
	}
	return h.String(), nil
}

// decoy is what a password is compared with where there is no account, so that
// the answer takes as long.
func decoy() passwordHash {
	return passwordHash{hashCost, make([]byte, saltLength), make([]byte, keyLength)}
}

func (h passwordHash) matches(ctx context.Context, password string) (bool, error) {
	key, err := h.compute(ctx, password, h.salt, len(h.key))
	return err == nil && subtle.ConstantTimeCompare(key, h.key) == 1, err
}

func (h passwordHash) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.memory, h.passes, h.lanes,
		phc.EncodeToString(h.salt), phc.EncodeToString(h.key))
}

var (
	phc     = base64.RawStdEncoding.Strict()
	phcForm = regexp.MustCompile(`^\$argon2id\$v=19\$m=([1-9][0-9]{0,5}),t=([1-9][0-9]?),p=([1-9][0-9]?)\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$`)
)

// errHash does not quote what was read.
var errHash = errors.New("stored password hash cannot be read")

// parseHash reads what String writes. It takes nothing that would cost a gigabyte
// or a hundred passes: a damaged document must not stop the server.
func parseHash(text string) (passwordHash, error) {
	m := phcForm.FindStringSubmatch(text)
	if m == nil {
		return passwordHash{}, errHash
	}
	number := func(s string) uint64 { n, _ := strconv.ParseUint(s, 10, 32); return n } // digits, by phcForm
	h := passwordHash{cost: cost{uint32(number(m[1])), uint32(number(m[2])), uint8(number(m[3]))}}
	var err, keyErr error
	h.salt, err = phc.DecodeString(m[4])
	h.key, keyErr = phc.DecodeString(m[5])
	if err != nil || keyErr != nil {
		return passwordHash{}, errHash
	}
	return h, nil
}
