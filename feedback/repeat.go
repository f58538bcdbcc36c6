package feedback

import (
	"slices"

	"sipas/internal/text"
)

// Replied says whether the sender's message is in the case already, among what
// happened after the version that they saw: it was sent twice, because a page was
// loaded anew or an answer never arrived. Seen 0 is a sender who does not say
// which; for them only the last thing that happened counts.
func (c *Case) Replied(message string, seen int) bool {
	return c.sent(seen, Event{Step: Reply, Message: text.Clean(message)})
}

// Rated says of a rating what Replied says of a message.
func (c *Case) Rated(in RatingInput) bool {
	e := Event{Step: Rate, Solved: in.Solved, Level: in.Level, Message: text.Clean(in.Comment)}
	if in.Reopen {
		e.Step = Reopen
	}
	return c.sent(in.Seen, e)
}

func (c *Case) sent(seen int, e Event) bool {
	if seen < 1 {
		seen = c.Version() - 1
	}
	return slices.ContainsFunc(c.after(seen), func(x Event) bool {
		return x.By == Actor{} && x.Step == e.Step && x.Solved == e.Solved && x.Level == e.Level && x.Message == e.Message
	})
}

// answeredSince says whether there is an answer that somebody who saw the version
// has not seen.
func (c *Case) answeredSince(seen int) bool {
	return seen > 0 && slices.ContainsFunc(c.after(seen), func(x Event) bool { return x.Step == Answer })
}

// after returns what happened after a version.
func (c *Case) after(seen int) []Event { return c.Events[min(max(seen, 0), c.Version()):] }
