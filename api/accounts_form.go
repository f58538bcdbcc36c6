package api

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/internal/fault"
	"sipas/internal/staff"
	"sipas/internal/store"
	"sipas/web"
)

// accountForm asks for everything of an account. One that exists keeps its name:
// the audit log goes by it.
func (s *Server) accountForm(c echo.Context, a *staff.Account) web.Form {
	t := s.words(c)
	f := web.Form{
		Action: accountPath("moi"), Submit: t("accounts.create"), Cancel: web.Link{URL: accountsPath, Text: t("console.cancel")},
		Inputs: append([]web.Input{
			{Name: "account", Label: t("accounts.account"), Value: a.ID, Hint: t("accounts.account.hint"), Required: true},
			{Name: "name", Label: t("accounts.name"), Value: a.Name, Hint: t("accounts.name.hint"), Required: true},
		}, s.officerInputs(c, a.Officer())...),
	}
	hint := t("accounts.email.hint")
	if s.SignOn != nil {
		hint += " " + t("accounts.email.signon")
	}
	f.Inputs = append(f.Inputs, web.Input{Name: "email", Label: t("accounts.email"), Value: a.Email, Hint: hint, Complete: "off"})
	if a.Version > 0 {
		f.Action, f.Submit = accountPath(a.ID)+"/sua", t("console.save")
		f.Cancel.URL = accountPath(a.ID)
		f.Inputs = f.Inputs[1:]
		f.Hidden = []web.Choice{{Value: "version", Text: strconv.FormatInt(a.Version, 10)}}
	}
	return f
}

// officerInputs ask for what an account and a token have in common. What is
// stored and no longer in the catalogue can be kept.
func (s *Server) officerInputs(c echo.Context, o staff.Officer) []web.Input {
	t, lang, on, cat := s.words(c), language(c), s.today(), s.survey.Catalogue()
	roles := s.roleChoices(c)
	for i := range roles {
		roles[i].Text += ": " + t("accounts.role."+roles[i].Value)
	}
	units, desks := []web.Choice{{Text: t("accounts.unit.none")}}, []web.Choice{{Text: t("accounts.desk.none")}}
	for _, u := range cat.Units(on) {
		units = append(units, web.Choice{Value: u.ID, Text: u.Name.In(lang)})
	}
	for _, d := range cat.Desks(on) {
		desks = append(desks, web.Choice{Value: d.ID, Text: d.Name.In(lang)})
	}
	return []web.Input{
		{Name: "role", Label: t("accounts.role"), Type: web.InputRadio, Value: string(o.Role), Options: roles, Required: true, Wide: true},
		{Name: "unit", Label: t("accounts.unit"), Type: web.InputSelect, Value: o.Unit, Options: offering(units, o.Unit), Hint: t("accounts.unit.hint")},
		{Name: "desk", Label: t("accounts.desk"), Type: web.InputSelect, Value: o.Desk, Options: offering(desks, o.Desk), Hint: t("accounts.desk.hint")},
	}
}

// offering adds a value to the choices that do not have it.
func offering(list []web.Choice, value string) []web.Choice {
	if slices.ContainsFunc(list, func(c web.Choice) bool { return c.Value == value }) {
		return list
	}
	return append(list, web.Choice{Value: value, Text: value})
}

func (s *Server) roleChoices(c echo.Context) (list []web.Choice) {
	for _, r := range staff.Roles {
		list = append(list, web.Choice{Value: string(r), Text: s.words(c)("role." + string(r))})
	}
	return list
}

// checkAccount names every field to mend. What stays as before may have left the
// catalogue meanwhile.
func (s *Server) checkAccount(a, before *staff.Account) error {
	var bad fault.Fields
	if err := join(&bad, a.Check()); err != nil {
		return err
	}
	for i := range bad {
		if bad[i].Name == "role" && a.Role == "" { // a list to choose from says nothing to who chose nothing
			bad[i] = fault.Field{Name: "role", Code: "required"}
		}
	}
	s.checkPlace(a.Officer(), before.Officer(), &bad)
	return bad.Err()
}

// checkPlace adds a unit and a desk that the catalogue does not have.
func (s *Server) checkPlace(o, before staff.Officer, bad *fault.Fields) {
	on := s.today()
	if _, ok := s.survey.Catalogue().Unit(o.Unit, on); !ok && o.Unit != "" && o.Unit != before.Unit && !named(*bad, "unit") {
		bad.Add("unit", "unknown", o.Unit)
	}
	if _, ok := s.survey.Catalogue().Desk(o.Desk, on); !ok && o.Desk != "" && o.Desk != before.Desk && !named(*bad, "desk") {
		bad.Add("desk", "unknown", o.Desk)
	}
}

// typedAccount puts what was typed into a copy of the account.
func typedAccount(form url.Values, a staff.Account) *staff.Account {
	o := typedOfficer(form)
	a.Name, a.Role, a.Unit, a.Desk, a.Email = form.Get("name"), o.Role, o.Unit, o.Desk, form.Get("email")
	return &a
}

// typedOfficer reads the fields of officerInputs.
func typedOfficer(form url.Values) staff.Officer {
	return staff.Officer{Role: staff.Role(form.Get("role")), Unit: form.Get("unit"), Desk: form.Get("desk")}
}

// placeDetail is what the audit log says of a new account or token: ids, and
// never a person's name.
func placeDetail(o staff.Officer) []string {
	detail := []string{"role=" + string(o.Role)}
	if o.Unit != "" {
		detail = append(detail, "unit="+o.Unit)
	}
	if o.Desk != "" {
		detail = append(detail, "desk="+o.Desk)
	}
	return detail
}

// changedOfAccount is what the audit log says of a change.
func changedOfAccount(a, b *staff.Account) (detail []string) {
	if a.Name != b.Name {
		detail = append(detail, "name")
	}
	if a.Email != b.Email {
		detail = append(detail, "email")
	}
	for _, f := range []struct{ name, was, is string }{
		{"role", string(a.Role), string(b.Role)}, {"unit", a.Unit, b.Unit}, {"desk", a.Desk, b.Desk},
	} {
		if f.was != f.is {
			detail = append(detail, f.name+"="+f.is)
		}
	}
	return detail
}

func (s *Server) newAccountPage(c echo.Context) error {
	return s.accountFormPage(c, http.StatusOK, &staff.Account{}, s.accountForm(c, &staff.Account{}))
}

func (s *Server) accountFormPage(c echo.Context, status int, a *staff.Account, f web.Form) error {
	t := s.words(c)
	p := s.consolePage(c, "accounts", t("accounts.new"))
	p.Lead = t("accounts.new.lead")
	p.Up = web.Link{URL: accountsPath, Text: t("accounts.title")}
	if a.Version > 0 {
		p.Heading, p.Lead = t("accounts.editing", a.ID), t("accounts.edit.lead")
		if s.isOwn(c, a.ID) {
			p.Lead = t("accounts.edit.own")
		}
		p.Up = web.Link{URL: accountPath(a.ID), Text: a.Name}
	}
	p.Forms = []web.Form{f}
	return s.page(c, status, web.PageConsole, p)
}

// addAccount makes an account and shows its first password, once: sending the
// form again finds the account there.
func (s *Server) addAccount(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	a := typedAccount(form, staff.Account{ID: strings.ToLower(form.Get("account")), MustChange: true, CreatedBy: officerOf(c).Account})
	password := staff.NewPassword()
	if err = s.checkAccount(a, &staff.Account{}); err == nil {
		err = s.audited(c, "account.create", "account/"+a.ID, placeDetail(a.Officer()), func() error {
			return s.staff.AddAccount(c.Request().Context(), a, password, s.Now().UTC())
		})
	}
	if err != nil {
		f := s.accountForm(c, &staff.Account{})
		status, err := s.refill(c, &f, form, err)
		if err != nil {
			return err
		}
		return s.accountFormPage(c, status, &staff.Account{}, f)
	}
	return s.passwordSlip(c, http.StatusCreated, a, password)
}

func (s *Server) editAccountPage(c echo.Context) error {
	a, err := s.staff.Account(c.Request().Context(), c.Param("account"))
	if err != nil {
		return err
	}
	return s.accountFormPage(c, http.StatusOK, a, s.accountForm(c, a))
}

// editAccount saves the form over the version that it showed.
func (s *Server) editAccount(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	before, err := s.staff.Account(c.Request().Context(), c.Param("account"))
	if err != nil {
		return err
	}
	a := typedAccount(form, *before)
	err = store.ErrStale
	if form.Get("version") == strconv.FormatInt(before.Version, 10) {
		if err = s.checkAccount(a, before); err == nil {
			err = s.audited(c, "account.change", "account/"+a.ID, changedOfAccount(before, a), func() error {
				return s.staff.ChangeAccount(c.Request().Context(), a)
			})
		}
	}
	if err != nil {
		return s.returnAccountForm(c, before, form, err)
	}
	if s.isOwn(c, a.ID) && a.Role != before.Role {
		return s.leave(c, "role")
	}
	return done(c, accountPath(a.ID), "saved")
}

// returnAccountForm shows the form again as it was typed; to whoever came second
// also what is stored now.
func (s *Server) returnAccountForm(c echo.Context, a *staff.Account, typed url.Values, err error) error {
	stale := errors.Is(err, store.ErrStale)
	if stale {
		current, e := s.staff.Account(c.Request().Context(), a.ID)
		if e != nil {
			return e
		}
		a = current
	}
	f := s.accountForm(c, a)
	if stale {
		f.Changes = disagreeing(f, typed)
	}
	status, e := s.refill(c, &f, typed, err)
	if e != nil {
		return e
	}
	if stale {
		f.Notice = ""
	}
	return s.accountFormPage(c, status, a, f)
}
