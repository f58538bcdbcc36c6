package survey

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/text"
)

// Comment (ý kiến) is the free text of a response and what the office has made of
// it. Of the respondent it has nothing: one text with sex, age and area beside it
// would often be one person.
type Comment struct {
	ID         string // what the sealed response commits to
	Text       string
	ReceivedAt time.Time
	Area       string
	Procedure  string
	Channel    Channel
	Lang       string
	Overall    int      // 0: not given
	Tags       []string // ids
	Blanked    int      // places that were blanked
	Case       string   // code of the case that was made of it; "": none

	version int64 // the store's
}

// Version is that of the stored comment.
func (c *Comment) Version() int64 { return c.version }

// Blank stands where something was blanked.
const Blank = "[…]"

// fewestBlanked is how much has to be named of what is blanked, in characters: a
// single letter would blank whole texts by mistake.
const fewestBlanked = 2

// BlankOut puts Blank in the place of everything in the text that is in lines, one
// a line, as it is written there, and says in how many places. What does not occur
// is an error of the field "words", so that nobody believes that it is gone. Pure.
func BlankOut(s, lines string) (string, int, error) {
	var words []string
	for line := range strings.Lines(text.Clean(lines)) {
		if line = strings.TrimSpace(line); line != "" && !slices.Contains(words, line) {
			words = append(words, line)
		}
	}
	var bad fault.Fields
	if len(words) == 0 {
		bad.Add("words", catalogue.CodeRequired)
	}
	for _, w := range words {
		switch {
		case utf8.RuneCountInString(w) < fewestBlanked:
			bad.Add("words", "blank_short", w, fewestBlanked)
		case strings.Contains(Blank, w), !strings.Contains(s, w):
			bad.Add("words", "blank_missing", w)
		}
	}
	if err := bad.Err(); err != nil {
		return s, 0, err
	}
	left, places := without(s, words)
	return left, places, nil
}

// without puts Blank in the place of everything that one of the words covers.
// Whatever overlaps goes as one: a name must not leave a part of another behind.
func without(s string, words []string) (left string, places int) {
	covered := make([]bool, len(s))
	for _, w := range words {
		for at := 0; ; at++ {
			next := strings.Index(s[at:], w)
			if next < 0 {
				break
			}
			at += next
			for i := range len(w) {
				covered[at+i] = true
			}
		}
	}
	var b strings.Builder
	for i := range len(s) {
		switch {
		case !covered[i]:
			b.WriteByte(s[i])
		case i == 0 || !covered[i-1]:
			b.WriteString(Blank)
			places++
		}
	}
	return b.String(), places
}

// Tag (nhãn) is what the office sorts comments by.
type Tag struct {
	ID      string `bson:"-"`
	Name    string `bson:"name"`
	Retired bool   `bson:"retired"` // offered no more; comments keep it

	version int64
}

// Version is that of the stored tag; 0: it is not stored.
func (t *Tag) Version() int64 { return t.version }

// Limits of tags.
const (
	maxTagName = 40 // characters
	maxTags    = 50 // in use
)

// Check brings the tag into the form in which it is kept, and names what is wrong
// with it beside the others there are.
func (t *Tag) Check(others []*Tag) error {
	t.Name = strings.Join(strings.Fields(text.Clean(t.Name)), " ")
	var bad fault.Fields
	if t.Name == "" {
		bad.Add("name", catalogue.CodeRequired)
	} else if n := utf8.RuneCountInString(t.Name); n > maxTagName {
		bad.Add("name", "too_long", maxTagName, n)
	}
	used := 0
	for _, o := range others {
		if o.ID == t.ID {
			continue
		}
		if !o.Retired {
			used++
		}
		if text.Fold(o.Name) == text.Fold(t.Name) && t.Name != "" {
			bad.Add("name", "tag_twice", o.Name)
		}
	}
	if !t.Retired && used >= maxTags {
		bad.Add("name", "too_many", maxTags)
	}
	return bad.Err()
}

// CommentFilter says which comments are wanted.
type CommentFilter struct {
	From, To catalogue.Date // day of receipt, inclusive; "": open
	Area     string
	Tag      string // id
	Words    string // in the text, whatever the case and marks; or the number of the receipt
}

// takes says whether a comment's own words and tags pass; where it was written is
// known only with its response.
func (f *CommentFilter) takes(d *storedComment) bool {
	return (f.Tag == "" || slices.Contains(d.Tags, f.Tag)) &&
		(f.Words == "" || strings.Contains(text.Fold(d.Text), text.Fold(f.Words)) || hasReceipt(d.Response, f.Words))
}

// ReceiptLength is how many letters of the end of a response's id its sender is
// shown, as the number of the receipt: enough to find the response.
const ReceiptLength = 8

// hasReceipt says whether a response is the one that somebody names by the number
// of its receipt.
func hasReceipt(id, number string) bool {
	number = strings.ReplaceAll(number, " ", "") // it is shown in two groups
	return len(number) >= ReceiptLength && strings.HasSuffix(id, number)
}
