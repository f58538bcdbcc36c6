package api

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/survey"
	"sipas/web"
)

// typedCode leads from the code typed on the home page to its survey.
func (s *Server) typedCode(c echo.Context) error {
	code := survey.CleanCode(c.QueryParam("code"))
	if code == "" {
		return c.Redirect(http.StatusSeeOther, localPath(c, "/"))
	}
	return c.Redirect(http.StatusSeeOther, localPath(c, "/k/"+url.PathEscape(code)))
}

// localPath keeps the language on the way to another page.
func localPath(c echo.Context, path string) string {
	lang := language(c)
	switch {
	case lang == web.Languages()[0]:
		return path
	case strings.Contains(path, "?"):
		return path + "&lang=" + lang
	}
	return path + "?lang=" + lang
}

// surveyForm shows the survey behind a code.
func (s *Server) surveyForm(c echo.Context) error {
	now := s.Now()
	form, err := s.survey.OpenForm(c.Request().Context(), c.Param("code"), now)
	if err != nil {
		return s.failForm(c, form, err)
	}
	render := func() (*spliced, error) { return s.renderForm(c, form) }
	var page *spliced
	if form.Slip != nil { // opened once or twice: not worth keeping
		page, err = render()
	} else {
		page, err = s.forms.get(formPage{form.Link.Code, language(c), catalogue.DateOf(now)}, form.Edition, render)
	}
	if err != nil {
		return err
	}
	h := c.Response().Header()
	maps.Copy(h, ofPages)
	h.Set("Content-Security-Policy", page.policy)
	h.Set("Content-Language", language(c))
	h.Set(echo.HeaderCacheControl, "no-cache")
	return page.write(c, web.KeyFields(survey.NewKey(now), now.UTC().Format(time.RFC3339)))
}

// failForm tells why a form cannot be answered, with the time where it has one.
func (s *Server) failForm(c echo.Context, form *survey.Form, err error) error {
	if form == nil || wantsJSON(c) {
		return err
	}
	f, status := classify(err)
	n := web.Notice{Base: s.base(c), Kind: noticeOf(f, status)}
	switch {
	case errors.Is(err, survey.ErrClosed) && !form.Link.ClosesAt.IsZero():
		n.When = web.DateTime(language(c), form.Link.ClosesAt.In(catalogue.Zone))
	case errors.Is(err, survey.ErrNotOpen):
		n.When = web.DateTime(language(c), form.Link.OpensAt.In(catalogue.Zone))
	case !errors.Is(err, survey.ErrClosed):
		return err
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	return s.page(c, status, web.PageNotice, n)
}

func (s *Server) renderForm(c echo.Context, form *survey.Form) (*spliced, error) {
	var b strings.Builder
	if err := s.pages.Render(&b, web.PageSurvey, language(c), s.formView(c, form)); err != nil {
		return nil, err
	}
	before, after, found := strings.Cut(b.String(), web.KeyMarker)
	if !found {
		return nil, errors.New("the survey page has no place for its key")
	}
	return newSpliced([]byte(before), []byte(after), web.CSP([]byte(b.String())))
}

// formView puts the form into the reader's words.
func (s *Server) formView(c echo.Context, form *survey.Form) web.SurveyForm {
	base := s.base(c)
	base.Path = "/k/" + form.Link.Code // not the query: the page is kept for the next visitor
	return web.SurveyForm{
		Base: base, Code: form.Link.Code, Action: "/k/" + form.Link.Code,
		Questionnaire: form.Questionnaire.Ref(),
		Trial:         form.Link.Kind == survey.KindTrial, OneTime: form.Slip != nil, MaxComment: survey.MaxComment,
		Questions: s.questions(form, language(c)),
	}
}

// questions puts what the form asks into the words of a language.
func (s *Server) questions(form *survey.Form, lang string) web.Questions {
	on := s.today()
	v := web.Questions{
		AreaName: s.valueName("area", form.Link.Area, lang, on), DeskName: s.valueName("desk", form.Link.Desk, lang, on),
		Extra: choices(form.Questionnaire.Extra, lang), Profile: choices(survey.ProfileQuestions, lang),
	}
	for _, a := range form.Areas {
		v.Areas = append(v.Areas, web.Choice{Value: a.ID, Text: a.Name.In(lang)})
	}
	for _, level := range []string{"1", "2", "3", "4", "5"} {
		v.Scale = append(v.Scale, web.Choice{Value: level, Text: s.pages.Text(lang, "level."+level)})
	}
	for _, f := range form.Questionnaire.Factors {
		factor := web.Factor{ID: f.ID, Name: f.Name.In(lang)}
		for _, q := range f.Criteria {
			factor.Criteria = append(factor.Criteria, web.Criterion{ID: q.ID, Text: q.Text.In(lang), NotApplicable: q.NotApplicable.In(lang)})
		}
		v.Factors = append(v.Factors, factor)
	}
	return v
}

func choices(list []survey.Question, lang string) []web.Question {
	out := make([]web.Question, len(list))
	for i, q := range list {
		out[i] = web.Question{ID: q.ID, Text: q.Text.In(lang)}
		for _, o := range q.Options {
			out[i].Options = append(out[i].Options, web.Choice{Value: o.ID, Text: o.Text.In(lang)})
		}
	}
	return out
}

// surveySubmit takes in the answers of the page: with scripts as a request for
// JSON, without as a post that leads to the thank-you page or comes back.
func (s *Server) surveySubmit(c echo.Context) error {
	body, err := readBody(c)
	if err != nil {
		return err
	}
	var bad fault.Fields
	request, typed, err := readAnswersForm(body, &bad)
	if err != nil {
		return err
	}
	form, err := s.survey.OpenForm(c.Request().Context(), c.Param("code"), s.Now())
	if err != nil && !errors.Is(err, survey.ErrUsed) { // the same answer may come again
		return s.failForm(c, form, err)
	}
	if request.Lang == "" {
		request.Lang = language(c)
	}
	receipt, err := s.save(c, form, request, bad)
	if err != nil {
		return s.formBack(c, form, typed, err)
	}
	location := thanksPath(form.Link.Code, receipt, request.Lang)
	if wantsJSON(c) {
		c.Response().Header().Set(echo.HeaderLocation, location)
		return writeReceipt(c, receipt)
	}
	return c.Redirect(http.StatusSeeOther, location)
}

// save checks and stores answers, whichever way they came. A paper form that an
// officer has typed in is not stored before the log says who that was.
func (s *Server) save(c echo.Context, form *survey.Form, request answerRequest, bad fault.Fields) (receipt survey.Receipt, err error) {
	defer func() { s.metrics.answered(form, receipt, err) }()
	if err := s.tryCode(form); err != nil {
		return survey.Receipt{}, err
	}
	if err := s.aboutDossier(c.Request().Context(), form); err != nil {
		return survey.Receipt{}, err
	}
	submission := request.submission()
	submission.Typed = form.Link.Kind == survey.KindPaper && officerOf(c).Account != ""
	response, comment, err := form.Read(submission, s.Now())
	if err != nil || len(bad) > 0 {
		checkShape(request, &bad) // Read refuses all that the tags do: this only says it better
		if err := join(&bad, err); err != nil {
			return survey.Receipt{}, err
		}
		return survey.Receipt{}, bad.Err()
	}
	store := func() error {
		if form.Slip != nil {
			receipt, err = s.intake.SaveOnce(c.Request().Context(), form, response, comment)
			return err
		}
		receipt, err = s.intake.Save(c.Request().Context(), response, comment, form.Link.Kind == survey.KindTrial)
		return err
	}
	if submission.Typed {
		err = s.auditedAs(c, s.paperEntry(c, &response), store)
	} else {
		err = store()
	}
	return receipt, err
}

// formBack gives the page back with everything typed and what to do now.
func (s *Server) formBack(c echo.Context, form *survey.Form, typed url.Values, err error) error {
	f, status := classify(err)
	lang := language(c)
	fresh := typed.Get("key")
	if errors.Is(err, survey.ErrKeyReused) || !usableKey(fresh) {
		fresh = survey.NewKey(s.Now())
	}
	if wantsJSON(c) {
		if errors.Is(err, survey.ErrKeyReused) {
			return s.writeProblem(c, status, f, fresh)
		}
		return err
	}
	switch {
	case errors.Is(err, survey.ErrSpent):
		return err
	case f.Kind == fault.Invalid, f.Kind == fault.Conflict, f.Kind == fault.Unavailable:
	default:
		return err
	}
	if f.Kind == fault.Unavailable {
		s.Log.Warn("unavailable", "id", requestID(c), "route", c.Path(), "error", err)
		c.Response().Header().Set("Retry-After", "5")
	}
	v := s.formView(c, form)
	v.Key, v.StartedAt = fresh, typed.Get("startedAt")
	v.Values = map[string]string{}
	for name := range typed {
		v.Values[name] = typed.Get(name)
	}
	for _, field := range f.Fields {
		v.Errors = append(v.Errors, web.FieldError{Field: web.FieldID(field.Name), Message: s.formMessage(form, lang, field)})
	}
	if f.Kind != fault.Invalid {
		v.Notice = s.pages.Text(lang, "problem."+f.Code+".detail")
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	return s.page(c, status, web.PageSurvey, v)
}

func usableKey(key string) bool {
	return shapes.Var(key, "required,min=8,max=64,keychars") == nil
}

func thanksPath(code string, r survey.Receipt, lang string) string {
	q := url.Values{
		"r": {r.ID[max(0, len(r.ID)-survey.ReceiptLength):]},
		"t": {r.ReceivedAt.In(catalogue.Zone).Format("20060102T1504")},
	}
	if lang != web.Languages()[0] {
		q.Set("lang", lang)
	}
	return "/k/" + code + "/cam-on?" + q.Encode()
}

// surveyThanks is where an acknowledged answer ends. It claims nothing that its
// address does not say, and looks nothing up.
func (s *Server) surveyThanks(c echo.Context) error {
	form, err := s.survey.OpenForm(c.Request().Context(), c.Param("code"), s.Now())
	if form == nil {
		return err
	}
	v := web.Thanks{Base: s.base(c), Code: form.Link.Code, Trial: form.Link.Kind == survey.KindTrial}
	v.FeedbackURL = feedbackAbout(form.Link)
	if r := c.QueryParam("r"); len(r) == survey.ReceiptLength && shapes.Var(r, "keychars") == nil {
		v.Receipt = r[:survey.ReceiptLength/2] + " " + r[survey.ReceiptLength/2:]
	}
	if t, err := time.ParseInLocation("20060102T1504", c.QueryParam("t"), catalogue.Zone); err == nil {
		v.ReceivedAt = web.DateTime(language(c), t)
	}
	return s.page(c, http.StatusOK, web.PageThanks, v)
}

// pageCache holds rendered forms of the current edition. It is emptied when
// anything that forms are made of has changed.
type pageCache struct {
	mu      sync.RWMutex
	edition int64
	pages   map[formPage]*spliced
}

type formPage struct {
	code, lang string
	day        catalogue.Date // names and areas hold for a day
}

func (p *pageCache) get(key formPage, edition int64, render func() (*spliced, error)) (*spliced, error) {
	p.mu.RLock()
	page, ok := p.pages[key]
	current := p.edition == edition
	p.mu.RUnlock()
	if ok && current {
		return page, nil
	}
	page, err := render()
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.edition != edition || p.pages == nil || len(p.pages) >= 10_000 {
		p.edition, p.pages = edition, map[formPage]*spliced{}
	}
	p.pages[key] = page
	return page, nil
}
