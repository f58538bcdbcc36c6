package survey_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"sipas/internal/catalogue"
	"sipas/internal/store"
	"sipas/seeds"
	"sipas/survey"
)

// desk is an open store with the shipped reference data, a link, and an intake.
type desk struct {
	t        *testing.T
	file     string
	db       *store.Store
	store    *survey.Store
	segments *survey.Segments
	chain    *survey.Chain
	intake   *survey.Intake
	link     survey.Link
}

func openDesk(t *testing.T, file string) *desk {
	t.Helper()
	ctx := t.Context()
	db, err := store.OpenSQLite(file)
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalogue.Open(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	st, err := survey.OpenStore(ctx, db, c)
	if err != nil {
		t.Fatal(err)
	}
	d, err := seeds.Load()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Merge(ctx, d.Rows); err != nil {
		t.Fatal(err)
	}
	missing, err := st.Missing(ctx, d.Questionnaires)
	if err != nil {
		t.Fatal(err)
	}
	if err := st.AddQuestionnaires(ctx, missing); err != nil {
		t.Fatal(err)
	}
	if err := st.Reload(ctx); err != nil {
		t.Fatal(err)
	}
	k := &desk{t: t, file: file, db: db, store: st}
	k.segments = survey.NewSegments(st.Questionnaire)
	k.chain = survey.NewChain(st, k.segments, time.Now, slog.New(slog.DiscardHandler), nil)
	if err := k.chain.Load(ctx); err != nil {
		t.Fatal(err)
	}
	k.intake = survey.StartIntake(st, k.segments, time.Now, slog.New(slog.DiscardHandler))
	k.link = survey.Link{Kind: survey.KindCounter, Area: "dat-dai", CreatedAt: time.Now()}
	if err := st.AddLink(ctx, &k.link); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.close)
	return k
}

func (k *desk) close() {
	k.intake.Close(context.Background())
	k.db.Close(context.Background())
}

// again closes everything and opens the same file.
func (k *desk) again() *desk {
	k.close()
	return openDesk(k.t, k.file)
}

func (k *desk) save(s survey.Submission) (survey.Receipt, error) {
	k.t.Helper()
	form, err := k.store.OpenForm(k.t.Context(), k.link.Code, time.Now())
	if err != nil {
		k.t.Fatal(err)
	}
	r, comment, err := form.Read(s, time.Now())
	if err != nil {
		k.t.Fatal(err)
	}
	return k.intake.Save(k.t.Context(), r, comment, form.Link.Kind == survey.KindTrial)
}

func (k *desk) counted() int64 {
	k.t.Helper()
	table, err := k.segments.Tabulate(survey.Query{})
	if err != nil {
		k.t.Fatal(err)
	}
	return table.Overall.Responses
}

func TestSavedIsCountedAndSurvives(t *testing.T) {
	k := openDesk(t, filepath.Join(t.TempDir(), "x.db"))
	answers := survey.Submission{Key: "key-0001", Overall: 4, Answers: map[string]int{"15": 5, "33": 0}, Comment: "Tốt"}
	first, err := k.save(answers)
	if err != nil {
		t.Fatal(err)
	}
	if k.counted() != 1 {
		t.Error("acknowledged and not counted")
	}
	link := k.link
	k = k.again()
	k.link = link
	if k.counted() != 1 {
		t.Error("not counted after a restart")
	}
	if again, err := k.save(answers); err != nil || !again.Repeated || !again.ReceivedAt.Equal(first.ReceivedAt) {
		t.Errorf("the same after a restart: %+v %v", again, err)
	}
}

func TestSameKey(t *testing.T) {
	k := openDesk(t, filepath.Join(t.TempDir(), "x.db"))
	answers := survey.Submission{Key: "key-0001", Overall: 4, Answers: map[string]int{"15": 5}, Comment: "Tốt lắm"}
	first, err := k.save(answers)
	if err != nil || first.Repeated {
		t.Fatal(first, err)
	}
	again, err := k.save(answers)
	if err != nil || !again.Repeated || !again.ReceivedAt.Equal(first.ReceivedAt) || again.ID != first.ID {
		t.Errorf("the same again: %+v %v, first %+v", again, err, first)
	}
	for name, change := range map[string]func(*survey.Submission){
		"another rating":  func(s *survey.Submission) { s.Overall = 1 },
		"another comment": func(s *survey.Submission) { s.Comment = "Tồi lắm" },
		"no comment":      func(s *survey.Submission) { s.Comment = "" },
	} {
		other := answers
		change(&other)
		if _, err := k.save(other); !errors.Is(err, survey.ErrKeyReused) {
			t.Errorf("%s under the same key: %v", name, err)
		}
	}
	if k.counted() != 1 {
		t.Errorf("counted %d times", k.counted())
	}
	if _, err := k.save(answers); err != nil {
		t.Errorf("after other answers were refused, the first are still known: %v", err)
	}
}

func TestSameKeyAtOnce(t *testing.T) {
	k := openDesk(t, filepath.Join(t.TempDir(), "x.db"))
	var all sync.WaitGroup
	var mu sync.Mutex
	fresh := 0
	for range 64 {
		all.Go(func() {
			r, err := k.save(survey.Submission{Key: "key-at-once", Overall: 5, Comment: "Nhanh"})
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
			} else if !r.Repeated {
				fresh++
			}
		})
	}
	all.Wait()
	if fresh != 1 || k.counted() != 1 {
		t.Errorf("%d first receipts, counted %d times", fresh, k.counted())
	}
}

func TestManyAtOnceAreEachStored(t *testing.T) {
	k := openDesk(t, filepath.Join(t.TempDir(), "x.db"))
	var all sync.WaitGroup
	for sender := range 32 {
		all.Go(func() {
			for i := range 20 {
				if _, err := k.save(survey.Submission{Key: fmt.Sprintf("key-%04d-%04d", sender, i), Overall: 3}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if k.counted() != 640 {
		t.Errorf("%d of 640 counted", k.counted())
	}
	if k = k.again(); k.counted() != 640 {
		t.Errorf("%d of 640 after a restart", k.counted())
	}
}

func TestTrialAnswersCountNowhere(t *testing.T) {
	k := openDesk(t, filepath.Join(t.TempDir(), "x.db"))
	k.link = survey.Link{Kind: survey.KindTrial, CreatedAt: time.Now()}
	if err := k.store.AddLink(t.Context(), &k.link); err != nil {
		t.Fatal(err)
	}
	if _, err := k.save(survey.Submission{Key: "key-trial", Overall: 1}); err != nil {
		t.Fatal(err)
	}
	if r, err := k.save(survey.Submission{Key: "key-trial", Overall: 1}); err != nil || !r.Repeated {
		t.Errorf("a trial answer again: %+v %v", r, err)
	}
	if k.counted() != 0 {
		t.Error("a trial answer is counted")
	}
	if k = k.again(); k.counted() != 0 {
		t.Error("a trial answer is counted after a restart")
	}
}

// TestClosingAcknowledgesTruly closes while answers come in: whatever was
// acknowledged is there afterwards, and what was refused says that sending it
// again is safe.
func TestClosingAcknowledgesTruly(t *testing.T) {
	k := openDesk(t, filepath.Join(t.TempDir(), "x.db"))
	var all sync.WaitGroup
	var mu sync.Mutex
	acknowledged := int64(0)
	enough := make(chan struct{})
	for sender := range 16 {
		all.Go(func() {
			for i := 0; ; i++ {
				_, err := k.save(survey.Submission{Key: fmt.Sprintf("key-%04d-%04d", sender, i), Overall: 3})
				if err != nil {
					if !errors.Is(err, survey.ErrNotAcknowledged) {
						t.Errorf("refused while closing with %v", err)
					}
					return
				}
				mu.Lock()
				if acknowledged++; acknowledged == 50 {
					close(enough)
				}
				mu.Unlock()
			}
		})
	}
	<-enough
	if err := k.intake.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	all.Wait()
	if k = k.again(); k.counted() != acknowledged {
		t.Errorf("%d acknowledged, %d stored", acknowledged, k.counted())
	}
}

func TestStoreAwayIsNotAcknowledged(t *testing.T) {
	k := openDesk(t, filepath.Join(t.TempDir(), "x.db"))
	if _, err := k.save(survey.Submission{Key: "key-before", Overall: 3}); err != nil {
		t.Fatal(err)
	}
	k.db.Close(t.Context())
	if _, err := k.save(survey.Submission{Key: "key-away", Overall: 3}); !errors.Is(err, survey.ErrNotAcknowledged) {
		t.Errorf("with the store away: %v", err)
	}
	if k.counted() != 1 {
		t.Error("counted without being stored")
	}
}

func TestCallerThatGivesUpCountsOnce(t *testing.T) {
	k := openDesk(t, filepath.Join(t.TempDir(), "x.db"))
	form, err := k.store.OpenForm(t.Context(), k.link.Code, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	r, _, err := form.Read(survey.Submission{Key: "key-gave-up", Overall: 3}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := k.intake.Save(gone, r, "", false); err != nil && !errors.Is(err, survey.ErrNotAcknowledged) {
		t.Errorf("a caller who is gone is told %v", err)
	}
	if _, err := k.intake.Save(t.Context(), r, "", false); err != nil {
		t.Errorf("sending the same again: %v", err)
	}
	if k.counted() != 1 {
		t.Errorf("counted %d times", k.counted())
	}
}
