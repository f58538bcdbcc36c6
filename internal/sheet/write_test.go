package sheet_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"sipas/internal/sheet"
)

// sample has a cell of each kind, and what a spreadsheet would take for a formula.
func sample() [][]sheet.Cell {
	return [][]sheet.Cell{
		{sheet.Text("dat-dai"), sheet.Number(4), sheet.Day("2026-06-30", 20634), sheet.Text("")},
		{sheet.Text("=1+1"), sheet.Number(-5), sheet.Decimal(88.125), sheet.Text("hai\ndòng, \"ngoặc\"")},
		{sheet.Text("+84 912"), sheet.Text("-x"), sheet.Text("@y"), sheet.Text("\tz")},
	}
}

func TestCSV(t *testing.T) {
	var out bytes.Buffer
	w := sheet.NewCSV(&out, ',')
	if err := w.WriteTexts("khu vực", "=sum"); err != nil {
		t.Fatal(err)
	}
	for _, row := range sample() {
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if out.Len() > 0 {
		t.Error("something was written before it was flushed")
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	const want = "\ufeffkhu vực,'=sum\r\n" +
		"dat-dai,4,2026-06-30,\r\n" +
		"'=1+1,-5,88.125,\"hai\r\ndòng, \"\"ngoặc\"\"\"\r\n" +
		"'+84 912,'-x,'@y,'\tz\r\n"
	if out.String() != want {
		t.Errorf("%q\nwant %q", out.String(), want)
	}
}

func FuzzDefused(f *testing.F) {
	for _, s := range []string{"", "=1", "'=1", "''", "\r", "-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d := sheet.Defused(s)
		if d != "" && strings.ContainsRune("=+-@\t\r", rune(d[0])) {
			t.Errorf("%q is a formula", d)
		}
		if strings.HasPrefix(s, "'") {
			return // typed so: whoever reads it back cannot tell
		}
		if back := sheet.Plain(d); back != s {
			t.Errorf("%q came back as %q", s, back)
		}
	})
}

// rewritten returns a file as Excel would read it.
func rewritten(t *testing.T, x *sheet.Excel) *excelize.File {
	t.Helper()
	var out bytes.Buffer
	if err := x.WriteFile(&out); err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func newExcel(t *testing.T) *sheet.Excel {
	t.Helper()
	x, err := sheet.NewExcel()
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestExcel(t *testing.T) {
	x := newExcel(t)
	headings := []sheet.Heading{{Text: "Lĩnh vực", Width: 20}, {Text: "Mức"}, {Text: "Ngày"}, {Text: "Lời"}}
	if err := x.Table("Phiếu", headings); err != nil {
		t.Fatal(err)
	}
	for _, row := range sample() {
		if err := x.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Table("Giải mã", headings[:1]); err != nil {
		t.Fatal(err)
	}
	f := rewritten(t, x)
	if got := fmt.Sprint(f.GetSheetList()); got != "[Phiếu Giải mã]" {
		t.Errorf("sheets %s", got)
	}
	rows, err := f.GetRows("Phiếu")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprintf("%q", rows), `[["Lĩnh vực" "Mức" "Ngày" "Lời"] ["dat-dai" "4" "30/06/2026"] ["=1+1" "-5" "88.125" "hai\ndòng, \"ngoặc\""] ["+84 912" "-x" "@y" "\tz"]]`; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	for cell, want := range map[string]excelize.CellType{"A3": excelize.CellTypeInlineString, "B2": excelize.CellTypeUnset, "C2": excelize.CellTypeUnset} {
		if got, err := f.GetCellType("Phiếu", cell); err != nil || got != want {
			t.Errorf("%s is of type %d, %v; want %d (unset is a number)", cell, got, err, want)
		}
		if formula, err := f.GetCellFormula("Phiếu", cell); err != nil || formula != "" {
			t.Errorf("%s has the formula %q, %v", cell, formula, err)
		}
	}
	panes, err := f.GetPanes("Phiếu")
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("the headings do not stay: %+v, %v", panes, err)
	}
	layout, err := f.GetPageLayout("Phiếu")
	if err != nil || *layout.Orientation != "landscape" || *layout.Size != 9 || *layout.FitToWidth != 1 {
		t.Errorf("printed as %+v, %v", layout, err)
	}
	titles := f.GetDefinedName()
	if len(titles) != 2 || titles[0].RefersTo != "'Phiếu'!$1:$1" {
		t.Errorf("printed without headings: %+v", titles)
	}
}

// TestExcelGoesOn: what is more than a sheet has rows stands in the next one.
func TestExcelGoesOn(t *testing.T) {
	x := newExcel(t)
	x.LimitRows(4)
	if err := x.Table("Phiếu", []sheet.Heading{{Text: "Số"}}); err != nil {
		t.Fatal(err)
	}
	for i := range 7 {
		if err := x.Write([]sheet.Cell{sheet.Number(i)}); err != nil {
			t.Fatal(err)
		}
	}
	f := rewritten(t, x)
	got := ""
	for _, name := range f.GetSheetList() {
		rows, err := f.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		got += fmt.Sprint(name, rows, " ")
	}
	if want := "Phiếu[[Số] [0] [1] [2]] Phiếu (2)[[Số] [3] [4] [5]] Phiếu (3)[[Số] [6]] "; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// TestCSVIsReadBack by a reader of the standard.
func TestCSVIsReadBack(t *testing.T) {
	var out bytes.Buffer
	w := sheet.NewCSV(&out, ';')
	if err := w.WriteTexts("a;b", "c\"d"); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\ufeff")))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil || fmt.Sprintf("%q", rows) != `[["a;b" "c\"d"]]` {
		t.Errorf("%q, %v", rows, err)
	}
}
