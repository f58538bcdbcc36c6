package survey

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"sipas/internal/catalogue"
)

const (
	// sealGrace is how long after its end a day is sealed: longer than the
	// longest write deadline (30 s) and the clocks' difference together.
	sealGrace = 2 * time.Minute
	// recentDays is how many sealed days a response may come late: after a day
	// is sealed no server stamps into it, so what comes later is a write that
	// took longer than its deadline, or a clock that was wrong.
	recentDays = 3
	// sealEvery is how often a server looks whether a day is due.
	sealEvery = 5 * time.Second
	// followEvery is how often a server looks for responses that others have
	// stored, back to followShort before the newest; every followLong seconds
	// back to followOverlap, longer than a write may take.
	followEvery   = time.Second
	followShort   = 3 * time.Second
	followLong    = 15
	followOverlap = time.Minute
)

// Chain seals finished days, one after the other, and keeps a server's figures
// in step with what any server on the same store has sealed or stored. Any
// number of servers may run one each: whoever inserts a day's seal first has
// sealed it, the others take it over.
type Chain struct {
	store    *Store
	segments *Segments
	now      func() time.Time
	log      *slog.Logger
	// restores lists the digests of the records of restored backups.
	restores func(context.Context) ([]string, error)

	last     Seal            // the newest that this server has taken over
	sealed   atomic.Value    // its date, for Standing
	blanked  catalogue.Date  // up to it no code knows its answer any more
	restored map[string]bool // records that a seal has taken up
	newest   time.Time       // stamp of the newest response seen by following
}

// NewChain returns a chain over the store that feeds segments. restores may be
// nil.
func NewChain(s *Store, segments *Segments, now func() time.Time, log *slog.Logger, restores func(context.Context) ([]string, error)) *Chain {
	if restores == nil {
		restores = func(context.Context) ([]string, error) { return nil, nil }
	}
	return &Chain{store: s, segments: segments, now: now, log: log, restores: restores, restored: map[string]bool{}}
}

// Load brings everything stored into the segments: sealed days as columns, then
// the responses that no segment lists. Call it once, before Run and before any
// response is taken in.
func (c *Chain) Load(ctx context.Context) error {
	type day struct {
		seal   Seal
		pieces []string
	}
	var days []day
	err := c.store.sealsFrom(ctx, "", func(seal Seal, pieces []string) error {
		days = append(days, day{seal, pieces})
		return nil
	})
	if err != nil {
		return err
	}
	for i, d := range days {
		if err := c.follows(d.seal); err != nil {
			return err
		}
		segments, ids, err := c.read(ctx, d.pieces, i >= len(days)-recentDays)
		if err != nil {
			return err
		}
		c.segments.close(d.seal.Date, segments, ids)
		c.passed(d.seal)
	}
	rest, err := c.unlisted(ctx, c.last.Date, "")
	if err != nil {
		return err
	}
	c.segments.Add(rest...)
	return c.begin(ctx, rest)
}

// begin fixes the first day of the chain: that of the earliest response, or
// today. It is the first thing that a new store remembers of its seals.
func (c *Chain) begin(ctx context.Context, stored []*Response) error {
	if c.last.Date != "" {
		return nil
	}
	first := catalogue.DateOf(c.now())
	if len(stored) > 0 {
		first = min(first, catalogue.DateOf(stored[0].ReceivedAt))
	}
	first, err := c.store.chainStart(ctx, first)
	if err != nil {
		return err
	}
	c.passed(Seal{Date: first.AddDays(-1), Seal: firstPrevious})
	return nil
}

// follows reports whether the seal is the next one of the chain.
func (c *Chain) follows(next Seal) error {
	if c.last.Date == "" {
		return nil
	}
	if want := c.last.Date.AddDays(1); next.Date != want {
		return fmt.Errorf("the seal after %s is of %s; run sipas verify", c.last.Date, next.Date)
	}
	if next.Previous != c.last.Seal {
		return fmt.Errorf("the seal of %s does not follow that of %s; run sipas verify", next.Date, c.last.Date)
	}
	return nil
}

func (c *Chain) passed(seal Seal) {
	c.last = seal
	c.sealed.Store(seal.Date)
	for _, r := range seal.Restores {
		c.restored[r] = true
	}
}

// read returns the segments of a day, and with lists the ids in them.
func (c *Chain) read(ctx context.Context, pieces []string, lists bool) (segments []*Segment, ids []string, err error) {
	for _, id := range pieces {
		segment, err := c.store.segment(ctx, id)
		if err != nil {
			return nil, nil, err
		}
		segments = append(segments, segment)
		if !lists {
			continue
		}
		list, _, err := c.store.list(ctx, id)
		if err != nil {
			return nil, nil, err
		}
		ids = append(ids, list...)
	}
	return segments, ids, nil
}

// unlisted returns the stored responses stamped up to a day ("": all) that no
// segment lists, in the order of stamp and id. after is the newest sealed day.
func (c *Chain) unlisted(ctx context.Context, after, upTo catalogue.Date) ([]*Response, error) {
	var from, to time.Time
	if after != "" {
		from = after.AddDays(1 - recentDays).Start()
	}
	if upTo != "" {
		to = upTo.AddDays(1).Start()
	}
	var out []*Response
	err := c.store.received(ctx, from, to, func(list []*Response) error {
		for _, r := range list {
			if !c.segments.isListed(r.ID) {
				out = append(out, r)
			}
		}
		return nil
	})
	return out, err
}

// Run seals what is due and follows what others do, until ctx ends. shared says
// that other servers store responses too.
func (c *Chain) Run(ctx context.Context, shared bool) {
	seal, follow := time.NewTicker(sealEvery), time.NewTicker(followEvery)
	defer seal.Stop()
	defer follow.Stop()
	if !shared {
		follow.Stop()
	}
	err := c.Seal(ctx) // what became due while no server ran
	for n := 1; ; n++ {
		if err != nil && ctx.Err() == nil {
			c.log.Warn("chain of seals", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-seal.C:
			err = c.Seal(ctx)
		case <-follow.C:
			err = c.Follow(ctx, n%followLong == 0)
		}
	}
}

// Follow takes in responses that other servers have stored since the last time;
// far looks back as long as a write may have taken.
func (c *Chain) Follow(ctx context.Context, far bool) error {
	from := c.newest.Add(-followShort)
	if far || c.newest.IsZero() {
		from = c.now().Add(-followOverlap)
	}
	if far {
		// Verified answers are stamped with the first moment of their hour.
		for hour, now := c.now().Add(-followOverlap).Truncate(time.Hour), c.now(); !hour.After(now); hour = hour.Add(time.Hour) {
			if err := c.followRange(ctx, hour, hour.Add(time.Millisecond)); err != nil {
				return err
			}
		}
	}
	return c.followRange(ctx, from, time.Time{})
}

func (c *Chain) followRange(ctx context.Context, from, to time.Time) error {
	return c.store.received(ctx, from, to, func(list []*Response) error {
		// Answers to a version that another server has just published may be
		// here before the version is: without it nothing in them could be counted.
		if slices.ContainsFunc(list, func(r *Response) bool {
			return c.segments.forms(ref(r.Questionnaire, r.QuestionnaireVersion)) == nil
		}) {
			if err := c.store.Reload(ctx); err != nil {
				return err
			}
		}
		c.segments.Add(list...)
		if n := len(list); n > 0 && list[n-1].ReceivedAt.After(c.newest) {
			c.newest = list[n-1].ReceivedAt
		}
		return nil
	})
}

// Seal takes over what others have sealed, then seals every day that is due, in
// order: after a long stop several.
func (c *Chain) Seal(ctx context.Context) error {
	if err := c.takeOver(ctx); err != nil {
		return err
	}
	for {
		day := c.last.Date.AddDays(1)
		if c.now().Before(sealDue(day)) {
			return c.blank(ctx)
		}
		switch err := c.sealDay(ctx, day); {
		case errors.Is(err, errSealed):
			c.log.Info("day sealed by another server", "day", day)
		case err != nil:
			return err
		}
		if err := c.takeOver(ctx); err != nil {
			return err
		}
		if c.last.Date != day {
			return fmt.Errorf("the seal of %s was stored and is not there", day)
		}
	}
}

// sealDue is the moment from which on a day is to be sealed.
func sealDue(day catalogue.Date) time.Time { return day.AddDays(1).Start().Add(sealGrace) }

// Standing returns the newest sealed day, and how many later ones are due to be
// sealed and are not. Before the first seal the day is the one before the store's
// first; before Load it is "". It may be called at any time.
func (c *Chain) Standing() (last catalogue.Date, due int) {
	last, _ = c.sealed.Load().(catalogue.Date)
	if last == "" {
		return "", 0
	}
	for now, day := c.now(), last.AddDays(1); !now.Before(sealDue(day)); day = day.AddDays(1) {
		due++
	}
	return last, due
}

// blank takes out, once after each seal and at each start, what joins one-time
// codes with the answers that are sealed now.
func (c *Chain) blank(ctx context.Context) error {
	if c.blanked == c.last.Date {
		return nil
	}
	if err := c.store.blankCodes(ctx, c.last.Date); err != nil {
		return err
	}
	c.blanked = c.last.Date
	return nil
}

// sealDay makes the day's segment of every response stamped up to it that no
// segment lists, and its seal.
func (c *Chain) sealDay(ctx context.Context, day catalogue.Date) error {
	started := time.Now()
	after := c.last.Date
	if c.last.Seal == firstPrevious {
		after = "" // the first day takes whatever is older, too
	}
	responses, err := c.unlisted(ctx, after, day)
	if err != nil {
		return fmt.Errorf("seal %s: %w", day, err)
	}
	records, err := c.restores(ctx)
	if err != nil {
		return fmt.Errorf("seal %s: %w", day, err)
	}
	pieces, leaves := makePieces(day, responses, c.segments.forms)
	seal := Seal{Date: day, Responses: len(responses), Root: merkleRoot(leaves).String(), Previous: c.last.Seal}
	for _, r := range records {
		if !c.restored[r] {
			seal.Restores = append(seal.Restores, r)
		}
	}
	slices.Sort(seal.Restores)
	seal.Seal = seal.hashed()
	if err := c.store.putDay(ctx, seal, pieces, c.now().UTC()); err != nil {
		return err
	}
	late := 0
	for _, r := range responses {
		if r.ReceivedAt.Before(day.Start()) {
			late++
		}
	}
	c.log.Info("day sealed", "day", day, "responses", seal.Responses, "late", late, "took", time.Since(started))
	return nil
}

// makePieces lays responses out as the segment of a day. Whatever the day of a
// late one's stamp, it belongs to this segment.
func makePieces(day catalogue.Date, responses []*Response, forms func(string) *Questionnaire) (pieces []*piece, leaves []hash) {
	for _, r := range responses {
		values := valuesOf(r)
		if n := len(pieces); n == 0 || !pieces[n-1].segment.takes(day, &values) {
			pieces = append(pieces, &piece{segment: &Segment{Day: day}})
		}
		p := pieces[len(pieces)-1]
		leaf := leafHash(r)
		p.segment.add(&values, tallyOf(r, forms(values[dimForm])), r.Answers, r.Link)
		p.ids, p.leaves = append(p.ids, r.ID), append(p.leaves, leaf)
		leaves = append(leaves, leaf)
	}
	return pieces, leaves
}

// takeOver brings days that are sealed in the store into the segments.
func (c *Chain) takeOver(ctx context.Context) error {
	return c.store.sealsFrom(ctx, c.last.Date.AddDays(1), func(seal Seal, pieces []string) error {
		if err := c.follows(seal); err != nil {
			return err
		}
		segments, ids, err := c.read(ctx, pieces, true)
		if err != nil {
			return err
		}
		c.segments.close(seal.Date, segments, ids)
		c.passed(seal)
		return nil
	})
}
