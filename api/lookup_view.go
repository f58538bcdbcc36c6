package api

import (
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/web"
)

// senderPage puts a case into its sender's words. form has the code and secret
// that go along in the page.
func (s *Server) senderPage(c echo.Context, cs *feedback.Case, form url.Values) web.SenderCase {
	t, lang := s.words(c), language(c)
	p := feedback.PublicView(cs, s.Now())
	v := web.SenderCase{
		Base: s.base(c), Code: p.Code, Secret: form.Get("secret"), Shown: feedback.FormatCode(p.Code), Version: p.Version,
		Status: t("lookup.status." + string(p.Status)), Meaning: t("lookup.meaning." + string(p.Status)),
		Due: s.senderDue(c, p), Standing: s.standing(c, p), Steps: s.senderSteps(c, p),
		Subject: p.Subject, Content: p.Content, Values: map[string]string{},
	}
	v.Path = lookupPath
	if !p.ErasedAt.IsZero() {
		v.Meaning = t("lookup.erased", s.moment(c, p.ErasedAt))
	}
	for _, fact := range [][2]string{
		{"kind", s.kindName(lang, p.Kind)}, {"received", s.moment(c, p.ReceivedAt)},
		{"area", s.valueName("area", p.Area, lang, s.today())}, {"procedure", s.valueName("procedure", p.Procedure, lang, s.today())},
		{"unit", s.valueName("unit", p.Unit, lang, s.today())},
	} {
		if fact[1] != "" {
			v.Facts = append(v.Facts, web.Fact{Name: t("lookup.fact." + fact[0]), Text: fact[1]})
		}
	}
	for _, f := range p.Files {
		v.Files = append(v.Files, web.SenderFile{ID: f.ID, Name: f.Name, Size: fileSize(t, f.Size)})
	}
	if p.CanReply {
		v.Reply = &web.SenderReply{Asked: p.Status == feedback.Waiting, Max: feedback.MaxReply}
	}
	if p.CanRate {
		v.Rating = s.ratingForm(c, p)
		if p.Rated { // and may be changed
			v.Meaning = t("lookup.meaning.rated")
			v.Values["solved"], v.Values["rating"], v.Values["comment"] = string(p.Rating.Solved), strconv.Itoa(p.Rating.Level), p.Rating.Comment
		}
	}
	return v
}

func (s *Server) ratingForm(c echo.Context, p *feedback.Public) *web.SenderRating {
	t := s.words(c)
	f := &web.SenderRating{Rated: p.Rated, Max: feedback.MaxReply}
	for _, solved := range []feedback.Solved{feedback.SolvedYes, feedback.SolvedPartly, feedback.SolvedNo} {
		f.Solved = append(f.Solved, web.Choice{Value: string(solved), Text: t("lookup.solved." + string(solved))})
	}
	for level := 1; level <= 5; level++ {
		f.Scale = append(f.Scale, web.Choice{Value: strconv.Itoa(level), Text: t("level." + strconv.Itoa(level))})
	}
	if p.CanReopen {
		f.Reopen = t("lookup.reopen.until", s.dayInWords(language(c), p.ReopenUntil))
	}
	return f
}

// ratingKept says what was kept of a rating.
func (s *Server) ratingKept(c echo.Context, in feedback.RatingInput) string {
	t := s.words(c)
	kept := t("lookup.done.rating", ratingWords(t, in.Solved, in.Level))
	if in.Reopen {
		kept += " " + t("lookup.done.reopened")
	}
	return kept
}

func ratingWords(t func(string, ...any) string, solved feedback.Solved, level int) string {
	return t("lookup.solved."+string(solved)) + "; " + t("level."+strconv.Itoa(level))
}

// senderDue says until when something is due, if a term runs or stands still.
func (s *Server) senderDue(c echo.Context, p *feedback.Public) *web.SenderDue {
	t, lang := s.words(c), language(c)
	if !p.CanReply { // at its end
		return nil
	}
	d := &web.SenderDue{What: t("intake.due." + string(p.Stage))}
	if p.Paused {
		d.Day, d.Left = t("lookup.paused"), t("lookup.paused.why")
		return d
	}
	due := catalogue.DateOf(p.DueAt)
	d.Day, d.Days = s.dayInWords(lang, due), s.receiptDays(lang, p.Explained)
	d.Left, d.Late = s.timeLeft(c, leftTexts{"lookup.left.today", "lookup.left", "lookup.late"}, due)
	d.Provisional = s.provisional(lang, p.Missing)
	if p.Promised != "" {
		d.Promised = t("lookup.promised", s.dayInWords(lang, p.Promised))
	}
	return d
}

// leftTexts are the texts about a due day, for who reads them.
type leftTexts struct{ today, left, late string }

// timeLeft says how far off a due day is, in working days.
func (s *Server) timeLeft(c echo.Context, texts leftTexts, due catalogue.Date) (text string, late bool) {
	t, today := s.words(c), s.today()
	switch {
	case due == today:
		return t(texts.today), false
	case due < today:
		return counted(t, texts.late, s.workingDays(due, today)), true
	}
	return counted(t, texts.left, s.workingDays(today, due)), false
}

// workingDays counts those after one day, up to and with another.
func (s *Server) workingDays(after, to catalogue.Date) int {
	calendar, n := s.feedback.Rules().Calendar, 0
	for d := after.AddDays(1); d <= to; d = d.AddDays(1) {
		if calendar.Working(d) {
			n++
		}
	}
	return n
}

// counted is a text about a number of things.
func counted(t func(string, ...any) string, key string, n int) string {
	if n == 1 {
		return t(key+".one", n)
	}
	return t(key+".other", n)
}

// standingSteps are the steps whose words stand out while the case is in the
// status to which they lead.
var standingSteps = map[feedback.Status]feedback.Step{
	feedback.Waiting: feedback.Ask, feedback.Answered: feedback.Answer, feedback.Closed: feedback.Answer,
	feedback.Refused: feedback.Refuse, feedback.Transferred: feedback.Transfer,
}

// standingStep is where the office's word that stands is among the steps; -1:
// there is none.
func standingStep(p *feedback.Public) int {
	for i := len(p.Steps) - 1; i >= 0; i-- {
		if x := p.Steps[i]; x.Step == standingSteps[p.Status] && x.Message != "" {
			return i
		}
	}
	return -1
}

func (s *Server) standing(c echo.Context, p *feedback.Public) *web.Standing {
	i := standingStep(p)
	if i < 0 {
		return nil
	}
	x := p.Steps[i]
	heading := s.words(c)("lookup.standing."+string(x.Step), x.To)
	return &web.Standing{Heading: heading, When: s.moment(c, x.At), Text: x.Message, Question: x.Step == feedback.Ask}
}

// senderSteps lists the steps, the newest first. The word that stands is shown
// once, and not here again.
func (s *Server) senderSteps(c echo.Context, p *feedback.Public) []web.SenderStep {
	list := make([]web.SenderStep, 0, len(p.Steps))
	for i := len(p.Steps) - 1; i >= 0; i-- {
		x := p.Steps[i]
		step := web.SenderStep{When: s.moment(c, x.At), Text: s.senderStepText(c, x), Message: x.Message, Mine: x.Mine && x.Step != feedback.Receive}
		if i == standingStep(p) {
			step.Message, step.Above = "", true
		}
		list = append(list, step)
	}
	return list
}

// senderStepText says what happened, to the one whose case it is.
func (s *Server) senderStepText(c echo.Context, x feedback.PublicStep) string {
	t, lang := s.words(c), language(c)
	key := "lookup.step." + string(x.Step)
	switch {
	case x.Step == feedback.Classify:
		return t(key, s.kindName(lang, x.Kind))
	case x.Step == feedback.Assign:
		return t(key, s.valueName("unit", x.Unit, lang, catalogue.DateOf(x.At)))
	case x.Step == feedback.Extend && x.Apology:
		return t("lookup.step.apology", s.dayInWords(lang, x.Until))
	case x.Step == feedback.Extend:
		return t(key, s.dayInWords(lang, x.Until))
	case x.Step == feedback.Transfer && x.To == "": // erased
		return s.stepName(lang, x.Step)
	case x.Step == feedback.Transfer:
		return t(key, x.To)
	case x.Step == feedback.Reopen && x.Mine:
		return t("lookup.step.reopened", ratingWords(t, x.Solved, x.Level))
	case x.Step == feedback.Rate:
		return t(key, ratingWords(t, x.Solved, x.Level))
	}
	return t(key)
}

// fileSize is a size as people read it.
func fileSize(t func(string, ...any) string, bytes int) string {
	const kB, mB = 1 << 10, 1 << 20
	if bytes < mB {
		return t("lookup.size.kb", max(1, (bytes+kB/2)/kB))
	}
	return t("lookup.size.mb", (bytes+mB/2)/mB)
}
