package survey

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"sipas/internal/catalogue"
)

// Fault names what is wrong with a sealed day.
type Fault string

// What verification can find.
const (
	FaultMissing Fault = "missing" // a listed answer is not stored
	FaultChanged Fault = "changed" // a stored answer is not the one that was sealed
	FaultAdded   Fault = "added"   // an answer is stamped into a sealed day and no segment lists it
	FaultTwice   Fault = "twice"   // an answer is listed a second time
	FaultOrder   Fault = "order"   // the answers are listed in another order
	FaultSegment Fault = "segment" // a segment is not there, or not what its responses make
	FaultRoot    Fault = "root"    // the root is not that of the listed answers
	FaultSeal    Fault = "seal"    // a seal's value is not the hash of its text
	FaultChain   Fault = "chain"   // a day has no seal, or its seal does not follow the one before
	FaultKept    Fault = "kept"    // the seal is not the one that was kept elsewhere
	FaultText    Fault = "text"    // a free text is not the one that its answer commits to
	FaultNoText  Fault = "no_text" // a free text that an answer commits to is not stored
)

// Broken is the first thing that verification found wrong.
type Broken struct {
	Day      catalogue.Date
	Fault    Fault
	Response string // the answer's id, where it is about one
	Detail   string
}

func (b *Broken) Error() string {
	what := map[Fault]string{
		FaultMissing: "an answer has been removed",
		FaultChanged: "an answer has been changed",
		FaultAdded:   "an answer has been added",
		FaultTwice:   "an answer is listed twice",
		FaultOrder:   "the answers are in another order",
		FaultSegment: "the segment has been replaced",
		FaultRoot:    "the root is not that of the answers",
		FaultSeal:    "the seal has been rewritten",
		FaultChain:   "the chain is broken",
		FaultKept:    "the seal is not the one that was kept",
		FaultText:    "a free text has been changed",
		FaultNoText:  "a free text has been removed",
	}[b.Fault]
	s := fmt.Sprintf("%s: %s", b.Day, what)
	if b.Response != "" {
		s += " (" + b.Response + ")"
	}
	if b.Detail != "" {
		s += ": " + b.Detail
	}
	return s
}

// Verified is what verification went through.
type Verified struct {
	Days      int
	Responses int
	Late      int // listed in the segment of a later day than that of their stamp
	Last      Seal
	Blanked   []Blanked // free texts in which something was blanked, by day
}

// Blanked is a free text that cannot be compared with its commitment any more. That
// somebody blanked something in it, and who, is in the audit log or it is not true.
type Blanked struct {
	Day      catalogue.Date
	Response string
	Comment  string // its id
}

// lateSlack is how long after the end of a day its last write may have come in:
// an unlisted answer stamped within it belongs to the next seal.
const lateSlack = 10 * time.Minute

// Verify recomputes every sealed day from the stored answers and compares lists,
// columns, roots, seals and chain, the free texts with what their answers commit
// to, and the seals kept elsewhere. The first thing
// wrong is returned as a *Broken. day is told each day and its lines, in order.
//
// It shows that nothing up to the last seal has been changed since it was
// sealed; of the open day it shows nothing. Whoever rewrites a day and every
// seal after it is found only by a kept seal.
func (s *Store) Verify(ctx context.Context, kept []Seal, day func(Seal, []string) error) (Verified, error) {
	v := &verification{store: s, kept: map[catalogue.Date]Seal{}, listed: map[string]bool{}, unlisted: map[string]time.Time{}}
	for _, k := range kept {
		v.kept[k.Date] = k
	}
	v.out.Last.Seal = firstPrevious
	err := s.sealsFrom(ctx, "", func(seal Seal, pieces []string) error {
		lines, err := v.day(ctx, seal, pieces)
		if err == nil && day != nil {
			err = day(seal, lines)
		}
		return err
	})
	if err == nil {
		err = v.rest()
	}
	return v.out, err
}

type verification struct {
	store    *Store
	kept     map[catalogue.Date]Seal
	out      Verified
	listed   map[string]bool      // ids of all days so far
	unlisted map[string]time.Time // stamped into a sealed day, listed nowhere so far
}

func (v *verification) day(ctx context.Context, seal Seal, pieces []string) (lines []string, err error) {
	broken := func(f Fault, response, detail string) error {
		return &Broken{Day: seal.Date, Fault: f, Response: response, Detail: detail}
	}
	if v.out.Days > 0 && seal.Date != v.out.Last.Date.AddDays(1) {
		return nil, &Broken{Day: v.out.Last.Date.AddDays(1), Fault: FaultChain, Detail: "there is no seal of this day"}
	}
	if k, ok := v.kept[seal.Date]; ok && k.Seal != seal.Seal {
		return nil, broken(FaultKept, "", "kept "+k.Seal+", stored "+seal.Seal)
	}
	if seal.Seal != seal.hashed() {
		return nil, broken(FaultSeal, "", "")
	}
	if seal.Previous != v.out.Last.Seal {
		return nil, broken(FaultChain, "", "it does not follow the seal of the day before")
	}
	stored, err := v.stamped(ctx, seal.Date)
	if err != nil {
		return nil, err
	}
	var responses []*Response
	var leaves []hash
	for _, id := range pieces {
		content, err := v.store.contentOf(ctx, id)
		if errors.Is(err, errAbsent) {
			return nil, broken(FaultSegment, "", "piece "+id+" is not there")
		}
		if err != nil {
			return nil, err
		}
		if content != id {
			return nil, broken(FaultSegment, "", "piece "+id+" has another content")
		}
		ids, sealed, err := v.store.list(ctx, id)
		if err != nil {
			return nil, broken(FaultSegment, "", err.Error())
		}
		for i, response := range ids {
			r := stored[response]
			if r == nil {
				if r, err = v.store.stored(ctx, response, false); errors.Is(err, errAbsent) {
					return nil, broken(FaultMissing, response, "")
				} else if err != nil {
					return nil, err
				}
			}
			if leafHash(r) != sealed[i] {
				return nil, broken(FaultChanged, response, "")
			}
			if v.listed[response] {
				return nil, broken(FaultTwice, response, "")
			}
			v.listed[response] = true
			delete(v.unlisted, response)
			if r.ReceivedAt.Before(seal.Date.Start()) {
				v.out.Late++
			}
			responses, leaves, lines = append(responses, r), append(leaves, sealed[i]), append(lines, Line(r))
		}
	}
	if err := v.whole(seal, pieces, responses, leaves, broken); err != nil {
		return nil, err
	}
	if err := v.texts(ctx, seal.Date, responses, broken); err != nil { // in the order of their receipt by now
		return nil, err
	}
	for id, r := range stored {
		if !v.listed[id] {
			v.unlisted[id] = r.ReceivedAt
			if r.Verified { // stamped with the beginning of its hour
				v.unlisted[id] = r.ReceivedAt.Add(time.Hour - time.Millisecond)
			}
		}
	}
	v.out.Days++
	v.out.Responses += len(responses)
	v.out.Last = seal
	return lines, nil
}

// whole compares what the listed answers make with what was sealed.
func (v *verification) whole(seal Seal, pieces []string, responses []*Response, leaves []hash, broken func(Fault, string, string) error) error {
	inOrder := func(a, b *Response) int {
		if c := a.ReceivedAt.Compare(b.ReceivedAt); c != 0 {
			return c
		}
		return cmp.Compare(a.ID, b.ID)
	}
	if !slices.IsSortedFunc(responses, inOrder) {
		return broken(FaultOrder, "", "")
	}
	if len(responses) != seal.Responses {
		return broken(FaultSegment, "", fmt.Sprintf("%d answers are listed, %d were sealed", len(responses), seal.Responses))
	}
	if merkleRoot(leaves).String() != seal.Root {
		return broken(FaultRoot, "", "")
	}
	made, _ := makePieces(seal.Date, responses, v.store.Questionnaire)
	if len(made) != len(pieces) {
		return broken(FaultSegment, "", fmt.Sprintf("%d pieces where the answers make %d", len(pieces), len(made)))
	}
	for i, p := range made {
		if segment, _ := p.store(); segment.ID != pieces[i] {
			return broken(FaultSegment, "", "its columns are not those of the answers")
		}
	}
	return nil
}

// texts compares the free texts with what the answers of a day commit to.
func (v *verification) texts(ctx context.Context, day catalogue.Date, responses []*Response, broken func(Fault, string, string) error) error {
	var commit []*Response
	for _, r := range responses {
		if r.Comment != "" {
			commit = append(commit, r)
		}
	}
	if len(commit) == 0 {
		return nil
	}
	written, err := v.store.written(ctx, commit[0].ReceivedAt, commit[len(commit)-1].ReceivedAt)
	if err != nil {
		return err
	}
	for _, r := range commit {
		c := written[r.Comment]
		if c == nil { // its time has been changed, if it is there at all
			if c, err = v.store.readComment(ctx, r.Comment); errors.Is(err, ErrNoComment) {
				return broken(FaultNoText, r.ID, "")
			} else if err != nil {
				return err
			}
		}
		switch {
		case c.Response != r.ID:
			return broken(FaultText, r.ID, "it is said to be of another answer")
		case c.Salt != "" && commitment(c.Salt, c.Text) != r.Comment:
			return broken(FaultText, r.ID, "")
		case c.Salt == "" && (c.Blanked == 0 || !strings.Contains(c.Text, Blank)):
			return broken(FaultText, r.ID, "its salt is gone, and nothing in it is blanked")
		case c.Salt == "":
			v.out.Blanked = append(v.out.Blanked, Blanked{Day: day, Response: r.ID, Comment: c.ID})
		}
	}
	return nil
}

// stamped reads the answers stamped on a day; for the first day those before it
// too.
func (v *verification) stamped(ctx context.Context, day catalogue.Date) (map[string]*Response, error) {
	from := day.Start()
	if v.out.Days == 0 {
		from = time.Time{}
	}
	stored := map[string]*Response{}
	err := v.store.received(ctx, from, day.AddDays(1).Start(), func(list []*Response) error {
		for _, r := range list {
			stored[r.ID] = r
		}
		return nil
	})
	return stored, err
}

// rest looks at answers that are stamped into sealed days and listed nowhere,
// and at kept seals of days that have none.
func (v *verification) rest() error {
	var first *Broken
	for id, stamp := range v.unlisted {
		day := catalogue.DateOf(stamp)
		if day.AddDays(1).Start().Sub(stamp) <= lateSlack && day == v.out.Last.Date {
			continue // a write that came late; the next seal takes it up
		}
		if first == nil || day < first.Day || day == first.Day && id < first.Response {
			first = &Broken{Day: day, Fault: FaultAdded, Response: id}
		}
	}
	for day := range v.kept {
		if (v.out.Days == 0 || day > v.out.Last.Date) && (first == nil || day < first.Day) {
			first = &Broken{Day: day, Fault: FaultKept, Detail: "there is no seal of this day"}
		}
	}
	if first == nil {
		return nil
	}
	return first
}
