package catalogue_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/unicode/norm"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
)

// wrote writes what was read: "line id|name|english|area|unit|from|source".
func wrote(l catalogue.ProcedureList) string {
	var out []string
	for _, x := range l.Lines {
		out = append(out, fmt.Sprintf("%d %s|%s|%s|%s|%s|%s|%s", x.Line, x.ID, x.Name.VI, x.Name.EN, x.Area, x.Unit, x.From, x.Source))
	}
	return strings.Join(out, "\n")
}

func TestReadProcedures(t *testing.T) {
	const row = "2 1.012784|Tách thửa, hợp thửa|Splitting|dat-dai|dang-ky|2025-07-01|QĐ 2304"
	full := []string{"Mã TTHC", "Tên thủ tục", "Tên tiếng Anh", "Lĩnh vực", "Đơn vị", "Từ ngày", "Nguồn"}
	cells := []string{"1.012784", `"Tách thửa, hợp thửa"`, "Splitting", "Đất đai", "Văn phòng Đăng ký", "01/07/2025", "QĐ 2304"}
	file := func(separator string) string {
		return strings.Join(full, separator) + "\n" + strings.Join(cells, separator) + "\n"
	}
	for _, tt := range []struct{ name, file, want string }{
		{"semicolons", file(";"), row},
		{"commas", file(","), row},
		{"tabs", file("\t"), row},
		{"a byte order mark", "\ufeff" + file(";"), row},
		{"line ends of Windows", strings.ReplaceAll(file(";"), "\n", "\r\n"), row},
		{"no line end", strings.TrimSuffix(file(";"), "\n"), row},
		{"decomposed letters", norm.NFD.String(file(";")), row},
		{"English headings", "code,name,name (en),area,unit,from,source\n" + strings.Join(cells, ","), row},
		{"capitals without marks", "MA;TEN;TIENG ANH;LINH VUC;DON VI;TU NGAY;NGUON\n" + strings.Join(cells, ";"), row},
		{"ids", "mã;tên;lĩnh vực;đơn vị\n1.012784;Tách thửa;dat-dai;dang-ky\n", "2 1.012784|Tách thửa||dat-dai|dang-ky||"},
		{"a name that has changed since", "mã;tên;lĩnh vực\n1.012784;Tách thửa;Quản lý đất đai\n", "2 1.012784|Tách thửa||dat-dai|||"},
		{"other order, other columns", "STT;Lĩnh vực;Mức độ;Tên;Mã\n1;đất đai;toàn trình;Tách thửa;1.012784\n", "2 1.012784|Tách thửa||dat-dai|||"},
		{"a title above", "DANH MỤC;;\nnăm 2026;;\n\nmã;tên;lĩnh vực\n1.012784;Tách thửa;dat-dai\n", "5 1.012784|Tách thửa||dat-dai|||"},
		{"empty lines below", "mã;tên;lĩnh vực\n1.012784;Tách thửa;dat-dai\n;;\n \u00a0;;\n", "2 1.012784|Tách thửa||dat-dai|||"},
		{"a name of two lines", "mã;tên;lĩnh vực\n1.012784;\"Tách thửa\n  \"\"đất\"\"\";dat-dai\n1.012785;B;dat-dai\n",
			"2 1.012784|Tách thửa \"đất\"||dat-dai|||\n4 1.012785|B||dat-dai|||"},
		{"local codes", "mã;tên;lĩnh vực\n1.012784.H50;A;dat-dai\n1.012785.000.00.00.H50;B;dat-dai\n1.012786.000.00.00;C;dat-dai\n",
			"2 1.012784|A||dat-dai|||\n3 1.012785|B||dat-dai|||\n4 1.012786|C||dat-dai|||"},
		{"a slug", "mã;tên;lĩnh vực\ncap-phep-1;A;dat-dai\n", "2 cap-phep-1|A||dat-dai|||"},
		{"days", "mã;tên;lĩnh vực;từ ngày\n1.000001;A;dat-dai;2025-07-01\n1.000002;B;dat-dai;1/7/2025\n", "2 1.000001|A||dat-dai||2025-07-01|\n3 1.000002|B||dat-dai||2025-07-01|"},
		{"a short line", "mã;tên;lĩnh vực;nguồn\n1.000001;A;dat-dai\n", "2 1.000001|A||dat-dai|||"},

		{"nothing", "", "file headings"},
		{"no headings", "1.012784;A;dat-dai\n", "file headings"},
		{"headings too far down", strings.Repeat("x\n", 10) + "mã;tên;lĩnh vực\n", "file headings"},
		{"no column of areas", "mã;tên\n1.012784;A\n", "columns.area column"},
		{"headings alone", "mã;tên;lĩnh vực\n;;\n", "file empty"},
		{"an old encoding", "m\xe3;tên;lĩnh vực\n", "file utf8"},
		{"two bytes a letter", "\xff\xfem\x00\xe3\x00", "file utf8"},
		{"too much", "mã;tên;lĩnh vực\n" + strings.Repeat("x", 2<<20), "file large"},
		{"too many lines", "mã;tên;lĩnh vực\n" + manyLines(5001), "file lines"},
		{"everything missing", "mã;tên;lĩnh vực\n;;x\n1.000001;;\n", "2.code required, 2.name required, 2.area unknown, 3.name required, 3.area required"},
		{"bad values", "mã;tên;lĩnh vực;đơn vị;từ ngày;tên tiếng anh;nguồn\n1.01278;A;dat-dai;kho;31/2/2025;\x07;\x07\n",
			"2.code procedure, 2.unit unknown, 2.from date, 2.english text, 2.source text"},
		{"a code that became a number", "mã;tên;lĩnh vực\n1012784;A;dat-dai\n", "2.code procedure"},
		{"the same code twice", "mã;tên;lĩnh vực\n1.012784;A;dat-dai\n1.012784.H50;B;dat-dai\n", "3.code same_code"},
		{"quotes inside a cell", "mã;tên;lĩnh vực\n1.000001;A \"B\";dat-dai\n1.000002;C;x\n", "2 quotes, 3.area unknown"},
		{"quotes not closed", "mã;tên;lĩnh vực\n1.000001;\"A;dat-dai\n", "2 quotes"},
		{"a separator in a name", "mã,tên,lĩnh vực\n1.000001,Tách, hợp thửa,dat-dai\n", "2 cells"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l, err := build(t, example()).ReadProcedures(strings.NewReader(tt.file))
			got := wrote(l)
			if err != nil {
				got = fault.As(err).Fields.String()
			}
			if got != tt.want {
				t.Errorf("got  %.300s\nwant %s", got, tt.want)
			}
		})
	}
}

func manyLines(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "1.%06d;A;dat-dai\n", i)
	}
	return b.String()
}

func TestReadProceduresTakesAFullList(t *testing.T) {
	l, err := build(t, example()).ReadProcedures(strings.NewReader("mã;tên;lĩnh vực;ghi chú\n" + manyLines(5000)))
	if err != nil || len(l.Lines) != 5000 || !slices.Equal(l.Ignored, []string{"ghi chú"}) {
		t.Errorf("%d lines, ignored %v, %v", len(l.Lines), l.Ignored, err)
	}
}

// A name that two areas have had means neither of them.
func TestReadProceduresDoesNotGuess(t *testing.T) {
	rows := example()
	rows.Areas[1].Name = named("Đất đai")
	_, err := build(t, rows).ReadProcedures(strings.NewReader("mã;tên;lĩnh vực\n1.000001;A;Đất đai\n1.000002;A;đât-đai\n1.000003;A;moi-truong\n"))
	// "dat-dai" is an id, too, and an id is never in doubt.
	if err != nil {
		t.Errorf("%v", err)
	}
	rows.Areas[1].Name = named("Quản lý đất đai")
	_, err = build(t, rows).ReadProcedures(strings.NewReader("mã;tên;lĩnh vực\n1.000001;A;Quản lý đất đai\n"))
	if got := fault.As(err).Fields.String(); got != "2.area unknown" {
		t.Errorf("got %s", got)
	}
}

func TestReadProceduresPassesOnTheReadersError(t *testing.T) {
	_, err := build(t, example()).ReadProcedures(iotest.ErrReader(io.ErrUnexpectedEOF))
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
}

// FuzzReadProcedures: whatever the bytes, either they are refused, or each line
// is a procedure as the catalogue wants it, once.
func FuzzReadProcedures(f *testing.F) {
	for _, s := range []string{
		"mã;tên;lĩnh vực\n1.012784.H50;Tách thửa;Đất đai\n", "\ufeffcode,name,area,from\r\n1.000001,\"A, b\",dat-dai,1/7/2025\r\n",
		"x\n\nMÃ\tTÊN\tLĨNH VỰC\tNGUỒN\n1.000001\tA\tdat-dai\tQĐ 1\n;;\n", "mã;tên;lĩnh vực\n\"1.000001;\"A\n\";;\n", "\xff\xfe",
	} {
		f.Add([]byte(s))
	}
	c, err := catalogue.New(example())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := c.ReadProcedures(strings.NewReader(string(b)))
		if err != nil {
			if e := fault.As(err); e.Kind != fault.Invalid || len(l.Lines) > 0 {
				t.Fatalf("%d lines and %v", len(l.Lines), err)
			}
			return
		}
		ids := map[string]bool{}
		for _, x := range l.Lines {
			p := x.Procedure
			if ids[p.ID] {
				t.Fatalf("%s twice", p.ID)
			}
			ids[p.ID] = true
			if p.Name.EN == "" {
				p.Name.EN = p.Name.VI
			}
			if p.From == "" {
				p.From = "2026-01-01"
			}
			if p.Source == "" {
				p.Source = "x"
			}
			rows := catalogue.Rows{Procedures: []catalogue.Procedure{p}}
			if err := catalogue.Check(rows); err != nil {
				t.Fatalf("line %d: %+v: %v", x.Line, p, err)
			}
			if _, ok := c.Area(p.Area, "2026-01-01"); !ok {
				t.Fatalf("line %d: area %q", x.Line, p.Area)
			}
			if !norm.NFC.IsNormalString(p.Name.VI) {
				t.Fatalf("line %d: %q", x.Line, p.Name.VI)
			}
		}
	})
}

// What is written is read back, and imports without a change.
func TestWriteProcedures(t *testing.T) {
	s := stockedWith(t)
	merge(t, s, catalogue.Rows{
		Areas: []catalogue.Area{{ID: "dat-dai-hai", Name: named("Đất đai"), Validity: always("2025-07-01")}},
		Procedures: []catalogue.Procedure{
			{ID: "1.000300", Name: named(`Cấp "mới"; đổi, lại`), Area: "dat-dai-hai", Validity: always("2025-07-01")},
			{ID: "1.000301", Name: named(`=HYPERLINK("x")`), Area: "dat-dai-hai", Validity: always("2025-07-01")},
		},
	})
	var out strings.Builder
	if err := load(t, s).WriteProcedures(&out, today); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(out.String(), "\ufeffMã;Tên thủ tục;") || strings.Contains(out.String(), "vi-du") || !strings.Contains(out.String(), `"'=HYPER`) {
		t.Errorf("%s", out.String())
	}
	im, err := s.PreviewProcedures(t.Context(), readList(t, s, out.String()), catalogue.ImportTerms{From: today}, today)
	if err != nil || len(im.Unchanged) != 4 || len(im.Added)+len(im.Changed)+len(im.Absent) > 0 {
		t.Errorf("%s\n%v\n%s", outline(im), err, out.String())
	}
}
