package api

import "sipas/internal/report"

// taskSection is where it says what is to be done about the weak criteria. Who
// signs writes it.
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
		table.Rows = append(table.Rows, report.Row{Key: p.Criterion, Cells: []report.Cell{{Text: w.criterion(p.Criterion)}, {}, {}, {}}})
	}
	s.Blocks = append(s.Blocks, report.Block{Table: table})
	return s
}
