package backup

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// sum is a digest of a set of documents: the SHA-256 of each, added up in four
// lanes of 64 bits. It is the same in any order, because the two engines give
// documents back in different ones, and it needs no memory. It finds what a
// fault loses, doubles or changes; against forgery it is age and the seals that
// stand.
type sum [4]uint64

func (s *sum) add(doc []byte) {
	h := sha256.Sum256(doc)
	for i := range s {
		s[i] += binary.BigEndian.Uint64(h[8*i:])
	}
}

func (s *sum) String() string {
	var b [32]byte
	for i, lane := range s {
		binary.BigEndian.PutUint64(b[8*i:], lane)
	}
	return hex.EncodeToString(b[:])
}

// counter counts the documents of one collection.
type counter struct {
	Collection
	sum sum
}

func (c *counter) add(doc []byte) {
	c.Documents++
	c.Bytes += int64(len(doc))
	c.sum.add(doc)
}

func (c *counter) counted() Collection {
	c.Sum = c.sum.String()
	return c.Collection
}
