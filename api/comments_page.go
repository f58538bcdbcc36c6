package api

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/survey"
	"sipas/web"
)

// commentForms are the forms of a comment's page; one that comes back is put in
// its place.
type commentForms struct{ tags, blank *web.Form }

func (s *Server) readComment(c echo.Context) (*survey.Comment, error) {
	return s.survey.Comment(c.Request().Context(), c.Param("comment"))
}

// commentPage shows one free text and what can be done with it. Of who wrote it
// there is nothing to show.
func (s *Server) commentPage(c echo.Context) error {
	x, err := s.readComment(c)
	if err != nil {
		return err
	}
	return s.showComment(c, http.StatusOK, x, commentForms{})
}

func (s *Server) showComment(c echo.Context, status int, x *survey.Comment, forms commentForms) error {
	t, lang := s.words(c), language(c)
	tags, err := s.survey.Tags(c.Request().Context())
	if err != nil {
		return err
	}
	p := s.commentView(c, x)
	p.Quote = web.Quote{Heading: t("comments.written"), Text: x.Text, Lang: x.Lang}
	p.Facts = []web.Fact{
		{Name: t("comments.received"), Text: dayText(lang, catalogue.DateOf(x.ReceivedAt))},
		{Name: t("comments.area"), Text: orDash(s.valueName("area", x.Area, lang, s.today()))},
		{Name: t("comments.procedure"), Text: orDash(s.valueName("procedure", x.Procedure, lang, s.today()))},
		{Name: t("comments.channel"), Text: s.valueName("channel", string(x.Channel), lang, s.today())},
		{Name: t("comments.overall"), Text: s.levelName(lang, x.Overall)},
		{Name: t("comments.tag"), Text: orDash(tagNames(x, tags))},
	}
	if x.Blanked > 0 {
		p.Facts = append(p.Facts, web.Fact{Name: t("comments.blanked"), Text: t("comments.places", x.Blanked)})
	}
	if x.Case != "" {
		p.Facts = append(p.Facts, web.Fact{Name: t("comments.case"), Text: feedback.FormatCode(x.Case), URL: localPath(c, casePath(x.Case)), Code: true})
	}
	if hasPart(c, commentEditors) {
		p.Forms = s.commentForms(c, x, tags, forms)
	}
	return s.page(c, status, web.PageConsole, p)
}

func (s *Server) commentView(c echo.Context, x *survey.Comment) web.Page {
	t := s.words(c)
	p := s.consolePage(c, "comments", t("comments.one"))
	p.Path = commentPath(x)
	p.Up = web.Link{URL: commentsPath, Text: t("comments.title")}
	return p
}

func (s *Server) commentForms(c echo.Context, x *survey.Comment, tags []*survey.Tag, given commentForms) []web.Form {
	t := s.words(c)
	list := []web.Form{s.tagForm(c, x, tags), s.blankForm(c, x)}
	if given.tags != nil {
		list[0] = *given.tags
	}
	if given.blank != nil {
		list[1] = *given.blank
	}
	if x.Case == "" {
		list = append(list, web.Form{
			ID: "case", Action: commentPath(x) + "/vu-viec", Heading: t("comments.case.make"), Lead: t("comments.case.lead"), Submit: t("comments.case.make"), Quiet: true,
		})
	}
	return list
}

// tagForm offers the tags in use, and those that the comment has.
func (s *Server) tagForm(c echo.Context, x *survey.Comment, tags []*survey.Tag) web.Form {
	t := s.words(c)
	f := web.Form{ID: "tags", Action: commentPath(x) + "/nhan", Heading: t("comments.tags"), Submit: t("comments.tags.save"), Hidden: commentVersion(x)}
	for _, tag := range tags {
		has := slices.Contains(x.Tags, tag.ID)
		if tag.Retired && !has {
			continue
		}
		in := web.Input{Name: "tag-" + tag.ID, Label: tag.Name, Type: web.InputCheck}
		if has {
			in.Value = "1"
		}
		f.Inputs = append(f.Inputs, in)
	}
	if f.Inputs == nil {
		f.Lead = t("comments.tags.none")
	}
	return f
}

func commentVersion(x *survey.Comment) []web.Choice {
	return []web.Choice{{Value: "version", Text: strconv.FormatInt(x.Version(), 10)}}
}

// changeComment does something with the version of the comment that the form
// showed, on record.
func (s *Server) changeComment(c echo.Context, x *survey.Comment, form url.Values, action string, detail []string, do func(context.Context) error) error {
	if form.Get("version") != strconv.FormatInt(x.Version(), 10) {
		return survey.ErrCommentStale
	}
	return s.audited(c, action, "comment/"+x.ID, detail, func() error { return do(c.Request().Context()) })
}

// tagComment gives the comment the tags that are ticked.
func (s *Server) tagComment(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	x, err := s.readComment(c)
	if err != nil {
		return err
	}
	tags, err := s.survey.Tags(c.Request().Context())
	if err != nil {
		return err
	}
	var ids []string
	for _, tag := range tags {
		if form.Get("tag-"+tag.ID) == "1" {
			ids = append(ids, tag.ID)
		}
	}
	err = s.changeComment(c, x, form, "comment.tag", nil, func(ctx context.Context) error { return s.survey.TagComment(ctx, x, ids) })
	if err == nil {
		return done(c, commentPath(x), "saved")
	}
	return s.commentBack(c, err, form, func(x *survey.Comment) (*web.Form, commentForms) {
		f := s.tagForm(c, x, tags)
		return &f, commentForms{tags: &f}
	})
}

// commentBack shows the comment as it is now with the form as it was typed.
func (s *Server) commentBack(c echo.Context, err error, form url.Values, fresh func(*survey.Comment) (*web.Form, commentForms)) error {
	x, e := s.readComment(c)
	if e != nil {
		return e
	}
	f, forms := fresh(x)
	status, err := s.refill(c, f, form, err)
	if err != nil {
		return err
	}
	return s.showComment(c, status, x, forms)
}

func (s *Server) blankForm(c echo.Context, x *survey.Comment) web.Form {
	t := s.words(c)
	lead := t("comments.blank.lead")
	if x.Case != "" {
		lead += " " + t("comments.blank.case")
	}
	return web.Form{
		ID: "blank", Action: commentPath(x) + "/che", Heading: t("comments.blank"), Lead: lead, Submit: t("comments.blank.show"), Quiet: true,
		Hidden: commentVersion(x),
		Inputs: []web.Input{{Name: "words", Label: t("comments.words"), Hint: t("comments.words.hint"), Type: web.InputArea, Required: true, Wide: true}},
	}
}

// blankComment takes words out of a text for good. What will be left is shown
// once before.
func (s *Server) blankComment(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	x, err := s.readComment(c)
	if err != nil {
		return err
	}
	left, places, err := survey.BlankOut(x.Text, form.Get("words"))
	confirmed := form.Get("confirm") == "1" && form.Get("back") == ""
	switch {
	case err == nil && form.Get("version") != strconv.FormatInt(x.Version(), 10):
		err = survey.ErrCommentStale
	case err == nil && confirmed:
		err = s.changeComment(c, x, form, "comment.blank", []string{"places=" + strconv.Itoa(places)}, func(ctx context.Context) error {
			return s.survey.BlankComment(ctx, x, form.Get("words"))
		})
		if err == nil {
			return done(c, commentPath(x), "blanked")
		}
	case err == nil && form.Get("back") == "":
		return s.previewBlank(c, x, form.Get("words"), left, places)
	case err == nil:
		f := s.blankForm(c, x)
		f.Inputs[0].Value = form.Get("words")
		return s.showComment(c, http.StatusOK, x, commentForms{blank: &f})
	}
	return s.commentBack(c, err, form, func(x *survey.Comment) (*web.Form, commentForms) {
		f := s.blankForm(c, x)
		return &f, commentForms{blank: &f}
	})
}

func (s *Server) previewBlank(c echo.Context, x *survey.Comment, words, left string, places int) error {
	t := s.words(c)
	p := s.commentView(c, x)
	p.Heading, p.Lead = t("comments.blank.preview"), t("comments.blank.preview.lead", places)
	p.Quote = web.Quote{Heading: t("comments.blank.left"), Text: left, Lang: x.Lang}
	p.Forms = []web.Form{{
		ID: "blank", Action: commentPath(x) + "/che", Submit: t("comments.blank.do"), Danger: true, Back: t("comments.blank.back"),
		Hidden: append(commentVersion(x), web.Choice{Value: "words", Text: words}, web.Choice{Value: "confirm", Text: "1"}),
	}}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

// caseKey is the key under which a comment becomes a case, so that it does once.
func caseKey(id string) string { return fmt.Sprintf("y-kien-%x", sha256.Sum256([]byte(id)))[:48] }

// commentCase makes a petition of a comment: an anonymous one, since nobody knows
// the respondent. Done again, also after words were blanked, it is the same case.
func (s *Server) commentCase(c echo.Context) error {
	x, err := s.readComment(c)
	if err != nil {
		return err
	}
	if x.Case != "" {
		return done(c, casePath(x.Case), "case-there")
	}
	e := s.entry(c, "comment.case", "comment/"+x.ID, nil)
	e.ID = fmt.Sprintf("comment-case-%x", sha256.Sum256([]byte(e.Account+"\n"+x.ID)))
	code := ""
	if err := s.auditedAs(c, e, func() (err error) {
		code, err = s.caseOf(c, x)
		return err
	}); err != nil {
		return err
	}
	return done(c, casePath(code), "case-made")
}

func (s *Server) caseOf(c echo.Context, x *survey.Comment) (code string, err error) {
	ctx, o := context.WithoutCancel(c.Request().Context()), officerOf(c)
	in := feedback.Intake{
		Key: caseKey(x.ID), Kind: feedback.Petition, Content: x.Text, Anonymous: true, Consent: true, Lang: x.Lang,
		Taken: feedback.Taken{Account: o.Account, Desk: o.Desk, Survey: true},
	}
	if _, ok := s.survey.Catalogue().Area(x.Area, s.today()); ok {
		in.Area = x.Area
	}
	if p, ok := s.survey.Catalogue().Procedure(x.Procedure, s.today()); ok && p.Area == in.Area {
		in.Procedure = x.Procedure
	}
	draft, err := s.draftFeedback(in, nil, s.Now())
	if err != nil {
		return "", err
	}
	switch r, err := s.feedback.Add(ctx, draft); {
	case errors.Is(err, feedback.ErrKeyReused): // made before the text was blanked
		k, err := s.feedback.OfKey(ctx, in.Key)
		if err != nil {
			return "", err
		}
		code = k.Code
	case err != nil:
		return "", err
	default:
		code = r.Case.Code
	}
	return code, s.noteCase(ctx, x, code)
}

// noteCase writes the code into the comment, whatever else has been done with it
// meanwhile.
func (s *Server) noteCase(ctx context.Context, x *survey.Comment, code string) error {
	for range tries {
		err := s.survey.CommentCase(ctx, x, code)
		if !errors.Is(err, survey.ErrCommentStale) {
			return err
		}
		if x, err = s.survey.Comment(ctx, x.ID); err != nil {
			return err
		}
	}
	return survey.ErrCommentStale
}
