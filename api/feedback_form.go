package api

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/fault"
	"sipas/survey"
	"sipas/web"
)

const feedbackPath = "/gop-y"

// feedbackAbout is the way to the form with what is known already. Ids alone
// stand in the address.
func feedbackAbout(l survey.Link) string {
	q := url.Values{}
	for name, id := range map[string]string{"area": l.Area, "procedure": l.Procedure, "desk": l.Desk, "unit": l.Unit} {
		if id != "" {
			q.Set(name, id)
		}
	}
	if len(q) == 0 {
		return feedbackPath
	}
	return feedbackPath + "?" + q.Encode()
}

func isMultipart(c echo.Context) bool {
	kind, _, _ := mime.ParseMediaType(c.Request().Header.Get(echo.HeaderContentType))
	return kind == echo.MIMEMultipartForm
}

// feedbackForm shows the form, with the place filled in that the address names.
func (s *Server) feedbackForm(c echo.Context) error {
	v := s.feedbackView(c)
	v.Key = survey.NewKey(s.Now())
	for name, options := range map[string][]web.Choice{
		"area": v.Areas, "procedure": v.Procedures, "unit": v.Units, "desk": v.Desks,
	} {
		field := name
		if name == "unit" || name == "desk" {
			field = "about." + name
		}
		id := c.QueryParam(name)
		if slices.ContainsFunc(options, func(o web.Choice) bool { return o.Value == id }) {
			v.Values[field] = id
		}
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	return s.page(c, http.StatusOK, web.PageFeedback, v)
}

// feedbackView is the empty form.
func (s *Server) feedbackView(c echo.Context) web.FeedbackForm {
	lang, on, cat := language(c), s.today(), s.survey.Catalogue()
	v := web.FeedbackForm{
		Base: s.base(c), Values: map[string]string{},
		MaxContent: feedback.MaxContent, MaxFiles: feedback.MaxFiles, MaxSize: feedback.MaxFileSize >> 20,
	}
	if c.Request().Method != http.MethodGet {
		v.Path = feedbackPath
	}
	for _, k := range feedback.Kinds {
		v.Kinds = append(v.Kinds, web.FeedbackKind{
			Value: string(k), Name: s.kindName(lang, k), What: s.pages.Text(lang, "intake.what."+string(k)),
			Reads: s.pages.Text(lang, "intake.reads."+string(k)), Term: s.termWords(lang, k),
		})
	}
	for _, a := range cat.Areas(on) {
		v.Areas = append(v.Areas, web.Choice{Value: a.ID, Text: a.Name.In(lang)})
	}
	for _, p := range cat.Procedures(on) {
		v.Procedures = append(v.Procedures, web.Choice{Value: p.ID, Text: p.Name.In(lang)})
	}
	for _, u := range cat.Units(on) {
		v.Units = append(v.Units, web.Choice{Value: u.ID, Text: u.Name.In(lang)})
	}
	for _, d := range cat.Desks(on) {
		v.Desks = append(v.Desks, web.Choice{Value: d.ID, Text: d.Name.In(lang)})
	}
	return v
}

// termWords says how long a kind takes by the terms in force today.
func (s *Server) termWords(lang string, k feedback.Kind) string {
	r, on := s.feedback.Rules(), s.today()
	days := func(t *feedback.Term) string {
		return s.pages.Text(lang, "intake.days."+string(t.Counts), t.Days)
	}
	resolve, err := r.Term(k, feedback.Resolve, "", on)
	if err != nil {
		return ""
	}
	if resolve.Starts == feedback.FromReceipt {
		return s.pages.Text(lang, "intake.term.receipt", days(resolve))
	}
	register, err := r.Term(k, feedback.Register, "", on)
	if err != nil {
		return ""
	}
	return s.pages.Text(lang, "intake.term.acceptance", days(register), days(resolve))
}

// feedbackSubmit takes in the form. It is answered with the receipt itself: code
// and secret never stand in an address, and loading the page anew sends the same
// key, which gets the same receipt.
func (s *Server) feedbackSubmit(c echo.Context) error {
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	u, err := s.readFeedbackUpload(c)
	if err != nil {
		return err
	}
	defer s.release(u)
	var bad fault.Fields
	in, err := u.intake(&bad)
	if in.Lang == "" {
		in.Lang = language(c)
	}
	var receipt *feedbackReceipt
	if err == nil {
		receipt, err = s.addFeedback(c, in, bad)
	}
	if err != nil {
		return s.feedbackBack(c, u, err)
	}
	v := s.receiptPage(c, receipt, in.Key)
	if !wantsJSON(c) {
		return s.page(c, receipt.status(), web.PageReceipt, v)
	}
	part, err := s.pages.Part(web.PageReceipt, language(c), v)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, localPath(c, feedbackPath)) // where the script shows what it kept
	return writeJSON(c, receipt.status(), struct {
		receiptView
		Page string `json:"page"`
	}{s.receiptJSON(c, receipt), part})
}

// feedbackBack gives the form back with everything typed and what to do now.
// Files cannot be put back into a form: it says which to choose again.
func (s *Server) feedbackBack(c echo.Context, u *feedbackUpload, err error) error {
	f, status := classify(err)
	fresh := u.form.Get("key")
	if errors.Is(err, feedback.ErrKeyReused) || !usableKey(fresh) {
		fresh = survey.NewKey(s.Now())
	}
	if wantsJSON(c) {
		if errors.Is(err, feedback.ErrKeyReused) {
			return s.writeProblem(c, status, f, fresh)
		}
		if f.Kind == fault.Invalid {
			return s.writeFeedbackErrors(c, status, f)
		}
		return err
	}
	v := s.feedbackView(c)
	v.Key = fresh
	for name := range u.form {
		v.Values[name] = u.form.Get(name)
	}
	for _, box := range []string{"anonymous", "consent", "publish"} {
		if v.Values[box] != "" && v.Values[box] != "false" && v.Values[box] != "0" {
			v.Values[box] = "on"
		}
	}
	v.Again = u.sent
	switch f.Kind {
	case fault.Invalid:
		for _, field := range f.Fields {
			v.Errors = append(v.Errors, s.feedbackError(language(c), field))
		}
	case fault.Conflict, fault.Unavailable, fault.TooLarge:
		v.Notice = s.pages.Text(language(c), "problem."+f.Code+".detail")
		if text := s.pages.Text(language(c), "intake.back."+f.Code); text != "intake.back."+f.Code {
			v.Notice = text
		} else if f.Kind == fault.Unavailable {
			v.Notice = s.pages.Text(language(c), "intake.back.busy")
		}
	default:
		return err
	}
	if f.Kind == fault.Unavailable {
		s.Log.Warn("unavailable", "id", requestID(c), "route", c.Path(), "error", err)
		c.Response().Header().Set("Retry-After", retryAfter(f))
	}
	return s.page(c, status, web.PageFeedback, v)
}

// writeFeedbackErrors is the problem for the page's script: with the page's
// sentences and the fields as they are called there.
func (s *Server) writeFeedbackErrors(c echo.Context, status int, f *fault.Error) error {
	lang := language(c)
	p := s.problem(c, status, f)
	for i, field := range f.Fields {
		e := s.feedbackError(lang, field)
		if p.Errors[i].Field, p.Errors[i].Message = e.Field, e.Message; e.Label != "" {
			p.Errors[i].Label = e.Label
		}
	}
	return writeProblemJSON(c, p)
}

// feedbackError is one thing to mend, as the page says it.
func (s *Server) feedbackError(lang string, f fault.Field) web.FormError {
	e := web.FormError{Field: f.Name, Message: s.fieldMessage(lang, f)}
	if strings.HasPrefix(f.Name, "files.") {
		e.Field = "files"
	}
	for _, key := range []string{"intake.wrong." + e.Field + "." + f.Code, "intake.wrong." + f.Code} {
		if text := s.pages.Text(lang, key, f.Args...); text != key {
			e.Message = text
			break
		}
	}
	// The names of files stand in the message, and consent is a whole sentence.
	if key := "intake.label." + e.Field; s.pages.Text(lang, key) != key && e.Field != "files" && e.Field != "consent" {
		e.Label = s.pages.Text(lang, key)
	}
	return e
}
