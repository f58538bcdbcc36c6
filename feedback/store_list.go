package feedback

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"sipas/internal/fault"
	"sipas/internal/store"
	"sipas/internal/text"
)

// Filter selects cases of a list; what is empty selects all.
type Filter struct {
	State   State
	Status  Status
	Kind    Kind // Denunciation: only those, and only for the inspection
	Unit    string
	Overdue time.Time // running, and their term was over at this moment
	DueFrom time.Time // running, and their term is not over before this moment
	DueBy   time.Time // running, and their term is over before this moment
	Phone   string    // as CleanPhone returns it: of senders whose contact the officer may see
	Words   string    // a code, or words that begin words of subject or content, in any case and without diacritics
}

// maxListed is how many cases a page has at the most.
const maxListed = 500

// List returns at most limit (1 to 500) cases that match and that the officer
// may see, the oldest due day first, and where the next ones begin: "" if there
// are none. Denunciations are in it only if the filter names their kind and the
// officer is of the inspection. A damaged after is an Invalid fault.
func (s *Store) List(ctx context.Context, o Officer, f Filter, limit int, after string) (list []*Case, next string, err error) {
	from, err := readPosition(after)
	if err != nil {
		return nil, "", err
	}
	if f.Kind == Denunciation && o.Role != RoleInspection {
		return nil, "", nil
	}
	if o.Role == RoleUnit {
		if f.Unit != "" && f.Unit != o.Unit {
			return nil, "", nil
		}
		f.Unit = o.Unit
	}
	limit = min(max(limit, 1), maxListed)
	matches := f.matcher()
	b, shown := s.of(f.Kind), func(c *Case) bool { return matches(c) && Visible(o, c).Read }
	if f.Phone != "" {
		if s.ring.Load() == nil {
			return nil, "", fmt.Errorf("list cases: %w", ErrNoKey)
		}
		tags := s.ring.Load().phoneTags(f.Phone)
		shown = func(c *Case) bool { return matches(c) && Visible(o, c).Contact && c.calledFrom(tags) }
	}
	heads := listed(ctx, b, f.query(from))
	if (f.Words != "" || f.Phone != "") && f.query(from).Index == "due" {
		heads = found(ctx, b, shown)
	}
	var last position
	for head, err := range heads {
		switch {
		case err != nil:
			return nil, "", fmt.Errorf("list cases: %w", err)
		case !from.before(head) || !shown(head):
			continue
		case len(list) == limit:
			return list, last.String(), nil
		}
		last = position{head.DueAt, head.Code}
		if head.Unreadable() {
			list = append(list, head)
			continue
		}
		c, err := b.get(ctx, head.Code)
		if err != nil {
			return nil, "", fmt.Errorf("list cases: %w", err)
		}
		if shown(c) { // still: it may have changed since
			list = append(list, c)
		}
	}
	return list, "", nil
}

// query is the narrowest range, in the order of the due days, in which all that
// match stand.
func (f *Filter) query(from position) store.Query {
	state := f.State
	if !f.Overdue.IsZero() || !f.DueFrom.IsZero() || !f.DueBy.IsZero() {
		state = Running
	}
	q := store.Query{Index: "due", From: from.due, Limit: 200}
	if f.DueFrom.After(from.due) {
		q.From = f.DueFrom
	}
	switch {
	case f.Kind == Denunciation && state != "": // its book has only this and "due"
		q.Index, q.Equal = "queue", []any{string(state)}
	case f.Kind == Denunciation:
	case f.Unit != "" && state != "":
		q.Index, q.Equal = "unit_queue", []any{f.Unit, string(state)}
	case f.Unit != "":
		q.Index, q.Equal = "unit", []any{f.Unit}
	case f.Status != "":
		q.Index, q.Equal = "status", []any{string(f.Status)}
	case state != "":
		q.Index, q.Equal = "queue", []any{string(state)}
	}
	for _, end := range []time.Time{f.Overdue, f.DueBy} {
		if to, ok := q.To.(time.Time); !end.IsZero() && (!ok || end.Before(to)) {
			q.To = end
		}
	}
	return q
}

// matcher returns what says of a case whether the filter selects it.
func (f *Filter) matcher() func(*Case) bool {
	words := strings.Fields(text.Fold(f.Words))
	code, isCode := CleanCode(f.Words)
	return func(c *Case) bool {
		switch {
		case f.State != "" && c.State() != f.State, f.Status != "" && c.Status != f.Status, f.Kind != "" && c.Kind != f.Kind,
			f.Unit != "" && c.Unit != f.Unit,
			!f.Overdue.IsZero() && !c.Overdue(f.Overdue),
			!f.DueFrom.IsZero() && (c.State() != Running || c.DueAt.Before(f.DueFrom)),
			!f.DueBy.IsZero() && (c.State() != Running || !c.DueAt.Before(f.DueBy)):
			return false
		case len(words) == 0, isCode && c.Code == code:
			return true
		}
		searched := " " + text.Fold(c.Code+" "+c.Subject+" "+c.Content)
		for _, w := range words {
			if !strings.Contains(searched, " "+w) {
				return false
			}
		}
		return true
	}
}

// listed yields everything that the query finds.
func listed(ctx context.Context, b book, q store.Query) iter.Seq2[*Case, error] {
	return func(yield func(*Case, error) bool) {
		for {
			list, next, err := b.scan(ctx, q)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, c := range list {
				if !yield(c, nil) {
					return
				}
			}
			if q.After = next; next == "" {
				return
			}
		}
	}
}

// found yields everything that is shown, in the order of the due days. It reads
// the book from end to end in the order in which it lies on disk and sorts what
// it finds, which for words that few cases have takes half the time: 17 µs a
// case, so that an index of words would pay from some 100,000 cases on.
func found(ctx context.Context, b book, shown func(*Case) bool) iter.Seq2[*Case, error] {
	return func(yield func(*Case, error) bool) {
		var list []*Case
		for c, err := range listed(ctx, b, store.Query{Limit: 500}) {
			if err != nil {
				yield(nil, err)
				return
			}
			if shown(c) {
				list = append(list, c)
			}
		}
		slices.SortFunc(list, func(a, b *Case) int { return position{a.DueAt, a.Code}.compare(b) })
		for _, c := range list {
			if !yield(c, nil) {
				return
			}
		}
	}
}

// position is a place in the order of due days, behind a case. The zero value is
// the beginning.
type position struct {
	due  time.Time
	code string
}

func (p position) compare(c *Case) int {
	return cmp.Or(p.due.Compare(c.DueAt), strings.Compare(p.code, c.Code))
}

func (p position) before(c *Case) bool { return p.compare(c) < 0 }

func (p position) String() string { return strconv.FormatInt(p.due.UnixMilli(), 10) + "." + p.code }

func readPosition(s string) (position, error) {
	if s == "" {
		return position{}, nil
	}
	ms, code, _ := strings.Cut(s, ".")
	due, err := strconv.ParseInt(ms, 10, 64)
	if code, ok := CleanCode(code); err == nil && ok {
		return position{time.UnixMilli(due), code}, nil
	}
	var f fault.Fields
	f.Add("after", "cursor")
	return position{}, f.Err()
}
