package api

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/web"
)

// casePage shows one case to who may see it.
func (s *Server) casePage(c echo.Context) error {
	k, err := s.readCase(c)
	if err != nil {
		return err
	}
	return s.page(c, http.StatusOK, web.PageCaseFile, s.caseFileView(c, k))
}

// showContact shows the case once more, with how its sender is reached.
func (s *Server) showContact(c echo.Context) error {
	k, err := s.readCase(c)
	if err != nil {
		return err
	}
	contact, err := s.openContact(c, k)
	unreadable := errors.Is(err, feedback.ErrNoKey)
	if err != nil && !unreadable {
		return err
	}
	v := s.caseFileView(c, k)
	v.Path = casePath(k.Code) // this address takes posts alone
	if unreadable {
		v.Contact = []web.Fact{{Name: s.words(c)("queue.contact"), Text: s.words(c)("queue.contact.unreadable")}}
		return s.page(c, http.StatusServiceUnavailable, web.PageCaseFile, v)
	}
	if v.Contact = s.contactFacts(c, contact); v.Contact == nil {
		v.Contact = []web.Fact{{Name: s.words(c)("queue.contact"), Text: s.words(c)("queue.contact.none")}}
	}
	return s.page(c, http.StatusOK, web.PageCaseFile, v)
}

// caseFileView is a case as the officer may see it.
func (s *Server) caseFileView(c echo.Context, k *feedback.Case) web.CasePage {
	t, lang, o := s.words(c), language(c), s.caseOfficer(c)
	v := web.CasePage{
		Page: s.consolePage(c, "cases", titleOf(k)), Subject: k.Subject, Content: k.Content, Lang: k.Lang,
		Provisional: s.provisional(lang, k.Clock.Missing), Days: s.receiptDays(lang, k.Clock.Days),
	}
	v.Up = web.Link{URL: casesPath, Text: t("queue.title")}
	if k.Kind == feedback.Denunciation {
		v.Up = web.Link{URL: casesPath + "?kind=" + string(k.Kind), Text: t("queue.secret")}
	}
	v.Facts = s.caseFacts(c, k)
	if k.State() != feedback.Done {
		v.Due, v.Late = s.dueWords(c, k)
	}
	main := mainStep(k, o)
	for _, step := range feedback.Allowed(k, o) {
		v.Actions = append(v.Actions, web.Action{URL: stepPath(k.Code, step), Text: s.stepName(lang, step), Primary: step == main})
	}
	for _, f := range k.Files {
		v.Files = append(v.Files, web.Link{
			URL: "/api/v1/cases/" + feedback.FormatCode(k.Code) + "/files/" + f.ID, Text: fmt.Sprintf("%s (%s)", f.Name, fileSize(t, f.Size)),
		})
	}
	v.Letters = s.lettersFor(c, k)
	for _, e := range slices.Backward(feedback.History(o, k)) {
		v.History = append(v.History, s.caseEvent(c, e))
	}
	if k.Erased() {
		v.Lead = s.erasedWords(c, k)
	} else if feedback.MayErase(o, k) && k.State() == feedback.Done {
		v.Actions = append(v.Actions, web.Action{URL: erasePath(k.Code), Text: t("erase.title")})
	}
	if feedback.Visible(o, k).Contact && !k.Erased() {
		v.AskCopy = &web.Form{
			Action: casePath(k.Code) + "/ban-sao", Quiet: true, Heading: t("copy.ask.heading"), Lead: t("copy.ask.lead"), Submit: t("copy.ask"),
		}
	}
	if feedback.Visible(o, k).Contact && k.Contact != nil {
		v.AskContact = &web.Form{
			Action: casePath(k.Code) + "/lien-he", Quiet: true, Heading: t("queue.contact"), Lead: t("queue.contact.lead"), Submit: t("queue.contact.ask"),
		}
	}
	return v
}

// mainStep is the step that comes next in the law's order, of those that the
// officer may take.
func mainStep(k *feedback.Case, o feedback.Officer) feedback.Step {
	allowed := feedback.Allowed(k, o)
	order := []feedback.Step{feedback.Accept, feedback.Answer, feedback.Close}
	switch k.Status {
	case feedback.Received:
		order = []feedback.Step{feedback.Classify}
	case feedback.Classified, feedback.Accepted:
		order = []feedback.Step{feedback.Accept, feedback.Assign, feedback.Answer}
	}
	for _, step := range order {
		if slices.Contains(allowed, step) {
			return step
		}
	}
	return ""
}

func (s *Server) caseFacts(c echo.Context, k *feedback.Case) (list []web.Fact) {
	t, lang := s.words(c), language(c)
	fact := func(key, text string) {
		if text != "" {
			list = append(list, web.Fact{Name: t("queue.fact." + key), Text: text})
		}
	}
	list = append(list, web.Fact{Name: t("queue.fact.code"), Text: feedback.FormatCode(k.Code), Code: true})
	fact("kind", s.kindName(lang, k.Kind))
	fact("status", s.statusName(lang, k.Status))
	if k.State() != feedback.Done {
		fact("due", s.dayInWords(lang, catalogue.DateOf(k.DueAt)))
	}
	if k.Apology.Until != "" {
		list = append(list, web.Fact{Name: s.stepName(lang, feedback.Extend), Text: t("queue.promised", dayText(lang, k.Apology.Until))})
	}
	fact("unit", s.valueName("unit", k.Unit, lang, s.today()))
	fact("received", s.moment(c, k.ReceivedAt))
	if !k.AcceptedAt.IsZero() {
		fact("accepted", s.moment(c, k.AcceptedAt))
	}
	if !k.AnsweredAt.IsZero() {
		fact("answered", s.moment(c, k.AnsweredAt))
	}
	fact("area", s.valueName("area", k.Area, lang, s.today()))
	fact("procedure", s.valueName("procedure", k.Procedure, lang, s.today()))
	fact("dossier", k.Dossier)
	fact("about", s.aboutWords(lang, k))
	fact("taken", k.Taken.Account)
	if k.Taken.Survey {
		fact("source", t("queue.fact.source.survey"))
	}
	if k.Anonymous {
		fact("anonymous", t("queue.fact.anonymous.yes"))
	}
	if k.Kind != feedback.Denunciation {
		fact("publish", t("queue.fact.publish."+yesNo(k.Publish)))
	}
	switch p := k.Publication; {
	case p.Public():
		fact("published", t("queue.fact.published.public", p.ConfirmedBy))
	case p.Text != "":
		fact("published", t("queue.fact.published.proposed", p.By))
	}
	if r := k.Rating; r.Solved != "" {
		fact("rating", t("queue.rating", t("queue.solved."+string(r.Solved)), r.Level))
	}
	return list
}

func (s *Server) aboutWords(lang string, k *feedback.Case) string {
	var list []string
	for _, x := range []string{
		s.valueName("unit", k.About.Unit, lang, s.today()), s.valueName("desk", k.About.Desk, lang, s.today()), k.About.Officer,
	} {
		if x != "" {
			list = append(list, x)
		}
	}
	return strings.Join(list, ", ")
}

// caseEvent is one event as officers read it.
func (s *Server) caseEvent(c echo.Context, e feedback.Event) web.CaseEvent {
	t, lang := s.words(c), language(c)
	sender := e.By == feedback.Actor{}
	v := web.CaseEvent{
		When: s.moment(c, e.At), What: s.stepName(lang, e.Step), Who: t("queue.sender"), Message: e.Message, FromSender: sender, Note: e.Note,
	}
	if !sender {
		v.Who = e.By.Account
		if e.By.Role != "" {
			v.Who += ", " + t("role."+string(e.By.Role))
		}
	}
	switch {
	case e.Step == feedback.Classify:
		v.What = t("queue.event.classify", s.kindName(lang, e.Kind))
	case e.Step == feedback.Assign:
		v.What = t("queue.event.assign", s.valueName("unit", e.Unit, lang, s.today()))
	case e.Apology:
		v.What = t("queue.event.apology", dayText(lang, e.Until))
	case e.Step == feedback.Extend:
		v.What = t("queue.event.extend", dayText(lang, e.Until))
	case e.Step == feedback.Transfer && e.To != "":
		v.What = t("queue.event.transfer", e.To)
	case e.Step == feedback.Publish && !e.Public:
		v.What = t("queue.event.publish.proposed")
	}
	v.ForAll = e.Step == feedback.Publish
	if e.Asked != "" {
		v.Message = e.Asked + "\n\n" + e.Message
	}
	if e.Solved != "" {
		v.What += ": " + t("queue.rating", t("queue.solved."+string(e.Solved)), e.Level)
	}
	return v
}
