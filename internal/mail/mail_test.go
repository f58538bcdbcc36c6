package mail_test

import (
	"errors"
	"net"
	"strings"
	"testing"

	"sipas/internal/mail"
	"sipas/internal/mail/mailtest"
)

func client(t *testing.T, addr string) *mail.Server {
	t.Helper()
	c, err := mail.New("smtp://"+addr, "Sở Nông nghiệp và Môi trường <mot-cua@example.gov.vn>")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func letter(to string) mail.Letter {
	return mail.Letter{ID: "case-K7-2-sender", To: to, Subject: "Vụ việc đã có trả lời", Text: "Kính gửi ông/bà,\n\nđã có trả lời.\n"}
}

func TestSend(t *testing.T) {
	s := mailtest.Start(t)
	c := client(t, s.Addr)
	for range 2 {
		if err := c.Send(t.Context(), letter("dan@example.vn")); err != nil {
			t.Fatal(err)
		}
	}
	got := s.Read()
	if len(got) != 2 || got[0].ID != got[1].ID || !strings.HasSuffix(got[0].ID, "@example.gov.vn>") || strings.Contains(got[0].ID, "K7") {
		t.Fatalf("one letter sent twice: %+v", got)
	}
	l := got[0]
	if l.Subject != "Vụ việc đã có trả lời" || l.To != "<dan@example.vn>" || l.From != `Sở Nông nghiệp và Môi trường <mot-cua@example.gov.vn>` ||
		strings.ReplaceAll(l.Text, "\r\n", "\n") != "Kính gửi ông/bà,\n\nđã có trả lời.\n" {
		t.Errorf("%+v", l)
	}
	if l.Header.Get("Auto-Submitted") != "auto-generated" {
		t.Error("mailboxes on holiday would answer it")
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
			s := mailtest.Start(t)
			s.Refuse(test.refuse, test.code)
			err := client(t, s.Addr).Send(t.Context(), letter(test.to))
			for _, known := range []error{mail.ErrRefused, mail.ErrAway} {
				if errors.Is(err, known) != (known == test.want) {
					t.Errorf("got %v, want %v", err, test.want)
				}
			}
			if err == nil || len(s.Letters()) > 0 {
				t.Errorf("sent: %q", s.Letters())
			} else if strings.Contains(err.Error(), "example") {
				t.Errorf("the error names an address: %v", err)
			}
		})
	}
}

func TestNobodyListens(t *testing.T) {
	s := mailtest.Start(t)
	s.Stop()
	if err := client(t, s.Addr).Send(t.Context(), letter("dan@example.vn")); !errors.Is(err, mail.ErrAway) {
		t.Errorf("got %v", err)
	}
}

// TestNoLettersInTheClear: a server elsewhere that offers no TLS gets nothing.
func TestNoLettersInTheClear(t *testing.T) {
	s := mailtest.Start(t)
	_, port, _ := net.SplitHostPort(s.Addr)
	// The address of this machine by which nobody can tell that it is.
	elsewhere, err := mail.New("smtp://0.0.0.0:"+port, "a@example.gov.vn")
	if err != nil {
		t.Fatal(err)
	}
	if err := elsewhere.Send(t.Context(), letter("dan@example.vn")); !errors.Is(err, mail.ErrAway) || len(s.Letters()) > 0 {
		t.Errorf("got %v, letters %q", err, s.Letters())
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
