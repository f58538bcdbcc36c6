package staff

import (
	"context"
	"fmt"
	"strings"
	"time"

	"sipas/internal/store"
)

// AuditKept is how long entries of the audit log are kept at the least. Nothing
// deletes them yet.
const AuditKept = 366 * 24 * time.Hour

// Entry (mục nhật ký) says that somebody did something to something, or tried
// to. It never holds personal content, passwords or codes of citizens.
type Entry struct {
	ID      string    // made of time and chance by Record, unless it is set
	At      time.Time // when
	Account string    // who; "command" for a command, "" for nobody known
	Role    Role
	Action  string   // "link.create"
	Object  string   // "link/ab12cd34"
	Detail  []string // names of fields that changed, and ids
	Outcome string   // "" done, or the code of a fault
	Secret  bool     // about something that only Thanh tra may know of
}

// EntryFilter selects entries; what is empty selects all.
type EntryFilter struct {
	Account, Action, Object string
	From, To                time.Time // From <= At < To
	Secret                  bool      // may see secret ones
}

func (f EntryFilter) matches(d *storedEntry) bool {
	return (f.Account == "" || f.Account == d.Account) &&
		(f.Action == "" || f.Action == d.Action) &&
		(f.Object == "" || f.Object == d.Object) &&
		(f.Secret || !d.Secret)
}

// query is the narrowest range of the log in which all that match stand.
func (f EntryFilter) query() store.Query {
	q := store.Query{Index: "at", Reverse: true}
	switch {
	case f.Object != "":
		q.Index, q.Equal = "object", []any{f.Object}
	case f.Account != "":
		q.Index, q.Equal = "account", []any{f.Account}
	case f.Action != "":
		q.Index, q.Equal = "action", []any{f.Action}
	}
	if !f.From.IsZero() {
		q.From = f.From
	}
	if !f.To.IsZero() {
		q.To = f.To
	}
	return q
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

func (d *storedEntry) entry() *Entry {
	return &Entry{d.ID, d.At, d.Account, d.Role, d.Action, d.Object, d.Detail, d.Outcome, d.Secret}
}

var auditIndexes = []store.Index{
	{Name: "at", Fields: []store.Field{atField}},
	{Name: "account", Fields: []store.Field{{Name: "account", Type: store.String}, atField}},
	{Name: "action", Fields: []store.Field{{Name: "action", Type: store.String}, atField}},
	{Name: "object", Fields: []store.Field{{Name: "object", Type: store.String}, atField}},
}

var atField = store.Field{Name: "at", Type: store.Time}

// maxEntryText is how many bytes of an account, an object or a detail an entry
// keeps: some of it may be what somebody typed.
const maxEntryText = 200

// Record appends an entry, which nobody can change or take away, and sets its
// ID. Recording an entry of the same ID again changes nothing.
func (s *Store) Record(ctx context.Context, e *Entry) error {
	if e.ID == "" {
		e.ID = e.At.UTC().Format("20060102T150405.000Z") + "-" + newSecret(10)
	}
	d := &storedEntry{
		Doc: store.Doc{ID: e.ID}, At: e.At, Account: cut(e.Account), Role: e.Role, Action: e.Action,
		Object: cut(e.Object), Outcome: e.Outcome, Secret: e.Secret,
	}
	for _, text := range e.Detail {
		d.Detail = append(d.Detail, cut(text))
	}
	if err := insertOwn(ctx, s.audit, d); err != nil {
		return fmt.Errorf("record %s: %w", e.Action, err)
	}
	return nil
}

// cut shortens text between two characters and takes out what a stored text
// cannot have.
func cut(text string) string {
	text = strings.ToValidUTF8(text[:min(len(text), maxEntryText)], "")
	return strings.ReplaceAll(text, "\x00", "")
}

// maxEntries is how many entries a page has at the most.
const maxEntries = 500

// Entries returns at most limit (1 to 500) entries that match, the newest first,
// and where the next ones begin: "" if there are none. A damaged after, or one
// of another filter, is an Invalid fault.
func (s *Store) Entries(ctx context.Context, f EntryFilter, limit int, after string) (list []*Entry, next string, err error) {
	q := f.query()
	q.After, q.Limit = after, min(max(limit, 1), maxEntries)+1
	limit = q.Limit - 1
	var last store.Query // a page that ends with the last entry of list
	for {
		page, err := s.audit.Scan(ctx, q)
		if err != nil {
			return nil, "", fmt.Errorf("read audit log: %w", err)
		}
		for i, d := range page.Items {
			switch {
			case !f.matches(d):
			case len(list) == limit: // there is one more
				page, err := s.audit.Scan(ctx, last)
				if err != nil {
					return nil, "", fmt.Errorf("read audit log: %w", err)
				}
				return list, page.Next, nil
			default:
				list, last = append(list, d.entry()), q
				last.Limit = i + 1
			}
		}
		if page.Next == "" {
			return list, "", nil
		}
		q.After, q.Limit = page.Next, maxEntries // few match: longer strides
	}
}
