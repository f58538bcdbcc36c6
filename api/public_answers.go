package api

import (
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/web"
)

const (
	publicPath   = feedbackPath + "/cong-khai"
	publicShown  = 20 // answers on a page
	publicMonths = 24 // that can be chosen
)

// publicAnswers is the page on which everybody reads the answers that were chosen
// for it. It knows nothing of a case but feedback.PublicAnswer.
func (s *Server) publicAnswers(c echo.Context) error {
	lang := language(c)
	v := web.PublicAnswers{Base: s.base(c), Area: c.QueryParam("area"), Month: c.QueryParam("month")}
	for _, a := range s.survey.Catalogue().Areas(s.today()) {
		v.Areas = append(v.Areas, web.Choice{Value: a.ID, Text: a.Name.In(lang)})
	}
	for _, m := range lastMonths(s.today(), publicMonths) {
		v.Months = append(v.Months, web.Choice{Value: m, Text: s.pages.Text(lang, "public.monthname", m[5:], m[:4])})
	}
	f, err := readPublicFilter(v)
	var list []feedback.PublicAnswer
	var next string
	if err == nil {
		list, next, err = s.feedback.PublicAnswers(c.Request().Context(), f, publicShown, c.QueryParam("after"))
	}
	if bad := fault.As(err); err != nil && bad != nil && bad.Kind == fault.Invalid {
		for _, x := range bad.Fields {
			v.Errors = append(v.Errors, web.FieldError{Field: x.Name, Message: s.pages.Text(lang, "public.wrong."+x.Name)})
		}
		v.First = publicPath
		return s.page(c, http.StatusUnprocessableEntity, web.PagePublic, v)
	}
	if err != nil {
		return err
	}
	for _, a := range list {
		v.Answers = append(v.Answers, s.publicAnswer(lang, a))
	}
	if next != "" {
		v.Next = publicAddress(v, next)
	}
	if c.QueryParam("after") != "" {
		v.First = publicAddress(v, "")
	}
	return s.page(c, http.StatusOK, web.PagePublic, v)
}

// readPublicFilter holds what was chosen to what can be.
func readPublicFilter(v web.PublicAnswers) (f feedback.PublicFilter, err error) {
	var bad fault.Fields
	if f.Area = v.Area; !offered(v.Areas, v.Area) {
		bad.Add("area", "unknown")
	}
	if !offered(v.Months, v.Month) {
		bad.Add("month", "unknown")
	} else if v.Month != "" {
		f.From = catalogue.Date(v.Month + "-01").Start()
		f.To = f.From.AddDate(0, 1, 0)
	}
	return f, bad.Err()
}

func offered(list []web.Choice, value string) bool {
	for _, x := range list {
		if x.Value == value {
			return true
		}
	}
	return value == ""
}

// lastMonths are the months up to a day's, the latest first: "2026-06".
func lastMonths(day catalogue.Date, n int) (list []string) {
	first := catalogue.Date(day.Month() + "-01").Start()
	for i := range n {
		list = append(list, first.AddDate(0, -i, 0).Format("2006-01"))
	}
	return list
}

func publicAddress(v web.PublicAnswers, after string) string {
	q := url.Values{}
	for name, value := range map[string]string{"area": v.Area, "month": v.Month, "after": after} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return publicPath
	}
	return fmt.Sprintf("%s?%s", publicPath, q.Encode())
}

func (s *Server) publicAnswer(lang string, a feedback.PublicAnswer) web.PublicAnswer {
	t := func(key string, args ...any) string { return s.pages.Text(lang, key, args...) }
	day := func(at time.Time) string { return web.Date(lang, at.In(catalogue.Zone)) }
	on := catalogue.DateOf(a.AnsweredAt)
	v := web.PublicAnswer{
		Heading: a.Question, Asked: a.Question != "", Area: s.valueName("area", a.Area, lang, on), Text: a.Text,
		By: t("public.bynobody", day(a.AnsweredAt)), When: t("public.when", day(a.PublishedAt)), Late: !a.OnTime,
	}
	if a.Unit != "" {
		v.By = t("public.by", s.valueName("unit", a.Unit, lang, on), day(a.AnsweredAt))
	}
	switch {
	case v.Asked:
	case v.Area != "":
		v.Heading, v.Area = t("public.about", v.Area), ""
	default:
		v.Heading = t("public.noarea")
	}
	return v
}
