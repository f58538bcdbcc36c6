package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/internal/fault"
)

// senderView is a case as its sender's program sees it.
type senderView struct {
	Code        string          `json:"code"`
	Version     int             `json:"version"`
	Kind        feedback.Kind   `json:"kind"`
	Status      feedback.Status `json:"status"`
	Subject     string          `json:"subject"`
	Content     string          `json:"content"`
	Area        *string         `json:"area"`
	Procedure   *string         `json:"procedure"`
	Unit        *string         `json:"unit"`
	ReceivedAt  string          `json:"receivedAt"`
	AcceptedAt  *string         `json:"acceptedAt"`
	AnsweredAt  *string         `json:"answeredAt"`
	Term        feedback.Stage  `json:"term"`
	DueAt       string          `json:"dueAt"`
	Explained   []explainedDay  `json:"dueExplained"`
	Paused      bool            `json:"paused"`
	Promised    *string         `json:"promised"`
	Steps       []senderStep    `json:"steps"`
	Files       []senderFile    `json:"files"`
	Rating      *senderRating   `json:"rating"`
	Allowed     []string        `json:"allowed"`
	ReopenUntil *string         `json:"reopenUntil"`
}

type senderStep struct {
	At      string          `json:"at"`
	Step    feedback.Step   `json:"step"`
	Status  feedback.Status `json:"status"`
	Mine    bool            `json:"mine"`
	Kind    *string         `json:"kind"`
	Unit    *string         `json:"unit"`
	Until   *string         `json:"until"`
	Apology bool            `json:"apology"`
	To      *string         `json:"to"`
	Message string          `json:"message"`
}

type senderFile struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
	Size int    `json:"size"`
}

type senderRating struct {
	Solved  feedback.Solved `json:"solved"`
	Rating  int             `json:"rating"`
	Comment string          `json:"comment"`
	At      string          `json:"at"`
}

func (s *Server) senderView(c echo.Context, cs *feedback.Case) senderView {
	p := feedback.PublicView(cs, s.Now())
	v := senderView{
		Code: feedback.FormatCode(p.Code), Version: p.Version, Kind: p.Kind, Status: p.Status, Subject: p.Subject, Content: p.Content,
		Area: orNull(p.Area), Procedure: orNull(p.Procedure), Unit: orNull(p.Unit),
		ReceivedAt: inZone(p.ReceivedAt), AcceptedAt: timeOrNull(p.AcceptedAt), AnsweredAt: timeOrNull(p.AnsweredAt),
		Term: p.Stage, DueAt: inZone(p.DueAt), Explained: s.countedDays(language(c), p.Explained), Paused: p.Paused,
		Promised: dateOrNull(p.Promised), Steps: []senderStep{}, Files: []senderFile{}, Allowed: []string{}, ReopenUntil: dateOrNull(p.ReopenUntil),
	}
	for _, x := range p.Steps {
		v.Steps = append(v.Steps, senderStep{
			At: inZone(x.At), Step: x.Step, Status: x.Status, Mine: x.Mine, Kind: orNull(string(x.Kind)), Unit: orNull(x.Unit),
			Until: dateOrNull(x.Until), Apology: x.Apology, To: orNull(x.To), Message: x.Message,
		})
	}
	for _, f := range p.Files {
		v.Files = append(v.Files, senderFile{f.ID, f.Name, f.Type, f.Size})
	}
	if r := p.Rating; r.Level != 0 {
		v.Rating = &senderRating{r.Solved, r.Level, r.Comment, inZone(r.At)}
	}
	if p.CanReply {
		v.Allowed = append(v.Allowed, "reply")
	}
	if p.CanRate {
		v.Allowed = append(v.Allowed, "rate")
	}
	if p.CanReopen {
		v.Allowed = append(v.Allowed, "reopen")
	}
	return v
}

func dateOrNull(d catalogue.Date) *string { return orNull(string(d)) }

// senderRequest is what a sender's program sends, read as far as it goes.
type senderRequest struct {
	object
	code, secret string
	bad          fault.Fields
}

// readSender reads the body of a request of a sender. The case is looked up
// before anything else in it is judged: nobody without the secret is told more
// than that there is no such case.
func (s *Server) readSender(c echo.Context, members ...string) (r *senderRequest, cs *feedback.Case, err error) {
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	body, err := readBody(c)
	if err != nil {
		return nil, nil, err
	}
	r = new(senderRequest)
	if r.object, err = readObject(body, &r.bad); err != nil {
		return nil, nil, err
	}
	r.only(append(members, "secret")...)
	r.code, r.secret = c.Param("code"), r.text("secret")
	if r.code == "" {
		r.code = r.text("code")
		r.need("code", r.code)
	}
	r.need("secret", r.secret)
	if r.code != "" && r.secret != "" {
		cs, err = s.senderCase(c, r.code, r.secret)
	}
	return r, cs, err
}

func (r *senderRequest) need(field, value string) {
	if value == "" && !named(r.bad, field) {
		r.bad.Add(field, "required")
	}
}

// lookUpJSON gives a sender their case.
func (s *Server) lookUpJSON(c echo.Context) error {
	r, cs, err := s.readSender(c, "code")
	if err == nil {
		err = r.bad.Err()
	}
	if err != nil {
		return err
	}
	return writeJSON(c, http.StatusOK, s.senderView(c, cs))
}

// messageJSON takes a message of the sender.
func (s *Server) messageJSON(c echo.Context) error {
	r, cs, err := s.readSender(c, "message", "version")
	if err != nil {
		return err
	}
	return s.takeJSON(c, r, cs, saidMessage(r.text("message"), r.number("version")))
}

// ratingJSON takes the sender's rating of the answer.
func (s *Server) ratingJSON(c echo.Context) error {
	r, cs, err := s.readSender(c, "solved", "rating", "comment", "reopen", "version")
	if err != nil {
		return err
	}
	return s.takeJSON(c, r, cs, saidRating(feedback.RatingInput{
		Solved: feedback.Solved(r.text("solved")), Level: r.number("rating"), Comment: r.text("comment"),
		Reopen: r.flag("reopen"), Seen: r.number("version"),
	}))
}

// takeJSON answers with the case as it is after what was said, or names every
// field that is wrong with it.
func (s *Server) takeJSON(c echo.Context, r *senderRequest, cs *feedback.Case, what said) error {
	if len(r.bad) > 0 {
		if cs == nil { // without a secret
			cs = new(feedback.Case)
		}
		_, err := what.event(cs, s.feedback.Rules(), s.Now())
		_ = join(&r.bad, err) // what is no field can wait until these are mended
		return r.bad.Err()
	}
	cs, _, err := s.take(c, cs, r.secret, what)
	if err != nil {
		return err
	}
	return writeJSON(c, http.StatusOK, s.senderView(c, cs))
}
