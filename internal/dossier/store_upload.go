package dossier

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"sipas/internal/fault"
	"sipas/internal/store"
)

// MaxFile is the largest list that is taken, in bytes.
const MaxFile = 48 << 20

const (
	keptFor   = time.Hour
	pieceSize = 4 << 20
	idBytes   = 12
)

// ErrNotKept says that the list that was sent is kept no longer; it has to be sent again.
var ErrNotKept = fault.New(fault.Conflict, "upload_gone")

// storedPiece is a part of a list that waits between two pages. Citizens' names
// may stand in a list, so nobody who reads the store can read it: it is sealed
// with a key that only the page of the one who sent it has.
type storedPiece struct {
	store.Doc `bson:",inline"`
	Sealed    []byte    `bson:"sealed"`
	Last      bool      `bson:"last"`
	Until     time.Time `bson:"until"`
}

// KeepUpload keeps a list for an hour and returns the ticket that opens it. The
// ticket is nowhere in the store.
func (s *Store) KeepUpload(ctx context.Context, file []byte, now time.Time) (ticket string, err error) {
	secret := make([]byte, idBytes+32)
	_, _ = rand.Read(secret) // never fails (package crypto/rand)
	id, aead := openTicket(secret)
	for n := 0; ; n++ {
		size := min(pieceSize, len(file))
		d := &storedPiece{Doc: store.Doc{ID: pieceID(id, n)}, Last: size == len(file), Until: now.Add(keptFor).UTC()}
		d.Sealed = aead.Seal(nil, nonceOf(n), file[:size], []byte(d.ID))
		err := store.Repeat(func() error { return s.pieces.Insert(ctx, d) })
		if err != nil && !errors.Is(err, store.ErrExists) { // the id is random: one that is there is ours
			return "", fmt.Errorf("keep upload: %w", err)
		}
		if file = file[size:]; len(file) == 0 {
			return base64.RawURLEncoding.EncodeToString(secret), nil
		}
	}
}

// Upload returns the list that a ticket opens, or ErrNotKept.
func (s *Store) Upload(ctx context.Context, ticket string, now time.Time) ([]byte, error) {
	secret, err := base64.RawURLEncoding.DecodeString(ticket)
	if err != nil || len(secret) != idBytes+32 {
		return nil, ErrNotKept
	}
	id, aead := openTicket(secret)
	var file []byte
	for n := 0; ; n++ {
		d, err := s.pieces.Get(ctx, pieceID(id, n))
		if errors.Is(err, store.ErrNotFound) || err == nil && !now.Before(d.Until) {
			return nil, ErrNotKept
		}
		if err != nil {
			return nil, fmt.Errorf("read upload: %w", err)
		}
		if file, err = aead.Open(file, nonceOf(n), d.Sealed, []byte(d.ID)); err != nil {
			return nil, ErrNotKept
		}
		if d.Last {
			return file, nil
		}
	}
}

// DropUpload forgets a list; what is left of it goes with SweepUploads.
func (s *Store) DropUpload(ctx context.Context, ticket string) {
	secret, err := base64.RawURLEncoding.DecodeString(ticket)
	if err != nil || len(secret) != idBytes+32 {
		return
	}
	id, _ := openTicket(secret)
	for n := 0; s.pieces.Delete(ctx, pieceID(id, n)) == nil; n++ {
	}
}

// SweepUploads removes lists that nobody came back for.
func (s *Store) SweepUploads(ctx context.Context, now time.Time) error {
	for d, err := range s.pieces.Each(ctx, store.Query{Index: "until", To: now.UTC(), Limit: 3}) {
		if err == nil {
			err = s.pieces.Delete(ctx, d.ID)
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("sweep uploads: %w", err)
		}
	}
	return nil
}

// openTicket parts a ticket into what a list is found by and what opens it. A key
// seals one list, so a piece's number is a nonce that never comes twice.
func openTicket(secret []byte) (id string, aead cipher.AEAD) {
	block, err := aes.NewCipher(secret[idBytes:])
	if err != nil {
		panic(err) // 32 bytes are a key
	}
	aead, err = cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(secret[:idBytes]), aead
}

func pieceID(id string, n int) string { return fmt.Sprintf("%s.%03d", id, n) }

func nonceOf(n int) []byte { return []byte{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, byte(n >> 8), byte(n)} }
