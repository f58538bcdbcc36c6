package feedback

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/text"
)

// stepping is a step while its fields are checked and while it is taken.
type stepping struct {
	c     *Case
	m     *move
	o     Officer
	in    StepInput
	rules *Rules
	now   time.Time

	extension int // days that Extend adds to the term; 0 with an apology
}

const (
	maxOffice   = 200   // characters of the name of another office
	maxQuestion = 1_000 // characters of a published question
)

// event checks the fields and takes the step.
func (s *stepping) event() (Event, error) {
	s.in.Note, s.in.Message = text.Clean(s.in.Note), text.Clean(s.in.Message)
	s.in.Question = text.Clean(s.in.Question)
	s.in.To = strings.Join(strings.Fields(text.Clean(s.in.To)), " ")
	var f fault.Fields
	s.checkPresent(&f)
	tooLong(&f, "note", s.in.Note, maxMessage)
	tooLong(&f, "message", s.in.Message, maxMessage)
	tooLong(&f, "to", s.in.To, maxOffice)
	tooLong(&f, "question", s.in.Question, maxQuestion)
	if s.in.Kind != "" && !s.in.Kind.Known() {
		f.Add("kind", "choice", wordsOf(Kinds))
	}
	if s.in.Variant != "" {
		s.checkVariant(&f)
	}
	if s.in.Unit != "" {
		s.checkUnit(&f)
	}
	if s.in.Until != "" {
		s.checkUntil(&f)
	}
	if err := f.Err(); err != nil {
		return Event{}, err
	}
	e := Event{At: s.now, Step: s.m.step, By: s.o.actor(), Note: s.in.Note, Message: s.in.Message}
	return s.c.with(e, s.take)
}

// checkPresent holds the fields that were sent to those that the step takes.
func (s *stepping) checkPresent(f *fault.Fields) {
	for _, x := range []struct {
		name string
		sent bool
	}{
		{"kind", s.in.Kind != ""}, {"variant", s.in.Variant != ""}, {"unit", s.in.Unit != ""}, {"until", s.in.Until != ""},
		{"apology", s.in.Apology}, {"to", s.in.To != ""}, {"message", s.in.Message != ""}, {"question", s.in.Question != ""},
	} {
		required := slices.Contains(s.m.required, x.name)
		switch {
		case required && !x.sent:
			f.Add(x.name, "required")
		case x.sent && !required && x.name != "message" && !slices.Contains(s.m.optional, x.name):
			f.Add(x.name, "not_in_step", string(s.m.step))
		}
	}
}

func tooLong(f *fault.Fields, name, s string, limit int) {
	if n := utf8.RuneCountInString(s); n > limit {
		f.Add(name, "too_long", limit, n)
	}
}

func (s *stepping) checkVariant(f *fault.Fields) {
	kind := s.c.Kind
	if s.in.Kind != "" {
		kind = s.in.Kind
	}
	if !slices.Contains(s.rules.Variants(kind, catalogue.DateOf(s.now)), s.in.Variant) {
		f.Add("variant", "unknown", s.in.Variant)
	}
}

// checkUnit keeps a case from the unit that it is about, and a denunciation
// within the inspection, whose own unit it is.
func (s *stepping) checkUnit(f *fault.Fields) {
	_, known := s.rules.Catalogue.Unit(s.in.Unit, catalogue.DateOf(s.now))
	switch {
	case !known:
		f.Add("unit", "unknown", s.in.Unit)
	case slices.Contains(s.c.About.Units(), s.in.Unit):
		f.Add("unit", "case_about_unit")
	case s.c.Kind == Denunciation && s.in.Unit != s.o.Unit:
		f.Add("unit", "inspection_only")
	}
}

// checkUntil holds a new due day to what the running term allows: a reason told
// before the term is over, as often and as long as the row says, and a working
// day. A new appointment with an apology only has to be a working day to come.
func (s *stepping) checkUntil(f *fault.Fields) {
	until, today, due := s.in.Until, catalogue.DateOf(s.now), catalogue.DateOf(s.c.DueAt)
	switch {
	case !until.Valid():
		f.Add("until", "date")
		return
	case until <= today || until <= due:
		f.Add("until", "until_past", max(today, due))
		return
	case !s.rules.Calendar.Working(until):
		f.Add("until", "until_day_off")
		return
	case s.in.Apology:
		return
	}
	term, err := s.rules.byRef(s.c.Clock.Term)
	used := len(s.c.Clock.Extensions)
	switch {
	case err != nil || used >= len(term.Extensions):
		f.Add("until", "extended_enough", used)
		return
	case s.c.lapsed(s.now):
		f.Add("until", "extended_late", due)
		return
	}
	var last catalogue.Date
	for n := 1; n <= term.Extensions[used].Days; n++ {
		longer := s.c.due(s.rules, term, append(slices.Clone(s.c.Clock.Extensions), n), s.now)
		if last = longer.On(); last >= until {
			s.extension = n
			break
		}
	}
	if last < until {
		f.Add("until", "extended_too_far", last)
	}
}

// take changes the case. What is left to refuse here depends on the case alone.
func (s *stepping) take(next *Case, e *Event) error {
	if s.m.step != Extend { // which leaves the question open
		if err := next.resume(s.rules, s.now); err != nil {
			return err
		}
	}
	if s.m.to != "" {
		next.Status = s.m.to
	}
	switch s.m.step {
	case Classify:
		return s.classify(next, e)
	case Accept:
		if s.in.Variant != "" {
			next.Variant = s.in.Variant
		}
		return s.accept(next)
	case Assign:
		e.Unit, next.Unit = s.in.Unit, s.in.Unit
		return s.assign(next)
	case Ask:
		next.Before, next.WaitingAt = s.c.Status, s.now
	case Extend:
		return s.extend(next, e)
	case Answer:
		next.AnsweredAt = s.now
	case Refuse, Transfer, Close, Withdraw:
		e.To, next.EndedAt = s.in.To, s.now
	case Reopen:
		return next.reopen(s.rules, s.now)
	case Publish:
		return s.publish(next, e)
	case Unpublish:
		if next.Publication == (Publication{}) {
			return ErrNotPublished
		}
		next.Publication = Publication{}
	}
	return nil
}

// classify makes the clock follow the law of another kind, from the same moment.
func (s *stepping) classify(next *Case, e *Event) error {
	e.Kind = s.in.Kind
	if s.in.Kind == s.c.Kind && s.in.Variant == s.c.Variant {
		return nil
	}
	next.Kind, next.Variant = s.in.Kind, s.in.Variant
	stage, err := next.firstStage(s.rules, catalogue.DateOf(next.Clock.Start))
	if err != nil {
		return err
	}
	return next.begin(s.rules, stage, next.Clock.Start, next.Clock.Why)
}

// accept starts the term of the resolution.
func (s *stepping) accept(next *Case) error {
	next.AcceptedAt = s.now
	return next.begin(s.rules, Resolve, s.now, WhyAcceptance)
}

// assign is the acceptance of what has no step of acceptance but a term that
// starts with one: a denunciation is accepted when it is given to those who
// verify it.
func (s *stepping) assign(next *Case) error {
	if s.c.Kind != Complaint && s.c.Clock.Stage == Register {
		return s.accept(next)
	}
	return nil
}

func (s *stepping) extend(next *Case, e *Event) error {
	e.Until, e.Apology = s.in.Until, s.in.Apology
	if s.in.Apology {
		next.Apology = Apology{s.now, s.in.Until}
		return nil
	}
	next.Clock.Extensions = append(next.Clock.Extensions, s.extension)
	return next.recount(s.rules, s.now)
}

// reopen leads back to where the case was handled, and begins its term anew.
func (c *Case) reopen(r *Rules, now time.Time) error {
	stage := Resolve
	switch {
	case c.Unit != "":
		c.Status = Assigned
	case !c.AcceptedAt.IsZero():
		c.Status = Accepted
	case slices.ContainsFunc(c.Events, func(e Event) bool { return e.Step == Classify }):
		c.Status = Classified
	default:
		c.Status = Received
	}
	if c.AcceptedAt.IsZero() {
		var err error
		if stage, err = c.firstStage(r, catalogue.DateOf(now)); err != nil {
			return err
		}
	}
	c.AnsweredAt, c.EndedAt = time.Time{}, time.Time{}
	c.Apology, c.Publication = Apology{}, Publication{}
	return c.begin(r, stage, now, WhyReopening)
}

// publish proposes a question and a text, or confirms those that another officer
// proposed: without a text it is them. What differs is a new proposal, whoever
// makes it.
func (s *stepping) publish(next *Case, e *Event) error {
	p, words, question := &next.Publication, s.in.Message, s.in.Question
	if words == "" {
		words, question = p.Text, cmp.Or(question, p.Question)
	}
	if words == "" && s.c.Publish { // else an officer has to find words that say nothing of the sender
		words = s.c.lastAnswer()
	}
	switch {
	case words == "":
		var f fault.Fields
		f.Add("message", "required")
		return f.Err()
	case p.Public() && words == p.Text && question == p.Question:
		return ErrPublished
	case words != p.Text || question != p.Question:
		*p = Publication{Question: question, Text: words, By: s.o.Account, At: s.now}
	case p.By == s.o.Account:
		return ErrSecondPerson
	default:
		p.ConfirmedBy, p.ConfirmedAt, e.Public = s.o.Account, s.now, true
	}
	e.Message, e.Asked = words, question
	return nil
}

// lastAnswer returns the message of the last answer.
func (c *Case) lastAnswer() string {
	for _, e := range slices.Backward(c.Events) {
		if e.Step == Answer {
			return e.Message
		}
	}
	return ""
}
