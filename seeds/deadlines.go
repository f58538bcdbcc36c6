package seeds

import (
	"sipas/feedback"
)

// calendar reads the years of a file and adds them to d.
func (d *Data) calendar(o object) {
	for _, v := range o.get("calendar").list("calendar", len(d.Years)) {
		f := v.object("year", "version", "complete", "off", "makeup")
		y := feedback.Year{
			Year: f.get("year").number(), Version: f.get("version").number(), Complete: f.get("complete").truth(),
		}
		for _, v := range f.get("off").list(join(f.path, "off"), 0) {
			h := v.object("name", "from", "to", "source", "confirmed")
			y.Off = append(y.Off, feedback.Holiday{Name: h.get("name").bilingual(), Validity: h.validity()})
		}
		for _, v := range f.get("makeup").list(join(f.path, "makeup"), 0) {
			m := v.object("on", "for", "source", "confirmed")
			y.Makeup = append(y.Makeup, feedback.Makeup{
				On: m.get("on").date(), For: m.get("for").date(),
				Source: m.get("source").text(), Confirmed: m.get("confirmed").truth(),
			})
		}
		d.Years = append(d.Years, y)
	}
}

// terms reads the terms of a file and adds them to d.
func (d *Data) terms(o object) {
	for _, v := range o.get("terms").list("terms", len(d.Terms)) {
		f := v.object("id", "name", "kind", "stage", "variant", "days", "counts", "starts", "pauses", "extensions",
			"from", "to", "source", "confirmed")
		t := feedback.Term{
			ID: f.get("id").word(), Name: f.get("name").bilingual(), Kind: feedback.Kind(f.get("kind").text()),
			Stage: feedback.Stage(f.get("stage").text()), Variant: f.get("variant").word(), Days: f.get("days").number(),
			Counts: feedback.Count(f.get("counts").text()), Starts: feedback.Start(f.get("starts").text()),
			Pauses: f.get("pauses").truth(), Validity: f.validity(),
		}
		for _, v := range f.get("extensions").list(join(f.path, "extensions"), 0) {
			x := v.object("days", "name")
			t.Extensions = append(t.Extensions, feedback.Extension{Name: x.get("name").bilingual(), Days: x.get("days").number()})
		}
		d.Terms = append(d.Terms, t)
	}
}

// retention reads how long is kept what, and adds it to d.
func (d *Data) retention(o object) {
	for _, v := range o.get("retention").list("retention", len(d.Retention)) {
		f := v.object("id", "name", "kind", "months", "from", "to", "source", "confirmed")
		d.Retention = append(d.Retention, feedback.Retention{
			ID: f.get("id").word(), Name: f.get("name").bilingual(), Kind: feedback.Kind(f.get("kind").text()),
			Months: f.get("months").number(), Validity: f.validity(),
		})
	}
}
