package dossier_test

import (
	"fmt"
	"strings"
	"testing"

	"sipas/internal/catalogue"
	"sipas/internal/dossier"
	"sipas/internal/fault"
	"sipas/internal/sheet"
	"sipas/seeds"
)

const today = catalogue.Date("2026-06-30")

func shipped(t testing.TB) *catalogue.Catalogue {
	t.Helper()
	d, err := seeds.Load()
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalogue.New(d.Rows)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const head = "Mã hồ sơ;Mã TTHC;Nơi tiếp nhận;Đơn vị xử lý;Ngày tiếp nhận;Ngày hẹn trả;Ngày trả kết quả;Kết quả giải quyết;Ngày xin lỗi;Họ tên người nộp\n"

// source reads a list in memory, by a guessed mapping.
func source(t testing.TB, file string) (dossier.Source, dossier.Columns) {
	t.Helper()
	open := func() (*sheet.Sheet, error) { return sheet.Open([]byte(file), dossier.KnownHeadings) }
	s, err := open()
	if err != nil {
		t.Fatal(err)
	}
	m := dossier.Guess(s.Headings)
	return dossier.FromSheet(open, m, shipped(t), today), m.Columns()
}

// said writes what became of each line.
func said(t testing.TB, file string) string {
	src, _ := source(t, file)
	var out []string
	err := src(func(line int, d dossier.Dossier, bad fault.Fields) error {
		if len(bad) > 0 {
			out = append(out, fmt.Sprintf("%d: %s", line, bad))
			return nil
		}
		out = append(out, strings.TrimSpace(fmt.Sprintf("%d %s %s %s %s %s %s %s %s %s %s", line, d.Code, d.Procedure, d.Area, d.Desk, d.Unit, d.ReceivedOn, d.DueOn, d.ReturnedOn, d.Outcome, d.ApologyOn)))
		return nil
	})
	if err != nil {
		out = append(out, fault.As(err).Fields.String())
	}
	return strings.Join(out, "; ")
}

func TestLinesOfAList(t *testing.T) {
	for _, tt := range []struct{ name, lines, want string }{
		{"everything said", "000.16.H50-260101-0001;1.012784;quay-dat-dai;van-phong-dang-ky-dat-dai;01/06/2026;2026-06-20;46202;Đã trả kết quả;;Nguyễn Văn A",
			"2 000.16.H50-260101-0001 1.012784 dat-dai quay-dat-dai van-phong-dang-ky-dat-dai 2026-06-01 2026-06-20 2026-06-29 granted"},
		{"names instead of ids, a local code, small letters, spaces and times", " h50-1 ;1.012784.000.00.00.H50;;Văn phòng Đăng ký đất đai tỉnh;1/6/2026 08:15;20/6/2026 17:00;;;;",
			"2 H50-1 1.012784 dat-dai  van-phong-dang-ky-dat-dai 2026-06-01 2026-06-20"},
		{"the procedure's code before its name", "H1;1.012784 - Tách thửa hoặc hợp thửa đất;;;1/6/2026;20/6/2026;;;;", "2 H1 1.012784 dat-dai  van-phong-dang-ky-dat-dai 2026-06-01 2026-06-20"},
		{"still running, in words", "H1;1.012784;;;1/6/2026;20/6/2026;;Đang xử lý;;", "2 H1 1.012784 dat-dai  van-phong-dang-ky-dat-dai 2026-06-01 2026-06-20"},
		{"nothing said", ";;;;;;;;;Nguyễn Văn A", "2: code dossier_blank, receivedOn dossier_blank, dueOn dossier_blank, procedure dossier_blank"},
		{"a code with other signs", "H1/2;1.012784;;;1/6/2026;20/6/2026;;;;", "2: code dossier_code"},
		{"the same code twice", "H1;1.012784;;;1/6/2026;20/6/2026;;;;\nh1;1.012784;;;1/6/2026;20/6/2026;;;;",
			"2 H1 1.012784 dat-dai  van-phong-dang-ky-dat-dai 2026-06-01 2026-06-20; 3: code same_code"},
		{"a procedure that nobody knows, and one that a spreadsheet has spoilt", "H1;9.999999;;;1/6/2026;20/6/2026;;;;\nH2;1.01278;;;1/6/2026;20/6/2026;;;;",
			"2: procedure dossier_procedure; 3: procedure dossier_procedure"},
		{"a desk and a unit that nobody knows", "H1;1.012784;kho;kho;1/6/2026;20/6/2026;;;;", "2: desk unknown, unit unknown"},
		{"days that are none", "H1;1.012784;;;31/2/2026;06/31/2026;hôm qua;;?;", "2: receivedOn dossier_day, dueOn dossier_day, returnedOn dossier_day, apologyOn dossier_day"},
		{"returned before it was received", "H1;1.012784;;;10/6/2026;20/6/2026;9/6/2026;;;", "2: returnedOn dossier_before"},
		{"a day of receipt that is none", "H1;1.012784;;;32/11/2026;9/6/2026;;;;", "2: receivedOn dossier_day"},
		{"due before it was received", "H1;1.012784;;;10/6/2026;9/6/2026;;;;", "2: dueOn dossier_before"},
		{"days to come", "H1;1.012784;;;1/7/2026;20/7/2026;1/7/2026;;1/7/2026;", "2: receivedOn future, returnedOn future, apologyOn future"},
		{"due in future is no mistake", "H1;1.012784;;;1/6/2026;20/7/2026;;;;", "2 H1 1.012784 dat-dai  van-phong-dang-ky-dat-dai 2026-06-01 2026-07-20"},
		{"an outcome without a day of return", "H1;1.012784;;;1/6/2026;20/6/2026;;Từ chối;;", "2: returnedOn dossier_open"},
		{"withdrawn", "H1;1.012784;;;1/6/2026;20/6/2026;;Công dân rút hồ sơ;;", "2 H1 1.012784 dat-dai  van-phong-dang-ky-dat-dai 2026-06-01 2026-06-20  withdrawn"},
		{"an outcome in other words", "H1;1.012784;;;1/6/2026;20/6/2026;21/6/2026;Xong;;", "2: outcome dossier_outcome"},
		{"a formula", "=A1;1.012784;;;1/6/2026;=F1;;;;", "2: code dossier_formula, dueOn dossier_formula"},
		{"a quotation mark", "H\"1;1.012784;;;1/6/2026;20/6/2026;;;;\nH2;1.012784;;;1/6/2026;20/6/2026;;;;", "2:  quotes; 3 H2 1.012784 dat-dai  van-phong-dang-ky-dat-dai 2026-06-01 2026-06-20"},
		{"nothing below the headings", ";;;;;;;;;", "file sheet_empty"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := said(t, head+tt.lines+"\n"); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestHeadings(t *testing.T) {
	for _, tt := range []struct {
		name, headings string
		want           dossier.Mapping
	}{
		{"Vietnamese", "STT;Số hồ sơ;Tên TTHC;Ngày nhận;HẠN TRẢ;Chủ hồ sơ", dossier.Mapping{"code": 1, "procedure": 2, "receivedOn": 3, "dueOn": 4}},
		{"English, as the contract has them", "code;procedure;desk;unit;received;due;returned;outcome;apology",
			dossier.Mapping{"code": 0, "procedure": 1, "desk": 2, "unit": 3, "receivedOn": 4, "dueOn": 5, "returnedOn": 6, "outcome": 7, "apologyOn": 8}},
		{"twice: the first", "Mã hồ sơ;code", dossier.Mapping{"code": 0}},
		{"others", "x;y", dossier.Mapping{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := dossier.Guess(strings.Split(tt.headings, ";")); fmt.Sprint(got) != fmt.Sprint(tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
	if src, _ := source(t, "Mã hồ sơ;Ngày nhận\nH1;1/6/2026\n"); fault.As(src(nil)).Fields.String() != "columns.procedure column, columns.dueOn column" {
		t.Error("columns that are missing are not named")
	}
}

func TestContextOfAnAnswer(t *testing.T) {
	d := func(due, returned catalogue.Date, outcome string) dossier.Dossier {
		return dossier.Dossier{ReceivedOn: "2026-06-01", DueOn: due, ReturnedOn: returned, Outcome: outcome}
	}
	for _, tt := range []struct {
		name  string
		d     dossier.Dossier
		stage string
		want  string
	}{
		{"not due yet", d("2026-07-10", "", ""), "receipt", "receipt  "},
		{"overdue", d("2026-06-10", "", ""), "supplement", "supplement  yes"},
		{"returned in time, answered with the receipt's slip", d("2026-06-10", "2026-06-10", "granted"), "receipt", "result granted no"},
		{"refused late", d("2026-06-10", "2026-06-11", "refused"), "receipt", "refusal refused yes"},
		{"withdrawn", d("2026-06-10", "", "withdrawn"), "receipt", "receipt withdrawn "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			stage, outcome, late := tt.d.Context(tt.stage, today)
			if got := stage + " " + outcome + " " + late; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// FuzzLine: whatever stands in the cells, a line is refused or makes a dossier
// that can be stored and found.
func FuzzLine(f *testing.F) {
	c := shipped(f)
	f.Add("H1", "1.012784", "1/6/2026", "46202", "", "Đã trả")
	f.Add("=1", "Tách thửa", "2026-06-01", "20/6/2026 8:00", "99999", "?")
	f.Fuzz(func(t *testing.T, code, procedure, received, due, returned, outcome string) {
		values := map[dossier.Column]string{"code": code, "procedure": procedure, "receivedOn": received, "dueOn": due, "returnedOn": returned, "outcome": outcome}
		src := dossier.FromItems(func(yield func(dossier.Item) error) error { return yield(dossier.Item{Values: values}) }, dossier.Columns{"returnedOn": true}, c, today)
		_ = src(func(_ int, d dossier.Dossier, bad fault.Fields) error {
			if len(bad) > 0 {
				return nil
			}
			if d.Code != dossier.CleanCode(d.Code) || d.Area == "" || !d.ReceivedOn.Valid() || !d.DueOn.Valid() || d.ReturnedOn != "" && d.ReturnedOn < d.ReceivedOn {
				t.Fatalf("%+v", d)
			}
			return nil
		})
	})
}
