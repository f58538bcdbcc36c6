package api

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/web"
)

// maxStepForm is maxStepBody for a form, which writes nine bytes a letter.
const maxStepForm = 4 * maxStepBody

func stepPath(code string, step feedback.Step) string {
	return casePath(code) + "/buoc/" + string(step)
}

// stepPage is where a step is written.
func (s *Server) stepPage(c echo.Context) error {
	k, step, err := s.readStepAddress(c)
	if err != nil {
		return err
	}
	if !slices.Contains(feedback.Allowed(k, s.caseOfficer(c)), step) {
		_, err := s.nextStep(c, k, stepRequest{step: step}) // which says why not
		return err
	}
	f := s.stepForm(c, k, step)
	templates, text, err := s.templateChoice(c, k, step)
	if err != nil {
		return err
	}
	for i := range f.Inputs {
		if text != "" && f.Inputs[i].Name == "message" {
			f.Inputs[i].Value = text
		}
	}
	v := s.stepView(c, k, f)
	if templates != nil {
		v.Forms = slices.Insert(v.Forms, 0, *templates)
	}
	return s.page(c, http.StatusOK, web.PageCaseFile, v)
}

// readStepAddress returns the case and the step of the address.
func (s *Server) readStepAddress(c echo.Context) (*feedback.Case, feedback.Step, error) {
	k, err := s.readCase(c)
	if err != nil {
		return nil, "", err
	}
	step := feedback.Step(c.Param("step"))
	if !step.Known() {
		return nil, "", echo.ErrNotFound
	}
	return k, step, nil
}

// stepForm asks for the fields of a step. What the sender reads and what officers
// alone read stand on grounds of their own.
func (s *Server) stepForm(c echo.Context, k *feedback.Case, step feedback.Step) web.Form {
	t := s.words(c)
	f := web.Form{
		Action: stepPath(k.Code, step), Submit: t("queue.step.see"), Cancel: web.Link{URL: casePath(k.Code), Text: t("console.cancel")},
		Hidden: []web.Choice{{Value: "version", Text: strconv.Itoa(k.Version())}},
	}
	required, optional := step.Fields()
	for _, name := range append(required, optional...) {
		if in, ok := s.stepInput(c, k, name); ok {
			in.Required = slices.Contains(required, name) && name != "apology"
			f.Inputs = append(f.Inputs, in)
		}
	}
	message := web.Input{
		Name: "message", Label: t("queue.step.message"), Hint: t("queue.step.message.hint"), Type: web.InputArea, Wide: true,
		Ground: web.GroundPublic, Required: slices.Contains(required, "message"),
	}
	if step == feedback.Publish {
		message.Label, message.Hint, message.Value = t("queue.step.message.publish"), t("queue.step.message.publish.hint"), proposed(k)
	}
	f.Inputs = append(f.Inputs, message, web.Input{
		Name: "note", Label: t("queue.step.note"), Type: web.InputArea, Wide: true, Ground: web.GroundInternal,
	})
	return f
}

// stepInput is the input of one field of a step beside message and note.
func (s *Server) stepInput(c echo.Context, k *feedback.Case, name string) (web.Input, bool) {
	t, lang, today := s.words(c), language(c), s.today()
	in := web.Input{Name: name, Label: t("queue.step." + name)}
	switch name {
	case "kind":
		in.Type, in.Value, in.Wide = web.InputRadio, string(k.Kind), true
		for _, kind := range feedback.Kinds {
			in.Options = append(in.Options, web.Choice{Value: string(kind), Text: s.kindName(lang, kind)})
		}
	case "variant":
		variants := s.variants(today)
		if len(variants) == 0 {
			return in, false
		}
		in.Type, in.Value, in.Options = web.InputSelect, k.Variant, []web.Choice{{Text: t("queue.step.variant.none")}}
		for _, v := range variants {
			in.Options = append(in.Options, web.Choice{Value: v, Text: t("queue.step.variant." + v)})
		}
	case "unit":
		in.Type, in.Value, in.Options = web.InputSelect, k.Unit, []web.Choice{{Text: t("queue.step.unit.choose")}}
		for _, u := range s.survey.Catalogue().Units(today) {
			if !slices.Contains(k.About.Units(), u.ID) {
				in.Options = append(in.Options, web.Choice{Value: u.ID, Text: u.Name.In(lang)})
			}
		}
	case "until":
		in.Type, in.Hint = web.InputDate, t("queue.step.until.hint", dayText(lang, max(today, catalogue.DateOf(k.DueAt))))
	case "apology":
		in.Type, in.Wide = web.InputCheck, true
	case "to":
		in.Wide = true
	case "question":
		in.Type, in.Wide, in.Ground, in.Hint, in.Value = web.InputArea, true, web.GroundPublic, t("queue.step.question.hint"), proposedQuestion(k)
	default: // message: it comes last
		return in, false
	}
	return in, true
}

// variants are the special cases that the law knows of today, of any kind.
func (s *Server) variants(on catalogue.Date) (list []string) {
	for _, k := range feedback.Kinds {
		for _, v := range s.feedback.Rules().Variants(k, on) {
			if !slices.Contains(list, v) {
				list = append(list, v)
			}
		}
	}
	return list
}

func (s *Server) stepFormPage(c echo.Context, status int, k *feedback.Case, f web.Form) error {
	return s.page(c, status, web.PageCaseFile, s.stepView(c, k, f))
}

// stepView is the case with one step in front of it.
func (s *Server) stepView(c echo.Context, k *feedback.Case, f web.Form) web.CasePage {
	v := s.caseFileView(c, k)
	v.Path = f.Action
	v.Up = web.Link{URL: casePath(k.Code), Text: s.words(c)("queue.case", feedback.FormatCode(k.Code))}
	v.Heading = s.stepName(language(c), feedback.Step(c.Param("step")))
	if c.Param("step") == string(feedback.Publish) {
		s.markForm(c, &f)
	}
	v.Actions, v.AskContact, v.Days, v.Letters, v.Forms = nil, nil, nil, nil, []web.Form{f}
	return v
}

// sendStep takes a step. What the sender or everybody will read is shown once
// more before it goes.
func (s *Server) sendStep(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	k, step, err := s.readStepAddress(c)
	if err != nil {
		return err
	}
	if blank(form) || form.Get("back") != "" {
		f := s.stepForm(c, k, step)
		fill(&f, form)
		return s.stepFormPage(c, http.StatusOK, k, f)
	}
	r, err := typedStep(step, form)
	if err == nil && form.Get("sure") == "" {
		var e feedback.Event
		if e, err = s.nextStep(c, k, r); err == nil && e.Message != "" {
			return s.previewStep(c, k, form, e)
		}
	}
	if err != nil {
		return s.returnStep(c, step, form, err)
	}
	after, err := s.takeStep(c, k, r, nil)
	switch {
	case err != nil:
		return s.returnStep(c, step, form, err)
	case !feedback.Visible(s.caseOfficer(c), after).Read:
		return done(c, casesPath, "moved")
	}
	return done(c, casePath(after.Code), "step")
}

// typedStep reads the fields of stepForm. The version that the page showed is a
// must here: two officers who write at the same time would not know of each other.
func typedStep(step feedback.Step, form url.Values) (stepRequest, error) {
	version, err := strconv.Atoi(form.Get("version"))
	if err != nil || version < 1 {
		return stepRequest{}, feedback.ErrStale
	}
	return stepRequest{step, feedback.StepInput{
		Version: version, Note: form.Get("note"), Message: form.Get("message"), Kind: feedback.Kind(form.Get("kind")),
		Variant: form.Get("variant"), Unit: form.Get("unit"), Until: catalogue.Date(form.Get("until")),
		Apology: form.Get("apology") != "", To: form.Get("to"), Question: form.Get("question"),
	}}, nil
}

// previewStep shows what will be read, with everything typed along.
func (s *Server) previewStep(c echo.Context, k *feedback.Case, typed url.Values, e feedback.Event) error {
	t, step := s.words(c), feedback.Step(c.Param("step"))
	f := s.stepForm(c, k, step)
	f.Hidden = []web.Choice{{Value: "sure", Text: "1"}}
	for _, name := range append([]string{"version", "message", "note"}, stepFields...) {
		if v := typed.Get(name); v != "" {
			f.Hidden = append(f.Hidden, web.Choice{Value: name, Text: v})
		}
	}
	f.Inputs, f.Submit, f.Back = nil, t("queue.step.send"), t("queue.step.back")
	v := s.stepView(c, k, f)
	shown := s.caseEvent(c, e)
	v.Preview, v.PreviewOf = &shown, t("queue.preview")
	if step == feedback.Publish {
		v.Preview, v.Publication = nil, s.publicationView(c, k, e)
		v.Forms[0].Submit = t("published.propose")
		if e.Public {
			v.Forms[0].Submit = t("published.go")
		}
	}
	return s.page(c, http.StatusOK, web.PageCaseFile, v)
}

// stepFields are the fields of steps beside message and note.
var stepFields = []string{"kind", "variant", "unit", "until", "apology", "to", "question"}

// fill puts what was typed back into a form that nothing is wrong with.
func fill(f *web.Form, typed url.Values) {
	for i := range f.Inputs {
		f.Inputs[i].Value = typed.Get(f.Inputs[i].Name)
	}
}

// returnStep shows the form again as it was typed. Who comes second sees the case
// as it is now, and what was done meanwhile.
func (s *Server) returnStep(c echo.Context, step feedback.Step, typed url.Values, err error) error {
	now, e := s.readCase(c)
	if e != nil {
		return e
	}
	f := s.stepForm(c, now, step)
	status, e := s.refill(c, &f, typed, err)
	if e != nil {
		return e
	}
	if errors.Is(err, feedback.ErrStale) {
		f.Notice = s.words(c)("queue.changed", s.lastEvent(c, now))
	}
	return s.stepFormPage(c, status, now, f)
}

// lastEvent names the last thing that happened to a case.
func (s *Server) lastEvent(c echo.Context, k *feedback.Case) string {
	history := feedback.History(s.caseOfficer(c), k)
	e := s.caseEvent(c, history[len(history)-1])
	return e.What + " (" + e.Who + ", " + e.When + ")"
}
