//go:build protocol

package e2e

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// mongo starts the protocol server that the store's tests use and returns the
// address of a database on it. It lives as long as its standard input is open.
func mongo(t *testing.T) string {
	t.Helper()
	cmd := exec.Command(os.Getenv("SIPAS_TEST_FERRETDB"), t.TempDir())
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("SIPAS_TEST_FERRETDB: %v", err)
	}
	t.Cleanup(func() { in.Close(); cmd.Wait() })
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatal("the protocol server does not say where it listens")
	}
	return strings.TrimSuffix(lines.Text(), "/") + "/sipas"
}

// TestThreeServersOverMidnight runs three servers on one store with a clock that
// the test drives, and kills one at each midnight: no day is sealed twice or
// differently, no answer is in two segments or none, and all agree.
func TestThreeServersOverMidnight(t *testing.T) {
	driven := filepath.Join(t.TempDir(), "sipas")
	if err := build(driven, "-tags", "testclock"); err != nil {
		t.Fatal(err)
	}
	program := binary
	binary = driven
	t.Cleanup(func() { binary = program })

	clock := filepath.Join(t.TempDir(), "clock")
	set := func(moment string) {
		t.Helper()
		if err := os.WriteFile(clock+".new", []byte(moment), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(clock+".new", clock); err != nil {
			t.Fatal(err)
		}
	}
	set("2026-06-01T23:50:00+07:00")
	env := []string{"MONGODB_URI=" + mongo(t), "SIPAS_TEST_CLOCK=" + clock}
	servers := make([]*server, 3)
	for i := range servers {
		servers[i] = start(t, t.TempDir(), env...)
	}
	token := servers[0].token("office")
	code := servers[0].link(token, "counter", map[string]any{"area": "dat-dai"}).Code

	var mu sync.Mutex
	sent := map[string]bool{} // every key that was tried, and whether it was acknowledged
	try := func(s *server, key string) {
		acknowledged := s.send(code, key)
		mu.Lock()
		defer mu.Unlock()
		sent[key] = acknowledged
	}
	for day := range 3 {
		var senders sync.WaitGroup
		stop := make(chan struct{})
		for i, s := range servers {
			senders.Go(func() {
				for n := 0; n < 60; n++ {
					select {
					case <-stop:
						return
					default:
						try(s, fmt.Sprintf("midnight-%d-%d-%04d", day, i, n))
					}
				}
			})
		}
		set(fmt.Sprintf("2026-06-%02dT23:59:59+07:00", day+1))
		set(fmt.Sprintf("2026-06-%02dT00:02:00+07:00", day+2))
		victim := servers[day]
		others := []*server{servers[(day+1)%3], servers[(day+2)%3]}
		if day%2 == 0 { // in the middle of sealing, or just before
			eventually(t, "somebody seals", func() bool { return len(others[0].seals()) > day })
		}
		victim.stop(syscall.SIGKILL)
		eventually(t, "the others have sealed the day", func() bool { return len(others[0].seals()) == day+1 })
		close(stop)
		senders.Wait()
		servers[day] = start(t, t.TempDir(), env...)
	}
	// What was cut off is sent again until it is acknowledged: counted once.
	for key, acknowledged := range sent {
		if !acknowledged {
			eventually(t, "acknowledged", func() bool { return servers[0].send(code, key) })
		}
	}
	set("2026-06-05T08:00:00+07:00")
	for i, s := range servers {
		eventually(t, fmt.Sprintf("server %d counts every answer once", i), func() bool {
			overall, _ := s.statistics(token, "")
			return overall.Responses == len(sent) && len(s.seals()) == 4
		})
	}
	out, errs, exit := servers[0].sipas("verify")
	if exit != 0 || !strings.Contains(out, fmt.Sprintf("with %d answers", len(sent))) {
		t.Errorf("verify: exit %d, %d answers were sent: %s%s", exit, len(sent), out, errs)
	}
	t.Logf("%d answers over three midnights, three servers killed; %s", len(sent), strings.TrimSpace(out))
}
