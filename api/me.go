package api

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/web"
)

// myPage is where an account looks after itself.
func (s *Server) myPage(c echo.Context) error {
	return s.page(c, http.StatusOK, web.PageConsole, s.myView(c, s.passwordForm(c)))
}

func (s *Server) myView(c echo.Context, password web.Form) web.Page {
	t, lang, se := s.words(c), language(c), sessionOf(c)
	p := s.consolePage(c, "", t("me.title"))
	if se.PasswordFirst() {
		p.Heading, p.Lead, p.Nav = t("me.first"), t("me.first.lead"), nil
		p.Forms = []web.Form{password}
		return p
	}
	p.Lead = t("me.lead")
	p.Facts = []web.Fact{
		{Name: t("me.account"), Text: se.Account.ID},
		{Name: t("me.role"), Text: p.Role},
		{Name: t("me.signedin"), Text: web.DateTime(lang, se.CreatedAt.In(catalogue.Zone))},
	}
	if u := s.valueName("unit", se.Account.Unit, lang, s.today()); u != "" {
		p.Facts = append(p.Facts, web.Fact{Name: t("me.unit"), Text: u})
	}
	if d := s.valueName("desk", se.Account.Desk, lang, s.today()); d != "" {
		p.Facts = append(p.Facts, web.Fact{Name: t("me.desk"), Text: d})
	}
	if !se.Account.BoundAt.IsZero() {
		p.Facts = append(p.Facts, web.Fact{Name: t("accounts.signon"), Text: s.boundSince(c, se.Account)})
	}
	password.Heading = t("me.password")
	p.Forms = []web.Form{password, {
		Action: myPath + "/dang-xuat-moi-noi", Quiet: true, Danger: true,
		Heading: t("me.everywhere"), Lead: t("me.everywhere.lead"), Submit: t("me.everywhere"),
	}}
	return p
}

func (s *Server) passwordForm(c echo.Context) web.Form {
	t := s.words(c)
	return web.Form{
		Action: myPath, Submit: t("me.change"),
		Inputs: []web.Input{
			{Name: "old", Label: t("me.old"), Type: web.InputPassword, Required: true, Complete: "current-password", Wide: true},
			{Name: "password", Label: t("me.new"), Type: web.InputPassword, Required: true, Complete: "new-password", Hint: t("me.new.hint")},
			{Name: "again", Label: t("me.again"), Type: web.InputPassword, Required: true, Complete: "new-password"},
		},
	}
}

// changePassword sets the account's own password; its other sessions end.
func (s *Server) changePassword(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	se := sessionOf(c)
	var secret string
	err = checkRepeated(form)
	if err == nil {
		err = s.audited(c, "account.password", "account/"+se.Account.ID, nil, func() (err error) {
			secret, err = s.staff.ChangeOwnPassword(c.Request().Context(), se.Account.ID, form.Get("old"), form.Get("password"), c.RealIP(), s.Now())
			return err
		})
	}
	if err != nil {
		f := s.passwordForm(c)
		status, err := s.refill(c, &f, form, err)
		if err != nil {
			return err
		}
		return s.page(c, status, web.PageConsole, s.myView(c, f))
	}
	s.keepSession(c, secret)
	if se.PasswordFirst() {
		return done(c, "/lam-viec/", "password")
	}
	return done(c, myPath, "password")
}

func checkRepeated(form url.Values) error {
	var bad fault.Fields
	if form.Get("old") == "" {
		bad.Add("old", "required")
	}
	switch {
	case form.Get("password") == "":
		bad.Add("password", "required")
	case form.Get("password") != form.Get("again"):
		bad.Add("again", "repeat")
	}
	return bad.Err()
}

// signOutEverywhere ends every session of the account.
func (s *Server) signOutEverywhere(c echo.Context) error {
	if err := s.endAllSessions(c, sessionOf(c).Account.ID); err != nil {
		return err
	}
	return s.leave(c, parting(sessionOf(c)))
}

func (s *Server) endAllSessions(c echo.Context, account string) error {
	return s.audited(c, "session.end-all", "account/"+account, nil, func() error {
		return s.staff.SignOutEverywhere(c.Request().Context(), account)
	})
}
