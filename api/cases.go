package api

import (
	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/internal/staff"
)

// caseOfficer is who acts, as cases know officers. The name is that of the
// account: behind a token there is none.
func (s *Server) caseOfficer(c echo.Context) feedback.Officer {
	name := ""
	if se := sessionOf(c); se != nil {
		name = se.Account.Name
	}
	return caseOfficerOf(officerOf(c), name)
}

func caseOfficerOf(o staff.Officer, name string) feedback.Officer {
	return feedback.Officer{Account: o.Account, Name: name, Role: feedback.Role(o.Role), Unit: o.Unit, Desk: o.Desk}
}

// explainedDay is a day of a term, and why it counts or not.
type explainedDay struct {
	Date    catalogue.Date `json:"date"`
	Counted bool           `json:"counted"`
	Why     string         `json:"why"`  // a sentence in the reader's language
	Code    feedback.Why   `json:"code"` // the same for programs
}

// countedDays is a whole term, day by day.
func (s *Server) countedDays(lang string, days []feedback.Day) []explainedDay {
	list := make([]explainedDay, 0, len(days))
	for _, d := range days {
		list = append(list, explainedDay{Date: d.On, Counted: d.Counted, Why: s.why(lang, d), Code: d.Why})
	}
	return list
}

func (s *Server) why(lang string, d feedback.Day) string {
	key := "why." + string(d.Why)
	switch d.Why {
	case feedback.WhyCounted, feedback.WhyMakeup:
		return s.pages.Text(lang, key, d.N)
	case feedback.WhyHoliday:
		return s.pages.Text(lang, key, d.Name.In(lang))
	}
	return s.pages.Text(lang, key)
}

// kindName, statusName and stepName are the words for what the interface names
// by codes.
func (s *Server) kindName(lang string, k feedback.Kind) string {
	return s.pages.Text(lang, "case.kind."+string(k))
}

func (s *Server) statusName(lang string, st feedback.Status) string {
	return s.pages.Text(lang, "case.status."+string(st))
}

func (s *Server) stepName(lang string, st feedback.Step) string {
	return s.pages.Text(lang, "case.step."+string(st))
}
