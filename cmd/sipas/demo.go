package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"

	"sipas/internal/catalogue"
	"sipas/internal/store"
	"sipas/seeds/demo"
	"sipas/survey"
)

// demoCommand serves a folder of its own with a year of sample data, which it
// makes at the first start.
func demoCommand(ctx context.Context, env environment, args []string) error {
	if err := parseFlags(flag.NewFlagSet("demo", flag.ContinueOnError), args); err != nil {
		return err
	}
	c, err := readConfig(env.get)
	if err != nil {
		return err
	}
	if c.mongoURI != "" {
		return wrong("MONGODB_URI", "(not shown)", "nothing with demo: sample data lives in a folder of its own")
	}
	if env.get("SIPAS_DATA") == "" {
		c.data = "./data-demo"
	}
	c.sample = true
	return serve(ctx, c, env)
}

// storedKind says whether a store holds sample data, and when that was made.
type storedKind struct {
	store.Doc `bson:",inline"`
	Sample    bool           `bson:"sample"`
	Today     catalogue.Date `bson:"today"` // the day up to which the sample goes
	Ready     bool           `bson:"ready"`
}

var (
	errIsSample = errors.New("this store holds sample data: sipas demo serves it, or set SIPAS_DATA to another folder")
	errIsReal   = errors.New("this store holds real answers: sipas demo wants a folder of its own, set SIPAS_DATA to another one")
)

// claim makes sure that a sample store and a real one are never taken for each
// other: the first server on a store decides what it is.
func (s *stores) claim(ctx context.Context, c config) (*storedKind, error) {
	kinds, err := store.Open[storedKind](ctx, s.db, store.Spec{Name: "kind"})
	if err != nil {
		return nil, err
	}
	kind := &storedKind{Doc: store.Doc{ID: "kind"}, Sample: c.sample, Today: catalogue.DateOf(c.now())}
	if err := kinds.Insert(ctx, kind); err != nil && !errors.Is(err, store.ErrExists) {
		return nil, err
	}
	if kind, err = kinds.Get(ctx, "kind"); err != nil {
		return nil, err
	}
	switch {
	case kind.Sample && !c.sample:
		return nil, errIsSample
	case !kind.Sample && c.sample:
		return nil, errIsReal
	}
	return kind, nil
}

// isSample says whether the store holds sample data.
func (s *stores) isSample(ctx context.Context) (bool, error) {
	kinds, err := store.Open[storedKind](ctx, s.db, store.Spec{Name: "kind"})
	if err != nil {
		return false, err
	}
	kind, err := kinds.Get(ctx, "kind")
	if errors.Is(err, store.ErrNotFound) { // no server has run on it yet
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return kind.Sample, nil
}

// fill brings the sample year into the store, unless it is there already. A fill
// that was cut off is done again from the same day, and adds what is missing.
func (s *stores) fill(ctx context.Context, c config, kind *storedKind, log *slog.Logger) error {
	if kind.Ready {
		return nil
	}
	form := s.survey.Questionnaire(survey.ServiceQuestionnaire + "@1")
	if form == nil {
		return errors.New("sample data: there is no service questionnaire")
	}
	now := c.now()
	if today := catalogue.DateOf(now); kind.Today != today {
		now = kind.Today.AddDays(1).Start()
	}
	year := demo.Make(form, s.survey.Catalogue(), now)
	if _, err := s.catalogue.Merge(ctx, year.Renamed); err != nil {
		return fmt.Errorf("sample data: %w", err)
	}
	for _, l := range year.Links {
		if err := s.survey.PutLink(ctx, l); err != nil {
			return fmt.Errorf("sample data: %w", err)
		}
	}
	if err := s.survey.Import(ctx, year.Responses, year.Comments); err != nil {
		return fmt.Errorf("sample data: %w", err)
	}
	if err := s.survey.Changed(ctx); err != nil {
		return err
	}
	kinds, err := store.Open[storedKind](ctx, s.db, store.Spec{Name: "kind"})
	if err != nil {
		return err
	}
	kind.Ready = true
	if err := kinds.Replace(ctx, kind); err != nil {
		return err
	}
	log.Info("sample data made", "responses", len(year.Responses))
	return nil
}
