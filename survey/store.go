package survey

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/store"
)

// ServiceQuestionnaire is the id of the questionnaire that a link asks when it
// names no other.
const ServiceQuestionnaire = "dich-vu"

// Store keeps links, questionnaires and responses. What forms are made of
// (catalogue, questionnaires, links) is held in memory and made anew when the
// store's revision changes, so that opening a form reads no store.
type Store struct {
	responses      *store.Collection[storedResponse]
	trials         *store.Collection[storedResponse] // apart, so that no figure or seal can ever meet one
	comments       *store.Collection[storedComment]
	tags           *store.Collection[storedTag]
	links          *store.Collection[storedLink]
	codes          *store.Collection[storedCode]
	questionnaires *store.Collection[storedQuestionnaire]
	drafts         *store.Collection[storedDraft]
	editions       *store.Collection[storedEdition]
	catalogue      *catalogue.Store
	revision       *store.Revision
	sealed         sealedDays

	reloading sync.Mutex
	current   atomic.Pointer[state]
}

type storedLink struct {
	store.Doc `bson:",inline"`
	Link      `bson:",inline"`
}

type storedQuestionnaire struct {
	store.Doc     `bson:",inline"`
	Questionnaire `bson:",inline"`
}

// state is one state of everything that forms are made of, and what is published.
type state struct {
	number    int64 // counts up in this process
	revision  int64 // of the store, when it was read
	catalogue *catalogue.Catalogue
	list      []*Questionnaire
	byRef     map[string]*Questionnaire
	editions  []*Edition
	links     sync.Map // code → *Link, as they are asked for
}

// OpenStore opens the collections of this package.
func OpenStore(ctx context.Context, s *store.Store, c *catalogue.Store) (*Store, error) {
	st := &Store{catalogue: c}
	received := []store.Index{{Name: "received", Fields: []store.Field{{Name: "receivedAt", Type: store.Time}}}}
	err := s.OpenAll(ctx,
		store.Into(&st.responses, store.Spec{Name: "responses", Log: true, Indexes: received}),
		store.Into(&st.trials, store.Spec{Name: "trials", Log: true, Indexes: received}),
		store.Into(&st.comments, store.Spec{Name: "comments", Indexes: commentIndexes}),
		store.Into(&st.tags, store.Spec{Name: "comment_tags"}),
		store.Into(&st.links, store.Spec{Name: "links", Indexes: []store.Index{
			{Name: "kind", Fields: []store.Field{{Name: "kind", Type: store.String}, {Name: "createdAt", Type: store.Time}}},
			{Name: "created", Fields: []store.Field{{Name: "createdAt", Type: store.Time}}},
		}}),
		store.Into(&st.codes, store.Spec{Name: "codes", Indexes: []store.Index{
			{Name: "hash", Fields: []store.Field{{Name: "hash", Type: store.String}}},
			{Name: "spent", Fields: []store.Field{{Name: "spentOn", Type: store.String}}},
		}}),
		store.Into(&st.questionnaires, store.Spec{Name: "questionnaires"}),
		store.Into(&st.drafts, store.Spec{Name: "questionnaire_drafts"}),
		store.Into(&st.editions, store.Spec{Name: "editions"}),
		store.Into(&st.sealed.seals, store.Spec{Name: "seals"}),
		store.Into(&st.sealed.segments, store.Spec{Name: "segments"}),
		store.Into(&st.sealed.lists, store.Spec{Name: "segment_lists"}),
		store.Into(&st.sealed.start, store.Spec{Name: "chain"}),
		store.RevisionInto(&st.revision, store.RevisionOfSetup),
	)
	if err != nil {
		return nil, fmt.Errorf("open survey store: %w", err)
	}
	return st, nil
}

// Reload reads catalogue, questionnaires and editions from the store if anything changed
// since the last time, and always the first time.
func (s *Store) Reload(ctx context.Context) error {
	s.reloading.Lock()
	defer s.reloading.Unlock()
	// The revision is read first: a change in between is then seen twice,
	// never missed.
	revision, err := s.revision.Current(ctx)
	if err != nil {
		return fmt.Errorf("reload catalogue: %w", err)
	}
	old := s.current.Load()
	if old != nil && old.revision == revision {
		return nil
	}
	next := &state{number: 1, revision: revision, byRef: map[string]*Questionnaire{}}
	if old != nil {
		next.number = old.number + 1
	}
	if next.catalogue, err = s.catalogue.Load(ctx); err != nil {
		return fmt.Errorf("reload catalogue: %w", err)
	}
	docs, err := s.questionnaires.All(ctx)
	if err != nil {
		return fmt.Errorf("reload questionnaires: %w", err)
	}
	for _, d := range docs {
		next.list = append(next.list, &d.Questionnaire)
		next.byRef[d.Ref()] = &d.Questionnaire
	}
	if next.editions, err = s.readEditions(ctx); err != nil {
		return err
	}
	s.current.Store(next)
	return nil
}

// Changed tells all servers on this store that catalogue, questionnaires or
// links are other than before, and reloads this one.
func (s *Store) Changed(ctx context.Context) error {
	if err := s.revision.Advance(ctx); err != nil {
		return fmt.Errorf("announce a change: %w", err)
	}
	return s.Reload(ctx)
}

// CatalogueStore returns where the reference data are kept, to edit them; Changed
// has to be told of it.
func (s *Store) CatalogueStore() *catalogue.Store { return s.catalogue }

// Catalogue returns the reference data as of the last Reload.
func (s *Store) Catalogue() *catalogue.Catalogue { return s.current.Load().catalogue }

// Questionnaires returns every stored version, as of the last Reload.
func (s *Store) Questionnaires() []*Questionnaire { return s.current.Load().list }

// Questionnaire returns the version with the given Ref, nil if there is none.
func (s *Store) Questionnaire(ref string) *Questionnaire { return s.current.Load().byRef[ref] }

// ErrQuestionnaireFrozen says that another text is stored under this version.
var ErrQuestionnaireFrozen = fault.New(fault.Conflict, "questionnaire_frozen")

// Missing returns those of the versions that are not stored yet. A stored
// version never changes, answered or not: another text under its Ref is
// ErrQuestionnaireFrozen.
func (s *Store) Missing(ctx context.Context, list []Questionnaire) ([]Questionnaire, error) {
	var missing []Questionnaire
	for i := range list {
		q := &list[i]
		stored, err := s.questionnaires.Get(ctx, q.Ref())
		switch {
		case errors.Is(err, store.ErrNotFound):
			missing = append(missing, *q)
		case err != nil:
			return nil, fmt.Errorf("read questionnaire %s: %w", q.Ref(), err)
		case stored.Digest() != q.Digest():
			return nil, fmt.Errorf("questionnaire %s: %w", q.Ref(), ErrQuestionnaireFrozen)
		}
	}
	return missing, nil
}

// AddQuestionnaires stores versions that Missing has returned. One that
// somebody else has stored meanwhile has to be the same.
func (s *Store) AddQuestionnaires(ctx context.Context, missing []Questionnaire) error {
	for i := range missing {
		q := &missing[i]
		err := s.questionnaires.Insert(ctx, &storedQuestionnaire{Doc: store.Doc{ID: q.Ref()}, Questionnaire: *q})
		if errors.Is(err, store.ErrExists) {
			_, err = s.Missing(ctx, missing[i:i+1])
		}
		if err != nil {
			return fmt.Errorf("add questionnaire %s: %w", q.Ref(), err)
		}
	}
	return nil
}

// OpenForm returns what a citizen who follows code answers now. ErrNoLink,
// ErrNotOpen, ErrClosed and ErrUsed are answers, everything else is a failure;
// with the last three the form is there all the same, to say when, or to take the
// same answer again.
func (s *Store) OpenForm(ctx context.Context, code string, now time.Time) (*Form, error) {
	ed := s.current.Load()
	link, slip, used, err := s.lookUp(ctx, ed, CleanCode(code))
	if err != nil {
		return nil, err
	}
	on := catalogue.DateOf(now)
	id := link.Questionnaire
	if id == "" {
		id = ServiceQuestionnaire
	}
	form := &Form{Link: *link, Slip: slip, Questionnaire: inForce(ed.list, id, on), Edition: ed.number, catalogue: ed.catalogue}
	form.earlier = func(ref string) *Questionnaire { return earlier(ed.byRef[ref], id, on) }
	if link.Area == "" {
		form.Areas = ed.catalogue.Areas(on)
	}
	if form.Questionnaire == nil {
		return form, ErrClosed // a questionnaire that ran out without a next one
	}
	if used {
		return form, ErrUsed
	}
	return form, link.Open(now)
}

// lookUp finds what a code leads to: a link, or the slip of a dossier.
func (s *Store) lookUp(ctx context.Context, ed *state, code string) (l *Link, slip *Slip, used bool, err error) {
	if l, err = s.cachedLink(ctx, ed, code); !errors.Is(err, ErrNoLink) || !IsOneTimeCode(code) {
		return l, nil, false, err
	}
	d, err := s.byCode(ctx, code)
	if err != nil {
		return nil, nil, false, err
	}
	link, slip := d.form(code)
	return &link, slip, d.Spent, nil
}

func (s *Store) cachedLink(ctx context.Context, ed *state, code string) (*Link, error) {
	if l, ok := ed.links.Load(code); ok {
		return l.(*Link), nil
	}
	l, err := s.Link(ctx, code)
	if err == nil {
		ed.links.Store(code, l)
	}
	return l, err
}

// inForce returns the newest version of the questionnaire id (or id@version)
// that is valid on the day.
func inForce(list []*Questionnaire, id string, on catalogue.Date) *Questionnaire {
	var best *Questionnaire
	for _, q := range list {
		if (q.ID == id || q.Ref() == id) && q.ValidOn(on) && (best == nil || q.Version > best.Version) {
			best = q
		}
	}
	return best
}

// queueDays is how long answers may wait on a phone without network and still
// count to the version of the questionnaire that they were given to.
const queueDays = 30

func earlier(q *Questionnaire, id string, on catalogue.Date) *Questionnaire {
	if q == nil || q.ID != id && q.Ref() != id {
		return nil
	}
	if q.ValidOn(on) || q.To != "" && q.To < on && q.To >= on.AddDays(-queueDays) {
		return q
	}
	return nil
}

// PutLink stores a new link under the code that it has; one that is there
// already stays as it is.
func (s *Store) PutLink(ctx context.Context, l Link) error {
	err := s.links.Insert(ctx, &storedLink{Doc: store.Doc{ID: l.Code}, Link: l})
	if err != nil && !errors.Is(err, store.ErrExists) {
		return fmt.Errorf("put link: %w", err)
	}
	return nil
}

// AddLink stores a new link under its code, or a fresh one where it has none.
func (s *Store) AddLink(ctx context.Context, l *Link) error {
	if l.Code == "" {
		l.Code = NewCode()
	}
	err := s.links.Insert(ctx, &storedLink{Doc: store.Doc{ID: l.Code}, Link: *l})
	if errors.Is(err, store.ErrUnknown) {
		err = s.settleLink(ctx, l)
	}
	if errors.Is(err, store.ErrExists) {
		err = store.ErrUnavailable.Because(err) // one in 10^11; sent again, it gets another code
	}
	if err != nil {
		return fmt.Errorf("add link: %w", err)
	}
	l.Version = 1
	return nil
}

// settleLink finds out what became of an insert: the code is random, so a link
// that is there now is the one that was sent.
func (s *Store) settleLink(ctx context.Context, l *Link) error {
	err := s.links.Insert(ctx, &storedLink{Doc: store.Doc{ID: l.Code}, Link: *l})
	if errors.Is(err, store.ErrExists) {
		return nil
	}
	return err
}

// Link returns the stored link, or ErrNoLink.
func (s *Store) Link(ctx context.Context, code string) (*Link, error) {
	if len(code) == 0 || len(code) > 64 {
		return nil, ErrNoLink
	}
	d, err := s.links.Get(ctx, code)
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrRefused) {
		return nil, ErrNoLink
	}
	if err != nil {
		return nil, fmt.Errorf("read link: %w", err)
	}
	return d.link(), nil
}

func (d *storedLink) link() *Link {
	l := d.Link
	l.Code, l.Version = d.ID, d.Doc.Version
	return &l
}

// ChangeLink replaces the link if nobody else has since it was read, else
// store.ErrStale; on success the other servers follow within two seconds.
func (s *Store) ChangeLink(ctx context.Context, l *Link) error {
	d := &storedLink{Doc: store.Doc{ID: l.Code, Version: l.Version}, Link: *l}
	if err := s.links.Replace(ctx, d); err != nil {
		return fmt.Errorf("change link: %w", err)
	}
	l.Version = d.Doc.Version
	return s.Changed(ctx)
}

// Links lists links, newest first; kind "" is every kind. next is "" at the end.
func (s *Store) Links(ctx context.Context, kind Kind, limit int, after string) (links []*Link, next string, err error) {
	q := store.Query{Index: "created", Reverse: true, Limit: limit, After: after}
	if kind != "" {
		q.Index, q.Equal = "kind", []any{string(kind)}
	}
	page, err := s.links.Scan(ctx, q)
	if err != nil {
		return nil, "", fmt.Errorf("list links: %w", err)
	}
	for _, d := range page.Items {
		links = append(links, d.link())
	}
	return links, page.Next, nil
}

// What became of a write or a reading, for those who do not know the store.
var (
	errExists  = store.ErrExists
	errUnknown = store.ErrUnknown
	errAbsent  = store.ErrNotFound
)

// incoming is a response on its way into the store, with its free text.
type incoming struct {
	response *Response
	comment  *storedComment // nil: none
}

// newIncoming commits to the free text: the response carries only a salted
// hash, so that the text can be blanked later without touching a sealed day.
func newIncoming(r *Response, text string) incoming {
	if text == "" {
		return incoming{response: r}
	}
	salt := make([]byte, 16)
	rand.Read(salt)
	c := &storedComment{Response: r.ID, Salt: hex.EncodeToString(salt), Text: text}
	c.ID = commitment(c.Salt, text)
	r.Comment = c.ID
	return incoming{r, c}
}

func commitment(salt, text string) string {
	sum := sha256.Sum256([]byte(salt + text))
	return hex.EncodeToString(sum[:])
}

// insert stores a batch and returns an outcome for each: nil, errExists,
// or a failure. The texts go first: a response never points to one that is not
// there.
func (s *Store) insert(ctx context.Context, batch []incoming, trial bool) []error {
	outcome := make([]error, len(batch))
	var texts []*storedComment
	var owners []int
	for i, d := range batch {
		if d.comment != nil {
			d.comment.WrittenAt = d.response.ReceivedAt
			texts, owners = append(texts, d.comment), append(owners, i)
		}
	}
	if texts != nil {
		for j, err := range s.comments.InsertMany(ctx, texts) {
			outcome[owners[j]] = err
		}
	}
	var docs []*storedResponse
	var of []int
	for i, d := range batch {
		if outcome[i] == nil {
			docs, of = append(docs, encode(d.response)), append(of, i)
		}
	}
	into := s.responses
	if trial {
		into = s.trials
	}
	for j, err := range into.InsertMany(ctx, docs) {
		outcome[of[j]] = err
	}
	return outcome
}

// Import stores finished responses with their free texts ("" for none), as they
// are: nothing is checked or stamped. It is for sample data, before any server
// runs on the store. What is there already stays as it is.
func (s *Store) Import(ctx context.Context, responses []Response, texts []string) error {
	const batch = 1000
	for len(responses) > 0 {
		n := min(batch, len(responses))
		list := make([]incoming, n)
		for i := range list {
			r := responses[i]
			r.Digest = digest(&r)
			list[i] = newIncoming(&r, texts[i])
		}
		for _, err := range s.insert(ctx, list, false) {
			if err != nil && !errors.Is(err, store.ErrExists) {
				return fmt.Errorf("import responses: %w", err)
			}
		}
		responses, texts = responses[n:], texts[n:]
	}
	return nil
}

// stored returns the response kept under id, errAbsent if none is.
func (s *Store) stored(ctx context.Context, id string, trial bool) (*Response, error) {
	from := s.responses
	if trial {
		from = s.trials
	}
	d, err := from.Get(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("read response: %w", err)
	}
	return d.decode()
}

// sameComment reports whether the text is the one committed to in r. A text
// that has been erased or blanked since cannot be compared and counts as the same.
func (s *Store) sameComment(ctx context.Context, r *Response, text string) (bool, error) {
	if r.Comment == "" || text == "" {
		return r.Comment == "" && text == "", nil
	}
	c, err := s.comments.Get(ctx, r.Comment)
	if errors.Is(err, store.ErrNotFound) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("read comment: %w", err)
	}
	return c.Salt == "" || c.Text == "" || c.Text == text, nil
}

// dropComment removes a text that was written for a response that was not
// stored. Nobody waits for it and nothing points to it.
func (s *Store) dropComment(ctx context.Context, c *storedComment) {
	if c != nil {
		_ = s.comments.Delete(ctx, c.ID)
	}
}
