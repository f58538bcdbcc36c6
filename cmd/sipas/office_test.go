package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"sipas/internal/staff"
	"sipas/seeds"
	"sipas/survey"
)

// office is a store at work: seeded, with a link, a token, and an intake.
type office struct {
	t      testing.TB
	s      *stores
	intake *survey.Intake
	link   survey.Link
}

func openOffice(t testing.TB, vars map[string]string) *office {
	t.Helper()
	s := opened(t, vars)
	d, err := seeds.Load()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.seed(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if err := s.survey.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, s: s, link: survey.Link{Kind: survey.KindCounter, Area: "dat-dai", CreatedAt: time.Now()}}
	if err := s.survey.AddLink(t.Context(), &o.link); err != nil {
		t.Fatal(err)
	}
	if _, err := s.staff.AddToken(t.Context(), staff.Officer{Account: "văn phòng", Role: "office"}, time.Now()); err != nil {
		t.Fatal(err)
	}
	o.intake = survey.StartIntake(s.survey, survey.NewSegments(s.survey.Questionnaire), time.Now, slog.New(slog.DiscardHandler))
	t.Cleanup(o.rest)
	return o
}

// rest ends the intake.
func (o *office) rest() { _ = o.intake.Close(context.Background()) }

// save takes in one response, with a text, and returns when it is acknowledged.
func (o *office) save(key string, n int) error {
	form, err := o.s.survey.OpenForm(o.t.Context(), o.link.Code, time.Now())
	if err != nil {
		return err
	}
	answers := map[string]int{}
	for i, f := range form.Questionnaire.Factors {
		for j, c := range f.Criteria {
			answers[c.ID] = 1 + (n+i*3+j)%5
		}
	}
	r, comment, err := form.Read(survey.Submission{Key: key, Overall: 1 + n%5, Answers: answers, Comment: "Cảm ơn " + key}, time.Now())
	if err != nil {
		return err
	}
	_, err = o.intake.Save(context.Background(), r, comment, false)
	return err
}

func (o *office) fill(n int) {
	o.t.Helper()
	var group sync.WaitGroup
	for w := range 8 {
		group.Go(func() {
			for i := w; i < n; i += 8 {
				if err := o.save(fmt.Sprintf("key-%06d", i*7919%n), i); err != nil {
					o.t.Error(err)
				}
			}
		})
	}
	group.Wait()
}

// figures are what every page shows, over the answers stored now.
func figures(t testing.TB, s *stores) survey.Summary {
	t.Helper()
	if err := s.survey.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	segments := survey.NewSegments(s.survey.Questionnaire)
	if err := survey.NewChain(s.survey, segments, time.Now, slog.New(slog.DiscardHandler), nil).Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	sum, err := segments.Summarise(survey.Query{By: []string{"area", "criterion"}}, s.survey.Catalogue(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	sum.AsOf = time.Time{}
	return sum
}

// documents returns every stored document, by collection, sorted. What a restore
// adds of its own is left out.
func documents(t testing.TB, s *stores) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, name := range s.db.Collections() {
		d, err := s.db.Dump(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		for name != "restores" {
			page, err := d.Next(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			for _, doc := range page {
				all[name] = append(all[name], string(doc))
			}
		}
		slices.Sort(all[name])
	}
	return all
}

// opened opens the store that the variables name until the test ends.
func opened(t testing.TB, vars map[string]string) *stores {
	t.Helper()
	c, err := readConfig(func(name string) string { return vars[name] })
	if err != nil {
		t.Fatal(err)
	}
	s, err := openStores(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.close() })
	return s
}

// must runs the program and wants exit code 0.
func must(t testing.TB, vars map[string]string, args ...string) (stdout string) {
	t.Helper()
	code, stdout, stderr := sipas(t, vars, args...)
	if code != exitDone {
		t.Fatalf("%v: exit %d, %q", args, code, stderr)
	}
	return stdout
}

// another returns the variables of a machine with an empty store and a copy of
// the keys.
func another(t testing.TB, vars map[string]string) map[string]string {
	return map[string]string{"SIPAS_DATA": t.TempDir(), "SIPAS_KEY_FILE": filepath.Join(vars["SIPAS_DATA"], "keys")}
}
