package survey

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"sipas/internal/fault"
	"sipas/internal/store"
	"sipas/internal/text"
)

// storedComment is a free text with the salt of its commitment. Its id is the
// commitment, so that writing one never meets another's, and whatever answers the
// commitment in a response is the text that was given. Once something is blanked
// there is no salt any more: with it, words that are few to guess, a phone number,
// could be found from the commitment.
type storedComment struct {
	store.Doc `bson:",inline"`
	Response  string    `bson:"response"`
	Salt      string    `bson:"salt"` // "": blanked
	Text      string    `bson:"text"`
	WrittenAt time.Time `bson:"writtenAt"`
	Tags      []string  `bson:"tags,omitempty"`
	Blanked   int       `bson:"blanked,omitempty"`
	Case      string    `bson:"case,omitempty"`
}

var commentIndexes = []store.Index{{Name: "written", Fields: []store.Field{{Name: "writtenAt", Type: store.Time}}}}

// storedTag is a tag under its id.
type storedTag struct {
	store.Doc `bson:",inline"`
	Tag       `bson:",inline"`
}

// What somebody meets who asks for a comment or a tag, or changes one.
var (
	ErrNoComment    = fault.New(fault.NotFound, "comment_unknown")
	ErrCommentStale = fault.New(fault.Conflict, "comment_stale")
	ErrNoTag        = fault.New(fault.NotFound, "tag_unknown")
	ErrTagStale     = fault.New(fault.Conflict, "tag_stale")
)

// scanned is how many comments one call of Comments looks at, at the most.
const scanned = 5000

// Comments returns a page of comments, the newest first: as many as limit says or
// some more, since the last ones looked at are taken whole; fewer where many had
// to be looked at. next is "" at the end. Texts of trial links are never among them.
func (s *Store) Comments(ctx context.Context, f CommentFilter, limit int, after string) (list []*Comment, next string, err error) {
	q := store.Query{Index: "written", Reverse: true, Limit: limit, After: after}
	if f.From != "" {
		q.From = f.From.Start()
	}
	if f.To != "" {
		q.To = f.To.AddDays(1).Start()
	}
	for seen := 0; ; {
		page, err := s.comments.Scan(ctx, q)
		if err != nil {
			return nil, "", fmt.Errorf("list comments: %w", err)
		}
		for _, d := range page.Items {
			if !f.takes(d) {
				continue
			}
			c, err := s.comment(ctx, d)
			if errors.Is(err, ErrNoComment) {
				continue
			}
			if err != nil {
				return nil, "", err
			}
			if f.Area == "" || f.Area == c.Area {
				list = append(list, c)
			}
		}
		seen += len(page.Items)
		// A page is taken whole, so that the next one goes on where it ends.
		if page.Next == "" || len(list) >= limit || seen >= scanned {
			return list, page.Next, nil
		}
		q.After = page.Next
	}
}

// written returns the texts written from the one moment to the other, by id.
func (s *Store) written(ctx context.Context, from, to time.Time) (map[string]*storedComment, error) {
	found := map[string]*storedComment{}
	q := store.Query{Index: "written", From: from, To: to.Add(time.Millisecond), Limit: 1000}
	for d, err := range s.comments.Each(ctx, q) {
		if err != nil {
			return nil, fmt.Errorf("read comments: %w", err)
		}
		found[d.ID] = d
	}
	return found, nil
}

// Comment returns the comment of this id, or ErrNoComment: also for a text of a
// trial link.
func (s *Store) Comment(ctx context.Context, id string) (*Comment, error) {
	d, err := s.readComment(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.comment(ctx, d)
}

func (s *Store) readComment(ctx context.Context, id string) (*storedComment, error) {
	d, err := s.comments.Get(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, ErrNoComment
	}
	if err != nil {
		return nil, fmt.Errorf("read comment: %w", err)
	}
	return d, nil
}

// comment joins a text with where its response was given, and nothing else of it.
func (s *Store) comment(ctx context.Context, d *storedComment) (*Comment, error) {
	r, err := s.stored(ctx, d.Response, false)
	if errors.Is(err, errAbsent) || err == nil && r.Comment != d.ID {
		return nil, ErrNoComment
	}
	if err != nil {
		return nil, err
	}
	return &Comment{
		ID: d.ID, Text: d.Text, ReceivedAt: d.WrittenAt, Area: r.Area, Procedure: r.Procedure, Channel: r.Channel, Lang: r.Lang, Overall: r.Overall,
		Tags: d.Tags, Blanked: d.Blanked, Case: d.Case, version: d.Doc.Version,
	}, nil
}

// change stores what do makes of the comment if it still has the version that was
// read, else ErrCommentStale.
func (s *Store) change(ctx context.Context, c *Comment, do func(*storedComment) error) error {
	d, err := s.readComment(ctx, c.ID)
	if err != nil {
		return err
	}
	if d.Doc.Version != c.version {
		return ErrCommentStale
	}
	if err := do(d); err != nil {
		return err
	}
	err = store.Repeat(func() error { return s.comments.Replace(ctx, d) })
	if errors.Is(err, store.ErrStale) || errors.Is(err, store.ErrNotFound) {
		return ErrCommentStale
	}
	if err != nil {
		return fmt.Errorf("change comment: %w", err)
	}
	c.Text, c.Tags, c.Blanked, c.Case, c.version = d.Text, d.Tags, d.Blanked, d.Case, d.Doc.Version
	return nil
}

// TagComment gives the comment exactly these tags.
func (s *Store) TagComment(ctx context.Context, c *Comment, tags []string) error {
	return s.change(ctx, c, func(d *storedComment) error {
		d.Tags = tags
		return nil
	})
}

// BlankComment takes what is in lines out of the stored text, as BlankOut does,
// for good, and the salt with it. The response and its seal stay what they are.
func (s *Store) BlankComment(ctx context.Context, c *Comment, lines string) error {
	return s.change(ctx, c, func(d *storedComment) error {
		blanked, places, err := BlankOut(d.Text, lines)
		if err != nil {
			return err
		}
		d.Text, d.Salt = blanked, ""
		d.Blanked += places
		return nil
	})
}

// CommentCase notes the code of the case that was made of the comment.
func (s *Store) CommentCase(ctx context.Context, c *Comment, code string) error {
	if c.Case == code {
		return nil
	}
	return s.change(ctx, c, func(d *storedComment) error {
		d.Case = code
		return nil
	})
}

// Tags returns every tag by name, those in use first.
func (s *Store) Tags(ctx context.Context) ([]*Tag, error) {
	docs, err := s.tags.All(ctx)
	if err != nil {
		return nil, fmt.Errorf("list tags: %w", err)
	}
	list := make([]*Tag, len(docs))
	for i, d := range docs {
		list[i] = d.tag()
	}
	slices.SortFunc(list, func(a, b *Tag) int {
		if a.Retired != b.Retired {
			if b.Retired {
				return -1
			}
			return 1
		}
		return cmp.Or(strings.Compare(text.Fold(a.Name), text.Fold(b.Name)), strings.Compare(a.ID, b.ID))
	})
	return list, nil
}

func (d *storedTag) tag() *Tag {
	t := d.Tag
	t.ID, t.version = d.Doc.ID, d.Doc.Version
	return &t
}

// TagByID returns the tag, or ErrNoTag.
func (s *Store) TagByID(ctx context.Context, id string) (*Tag, error) {
	d, err := s.tags.Get(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, ErrNoTag
	}
	if err != nil {
		return nil, fmt.Errorf("read tag: %w", err)
	}
	return d.tag(), nil
}

// NewTagID returns an id that no tag has.
func NewTagID() string { return strings.ToLower(rand.Text()) }

// PutTag stores a tag that Check has found right: a new one, whose version is 0,
// under an id of NewTagID, or one over the version that was read, else ErrTagStale.
// A new one that is stored already is no error.
func (s *Store) PutTag(ctx context.Context, t *Tag) error {
	d := &storedTag{Doc: store.Doc{ID: t.ID, Version: t.version}, Tag: *t}
	same := func(stored *storedTag) bool { return stored.Doc.Version == 1 && stored.Name == t.Name }
	switch err := s.tags.Put(ctx, d, same); {
	case errors.Is(err, store.ErrStale):
		return ErrTagStale
	case err != nil:
		return fmt.Errorf("store tag: %w", err)
	}
	t.version = d.Doc.Version
	return nil
}
