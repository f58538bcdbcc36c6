package api

import (
	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/catalogue"
)

// caseHead is a case in a list: all but what takes up room.
type caseHead struct {
	Code         string          `json:"code"`
	Version      int             `json:"version"`
	Kind         feedback.Kind   `json:"kind"`
	Status       feedback.Status `json:"status"`
	State        feedback.State  `json:"state"`
	Subject      string          `json:"subject"`
	Unit         *string         `json:"unit"`
	About        aboutView       `json:"about"`
	Area         *string         `json:"area"`
	Procedure    *string         `json:"procedure"`
	Dossier      *string         `json:"dossier"`
	Anonymous    bool            `json:"anonymous"`
	Publish      bool            `json:"publish"`
	Lang         string          `json:"lang"`
	Taken        *takenView      `json:"taken"`
	ReceivedAt   string          `json:"receivedAt"`
	AcceptedAt   *string         `json:"acceptedAt"`
	AnsweredAt   *string         `json:"answeredAt"`
	EndedAt      *string         `json:"endedAt"`
	Term         feedback.Stage  `json:"term"`
	DueAt        string          `json:"dueAt"`
	Overdue      bool            `json:"overdue"`
	WaitingSince *string         `json:"waitingSince"`
	Promised     *catalogue.Date `json:"promised"`
	Allowed      []feedback.Step `json:"allowed"`
}

type aboutView struct {
	Unit    *string `json:"unit"`
	Desk    *string `json:"desk"`
	Officer *string `json:"officer"`
}

// takenView says who wrote a case down for its sender.
type takenView struct {
	Account string  `json:"account"`
	Desk    *string `json:"desk"`
}

// caseView is a case as the officer who asks may see it.
type caseView struct {
	caseHead
	Content      string           `json:"content"`
	DueExplained []explainedDay   `json:"dueExplained"`
	Provisional  []int            `json:"provisional"`
	Files        []caseFile       `json:"files"`
	Rating       *ratingView      `json:"rating"`
	Publication  *publicationView `json:"publication"`
	Steps        []stepView       `json:"steps"`
}

type caseFile struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
	Size int    `json:"size"`
}

type ratingView struct {
	Solved  feedback.Solved `json:"solved"`
	Rating  int             `json:"rating"`
	Comment string          `json:"comment"`
	At      string          `json:"at"`
}

type publicationView struct {
	Question    string  `json:"question"`
	Text        string  `json:"text"`
	By          string  `json:"by"`
	At          string  `json:"at"`
	ConfirmedBy *string `json:"confirmedBy"`
	ConfirmedAt *string `json:"confirmedAt"`
}

// stepView is what has happened. By is null for the sender.
type stepView struct {
	At      string          `json:"at"`
	Step    feedback.Step   `json:"step"`
	By      *actorView      `json:"by"`
	Status  feedback.Status `json:"status"`
	Note    string          `json:"note"`
	Message string          `json:"message"`
	Kind    feedback.Kind   `json:"kind,omitempty"`
	Unit    string          `json:"unit,omitempty"`
	Until   catalogue.Date  `json:"until,omitempty"`
	Apology bool            `json:"apology,omitempty"`
	To      string          `json:"to,omitempty"`
	Public  bool            `json:"public,omitempty"`
	Asked   string          `json:"question,omitempty"`
	Solved  feedback.Solved `json:"solved,omitempty"`
	Rating  int             `json:"rating,omitempty"`
}

type actorView struct {
	Account string  `json:"account"`
	Role    *string `json:"role"`
	Unit    *string `json:"unit"`
}

func (s *Server) viewCaseHead(c echo.Context, k *feedback.Case) caseHead {
	v := caseHead{
		Code: feedback.FormatCode(k.Code), Version: k.Version(), Kind: k.Kind, Status: k.Status, State: k.State(),
		Subject: k.Subject, Unit: orNull(k.Unit), About: aboutView{orNull(k.About.Unit), orNull(k.About.Desk), orNull(k.About.Officer)},
		Area: orNull(k.Area), Procedure: orNull(k.Procedure), Dossier: orNull(k.Dossier),
		Anonymous: k.Anonymous, Publish: k.Publish, Lang: k.Lang,
		ReceivedAt: inZone(k.ReceivedAt), AcceptedAt: timeOrNull(k.AcceptedAt), AnsweredAt: timeOrNull(k.AnsweredAt),
		EndedAt: timeOrNull(k.EndedAt), Term: k.Clock.Stage, DueAt: inZone(k.DueAt), Overdue: k.Overdue(s.Now()),
		WaitingSince: timeOrNull(k.WaitingAt), Allowed: allowedSteps(k, s.caseOfficer(c)),
	}
	if k.Taken.Account != "" {
		v.Taken = &takenView{k.Taken.Account, orNull(k.Taken.Desk)}
	}
	if k.Apology.Until != "" {
		v.Promised = &k.Apology.Until
	}
	return v
}

// allowedSteps is never null in JSON.
func allowedSteps(k *feedback.Case, o feedback.Officer) []feedback.Step {
	return append([]feedback.Step{}, feedback.Allowed(k, o)...)
}

func (s *Server) viewCase(c echo.Context, k *feedback.Case) caseView {
	v := caseView{
		caseHead: s.viewCaseHead(c, k), Content: k.Content, DueExplained: s.countedDays(language(c), k.Clock.Days),
		Provisional: append([]int{}, k.Clock.Missing...), Files: []caseFile{}, Steps: []stepView{},
	}
	for _, f := range k.Files {
		v.Files = append(v.Files, caseFile{f.ID, f.Name, f.Type, f.Size})
	}
	if r := k.Rating; r.Solved != "" {
		v.Rating = &ratingView{r.Solved, r.Level, r.Comment, inZone(r.At)}
	}
	if p := k.Publication; p.Text != "" {
		v.Publication = &publicationView{p.Question, p.Text, p.By, inZone(p.At), orNull(p.ConfirmedBy), timeOrNull(p.ConfirmedAt)}
	}
	for _, e := range feedback.History(s.caseOfficer(c), k) {
		v.Steps = append(v.Steps, viewStep(e))
	}
	return v
}

func viewStep(e feedback.Event) stepView {
	v := stepView{
		At: inZone(e.At), Step: e.Step, Status: e.Status, Note: e.Note, Message: e.Message, Unit: e.Unit, Until: e.Until,
		Apology: e.Apology, To: e.To, Public: e.Public, Asked: e.Asked, Kind: e.Kind,
		Solved: e.Solved, Rating: e.Level,
	}
	if e.By != (feedback.Actor{}) {
		v.By = &actorView{e.By.Account, orNull(string(e.By.Role)), orNull(e.By.Unit)}
	}
	return v
}
