package seeds

import (
	"sipas/internal/catalogue"
	"sipas/survey"
)

// The keys by which a file tells its kind; a file may have several.
var kinds = []string{"areas", "units", "desks", "procedures", "targets", "questionnaire", "calendar", "terms", "improvements", "retention"}

// rows reads a file's content and adds it to d. Every row gets its place in the
// list as Order, counted on from the files read before.
func (d *Data) rows(o object) {
	r := &d.Rows
	for _, v := range o.get("areas").list("areas", len(r.Areas)) {
		f := v.object("id", "name", "from", "to", "source", "confirmed")
		r.Areas = append(r.Areas, catalogue.Area{
			ID: f.get("id").word(), Name: f.get("name").bilingual(), Validity: f.validity(), Order: len(r.Areas) + 1})
	}
	for _, v := range o.get("units").list("units", len(r.Units)) {
		f := v.object("id", "name", "phone", "mailbox", "from", "to", "source", "confirmed")
		r.Units = append(r.Units, catalogue.Unit{
			ID: f.get("id").word(), Name: f.get("name").bilingual(), Phone: f.get("phone").text(), Mailbox: f.get("mailbox").text(),
			Validity: f.validity(), Order: len(r.Units) + 1})
	}
	for _, v := range o.get("desks").list("desks", len(r.Desks)) {
		f := v.object("id", "name", "unit", "from", "to", "source", "confirmed")
		r.Desks = append(r.Desks, catalogue.Desk{
			ID: f.get("id").word(), Name: f.get("name").bilingual(), Unit: f.get("unit").word(),
			Validity: f.validity(), Order: len(r.Desks) + 1})
	}
	for _, v := range o.get("procedures").list("procedures", len(r.Procedures)) {
		f := v.object("id", "name", "area", "unit", "example", "from", "to", "source", "confirmed")
		r.Procedures = append(r.Procedures, catalogue.Procedure{
			ID: f.get("id").word(), Name: f.get("name").bilingual(), Area: f.get("area").word(), Unit: f.get("unit").word(),
			Example: f.get("example").truth(), Validity: f.validity(), Order: len(r.Procedures) + 1})
	}
	for _, v := range o.get("targets").list("targets", len(r.Targets)) {
		f := v.object("id", "measure", "area", "value", "from", "to", "source", "confirmed")
		r.Targets = append(r.Targets, catalogue.Target{
			ID: f.get("id").word(), Measure: f.get("measure").text(), Area: f.get("area").word(), Value: f.get("value").percent(),
			Validity: f.validity(), Order: len(r.Targets) + 1})
	}
}

func (o object) validity() catalogue.Validity {
	return catalogue.Validity{
		From: o.get("from").date(), To: o.get("to").date(),
		Source: o.get("source").text(), Confirmed: o.get("confirmed").truth(),
	}
}

// questionnaire reads the one of a file and adds it to d.
func (d *Data) questionnaire(v value) {
	o := v.object("id", "version", "name", "block", "from", "to", "source", "confirmed", "factors", "extra")
	days := o.validity()
	q := survey.Questionnaire{
		ID: o.get("id").word(), Version: o.get("version").number(), Name: o.get("name").bilingual(), Block: o.get("block").text(),
		From: days.From, To: days.To, Source: days.Source, Confirmed: days.Confirmed,
	}
	for _, v := range o.get("factors").list(join(o.path, "factors"), 0) {
		f := v.object("id", "name", "judges", "criteria")
		factor := survey.Factor{ID: f.get("id").word(), Name: f.get("name").bilingual(), Judges: f.get("judges").text()}
		for _, v := range f.get("criteria").list(join(f.path, "criteria"), 0) {
			c := v.object("id", "text", "official", "na")
			factor.Criteria = append(factor.Criteria, survey.Criterion{
				ID: c.get("id").word(), Text: c.get("text").bilingual(),
				Official: c.get("official").bilingual(), NotApplicable: c.get("na").bilingual(),
			})
		}
		q.Factors = append(q.Factors, factor)
	}
	for _, v := range o.get("extra").list(join(o.path, "extra"), 0) {
		x := v.object("id", "text", "options")
		question := survey.Question{ID: x.get("id").word(), Text: x.get("text").bilingual()}
		for _, v := range x.get("options").list(join(x.path, "options"), 0) {
			p := v.object("id", "text")
			question.Options = append(question.Options, survey.Option{ID: p.get("id").word(), Text: p.get("text").bilingual()})
		}
		q.Extra = append(q.Extra, question)
	}
	d.Questionnaires = append(d.Questionnaires, q)
}
