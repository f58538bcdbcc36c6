package api

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"
	"golang.org/x/text/unicode/norm"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/staff"
	"sipas/web"
)

// part is a part of the console and who works in it.
type part struct {
	name  string // key of its texts
	path  string
	roles []staff.Role
}

// Who works where.
var (
	linkRoles       = []staff.Role{staff.Desk, staff.Office, staff.Admin}
	paperRoles      = []staff.Role{staff.Desk, staff.Office, staff.Admin}
	statisticsRoles = []staff.Role{staff.Office, staff.Admin, staff.Leader}
	accountRoles    = []staff.Role{staff.Admin}
	auditRoles      = []staff.Role{staff.Inspection, staff.Admin}
)

// parts are the parts of the console in the order of the menu.
var parts = []part{
	{"work", "/lam-viec/", staff.Roles},
	{"cases", casesPath, caseRoles},
	{"statistics", statisticsPath, statisticsRoles},
	{"links", linksPath, linkRoles},
	{"paper", paperPath, paperRoles},
	{"reports", reportsPath, reportRoles},
	{"editions", editionsPath, editionRoles},
	{"dossiers", dossiersPath, dossierRoles},
	{"comments", commentsPath, commentRoles},
	{"improve", improvePath, improveRoles},
	{"catalogue", cataloguePath, staff.Roles},
	{"notices", noticesPath, noticeRoles},
	{"accounts", accountsPath, accountRoles},
	{"audit", auditPath, auditRoles},
}

// console is what every page of the console says of itself and of who reads it.
func (s *Server) console(c echo.Context, current string) web.Console {
	lang := language(c)
	v := web.Console{Base: s.base(c)}
	se := sessionOf(c)
	if se == nil {
		return v
	}
	a := se.Account
	v.Account, v.Person, v.Role = a.ID, a.Name, s.pages.Text(lang, "role."+string(a.Role))
	for _, p := range parts {
		if slices.Contains(p.roles, a.Role) {
			v.Nav = append(v.Nav, web.NavItem{URL: p.path, Text: s.pages.Text(lang, "console.nav."+p.name), Current: p.name == current})
		}
	}
	if done := c.QueryParam("done"); done != "" {
		if key := "done." + done; s.pages.Text(lang, key) != key {
			v.Done = s.pages.Text(lang, key)
		}
	}
	return v
}

// consolePage begins a page of the console.
func (s *Server) consolePage(c echo.Context, current, heading string) web.Page {
	return web.Page{Console: s.console(c, current), Heading: heading}
}

// words gives the texts of the page's language.
func (s *Server) words(c echo.Context) func(key string, args ...any) string {
	lang := language(c)
	return func(key string, args ...any) string { return s.pages.Text(lang, key, args...) }
}

// moment writes day and minute as the page's language and the office do.
func (s *Server) moment(c echo.Context, at time.Time) string {
	return web.DateTime(language(c), at.In(catalogue.Zone))
}

// done leads to a page that says what has just been done.
func done(c echo.Context, path, what string) error {
	u, err := url.Parse(localPath(c, path))
	if err != nil {
		return err
	}
	q := u.Query()
	q.Set("done", what)
	u.RawQuery = q.Encode()
	return c.Redirect(http.StatusSeeOther, u.String())
}

// readForm returns the fields of a form as they are kept: composed letters and
// no space around, but for passwords, which are what was typed.
func readForm(c echo.Context) (url.Values, error) {
	if fieldsOnly, _ := c.Get(keyFieldsOnly).(bool); fieldsOnly && isMultipart(c) {
		return readFields(c)
	}
	body, err := readBody(c)
	if err != nil {
		return nil, err
	}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, errBadForm.Because(err)
	}
	return values, tidy(values)
}

// tidy brings the fields of a form into the form in which they are kept.
func tidy(values url.Values) error {
	for name, list := range values {
		for i, v := range list {
			if !utf8.ValidString(name) || !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				return errBadUTF8
			}
			if v = norm.NFC.String(v); !holdsPassword(url.Values{name: nil}) {
				v = strings.TrimSpace(strings.ReplaceAll(v, "\r\n", "\n"))
			}
			list[i] = v
		}
	}
	return nil
}

func sortedNames(v url.Values) []string { return slices.Sorted(maps.Keys(v)) }

// refill puts what was typed back into the form and says what is wrong with it.
// An error that typing cannot mend is returned.
func (s *Server) refill(c echo.Context, f *web.Form, typed url.Values, err error) (status int, _ error) {
	for i := range f.Inputs {
		in := &f.Inputs[i]
		switch {
		case in.Type == web.InputPassword || in.Type == web.InputFile:
		case in.Type == web.InputCheck:
			in.Value = typed.Get(in.Name)
		case typed.Has(in.Name):
			in.Value = typed.Get(in.Name)
		}
	}
	e, status := classify(err)
	switch e.Kind {
	case fault.Invalid:
		var errs []web.FieldError
		for _, field := range e.Fields {
			errs = append(errs, web.FieldError{Field: field.Name, Message: s.inputMessage(c, field)})
		}
		f.Fail(errs)
	case fault.Conflict, fault.Unavailable, fault.TooMany, fault.TooLarge:
		f.Notice = s.words(c)("problem."+e.Code) + ". " + s.words(c)("problem."+e.Code+".detail")
		if e.Kind == fault.Unavailable {
			s.Log.Warn("unavailable", "id", requestID(c), "route", c.Path(), "error", err)
			c.Response().Header().Set("Retry-After", "5")
		}
	default:
		return 0, err
	}
	return status, nil
}

// inputMessage is the sentence for one field of a form, with names instead of
// ids and days as people write them.
func (s *Server) inputMessage(c echo.Context, field fault.Field) string {
	lang := language(c)
	field.Args = slices.Clone(field.Args)
	for i, arg := range field.Args {
		switch arg := arg.(type) {
		case catalogue.Date:
			field.Args[i] = dayText(lang, arg)
		case string:
			switch {
			case field.Code == "other_area":
				field.Args[i] = s.valueName("area", arg, lang, s.today())
			case field.Code == catalogue.CodeNotThen && i == 1:
				field.Args[i] = s.nameOf(lang, catalogue.Kind(field.Args[0].(string)), arg)
			}
		}
	}
	return s.fieldMessage(lang, field)
}

// disagreeing lists the fields in which what is stored now is not what was
// typed, for somebody who comes second.
func disagreeing(stored web.Form, typed url.Values) []web.Disagreeing {
	var list []web.Disagreeing
	for _, in := range stored.Inputs {
		if v := typed.Get(in.Name); v != in.Value {
			list = append(list, web.Disagreeing{Label: in.Label, Stored: in.Shown(in.Value), Typed: in.Shown(v)})
		}
	}
	return list
}
