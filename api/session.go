package api

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/internal/fault"
	"sipas/internal/staff"
	"sipas/web"
)

// sessionCookie is bound to this host and to https by its name; browsers count
// localhost as https.
const sessionCookie = "__Host-sipas"

var (
	errCrossOrigin   = fault.New(fault.Forbidden, "cross_origin")
	errPasswordFirst = fault.New(fault.Forbidden, "password_first")
)

// sameOrigin stops what another site makes a signed-in browser send. Citizens'
// posts carry no cookie and are not asked.
func (s *Server) sameOrigin(c echo.Context) error {
	if err := s.crossOrigin.Check(c.Request()); err != nil {
		return errCrossOrigin.Because(err)
	}
	return nil
}

// session returns who is signed in on this browser, or staff.ErrNoSession.
func (s *Server) session(c echo.Context) (*staff.Session, error) {
	cookie, err := c.Cookie(sessionCookie)
	if err != nil || cookie.Value == "" {
		return nil, staff.ErrNoSession
	}
	return s.staff.BySession(c.Request().Context(), cookie.Value, s.Now())
}

func sessionOf(c echo.Context) *staff.Session {
	se, _ := c.Get(keySession).(*staff.Session)
	return se
}

func officerOf(c echo.Context) staff.Officer {
	o, _ := c.Get(keyOfficer).(staff.Officer)
	return o
}

// myPath is where an account changes its own password: the one page that a
// first password opens.
const myPath = "/lam-viec/toi"

// signedIn lets accounts of the given roles pass to a page of the console.
// Nobody is led to sign in, and what they were sending waits for them.
func (s *Server) signedIn(roles ...staff.Role) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
			if err := s.sameOrigin(c); err != nil {
				return err
			}
			se, err := s.session(c)
			switch {
			case errors.Is(err, staff.ErrNoSession):
				return s.askToSignIn(c)
			case err != nil:
				return s.keepSent(c, err)
			}
			c.Set(keySession, se)
			c.Set(keyOfficer, se.Account.Officer())
			if se.PasswordFirst() && !strings.HasPrefix(c.Path(), myPath) {
				return c.Redirect(http.StatusSeeOther, localPath(c, myPath))
			}
			if !slices.Contains(roles, se.Account.Role) {
				if err := s.audit(c, "access.refused", "route"+c.Path()); err != nil {
					return err
				}
				return errWrongRole
			}
			return next(c)
		}
	}
}

// askToSignIn leads to the sign-in page. A form that was sent comes along in
// that page, unless it holds a password.
func (s *Server) askToSignIn(c echo.Context) error {
	lang, here := language(c), c.Request().URL
	if c.Request().Header.Get("HX-Request") != "" {
		c.Response().Header().Set("HX-Refresh", "true")
		return staff.ErrNoSession
	}
	if c.Request().Method == http.MethodGet {
		q := url.Values{"next": {here.RequestURI()}}
		if lang != web.Languages()[0] {
			q.Set("lang", lang)
		}
		return c.Redirect(http.StatusSeeOther, "/dang-nhap?"+q.Encode())
	}
	v := s.signInView(c, "", here.Path)
	if form, err := readForm(c); err == nil && !holdsPassword(form) {
		s.holdSent(c, &v, here.Path, form)
		v.Unsent = s.pages.Text(lang, "signin.unsent")
	} else {
		v.Unsent = s.pages.Text(lang, "signin.ended")
	}
	return s.page(c, http.StatusUnauthorized, web.PageSignIn, v)
}

// holdSent lets a form that was sent to action wait in the sign-in page: it comes
// along with a password, and is sent from there after a single sign-on in another
// tab.
func (s *Server) holdSent(c echo.Context, v *web.SignIn, action string, sent url.Values) {
	v.Form.Hidden = append(v.Form.Hidden, web.Choice{Value: "sent", Text: sent.Encode()})
	t := s.words(c)
	v.SignOn.Apart = true
	v.SignOn.Again = web.Form{Action: action, Quiet: true, Lead: t("signin.sso.apart"), Submit: t("resume.go"), Hidden: hidden(sent)}
}

// hidden are the fields of a form that is sent again.
func hidden(sent url.Values) (fields []web.Choice) {
	for _, name := range sortedNames(sent) {
		for _, v := range sent[name] {
			fields = append(fields, web.Choice{Value: name, Text: v})
		}
	}
	return fields
}

func holdsPassword(form url.Values) bool {
	return form.Has("password") || form.Has("old") || form.Has("again")
}

// secure reports whether a browser keeps the session's cookie at the address by
// which it came: https, or this machine itself.
func (s *Server) secure(c echo.Context) bool {
	r := c.Request()
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.Trim(host, "[]")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") || net.ParseIP(host).IsLoopback() {
		return true
	}
	base, err := url.Parse(s.BaseURL)
	return r.TLS != nil || err == nil && base.Scheme == "https" && strings.EqualFold(base.Host, r.Host)
}

// nextPath keeps a way back inside the console.
func nextPath(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, "/lam-viec/") || strings.Contains(path, `\`) {
		return "/lam-viec/"
	}
	return u.RequestURI()
}

// signInPath is a page at which somebody signs in, to go on to next.
func signInPath(page string, q url.Values, next string) string {
	if next != "/lam-viec/" {
		q.Set("next", next)
	}
	if len(q) == 0 {
		return page
	}
	return page + "?" + q.Encode()
}

func (s *Server) signInView(c echo.Context, account, next string) web.SignIn {
	lang := language(c)
	v := web.SignIn{Console: web.Console{Base: s.base(c)}, Insecure: !s.secure(c)}
	next = nextPath(next)
	v.Path = signInPath("/dang-nhap", url.Values{}, next)
	if s.SignOn != nil {
		v.SignOn.URL = localPath(c, signInPath(s.publicURL(signOnPath), url.Values{}, next))
	}
	v.Form = web.Form{
		Action: "/dang-nhap", Submit: s.pages.Text(lang, "signin.go"),
		Hidden: []web.Choice{{Value: "next", Text: next}},
		Inputs: []web.Input{
			{Name: "account", Label: s.pages.Text(lang, "signin.account"), Value: account, Required: true, Complete: "username"},
			{Name: "password", Label: s.pages.Text(lang, "signin.password"), Type: web.InputPassword, Required: true, Complete: "current-password"},
		},
	}
	return v
}

// signInPage is where staff sign in.
func (s *Server) signInPage(c echo.Context) error {
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	next := nextPath(c.QueryParam("next"))
	if se, err := s.session(c); err == nil && se != nil {
		return c.Redirect(http.StatusSeeOther, localPath(c, next))
	}
	v := s.signInView(c, "", next)
	switch {
	case c.QueryParam("sso") != "":
		v.SignOn.Notice = s.signOnNotice(c)
	case slices.Contains(partings, c.QueryParam("done")):
		v.Unsent = s.pages.Text(language(c), "signin."+c.QueryParam("done"))
	case c.QueryParam("next") != "" && next != "/lam-viec/":
		v.Unsent = s.pages.Text(language(c), "signin.ended")
	}
	return s.page(c, http.StatusOK, web.PageSignIn, v)
}

// signIn starts a session. Whatever is wrong with account or password looks the
// same.
func (s *Server) signIn(c echo.Context) error {
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	if err := s.sameOrigin(c); err != nil {
		return err
	}
	form, err := readForm(c)
	if err != nil {
		return err
	}
	account, next := strings.ToLower(form.Get("account")), nextPath(form.Get("next"))
	v := s.signInView(c, account, next)
	if v.Insecure {
		return s.page(c, http.StatusForbidden, web.PageSignIn, v)
	}
	if form.Has("sent") {
		if sent, err := url.ParseQuery(form.Get("sent")); err == nil {
			s.holdSent(c, &v, next, sent)
		}
	}
	// The password as typed: a space at its end is part of it.
	secret, se, err := s.staff.SignIn(c.Request().Context(), account, form.Get("password"), c.RealIP(), s.Now())
	f, status := classify(err)
	switch {
	case err == nil:
	case errors.Is(err, staff.ErrSignIn):
		s.recordRefusedSignIn(c, account)
		v.Form.Notice = s.pages.Text(language(c), "signin.wrong")
		return s.page(c, status, web.PageSignIn, v)
	case errors.Is(err, staff.ErrThrottled):
		wait := seconds(f.RetryAfter)
		c.Response().Header().Set("Retry-After", strconv.Itoa(wait))
		v.Form.Notice = s.pages.Text(language(c), "signin.throttled", s.pages.Text(language(c), "duration.seconds", wait))
		return s.page(c, status, web.PageSignIn, v)
	default:
		return err
	}
	if err := s.enter(c, secret, se); err != nil {
		return err
	}
	if form.Has("sent") && !se.PasswordFirst() {
		return s.resume(c, se, next, form.Get("sent"))
	}
	return c.Redirect(http.StatusSeeOther, localPath(c, next))
}

// enter records that a session has begun and how, and hands it to the browser.
func (s *Server) enter(c echo.Context, secret string, se *staff.Session, detail ...string) error {
	c.Set(keyOfficer, se.Account.Officer())
	if err := s.audit(c, "session.start", "account/"+se.Account.ID, append([]string{"by=" + se.By}, detail...)...); err != nil {
		return err
	}
	s.keepSession(c, secret)
	return nil
}

// recordRefusedSignIn keeps the account's name only where there is such an
// account: what people type there by mistake may be a password.
func (s *Server) recordRefusedSignIn(c echo.Context, account string) {
	e := &staff.Entry{Detail: []string{"by=" + staff.ByPassword}}
	if a, err := s.staff.Account(context.WithoutCancel(c.Request().Context()), account); err == nil {
		e.Object = "account/" + a.ID
	}
	s.recordRefused(c, e)
}

func (s *Server) recordRefused(c echo.Context, e *staff.Entry) {
	e.At, e.Action = s.Now().UTC(), "session.refused"
	if err := s.staff.Record(context.WithoutCancel(c.Request().Context()), e); err != nil {
		s.Log.Error("audit entry not written", "id", requestID(c), "action", e.Action, "error", err)
	}
}

// keepSession hands the secret of a session to the browser; "" takes it away.
func (s *Server) keepSession(c echo.Context, secret string) {
	cookie := &http.Cookie{
		Name: sessionCookie, Value: secret, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	if secret == "" {
		cookie.MaxAge = -1
	}
	c.SetCookie(cookie)
}

// resume offers what was sent when the session had ended, to be sent again by
// the one who sits there.
func (s *Server) resume(c echo.Context, se *staff.Session, action, sent string) error {
	values, err := url.ParseQuery(sent)
	if err != nil {
		return c.Redirect(http.StatusSeeOther, localPath(c, action))
	}
	c.Set(keySession, se)
	t := s.words(c)
	f := web.Form{Action: action, Heading: t("resume.title"), Lead: t("resume.lead"), Submit: t("resume.go")}
	return s.sendAgain(c, http.StatusOK, f, values)
}

// keepSent hands a form back when it cannot even be told who sent it, because
// the store is away: nothing of it is lost, unless it holds a password.
func (s *Server) keepSent(c echo.Context, err error) error {
	f, status := classify(err)
	if f.Kind != fault.Unavailable || c.Request().Method != http.MethodPost || c.Request().Header.Get("HX-Request") != "" {
		return err
	}
	form, e := readForm(c)
	if e != nil || len(form) == 0 || holdsPassword(form) {
		return err
	}
	s.Log.Warn("unavailable", "id", requestID(c), "route", c.Path(), "error", err)
	c.Response().Header().Set("Retry-After", "5")
	t := s.words(c)
	return s.sendAgain(c, status, web.Form{Action: c.Request().URL.Path, Heading: t("away.title"), Lead: t("away.lead"), Submit: t("away.go")}, form)
}

// sendAgain is a page of its own with what was sent through f and not taken.
func (s *Server) sendAgain(c echo.Context, status int, f web.Form, sent url.Values) error {
	p := s.consolePage(c, "", f.Heading)
	f.Heading, f.Cancel = "", web.Link{URL: "/lam-viec/", Text: s.words(c)("resume.drop")}
	f.Hidden = append(f.Hidden, hidden(sent)...)
	p.Forms = []web.Form{f}
	p.Path = f.Action
	return s.page(c, status, web.PageConsole, p)
}

// signOut ends the session on this browser.
func (s *Server) signOut(c echo.Context) error {
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	if err := s.sameOrigin(c); err != nil {
		return err
	}
	why := "out"
	if se, err := s.session(c); err == nil {
		why = parting(se)
		c.Set(keyOfficer, se.Account.Officer())
		if err := s.audit(c, "session.end", "account/"+se.Account.ID); err != nil {
			return err
		}
		cookie, err := c.Cookie(sessionCookie)
		if err != nil {
			return err
		}
		if err := s.staff.SignOut(c.Request().Context(), cookie.Value); err != nil {
			return err
		}
	}
	return s.leave(c, why)
}

// partings are the reasons for which somebody's own doing ends the session.
var partings = []string{"out", "out-sso", "role", "disabled"}

// parting tells who signs out whether a session at the provider goes on.
func parting(se *staff.Session) string {
	if se.By == staff.BySignOn {
		return "out-sso"
	}
	return "out"
}

// leave takes the cookie of a session that has ended away; the sign-in page says
// why.
func (s *Server) leave(c echo.Context, why string) error {
	s.keepSession(c, "")
	return done(c, "/dang-nhap", why)
}

// signOutPage is for those who type the address: signing out is a post.
func (s *Server) signOutPage(c echo.Context) error {
	lang := language(c)
	p := s.consolePage(c, "", s.pages.Text(lang, "console.signout"))
	p.Forms = []web.Form{{Action: "/dang-xuat", Submit: p.Heading}}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}
