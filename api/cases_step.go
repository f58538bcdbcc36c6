package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/internal/fault"
)

// maxStepBody has room for a text twenty times too long, which is then refused by
// name instead of with the whole request.
const maxStepBody = 1 << 20

// stepRequest is what an officer sends.
type stepRequest struct {
	step feedback.Step
	feedback.StepInput
}

// readStep reads the body. A field of the wrong type is among bad; the rest is
// judged by feedback.Case.Next.
func readStep(body []byte, bad *fault.Fields) (stepRequest, error) {
	o, err := readObject(body, bad)
	if err != nil {
		return stepRequest{}, err
	}
	o.only("step", "version", "note", "message", "kind", "variant", "unit", "until", "apology", "to", "question")
	r := stepRequest{feedback.Step(o.text("step")), feedback.StepInput{
		Version: o.number("version"), Note: o.text("note"), Message: o.text("message"), Kind: feedback.Kind(o.text("kind")),
		Variant: o.text("variant"), Unit: o.text("unit"), Until: catalogue.Date(o.text("until")), Apology: o.flag("apology"), To: o.text("to"),
		Question: o.text("question"),
	}}
	if r.step == "" && !named(*bad, "step") {
		bad.Add("step", "required")
	}
	return r, nil
}

// addStep takes a step on a case. With "version" the case has to be as the officer
// saw it; without, the step is taken on the case as it is.
func (s *Server) addStep(c echo.Context) error {
	body, err := readBody(c)
	if err != nil {
		return err
	}
	var bad fault.Fields
	r, err := readStep(body, &bad)
	if err != nil {
		return err
	}
	k, err := s.readCase(c) // before anything is said of the request: of what is not shown nothing is told
	if err != nil {
		return err
	}
	k, err = s.takeStep(c, k, r, bad)
	if fault.As(err).Kind == fault.Conflict {
		return s.refuseStep(c, k.Code, err)
	}
	if err != nil {
		return err
	}
	return s.writeCaseAfter(c, k)
}

// takeStep puts one step on record and takes it, and returns the case after it,
// or as it was with the error.
func (s *Server) takeStep(c echo.Context, k *feedback.Case, r stepRequest, bad fault.Fields) (*feedback.Case, error) {
	e, err := s.nextStep(c, k, r)
	if err := join(&bad, err); err != nil {
		return k, err
	}
	if err := bad.Err(); err != nil {
		return k, err
	}
	entry := s.caseEntry(c, "case.step", k, stepDetail(r)...)
	entry.Secret = entry.Secret || e.After().Kind == feedback.Denunciation
	var after *feedback.Case
	err = s.auditedAs(c, entry, func() error {
		for before := k; ; {
			after, err = s.feedback.Apply(c.Request().Context(), before, e)
			if !errors.Is(err, feedback.ErrStale) {
				return err
			}
			// Somebody was faster. Whether that matters to the officer, the next try says.
			if before, err = s.readCase(c); err != nil {
				return err
			}
			if e, err = s.nextStep(c, before, r); err != nil {
				return err
			}
		}
	})
	if err != nil {
		return k, err
	}
	return after, nil
}

func (s *Server) nextStep(c echo.Context, k *feedback.Case, r stepRequest) (feedback.Event, error) {
	return k.Next(r.step, s.caseOfficer(c), r.StepInput, s.feedback.Rules(), s.Now())
}

// stepDetail names the step and the ids in it, and nothing that was written.
func stepDetail(r stepRequest) []string {
	detail := []string{"step=" + string(r.step)}
	for _, x := range [][2]string{{"kind", string(r.Kind)}, {"variant", r.Variant}, {"unit", r.Unit}, {"until", string(r.Until)}} {
		if x[1] != "" {
			detail = append(detail, x[0]+"="+x[1])
		}
	}
	return detail
}

// writeCaseAfter answers with the case, or with nothing more than that it was
// done if the step has put it out of the officer's sight.
func (s *Server) writeCaseAfter(c echo.Context, k *feedback.Case) error {
	if !feedback.Visible(s.caseOfficer(c), k).Read {
		return c.NoContent(http.StatusNoContent)
	}
	return writeJSON(c, http.StatusOK, s.viewCase(c, k))
}

// refuseStep tells a conflict together with what the officer may do now.
func (s *Server) refuseStep(c echo.Context, code string, conflict error) error {
	k, err := s.feedback.Case(context.WithoutCancel(c.Request().Context()), s.caseOfficer(c), code)
	if err != nil {
		return err
	}
	f, status := classify(conflict)
	p := s.problem(c, status, f)
	p.Allowed, p.Version = allowedSteps(k, s.caseOfficer(c)), k.Version()
	return writeProblemJSON(c, p)
}
