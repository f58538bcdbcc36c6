package api

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"sipas/internal/staff"
	"sipas/internal/store"
	"sipas/web"
)

const accountsPath = "/lam-viec/tai-khoan"

func accountPath(id string) string { return accountsPath + "/" + id }

// accountsPage lists the accounts in the order of their names.
func (s *Server) accountsPage(c echo.Context) error {
	t := s.words(c)
	q, role, state := c.QueryParam("q"), c.QueryParam("role"), c.QueryParam("state")
	accounts, err := s.staff.Accounts(c.Request().Context())
	if err != nil {
		return err
	}
	p := s.consolePage(c, "accounts", t("accounts.title"))
	p.Lead = t("accounts.lead")
	p.Actions = []web.Action{
		{URL: accountPath("moi"), Text: t("accounts.new"), Primary: true},
		{URL: tokensPath, Text: t("tokens.title")},
	}
	p.Filter = &web.Form{Action: accountsPath, Submit: t("console.filter"), Inputs: []web.Input{
		{Name: "q", Label: t("accounts.find"), Type: web.InputSearch, Value: q},
		{Name: "role", Label: t("accounts.role"), Type: web.InputSelect, Value: role, Options: append([]web.Choice{{Text: t("accounts.anyrole")}}, s.roleChoices(c)...)},
		{Name: "state", Label: t("accounts.state"), Type: web.InputSelect, Value: state, Options: []web.Choice{
			{Value: "", Text: t("accounts.state.current")}, {Value: "first", Text: t("accounts.state.first")},
			{Value: "disabled", Text: t("accounts.state.disabled")}, {Value: "all", Text: t("accounts.state.all")},
		}},
	}}
	list := web.Table{Empty: t("accounts.none"), Columns: []web.Column{
		{Text: t("accounts.name")}, {Text: t("accounts.account")}, {Text: t("accounts.role")}, {Text: t("accounts.place")},
		{Text: t("accounts.state")}, {Text: t("accounts.signedin")},
	}}
	for _, a := range accounts {
		row := s.accountRow(c, a)
		if accountIn(state, a) && (role == "" || role == string(a.Role)) && holds(q, a.ID, a.Name, row.Cells[3].Text, row.Cells[3].Note) {
			list.Rows = append(list.Rows, row)
		}
	}
	p.Tables = []web.Table{list}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

// accountIn says whether an account is in a state of the filter.
func accountIn(state string, a *staff.Account) bool {
	switch state {
	case "first":
		return a.MustChange && !a.Disabled
	case "disabled":
		return a.Disabled
	case "all":
		return true
	}
	return !a.Disabled
}

func (s *Server) accountRow(c echo.Context, a *staff.Account) web.Row {
	state, mark := s.accountState(c, a)
	return web.Row{Quiet: a.Disabled, Cells: []web.Cell{
		{Text: a.Name, URL: accountPath(a.ID)},
		{Text: a.ID, Code: true},
		{Text: s.words(c)("role." + string(a.Role))},
		s.placeCell(c, a.Unit, a.Desk),
		{Text: state, Mark: mark},
		{Text: s.signedInAt(c, a)},
	}}
}

// placeCell says where somebody works.
func (s *Server) placeCell(c echo.Context, unit, desk string) web.Cell {
	lang, on := language(c), s.today()
	u, d := s.valueName("unit", unit, lang, on), s.valueName("desk", desk, lang, on)
	if u == "" {
		return web.Cell{Text: d}
	}
	return web.Cell{Text: u, Note: d}
}

// accountState says in words whether an account can be used; mark "" is for one
// that can not.
func (s *Server) accountState(c echo.Context, a *staff.Account) (words, mark string) {
	switch t := s.words(c); {
	case a.Disabled:
		return t("accounts.state.disabled"), ""
	case a.MustChange:
		return t("accounts.state.first"), web.MarkDoubt
	default:
		return t("accounts.state.good"), web.MarkGood
	}
}

func (s *Server) signedInAt(c echo.Context, a *staff.Account) string {
	if a.SignedInAt.IsZero() {
		return s.words(c)("accounts.never")
	}
	return s.moment(c, a.SignedInAt)
}

// accountPage shows one account and what can be done with it.
func (s *Server) accountPage(c echo.Context) error {
	a, err := s.staff.Account(c.Request().Context(), c.Param("account"))
	if err != nil {
		return err
	}
	p, err := s.accountView(c, a)
	if err != nil {
		return err
	}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

func (s *Server) accountView(c echo.Context, a *staff.Account) (web.Page, error) {
	t, here := s.words(c), accountPath(a.ID)
	state, _ := s.accountState(c, a)
	p := s.consolePage(c, "accounts", a.Name)
	p.Path = here
	p.Up = web.Link{URL: accountsPath, Text: t("accounts.title")}
	p.Actions = []web.Action{{URL: here + "/sua", Text: t("accounts.edit"), Primary: true}}
	if s.isOwn(c, a.ID) {
		p.Actions = append(p.Actions, web.Action{URL: myPath, Text: t("accounts.mine")})
	}
	p.Facts = []web.Fact{
		{Name: t("accounts.account"), Text: a.ID, Code: true},
		{Name: t("accounts.role"), Text: t("role." + string(a.Role))},
		{Name: t("accounts.state"), Text: state},
		{Name: t("accounts.signedin"), Text: s.signedInAt(c, a)},
		{Name: t("accounts.passwordat"), Text: s.moment(c, a.PasswordAt)},
		{Name: t("accounts.created"), Text: s.moment(c, a.CreatedAt)},
		{Name: t("accounts.by"), Text: s.maker(c, a.CreatedBy)},
	}
	if words := s.boundSince(c, a); words != "" {
		p.Facts = append(p.Facts, web.Fact{Name: t("accounts.signon"), Text: words})
	}
	for _, place := range []struct{ key, text string }{
		{"accounts.unit", s.valueName("unit", a.Unit, language(c), s.today())},
		{"accounts.desk", s.valueName("desk", a.Desk, language(c), s.today())},
	} {
		if place.text != "" {
			p.Facts = append(p.Facts, web.Fact{Name: t(place.key), Text: place.text})
		}
	}
	p.Forms = s.accountForms(c, a)
	var err error
	p.Tables, err = s.accountHistory(c, a)
	return p, err
}

// boundSince says in words whether single sign-on lets somebody in here; "" where
// there is no such thing.
func (s *Server) boundSince(c echo.Context, a *staff.Account) string {
	switch t := s.words(c); {
	case !a.BoundAt.IsZero():
		return t("accounts.signon.bound", s.moment(c, a.BoundAt))
	case s.SignOn == nil:
		return ""
	case a.Email == "":
		return t("accounts.signon.none")
	default:
		return t("accounts.signon.free", a.Email)
	}
}

// isOwn says whether it is the account of who sent the request.
func (s *Server) isOwn(c echo.Context, id string) bool { return sessionOf(c).Account.ID == id }

// accountForms are what can be done with an account by one button.
func (s *Server) accountForms(c echo.Context, a *staff.Account) []web.Form {
	forms, t := s.accountStateForms(c, a), s.words(c)
	if a.BoundAt.IsZero() {
		return forms
	}
	unbind := web.Form{Action: accountPath(a.ID) + "/bo-gan", Quiet: true, Heading: t("accounts.unbind"), Lead: t("accounts.unbind.lead"), Submit: t("accounts.unbind")}
	at := len(forms)
	if !a.Disabled {
		at-- // what disables it stands last
	}
	return slices.Insert(forms, at, unbind)
}

// accountStateForms are those that hang on whether it is disabled. Whoever looks at
// the own one finds password and sessions under myPath, as everybody does.
func (s *Server) accountStateForms(c echo.Context, a *staff.Account) []web.Form {
	t, here := s.words(c), accountPath(a.ID)
	version := []web.Choice{{Value: "version", Text: strconv.FormatInt(a.Version, 10)}}
	if a.Disabled {
		return []web.Form{{Action: here + "/mo-khoa", Quiet: true, Heading: t("accounts.enable"), Lead: t("accounts.enable.lead"), Submit: t("accounts.enable"), Hidden: version}}
	}
	disable := web.Form{Action: here + "/khoa", Quiet: true, Danger: true, Heading: t("accounts.disable"), Lead: t("accounts.disable.lead"), Submit: t("accounts.disable"), Hidden: version}
	if s.isOwn(c, a.ID) {
		disable.Lead = t("accounts.disable.own")
		return []web.Form{disable}
	}
	return []web.Form{
		{Action: here + "/mat-khau", Quiet: true, Heading: t("accounts.reset"), Lead: t("accounts.reset.lead"), Submit: t("accounts.reset"), Hidden: []web.Choice{{Value: "passwordAt", Text: passwordStamp(a)}}},
		{Action: here + "/dang-xuat", Quiet: true, Heading: t("accounts.signout"), Lead: t("accounts.signout.lead"), Submit: t("accounts.signout")},
		disable,
	}
}

// recentShown is how many entries of the audit log the page of an account has.
const recentShown = 5

// accountHistory shows what the account did last, and what others did to it.
func (s *Server) accountHistory(c echo.Context, a *staff.Account) ([]web.Table, error) {
	t := s.words(c)
	var tables []web.Table
	for _, part := range []struct {
		key, filter, value string
		match              auditFilter
		same               int // the column that says the same in each line
	}{
		{"accounts.did", "account", a.ID, auditFilter{EntryFilter: staff.EntryFilter{Account: a.ID}}, 1},
		{"accounts.done", "object", "account/" + a.ID, auditFilter{EntryFilter: staff.EntryFilter{Object: "account/" + a.ID}, notBy: a.ID}, 3},
	} {
		entries, more, err := s.findEntries(c, part.match, recentShown, "")
		if err != nil {
			return nil, err
		}
		if len(entries) == 0 {
			continue
		}
		table := s.auditTable(c, entries[:min(len(entries), recentShown)])
		table.Heading = t(part.key)
		table.Columns = slices.Delete(table.Columns, part.same, part.same+1)
		for i := range table.Rows {
			table.Rows[i].Cells = slices.Delete(table.Rows[i].Cells, part.same, part.same+1)
		}
		if more != "" || len(entries) > recentShown {
			table.Next = localPath(c, auditPath+"?"+url.Values{part.filter: {part.value}}.Encode())
		}
		tables = append(tables, table)
	}
	return tables, nil
}

// refuseAccount shows the account as it is now, and in the form of that action
// why it was not done.
func (s *Server) refuseAccount(c echo.Context, id, action string, err error) error {
	a, e := s.staff.Account(c.Request().Context(), id)
	if e != nil {
		return e
	}
	p, e := s.accountView(c, a)
	if e != nil {
		return e
	}
	f := &p.Forms[0] // where what was to be done is not offered any more
	for i := range p.Forms {
		if p.Forms[i].Action == accountPath(id)+action {
			f = &p.Forms[i]
		}
	}
	status, e := s.refill(c, f, nil, err)
	if e != nil {
		return e
	}
	if errors.Is(err, store.ErrStale) {
		f.Notice = s.words(c)("accounts.changed")
	}
	return s.page(c, status, web.PageConsole, p)
}

// endSessions signs the account out wherever it is signed in.
func (s *Server) endSessions(c echo.Context) error {
	a, err := s.staff.Account(c.Request().Context(), c.Param("account"))
	if err != nil {
		return err
	}
	if err := s.endAllSessions(c, a.ID); err != nil {
		return err
	}
	if s.isOwn(c, a.ID) {
		return s.leave(c, parting(sessionOf(c)))
	}
	return done(c, accountPath(a.ID), "sessions")
}

// unbindAccount lets single sign-on lead somebody else to the account: whoever
// has its address when they come next.
func (s *Server) unbindAccount(c echo.Context) error {
	a, err := s.staff.Account(c.Request().Context(), c.Param("account"))
	if err != nil {
		return err
	}
	err = s.audited(c, "account.unbind", "account/"+a.ID, nil, func() error {
		return s.staff.Unbind(c.Request().Context(), a.ID)
	})
	switch {
	case err != nil:
		return err
	case s.isOwn(c, a.ID):
		return s.leave(c, parting(sessionOf(c)))
	}
	return done(c, accountPath(a.ID), "unbound")
}

func (s *Server) disableAccount(c echo.Context) error {
	return s.turnAccount(c, "account.disable", true)
}

func (s *Server) enableAccount(c echo.Context) error {
	return s.turnAccount(c, "account.enable", false)
}

// turnAccount disables or enables an account. Who finds it changed meanwhile
// sees it as it is now, and nothing is done.
func (s *Server) turnAccount(c echo.Context, action string, disabled bool) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	a, err := s.staff.Account(c.Request().Context(), c.Param("account"))
	if err != nil {
		return err
	}
	what, path := "enabled", "/mo-khoa"
	if disabled {
		what, path = "disabled", "/khoa"
	}
	err = store.ErrStale
	if form.Get("version") == strconv.FormatInt(a.Version, 10) {
		a.Disabled = disabled
		err = s.audited(c, action, "account/"+a.ID, nil, func() error {
			return s.staff.ChangeAccount(c.Request().Context(), a)
		})
	}
	switch {
	case err != nil:
		return s.refuseAccount(c, a.ID, path, err)
	case disabled && s.isOwn(c, a.ID):
		return s.leave(c, "disabled")
	}
	return done(c, accountPath(a.ID), what)
}
