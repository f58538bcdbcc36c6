package api

import (
	"strings"

	"sipas/internal/catalogue"
	"sipas/internal/document"
	"sipas/internal/report"
	"sipas/survey"
	"sipas/web"
)

// reportWords puts the facts of a report into the words of a language.
type reportWords struct {
	names
	*reportFacts
	lang string
}

func (w reportWords) t(key string, args ...any) string { return w.pages.Text(w.lang, key, args...) }

func (w reportWords) report() *report.Report {
	office := w.officeOn(w.lang, catalogue.DateOf(w.asOf))
	r := &report.Report{
		Lang: w.lang, Made: w.asOf, Title: w.t("report.title"), About: []string{w.t("report.about"), w.reported()}, To: w.t("report.to"),
		Head: report.Head{
			Superior: w.t("report.open"), Office: strings.ToUpper(office), State: w.t("report.state"), Motto: w.t("report.motto"),
			Number: w.t("report.number"), Day: w.t("report.place", w.longDay()),
		},
		Opening: w.t("report.opening", office), Closing: w.t("report.closing", office),
		Sign: report.Sign{
			Receivers: []string{w.t("report.receivers"), w.t("report.receivers.above"), w.t("report.receivers.file")},
			Signer:    w.t("report.signer"), Name: w.t("report.open"),
		},
		Foot: w.foot(),
	}
	for _, s := range []report.Section{
		w.summarySection(), w.areaSection(), w.factorSection(), w.criterionSection(), w.askedSection(), w.pullSection(), w.taskSection(),
		w.mixSection(), w.dossierSection(), w.caseSection(), w.methodSection(),
	} {
		if len(s.Blocks) > 0 {
			r.Sections = append(r.Sections, s)
		}
	}
	number := 0
	for i := range r.Sections {
		number++
		r.Sections[i].Heading = w.t("report.heading", number, r.Sections[i].Heading)
	}
	return r
}

// reported names the period.
func (w reportWords) reported() string {
	if w.period.From == "" {
		return w.t("report.period.to", dayText(w.lang, w.period.To))
	}
	if w.period.ID == "" {
		return w.t("report.period.days", dayText(w.lang, w.period.From), dayText(w.lang, w.period.To))
	}
	return w.nameOfPeriod(w.lang, w.period)
}

func (w reportWords) longDay() string {
	if w.lang == "en" {
		return web.Date(w.lang, w.asOf.In(catalogue.Zone))
	}
	return document.LongDay(w.asOf.In(catalogue.Zone))
}

// foot is on each page: what vouches for the figures.
func (w reportWords) foot() []string {
	method := w.areas.now.Method
	foot := []string{w.t("report.foot.method", w.t("method."+method.ID, method.Version), web.DateTime(w.lang, w.asOf.In(catalogue.Zone)))}
	if w.sample {
		foot[0] = w.t("report.foot.sample") + " " + foot[0]
	}
	if w.seal.Date == "" {
		return append(foot, w.t("report.foot.unsealed"))
	}
	return append(foot, w.t("report.foot.seal", dayText(w.lang, w.seal.Date), w.seal.Seal))
}

// summarySection says the whole in sentences.
func (w reportWords) summarySection() report.Section {
	s := report.Section{Heading: w.t("report.summary")}
	add := func(text string) {
		if text != "" {
			s.Blocks = append(s.Blocks, report.Text(text))
		}
	}
	for _, note := range w.notesOn(w.lang, w.period, catalogue.DateOf(w.asOf)) {
		add(note)
	}
	add(w.filterWords())
	if all := w.areas.now.Overall; all.Sums.Responses == 0 {
		add(w.nothing())
	} else {
		add(w.rateSentence(all))
		add(w.ratingSentence(all))
		add(w.areaSentence())
		add(w.changeSentence(all))
	}
	add(w.dossierSentence())
	add(w.caseSentence())
	return s
}

func (w reportWords) nothing() string {
	if w.areas.now.Suppressed > 0 {
		return w.t("stats.empty.few", survey.MinCell)
	}
	return w.t("report.nothing")
}

// filterWords says which answers alone are counted.
func (w reportWords) filterWords() string {
	var parts []string
	for _, f := range w.question.Filters {
		var values []string
		for _, v := range f.Values {
			values = append(values, w.nameWithin(w.lang, f.Dimension, v, w.period))
		}
		parts = append(parts, w.t("stats.dimension."+f.Dimension)+": "+strings.Join(values, ", "))
	}
	if parts == nil {
		return ""
	}
	return w.t("report.filtered", strings.Join(parts, "; "))
}

func (w reportWords) rateSentence(all survey.Group) string {
	f := all.Pooled
	if f.Answered == 0 {
		return w.t("report.responses", web.Number(w.lang, int(all.Sums.Responses)))
	}
	return w.t("report.rate", web.Number(w.lang, int(all.Sums.Responses)), web.Percent(w.lang, int(survey.Rounded(f.Satisfied, f.Answered))),
		percentText(w.lang, f.Low), percentText(w.lang, f.High)) + " " + w.verdictSentence(f)
}

// verdictSentence says what the interval says of the target, and how many more
// responses would settle it.
func (w reportWords) verdictSentence(f survey.Figure) string {
	if f.Target == 0 {
		return ""
	}
	text := w.t("report.verdict", web.Percent(w.lang, int(f.Target)), w.t("verdict."+string(f.Verdict)+".lower"))
	if f.Needed > 0 {
		text += " " + w.t("report.needed", web.Number(w.lang, int(f.Needed)))
	}
	return text
}

// ratingSentence is the second reading, by the overall rating alone.
func (w reportWords) ratingSentence(all survey.Group) string {
	f := all.Overall
	if f.Answered == 0 {
		return ""
	}
	text := w.t("report.rating", web.Number(w.lang, int(f.Answered)), web.Percent(w.lang, int(survey.Rounded(f.Satisfied, f.Answered))),
		percentText(w.lang, f.Low), percentText(w.lang, f.High)) + " " + w.verdictSentence(f)
	if all.Pooled.Answered > 0 && f.Verdict != all.Pooled.Verdict {
		text += " " + w.t("report.twofold")
	}
	return text
}

// areaSentence counts the verdicts of the areas and names those that miss.
func (w reportWords) areaSentence() string {
	met, of := 0, 0
	var missed []string
	for _, g := range w.areas.now.Groups {
		of++
		switch {
		case g.Pooled.Answered == 0:
		case g.Pooled.Verdict == survey.VerdictMet:
			met++
		case g.Pooled.Verdict == survey.VerdictNotMet:
			missed = append(missed, w.nameWithin(w.lang, "area", g.Key[0], w.period))
		}
	}
	if of < 2 {
		return ""
	}
	text := w.t("report.areas.met", met, of)
	if missed != nil {
		text += " " + w.t("report.areas.missed", len(missed), strings.Join(missed, ", "))
	}
	return text
}

func (w reportWords) changeSentence(all survey.Group) string {
	if !w.compared {
		return ""
	}
	name := w.nameOfPeriod(w.lang, w.before)
	change, meaning := moved(all, &w.areas.before.Overall)
	if meaning == movedUnknown {
		return w.t("report.change.none", name)
	}
	return w.t("report.change", name, pointsText(w.lang, change.Points), signedText(w.lang, change.Low), signedText(w.lang, change.High), w.t("stats.change."+meaning))
}

func (w reportWords) dossierSentence() string {
	if w.dossiers == nil {
		return ""
	}
	f := w.dossiers.Overall
	if f.Closed()+f.DuePassed() == 0 {
		return w.t("report.dossiers.none")
	}
	text := w.t("report.dossiers.text", web.Number(w.lang, f.Closed()), web.Number(w.lang, f.OnTime), orDash(web.PercentOf(w.lang, f.OnTime, f.Closed())))
	if target, ok := w.survey.Catalogue().Target(catalogue.MeasureOnTime, "", w.period.To); ok && f.Closed() > 0 {
		text += " " + w.t("report.target", web.Percent(w.lang, int(target.Value)), w.t("report.met."+yesNo(f.Met(target.Value))))
	}
	return text + " " + w.t("report.dossiers.late", web.Number(w.lang, f.DuePassed()), web.Number(w.lang, f.Unapologised()))
}

func (w reportWords) caseSentence() string {
	switch {
	case len(w.question.Filters) > 0:
		return w.t("report.filtered.rest")
	case w.cases == nil:
		return w.t("report.cases.hidden")
	}
	f := w.cases.Overall
	if f.Received == 0 {
		return w.t("report.cases.none")
	}
	return w.t("report.cases.text", web.Number(w.lang, f.Received), web.Number(w.lang, f.Answered()), web.Number(w.lang, f.OnTime),
		web.Number(w.lang, f.Late), web.Number(w.lang, f.Overdue), web.Number(w.lang, f.Late-f.Apologised))
}
