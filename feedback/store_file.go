package feedback

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"sipas/internal/store"
)

// pieceSize is how many bytes of a file one document has.
const pieceSize = 1 << 20

// storedPiece is a part of a file, sealed; its id is the file's and a number.
// The file's id follows from the request and the content, so that a request that
// is sent again finds the pieces that were stored before it was cut off.
type storedPiece struct {
	store.Doc `bson:",inline"`
	At        time.Time `bson:"at"`
	Owner     []byte    `bson:"owner"`   // code of the case, sealed
	Content   []byte    `bson:"content"` // sealed
}

var pieceIndexes = []store.Index{{Name: "at", Fields: []store.Field{{Name: "at", Type: store.Time}}}}

func pieceID(file string, n int) string { return fmt.Sprintf("%s-%02d", file, n) }

// putFiles stores the files of a case that is not stored yet, and names them in
// it.
func (s *Store) putFiles(ctx context.Context, k *ringKey, d *Draft, c *Case) error {
	c.Files = nil
	for _, f := range d.files {
		kept := File{ID: hex.EncodeToString(k.sum("file", d.key, f.Name, string(f.sum[:]))[:16]), Name: f.Name, Type: f.Type, Size: f.Size}
		for rest := f.content; len(rest) > 0; kept.Pieces++ {
			n := min(len(rest), pieceSize)
			if err := s.putPiece(ctx, c, pieceID(kept.ID, kept.Pieces), rest[:n]); err != nil {
				return fmt.Errorf("store file: %w", err)
			}
			rest = rest[n:]
		}
		c.Files = append(c.Files, kept)
	}
	return nil
}

func (s *Store) putPiece(ctx context.Context, c *Case, id string, content []byte) error {
	owner, err := s.ring.Load().seal([]byte(c.Code), "owner of "+id)
	if err != nil {
		return err
	}
	sealed, err := s.ring.Load().seal(content, "piece "+id)
	if err != nil {
		return err
	}
	err = store.Repeat(func() error {
		return s.pieces.Insert(ctx, &storedPiece{store.Doc{ID: id}, c.ReceivedAt, owner, sealed})
	})
	if errors.Is(err, store.ErrExists) { // an earlier try's, of the same content
		return nil
	}
	return err
}

// ErrNoFile says that the case has no such file.
var ErrNoFile = store.ErrNotFound

// File returns a file of a case and its content, or ErrNoFile. Whoever has the
// case may have it.
func (s *Store) File(ctx context.Context, c *Case, id string) (*File, []byte, error) {
	for i := range c.Files {
		f := &c.Files[i]
		if f.ID != id {
			continue
		}
		content := make([]byte, 0, f.Size)
		for n := range f.Pieces {
			piece := pieceID(id, n)
			d, err := s.pieces.Get(ctx, piece)
			if err == nil {
				var plain []byte
				if plain, err = s.ring.Load().open(d.Content, "piece "+piece); err == nil {
					content = append(content, plain...)
				}
			}
			if err != nil {
				return nil, nil, fmt.Errorf("read file: %w", err)
			}
		}
		return f, content, nil
	}
	return nil, nil, ErrNoFile
}

// orphanAfter is for how long a request may be on its way between its files and
// its case, retries included.
const orphanAfter = 24 * time.Hour

// Sweep deletes pieces of files whose case was never stored, because the request
// was cut off and not sent again. It is to be run daily; it looks at the week
// before orphanAfter.
func (s *Store) Sweep(ctx context.Context, now time.Time) (deleted int, err error) {
	end := now.Add(-orphanAfter)
	for d, err := range s.pieces.Each(ctx, store.Query{Index: "at", From: end.AddDate(0, 0, -7), To: end}) {
		orphan := false
		if err == nil {
			orphan, err = s.orphan(ctx, d)
		}
		if err == nil && orphan {
			if err = s.pieces.Delete(ctx, d.ID); err == nil {
				deleted++
			}
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return deleted, fmt.Errorf("sweep files: %w", err)
		}
	}
	return deleted, nil
}

// orphan says whether there is no case that has the piece.
func (s *Store) orphan(ctx context.Context, d *storedPiece) (bool, error) {
	code, err := s.ring.Load().open(d.Owner, "owner of "+d.ID)
	if errors.Is(err, ErrNoKey) {
		return false, nil // nobody can tell
	}
	if err != nil {
		return false, err
	}
	c, err := s.find(ctx, string(code))
	switch {
	case errors.Is(err, ErrNoCase):
		return true, nil
	case errors.Is(err, ErrNoKey):
		return false, nil
	}
	if err != nil {
		return false, err
	}
	for _, f := range c.Files {
		if strings.HasPrefix(d.ID, f.ID+"-") {
			return false, nil
		}
	}
	return true, nil
}
