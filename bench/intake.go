package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"sipas/internal/store"
	"sipas/survey"
)

// document is a stored response, for the limit that the intake is held against.
type document struct {
	store.Doc       `bson:",inline"`
	survey.Response `bson:",inline"`
	Answers         store.Pairs[int]    `bson:"answers"`
	Extra           store.Pairs[string] `bson:"extra"`
}

// intakeTable measures answers through HTTP beside the same documents handed to
// the store by as many callers, whose inserts share commits.
func intakeTable(out *bytes.Buffer, binary, dir string, each time.Duration) error {
	fmt.Fprint(out, "## Intake\n\nAnswers of 19 criteria, acknowledged when durable (SQLite, WAL, synchronous=FULL), beside the same documents inserted by as many callers without HTTP, validation and figures.\n\n| clients | answers/s | p50 | p99 | documents/s without HTTP | share |\n|---:|---:|---:|---:|---:|---:|\n")
	p, code, err := startSipas(binary, filepath.Join(dir, "intake"))
	if err != nil {
		return err
	}
	defer p.stop()
	round := 0
	for _, n := range []int{1, 8, 32, 128} {
		round++
		limit, err := commitLimit(filepath.Join(dir, fmt.Sprintf("limit%d.db", n)), n, each)
		if err != nil {
			return err
		}
		requests := make([]answerRequest, n)
		for i := range requests {
			requests[i] = newAnswerRequest(p.addr, code)
		}
		r, err := load(p.addr, n, each, 201, func(client, i int) []byte {
			return requests[client].with(round, client, i)
		})
		if err != nil {
			return fmt.Errorf("intake: %w", err)
		}
		fmt.Fprintf(out, "| %d | %.0f | %s | %s | %.0f | %.0f %% |\n", n, r.perSecond, ms(r.p50), ms(r.p99), limit, 100*r.perSecond/limit)
	}
	fmt.Fprintln(out)
	return nil
}

const answerBody = `{"key":"bench-RR-CCCC-IIIIIIII","overall":4,"answers":{"15":5,"16":4,"17":4,"18":3,"19":5,"20":4,"21":4,"22":2,"23":5,"24":4,"25":4,"26":5,"27":4,"28":3,"29":4,"30":5,"31":0,"32":0,"33":0},"extra":{"visits":"2"},"profile":{"sex":"female","age":"35-49"},"lang":"vi"}`

// answerRequest is a whole request whose key is changed in place, so that the
// load costs next to nothing.
type answerRequest struct {
	bytes []byte
	key   int
}

func newAnswerRequest(host, code string) answerRequest {
	b := fmt.Appendf(nil, "POST /api/v1/surveys/%s/responses HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", code, host, len(answerBody), answerBody)
	return answerRequest{b, bytes.Index(b, []byte("bench-"))}
}

func (a answerRequest) with(round, client, i int) []byte {
	copy(a.bytes[a.key:], fmt.Appendf(nil, "bench-%02d-%04d-%08d", round, client, i))
	return a.bytes
}

// commitLimit inserts the documents that the answers above become.
func commitLimit(file string, callers int, each time.Duration) (perSecond float64, err error) {
	ctx := context.Background()
	db, err := store.OpenSQLite(file)
	if err != nil {
		return 0, err
	}
	defer db.Close(ctx)
	c, err := store.Open[document](ctx, db, store.Spec{Name: "responses", Log: true, Indexes: []store.Index{
		{Name: "received", Fields: []store.Field{{Name: "receivedAt", Type: store.Time}}},
	}})
	if err != nil {
		return 0, err
	}
	var mu sync.Mutex
	var all sync.WaitGroup
	total := 0
	start := time.Now()
	for id := range callers {
		all.Go(func() {
			done := 0
			for ; time.Since(start) < each; done++ {
				if e := c.Insert(ctx, sampleDocument(fmt.Sprintf("bench-%02d-%08d", id, done))); e != nil {
					mu.Lock()
					err = e
					mu.Unlock()
					return
				}
			}
			mu.Lock()
			total += done
			mu.Unlock()
		})
	}
	all.Wait()
	return float64(total) / time.Since(start).Seconds(), err
}

func sampleDocument(id string) *document {
	d := &document{Doc: store.Doc{ID: id}, Response: survey.Response{
		Shape: survey.ShapeVersion, Digest: "0123456789abcdef0123456789abcdef", Link: "abcdefgh",
		Questionnaire: survey.ServiceQuestionnaire, QuestionnaireVersion: 1, Area: "dat-dai",
		Channel: survey.ChannelPhone, AnsweredOn: "2026-06-30", ReceivedAt: time.Now(), Overall: 4,
		Profile: survey.Profile{Sex: "female", Age: "35-49"}, Lang: "vi",
	}}
	for i := range 19 {
		d.Answers = append(d.Answers, store.Pair[int]{Key: fmt.Sprint(15 + i), Value: 1 + i%5})
	}
	d.Extra = store.Pairs[string]{{Key: "visits", Value: "2"}}
	return d
}
