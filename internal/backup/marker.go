package backup

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sipas/internal/store"
)

// marker is in the store from before the first restored document until all are
// there and compared. Whoever finds it has half of somebody's data before them.
type marker struct {
	store.Doc `bson:",inline"`
	SHA256    string    `bson:"sha256"` // of the backup
	StartedAt time.Time `bson:"startedAt"`
}

const (
	markerIn = "config"
	markerID = "restore"
)

// ErrUnfinished says that a restore was cut off.
var ErrUnfinished = errors.New("the store holds half of a backup: a restore was cut off; run the same restore again, which finishes it")

func openMarkers(ctx context.Context, s *store.Store) (*store.Collection[marker], error) {
	return store.Open[marker](ctx, s, store.Spec{Name: markerIn})
}

// unfinished returns the marker, nil if there is none.
func unfinished(ctx context.Context, markers *store.Collection[marker]) (*marker, error) {
	m, err := markers.Get(ctx, markerID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return m, err
}

// Finished returns ErrUnfinished if the store holds a restore that was cut off:
// no server and no command but restore may work on it.
func Finished(ctx context.Context, s *store.Store) error {
	markers, err := openMarkers(ctx, s)
	if err != nil {
		return err
	}
	m, err := unfinished(ctx, markers)
	if err != nil {
		return fmt.Errorf("look for an unfinished restore: %w", err)
	}
	if m != nil {
		return fmt.Errorf("%w (backup %.12s, begun %s)", ErrUnfinished, m.SHA256, m.StartedAt.Format(time.RFC3339))
	}
	return nil
}

// tries is how often a write whose outcome is not known is repeated. Each waits
// for the store in itself, on MongoDB through an election.
const tries = 6

// settled repeats a write until its outcome is known.
func settled(write func() error) (err error) {
	for range tries {
		err = write()
		if !errors.Is(err, store.ErrUnknown) && !errors.Is(err, store.ErrUnavailable) {
			return err
		}
	}
	return err
}
