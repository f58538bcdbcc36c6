package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"time"
)

// tick is the unit of the times in /proc on every Linux that Go runs on.
const tick = 10 * time.Millisecond

// cores is what the cores of the machine have spent up to a moment.
type cores struct {
	at             time.Time
	all            time.Duration // on anything
	server, itself time.Duration // on the measured server, on this program
}

func readCores(server int) (cores, error) {
	all, err := busy()
	s, err2 := processorTime(server)
	i, err3 := processorTime(os.Getpid())
	return cores{time.Now(), all, s, i}, errors.Join(err, err2, err3)
}

// since returns the server's part and the share of the cores that went to
// neither the server nor this program.
func (c cores) since(before cores) (server time.Duration, others float64) {
	server = c.server - before.server
	rest := c.all - before.all - server - (c.itself - before.itself)
	return server, max(0, float64(rest)/float64(c.at.Sub(before.at))/float64(runtime.NumCPU()))
}

// processorTime is what a process has used up to now.
func processorTime(pid int) (time.Duration, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	fields := bytes.Fields(b[bytes.LastIndexByte(b, ')')+1:]) // from the third, the state
	if len(fields) < 13 {
		return 0, fmt.Errorf("/proc/%d/stat: %d fields", pid, len(fields))
	}
	return sum(fields[11], fields[12]) // user, system
}

// busy is what all cores together have not idled.
func busy() (time.Duration, error) {
	b, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, err
	}
	line, _, _ := bytes.Cut(b, []byte("\n"))
	fields := bytes.Fields(line)
	if len(fields) < 9 {
		return 0, fmt.Errorf("/proc/stat: %q", line)
	}
	// user, nice, system, then without idle and iowait: irq, softirq, steal
	return sum(fields[1], fields[2], fields[3], fields[6], fields[7], fields[8])
}

func sum(ticks ...[]byte) (time.Duration, error) {
	var total time.Duration
	for _, t := range ticks {
		n, err := strconv.Atoi(string(t))
		if err != nil {
			return 0, err
		}
		total += time.Duration(n) * tick
	}
	return total, nil
}

// awaitQuiet waits until nothing takes more than a tenth of the cores, at most
// so long.
func awaitQuiet(atMost time.Duration) error {
	for end := time.Now().Add(atMost); time.Now().Before(end); {
		before, err := busy()
		start := time.Now()
		time.Sleep(250 * time.Millisecond)
		after, err2 := busy()
		if err = errors.Join(err, err2); err != nil {
			return err
		}
		if float64(after-before) < 0.1*float64(time.Since(start))*float64(runtime.NumCPU()) {
			return nil
		}
	}
	return nil
}
