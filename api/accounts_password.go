package api

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"sipas/internal/fault"
	"sipas/internal/staff"
	"sipas/web"
)

// errRenewed: the password is another one than when the page was made.
var errRenewed = fault.New(fault.Conflict, "password_renewed")

// passwordStamp tells passwords of an account apart without telling anything of
// them.
func passwordStamp(a *staff.Account) string { return a.PasswordAt.UTC().Format(time.RFC3339Nano) }

// resetPassword gives the account another password and shows it, once: the same
// form sent again does not fit the password that there is then.
func (s *Server) resetPassword(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	a, err := s.staff.Account(c.Request().Context(), c.Param("account"))
	if err != nil {
		return err
	}
	if s.isOwn(c, a.ID) {
		return c.Redirect(http.StatusSeeOther, localPath(c, myPath))
	}
	password := staff.NewPassword()
	err = errRenewed
	if form.Get("passwordAt") == passwordStamp(a) {
		err = s.audited(c, "account.reset", "account/"+a.ID, nil, func() error {
			return s.staff.SetPassword(c.Request().Context(), a.ID, password, true, s.Now().UTC())
		})
	}
	if err != nil {
		return s.refuseAccount(c, a.ID, "/mat-khau", err)
	}
	return s.passwordSlip(c, http.StatusOK, a, password)
}

// passwordSlip shows a password to be handed over. It is in no address, and no
// cache keeps the page.
func (s *Server) passwordSlip(c echo.Context, status int, a *staff.Account, password string) error {
	t := s.words(c)
	v := web.Slip{Page: s.consolePage(c, "accounts", t("slip.account")), Warning: t("slip.account.once")}
	v.Path = accountPath(a.ID)
	v.Up = web.Link{URL: accountsPath, Text: t("accounts.title")}
	v.Actions = []web.Action{{URL: accountPath(a.ID), Text: t("slip.taken")}}
	v.Facts = []web.Fact{
		{Name: t("slip.for"), Text: a.Name},
		{Name: t("accounts.role"), Text: t("role." + string(a.Role))},
		{Name: t("slip.address"), Text: s.publicURL("/dang-nhap"), Code: true},
		{Name: t("accounts.account"), Text: a.ID, Code: true},
		{Name: t("slip.password"), Text: password, Code: true, Copy: true},
	}
	v.Steps = []string{t("slip.step.open"), t("slip.step.own"), t("slip.step.destroy")}
	return s.page(c, status, web.PageSlip, v)
}
