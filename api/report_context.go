package api

import (
	"math"

	"sipas/internal/catalogue"
	"sipas/internal/dossier"
	"sipas/internal/report"
	"sipas/survey"
	"sipas/web"
)

// mixSection says how the answers came in.
func (w reportWords) mixSection() report.Section {
	s := report.Section{Heading: w.t("report.mix")}
	all := w.areas.now.Overall.Sums
	if all.Responses == 0 {
		return s
	}
	table := &report.Table{ID: "channels", Name: w.t("report.channels.sheet"), Caption: w.t("report.channels.table"), Columns: []report.Column{
		{ID: "name", Text: w.t("stats.dimension.channel"), Width: 55},
		{ID: "responses", Text: w.t("report.h.responses"), Kind: report.Count, Width: 22},
		{ID: "share", Text: w.t("report.h.share"), Kind: report.Rate, Width: 22},
		{ID: "rate", Text: w.t("report.h.rate"), Kind: report.Rate, Width: 22},
		{ID: "low", Text: w.t("report.h.low"), Kind: report.Rate, Width: 22},
		{ID: "high", Text: w.t("report.h.high"), Kind: report.Rate, Width: 22},
	}}
	for _, g := range w.channels.Groups {
		cells := []report.Cell{{Text: w.valueName("channel", g.Key[0], w.lang, w.period.To)}, w.count(int(g.Sums.Responses)), w.share(int(g.Sums.Responses), int(all.Responses))}
		table.Rows = append(table.Rows, report.Row{Key: g.Key[0], Cells: append(cells, w.figure(g.Pooled)[:3]...)})
	}
	if len(table.Rows) > 0 {
		s.Blocks = append(s.Blocks, report.Block{Table: table})
	}
	s.Blocks = append(s.Blocks, report.Block{Table: w.trustTable(all)}, report.Note(w.t("report.mix.note")))
	return s
}

// trustTable says what bears on how far the figures can be believed.
func (w reportWords) trustTable(all survey.Sums) *report.Table {
	table := &report.Table{ID: "trust", Name: w.t("report.trust.sheet"), Caption: w.t("report.trust.table"), Columns: []report.Column{
		{ID: "name", Text: w.t("report.h.what"), Width: 85},
		{ID: "part", Text: w.t("report.h.number"), Kind: report.Count, Width: 25},
		{ID: "whole", Text: w.t("report.h.of"), Kind: report.Count, Width: 25},
		{ID: "share", Text: w.t("report.h.share"), Kind: report.Rate, Width: 30},
	}}
	add := func(id string, part, whole int) {
		number, share := w.count(part), w.share(part, whole)
		if part == hiddenPart {
			number, share = report.None, report.None
		}
		table.Rows = append(table.Rows, report.Row{Key: id, Cells: []report.Cell{{Text: w.t("report.trust." + id)}, number, w.count(whole), share}})
	}
	total := int(all.Responses)
	verified := partOf(w.verified, total)
	add("verified", verified, total)
	add("complete", int(all.Complete), total)
	add("flagged", partOf(w.flagged, total), total)
	if w.dossiers != nil && w.dossiers.Overall.Closed() > 0 {
		add("dossiers", total, w.dossiers.Overall.Closed())
		add("known", verified, w.dossiers.Overall.Closed())
	}
	return table
}

// hiddenPart is a part that would tell of a few people.
const hiddenPart = -1

// partOf counts the responses of which something is so, of so many in all.
func partOf(sum survey.Summary, total int) (yes int) {
	for _, g := range sum.Groups {
		if total -= int(g.Sums.Responses); g.Key[0] == "yes" {
			yes = int(g.Sums.Responses)
		}
	}
	if total != 0 { // some are left out
		return hiddenPart
	}
	return yes
}

// dossierSection is about time and apologies.
func (w reportWords) dossierSection() report.Section {
	s := report.Section{Heading: w.t("report.dossiers")}
	if w.dossiers == nil || len(w.dossiers.Groups) == 0 {
		return s
	}
	table := &report.Table{ID: "dossiers", Name: w.t("report.dossiers.sheet"), Caption: w.t("report.dossiers.table"), Columns: []report.Column{
		{ID: "name", Text: w.t("report.areas.name"), Width: 32},
		{ID: "closed", Text: w.t("dossier.closed"), Kind: report.Count, Width: 13},
		{ID: "ontime", Text: w.t("report.h.ontime"), Kind: report.Count, Width: 14},
		{ID: "share", Text: w.t("report.h.share"), Kind: report.Rate, Width: 15},
		{ID: "target", Text: w.t("report.h.target"), Kind: report.Rate, Width: 15},
		{ID: "met", Text: w.t("report.h.met"), Kind: report.Code, Width: 17},
		{ID: "late", Text: w.t("dossier.late"), Kind: report.Count, Width: 12},
		{ID: "overdue", Text: w.t("dossier.overdue"), Kind: report.Count, Width: 14},
		{ID: "unapologised", Text: w.t("report.h.unsaid"), Kind: report.Count, Width: 16},
		{ID: "responses", Text: w.t("report.h.heard"), Kind: report.Rate, Width: 17},
	}}
	w.orderDossiers(w.dossiers)
	for _, f := range w.dossiers.Groups {
		name := w.valueName("area", f.Key, w.lang, w.period.To)
		if f.Key == "" {
			name = w.t("dossier.no.area")
		}
		responses := 0
		if g := find(w.areas.now.Groups, []string{f.Key}); g != nil {
			responses = int(g.Sums.Responses)
		}
		table.Rows = append(table.Rows, w.dossierRow(rowKey([]string{f.Key}), name, f, f.Key, responses))
	}
	whole := w.dossierRow("all", w.t("group.all"), w.dossiers.Overall, "", int(w.areas.now.Overall.Sums.Responses))
	whole.Total = true
	table.Rows = append(table.Rows, whole)
	s.Blocks = append(s.Blocks, report.Block{Table: table}, report.Note(w.t("report.dossiers.note")))
	return s
}

func (w reportWords) dossierRow(key, name string, f dossier.Figure, area string, responses int) report.Row {
	target, met := report.None, report.None
	if t, ok := w.survey.Catalogue().Target(catalogue.MeasureOnTime, area, w.period.To); ok {
		target = report.Figure(bare(web.Percent(w.lang, int(t.Value))), float64(t.Value)/100)
		if f.Closed() > 0 {
			code := yesNo(f.Met(t.Value))
			met = report.Cell{Text: w.t("report.met.short." + code), Code: code}
		}
	}
	return report.Row{Key: key, Cells: []report.Cell{
		{Text: name}, w.count(f.Closed()), w.count(f.OnTime), w.share(f.OnTime, f.Closed()), target, met,
		w.count(f.Late), w.count(f.Overdue), w.count(f.Unapologised()), w.share(responses, f.Closed()),
	}}
}

// caseSection is about how feedback was handled; denunciations are in none of it.
func (w reportWords) caseSection() report.Section {
	s := report.Section{Heading: w.t("report.cases")}
	if w.cases == nil || w.cases.Overall.Received == 0 {
		return s
	}
	table := &report.Table{ID: "cases", Name: w.t("report.cases.sheet"), Caption: w.t("report.cases.table"), Columns: []report.Column{
		{ID: "name", Text: w.t("casefigures.by.kind"), Width: 33},
		{ID: "received", Text: w.t("casefigures.received"), Kind: report.Count, Width: 14},
		{ID: "ontime", Text: w.t("casefigures.ontime"), Kind: report.Count, Width: 14},
		{ID: "late", Text: w.t("casefigures.late"), Kind: report.Count, Width: 13},
		{ID: "unsaid", Text: w.t("report.h.unsaid"), Kind: report.Count, Width: 15},
		{ID: "overdue", Text: w.t("casefigures.overdue"), Kind: report.Count, Width: 13},
		{ID: "running", Text: w.t("casefigures.running"), Kind: report.Count, Width: 13},
		{ID: "waiting", Text: w.t("casefigures.waiting"), Kind: report.Count, Width: 13},
		{ID: "withdrawn", Text: w.t("casefigures.withdrawn"), Kind: report.Count, Width: 12},
		{ID: "days", Text: w.t("report.h.days"), Kind: report.Rate, Width: 15},
		{ID: "solved", Text: w.t("report.h.solved"), Kind: report.Rate, Width: 18},
	}}
	row := func(key, name string, g caseGroup) report.Row {
		days := report.None
		if g.MedianDays != nil {
			days = report.Figure(bare(web.Percent(w.lang, int(math.Round(*g.MedianDays*100)))), *g.MedianDays)
		}
		return report.Row{Key: key, Cells: []report.Cell{
			{Text: name}, w.count(g.Received), w.count(g.OnTime), w.count(g.Late), w.count(g.LateUnsaid), w.count(g.Overdue),
			w.count(g.Running), w.count(g.Waiting), w.count(g.Withdrawn), days, w.share(g.Ratings.Yes, g.Ratings.Rated),
		}}
	}
	for _, f := range w.cases.Groups {
		table.Rows = append(table.Rows, row(f.Key, w.t("case.kind."+f.Key), viewCaseGroup(f)))
	}
	whole := row("all", w.t("group.all"), viewCaseGroup(w.cases.Overall))
	whole.Total = true
	table.Rows = append(table.Rows, whole)
	s.Blocks = append(s.Blocks, report.Block{Table: table}, report.Note(w.t("report.cases.note")))
	return s
}

// methodSection says how was counted, and what the figures do not say.
func (w reportWords) methodSection() report.Section {
	s := report.Section{Heading: w.t("report.method")}
	for _, key := range []string{"report.method.kind", "report.method.rate", "report.method.interval", "report.method.change", "report.method.time"} {
		s.Blocks = append(s.Blocks, report.Text(w.t(key)))
	}
	seal := "report.method.open"
	if w.sealed {
		seal = "report.method.sealed"
	}
	if w.seal.Date == "" {
		seal = "report.method.unsealed"
	}
	s.Blocks = append(s.Blocks, report.Text(w.t(seal, dayText(w.lang, w.seal.Date))))
	return s
}
