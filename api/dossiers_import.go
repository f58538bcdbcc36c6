package api

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/internal/dossier"
	"sipas/internal/fault"
	"sipas/internal/store"
	"sipas/web"
)

const dossierImportPath = dossiersPath + "/nap"

func (s *Server) dossierUploadPage(c echo.Context) error {
	return s.askForList(c, http.StatusOK, s.listForm(c))
}

// listForm asks for a list.
func (s *Server) listForm(c echo.Context) web.Form {
	t := s.words(c)
	var names []string
	for _, col := range dossier.AllColumns {
		names = append(names, t("dossier.col."+string(col)))
	}
	return web.Form{
		Lead:   t("dossier.load.needs", strings.Join(names[:dossier.Needed], ", "), strings.Join(names[dossier.Needed:], ", ")),
		Action: dossierImportPath, Upload: true, Submit: t("dossier.load.preview"), Cancel: web.Link{URL: dossiersPath, Text: t("console.cancel")},
		Inputs: []web.Input{{Name: "file", Label: t("dossier.load.file"), Type: web.InputFile, Required: true, Wide: true, Hint: t("dossier.load.hint"), Accept: ".csv,.xlsx,text/csv"}},
	}
}

func (s *Server) askForList(c echo.Context, status int, f web.Form) error {
	t := s.words(c)
	p := s.consolePage(c, "dossiers", t("dossier.load"))
	p.Path, p.Lead = dossierImportPath, t("dossier.load.lead")
	p.Up = web.Link{URL: dossiersPath, Text: t("dossier.title")}
	p.Forms = []web.Form{f}
	return s.page(c, status, web.PageConsole, p)
}

// askAgain asks for the list again and says why.
func (s *Server) askAgain(c echo.Context, err error) error {
	f := s.listForm(c)
	status, err := s.refill(c, &f, nil, err)
	if err != nil {
		return err
	}
	return s.askForList(c, status, f)
}

// uploadDossiers shows what a list would change, and changes nothing. The list
// waits sealed for what comes next.
func (s *Server) uploadDossiers(c echo.Context) error {
	done, err := s.reading(c)
	if err != nil {
		return s.askAgain(c, err)
	}
	defer done()
	_, content, err := readUploadOf(c, dossier.MaxFile+maxBody, dossier.MaxFile, "file")
	if errors.Is(err, errTooLarge) {
		err = errListTooLarge
	}
	if err != nil {
		return s.askAgain(c, err)
	}
	ctx := c.Request().Context()
	l, err := s.openList(ctx, content["file"])
	if err != nil {
		return s.askAgain(c, err)
	}
	ticket, err := s.dossiers.KeepUpload(ctx, l.file, s.Now())
	if err != nil {
		return s.askAgain(c, err)
	}
	return s.showList(c, http.StatusOK, l, ticket, "")
}

// withKept hands over the list that a form is about, if it has all columns that it
// must have. Else it shows what is missing, or asks for the list again.
func (s *Server) withKept(do func(echo.Context, *dossierList, url.Values) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		done, err := s.reading(c)
		if err != nil {
			return s.askAgain(c, err)
		}
		defer done()
		l, form, err := s.keptList(c)
		switch {
		case err != nil:
			return s.askAgain(c, err)
		case len(l.mapping.Missing()) > 0:
			return s.remapDossiers(c, l, form)
		}
		return do(c, l, form)
	}
}

// remapDossiers shows the same list with its columns in other places.
func (s *Server) remapDossiers(c echo.Context, l *dossierList, form url.Values) error {
	return s.showList(c, http.StatusOK, l, form.Get("ticket"), "")
}

// keptList opens the list that a form is about, with the mapping of the form.
func (s *Server) keptList(c echo.Context) (*dossierList, url.Values, error) {
	form, err := readForm(c)
	if err != nil {
		return nil, nil, err
	}
	ctx := c.Request().Context()
	file, err := s.dossiers.Upload(ctx, form.Get("ticket"), s.Now())
	if err != nil {
		return nil, form, err
	}
	l, err := s.openList(ctx, file)
	if err != nil {
		return nil, form, err
	}
	l.mapping = dossier.Mapping{}
	for _, col := range dossier.AllColumns {
		if i, err := strconv.Atoi(form.Get("col." + string(col))); err == nil && i >= 0 && i < len(l.headings) {
			l.mapping[col] = i
		}
	}
	return l, form, nil
}

// showList is the preview, with the form that goes on with it and the one that
// corrects the columns.
func (s *Server) showList(c echo.Context, status int, l *dossierList, ticket, notice string) error {
	columns := s.columnsForm(c, l, ticket)
	if missing := l.mapping.Missing(); len(missing) > 0 {
		var errs []web.FieldError
		for _, col := range missing {
			errs = append(errs, web.FieldError{Field: "col." + string(col), Message: s.words(c)("dossier.load.choose")})
		}
		columns.Fail(errs)
		columns.Quiet = false
		return s.previewPage(c, http.StatusUnprocessableEntity, l, dossier.Outcome{}, columns)
	}
	src, has := s.source(l)
	out, err := s.dossiers.Preview(c.Request().Context(), src, has)
	if err != nil {
		return s.askAgain(c, err)
	}
	forms := []web.Form{columns}
	if len(out.Rejected) > 0 {
		forms = slices.Insert(forms, 0, s.rejectedForm(c, l, ticket))
	}
	if out.Created+out.Updated > 0 {
		forms = slices.Insert(forms, 0, s.goForm(c, l, ticket, out, notice))
	} else if notice != "" {
		forms[0].Notice = notice
	}
	return s.previewPage(c, status, l, out, forms...)
}

// columnsForm says where each column stands, to be corrected.
func (s *Server) columnsForm(c echo.Context, l *dossierList, ticket string) web.Form {
	t := s.words(c)
	f := web.Form{ID: "columns", Action: dossierImportPath + "/cot", Heading: t("dossier.load.where"), Lead: t("dossier.load.where.lead"), Submit: t("dossier.load.again"), Quiet: true,
		Hidden: []web.Choice{{Value: "ticket", Text: ticket}}}
	for _, col := range dossier.AllColumns {
		in := web.Input{Name: "col." + string(col), Label: t("dossier.col." + string(col)), Hint: t("dossier.col." + string(col) + ".what"), Type: web.InputSelect, Required: col.Required(), Options: []web.Choice{{Text: t("dossier.load.none")}}}
		for i, h := range l.headings {
			if h != "" {
				in.Options = append(in.Options, web.Choice{Value: strconv.Itoa(i), Text: h})
			}
		}
		if i, ok := l.mapping[col]; ok {
			in.Value = strconv.Itoa(i)
		}
		f.Inputs = append(f.Inputs, in)
	}
	return f
}

func (s *Server) goForm(c echo.Context, l *dossierList, ticket string, out dossier.Outcome, notice string) web.Form {
	t, lang := s.words(c), language(c)
	return web.Form{
		ID: "go", Action: dossierImportPath + "/ghi", Heading: t("dossier.load.go.title"), Lead: t("dossier.load.go.lead"), Notice: notice,
		Submit: t("dossier.load.go", web.Number(lang, out.Created+out.Updated)), Cancel: web.Link{URL: dossierImportPath, Text: t("console.cancel")},
		Hidden: append(l.sentAlong(ticket), web.Choice{Value: "digest", Text: out.Digest}),
	}
}

// sentAlong is what names the list, as it is read, in the next request.
func (l *dossierList) sentAlong(ticket string) []web.Choice {
	list := []web.Choice{{Value: "ticket", Text: ticket}}
	for _, col := range dossier.AllColumns {
		if i, ok := l.mapping[col]; ok {
			list = append(list, web.Choice{Value: "col." + string(col), Text: strconv.Itoa(i)})
		}
	}
	return list
}

func (s *Server) previewPage(c echo.Context, status int, l *dossierList, out dossier.Outcome, forms ...web.Form) error {
	t := s.words(c)
	p := s.consolePage(c, "dossiers", t("dossier.load.look"))
	p.Path, p.Lead = dossierImportPath, t("dossier.load.look.lead")
	p.Up = web.Link{URL: dossierImportPath, Text: t("dossier.load")}
	if out.Digest == "" {
		p.Lead = t("dossier.load.unclear")
	} else {
		p.Facts = s.importFacts(c, out.Created, out.Updated, out.Unchanged, out.RejectedCount)
		if out.Created+out.Updated == 0 {
			p.Lead = t("dossier.load.nothing")
		}
	}
	if list := s.ignoredHeadings(l); list != "" && out.Digest != "" {
		p.Facts = append(p.Facts, web.Fact{Name: t("import.ignored"), Text: list})
	}
	if len(out.Rejected) > 0 {
		p.Tables = []web.Table{s.rejectedTable(c, out)}
	}
	p.Forms = forms
	return s.page(c, status, web.PageConsole, p)
}

func (s *Server) importFacts(c echo.Context, created, updated, unchanged, rejected int) (facts []web.Fact) {
	for _, x := range []struct {
		key string
		n   int
	}{{"created", created}, {"updated", updated}, {"unchanged", unchanged}, {"rejected", rejected}} {
		facts = append(facts, web.Fact{Name: s.words(c)("dossier.load." + x.key), Text: web.Number(language(c), x.n)})
	}
	return facts
}

// ignoredHeadings names the columns that are not read.
func (s *Server) ignoredHeadings(l *dossierList) (list string) {
	for i, h := range l.headings {
		used := false
		for _, at := range l.mapping {
			used = used || at == i
		}
		if !used && h != "" {
			if list != "" {
				list += ", "
			}
			list += h
		}
	}
	return list
}

// applyDossiers does what the preview has shown, or shows it anew.
func (s *Server) applyDossiers(c echo.Context, l *dossierList, form url.Values) error {
	ctx, ticket := c.Request().Context(), form.Get("ticket")
	src, has := s.source(l)
	var out dossier.Outcome
	err := s.audited(c, "dossier.import", "dossiers", []string{"as=file"}, func() (err error) {
		out, err = s.dossiers.ImportAsShown(ctx, src, has, form.Get("digest"))
		return err
	})
	switch {
	case errors.Is(err, store.ErrStale):
		return s.showList(c, http.StatusConflict, l, ticket, s.words(c)("dossier.load.stale"))
	case err != nil && fault.As(err).Kind == fault.Unavailable:
		s.Log.Warn("unavailable", "id", requestID(c), "route", c.Path(), "error", err)
		return s.showList(c, http.StatusServiceUnavailable, l, ticket, s.words(c)("dossier.load.away"))
	case err != nil:
		return s.askAgain(c, err)
	}
	s.dossiers.DropUpload(ctx, ticket)
	if err := s.dossiers.RememberMapping(ctx, l.headings, l.mapping); err != nil { // the next list is guessed again
		s.Log.Warn("columns of a list not remembered", "id", requestID(c), "error", err)
	}
	counts := url.Values{"created": {strconv.Itoa(out.Created)}, "updated": {strconv.Itoa(out.Updated)}, "unchanged": {strconv.Itoa(out.Unchanged)}, "rejected": {strconv.Itoa(out.RejectedCount)}}
	return c.Redirect(http.StatusSeeOther, localPath(c, dossierImportPath+"/xong?"+counts.Encode()))
}

// dossiersLoaded says what an import has done.
func (s *Server) dossiersLoaded(c echo.Context) error {
	t := s.words(c)
	p := s.consolePage(c, "dossiers", t("dossier.load.done"))
	p.Up = web.Link{URL: dossiersPath, Text: t("dossier.title")}
	p.Lead = t("dossier.load.done.lead")
	number := func(name string) int {
		n, _ := strconv.Atoi(c.QueryParam(name))
		return min(max(n, 0), dossier.MaxRows)
	}
	p.Facts = s.importFacts(c, number("created"), number("updated"), number("unchanged"), number("rejected"))
	p.Actions = []web.Action{{URL: dossiersPath, Text: t("dossier.title"), Primary: true}, {URL: dossierImportPath, Text: t("dossier.load")}}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}
