package api

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/store"
	"sipas/survey"
	"sipas/web"
)

// draftPage is where a draft is written.
func (s *Server) draftPage(c echo.Context) error {
	d, err := s.survey.Draft(c.Request().Context(), refOf(c))
	if err != nil {
		return err
	}
	if d.Publishing != "" {
		// Published, or about to be: there is nothing to be written any more.
		if _, _, err := s.version(c); err == nil {
			return c.Redirect(http.StatusSeeOther, localPath(c, versionPath(d.Ref())))
		}
		return c.Redirect(http.StatusSeeOther, localPath(c, draftPath(d.Ref())+"/cong-bo"))
	}
	return s.page(c, http.StatusOK, web.PageQuestionnaire, s.draftView(c, &d))
}

// editDraft takes what was written. A button that changes the order of the parts
// changes it on the page only: saving is one step that the writer decides on, of
// which the log has one entry, and from which a second writer sees one state; and
// whoever takes out a factor by mistake can still leave without saving.
func (s *Server) editDraft(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	id, version, err := splitRef(refOf(c))
	if err != nil {
		return err
	}
	d := survey.Draft{Questionnaire: readQuestionnaire(form), Seen: seenIn(form)}
	d.ID, d.Version = id, version
	button := form.Get("do")
	switch button {
	case "", "save", "preview", "publish":
		return s.saveDraft(c, d, button)
	}
	focus, known := rearrange(&d.Questionnaire, button)
	v := s.draftView(c, &d)
	v.Unsaved = true
	if known {
		v.Focus = reachable(&v, focus)
	}
	return s.page(c, http.StatusOK, web.PageQuestionnaire, v)
}

// splitRef reads "dich-vu@2"; survey.ErrNoDraft: it is no Ref.
func splitRef(ref string) (id string, version int, err error) {
	id, n, found := strings.Cut(ref, "@")
	version, err = strconv.Atoi(n)
	if !found || err != nil || version < 1 || !catalogue.IsSlug(id) {
		return "", 0, survey.ErrNoDraft
	}
	return id, version, nil
}

// reachable is the button at which the writer goes on, or the one beside it where
// that has nothing left to do.
func reachable(v *web.QuestionnairePage, focus string) string {
	for _, part := range v.Parts() {
		if part.First && focus == part.At+".up" {
			return part.At + ".down"
		}
		if part.Last && focus == part.At+".down" {
			return part.At + ".up"
		}
	}
	return focus
}

// saveDraft stores a draft over the version that the page showed, and goes on to
// where its button says.
func (s *Server) saveDraft(c echo.Context, d survey.Draft, button string) error {
	ctx := c.Request().Context()
	stored, err := s.survey.Draft(ctx, d.Ref())
	if errors.Is(err, survey.ErrNoDraft) && d.Seen == anew {
		return s.saveAnew(c, d, button)
	}
	if err == nil && d.Seen == anew && stored.Publishing != "" {
		return s.saveAnew(c, d, button)
	}
	saved := stored
	if err == nil {
		d.From, d.ChangedAt, d.ChangedBy = stored.From, s.Now(), officerOf(c).Account
		err = s.audited(c, "questionnaire.save", "questionnaire/"+d.Ref(), changedParts(&stored.Questionnaire, &d.Questionnaire), func() (err error) {
			saved, err = s.survey.SaveDraft(ctx, d)
			return err
		})
	}
	if err != nil {
		return s.draftBack(c, d, saved, err)
	}
	return s.goOn(c, saved.Ref(), button)
}

// anew stands for the version of a page whose draft is gone or published: what it
// holds is kept in a new draft.
const anew = 0

// saveAnew makes a new draft of what was written.
func (s *Server) saveAnew(c echo.Context, d survey.Draft, button string) error {
	made, err := s.addDraft(c, &d.Questionnaire)
	if errors.Is(err, survey.ErrDraftExists) {
		return s.draftBack(c, d, made, store.ErrStale.Because(err))
	}
	if err != nil {
		return s.draftBack(c, d, made, err)
	}
	d.Version, d.Seen, d.From, d.ChangedAt, d.ChangedBy = made.Version, made.Seen, made.From, made.ChangedAt, made.ChangedBy
	saved := made
	err = s.audited(c, "questionnaire.save", "questionnaire/"+d.Ref(), changedParts(&made.Questionnaire, &d.Questionnaire), func() (err error) {
		saved, err = s.survey.SaveDraft(c.Request().Context(), d)
		return err
	})
	if err != nil {
		return s.draftBack(c, d, saved, err)
	}
	return s.goOn(c, d.Ref(), button)
}

func (s *Server) goOn(c echo.Context, ref, button string) error {
	switch button {
	case "preview":
		return c.Redirect(http.StatusSeeOther, localPath(c, draftPath(ref)+"/xem"))
	case "publish":
		return c.Redirect(http.StatusSeeOther, localPath(c, draftPath(ref)+"/cong-bo"))
	}
	return done(c, draftPath(ref), "saved")
}

// draftBack gives the page back with everything typed: what is wrong with it, or
// what somebody else has done meanwhile. stored is the draft as it is now.
func (s *Server) draftBack(c echo.Context, typed, stored survey.Draft, err error) error {
	t := s.words(c)
	e, status := classify(err)
	v := s.draftView(c, &typed)
	v.Unsaved = true
	switch {
	case e.Kind == fault.Invalid:
		v.Errors, v.Missing = s.askedErrors(c, &typed.Questionnaire, err), nil
	case errors.Is(err, survey.ErrNoDraft):
		status = http.StatusConflict
		v.Version, v.Notice = strconv.Itoa(anew), t("asked.gone")
	case errors.Is(err, store.ErrStale) && stored.Publishing != "":
		v.Version, v.Notice = strconv.Itoa(anew), t("asked.published.meanwhile", dayText(language(c), stored.Publishing))
		v.Way = web.Link{URL: versionPath(stored.Ref()), Text: t("asked.published.look")}
	case errors.Is(err, store.ErrStale):
		typed.Version, typed.Seen = stored.Version, stored.Seen
		v = s.draftView(c, &typed)
		v.Unsaved = true
		v.Changes = s.changesBetween(c, &stored.Questionnaire, &typed.Questionnaire, "from")
		if len(v.Changes) == 0 {
			v.Notice = t("asked.order.meanwhile", stored.ChangedBy)
		}
	case e.Kind == fault.Unavailable:
		s.Log.Warn("unavailable", "id", requestID(c), "route", c.Path(), "error", err)
		c.Response().Header().Set("Retry-After", "5")
		v.Notice = t("asked.away")
	default:
		return err
	}
	return s.page(c, status, web.PageQuestionnaire, v)
}

// changedParts names which parts of a questionnaire a change touches, for the log:
// never what was typed.
func changedParts(older, newer *survey.Questionnaire) (names []string) {
	for _, d := range survey.Differences(older, newer) {
		name, _, _ := strings.Cut(d.Field, ".")
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// draftView is the page of a draft, stored or typed.
func (s *Server) draftView(c echo.Context, d *survey.Draft) web.QuestionnairePage {
	t, lang := s.words(c), language(c)
	q := &d.Questionnaire
	a := asked{t, q}
	v := web.QuestionnairePage{
		Console: s.console(c, "catalogue"),
		Up:      web.Link{URL: questionnairesPath, Text: t("asked.title")},
		Heading: t("asked.draft.heading", cmp.Or(q.Name.In(lang), q.Name.VI, q.ID), strconv.Itoa(q.Version)), Lead: t("asked.draft.lead"),
		Action: draftPath(d.Ref()), Version: strconv.FormatInt(d.Seen, 10),
		Missing: s.askedErrors(c, q, d.Unfinished()),
		Name:    bothWords(q.Name), Block: q.Block, Blocks: s.blockChoices(c), Source: q.Source, Confirmed: q.Confirmed,
		JudgesChoice: []web.Choice{
			{Value: "", Text: t("asked.judges.none")},
			{Value: survey.JudgesDesk, Text: t("asked.judges.desk")}, {Value: survey.JudgesUnit, Text: t("asked.judges.unit")},
		},
		Discard: web.Form{
			Action: draftPath(d.Ref()) + "/bo", Heading: t("asked.discard"), Lead: t("asked.discard.lead"), Submit: t("asked.discard"),
			Quiet: true, Danger: true, Hidden: []web.Choice{{Value: "version", Text: strconv.FormatInt(d.Seen, 10)}},
		},
	}
	v.Path = v.Action
	for i, f := range q.Factors {
		at := "factors." + strconv.Itoa(i)
		factor := web.QuestionnaireFactor{
			QuestionnairePart: web.QuestionnairePart{At: at, Called: a.factor(i), ID: f.ID, First: i == 0, Last: i == len(q.Factors)-1},
			Name:              bothWords(f.Name), Judges: f.Judges,
		}
		for j, x := range f.Criteria {
			factor.Criteria = append(factor.Criteria, web.QuestionnaireCriterion{
				QuestionnairePart: web.QuestionnairePart{
					At: at + ".criteria." + strconv.Itoa(j), Called: a.criterion(i, j), ID: x.ID,
					First: factor.First && j == 0, Last: factor.Last && j == len(f.Criteria)-1,
				},
				Text: bothWords(x.Text), Official: bothWords(x.Official), NotApplicable: bothWords(x.NotApplicable),
			})
		}
		v.Factors = append(v.Factors, factor)
	}
	for i, x := range q.Extra {
		at := "extra." + strconv.Itoa(i)
		question := web.QuestionnaireQuestion{
			QuestionnairePart: web.QuestionnairePart{At: at, Called: a.question(i), ID: x.ID, First: i == 0, Last: i == len(q.Extra)-1},
			Text:              bothWords(x.Text),
		}
		for j, o := range x.Options {
			question.Options = append(question.Options, web.QuestionnaireOption{
				QuestionnairePart: web.QuestionnairePart{
					At: at + ".options." + strconv.Itoa(j), Called: a.option(i, j), ID: o.ID, First: j == 0, Last: j == len(x.Options)-1,
				},
				Text: bothWords(o.Text),
			})
		}
		v.Extra = append(v.Extra, question)
	}
	return v
}

func bothWords(x catalogue.Text) web.QuestionnaireText {
	return web.QuestionnaireText{VI: x.VI, EN: x.EN}
}

// discardDraft throws a draft away.
func (s *Server) discardDraft(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	var d survey.Draft
	err = s.audited(c, "questionnaire.discard", "questionnaire/"+refOf(c), nil, func() (err error) {
		d, err = s.survey.DiscardDraft(c.Request().Context(), refOf(c), seenIn(form))
		return err
	})
	if errors.Is(err, store.ErrStale) {
		if d.Publishing != "" {
			return done(c, questionnairesPath, "draft-published")
		}
		v := s.draftView(c, &d)
		v.Notice = s.words(c)("asked.discard.changed", d.ChangedBy)
		return s.page(c, http.StatusConflict, web.PageQuestionnaire, v)
	}
	if err != nil {
		return err
	}
	return done(c, questionnairesPath, "discarded")
}

// previewDraft shows a draft as a citizen would have it.
func (s *Server) previewDraft(c echo.Context) error {
	d, err := s.survey.Draft(c.Request().Context(), refOf(c))
	if err != nil {
		return err
	}
	back := web.Link{URL: questionnairesPath, Text: s.words(c)("asked.back.list")}
	if mayWrite(c) {
		back = web.Link{URL: draftPath(d.Ref()), Text: s.words(c)("asked.back.draft")}
	}
	return s.preview(c, &d.Questionnaire, s.words(c)("asked.preview.draft"), back)
}

// previewVersion shows a published version as a citizen has it.
func (s *Server) previewVersion(c echo.Context) error {
	v, _, err := s.version(c)
	if err != nil {
		return err
	}
	back := web.Link{URL: versionPath(v.Ref()), Text: s.words(c)("asked.back.version")}
	return s.preview(c, &v.Questionnaire, s.words(c)("asked.preview.version", strconv.Itoa(v.Version)), back)
}

// preview renders the citizen's page for a questionnaire. Its button does
// nothing, its policy forbids to send any form, and its address takes none.
func (s *Server) preview(c echo.Context, q *survey.Questionnaire, why string, back web.Link) error {
	v := s.formView(c, s.survey.Preview(q, s.Now()))
	v.Base, v.Action = s.base(c), ""
	v.Preview, v.Back = why, back
	var b strings.Builder
	if err := s.pages.Render(&b, web.PageSurvey, language(c), v); err != nil {
		return err
	}
	return writePage(c, http.StatusOK, []byte(b.String()), web.CSP([]byte(b.String()))+", form-action 'none'")
}
