package api

import (
	"archive/zip"
	"bytes"
	"fmt"
	"slices"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/web"
)

// copyCase gives an officer everything that is held about the sender of a case,
// to be handed over to them: a page that can be printed, and their files, in a
// zip file. That it was made is on record before: the contact is in it.
func (s *Server) copyCase(c echo.Context) error {
	k, err := s.readCase(c)
	if err != nil {
		return err
	}
	var packed []byte
	err = s.auditedAs(c, s.caseEntry(c, "case.copy", k), func() error {
		contact, err := s.feedback.Contact(s.caseOfficer(c), k)
		if err == nil {
			packed, err = s.packCase(c, k, contact)
		}
		return err
	})
	if err != nil {
		return err
	}
	return writeAttachment(c, &feedback.File{Name: "ban-sao-" + feedback.FormatCode(k.Code) + ".zip", Type: "application/zip"}, packed)
}

func (s *Server) packCase(c echo.Context, k *feedback.Case, contact feedback.Contact) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	add := func(name string, content []byte) error {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(content)
		}
		return err
	}
	v := s.caseCopy(c, k, contact)
	for i, f := range k.Files {
		_, content, err := s.feedback.File(c.Request().Context(), k, f.ID)
		if err == nil {
			name := fmt.Sprintf("tep-%d-%s", i+1, f.Name) // two files may have one name
			v.Files = append(v.Files, name)
			err = add(name, content)
		}
		if err != nil {
			return nil, err
		}
	}
	var page bytes.Buffer
	if err := s.pages.Render(&page, web.PageCopy, language(c), v); err != nil {
		return nil, err
	}
	if err := add("vu-viec.html", page.Bytes()); err != nil {
		return nil, err
	}
	err := z.Close()
	return b.Bytes(), err
}

func (s *Server) caseCopy(c echo.Context, k *feedback.Case, contact feedback.Contact) web.CaseCopy {
	t, lang, p := s.words(c), language(c), feedback.PublicView(k, s.Now())
	v := web.CaseCopy{
		Base: s.base(c), Code: feedback.FormatCode(k.Code), Made: t("copy.made", s.moment(c, s.Now()), officerOf(c).Account),
		Contact: s.contactFacts(c, contact), Subject: k.Subject, Content: k.Content, Steps: s.senderSteps(c, p),
	}
	slices.Reverse(v.Steps)
	for i := range v.Steps { // whole, the word that stands too
		v.Steps[i].Message = p.Steps[i].Message
	}
	for _, e := range k.Events {
		if e.Note != "" {
			v.Notes++
		}
	}
	for _, x := range [][2]string{
		{t("queue.fact.kind"), s.kindName(lang, k.Kind)}, {t("queue.fact.status"), s.statusName(lang, k.Status)},
		{t("queue.fact.received"), s.moment(c, k.ReceivedAt)}, {t("queue.fact.unit"), s.valueName("unit", k.Unit, lang, s.today())},
		{t("queue.fact.area"), s.valueName("area", k.Area, lang, s.today())}, {t("queue.fact.procedure"), s.valueName("procedure", k.Procedure, lang, s.today())},
		{t("queue.fact.dossier"), k.Dossier}, {t("queue.fact.about"), s.aboutWords(lang, k)}, {t("queue.fact.publish"), t("queue.fact.publish." + yesNo(k.Publish))},
		{t("copy.kept"), s.keptUntil(c, k)},
	} {
		if x[1] != "" {
			v.Facts = append(v.Facts, web.Fact{Name: x[0], Text: x[1]})
		}
	}
	if k.Rating.Comment != "" {
		v.Facts = append(v.Facts, web.Fact{Name: t("case.step.rate"), Text: k.Rating.Comment})
	}
	return v
}

// contactFacts lists how a sender is reached.
func (s *Server) contactFacts(c echo.Context, contact feedback.Contact) (list []web.Fact) {
	for _, x := range [][2]string{{"name", contact.Name}, {"phone", contact.Phone}, {"email", contact.Email}, {"address", contact.Address}} {
		if x[1] != "" {
			list = append(list, web.Fact{Name: s.words(c)("queue.contact." + x[0]), Text: x[1]})
		}
	}
	return list
}

// keptUntil says until when the personal data of a case are kept, in words.
func (s *Server) keptUntil(c echo.Context, k *feedback.Case) string {
	t, rules := s.words(c), s.feedback.Rules()
	if until, by := rules.Kept(k); by != nil {
		return t("retention.until", dayText(language(c), until))
	}
	for _, r := range rules.RetentionOn(catalogue.DateOf(s.Now())) {
		if r.Kind == k.Kind && !k.Erased() {
			return t("retention.after", s.monthsInWords(c, r.Months))
		}
	}
	return ""
}

// monthsInWords says years where they are whole.
func (s *Server) monthsInWords(c echo.Context, months int) string {
	if months%12 == 0 {
		return counted(s.words(c), "retention.years", months/12)
	}
	return counted(s.words(c), "retention.months", months)
}
