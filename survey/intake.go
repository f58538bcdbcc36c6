package survey

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
)

// Intake takes in responses: whatever waits at one moment shares one commit,
// and nothing is acknowledged before it is on disk and in the figures.
type Intake struct {
	store    *Store
	segments *Segments
	now      func() time.Time
	log      *slog.Logger

	queue   chan *waiting
	closing sync.RWMutex // held for reading while a response is handed over
	closed  bool
	done    chan struct{}

	mu sync.Mutex
	// unsettled are responses whose write ended without a known outcome. One of
	// them found in the store has yet to be counted; no other may be.
	unsettled map[string]time.Time

	bursts  bursts
	stamped time.Time // the clock's last reading
}

const (
	maxBatch      = 1000
	queueLength   = 16 * 1024 // one to two seconds of the fastest intake measured
	batchDeadline = 10 * time.Second
	clockStep     = time.Second // a clock that goes back by less is being corrected
	// settleFor is how long a write of unknown outcome may still land: longer
	// than the store's own deadlines.
	settleFor   = 2 * time.Minute
	settleEvery = time.Second
)

// What a sender is told beside store errors.
var (
	// ErrKeyReused: other answers are stored under this key. A fresh key loses
	// nothing.
	ErrKeyReused = fault.New(fault.Conflict, "key_reused")
	// ErrOverloaded: not acknowledged; sending the same key again is safe.
	ErrOverloaded = fault.New(fault.Unavailable, "overloaded").After(2 * time.Second)
	// ErrNotAcknowledged: it is not known yet whether the response is stored;
	// sending the same key again is safe and tells.
	ErrNotAcknowledged = fault.New(fault.Unavailable, "not_acknowledged").After(5 * time.Second)
)

// Receipt acknowledges a stored response.
type Receipt struct {
	ID         string
	ReceivedAt time.Time
	Verified   bool
	Repeated   bool // the same answers had been stored before
}

type waiting struct {
	incoming
	trial   bool
	outcome chan error // receives once
}

// StartIntake starts the committer. Close it before the store.
func StartIntake(s *Store, segments *Segments, now func() time.Time, log *slog.Logger) *Intake {
	in := &Intake{
		store: s, segments: segments, now: now, log: log,
		queue:     make(chan *waiting, queueLength),
		done:      make(chan struct{}),
		unsettled: map[string]time.Time{},
	}
	go in.run()
	return in
}

// Save stores the response with its free text and returns when that is durable.
// The same answers under the same key again return the first receipt; other
// answers ErrKeyReused. When ctx ends first, or the store is away, the error is
// of kind Unavailable and sending the same again is safe.
func (in *Intake) Save(ctx context.Context, r Response, comment string, trial bool) (Receipt, error) {
	w := &waiting{incoming: newIncoming(&r, comment), trial: trial, outcome: make(chan error, 1)}
	if err := in.hand(w); err != nil {
		return Receipt{}, err
	}
	select {
	case <-ctx.Done():
		return Receipt{}, ErrNotAcknowledged.Because(ctx.Err())
	case err := <-w.outcome:
		switch {
		case err == nil:
			return Receipt{ID: r.ID, ReceivedAt: r.ReceivedAt, Verified: r.Verified}, nil
		case errors.Is(err, errExists):
			return in.again(ctx, w, comment)
		case fault.As(err).Kind == fault.Unavailable:
			return Receipt{}, ErrNotAcknowledged.Because(err)
		}
		return Receipt{}, err
	}
}

// SaveOnce stores an answer with the one-time code of fm: the code is used up for
// this key first, then the response is stored under it. Cut off between the two,
// the same key goes on. ErrSpent: another answer has the code.
func (in *Intake) SaveOnce(ctx context.Context, fm *Form, r Response, comment string) (Receipt, error) {
	// Whatever is stored under the key already is answered before the code is
	// spent: after the seal the code knows its answer no more, and a key that is
	// somebody else's must not use it up.
	w := &waiting{incoming: newIncoming(&r, comment)}
	switch _, err := in.store.stored(ctx, r.ID, false); {
	case err == nil:
		return in.again(ctx, w, comment)
	case !errors.Is(err, errAbsent):
		return Receipt{}, ErrNotAcknowledged.Because(err)
	}
	err := in.store.spend(ctx, fm, r.ID, catalogue.DateOf(in.now()))
	if fault.As(err).Kind == fault.Unavailable {
		return Receipt{}, ErrNotAcknowledged.Because(err)
	}
	if err != nil {
		return Receipt{}, err
	}
	return in.Save(ctx, r, comment, false)
}

func (in *Intake) hand(w *waiting) error {
	in.closing.RLock()
	defer in.closing.RUnlock()
	if in.closed {
		return ErrNotAcknowledged
	}
	select {
	case in.queue <- w:
		return nil
	default:
		return ErrOverloaded
	}
}

// again answers for a key that is in the store already.
func (in *Intake) again(ctx context.Context, w *waiting, comment string) (Receipt, error) {
	first, err := in.store.stored(ctx, w.response.ID, w.trial)
	if err != nil {
		return Receipt{}, ErrNotAcknowledged.Because(err)
	}
	same, err := in.store.sameComment(ctx, first, comment)
	if err != nil {
		return Receipt{}, ErrNotAcknowledged.Because(err)
	}
	if first.Comment != w.response.Comment {
		in.store.dropComment(ctx, w.comment)
	}
	if !same || first.Digest != w.response.Digest {
		return Receipt{}, ErrKeyReused
	}
	in.settle(first)
	return Receipt{ID: first.ID, ReceivedAt: first.ReceivedAt, Verified: first.Verified, Repeated: true}, nil
}

// settle counts a stored response whose own write had ended without an outcome.
func (in *Intake) settle(r *Response) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if _, open := in.unsettled[r.ID]; open {
		delete(in.unsettled, r.ID)
		in.segments.Add(r)
	}
}

// Queue returns how many responses wait to be stored, and how many may before
// others are refused with ErrOverloaded.
func (in *Intake) Queue() (waiting, room int) { return len(in.queue), cap(in.queue) }

// Close refuses new responses, stores and acknowledges those that wait, and
// returns when the committer has ended, or with ctx's error.
func (in *Intake) Close(ctx context.Context) error {
	in.closing.Lock()
	if !in.closed {
		in.closed = true
		close(in.queue)
	}
	in.closing.Unlock()
	select {
	case <-in.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (in *Intake) run() {
	defer close(in.done)
	look := time.NewTicker(settleEvery)
	defer look.Stop()
	batch := make([]*waiting, 0, maxBatch)
	for {
		select {
		case <-look.C:
			in.lookAgain()
		case first, more := <-in.queue:
			if !more {
				return
			}
			in.commit(in.fill(append(batch[:0], first)))
		}
	}
}

// fill takes what else waits at this moment. It does not wait for more: a
// pause to gather was slower at every load.
func (in *Intake) fill(batch []*waiting) []*waiting {
	for len(batch) < maxBatch {
		select {
		case w, more := <-in.queue:
			if !more {
				return batch
			}
			batch = append(batch, w)
		default:
			return batch
		}
	}
	return batch
}

// commit stores one batch, counts what was stored, and only then tells.
func (in *Intake) commit(batch []*waiting) {
	ctx, cancel := context.WithTimeout(context.Background(), batchDeadline)
	defer cancel()
	now := in.stamp()
	today := catalogue.DateOf(now)
	var real, trial []*waiting
	for _, w := range batch {
		r := w.response
		r.ReceivedAt = now
		if r.Verified { // no finer, so that nobody finds the citizen by the minute
			r.ReceivedAt = now.Truncate(time.Hour)
		}
		if r.AnsweredOn == "" {
			r.AnsweredOn = today
		}
		if w.trial {
			trial = append(trial, w)
			continue
		}
		if r.Channel != ChannelPaper && !r.Verified && in.bursts.seen(r.Link, now) {
			r.Flags = append(r.Flags, FlagBurst)
		}
		real = append(real, w)
	}
	in.commitInto(ctx, real, false)
	in.commitInto(ctx, trial, true)
}

// stamp reads the clock for a batch. A finished day takes no more: a clock that
// has gone back over midnight stamps the first moment that is still open.
func (in *Intake) stamp() time.Time {
	now := in.now().UTC().Truncate(time.Millisecond)
	if in.stamped.Sub(now) > clockStep {
		in.log.Warn("the clock has gone back", "by", in.stamped.Sub(now).Round(time.Second))
	}
	in.stamped = now
	if open := in.segments.OpenSince(); now.Before(open) {
		in.log.Warn("the clock shows a sealed day; answers are stamped with the first open one", "clock", now, "open", open)
		return open.UTC()
	}
	return now
}

func (in *Intake) commitInto(ctx context.Context, batch []*waiting, trial bool) {
	if len(batch) == 0 {
		return
	}
	list := make([]incoming, len(batch))
	for i, w := range batch {
		list[i] = w.incoming
	}
	outcome := in.store.insert(ctx, list, trial)
	var stored []*Response
	failed, reason := 0, error(nil)
	in.mu.Lock()
	for i, err := range outcome {
		switch {
		case err == nil:
			delete(in.unsettled, list[i].response.ID) // an earlier try did not land after all
			stored = append(stored, list[i].response)
		case errors.Is(err, errUnknown) && !trial:
			in.unsettled[list[i].response.ID] = in.now()
			failed, reason = failed+1, err
		case !errors.Is(err, errExists):
			failed, reason = failed+1, err
		}
	}
	if !trial {
		in.segments.Add(stored...)
	}
	in.mu.Unlock()
	if failed > 0 {
		in.log.Error("responses not stored", "count", failed, "of", len(batch), "error", reason)
	}
	for i, w := range batch {
		w.outcome <- outcome[i]
	}
}

// lookAgain counts those that landed after their write had been given up.
func (in *Intake) lookAgain() {
	in.mu.Lock()
	ids := sortedKeys(in.unsettled)
	in.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), batchDeadline)
	defer cancel()
	for _, id := range ids {
		r, err := in.store.stored(ctx, id, false)
		switch {
		case err == nil:
			in.settle(r)
		case errors.Is(err, errAbsent):
			in.mu.Lock()
			if in.now().Sub(in.unsettled[id]) > settleFor {
				delete(in.unsettled, id)
			}
			in.mu.Unlock()
		default:
			return // the store is away; the next look will tell
		}
	}
}
