package api

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/internal/document"
	"sipas/web"
)

// letterSteps are the events after which there is a letter to be sent, and which.
var letterSteps = []struct {
	kind    document.LetterKind
	step    feedback.Step
	apology bool
}{
	{document.LetterAcceptance, feedback.Accept, false},
	{document.LetterRefusal, feedback.Refuse, false},
	{document.LetterExtension, feedback.Extend, false},
	{document.LetterApology, feedback.Extend, true},
	{document.LetterAnswer, feedback.Answer, false},
}

// letterEvent returns the latest event of a case that the letter is about. What
// was before the case was reopened has had its letter.
func letterEvent(history []feedback.Event, kind document.LetterKind) (feedback.Event, bool) {
	for _, l := range letterSteps {
		for _, e := range slices.Backward(history) {
			if e.Step == feedback.Reopen {
				break
			}
			if l.kind == kind && e.Step == l.step && e.Apology == l.apology {
				return e, true
			}
		}
	}
	return feedback.Event{}, false
}

// lettersFor lists the letters that there are to a case.
func (s *Server) lettersFor(c echo.Context, k *feedback.Case) (list []web.Link) {
	if k.Erased() { // its words are gone
		return nil
	}
	history := feedback.History(s.caseOfficer(c), k)
	for _, l := range letterSteps {
		if _, ok := letterEvent(history, l.kind); ok {
			list = append(list, web.Link{URL: casePath(k.Code) + "/van-ban/" + string(l.kind) + ".docx", Text: s.words(c)("queue.letter." + string(l.kind))})
		}
	}
	return list
}

const wordFile = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

// caseLetter makes a letter as a Word file. The sender's name and address are in
// it for who may see them, which is on record before; for others they are left
// open.
func (s *Server) caseLetter(c echo.Context) error {
	k, err := s.readCase(c)
	if err != nil {
		return err
	}
	kind, isWord := strings.CutSuffix(c.Param("letter"), ".docx")
	e, ok := letterEvent(feedback.History(s.caseOfficer(c), k), document.LetterKind(kind))
	if !ok || !isWord || k.Erased() {
		return echo.ErrNotFound
	}
	vi := web.Languages()[0] // a letter of a state office is in Vietnamese
	l := &document.Letter{
		Kind: document.LetterKind(kind), Office: s.officeName(vi), On: s.Now().In(catalogue.Zone), Matter: strings.ToLower(s.kindName(vi, k.Kind)),
		Subject: k.Subject, Code: feedback.FormatCode(k.Code), Received: k.ReceivedAt.In(catalogue.Zone), Due: e.DueAt.In(catalogue.Zone),
		Words: e.Message,
	}
	if e.Until != "" {
		l.Until = e.Until.Start().Add(12 * time.Hour)
	}
	if feedback.Visible(s.caseOfficer(c), k).Contact {
		contact, err := s.openContact(c, k)
		if err != nil {
			return err
		}
		l.To, l.Address = contact.Name, contact.Address
	}
	var file bytes.Buffer
	if _, err := l.WriteTo(&file); err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentDisposition, `attachment; filename="`+kind+`.docx"`)
	return writeWhole(c, http.StatusOK, wordFile, file.Bytes())
}
