package e2e

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
)

// TestKilledUnderLoad kills the server twenty times while eight senders answer,
// each time after another number of acknowledgements, and starts it again on
// the same folder: every acknowledged answer is in the figures, and sending all
// of them again changes nothing.
func TestKilledUnderLoad(t *testing.T) {
	data := t.TempDir()
	s := start(t, data)
	token := s.token("office")
	code := s.link(token, "counter", map[string]any{"area": "dat-dai"}).Code

	var mu sync.Mutex
	acknowledged := map[string]bool{}
	unknown := map[string]bool{} // sent, and the server died before it said anything
	for round := range 20 {
		killAfter := int64(20 + 13*round)
		var done atomic.Int64
		var killed atomic.Bool
		var senders sync.WaitGroup
		for sender := range 8 {
			senders.Go(func() {
				for i := 0; !killed.Load(); i++ {
					key := fmt.Sprintf("crash-%02d-%d-%05d", round, sender, i)
					ok := s.send(code, key)
					mu.Lock()
					if ok {
						acknowledged[key] = true
					} else {
						unknown[key] = true
					}
					mu.Unlock()
					if ok && done.Add(1) == killAfter {
						s.stop(syscall.SIGKILL)
						killed.Store(true)
					}
				}
			})
		}
		senders.Wait()
		if done.Load() < killAfter {
			t.Fatalf("round %d: only %d answers were acknowledged before the server went away by itself:\n%s", round, done.Load(), s.log)
		}
		s = start(t, data)
		stored, _ := s.statistics(token, "")
		if stored.Responses < len(acknowledged) {
			t.Fatalf("round %d: %d acknowledged, %d in the figures", round, len(acknowledged), stored.Responses)
		}
		if most := len(acknowledged) + len(unknown); stored.Responses > most {
			t.Fatalf("round %d: %d in the figures, only %d ever sent", round, stored.Responses, most)
		}
	}
	// Every acknowledged answer is there under its own key: sending it again is
	// told so, and counts nothing.
	before, _ := s.statistics(token, "")
	for key := range acknowledged {
		if status := s.post(code, key); status != http.StatusOK {
			t.Errorf("%s was acknowledged, and sent again it gets %d", key, status)
		}
	}
	for key := range unknown {
		if !s.send(code, key) {
			t.Errorf("%s sent again is refused", key)
		}
	}
	after, _ := s.statistics(token, "")
	if after.Responses != len(acknowledged)+len(unknown) {
		t.Errorf("%d in the figures before, %d after, %d different answers were sent", before.Responses, after.Responses, len(acknowledged)+len(unknown))
	}
	t.Logf("20 kills, %d answers acknowledged, %d cut off", len(acknowledged), len(unknown))
}

// send reports whether the answer was acknowledged, now or earlier.
func (s *server) send(code, key string) bool {
	status := s.post(code, key)
	return status == http.StatusCreated || status == http.StatusOK
}

// post returns the status of the answer, 0 if there was none.
func (s *server) post(code, key string) int {
	body := fmt.Sprintf(`{"key":%q,"overall":4,"answers":{"15":5,"16":4,"23":2},"comment":"Nhanh, gọn"}`, key)
	resp, err := http.Post(s.url+"/api/v1/surveys/"+code+"/responses", "application/json", bytes.NewReader([]byte(body)))
	if err != nil {
		return 0
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}
