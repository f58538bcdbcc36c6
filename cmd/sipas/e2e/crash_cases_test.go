package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
)

// caseStored is as much of a case as TestKilledWhileCasesCome looks at.
type caseStored struct {
	Code, Status string
	Version      int
	Files        []struct{ ID, Name string }
	Steps        []struct{ Step, Note string }
}

// TestKilledWhileCasesCome kills the server twenty times while senders upload
// and an officer classifies what has come, and starts it again on the same
// folder: every acknowledged case is there with both its files, every
// acknowledged step whole, none twice, and nothing sent again makes another.
func TestKilledWhileCasesCome(t *testing.T) {
	data := t.TempDir()
	s := start(t, data)
	token := s.token("inspection")
	photo := noise(t)

	var mu sync.Mutex
	codes := map[string]string{} // by key: acknowledged
	tried := map[string]bool{}   // sent, whatever came of it
	stepped := map[string]bool{} // codes whose step was acknowledged
	for round := range 20 {
		killAfter := int64(2 + round%4)
		var done atomic.Int64
		var killed atomic.Bool
		var all sync.WaitGroup
		for sender := range 3 {
			all.Go(func() {
				for i := 0; !killed.Load(); i++ {
					key := fmt.Sprintf("crash-case-%02d-%d-%04d", round, sender, i)
					mu.Lock()
					tried[key] = true
					mu.Unlock()
					code := s.upload(key, photo)
					if code == "" {
						continue
					}
					mu.Lock()
					codes[key] = code
					mu.Unlock()
					if s.classify(token, code, "ghi chú "+code) {
						mu.Lock()
						stepped[code] = true
						mu.Unlock()
					}
					if done.Add(1) == killAfter {
						s.stop(syscall.SIGKILL)
						killed.Store(true)
					}
				}
			})
		}
		all.Wait()
		if done.Load() < killAfter {
			t.Fatalf("round %d: only %d cases before the server went away by itself:\n%s", round, done.Load(), s.log)
		}
		s = start(t, data)
	}
	for key := range tried {
		code := s.upload(key, photo)
		if was := codes[key]; code == "" || was != "" && was != code {
			t.Fatalf("%s sent again: %q, it was %q", key, code, was)
		}
		codes[key] = code
	}
	seen := map[string]bool{}
	for key, code := range codes {
		if seen[code] {
			t.Errorf("%s has the code of another case", key)
		}
		seen[code] = true
		var c caseStored
		s.call("GET", "/api/v1/cases/"+code, token, nil, &c)
		if len(c.Files) != 2 {
			t.Fatalf("%s has %d files", key, len(c.Files))
		}
		for _, f := range c.Files {
			if _, err := png.Decode(bytes.NewReader(s.fetch(token, "/api/v1/cases/"+code+"/files/"+f.ID))); err != nil {
				t.Errorf("%s: %s: %v", key, f.Name, err)
			}
		}
		whole := c.Version == 1 && c.Status == "received" && !stepped[code] ||
			c.Version == 2 && c.Status == "classified" && c.Steps[1].Note == "ghi chú "+code
		if !whole || len(c.Steps) != c.Version {
			t.Errorf("%s: half a step, or a lost one (acknowledged: %v): %+v", key, stepped[code], c)
		}
	}
	if n := s.cases(token); n != len(codes) {
		t.Errorf("%d cases, %d were sent", n, len(codes))
	}
	t.Logf("%d cases, %d steps acknowledged", len(codes), len(stepped))
}

// noise is a picture of several pieces.
func noise(t *testing.T) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 200, 200))
	r := rand.New(rand.NewPCG(1, 2))
	for i := range m.Pix {
		m.Pix[i] = byte(r.Uint32())
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// upload sends a petition with two pictures and returns its code; "": it was not
// acknowledged.
func (s *server) upload(key string, photo []byte) (code string) {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, value := range map[string]string{"key": key, "kind": "petition", "content": "Nội dung " + key, "consent": "true"} {
		_ = w.WriteField(name, value)
	}
	for n := range 2 {
		f, _ := w.CreateFormFile("files", fmt.Sprintf("anh %d.png", n))
		_, _ = f.Write(photo)
	}
	_ = w.Close()
	r, err := http.Post(s.url+"/api/v1/feedback", w.FormDataContentType(), &body)
	if err != nil {
		return ""
	}
	defer r.Body.Close()
	var receipt struct{ Code string }
	if r.StatusCode > 201 || json.NewDecoder(r.Body).Decode(&receipt) != nil {
		return ""
	}
	return receipt.Code
}

// classify says whether the step was acknowledged.
func (s *server) classify(token, code, note string) bool {
	body := fmt.Sprintf(`{"step":"classify","kind":"petition","version":1,"note":%q}`, note)
	r, err := http.NewRequest("POST", s.url+"/api/v1/cases/"+code+"/steps", strings.NewReader(body))
	if err != nil {
		return false
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	defer a.Body.Close()
	_, err = io.Copy(io.Discard, a.Body)
	return err == nil && a.StatusCode == http.StatusOK
}

// cases counts the cases in the whole list.
func (s *server) cases(token string) (n int) {
	for after := ""; ; {
		var page struct {
			Items []struct{ Code string }
			Next  *string
		}
		s.call("GET", "/api/v1/cases?limit=100&after="+after, token, nil, &page)
		n += len(page.Items)
		if page.Next == nil {
			return n
		}
		after = *page.Next
	}
}
