package api

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/survey"
	"sipas/web"
)

// sticky are the fields that the forms of a stack have in common. They go from
// form to form in the address: "stack" counts, the version is the one printed.
var sticky = []string{"answeredOn", "area", "questionnaire", "stack"}

// paperForm is the empty page to type a form in.
func (s *Server) paperForm(c echo.Context) error {
	form, err := s.openPaper(c)
	if form != nil && err != nil {
		return s.paperShut(c, form)
	}
	if err != nil {
		return err
	}
	t := s.words(c)
	kept := url.Values{}
	for _, name := range sticky {
		kept.Set(name, c.QueryParam(name))
	}
	if form.At(kept.Get("questionnaire")) == nil {
		kept.Set("questionnaire", form.Questionnaire.Ref())
	}
	kept.Set("key", survey.NewKey(s.Now()))
	v := s.paperView(c, form, kept, nil)
	mine, err := s.typedToday(c)
	if err != nil {
		return err
	}
	v.Counted += " · " + t("paper.mine", mine)
	if r := c.QueryParam("r"); len(r) == survey.ReceiptLength && shapes.Var(r, "keychars") == nil {
		v.Saved = t("paper.saved", stackOf(kept), r[:survey.ReceiptLength/2]+" "+r[survey.ReceiptLength/2:])
	}
	switch {
	case v.Date.Value == "":
		v.Focus = v.Date.Field
	case v.Area != nil:
		v.Focus = v.Area.Field // kept, but looked at for every form: it may be another one
	default:
		v.Focus = "overall"
	}
	return s.page(c, http.StatusOK, web.PagePaper, v)
}

// paperShut says that the link takes no forms now.
func (s *Server) paperShut(c echo.Context, form *survey.Form) error {
	t, l := s.words(c), &form.Link
	p := s.consolePage(c, "paper", t("paper.heading", s.linkName(c, l)))
	p.Up, p.Lead = web.Link{URL: paperPath, Text: t("paper.title")}, t("paper.shut", l.Code)
	p.Actions = []web.Action{{URL: linksPath + "/" + l.Code, Text: t("paper.link"), Primary: true}}
	return s.page(c, http.StatusGone, web.PageConsole, p)
}

func stackOf(typed url.Values) int {
	n, err := strconv.Atoi(typed.Get("stack"))
	if err != nil || n < 0 || n > 99_999 {
		return 0
	}
	return n
}

// enterPaper saves a form and leads to the next one.
func (s *Server) enterPaper(c echo.Context) error {
	typed, err := readForm(c)
	if err != nil {
		return err
	}
	form, err := s.openPaper(c)
	if form == nil {
		return err
	}
	if err != nil {
		return s.paperBack(c, form, typed, err)
	}
	var bad fault.Fields
	request := readPaper(typed, s.paperVersion(form, typed), s.today(), &bad)
	request.Lang = language(c)
	// Checked here as well as in save: only a form that could be saved is asked
	// about what is blank in it.
	_, _, err = form.Read(request.submission(), s.Now())
	if err := join(&bad, err); err != nil {
		return err
	}
	if len(bad) == 0 {
		if v := s.paperView(c, form, typed, nil); s.tellBlank(c, &v, typed.Get("blank")) {
			return s.page(c, http.StatusUnprocessableEntity, web.PagePaper, v)
		}
	}
	receipt, err := s.save(c, form, request, bad)
	if err != nil {
		return s.paperBack(c, form, typed, err)
	}
	next := url.Values{
		"answeredOn":    {dayTyped(catalogue.Date(request.AnsweredOn))},
		"area":          {request.Area},
		"questionnaire": {request.Questionnaire},
		"stack":         {strconv.Itoa(stackOf(typed) + 1)},
		"r":             {receipt.ID[max(0, len(receipt.ID)-survey.ReceiptLength):]},
	}
	return c.Redirect(http.StatusSeeOther, localPath(c, paperPath+"/"+form.Link.Code+"?"+next.Encode()))
}

func dayTyped(d catalogue.Date) string { return d.Start().Format("02/01/2006") }

// readPaper turns the numbers that were typed into the answers that they stand
// for. The number of a choice is its place in the questionnaire, from 1.
func readPaper(typed url.Values, q *survey.Questionnaire, today catalogue.Date, bad *fault.Fields) answerRequest {
	r := answerRequest{
		Key: typed.Get("key"), Questionnaire: typed.Get("questionnaire"), Area: typed.Get("area"), Comment: typed.Get("comment"),
		Answers: map[string]int{}, Extra: map[string]string{}, Profile: map[string]string{},
	}
	switch on, ok := readDay(typed.Get("answeredOn"), today); {
	case typed.Get("answeredOn") == "":
		bad.Add("answeredOn", "required")
	case !ok:
		bad.Add("answeredOn", "day")
	default:
		r.AnsweredOn = string(on)
	}
	number := func(name string, least, most int) (int, bool) {
		v := typed.Get(web.FieldID(name))
		if v == "" {
			return 0, false
		}
		n, err := strconv.Atoi(v)
		if err != nil || n < least || n > most {
			bad.Add(name, "range", least, most)
			return 0, false
		}
		return n, true
	}
	r.Overall, _ = number("overall", 1, 5)
	for _, f := range q.Factors {
		for _, x := range f.Criteria {
			least := 1
			if x.NotApplicable.VI != "" {
				least = 0
			}
			if n, ok := number("answers."+x.ID, least, 5); ok {
				r.Answers[x.ID] = n
			}
		}
	}
	choose := func(part string, list []survey.Question, into map[string]string) {
		for _, x := range list {
			if n, ok := number(part+"."+x.ID, 1, len(x.Options)); ok {
				into[x.ID] = x.Options[n-1].ID
			}
		}
	}
	choose("extra", q.Extra, r.Extra)
	choose("profile", survey.ProfileQuestions, r.Profile)
	return r
}

// tellBlank asks about questions left blank that the sender has not been told of
// yet. Nothing is wrong with them, but a number typed one line too high or low
// leaves a blank at the end, and a saved form cannot be changed. What people
// tell of themselves is often blank, and nothing comes after it.
func (s *Server) tellBlank(c echo.Context, v *web.PaperPage, told string) bool {
	var fields, numbers []string
	news := false
	for _, q := range v.Questions() {
		if q.Value == "" && q.Number > 0 && q.Field != "comment" && !strings.HasPrefix(q.Field, "p_") {
			fields, numbers = append(fields, q.Field), append(numbers, strconv.Itoa(q.Number))
			news = news || !slices.Contains(strings.Split(told, ","), q.Field)
		}
	}
	v.Hidden = append(v.Hidden, web.Choice{Value: "blank", Text: strings.Join(fields, ",")})
	v.Notice, v.Focus = s.words(c)("paper.blank", strings.Join(numbers, ", ")), "save"
	return news
}

// paperBack gives the page back with everything typed and what to do now.
func (s *Server) paperBack(c echo.Context, form *survey.Form, typed url.Values, err error) error {
	f, status := classify(err)
	t, l := s.words(c), form.Link
	if errors.Is(err, survey.ErrKeyReused) || !usableKey(typed.Get("key")) {
		typed.Set("key", survey.NewKey(s.Now()))
	}
	if s.paperVersion(form, typed) == nil {
		return err
	}
	v := s.paperView(c, form, typed, f.Fields)
	v.Focus = "save"
	switch f.Kind {
	case fault.Invalid:
		v.Focus = v.Errors[0].Field
	case fault.Conflict:
		v.Notice, v.Submit = t("paper.reused"), t("paper.again")
	case fault.Unavailable:
		s.Log.Warn("unavailable", "id", requestID(c), "route", c.Path(), "error", err)
		c.Response().Header().Set("Retry-After", "5")
		v.Notice, v.Submit = t("paper.away"), t("paper.again")
	case fault.Gone:
		v.Notice, v.Submit = s.shutNotice(c, &l), t("paper.again")
		v.Way = web.Link{URL: linksPath + "/" + l.Code, Text: t("paper.link")}
	default:
		return err
	}
	return s.page(c, status, web.PagePaper, v)
}

// shutNotice says why the link takes no forms now.
func (s *Server) shutNotice(c echo.Context, l *survey.Link) string {
	t, lang := s.words(c), language(c)
	switch err := l.Open(s.Now()); {
	case errors.Is(err, survey.ErrNotOpen):
		return t("paper.notopen", l.Code, web.DateTime(lang, l.OpensAt.In(catalogue.Zone)))
	case err != nil:
		return t("paper.closed", l.Code, web.DateTime(lang, l.ClosesAt.In(catalogue.Zone)))
	}
	return t("paper.ended", l.Code)
}
