package api

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/internal/outbox"
	"sipas/internal/staff"
	"sipas/web"
)

const noticesPath = "/lam-viec/thu-bao"

// noticeRoles see whether mail goes out: the office answers for the cases, the
// administrator for the mail server.
var noticeRoles = []staff.Role{staff.Office, staff.Admin}

var noticeStates = []outbox.State{outbox.Waiting, outbox.GivenUp, outbox.Told, outbox.Moot}

// noticesPage lists notices by their state. The code of a case is in it for those
// who may read the case.
func (s *Server) noticesPage(c echo.Context) error {
	t, ctx := s.words(c), c.Request().Context()
	state := outbox.Waiting
	options := []web.Choice{}
	for _, one := range noticeStates {
		options = append(options, web.Choice{Value: string(one), Text: t("notices.state." + string(one))})
		if c.QueryParam("state") == string(one) {
			state = one
		}
	}
	list, next, err := s.feedback.Outbox().List(ctx, state, 50, c.QueryParam("after"))
	if err != nil {
		return err
	}
	p := s.consolePage(c, "notices", t("notices.title"))
	p.Lead = t("notices.lead")
	if s.Mail == nil {
		p.Lead = t("notices.kept")
	}
	p.Filter = &web.Form{Get: true, Action: noticesPath, Submit: t("console.filter"), Inputs: []web.Input{
		{Name: "state", Label: t("notices.state"), Type: web.InputSelect, Value: string(state), Options: options},
	}}
	table := web.Table{ID: "list", Empty: t("notices.empty"), Columns: []web.Column{
		{Text: t("notices.what")}, {Text: t("notices.case")}, {Text: t("notices.to")}, {Text: t("notices.since"), Whole: true},
		{Text: t("notices.at." + string(state)), Whole: true}, {Text: t("notices.tries"), Right: true}, {Text: t("notices.trouble")},
	}}
	if next != "" {
		table.Next = noticesPath + "?state=" + string(state) + "&after=" + next
	}
	for _, e := range list {
		named, err := s.feedback.Names(ctx, s.caseOfficer(c), e.About)
		if err != nil {
			return err
		}
		if named {
			continue
		}
		what, code := s.noticeOf(c, e.Notice)
		table.Rows = append(table.Rows, web.Row{Cells: []web.Cell{
			{Text: what}, {Text: code, Code: true}, {Text: s.noticeFor(c, e.To)}, {Text: s.moment(c, e.PutAt)},
			{Text: s.moment(c, e.At)}, {Text: web.Number(language(c), e.Tries)}, s.troubleOf(c, e),
		}})
	}
	p.Tables = []web.Table{table}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

// noticeOf says what a notice tells, and the code of its case to those who may
// read it.
func (s *Server) noticeOf(c echo.Context, n outbox.Notice) (what, code string) {
	t := s.words(c)
	what = t("notices.what." + n.What)
	cs, err := s.feedback.Case(c.Request().Context(), s.caseOfficer(c), n.About)
	if err != nil {
		return what, ""
	}
	if n.What == feedback.NoticeEvent && n.Event <= len(cs.Events) {
		what = s.stepName(language(c), cs.Events[n.Event-1].Step)
	}
	return what, feedback.FormatCode(cs.Code)
}

func (s *Server) noticeFor(c echo.Context, to string) string {
	if account, found := strings.CutPrefix(to, toAccount); found {
		return account
	}
	if unit := feedback.NoticeUnit(outbox.Notice{To: to}); unit != "" {
		return s.valueName("unit", unit, language(c), catalogue.DateOf(s.Now()))
	}
	return s.words(c)("notices.sender")
}

func (s *Server) troubleOf(c echo.Context, e outbox.Entry) web.Cell {
	if e.Trouble == "" {
		return web.Cell{}
	}
	key := "notices.trouble." + e.Trouble
	if s.pages.Text(language(c), key) == key {
		key = "notices.trouble.internal"
	}
	cell := web.Cell{Text: s.words(c)(key), Mark: web.MarkDoubt}
	if e.State == outbox.GivenUp {
		cell.Mark = web.MarkBad
	}
	return cell
}
