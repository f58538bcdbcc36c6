package api_test

import (
	"testing"

	"sipas/api"
	"sipas/internal/improve"
	"sipas/internal/report"
)

// TestReportNamesTheTasks: beside a weak criterion stands what is open for it or
// its factor, in the area of the report; and a check does not depend on it.
func TestReportNamesTheTasks(t *testing.T) {
	o, segments := sealedOffice(t)
	o.task(func(x *improve.Task) { x.Area, x.Factor, x.What = "xay-dung", "I", "Thêm ghế ngồi chờ" })
	o.task(func(x *improve.Task) { x.Area, x.Factor, x.What = "moi-truong", "I", "Việc của nơi khác" })
	o.task(func(x *improve.Task) { x.Factor, x.What, x.Status = "I", "Đã làm xong", improve.Done })
	r := o.reporter(segments)
	land := june
	land.Filters = append(land.Filters, report.Filter{Dimension: "area", Values: []string{"xay-dung"}})
	made, err := r.Report(t.Context(), land)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, s := range made.Sections {
		for _, b := range s.Blocks {
			if b.Table != nil && b.Table.ID == "tasks" {
				for _, row := range b.Table.Rows {
					found[row.Key] = row.Cells[1].Text + "|" + row.Cells[2].Text + "|" + row.Cells[3].Text
				}
			}
		}
	}
	if found["15"] != "Thêm ghế ngồi chờ|Văn phòng Sở|14/08/2026" || found["28"] != "||" {
		t.Errorf("the tasks are %q", found)
	}
	files := map[string][]byte{}
	for _, format := range api.ReportFormats {
		files[format] = written(t, r, format, land)
	}
	o.task(func(x *improve.Task) { x.Factor, x.What = "I", "Thêm bảng chỉ dẫn" })
	for format, file := range files {
		if c, err := r.Check(t.Context(), file); err != nil || c.Difference != nil {
			t.Errorf("%s with another task: %+v, %v", format, c.Difference, err)
		}
	}
}
