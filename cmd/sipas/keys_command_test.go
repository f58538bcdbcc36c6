package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// TestRotateBesideAServer changes the key twice while feedback comes in and is
// looked up: nothing is refused, nothing stays sealed with an old key, all codes go
// on working, and whoever sends again gets the receipt of the first time.
func TestRotateBesideAServer(t *testing.T) {
	vars := map[string]string{"SIPAS_DATA": t.TempDir()}
	path := filepath.Join(vars["SIPAS_DATA"], "keys")
	p := startProgram(t, vars)
	token := inspectionToken(t, vars)
	cases := []sent{p.feedback("petition", "key-00000001"), p.feedback("denunciation", "key-00000002")}
	first, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	old := strings.Fields(keyLineOf(t, first, "personal"))[1]

	var stop atomic.Bool
	var busy sync.WaitGroup
	var mu sync.Mutex
	busy.Go(func() {
		for i := 0; !stop.Load(); i++ {
			s := p.feedback([]string{"petition", "denunciation"}[i%2], fmt.Sprintf("busy-%08d", i))
			if status := p.lookUp(s); status != http.StatusOK {
				t.Errorf("looked up: %d", status)
			}
			mu.Lock()
			cases = append(cases, s)
			mu.Unlock()
		}
	})
	for range 2 {
		if said := must(t, vars, "keys", "rotate"); !strings.Contains(said, "added to "+path) || !strings.Contains(said, "sealed with key") {
			t.Errorf("it says %q", said)
		}
	}
	stop.Store(true)
	busy.Wait()
	if text, err := os.ReadFile(path); err != nil || !strings.HasPrefix(string(text), string(first)) || strings.Count(string(text), "\npersonal ") != 3 {
		t.Errorf("the key file is damaged, %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key file: %v, %v", info.Mode(), err)
	}
	for _, s := range cases {
		if read, found := p.reads(token, s.Code), p.lookUp(s); read != 200 || found != 200 {
			t.Errorf("read %d, looked up %d", read, found)
		}
		if status, text := p.send("POST", "/api/v1/feedback", "", s.body); status != 200 || !strings.Contains(text, s.Secret) {
			t.Errorf("sent again: %d", status)
		}
	}
	list := must(t, vars, "keys", "list")
	if !regexp.MustCompile(`(?m)^` + old + `\s+\S+\s+0\s+0\s+0\s+[1-9]\d*\s+needed for the codes of senders$`).MatchString(list) {
		t.Errorf("the first key in\n%s", list)
	}
	if code, _, stderr := sipas(t, vars, "keys", "remove", old); code != exitUsage || !strings.Contains(stderr, "needed for the codes") {
		t.Errorf("removed: exit %d, %q", code, stderr)
	}
	if p.lines("level=ERROR") > 0 {
		t.Error(p.log)
	}
}

// TestRotateGoesOn: a change of keys that was cut off after the new key is ended by
// the next one, without another key.
func TestRotateGoesOn(t *testing.T) {
	vars := map[string]string{"SIPAS_DATA": t.TempDir()}
	path := filepath.Join(vars["SIPAS_DATA"], "keys")
	p := startProgram(t, vars)
	p.feedback("petition", "key-00000001")
	p.stop()
	added := must(t, vars, "keys", "add")
	said := must(t, vars, "keys", "rotate")
	text, err := os.ReadFile(path)
	if err != nil || strings.Count(string(text), "\npersonal ") != 2 {
		t.Errorf("the key file has %q, %v", regexp.MustCompile(`(?m)^personal \S+`).FindAllString(string(text), -1), err)
	}
	if id := strings.Fields(added)[1]; !strings.Contains(said, "sealed with key "+id+": 1 contacts") || strings.Contains(said, "added") {
		t.Errorf("it says %q", said)
	}
}

// TestRemoveAndForget: a key that nothing needs leaves the file, and one that is
// lost for good is waited for no more.
func TestRemoveAndForget(t *testing.T) {
	vars := map[string]string{"SIPAS_DATA": t.TempDir()}
	path := filepath.Join(vars["SIPAS_DATA"], "keys")
	p := startProgram(t, vars)
	secret := p.feedback("denunciation", "key-00000001")
	token := inspectionToken(t, vars)
	p.stop()
	first, _ := os.ReadFile(path)
	used := strings.Fields(keyLineOf(t, first, "personal"))[1]

	spare := strings.Fields(must(t, vars, "keys", "add"))[1]
	must(t, vars, "keys", "add")
	if code, _, stderr := sipas(t, vars, "keys", "remove", "12345678"); code != exitUsage || !strings.Contains(stderr, "no key") {
		t.Errorf("exit %d, %q", code, stderr)
	}
	must(t, vars, "keys", "remove", spare)
	if text, _ := os.ReadFile(path); strings.Contains(string(text), spare) || !strings.Contains(string(text), used) {
		t.Error("the wrong key was removed")
	}
	if code, _, stderr := sipas(t, vars, "keys", "forget", used); code != exitUsage || !strings.Contains(stderr, "it is not lost") {
		t.Errorf("forgotten: exit %d, %q", code, stderr)
	}

	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	p = startProgram(t, vars)
	must(t, vars, "keys", "forget", used)
	p.stop()
	p = startProgram(t, vars)
	if _, err := os.Stat(path); err != nil {
		t.Errorf("no new key file: %v", err)
	}
	fresh := p.feedback("denunciation", "key-00000002")
	if a, b := p.reads(token, secret.Code), p.reads(token, fresh.Code); a != 503 || b != 200 {
		t.Errorf("the lost one is read with %d, the new one with %d", a, b)
	}
	if a, b := p.lookUp(secret), p.lookUp(fresh); a != 404 || b != 200 {
		t.Errorf("looked up: %d, %d", a, b)
	}
	if p.lines("keys missing") > 0 {
		t.Error(p.log)
	}
}
