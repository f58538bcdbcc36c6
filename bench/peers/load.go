package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// rate is what a load showed.
type rate struct {
	answers   int
	perSecond float64
	p50, p99  time.Duration
	processor time.Duration // of the server, an answer
	others    float64       // share of the cores that went to other programs
}

// client sends requests over one connection that stays open, with as little
// work as HTTP allows: the load shares the cores with the server.
type client struct {
	conn net.Conn
	in   *bufio.Reader
}

func dial(addr string) (*client, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	return &client{conn, bufio.NewReaderSize(conn, 64<<10)}, nil
}

// do sends a whole request and returns the status of its answer, which it reads
// to the end.
func (c *client) do(request []byte) (status int, err error) {
	if err := c.conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		return 0, err
	}
	if _, err := c.conn.Write(request); err != nil {
		return 0, err
	}
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if len(line) < 12 {
		return 0, fmt.Errorf("no status: %q", line)
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, err
	}
	length, chunked, err := c.header()
	switch {
	case err != nil:
		return 0, err
	case chunked:
		err = c.skipChunks()
	case length >= 0:
		_, err = c.in.Discard(length)
	default:
		err = fmt.Errorf("an answer without a length")
	}
	return status, err
}

// header reads up to the empty line.
func (c *client) header() (length int, chunked bool, err error) {
	for length = -1; ; {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return 0, false, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			return length, chunked, nil
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		switch string(name) { // as net/http and Node write them
		case "Content-Length":
			if length, err = strconv.Atoi(strings.TrimSpace(string(value))); err != nil {
				return 0, false, err
			}
		case "Transfer-Encoding":
			chunked = true
		}
	}
}

// skipChunks reads a chunked body without trailers.
func (c *client) skipChunks() error {
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		size, err := strconv.ParseUint(strings.TrimSpace(string(line)), 16, 31)
		if err != nil {
			return err
		}
		if _, err := c.in.Discard(int(size) + len("\r\n")); err != nil || size == 0 {
			return err
		}
	}
}

// request is a whole request whose key is changed in place, so that the load
// costs next to nothing.
type request struct {
	bytes []byte
	key   int
}

func newRequest(s *system) request {
	b := fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", s.path, s.addr, len(s.body), s.body)
	return request{b, bytes.Index(b, []byte(keyTemplate))}
}

func (r request) with(run, client, i int) []byte {
	copy(r.bytes[r.key:], fmt.Appendf(nil, "bench-%02d-%04d-%08d", run%100, client, i))
	return r.bytes
}

// load sends answers from n clients, each as fast as it is answered. Whatever
// is not acknowledged is an error.
func load(s *system, run, n int, each time.Duration) (rate, error) {
	var mu sync.Mutex
	var took []time.Duration
	var failed error
	var clients sync.WaitGroup
	before, err := readCores(s.cmd.Process.Pid)
	if err != nil {
		return rate{}, err
	}
	start := time.Now()
	for id := range n {
		clients.Go(func() {
			mine, err := one(s, run, id, start.Add(each))
			mu.Lock()
			defer mu.Unlock()
			took = append(took, mine...)
			if err != nil {
				failed = err
			}
		})
	}
	clients.Wait()
	in := time.Since(start)
	after, err := readCores(s.cmd.Process.Pid)
	if failed != nil || err != nil {
		return rate{}, errors.Join(failed, err)
	}
	r := newRate(took, in)
	server, others := after.since(before)
	r.processor, r.others = server/time.Duration(max(r.answers, 1)), others
	return r, nil
}

// one is one client.
func one(s *system, run, id int, end time.Time) (took []time.Duration, err error) {
	c, err := dial(s.addr)
	if err != nil {
		return nil, err
	}
	defer c.conn.Close()
	r := newRequest(s)
	took = make([]time.Duration, 0, 1<<16)
	for i := 0; ; i++ {
		sent := time.Now()
		if sent.After(end) {
			return took, nil
		}
		status, err := c.do(r.with(run, id, i))
		if err != nil {
			return took, err
		}
		if status != http.StatusOK && status != http.StatusCreated {
			return took, fmt.Errorf("%s: status %d", s.name, status)
		}
		took = append(took, time.Since(sent))
	}
}

func newRate(took []time.Duration, in time.Duration) rate {
	if len(took) == 0 {
		return rate{}
	}
	slices.Sort(took)
	return rate{
		answers:   len(took),
		perSecond: float64(len(took)) / in.Seconds(),
		p50:       took[len(took)/2],
		p99:       took[len(took)*99/100],
	}
}
