package staff

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sipas/internal/store"
)

// AuditKept is how long entries of the audit log are kept at the least. Nothing
// deletes them yet.
const AuditKept = 366 * 24 * time.Hour

// Entry (mục nhật ký) says that somebody did something to something.
type Entry struct {
	ID      string
	At      time.Time
	Account string // "command" for a command, "" for nobody known
	Role    Role
	Action  string   // "link.create"
	Object  string   // "link/ab12cd34"
	Detail  []string // what changed: names of fields and ids, never personal content
	Outcome string   // "" done, or the code of a fault
	Secret  bool     // about something that only Thanh tra may know of
}

// EntryFilter selects entries; what is empty selects all.
type EntryFilter struct {
	Account, Action, Object string
	From, To                time.Time // From <= At < To
	Secret                  bool      // may see the secret ones
}

type storedEntry struct {
	store.Doc `bson:",inline"`
	At        time.Time `bson:"at"`
	Account   string    `bson:"account"`
	Role      Role      `bson:"role"`
	Action    string    `bson:"action"`
	Object    string    `bson:"object"`
	Detail    []string  `bson:"detail"`
	Outcome   string    `bson:"outcome"`
	Secret    bool      `bson:"secret"`
}

var auditIndexes = []store.Index{
	{Name: "at", Fields: []store.Field{{Name: "at", Type: store.Time}}},
}

// Record appends an entry.
func (s *Store) Record(ctx context.Context, e *Entry) error {
	if e.ID == "" {
		e.ID = e.At.UTC().Format("20060102T150405.000") + "-" + newSecret(10)
	}
	d := &storedEntry{store.Doc{ID: e.ID}, e.At, e.Account, e.Role, e.Action, e.Object, e.Detail, e.Outcome, e.Secret}
	err := settled(func() error { return s.audit.Insert(ctx, d) })
	if err != nil && !errors.Is(err, store.ErrExists) {
		return fmt.Errorf("record: %w", err)
	}
	return nil
}

// Entries returns a page of the log, newest first, and where the next begins.
func (s *Store) Entries(ctx context.Context, f EntryFilter, limit int, after string) ([]*Entry, string, error) {
	page, err := s.audit.Scan(ctx, store.Query{Index: "at", Reverse: true, Limit: limit, After: after})
	if err != nil {
		return nil, "", fmt.Errorf("read audit log: %w", err)
	}
	var list []*Entry
	for _, d := range page.Items {
		if f.Account != "" && f.Account != d.Account || f.Action != "" && f.Action != d.Action || f.Object != "" && f.Object != d.Object || d.Secret && !f.Secret {
			continue
		}
		list = append(list, &Entry{d.ID, d.At, d.Account, d.Role, d.Action, d.Object, d.Detail, d.Outcome, d.Secret})
	}
	return list, page.Next, nil
}
