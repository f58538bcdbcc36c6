package api

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/staff"
	"sipas/web"
)

const tokensPath = accountsPath + "/ma-truy-cap"

// errTokenExists: two tokens of one name could not be told apart in the audit
// log, and a form sent again would make a second one.
var errTokenExists = fault.New(fault.Conflict, "token_exists")

// tokensPage lists the tokens, the newest first.
func (s *Server) tokensPage(c echo.Context) error {
	t := s.words(c)
	q, state := c.QueryParam("q"), c.QueryParam("state")
	tokens, err := s.staff.Tokens(c.Request().Context())
	if err != nil {
		return err
	}
	p := s.consolePage(c, "accounts", t("tokens.title"))
	p.Lead = t("tokens.lead")
	p.Up = web.Link{URL: accountsPath, Text: t("accounts.title")}
	p.Actions = []web.Action{
		{URL: tokensPath + "/moi", Text: t("tokens.new"), Primary: true},
		{URL: "/api", Text: t("tokens.api")},
	}
	p.Filter = &web.Form{Action: tokensPath, Submit: t("console.filter"), Inputs: []web.Input{
		{Name: "q", Label: t("tokens.find"), Type: web.InputSearch, Value: q},
		{Name: "state", Label: t("tokens.state"), Type: web.InputSelect, Value: state, Options: []web.Choice{
			{Value: "", Text: t("tokens.state.valid")}, {Value: "ended", Text: t("tokens.state.ended")}, {Value: "all", Text: t("tokens.state.all")},
		}},
	}}
	list := web.Table{Empty: t("tokens.empty"), Columns: []web.Column{
		{Text: t("tokens.name")}, {Text: t("accounts.role")}, {Text: t("accounts.place")}, {Text: t("tokens.by")},
		{Text: t("tokens.created")}, {Text: t("tokens.expires")}, {Text: t("tokens.state")},
	}}
	if q != "" || state != "" {
		list.Empty = t("tokens.none")
	}
	for _, k := range tokens {
		if state == "all" || k.ValidAt(s.Now()) == (state != "ended") {
			if row := s.tokenRow(c, k); holds(q, k.Account, row.Cells[2].Text, row.Cells[2].Note) {
				list.Rows = append(list.Rows, row)
			}
		}
	}
	p.Tables = []web.Table{list}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

func (s *Server) tokenRow(c echo.Context, k *staff.Token) web.Row {
	state, mark := s.tokenState(c, k)
	return web.Row{Quiet: mark == "", Cells: []web.Cell{
		{Text: k.Account, URL: tokensPath + "/" + k.ID},
		{Text: s.words(c)("role." + string(k.Role))},
		s.placeCell(c, k.Unit, k.Desk),
		{Text: s.maker(c, k.CreatedBy)},
		{Text: s.moment(c, k.CreatedAt)},
		{Text: s.tokenEnd(c, k)},
		{Text: state, Mark: mark},
	}}
}

// tokenEnd says the last day on which the token is accepted.
func (s *Server) tokenEnd(c echo.Context, k *staff.Token) string {
	if k.ExpiresAt.IsZero() {
		return s.words(c)("tokens.forever")
	}
	return web.Date(language(c), k.ExpiresAt.Add(-time.Millisecond).In(catalogue.Zone))
}

// tokenState says in words whether the token is accepted; mark "" is for one
// that is not.
func (s *Server) tokenState(c echo.Context, k *staff.Token) (words, mark string) {
	t := s.words(c)
	switch {
	case !k.RevokedAt.IsZero():
		return t("tokens.revokedat", s.moment(c, k.RevokedAt)), ""
	case !k.ValidAt(s.Now()):
		return t("tokens.expired"), ""
	}
	return t("tokens.state.valid"), web.MarkGood
}

// token returns the token that the address names by its hash.
func (s *Server) token(c echo.Context) (*staff.Token, error) {
	tokens, err := s.staff.Tokens(c.Request().Context())
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(tokens, func(k *staff.Token) bool { return k.ID == c.Param("token") })
	if i < 0 {
		return nil, echo.ErrNotFound
	}
	return tokens[i], nil
}

// tokenPage shows what is known of a token, which is not the token itself.
func (s *Server) tokenPage(c echo.Context) error {
	k, err := s.token(c)
	if err != nil {
		return err
	}
	t, lang, on := s.words(c), language(c), s.today()
	state, _ := s.tokenState(c, k)
	p := s.consolePage(c, "accounts", k.Account)
	p.Lead = t("tokens.kept")
	p.Up = web.Link{URL: tokensPath, Text: t("tokens.title")}
	p.Actions = []web.Action{{URL: auditPath + "?" + url.Values{"account": {tokenActor(k.Account)}}.Encode(), Text: t("tokens.audit")}}
	p.Facts = []web.Fact{
		{Name: t("tokens.state"), Text: state},
		{Name: t("accounts.role"), Text: t("role." + string(k.Role))},
		{Name: t("tokens.expires"), Text: s.tokenEnd(c, k)},
		{Name: t("tokens.created"), Text: s.moment(c, k.CreatedAt)},
		{Name: t("tokens.by"), Text: s.maker(c, k.CreatedBy)},
	}
	if unit := s.valueName("unit", k.Unit, lang, on); unit != "" {
		p.Facts = append(p.Facts, web.Fact{Name: t("accounts.unit"), Text: unit})
	}
	if desk := s.valueName("desk", k.Desk, lang, on); desk != "" {
		p.Facts = append(p.Facts, web.Fact{Name: t("accounts.desk"), Text: desk})
	}
	if k.ValidAt(s.Now()) {
		p.Forms = []web.Form{{Action: tokensPath + "/" + k.ID + "/thu-hoi", Quiet: true, Danger: true, Heading: t("tokens.revoke"), Lead: t("tokens.revoke.lead"), Submit: t("tokens.revoke")}}
	}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

// revokeToken ends a token. One that has ended already is as good.
func (s *Server) revokeToken(c echo.Context) error {
	k, err := s.token(c)
	if err != nil {
		return err
	}
	if k.ValidAt(s.Now()) {
		err = s.audited(c, "token.revoke", tokenActor(k.Account), []string{"createdAt=" + inZone(k.CreatedAt)}, func() error {
			return s.staff.RevokeToken(c.Request().Context(), k.ID, s.Now().UTC())
		})
		if err != nil {
			return err
		}
	}
	return done(c, tokensPath+"/"+k.ID, "revoked")
}

// tokenDays is how long a token is accepted where nobody says otherwise.
const tokenDays = 365

func (s *Server) tokenForm(c echo.Context) web.Form {
	t := s.words(c)
	return web.Form{
		Action: tokensPath + "/moi", Submit: t("tokens.create"), Cancel: web.Link{URL: tokensPath, Text: t("console.cancel")},
		Inputs: slices.Concat([]web.Input{
			{Name: "name", Label: t("tokens.name"), Hint: t("tokens.name.hint"), Required: true},
			{Name: "expires", Label: t("tokens.expires"), Type: web.InputDate, Value: string(s.today().AddDays(tokenDays)), Hint: t("tokens.expires.hint")},
		}, s.officerInputs(c, staff.Officer{})),
	}
}

// tokenName is like the name of an account: the audit log goes by it.
var tokenName = regexp.MustCompile(`^[a-z][a-z0-9._-]{2,63}$`)

// readToken reads the fields of tokenForm; expires is the end of the day chosen.
func (s *Server) readToken(form url.Values) (o staff.Officer, expires time.Time, _ error) {
	var bad fault.Fields
	o = typedOfficer(form)
	switch o.Account = form.Get("name"); {
	case o.Account == "":
		bad.Add("name", "required")
	case !tokenName.MatchString(o.Account):
		bad.Add("name", "account_name")
	}
	if v := form.Get("expires"); v != "" {
		day, err := catalogue.ParseDate(v)
		switch {
		case err != nil:
			bad.Add("expires", "date")
		case day < s.today():
			bad.Add("expires", "token_past")
		default:
			expires = day.AddDays(1).Start()
		}
	}
	switch {
	case o.Role == "":
		bad.Add("role", "required")
	case !o.Role.Known():
		bad.Add("role", "unknown", o.Role)
	}
	if o.Role == staff.Unit && o.Unit == "" {
		bad.Add("unit", "account_unit")
	}
	s.checkPlace(o, staff.Officer{}, &bad)
	return o, expires, bad.Err()
}

func (s *Server) newTokenPage(c echo.Context) error {
	return s.tokenFormPage(c, http.StatusOK, s.tokenForm(c))
}

func (s *Server) tokenFormPage(c echo.Context, status int, f web.Form) error {
	t := s.words(c)
	p := s.consolePage(c, "accounts", t("tokens.new"))
	p.Lead = t("tokens.lead")
	p.Up = web.Link{URL: tokensPath, Text: t("tokens.title")}
	p.Forms = []web.Form{f}
	return s.page(c, status, web.PageConsole, p)
}

// addToken makes a token and shows it, once: sending the form again finds one of
// that name.
func (s *Server) addToken(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	secret := ""
	o, expires, err := s.readToken(form)
	if err == nil {
		err = s.checkTokenName(c, o.Account)
	}
	if err == nil {
		detail := placeDetail(o)
		if !expires.IsZero() {
			detail = append(detail, "expires="+form.Get("expires"))
		}
		err = s.audited(c, "token.create", tokenActor(o.Account), detail, func() (err error) {
			secret, err = s.staff.AddTokenUntil(c.Request().Context(), o, officerOf(c).Account, expires, s.Now().UTC())
			return err
		})
	}
	if err != nil {
		f := s.tokenForm(c)
		status, err := s.refill(c, &f, form, err)
		if err != nil {
			return err
		}
		return s.tokenFormPage(c, status, f)
	}
	return s.tokenSlip(c, &staff.Token{Officer: o, ExpiresAt: expires}, secret)
}

// checkTokenName wants a name that no valid token has.
func (s *Server) checkTokenName(c echo.Context, name string) error {
	tokens, err := s.staff.Tokens(c.Request().Context())
	if err != nil {
		return err
	}
	if slices.ContainsFunc(tokens, func(k *staff.Token) bool { return k.Account == name && k.ValidAt(s.Now()) }) {
		return errTokenExists
	}
	return nil
}

// tokenSlip shows a token to be put into the program that will use it.
func (s *Server) tokenSlip(c echo.Context, k *staff.Token, secret string) error {
	t := s.words(c)
	v := web.Slip{Page: s.consolePage(c, "accounts", t("slip.token")), Warning: t("slip.token.once")}
	v.Path = tokensPath
	v.Up = web.Link{URL: tokensPath, Text: t("tokens.title")}
	v.Actions = []web.Action{{URL: tokensPath, Text: t("slip.kept")}, {URL: "/api", Text: t("tokens.api")}}
	v.Facts = []web.Fact{
		{Name: t("tokens.name"), Text: k.Account},
		{Name: t("accounts.role"), Text: t("role." + string(k.Role))},
		{Name: t("tokens.expires"), Text: s.tokenEnd(c, k)},
		{Name: t("slip.header"), Text: "Authorization: Bearer …", Code: true},
		{Name: t("slip.secret"), Text: secret, Code: true, Copy: true},
	}
	return s.page(c, http.StatusCreated, web.PageSlip, v)
}
