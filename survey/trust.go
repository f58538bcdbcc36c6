package survey

import "time"

// Flags mark responses that an auditor will want to see apart. They are shown
// and counted, never a reason to refuse or to leave out of the headline figure.
const (
	FlagFast    = "fast"    // many criteria answered faster than anybody reads them
	FlagUniform = "uniform" // the same rating for every one of many criteria
	FlagBurst   = "burst"   // many answers through one link within a minute
	FlagUntyped = "untyped" // through the link of a paper form, but no officer has typed it in
)

const (
	manyCriteria  = 10
	readingPace   = 700 * time.Millisecond // a criterion; reading one aloud takes three times as long
	burstPerMin   = 12                     // a desk serves a citizen in minutes, not in seconds
	burstInterval = time.Minute
)

// flagsOf returns what can be seen of one response alone.
func flagsOf(r *Response, s Submission, now time.Time) []string {
	var flags []string
	// Whoever has a blank form in hand can follow the code on it. That is no
	// paper form then, and nobody answers for there being one.
	if r.Channel == ChannelPaper && !s.Typed {
		flags = append(flags, FlagUntyped)
	}
	if len(r.Answers) < manyCriteria {
		return flags
	}
	// A clock that runs ahead or a start hours ago says nothing.
	if took := now.Sub(s.StartedAt); !s.StartedAt.IsZero() && took >= 0 && took < readingPace*time.Duration(len(r.Answers)) {
		flags = append(flags, FlagFast)
	}
	same := true
	for _, a := range r.Answers {
		same = same && (a.Rating == r.Answers[0].Rating || a.Rating == 0)
	}
	if same {
		flags = append(flags, FlagUniform)
	}
	return flags
}

// bursts remembers how many answers each link had lately. It is used by the
// committer alone, and forgets at a restart: a burst across one is two.
type bursts struct {
	since time.Time
	count map[string]int
}

// seen counts one more answer through link and reports whether it belongs to a
// burst.
func (b *bursts) seen(link string, now time.Time) bool {
	if b.count == nil || now.Sub(b.since) >= burstInterval || now.Before(b.since) {
		b.since, b.count = now, map[string]int{}
	}
	b.count[link]++
	return b.count[link] > burstPerMin
}
