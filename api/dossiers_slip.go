package api

import (
	"context"
	"encoding/base64"
	"errors"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"sipas/internal/dossier"
	"sipas/internal/fault"
	"sipas/internal/pace"
	"sipas/survey"
)

// stages are those at which a slip is handed over.
var stages = []string{dossier.StageReceipt, dossier.StageSupplement, dossier.StageRefusal, dossier.StageResult}

// stageOf is the stage that a slip of today is for, unless somebody says another.
func stageOf(d *dossier.Dossier) string {
	switch {
	case d.ReturnedOn == "":
		return dossier.StageReceipt
	case d.Outcome == dossier.OutcomeRefused:
		return dossier.StageRefusal
	}
	return dossier.StageResult
}

// issueCode makes the one-time code of a dossier, which is on record before. The
// code itself is in no log. key is that of the form, "" from a program.
func (s *Server) issueCode(c echo.Context, code, stage, key string) (*dossier.Dossier, *survey.Link, error) {
	ctx := c.Request().Context()
	d, err := s.dossiers.Get(ctx, code)
	if err != nil {
		return nil, nil, err
	}
	if stage == "" {
		stage = stageOf(d)
	}
	if !slices.Contains(stages, stage) {
		var bad fault.Fields
		bad.Add("stage", "choice", "receipt, supplement, refusal, result")
		return d, nil, bad.Err()
	}
	link := &survey.Link{Kind: survey.KindDossier, Area: d.Area, Procedure: d.Procedure, Desk: d.Desk, Unit: d.Unit}
	err = s.audited(c, "dossier.survey", "dossier/"+d.Code, []string{"stage=" + stage}, func() (err error) {
		link.Code, err = s.survey.IssueCode(ctx, survey.Slip{
			Dossier: d.Code, Area: d.Area, Procedure: d.Procedure, Desk: d.Desk, Unit: d.Unit, Stage: stage,
		}, key)
		return err
	})
	return d, link, err
}

// newCodeGuard allows ten tries a minute for each one-time code, from wherever.
func newCodeGuard() *pace.Guard {
	row := pace.Row{Places: 10, Every: time.Minute / 10}
	return &pace.Guard{Pair: row, Thing: row, Address: pace.Row{Places: 1}}
}

// tryCode lets an answer with a one-time code in, or says how long to wait.
func (s *Server) tryCode(form *survey.Form) error {
	if form.Slip == nil {
		return nil
	}
	if _, wait := s.codes.Try(form.Link.Code, "", s.Now()); wait > 0 {
		return errTooMany.After(wait)
	}
	return nil
}

// aboutDossier says what the dossier behind a one-time code has come to since the
// slip was made.
func (s *Server) aboutDossier(ctx context.Context, form *survey.Form) error {
	if form.Slip == nil {
		return nil
	}
	d, err := s.dossiers.Get(ctx, form.Slip.Dossier)
	if errors.Is(err, dossier.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	form.Slip.Stage, form.Slip.Outcome, form.Slip.Late = d.Context(form.Slip.Stage, s.today())
	return nil
}

func dataURL(svg string) string {
	return "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString([]byte(svg))
}
