package feedback

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"sipas/internal/store"
)

// book keeps cases of one sort under their codes. There are two: one for all
// that officers of several roles see, and one for denunciations.
type book interface {
	// insert stores a new case; store.ErrExists if the code is taken.
	insert(context.Context, *Case) error
	// get returns store.ErrNotFound if there is none of this code.
	get(ctx context.Context, code string) (*Case, error)
	// replace stores a case in the place of the revision that it was read in;
	// store.ErrStale if there is another one.
	replace(context.Context, *Case) error
	// scan returns a page in the order of the query. Of the cases in it there is
	// only what filters and Visible look at; get has the rest.
	scan(context.Context, store.Query) (list []*Case, next string, err error)
}

// What a case is to a queue, beside its State: moved cases are in no list.
const (
	moving  = "moving"  // on its way into the other book
	erasing = "erasing" // its words are gone, its files may not be
	traces  = "traces"  // there; only the code is left, so that it is not given again, but files may still hold what it was
	gone    = "gone"    // there, and nothing else is left
)

func (c *Case) queue() string {
	switch {
	case c.away() && c.traced:
		return traces
	case c.away():
		return gone
	case c.moved:
		return moving
	case c.Erased() && !c.Erasure.Done:
		return erasing
	}
	return string(c.State())
}

// away says whether only the mark is left of it here.
func (c *Case) away() bool { return c.moved && c.Kind == "" }

// isMoved says so of a queue that queue has returned.
func isMoved(queue string) bool { return queue == moving || queue == traces || queue == gone }

// caseIndexes are the orders in which queues are read, the oldest due day first,
// in which figures are counted, and in which everybody reads what is published.
var caseIndexes = []store.Index{
	{Name: "due", Fields: []store.Field{dueField}},
	{Name: "queue", Fields: []store.Field{{Name: "queue", Type: store.String}, dueField}},
	{Name: "status", Fields: []store.Field{{Name: "status", Type: store.String}, dueField}},
	{Name: "unit", Fields: []store.Field{{Name: "unit", Type: store.String}, dueField}},
	{Name: "unit_queue", Fields: []store.Field{{Name: "unit", Type: store.String}, {Name: "queue", Type: store.String}, dueField}},
	{Name: "received", Fields: []store.Field{{Name: "receivedAt", Type: store.Time}}},
	{Name: "published", Fields: []store.Field{publishedField}},
	{Name: "area_published", Fields: []store.Field{{Name: "area", Type: store.String}, publishedField}},
}

var publishedField = store.Field{Name: "publishedAt", Type: store.Time}

var dueField = store.Field{Name: "dueAt", Type: store.Time}

// openBook keeps cases as they are; only the contact in them is sealed.
type openBook struct {
	docs  *store.Collection[storedCase]
	heads *store.Collection[storedHead] // the same documents
}

type storedCase struct {
	store.Doc `bson:",inline"`
	Case      `bson:",inline"`
	Queue     string     `bson:"queue"`
	Left      int        `bson:"left"` // how many events it had when it left this book
	Explained storedDays `bson:"explained"`

	PublishedAt time.Time `bson:"publishedAt"` // zero: nothing of it is public
}

// storedHead is as much of a storedCase as a search reads, in half the time.
type storedHead struct {
	store.Doc `bson:",inline"`
	Kind      Kind      `bson:"kind"`
	Status    Status    `bson:"status"`
	Subject   string    `bson:"subject"`
	Content   string    `bson:"content"`
	About     About     `bson:"about"`
	Taken     Taken     `bson:"taken"`
	Unit      string    `bson:"unit"`
	DueAt     time.Time `bson:"dueAt"`
	Phone     PhoneTag  `bson:"phone"`
	Queue     string    `bson:"queue"`
}

func (d *storedHead) head() *Case {
	return &Case{
		Code: d.ID, Kind: d.Kind, Status: d.Status, Subject: d.Subject, Content: d.Content, About: d.About, Taken: d.Taken,
		Unit: d.Unit, DueAt: d.DueAt, Phone: d.Phone, Clock: Clock{Pauses: d.Queue == string(Paused)}, moved: isMoved(d.Queue),
	}
}

func encode(c *Case) *storedCase {
	d := &storedCase{
		Doc: store.Doc{ID: c.Code, Version: c.revision}, Case: *c, Queue: c.queue(), Left: c.left, Explained: packDays(c.Clock.Days),
	}
	d.setPublished()
	return d
}

func (d *storedCase) setPublished() {
	public, _ := d.Case.Published()
	d.PublishedAt = public.PublishedAt
}

// Derive finds out what a case was published as before there was a list of all
// that is.
func (d *storedCase) Derive() {
	d.decode()
	d.setPublished()
}

func (d *storedCase) decode() *Case {
	c := &d.Case
	c.Code, c.revision, c.left = d.ID, d.Doc.Version, d.Left
	c.moved, c.traced = isMoved(d.Queue), d.Queue == traces
	c.Clock.Days = d.Explained.unpack()
	return c
}

func (b *openBook) insert(ctx context.Context, c *Case) error {
	d := encode(c)
	d.Doc.Version = 0
	if err := store.Repeat(func() error { return b.docs.Insert(ctx, d) }); err != nil {
		return err
	}
	c.revision = d.Doc.Version
	return nil
}

func (b *openBook) get(ctx context.Context, code string) (*Case, error) {
	d, err := b.docs.Get(ctx, code)
	if err != nil {
		return nil, err
	}
	return d.decode(), nil
}

func (b *openBook) replace(ctx context.Context, c *Case) error {
	d := encode(c)
	if err := store.Repeat(func() error { return b.docs.Replace(ctx, d) }); err != nil {
		return err
	}
	c.revision = d.Doc.Version
	return nil
}

func (b *openBook) scan(ctx context.Context, q store.Query) (list []*Case, next string, err error) {
	page, err := b.heads.Scan(ctx, q)
	if err != nil {
		return nil, "", err
	}
	for _, d := range page.Items {
		list = append(list, d.head())
	}
	return list, page.Next, nil
}

// vault keeps denunciations (tố cáo). Everything in them is sealed: whoever has
// the database or a backup of it, and not the keys, sees when something is due
// and nothing else.
type vault struct {
	docs *store.Collection[storedSecret]
	ring func() *Ring
}

type storedSecret struct {
	store.Doc `bson:",inline"`
	Queue     string    `bson:"queue"`
	DueAt     time.Time `bson:"dueAt"`
	Left      int       `bson:"left"`
	Content   []byte    `bson:"content"` // a Case
}

var secretIndexes = []store.Index{
	{Name: "due", Fields: []store.Field{dueField}},
	{Name: "queue", Fields: []store.Field{{Name: "queue", Type: store.String}, dueField}},
}

// sealedIn says where something sealed belongs, so that it opens nowhere else.
func sealedIn(code, field string) string { return "case " + code + " " + field }

func (v *vault) encode(c *Case) (*storedSecret, error) {
	plain, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	sealed, err := v.ring().seal(plain, sealedIn(c.Code, "content"))
	if err != nil {
		return nil, err
	}
	d := &storedSecret{Doc: store.Doc{ID: c.Code, Version: c.revision}, Queue: c.queue(), DueAt: c.DueAt, Left: c.left, Content: sealed}
	return d, nil
}

func (v *vault) decode(d *storedSecret) (*Case, error) {
	if isMoved(d.Queue) && d.Queue != moving { // whatever key it was sealed with: there is nothing in it
		return &Case{Code: d.ID, moved: true, traced: d.Queue == traces, left: d.Left, revision: d.Version}, nil
	}
	plain, err := v.ring().open(d.Content, sealedIn(d.ID, "content"))
	if err != nil {
		return nil, err
	}
	c := new(Case)
	if err := json.Unmarshal(plain, c); err != nil {
		return nil, err
	}
	c.Code, c.revision, c.left = d.ID, d.Version, d.Left
	c.moved, c.traced = isMoved(d.Queue), d.Queue == traces
	return c, nil
}

func (v *vault) insert(ctx context.Context, c *Case) error {
	d, err := v.encode(c)
	if err != nil {
		return err
	}
	d.Version = 0
	if err := store.Repeat(func() error { return v.docs.Insert(ctx, d) }); err != nil {
		return err
	}
	c.revision = d.Version
	return nil
}

func (v *vault) get(ctx context.Context, code string) (*Case, error) {
	d, err := v.docs.Get(ctx, code)
	if err != nil {
		return nil, err
	}
	return v.decode(d)
}

func (v *vault) replace(ctx context.Context, c *Case) error {
	d, err := v.encode(c)
	if err != nil {
		return err
	}
	if err := store.Repeat(func() error { return v.docs.Replace(ctx, d) }); err != nil {
		return err
	}
	c.revision = d.Version
	return nil
}

func (v *vault) scan(ctx context.Context, q store.Query) (list []*Case, next string, err error) {
	page, err := v.docs.Scan(ctx, q)
	if err != nil {
		return nil, "", err
	}
	for _, d := range page.Items {
		c, err := v.decode(d)
		if errors.Is(err, ErrNoKey) { // one that cannot be read hides no other
			c, err = d.unreadable(), nil
		}
		if err != nil {
			return nil, "", err
		}
		list = append(list, c)
	}
	return list, page.Next, nil
}

// unreadable is what is known of a denunciation whose key is missing.
func (d *storedSecret) unreadable() *Case {
	return &Case{Code: d.ID, Kind: Denunciation, DueAt: d.DueAt, moved: d.Queue == moving, closed: State(d.Queue), revision: d.Version}
}

// of returns the book that cases of the kind are in. Nothing else in the program
// knows where denunciations are.
func (s *Store) of(k Kind) book {
	if k == Denunciation {
		return s.vault
	}
	return s.cases
}

// find returns the case of this code from whichever book it is in, or ErrNoCase.
// It looks into both in either case, so that its time tells nothing. A case that
// was on its way into the other book when a server stopped arrives here.
func (s *Store) find(ctx context.Context, code string) (*Case, error) {
	var found *Case
	for _, b := range []book{s.cases, s.vault} {
		c, err := b.get(ctx, code)
		switch {
		case errors.Is(err, store.ErrNotFound):
		case err != nil:
			return nil, fmt.Errorf("read case: %w", err)
		case c.away():
		case found == nil, c.moved, !found.moved && c.Version() > found.Version():
			found = c
		}
	}
	switch {
	case found == nil:
		return nil, ErrNoCase
	case found.moved:
		return s.arrive(ctx, found)
	}
	return found, nil
}
