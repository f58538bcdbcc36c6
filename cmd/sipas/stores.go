package main

import (
	"context"
	"errors"
	"time"

	"sipas/feedback"
	"sipas/internal/backup"
	"sipas/internal/catalogue"
	"sipas/internal/dossier"
	"sipas/internal/improve"
	"sipas/internal/staff"
	"sipas/internal/store"
	"sipas/seeds"
	"sipas/survey"
)

// stores are the open stores of all subjects, on one database.
type stores struct {
	db        *store.Store
	kinds     *store.Collection[storedKind]
	catalogue *catalogue.Store
	survey    *survey.Store
	feedback  *feedback.Store
	dossiers  *dossier.Store
	staff     *staff.Store
	improve   *improve.Store
	restores  *backup.Restores
}

// openStores opens the database that the config names, unless a restore into it
// was cut off. The caller closes it.
func openStores(ctx context.Context, c config) (*stores, error) {
	s, err := openUnchecked(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := backup.Finished(ctx, s.db); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// openUnchecked opens the database whatever state it is in.
func openUnchecked(ctx context.Context, c config) (*stores, error) {
	var s stores
	var err error
	if c.mongoURI != "" {
		s.db, err = store.OpenMongo(ctx, c.mongoURI)
	} else {
		var file string
		if file, err = c.database(); err == nil {
			s.db, err = store.OpenSQLite(file)
		}
	}
	if err != nil {
		return nil, err
	}
	for _, open := range []func() error{
		func() error { return s.openKinds(ctx) }, // before anything is added to what is stored
		func() (err error) { s.catalogue, err = catalogue.Open(ctx, s.db); return },
		func() (err error) { s.survey, err = survey.OpenStore(ctx, s.db, s.catalogue); return },
		func() (err error) { s.feedback, err = feedback.OpenStore(ctx, s.db, s.catalogue); return },
		func() (err error) { s.improve, err = improve.OpenStore(ctx, s.db, s.catalogue); return },
		func() (err error) { s.staff, err = staff.OpenStore(ctx, s.db); return },
		func() (err error) { s.dossiers, err = dossier.OpenStore(ctx, s.db); return },
		func() (err error) { s.restores, err = backup.OpenRestores(ctx, s.db); return },
	} {
		if err = open(); err != nil {
			break
		}
	}
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	return &s, nil
}

// withStores runs a command on the stores that the environment names.
func withStores(ctx context.Context, env environment, run func(config, *stores) error) error {
	c, err := readConfig(env.get)
	if err != nil {
		return err
	}
	s, err := openStores(ctx, c)
	if err != nil {
		return err
	}
	return errors.Join(run(c, s), s.close())
}

// close waits for what is running, not for ever.
func (s *stores) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
	defer cancel()
	return s.db.Close(ctx)
}

// seed brings the data into the store. A row that is stored with other content
// is returned in the change, and then nothing is written; a questionnaire that
// is, is survey.ErrQuestionnaireFrozen.
func (s *stores) seed(ctx context.Context, d seeds.Data) (catalogue.Change, error) {
	missing, err := s.survey.Missing(ctx, d.Questionnaires)
	if err != nil {
		return catalogue.Change{}, err
	}
	differ, err := s.feedback.Differ(ctx, d.Years, d.Terms)
	if err != nil || len(differ) > 0 {
		return catalogue.Change{Differ: differ}, d.Explain(err)
	}
	if differ, err = s.improve.Differ(ctx, d.Duties); err != nil || len(differ) > 0 {
		return catalogue.Change{Differ: differ}, err
	}
	change, err := s.catalogue.Merge(ctx, d.Rows)
	if err != nil || len(change.Differ) > 0 {
		return change, d.Explain(err)
	}
	rules, err := s.feedback.Merge(ctx, d.Years, d.Terms)
	if err != nil || len(rules.Differ) > 0 {
		return rules, d.Explain(err)
	}
	plan, err := s.improve.Merge(ctx, d.Duties)
	if err != nil || len(plan.Differ) > 0 {
		return plan, d.Explain(err)
	}
	kept, err := s.feedback.MergeRetention(ctx, d.Retention)
	if err != nil || len(kept.Differ) > 0 {
		return kept, d.Explain(err)
	}
	change.Added += rules.Added + plan.Added + kept.Added
	change.Unchanged += rules.Unchanged + plan.Unchanged + kept.Unchanged
	if err := s.survey.AddQuestionnaires(ctx, missing); err != nil {
		return change, err
	}
	change.Added += len(missing)
	change.Unchanged += len(d.Questionnaires) - len(missing)
	if change.Added > 0 {
		err = s.survey.Changed(ctx)
	}
	return change, err
}
