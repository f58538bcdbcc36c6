package main

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"sipas/internal/catalogue"
	"sipas/internal/store"
	"sipas/seeds"
	"sipas/survey"
)

// yearEnd is the moment at which the year of responses has ended and the last
// of its days is due to be sealed.
var yearEnd = time.Date(2027, 1, 1, 8, 0, 0, 0, catalogue.Zone)

// makeYear makes a store with n responses spread over 365 days, each day sealed,
// and returns how many a second were stored and how long a day's seal took.
func makeYear(folder string, n int) (perSecond float64, sealing time.Duration, err error) {
	ctx := context.Background()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return 0, 0, err
	}
	db, err := store.OpenSQLite(filepath.Join(folder, "sipas.db"))
	if err != nil {
		return 0, 0, err
	}
	defer db.Close(ctx)
	c, err := catalogue.Open(ctx, db)
	if err != nil {
		return 0, 0, err
	}
	s, err := survey.OpenStore(ctx, db, c)
	if err != nil {
		return 0, 0, err
	}
	d, err := seeds.Load()
	if err != nil {
		return 0, 0, err
	}
	if _, err := c.Merge(ctx, d.Rows); err != nil {
		return 0, 0, err
	}
	if err := s.AddQuestionnaires(ctx, d.Questionnaires); err != nil {
		return 0, 0, err
	}
	if err := s.Changed(ctx); err != nil {
		return 0, 0, err
	}
	started := time.Now()
	random := rand.New(rand.NewPCG(1, 2))
	form := s.Questionnaire(survey.ServiceQuestionnaire + "@1")
	for done := 0; done < n; {
		batch := make([]survey.Response, min(1000, n-done))
		for i := range batch {
			batch[i] = sampleResponse(random, form, s.Catalogue(), done+i, n)
		}
		if err := s.Import(ctx, batch, make([]string, len(batch))); err != nil {
			return 0, 0, err
		}
		done += len(batch)
	}
	perSecond = float64(n) / time.Since(started).Seconds()
	chain := survey.NewChain(s, survey.NewSegments(s.Questionnaire), func() time.Time { return yearEnd }, slog.New(slog.DiscardHandler), nil)
	if err := chain.Load(ctx); err != nil {
		return 0, 0, err
	}
	started = time.Now()
	err = chain.Seal(ctx)
	return perSecond, time.Since(started) / 365, err
}

func sampleResponse(random *rand.Rand, form *survey.Questionnaire, c *catalogue.Catalogue, i, n int) survey.Response {
	at := yearEnd.AddDate(-1, 0, 0).Add(time.Duration(float64(i) / float64(n) * 365 * 24 * float64(time.Hour)))
	on := catalogue.DateOf(at)
	procedures, desks := c.Procedures(on), c.Desks(on)
	p := procedures[random.IntN(len(procedures))]
	pick := func(values ...string) string { return values[random.IntN(len(values))] }
	r := survey.Response{
		ID: fmt.Sprintf("year-%09d-%08x", i, random.Uint32()), Shape: survey.ShapeVersion, Link: "abcdefgh",
		Questionnaire: form.ID, QuestionnaireVersion: form.Version, Area: p.Area, Procedure: p.ID, Unit: p.Unit,
		Desk: desks[random.IntN(len(desks))].ID, Channel: survey.Channel(pick("phone", "phone", "kiosk", "paper")),
		ReceivedAt: at.UTC().Truncate(time.Millisecond), AnsweredOn: on, Lang: "vi", Overall: 1 + random.IntN(5),
		Profile: survey.Profile{Sex: pick("", "female", "male"), Age: pick("", "18-24", "35-49", "60+")},
	}
	for _, id := range form.CriterionIDs() {
		if v := random.IntN(8); v < 6 {
			r.Answers = append(r.Answers, survey.Answer{Criterion: id, Rating: max(v, 1)})
		}
	}
	return r
}
