package api

import (
	"errors"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/survey"
	"sipas/web"
)

// newVersion makes a draft with the questions of a published version.
func (s *Server) newVersion(c echo.Context) error {
	v, _, err := s.version(c)
	if err != nil {
		return err
	}
	return s.makeDraft(c, &v.Questionnaire)
}

// renumberDraft makes a draft with the questions of another one whose number is
// taken.
func (s *Server) renumberDraft(c echo.Context) error {
	d, err := s.survey.Draft(c.Request().Context(), refOf(c))
	if err != nil {
		return err
	}
	return s.makeDraft(c, &d.Questionnaire)
}

// makeDraft makes a draft and leads to it, or to the one that is there.
func (s *Server) makeDraft(c echo.Context, q *survey.Questionnaire) error {
	d, err := s.addDraft(c, q)
	if errors.Is(err, survey.ErrDraftExists) {
		return done(c, draftPath(d.Ref()), "draft-there")
	}
	if err != nil {
		return err
	}
	return done(c, draftPath(d.Ref()), "draft")
}

// addDraft makes a draft with the questions of q under the next number.
func (s *Server) addDraft(c echo.Context, q *survey.Questionnaire) (d survey.Draft, err error) {
	ctx := c.Request().Context()
	published, err := s.survey.Published(ctx)
	if err != nil {
		return d, err
	}
	next := survey.Questionnaire{ID: q.ID, Version: 1}
	for _, p := range published {
		if p.ID == q.ID {
			next.Version = p.Version + 1
		}
	}
	err = s.audited(c, "questionnaire.draft", "questionnaire/"+next.Ref(), nil, func() (err error) {
		d, err = s.survey.NewDraft(ctx, q, officerOf(c).Account, s.Now())
		return err
	})
	return d, err
}

// newQuestionnairePage asks for what a questionnaire of another subject is called.
func (s *Server) newQuestionnairePage(c echo.Context) error {
	return s.newQuestionnaire(c, http.StatusOK, s.newQuestionnaireForm(c))
}

func (s *Server) newQuestionnaire(c echo.Context, status int, f web.Form) error {
	p := s.consolePage(c, "catalogue", s.words(c)("asked.new"))
	p.Lead = s.words(c)("asked.new.lead")
	p.Up = web.Link{URL: questionnairesPath, Text: s.words(c)("asked.title")}
	p.Forms = []web.Form{f}
	return s.page(c, status, web.PageConsole, p)
}

func (s *Server) newQuestionnaireForm(c echo.Context) web.Form {
	t := s.words(c)
	return web.Form{
		Action: questionnairesPath + "/moi", Submit: t("asked.new.go"), Cancel: web.Link{URL: questionnairesPath, Text: t("console.cancel")},
		Inputs: []web.Input{
			{Name: "name", Label: t("asked.name.vi"), Required: true, Wide: true},
			{Name: "id", Label: t("asked.id"), Required: true, Hint: t("asked.new.id")},
			{Name: "block", Label: t("asked.block"), Type: web.InputSelect, Required: true, Value: survey.BlockService, Options: s.blockChoices(c)},
		},
	}
}

func (s *Server) blockChoices(c echo.Context) []web.Choice {
	t := s.words(c)
	return []web.Choice{
		{Value: survey.BlockService, Text: t("asked.block.service")}, {Value: survey.BlockPolicy, Text: t("asked.block.policy")},
	}
}

// addQuestionnaire makes the first draft of a questionnaire. Its id is not one
// that there is: what has versions goes on from the newest of them.
func (s *Server) addQuestionnaire(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	q := &survey.Questionnaire{ID: form.Get("id"), Block: form.Get("block"), Name: catalogue.Text{VI: singleLine(form.Get("name"))}}
	err = s.checkNewID(c, q)
	var d survey.Draft
	if err == nil {
		d, err = s.addDraft(c, q)
	}
	if err == nil {
		return done(c, draftPath(d.Ref()), "draft")
	}
	if e := fault.As(err); e.Kind == fault.Invalid {
		for i := range e.Fields {
			if e.Fields[i].Name == "name.vi" {
				e.Fields[i].Name = "name"
			}
		}
		err = e
	}
	f := s.newQuestionnaireForm(c)
	status, err := s.refill(c, &f, form, err)
	if err != nil {
		return err
	}
	return s.newQuestionnaire(c, status, f)
}

func (s *Server) checkNewID(c echo.Context, q *survey.Questionnaire) error {
	ctx := c.Request().Context()
	published, err := s.survey.Published(ctx)
	if err != nil {
		return err
	}
	drafts, err := s.survey.Drafts(ctx)
	if err != nil {
		return err
	}
	var bad fault.Fields
	if q.Name.VI == "" {
		bad.Add("name", catalogue.CodeRequired)
	}
	switch {
	case q.ID == "":
		bad.Add("id", catalogue.CodeRequired)
	case !catalogue.IsSlug(q.ID):
		bad.Add("id", catalogue.CodeID, q.ID)
	case slices.ContainsFunc(published, func(p survey.Published) bool { return p.ID == q.ID }),
		slices.ContainsFunc(drafts, func(d survey.Draft) bool { return d.ID == q.ID }):
		bad.Add("id", catalogue.CodeTaken, q.ID)
	}
	return bad.Err()
}
