package api

import (
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/internal/staff"
	"sipas/web"
)

// What the audit log says, in words. An action has its words under
// "action.<id>", a kind of object under "object.<kind>"; what has none is shown
// as it stands in the log.

// byCommand is the account in entries of the command line.
const byCommand = "command"

func (s *Server) actionName(c echo.Context, action string) string {
	return s.wordsOr(c, "action."+action, action)
}

func (s *Server) roleName(c echo.Context, r staff.Role) string {
	return s.wordsOr(c, "role."+string(r), string(r))
}

// outcome says why something was not done; "" is for what was.
func (s *Server) outcome(c echo.Context, code string) string {
	if code == "" {
		return ""
	}
	return s.words(c)("audit.failed", s.wordsOr(c, "problem."+code, code))
}

// wordsOr is a text, or else what stands in the log.
func (s *Server) wordsOr(c echo.Context, key, other string, args ...any) string {
	if text := s.words(c)(key, args...); text != key {
		return text
	}
	return other
}

// actor says who acted.
func (s *Server) actor(c echo.Context, account string) web.Cell {
	switch {
	case account == "":
		return web.Cell{Text: s.words(c)("audit.nobody")}
	case account == byCommand:
		return web.Cell{Text: s.words(c)("audit.command")}
	case strings.Contains(account, "/"):
		return s.objectCell(c, account)
	case hasPart(c, accountRoles):
		return web.Cell{Text: account, URL: accountPath(account)}
	}
	return web.Cell{Text: account}
}

// maker says who made an account or a token.
func (s *Server) maker(c echo.Context, account string) string {
	if account == "" || account == byCommand {
		return s.words(c)("audit.command")
	}
	return account
}

// objectPages says where the objects of a kind are shown, and to whom.
var objectPages = map[string]struct {
	path  string
	roles []staff.Role
}{
	"account": {accountsPath + "/", accountRoles},
	"token":   {tokensPath + "?state=all&q=", accountRoles},
	"link":    {linksPath + "/", linkRoles},
	"dossier": {dossiersPath + "/", dossierRoles},
	"comment": {commentsPath + "/", commentRoles},
	"tag":     {commentsPath + "/nhan/", commentEditors},
	"task":    {improvePath + "/", improveRoles},

	"area":      {cataloguePath + "/linh-vuc/", staff.Roles},
	"unit":      {cataloguePath + "/don-vi/", staff.Roles},
	"desk":      {cataloguePath + "/quay/", staff.Roles},
	"procedure": {cataloguePath + "/thu-tuc/", staff.Roles},
	"target":    {cataloguePath + "/chi-tieu/", staff.Roles},
}

func (s *Server) objectCell(c echo.Context, object string) web.Cell {
	kind, id, _ := strings.Cut(object, "/")
	cell := web.Cell{Text: s.wordsOr(c, "object."+kind, object, id)}
	if page, ok := objectPages[kind]; ok && id != "" && hasPart(c, page.roles) {
		cell.URL = page.path + url.QueryEscape(id)
	}
	return cell
}
