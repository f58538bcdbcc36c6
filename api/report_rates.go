package api

import (
	"slices"
	"strconv"
	"strings"

	"sipas/internal/report"
	"sipas/survey"
	"sipas/web"
)

// rateColumns are those of every table of rates.
func (w reportWords) rateColumns(name string) []report.Column {
	list := []report.Column{
		{ID: "name", Text: name, Width: 32},
		{ID: "responses", Text: w.t("report.h.responses"), Kind: report.Count, Width: 17},
		{ID: "rate", Text: w.t("report.h.rate"), Kind: report.Rate, Width: 15},
		{ID: "low", Text: w.t("report.h.low"), Kind: report.Rate, Width: 14},
		{ID: "high", Text: w.t("report.h.high"), Kind: report.Rate, Width: 14},
		{ID: "target", Text: w.t("report.h.target"), Kind: report.Rate, Width: 14},
		{ID: "verdict", Text: w.t("report.h.verdict"), Kind: report.Code, Width: 22},
	}
	if w.compared {
		list = append(list, report.Column{ID: "change", Text: w.t("report.h.change"), Kind: report.Points, Width: 15},
			report.Column{ID: "meaning", Text: w.t("report.h.meaning"), Kind: report.Code, Width: 22})
	}
	return list
}

// rateTable has a row for each group, and one for all of them.
func (w reportWords) rateTable(id string, x rated, name func(key []string) string) *report.Table {
	columns, count := w.rateColumns(w.t("report."+id+".name")), func(s survey.Sums) int64 { return s.Responses }
	if x.by == "factor" || x.by == "criterion" { // everybody was asked, but not everybody answered
		columns[1].Text, count = w.t("report.h.answers"), func(s survey.Sums) int64 { return s.Respondents }
	}
	table := &report.Table{ID: id, Name: w.t("report." + id + ".sheet"), Caption: w.t("report." + id + ".table"), Columns: columns}
	for _, g := range x.now.Groups {
		table.Rows = append(table.Rows, w.rateRow(rowKey(g.Key), name(g.Key), count(g.Sums), g, find(x.before.Groups, g.Key)))
	}
	whole := w.rateRow("all", w.t("group.all"), count(x.now.Overall.Sums), x.now.Overall, &x.before.Overall)
	whole.Total = true
	table.Rows = append(table.Rows, whole)
	return table
}

// rowKey names a group within its table.
func rowKey(key []string) string {
	list := slices.Clone(key)
	for i := range list {
		if list[i] == "" {
			list[i] = "-"
		}
	}
	return strings.Join(list, "+")
}

func (w reportWords) rateRow(key, name string, n int64, g survey.Group, before *survey.Group) report.Row {
	f := g.Pooled
	row := report.Row{Key: key, Cells: []report.Cell{{Text: name}, w.count(int(n))}}
	row.Cells = append(row.Cells, w.figure(f)...)
	row.Cells = append(row.Cells, w.verdict(f))
	if w.compared {
		change, meaning := moved(g, before)
		points := report.None
		if meaning != movedUnknown {
			points = report.Figure(signedText(w.lang, change.Points), change.Points)
		}
		row.Cells = append(row.Cells, points, report.Cell{Text: w.t("report.meaning." + meaning), Code: meaning})
	}
	return row
}

// figure is a rate with its interval and target.
func (w reportWords) figure(f survey.Figure) []report.Cell {
	target := report.None
	if f.Target > 0 {
		target = report.Figure(bare(web.Percent(w.lang, int(f.Target))), float64(f.Target)/100)
	}
	if f.Answered == 0 {
		return []report.Cell{report.None, report.None, report.None, target}
	}
	return []report.Cell{
		report.Figure(bare(web.Percent(w.lang, int(survey.Rounded(f.Satisfied, f.Answered)))), f.Rate),
		report.Figure(bare(percentText(w.lang, f.Low)), f.Low), report.Figure(bare(percentText(w.lang, f.High)), f.High), target,
	}
}

func (w reportWords) verdict(f survey.Figure) report.Cell {
	switch {
	case f.Answered == 0:
		return report.Cell{Text: w.t("verdict.none.name"), Code: "none"}
	case f.Target == 0:
		return report.None
	}
	return report.Cell{Text: w.t("verdict." + string(f.Verdict) + ".name"), Code: string(f.Verdict)}
}

func (w reportWords) count(n int) report.Cell {
	return report.Figure(web.Number(w.lang, n), float64(n))
}

// share is a part in per cent; none of nothing.
func (w reportWords) share(part, whole int) report.Cell {
	if whole == 0 {
		return report.None
	}
	return report.Figure(bare(web.PercentOf(w.lang, part, whole)), 100*float64(part)/float64(whole))
}

// bare is a percentage without its sign, which the heading has.
func bare(text string) string { return strings.TrimSuffix(text, "\u00a0%") }

func (w reportWords) areaSection() report.Section {
	s := report.Section{Heading: w.t("report.areas")}
	if w.areas.now.Overall.Sums.Responses == 0 {
		return s
	}
	name := func(key []string) string { return w.nameWithNote("area", key[0]) }
	s.Blocks = append([]report.Block{{Table: w.rateTable("areas", w.areas, name)}}, w.leftOut(w.areas.now)...)
	for _, note := range w.areaNotes(name) {
		s.Blocks = append(s.Blocks, report.Note(note))
	}
	s.Blocks = append(s.Blocks, report.Block{Table: w.ratingTable(name)})
	return s
}

// areaNotes name the areas that more responses would settle, and those that
// reach the target by the plain rate alone.
func (w reportWords) areaNotes(name func([]string) string) (notes []string) {
	var needed, plain []string
	for _, g := range w.areas.now.Groups {
		f := g.Pooled
		if f.Answered > 0 && f.Needed > 0 {
			needed = append(needed, w.t("report.areas.needs", name(g.Key), web.Number(w.lang, int(f.Needed))))
		}
		if f.Answered > 0 && f.Met && f.Verdict != survey.VerdictMet {
			plain = append(plain, name(g.Key))
		}
	}
	if needed != nil {
		notes = append(notes, w.t("report.areas.needed", strings.Join(needed, "; ")))
	}
	if plain != nil {
		notes = append(notes, w.t("report.areas.plain", strings.Join(plain, ", ")))
	}
	return notes
}

// ratingTable is the second reading: the overall rating alone.
func (w reportWords) ratingTable(name func([]string) string) *report.Table {
	columns := slices.Clone(w.rateColumns(w.t("report.areas.name"))[:7])
	columns[1].Text = w.t("report.h.answers")
	table := &report.Table{ID: "rating", Name: w.t("report.rating.sheet"), Caption: w.t("report.rating.table"), Columns: columns}
	row := func(key, name string, g survey.Group) report.Row {
		cells := []report.Cell{{Text: name}, w.count(int(g.Overall.Answered))}
		cells = append(append(cells, w.figure(g.Overall)...), w.verdict(g.Overall))
		return report.Row{Key: key, Cells: cells}
	}
	for _, g := range w.areas.now.Groups {
		table.Rows = append(table.Rows, row(rowKey(g.Key), name(g.Key), g))
	}
	whole := row("all", w.t("group.all"), w.areas.now.Overall)
	whole.Total = true
	table.Rows = append(table.Rows, whole)
	return table
}

func (w reportWords) factorSection() report.Section {
	return w.rateSection("factors", w.factors, func(key []string) string {
		return w.t("report.numbered", key[0], w.nameWithin(w.lang, "factor", key[0], w.period))
	})
}

func (w reportWords) criterionSection() report.Section {
	return w.rateSection("criteria", w.criteria, func(key []string) string {
		return w.t("report.numbered", key[0], w.nameWithin(w.lang, "criterion", key[0], w.period))
	})
}

// askedSection has the groups that the question asks for, unless another table
// has them.
func (w reportWords) askedSection() report.Section {
	by := w.question.By
	if len(by) == 0 || len(by) == 1 && slices.Contains([]string{"area", "factor", "criterion", "channel"}, by[0]) {
		return report.Section{}
	}
	return w.rateSection("asked", w.asked, func(key []string) string {
		var parts []string
		for i, value := range key {
			parts = append(parts, w.nameWithNote(by[i], value))
		}
		return strings.Join(parts, " · ")
	})
}

func (w reportWords) rateSection(id string, x rated, name func([]string) string) report.Section {
	s := report.Section{Heading: w.t("report." + id)}
	if len(x.now.Groups) > 0 {
		s.Blocks = append([]report.Block{{Table: w.rateTable(id, x, name)}}, w.leftOut(x.now)...)
	}
	return s
}

// leftOut says below a table how many groups of few people are not in it.
func (w reportWords) leftOut(sum survey.Summary) []report.Block {
	if sum.Suppressed == 0 {
		return nil
	}
	return []report.Block{report.Note(w.t("stats.foot.suppressed", sum.Suppressed, survey.MinCell))}
}

// pullsShown is how many criteria are named as those to begin with.
const pullsShown = 5

func (w reportWords) pullSection() report.Section {
	s := report.Section{Heading: w.t("report.pulls")}
	if len(w.pulls) == 0 {
		return s
	}
	finding := w.t("stats.pulls.unproven") + "."
	if weak := w.weak(); len(weak) > 0 {
		finding = w.t("report.pulls.weak", strconv.Itoa(len(weak)))
	}
	table := &report.Table{ID: "pulls", Name: w.t("report.pulls.sheet"), Caption: w.t("report.pulls.table"), Columns: []report.Column{
		{ID: "name", Text: w.t("report.criteria.name"), Width: 60},
		{ID: "answers", Text: w.t("report.h.answers"), Kind: report.Count, Width: 16},
		{ID: "rate", Text: w.t("report.h.rate"), Kind: report.Rate, Width: 16},
		{ID: "gain", Text: w.t("report.h.gain"), Kind: report.Points, Width: 20},
		{ID: "relation", Text: w.t("report.h.relation"), Kind: report.Points, Width: 24},
		{ID: "verdict", Text: w.t("report.h.verdict"), Kind: report.Code, Width: 25},
	}}
	for _, p := range w.pulls[:min(pullsShown, len(w.pulls))] {
		relation := report.None
		if p.Related {
			relation = report.Figure(signedText(w.lang, p.Relation.Points), p.Relation.Points)
		}
		table.Rows = append(table.Rows, report.Row{Key: p.Criterion, Cells: []report.Cell{
			{Text: w.criterion(p.Criterion)}, w.count(int(p.Figure.Answered)), w.figure(p.Figure)[0],
			report.Figure(signedText(w.lang, p.Gain), p.Gain), relation, w.verdict(p.Figure),
		}})
	}
	s.Blocks = append(s.Blocks, report.Text(finding), report.Block{Table: table}, report.Note(w.t("report.pulls.note")))
	return s
}

// weak are the criteria that hold the rate down beyond chance.
func (w reportWords) weak() (list []survey.Pull) {
	for _, p := range w.pulls {
		if p.Weak() {
			list = append(list, p)
		}
	}
	return list
}

func (w reportWords) criterion(id string) string {
	return w.t("report.numbered", id, w.nameWithin(w.lang, "criterion", id, w.period))
}

// nameWithNote is a name, in brackets behind it what has to be known of it.
func (w reportWords) nameWithNote(dimension, value string) string {
	name, note := w.nameAndNote(w.lang, dimension, value, w.period)
	if note != "" {
		name += " (" + note + ")"
	}
	return name
}
