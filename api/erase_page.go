package api

import (
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/fault"
	"sipas/internal/staff"
	"sipas/web"
)

// eraseRoles may erase personal data of cases; of which, says feedback.MayErase.
var eraseRoles = []staff.Role{staff.Office, staff.Inspection}

func erasePath(code string) string { return casePath(code) + "/xoa" }

// erasePage asks whether the personal data of a case are to be erased, and why.
func (s *Server) erasePage(c echo.Context) error {
	k, err := s.readCase(c)
	if err != nil {
		return err
	}
	if err := s.mayErase(c, k); err != nil {
		return err
	}
	return s.page(c, http.StatusOK, web.PageConsole, s.eraseView(c, k))
}

func (s *Server) mayErase(c echo.Context, k *feedback.Case) error {
	if !feedback.MayErase(s.caseOfficer(c), k) {
		return feedback.ErrRole
	}
	return nil
}

func (s *Server) eraseView(c echo.Context, k *feedback.Case) web.Page {
	t := s.words(c)
	p := s.consolePage(c, "cases", t("erase.title"))
	p.Path = erasePath(k.Code)
	p.Up = web.Link{URL: casePath(k.Code), Text: t("erase.up", feedback.FormatCode(k.Code))}
	p.Facts = []web.Fact{
		{Name: t("queue.fact.code"), Text: feedback.FormatCode(k.Code), Code: true},
		{Name: t("erase.goes"), Text: t("erase.goes.text")},
		{Name: t("erase.stays"), Text: t("erase.stays.text")},
		{Name: t("erase.backups"), Text: t("erase.backups.text")},
	}
	switch {
	case k.Erased():
		p.Lead = s.erasedWords(c, k)
		return p
	case k.State() != feedback.Done:
		p.Lead = t("erase.notover")
		return p
	}
	p.Lead = t("erase.lead")
	reasons := []web.Choice{{Text: t("erase.choose")}}
	for _, r := range feedback.Reasons {
		reasons = append(reasons, web.Choice{Value: string(r), Text: t("erase.reason." + string(r))})
	}
	p.Forms = []web.Form{{
		Action: erasePath(k.Code), Submit: t("erase.go"), Danger: true, Cancel: web.Link{URL: casePath(k.Code), Text: t("console.cancel")},
		Inputs: []web.Input{
			{Name: "reason", Label: t("erase.reason"), Type: web.InputSelect, Options: reasons, Required: true},
			{Name: "code", Label: t("erase.code"), Hint: t("erase.code.hint"), Required: true},
		},
	}}
	return p
}

// erasedWords says when and why the personal data of a case went.
func (s *Server) erasedWords(c echo.Context, k *feedback.Case) string {
	t := s.words(c)
	return t("erase.gone", s.moment(c, k.Erasure.At), strings.ToLower(t("erase.reason."+string(k.Erasure.Reason))))
}

// eraseSent erases, once the code was typed that says which case is meant.
func (s *Server) eraseSent(c echo.Context) error {
	k, err := s.readCase(c)
	if err != nil {
		return err
	}
	if err := s.mayErase(c, k); err != nil {
		return err
	}
	form, err := readForm(c)
	if err != nil {
		return err
	}
	why := feedback.Reason(form.Get("reason"))
	if k.Erased() { // sent twice
		return done(c, casePath(k.Code), "erased")
	}
	if err = checkErase(k, why, form.Get("code")); err == nil {
		err = s.erase(c, k, why)
	}
	if err == nil {
		err = s.feedback.EndErasures(c.Request().Context())
	}
	if err == nil {
		return done(c, casePath(k.Code), "erased")
	}
	if errors.Is(err, feedback.ErrStale) {
		if k, err = s.readCase(c); err != nil {
			return err
		}
		err = feedback.ErrStale
	}
	p := s.eraseView(c, k)
	if len(p.Forms) == 0 {
		return err
	}
	status, err := s.refill(c, &p.Forms[0], form, err)
	if err != nil {
		return err
	}
	return s.page(c, status, web.PageConsole, p)
}

func checkErase(k *feedback.Case, why feedback.Reason, typed string) error {
	var bad fault.Fields
	if why != feedback.ReasonRequest && why != feedback.ReasonUnlawful {
		bad.Add("reason", "required")
	}
	switch code, ok := feedback.CleanCode(typed); {
	case typed == "":
		bad.Add("code", "required")
	case !ok || code != k.Code:
		bad.Add("code", "erase_code", feedback.FormatCode(k.Code))
	}
	return bad.Err()
}

// erase takes the personal data of a case away; that it will is on record before.
// EndErasures does what is left to be done.
func (s *Server) erase(c echo.Context, k *feedback.Case, why feedback.Reason) error {
	e, err := k.Erase(s.caseOfficer(c), why, s.feedback.Rules(), s.Now())
	if err != nil {
		return err
	}
	return s.auditedAs(c, s.caseEntry(c, "case.erase", k, "reason="+string(why)), func() error {
		return s.feedback.TakeWords(c.Request().Context(), k, e)
	})
}
