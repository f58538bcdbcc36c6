package survey

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"sipas/internal/catalogue"
	"sipas/internal/store"
)

// sealedDays keeps the finished days: a seal a day, which alone decides; the
// pieces of its segment, named by their content; and for each piece the list of
// its responses. Pieces and lists are written before the seal that names them,
// so two servers can never mix theirs, and what a lost race leaves behind means
// nothing.
type sealedDays struct {
	seals    *store.Collection[storedSeal]
	segments *store.Collection[storedSegment]
	lists    *store.Collection[storedList]
	start    *store.Collection[storedStart]
}

type storedSeal struct {
	store.Doc `bson:",inline"` // the date
	Responses int              `bson:"responses"`
	Root      string           `bson:"root"`
	Previous  string           `bson:"previous"`
	Restores  []string         `bson:"restores"`
	Seal      string           `bson:"seal"`
	Pieces    []string         `bson:"pieces"`
	SealedAt  time.Time        `bson:"sealedAt"`
}

// storedSegment is a piece of a day's segment.
type storedSegment struct {
	store.Doc `bson:",inline"` // date and digest
	Day       catalogue.Date   `bson:"day"`
	Columns   []storedColumn   `bson:"columns"` // in the order of dim
	Tallies   []byte           `bson:"tallies"` // tallyBytes a row
	Criteria  []string         `bson:"criteria"`
	Answers   []byte           `bson:"answers"` // one column after the other

	// Links counts the rows by the link they came through. It is no figure and
	// not in the digest; older pieces have none.
	Links store.Pairs[int] `bson:"links"`
}

type storedColumn struct {
	Values []string `bson:"values"`
	Codes  []byte   `bson:"codes"`
}

// storedList says which responses a piece holds, in its order, with their leaf
// hashes. It is apart from the columns, which every start reads.
type storedList struct {
	store.Doc `bson:",inline"` // the piece's id
	IDs       string           `bson:"ids"` // a line each
	Leaves    []byte           `bson:"leaves"`
}

// piece is a part of a sealed day, in memory.
type piece struct {
	segment *Segment
	ids     []string
	leaves  []hash
}

const tallyBytes = 10

func (t *tally) bytes() [tallyBytes]byte {
	return [tallyBytes]byte{t.satisfied, t.answered, t.levels[0], t.levels[1], t.levels[2], t.levels[3], t.levels[4], t.notApplicable, t.complete, t.overall}
}

func tallyFrom(b []byte) tally {
	return tally{satisfied: b[0], answered: b[1], levels: [5]uint8(b[2:7]), notApplicable: b[7], complete: b[8], overall: b[9]}
}

// store makes the documents of a piece. Its id is the day and the digest of all
// that is in it, list and leaves included.
func (p *piece) store() (*storedSegment, *storedList) {
	s := &storedSegment{Day: p.segment.Day, Criteria: p.segment.criteria}
	for d := range p.segment.columns {
		s.Columns = append(s.Columns, storedColumn{p.segment.columns[d].values, p.segment.columns[d].codes})
	}
	for i := range p.segment.tallies {
		b := p.segment.tallies[i].bytes()
		s.Tallies = append(s.Tallies, b[:]...)
	}
	for _, column := range p.segment.answers {
		s.Answers = append(s.Answers, column...)
	}
	for _, link := range sortedKeys(p.segment.links) {
		s.Links = append(s.Links, store.Pair[int]{Key: link, Value: p.segment.links[link]})
	}
	l := &storedList{IDs: strings.Join(p.ids, "\n")}
	for _, leaf := range p.leaves {
		l.Leaves = append(l.Leaves, leaf[:]...)
	}
	s.ID = string(s.Day) + "." + digestOf(s, l)
	l.ID = s.ID
	return s, l
}

func digestOf(s *storedSegment, l *storedList) string {
	h := sha256.New()
	put := func(b []byte) {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(b))))
		h.Write(b)
	}
	put([]byte("sipas-segment 1"))
	put([]byte(s.Day))
	for _, c := range s.Columns {
		put([]byte(strings.Join(c.Values, "\n")))
		put(c.Codes)
	}
	put(s.Tallies)
	put([]byte(strings.Join(s.Criteria, "\n")))
	put(s.Answers)
	put([]byte(l.IDs))
	put(l.Leaves)
	return hex.EncodeToString(h.Sum(nil))
}

// segment brings the stored columns back into memory. Lengths that do not fit
// each other are an error, never a panic.
func (s *storedSegment) segment() (*Segment, error) {
	rows := len(s.Tallies) / tallyBytes
	if len(s.Columns) != int(dims) || len(s.Tallies) != rows*tallyBytes || len(s.Answers) != rows*len(s.Criteria) {
		return nil, fmt.Errorf("segment %s: columns do not fit each other", s.ID)
	}
	out := &Segment{Day: s.Day, criteria: s.Criteria, tallies: make([]tally, rows), links: map[string]int{}}
	for _, x := range s.Links {
		out.links[x.Key] = x.Value
	}
	for d, c := range s.Columns {
		if len(c.Codes) != rows {
			return nil, fmt.Errorf("segment %s: column %d has %d rows of %d", s.ID, d, len(c.Codes), rows)
		}
		for _, code := range c.Codes {
			if int(code) >= len(c.Values) {
				return nil, fmt.Errorf("segment %s: column %d has a code without a value", s.ID, d)
			}
		}
		out.columns[d] = column{codes: c.Codes, values: c.Values}
	}
	for i := range out.tallies {
		out.tallies[i] = tallyFrom(s.Tallies[i*tallyBytes:])
		if verified := &out.columns[dimVerified]; verified.values[verified.codes[i]] == yesNo(true) {
			out.tallies[i].verified = 1
		}
		if out.tallies[i].overall > 5 {
			return nil, fmt.Errorf("segment %s: an overall rating of %d", s.ID, out.tallies[i].overall)
		}
	}
	for c := range s.Criteria {
		codes := s.Answers[c*rows : (c+1)*rows]
		for _, code := range codes {
			if code > notApplicable {
				return nil, fmt.Errorf("segment %s: an answer of code %d", s.ID, code)
			}
		}
		out.answers = append(out.answers, codes)
	}
	return out, nil
}

func (l *storedList) split() (ids []string, leaves []hash, err error) {
	if l.IDs != "" {
		ids = strings.Split(l.IDs, "\n")
	}
	if len(l.Leaves) != len(ids)*sha256.Size {
		return nil, nil, fmt.Errorf("list %s: %d ids, %d bytes of leaves", l.ID, len(ids), len(l.Leaves))
	}
	for i := range ids {
		leaves = append(leaves, hash(l.Leaves[i*sha256.Size:]))
	}
	return ids, leaves, nil
}

func (d *storedSeal) seal() Seal {
	return Seal{Date: catalogue.Date(d.ID), Responses: d.Responses, Root: d.Root, Previous: d.Previous, Restores: d.Restores, Seal: d.Seal}
}

// errSealed says that another server has sealed the day first.
var errSealed = errors.New("sealed by another server")

// putDay stores pieces, lists, and last the seal. errSealed if the day has one;
// then nothing that was written here counts.
func (s *Store) putDay(ctx context.Context, seal Seal, pieces []*piece, now time.Time) error {
	doc := &storedSeal{
		Doc: store.Doc{ID: string(seal.Date)}, Responses: seal.Responses, Root: seal.Root, Previous: seal.Previous,
		Restores: seal.Restores, Seal: seal.Seal, SealedAt: now,
	}
	for _, p := range pieces {
		segment, list := p.store()
		doc.Pieces = append(doc.Pieces, segment.ID)
		for _, err := range []error{s.sealed.segments.Insert(ctx, segment), s.sealed.lists.Insert(ctx, list)} {
			if err != nil && !errors.Is(err, store.ErrExists) { // there already: named by its content, so it is the same
				return fmt.Errorf("seal %s: %w", seal.Date, err)
			}
		}
	}
	err := s.sealed.seals.Insert(ctx, doc)
	if errors.Is(err, store.ErrExists) {
		return errSealed
	}
	if err != nil {
		return fmt.Errorf("seal %s: %w", seal.Date, err)
	}
	return nil
}

// Seals lists seals by date, the oldest or the newest first; next is "" at the
// end.
func (s *Store) Seals(ctx context.Context, newestFirst bool, limit int, after string) (seals []Seal, next string, err error) {
	page, err := s.sealed.seals.Scan(ctx, store.Query{Reverse: newestFirst, Limit: limit, After: after})
	if err != nil {
		return nil, "", fmt.Errorf("list seals: %w", err)
	}
	for _, d := range page.Items {
		seals = append(seals, d.seal())
	}
	return seals, page.Next, nil
}

// ErrNoSeal says that the day is not sealed.
var ErrNoSeal = store.ErrNotFound

// SealOf returns the seal of a day, or ErrNoSeal.
func (s *Store) SealOf(ctx context.Context, day catalogue.Date) (Seal, error) {
	d, err := s.sealed.seals.Get(ctx, string(day))
	if err != nil {
		return Seal{}, fmt.Errorf("read seal: %w", err)
	}
	return d.seal(), nil
}

// sealsFrom calls visit with every stored seal from a day on, in order.
func (s *Store) sealsFrom(ctx context.Context, day catalogue.Date, visit func(Seal, []string) error) error {
	q := store.Query{Limit: 500}
	if day != "" {
		q.From = string(day)
	}
	for d, err := range s.sealed.seals.Each(ctx, q) {
		if err != nil {
			return fmt.Errorf("read seals: %w", err)
		}
		if err := visit(d.seal(), d.Pieces); err != nil {
			return err
		}
	}
	return nil
}

// segment reads the columns of a piece.
func (s *Store) segment(ctx context.Context, id string) (*Segment, error) {
	d, err := s.sealed.segments.Get(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("read segment %s: %w", id, err)
	}
	return d.segment()
}

// list reads which responses a piece holds.
func (s *Store) list(ctx context.Context, id string) (ids []string, leaves []hash, err error) {
	d, err := s.sealed.lists.Get(ctx, id)
	if err != nil {
		return nil, nil, fmt.Errorf("read list %s: %w", id, err)
	}
	return d.split()
}

// contentOf returns the digest that the stored piece has, for comparison with
// the one in its id.
func (s *Store) contentOf(ctx context.Context, id string) (string, error) {
	segment, err := s.sealed.segments.Get(ctx, id)
	if err != nil {
		return "", fmt.Errorf("read segment %s: %w", id, err)
	}
	list, err := s.sealed.lists.Get(ctx, id)
	if err != nil {
		return "", fmt.Errorf("read list %s: %w", id, err)
	}
	return string(segment.Day) + "." + digestOf(segment, list), nil
}

// received calls visit with the responses stamped from <= receivedAt < to, in
// the order of stamp and id, a page at a time. A zero time leaves an end open.
func (s *Store) received(ctx context.Context, from, to time.Time, visit func([]*Response) error) error {
	q := store.Query{Index: "received", Limit: 1000}
	if !from.IsZero() {
		q.From = from
	}
	if !to.IsZero() {
		q.To = to
	}
	for {
		page, err := s.responses.Scan(ctx, q)
		if err != nil {
			return fmt.Errorf("read responses: %w", err)
		}
		list := make([]*Response, len(page.Items))
		for i, d := range page.Items {
			if list[i], err = d.decode(); err != nil {
				return err
			}
		}
		if err := visit(list); err != nil {
			return err
		}
		if q.After = page.Next; q.After == "" {
			return nil
		}
	}
}

// storedStart remembers the first day of the chain.
type storedStart struct {
	store.Doc `bson:",inline"`
	Day       catalogue.Date `bson:"day"`
}

// chainStart returns the first day of the chain, which is day if nobody has
// fixed it before.
func (s *Store) chainStart(ctx context.Context, day catalogue.Date) (catalogue.Date, error) {
	const id = "start"
	err := s.sealed.start.Insert(ctx, &storedStart{Doc: store.Doc{ID: id}, Day: day})
	if err != nil && !errors.Is(err, store.ErrExists) {
		return "", fmt.Errorf("begin the chain of seals: %w", err)
	}
	d, err := s.sealed.start.Get(ctx, id)
	if err != nil {
		return "", fmt.Errorf("begin the chain of seals: %w", err)
	}
	return d.Day, nil
}
