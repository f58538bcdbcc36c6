package api

import (
	"io"
	"slices"
	"strings"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/internal/sheet"
	"sipas/survey"
	"sipas/web"
)

// codeBook explains the columns of the tables and the codes in them, in every
// language of the program, from the columns themselves.
type codeBook struct {
	names
	forms []*survey.Questionnaire
	lang  string         // of headings and of the sheet's names
	on    catalogue.Date // things are called as on this day
}

func (x *Exporter) book(lang string, p survey.Period) codeBook {
	b := codeBook{x.names, x.segments.FormsAnswered(p.From, p.To), lang, p.To}
	if today := catalogue.DateOf(x.now()); b.on == "" || b.on > today {
		b.on = today
	}
	return b
}

// CodeBook writes the code book of all tables as CSV.
func (x *Exporter) CodeBook(w io.Writer, p survey.Period) error {
	b := x.book("en", p)
	out := sheet.NewCSV(w, ',')
	if err := out.WriteTexts(codeBookColumns...); err != nil {
		return err
	}
	if err := explain(b, responsesExport, survey.ExportColumns(b.forms, true), out.Write); err != nil {
		return err
	}
	if err := explain(b, casesExport, feedback.ExportColumns(x.now()), out.Write); err != nil {
		return err
	}
	return out.Flush()
}

// codeBookColumns are the columns of the code book; each but the first has its
// words under "export.codebook.".
var codeBookColumns = []string{"table", "column", "code", "name_vi", "name_en", "meaning_vi", "meaning_en"}

func (b codeBook) headings() (list []sheet.Heading) {
	for _, id := range codeBookColumns {
		width := 18.0
		if strings.Contains(id, "_") {
			width = 44
		}
		list = append(list, sheet.Heading{Text: b.word("export.codebook." + id), Width: width})
	}
	return list
}

func (b codeBook) word(key string, args ...any) string { return b.pages.Text(b.lang, key, args...) }

// explain writes a line for each column and one for each of its codes.
func explain[T any](b codeBook, table string, columns []sheet.Column[T], to func([]sheet.Cell) error) error {
	for _, c := range columns {
		line := []sheet.Cell{sheet.Text(table), sheet.Text(c.ID), {}}
		for _, text := range []func(lang string) string{
			func(lang string) string { return b.columnName(lang, table, c.ID) },
			func(lang string) string { return b.columnMeaning(lang, table, c.ID) },
		} {
			for _, lang := range web.Languages() {
				line = append(line, sheet.Text(text(lang)))
			}
		}
		if err := to(line); err != nil {
			return err
		}
		for _, code := range b.codes(c.Values, c.Codes) {
			line := []sheet.Cell{sheet.Text(table), sheet.Text(c.ID), sheet.Text(code), {}, {}}
			for _, lang := range web.Languages() {
				line = append(line, sheet.Text(b.codeName(lang, c.Values, code)))
			}
			if err := to(line); err != nil {
				return err
			}
		}
	}
	return nil
}

// heading is the name of a column in the reader's language.
func (b codeBook) heading(table, id string) string { return b.columnName(b.lang, table, id) }

func (b codeBook) columnName(lang, table, id string) string {
	if number, ok := strings.CutPrefix(id, "q"); ok && strings.Trim(number, "0123456789") == "" {
		return b.pages.Text(lang, "export.criterion", number)
	}
	if q := b.question(id); q != nil {
		return q.Text.In(lang)
	}
	return b.pages.Text(lang, "export."+table+"."+id)
}

func (b codeBook) columnMeaning(lang, table, id string) string {
	if number, ok := strings.CutPrefix(id, "q"); ok && strings.Trim(number, "0123456789") == "" {
		name, _ := b.partName("criterion", number, lang, b.on)
		return name
	}
	switch {
	case strings.HasPrefix(id, "p_"):
		return b.pages.Text(lang, "export.profile", survey.MinCell)
	case b.question(id) != nil:
		return b.pages.Text(lang, "export.extra")
	}
	return b.pages.Text(lang, "export."+table+"."+id+".what")
}

// question is the counter question ("x_visits") or the part of the profile
// ("p_sex") that a column has the answers to; nil: neither.
func (b codeBook) question(id string) *survey.Question {
	part, name, _ := strings.Cut(id, "_")
	list := survey.ProfileQuestions
	if part == "x" {
		list = nil
		for _, form := range slices.Backward(b.forms) {
			list = append(list, form.Extra...)
		}
	}
	if at := slices.IndexFunc(list, func(q survey.Question) bool { return q.ID == name }); at >= 0 && (part == "x" || part == "p") {
		return &list[at]
	}
	return nil
}

// codes lists the codes of a column: its own, or those that the catalogue has.
func (b codeBook) codes(values string, own []string) []string {
	if own != nil || values == "" {
		return own
	}
	var ids []string
	for _, r := range b.survey.Catalogue().All(catalogue.Kind(values)) {
		if id := catalogue.IDOf(r); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// wordsOfCodes are the groups of texts in which codes have their names, where
// they have another than "value.<what>.".
var wordsOfCodes = map[string]string{"kind": "case.kind.", "status": "case.status.", "solved": "queue.solved.", "level": "level."}

func (b codeBook) codeName(lang, values, code string) string {
	if prefix, ok := wordsOfCodes[values]; ok {
		return b.pages.Text(lang, prefix+code)
	}
	if q := b.question(values); q != nil {
		for _, o := range q.Options {
			if o.ID == code {
				return o.Text.In(lang)
			}
		}
	}
	if name := b.thingName(lang, catalogue.Kind(values), code); name != "" {
		return name
	}
	return b.valueName(values, code, lang, b.on)
}

// thingName is what a thing of the catalogue was called on the day, or is called
// at another time if it was not there; "": there is no such thing.
func (b codeBook) thingName(lang string, kind catalogue.Kind, id string) string {
	if !slices.Contains(catalogue.Kinds, kind) {
		return ""
	}
	for _, r := range shownRows(b.survey.Catalogue().All(kind), b.on) {
		if catalogue.IDOf(r) != id {
			continue
		}
		switch r := r.(type) {
		case catalogue.Area:
			return r.Name.In(lang)
		case catalogue.Procedure:
			return r.Name.In(lang)
		case catalogue.Unit:
			return r.Name.In(lang)
		case catalogue.Desk:
			return r.Name.In(lang)
		}
	}
	return ""
}
