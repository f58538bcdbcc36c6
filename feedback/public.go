package feedback

import (
	"slices"
	"time"

	"sipas/internal/catalogue"
)

// Public is a case as its sender sees it, with code and secret.
type Public struct {
	Code       string
	Version    int // what a message or a rating refers to
	Kind       Kind
	Status     Status
	Subject    string
	Content    string
	Area       string
	Procedure  string
	Unit       string
	ReceivedAt time.Time
	AcceptedAt time.Time
	AnsweredAt time.Time
	Stage      Stage
	DueAt      time.Time
	Paused     bool // the term stands still until the sender replies
	Explained  []Day
	Missing    []int          // years that may yet move the due date
	Promised   catalogue.Date // the new appointment of an apology; "": none
	Steps      []PublicStep
	Files      []File
	Rating     Rating
	Rated      bool // the rating is of the answer that stands, and not of an earlier one

	CanReply, CanRate, CanReopen bool
	ReopenUntil                  catalogue.Date // of an answered case
	ErasedAt                     time.Time      // what was written is gone; zero: it is not
}

// PublicAnswer (câu trả lời công khai) is what everybody may read of a case: what
// two officers have written and read for this, and nothing of the sender's, not
// even the day on which it came.
type PublicAnswer struct {
	Question    string // in the office's words; may be empty
	Text        string
	Area        string
	Unit        string
	AnsweredAt  time.Time
	PublishedAt time.Time
	OnTime      bool
}

// Published returns what everybody may read of a case; false: nothing.
func (c *Case) Published() (PublicAnswer, bool) {
	p := &c.Publication
	if !p.Public() || c.moved || c.Kind == Denunciation {
		return PublicAnswer{}, false
	}
	late, _ := c.late()
	return PublicAnswer{p.Question, p.Text, c.Area, c.Unit, c.AnsweredAt, p.ConfirmedAt, !late}, true
}

// PublicStep is an event as the sender sees it: no note, no officer.
type PublicStep struct {
	At      time.Time
	Step    Step
	Status  Status
	Mine    bool // the sender's own
	Kind    Kind
	Unit    string
	Until   catalogue.Date
	Apology bool
	To      string
	Solved  Solved // the sender's own rating
	Level   int
	Message string
}

// PublicView is the one place that decides what a sender sees of a case.
func PublicView(c *Case, now time.Time) *Public {
	p := &Public{
		Code: c.Code, Version: c.Version(), Kind: c.Kind, Status: c.Status, Subject: c.Subject, Content: c.Content, Area: c.Area, Procedure: c.Procedure,
		Unit: c.Unit, ReceivedAt: c.ReceivedAt, AcceptedAt: c.AcceptedAt, AnsweredAt: c.AnsweredAt, Stage: c.Clock.Stage,
		DueAt: c.DueAt, Paused: c.State() == Paused, Explained: slices.Clone(c.Clock.Days), Missing: slices.Clone(c.Clock.Missing),
		Promised: c.Apology.Until, Files: slices.Clone(c.Files), Rating: c.Rating,
		CanReply: c.State() != Done, CanRate: !c.Erased() && (c.Status == Answered || c.Status == Closed), CanReopen: c.CanReopen(now),
		ErasedAt: c.Erasure.At,
	}
	if p.CanRate {
		p.ReopenUntil = c.ReopenUntil()
	}
	for _, e := range c.Events {
		switch e.Step {
		case Answer:
			p.Rated = false
		case Rate:
			p.Rated = p.CanRate
		}
		if e.Step == Publish && !e.Public { // a proposal, which a second officer has not read yet
			continue
		}
		p.Steps = append(p.Steps, PublicStep{
			At: e.At, Step: e.Step, Status: e.Status, Mine: e.By == Actor{}, Kind: e.Kind, Unit: e.Unit, Until: e.Until,
			Apology: e.Apology, To: e.To, Solved: e.Solved, Level: e.Level, Message: e.Message,
		})
	}
	return p
}
