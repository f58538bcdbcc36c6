// Package mail hands plain letters to a mail server.
package mail

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"sipas/internal/fault"
)

// What callers tell apart; any other error of Send is worth another try.
var (
	// ErrRefused: the server will never take a letter to this address.
	ErrRefused = fault.New(fault.Conflict, "mail_refused")
	// ErrAway: the server cannot be reached, or takes no letter from us.
	ErrAway = fault.New(fault.Unavailable, "mail_away")
)

// errLater: the server does not take this letter now.
var errLater = fault.New(fault.Unavailable, "mail_later")

// Letter is one mail to one person.
type Letter struct {
	ID      string // the same for a letter that is sent again, so that mailboxes can show it once
	To      string // address
	Subject string
	Text    string
}

// Server is a mail server that takes our letters. It may be used by many at
// once; every letter is a connection of its own.
type Server struct {
	host, from, domain string
	options            []gomail.Option
}

// patience is how long the server has for one letter.
const patience = 30 * time.Second

// New reads the address of a server, smtp://USER:PASSWORD@HOST:PORT with
// STARTTLS or smtps:// with TLS from the start, and the address that letters
// come from, "Sở … <hop-thu@example.vn>". Without TLS it speaks only to this
// machine, or with ?starttls=optional. The error says what is
// allowed, and never holds the password.
func New(address, from string) (*Server, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, errors.New("smtp://user:password@host:port or smtps://user:password@host:port")
	}
	sender, err := netmail.ParseAddress(from)
	if err != nil {
		return nil, errors.New("with SIPAS_MAIL_FROM the address that mail comes from, as in Sở A <hop-thu@example.vn>")
	}
	s := &Server{host: u.Hostname(), from: sender.String(), domain: sender.Address[strings.LastIndexByte(sender.Address, '@')+1:]}
	s.options = []gomail.Option{gomail.WithTimeout(patience)}
	port := 587
	switch {
	case u.Scheme == "smtps":
		port = 465
		s.options = append(s.options, gomail.WithSSL())
	case u.Query().Get("starttls") == "optional" || isLoopback(s.host):
		s.options = append(s.options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	default:
		s.options = append(s.options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if p := u.Port(); p != "" {
		if port, err = strconv.Atoi(p); err != nil {
			return nil, errors.New("a number for the port")
		}
	}
	s.options = append(s.options, gomail.WithPort(port))
	if password, given := u.User.Password(); given {
		s.options = append(s.options, gomail.WithUsername(u.User.Username()), gomail.WithPassword(password),
			gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover))
	}
	if _, err := gomail.NewClient(s.host, s.options...); err != nil {
		return nil, errors.New("an address of a mail server with a port from 1 to 65535")
	}
	return s, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Send hands over one letter. When it returns nil the server has taken it.
func (s *Server) Send(ctx context.Context, l Letter) error {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := errors.Join(m.From(s.from), m.To(l.To)); err != nil {
		return ErrRefused.Because(errors.New("no address that mail can be sent to")) // the error names the address
	}
	m.Subject(l.Subject)
	m.SetBodyString(gomail.TypeTextPlain, l.Text)
	m.SetDate()
	m.SetMessageIDWithValue(fmt.Sprintf("%x@%s", sha256.Sum256([]byte(l.ID)), s.domain))
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	client, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	if err := client.DialWithContext(ctx); err != nil {
		return ErrAway.Because(err)
	}
	err = client.Send(m)
	_ = client.Close() // the letter has been taken or not by now
	return classified(err)
}

// classified says what a failure means. The server's words are left out: they
// may hold the address.
func classified(err error) error {
	var said *gomail.SendError
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &said):
		return ErrAway.Because(errors.New("the connection broke"))
	}
	code := fmt.Errorf("code %d at stage %d", said.ErrorCode(), said.Reason)
	switch {
	case said.Reason == gomail.ErrSMTPMailFrom, said.ErrorCode() == 0, said.ErrorCode() == 421:
		return ErrAway.Because(code)
	case said.IsTemp():
		return errLater.Because(code)
	}
	return ErrRefused.Because(code)
}
