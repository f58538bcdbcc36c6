package feedback

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"sipas/internal/fault"
	"sipas/internal/store"
)

// PublicFilter selects public answers; what is empty selects all.
type PublicFilter struct {
	Area     string
	From, To time.Time // of the publication: From <= it < To
}

// PublicAnswers returns at most limit (1 to 100) public answers that match, the
// latest publication first, and where the next ones begin: "" if there are none.
// A damaged after is an Invalid fault. Nothing that it returns names a case.
func (s *Store) PublicAnswers(ctx context.Context, f PublicFilter, limit int, after string) (list []PublicAnswer, next string, err error) {
	at, err := readPlace(after)
	if err != nil {
		return nil, "", err
	}
	limit = min(max(limit, 1), 100)
	q := store.Query{Index: "published", From: time.UnixMilli(1), Reverse: true, Limit: limit + at.skip + 1}
	if f.Area != "" {
		q.Index, q.Equal = "area_published", []any{f.Area}
	}
	if !f.From.IsZero() {
		q.From = f.From
	}
	if !f.To.IsZero() {
		q.To = f.To
	}
	if after != "" && (f.To.IsZero() || at.time().Before(f.To)) {
		q.To = at.time().Add(time.Millisecond)
	}
	skip := at.skip
	for d, err := range s.cases.docs.Each(ctx, q) {
		if err != nil {
			return nil, "", fmt.Errorf("list public answers: %w", err)
		}
		a, public := d.decode().Published()
		switch {
		case !public:
			continue
		case skip > 0 && a.PublishedAt.UnixMilli() == at.ms:
			skip--
			continue
		case len(list) == limit:
			return list, placeAfter(list, at).String(), nil
		}
		list = append(list, a)
	}
	return list, "", nil
}

// place is how far a reader has come: to a moment of publication, and how many of
// that moment are read. The store's own cursor would name a case.
type place struct {
	ms   int64
	skip int
}

func (p place) time() time.Time { return time.UnixMilli(p.ms) }

func (p place) String() string { return strconv.FormatInt(p.ms, 10) + "." + strconv.Itoa(p.skip) }

// placeAfter is the place behind a page that began at another.
func placeAfter(list []PublicAnswer, from place) place {
	p := place{ms: list[len(list)-1].PublishedAt.UnixMilli()}
	for _, a := range list {
		if a.PublishedAt.UnixMilli() == p.ms {
			p.skip++
		}
	}
	if p.ms == from.ms {
		p.skip += from.skip
	}
	return p
}

// maxSkip is how many answers can be published in one millisecond.
const maxSkip = 500

func readPlace(s string) (place, error) {
	if s == "" {
		return place{}, nil
	}
	ms, skip, _ := strings.Cut(s, ".")
	p := place{}
	var err, bad error
	p.ms, err = strconv.ParseInt(ms, 10, 64)
	p.skip, bad = strconv.Atoi(skip)
	if err == nil && bad == nil && p.ms > 0 && p.ms < 1<<43 && p.skip > 0 && p.skip <= maxSkip {
		return p, nil
	}
	var f fault.Fields
	f.Add("after", "cursor")
	return place{}, f.Err()
}
