package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"sipas/internal/store"
)

// Record says that what is in the store came out of a backup. The next daily
// seal takes it up, so that a chain in which days are missing that were once
// published says itself since when, and why.
type Record struct {
	ID          string       `bson:"-"`          // in the order of the restores
	Program     string       `bson:"program"`    // that made the backup
	Engine      string       `bson:"engine"`     // that it was made from
	AsOf        time.Time    `bson:"asOf"`       // whatever was acknowledged before is in it
	RestoredAt  time.Time    `bson:"restoredAt"` // when all of it was there and compared
	SHA256      string       `bson:"sha256"`     // of the plain stream
	Collections []Collection `bson:"collections"`
}

// Line is the record as one line of printable ASCII that never changes its form,
// for a seal to be made over.
func (r Record) Line() string {
	var documents, responses int64
	for _, c := range r.Collections {
		documents += c.Documents
		if c.Name == "responses" {
			responses = c.Documents
		}
	}
	return fmt.Sprintf("restore/1 as-of=%s documents=%d id=%s responses=%d restored-at=%s sha256=%s",
		r.AsOf.UTC().Format(momentFormat), documents, r.ID, responses, r.RestoredAt.UTC().Format(momentFormat), r.SHA256)
}

// Digest is the SHA-256 of Line, in hex.
func (r Record) Digest() string {
	sum := sha256.Sum256([]byte(r.Line()))
	return hex.EncodeToString(sum[:])
}

const momentFormat = "2006-01-02T15:04:05.000Z"

type storedRecord struct {
	store.Doc `bson:",inline"`
	Record    `bson:",inline"`
}

// Restores is the list of what was restored into a store. It only grows.
type Restores struct {
	c *store.Collection[storedRecord]
}

const restoresIn = "restores"

// OpenRestores opens the list.
func OpenRestores(ctx context.Context, s *store.Store) (*Restores, error) {
	c, err := store.Open[storedRecord](ctx, s, store.Spec{Name: restoresIn, Log: true})
	if err != nil {
		return nil, err
	}
	return &Restores{c}, nil
}

// List returns all records, oldest first. Those that a backup brought along are
// among them.
func (r *Restores) List(ctx context.Context) ([]Record, error) {
	var list []Record
	for d, err := range r.c.Each(ctx, store.Query{}) {
		if err != nil {
			return nil, fmt.Errorf("list restores: %w", err)
		}
		d.Record.ID = d.Doc.ID
		list = append(list, d.Record)
	}
	return list, nil
}

// Digests returns the digests of all records, oldest first: what the next seal
// takes up of them.
func (r *Restores) Digests(ctx context.Context) ([]string, error) {
	list, err := r.List(ctx)
	if err != nil {
		return nil, err
	}
	digests := make([]string, len(list))
	for i, record := range list {
		digests[i] = record.Digest()
	}
	return digests, nil
}

// add is repeatable: the first record of an id stays.
func (r *Restores) add(ctx context.Context, record Record) error {
	err := settled(func() error {
		return r.c.Insert(ctx, &storedRecord{Doc: store.Doc{ID: record.ID}, Record: record})
	})
	if err != nil && !errors.Is(err, store.ErrExists) {
		return fmt.Errorf("record the restore: %w", err)
	}
	return nil
}

// recordID is the same whenever the same restore is taken up again.
func recordID(m *marker) string {
	return m.StartedAt.UTC().Format("20060102T150405.000Z") + "-" + m.SHA256[:16]
}
