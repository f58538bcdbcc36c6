package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"sipas/internal/fault"
	"sipas/internal/signon"
	"sipas/internal/staff"
)

// Where single sign-on begins, and where the provider leads back to.
const (
	signOnPath     = "/dang-nhap/sso"
	signOnBackPath = signOnPath + "/ve"
)

// A flow is in a cookie of its own while the browser is at the provider, named
// by its state: so tabs do not disturb each other, and no server has to remember
// any. Nobody but this host can set a cookie of such a name.
const (
	flowCookie = "__Host-sipas-sso-"
	flowFor    = 10 * time.Minute
	maxFlows   = 5   // at the same time: a proxy takes 8 KB of cookies
	maxNext    = 300 // bytes of the way back, for the same reason
)

// errNotConfirmed: somebody changed their mind at the provider, or it does not let
// them in.
var errNotConfirmed = fault.New(fault.Unauthenticated, "sign_on_unconfirmed")

// signOn leads to the provider.
func (s *Server) signOn(c echo.Context) error {
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	next := nextPath(c.QueryParam("next"))
	if len(next) > maxNext {
		next = "/lam-viec/"
	}
	if s.SignOn == nil {
		return echo.ErrNotFound
	}
	if se, err := s.session(c); err == nil && se != nil {
		return c.Redirect(http.StatusSeeOther, localPath(c, next))
	}
	if !s.secure(c) {
		return c.Redirect(http.StatusSeeOther, localPath(c, signInPath("/dang-nhap", url.Values{}, next)))
	}
	flow, address, err := s.SignOn.Begin(c.Request().Context(), s.publicURL(signOnBackPath))
	if err != nil {
		return s.signOnFailed(c, next, err)
	}
	s.keepFlow(c, flow, next)
	return c.Redirect(http.StatusSeeOther, address)
}

// signedOn is where the provider leads back to. Whatever comes of it leads on to
// another address: this one holds the code.
func (s *Server) signedOn(c echo.Context) error {
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	if s.SignOn == nil {
		return echo.ErrNotFound
	}
	code, refusal := c.QueryParam("code"), c.QueryParam("error")
	flow, next, err := s.takeFlow(c)
	switch {
	case err != nil:
		return s.signOnFailed(c, next, err)
	case code == "":
		return s.signOnFailed(c, next, errNotConfirmed.Because(fmt.Errorf("the provider says %.40q", refusal)))
	}
	who := func(ctx context.Context) (staff.Person, error) {
		return s.SignOn.Finish(ctx, s.publicURL(signOnBackPath), code, flow)
	}
	secret, se, err := s.staff.SignOn(c.Request().Context(), c.RealIP(), s.Now(), who)
	if err != nil {
		return s.signOnFailed(c, next, err)
	}
	var detail []string
	if se.Account.BoundAt.Equal(se.CreatedAt) {
		detail = append(detail, "bound")
	}
	if err := s.enter(c, secret, se, detail...); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, localPath(c, next))
}

// keepFlow gives the flow to the browser. Of too many that nobody has come back from
// it keeps this one alone.
func (s *Server) keepFlow(c echo.Context, f signon.Flow, next string) {
	var others []*http.Cookie
	for _, cookie := range c.Cookies() {
		if strings.HasPrefix(cookie.Name, flowCookie) {
			others = append(others, cookie)
		}
	}
	if len(others) >= maxFlows {
		for _, cookie := range others {
			setFlow(c, cookie.Name, "")
		}
	}
	kept := url.Values{"nonce": {f.Nonce}, "verifier": {f.Verifier}, "next": {next}, "lang": {language(c)}}
	setFlow(c, flowCookie+f.State, kept.Encode())
}

func setFlow(c echo.Context, name, value string) {
	cookie := &http.Cookie{
		Name: name, Value: value, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: int(flowFor / time.Second),
	}
	if value == "" {
		cookie.MaxAge = -1
	}
	c.SetCookie(cookie)
}

// takeFlow takes the flow that has come back from the browser, once, and
// goes on in its language. What the provider has put into the address is on no
// page after that. signon.ErrSpent: there is no such flow.
func (s *Server) takeFlow(c echo.Context) (f signon.Flow, next string, err error) {
	state := c.QueryParam("state")
	clear(c.QueryParams())
	cookie, err := c.Cookie(flowCookie + state)
	if err != nil {
		return f, nextPath(""), signon.ErrSpent
	}
	setFlow(c, cookie.Name, "")
	kept, err := url.ParseQuery(cookie.Value)
	if err != nil {
		return f, nextPath(""), signon.ErrSpent
	}
	c.QueryParams().Set("lang", kept.Get("lang"))
	return signon.Flow{State: state, Nonce: kept.Get("nonce"), Verifier: kept.Get("verifier")}, nextPath(kept.Get("next")), nil
}

// signOnFailures are the reasons for which single sign-on leads back to the
// sign-in page, with a sentence each.
var signOnFailures = []string{
	signon.ErrAway.Code, signon.ErrSpent.Code, errNotConfirmed.Code, staff.ErrSignOn.Code, staff.ErrThrottled.Code, failedSignOn,
}

// failedSignOn stands for failures that only an administrator can do something
// about, by the request's id.
const failedSignOn = "sign_on_failed"

// signOnFailed leads back to the sign-in page, where passwords go on working.
func (s *Server) signOnFailed(c echo.Context, next string, err error) error {
	f, _ := classify(err)
	q := url.Values{"sso": {f.Code}}
	var refused *staff.RefusedError
	switch {
	case errors.As(err, &refused):
		e := &staff.Entry{Detail: []string{"by=" + staff.BySignOn}, Outcome: refused.Why}
		if refused.Account != "" {
			e.Object = "account/" + refused.Account
		}
		s.recordRefused(c, e)
	case f.Kind == fault.Internal:
		s.Log.Error("single sign-on failed", "id", requestID(c), "error", err)
		q = url.Values{"sso": {failedSignOn}, "id": {requestID(c)}}
	case !slices.Contains(signOnFailures, f.Code):
		return err
	case f.Kind != fault.Gone && f.Kind != fault.TooMany:
		s.Log.Warn("single sign-on refused or away", "id", requestID(c), "error", err)
	}
	return c.Redirect(http.StatusSeeOther, localPath(c, signInPath("/dang-nhap", q, next)))
}

var anID = regexp.MustCompile(`^[A-Z2-7]{8}$`)

// signOnNotice says why single sign-on has led back to the sign-in page.
func (s *Server) signOnNotice(c echo.Context) string {
	code, id := c.QueryParam("sso"), c.QueryParam("id")
	if !slices.Contains(signOnFailures, code) || code == failedSignOn && !anID.MatchString(id) {
		return ""
	}
	return s.words(c)("problem."+code+".detail", id)
}
