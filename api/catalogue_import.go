package api

import (
	"bytes"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
	"sipas/internal/store"
	"sipas/web"
)

const importPath = cataloguePath + "/thu-tuc/nhap"

// procedureList is the list to fill in: the procedures of today.
func (s *Server) procedureList(c echo.Context) error {
	var b bytes.Buffer
	if err := s.survey.Catalogue().WriteProcedures(&b, s.today()); err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="thu-tuc-`+string(s.today())+`.csv"`)
	return c.Blob(http.StatusOK, "text/csv; charset=utf-8", b.Bytes())
}

// importForm asks for a list and what the office says of it as a whole.
func (s *Server) importForm(c echo.Context, heading string) web.Form {
	t := s.words(c)
	return web.Form{
		Action: importPath, Upload: true, Heading: heading, Submit: t("import.preview"), Quiet: heading != "",
		Cancel: web.Link{URL: kindPath(catalogue.KindProcedure), Text: t("console.cancel")},
		Inputs: []web.Input{
			{Name: "file", Label: t("import.file"), Type: web.InputFile, Required: true, Wide: true, Hint: t("import.file.hint")},
			{Name: "from", Label: t("import.from"), Type: web.InputDate, Value: string(s.today()), Required: true, Hint: t("import.from.hint")},
			{Name: "source", Label: t("cat.source"), Wide: true, Hint: t("import.source.hint")},
			{Name: "confirmed", Label: t("cat.confirmed.box"), Type: web.InputCheck, Wide: true, Hint: t("cat.confirmed.hint")},
		},
	}
}

func (s *Server) importPage(c echo.Context) error {
	p := s.importView(c)
	p.Forms = []web.Form{s.importForm(c, "")}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

func (s *Server) importView(c echo.Context) web.Page {
	t := s.words(c)
	p := s.consolePage(c, "catalogue", t("import.title"))
	p.Path = importPath
	p.Up = web.Link{URL: kindPath(catalogue.KindProcedure), Text: t("cat.kind.procedure")}
	p.Lead = t("import.lead")
	p.Actions = []web.Action{{URL: cataloguePath + "/thu-tuc/danh-muc.csv", Text: t("import.template"), Download: true}}
	return p
}

// sentList is a list of procedures as it came, and what was said of it.
type sentList struct {
	form  url.Values
	text  []byte
	list  catalogue.ProcedureList
	terms catalogue.ImportTerms
}

// readList reads what was sent. The error is an Invalid fault that names fields
// of the form and lines of the list.
func (s *Server) readList(c echo.Context, field string) (sentList, error) {
	form, content, err := readUpload(c, catalogue.MaxListBytes, field)
	if err != nil {
		return sentList{}, err
	}
	l := sentList{form: form, text: content[field], terms: catalogue.ImportTerms{
		From: catalogue.Date(form.Get("from")), Source: form.Get("source"), Confirmed: form.Get("confirmed") == "1",
	}}
	var bad fault.Fields
	if len(l.text) == 0 {
		bad.Add("file", catalogue.CodeRequired)
		return l, bad.Err()
	}
	l.list, err = s.survey.Catalogue().ReadProcedures(bytes.NewReader(l.text))
	if err == nil {
		l.text = l.list.Text // the page sends it back, in its own encoding
	}
	return l, err
}

// previewImport shows what a list would change, and changes nothing.
func (s *Server) previewImport(c echo.Context) error {
	l, err := s.readList(c, "file")
	if l.form == nil {
		return err
	}
	ctx, cat := c.Request().Context(), s.survey.CatalogueStore()
	var im catalogue.Import
	if err == nil {
		im, err = cat.PreviewProcedures(ctx, l.list.Lines, l.terms, s.today())
	} else if e := fault.As(err); e.Kind == fault.Invalid { // what is wrong with the terms belongs on the same page
		_, other := cat.PreviewProcedures(ctx, nil, l.terms, s.today())
		bad := e.Fields
		if other := join(&bad, other); other != nil {
			return other
		}
		err = bad.Err()
	}
	if err != nil {
		return s.refuseList(c, l, im, err)
	}
	return s.showImport(c, http.StatusOK, l, im, nil, "")
}

// applyImport does what the preview has shown. If anything would be otherwise
// now, it shows the preview anew.
func (s *Server) applyImport(c echo.Context) error {
	l, err := s.readList(c, "list")
	if l.form == nil {
		return err
	}
	ctx, cat := c.Request().Context(), s.survey.CatalogueStore()
	var im catalogue.Import
	if err == nil {
		im, err = cat.PreviewProcedures(ctx, l.list.Lines, l.terms, s.today())
	}
	if err != nil {
		return s.refuseList(c, l, im, err)
	}
	if im.Digest != l.form.Get("digest") {
		return s.showImport(c, http.StatusConflict, l, im, nil, s.words(c)("import.stale"))
	}
	for name, list := range map[string][]catalogue.Procedure{"endAbsent": im.Absent, "endExamples": im.Examples} {
		for _, p := range list {
			if l.form.Get(name) == "1" {
				l.terms.End = append(l.terms.End, p.ID)
			}
		}
	}
	if len(l.terms.End) > 0 { // what cannot be ended is refused before it is recorded
		if im, err := cat.PreviewProcedures(ctx, l.list.Lines, l.terms, s.today()); err != nil {
			return s.refuseEnd(c, l, im, err)
		}
	}
	counts := url.Values{}
	for name, n := range map[string]int{"added": len(im.Added), "changed": len(im.Changed), "ended": len(l.terms.End), "same": len(im.Unchanged)} {
		counts.Set(name, strconv.Itoa(n))
	}
	detail := []string{"from=" + string(l.terms.From)}
	for _, name := range []string{"added", "changed", "ended"} {
		detail = append(detail, name+"="+counts.Get(name))
	}
	digest := im.Digest
	err = s.audited(c, "catalogue.import", "procedures", detail, func() error {
		var err error
		if im, err = cat.ImportProcedures(ctx, l.list.Lines, l.terms, digest, s.today()); err != nil && !errors.Is(err, store.ErrStale) {
			return err
		}
		// Of an import that somebody else's edit has cut off a part is stored.
		return errors.Join(err, s.survey.Changed(ctx))
	})
	switch {
	case errors.Is(err, store.ErrStale):
		return s.showImport(c, http.StatusConflict, l, im, nil, s.words(c)("import.stale"))
	case err != nil:
		if e, status := classify(err); e.Kind == fault.Unavailable {
			s.Log.Warn("unavailable", "id", requestID(c), "route", c.Path(), "error", err)
			return s.showImport(c, status, l, im, nil, s.words(c)("problem."+e.Code)+". "+s.words(c)("import.away"))
		}
		return err
	}
	return c.Redirect(http.StatusSeeOther, localPath(c, importPath+"/xong?"+counts.Encode()))
}

// importedPage says what an import has done.
func (s *Server) importedPage(c echo.Context) error {
	t := s.words(c)
	p := s.importView(c)
	p.Heading, p.Lead, p.Actions = t("import.done"), t("import.done.lead"), []web.Action{{URL: kindPath(catalogue.KindProcedure), Text: t("cat.kind.procedure"), Primary: true}}
	for _, name := range []string{"added", "changed", "ended", "same"} {
		if n, err := strconv.Atoi(c.QueryParam(name)); err == nil && n >= 0 && n <= catalogue.MaxLines {
			p.Facts = append(p.Facts, web.Fact{Name: t("import." + name), Text: web.Number(language(c), n)})
		}
	}
	return s.page(c, http.StatusOK, web.PageConsole, p)
}

// refuseList shows what is wrong with the list, line by line, and asks for it again.
func (s *Server) refuseList(c echo.Context, l sentList, im catalogue.Import, err error) error {
	e := fault.As(err)
	f := s.importForm(c, "")
	if e.Kind != fault.Invalid {
		status, err := s.refill(c, &f, l.form, err)
		if err != nil {
			return err
		}
		p := s.importView(c)
		p.Forms = []web.Form{f}
		return s.page(c, status, web.PageConsole, p)
	}
	ofForm, ofLines := s.splitFields(c, e.Fields)
	if len(ofLines.Rows) > 0 {
		ofForm.Add("file", "bad_lines", len(ofLines.Rows))
	}
	status, err := s.refill(c, &f, l.form, ofForm.Err())
	if err != nil {
		return err
	}
	p := s.importView(c)
	p.Forms = []web.Form{f}
	if len(ofLines.Rows) > 0 {
		p.Tables = append([]web.Table{s.cutTable(c, ofLines)}, s.importTables(c, im)...)
	}
	return s.page(c, status, web.PageConsole, p)
}

// refuseEnd shows the preview again with what cannot be ended.
func (s *Server) refuseEnd(c echo.Context, l sentList, im catalogue.Import, err error) error {
	e := fault.As(err)
	if e.Kind != fault.Invalid {
		return err
	}
	var errs []web.FieldError
	for _, f := range e.Fields {
		id := strings.TrimSuffix(strings.TrimPrefix(f.Name, "end."), ".to")
		errs = append(errs, web.FieldError{Message: id + ": " + s.inputMessage(c, f)})
	}
	return s.showImport(c, http.StatusUnprocessableEntity, l, im, errs, "")
}

// splitFields tells what is wrong with the form from what is wrong with lines.
func (s *Server) splitFields(c echo.Context, fields fault.Fields) (ofForm fault.Fields, ofLines web.Table) {
	t := s.words(c)
	ofLines = web.Table{Heading: t("import.bad"), Columns: []web.Column{{Text: t("import.line"), Right: true}, {Text: t("import.column")}, {Text: t("import.mend")}}}
	sourceless := false
	for _, f := range fields {
		place, column, _ := strings.Cut(f.Name, ".")
		_, notLine := strconv.Atoi(place)
		switch {
		case f.Name == "from", f.Name == "source", f.Name == "file":
			ofForm = append(ofForm, f)
			continue
		case column == "source" && f.Code == catalogue.CodeRequired: // one source for all of them is easier to say
			if !sourceless {
				sourceless = true
				ofForm.Add("source", "source_missing", place)
			}
			continue
		case notLine != nil && place == "columns":
			place = ""
		case notLine != nil: // a procedure that is not in the list
			place, column = f.Name, ""
		}
		if column != "" {
			column = t("import.col." + column)
		}
		ofLines.Rows = append(ofLines.Rows, web.Row{Cells: []web.Cell{{Text: place}, {Text: column}, {Text: s.inputMessage(c, f)}}})
	}
	return ofForm, ofLines
}

// showImport is the preview, with the form that goes on with it.
func (s *Server) showImport(c echo.Context, status int, l sentList, im catalogue.Import, errs []web.FieldError, notice string) error {
	t, lang := s.words(c), language(c)
	p := s.importView(c)
	p.Heading, p.Lead, p.Actions = t("import.look"), t("import.look.lead"), nil
	p.Up = web.Link{URL: importPath, Text: t("import.title")}
	for _, n := range []struct {
		key string
		n   int
	}{{"added", len(im.Added)}, {"changed", len(im.Changed)}, {"same", len(im.Unchanged)}, {"absent", len(im.Absent)}, {"examples", len(im.Examples)}} {
		p.Facts = append(p.Facts, web.Fact{Name: t("import." + n.key), Text: web.Number(lang, n.n)})
	}
	if len(l.list.Ignored) > 0 {
		p.Facts = append(p.Facts, web.Fact{Name: t("import.ignored"), Text: strings.Join(l.list.Ignored, ", ")})
	}
	p.Tables = s.importTables(c, im)
	confirmed := ""
	if l.terms.Confirmed {
		confirmed = "1"
	}
	f := web.Form{
		ID: "ghi", Action: importPath + "/ghi", Upload: true, Heading: t("import.go.title"), Lead: t("import.go.lead", dayText(lang, l.terms.From)),
		Submit: t("import.go"), Cancel: web.Link{URL: importPath, Text: t("console.cancel")}, Notice: notice, Errors: errs,
		Hidden: []web.Choice{
			{Value: "from", Text: string(l.terms.From)}, {Value: "source", Text: l.terms.Source}, {Value: "confirmed", Text: confirmed},
			{Value: "digest", Text: im.Digest}, {Value: "list", Text: string(l.text)},
		},
	}
	last := dayText(lang, max(l.terms.From.AddDays(-1), s.today()))
	for _, end := range []struct {
		name string
		n    int
	}{{"endAbsent", len(im.Absent)}, {"endExamples", len(im.Examples)}} {
		if end.n > 0 {
			f.Inputs = append(f.Inputs, web.Input{Name: end.name, Type: web.InputCheck, Value: l.form.Get(end.name), Wide: true,
				Label: t("import."+end.name, web.Number(lang, end.n), last)})
		}
	}
	if len(im.Added)+len(im.Changed)+len(f.Inputs) == 0 {
		p.Lead = t("import.nothing")
		if notice != "" {
			p.Lead = notice + " " + p.Lead
		}
		p.Actions = []web.Action{{URL: kindPath(catalogue.KindProcedure), Text: t("cat.kind.procedure"), Primary: true}}
	} else {
		p.Forms = []web.Form{f}
	}
	return s.page(c, status, web.PageConsole, p)
}

// importTables show what an import adds, changes and leaves out.
func (s *Server) importTables(c echo.Context, im catalogue.Import) []web.Table {
	t, lang := s.words(c), language(c)
	line, code, from := web.Column{Text: t("import.line"), Right: true}, web.Column{Text: t("import.col.code"), Whole: true}, web.Column{Text: t("cat.from"), Whole: true}
	name, area, unit := web.Column{Text: t("cat.name")}, web.Column{Text: t("cat.one.area")}, web.Column{Text: t("cat.one.unit")}
	begins := func(r catalogue.ImportedRow) web.Cell {
		cell := web.Cell{Text: dayText(lang, r.From)}
		if r.Said != "" {
			cell.Note = t("import.said", dayText(lang, r.Said))
		}
		return cell
	}
	added := web.Table{Heading: t("import.added"), Columns: []web.Column{line, code, name, area, unit, from}}
	for _, r := range im.Added {
		called := web.Cell{Text: r.Name.VI, Note: r.Name.EN}
		if !r.English {
			called.Note = t("import.noenglish")
		}
		added.Rows = append(added.Rows, web.Row{Cells: append([]web.Cell{{Text: strconv.Itoa(r.Line)}, {Text: r.ID, Code: true}, called},
			append(s.factCells(c, r.Procedure), begins(r))...)})
	}
	changed := web.Table{Heading: t("import.changed"), Columns: []web.Column{line, code, {Text: t("console.conflict.field")}, {Text: t("console.conflict.stored")}, {Text: t("import.becomes")}, from}}
	for _, r := range im.Changed {
		for _, d := range r.Differences {
			changed.Rows = append(changed.Rows, web.Row{Cells: []web.Cell{{Text: strconv.Itoa(r.Line)}, {Text: r.ID, Code: true}, {Text: t("cat.field." + d.Field)},
				{Text: s.valueText(c, d.Field, d.Old)}, {Text: s.valueText(c, d.Field, d.New)}, begins(r)}})
		}
	}
	tables := []web.Table{added, changed}
	for _, left := range []struct {
		key  string
		list []catalogue.Procedure
	}{{"absent", im.Absent}, {"examples", im.Examples}, {"same", im.Unchanged}} {
		list := web.Table{Heading: t("import." + left.key), Columns: []web.Column{code, name, area, {Text: t("cat.days"), Whole: true}}}
		for _, p := range left.list {
			list.Rows = append(list.Rows, web.Row{Cells: append([]web.Cell{{Text: p.ID, Code: true, URL: thingPath(catalogue.KindProcedure, p.ID)}, {Text: p.Name.In(lang)}},
				s.factCells(c, p)[0], web.Cell{Text: s.daysText(c, p.Validity)})})
		}
		tables = append(tables, list)
	}
	var shown []web.Table
	for _, table := range tables {
		if len(table.Rows) > 0 {
			shown = append(shown, s.cutTable(c, table))
		}
	}
	return shown
}

// cutTable keeps a page short and says what it leaves out.
func (s *Server) cutTable(c echo.Context, table web.Table) web.Table {
	if n := len(table.Rows) - rowsShown; n > 0 {
		table.Rows = table.Rows[:rowsShown]
		table.Note = s.words(c)("import.more", web.Number(language(c), n))
	}
	return table
}
