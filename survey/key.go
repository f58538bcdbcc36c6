package survey

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"time"
)

var keyText = base32.HexEncoding.WithPadding(base32.NoPadding)

// NewKey mints the key of one answer sheet: the hour, not finer, in seven
// letters that sort by time, then 80 random bits. The hour keeps new documents
// close together in the index (a third more per second than random ids); no
// finer, so that the key says no more of a citizen than the hour.
func NewKey(now time.Time) string {
	var b [4 + 10]byte
	binary.BigEndian.PutUint32(b[:4], uint32(now.Unix()/3600))
	rand.Read(b[4:])
	return keyText.EncodeToString(b[:4]) + keyText.EncodeToString(b[4:])
}
