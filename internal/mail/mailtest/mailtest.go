// Package mailtest is a mail server for tests: it speaks SMTP on loopback and
// keeps what it takes.
package mailtest

import (
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
)

// Server is a mail server that runs until the test ends.
type Server struct {
	Addr string // host:port

	t        testing.TB
	listener net.Listener
	server   *smtp.Server
	mu       sync.Mutex
	letters  []string
	refuse   map[string]int // code by address
}

// Start starts a server.
func Start(t testing.TB) *Server {
	t.Helper()
	s := &Server{t: t, refuse: map[string]int{}}
	s.listen("127.0.0.1:0")
	t.Cleanup(s.Stop)
	return s
}

func (s *Server) listen(addr string) {
	s.t.Helper()
	l, err := net.Listen("tcp", addr)
	if err != nil {
		s.t.Fatal(err)
	}
	s.listener, s.Addr = l, l.Addr().String()
	s.server = smtp.NewServer(s)
	s.server.Domain = "localhost"
	go func() { _ = s.server.Serve(l) }()
}

// Stop makes the server be away.
func (s *Server) Stop() {
	s.listener.Close()
	s.server.Close()
}

// Restart brings a stopped server back to its address.
func (s *Server) Restart() {
	s.t.Helper()
	s.listen(s.Addr)
}

// Refuse answers mail from or to an address with the code; 0: takes it again.
func (s *Server) Refuse(address string, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse[address] = code
}

// Letters returns what it has taken, as it came.
func (s *Server) Letters() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.letters)
}

// Letter is a letter as a mailbox shows it.
type Letter struct {
	ID, From, To, Subject, Text string
	Header                      mail.Header
}

// Read returns what it has taken, decoded.
func (s *Server) Read() (list []Letter) {
	s.t.Helper()
	for _, raw := range s.Letters() {
		m, err := mail.ReadMessage(strings.NewReader(raw))
		if err != nil {
			s.t.Fatal(err)
		}
		body := m.Body
		if m.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
			body = quotedprintable.NewReader(body)
		}
		text, err := io.ReadAll(body)
		if err != nil {
			s.t.Fatal(err)
		}
		l := Letter{ID: m.Header.Get("Message-Id"), To: m.Header.Get("To"), Text: string(text), Header: m.Header}
		for to, name := range map[*string]string{&l.Subject: "Subject", &l.From: "From"} {
			if *to, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get(name)); err != nil {
				s.t.Fatal(err)
			}
		}
		list = append(list, l)
	}
	return list
}

// NewSession implements smtp.Backend.
func (s *Server) NewSession(*smtp.Conn) (smtp.Session, error) { return session{s}, nil }

type session struct{ s *Server }

func (session) Reset()        {}
func (session) Logout() error { return nil }

func (x session) Mail(from string, _ *smtp.MailOptions) error { return x.refusal(from) }

func (x session) Rcpt(to string, _ *smtp.RcptOptions) error { return x.refusal(to) }

func (x session) refusal(address string) error {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	if code := x.s.refuse[address]; code != 0 {
		return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 1, 1}, Message: "no " + address}
	}
	return nil
}

func (x session) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	x.s.letters = append(x.s.letters, string(b))
	return err
}
