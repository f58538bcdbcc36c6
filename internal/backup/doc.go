// Package backup copies a whole store into one encrypted file while others write
// to it, and such a file into an empty store of either engine. Documents travel
// as the bytes that are stored, so that every figure and every seal over them is
// the same on the other side; no key is ever among them.
//
// The file is encrypted with age (age-encryption.org), so that it can be read
// without this program: age -d FILE | gunzip gives the plain stream, which is
//
//	sipas-backup 1\n                      format
//	{"program": …, "engine": …, …}\n      Header
//	C{"name": "responses"}\n              a collection begins
//	D…                                    a document: BSON, whose first four bytes are its length
//	F{"collections": […], "sha256": …}\n  Contents, and nothing behind it
//
// with as many C, each followed by its D, as there are collections.
package backup

import "time"

// Format is the version of the stream that is written, and the newest that is
// read.
const Format = 1

const magic = "sipas-backup "

// maxLine bounds a line of the stream, so that a damaged one cannot fill memory.
const maxLine = 1 << 20

// Header says where a backup comes from.
type Header struct {
	Program string `json:"program"` // its version
	Engine  string `json:"engine"`  // "sqlite" or "mongodb"
	// AsOf is a moment: whatever was acknowledged before it is in the backup. A
	// snapshot (SQLite) holds nothing later than the moment it was taken, just
	// after; a scan (MongoDB) may hold some of what came while it ran.
	AsOf     time.Time `json:"asOf"`
	Snapshot bool      `json:"snapshot"`
}

// Collection is what there is of one collection.
type Collection struct {
	Name      string `json:"name"      bson:"name"`
	Documents int64  `json:"documents" bson:"documents"`
	Bytes     int64  `json:"bytes"     bson:"bytes"`
	Sum       string `json:"sum"       bson:"sum"` // over the documents in any order, see sum
}

// Contents is what there is in a backup.
type Contents struct {
	Collections []Collection `json:"collections"`
	SHA256      string       `json:"sha256"` // of the plain stream before F, in hex
}

// Documents returns how many there are in all.
func (c Contents) Documents() (n int64) {
	for _, x := range c.Collections {
		n += x.Documents
	}
	return n
}

// Bytes returns how many all documents have.
func (c Contents) Bytes() (n int64) {
	for _, x := range c.Collections {
		n += x.Bytes
	}
	return n
}

// Progress is told, after every page, how many documents of a collection are done
// and what was done to them: "copied", "written" or "compared".
type Progress func(done, collection string, documents int64)
