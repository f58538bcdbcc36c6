package api

import (
	"context"

	"github.com/labstack/echo/v4"

	"sipas/internal/fault"
	"sipas/internal/staff"
)

// tokenActor is a token as one who acts and as an object. Its name alone could
// be that of an account.
func tokenActor(name string) string { return "token/" + name }

// entry begins an audit entry for who sent the request.
func (s *Server) entry(c echo.Context, action, object string, detail []string) *staff.Entry {
	o := officerOf(c)
	account := o.Account
	if byToken, _ := c.Get(keyByToken).(bool); byToken {
		account = tokenActor(account)
	}
	return &staff.Entry{At: s.Now().UTC(), Account: account, Role: o.Role, Action: action, Object: object, Detail: detail}
}

// audit records that something was done or looked at.
func (s *Server) audit(c echo.Context, action, object string, detail ...string) error {
	return s.staff.Record(c.Request().Context(), s.entry(c, action, object, detail))
}

// audited records what is about to be done and does it: a change without its
// entry cannot be, even when the process dies in between. One that fails gets a
// second entry with the reason.
func (s *Server) audited(c echo.Context, action, object string, detail []string, act func() error) error {
	return s.auditedAs(c, s.entry(c, action, object, detail), act)
}

// auditedAs is audited with an entry that may have an ID, so that doing the same
// again does not record it again.
func (s *Server) auditedAs(c echo.Context, e *staff.Entry, act func() error) error {
	if err := s.staff.Record(c.Request().Context(), e); err != nil {
		return err
	}
	err := act()
	if err != nil {
		failed := *e
		failed.ID, failed.At, failed.Outcome = "", s.Now().UTC(), fault.As(err).Code
		if e := s.staff.Record(context.WithoutCancel(c.Request().Context()), &failed); e != nil {
			s.Log.Error("audit entry not written", "id", requestID(c), "action", failed.Action, "error", e)
		}
	}
	return err
}
