package e2e

import (
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
)

// line is the network between a phone and the server. It can be cut: what was
// open breaks off, and nothing new is answered until it is mended.
type line struct {
	t        *testing.T
	listener net.Listener

	mu    sync.Mutex
	to    string
	isCut bool
	conns map[net.Conn]bool
}

func newLine(t *testing.T) *line {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &line{t: t, listener: listener, conns: map[net.Conn]bool{}}
	t.Cleanup(func() { listener.Close(); l.cut() })
	go l.run()
	return l
}

func (l *line) url() string { return "http://" + l.listener.Addr().String() }

func (l *line) connect(server string) {
	u, err := url.Parse(server)
	if err != nil {
		l.t.Fatal(err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.to = u.Host
}

func (l *line) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.isCut = true
	for c := range l.conns {
		c.Close()
	}
}

func (l *line) mend() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.isCut = false
}

func (l *line) run() {
	for {
		phone, err := l.listener.Accept()
		if err != nil {
			return
		}
		l.mu.Lock()
		to, isCut := l.to, l.isCut
		l.mu.Unlock()
		server, err := net.Dial("tcp", to)
		if isCut || err != nil {
			phone.Close()
			continue
		}
		l.mu.Lock()
		l.conns[phone], l.conns[server] = true, true
		l.mu.Unlock()
		go l.carry(phone, server)
		go l.carry(server, phone)
	}
}

func (l *line) carry(to, from net.Conn) {
	io.Copy(to, from)
	to.Close()
	from.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.conns, from)
}
