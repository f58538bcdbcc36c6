package feedback

import (
	"time"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/text"
)

// ReopenDays is for how many days after the end a sender can reopen a case.
const ReopenDays = 30

// Reply takes a message of the sender. If the case waited for it, it goes back
// to where it was, and the time of waiting is left out of its term.
func (c *Case) Reply(message string, r *Rules, now time.Time) (Event, error) {
	message = text.Clean(message)
	var f fault.Fields
	if message == "" {
		f.Add("message", "required")
	}
	tooLong(&f, "message", message, MaxReply)
	if err := f.Err(); err != nil {
		return Event{}, err
	}
	if c.State() == Done {
		return Event{}, ErrMessage
	}
	return c.with(Event{At: now, Step: Reply, Message: message}, func(next *Case, _ *Event) error {
		return next.resume(r, now)
	})
}

// RatingInput is how the sender found the handling.
type RatingInput struct {
	Solved  Solved
	Level   int // 1 to 5
	Comment string
	Reopen  bool // the matter is to be looked at again
	Seen    int  // version of the case that the sender saw; 0: not said
}

// Rate takes the sender's rating of an answer, and reopens the case if they want
// that within ReopenDays. A later rating of the same answer takes the place of
// the earlier one.
func (c *Case) Rate(in RatingInput, r *Rules, now time.Time) (Event, error) {
	in.Comment = text.Clean(in.Comment)
	var f fault.Fields
	switch in.Solved {
	case SolvedYes, SolvedPartly, SolvedNo:
	case "":
		f.Add("solved", "required")
	default:
		f.Add("solved", "choice", "yes, partly, no")
	}
	if in.Level < 1 || in.Level > 5 {
		f.Add("rating", "range", 1, 5)
	}
	tooLong(&f, "comment", in.Comment, MaxReply)
	if in.Reopen && in.Solved == SolvedYes {
		f.Add("reopen", "reopen_solved")
	}
	if err := f.Err(); err != nil {
		return Event{}, err
	}
	if c.Status != Answered && c.Status != Closed || c.Erased() {
		return Event{}, ErrRating
	}
	if c.answeredSince(in.Seen) {
		return Event{}, ErrNewAnswer
	}
	if in.Reopen && !c.CanReopen(now) {
		return Event{}, ErrReopen
	}
	e := Event{At: now, Step: Rate, Solved: in.Solved, Level: in.Level, Message: in.Comment}
	return c.with(e, func(next *Case, e *Event) error {
		next.Rating = Rating{in.Solved, in.Level, in.Comment, now}
		if !in.Reopen {
			return nil
		}
		e.Step = Reopen
		return next.reopen(r, now)
	})
}

// CanReopen says whether the sender can have an answered case looked at again.
func (c *Case) CanReopen(now time.Time) bool {
	return !c.Erased() && (c.Status == Answered || c.Status == Closed) && catalogue.DateOf(now) <= c.ReopenUntil()
}

// ReopenUntil is the last day on which the sender can reopen an answered case.
func (c *Case) ReopenUntil() catalogue.Date {
	return catalogue.DateOf(c.AnsweredAt).AddDays(ReopenDays)
}
