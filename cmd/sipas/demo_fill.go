package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"sipas/feedback"
	"sipas/seeds/demo"
	"sipas/survey"
)

// fill brings the sample year into the store, unless it is there already: all
// that is there before figures can be read of it. A fill that was cut off is
// done again as of the same moment, and adds what is missing. What an earlier
// version made, which kept no moment, stays as it is.
func (s *stores) fill(ctx context.Context, kind *storedKind) (*demo.Year, error) {
	if kind.Ready || kind.At.IsZero() {
		return nil, nil
	}
	form := s.survey.Questionnaire(survey.ServiceQuestionnaire + "@1")
	if form == nil {
		return nil, errors.New("sample data: there is no service questionnaire")
	}
	year := demo.Make(form, s.feedback.Rules(), kind.At)
	for _, step := range []func(context.Context, *demo.Year) error{s.fillFigures, s.fillCases} {
		if err := step(ctx, &year); err != nil {
			return nil, fmt.Errorf("sample data: %w", err)
		}
	}
	return &year, nil
}

func (s *stores) fillFigures(ctx context.Context, year *demo.Year) error {
	if _, err := s.catalogue.Merge(ctx, year.Renamed); err != nil {
		return err
	}
	for _, l := range year.Links {
		if err := s.survey.PutLink(ctx, l); err != nil {
			return err
		}
	}
	if err := s.survey.Import(ctx, year.Responses, year.Comments); err != nil {
		return err
	}
	if err := s.dossiers.Add(ctx, year.Dossiers); err != nil {
		return err
	}
	return s.survey.Changed(ctx)
}

// played is how many cases are played at once, so that they share the waiting
// for the disk.
const played = 16

// fillCases plays every case through the rules of the cases, each step at the
// moment at which it was taken.
func (s *stores) fillCases(ctx context.Context, year *demo.Year) error {
	var group sync.WaitGroup
	errs := make([]error, len(year.Cases))
	free := make(chan struct{}, played)
	for i := range year.Cases {
		free <- struct{}{}
		group.Go(func() {
			errs[i] = s.play(ctx, &year.Cases[i])
			<-free
		})
	}
	group.Wait()
	return errors.Join(errs...)
}

// play takes a case in and does what was done about it. Of one that is there it
// does what is missing: every act is one event.
func (s *stores) play(ctx context.Context, told *demo.Case) error {
	in, rules := told.Intake, s.feedback.Rules()
	if told.Desk {
		desk := sampleOfficer(feedback.RoleDesk)
		in.Taken = feedback.Taken{Account: desk.Account, Desk: desk.Desk}
	}
	draft, err := feedback.New(in, rules, told.At)
	if err != nil {
		return fmt.Errorf("case %s: %w", in.Key, err)
	}
	receipt, err := s.feedback.Add(ctx, draft)
	if err != nil {
		return fmt.Errorf("case %s: %w", in.Key, err)
	}
	c := receipt.Case
	for _, act := range told.Acts[min(c.Version()-1, len(told.Acts)):] {
		var event feedback.Event
		if act.Step == feedback.Rate {
			event, err = c.Rate(act.Rating, rules, act.At)
		} else {
			event, err = c.Next(act.Step, sampleOfficer(act.By), act.Input, rules, act.At)
		}
		if err == nil {
			c, err = s.feedback.Apply(ctx, c, event)
		}
		if err != nil {
			return fmt.Errorf("case %s, %s: %w", in.Key, act.Step, err)
		}
	}
	return nil
}

// sampleOfficer is the sample account of a role, as cases know it.
func sampleOfficer(role feedback.Role) feedback.Officer {
	for _, a := range sampleAccounts {
		if string(a.Role) == string(role) {
			return feedback.Officer{Account: a.ID, Name: a.Name, Role: role, Unit: a.Unit, Desk: a.Desk}
		}
	}
	return feedback.Officer{}
}

// filled marks the sample as whole.
func (s *stores) filled(ctx context.Context, kind *storedKind, year *demo.Year, log *slog.Logger) error {
	kind.Ready = true
	if err := s.kinds.Replace(ctx, kind); err != nil {
		return err
	}
	log.Info("sample data made", "responses", len(year.Responses), "dossiers", len(year.Dossiers), "cases", len(year.Cases), "tasks", len(year.Tasks))
	return nil
}
