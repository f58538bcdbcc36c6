package api

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/fault"
	"sipas/web"
)

// lookupPath is where senders look their case up. All its pages are answers to
// posts that carry code and secret along: neither is ever in an address, and
// there is no cookie.
const lookupPath = "/tra-cuu"

// lookupForm asks for code and secret.
func (s *Server) lookupForm(c echo.Context) error {
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	return s.page(c, http.StatusOK, web.PageLookup, web.Lookup{Base: s.base(c)})
}

// toLookup leads there from the address of what was posted, which a browser asks
// for when it opens its pages anew.
func (s *Server) toLookup(c echo.Context) error {
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	return c.Redirect(http.StatusSeeOther, localPath(c, lookupPath))
}

// readPair reads the form of one of these pages and finds the case. Without a
// case the answer has been written.
func (s *Server) readPair(c echo.Context) (form url.Values, cs *feedback.Case, err error) {
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	if form, err = readForm(c); err != nil {
		return nil, nil, err
	}
	var bad fault.Fields
	for _, name := range []string{"code", "secret"} {
		if form.Get(name) == "" {
			bad.Add(name, "required")
		}
	}
	if err = bad.Err(); err == nil {
		cs, err = s.senderCase(c, form.Get("code"), form.Get("secret"))
	}
	if err != nil {
		return nil, nil, s.lookupBack(c, form, err)
	}
	return form, cs, nil
}

// sentWords are the fields of a message and a rating.
var sentWords = []string{"message", "solved", "rating", "comment", "reopen"}

// lookupBack asks for code and secret again. What else was typed comes along.
func (s *Server) lookupBack(c echo.Context, form url.Values, err error) error {
	f, status := classify(err)
	t := s.words(c)
	v := web.Lookup{Base: s.base(c), Code: form.Get("code"), Secret: form.Get("secret")}
	v.Path = lookupPath
	switch {
	case f.Kind == fault.Invalid:
		for _, field := range f.Fields {
			v.Errors = append(v.Errors, web.FieldError{Field: field.Name, Message: t("lookup.wrong." + field.Name)})
		}
	case errors.Is(err, feedback.ErrNoCase):
		v.Wrong = true
	case f.Kind == fault.TooMany:
		c.Response().Header().Set("Retry-After", retryAfter(f))
		v.Notice = t("lookup.throttled", t("duration.seconds", seconds(f.RetryAfter)))
	case f.Kind == fault.Unavailable:
		v.Notice = t("lookup.busy")
		s.noteUnavailable(c, err)
	default:
		return err
	}
	for _, name := range sentWords {
		if typed := form.Get(name); typed != "" {
			v.Kept = append(v.Kept, web.Choice{Value: name, Text: typed})
		}
	}
	return s.page(c, status, web.PageLookup, v)
}

func (s *Server) noteUnavailable(c echo.Context, err error) {
	s.Log.Warn("unavailable", "id", requestID(c), "route", c.Path(), "error", err)
	c.Response().Header().Set("Retry-After", "5")
}

// lookUp shows a case.
func (s *Server) lookUp(c echo.Context) error {
	form, cs, err := s.readPair(c)
	if cs == nil {
		return err
	}
	v := s.senderPage(c, cs, form)
	for _, name := range sentWords {
		if typed := form.Get(name); typed != "" { // when the case could not be shown
			v.Values[name] = typed
		}
	}
	if v.Reply == nil {
		v.Unkept = form.Get("message")
	}
	return s.page(c, http.StatusOK, web.PageCase, v)
}

// messageSent takes a message of the sender.
func (s *Server) messageSent(c echo.Context) error {
	form, cs, err := s.readPair(c)
	if cs == nil {
		return err
	}
	what := saidMessage(form.Get("message"), int(seenVersion(form)))
	return s.takeFromPage(c, form, cs, what, func(again bool) string {
		if again {
			return s.words(c)("lookup.done.again")
		}
		return s.words(c)("lookup.done.message")
	})
}

// ratingSent takes the sender's rating of the answer.
func (s *Server) ratingSent(c echo.Context) error {
	form, cs, err := s.readPair(c)
	if cs == nil {
		return err
	}
	in := feedback.RatingInput{
		Solved: feedback.Solved(form.Get("solved")), Comment: form.Get("comment"), Reopen: form.Get("reopen") != "", Seen: int(seenVersion(form)),
	}
	in.Level, _ = strconv.Atoi(form.Get("rating")) // 0 is refused as not chosen
	return s.takeFromPage(c, form, cs, saidRating(in), func(bool) string { return s.ratingKept(c, in) })
}

// takeFromPage takes what was typed into the case and shows it as it is then; or
// with everything typed and what to do now.
func (s *Server) takeFromPage(c echo.Context, form url.Values, cs *feedback.Case, what said, kept func(again bool) string) error {
	now, again, err := s.take(c, cs, form.Get("secret"), what)
	if err == nil {
		v := s.senderPage(c, now, form)
		v.Done = kept(again)
		return s.page(c, http.StatusOK, web.PageCase, v)
	}
	if now == nil {
		return s.lookupBack(c, form, err)
	}
	f, status := classify(err)
	v := s.senderPage(c, now, form)
	for _, name := range sentWords {
		v.Values[name] = form.Get(name)
	}
	t := s.words(c)
	switch f.Kind {
	case fault.Invalid:
		for _, field := range f.Fields {
			v.Errors = append(v.Errors, web.FieldError{Field: field.Name, Message: s.senderError(c, field)})
		}
	case fault.Conflict:
		v.Notice = t("problem."+f.Code) + ". " + t("problem."+f.Code+".detail")
	case fault.Unavailable:
		v.Notice = t("lookup.busy")
		s.noteUnavailable(c, err)
	default:
		return err
	}
	if v.Reply == nil {
		v.Unkept = form.Get("message")
	}
	if v.Rating == nil {
		v.Unkept += form.Get("comment")
	}
	return s.page(c, status, web.PageCase, v)
}

// senderError is what to put right in one field, as the page says it.
func (s *Server) senderError(c echo.Context, field fault.Field) string {
	t := s.words(c)
	key := "lookup.wrong." + field.Name
	if field.Code == "too_long" || t(key) == key {
		return s.fieldMessage(language(c), field)
	}
	return t(key)
}

// senderFile hands over an attachment. It is a download whatever its type: a
// page is never made of it.
func (s *Server) senderFile(c echo.Context) error {
	form, cs, err := s.readPair(c)
	if cs == nil {
		return err
	}
	f, content, err := s.feedback.File(c.Request().Context(), cs, form.Get("file"))
	if err != nil {
		return err
	}
	return writeAttachment(c, f, content)
}
