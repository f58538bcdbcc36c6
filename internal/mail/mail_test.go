package mail_test

import (
	"context"
	"errors"
	"io"
	"mime"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"

	"sipas/internal/mail"
)

// server is a mail server on loopback that keeps what it takes.
type server struct {
	mu      sync.Mutex
	addr    string
	letters []string
	refuse  map[string]*smtp.SMTPError // by address
}

func (s *server) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{s: s}, nil }

type session struct{ s *server }

func (*session) Reset()        {}
func (*session) Logout() error { return nil }

func (x *session) Mail(from string, _ *smtp.MailOptions) error { return x.refusal(from) }

func (x *session) Rcpt(to string, _ *smtp.RcptOptions) error { return x.refusal(to) }

func (x *session) refusal(address string) error {
	if e := x.s.refuse[address]; e != nil {
		return e
	}
	return nil
}

func (x *session) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	x.s.letters = append(x.s.letters, string(b))
	return err
}

func start(t *testing.T) *server {
	t.Helper()
	s := &server{refuse: map[string]*smtp.SMTPError{}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	smtpServer := smtp.NewServer(s)
	smtpServer.Domain = "localhost"
	go smtpServer.Serve(l)
	t.Cleanup(func() { smtpServer.Close() })
	s.addr = l.Addr().String()
	return s
}

func (s *server) client(t *testing.T) *mail.Server {
	t.Helper()
	c, err := mail.New("smtp://"+s.addr, "Sở Nông nghiệp và Môi trường <mot-cua@example.gov.vn>")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func letter(to string) mail.Letter {
	return mail.Letter{ID: "case-K7-2-sender", To: to, Subject: "Vụ việc đã có trả lời", Text: "Kính gửi ông/bà,\n\nđã có trả lời.\n"}
}

func TestSend(t *testing.T) {
	s := start(t)
	c := s.client(t)
	for range 2 {
		if err := c.Send(t.Context(), letter("dan@example.vn")); err != nil {
			t.Fatal(err)
		}
	}
	var ids []string
	for _, text := range s.letters {
		m, err := netmail.ReadMessage(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, m.Header.Get("Message-Id"))
		subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		if err != nil || subject != "Vụ việc đã có trả lời" {
			t.Errorf("subject %q, %v", subject, err)
		}
		from, err := m.Header.AddressList("From")
		if err != nil || from[0].Name != "Sở Nông nghiệp và Môi trường" || from[0].Address != "mot-cua@example.gov.vn" {
			t.Errorf("from %v, %v", from, err)
		}
		if m.Header.Get("Auto-Submitted") != "auto-generated" {
			t.Error("mailboxes on holiday would answer it")
		}
	}
	if len(ids) != 2 || ids[0] != ids[1] || !strings.HasSuffix(ids[0], "@example.gov.vn>") || strings.Contains(ids[0], "K7") {
		t.Errorf("ids of one letter sent twice: %v", ids)
	}
}

func TestFailures(t *testing.T) {
	for name, test := range map[string]struct {
		refuse string
		code   int
		to     string
		want   error
	}{
		"nobody of that name":   {"dan@example.vn", 550, "dan@example.vn", mail.ErrRefused},
		"not now":               {"dan@example.vn", 450, "dan@example.vn", nil},
		"the server goes away":  {"dan@example.vn", 421, "dan@example.vn", mail.ErrAway},
		"it does not take ours": {"mot-cua@example.gov.vn", 550, "dan@example.vn", mail.ErrAway},
		"no address":            {"", 0, "dan tai example", mail.ErrRefused},
		"a header in it":        {"", 0, "dan@example.vn\r\nBcc: ba@example.vn", mail.ErrRefused},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t)
			if test.refuse != "" {
				s.refuse[test.refuse] = &smtp.SMTPError{Code: test.code, EnhancedCode: smtp.EnhancedCode{test.code / 100, 1, 1}, Message: "no " + test.refuse}
			}
			err := s.client(t).Send(t.Context(), letter(test.to))
			for _, known := range []error{mail.ErrRefused, mail.ErrAway} {
				if errors.Is(err, known) != (known == test.want) {
					t.Errorf("got %v, want %v", err, test.want)
				}
			}
			if err == nil || len(s.letters) > 0 {
				t.Errorf("sent: %q", s.letters)
			} else if strings.Contains(err.Error(), "example") {
				t.Errorf("the error names an address: %v", err)
			}
		})
	}
}

func TestNobodyListens(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	if err := (&server{addr: addr}).client(t).Send(context.Background(), letter("dan@example.vn")); !errors.Is(err, mail.ErrAway) {
		t.Errorf("got %v", err)
	}
}

// TestNoLettersInTheClear: a server elsewhere that offers no TLS gets nothing.
func TestNoLettersInTheClear(t *testing.T) {
	s := start(t)
	_, port, _ := net.SplitHostPort(s.addr)
	// The address of this machine by which nobody can tell that it is.
	elsewhere, err := mail.New("smtp://0.0.0.0:"+port, "a@example.gov.vn")
	if err != nil {
		t.Fatal(err)
	}
	if err := elsewhere.Send(t.Context(), letter("dan@example.vn")); !errors.Is(err, mail.ErrAway) || len(s.letters) > 0 {
		t.Errorf("got %v, letters %q", err, s.letters)
	}
}

func TestWrongAddresses(t *testing.T) {
	for _, test := range [][2]string{
		{"mail.example.vn", "a@example.vn"}, {"http://mail.example.vn", "a@example.vn"}, {"smtp://", "a@example.vn"},
		{"smtp://u:bi-mat@mail.example.vn:x", "a@example.vn"}, {"smtp://u:bi-mat@mail.example.vn", "Sở"},
		{"smtp://u:bi-mat@mail.example.vn:99999", "a@example.vn"}, {"smtp://mail.example.vn", "a@example.vn\r\nBcc: b@example.vn"},
	} {
		if _, err := mail.New(test[0], test[1]); err == nil || strings.Contains(err.Error(), "bi-mat") {
			t.Errorf("%v: %v", test, err)
		}
	}
}
