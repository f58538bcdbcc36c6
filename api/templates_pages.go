package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/staff"
	"sipas/web"
)

const templatesPath = casesPath + "/mau"

// templateRoles are who writes templates; who handles a case uses them there.
var templateRoles = []staff.Role{staff.Inspection, staff.Office}

// templatesPage lists the templates by the step that they are for.
func (s *Server) templatesPage(c echo.Context) error {
	t, lang := s.words(c), language(c)
	templates, err := s.feedback.Templates(c.Request().Context(), s.caseOfficer(c).Role)
	if err != nil {
		return err
	}
	p := s.consolePage(c, "cases", t("template.title"))
	p.Up, p.Lead = web.Link{URL: casesPath, Text: t("template.up")}, t("template.lead")
	p.Actions = []web.Action{{URL: templatesPath + "/moi", Text: t("template.new"), Primary: true}}
	list := web.Table{Empty: t("template.empty"), Columns: []web.Column{
		{Text: t("template.step"), Whole: true}, {Text: t("template.name")}, {Text: t("template.kind")},
	}}
	for _, x := range templates {
		list.Rows = append(list.Rows, web.Row{Cells: []web.Cell{
			{Text: s.stepName(lang, x.Step)}, {Text: x.Name, URL: templatesPath + "/" + x.ID, Note: beginning(x.Text)},
			{Text: s.templateKind(c, x.Kind)},
		}})
	}
	p.Tables = []web.Table{list}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

// beginning is as much of a text as tells it from others.
func beginning(text string) string {
	const enough = 140
	runes := []rune(text)
	if len(runes) <= enough {
		return text
	}
	return string(runes[:enough]) + "…"
}

func (s *Server) templateKind(c echo.Context, k feedback.Kind) string {
	if k == "" {
		return s.words(c)("template.anykind")
	}
	return s.kindName(language(c), k)
}

func (s *Server) templateForm(c echo.Context, x *feedback.Template) web.Form {
	t, lang := s.words(c), language(c)
	kinds := []web.Choice{{Value: "", Text: t("template.anykind")}}
	for _, k := range feedback.Kinds {
		if k != feedback.Denunciation || s.caseOfficer(c).Role == feedback.RoleInspection {
			kinds = append(kinds, web.Choice{Value: string(k), Text: s.kindName(lang, k)})
		}
	}
	steps := []web.Choice{{Value: "", Text: t("template.choose")}}
	for _, step := range feedback.WritingSteps() {
		steps = append(steps, web.Choice{Value: string(step), Text: s.stepName(lang, step)})
	}
	f := web.Form{
		Action: templatesPath + "/moi", Submit: t("template.save"), Cancel: web.Link{URL: templatesPath, Text: t("console.cancel")},
		Hidden: []web.Choice{{Value: "id", Text: x.ID}},
		Inputs: []web.Input{
			{Name: "name", Label: t("template.name"), Hint: t("template.name.hint"), Value: x.Name, Required: true, Wide: true},
			{Name: "step", Label: t("template.step"), Type: web.InputSelect, Value: string(x.Step), Options: steps, Required: true},
			{Name: "kind", Label: t("template.kind"), Type: web.InputSelect, Value: string(x.Kind), Options: kinds, Required: true},
			{Name: "text", Label: t("template.text"), Hint: t("template.text.hint"), Type: web.InputArea, Value: x.Text, Required: true, Wide: true},
		},
	}
	if x.Version() > 0 {
		f.Action = templatesPath + "/" + x.ID
		f.Hidden = []web.Choice{{Value: "version", Text: strconv.FormatInt(x.Version(), 10)}}
	}
	return f
}

// templatePage is the page of one template, stored or not yet.
func (s *Server) templatePage(c echo.Context, status int, x *feedback.Template, f web.Form) error {
	t := s.words(c)
	p := s.consolePage(c, "cases", t("template.new"))
	p.Up, p.Forms = web.Link{URL: templatesPath, Text: t("template.title")}, []web.Form{f}
	if x.Version() > 0 {
		p.Heading = x.Name
		p.Forms = append(p.Forms, web.Form{
			Action: templatesPath + "/" + x.ID + "/xoa", Heading: t("template.remove"), Lead: t("template.remove.lead"),
			Submit: t("template.remove"), Danger: true, Quiet: true, Hidden: f.Hidden,
		})
	}
	return s.page(c, status, web.PageConsole, p)
}

func (s *Server) newTemplatePage(c echo.Context) error {
	x := &feedback.Template{ID: feedback.NewTemplateID()}
	return s.templatePage(c, http.StatusOK, x, s.templateForm(c, x))
}

func (s *Server) editTemplatePage(c echo.Context) error {
	x, err := s.readTemplate(c)
	if err != nil {
		return err
	}
	return s.templatePage(c, http.StatusOK, x, s.templateForm(c, x))
}

func (s *Server) readTemplate(c echo.Context) (*feedback.Template, error) {
	return s.feedback.Template(context.WithoutCancel(c.Request().Context()), s.caseOfficer(c).Role, c.Param("template"))
}

// addTemplate stores a new template under the id that its form came with, so
// that a form sent twice makes one.
func (s *Server) addTemplate(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	x := &feedback.Template{ID: form.Get("id")}
	if len(x.ID) != len(feedback.NewTemplateID()) {
		x.ID = feedback.NewTemplateID()
	}
	blank := *x
	if err = s.putTemplate(c, "template.create", feedback.Template{}, x, form); err == nil {
		return done(c, templatesPath, "template")
	}
	f := s.templateForm(c, &blank)
	status, err := s.refill(c, &f, form, err)
	if err != nil {
		return err
	}
	return s.templatePage(c, status, &blank, f)
}

// editTemplate saves the form over the version that it showed.
func (s *Server) editTemplate(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	before, err := s.readTemplate(c)
	if err != nil {
		return err
	}
	x := *before
	err = feedback.ErrTemplateStale
	if form.Get("version") == strconv.FormatInt(before.Version(), 10) {
		err = s.putTemplate(c, "template.change", *before, &x, form)
	}
	if err == nil {
		return done(c, templatesPath, "saved")
	}
	stale := errors.Is(err, feedback.ErrTemplateStale)
	if stale {
		if before, err = s.readTemplate(c); err != nil {
			return err
		}
		err = feedback.ErrTemplateStale
	}
	f := s.templateForm(c, before)
	if stale {
		f.Changes = disagreeing(f, form)
	}
	status, err := s.refill(c, &f, form, err)
	if err != nil {
		return err
	}
	if stale {
		f.Notice = "" // the list of changes says it
	}
	return s.templatePage(c, status, before, f)
}

// putTemplate reads the form into x, and puts it on record and into the store.
func (s *Server) putTemplate(c echo.Context, action string, before feedback.Template, x *feedback.Template, form url.Values) error {
	x.Name, x.Kind, x.Step, x.Text = form.Get("name"), feedback.Kind(form.Get("kind")), feedback.Step(form.Get("step")), form.Get("text")
	if err := x.Check(s.caseOfficer(c).Role); err != nil {
		return err
	}
	return s.auditedAs(c, s.templateEntry(c, action, x, before.Kind), func() error {
		return s.feedback.PutTemplate(c.Request().Context(), x)
	})
}

// templateEntry begins an audit entry. What is about denunciations, or was, only
// the inspection reads.
func (s *Server) templateEntry(c echo.Context, action string, x *feedback.Template, before feedback.Kind) *staff.Entry {
	e := s.entry(c, action, "template/"+x.ID, []string{"step=" + string(x.Step)})
	e.Secret = x.Kind == feedback.Denunciation || before == feedback.Denunciation
	return e
}

func (s *Server) removeTemplate(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	x, err := s.readTemplate(c)
	if err != nil {
		return err
	}
	if form.Get("version") != strconv.FormatInt(x.Version(), 10) {
		f := s.templateForm(c, x)
		f.Notice = s.words(c)("template.changed")
		return s.templatePage(c, http.StatusConflict, x, f)
	}
	err = s.auditedAs(c, s.templateEntry(c, "template.remove", x, x.Kind), func() error {
		return s.feedback.RemoveTemplate(c.Request().Context(), x.ID)
	})
	if err != nil {
		return err
	}
	return done(c, templatesPath, "template.removed")
}

// templateChoice offers the templates for a step on a case, as a form that
// leads back to the page with the chosen one's text, and returns the text that
// has been chosen, "" if none has. The form is nil where there is no template.
func (s *Server) templateChoice(c echo.Context, k *feedback.Case, step feedback.Step) (*web.Form, string, error) {
	all, err := s.feedback.Templates(c.Request().Context(), s.caseOfficer(c).Role)
	if err != nil {
		return nil, "", err
	}
	t, chosen, text := s.words(c), c.QueryParam("mau"), ""
	options := []web.Choice{{Value: "", Text: t("template.none")}}
	for _, x := range all {
		if !x.Fits(k, step) {
			continue
		}
		options = append(options, web.Choice{Value: x.ID, Text: x.Name})
		if x.ID == chosen {
			text = x.Text
		}
	}
	if len(options) == 1 {
		return nil, "", nil
	}
	return &web.Form{
		Action: c.Request().URL.Path, Get: true, Quiet: true, Submit: t("template.use"),
		Inputs: []web.Input{{Name: "mau", Label: t("template.choice"), Hint: t("template.use.hint"), Type: web.InputSelect, Value: chosen, Options: options}},
	}, text, nil
}
