package api

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/staff"
	"sipas/survey"
	"sipas/web"
)

// commentsPath is where the free texts of the survey are read.
const commentsPath = "/lam-viec/thong-ke/y-kien"

// Who reads free texts, and who sorts and blanks them and makes cases of them.
var (
	commentRoles   = []staff.Role{staff.Office, staff.Leader}
	commentEditors = []staff.Role{staff.Office}
)

// commentsShown is how many comments a page of the list has.
const commentsShown = 50

func commentPath(c *survey.Comment) string { return commentsPath + "/" + c.ID }

// commentsPage lists the free texts, the newest first.
func (s *Server) commentsPage(c echo.Context) error {
	t, ctx := s.words(c), c.Request().Context()
	p := s.consolePage(c, "comments", t("comments.title"))
	p.Lead = t("comments.lead")
	if hasPart(c, commentEditors) {
		p.Actions = []web.Action{{URL: commentsPath + "/nhan", Text: t("comments.tags")}}
	}
	tags, err := s.survey.Tags(ctx)
	if err != nil {
		return err
	}
	var end catalogue.Date
	if c.QueryParam("from") != "" {
		end = s.today()
	}
	from, to, err := readDays(c, "", end)
	f := survey.CommentFilter{From: from, To: to, Area: c.QueryParam("area"), Tag: c.QueryParam("tag"), Words: c.QueryParam("q")}
	filter := s.commentFilter(c, f, tags)
	p.Filter = &filter
	if err != nil {
		status, err := s.refill(c, &filter, c.QueryParams(), err)
		if err != nil {
			return err
		}
		return s.page(c, status, web.PageConsole, p)
	}
	list, next, err := s.survey.Comments(ctx, f, commentsShown, c.QueryParam("after"))
	if err != nil {
		return err
	}
	p.Tables = []web.Table{s.commentTable(c, list, next, tags)}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

func (s *Server) commentFilter(c echo.Context, f survey.CommentFilter, tags []*survey.Tag) web.Form {
	t, lang := s.words(c), language(c)
	areas, choices := []web.Choice{{Text: t("comments.anyarea")}}, []web.Choice{{Text: t("comments.anytag")}}
	for _, a := range s.survey.Catalogue().Areas(s.today()) {
		areas = append(areas, web.Choice{Value: a.ID, Text: a.Name.In(lang)})
	}
	for _, x := range tags {
		choices = append(choices, web.Choice{Value: x.ID, Text: x.Name})
	}
	return web.Form{Action: commentsPath, Submit: t("console.filter"), Inputs: []web.Input{
		{Name: "q", Label: t("comments.find"), Type: web.InputSearch, Value: f.Words},
		{Name: "area", Label: t("comments.area"), Type: web.InputSelect, Value: f.Area, Options: areas},
		{Name: "tag", Label: t("comments.tag"), Type: web.InputSelect, Value: f.Tag, Options: choices},
		{Name: "from", Label: t("comments.from"), Type: web.InputDate, Value: string(f.From)},
		{Name: "to", Label: t("comments.to"), Type: web.InputDate, Value: string(f.To)},
	}}
}

func (s *Server) commentTable(c echo.Context, list []*survey.Comment, next string, tags []*survey.Tag) web.Table {
	t, lang := s.words(c), language(c)
	table := web.Table{Empty: t("comments.empty"), Columns: []web.Column{
		{Text: t("comments.text")}, {Text: t("comments.area")}, {Text: t("comments.received"), Whole: true}, {Text: t("comments.overall")}, {Text: t("comments.tag")},
		{Text: t("comments.state")},
	}}
	for _, x := range list {
		table.Rows = append(table.Rows, web.Row{Cells: []web.Cell{
			{Text: beginning(x.Text), URL: commentPath(x), Lang: otherLang(c, x.Lang)},
			{Text: orDash(s.valueName("area", x.Area, lang, s.today()))}, {Text: dayText(lang, catalogue.DateOf(x.ReceivedAt))},
			{Text: s.levelName(lang, x.Overall)}, {Text: orDash(tagNames(x, tags))}, {Text: s.commentState(c, x)},
		}})
	}
	if next != "" {
		q := url.Values{"after": {next}}
		for _, name := range []string{"q", "area", "tag", "from", "to"} {
			q.Set(name, c.QueryParam(name))
		}
		table.Next = localPath(c, commentsPath+"?"+q.Encode())
		if len(list) == 0 {
			table.Empty = t("comments.more")
		}
	}
	return table
}

// otherLang is the language of a text for those who read the page in another.
func otherLang(c echo.Context, lang string) string {
	if lang == language(c) {
		return ""
	}
	return lang
}

// levelName is what the overall rating says; "–": none was given.
func (s *Server) levelName(lang string, level int) string {
	if level == 0 {
		return "–"
	}
	return s.pages.Text(lang, "level."+string(rune('0'+level)))
}

func tagNames(x *survey.Comment, tags []*survey.Tag) string {
	var names []string
	for _, id := range x.Tags {
		for _, tag := range tags {
			if tag.ID == id {
				names = append(names, tag.Name)
			}
		}
	}
	return strings.Join(names, ", ")
}

// commentState says what was done with a comment.
func (s *Server) commentState(c echo.Context, x *survey.Comment) string {
	t := s.words(c)
	var done []string
	if x.Case != "" {
		done = append(done, t("comments.state.case"))
	}
	if x.Blanked > 0 {
		done = append(done, t("comments.state.blanked"))
	}
	return orDash(strings.Join(done, ", "))
}
