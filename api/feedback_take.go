package api

import (
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/fault"
	"sipas/survey"
)

// errFeedbackTooLarge is for what is larger than a form with five attachments.
var errFeedbackTooLarge = fault.New(fault.TooLarge, "feedback_too_large")

// feedbackReceipt is what a sender gets. First is the case as it was when it was
// received: whoever sends the same again later gets the same.
type feedbackReceipt struct {
	Code, Secret string // grouped for reading
	Again        bool
	First        *feedback.Case
}

// addFeedback checks and stores feedback, whichever way it came. What is wrong
// with it, bad included, is in the order of the page.
func (s *Server) addFeedback(c echo.Context, in feedback.Intake, bad fault.Fields) (*feedbackReceipt, error) {
	draft, err := s.draftFeedback(in, bad, s.Now())
	if err != nil {
		return nil, err
	}
	return s.storeFeedback(c, in, draft)
}

// storeFeedback stores an intake that draft was made of.
func (s *Server) storeFeedback(c echo.Context, in feedback.Intake, draft *feedback.Draft) (*feedbackReceipt, error) {
	r, err := s.feedback.Add(c.Request().Context(), draft)
	if err != nil {
		return nil, err
	}
	receipt := &feedbackReceipt{feedback.FormatCode(r.Case.Code), feedback.FormatCode(r.Secret), r.Again, draft.Case()}
	if r.Again {
		earlier, err := s.draftFeedback(in, nil, r.Case.ReceivedAt)
		if err != nil {
			return nil, err
		}
		receipt.First = earlier.Case()
	}
	return receipt, nil
}

func (s *Server) draftFeedback(in feedback.Intake, bad fault.Fields, now time.Time) (*feedback.Draft, error) {
	draft, err := feedback.New(in, s.feedback.Rules(), now)
	if err := join(&bad, err); err != nil {
		return nil, err
	}
	inOrder(bad)
	return draft, bad.Err()
}

// sendFeedback takes in feedback from programs, as JSON or as a form with
// attachments.
func (s *Server) sendFeedback(c echo.Context) error {
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	var bad fault.Fields
	var in feedback.Intake
	if isMultipart(c) {
		u, err := s.readFeedbackUpload(c)
		if err != nil {
			return err
		}
		defer s.release(u)
		if in, err = u.intake(&bad); err != nil {
			return err
		}
	} else {
		c.Set(keyBodyLimit, int64(maxFeedbackText))
		body, err := readBody(c)
		if errors.Is(err, errTooLarge) {
			return errFeedbackTooLarge
		}
		if err != nil {
			return err
		}
		if in, err = readFeedbackJSON(body, &bad); err != nil {
			return err
		}
	}
	receipt, err := s.addFeedback(c, in, bad)
	if errors.Is(err, feedback.ErrKeyReused) {
		return s.writeProblem(c, http.StatusConflict, feedback.ErrKeyReused, survey.NewKey(s.Now()))
	}
	if err != nil {
		return err
	}
	return writeJSON(c, receipt.status(), s.receiptJSON(c, receipt))
}

// intake returns what a form says. The error is that it did not come whole.
func (u *feedbackUpload) intake(bad *fault.Fields) (feedback.Intake, error) {
	in := readFeedbackForm(u.form, bad)
	in.Files = u.files
	*bad = append(*bad, u.bad...)
	switch {
	case u.cut:
		return in, errFeedbackTooLarge
	case u.full:
		return in, errUploadsFull
	}
	return in, nil
}

// status is 201 for what was stored now, 200 for what had been.
func (r *feedbackReceipt) status() int {
	if r.Again {
		return http.StatusOK
	}
	return http.StatusCreated
}

// receiptView is a receipt in JSON.
type receiptView struct {
	Code         string          `json:"code"`
	Secret       string          `json:"secret"`
	Kind         feedback.Kind   `json:"kind"`
	Status       feedback.Status `json:"status"`
	Term         feedback.Stage  `json:"term"`
	DueAt        string          `json:"dueAt"`
	DueExplained []explainedDay  `json:"dueExplained"`
}

func (s *Server) receiptJSON(c echo.Context, r *feedbackReceipt) receiptView {
	f := r.First
	return receiptView{
		Code: r.Code, Secret: r.Secret, Kind: f.Kind, Status: f.Status, Term: f.Clock.Stage,
		DueAt: inZone(f.DueAt), DueExplained: s.countedDays(language(c), f.Clock.Days),
	}
}
