package api

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/staff"
	"sipas/survey"
	"sipas/web"
)

// Where officers write down what somebody says on the phone or at the desk, and
// who does: those who sort cases.
const (
	casesPath = "/lam-viec/vu-viec"
	takePath  = casesPath + "/moi"
)

var takerRoles = []staff.Role{staff.Desk, staff.Inspection, staff.Office}

// takePage is the empty form.
func (s *Server) takePage(c echo.Context) error {
	p := s.takeView(c)
	p.Forms = []web.Form{s.takeForm(c, survey.NewKey(s.Now()))}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

func (s *Server) takeView(c echo.Context) web.Page {
	t := s.words(c)
	p := s.consolePage(c, "cases", t("intake.staff.title"))
	p.Up, p.Lead = web.Link{URL: casesPath, Text: t("intake.staff.cases")}, t("intake.staff.lead")
	return p
}

func (s *Server) takeForm(c echo.Context, key string) web.Form {
	t, lang := s.words(c), language(c)
	kinds := make([]web.Choice, 0, len(feedback.Kinds))
	for _, k := range feedback.Kinds {
		kinds = append(kinds, web.Choice{Value: string(k), Text: s.kindName(lang, k)})
	}
	v := s.feedbackView(c)
	choose := func(list []web.Choice) []web.Choice {
		return append([]web.Choice{{Text: t("intake.choose")}}, list...)
	}
	return web.Form{
		Action: takePath, Heading: t("intake.staff.form"), Submit: t("intake.staff.save"), Cancel: web.Link{URL: casesPath, Text: t("console.cancel")}, Upload: true,
		Hidden: []web.Choice{{Value: "key", Text: key}, {Value: "lang", Text: lang}},
		Inputs: []web.Input{
			{Name: "content", Label: t("intake.staff.content"), Type: web.InputArea, Hint: t("intake.staff.content.hint", feedback.MaxContent), Required: true, Wide: true},
			{Name: "subject", Label: t("intake.staff.subject"), Wide: true},
			{Name: "kind", Label: t("intake.staff.kind"), Type: web.InputRadio, Options: kinds, Hint: t("intake.staff.kind.hint"), Required: true, Wide: true},
			{Name: "contact.name", Group: t("intake.staff.sender"), Label: t("intake.label.contact.name"), Hint: t("intake.staff.sender.hint")},
			{Name: "contact.phone", Label: t("intake.label.contact.phone")},
			{Name: "contact.address", Label: t("intake.label.contact.address")},
			{Name: "contact.email", Label: t("intake.label.contact.email")},
			{Name: "anonymous", Label: t("intake.staff.anonymous"), Type: web.InputCheck, Wide: true},
			{Name: "area", Group: t("intake.staff.place"), Label: t("intake.label.area"), Type: web.InputSelect, Options: choose(v.Areas)},
			{Name: "procedure", Label: t("intake.label.procedure"), Type: web.InputSelect, Options: choose(v.Procedures)},
			{Name: "about.unit", Label: t("intake.label.about.unit"), Type: web.InputSelect, Options: choose(v.Units)},
			{Name: "about.desk", Label: t("intake.label.about.desk"), Type: web.InputSelect, Options: choose(v.Desks)},
			{Name: "about.officer", Label: t("intake.staff.officer")},
			{Name: "dossier", Label: t("intake.label.dossier"), Hint: t("intake.hint.dossier")},
			{
				Name: "files", Label: t("intake.staff.files"), Type: web.InputFile, Many: true, Accept: "image/jpeg,image/png,application/pdf,.docx",
				Hint: t("intake.hint.files", feedback.MaxFiles, feedback.MaxFileSize>>20), Wide: true,
			},
			{Name: "consent", Label: t("intake.staff.consent"), Type: web.InputCheck, Required: true, Wide: true},
			{Name: "publish", Label: t("intake.staff.publish"), Type: web.InputCheck, Wide: true},
		},
	}
}

// takeDown stores what an officer wrote for somebody. The log says who did
// before it is stored, and nothing of what it is; of a denunciation it says so to
// the inspection alone.
func (s *Server) takeDown(c echo.Context) error {
	u, err := s.readFeedbackUpload(c)
	if err != nil {
		return err
	}
	defer s.release(u)
	var bad fault.Fields
	in, err := u.intake(&bad)
	o := officerOf(c)
	in.Taken = feedback.Taken{Account: o.Account, Desk: o.Desk}
	var draft *feedback.Draft
	if err == nil {
		draft, err = s.draftFeedback(in, bad, s.Now())
	}
	var receipt *feedbackReceipt
	if err == nil {
		e := s.entry(c, "case.taken", "", nil)
		e.Secret = in.Kind == feedback.Denunciation
		e.ID = fmt.Sprintf("taken-%x", sha256.Sum256([]byte(e.Account+"\n"+in.Key)))
		err = s.auditedAs(c, e, func() (err error) {
			receipt, err = s.storeFeedback(c, in, draft)
			return err
		})
	}
	if err != nil {
		return s.takeBack(c, u, err)
	}
	return s.page(c, receipt.status(), web.PageSlip, s.takenView(c, receipt))
}

// takeBack gives the form back with everything typed.
func (s *Server) takeBack(c echo.Context, u *feedbackUpload, err error) error {
	key := u.form.Get("key")
	if errors.Is(err, feedback.ErrKeyReused) || !usableKey(key) {
		key = survey.NewKey(s.Now())
	}
	f := s.takeForm(c, key)
	status, err := s.refill(c, &f, u.form, err)
	if err != nil {
		return err
	}
	for i := range f.Errors {
		if strings.HasPrefix(f.Errors[i].Field, "files.") {
			f.Errors[i].Field = "files"
		}
	}
	if len(u.sent) > 0 {
		f.Errors = append(f.Errors, web.FieldError{Field: "files", Message: s.words(c)("field.files_again", strings.Join(u.sent, ", "))})
	}
	f.Fail(f.Errors)
	p := s.takeView(c)
	p.Path, p.Forms = takePath, []web.Form{f}
	return s.page(c, status, web.PageConsole, p)
}

// takenView is the receipt to read out or print. It is all that a desk sees of a
// denunciation, so it leads nowhere else.
func (s *Server) takenView(c echo.Context, r *feedbackReceipt) web.Slip {
	t, lang, f := s.words(c), language(c), r.First
	v := web.Slip{Page: s.takeView(c), Warning: t("intake.staff.receipt.warn")}
	v.Path, v.Heading = takePath, t("intake.staff.receipt")
	v.Facts = []web.Fact{
		{Name: t("intake.receipt.code"), Text: r.Code, Code: true},
		{Name: t("intake.receipt.secret"), Text: r.Secret, Code: true},
		{Name: t("intake.fact.kind"), Text: s.kindName(lang, f.Kind)},
		{Name: t("intake.fact.received"), Text: s.moment(c, f.ReceivedAt)},
		{Name: t("intake.due." + string(f.Clock.Stage)), Text: s.dayInWords(lang, catalogue.DateOf(f.DueAt))},
	}
	v.Steps = append([]string{t("intake.staff.step.read"), t("intake.staff.step.lookup", s.publicURL("/tra-cuu"))}, s.whatNext(lang, f)...)
	v.Actions = []web.Action{{URL: takePath, Text: t("intake.staff.another")}}
	return v
}
