package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/store"
	"sipas/survey"
	"sipas/web"
)

const linksPath = "/lam-viec/ma-qr"

// staffKinds are the kinds of link that staff make, in the order of the form.
var staffKinds = []survey.Kind{survey.KindCounter, survey.KindKiosk, survey.KindPaper, survey.KindTrial}

// linksPage lists the links, the newest first.
func (s *Server) linksPage(c echo.Context) error {
	t := s.words(c)
	kind, state, q := c.QueryParam("kind"), c.QueryParam("state"), c.QueryParam("q")
	links, next, err := s.findLinks(c.Request().Context(), survey.Kind(kind), c.QueryParam("after"), s.linkFilter(c, state, q))
	if err != nil {
		return err
	}
	p := s.consolePage(c, "links", t("links.title"))
	p.Lead = t("links.lead")
	p.Actions = []web.Action{
		{URL: linksPath + "/moi", Text: t("links.new"), Primary: true},
		{URL: linksPath + "/to-in", Text: t("links.sheet")},
	}
	p.Filter = &web.Form{Action: linksPath, Submit: t("console.filter"), Inputs: []web.Input{
		{Name: "q", Label: t("links.find"), Type: web.InputSearch, Value: q},
		{Name: "kind", Label: t("links.kind"), Type: web.InputSelect, Value: kind, Options: s.kindChoices(c, t("links.anykind"))},
		{Name: "state", Label: t("links.state"), Type: web.InputSelect, Value: state, Options: []web.Choice{
			{Value: "", Text: t("links.state.current")}, {Value: "open", Text: t("links.state.open")},
			{Value: "waiting", Text: t("links.state.waiting")}, {Value: "closed", Text: t("links.state.closed")}, {Value: "all", Text: t("links.state.all")},
		}},
	}}
	list := web.Table{Empty: t("links.empty"), Columns: []web.Column{
		{Text: t("links.name")}, {Text: t("links.kind")}, {Text: t("links.place")}, {Text: t("links.subject")},
		{Text: t("links.state")}, {Text: t("links.month"), Right: true}, {Text: t("links.all"), Right: true},
	}}
	if kind != "" || state != "" || q != "" {
		list.Empty = t("links.none")
	}
	all, month := s.segments.ByLink(""), s.segments.ByLink(s.today().AddDays(-29))
	for _, l := range links {
		list.Rows = append(list.Rows, s.linkRow(c, l, month[l.Code], all[l.Code]))
	}
	if next != "" {
		list.Next = localPath(c, linksPath+"?"+url.Values{"q": {q}, "kind": {kind}, "state": {state}, "after": {next}}.Encode())
	}
	p.Tables = []web.Table{list}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

// linksShown is how many links a page of the list has.
const linksShown = 100

// findLinks reads on until a page of matching links is full or there are no more.
func (s *Server) findLinks(ctx context.Context, kind survey.Kind, after string, match func(*survey.Link) bool) (found []*survey.Link, next string, err error) {
	for {
		links, next, err := s.survey.Links(ctx, kind, linksShown, after)
		if err != nil {
			return nil, "", err
		}
		for _, l := range links {
			if match(l) {
				found = append(found, l)
			}
		}
		if next == "" || len(found) >= linksShown {
			return found, next, nil
		}
		after = next
	}
}

// linkFilter matches the state of a link and what is said of it.
func (s *Server) linkFilter(c echo.Context, state, q string) func(*survey.Link) bool {
	now := s.Now()
	return func(l *survey.Link) bool {
		opened := l.Open(now)
		switch state {
		case "open":
			if opened != nil {
				return false
			}
		case "waiting":
			if !errors.Is(opened, survey.ErrNotOpen) {
				return false
			}
		case "closed":
			if !errors.Is(opened, survey.ErrClosed) {
				return false
			}
		case "":
			if errors.Is(opened, survey.ErrClosed) {
				return false
			}
		}
		return holds(q, l.Code, l.Title, s.placeOf(c, l), s.subjectOf(c, l))
	}
}

func (s *Server) linkRow(c echo.Context, l *survey.Link, month, all int) web.Row {
	lang := language(c)
	state, mark := s.linkState(c, l)
	return web.Row{Quiet: mark == "", Cells: []web.Cell{
		{Text: s.linkName(c, l), URL: linksPath + "/" + l.Code, Note: l.Code},
		{Text: s.words(c)("links.kind." + string(l.Kind))},
		{Text: s.placeOf(c, l)},
		{Text: s.subjectOf(c, l)},
		{Text: state, Mark: mark},
		{Text: web.Number(lang, month)},
		{Text: web.Number(lang, all)},
	}}
}

// linkName is how a list calls a link.
func (s *Server) linkName(c echo.Context, l *survey.Link) string {
	if l.Title != "" {
		return l.Title
	}
	if place := s.placeOf(c, l); place != "" {
		return place
	}
	return s.words(c)("links.kind." + string(l.Kind))
}

func (s *Server) placeOf(c echo.Context, l *survey.Link) string {
	lang, on := language(c), s.today()
	if desk := s.valueName("desk", l.Desk, lang, on); desk != "" {
		return desk
	}
	return s.valueName("unit", l.Unit, lang, on)
}

func (s *Server) subjectOf(c echo.Context, l *survey.Link) string {
	lang, on := language(c), s.today()
	if procedure := s.valueName("procedure", l.Procedure, lang, on); procedure != "" {
		return procedure
	}
	if area := s.valueName("area", l.Area, lang, on); area != "" {
		return area
	}
	return s.words(c)("links.anyarea")
}

// linkState says in words whether a link takes answers; mark "" is for one that
// does no more.
func (s *Server) linkState(c echo.Context, l *survey.Link) (words, mark string) {
	t, lang := s.words(c), language(c)
	switch err := l.Open(s.Now()); {
	case errors.Is(err, survey.ErrClosed):
		return t("links.closedat", web.DateTime(lang, l.ClosesAt.In(catalogue.Zone))), ""
	case errors.Is(err, survey.ErrNotOpen):
		return t("links.opensat", web.DateTime(lang, l.OpensAt.In(catalogue.Zone))), web.MarkDoubt
	case !l.ClosesAt.IsZero():
		return t("links.openuntil", web.DateTime(lang, l.ClosesAt.In(catalogue.Zone))), web.MarkGood
	}
	return t("links.state.open"), web.MarkGood
}

// linkPage shows one link: its code, where it leads, how much came through it.
func (s *Server) linkPage(c echo.Context) error {
	l, err := s.survey.Link(c.Request().Context(), survey.CleanCode(c.Param("code")))
	if err != nil {
		return err
	}
	return s.page(c, http.StatusOK, web.PageLink, s.linkView(c, l))
}

func (s *Server) linkView(c echo.Context, l *survey.Link) web.LinkPage {
	t, lang := s.words(c), language(c)
	here, file := linksPath+"/"+l.Code, "/api/v1/links/"+l.Code
	state, _ := s.linkState(c, l)
	v := web.LinkPage{Page: s.consolePage(c, "links", s.linkName(c, l))}
	v.Up = web.Link{URL: linksPath, Text: t("links.title")}
	address := s.publicURL("/k/" + l.Code)
	switch l.Kind {
	case survey.KindKiosk:
		address = s.publicURL("/kiosk/" + l.Code)
		v.Lead = t("links.kiosk.how")
		v.Actions = []web.Action{{URL: "/kiosk/" + l.Code, Text: t("links.kiosk.open"), Primary: true}}
	case survey.KindPaper:
		v.Lead = t("links.paper.how")
		v.Actions = []web.Action{
			{URL: paperPath + "/" + l.Code, Text: t("links.paper.type"), Primary: true},
			{URL: paperPath + "/" + l.Code + "/phieu.pdf", Text: t("paper.pdf")},
		}
	default:
		v.QR, v.QRText = file+"/qr.svg", t("links.qr", l.Code)
		v.Actions = []web.Action{
			{URL: file + "/poster.pdf?size=a4", Text: t("links.poster.a4"), Primary: true},
			{URL: file + "/poster.pdf?size=a5", Text: t("links.poster.a5")},
			{URL: file + "/qr.png?size=1200", Text: t("links.png"), Download: true},
		}
	}
	v.Actions = append(v.Actions, web.Action{URL: here + "/sua", Text: t("links.edit")})
	fact := func(key, text string) {
		if text != "" {
			v.Facts = append(v.Facts, web.Fact{Name: t(key), Text: text})
		}
	}
	v.Facts = []web.Fact{
		{Name: t("links.address"), Text: address, URL: address, Code: true, Copy: true},
		{Name: t("links.code"), Text: l.Code, Code: true},
	}
	fact("links.state", state)
	fact("links.kind", t("links.kind."+string(l.Kind)))
	fact("links.desk", s.valueName("desk", l.Desk, lang, s.today()))
	fact("links.unit", s.valueName("unit", l.Unit, lang, s.today()))
	fact("links.area", s.valueName("area", l.Area, lang, s.today()))
	fact("links.procedure", s.valueName("procedure", l.Procedure, lang, s.today()))
	fact("links.questionnaire", l.Questionnaire)
	fact("links.month", web.Number(lang, s.segments.ByLink(s.today().AddDays(-29))[l.Code]))
	fact("links.all", web.Number(lang, s.segments.ByLink("")[l.Code]))
	fact("links.created", web.DateTime(lang, l.CreatedAt.In(catalogue.Zone)))
	fact("links.by", l.CreatedBy)
	version := []web.Choice{{Value: "version", Text: strconv.FormatInt(l.Version, 10)}}
	if errors.Is(l.Open(s.Now()), survey.ErrClosed) {
		v.Forms = []web.Form{{Action: here + "/mo", Quiet: true, Heading: t("links.reopen"), Lead: t("links.reopen.lead"), Submit: t("links.reopen"), Hidden: version}}
	} else {
		v.Forms = []web.Form{{Action: here + "/dong", Quiet: true, Danger: true, Heading: t("links.close"), Lead: t("links.close.lead"), Submit: t("links.close"), Hidden: version}}
	}
	return v
}

func (s *Server) kindChoices(c echo.Context, first string) []web.Choice {
	list := []web.Choice{{Value: "", Text: first}}
	for _, k := range staffKinds {
		list = append(list, web.Choice{Value: string(k), Text: s.words(c)("links.kind." + string(k))})
	}
	return list
}

// linkForm asks for everything of a link. A link that exists keeps its kind: the
// answers so far came through another channel.
func (s *Server) linkForm(c echo.Context, l *survey.Link) web.Form {
	t, lang, on := s.words(c), language(c), s.today()
	cat := s.survey.Catalogue()
	choose := func(none string) []web.Choice { return []web.Choice{{Value: "", Text: t(none)}} }
	areas, procedures, desks, units := choose("links.area.any"), choose("links.procedure.any"), choose("links.desk.none"), choose("links.unit.none")
	for _, a := range cat.Areas(on) {
		areas = append(areas, web.Choice{Value: a.ID, Text: a.Name.In(lang)})
	}
	for _, p := range cat.Procedures(on) {
		procedures = append(procedures, web.Choice{Value: p.ID, Text: p.ID + " · " + p.Name.In(lang)})
	}
	for _, d := range cat.Desks(on) {
		desks = append(desks, web.Choice{Value: d.ID, Text: d.Name.In(lang)})
	}
	for _, u := range cat.Units(on) {
		units = append(units, web.Choice{Value: u.ID, Text: u.Name.In(lang)})
	}
	kind := web.Input{Name: "kind", Label: t("links.kind"), Type: web.InputRadio, Value: string(l.Kind), Required: true, Wide: true}
	for _, k := range staffKinds {
		kind.Options = append(kind.Options, web.Choice{Value: string(k), Text: t("links.kind."+string(k)) + ": " + t("links.kind."+string(k)+".what")})
	}
	f := web.Form{
		Action: linksPath + "/moi", Submit: t("links.create"), Cancel: web.Link{URL: linksPath, Text: t("console.cancel")},
		Inputs: []web.Input{
			kind,
			{Name: "title", Label: t("links.name"), Value: l.Title, Hint: t("links.name.hint"), Wide: true},
			{Name: "desk", Label: t("links.desk"), Type: web.InputSelect, Value: l.Desk, Options: desks, Hint: t("links.desk.hint")},
			{Name: "unit", Label: t("links.unit"), Type: web.InputSelect, Value: l.Unit, Options: units, Hint: t("links.unit.hint")},
			{Name: "area", Label: t("links.area"), Type: web.InputSelect, Value: l.Area, Options: areas, Hint: t("links.area.hint")},
			{Name: "procedure", Label: t("links.procedure"), Type: web.InputSelect, Value: l.Procedure, Options: procedures, Hint: t("links.procedure.hint")},
			{Name: "opensAt", Label: t("links.opens"), Type: web.InputMoment, Value: localMoment(l.OpensAt), Hint: t("links.opens.hint")},
			{Name: "closesAt", Label: t("links.closes"), Type: web.InputMoment, Value: localMoment(l.ClosesAt), Hint: t("links.closes.hint")},
			{Name: "questionnaire", Label: t("links.questionnaire"), Type: web.InputSelect, Value: l.Questionnaire, Options: s.questionnaireChoices(lang, on), Hint: t("links.questionnaire.hint")},
		},
	}
	if l.Code != "" {
		f.Action, f.Submit = linksPath+"/"+l.Code+"/sua", t("console.save")
		f.Cancel.URL = linksPath + "/" + l.Code
		f.Inputs = f.Inputs[1:]
		f.Hidden = []web.Choice{{Value: "version", Text: strconv.FormatInt(l.Version, 10)}}
	}
	return f
}

// questionnaireChoices offers every questionnaire that is or will be in force;
// "" follows the service questionnaire from version to version.
func (s *Server) questionnaireChoices(lang string, on catalogue.Date) []web.Choice {
	list := []web.Choice{{Value: "", Text: s.pages.Text(lang, "links.questionnaire.service")}}
	for _, q := range s.survey.Questionnaires() {
		known := slices.ContainsFunc(list, func(c web.Choice) bool { return c.Value == q.ID })
		if q.ID != survey.ServiceQuestionnaire && (q.To == "" || q.To >= on) && !known {
			list = append(list, web.Choice{Value: q.ID, Text: q.Name.In(lang)})
		}
	}
	return list
}

// localForm is how a browser writes a moment without an offset.
const localForm = "2006-01-02T15:04"

func localMoment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(catalogue.Zone).Format(localForm)
}

// readLinkForm reads the fields of linkForm.
func readLinkForm(form url.Values, bad *fault.Fields) linkRequest {
	moment := func(name string) time.Time {
		v := form.Get(name)
		if v == "" {
			return time.Time{}
		}
		at, err := time.ParseInLocation(localForm, v, catalogue.Zone)
		if err != nil {
			bad.Add(name, "moment_local")
		}
		return at
	}
	return linkRequest{
		Kind: form.Get("kind"), Area: form.Get("area"), Procedure: form.Get("procedure"), Desk: form.Get("desk"), Unit: form.Get("unit"),
		Questionnaire: form.Get("questionnaire"), Title: form.Get("title"), OpensAt: moment("opensAt"), ClosesAt: moment("closesAt"),
	}
}

func (s *Server) newLinkPage(c echo.Context) error {
	l := &survey.Link{Kind: survey.KindCounter, Desk: officerOf(c).Desk}
	if kind := survey.Kind(c.QueryParam("kind")); slices.Contains(staffKinds, kind) {
		l.Kind = kind
	}
	return s.linkFormPage(c, http.StatusOK, l, s.linkForm(c, l))
}

func (s *Server) linkFormPage(c echo.Context, status int, l *survey.Link, f web.Form) error {
	t := s.words(c)
	p := s.consolePage(c, "links", t("links.new"))
	p.Lead = t("links.new.lead")
	p.Up = web.Link{URL: linksPath, Text: t("links.title")}
	if l.Code != "" {
		p.Heading, p.Lead = t("links.editing", s.linkName(c, l)), t("links.edit.lead")
		p.Up = web.Link{URL: linksPath + "/" + l.Code, Text: s.linkName(c, l)}
	}
	p.Forms = []web.Form{f}
	return s.page(c, status, web.PageConsole, p)
}

// addLink makes a link from the form.
func (s *Server) addLink(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	var bad fault.Fields
	l := s.newLink(c)
	if err = s.apply(readLinkForm(form, &bad), l, bad); err == nil {
		err = s.storeLink(c, l)
	}
	if err != nil {
		f := s.linkForm(c, &survey.Link{})
		status, err := s.refill(c, &f, form, err)
		if err != nil {
			return err
		}
		return s.linkFormPage(c, status, &survey.Link{}, f)
	}
	return done(c, linksPath+"/"+l.Code, "link")
}

func (s *Server) editLinkPage(c echo.Context) error {
	l, err := s.survey.Link(c.Request().Context(), survey.CleanCode(c.Param("code")))
	if err != nil {
		return err
	}
	return s.linkFormPage(c, http.StatusOK, l, s.linkForm(c, l))
}

// editLink saves the form over the version that it showed.
func (s *Server) editLink(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	l, err := s.survey.Link(c.Request().Context(), survey.CleanCode(c.Param("code")))
	if err != nil {
		return err
	}
	stored := *l
	var bad fault.Fields
	r := readLinkForm(form, &bad)
	r.Kind = string(l.Kind)
	err = store.ErrStale
	if form.Get("version") == strconv.FormatInt(l.Version, 10) {
		if err = s.apply(r, l, bad); err == nil {
			err = s.replaceLink(c, &stored, l)
		}
	}
	if errors.Is(err, store.ErrStale) {
		current, e := s.survey.Link(c.Request().Context(), l.Code)
		if e != nil {
			return e
		}
		f := s.linkForm(c, current)
		f.Changes = disagreeing(f, form)
		status, e := s.refill(c, &f, form, err)
		if e != nil {
			return e
		}
		f.Notice = ""
		return s.linkFormPage(c, status, current, f)
	}
	if err != nil {
		f := s.linkForm(c, &stored)
		status, err := s.refill(c, &f, form, err)
		if err != nil {
			return err
		}
		return s.linkFormPage(c, status, &stored, f)
	}
	return done(c, linksPath+"/"+l.Code, "saved")
}

func (s *Server) closeLink(c echo.Context) error {
	return s.turnLink(c, "closed", func(l *survey.Link) { l.ClosesAt = s.Now().UTC() })
}

func (s *Server) reopenLink(c echo.Context) error {
	return s.turnLink(c, "reopened", func(l *survey.Link) { l.ClosesAt = time.Time{} })
}

// turnLink closes or reopens a link. Who finds it changed meanwhile sees it as
// it is now, and nothing is done.
func (s *Server) turnLink(c echo.Context, what string, turn func(*survey.Link)) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	l, err := s.survey.Link(c.Request().Context(), survey.CleanCode(c.Param("code")))
	if err != nil {
		return err
	}
	before := *l
	err = store.ErrStale
	if form.Get("version") == strconv.FormatInt(l.Version, 10) {
		turn(l)
		err = s.replaceLink(c, &before, l)
	}
	if errors.Is(err, store.ErrStale) {
		current, e := s.survey.Link(c.Request().Context(), l.Code)
		if e != nil {
			return e
		}
		v := s.linkView(c, current)
		v.Path = linksPath + "/" + current.Code // this address takes posts alone
		v.Forms[0].Notice = s.words(c)("links.changed")
		return s.page(c, http.StatusConflict, web.PageLink, v)
	}
	if err != nil {
		return err
	}
	return done(c, linksPath+"/"+l.Code, what)
}
