package seeds

import (
	"sipas/internal/improve"
)

// duties reads the duties of a file and adds them to d.
func (d *Data) duties(o object) {
	for _, v := range o.get("improvements").list("improvements", len(d.Duties)) {
		f := v.object("id", "index", "number", "heading", "factor", "text", "lead", "units", "every", "support", "when",
			"from", "to", "source", "confirmed")
		x := improve.Duty{
			ID: f.get("id").word(), Index: improve.Index(f.get("index").text()), Number: f.get("number").word(), Heading: f.get("heading").text(),
			Factor: f.get("factor").text(), Text: f.get("text").text(), Lead: f.get("lead").text(), Every: improve.Every(f.get("every").text()),
			Support: f.get("support").text(), When: f.get("when").text(), Validity: f.validity(), Order: len(d.Duties) + 1,
		}
		for _, v := range f.get("units").list(join(f.path, "units"), 0) {
			x.Units = append(x.Units, v.word())
		}
		d.Duties = append(d.Duties, x)
	}
}
