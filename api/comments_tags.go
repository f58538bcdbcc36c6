package api

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"sipas/survey"
	"sipas/web"
)

func tagPath(t *survey.Tag) string { return commentsPath + "/nhan/" + t.ID }

// tagsPage lists the tags, with a form for one more.
func (s *Server) tagsPage(c echo.Context) error {
	return s.showTags(c, http.StatusOK, s.tagSheet(c, &survey.Tag{ID: survey.NewTagID()}))
}

func (s *Server) showTags(c echo.Context, status int, f web.Form) error {
	t := s.words(c)
	tags, err := s.survey.Tags(c.Request().Context())
	if err != nil {
		return err
	}
	p := s.consolePage(c, "comments", t("comments.tags"))
	p.Path = commentsPath + "/nhan"
	p.Up, p.Lead = web.Link{URL: commentsPath, Text: t("comments.title")}, t("comments.tags.lead")
	table := web.Table{Empty: t("comments.tags.empty"), Columns: []web.Column{{Text: t("comments.tag.name")}, {Text: t("comments.tag.state")}}}
	for _, x := range tags {
		state := t("comments.tag.used")
		if x.Retired {
			state = t("comments.tag.retired")
		}
		table.Rows = append(table.Rows, web.Row{Quiet: x.Retired, Cells: []web.Cell{{Text: x.Name, URL: tagPath(x)}, {Text: state}}})
	}
	p.Tables, p.Forms = []web.Table{table}, []web.Form{f}
	return s.page(c, status, web.PageConsole, p)
}

func (s *Server) tagSheet(c echo.Context, x *survey.Tag) web.Form {
	t := s.words(c)
	f := web.Form{
		Action: commentsPath + "/nhan", Heading: t("comments.tag.new"), Submit: t("comments.tag.add"), Hidden: []web.Choice{{Value: "id", Text: x.ID}},
		Inputs: []web.Input{{Name: "name", Label: t("comments.tag.name"), Hint: t("comments.tag.hint"), Value: x.Name, Required: true}},
	}
	if x.Version() == 0 {
		return f
	}
	f.Action, f.Heading, f.Submit, f.Cancel = tagPath(x), "", t("comments.tags.save"), web.Link{URL: commentsPath + "/nhan", Text: t("console.cancel")}
	f.Hidden = []web.Choice{{Value: "version", Text: strconv.FormatInt(x.Version(), 10)}}
	retired := web.Input{Name: "retired", Label: t("comments.tag.retire"), Hint: t("comments.tag.retire.hint"), Type: web.InputCheck, Wide: true}
	if x.Retired {
		retired.Value = "1"
	}
	f.Inputs = append(f.Inputs, retired)
	return f
}

// addTag stores a new tag under the id that its form came with.
func (s *Server) addTag(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	x := &survey.Tag{ID: form.Get("id")}
	if !validTaskID(x.ID) {
		x.ID = survey.NewTagID()
	}
	if err = s.putTag(c, "tag.create", x, form); err == nil {
		return done(c, commentsPath+"/nhan", "tag")
	}
	if errors.Is(err, survey.ErrTagStale) { // the id has another tag: a fresh one
		x.ID = survey.NewTagID()
	}
	f := s.tagSheet(c, &survey.Tag{ID: x.ID})
	status, err := s.refill(c, &f, form, err)
	if err != nil {
		return err
	}
	return s.showTags(c, status, f)
}

func (s *Server) readTag(c echo.Context) (*survey.Tag, error) {
	return s.survey.TagByID(c.Request().Context(), c.Param("tag"))
}

func (s *Server) tagPage(c echo.Context) error {
	x, err := s.readTag(c)
	if err != nil {
		return err
	}
	return s.showTag(c, http.StatusOK, x, s.tagSheet(c, x))
}

func (s *Server) showTag(c echo.Context, status int, x *survey.Tag, f web.Form) error {
	p := s.consolePage(c, "comments", x.Name)
	p.Path = tagPath(x)
	p.Up, p.Forms = web.Link{URL: commentsPath + "/nhan", Text: s.words(c)("comments.tags")}, []web.Form{f}
	return s.page(c, status, web.PageConsole, p)
}

// editTag saves the form over the version that it showed.
func (s *Server) editTag(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	stored, err := s.readTag(c)
	if err != nil {
		return err
	}
	x := *stored
	err = survey.ErrTagStale
	if form.Get("version") == strconv.FormatInt(x.Version(), 10) {
		err = s.putTag(c, "tag.change", &x, form)
	}
	if err == nil {
		return done(c, commentsPath+"/nhan", "saved")
	}
	stale := errors.Is(err, survey.ErrTagStale)
	if stale {
		if stored, err = s.readTag(c); err != nil {
			return err
		}
		err = survey.ErrTagStale
	}
	f := s.tagSheet(c, stored)
	if stale {
		f.Changes = disagreeing(f, form)
	}
	status, err := s.refill(c, &f, form, err)
	if err != nil {
		return err
	}
	return s.showTag(c, status, stored, f)
}

// putTag reads the form into x, and puts it on record and into the store.
func (s *Server) putTag(c echo.Context, action string, x *survey.Tag, form url.Values) error {
	others, err := s.survey.Tags(c.Request().Context())
	if err != nil {
		return err
	}
	x.Name, x.Retired = form.Get("name"), form.Get("retired") == "1"
	if err := x.Check(others); err != nil {
		return err
	}
	return s.audited(c, action, "tag/"+x.ID, nil, func() error { return s.survey.PutTag(c.Request().Context(), x) })
}
