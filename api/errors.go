package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/fault"
	"sipas/survey"
	"sipas/web"
)

// statusOf is the one table from kinds of failure to HTTP.
var statusOf = map[fault.Kind]int{
	fault.Internal:        http.StatusInternalServerError,
	fault.Malformed:       http.StatusBadRequest,
	fault.Invalid:         http.StatusUnprocessableEntity,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	fault.NotFound:        http.StatusNotFound,
	fault.Conflict:        http.StatusConflict,
	fault.Gone:            http.StatusGone,
	fault.TooLarge:        http.StatusRequestEntityTooLarge,
	fault.TooMany:         http.StatusTooManyRequests,
	fault.Unavailable:     http.StatusServiceUnavailable,
}

// problem is an RFC 9457 problem. Code is the stable key that programs look at.
type problem struct {
	Type     string         `json:"type"`
	Title    string         `json:"title"`
	Status   int            `json:"status"`
	Detail   string         `json:"detail"`
	Instance string         `json:"instance"` // the request's id, also in the log
	Code     string         `json:"code"`
	Errors   []problemField `json:"errors,omitempty"`
	Key      string         `json:"key,omitempty"` // with key_reused: a fresh one

	// Of a step that was refused with 409: the case as it is now.
	Allowed []feedback.Step `json:"allowed,omitzero"`
	Version int             `json:"version,omitempty"`
}

type problemField struct {
	Field   string `json:"field"`
	Label   string `json:"label,omitempty"` // what the page that was sent calls it
	Code    string `json:"code"`
	Message string `json:"message"`
}

// fail is Echo's HTTPErrorHandler: every error of every route ends here.
func (s *Server) fail(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	f, status := classify(err)
	switch f.Kind {
	case fault.Internal:
		s.Log.Error("internal error", "id", requestID(c), "route", c.Path(), "error", err)
	case fault.Unavailable:
		s.Log.Warn("unavailable", "id", requestID(c), "route", c.Path(), "error", err)
	}
	h := c.Response().Header()
	if after := retryAfter(f); after != "" {
		h.Set("Retry-After", after)
	}
	if status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="sipas"`)
	}
	h.Set(echo.HeaderCacheControl, "no-store")
	if wantsJSON(c) {
		err = s.writeProblem(c, status, f, "")
	} else {
		err = s.failPage(c, status, f)
	}
	if err != nil {
		s.Log.Error("error page failed", "id", requestID(c), "error", err)
	}
}

// seconds is a time to wait in whole seconds, never too few.
func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

// retryAfter is how many seconds to wait; "" where waiting does not help.
func retryAfter(f *fault.Error) string {
	switch {
	case f.RetryAfter > 0:
		return strconv.Itoa(seconds(f.RetryAfter))
	case f.Kind == fault.Unavailable:
		return "5"
	}
	return ""
}

// classify finds the fault in err. Echo's own errors and the end of a request's
// context are named here.
func classify(err error) (*fault.Error, int) {
	var he *echo.HTTPError
	switch {
	case errors.As(err, &he) && he.Code == http.StatusMethodNotAllowed:
		return fault.New(fault.Malformed, "method"), he.Code
	case errors.As(err, &he) && he.Code == http.StatusNotFound:
		return fault.New(fault.NotFound, "not_found"), he.Code
	case errors.As(err, &he) && he.Code >= 400 && he.Code < 500:
		return fault.New(fault.Malformed, "bad_request"), he.Code
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		f := fault.As(err)
		if f.Kind == fault.Internal {
			f = fault.New(fault.Unavailable, "not_acknowledged")
		}
		return f, statusOf[f.Kind]
	}
	f := fault.As(err)
	return f, statusOf[f.Kind]
}

// wantsJSON says how a failure is told: as a problem under /api/ and to scripts
// that ask for it, else as a page.
func wantsJSON(c echo.Context) bool {
	return strings.HasPrefix(c.Request().URL.Path, "/api/") ||
		strings.HasPrefix(c.Request().Header.Get(echo.HeaderAccept), echo.MIMEApplicationJSON)
}

func (s *Server) writeProblem(c echo.Context, status int, f *fault.Error, freshKey string) error {
	p := s.problem(c, status, f)
	p.Key = freshKey
	return writeProblemJSON(c, p)
}

// problem puts a failure into the reader's words.
func (s *Server) problem(c echo.Context, status int, f *fault.Error) problem {
	lang, code := language(c), f.Code
	if f.Kind == fault.Invalid {
		code = "invalid" // the fields say what
	}
	p := problem{
		Type:  "about:blank",
		Title: s.pages.Text(lang, "problem."+code), Status: status,
		Detail:   s.pages.Text(lang, "problem."+code+".detail"),
		Instance: "urn:sipas:request:" + requestID(c), Code: code,
	}
	for _, field := range f.Fields {
		p.Errors = append(p.Errors, problemField{Field: field.Name, Code: field.Code, Message: s.fieldMessage(lang, field)})
	}
	return p
}

func writeProblemJSON(c echo.Context, p problem) error {
	b, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return c.Blob(p.Status, "application/problem+json", b)
}

// fieldMessage is the sentence for one thing to mend.
func (s *Server) fieldMessage(lang string, f fault.Field) string {
	message := s.pages.Text(lang, "field."+f.Code, f.Args...)
	for _, arg := range f.Args {
		if name, ok := arg.(fileName); ok {
			return string(name) + ": " + message
		}
	}
	return message
}

// formMessage is fieldMessage for somebody who looks at the form: it names the
// question instead of the field.
func (s *Server) formMessage(form *survey.Form, lang string, f fault.Field) string {
	part, id, _ := strings.Cut(f.Name, ".")
	question := ""
	switch part {
	case "overall":
		question = s.pages.Text(lang, "survey.heading")
	case "answers":
		if c := form.Questionnaire.Criterion(id); c != nil {
			question = c.Text.In(lang)
		}
	case "extra", "profile":
		for _, q := range append(slices.Clone(form.Questionnaire.Extra), survey.ProfileQuestions...) {
			if q.ID == id {
				question = q.Text.In(lang)
			}
		}
	case "comment":
		return s.pages.Text(lang, "error.comment", survey.MaxComment)
	case "area":
		return s.fieldMessage(lang, f)
	}
	switch {
	case f.Code == "nothing":
		return s.fieldMessage(lang, f)
	case question == "":
		return s.pages.Text(lang, "error.other", f.Name)
	case part == "extra", part == "profile":
		return s.pages.Text(lang, "error.option", question)
	}
	return s.pages.Text(lang, "error.level", question)
}

// noticeOf is the one table from failures to the calm page that tells them.
func noticeOf(f *fault.Error, status int) string {
	switch {
	case f.Code == "link_unknown":
		return web.NoticeUnknownCode
	case f.Code == "link_closed":
		return web.NoticeClosed
	case f.Code == "link_not_open":
		return web.NoticeNotYetOpen
	case f.Code == "spent":
		return web.NoticeSpent
	case status == http.StatusMethodNotAllowed:
		return web.NoticeMethod
	}
	switch f.Kind {
	case fault.NotFound:
		return web.NoticeNotFound
	case fault.TooLarge:
		return web.NoticeTooLarge
	case fault.Unauthenticated, fault.Forbidden:
		return web.NoticeForbidden
	case fault.TooMany:
		return web.NoticeTooMany
	case fault.Unavailable:
		return web.NoticeUnavailable
	case fault.Internal:
		return web.NoticeInternal
	}
	return web.NoticeBadRequest
}

func (s *Server) failPage(c echo.Context, status int, f *fault.Error) error {
	n := web.Notice{Base: s.base(c), Kind: noticeOf(f, status)}
	if sessionOf(c) != nil || strings.HasPrefix(c.Request().URL.Path, "/lam-viec/") {
		n.Links = []web.Link{{URL: "/lam-viec/", Text: s.words(c)("work.title")}}
		if n.Kind == web.NoticeNotFound {
			n.Kind = web.NoticeNoEntry
		}
	}
	switch n.Kind {
	case web.NoticeInternal:
		n.ID = requestID(c)
	case web.NoticeTooMany:
		n.When = s.pages.Text(language(c), "duration.seconds", int(f.RetryAfter/time.Second))
	}
	return s.page(c, status, web.PageNotice, n)
}
