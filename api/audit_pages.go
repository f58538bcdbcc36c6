package api

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/staff"
	"sipas/web"
)

const auditPath = "/lam-viec/nhat-ky"

// auditFilter is what the page of the audit log can be asked for.
type auditFilter struct {
	staff.EntryFilter
	id    string // begins the id of the object, whatever kind it is
	notBy string // account whose own doings are left out

	named map[string]bool // by code: whether the case names the reader, as far as it is known
}

func (f auditFilter) match(e *staff.Entry) bool {
	_, id, _ := strings.Cut(e.Object, "/")
	return strings.HasPrefix(id, f.id) && (f.notBy == "" || f.notBy != e.Account)
}

// selects says whether the reader gets an entry: it matches, and is not about a
// case that names the reader. What such a case is about would be known by its
// being in no list, and by what is done with it.
func (s *Server) selects(c echo.Context, f auditFilter, e *staff.Entry) (bool, error) {
	code, isCase := strings.CutPrefix(e.Object, "case/")
	if !f.match(e) || !isCase {
		return f.match(e), nil
	}
	named, known := f.named[code]
	if !known {
		var err error
		if named, err = s.feedback.Names(c.Request().Context(), s.caseOfficer(c), code); err != nil {
			return false, err
		}
		f.named[code] = named
	}
	return !named, nil
}

// The fields of the filter.
var auditFields = []string{"from", "to", "account", "action", "object"}

// readAuditFilter reads the fields of the filter and adds whether this reader may
// see the secret entries. An object is named whole, "link/ab12cd34", or by the
// beginning of its id.
func readAuditFilter(c echo.Context) (f auditFilter, _ error) {
	var bad fault.Fields
	day := func(name string) catalogue.Date {
		v := c.QueryParam(name)
		if v == "" {
			return ""
		}
		d, err := catalogue.ParseDate(v)
		if err != nil {
			bad.Add(name, "date")
		}
		return d
	}
	from, to := day("from"), day("to")
	if from != "" && to != "" && to < from {
		bad.Add("to", "before_from")
	}
	if err := bad.Err(); err != nil {
		return f, err
	}
	if from != "" {
		f.From = from.Start()
	}
	if to != "" {
		f.To = to.AddDays(1).Start()
	}
	f.Account, f.Action = strings.TrimSpace(c.QueryParam("account")), c.QueryParam("action")
	if object := strings.TrimSpace(c.QueryParam("object")); strings.Contains(object, "/") {
		f.Object = object
	} else {
		f.id = object
	}
	f.Secret, f.named = maySeeSecrets(c), map[string]bool{}
	return f, nil
}

// maySeeSecrets: what is about denunciations is Thanh tra's alone.
func maySeeSecrets(c echo.Context) bool { return officerOf(c).Role == staff.Inspection }

// auditQuery is the filter as it stands in an address.
func auditQuery(c echo.Context) url.Values {
	q := url.Values{}
	for _, name := range auditFields {
		if v := c.QueryParam(name); v != "" {
			q.Set(name, v)
		}
	}
	return q
}

// auditShown is how many entries a page has, and auditStrides how often a page's
// worth is read for it at the most: a filter that hardly anything fits does not
// read the whole log at once.
const (
	auditShown   = 100
	auditStrides = 50
)

// findEntries reads on until a page of matching entries is full, there are no
// more, or enough has been read.
func (s *Server) findEntries(c echo.Context, f auditFilter, limit int, after string) (found []*staff.Entry, next string, err error) {
	for range auditStrides {
		var entries []*staff.Entry
		entries, after, err = s.staff.Entries(c.Request().Context(), f.EntryFilter, limit, after)
		if err != nil {
			return nil, "", err
		}
		for _, e := range entries {
			shown, err := s.selects(c, f, e)
			if err != nil {
				return nil, "", err
			}
			if shown {
				found = append(found, e)
			}
		}
		if after == "" || len(found) >= limit {
			break
		}
	}
	return found, after, nil
}

// auditPage shows the audit log, the newest first.
func (s *Server) auditPage(c echo.Context) error {
	f, err := readAuditFilter(c)
	if err != nil {
		return s.auditView(c, nil, "", err)
	}
	entries, next, err := s.findEntries(c, f, auditShown, c.QueryParam("after"))
	if err != nil {
		return err
	}
	return s.auditView(c, entries, next, nil)
}

func (s *Server) auditView(c echo.Context, entries []*staff.Entry, next string, bad error) error {
	t := s.words(c)
	p := s.consolePage(c, "audit", t("audit.title"))
	p.Lead = t("audit.lead")
	filter := s.auditForm(c)
	status := http.StatusOK
	if bad != nil {
		var err error
		if status, err = s.refill(c, &filter, c.QueryParams(), bad); err != nil {
			return err
		}
	}
	p.Filter = &filter
	list := s.auditTable(c, entries)
	list.Note = t("audit.note")
	if next != "" {
		q := auditQuery(c)
		q.Set("after", next)
		list.Next = localPath(c, auditPath+"?"+q.Encode())
		list.Empty = t("audit.further")
	}
	if bad == nil {
		p.Tables = []web.Table{list}
	}
	return s.page(c, status, web.PageConsole, p)
}

func (s *Server) auditForm(c echo.Context) web.Form {
	t := s.words(c)
	actions := []web.Choice{{Text: t("audit.anyaction")}}
	for _, id := range s.pages.Keys("action.") {
		actions = append(actions, web.Choice{Value: id, Text: t("action." + id)})
	}
	return web.Form{
		Action: auditPath, Submit: t("console.filter"), Other: web.Link{URL: auditPath + ".csv", Text: t("audit.export")},
		Inputs: []web.Input{
			{Name: "from", Label: t("audit.from"), Type: web.InputDate, Value: c.QueryParam("from")},
			{Name: "to", Label: t("audit.to"), Type: web.InputDate, Value: c.QueryParam("to")},
			{Name: "account", Label: t("audit.who"), Value: c.QueryParam("account")},
			{Name: "action", Label: t("audit.what"), Type: web.InputSelect, Value: c.QueryParam("action"), Options: actions},
			{Name: "object", Label: t("audit.find"), Type: web.InputSearch, Value: c.QueryParam("object")},
		},
	}
}

func (s *Server) auditTable(c echo.Context, entries []*staff.Entry) web.Table {
	t := s.words(c)
	list := web.Table{Empty: t("audit.none"), Columns: []web.Column{
		{Text: t("audit.when"), Whole: true}, {Text: t("audit.who")}, {Text: t("audit.what"), Whole: true}, {Text: t("audit.object")}, {Text: t("audit.detail")}, {Text: t("audit.outcome")},
	}}
	for _, e := range entries {
		who := s.actor(c, e.Account)
		who.Note = s.roleName(c, e.Role)
		outcome := web.Cell{Text: s.outcome(c, e.Outcome)}
		if e.Outcome != "" {
			outcome.Mark = web.MarkBad
		}
		list.Rows = append(list.Rows, web.Row{Cells: []web.Cell{
			{Text: s.moment(c, e.At)}, who, {Text: s.actionName(c, e.Action)}, s.objectCell(c, e.Object),
			{Text: strings.Join(e.Detail, ", ")}, outcome,
		}})
	}
	return list
}

// hasPart says whether this reader has the pages of a part of the console.
func hasPart(c echo.Context, roles []staff.Role) bool {
	return slices.Contains(roles, officerOf(c).Role)
}
