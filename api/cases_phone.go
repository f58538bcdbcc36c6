package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/fault"
	"sipas/internal/staff"
	"sipas/web"
)

// Who calls says a number, and the officer who may see contacts finds the cases
// that were left with it. The number is sent by POST: it stands in no address, no
// log and no entry of the audit log, only that somebody searched, and what was
// found.

const phonePath = casesPath + "/so-dien-thoai"

// phoneLook is a search by a phone number.
type phoneLook struct {
	number string
	secret bool // denunciations, and no other case
}

func readPhoneLook(typed string, kind feedback.Kind) (phoneLook, error) {
	var bad fault.Fields
	number, ok := feedback.CleanPhone(typed)
	if !ok {
		bad.Add("phone", "phone")
	}
	if kind != "" && kind != feedback.Denunciation {
		bad.Add("kind", "choice", string(feedback.Denunciation))
	}
	return phoneLook{number, kind == feedback.Denunciation}, bad.Err()
}

// findByPhone finds the cases whose sender left the number, at most as many as a
// page has. That there was a search is on record before it, and each case that it
// found before it is shown: either way somebody's contact was read.
func (s *Server) findByPhone(c echo.Context, l phoneLook) (list []*feedback.Case, err error) {
	f := feedback.Filter{Phone: l.number}
	if l.secret {
		f.Kind = feedback.Denunciation
	}
	e := s.entry(c, "case.phone", "cases", nil)
	e.Secret = l.secret
	err = s.auditedAs(c, e, func() error {
		list, _, err = s.feedback.List(c.Request().Context(), s.caseOfficer(c), f, casesShown, "")
		return err
	})
	for _, k := range list {
		if err == nil {
			err = s.staff.Record(c.Request().Context(), s.caseEntry(c, "case.phone", k))
		}
	}
	return list, err
}

// phonePage asks for the number.
func (s *Server) phonePage(c echo.Context) error {
	return s.page(c, http.StatusOK, web.PageConsole, s.phoneView(c))
}

func (s *Server) phoneView(c echo.Context) web.Page {
	t := s.words(c)
	p := s.consolePage(c, "cases", t("phone.title"))
	p.Up, p.Lead = web.Link{URL: casesPath, Text: t("queue.title")}, t("phone.lead")
	form := web.Form{Action: phonePath, Submit: t("phone.find"), Inputs: []web.Input{
		{Name: "phone", Label: t("phone.number"), Hint: t("phone.hint"), Required: true},
	}}
	if officerOf(c).Role == staff.Inspection {
		form.Inputs = append(form.Inputs, web.Input{Name: "kind", Label: t("phone.among"), Type: web.InputSelect, Options: []web.Choice{
			{Text: t("queue.all")}, {Value: string(feedback.Denunciation), Text: t("queue.secret")},
		}})
	}
	p.Forms = []web.Form{form}
	return p
}

// phoneSent shows what was found; the number is not repeated.
func (s *Server) phoneSent(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	p, t := s.phoneView(c), s.words(c)
	p.Path = phonePath
	l, err := readPhoneLook(form.Get("phone"), feedback.Kind(form.Get("kind")))
	var list []*feedback.Case
	if err == nil {
		list, err = s.findByPhone(c, l)
	}
	if err != nil {
		status, err := s.refill(c, &p.Forms[0], form, err)
		if err != nil {
			return err
		}
		return s.page(c, status, web.PageConsole, p)
	}
	table := web.Table{ID: "cases", Heading: t("phone.found", len(list)), Empty: t("phone.none"), Columns: s.caseColumns(c)}
	for _, k := range list {
		row := s.caseRow(c, k)
		row.Pick = web.Pick{}
		table.Rows = append(table.Rows, row)
	}
	p.Tables = []web.Table{table}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

// searchCases is findByPhone for programs.
func (s *Server) searchCases(c echo.Context) error {
	body, err := readBody(c)
	if err != nil {
		return err
	}
	var bad fault.Fields
	o, err := readObject(body, &bad)
	if err != nil {
		return err
	}
	o.only("phone", "kind")
	l, err := readPhoneLook(o.text("phone"), feedback.Kind(o.text("kind")))
	if err = join(&bad, err); err == nil {
		err = bad.Err()
	}
	var list []*feedback.Case
	if err == nil {
		list, err = s.findByPhone(c, l)
	}
	if err != nil {
		return err
	}
	items := make([]caseHead, len(list))
	for i, k := range list {
		items[i] = s.viewCaseHead(c, k)
	}
	return writeList(c, items, "")
}
