package api

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"golang.org/x/time/rate"

	"sipas/internal/fault"
	"sipas/internal/staff"
)

// Keys of values that a request carries.
const (
	keyRequestID = "request-id"
	keyOfficer   = "officer"
	keySession   = "session"
	keyByToken   = "by-token" // the officer is a token, not an account
	keyBodyLimit = "body-limit"
	// keyFieldsOnly lets readForm take a form with files without them.
	keyFieldsOnly = "fields-only"
)

// identify gives the request an id that stands in its log line, its answer, and
// on the page of an internal error.
func (s *Server) identify(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		var b [5]byte
		rand.Read(b[:])
		id := base32.StdEncoding.EncodeToString(b[:])
		c.Set(keyRequestID, id)
		c.Response().Header().Set(echo.HeaderXRequestID, id)
		return next(c)
	}
}

func requestID(c echo.Context) string {
	id, _ := c.Get(keyRequestID).(string)
	return id
}

// record counts each request and writes one line about it: the route's pattern,
// never the path, which may hold a code.
func (s *Server) record(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		if err := next(c); err != nil {
			c.Error(err)
		}
		route := c.Path()
		if route == "" {
			route = "none"
		}
		method, status, took := c.Request().Method, c.Response().Status, time.Since(start)
		s.metrics.observe(method, route, status, took)
		s.Log.LogAttrs(context.Background(), slog.LevelInfo, "request",
			slog.String("method", method), slog.String("route", route),
			slog.Int("status", status), slog.Duration("took", took),
			slog.String("id", requestID(c)))
		return nil
	}
}

// common are the headers of every answer, in the form of a header map: shared by
// all answers and replaced, never changed, by those that say otherwise.
var common = map[string][]string{
	"Content-Security-Policy": {"default-src 'none'; frame-ancestors 'none'"},
	"X-Content-Type-Options":  {"nosniff"},
}

// ofPages are what a page says besides: nothing else has links or asks for a
// camera.
var ofPages = map[string][]string{
	// no-referrer would make Chromium on plain http send Origin: null.
	"Referrer-Policy":    {"same-origin"},
	"Permissions-Policy": {"camera=(), microphone=(), geolocation=()"},
}

// headers says what holds for every answer; pages add ofPages and the hashes of
// their own style and script.
func (s *Server) headers(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		maps.Copy(c.Response().Header(), common)
		return next(c)
	}
}

// survive turns a panic into an internal error.
func (s *Server) survive(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			if r := recover(); r != nil {
				if e, ok := r.(error); ok && errors.Is(e, http.ErrAbortHandler) {
					panic(r)
				}
				err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
			}
		}()
		return next(c)
	}
}

var errTooMany = fault.New(fault.TooMany, "too_many").After(time.Minute)

// limitAddress is a very wide cap on answers from one address: many phones
// share one behind a carrier, and nobody has a cookie to tell them apart.
func (s *Server) limitAddress() echo.MiddlewareFunc {
	if s.AddressLimit == 0 {
		return func(next echo.HandlerFunc) echo.HandlerFunc { return next }
	}
	deny := func(echo.Context, string, error) error {
		s.metrics.limited.Inc()
		return errTooMany
	}
	return middleware.RateLimiterWithConfig(middleware.RateLimiterConfig{
		Store: middleware.NewRateLimiterMemoryStoreWithConfig(middleware.RateLimiterMemoryStoreConfig{
			Rate: rate.Limit(s.AddressLimit) / 60, Burst: s.AddressLimit, ExpiresIn: 2 * time.Minute,
		}),
		IdentifierExtractor: func(c echo.Context) (string, error) { return c.RealIP(), nil },
		DenyHandler:         deny,
		ErrorHandler:        func(echo.Context, error) error { return errTooMany },
	})
}

var (
	errNoToken   = fault.New(fault.Unauthenticated, "token_missing")
	errWrongRole = fault.New(fault.Forbidden, "role")
)

// only lets officers of the given roles pass.
func (s *Server) only(roles ...staff.Role) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if _, err := s.officer(c, roles...); err != nil {
				return err
			}
			return next(c)
		}
	}
}

// officer returns who sent the request, by token or else by session, if it is
// one of the roles.
func (s *Server) officer(c echo.Context, roles ...staff.Role) (staff.Officer, error) {
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	o, err := s.sender(c)
	if err != nil {
		return staff.Officer{}, err
	}
	c.Set(keyOfficer, o)
	if !slices.Contains(roles, o.Role) {
		if err := s.audit(c, "access.refused", "route"+c.Path()); err != nil {
			return staff.Officer{}, err
		}
		return staff.Officer{}, errWrongRole
	}
	return o, nil
}

// sender returns whose token the request carries, or else who is signed in in the
// browser that sent it.
func (s *Server) sender(c echo.Context) (staff.Officer, error) {
	o, err := s.bearer(c)
	c.Set(keyByToken, err == nil)
	if errors.Is(err, errNoToken) {
		o, err = s.bySession(c)
	}
	return o, err
}

// bearer returns whose token the request carries; errNoToken: none at all.
func (s *Server) bearer(c echo.Context) (staff.Officer, error) {
	header := c.Request().Header.Get(echo.HeaderAuthorization)
	if header == "" {
		return staff.Officer{}, errNoToken
	}
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return staff.Officer{}, staff.ErrUnknownToken
	}
	return s.staff.ByToken(c.Request().Context(), strings.TrimSpace(token), s.Now())
}

// bySession returns who is signed in in the browser that sent the request.
func (s *Server) bySession(c echo.Context) (staff.Officer, error) {
	if _, err := c.Cookie(sessionCookie); err != nil {
		return staff.Officer{}, errNoToken
	}
	if err := s.sameOrigin(c); err != nil {
		return staff.Officer{}, err
	}
	se, err := s.session(c)
	if err != nil {
		return staff.Officer{}, err
	}
	if se.PasswordFirst() {
		return staff.Officer{}, errPasswordFirst
	}
	c.Set(keySession, se)
	return se.Account.Officer(), nil
}

// me says whose token it is.
func (s *Server) me(c echo.Context) error {
	o, ok := c.Get(keyOfficer).(staff.Officer)
	if !ok {
		return errors.New("no officer behind a route for officers")
	}
	return writeJSON(c, http.StatusOK, struct {
		Account string     `json:"account"`
		Role    staff.Role `json:"role"`
		Unit    *string    `json:"unit"`
		Desk    *string    `json:"desk"`
	}{o.Account, o.Role, orNull(o.Unit), orNull(o.Desk)})
}
