//go:build protocol

package store_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"sipas/internal/store"
	"sipas/internal/store/storetest"
)

// TestMongoLostAnswers cuts the connection after the server has done a write
// and before its answer arrives: the write is unknown, and repeating settles
// it, each kind in its way.
func TestMongoLostAnswers(t *testing.T) {
	proxy := newProxy(t, storetest.FerretDB(t))
	s := openMongo(t, proxy.uri+"/lost_answers")
	c, err := store.Open[note](t.Context(), s, notes)
	if err != nil {
		t.Fatal(err)
	}
	unknown := func(doing string, write func() error) {
		t.Helper()
		proxy.cut.Store(true)
		if err := write(); !errors.Is(err, store.ErrUnknown) {
			t.Fatalf("%s with its answer lost: got %v, want %v", doing, err, store.ErrUnknown)
		}
		if proxy.cut.Load() {
			t.Fatalf("%s never reached the server", doing)
		}
	}
	settled := func(doing string, err, want error) {
		t.Helper()
		if !errors.Is(err, want) || want == nil && err != nil {
			t.Fatalf("%s: got %v, want %v", doing, err, want)
		}
	}
	n := &note{Doc: store.Doc{ID: marker}, Text: "first"}
	unknown("insert", func() error { return c.Insert(t.Context(), n) })
	settled("insert again", c.Insert(t.Context(), n), store.ErrExists)

	n, err = c.Get(t.Context(), marker)
	settled("get", err, nil)
	n.Text = "second"
	unknown("replace", func() error { return c.Replace(t.Context(), n) })
	settled("replace again", c.Replace(t.Context(), n), nil)
	if n.Version != 2 {
		t.Errorf("the version is %d after one Replace that was repeated", n.Version)
	}

	// With other content it is another write: the first one is in its way.
	n.Text = "third"
	unknown("replace", func() error { return c.Replace(t.Context(), n) })
	n.Text = "not the third"
	settled("another replace", c.Replace(t.Context(), n), store.ErrStale)

	// Somebody else was quicker after the lost answer.
	n, err = c.Get(t.Context(), marker)
	settled("get", err, nil)
	n.Text = "fourth"
	unknown("replace", func() error { return c.Replace(t.Context(), n) })
	theirs, err := c.Get(t.Context(), marker)
	settled("get", err, nil)
	theirs.Text = "theirs"
	settled("their replace", c.Replace(t.Context(), theirs), nil)
	settled("replace again", c.Replace(t.Context(), n), store.ErrStale)
	settled("and again", c.Replace(t.Context(), n), store.ErrStale)

	if n := proxy.weak.Load(); n > 0 {
		t.Errorf("%d commands without the concerns of a majority and the journal", n)
	}

	unknown("delete", func() error { return c.Delete(t.Context(), marker) })
	settled("delete again", c.Delete(t.Context(), marker), store.ErrNotFound)
}

// TestMongoAway: with no server to select, nothing was sent.
func TestMongoAway(t *testing.T) {
	proxy := newProxy(t, storetest.FerretDB(t))
	s := openMongo(t, proxy.uri+"/away")
	c, err := store.Open[note](t.Context(), s, notes)
	if err != nil {
		t.Fatal(err)
	}
	proxy.stop()
	// The first call may find out on an open connection, and not know.
	_ = c.Insert(t.Context(), &note{Doc: store.Doc{ID: "first"}})
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond) // sooner than the engine's own
	defer cancel()
	outcomes := make(chan error, 3)
	go func() { outcomes <- c.Insert(ctx, &note{Doc: store.Doc{ID: "x"}}) }()
	go func() { _, err := c.Get(ctx, "x"); outcomes <- err }()
	go func() { outcomes <- s.Ping(ctx) }()
	for range 3 {
		err := <-outcomes
		if !errors.Is(err, store.ErrUnavailable) {
			t.Errorf("got %v, want %v", err, store.ErrUnavailable)
		}
	}
}

// marker is the id by which the proxy knows a write.
const marker = "the-marked-document"

// proxy stands between driver and server.
type proxy struct {
	uri      string
	cut      atomic.Bool  // lose the answer to the next write of marker
	weak     atomic.Int64 // commands on marker that did not ask for the promised concerns
	listener net.Listener
	server   string
	conns    chan net.Conn
}

func newProxy(t *testing.T, server string) *proxy {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{uri: "mongodb://" + l.Addr().String(), listener: l, server: u.Host, conns: make(chan net.Conn, 1000)}
	t.Cleanup(p.stop)
	go p.accept()
	return p
}

func (p *proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.server)
		if err != nil {
			_ = client.Close()
			continue
		}
		p.conns <- client
		go p.forward(client, server)
	}
}

// forward takes turns, as the protocol does: a message, its answer.
func (p *proxy) forward(client, server net.Conn) {
	defer client.Close()
	defer server.Close()
	for {
		message, err := readMessage(client)
		if err != nil {
			return
		}
		if _, err := server.Write(message); err != nil {
			return
		}
		answer, err := readMessage(server)
		if err != nil {
			return
		}
		if bytes.Contains(message, []byte(marker)) && !isStrong(message) {
			p.weak.Add(1)
		}
		if isWrite(message) && p.cut.CompareAndSwap(true, false) {
			return
		}
		if _, err := client.Write(answer); err != nil {
			return
		}
	}
}

func isWrite(message []byte) bool {
	return bytes.Contains(message, []byte(marker)) && !bytes.Contains(message, []byte("\x02find\x00"))
}

// isStrong looks for {level: "majority"} in a find, and for {w: "majority",
// j: true} in anything else.
func isStrong(message []byte) bool {
	if !isWrite(message) {
		return bytes.Contains(message, []byte("\x02level\x00\x09\x00\x00\x00majority\x00"))
	}
	return bytes.Contains(message, []byte("\x02w\x00\x09\x00\x00\x00majority\x00")) && bytes.Contains(message, []byte("\x08j\x00\x01"))
}

// readMessage reads a message of the MongoDB protocol, which begins with its length.
func readMessage(r io.Reader) ([]byte, error) {
	message := make([]byte, 4)
	if _, err := io.ReadFull(r, message); err != nil {
		return nil, err
	}
	n := int(message[0]) | int(message[1])<<8 | int(message[2])<<16 | int(message[3])<<24
	message = append(message, make([]byte, n-4)...)
	_, err := io.ReadFull(r, message[4:])
	return message, err
}

// stop ends all connections and takes no new ones.
func (p *proxy) stop() {
	_ = p.listener.Close()
	for {
		select {
		case c := <-p.conns:
			_ = c.Close()
		default:
			return
		}
	}
}
