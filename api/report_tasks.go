package api

import (
	"slices"
	"strings"

	"sipas/internal/improve"
	"sipas/internal/report"
	"sipas/survey"
)

// taskSection is what is to be done about the weak criteria: the improvement
// tasks that are open for them. What is empty is for who signs to write; a check
// of the report looks at none of it.
func (w reportWords) taskSection() report.Section {
	s := report.Section{Heading: w.t("report.tasks")}
	weak := w.weak()
	if len(weak) == 0 {
		return s
	}
	table := &report.Table{ID: "tasks", Name: w.t("report.tasks.sheet"), Caption: w.t("report.tasks.table"), Columns: []report.Column{
		{ID: "name", Text: w.t("report.criteria.name"), Width: 55},
		{ID: "task", Text: w.t("report.h.task"), Kind: report.Open, Width: 60},
		{ID: "unit", Text: w.t("report.h.lead"), Kind: report.Open, Width: 28},
		{ID: "until", Text: w.t("report.h.until"), Kind: report.Open, Width: 22},
	}}
	for _, p := range weak {
		row := report.Row{Key: p.Criterion, Cells: []report.Cell{{Text: w.criterion(p.Criterion)}, {}, {}, {}}}
		for i, text := range w.tasksFor(p.Criterion) {
			row.Cells[1+i].Text = text
		}
		table.Rows = append(table.Rows, row)
	}
	s.Blocks = append(s.Blocks, report.Block{Table: table})
	return s
}

// tasksFor writes the open tasks for a criterion or its factor, in the areas that
// are reported on: what is to be done, by whom, until when.
func (w reportWords) tasksFor(criterion string) (cells [3]string) {
	var what, who, until []string
	for _, t := range w.tasks {
		if t.Status != improve.Open || !w.concerns(t, criterion) {
			continue
		}
		what = append(what, t.What)
		who = append(who, w.valueName("unit", t.Unit, w.lang, w.period.To))
		until = append(until, dayText(w.lang, t.Due))
	}
	return [3]string{strings.Join(what, "; "), strings.Join(slices.Compact(who), "; "), strings.Join(until, "; ")}
}

// concerns says whether a task is for the criterion, in an area of the report.
func (w reportWords) concerns(t *improve.Task, criterion string) bool {
	for _, f := range w.question.Filters {
		if f.Dimension == "area" && t.Area != "" && !slices.Contains(f.Values, t.Area) {
			return false
		}
	}
	if t.Criterion != "" {
		return t.Criterion == criterion
	}
	return t.Factor != "" && slices.ContainsFunc(w.survey.Questionnaires(), func(q *survey.Questionnaire) bool {
		return slices.ContainsFunc(q.Factors, func(f survey.Factor) bool {
			return f.ID == t.Factor && slices.ContainsFunc(f.Criteria, func(c survey.Criterion) bool { return c.ID == criterion })
		})
	})
}
