package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// rate is what a load showed.
type rate struct {
	perSecond float64
	p50, p99  time.Duration
	bytes     int // of one answer's body
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

// do sends a whole request and returns status and length of the answer.
func (c *client) do(request []byte) (status, length int, err error) {
	if _, err := c.conn.Write(request); err != nil {
		return 0, 0, err
	}
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return 0, 0, err
	}
	if len(line) < 12 {
		return 0, 0, fmt.Errorf("no status: %q", line)
	}
	status, _ = strconv.Atoi(string(line[9:12]))
	length = -1
	chunked := false
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return 0, 0, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		switch string(name) { // as net/http writes them
		case "Content-Length":
			length, _ = strconv.Atoi(strings.TrimSpace(string(value)))
		case "Transfer-Encoding":
			chunked = true
		}
	}
	if chunked || length < 0 {
		return 0, 0, fmt.Errorf("an answer without a length")
	}
	_, err = c.in.Discard(length)
	return status, length, err
}

// load sends requests from n clients, each as fast as it is answered, and
// counts those with the wanted status; another status is an error.
func load(addr string, n int, each time.Duration, want int, request func(client, i int) []byte) (rate, error) {
	var mu sync.Mutex
	var took []time.Duration
	var size int
	var failed error
	var clients sync.WaitGroup
	start := time.Now()
	end := start.Add(each)
	for id := range n {
		clients.Go(func() {
			c, err := dial(addr)
			var mine []time.Duration
			length := 0
			for i := 0; err == nil && time.Now().Before(end); i++ {
				r := request(id, i)
				sent := time.Now()
				var status int
				if status, length, err = c.do(r); err == nil && status != want {
					err = fmt.Errorf("status %d instead of %d", status, want)
				}
				mine = append(mine, time.Since(sent))
			}
			if c != nil {
				c.conn.Close()
			}
			mu.Lock()
			defer mu.Unlock()
			took, size = append(took, mine...), length
			if err != nil && !errors.Is(err, io.EOF) {
				failed = err
			}
		})
	}
	clients.Wait()
	return newRate(took, time.Since(start), size), failed
}

func newRate(took []time.Duration, in time.Duration, size int) rate {
	if len(took) == 0 {
		return rate{}
	}
	slices.Sort(took)
	return rate{
		perSecond: float64(len(took)) / in.Seconds(),
		p50:       took[len(took)/2],
		p99:       took[len(took)*99/100],
		bytes:     size,
	}
}

func ms(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d)/float64(time.Millisecond)) }
