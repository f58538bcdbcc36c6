package api

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/fault"
	"sipas/internal/staff"
)

// Who may use which route of cases; which cases, and what of them, is decided by
// feedback.Visible.
var (
	caseRoles    = []staff.Role{staff.Desk, staff.Unit, staff.Inspection, staff.Office, staff.Leader}
	stepRoles    = []staff.Role{staff.Desk, staff.Unit, staff.Inspection, staff.Office}
	contactRoles = []staff.Role{staff.Desk, staff.Inspection}
)

// listCases lists what the officer may see, the oldest due day first.
func (s *Server) listCases(c echo.Context) error {
	f, err := s.readCaseFilter(c)
	if err != nil {
		return err
	}
	limit, err := pageLimit(c)
	if err != nil {
		return err
	}
	cases, next, err := s.feedback.List(c.Request().Context(), s.caseOfficer(c), f, limit, c.QueryParam("after"))
	if err != nil {
		return err
	}
	items := make([]caseHead, 0, len(cases))
	for _, k := range cases {
		if !k.Unreadable() { // there would be nothing in it
			items = append(items, s.viewCaseHead(c, k))
		}
	}
	return writeList(c, items, next)
}

// readCaseFilter reads the filters of the list.
func (s *Server) readCaseFilter(c echo.Context) (feedback.Filter, error) {
	f := feedback.Filter{
		Status: feedback.Status(c.QueryParam("status")), Kind: feedback.Kind(c.QueryParam("kind")),
		Unit: c.QueryParam("unit"), Words: c.QueryParam("q"),
	}
	var bad fault.Fields
	if f.Status != "" && !slices.Contains(feedback.Statuses, f.Status) {
		bad.Add("status", "choice", choicesOf(feedback.Statuses))
	}
	if f.Kind != "" && !f.Kind.Known() {
		bad.Add("kind", "choice", choicesOf(feedback.Kinds))
	}
	if _, known := s.survey.Catalogue().Unit(f.Unit, s.today()); f.Unit != "" && !known {
		bad.Add("unit", "unknown", f.Unit)
	}
	switch v := c.QueryParam("overdue"); v {
	case "":
	case "true":
		f.Overdue = s.Now()
	default:
		bad.Add("overdue", "choice", "true")
	}
	return f, bad.Err()
}

func choicesOf[T ~string](list []T) string {
	words := make([]string, len(list))
	for i, x := range list {
		words[i] = string(x)
	}
	return strings.Join(words, ", ")
}

// readCase returns the case of the address, as far as the officer may know of it.
func (s *Server) readCase(c echo.Context) (*feedback.Case, error) {
	return s.feedback.Case(c.Request().Context(), s.caseOfficer(c), c.Param("code"))
}

func (s *Server) getCase(c echo.Context) error {
	k, err := s.readCase(c)
	if err != nil {
		return err
	}
	return writeJSON(c, http.StatusOK, s.viewCase(c, k))
}

// openContact opens how the sender of a case is reached. That it was asked for is
// on record before.
func (s *Server) openContact(c echo.Context, k *feedback.Case) (contact feedback.Contact, err error) {
	err = s.auditedAs(c, s.caseEntry(c, "case.contact", k), func() error {
		contact, err = s.feedback.Contact(s.caseOfficer(c), k)
		return err
	})
	return contact, err
}

// caseContact tells how the sender is reached.
func (s *Server) caseContact(c echo.Context) error {
	k, err := s.readCase(c)
	if err != nil {
		return err
	}
	contact, err := s.openContact(c, k)
	if err != nil {
		return err
	}
	return writeJSON(c, http.StatusOK, struct {
		Name    *string `json:"name"`
		Phone   *string `json:"phone"`
		Email   *string `json:"email"`
		Address *string `json:"address"`
	}{orNull(contact.Name), orNull(contact.Phone), orNull(contact.Email), orNull(contact.Address)})
}

// caseFileContent hands over a file of a case.
func (s *Server) caseFileContent(c echo.Context) error {
	k, err := s.readCase(c)
	if err != nil {
		return err
	}
	f, content, err := s.feedback.File(c.Request().Context(), k, c.Param("id"))
	if err != nil {
		return err
	}
	return writeAttachment(c, f, content)
}

// caseEntry begins an audit entry about a case. What is about a denunciation only
// the inspection reads, the code and the entry itself.
func (s *Server) caseEntry(c echo.Context, action string, k *feedback.Case, detail ...string) *staff.Entry {
	e := s.entry(c, action, "case/"+k.Code, detail)
	e.Secret = k.Kind == feedback.Denunciation
	return e
}
