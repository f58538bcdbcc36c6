package api

import (
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/web"
)

// receiptPage is the receipt as people read it.
func (s *Server) receiptPage(c echo.Context, r *feedbackReceipt, key string) web.FeedbackReceipt {
	t, lang, f := s.words(c), language(c), r.First
	v := web.FeedbackReceipt{
		Base: s.base(c), Key: key, Code: r.Code, Secret: r.Secret, Kind: string(f.Kind),
		Due: s.dayInWords(lang, catalogue.DateOf(f.DueAt)), DueWhat: t("intake.due." + string(f.Clock.Stage)),
		Next: s.whatNext(lang, f), Days: s.receiptDays(lang, f.Clock.Days), Provisional: s.provisional(lang, f.Clock.Missing),
	}
	v.Path = feedbackPath
	v.Facts = []web.Fact{
		{Name: t("intake.fact.kind"), Text: s.kindName(lang, f.Kind)},
		{Name: t("intake.fact.received"), Text: s.moment(c, f.ReceivedAt)},
	}
	return v
}

// provisional says which years may yet move the due day.
func (s *Server) provisional(lang string, years []int) []string {
	var list []string
	for _, year := range years {
		list = append(list, s.pages.Text(lang, "why.provisional", strconv.Itoa(year)))
	}
	return list
}

// whatNext says what happens now, one step after the other.
func (s *Server) whatNext(lang string, f *feedback.Case) []string {
	steps := strings.Split(s.pages.Text(lang, "intake.next."+string(f.Kind), feedback.ReopenDays), "\n")
	if f.Anonymous {
		steps = append(steps, s.pages.Text(lang, "intake.next.anonymous"))
	}
	return steps
}

func (s *Server) receiptDays(lang string, days []feedback.Day) []web.ReceiptDay {
	list := make([]web.ReceiptDay, 0, len(days))
	for _, d := range days {
		list = append(list, web.ReceiptDay{Day: s.dayInWords(lang, d.On), Why: s.why(lang, d), Counted: d.Counted})
	}
	return list
}

// dayInWords is a day with its weekday: "thứ Ba, 21/07/2026".
func (s *Server) dayInWords(lang string, d catalogue.Date) string {
	weekday := s.pages.Text(lang, "intake.weekday."+strconv.Itoa(int(d.Start().Weekday())))
	return weekday + ", " + web.Date(lang, d.Start())
}
